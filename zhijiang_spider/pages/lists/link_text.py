"""What a link to an article says: its title, and a date inside it."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.text.list_dates import YEAR, whole_date
from zhijiang_spider.vocabulary import any_of, spellings

_NO_TITLE = re.compile(
    rf"[\W\d_]*(?:{any_of('lists.verbs')}?{any_of('lists.more_of_it')}|{any_of('lists.read_on')}"
    rf"|(?:read|view)?more|details?|\d*{any_of('lists.counted')}\d*)?[\W\d_]*",
    re.IGNORECASE,
)
"""Link texts that name no article: 查看详情, [详细], more >>, 12评论, 3."""


_PICTURE = spellings("lists.picture")
_TITLE_LABEL = re.compile(rf"[^:：]{{0,4}}{any_of('lists.title_label')}\s?[:：]\s?")

CUT = re.compile(r"(?:…{1,4}|\.{2,9}|。{2,9}|·{2,9})$")


BULLET = re.compile(r"^[·•‧∙●○◆◇■□▪▶►»]+\s?")


_BLOCKS = frozenset(
    (
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "dl",
        "dt",
        "dd",
        "section",
        "table",
        "tr",
        "td",
    )
)


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


EVENTS: Final = ("start", "end", "comment", "pi")


UNREAD = frozenset(("script", "style", "template", "select", "textarea"))


@dataclass(frozen=True, slots=True)
class _Read:
    """What one link says: its text without dates, the date inside it, its ``title=``, its picture's text."""

    text: str
    date: str
    attribute: str
    alt: str


def best_title(text: str, read: _Read) -> tuple[int, str]:
    """Return the title that one link gives and how good it is: 3 = a text, 2 = ``title=``, 1 = a picture's."""
    if not _NO_TITLE.fullmatch(text[:40]):
        return 3, _uncut(text, read.attribute)
    for rank, instead in ((2, read.attribute.partition("\n")[0].strip()), (1, read.alt)):
        if instead and not _NO_TITLE.fullmatch(instead[:40]) and instead not in _PICTURE:
            return rank, instead
    return 0, text


def _uncut(text: str, attribute: str) -> str:
    """Return the full title out of ``title=`` where the link shows only its beginning."""
    cut = CUT.search(text)
    beginning = text[: cut.start()].rstrip() if cut else text
    start = attribute.find(beginning)
    if not beginning or start < 0:
        return text
    full = attribute[start:].partition("\n")[0].strip()
    goes_on = full[len(beginning) :][:1]
    return full if len(full) > len(beginning) and (cut or goes_on.isalnum()) else text


def read_link(element: etree._Element, page: Texts) -> _Read:
    """Read a link's text.  Of a link around a whole card, the heading or else the first line is the title."""
    lines: list[str] = [""]
    heading = ""
    date = alt = ""
    skip_to: etree._Element | None = None
    for event, node in islice(etree.iterwalk(element, events=EVENTS), 400):
        if node is skip_to:
            if event == "end":
                skip_to = None
                lines[-1] += (node.tail or "") if node is not element else ""
            continue
        if skip_to is not None:
            continue
        if event in ("comment", "pi"):
            lines[-1] += node.tail or ""
            continue
        tag = node.tag
        if event == "end":
            if tag in _BLOCKS:
                if tag in _HEADINGS and not heading:
                    heading = squeeze(lines[-1])
                lines.append("")
            elif tag == "br":
                lines[-1] += " "
            lines[-1] += (node.tail or "") if node is not element else ""
            continue
        if tag == "img":
            alt = alt or squeeze(node.get("alt") or node.get("title") or "")
        if node is not element and (found := _own_date(node, joined(node, page), before="".join(lines))):
            date = date or found
            skip_to = node
        elif tag in UNREAD:
            skip_to = node
        else:
            if tag in _BLOCKS:
                lines.append("")
            lines[-1] += node.text or ""
    texts = [line for line in map(squeeze, lines) if line]
    whole = " ".join(texts)
    if not date and (only := whole_date(whole)[0]):
        return _Read("", only, _attribute(element), alt)
    text = heading or next((line for line in texts if not _NO_TITLE.fullmatch(line[:40])), whole)
    attribute = _attribute(element)
    if not heading and attribute and attribute in texts:
        text = attribute
    return _Read(BULLET.sub("", text), date, attribute, alt or squeeze(element.get("alt") or ""))


def _attribute(element: etree._Element) -> str:
    """Return ``title=`` with its lines; where these are labelled (标题：…), the title's comes first."""
    lines = [line for line in map(squeeze, (element.get("title") or "")[:2000].splitlines()) if line]
    if len(lines) > 1:
        lines.sort(key=lambda line: not _TITLE_LABEL.match(line))
        if label := _TITLE_LABEL.match(lines[0]):
            lines[0] = lines[0][label.end() :]
    return "\n".join(lines)


def _own_date(node: etree._Element, text: str, before: str) -> str:
    """Return the date that an element inside a link holds and nothing else, "" if it is part of the title."""
    found, _ = whole_date(text)
    if not found:
        return ""
    after = (node.tail or "").strip()
    if node.tag in _BLOCKS or (not before.strip() and not after):
        return found
    if before.strip():  # at the end of the link
        return "" if after else found
    return "" if "月" in found or ("." in found and not re.match(YEAR, found)) else found


def joined(element: etree._Element, page: Texts) -> str:
    """Return an element's text as one line, its pieces set apart; at most a few pieces of it."""
    return squeeze(" ".join(page.of(element, 12))[:200])
