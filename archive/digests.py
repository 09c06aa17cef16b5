"""Digests of files."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal.  Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_digests(folder: Path, files: Iterable[Path], algorithm: str, name: str) -> Path | None:
    """Write the digests of files of a folder into its file ``name``; None where this Python cannot compute them.

    SM3 (GB/T 32905) needs an OpenSSL that has it.  Raises ``OSError``.
    """
    if algorithm not in hashlib.algorithms_available:
        return None
    path = folder / name
    with path.open("x", encoding="utf-8", newline="\n") as listed:
        for file in files:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, algorithm).hexdigest()
            listed.write(f"{digest}  {file.relative_to(folder).as_posix()}\n")
    return path
