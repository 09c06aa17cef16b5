"""Other programs judge the packages: py-wacz, cdxj-indexer, bagit.py, sha256sum, xmllint and a browser.

Each reads what we exported from the demo archive and from one full of hostile texts; and each refuses the same
package after it was damaged.
"""

import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from tests import hostile
from tests.command_line import run_zhijiang

BROWSER = ("chromium", "chromium-browser", "google-chrome")
_Judge = Callable[[Path, Path], list[str]]
"""(their commands, our exports) → what is wrong."""


def check_packages(commands: Path, folder: Path) -> list[str]:
    """Run every referee on every archive; return what they found wrong."""
    demo, nasty = folder / "demo.db", folder / "hostile.db"
    run_zhijiang("demo", "--archive", demo)
    hostile.build(nasty)
    problems = []
    for archive in (demo, nasty):
        _appraise(archive)
        exports = _export(archive, folder / f"{archive.stem}-packages")
        for name, (judge, damage, needed) in REFEREES.items():
            if needed and shutil.which(needed) is None:
                print(f"{needed} is not here: {name} judged nothing")
                continue
            found = judge(commands, exports)
            problems += [f"{name}, {archive.name}: {problem}" for problem in found]
            copy = folder / f"{archive.stem}-{name}"
            shutil.copytree(exports, copy)
            damage(copy)
            if archive == demo and not judge(commands, copy):
                problems.append(f"{name}, {archive.name}: did not notice: {damage.__doc__}")
            shutil.rmtree(copy)
            print(f"{name}: {archive.name} {'refused' if found else 'accepted'}")
    return problems


def _appraise(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO appraisal (article_id, archival_code, retention, open_flag)"
            " SELECT article_id, 'C015-WY·YW·2024·D30-' || printf('%05d', article_id), 'D30', '开放' FROM article"
        )
        connection.commit()


def _export(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    for name, out in (("wacz", "a.wacz"), ("bag", "bag"), ("da", "da"), ("site", "site")):
        done = run_zhijiang("export", name, "--out", folder / out, "--archive", archive)
        assert done.returncode == 0, done.stderr
    return folder


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, errors="replace", timeout=300, check=False
    )


# --- the referees ----------------------------------------------------------------------------------------


def check_wacz(commands: Path, exports: Path) -> list[str]:
    """py-wacz finds it valid, and the four files that it does not insist on are there."""
    done = _run(commands / "wacz", "validate", "-f", exports / "a.wacz")
    with zipfile.ZipFile(exports / "a.wacz") as package:
        names = package.namelist()
        bad = package.testzip()
    needed = {"archive/data.warc.gz", "indexes/index.cdx.gz", "pages/pages.jsonl", "datapackage.json"}
    problems = [f"lacks {name}" for name in sorted(needed - set(names))]
    return (
        problems
        + ([f"{bad} is damaged"] if bad else [])
        + ([done.stdout + done.stderr] if done.returncode else [])
    )


def check_cdxj(commands: Path, exports: Path) -> list[str]:
    """cdxj-indexer finds every page of the list at its time."""
    with zipfile.ZipFile(exports / "a.wacz") as package:
        package.extract("archive/data.warc.gz", exports)
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()][1:]
    done = _run(commands / "cdxj-indexer", exports / "archive" / "data.warc.gz")
    lines = [line.split(" ", 2) for line in done.stdout.splitlines()]
    held = {(json.loads(entry)["url"], time) for _, time, entry in lines}
    wanted = {(page["url"], re.sub(r"\D", "", page["ts"])) for page in pages}
    return [f"no record of {url} at {time}" for url, time in sorted(wanted - held)][:3]


