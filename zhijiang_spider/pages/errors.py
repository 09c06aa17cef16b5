"""What extraction raises."""


class LayoutChanged(Exception):
    """A page lacks what every page of its kind has: its layout is not the one this program can read.

    The message names what is missing and the address, so that an operator can look at the page.
    """

    def __init__(self, missing: str, url: str) -> None:
        super().__init__(f"{missing}: {url}" if url else missing)
        self.missing = missing
        self.url = url


class ListUnread(LayoutChanged):
    """A page is a list, as its reader tells, and nothing of it could be read."""
