"""A list page as printed: its article links with their dates, the sections it links to, its next page.

What is an article and what is a section is told by the addresses (the site profile's patterns), never by
class names.  A date belongs to a link by its place: in the link, in the same smallest part of the page that
holds no other article, or in the gap between two articles.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree
from parsel import Selector

from zhijiang_spider.items import ListEntry, SectionLink, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.links import absolute, page_base
from zhijiang_spider.pages.pagination import find_next, is_same_page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.site import Site

# --- vocabularies -------------------------------------------------------------------------------------

_NO_TITLE = re.compile(
    r"[\W\d_]*(?:(?:点击)?(?:查看|阅读|浏览)?(?:更多|全文|详情|详细|详细内容|原文|内容)|继续阅读|点击(?:查看|进入|阅读)"
    r"|(?:read|view)?more|details?|\d*(?:评论|跟贴|跟帖|回复|阅读|浏览|点赞)\d*)?[\W\d_]*",
    re.IGNORECASE,
)
"""Link texts that name no article: 查看详情, [详细], more >>, 12评论, 3."""
_NO_NAME = re.compile(r"[\W_]*(?:查看|浏览)?(?:更多|more)?[\W_]*", re.IGNORECASE)
"""Link texts that name no section: 更多 >>, MORE."""
_BREADCRUMB = re.compile(r"(?:当前|您的|你的|所在|您所在的|您现在的|您当前的|目前)位置(?:是)?\s?[:：]?")
_CRUMB_BREAK = re.compile(r"[>＞»›→|｜/／\\]|::|--|&gt;")
_NOT_A_NAME = frozenset(
    ("", "首页", "网站首页", "主页", "列表", "列表页", "栏目列表", "文章列表", "正文", "内容")
)
_TITLE_BREAK = re.compile(r"\s?[_|｜—–]+\s?|\s[-·]\s?|\s?[-·]\s|(?<=[^\W\d_a-zA-Z])-(?=[^\W\d_a-zA-Z])")
_PAGE_NUMBER = re.compile(r"第?\s?\d{1,5}\s?页?")
_CUT = re.compile(r"(?:…{1,4}|\.{2,9}|。{2,9}|·{2,9})$")
_BULLET = re.compile(r"^[·•‧∙●○◆◇■□▪▶►»]+\s?")
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
_EVENTS: Final = ("start", "end", "comment", "pi")
_UNREAD = frozenset(("script", "style", "template", "select", "textarea"))

# --- dates as lists print them --------------------------------------------------------------------------

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])(?!\d)", r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
_TIME = r"(?:\s{0,3}T?(?:[01]?\d|2[0-4])\s?[:：]\s?[0-5]\d(?:\s?[:：]\s?[0-5]\d)?)?"
_FULL_NUMBERS = rf"{_YEAR}\s?[-/.]\s?{_MONTH}\s?[-/.]\s?{_DAY}{_TIME}"
_FULL = rf"(?:{_FULL_NUMBERS}|{_YEAR}\s?年\s?{_MONTH}\s?月\s?{_DAY}\s?日?{_TIME})"
_SHORT = rf"(?:{_MONTH}[-/.]{_DAY}|{_MONTH}\s?月\s?{_DAY}\s?日){_TIME}"
_RELATIVE = rf"(?:刚刚|(?:今天|昨天|前天){_TIME}|\d{{1,3}}\s?(?:秒钟?|分钟|个?小时|天)前)"
_OPEN, _CLOSE = r"[\s\[\]（(【〔|｜·•/,，-]", r"[\s\[\])）】〕|｜·•/,，-]"
_LABEL = r"(?:发布|更新|上传|录入|添加|发表|发稿|公开|成文)?(?:时间|日期|于)\s?[:：]?\s?"

_WHOLE_FULL = re.compile(rf"{_OPEN}*(?:{_LABEL})?({_FULL}){_CLOSE}*")
_WHOLE_SHORT = re.compile(rf"{_OPEN}*(?:{_LABEL})?({_SHORT}|{_RELATIVE}){_CLOSE}*")
_LABELLED = re.compile(rf"(?:时间|日期|(?:发布|发表|更新)于)\s?[:：]?\s?({_FULL}|{_SHORT}|{_RELATIVE})")
_SET_OFF = re.compile(rf"(?:^|[\s\[（(【|｜：:])({_FULL})(?=$|[\s\])）】|｜,，])(?!\s{{0,3}}(?:星期|周))")
_DD = r"(?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])"
_AT_EDGE = re.compile(rf"^[\[（(]?((?:{_DD}){_TIME})(?=[\s\])）])|(?:^|[\s\[（(])((?:{_DD}){_TIME})[\])）]?$")
_IN_BOXES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<y>{_YEAR})\s?[-/.年]\s?(?P<m>{_MONTH})\s?月?",
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<m>{_MONTH})\s?[-/.月]\s{{0,2}}(?P<y>{_YEAR})\s?年?",
        rf"(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?\s{{1,3}}(?P<y>{_YEAR})\s?年?",
        rf"(?P<y>{_YEAR})\s?年?\s{{1,3}}(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?",
    )
)
"""Day, month and year set in boxes of their own: ``16 2024-01``, ``01-16 2024``, ``2024 01-16``."""
_IN_TITLE = re.compile(
    rf"^[\[【（(]({_FULL_NUMBERS}|{_SHORT})[\]】）)]\s?|^({_FULL_NUMBERS})\s"
    rf"|\s?[\[【（(]({_FULL_NUMBERS}|{_DD})[\]】）)]$|\s({_FULL_NUMBERS})$"
)

_DATE_CHARS = 60
"""A text that is a date and nothing else is shorter than this."""
_LEVELS = 8
"""How far above a link its part of the page may begin."""
_TEXTS = 120
"""How many pieces of text of one part of the page are looked at."""


def extract_section_page(selector: Selector, url: str, site: Site) -> SectionPage:
    """Read a list page.

    ``url`` is the page's own absolute address.  Raises ``LayoutChanged`` when the page links no article of
    the site, unless it is a start page that only leads to sections.
    """
    base = page_base(selector, url)
    texts = Texts(selector.root)
    own_slug = site.section_slug(url)
    articles: list[_ArticleLink] = []
    sections: dict[str, SectionLink] = {}
    wanted = _wanted_links(selector, site)
    for element in selector.root.iter("a", "area"):
        address = absolute(base, element.get("href") or "")
        if address is None:
            continue
        if (key := site.article_key(address)) is not None:
            if wanted is None or element in wanted:
                articles.append(_ArticleLink(element, address, key))
        elif (slug := site.section_slug(address)) is not None and slug != own_slug:
            known = sections.get(slug)
            if known is None or not known.name:
                sections[slug] = SectionLink(known.url if known else address, _section_name(element, texts))
    if not articles and not (sections and own_slug is None and _is_start_page(url, site)):
        raise LayoutChanged(_what_is_missing(site), url)
    return SectionPage(
        url=url,
        name=site.sections.get(own_slug or "") or _page_name(selector, site, texts),
        entries=tuple(_entries(articles, texts)),
        sections=tuple(sections.values()),
        next_url=find_next(selector, url, site),
    )


def _is_start_page(url: str, site: Site) -> bool:
    return any(is_same_page(url, start) for start in site.start_urls)


@dataclass(frozen=True, slots=True, eq=False)
class _ArticleLink:
    element: etree._Element
    address: str
    key: str


def _wanted_links(selector: Selector, site: Site) -> set[etree._Element] | None:
    """Return the links inside the profile's ``entries`` elements, None if it names none."""
    if "entries" not in site.selectors:
        return None
    found = [part.root for part in site.select(selector, "entries")]
    return {link for part in found if isinstance(part, etree._Element) for link in part.iter("a", "area")}


