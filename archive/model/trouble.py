"""What is wrong with a site's archive, as data: for the record, the mail, ``status`` and the reading room."""

from enum import StrEnum
from typing import Self


class TroubleKind(StrEnum):
    """What goes wrong."""

    ARCHIVE = "archive"
    """The archive file cannot be written."""
    BLOCKED = "blocked"
    """The site refuses the crawl."""
    CUT_SHORT = "cut short"
    """The crawl ended before its work did."""
    SITE = "site"
    """No list page could be read."""
    LIST = "list"
    """A list page could not be fetched or read."""
    UNREAD = "unread"
    """A list page was read in part."""
    SECTION = "section"
    """A section is missing, is one too many, or lies elsewhere."""
    ARTICLE = "article"
    """An article could not be fetched or read."""
    GIVEN_UP = "given up"
    """An article failed in so many crawls that the next ones do not ask for it."""
    ABSENT = "absent"
    """So many articles are missing that it is the site."""
    SHORT = "short"
    """What the lists show and say is not what the archive holds."""
    SAME = "same"
    """The site shows one page, title or text for many articles."""
    RENUMBERED = "renumbered"
    """Articles came again under other identities."""
    DRIFT = "drift"
    """A field is found less often than before, or is odd."""
    QUIET = "quiet"
    """Nothing new, or no complete crawl, for a long time."""
    CLOCK = "clock"
    """The clock of this machine was, or is, wrong."""
    EVIDENCE = "evidence"
    """Files that hold captures are missing or too short."""
    PROGRAM = "program"
    """An error inside the program."""


class Trouble(str):
    """One thing that is wrong: a sentence or two, with an address and its capture where there is one, and what to do.

    A sentence that knows what it is about.  Its numbers change from night to night; what it is about does not.
    """

    kind: TroubleKind
    about: tuple[str, ...]
    """Addresses, keys or slugs, by which it is known again in the next crawl; ("",): the whole site."""

    def __new__(cls, kind: TroubleKind, said: str, about: tuple[str, ...] = ("",)) -> Self:
        """Make a sentence of a kind."""
        trouble = super().__new__(cls, said)
        trouble.kind, trouble.about = kind, about or ("",)
        return trouble

    def __getnewargs__(self) -> tuple[TroubleKind, str, tuple[str, ...]]:  # type: ignore[override]  # to be copied
        return self.kind, str(self), self.about


SAID_ONCE = "  This is said once; status goes on to "
"""How the last sentence begins of a trouble that a mail tells once: no word of ``status`` itself."""


def without_said_once(said: str) -> str:
    """Return a trouble as ``status`` tells it."""
    return said.partition(SAID_ONCE)[0]
