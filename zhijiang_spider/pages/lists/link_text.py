"""What a link to an article says: its title, and a date inside it."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.text.list_dates import date_alone, is_written_in_sentences
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


_MOST_EVENTS = 400
"""Steps of the walk through one link: a card is small."""


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
    card = _render(element, page)
    texts = [line for line in map(squeeze, card.lines) if line]
    whole = " ".join(texts)
    attribute = _attribute(element)
    alt = card.alt or squeeze(element.get("alt") or "")
    if not card.date and (only := date_alone(whole)[0]):
        return _Read("", only, attribute, alt)
    if card.heading:
        text = card.heading
    elif attribute in texts:
        text = attribute
    else:
        text = next((line for line in texts if not _NO_TITLE.fullmatch(line[:40])), whole)
    return _Read(BULLET.sub("", text), card.date, attribute, alt)


@dataclass(slots=True)
class _Card:
    """What a link shows, while it is being read."""

    lines: list[str] = field(default_factory=lambda: [""])
    heading: str = ""
    """The first one."""
    date: str = ""
    """The first that has an element of its own."""
    alt: str = ""
    """The text of the first picture that has one."""

    def leaves_out(self, node: etree._Element, text: str) -> bool:
        """Tell whether an element is no part of the text: it is never shown, or it is a date, which is kept."""
        if date := _own_date(node, text, before="".join(self.lines)):
            self.date = self.date or date
        return bool(date) or node.tag in UNREAD

    def open(self, node: etree._Element) -> None:
        if node.tag == "img":
            self.alt = self.alt or squeeze(node.get("alt") or node.get("title") or "")
        if node.tag in _BLOCKS:
            self.lines.append("")
        self.add(node.text)

    def close(self, node: etree._Element) -> None:
        if node.tag in _HEADINGS:
            self.heading = self.heading or squeeze(self.lines[-1])
        if node.tag in _BLOCKS:
            self.lines.append("")
        elif node.tag == "br":
            self.add(" ")

    def add(self, text: str | None) -> None:
        self.lines[-1] += text or ""


def _render(link: etree._Element, page: Texts) -> _Card:
    """Return a link's text in lines, as a browser breaks them."""
    card = _Card()
    skip_to: etree._Element | None = None
    for event, node in islice(etree.iterwalk(link, events=EVENTS), _MOST_EVENTS):
        if skip_to is not None:
            if event != "end" or node is not skip_to:
                continue
            skip_to = None
        elif event == "start":
            if node is not link and card.leaves_out(node, joined(node, page)):
                skip_to = node
            else:
                card.open(node)
            continue
        elif event == "end":
            card.close(node)
        if node is not link:
            card.add(node.tail)
    return card


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
    printed, form = date_alone(text)
    if not form:
        return ""
    begins, ends = not before.strip(), not (node.tail or "").strip()
    if node.tag in _BLOCKS or ends:
        return printed
    return "" if not begins or is_written_in_sentences(printed, form) else printed


def joined(element: etree._Element, page: Texts) -> str:
    """Return an element's text as one line, its pieces set apart; at most a few pieces of it."""
    return squeeze(" ".join(page.of(element, 12))[:200])
