"""A proof: the way from one row to a head, short enough for a page and simple enough for a stranger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.seal import tree
from archive.seal.heads import Seal, seal_leaf


@dataclass(frozen=True, slots=True)
class Step:
    """One step up a tree: what stands beside the node, and on which side."""

    left: bool
    beside: bytes
    """32 bytes."""

    def up(self, node: bytes) -> bytes:
        """Return the node above this one and its neighbour."""
        return tree.node_hash(self.beside, node) if self.left else tree.node_hash(node, self.beside)


@dataclass(frozen=True, slots=True)
class Proof:
    """A row, the seal that it is under, and a head over that seal."""

    data: bytes
    """What the row's leaf is made of."""
    to_root: tuple[Step, ...]
    """From the row's leaf to the root of its seal."""
    seal: Seal
    to_head: tuple[Step, ...]
    """From the seal's leaf to the head of ``witness``."""
    witness: Seal
    """The seal whose head is kept outside: ``seal`` or a later one."""

    @property
    def leaf(self) -> bytes:
        """The row's leaf: 32 bytes."""
        return tree.leaf_hash(self.data)

    def holds(self) -> bool:
        """Tell whether the row leads to the seal's root, and the seal to the head."""
        root = climb(self.leaf, self.to_root)
        head = climb(seal_leaf(self.seal), self.to_head)
        return root.hex() == self.seal.root and head.hex() == self.witness.head


def proof_of(data: bytes, leaves: Sequence[bytes], index: int, seal: Seal, upto: Sequence[Seal]) -> Proof:
    """Return the proof of the row with this data.

    ``leaves``: of its seal, the row's own at ``index``, from 0.  ``upto``: the seals from the first to the one whose
    head is the witness.  Raises ``IndexError`` where the seal is not among them.
    """
    to_head = steps([seal_leaf(one) for one in upto], seal.number - 1)
    return Proof(data, steps(leaves, index), seal, to_head, upto[-1])


def steps(leaves: Sequence[bytes], index: int) -> tuple[Step, ...]:
    """Return the path of a leaf with the side of each neighbour.  Raises ``IndexError``."""
    size, found = len(leaves), []
    for beside in tree.path(leaves, index):
        while index ^ 1 >= size:  # the last of an odd level goes up as it is
            index, size = index // 2, (size + 1) // 2
        found.append(Step(index % 2 == 1, beside))
        index, size = index // 2, (size + 1) // 2
    return tuple(found)


def climb(node: bytes, way: Iterable[Step]) -> bytes:
    """Return where steps lead."""
    for step in way:
        node = step.up(node)
    return node
