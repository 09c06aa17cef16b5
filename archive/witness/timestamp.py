"""RFC 3161: ask a time-stamp authority to witness a head, and read what it answers, by the program ``openssl``.

What is stamped is the head as people write it: its 64 characters, no line end.  So a stranger makes it with
``printf``, and it can be stamped with any hash, SM3 (GB/T 32905) too.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60
"""How long ``openssl`` may take."""


class StampError(Exception):
    """What is wrong with a token, or with the program that reads it."""


class CannotTell(StampError):
    """This machine lacks what is needed; of the token it says nothing."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token says, whoever signed it."""

    hash: str
    """The hash, as OpenSSL calls it."""
    imprint: str
    """What was hashed: hex digits."""
    stamped_at: str
    """UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""


def imprint(head: str, algorithm: str) -> str:
    """Return the hash of a head's 64 characters: hex digits.  Raises ``StampError`` where it cannot be computed."""
    if algorithm not in hashlib.algorithms_available:
        raise CannotTell(f"this Python's OpenSSL cannot compute {algorithm}; use another --hash")
    return hashlib.new(algorithm, head.encode("ascii")).hexdigest()


def request(head: str, algorithm: str) -> bytes:
    """Return a ``TimeStampReq`` over a head, with a nonce; it asks for the certificates.  Raises ``StampError``."""
    arguments = ("-digest", imprint(head, algorithm), f"-{algorithm}", "-cert")
    return _openssl("ts", "-query", *arguments)


def read_stamp(answer: bytes) -> Stamp:
    """Read a ``TimeStampResp``, or a token alone.  Says nothing of its signature.  Raises ``StampError``."""
    try:
        info = _openssl("cms", "-verify", "-noverify", "-nosigs", "-inform", "DER", given=_token(answer))
        told = _openssl("asn1parse", "-inform", "DER", given=info).decode("ascii", "replace")
    except _Failed as error:
        raise StampError(f"is no answer of a time-stamp authority ({error})") from error
    # TSTInfo: version, policy, imprint (hash, digest), serial, time …
    found = re.search(
        r"OBJECT +:\S+\n.*?OBJECT +:(\S+)\n.*?OCTET STRING +\[HEX DUMP\]:([0-9A-F]+)\n"
        r".*?GENERALIZEDTIME +:(\d{14})(?:\.\d+)?Z\n",
        told,
        re.DOTALL,
    )
    if found is None:
        raise StampError("is no answer of a time-stamp authority (it holds no time-stamp)")
    day, clock = found[3][:8], found[3][8:]
    at = f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"
    return Stamp(found[1].lower(), found[2].lower(), at)


def verify(answer: bytes, stamp: Stamp, certificates: Path) -> None:
    """Verify the signature of a token, under certificates (PEM) that are trusted.  Raises ``StampError``."""
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        token.write_bytes(_token(answer))
        try:
            _openssl(
                *("ts", "-verify", "-digest", stamp.imprint, "-token_in", "-in", str(token)),
                *("-CAfile", str(certificates)),
            )
        except _Failed as error:
            raise StampError(f"its signature does not hold under {certificates} ({error})") from error


def _token(answer: bytes) -> bytes:
    """Return the token of an answer; what is none is taken for a token.  Raises ``StampError``."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer"
        file.write_bytes(answer)
        try:
            return _openssl("ts", "-reply", "-in", str(file), "-token_out")
        except _Failed:
            refusal = _refusal(file)
    if refusal:
        raise StampError(f"the authority granted no time-stamp: {refusal}")
    return answer


def _refusal(file: Path) -> str:
    """Return what an answer without a token says, "" for what is no answer."""
    try:
        said = _openssl("ts", "-reply", "-in", str(file), "-text").decode(errors="replace")
    except _Failed:
        return ""
    found = re.findall(r"^(?:Status|Status description|Failure info): *(.+?)\.?\s*$", said, re.MULTILINE)
    return ", ".join(word for word in found if word != "unspecified")


class _Failed(StampError):
    """``openssl`` ended with an error."""


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    program = shutil.which("openssl")
    if program is None:
        raise CannotTell(
            "needs the program openssl (1.1.1 or later), which is not installed: "
            "the package openssl of the system; on Windows that of Git, or winget install ShiningLight.OpenSSL.Light"
        )
    try:
        done = subprocess.run(
            [program, *arguments], input=given, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotTell(f"the program openssl could not be run: {error}") from error
    if done.returncode:
        raise _Failed(_reason(done.stderr.decode(errors="replace")) or f"status {done.returncode}")
    return done.stdout


def _reason(said: str) -> str:
    """Return what OpenSSL said went wrong: the reason in its first line of error, and what stands behind it."""
    found = re.search(r":error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):[^:]*:\d+:(.*)", said)
    return ": ".join(filter(None, found.groups())) if found else ""
