"""Requests and tokens of RFC 3161, with a real authority: ``openssl ts``."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.seal.told import HASHES
from archive.witness.timestamp import Stamp, StampError, imprint, read_stamp, request, verify
from tests.authority import Authority, authority, needs_openssl

__all__ = ["authority"]
pytestmark = needs_openssl

HEAD = hashlib.sha256(b"head").hexdigest()


def stamped(authority: Authority, folder: Path, algorithm: str) -> Path:
    asked = folder / "head.tsq"
    asked.write_bytes(request(HEAD, algorithm))
    return authority.answer(asked, folder / "head.tsr")


@pytest.mark.parametrize("algorithm", HASHES)
def test_a_head_is_stamped_and_a_stranger_verifies_it(
    authority: Authority, tmp_path: Path, algorithm: str
) -> None:
    if algorithm not in hashlib.algorithms_available:
        pytest.skip(f"this OpenSSL has no {algorithm}")
    answer = stamped(authority, tmp_path, algorithm)
    stamp = read_stamp(answer.read_bytes())
    assert (stamp.hash, stamp.imprint) == (algorithm, hashlib.new(algorithm, HEAD.encode()).hexdigest())
    assert abs(datetime.now(UTC) - datetime.fromisoformat(stamp.stamped_at)) < timedelta(hours=1)
    verify(answer.read_bytes(), stamp, authority.root)
    head = tmp_path / "head.txt"
    head.write_text(HEAD)
    assert authority.verifies(answer, head)
    head.write_text(f"{HEAD}\n")
    assert not authority.verifies(answer, head)


def test_a_request_is_new_each_time_and_asks_for_the_certificates() -> None:
    one, other = request(HEAD, "sha256"), request(HEAD, "sha256")
    assert one != other
    digest = bytes.fromhex(imprint(HEAD, "sha256"))
    assert digest in one
    assert digest in other
    assert one.endswith(b"\x01\x01\xff")  # certReq TRUE


def test_a_signature_is_verified_under_what_is_trusted_only(authority: Authority, tmp_path: Path) -> None:
    answer = stamped(authority, tmp_path, "sha256").read_bytes()
    stamp = read_stamp(answer)
    with pytest.raises(StampError, match="does not hold under"):
        verify(answer, stamp, authority.folder / "stamping.pem")
    damaged = bytearray(answer)
    damaged[-9] ^= 1  # in the signature
    assert read_stamp(bytes(damaged)) == stamp
    with pytest.raises(StampError, match="does not hold under"):
        verify(bytes(damaged), stamp, authority.root)
    other = Stamp("sha256", imprint("0" * 64, "sha256"), stamp.stamped_at)
    with pytest.raises(StampError, match="mismatch"):
        verify(answer, other, authority.root)


def test_what_is_no_answer_is_said_to_be_none(authority: Authority, tmp_path: Path) -> None:
    answer = stamped(authority, tmp_path, "sha256").read_bytes()
    for wrong in (b"", b"hello", answer[:300], request(HEAD, "sha256"), bytes(5000)):
        with pytest.raises(StampError, match="is no answer of a time-stamp authority"):
            read_stamp(wrong)


def test_a_refusal_is_told_with_its_reason(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "head.tsq").write_bytes(request(HEAD, "sha256").replace(b"\x04\x20", b"\x04\x1f", 1))
    refused = authority.answer(tmp_path / "head.tsq", tmp_path / "no.tsr")
    with pytest.raises(StampError, match=r"granted no time-stamp: .*[Rr]ejected"):
        read_stamp(refused.read_bytes())


def test_without_openssl_it_is_said_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StampError, match="needs the program openssl"):
        request(HEAD, "sha256")
