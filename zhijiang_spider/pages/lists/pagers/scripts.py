"""What the scripts of a list page say about the addresses of its pages."""

import re
from urllib.parse import urlsplit

from parsel import Selector

from zhijiang_spider.pages.lists.expressions import Hole, Pieces, Script
from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS

TRS_CALL = re.compile(
    r"createPageHTML\s?\(\s{0,5}(?P<element>['\"][^'\"]{0,80}['\"]\s?,)?\s{0,5}(?P<pages>\d{1,6})\s?,"
    r"\s{0,5}(?P<shown>\d{1,6})\s?,"
    r"\s{0,5}['\"](?P<name>[^'\"]{1,200})['\"]\s?,\s{0,5}['\"](?P<end>\w{1,8})['\"]"
)
"""A page function of TRS with plain arguments: with or without the name of an element before the count."""
_COUNT_VARIABLE = re.compile(
    r"\b(?:countPage|totalPages?|pageCount|countPages|page_count|total_page|maxPage|pageTotal|allPage|pages)"
    r"['\"]?\s?[=:]\s?['\"]?(\d{1,6})\b",
    re.IGNORECASE,
)
_CURRENT_VARIABLE = re.compile(
    r"\b(currentPage|currPage|curPage|current_page|nowPage|pageIndex|pageNo|pageNum|pageNumber|thisPage|curr)"
    r"['\"]?\s?[=:]\s?['\"]?(\d{1,6})\b",
    re.IGNORECASE,
)
_PAGE_VARIABLE = r"(?:[a-z]|[\w$.]{0,30}(?:[Pp]age|PAGE|[Nn]um|[Nn]ext|[Ii]nd?e?x|[Cc]ur)[\w$]{0,20})"
_ADDRESS_IN_SCRIPT = re.compile(
    r"(?:(?<=['\"=])|(?<=[=(] ))([\w./?&=%~:-]{1,200})['\"]"
    rf"\s?\+\s?\(?\s?{_PAGE_VARIABLE}(?:\s?\+\s?1)?\s?\)?"
    r"\s?(?:\+\s?['\"](\.[a-z]{2,5}\b|[/&][\w./?&=%-]{0,100})|(?=[;,)}\n]))"
)
_MADE = re.compile(r"([\w./?&=%~:-]{1,300})\{page\}([\w./?&=%-]{0,100})(?=$|[\"'\s<>])")


def script_text(selector: Selector) -> str:
    """Return the page's scripts, with texts that are put together from pieces joined to one.

    ``"index" + "_" + n + "." + "html"`` becomes ``"index_" + n + ".html"``.
    """
    scripts = selector.xpath("//script[not(@src)]/text()").getall()
    text = "\n".join(scripts)[:500_000]
    text = re.sub(r"(?m)^[ \t]{0,40}//.*$", "", text)
    text = re.sub(r"[ \t\xa0]{1,40}", " ", text).replace('\\"', " ").replace("\\'", " ")
    return re.sub(r"['\"] ?\+ ?['\"]", "", text)


def template_of_script(script: str) -> str | None:
    """Return the one address that the scripts put together from a number, None if there are several."""
    made = {
        f"{found[1]}{{page}}{found[2] or ''}"
        for found in _ADDRESS_IN_SCRIPT.finditer(script)
        if _numbers_pages(found[1], found[2] or "")
    }
    return made.pop() if len(made) == 1 else None


def template_of_pieces(script: Script) -> str | None:
    """Return the same where names stand for parts of the address: ``this.hrefFormer + "_" + n + ".html"``."""
    made = set()
    for _, pieces in script.texts:
        for found in _MADE.finditer(_with_page(pieces, script)):
            if _numbers_pages(found[1], found[2]):
                made.add(f"{found[1]}{{page}}{found[2]}")
    return made.pop() if len(made) == 1 else None


def _with_page(pieces: Pieces, script: Script) -> str:
    made = ""
    for part in pieces.parts:
        if isinstance(part, Hole):
            last = part.name.rpartition(".")[2]
            is_number = re.fullmatch(_PAGE_VARIABLE, last) is not None
            made += "{page}" if is_number else script.variables.get(last, "\n")
        else:
            made += part.replace("{page}", "\n")
    return made


def _numbers_pages(start: str, end: str) -> bool:
    """Tell whether it is a page's number that stands between two pieces of an address."""
    parameter = re.search(r"\?(?:[^?]*&)?(\w+)=$", start)
    if parameter:
        return parameter[1].lower() in PAGE_PARAMETERS
    return bool(re.search(r"\w[_-]$", start.rpartition("/")[2])) and end.startswith(".")


def read_trs_call(script: str, url: str) -> tuple[str, int, int] | None:
    """Return what TRS's own page function is told: how addresses are made, this page's number, the last one's.

    Both numbers are as they stand in addresses.  None where it is not called.
    """
    call = TRS_CALL.search(script)
    if call is None:
        return None
    count, current = int(call["pages"]), int(call["shown"])
    own = re.search(r"_(\d{1,6})\.\w+$", urlsplit(url).path)
    # Plain TRS counts from 0, and only its first page has no number in its address.
    from_one = bool(call["element"]) if own or current > 1 else current == 1
    return f"{call['name']}_{{page}}.{call['end']}", current, count if from_one else count - 1


def read_page_variables(script: str, own: int | None) -> tuple[int, int] | None:
    """Return what variables say: this page's number and the last one's, as they stand in addresses.

    ``own``: the number in the page's own address.  None where none says how many pages there are.
    """
    count = _COUNT_VARIABLE.search(script)
    if count is None:
        return None
    variable = _CURRENT_VARIABLE.search(script)
    current = int(variable[2]) if variable else own or 1
    # Counted from 0: the first page says so, or the variables are those that TRS writes.
    trs = variable is not None and variable[1] == "currentPage" and "countPage" in count[0]
    from_zero = current == 0 or trs
    return current, int(count[1]) - from_zero
