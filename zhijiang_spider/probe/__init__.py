"""A first look at a site without a profile: ``diagnosis.probe`` looks, ``diagnosis.draft`` writes a profile."""
