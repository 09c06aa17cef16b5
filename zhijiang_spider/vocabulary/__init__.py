"""The words by which pages of Chinese news sites are read, as data.

A ``.toml`` file here is a subject, a table in it a group: ``words``, simplified, one a line, and ``seen``,
where such words stand or why they are there.  A word is added by adding its line; every pattern is built from
the words by ``alternation``, and finds their traditional spellings too.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product


def words(*groups: str) -> tuple[str, ...]:
    """Return the words of groups (``pagers.next``: the table ``next`` of ``pagers.toml``), each once, in order.

    Raises KeyError for a group, FileNotFoundError for a subject that is not there.
    """
    found: dict[str, None] = {}
    for group in groups:
        subject, _, name = group.partition(".")
        found.update(dict.fromkeys(read_subject(subject)[name]))
    return tuple(found)


def spellings(*groups: str) -> frozenset[str]:
    """Return the words of groups in every spelling, simplified and traditional, for comparing whole texts."""
    return frozenset(
        "".join(spelling)
        for word in words(*groups)
        for spelling in product(*(char + traditional_forms().get(char, "") for char in word))
    )


def any_of(*groups: str, traditional: bool = True) -> str:
    """Return a regular expression for the words of groups: see ``alternation``."""
    return alternation(words(*groups), traditional=traditional)


def alternation(words: Iterable[str], *, between: str = "", traditional: bool = True) -> str:
    """Return a regular expression, one group, that matches any of the words, the longest that fits first.

    ``between`` is an expression for what may stand between the characters of a word; without ``traditional``
    only the spelling given is matched, for texts that are simplified already.
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[_END] = {}
    if not tree:
        raise ValueError("an alternation of no words would match everywhere")
    return _branches(tree, between, traditional_forms() if traditional else {})


_Tree = dict[str, "_Tree"]
"""Character → what may follow it.  Words that begin alike share their branch, which is far faster to match."""
_END = ""
"""Marks in a tree that a word may end here."""


def _branches(tree: _Tree, between: str, forms: Mapping[str, str]) -> str:
    ways = []
    for char, rest in tree.items():
        if char == _END:
            continue
        way = f"[{char}{forms[char]}]" if char in forms else re.escape(char)
        if rest.keys() - {_END}:
            tail = between + _branches(rest, between, forms)
            way += f"(?:{tail})?" if _END in rest else tail
        ways.append(way)
    return f"(?:{'|'.join(ways)})"


@cache
def read_subject(name: str) -> dict[str, tuple[str, ...]]:
    """Return the groups of a subject, each with its words."""
    with open(_beside(f"{name}.toml"), "rb") as file:
        tables = tomllib.load(file)
    return {group: tuple(table["words"]) for group, table in tables.items()}


@cache
def traditional_forms() -> dict[str, str]:
    """Return simplified character → its traditional forms: 里 → 裏裡.  ``make_traditional`` writes the file."""
    with open(_beside("traditional.txt"), encoding="utf-8") as file:
        return {line[0]: line[1:].rstrip("\n") for line in file if not line.startswith("#")}


@cache
def simplified() -> dict[int, int]:
    """Return a table for ``str.translate`` that makes a text simplified, character for character."""
    return {ord(form): ord(char) for char, forms in traditional_forms().items() for form in forms}


def _beside(name: str) -> str:
    return os.path.join(
        os.path.dirname(__file__), name
    )  # pathlib would bring eight modules more to each start
