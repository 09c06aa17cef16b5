"""A whole hand-over in one folder: the archive with its evidence, a package for whoever has other software, and proofs.

Everything in it is of one moment, that of the copy: the package is written from the copy, and what the report tells
and the head proves is the copy, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from archive.care.check import Examination, Level, Scope, examine
from archive.care.report import report_of
from archive.care.snapshot import copy_evidence, write_snapshot
from archive.digests import write_digests
from archive.export.bag import write_bag
from archive.export.da import write_transfer
from archive.export.packages import BAG
from archive.export.selection import ArticleStream, Selection, read_articles
from archive.seal.told import head_line
from archive.store.archive import Archive
from archive.store.seals import newest_seal

COPY, EVIDENCE = "archive.db", "archive.warc"
REPORT, HEAD, README, MANIFEST = "四性检测报告.html", "封签.txt", "说明.txt", BAG

PACKAGES: dict[str, tuple[str, Callable[[ArticleStream, Path], int]]] = {
    "bag": ("BagIt 包：全部表、文章、网页原样，任何软件可读", write_bag),
    "da": ("移交文件夹：XML 目录，每件的正文、元数据、网页原件、图片和附件", write_transfer),
}
"""Format of the package → what it is, and what writes it."""

_README = """新闻档案移交

{contents}
一、核对文件是否完好，在本文件夹里运行（macOS：shasum -a 256 -c {manifest}）：
    sha256sum -c {manifest}

二、核对档案自移交以来没有改动（封签另有一份留在移交人处、邮件或群里，用那一份核对才算数）：
    zhijiang check --archive {copy} --against {head}

三、恢复成可以继续采集、检索的档案：在本文件夹旁边新建一个文件夹，把 {copy} 和 {evidence} 一起复制进去，即可使用。
    不要在本文件夹里采集、鉴定、重建，否则它与 {manifest} 不再相符。
{tables}
限制开放的文章（控制、延期开放）在本文件夹里是全文。
程序：zhijiang {version}
"""
_TABLES = """    {copy} 打不开时，可由包里的表重建到旁边新建的文件夹（这里叫“恢复”），再把证据文件夹复制到命令所说的地方：
    zhijiang import bag/data/tables --archive ../恢复/恢复.db
"""


class HandoverError(Exception):
    """A step of the hand-over failed: names the step and the reason."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What was handed over."""

    head: str
    """The line of the newest seal, to be kept elsewhere."""
    articles: int
    """In the package."""
    warc_files: int
    files: int
    """All that the manifest lists."""
    open: int
    """Findings of the check that are neither right nor wrong."""


def write_handover(
    path: Path, out: Path, place: Path, package: str, scope: Scope, advance: Callable[[int], None]
) -> Handover:
    """Write a hand-over of an archive into a new folder.

    ``place``: where the folder is going to lie.  ``package``: a name of ``PACKAGES``.  ``scope``: of the check of the
    copy.  ``advance``: told how many more rows were read.  Raises ``HandoverError``, ``ArchiveError``, ``OSError``.
    """
    out.mkdir()
    copy = out / COPY
    with Archive.read(path) as archive:
        write_snapshot(archive, copy, path=place / COPY, evidence=place / EVIDENCE)
        warc_files = copy_evidence(archive, copy, out / EVIDENCE)
    with read_articles(copy, Selection(), advance, show_restricted=True) as articles:
        count = PACKAGES[package][1](articles, out / package)
    if not count:
        raise HandoverError(
            f"{package}: no article came into the package"
            + (
                "; zhijiang appraise number gives 档号, without which none is taken"
                if package == "da"
                else ""
            )
        )
    examined = examine(copy, scope)
    if fault := first_fault(examined):
        raise HandoverError(f"report: the copy is not right: {fault}")
    (out / REPORT).write_text(report_of(copy, scope, examined), encoding="utf-8", newline="\n")
    with Archive.read(copy) as archive:
        head = head_line(newest_seal(archive))
    (out / HEAD).write_text(f"{head}\n", encoding="utf-8", newline="\n")
    (out / README).write_text(_readme(package), encoding="utf-8", newline="\n")
    files = sorted(file for file in out.rglob("*") if file.is_file())
    write_digests(out, files, "sha256", MANIFEST)
    untold = sum(one.level is Level.OPEN for one in examined.findings)
    return Handover(head, count, warc_files, len(files), untold)


def first_fault(examined: Examination) -> str:
    """Return the first thing that is wrong and how many more there are, "" where nothing is."""
    faults = [f"{one.check}: {one.what}" for one in examined.findings if one.level is Level.FAULT]
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    return f"{faults[0]}{more}" if faults else ""


def _readme(package: str) -> str:
    contents = {
        COPY: "整个档案，SQLite 文件，可用 zhijiang、sqlite3、DB Browser 打开",
        f"{EVIDENCE}/": "证据文件（WARC）：采集到的每个回应，一字未改",
        f"{package}/": PACKAGES[package][0],
        REPORT: "移交时对这份档案做的检测，可打印签字",
        HEAD: "档案的封签：一行",
        MANIFEST: "每个文件的 SHA-256",
    }
    names = {"copy": COPY, "evidence": EVIDENCE, "head": HEAD, "manifest": MANIFEST}
    return _README.format(
        contents="".join(f"{name}\n    {what}\n" for name, what in contents.items()),
        tables=_TABLES.format(**names) if package == "bag" else "",
        version=version("zhijiang"),
        **names,
    )
