"""Answers that are cut, partial or packed otherwise than they say."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evidence.packed import MAX_CONTENT, Bomb, encodings_of, unpack

PAGE = "<html><p>云汀县今日发布汛情通报。</p><p>三审丨卫青禾</p></html>".encode()


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "GZip": gzip.compress(PAGE),
    "gzip, gzip": gzip.compress(gzip.compress(PAGE)),
    "deflate": zlib.compress(PAGE),
    " deflate ,": raw(PAGE),
    "identity": PAGE,
    "none": PAGE,
    "utf-8": PAGE,
    "": PAGE,
    "deflate, gzip": gzip.compress(zlib.compress(PAGE)),
}


@pytest.mark.parametrize("named", PACKED)
def test_a_whole_body_is_unpacked(named: str) -> None:
    found = unpack(PACKED[named], encodings_of([named]))
    assert (found.content, found.fault) == (PAGE, "")


@pytest.mark.parametrize("named", ["gzip", "deflate", "gzip, gzip", "x-gzip"])
@pytest.mark.parametrize("before", [b"", b"\n", b"\xef\xbb\xbf"])
def test_a_body_that_is_not_packed_is_taken_as_it_is(named: str, before: bytes) -> None:
    found = unpack(before + PAGE, encodings_of([named]))
    assert (found.content, found.fault) == (before + PAGE, "")


@given(st.integers(0, len(PACKED["gzip"]) - 1), st.sampled_from(["gzip", "deflate"]))
def test_a_stream_that_ends_early_is_never_called_whole(length: int, named: str) -> None:
    packed = PACKED[named][:length]
    found = unpack(packed, (named,))
    assert found.fault or not packed or found.content == PAGE
    assert PAGE.startswith(found.content) or len(packed) < 10


@given(st.integers(0, len(PACKED["gzip"]) - 1), st.integers(1, 255))
def test_a_byte_that_changed_on_the_way_is_noticed_or_changes_nothing(place: int, change: int) -> None:
    packed = bytearray(PACKED["gzip"])
    packed[place] ^= change
    found = unpack(bytes(packed), ("gzip",))
    assert found.fault or found.content == PAGE


def test_streams_follow_each_other_and_padding_is_none() -> None:
    two = gzip.compress(PAGE[:30]) + gzip.compress(PAGE[30:])
    assert unpack(two, ("gzip",)).content == PAGE
    assert unpack(two + bytes(8), ("gzip",)) == unpack(two, ("gzip",))
    assert unpack(two[:-12], ("gzip",)).fault


@pytest.mark.parametrize("named", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(named: str) -> None:
    size = MAX_CONTENT + 1
    with pytest.raises(Bomb):
        unpack(gzip.compress(bytes(size)) if named == "gzip" else zlib.compress(bytes(size)), (named,))
