"""What stands beside the credits, or on one line with them, and belongs to the page."""

import re

from zhijiang_spider.credits.groups import BOILERPLATE
from zhijiang_spider.credits.tokens import MAX_LINE, Line
from zhijiang_spider.credits.values import NOTES
from zhijiang_spider.text.names import split_names
from zhijiang_spider.vocabulary import any_of

STOPS = re.compile(r"[。!?”…]")


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


_CRUMBS = re.compile(
    rf"(?:{any_of('breadcrumb.whose')}?{any_of('breadcrumb.labels', 'breadcrumb.labels_before_colon')}是? {{0,2}}[:：]? {{0,2}})?{any_of('breadcrumb.home')}"
    r"(?: {0,3}[>＞»›] {0,3}[^\s>＞»›:：]{1,12}){1,5}(?= |$)"
)
_BUTTONS = re.compile(
    rf"(?:(?<=[\s\u3000])|(?<=[)）】\]]))(?:{any_of('credits.buttons')}|赞(?=[\s\d]))[^\n。]{{0,60}}$"
)
_PREDICATE = re.compile(rf"{any_of('credits.contributed')}.{{0,2}}$")
_WHO_IS = re.compile(
    rf"[(（]{any_of('credits.author_is')}[:： ]?"
    r"(?:(?P<name>[\u4e00-\u9fff]{2,4}?)(?P<rest>[,， ]?[系为][^()（）]{2,40})"
    rf"|(?P<glued>[\u4e00-\u9fff]{{2}}(?={any_of('credits.known_places')})|[\u4e00-\u9fff]{{3}})"
    rf"(?P<unit>[^()（）:：、]{{4,40}}{any_of('credits.positions')}))"
    r"[)）]\s*$"
)
"""Who an author is, behind the name or glued to it: a name has three characters unless a known place follows two."""


def bared(line: Line) -> Line:
    """Blank what stands on a line with its credits and is none: the page's place, its buttons, what an author is."""
    text = line.clean
    if len(text) > 2 * MAX_LINE:
        return line
    found = [
        match.span()
        for match in (_CRUMBS.match(text.lstrip()), _BUTTONS.search(text), _PREDICATE.search(text))
        if match
    ]
    who = _WHO_IS.search(text)
    for name, rest in (("name", "rest"), ("glued", "unit")) if who else ():
        if who and who[name] and split_names(who[name]) == [len(who[name])]:
            found.append(who.span(rest))
    for start, end in found:
        line.clean = line.clean[:start] + " " * (end - start) + line.clean[end:]
        line.plain = line.plain[:start] + " " * (end - start) + line.plain[end:]
    return line


_EDGES = " \n()-—_=*·#"
_REMARK = re.compile(
    f"如?[上下左右中前后]{{1,2}}[图排一二三四五六七]{{0,2}}|{_any_of('credits.remarks')}|附.{{0,3}}"
    rf"|有.?[删改动].{{0,2}}|.{{0,6}}{_any_of('credits.alias')}|[上下](?:接|转).{{1,8}}"
)
_ATTACHMENT = re.compile(
    rf"{_any_of('credits.attachments')} ?[0-9一二三四五六七八九十]{{0,3}} ?(?::.{{0,80}}|.{{0,3}})"
    r"|.{1,80}\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|7z)",
    re.IGNORECASE,
)
LEGAL = re.compile(_any_of("credits.legal"))


def is_boilerplate(line: Line) -> bool:
    """Tell whether a line beside the text belongs to the page and not to the article."""
    if len(line.plain) > MAX_LINE // 2:
        return False
    plain = line.plain.strip(_EDGES)
    if (
        plain in NOTES
        or _REMARK.fullmatch(plain)
        or not any(char.isalpha() and char not in "年月日时分秒" for char in plain)
    ):
        return True
    if LEGAL.search(plain) or _ATTACHMENT.fullmatch(plain):
        return True
    return len(plain) <= 40 and not STOPS.search(plain) and any(word in plain for word in BOILERPLATE)
