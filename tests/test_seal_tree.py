"""The hash tree of RFC 9162: roots by its definition, proofs for every leaf, none for another."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.seal.tree import EMPTY, leaf_hash, node_hash, path, root

LEAVES = st.lists(st.binary(max_size=8), max_size=70).map(
    lambda values: [leaf_hash(value) for value in values]
)


def root_of_path(leaf: bytes, index: int, size: int, beside: Sequence[bytes]) -> bytes | None:
    """Check as RFC 9162 does: return the root that a leaf, its place (from 0) among ``size`` and its path lead to (2.1.3.2).

    None where a tree of that size has no such path.
    """
    if not 0 <= index < size:
        return None
    node, last = leaf, size - 1
    for other in beside:
        if last == 0:
            return None
        if index % 2 == 1 or index == last:
            node = node_hash(other, node)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            node = node_hash(node, other)
        index, last = index // 2, last // 2
    return node if last == 0 else None


def by_definition(leaves: list[bytes]) -> bytes:
    """The recursive definition of 2.1.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def test_of_nothing_and_of_one() -> None:
    assert (
        root([]) == EMPTY == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )
    assert root([leaf_hash(b"")]) == hashlib.sha256(b"\0").digest()
    assert path([leaf_hash(b"")], 0) == []


@given(LEAVES.filter(bool))
def test_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert root(iter(leaves)) == by_definition(leaves)


@given(LEAVES.filter(bool), st.data())
def test_every_leaf_is_proved_and_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    beside = path(leaves, index)
    assert root_of_path(leaves[index], index, len(leaves), beside) == root(leaves)
    assert root_of_path(leaf_hash(b"another"), index, len(leaves), beside) != root(leaves)
    assert root_of_path(leaves[index], index, len(leaves), [*beside, EMPTY]) is None
    if beside:
        assert root_of_path(leaves[index], index, len(leaves), beside[:-1]) is None
    assert root_of_path(leaves[index], len(leaves), len(leaves), beside) is None


def test_a_leaf_that_is_not_there_has_no_path() -> None:
    with pytest.raises(IndexError):
        path([EMPTY], 1)