def _what_is_missing(site: Site) -> str:
    if "entries" in site.selectors:
        where = "inside what selectors.entries selects; check entries and article_url"
    else:
        where = "on it; check article_url"
    return f"no article link {where} of the profile {site.path or site.name}"


# --- entries ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Entry:
    """What the links to one article say, while the page is being read."""

    url: str
    title: str = ""
    rank: int = -1
    dates: list[str] = field(default_factory=list)

    def offer(self, rank: int, title: str) -> None:
        """Take a title if it is a better one, or the full text of the one that is cut."""
        cut = _CUT.search(self.title)
        fuller = cut and rank == self.rank and len(title) > len(self.title)
        if rank > self.rank or (fuller and cut and title.startswith(self.title[: cut.start()].rstrip())):
            self.rank, self.title = rank, title


def _entries(links: Sequence[_ArticleLink], page: Texts) -> list[ListEntry]:
    entries: dict[str, _Entry] = {}
    outside = _dates_outside(links, page)
    for link in links:
        entry = entries.setdefault(link.key, _Entry(link.address))
        read = _read_link(link.element, page)
        beside = outside.get(link.element, "")
        entry.dates += filter(None, (read.date, beside))
        text = read.text
        if found := _IN_TITLE.search(text):
            printed = next(filter(None, found.groups()))
            if not (read.date or beside) or printed in (read.date, beside):
                text = (text[: found.start()] + text[found.end() :]).strip()
                entry.dates.append(printed)
        entry.offer(*_best_title(text, read))
    return [ListEntry(entry.url, entry.title, next(iter(entry.dates), "")) for entry in entries.values()]


