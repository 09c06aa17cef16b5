"""What is wrong with a profile; here, for every command catches it and few read a profile."""


class SiteError(ValueError):
    """A profile that cannot be used: names the file, the key and the reason in one line."""
