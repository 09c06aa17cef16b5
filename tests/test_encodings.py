"""Bytes in a known encoding → text, as the Encoding Standard of the WHATWG has it.

The digests are of what a browser reads: ``tests/referees/encodings.py`` compares every pair with one.
"""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evidence.encodings import BIG5, GB18030, SEVERAL_BYTES, decode, encoding_of
from tests.encodings import JUDGED, four_bytes, pairs, single_bytes
from tests.linear import MOST_GROWTH, growth

DIGESTS = {
    "big5": "ccc80628948637c2",
    "gb18030": "ae6c3fbd70cc676f",
    "ibm866": "743f699e9d8e629d",
    "iso-8859-10": "69dd7eccec52ac7a",
    "iso-8859-13": "97f8f49fc9c4aeb0",
    "iso-8859-14": "22dfe79969b47a4a",
    "iso-8859-15": "8e15a0f04c006cbf",
    "iso-8859-16": "190b40ad429bc815",
    "iso-8859-2": "532edb15ebf3b20d",
    "iso-8859-3": "addacea71463a378",
    "iso-8859-4": "e626e3ba9f09a0de",
    "iso-8859-5": "d7d53aa65fb021ad",
    "iso-8859-6": "5fde0584b0660826",
    "iso-8859-7": "e033aac233af1dca",
    "iso-8859-8": "aea7cba07ea1cc80",
    "iso-8859-8-i": "aea7cba07ea1cc80",
    "koi8-r": "ab097761abc89888",
    "koi8-u": "6893bfa3ddf22a54",
    "macintosh": "9bcfcf37deef34f3",
    "utf-8": "9e464928809789d9",
    "windows-1250": "d15762a6bad9ebcf",
    "windows-1251": "80e9fc763c05aac1",
    "windows-1252": "d538fb25e5bce1ca",
    "windows-1253": "cef9ea98e4354ba0",
    "windows-1254": "2aa8d9d94546b8cc",
    "windows-1255": "b5c97b562844f9a3",
    "windows-1256": "a01678264068176e",
    "windows-1257": "12e6d8fac6384836",
    "windows-1258": "4166d1a6d5c3bdf8",
    "windows-874": "7166955a2079e81b",
    "x-mac-cyrillic": "800a1ab2440a7763",
}

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=60)


def digest(encoding: str) -> str:
    sequences = [*single_bytes()]
    if encoding in SEVERAL_BYTES:
        sequences += [*pairs(), *four_bytes()]
    return hashlib.sha256(decode(b"\n".join(sequences), encoding).encode()).hexdigest()[:16]


@pytest.mark.parametrize("encoding", sorted(set(JUDGED) - {"utf-16le", "utf-16be"}))
def test_every_pair_of_bytes_is_read_as_browsers_read_it(encoding: str) -> None:
    assert digest(encoding) == DIGESTS[encoding]


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("UTF8", "utf-8"), (" gb2312\n", GB18030), ("GBK", GB18030), ("x-gbk", GB18030), ("Big5-HKSCS", BIG5),
        ("x-x-big5", BIG5), ("iso-8859-1", "windows-1252"), ("us-ascii", "windows-1252"), ("latin5", "windows-1254"),
        ("utf-16", "utf-16le"), ("unicodeFFFE", "utf-16be"), ("sjis", "shift_jis"), ("tis-620", "windows-874"),
        ("idna", None), ("rot13", None), ("zlib", None), ("utf-7", None), ("hz-gb-2312", None), ("cp936", None), ("", None),
        ("gbk\0", None), ("ＧＢＫ", None),
    ],
)  # fmt: skip
def test_a_label_means_what_browsers_take_it_for(label: str, encoding: str | None) -> None:
    assert encoding_of(label) == encoding


@pytest.mark.parametrize(
    ("encoding", "hexadecimal", "text"),
    [
        (GB18030, "80", "€"),
        (GB18030, "80 41 80", "€A€"),
        (GB18030, "a3a0 d4c6", "　云"),
        (GB18030, "fe59 fea0", "龴龻"),
        (GB18030, "a6d9 a6ec", "︐︗"),
        (GB18030, "a8bc 8135f437", "ḿ\ue7c7"),
        (GB18030, "ff", "\ufffd"),
        (GB18030, "d4 3c", "\ufffd<"),  # the second byte is given back
        (GB18030, "d4 ff d4c6", "\ufffd云"),
        (GB18030, "81 30 41", "\ufffd0A"),
        (GB18030, "81 30 81 41", "\ufffd0丄"),
        (GB18030, "d4c6 81 30", "云\ufffd"),  # at the end all that is left is one
        (GB18030, "e3329a36", "\ufffd"),
        (BIG5, "8862 88a5 a145", "Ê̄ê̌‧"),
        (BIG5, "a241 a1fe a242 a240", "∕／﹨＼"),
        (BIG5, "c6a1 c6e7 c848", "①ぁУ"),
        (BIG5, "f9d6 a3e1 9df7", "碁€咗"),
        (BIG5, "a4 3c", "\ufffd<"),
        (BIG5, "a4 ff a4a4", "\ufffd中"),
        (BIG5, "a4a4 a4", "中\ufffd"),
        ("windows-1252", "80 81 9d e9", "€\x81\x9dé"),
        ("koi8-u", "ae be", "ўЎ"),
        ("iso-8859-7", "ff", "\ufffd"),
        ("utf-8", "e4ba e4ba91 c0af f0808080", "\ufffd云\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"),
        ("utf-16le", "914e 00d8 4100 41", "云\ufffdA\ufffd"),
    ],
)
def test_what_python_reads_otherwise(encoding: str, hexadecimal: str, text: str) -> None:
    assert decode(bytes.fromhex(hexadecimal), encoding) == text


@given(CHINESE)
def test_what_python_writes_in_gb18030_is_read_back(text: str) -> None:
    assert decode(text.encode("gb18030"), GB18030) == text


@pytest.mark.parametrize("codec", ["big5", "big5hkscs", "cp950"])
@given(CHINESE)
def test_what_python_writes_in_big5_is_read_back(codec: str, text: str) -> None:
    held = text.encode(codec, "ignore")
    assert decode(held, BIG5) == held.decode(codec)


@pytest.mark.parametrize("encoding", JUDGED)
@given(st.binary(max_size=200))
def test_any_bytes_are_read(encoding: str, body: bytes) -> None:
    text = decode(body, encoding)
    text.encode("utf-8")
    if not encoding.startswith("utf-16"):
        assert decode(b"<p>" + body + b"<p>", encoding).startswith("<p>")
        assert decode(body + b"\n<p>", encoding) == f"{text}\n<p>" or text.endswith("\ufffd")


@pytest.mark.parametrize("encoding", [GB18030, BIG5, "windows-1252", "utf-8"])
@pytest.mark.parametrize("piece", [b"\xff", b"\xa4<", b"\x80", b"\x81\x30\x81", b"\xf9\xd6", b"\xa3\xa0"])
def test_broken_bytes_cost_as_much_as_there_are(encoding: str, piece: bytes) -> None:
    assert growth(lambda size: piece * size, lambda body: decode(body, encoding), 20_000) <= MOST_GROWTH
