"""A first look at a site without a profile."""
