"""WACZ 1.1.1: the captured pages of the chosen articles in one file, to be opened in ReplayWeb.page.

It holds what the articles were read from: their pages, further pages, pictures, and the captures that these repeat.
Records are copied byte for byte.  The list of pages comes from the archive, not from guessing.
"""

import hashlib
import json
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.warcwriter import WARCWriter

from archive.evidence.warc_reader import WarcError, find_file
from archive.export.selection import ArticleStream
from archive.export.tables import CHOSEN
from archive.rendering.remarks import Remark
from archive.store.captures import read_capture
from archive.store.named_pages import NamedPages
from archive.store.read import site_titles

_WARC = "data.warc.gz"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in it, so that the same archive gives the same bytes."""


def write_wacz(articles: ArticleStream, path: Path) -> int:
    """Write a package; return the number of articles in it, those without captures too.

    Counts in ``articles.remarks`` the captures whose bytes are not there.  Raises ``FileExistsError``.
    """
    newest = articles.archive.connection.execute(
        "SELECT captured_at FROM capture ORDER BY capture_id DESC LIMIT 1"
    ).fetchone()
    created = newest[0] if newest else "1970-01-01T00:00:00Z"
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, zipfile.ZipFile(path, "x") as package:
        warc, index, blocks = (Path(folder) / name for name in (_WARC, "index.idx", "index.cdx.gz"))
        _write_warc(articles, warc, created)
        _write_index(warc, index, blocks)
        pages = Path(folder) / "pages.jsonl"
        count = _write_pages(articles, pages)
        resources = []
        for name, file in (
            (f"archive/{_WARC}", warc),
            ("indexes/index.cdx.gz", blocks),
            ("indexes/index.idx", index),
            ("pages/pages.jsonl", pages),
        ):
            _add(package, name, file)
            resources.append(_resource(name, file))
        description = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": _title(articles),
            "created": created,
            "software": f"zhijiang {version('zhijiang')}",
            "resources": resources,
        }
        text = json.dumps(description, ensure_ascii=False, indent=1).encode() + b"\n"
        _add_bytes(package, "datapackage.json", text)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        _add_bytes(package, "datapackage-digest.json", json.dumps(digest).encode() + b"\n")
    return count


def _title(articles: ArticleStream) -> str:
    names = "、".join(site_titles(articles.archive).values())
    chosen = articles.selection.in_chinese()
    return f"{names} 新闻档案" + (f"（{chosen}）" if chosen else "")


# --- records ---------------------------------------------------------------------------------------------


def _write_warc(articles: ArticleStream, path: Path, created: str) -> None:
    """Copy the records of the chosen articles, in the order in which they were captured, behind a warcinfo."""
    condition, parameters = articles.condition("article_id")
    rows = articles.archive.connection.execute(
        f"""WITH RECURSIVE chosen(article_id) AS (SELECT article_id FROM article WHERE {condition}), {CHOSEN}
            SELECT c.capture_id, c.kind, w.name, c.warc_offset FROM capture c JOIN warc_file w ON w.warc_id = c.warc_id
            WHERE c.capture_id IN used ORDER BY c.capture_id""",
        parameters,
    )
    named = NamedPages(articles.archive)
    with path.open("xb") as out:
        out.write(_warcinfo(articles, created))
        for capture, kind, name, offset in rows:
            try:
                if named.names_restricted(kind, partial(read_capture, articles.archive, capture)):
                    articles.remarks[Remark.LISTS_CONTROLLED] += 1
                    continue
                with find_file(articles.archive.warc_folder, name).open("rb") as file:
                    file.seek(offset)
                    for member in _members(file, 2):  # the answer, and the request behind it
                        out.write(member)
            except (WarcError, OSError, zlib.error):
                articles.remarks[Remark.NO_BYTES] += 1


def _warcinfo(articles: ArticleStream, created: str) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {
        "software": f"zhijiang {version('zhijiang')}",
        "format": "WARC File Format 1.1",
        "isPartOf": _title(articles),
    }
    record = writer.create_warcinfo_record(_WARC, info)
    record.rec_headers.replace_header("WARC-Date", created)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{created} {_title(articles)}")
    record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{name}>")
    writer.write_record(record)
    return bytes(out.getvalue())


def _members(file: BinaryIO, wanted: int) -> Iterator[bytes]:
    """Yield the next gzip members of a file as they are.  Raises ``zlib.error``, ``OSError``."""
    rest = b""
    for _ in range(wanted):
        member = zlib.decompressobj(31)
        copied = []
        while not member.eof:
            data = rest or file.read(1 << 16)
            rest = b""
            if not data:
                raise zlib.error("the record is cut off")
            member.decompress(data)
            rest = member.unused_data
            copied.append(data[: len(data) - len(rest)] if member.eof else data)
        yield b"".join(copied)


def _write_index(warc: Path, index: Path, blocks: Path) -> None:
    """Write a compressed CDXJ index of the records, and the index of its blocks."""
    from cdxj_indexer.main import CDXJIndexer  # here: it is slow to import, and no other command needs it

    heads = StringIO()
    with blocks.open("xb") as out:
        CDXJIndexer(
            heads, [str(warc)], sort=True, compress=out, data_out_name="index.cdx.gz", fields="referrer"
        ).process_all()
    index.write_text(heads.getvalue(), encoding="utf-8", newline="\n")


# --- pages -----------------------------------------------------------------------------------------------


def _write_pages(articles: ArticleStream, path: Path) -> int:
    """Write the list of pages: every version of every chosen article that has a capture.  Returns the articles."""
    versions = articles.parts("article_version", ("number", "title", "body", "capture_id"), order="number")
    captures = articles.archive.connection.execute
    count = 0
    with path.open("x", encoding="utf-8", newline="\n") as file:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "文章"}
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        for (article_id,) in articles.rows("article", columns=("article_id",)):
            count += 1
            for _, number, title, body, capture in versions.of(article_id):
                row = captures(
                    "SELECT url, captured_at FROM capture WHERE capture_id = ?", (capture,)
                ).fetchone()
                if row is None:
                    continue
                page: dict[str, Any] = {
                    "id": f"a{article_id}v{number}",
                    "url": row[0],
                    "ts": row[1],
                    "title": title,
                    "text": body,
                }
                file.write(json.dumps(page, ensure_ascii=False) + "\n")
    return count


# --- the file --------------------------------------------------------------------------------------------


def _resource(name: str, file: Path) -> dict[str, Any]:
    with file.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return {
        "name": name.rsplit("/", 1)[-1],
        "path": name,
        "hash": f"sha256:{digest}",
        "bytes": file.stat().st_size,
    }


def _add(package: zipfile.ZipFile, name: str, file: Path) -> None:
    """Add a file; what is compressed already is stored as it is, so that players can read parts of it."""
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".gz", ".idx")) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with file.open("rb") as data, package.open(info, "w", force_zip64=file.stat().st_size > 2**31) as out:
        while part := data.read(1 << 20):
            out.write(part)


def _add_bytes(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    package.writestr(info, data)
