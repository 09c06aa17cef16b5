"""Folders that exports and hand-overs wrote: how one is known, and what in it is somebody else's.

Each has a manifest that tells of every file in it.  What is added later it does not tell of, and who checks the
folder is told that it is not whole, or not told at all.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

BAG, SITE, OFFICE, TABLES = "manifest-sha256.txt", "SHA256.txt", "其他/校验SHA256.TXT", "datapackage.json"
"""The manifest of a bag (of a hand-over too), a reading copy, a folder for an archive office, all tables."""

_MARKS = ((BAG,), (OFFICE,), (SITE, "assets/search.js"), (TABLES, "data_dictionary.csv"))
"""By which files a folder is known."""
_OF_DIGESTS = ("manifest-*.txt", "tagmanifest-*.txt", SITE, "其他/校验*.TXT")
"""Manifests with a digest and a name a line."""


def package_around(path: Path) -> Path | None:
    """Return the folder of an export or hand-over in which a path lies, however it is written; None: in none."""
    ways = (Path(os.path.realpath(path)), Path(os.path.realpath(path.parent), path.name))
    return next((folder for way in ways for folder in way.parents if is_package(folder)), None)


def is_package(folder: Path) -> bool:
    """Tell whether a folder is one that an export or a hand-over wrote."""
    return any(all((folder / mark).is_file() for mark in marks) for marks in _MARKS)


def stranger_in(folder: Path) -> Path | None:
    """Return a file of a folder that no export wrote there; None: all that is in it was written by one.

    Raises ``OSError``.
    """
    told = set(_told(folder)) if is_package(folder) else set()
    files = (Path(where, name) for where, _, names in os.walk(folder) for name in sorted(names))
    return next((file for file in files if file.relative_to(folder).as_posix() not in told), None)


def _told(folder: Path) -> Iterator[str]:
    """Yield the files of which the manifests of a folder tell, and these themselves."""
    for manifest in (found for pattern in _OF_DIGESTS for found in folder.glob(pattern)):
        yield manifest.relative_to(folder).as_posix()
        for line in manifest.read_text(encoding="utf-8", errors="replace").splitlines():
            yield line.partition("  ")[2]
    if (folder / TABLES).is_file():
        yield TABLES
        try:
            resources = json.loads((folder / TABLES).read_bytes())["resources"]
            yield from (resource["path"] for resource in resources)
        except (ValueError, KeyError, TypeError):  # it was changed: then it tells of nothing
            return
