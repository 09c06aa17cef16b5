"""From a row to a head: the steps, and the line by which a head is told."""

import hashlib
from dataclasses import replace

import pytest

from archive.seal import tree
from archive.seal.heads import NONE_BEFORE, Seal, head_of
from archive.seal.proof import climb, proof_of, steps
from archive.seal.told import head_line, heads_in

HEAD = hashlib.sha256(b"head").hexdigest()


def leaves_of(number: int, count: int) -> list[bytes]:
    return [tree.leaf_hash(f'["row",{number},{index}]'.encode()) for index in range(count)]


def seals_of(*sizes: int) -> list[Seal]:
    seals: list[Seal] = []
    for number, size in enumerate(sizes, 1):
        before = seals[-1].head if seals else NONE_BEFORE
        root = tree.root(leaves_of(number, size)).hex()
        at = f"2026-11-{number:02}T19:17:00Z"
        seal = Seal(number, at, f"crawl {number}", size, sum(sizes[:number]), root, before, "")
        seals.append(replace(seal, head=head_of([*seals, seal])))
    return seals


@pytest.mark.parametrize("size", range(1, 35))
def test_steps_lead_every_leaf_to_the_root(size: int) -> None:
    leaves = leaves_of(1, size)
    for index, leaf in enumerate(leaves):
        way = steps(leaves, index)
        assert climb(leaf, way) == tree.root(leaves)
        assert len(way) <= (size - 1).bit_length()
    with pytest.raises(IndexError):
        steps(leaves, size)


def test_a_proof_holds_under_its_own_head_and_every_later_one() -> None:
    sizes = (3, 1, 7, 2, 5)
    seals = seals_of(*sizes)
    for seal in seals:
        for upto in range(seal.number, len(seals) + 1):
            for index in range(seal.leaves):
                data = f'["row",{seal.number},{index}]'.encode()
                proof = proof_of(data, leaves_of(seal.number, seal.leaves), index, seal, seals[:upto])
                assert proof.holds()
                assert proof.witness.head == seals[upto - 1].head
                assert not replace(proof, data=data + b" ").holds()
                assert not replace(proof, witness=replace(proof.witness, head=HEAD)).holds()
                assert not replace(proof, seal=replace(seal, what="crawl 9")).holds()
    with pytest.raises(IndexError):
        proof_of(b"", leaves_of(3, 7), 0, seals[2], seals[:2])


def test_a_head_is_told_in_one_line_with_the_day_of_its_readers() -> None:
    seal = replace(seals_of(3)[0], head=HEAD, sealed_at="2026-11-27T19:17:00Z", versions=106367)
    assert head_line(seal) == f"封签 2026-11-28 106367 版 {HEAD}"
    grouped = head_line(seal, grouped=True)
    assert [len(group) for group in grouped.split()[-8:]] == [8] * 8
    for kept in (HEAD, HEAD.upper(), head_line(seal), grouped, f"> {grouped}\r\n", f"「{HEAD}」"):
        assert heads_in(kept) == [HEAD]
    assert heads_in(grouped.replace(" ", "\n")) == [HEAD]
    assert heads_in(f"{head_line(seal)}\n{grouped}\n") == [HEAD, HEAD]


@pytest.mark.parametrize("kept", ["", "封签 2026-11-28 106367 版", HEAD[:-1], HEAD + "0", "2026 " * 20])
def test_what_holds_no_head_gives_none(kept: str) -> None:
    assert heads_in(kept) == []
