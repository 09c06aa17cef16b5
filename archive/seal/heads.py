"""A seal and the head over all seals: what stands outside as the witness of an archive.

A seal's head is the RFC 9162 root over the data of the seals up to it, so a short path leads from any seal to any
later head, and a head that somebody wrote down speaks for everything under the seals before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.seal import tree

NONE_BEFORE = "0" * 64
"""What stands for the head before the first seal."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: what one writer left in the archive."""

    number: int
    """From 1, without gaps."""
    sealed_at: str
    """UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""
    what: str
    """The writer: ``crawl 12``, ``reparse`` …"""
    leaves: int
    """How many leaves are under this seal."""
    versions: int
    """How many versions are under this seal and all before it."""
    root: str
    """The RFC 9162 root over the leaves of this seal: 64 hex digits."""
    before: str
    """The head before it: 64 hex digits; ``NONE_BEFORE`` for the first."""
    head: str
    """The RFC 9162 root over the leaves of seals 1 to ``number``: 64 hex digits."""


def seal_data(seal: Seal) -> bytes:
    """Return what a seal's leaf is made of: one line of JSON in UTF-8, without its head and without a line end."""
    fields = (seal.number, seal.sealed_at, seal.what, seal.leaves, seal.versions, seal.root, seal.before)
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def seal_leaf(seal: Seal) -> bytes:
    """Return a seal's leaf in the tree of seals: 32 bytes."""
    return tree.leaf_hash(seal_data(seal))


def heads(seals: Iterable[Seal]) -> Iterator[str]:
    """Yield the head after each of some seals, in the order of their numbers: 64 hex digits."""
    peaks = tree.Peaks()
    for seal in seals:
        peaks.add(seal_leaf(seal))
        yield peaks.root().hex()


def head_of(seals: Iterable[Seal]) -> str:
    """Return the head over seals in the order of their numbers: 64 hex digits; ``NONE_BEFORE`` for no seals."""
    leaves = [seal_leaf(seal) for seal in seals]
    return tree.root(leaves).hex() if leaves else NONE_BEFORE