def check_bagit(commands: Path, exports: Path) -> list[str]:
    """bagit.py finds it complete and unchanged, and so does sha256sum."""
    done = _run(commands / "bagit.py", "--quiet", "--validate", exports / "bag")
    problems = [done.stderr] if done.returncode else []
    if shutil.which("sha256sum"):
        summed = subprocess.run(
            ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"],
            cwd=exports / "bag", capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        problems += [summed.stdout] if summed.returncode else []
    return problems


def check_xmllint(_commands: Path, exports: Path) -> list[str]:
    """Every XML file of the transfer folder is well-formed, and the catalogue names files that are there."""
    files = sorted((exports / "da").rglob("*.XML"))
    done = _run("xmllint", "--noout", *files)
    if done.returncode:
        return [done.stderr[:500]]
    catalogue = etree.parse(exports / "da" / "文件目录.XML")
    names = [str(element.text) for element in catalogue.iter("电子档案名称")]
    return [f"{name} is not there" for name in names if not (exports / "da" / name).is_file()][:3]


def check_links(_commands: Path, exports: Path) -> list[str]:
    """Every link of the reading copy leads to a file of it."""
    problems = [
        f"{page.name}: {address}"
        for page in (exports / "site").rglob("*.html")
        for address in html.fromstring(page.read_bytes()).xpath("//@href | //@src")
        if not (page.parent / unquote(address)).is_file()
    ]
    return problems[:3]


def check_browser(_commands: Path, exports: Path) -> list[str]:
    """A browser that opens the folder shows a page with its pictures, and nothing is asked of a network."""
    browser = next(filter(None, map(shutil.which, BROWSER)))
    problems = []
    for page in sorted((exports / "site").glob("a/*/*.html"))[:5]:
        done = _run(
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom", page.as_uri()
        )  # fmt: skip
        shown = html.fromstring(done.stdout or "<p></p>").xpath("string(//h1)")
        wanted = html.fromstring(page.read_bytes()).xpath("string(//h1)")
        if shown != wanted or not wanted:
            problems.append(f"{page.name}: shows {shown[:60]!r}")
    return problems


# --- damage ----------------------------------------------------------------------------------------------


def _cut_wacz(exports: Path) -> None:
    """a package without its list of pages"""
    with zipfile.ZipFile(exports / "a.wacz") as old, zipfile.ZipFile(exports / "b.wacz", "w") as new:
        for info in old.infolist():
            if info.filename != "pages/pages.jsonl":
                new.writestr(info, old.read(info))
    (exports / "b.wacz").replace(exports / "a.wacz")


def _other_page(exports: Path) -> None:
    """a page in the list that no record shows"""
    with zipfile.ZipFile(exports / "a.wacz") as old, zipfile.ZipFile(exports / "b.wacz", "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "pages/pages.jsonl":
                data += (
                    b'{"id": "x", "url": "http://x.invalid/", "ts": "2024-01-01T00:00:00Z", "title": "x"}\n'
                )
            new.writestr(info, data)
    (exports / "b.wacz").replace(exports / "a.wacz")


def _changed_byte(exports: Path) -> None:
    """a byte of a file changed"""
    path = exports / "bag" / "data" / "articles.jsonl"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _broken_xml(exports: Path) -> None:
    """a catalogue that is cut off"""
    path = exports / "da" / "文件目录.XML"
    path.write_bytes(path.read_bytes()[:-20])


def _lost_page(exports: Path) -> None:
    """a page that is missing"""
    next((exports / "site").glob("a/*/*.html")).unlink()


def _empty_page(exports: Path) -> None:
    """a page without its heading"""
    page = min((exports / "site").glob("a/*/*.html"))
    page.write_text("<!DOCTYPE html><title>x</title><p>x</p>", encoding="utf-8")


REFEREES: dict[str, tuple[_Judge, Callable[[Path], None], str]] = {
    "py-wacz": (check_wacz, _cut_wacz, ""),
    "cdxj-indexer": (check_cdxj, _other_page, ""),
    "bagit.py": (check_bagit, _changed_byte, ""),
    "xmllint": (check_xmllint, _broken_xml, "xmllint"),
    "links": (check_links, _lost_page, ""),
    "browser": (check_browser, _empty_page, "chromium"),
}
"""Name → (referee, a damage that it must notice, the program it needs)."""
