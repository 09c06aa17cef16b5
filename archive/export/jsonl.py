"""JSON Lines: one schema.org NewsArticle a line, with all that is known of it.

What schema.org has a word for stands under that word.  Everything else stands in ``zhijiang``: rows of the
archive's tables, which the data dictionary explains, and the number of their schema.  ``zhijiang import`` reads
both.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from archive.export.selection import ArticleStream
from archive.export.tables import BELONGS, CHOSEN, primary_key
from archive.model.article import MediaType, Role, RoleGroup
from archive.store.dictionary import entries
from archive.store.versions import VERSION_COLUMNS

TYPE = "NewsArticle"
_COMPOSED = ("kind", "section", "published_on", "published_at", "source")
"""Columns of ``article`` whose property holds more than the column, or another form of it: see ``_face``."""
AGENTS = ("author", "editor", "contributor")
"""Properties that hold the credits."""
MEDIA_TYPES = {
    MediaType.VIDEO: "VideoObject",
    MediaType.AUDIO: "AudioObject",
    MediaType.FILE: "MediaObject",
}
RECORDS = (
    "section",
    "listing",
    "capture",
    "article_version",
    "absence",
    "held",
    "same_text",
    "appraisal",
    "media",
    "media_address",
)
"""Tables whose rows stand in ``zhijiang``, those that others refer to first."""

_CONTEXT = ["https://schema.org", {"zhijiang": {"@id": "urn:zhijiang:record", "@type": "@json"}}]
_BELONGS = {
    **BELONGS,
    "section": "section_id IN (SELECT s.section_id FROM article a CROSS JOIN listing l ON l.key = a.key"
    " JOIN section s ON s.section_id = l.section_id AND s.site = a.site WHERE a.article_id IN chosen)",
}

_AGENT = {RoleGroup.CREATE: "author", RoleGroup.EDIT: "editor"}
_AGENT_OF = {str(role): _AGENT.get(role.group, "contributor") for role in Role}

_Row = dict[str, Any]


@cache
def face_columns() -> Mapping[str, str]:
    """Return column of ``article`` → the property of schema.org that holds it; one that is "" is left out."""
    return {
        entry.column: entry.schema_org
        for entry in entries()
        if entry.table == "article" and entry.column not in ("", *_COMPOSED) and entry.schema_org
    }


def write_jsonl(articles: ArticleStream, path: Path) -> int:
    """Write the chosen articles, one JSON object a line: UTF-8, its keys always in the same order.

    Returns the number of articles.  Raises ``FileExistsError``.
    """
    columns = articles.columns("article")
    reader = _Reader(articles)
    count = 0
    with path.open("x", encoding="utf-8", newline="\n") as file:
        for row in articles.rows("article"):
            line = reader.line(dict(zip(columns, row, strict=True)))
            file.write(json.dumps(line, ensure_ascii=False, default=_text) + "\n")
            count += 1
    return count


class _Reader:
    """Reads what belongs to an article."""

    def __init__(self, articles: ArticleStream) -> None:
        self._archive = articles.archive
        self._records = {
            table: f"WITH RECURSIVE chosen(article_id) AS (SELECT ?), {CHOSEN} SELECT * FROM {table}"
            f" WHERE {_BELONGS[table]} ORDER BY {', '.join(primary_key(articles, table))}"
            for table in RECORDS
        }
        self._schema = self._archive.connection.execute("PRAGMA user_version").fetchone()[0]
        self._files = dict(self._archive.connection.execute("SELECT warc_id, name FROM warc_file"))

    def line(self, article: _Row) -> _Row:
        """Return the object of an article."""
        article_id = article["article_id"]
        parts = {
            table: self._rows(f"SELECT * FROM {table} WHERE article_id = ? ORDER BY seq", article_id)
            for table in ("credit", "image", "attachment")
        }
        records = {table: self._rows(sql, article_id) for table, sql in self._records.items()}
        for capture in records["capture"]:
            capture["warc"] = self._files.get(capture.pop("warc_id"))
        face = _face(article, parts, records)
        for version in records["article_version"]:
            for name in VERSION_COLUMNS:  # left out where they are the article's
                if version[name] == article[name]:
                    del version[name]
        for table in ("article_version", "absence", "appraisal"):
            for record in records[table]:
                del record["article_id"]
        rest = {name: value for name, value in article.items() if name not in {*face_columns(), "source"}}
        return {**face, "zhijiang": {"schema": self._schema, "article": rest, **records}}

    def _rows(self, sql: str, article_id: int) -> list[_Row]:
        return list(self._archive.rows(sql, [article_id]))


def _face(article: _Row, parts: Mapping[str, list[_Row]], records: Mapping[str, list[_Row]]) -> _Row:
    """Return what schema.org has words for."""
    properties = {name: article[column] for column, name in face_columns().items() if article[column] != ""}
    sections = [article["section"], *(row["name"] for row in records["section"] if row["kind"] == "section")]
    versions, captures = records["article_version"], {row["capture_id"]: row for row in records["capture"]}
    current = versions[-1] if versions else {}
    capture = captures.get(current.get("capture_id"))
    media = {row["media_id"]: row for row in records["media"]}
    files = {row["url"]: media[row["media_id"]] for row in records["media_address"]}
    face = {
        "@context": _CONTEXT,
        "@type": TYPE,
        **properties,
        "datePublished": article["published_at"] or article["published_on"],
        "dateModified": current.get("seen_at") if len(versions) > 1 else None,
        "articleSection": list(dict.fromkeys(filter(None, sections))),
        "inLanguage": "zh-CN",
        "sourceOrganization": {"@type": "Organization", "name": article["source"]}
        if article["source"]
        else None,
        **{
            agent: [
                _credit(row, agent)
                for row in parts["credit"]
                if _AGENT_OF.get(row["role"], "contributor") == agent
            ]
            for agent in AGENTS
        },
        "image": [_image(row, files.get(row["url"], {})) for row in parts["image"]],
        "associatedMedia": [_attachment(row) for row in parts["attachment"]],
        "isBasedOn": capture
        and {"@type": "WebPage", "url": capture["url"], "identifier": capture["record_id"]},
        "archivedAt": capture and capture["warc"],
    }
    return {name: value for name, value in face.items() if value not in (None, [])}


def _credit(row: _Row, agent: str) -> _Row:
    # no @type: a name is a string as printed, of a person or of a unit
    name = {"name": row["name"]} | ({"affiliation": row["org"]} if row["org"] is not None else {})
    ours = {"label": row["label"], "position": row["position"], "rule": row["rule"]}
    return {"@type": "Role", "position": row["seq"], "roleName": row["role"], agent: name, "zhijiang": ours}


def _image(row: _Row, file: _Row) -> _Row:
    image = {
        "@type": "ImageObject",
        "position": row["seq"],
        "contentUrl": row["url"],
        "caption": row["caption"],
    }
    if file:
        image |= {"encodingFormat": file["mime"], "contentSize": str(file["bytes"]), "sha256": file["sha256"]}
    return {**image, "zhijiang": {"paragraph": row["paragraph"]}}


def _attachment(row: _Row) -> _Row:
    kind = MEDIA_TYPES.get(row["kind"], "MediaObject")
    return {"@type": kind, "position": row["seq"], "contentUrl": row["url"], "name": row["text"]}


def _text(value: Any) -> str:
    """Return the text of bytes, which a stranger wrote where text belongs."""
    return bytes(value).decode(errors="replace")
