"""The line by which a head is told: for a mail, a group chat, a printout; and a head found again in what was kept."""

import re

from archive.seal.heads import Seal
from archive.times import local_time

HASHES = ("sha256", "sm3")
"""Hashes of a head that an authority can stamp, as OpenSSL calls them; SM3 is GB/T 32905."""

_HEAD = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{8}(?:[\s-]+[0-9a-f]{8}){7})(?![0-9a-z])", re.IGNORECASE
)
_GROUP = 8


def head_line(seal: Seal, *, grouped: bool = False) -> str:
    """Return a seal as people tell it: day (UTC+8), versions, head.

    ``grouped``: the head in groups of eight, to be read off paper.
    """
    head = grouped_head(seal.head) if grouped else seal.head
    return f"封签 {local_time(seal.sealed_at)[:10]} {seal.versions} 版 {head}"


def grouped_head(head: str) -> str:
    """Return 64 hex digits in groups of eight."""
    return " ".join(head[at : at + _GROUP] for at in range(0, len(head), _GROUP))


def heads_in(text: str) -> list[str]:
    """Return the heads in what somebody kept, such as lines that ``zhijiang seal`` printed: 64 hex digits each, in groups or not."""
    return [re.sub(r"[\s-]", "", found).lower() for found in _HEAD.findall(text)]
