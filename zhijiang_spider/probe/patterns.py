"""Regular expressions for a profile, written from addresses that are known to belong together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from zhijiang_spider.probe.addresses import Kind, family_of, parts_of

ANY_FOLDERS = r"(?:[\w-]+/)*"
_NUMBERS = (r"\d+", "[0-9a-f]+", "[0-9A-Za-z]+", "[0-9A-Za-z-]+")
_SLUG = r"[\w-]*-[\w-]+"
_WORD = r"(?:[\w-]|%[0-9A-Fa-f]{2})+"
_YEAR = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")
_SHORT_NUMBER = 5
"""Digits of a number up to which a system may begin again every day: with the day it is the identity."""

Row = tuple[str, str]
"""(path and query, what the link is called)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for the path and query of an address."""

    before: str
    id: str
    """What tells one from another."""
    after: str

    @property
    def regex(self) -> str:
        """Return the whole, the identity as its group ``id``."""
        return f"^{self.before}(?P<id>{self.id}){self.after}"

    def key(self, path: str) -> str | None:
        """Return the identity in a path and query, None where they are none of these."""
        found = re.search(self.regex, path)
        return found["id"] if found else None


ANY = Pattern("", ".+", "")
"""Takes every address."""


def union(patterns: Sequence[Pattern]) -> Pattern:
    """Return one pattern for several kinds of addresses: what stands before the number is part of the identity then."""
    if len(patterns) == 1:
        return patterns[0]
    return Pattern("", "|".join(f"{one.before}(?:{one.id})(?={one.after})" for one in patterns), "")


# --- articles -------------------------------------------------------------------------------------------


def article_pattern(rows: Sequence[Row], folders: str = "") -> Pattern:
    """Return the pattern of addresses that are ``alike``.

    ``folders``: the pattern of the named folders before the numbers, "": those of the rows, or any below them.
    """
    split = [[*parts_of(path)] for path, _ in rows]
    pieces = [_piece(column) for column in zip(*split, strict=True)]
    pieces[0] = folders or pieces[0]
    first, last = _identity(split, [title for _, title in rows])
    end = "(?:$|&)" if "?" in rows[0][0] else r"(?:$|\?)"
    return Pattern(
        "".join(pieces[:first]), "".join(pieces[first : last + 1]), "".join(pieces[last + 1 :]) + end
    )


def query_pattern(rows: Sequence[Row]) -> Pattern | None:
    """Return the pattern of addresses with one path whose queries differ: one parameter is the identity.

    None where no number is in all of them.
    """
    titles = [title for _, title in rows]
    for pattern in _by_query([path for path, _ in rows]):
        keys = [pattern.key(path) or "" for path, _ in rows]
        if all(key.replace("-", "").isalnum() for key in keys) and not _is_ambiguous(
            keys, [path for path, _ in rows], titles
        ):
            return pattern
    return None


def folder_patterns(known: Sequence[str]) -> list[str]:
    """Return patterns for the folders that articles lie in, the widest first: any, any as deep, only those known."""
    if len(known) == 1:
        return [re.escape(known[0])]
    depths = {folder.count("/") for folder in known}
    as_deep = [r"/(?:[\w-]+/)" + f"{{{depths.pop() - 1}}}"] if len(depths) == 1 else []
    return [_any_folders(known), *as_deep, f"(?:{'|'.join(map(re.escape, known))})"]


def _any_folders(known: Sequence[str]) -> str:
    return re.escape(shared_folders(known)) + ANY_FOLDERS


def _piece(column: Sequence[tuple[Kind, str]]) -> str:
    kind, texts = column[0][0], [text for _, text in column]
    if kind is Kind.NUMBER:
        return next(number for number in _NUMBERS if all(re.fullmatch(number, text) for text in texts))
    if kind is Kind.SLUG:
        return _SLUG
    if len(set(texts)) == 1:
        return re.escape(texts[0])
    if kind is Kind.FOLDERS:
        return _any_folders(texts)
    return "(?:[A-Za-z]|%[0-9A-Fa-f]{2})+".join(map(re.escape, _LETTERS.split(texts[0])))


_LETTERS = re.compile("(?:[A-Za-z]|%[0-9A-Fa-f]{2})+")


def alike(path: str) -> str:
    """Return what paths must share to stand in one pattern: the same kinds in a row, the same marks between."""
    marks = (_LETTERS.sub("w", text) if kind is Kind.TEXT else kind.value for kind, text in parts_of(path))
    return "\0".join(marks)


def shared_folders(paths: Iterable[str]) -> str:
    """Return the folders that all paths begin with, ``/`` at least."""
    columns = zip(*(path.removesuffix("/").split("/") for path in paths), strict=False)
    return "/".join(names[0] for names in takewhile(lambda names: len(set(names)) == 1, columns)) + "/"


def _identity(split: Sequence[Sequence[tuple[Kind, str]]], titles: Sequence[str]) -> tuple[int, int]:
    """Return the first and the last part of the addresses that tell the articles apart.

    One number, the last of those that differ most; but a number that begins again each day or in each column
    tells articles apart only with those before it.
    """
    kinds = [kind for kind, _ in split[0]]
    changing = [n for n, kind in enumerate(kinds) if kind in (Kind.NUMBER, Kind.SLUG)]
    changing = changing or [*range(len(kinds))]  # words alone: the value of a parameter such as ?keywords=
    values = {n: [parts[n][1] for parts in split] for n in changing}
    best = max(changing, key=lambda n: (len(set(values[n])), n))
    whole = ["".join(text for _, text in parts) for parts in split]
    dated = next((n for n in changing if n < best and all(map(_YEAR.fullmatch, values[n]))), None)
    short = kinds[best] is Kind.NUMBER and max(map(len, values[best])) <= _SHORT_NUMBER
    if dated is not None and short:
        return dated, best
    if _is_ambiguous(values[best], whole, titles):
        return next(n for n in changing if len(set(values[n])) > 1), best
    return best, best


def _is_ambiguous(values: Sequence[str], whole: Sequence[str], titles: Sequence[str]) -> bool:
    """Tell whether most of the values that stand in several addresses stand for several articles."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for value, address, title in zip(values, whole, titles, strict=True):
        found[value][address] = title[:TITLE_START]
    several = [set(filter(None, titles.values())) for titles in found.values() if len(titles) > 1]
    return sum(len(titles) > 1 for titles in several) * 2 > len(several)