@dataclass(frozen=True, slots=True)
class _Read:
    """What one link says: its text without dates, the date inside it, its ``title=``, its picture's text."""

    text: str
    date: str
    attribute: str
    alt: str


def _best_title(text: str, read: _Read) -> tuple[int, str]:
    """Return the title that one link gives and how good it is: 3 = a text, 2 = ``title=``, 1 = a picture's."""
    if not _NO_TITLE.fullmatch(text[:40]):
        return 3, _uncut(text, read.attribute)
    for rank, instead in ((2, read.attribute.partition("\n")[0].strip()), (1, read.alt)):
        if instead and not _NO_TITLE.fullmatch(instead[:40]) and instead != "图片":
            return rank, instead
    return 0, text


def _uncut(text: str, attribute: str) -> str:
    """Return the full title out of ``title=`` where the link shows only its beginning."""
    cut = _CUT.search(text)
    beginning = text[: cut.start()].rstrip() if cut else text
    start = attribute.find(beginning)
    if not beginning or start < 0:
        return text
    full = attribute[start:].partition("\n")[0].strip()
    goes_on = full[len(beginning) :][:1]
    return full if len(full) > len(beginning) and (cut or goes_on.isalnum()) else text


def _read_link(element: etree._Element, page: Texts) -> _Read:
    """Read a link's text.  Of a link around a whole card, the heading or else the first line is the title."""
    lines: list[str] = [""]
    heading = ""
    date = alt = ""
    skip_to: etree._Element | None = None
    for event, node in islice(etree.iterwalk(element, events=_EVENTS), 400):
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
                    heading = _squeeze(lines[-1])
                lines.append("")
            elif tag == "br":
                lines[-1] += " "
            lines[-1] += (node.tail or "") if node is not element else ""
            continue
        if tag == "img":
            alt = alt or _squeeze(node.get("alt") or node.get("title") or "")
        if node is not element and (found := _own_date(node, _joined(node, page), before="".join(lines))):
            date = date or found
            skip_to = node
        elif tag in _UNREAD:
            skip_to = node
        else:
            if tag in _BLOCKS:
                lines.append("")
            lines[-1] += node.text or ""
    texts = [line for line in map(_squeeze, lines) if line]
    whole = " ".join(texts)
    if not date and (only := _whole_date(whole)[0]):
        return _Read("", only, _attribute(element), alt)
    text = heading or next((line for line in texts if not _NO_TITLE.fullmatch(line[:40])), whole)
    attribute = _attribute(element)
    if not heading and attribute and attribute in texts:
        text = attribute
    return _Read(_BULLET.sub("", text), date, attribute, alt or _squeeze(element.get("alt") or ""))


def _attribute(element: etree._Element) -> str:
    """Return ``title=`` with its lines; where these are labelled (标题：…), the title's comes first."""
    lines = [line for line in map(_squeeze, (element.get("title") or "")[:2000].splitlines()) if line]
    if len(lines) > 1:
        lines.sort(key=lambda line: not re.match(r"[^:：]{0,4}标题\s?[:：]", line))
        lines[0] = re.sub(r"^[^:：]{0,4}标题\s?[:：]\s?", "", lines[0])
    return "\n".join(lines)


def _own_date(node: etree._Element, text: str, before: str) -> str:
    """Return the date that an element inside a link holds and nothing else, "" if it is part of the title."""
    found, _ = _whole_date(text)
    if not found:
        return ""
    after = (node.tail or "").strip()
    if node.tag in _BLOCKS or (not before.strip() and not after):
        return found
    if before.strip():  # at the end of the link
        return "" if after else found
    return "" if "月" in found or ("." in found and not re.match(_YEAR, found)) else found


# --- dates beside links ---------------------------------------------------------------------------------


