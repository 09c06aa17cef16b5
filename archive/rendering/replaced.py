"""What replaced a former version, in a sentence: which fields changed, whose credit became whose, which figure another one."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from archive.model.article import Role
from archive.search.former import Former, FormerVersion
from archive.search.language import ASK_FORMER
from archive.store.dictionary import entries
from archive.store.versions import VERSION_FIELDS
from archive.text_diff import Op, diff_field
from archive.times import local_time

FIELDS = {
    entry.column: entry.name.removesuffix("原文")
    for entry in entries()
    if entry.table == "article_version" and entry.column in VERSION_FIELDS
}
"""Field of a version → what it is called here."""
_FEW = 3
"""Altered passages that a sentence tells."""
_SHORT = 20
"""Characters of a passage that a sentence tells."""
_MUCH = 200
"""Characters that came and went of which no passage is told."""
_VALUE = 40
"""Characters of a section, a source or a printed date that a sentence tells."""
_SIGN = "[0-9０-９a-zA-Z]"
_MINUS = "[-−－+＋±]"
_BEFORE = re.compile(f"(?:(?<!{_SIGN}){_MINUS})?(?:{_SIGN}[.．,，]?)*$")
_BEHIND = re.compile(f"^(?:[.．,，]?{_SIGN})*(?:[%％]|[百千万亿]*[\u4e00-\u9fff]?)")
"""The rest of a figure, with its unit of one character."""


def what_replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Tell what differs between a row of ``article_version`` and that of the next version, without full stop.

    ``改了正文、署名：三审 甲→乙，4100万元→4700万元``; where passages are long or many, the first short ones, 等, and how many
    characters came and went in all: ``改了正文：4100万元→4700万元等，共增 210 字，删 35 字``.
    """
    changed = json.loads(after["changed"])
    passages, all_told = _passages(before, after)
    told = [*_credits(before, after), *_values(before, after, changed), *passages]
    if not (all_told and told) and after["added"] + after["removed"]:
        told.append(f"{'共' if told else ''}增 {after['added']} 字，删 {after['removed']} 字")
    fields = "、".join(FIELDS[name] for name in changed) or "文本"
    return f"改了{fields}：{'，'.join(told)}" if told else f"改了{fields}"


def former_found(text: str, found: Former) -> dict[str, Any]:
    """Return what is told of former versions beside a search, and the query that shows them.  ``text``: the search."""
    if found.unsearched:
        return {"total": None, "reason": found.unsearched}
    return {"total": len(found.articles), "query": f"{text} {ASK_FORMER}"}


def told_of(former: FormerVersion) -> str:
    """Tell which version was found, when another one replaced it and what that changed, without full stop."""
    return (
        f"第 {former.number} 版，北京时间 {local_time(former.after['seen_at'])} 被第 {former.after['number']} 版替换："
        f"{what_replaced(former.before, former.after)}"
    )


def former_json(former: FormerVersion) -> dict[str, Any]:
    """Return what programs are told of a former version that was found."""
    return {
        "version": former.number,
        "title": former.before["title"],
        "replaced_by": former.after["number"],
        "replaced_at": former.after["seen_at"],
        "what": what_replaced(former.before, former.after),
    }


