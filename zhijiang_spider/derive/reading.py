"""Which reading is this?  A digest of all that decides what is read from a page, to be noted beside what was read.

Two readings of one page by the same reading give the same rows: what differs then, somebody changed.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

_READERS = {
    "zhijiang_spider": ("credits", "derive", "items.py", "pages", "sites", "text", "vocabulary"),
    "archive": (
        "characters.py",
        "evidence",
        "model",
        "store/as_seen.py",
        "store/likeness.py",
        "store/versions.py",
    ),
}
"""Package → what of it reads pages."""
_LIBRARIES = ("ada-url", "lxml", "parsel", "w3lib")
"""What it reads them with."""
_ENDINGS = (".py", ".toml", ".txt")


@cache
def reading() -> str:
    """Return the digest of what reads pages in this program: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for package, parts in _READERS.items():
        for part in parts:
            for name, content in _files(resources.files(package).joinpath(*part.split("/"))):
                digest.update(f"{name} {len(content)}\n".encode() + content)
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]


def profile_digest(profile: Any) -> str:
    """Return the digest of a site's profile, as the record of a crawl holds it: 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(profile, ensure_ascii=False).encode()).hexdigest()[:16]


def _files(place: Traversable) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        yield place.name, place.read_bytes()
        return
    for inner in sorted(place.iterdir(), key=lambda one: one.name):
        if inner.is_dir() or inner.name.endswith(_ENDINGS):
            yield from _files(inner)