def _dates_outside(links: Sequence[_ArticleLink], page: Texts) -> dict[etree._Element, str]:
    """Return the date printed beside each link, for those that have one.

    The part of the page that belongs to an article is the largest element around its link that holds no
    other article; such parts do not overlap, so that the whole page is read once.
    """
    owners = _owners(links)
    dates: dict[etree._Element, str] = {}
    parts: dict[etree._Element, etree._Element] = {}
    for link in links:
        part = link.element
        for _ in range(_LEVELS):
            parent = part.getparent()
            if parent is None or parent.tag in ("body", "html") or owners.get(parent) != link.key:
                break
            part = parent
        if part in parts:
            continue
        parts[part] = link.element
        if date := _date_around(link.element, part, page):
            dates[link.element] = date
    rows: dict[etree._Element, list[etree._Element]] = {}
    for part in parts:
        parent = part.getparent()
        if parent is not None and owners.get(parent) == _SEVERAL:
            rows.setdefault(parent, []).append(part)
    for row, row_parts in rows.items():
        for part, date in _dates_in_gaps(row, row_parts, owners, page).items():
            dates.setdefault(parts[part], date)
    return dates


_SEVERAL = "\x00several articles"


def _owners(links: Iterable[_ArticleLink]) -> dict[etree._Element, str]:
    """Return for each element around links the one article they lead to, or ``_SEVERAL``.

    Every element is set at most twice, so this takes linear time however deep a page is.
    """
    owners: dict[etree._Element, str] = {}
    for link in links:
        element: etree._Element | None = link.element
        while element is not None:
            known = owners.get(element)
            new = link.key if known is None else known if known == link.key else _SEVERAL
            if known == new:
                break
            owners[element] = new
            element = element.getparent()
    return owners


def _date_around(element: etree._Element, part: etree._Element, page: Texts) -> str:
    """Look for a date in an article's part of the page, level by level from its link outwards."""
    left = _TEXTS
    while element is not part:
        parent = element.getparent()
        if parent is None:
            break
        texts = list(islice(_texts_beside(element, parent, page), left))
        if date := _best_date(texts):
            return date
        left -= len(texts)
        element = parent
    return ""


def _texts_beside(element: etree._Element, parent: etree._Element, page: Texts) -> Iterator[str]:
    """Yield what stands in ``parent`` before and after ``element``: as one where it is short, and in pieces."""
    pieces = [parent.text or ""]
    row = [parent.text or ""]
    for child in islice(parent, _TEXTS):
        if child is element:
            yield " ".join(row)
            row = []
        else:
            texts = list(_texts_of(child, page))
            pieces += texts
            row += texts[:1]
        pieces.append(child.tail or "")
        row.append(child.tail or "")
    yield " ".join(row)
    yield from pieces


def _texts_of(element: etree._Element, page: Texts) -> Iterator[str]:
    """Yield an element's text as one, then piece by piece; nothing out of links, scripts and comments."""
    if not isinstance(element.tag, str) or element.tag in _UNREAD or element.tag == "a":
        return
    yield _joined(element, page)
    skip_to: etree._Element | None = None
    for event, node in islice(etree.iterwalk(element, events=_EVENTS), 200):
        if skip_to is not None:
            if event == "end" and node is skip_to:
                skip_to = None
                yield node.tail or ""
        elif event == "start" and (node.tag in _UNREAD or node.tag == "a"):
            skip_to = node
        elif event == "start":
            yield node.text or ""
            if node is not element and len(node):
                yield _joined(node, page)
        elif node is not element:
            yield node.tail or ""


def _dates_in_gaps(
    row: etree._Element, parts: Sequence[etree._Element], owners: Container[etree._Element], page: Texts
) -> dict[etree._Element, str]:
    """Read dates that stand between the articles of one element: ``<dt>link</dt><dd>date</dd>``.

    Whether dates follow or precede their articles is told by the two ends of the row.
    """
    wanted = set(parts)
    gaps: list[_Gap] = [_Gap(None)]
    gaps[0].add(row.text or "")
    for child in row:
        if child in owners:
            gaps.append(_Gap(child if child in wanted else None))
        elif child.tag in ("br", "hr"):
            gaps[-1].broken = True
        else:
            gaps[-1].add(*islice(_texts_of(child, page), 20))
        gaps[-1].add(child.tail or "")
    precede = _best_date(gaps[0].texts) and not _best_date(gaps[-1].texts)
    found: dict[etree._Element, str] = {}
    for gap, following in zip(gaps, gaps[1:] + gaps[:1], strict=True):
        if precede and following.part is not None and (date := _best_date(gap.next_line or gap.same_line)):
            found[following.part] = date
        elif not precede and gap.part is not None and (date := _best_date(gap.same_line or gap.next_line)):
            found[gap.part] = date
    return found


@dataclass(slots=True)
class _Gap:
    """What stands between one article and the next."""

    part: etree._Element | None
    """The part of the page before it, None at the beginning and after what holds several articles."""
    same_line: list[str] = field(default_factory=list)
    next_line: list[str] = field(default_factory=list)
    broken: bool = False
    """Whether a line break has been met."""

    @property
    def texts(self) -> list[str]:
        return self.same_line + self.next_line

    def add(self, *texts: str) -> None:
        lines = self.next_line if self.broken else self.same_line
        if len(lines) < 40:
            lines += filter(str.strip, texts)


