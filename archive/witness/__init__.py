"""What stands outside the archive: the token of a time-stamp authority, and the page that a stranger checks."""
