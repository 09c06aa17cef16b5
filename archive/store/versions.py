"""Versions: what tells two texts of an article apart, and how far apart they are."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.model.article import FIELDS, Article
from archive.store.as_seen import seen_images, seen_text
from archive.text_diff import common_ends, count_changed, diff_field

VERSION_FIELDS = tuple(name for name, kept in FIELDS.items() if kept.version)
"""What makes a version, in the order in which the digest takes it."""
VERSION_COLUMNS = tuple(name for name in VERSION_FIELDS if FIELDS[name].column)
"""Those that are columns of ``article``, too."""
TEXTS = tuple(name for name, kept in FIELDS.items() if kept.text)
"""Fields whose characters are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions."""

    fields: tuple[str, ...]
    """Names of the fields that differ to a reader, in the order of ``VERSION_FIELDS``."""
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
    return {name: FIELDS[name].write(getattr(article, name)) for name in VERSION_FIELDS}


def article_columns(article: Article) -> dict[str, Any]:
    """Return what an article tells of its row of the table ``article``."""
    return {name: kept.write(getattr(article, name)) for name, kept in FIELDS.items() if kept.column}


def content_sha256(article: Article) -> str:
    """Return the digest that tells two texts of an article apart."""
    return fields_sha256(version_fields(article))


def fields_sha256(fields: Mapping[str, str]) -> str:
    """Return the SHA-256 over ``fields_json``, UTF-8."""
    return hashlib.sha256(fields_json(fields).encode("utf-8", "surrogatepass")).hexdigest()


def fields_json(fields: Mapping[str, str]) -> str:
    """Return the JSON of ``VERSION_FIELDS``, in that order: one line."""
    return json.dumps({name: fields[name] for name in VERSION_FIELDS}, ensure_ascii=False)


def compare(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    looked_at: tuple[str, str] = ("", ""),
    same_date: bool = False,
) -> Change:
    """Tell what changed between the fields of two versions, in the eyes of a reader; no field if nothing did.

    ``looked_at``: when each of them was fetched (UTC, ISO 8601).
    ``same_date``: both printed dates say the same, as 3小时前 and 昨天 may.
    """
    apart = {name: _apart(before[name], after[name]) for name in after if before[name] != after[name]}
    fields = tuple(
        name
        for name, (old, new) in apart.items()
        if not (same_date and name == "published_raw")
        and (
            seen_images(before[name], looked_at[0]) != seen_images(after[name], looked_at[1])
            if name == "images"
            else seen_text(old) != seen_text(new)
        )
    )
    added = removed = 0
    for name in TEXTS:
        if name in fields:
            more, less = count_changed(diff_field(before[name], after[name]))
            added, removed = added + more, removed + less
    minor = all(_bare(old) == _bare(new) for old, new in (apart[name] for name in fields))
    return Change(fields, added, removed, minor)


def _apart(before: str, after: str) -> tuple[str, str]:
    """Return two texts without what they have in common at both ends, as far as Unicode's normal forms join nothing there.

    What is left is the same in a normal form, in the eyes of a reader, where the texts are: a long text costs what
    changed of it.
    """
    start, end = common_ends(before, after)
    while start and not _PARTS.match(before[start - 1]):
        start -= 1
    while end and not _PARTS.match(before[-end]):
        end -= 1
    return before[start : len(before) - end], after[start : len(after) - end]


_PARTS = re.compile(r"[\n\u4e00-\u9fff]")
"""Characters that a normal form keeps, and joins with none beside them."""


def _bare(text: str) -> str:
    """Return the letters and digits of a text, half width."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
