"""An archive from JSON Lines: the articles and what belongs to them."""

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from pathlib import Path

from archive.export.jsonl import AGENTS, MEDIA_TYPES, RECORDS, TYPE, face_columns
from archive.importer.json_node import Node, parsed_json
from archive.importer.loader import Loader, PackageError, Row, SourceLocation, Value, known_schema
from archive.model.article import Article
from archive.store.schema import SCHEMA
from archive.store.versions import VERSION_COLUMNS, VERSION_FIELDS, fields_sha256

_CRAWLS = ("crawl_id", "first_crawl", "last_crawl", "backlog_crawl", "swept_crawl")


_KINDS = {name: kind for kind, name in MEDIA_TYPES.items()}


_OPTIONAL = frozenset(fact.name for fact in fields(Article) if fact.default is not MISSING)
"""Fields of an article that may be empty; their properties are left out then."""


_NO_NUMBER = 7
"""The schema of lines that name none: those of version 0.1.0."""


def lines_schema(file: Path) -> int:
    """Return the schema that a JSON Lines file was written under; its first line tells.  Raises ``PackageError``."""
    return next((known_schema(_schema(line), str(line.place)) for line in _lines(file)), SCHEMA)


def _lines(file: Path) -> Iterator[Node]:
    with file.open("rb") as lines:
        if lines.peek(1)[:1] not in (b"{", b"[", b"\n", b"\r", b" ", b""):
            raise PackageError(
                f"{file.name}: is no JSON Lines file; give what zhijiang export jsonl wrote, or the folder of"
                " zhijiang export csv --raw (of a bag: data/tables)"
            )
        for number, line in enumerate(lines, 1):
            if line.strip():
                place = SourceLocation(file.name, number)
                node = Node(parsed_json(line, place), place)
                if node.scalar("@type", None) != TYPE:
                    raise node.fault("@type", f"is not {TYPE}: no export of zhijiang")
                yield node


def _schema(line: Node) -> Value:
    return line.node("zhijiang").scalar("schema", _NO_NUMBER)


def load_lines(load: Loader, file: Path) -> None:
    """Load every article of a JSON Lines file into an archive of its schema.  Raises ``PackageError``."""
    for line in _lines(file):
        if _schema(line) != load.schema:
            reason = f"is {_schema(line)}, and {load.schema} in the first line: two exports, import them one by one"
            raise line.node("zhijiang").fault("schema", reason)
        _load_article(load, line)
    if not load.counts["article"]:
        raise PackageError(f"{file.name}: holds no article")
    load.date_crawls()


def _load_article(load: Loader, line: Node) -> None:
    """Write what a line tells of an article."""
    ours = line.node("zhijiang")
    if not ours.nodes("article_version"):
        raise ours.fault(
            "article_version",
            "tells no version: of a restricted article there is title and date only; export again with --all",
        )
    rest, columns = ours.node("article"), load.columns["article"]
    face = {
        column: line.scalar(name, *([""] if column in _OPTIONAL else []))
        for column, name in face_columns().items()
        # an earlier schema may lack the column, an earlier program may not have known its word
        if column in columns and not rest.has(column)
    }
    face["source"] = line.node("sourceOrganization").scalar("name") if line.has("sourceOrganization") else ""
    article = rest.row(_without(columns, *face), {}) | face
    number, site = article["article_id"], article["site"]
    for table in RECORDS:
        if table == "article_version":
            load.add("article", article, line.place)
        for node in ours.nodes(table):
            columns = load.columns.get(table, [])
            if table == "capture":
                row = node.row([*_without(columns, "warc_id"), "warc"], {})
                name = row.pop("warc")
                row["warc_id"] = (
                    None if name is None else load.warc_file(name, row["crawl_id"], site, node.place)
                )
            elif table in ("article_version", "absence", "appraisal"):
                same = {name: article[name] for name in VERSION_COLUMNS} if table == "article_version" else {}
                row = {"article_id": number, **node.row(_without(columns, "article_id"), same)}
                if table == "article_version":
                    _check_text(row, node)
            else:
                row = node.row(columns, {})
            for column in _CRAWLS:
                if row.get(column) is not None:
                    load.crawl(row[column], site, node.place)
            load.add_shared(table, row, node.place)
    _load_parts(load, line, number)


def _check_text(version: Row, node: Node) -> None:
    """Refuse a text that is not the one its digest was made of: JSON Lines have no other guard."""
    texts = {name: version[name] for name in VERSION_FIELDS}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise node.fault(name, f"{value!r} is no text")
    if fields_sha256(texts) != version["content_sha256"]:
        raise node.fault(
            "content_sha256", "this version of the text has another SHA-256: one of both was changed"
        )


def _load_parts(load: Loader, line: Node, number: Value) -> None:
    """Write an article's credits, pictures and attachments."""
    credits = [(node, agent) for agent in AGENTS for node in line.nodes(agent)]
    for node, agent in sorted(credits, key=lambda credit: str(credit[0].scalar("position")).zfill(9)):
        name, ours = node.node(agent), node.node("zhijiang")
        row = {
            "seq": node.scalar("position"),
            "label": ours.scalar("label"),
            "role": node.scalar("roleName"),
            "name": name.scalar("name"),
            "org": name.scalar("affiliation", None),
            "position": ours.scalar("position"),
            "rule": ours.scalar("rule"),
        }
        load.add("credit", {"article_id": number, **row}, node.place)
    for node in line.nodes("image"):
        row = {
            "seq": node.scalar("position"),
            "url": node.scalar("contentUrl"),
            "caption": node.scalar("caption"),
        }
        paragraph = node.node("zhijiang").scalar("paragraph")
        load.add("image", {"article_id": number, **row, "paragraph": paragraph}, node.place)
    for node in line.nodes("associatedMedia"):
        kind = _KINDS.get(str(node.scalar("@type")))
        if kind is None:
            raise node.fault("@type", f"is none of {', '.join(_KINDS)}")
        row = {"seq": node.scalar("position"), "url": node.scalar("contentUrl"), "text": node.scalar("name")}
        load.add("attachment", {"article_id": number, "kind": kind, **row}, node.place)


def _without(columns: Sequence[str], *left_out: str) -> list[str]:
    return [name for name in columns if name not in left_out]
