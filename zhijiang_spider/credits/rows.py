"""Rows that part a label from its names by their form alone, written with a colon, as every other row is.

``编辑闻小满｜责编乔安安｜监制纪朗``, ``编辑·闻小满　责编·乔安安``, ``执　行　闻小满``.
"""

import re

from zhijiang_spider.credits.labels import LABEL, TITLE
from zhijiang_spider.credits.tokens import Line
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.names import DOTS, EVERYDAY_SURNAMES, SURNAMES, is_org, split_names
from zhijiang_spider.vocabulary.roles import ROLES

_LABEL = rf"(?P<label>{LABEL.pattern}|{TITLE.pattern})"
_PAIR = re.compile(rf"{_LABEL}(?P<name>[\u4e00-\u9fff]{{2,4}})")
_DOTTED_PAIR = re.compile(rf"{_LABEL}[{DOTS}](?P<name>[\u4e00-\u9fff]{{2,4}})")
_DOTTED = re.compile(rf"[\u4e00-\u9fff]{{2,8}}[{DOTS}][\u4e00-\u9fff]{{2,4}}(?: {{1,4}}|$)")
_PADDED = re.compile(
    r"^ {0,4}(?P<one>[\u4e00-\u9fff])(?P<gap> {1,4})(?P<two>[\u4e00-\u9fff])(?P=gap) {0,4}"
    r"(?P<names>[\u4e00-\u9fff](?:[\u4e00-\u9fff]| {1,4}(?=[\u4e00-\u9fff])){1,30}) {0,4}$",
    re.MULTILINE,
)


def with_colons(line: Line) -> Line:
    """Return a line with a colon between the labels and names that only its form parts; most lines have none."""
    if "|" in line.plain:
        bar = "｜" if "｜" in line.clean else "|"
        return _of_pairs(line, [_PAIR.fullmatch(part.strip()) for part in line.clean.split(bar)], "|")
    if _DOTTED.match(line.plain):
        parts = re.split(r"[ \u3000]+", line.clean.strip())
        return _of_pairs(line, [_DOTTED_PAIR.fullmatch(part) for part in parts], " ")
    return _unpadded(line)


def _of_pairs(line: Line, pairs: list[re.Match[str] | None], between: str) -> Line:
    """Set label and name apart in a row of several pairs, half of which have listed surnames."""
    names = [plain_copy(pair["name"]) for pair in pairs if pair]
    listed = sum(split_names(name) is not None for name in names)
    if len(pairs) < 2 or len(names) < len(pairs) or 2 * listed < len(names) or any(map(is_org, names)):
        return line
    return Line(between.join(f"{pair['label']}:{pair['name']}" for pair in pairs if pair))


def _unpadded(line: Line) -> Line:
    """Set a padded label that no table knows apart from its names: 执　行　闻小满; 李　明　王　芳 are two names."""
    found = [match for match in _PADDED.finditer(line.plain) if _is_padded_label(match)]
    if not found:
        return line
    text = line.clean
    for match in reversed(found):
        names = text[match.start("names") : match.end("names")]
        text = f"{text[: match.start()]}{match['one']}{match['two']}:{names}{text[match.end() :]}"
    return Line(text)


def _is_padded_label(match: re.Match[str]) -> bool:
    label = match["one"] + match["two"]
    if label in ROLES or label[0] in SURNAMES or label[0] in EVERYDAY_SURNAMES:
        return False
    return split_names(match["names"].replace(" ", "")) is not None