TITLE_START = 6
"""Characters of a title that are compared: a list may cut the rest."""


# --- sections -------------------------------------------------------------------------------------------


def section_patterns(paths: Sequence[str]) -> Iterator[Pattern]:
    """Yield patterns for the addresses of list pages, the widest first; the last knows these addresses only."""
    if "?" in paths[0]:
        yield from _by_query(paths)
    if len({alike(path) for path in paths}) == 1:
        yield from _by_number(paths)
    yield from _by_words(paths)
    yield Pattern("", "|".join(re.escape(path) for path in sorted(set(paths))), r"(?:$|[?&])")


def _by_query(paths: Sequence[str]) -> Iterator[Pattern]:
    """One parameter tells them apart, whatever stands before and behind it; others say what is done: ``a=lists``."""
    places = {path.partition("?")[0] for path in paths}
    queries = [dict(_pairs(path)) for path in paths]
    shared = [name for name in queries[0] if all(name in query for query in queries)]
    if len(places) > 1:
        return
    distinct = {name: len({query[name] for query in queries}) for name in shared}
    verbs = [name for name in shared if distinct[name] == 1 and re.fullmatch("[a-z_]+", queries[0][name])]
    place = re.escape(places.pop())
    looks = "".join(rf"(?=(?:.*&)?{name}={queries[0][name]}(?:&|$))" for name in verbs)
    for name in sorted(shared, key=lambda name: -distinct[name]):
        if name not in verbs:
            digits = all(query[name].isdigit() for query in queries)
            before = rf"{place}\?{looks}(?:.*&)?{re.escape(name)}="
            yield Pattern(before, r"\d+" if digits else "[^&]+", "(?:$|&)")


def _pairs(path: str) -> Iterator[tuple[str, str]]:
    for pair in path.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        yield name, value


def _by_number(paths: Sequence[str]) -> Iterator[Pattern]:
    """One number of the path names the section: of those that differ most the first, behind it stands the page's."""
    split = [[*parts_of(path)] for path in paths]
    pieces = [_piece(column) for column in zip(*split, strict=True)]
    numbers = [n for n, (kind, _) in enumerate(split[0]) if kind is Kind.NUMBER]
    for n in sorted(numbers, key=lambda n: (-len({parts[n][1] for parts in split}), n)):
        yield Pattern("".join(pieces[:n]), pieces[n], "".join(pieces[n + 1 :]) + r"(?:$|[?&])")


def _by_words(paths: Sequence[str]) -> Iterator[Pattern]:
    """Folders, or files of one kind, below what all of them share."""
    plain = [re.sub(r"(?<=/)index\.\w+$", "", path) for path in paths]
    if any("?" in path for path in paths) or len({family_of(path) for path in plain}) > 1:
        return
    folders = [path.removesuffix("/").rpartition("/")[0] + "/" for path in plain]
    start = re.escape(shared_folders(folders))
    if plain[0].endswith("/"):
        depths = {path.count("/") - shared_folders(folders).count("/") for path in plain}
        counts = ["+", *(f"{{{depth}}}" for depth in depths if len(depths) == 1)]
        for count in counts:
            yield Pattern(start, rf"(?:{_WORD}/){count}", r"(?:index(?:_\d+)?\.\w+)?$")
    else:
        ending = plain[0].rpartition("/")[2].partition(".")[2]
        after = rf"\.{ending}(?:$|\?)" if ending else r"/?(?:$|\?)"
        yield Pattern(start, rf"(?:{_WORD}/)*(?!index\b)[A-Za-z%]{_WORD[:-1]}*?", r"(?:[_-]\d+)?" + after)
