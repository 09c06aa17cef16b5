"""The hash tree of RFC 9162 (2.1): one digest over many leaves, and short proofs that a leaf is under it.

A leaf or node is 32 bytes, SHA-256.  Leaves and nodes begin with a byte of their own before they are hashed, so no
node can be passed off as a leaf.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256().digest()
"""Root of no leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the leaf of some bytes."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the node above two nodes."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Peaks:
    """A tree that grows by a leaf at a time: the whole subtrees of it, from left to right."""

    def __init__(self) -> None:
        self._whole: list[tuple[int, bytes]] = []  # (height, node)

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        height, node = 0, leaf
        while self._whole and self._whole[-1][0] == height:
            node = node_hash(self._whole.pop()[1], node)
            height += 1
        self._whole.append((height, node))

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        if not self._whole:
            return EMPTY
        node = self._whole[-1][1]
        for _, left in reversed(self._whole[:-1]):
            node = node_hash(left, node)
        return node

    def root_with(self, leaf: bytes) -> bytes:
        """Return the root over the leaves so far and one more, which is not added."""
        more = Peaks()
        more._whole = [*self._whole]
        more.add(leaf)
        return more.root()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves, in one pass."""
    sha256 = hashlib.sha256
    level = b"".join(leaves)
    while len(level) > 32:
        pairs = len(level) & ~63
        above = [sha256(b"\1" + level[at : at + 64]).digest() for at in range(0, pairs, 64)]
        level = b"".join([*above, level[pairs:]])
    return level or EMPTY


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the nodes beside the way from a leaf (from 0) up to the root (2.1.3.1).  Raises ``IndexError``."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    beside: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        if index ^ 1 < len(level):
            beside.append(level[index ^ 1])
        above = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = above + level[2 * len(above) :]
        index //= 2
    return beside
