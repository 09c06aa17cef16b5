"""An archive with everything the reading room shows: versions, absences, pictures, and hostile text."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from archive import Archive, Article, Attachment, Credit, Image, Role
from archive.model.article import MediaType
from archive.model.crawl import FailureType, FetchFailure
from archive.model.plan import RecheckPolicy
from archive.room.copying import COPY_SCRIPT
from archive.store.articles import save_article, save_missing
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "</title></textarea></style><script src=//evil.invalid/x.js></script>",
    "<!--<script>-->&lt;b&gt;&amp;",
    '=HYPERLINK("http://evil.invalid")',
    "\u202eevil\u202c 从右到左",
)
URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.invalid/",
)


class _Client(FlaskClient):
    """A client that ends each answer as servers do; rows that are sent one by one keep the archive open till then."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


class _Compiled(BytecodeCache):
    """Templates that were compiled for one room are there for the next: half the time of a first page."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._known.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def client_of(app: Flask) -> FlaskClient:
    """Return a reader of the reading room or of the replay."""
    app.jinja_env.bytecode_cache = _COMPILED
    app.test_client_class = _Client
    return app.test_client()


def without_own_scripts(page: str) -> str:
    """Return a page without what its elements ``script`` may be: data that is JSON, and the button that copies."""

    def judged(found: re.Match[str]) -> str:
        if found[1]:
            assert json.loads(found[2])["@context"] == "https://schema.org"
            assert "<" not in found[2]
        else:
            assert found[2] == COPY_SCRIPT
        return ""

    return re.sub(r'<script( type="application/ld\+json")?>(.*?)</script>', judged, page, flags=re.DOTALL)


def make_archive(demo: Path, folder: Path) -> Path:
    """Copy the demo's archive and add what a single crawl of it cannot show."""
    path = folder / "room.db"
    shutil.copy(demo, path)
    shutil.copytree(demo.with_suffix(".warc"), path.with_suffix(".warc"))
    with Archive.open(path, create=False) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for article in _articles():
            save_article(archive, article, crawl)
        [(url,)] = archive.connection.execute("SELECT min(url) FROM media_address")
        again = replace(ARTICLE, key="again", title="又用了一次的图片", images=(Image(url, "另一种图说", 1),))
        save_article(archive, again, crawl)
        missing = [
            FetchFailure(
                "yunting",
                "u",
                FailureType.ARTICLE,
                "HTTP 404",
                f"2024-12-{day:02}T00:00:00Z",
                key="edited",
                missing=True,
            )
            for day in (1,)
        ]
        save_missing(archive, missing, crawl, RecheckPolicy(gone_days=0, gone_looks=1))
        returned = replace(ARTICLE, key="back", title="找不到又回来的一篇")
        save_article(archive, returned, crawl)
        save_missing(
            archive,
            [
                FetchFailure(
                    "yunting",
                    "u",
                    FailureType.ARTICLE,
                    "HTTP 410",
                    "2024-12-01T00:00:00Z",
                    key="back",
                    missing=True,
                )
            ],
            crawl,
            RecheckPolicy(gone_days=0, gone_looks=1),
        )
        save_article(archive, replace(returned, fetched_at="2024-12-05T00:00:00Z"), crawl)
    return path


def _articles() -> Iterator[Article]:
    first = replace(ARTICLE, key="edited", title="会改的一篇", images=())
    yield first
    yield replace(
        first,
        title="改过的一篇",
        body=("11月2日，云汀县柑橘开园。", "今年预计产量三万二千吨。", "新添的一段。"),
        credit_line=ARTICLE.credit_line.replace("乔安", "邵青林"),
        fetched_at="2024-11-03T01:00:00Z",
    )
    yield replace(
        first,
        title="改过的一篇",
        body=("11月2日，云汀县柑橘开园！", "今年预计产量三万二千吨。", "新添的一段。"),
        credit_line=ARTICLE.credit_line.replace("乔安", "邵青林"),
        fetched_at="2024-11-04T01:00:00Z",
    )
    for number, text in enumerate(HOSTILE):
        url = URLS[number % len(URLS)]
        yield replace(
            ARTICLE,
            key=f"hostile{number}",
            url=url,
            title=f"敌意 {text}",
            kicker=text,
            subtitle=text,
            section=text,
            source=text,
            body=(text, "正文第二段。"),
            credit_line=f"记者丨{text}",
            credits=(Credit(text, Role.REPORTER, text, text),),
            images=(Image(url, text, 1),),
            attachments=(Attachment(url, MediaType.FILE, text),),
        )
    yield replace(
        ARTICLE, key="undated", title="没有日期的一篇", published_on=None, published_raw="日前", body=()
    )
    yield replace(
        ARTICLE, key="long", title="很长的一篇", body=tuple(f"第{n}段，" + "长" * 390 for n in range(100))
    )
