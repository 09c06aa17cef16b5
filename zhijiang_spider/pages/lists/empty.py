"""A section without an entry that says so: 暂无内容, 栏目正在建设中，敬请期待, 共 0 条.

A line is taken apart into sentences: one of them says that there is none, and none says anything else.
"""

import re
from itertools import islice

from zhijiang_spider.items import ListEnd, NextPage
from zhijiang_spider.pages.lists.link_text import joined
from zhijiang_spider.pages.lists.next_page import read_pager
from zhijiang_spider.pages.lists.pagers.counted import may_be_first
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import any_of

_THINGS = any_of("lists.empty_things")
_ENGLISH = (
    r"(?:sorry|oops)?(?:thereis|thereare)?(?:currently)?(?:"
    r"no(?:more)?(?:data|records?|results?|contents?|articles?|news|items?|posts?|entries|information)"
    r"(?:(?:was|were)?found|available|yet|todisplay|toshow|here)?"
    r"|nothing(?:found|here|toshow)?(?:yet)?|comingsoon|underconstruction|theend)"
)
_SENTENCE = re.compile(
    rf"(?:{any_of('lists.empty_before')}){{0,5}}(?:"
    rf"{any_of('lists.empty_none')}(?:{any_of('lists.empty_done')}(?:{any_of('lists.empty_which')}){{0,4}}(?:{_THINGS}){{0,2}}"
    rf"|(?:{any_of('lists.empty_which')}){{0,4}}(?:{_THINGS}){{1,2}})(?:{any_of('lists.empty_to')})?"
    rf"|(?:{_THINGS}){{0,2}}(?:{any_of('lists.empty_now')})+{any_of('lists.empty_built')}(?:之中|中)?"
    rf"|(?:{_THINGS}){{0,2}}{any_of('lists.empty_built')}(?:之中|中)"
    rf"|(?:{_THINGS}){{1,2}}为空|{any_of('lists.empty_alone')}"
    rf")[了哦呢哟啦呀噢喔哈]?|{_ENGLISH}",
    re.IGNORECASE,
)
"""Matches (whole) a sentence without its spaces that says that there is none."""
_MAY_SAY = re.compile(
    rf"0|为空|no|coming|under|end|{any_of('lists.empty_none', 'lists.empty_built', 'lists.empty_alone')}",
    re.IGNORECASE,
)
"""Found in all of these: cheaper to look for in lines that say something else."""
_BESIDE = re.compile(
    rf"(?:{any_of('lists.empty_before')}){{1,5}}|{any_of('lists.empty_beside')}"
    rf"|{any_of('pagers.previous', 'pagers.next', 'pagers.last')}|[\W\d_]*|go"
    rf"|第?1页|{any_of('lists.empty_pager')}",
    re.IGNORECASE,
)
_ZERO = re.compile(
    rf"(?:{any_of('lists.empty_count')})?\s?有?\s?(?:{_THINGS})?\s?(?:总数|数量|数)?\s?[:：]?\s?"
    rf"(?<![\d.,-])0\s?(?:[条條篇个個项項则則件张]\s?(?:{_THINGS})?|[页頁])"
    rf"|(?:页次|頁次|第)\s?[:：]?\s?[01]\s?/\s?0(?![\d/.-])\s?[页頁]?|(?<![\d/.-])[01]\s?/\s?0\s?[页頁]"
    rf"|(?:[总總][记記][录錄][数數]|[记記][录錄][总總][数數]|[总總][条條][数數]|[总總][数數計计]|(?:{_THINGS})数量?)\s?[:：]\s?0(?!\d)"
)
_BREAKS = re.compile(r"[，,。.!！?？;；:：、~～…|\s]+")
_MORE = re.compile(
    r"共\s?[:：]?\s?(?:有\s?)?(?P<number>\d{1,9})\s?(?P<what>[条條篇页頁])|(?P<pages>\d{1,6})\s?[页頁]\s?/\s?共"
)
_LONGEST = 60


def read_empty(page: Page, site: Site) -> ListReading | None:
    """Read a page that says that its list is empty; None where it does not, or also says that there is something."""
    said = empty_note(page)
    if not said or _lists_others(page, site) or not _ends(page, site):
        return None
    return ListReading((), following=ListEnd(f"the page says: {said}"))


def _ends(page: Page, site: Site) -> bool:
    """Tell whether nothing of a page leads on: behind the first page, one that was only counted on may be none.

    An empty page further on is the one behind the last, see ``behind_end``.
    """
    pager = read_pager(page, site)
    following = pager.following
    if isinstance(following, NextPage):
        says_more = (pager.said_pages or 1) > 1 or bool(pager.said_entries)
        return following.counted and not says_more and may_be_first(page.url, site)
    return isinstance(following, ListEnd)


def _lists_others(page: Page, site: Site) -> bool:
    """Tell whether a page links headlines that the profile knows neither as articles nor as sections.

    What it says of having nothing is then of something else on it, such as comments.
    """
    others = (
        link for link, address in page.links if site.follows(address) and not site.section_slug(address)
    )
    return sum(len(joined(link, page.texts)) >= _HEADLINE for link in islice(others, 500)) >= _FEW


_HEADLINE, _FEW = 8, 3


def empty_note(page: Page) -> str:
    """Return the line by which a page says that its list is empty, "" where it counts or says nothing."""
    note = ""
    for piece in page.rendered.pieces:
        if piece.kind is not Kind.TEXT or len(piece.text) > _LONGEST_COUNTED:
            continue
        line = piece.text
        if (counted := _MORE.search(line)) and _counts(counted):
            return ""
        if not note and says_empty(line):
            note = line
    return note or _of_pictures(page)


_LONGEST_COUNTED = 400
_MOST_PICTURES = 200


def _of_pictures(page: Page) -> str:
    """Return what a picture in the place of the list says: ``<img src="empty.png" alt="暂无内容">``."""
    pictures = (piece.node for piece in page.rendered.pieces[:_MOST_PICTURES] if piece.kind is Kind.PICTURE)
    texts = ((node.get("alt") or node.get("title") or "").strip() for node in pictures)
    return next((text for text in texts if says_empty(text)), "")


def says_empty(line: str) -> bool:
    """Tell whether a line says that a list is empty, and nothing else."""
    if not line or len(line) > _LONGEST:
        return False
    if _MAY_SAY.search("".join(_BREAKS.split(line))) is None:
        return False
    rest = _ZERO.sub(" ", line)
    said = rest != line
    if _SENTENCE.fullmatch("".join(_BREAKS.split(rest))):
        return True
    for sentence in _BREAKS.split(rest):
        if _SENTENCE.fullmatch(bare := sentence.strip(_EDGES)):
            said = True
        elif not _BESIDE.fullmatch(bare):
            return False
    return said


_EDGES = "()（）[]【】<>《》“”\"'「」·-—–*^_=>»"


def _counts(found: re.Match[str]) -> bool:
    if found["pages"]:
        return int(found["pages"]) > 1
    return int(found["number"]) > (1 if found["what"] in "页頁" else 0)
