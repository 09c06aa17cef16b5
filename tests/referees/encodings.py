"""A browser judges how bytes become text: every pair of bytes, broken ones too, and a sample of longer sequences.

    python tests/referees/encodings.py [--write]

``--write`` writes what it reads otherwise than Python's codecs into ``archive/evidence/encodings.toml``.  Encodings
of Chinese and of one byte a character are held to it; Japanese and Korean ones are read as Python reads them.
"""

import base64
import html
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from archive.evidence import encodings  # noqa: E402
from tests.encodings import JUDGED, four_bytes, pairs, single_bytes  # noqa: E402
from tests.referees.packages import BROWSER  # noqa: E402

TABLE = ROOT / "archive" / "evidence" / "encodings.toml"
_PAGE = """<!doctype html><meta charset="utf-8"><pre></pre><script>
const read = (label, given) => {
  const bytes = Uint8Array.from(atob(given), char => char.charCodeAt(0)), text = new TextDecoder(label, {ignoreBOM: true}).decode(bytes)
  let units = ""
  for (let i = 0; i < text.length; i++) units += text.charCodeAt(i).toString(16).padStart(4, "0")
  return units
}
document.querySelector("pre").textContent = JSON.stringify(ASKED.map(asked => read(...asked)))
</script>"""
_MISREAD = (b"\x88\x62", b"\x88\x64", b"\x88\xa3", b"\x88\xa5")
"""Pairs of Big5 that are two characters each, which Chromium gets wrong; the standard has them as Python does."""
_HEAD = """# The encodings of the web, as the Encoding Standard of the WHATWG (https://encoding.spec.whatwg.org) has them.
# labels: an encoding = what pages and servers call it.
# differences: what browsers read otherwise than the codec of Python that archive/evidence/encodings.py takes: bytes =
# the characters from there on, in the order of the encoding.  By tests/referees/encodings.py --write: do not edit.
"""


def main(write: bool) -> int:
    """Write the table, or judge ours; return how many found fault."""
    if write:
        TABLE.write_text(_table(), encoding="utf-8")
        return 0
    problems = check_encodings()
    print("\n".join(problems) or "accepted")
    return len(problems)


def check_encodings() -> list[str]:
    """Return where a browser reads otherwise than we do."""
    if not _browser():
        print("no browser is here: nobody judged the encodings")
        return []
    asked = [(label, b"\n".join(single_bytes())) for name in JUDGED for label in _labels(name)]
    asked += [(name, body) for name in JUDGED for body in _inputs(name)]
    told = _browser_reads(asked)
    return [
        f"{label}: {body[:40].hex(' ')} is {theirs[:20]!a}, not {ours[:20]!a}"
        for (label, whole), read in zip(asked, told, strict=True)
        for body, theirs, ours in _lines(label, whole, read)
        if theirs != ours and not any(pair in body for pair in _MISREAD if label == encodings.BIG5)
    ]


def _lines(label: str, body: bytes, theirs: str) -> list[tuple[bytes, str, str]]:
    name = encodings.encoding_of(label) or ""
    ours = encodings.decode(body, name)
    if name.startswith("utf-16"):
        return [(body, theirs, ours)]
    return list(zip(body.split(b"\n"), theirs.split("\n"), ours.split("\n"), strict=True))


def _labels(name: str) -> list[str]:
    return str(encodings._standard()["labels"][name]).split()


def _inputs(name: str) -> Iterator[bytes]:
    """Yield sequences in lines: all of one byte, of two, some of four, and a lot of noise."""
    chance = random.Random(5)
    if name.startswith("utf-16"):  # nothing in it separates lines of bytes
        yield from (bytes(chance.choices(b"\0\x4e\xd8\xdb\xdc\xdf\xfe\xff", k=k % 12)) for k in range(1000))
        return
    yield b"\n".join(single_bytes())
    if name in encodings.SEVERAL_BYTES:
        yield b"\n".join(pairs())
        yield b"\n".join(four_bytes())
        bytes_ = bytes(set(range(0x100)) - {0x0A})
        likely = b"\x30\x39\x40\x41\x5c\x7e\x80\x81\xa0\xa1\xa4\xe4\xfe\xff"
        for pool in (bytes_, likely):
            yield b"\n".join(bytes(chance.choices(pool, k=chance.randint(1, 12))) for _ in range(20_000))


def _browser_reads(asked: Sequence[tuple[str, bytes]]) -> list[str]:
    given = json.dumps([(label, base64.b64encode(body).decode()) for label, body in asked])
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.replace("ASKED", given), encoding="utf-8")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom")
        run = subprocess.run(
            [_browser(), *options, page.as_uri()], capture_output=True, timeout=300, check=True
        )
    found = re.search(r"<pre>(.*?)</pre>", run.stdout.decode(), re.DOTALL)
    assert found is not None
    return [
        bytes.fromhex(units).decode("utf-16-be", "surrogatepass")
        for units in json.loads(html.unescape(found[1]))
    ]


def _browser() -> str:
    return next(filter(None, map(shutil.which, BROWSER)), "")


def _table() -> str:
    lines = [_HEAD, "[labels]"]
    lines += [f'{name} = "{" ".join(_labels(name))}"' for name in encodings._standard()["labels"]]
    names = [name for name in JUDGED if not name.startswith("utf-")]
    asked = [(name, b"\n".join(_sequences(name))) for name in names]
    for name, told in zip(names, _browser_reads(asked), strict=True):
        if runs := _runs(name, told.split("\n")):
            lines += ["", f"[differences.{name}]"]
            lines += [
                f"{sequence.hex()} = {json.dumps(chars, ensure_ascii=False)}" for sequence, chars in runs
            ]
    return "\n".join(lines) + "\n"


def _sequences(name: str) -> Iterator[bytes]:
    yield from single_bytes()
    if name in encodings.SEVERAL_BYTES:
        yield from pairs()
        yield from four_bytes()


def _runs(name: str, told: Sequence[str]) -> list[tuple[bytes, str]]:
    """Return what the browser reads otherwise than Python: a sequence, and the characters from there on."""
    codec = encodings._CODECS.get(name) or name.replace("windows-", "cp")
    runs: list[tuple[bytes, str]] = []
    awaited = b""
    for sequence, text in zip(_sequences(name), told, strict=True):
        if (
            len(text) != 1
            or text == encodings.UNREADABLE
            or (sequence in _MISREAD and name == encodings.BIG5)
        ):
            continue
        ours = _python_reads(sequence, codec)
        if text == (ours or chr(sequence[0])):  # what of one byte has no other meaning is a control character
            continue
        if sequence == awaited:
            runs[-1] = runs[-1][0], runs[-1][1] + text
        else:
            runs.append((sequence, text))
        awaited = encodings._next(sequence)
    return runs


def _python_reads(sequence: bytes, codec: str) -> str:
    for name in (codec, *(["big5hkscs"] if codec == "cp950" else [])):
        try:
            return sequence.decode(name)
        except UnicodeDecodeError:
            pass
    return ""


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
