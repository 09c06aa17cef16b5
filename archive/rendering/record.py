"""The columns of an article by the names that the data dictionary gives them: for what a page shows nowhere else."""

import json
from collections.abc import Mapping
from typing import Any

from archive.store.dictionary import columns, describe
from archive.times import BEIJING, local_second


def record(article: Mapping[str, Any], *shown: str) -> list[tuple[str, str]]:
    """Return (Chinese name, value) of the columns of ``article`` that hold something, in their order.

    ``article``: a row, or what ``find_article`` gives.  ``shown``: columns that the reader is told elsewhere.
    A new column is told from the day it is there.
    """
    told = []
    for column in columns("article", *shown):
        entry, value = describe("article", column), article.get(column)
        assert entry is not None
        if value not in (None, "", [], "[]"):
            told.append((entry.name, _in_words(value, is_list=entry.json == "array", column=column)))
    return told


def _in_words(value: Any, *, is_list: bool, column: str) -> str:
    if is_list:
        return " › ".join(value if isinstance(value, list) else texts(value))
    if column.endswith("_at") and str(value).endswith("Z"):
        return f"{local_second(value)}{BEIJING}"
    return str(value)


def texts(value: str) -> list[str]:
    """Return the texts of a JSON array; what is none, because other software wrote it, as one text."""
    try:
        return [str(text) for text in json.loads(value)]
    except (ValueError, TypeError):
        return [value]
