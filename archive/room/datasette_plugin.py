"""The researchers' door: Datasette on the archive, with the search and the words of the reading room.

Datasette's own search reads Chinese as one long word and finds nothing; here its search box asks
``archive.search``, so that both doors give the same answers.
"""

import socket
import sqlite3
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.plugins import pm
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from archive.room.app import answers_to
from archive.room.reading_copy import write_reading_copy
from archive.search.deadline import time_limit
from archive.search.errors import QueryError, SlowQueryError
from archive.search.language import parse_query
from archive.search.query import matching
from archive.store.access import restricted_ids, withhold_restricted
from archive.store.archive import Archive
from archive.store.dictionary import entries
from archive.store.errors import ArchiveError
from archive.store.read import archive_title

_TIMEOUT = 2.0
"""Seconds a reader waits for an archive that another program has locked."""
_SEARCH_SECONDS = 5.0
"""How long a search may take that is tried before Datasette asks for it; then, and for all other SQL, Datasette's own
limit holds, ``sql_time_limit_ms``."""
SEARCHED = {"article": "article_id", "article_version": "article_id", "credit": "article_id"} | dict.fromkeys(
    ("文章", "署名", "审稿", "变更", "已消失", "证据", "图片", "鉴定"), "编号"
)
"""Table or view → the column with the article's number, by which a search chooses its rows."""
_FACETS = {
    "文章": ["栏目", "来源", "状态"],
    "署名": ["职责", "类别"],
    "变更": ["类别"],
    "article": ["section", "source", "status", "kind"],
}
_SETTINGS = {
    "allow_download": False,
    "sql_time_limit_ms": 5_000,
    "facet_time_limit_ms": 1_000,
    "suggest_facets": False,
    "default_page_size": 50,
    "max_csv_mb": 0,
    "allow_signed_tokens": False,
}


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # its answer replaces Datasette's own
def filters_from_request(
    request: Any, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments]] | None:
    """Turn ``_search`` into a condition; what takes too long is refused before Datasette asks for it.

    Raises ``BadRequest`` for a query that cannot be read, ``DatasetteError`` for one that takes too long.
    """
    key = SEARCHED.get(table)
    if key is None:
        return None

    async def condition() -> FilterArguments:
        text = (request.args.get("_search") or "").strip()
        context = {"supports_search": True, "search": text}
        if not text:
            return FilterArguments([], {}, [], context)
        try:
            query = parse_query(text)
        except QueryError as error:
            raise BadRequest(f"检索式读不懂：{error}") from error

        def ask(connection: sqlite3.Connection) -> tuple[str, dict[str, Any]]:
            with time_limit(connection, query, _SEARCH_SECONDS):
                sql, parameters = matching(connection, query)
                connection.execute(f"SELECT count(*) FROM ({sql})", parameters).fetchone()
            numbers = count()
            named = "".join(f":zj{next(numbers)}" if c == "?" else c for c in sql)
            return f'"{key}" IN ({named})', {f"zj{n}": value for n, value in enumerate(parameters)}

        try:
            sql, parameters = await datasette.get_database(database).execute_fn(ask)
        except SlowQueryError as error:
            raise DatasetteError(str(error), title="检索太费时", status=503) from error
        return FilterArguments([sql], parameters, [f"检索 {text}"], context)

    return condition


def create_datasette(path: Path, *, show_restricted: bool = False) -> Datasette:
    """Return Datasette on an archive, told what everything in it means.

    Where articles are restricted it is on a copy without what is withheld of them, made now: whoever may ask SQL reaches
    every table of a file.  Raises ``ArchiveError``, ``OSError``.
    """
    shown, folder = path, ExitStack()
    with Archive.read(path) as archive, folder:
        archive.connection.execute("BEGIN")  # a copy is of one moment
        title = archive_title(archive)
        if not show_restricted and withhold_restricted(archive):
            shown = Path(folder.enter_context(TemporaryDirectory(prefix="zhijiang-"))) / path.name
            write_reading_copy(archive, shown)
        folder = folder.pop_all()
    if not pm.has_plugin("zhijiang"):
        # No module of ours: from Python 3.12 on Datasette would take the reading room's templates for its own.
        plugin = ModuleType("zhijiang_researchers")
        plugin.__dict__["filters_from_request"] = filters_from_request
        pm.register(plugin, name="zhijiang")
    datasette = Datasette([str(shown)], metadata=metadata(title, path.stem), settings=_SETTINGS)
    weakref.finalize(datasette, folder.close)
    return datasette


def metadata(title: str, database: str) -> Mapping[str, Any]:
    """Return what Datasette shows about tables and columns, out of the data dictionary."""
    tables: dict[str, dict[str, Any]] = {}
    for entry in entries():
        table = tables.setdefault(entry.table, {"columns": {}})
        if entry.column:
            table["columns"][entry.column] = "：".join(filter(None, (entry.name, entry.note)))
        else:
            table |= {"title": f"{entry.table} {entry.name}".strip(), "description": entry.note}
    for name, columns in _FACETS.items():
        tables.setdefault(name, {})["facets"] = columns
    hidden = ("article_fts_text", "article_fts_title_text", "article_fts_former_credit_now")
    for name in (*hidden, "检索", "检索编号", "检索旧版"):
        tables.setdefault(name, {})["hidden"] = True
    return {
        "title": f"{title}（供研究者）",
        "description": '检索框与阅览室用同一种检索式：空格表示都要有，-词 表示不要，"…" 表示原样，记者:姓名、栏目:名称、日期:2024-01..2024-03。',
        "databases": {database: {"tables": tables}},
    }


def run(
    path: Path, *, host: str, port: int, opened: Callable[[str], None], show_restricted: bool = False
) -> None:
    """Serve until interrupted; ``opened`` is told the address.  Raises ``ArchiveError``, ``OSError``."""
    with Archive.read(path) as archive:
        known = restricted_ids(archive)
    app = create_datasette(path, show_restricted=show_restricted).app()
    if not show_restricted:
        app = _until_restricted(app, path, known)
    with socket.create_server((host, port)) as listening:
        opened(f"http://{host}:{listening.getsockname()[1]}/{path.stem}")
        config = uvicorn.Config(_only_for(app, (host,)), log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])


def _until_restricted(app: Any, path: Path, known: frozenset[int]) -> Any:
    """Answer as long as no article is restricted besides the known ones."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            try:
                with Archive.read(path, timeout=_TIMEOUT) as archive:
                    more = restricted_ids(archive) - known
            except ArchiveError:
                await _refuse(send, 503, "档案正在写入或打不开，请过一会儿再看。")
                return
            if more:
                await _refuse(send, 503, "又有文章鉴定为控制件，请重新启动 zhijiang serve --datasette")
                return
        await app(scope, receive, send)

    return guarded


async def _refuse(send: Any, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})


def _only_for(app: Any, names: Sequence[str]) -> Any:
    """Answer only to these host names: a page elsewhere may point its own name at us."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if not answers_to(urlsplit(f"//{host}").hostname or "", names):
                await _refuse(send, 400, "不回答以这个主机名来的请求。")
                return
        await app(scope, receive, send)

    return guarded