def _best_date(texts: Iterable[str]) -> str:
    """Return the date that is most surely one of its own, the first of equals; "" if there is none."""
    best, best_rank = "", 0
    for text in texts:
        text = _squeeze(text[:600])
        if len(text) < 2 or best_rank == 5:
            continue
        whole, rank = _whole_date(text)
        if rank > best_rank:
            best, best_rank = whole, rank
        for rank, pattern in _WITHIN:
            if rank > best_rank and (found := pattern.search(text)):
                best, best_rank = next(filter(None, found.groups())), rank
    return best


_WITHIN = ((4, _LABELLED), (2, _SET_OFF), (1, _AT_EDGE))
"""How sure a date within a text is; a text that is nothing but a date has 5, without a year 3."""


def _whole_date(text: str) -> tuple[str, int]:
    """Return the date that a text is and nothing else, with how sure that is: ("", 0) if it is none."""
    if not 2 <= len(text) <= _DATE_CHARS:
        return "", 0
    if found := _WHOLE_FULL.fullmatch(text):
        return found[1], 5
    for pattern in _IN_BOXES:
        if found := pattern.fullmatch(text):
            return f"{found['y']}-{found['m']:>02}-{found['d']:>02}", 5
    found = _WHOLE_SHORT.fullmatch(text)
    return (found[1], 3) if found else ("", 0)


# --- names ----------------------------------------------------------------------------------------------


def _section_name(element: etree._Element, page: Texts) -> str:
    name = _BULLET.sub("", _squeeze("".join(page.of(element, 20))[:200]))
    return "" if _NO_NAME.fullmatch(name[:40]) else name


def _page_name(selector: Selector, site: Site, page: Texts) -> str:
    """Return what the page calls itself: its place in the breadcrumb, its heading, or its title; or ""."""
    ours = {site.title, site.name}
    for name in _breadcrumb(selector.root, page)[::-1]:
        if name not in _NOT_A_NAME and name not in ours:
            return name if len(name) <= 30 else ""
    title = _squeeze(selector.xpath("string(//title)").get("")[:500])
    segments = [s for s in map(_squeeze, _TITLE_BREAK.split(title)) if s and not _PAGE_NUMBER.fullmatch(s)]
    segments = [s for s in segments if s not in _NOT_A_NAME and s not in ours]
    for heading in islice(selector.root.iter("h1", "h2", "h3"), 20):
        text = _joined(heading, page)
        if 2 <= len(text) <= 30 and text in title and text in (segments[:-1] or segments):
            return text
    if not segments:
        return ""
    first = segments[0].removesuffix(site.title).strip()
    return first if len(first) <= 30 else ""


def _breadcrumb(root: etree._Element, page: Texts) -> list[str]:
    """Return the elements after 当前位置, in order; [] if the page has none."""
    for node in root.iter():
        if not isinstance(node.tag, str) or node.tag in _UNREAD or node.tag in ("title", "option"):
            continue
        for start, text in ((node, node.text), (node.getparent(), node.tail)):
            if start is None or not text or "位置" not in text:
                continue
            found = _BREADCRUMB.search(text[:500])
            if found and (crumbs := _crumbs_from(start, text[found.start() :], page)):
                return crumbs
    return []


def _crumbs_from(element: etree._Element, marker: str, page: Texts) -> list[str]:
    """Read the breadcrumb around its marker text: the smallest element that holds more than the marker."""
    part: etree._Element | None = element
    for _ in range(4):
        if part is None or part.tag in ("body", "html"):
            break
        pieces: list[str] = []
        seen = False
        for text in page.of(part, 60):
            if not seen and marker in text:
                seen, text = True, _BREADCRUMB.sub("", marker, count=1)
            if seen:
                pieces += _CRUMB_BREAK.split(text[:200])
        names = [name.strip("[]【】:：").strip() for name in map(_squeeze, pieces)]
        if names := [name for name in names if name]:
            return names
        part = part.getparent()
    return []


# --- texts ----------------------------------------------------------------------------------------------


def _squeeze(text: str) -> str:
    """Return a text in one line, without spaces at its ends."""
    return " ".join(text.split())


def _joined(element: etree._Element, page: Texts) -> str:
    """Return an element's text as one line, its pieces set apart; at most a few pieces of it."""
    return _squeeze(" ".join(page.of(element, 12))[:200])