def _credits(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = (_names(version) for version in (before, after))
    for role in Role:
        was, now = (names.get(role, []) for names in (old, new))
        if was != now:
            yield f"{role} {'、'.join(was) or '无'}→{'、'.join(now) or '无'}"


def _names(version: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    names: dict[str, list[str]] = {}
    for _label, role, name, _org in json.loads(version["credits"]):
        if name not in names.setdefault(role, []):
            names[role].append(name)
    return names


def _values(before: Mapping[str, Any], after: Mapping[str, Any], changed: Sequence[str]) -> Iterator[str]:
    """Yield what became what in the fields that are one value, and how many pictures there were and are."""
    for name in ("section", "published_raw", "source"):
        if name in changed and max(len(before[name]), len(after[name])) <= _VALUE:
            called = f"{FIELDS[name]} " if len(changed) > 1 else ""
            yield f"{called}{before[name] or '无'}→{after[name] or '无'}"
    if "images" in changed:
        was, now = (len(json.loads(version["images"])) for version in (before, after))
        if was != now:
            yield f"{was} 张图片→{now} 张"
        yield from _captions(json.loads(before["images"]), json.loads(after["images"]))


def _captions(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield what became what in the captions of pictures that stayed, as far as they are short and few."""
    known = {url: caption or "" for url, caption in before}
    pairs = [(known[url], now or "") for url, now in after if url in known and known[url] != (now or "")]
    short = [pair for pair in pairs if max(map(len, pair)) <= _VALUE][:_FEW]
    more = "等" if len(short) < len(pairs) else ""
    if short:
        told = "，".join(f"{was or '无'}→{now or '无'}" for was, now in short)
        yield f"图说 {told}{more}"
    elif pairs:
        yield "图说"


def _passages(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Sequence[str], bool]:
    """Return what became what in titles and text, and whether that is all: long passages and many are not told."""
    moved = _moved(before["body"].split("\n"), after["body"].split("\n"))
    if not moved and after["added"] + after["removed"] > _MUCH:
        return (), False  # nor are long texts compared in vain
    found: list[tuple[str, str]] = []
    for name in ("title", "kicker", "subtitle", *(() if moved else ("body",))):
        for line in diff_field(before[name], after[name]) if before[name] != after[name] else ():
            found += _altered(line.pieces)
    gone, new = ({pair[place] for pair in found if not pair[1 - place]} for place in (0, 1))
    moved = moved or [was for was, now in found if not now and was in gone & new]
    found = [pair for pair in found if "".join(pair) not in moved or all(pair)]
    short = [pair for pair in found if all(len(text) <= _SHORT for text in pair)][:_FEW]
    told = [f"{was}→{now}" if was and now else f"删“{was}”" if was else f"添“{now}”" for was, now in short]
    told = list(dict.fromkeys(told))
    if told and any(pair not in short for pair in found):
        told[-1] += "等"
    if moved:
        told.append(f"移动{_quoted(moved)}")
    return told, len(short) == len(found)


def _moved(before: Sequence[str], after: Sequence[str]) -> Sequence[str]:
    """Return the paragraphs that stand elsewhere in a text that is the same but for their order, [] if it is another."""
    if before == after or Counter(before) != Counter(after):
        return []
    first = next(place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
    last = len(before) - next(n for n in count(1) if before[-n] != after[-n])
    old, new = before[first : last + 1], after[first : last + 1]
    if new == [*old[1:], old[0]]:
        return [old[0]]
    if new == [old[-1], *old[:-1]]:
        return [old[-1]]
    if new == [old[-1], *old[1:-1], old[0]]:
        return [old[0], old[-1]]
    return [text for text, now in zip(old, new, strict=True) if text != now]


def _quoted(paragraphs: Sequence[str]) -> str:
    """Return paragraphs as a sentence names them: the first ones, by how they begin."""
    named = (text if len(text) <= _SHORT else f"{text[:_SHORT]}…" for text in paragraphs[:_FEW])
    return "".join(f"“{text}”" for text in named) + ("等" if len(paragraphs) > _FEW else "")


def _altered(pieces: Sequence[tuple[Op, str]]) -> Iterator[tuple[str, str]]:
    """Yield what was there and what is there instead, figures whole and with their unit."""
    place = 0
    while place < len(pieces):
        if pieces[place][0] is Op.KEPT:
            place += 1
            continue
        start = place
        while place < len(pieces) and (pieces[place][0] is not Op.KEPT or _is_figure(pieces, place)):
            place += 1
        was, now = (
            "".join(text for op, text in pieces[start:place] if op in (Op.KEPT, only))
            for only in (Op.REMOVED, Op.ADDED)
        )
        left, right = (pieces[n][1] if 0 <= n < len(pieces) else "" for n in (start - 1, place))
        yield _whole(left, was, now, right)


def _is_figure(pieces: Sequence[tuple[Op, str]], place: int) -> bool:
    """Tell whether kept text stands within a figure of which more was altered."""
    return re.fullmatch(f"(?:[.．,，]|{_SIGN})+", pieces[place][1]) is not None and place + 1 < len(pieces)


def _whole(left: str, was: str, now: str, right: str) -> tuple[str, str]:
    """Return two texts with what belongs to the same figure around them."""
    head = (
        _part(_BEFORE, left[-_SHORT:])
        if any(re.match(f"[.．,，]?{_SIGN}|{_MINUS}", text) for text in (was, now))
        else ""
    )
    tail = ""
    if any(re.search(f"{_SIGN}$", text) for text in (was, now)) or (
        any(re.search(f"{_MINUS}$", text) for text in (was, now)) and re.match(_SIGN, right)
    ):
        tail = _part(_BEHIND, right)
    if not ((was and now) or head or re.match(_SIGN, tail)):
        return was, now  # a new figure, or one that is gone
    return head + was + tail, head + now + tail


def _part(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""
