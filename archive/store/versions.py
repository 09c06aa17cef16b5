"""Versions: what tells two texts of an article apart, and how far apart they are."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from archive.model.article import Article
from archive.text_diff import count_changed, diff_field

VERSION_FIELDS = (
    "title",
    "kicker",
    "subtitle",
    "section",
    "published_raw",
    "source",
    "body",
    "credit_line",
    "images",
)
"""What makes a version, in the order in which the digest takes it."""
TEXTS = ("kicker", "title", "subtitle", "body", "credit_line")
"""Fields whose characters are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions."""

    fields: tuple[str, ...]
    """Names of the fields that differ, in the order of ``version_fields``."""
    added: int
    """Characters added to titles, text and credit line: those that the reading room marks."""
    removed: int
    minor: bool
    """Only blanks, punctuation or full and half width differ."""


def version_fields(article: Article) -> dict[str, str]:
    """Return what makes a version.

    Not its address, which differs from list to list, and not the parsed credits, which are our reading of the
    credit line: a better reading is no change of the article.
    """
    return {
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "section": article.section,
        "published_raw": article.published_raw,
        "source": article.source,
        "body": "\n".join(article.body),
        "credit_line": article.credit_line,
        "images": _json([[image.url, image.caption] for image in article.images]),
    }


def content_sha256(article: Article) -> str:
    """Return the digest that tells two texts of an article apart."""
    return fields_sha256(version_fields(article))


def fields_sha256(fields: Mapping[str, str]) -> str:
    """Return the SHA-256 over the JSON of ``VERSION_FIELDS``, UTF-8, in that order."""
    ordered = {name: fields[name] for name in VERSION_FIELDS}
    return hashlib.sha256(_json(ordered).encode("utf-8", "surrogatepass")).hexdigest()


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Change:
    """Tell what changed between the fields of two versions."""
    fields = tuple(name for name in after if before[name] != after[name])
    added = removed = 0
    for name in TEXTS:
        if name in fields:
            more, less = count_changed(diff_field(before[name], after[name]))
            added, removed = added + more, removed + less
    minor = all(_bare(before[name]) == _bare(after[name]) for name in fields)
    return Change(fields, added, removed, minor)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bare(text: str) -> str:
    """Return the letters and digits of a text, half width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")
