"""The requests that a page's scripts make, as far as they stand there in plain words: address, page number, form.

``$.get("/api/list?catid=7&page=" + page, …)``, ``$.ajax({url: …, data: {…}})``, ``axios``, ``fetch``,
``XMLHttpRequest``; ``<script src="…?callback=show">`` whose answer the page's own function ``show`` gets.  A request
with a piece that only a run of the script would tell is none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from zhijiang_spider.items import ListAddress
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.expressions import (
    Hole,
    Pieces,
    Script,
    Token,
    Value,
    read_arguments,
    script_of,
)
from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS
from zhijiang_spider.pages.page import Page, once_a_page
from zhijiang_spider.vocabulary import words

OFFSETS: Final = frozenset(words("lists.offsets"))
_GETS = ("get", "getJSON", "post", "load", "ajax", "request", "open", "fetch", "axios", "jsonp")
_MAY_ASK = re.compile(rf"\b(?:{'|'.join(_GETS)})\s?\(")
_CALLERS = frozenset(("$", "jQuery", "axios", "http", "$http", "api", "uni", "wx", "request"))
_ALONE = frozenset(("fetch", "axios", "ajax", "request"))
_MOST = 40
"""Requests of one page that are looked at."""
_LIVE = frozenset(
    ("random", "now", "getTime", "Date", "valueOf", "timestamp", "ts", "t", "_t", "rnd", "rand")
)
"""Last names of what only keeps an answer from being cached."""
_PAGE, _OFFSET = "~page~", "~offset~"
"""Stand in an address while it is joined: braces would be escaped."""
_ROOT = re.compile(r"(?:ctx|base|root|site|domain|host|context|origin)\w{0,8}$", re.IGNORECASE)
"""Names of what an address of the own site may begin with; it is left out."""
_JSONP = re.compile(r"([?&]\w+=)\?(?=&|$)")
_CALLED = re.compile(r"[?&]\w{1,40}=([A-Za-z_$][\w$.]{0,60})(?=&|$)")


@dataclass(frozen=True, slots=True)
class ScriptRequest:
    """A request for a list; ``{page}`` stands where the number of the page goes, ``{offset}`` where an offset does."""

    address: str
    """Absolute."""
    form: str = ""
    """What is sent with POST, in the same way; "" = GET."""
    first: int = 1
    """The number of the first page."""
    at: int = 0
    """Characters of the scripts before it."""
    end: int = 0
    """Characters before what stands behind it."""

    def page(self, number: int) -> ListAddress:
        """Return where a page is asked for; an offset is that of the first."""
        return ListAddress(*(_filled(text, number) for text in (self.address, self.form)))


def _filled(text: str, number: int) -> str:
    return text.replace("{page}", str(number)).replace("{offset}", "0")


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a script by which it asks a server."""

    method: str
    url: Value
    data: Value
    is_form: bool
    """What is sent with POST is a form, no JSON."""
    at: int
    end: int


def find_requests(page: Page, script: Script) -> tuple[ScriptRequest, ...]:
    """Return the requests of a page's scripts that can be made without running them, in their order."""
    fields = Fields(page, script)
    calls = (*find_calls(script), *_loads(page, script))
    return tuple(request for call in calls if (request := _request(page, call, fields)) is not None)


def _loads(page: Page, script: Script) -> Iterator[Call]:
    """Yield the scripts that a page loads as calls of a function of its own, where that function stands."""
    for element in islice(page.selector.root.iter("script"), _MOST):
        address = element.get("src") or ""
        for called in _CALLED.findall(address):
            name = re.escape(called.rpartition(".")[2])
            made = re.search(
                rf"\bfunction\s+{name}\s*\(|(?<![\w$]){name}\s*[=:]\s*(?:async\s*)?(?:function\b|\()",
                script.source,
            )
            if made:
                yield Call(
                    "GET", Pieces((address.strip(),)), None, is_form=True, at=made.start(), end=made.end()
                )
                break


def find_calls(script: Script) -> tuple[Call, ...]:
    """Return the calls of a script that ask a server, at most 40."""
    if not _MAY_ASK.search(script.source):
        return ()
    found: list[Call] = []
    row = script.tokens
    for index, token in enumerate(row):
        if token.kind != "word" or token.value not in _GETS or len(found) >= _MOST:
            continue
        if index + 1 >= len(row) or row[index + 1].value != "(" or row[index + 1].kind != "mark":
            continue
        if not _asks(row, index):
            continue
        arguments, after = read_arguments(row, index + 1)
        end = row[after].at if after < len(row) else len(script.source)
        caller = row[index - 2].value if index > 1 and row[index - 1].value == "." else ""
        if call := _call(token.value, caller, arguments, token.at, end):
            found.append(call)
    return tuple(found)


def _asks(row: Sequence[Token], index: int) -> bool:
    name = row[index].value
    if index < 2 or row[index - 1].value != ".":
        return name in _ALONE
    before = row[index - 2]
    # $("#list").load("/list.html"), xhr.open("GET", …)
    return name in ("load", "open", "ajax", "getJSON") or before.value in _CALLERS


def _call(name: str, caller: str, arguments: Sequence[Value], at: int, end: int) -> Call | None:
    if not arguments:
        return None
    first, second = arguments[0], arguments[1] if len(arguments) > 1 else None
    if isinstance(first, Mapping):  # $.ajax({…}), axios({…}), uni.request({…})
        return _of_options(first.get("url"), first, name, at, end)
    if name == "open":
        return Call(_word(first).upper() or "GET", second, None, is_form=True, at=at, end=end)
    if name in ("fetch", "axios", "ajax", "request") and isinstance(second, Mapping):
        return _of_options(first, second, name, at, end)
    if name == "post":
        is_form = caller in ("$", "jQuery") or isinstance(second, Pieces)  # the others send an object as JSON
        return Call("POST", first, second, is_form=is_form, at=at, end=end)
    data = second.get("params", second) if isinstance(second, Mapping) else None
    return Call("GET", first, data, is_form=True, at=at, end=end)


def _of_options(url: Value, options: Mapping[str, Value], name: str, at: int, end: int) -> Call:
    method = next((_word(options[key]) for key in ("type", "method") if key in options), "GET").upper()
    data = next((options[key] for key in ("data", "params", "body") if options.get(key) is not None), None)
    is_json = (
        "json" in _word(options.get("contentType")).lower() or "json" in repr(options.get("headers")).lower()
    )
    return Call(method or "GET", url, data, is_form=not is_json and name != "axios", at=at, end=end)


def _word(value: Value) -> str:
    parts = value.parts if isinstance(value, Pieces) else ()
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else ""


class Fields:
    """What a page tells of the names in its scripts: variables, its own address's query, fields."""

    def __init__(self, page: Page, script: Script) -> None:
        self.script = script
        self.query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
        self.root = page.selector.root

    def of(self, hole: Hole) -> str | None:
        """Return the value of a name, None if only a run of the script would tell."""
        last = hole.name.rpartition(".")[2]
        if last in _LIVE:
            return "1"
        if hole.arguments:
            given = _word(hole.arguments[0])
            if given.startswith("#") and last in ("val", "value", "attr", "data", "text", "html"):
                return self._field(given[1:])
            if last == "getElementById":
                return self._field(given)
            return self.query.get(given)
        if ".value" in f".{hole.name}" and "getElementById" in hole.name:
            return None
        return None if hole.is_reckoned else self.script.variables.get(last)

    def _field(self, name: str) -> str | None:
        for element in self.root.iter("input", "span", "div", "em"):
            if element.get("id") == name:
                value = element.get("value")
                return value if value is not None else (element.text or "").strip() or None
        return None


def _request(page: Page, call: Call, fields: Fields) -> ScriptRequest | None:
    if call.method not in ("GET", "POST") or (call.method == "POST" and not call.is_form):
        return None
    url, data = call.url, call.data
    if not isinstance(url, Pieces) or not url.parts:
        return None
    numbers = _Numbers(fields)
    address = numbers.text(url, "")
    sent = numbers.form(data)
    if address is None or sent is None or address.startswith(("{", "javascript:")):
        return None
    address = _JSONP.sub(r"\1callback", numbers.in_query(address))
    if sent and call.method == "GET":
        address += ("&" if "?" in address else "?") + sent
    made = absolute(page.base, address.replace("{page}", _PAGE).replace("{offset}", _OFFSET))
    if made is None:
        return None
    made = made.replace(_PAGE, "{page}").replace(_OFFSET, "{offset}")
    return ScriptRequest(made, sent if call.method == "POST" else "", numbers.first, call.at, call.end)


class _Numbers:
    """Puts texts together; where the number of the page goes ``{page}`` stands, and its first value is kept."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.first = 1

    def text(self, value: Pieces, name: str) -> str | None:
        """Return a text; ``name``: the parameter whose value it is, "" of an address."""
        made = ""
        for number, part in enumerate(value.parts):
            if isinstance(part, str):
                made += part
                continue
            parameter = name or self._parameter(made)
            known = self.fields.of(part)
            if parameter.lower() in OFFSETS:
                made += "{offset}"
            elif parameter.lower() in PAGE_PARAMETERS or (
                not parameter and part.name.rpartition(".")[2].lower() in PAGE_PARAMETERS
            ):
                self.first = int(known) if known and re.fullmatch(r"[0-9]{1,4}", known) else 1
                made += "{page}"
            elif known is not None:
                made += quote(known, safe="/:?&=%.,-_~")
            elif number or len(value.parts) == 1 or not _ROOT.search(part.name):
                return None
        return made

    @staticmethod
    def _parameter(made: str) -> str:
        found = re.search(r"[?&](\w{1,40})=$", made[-60:])
        return found[1] if found else ""

    def in_query(self, address: str) -> str:
        """Return an address with ``{page}`` for a page number that stands in its query."""
        return _NUMBER.sub(self._marked, address)

    def _marked(self, found: re.Match[str]) -> str:
        if found[2].lower() in OFFSETS:
            return f"{found[1]}{found[2]}={{offset}}"
        if found[2].lower() not in PAGE_PARAMETERS:
            return found[0]
        self.first = int(found[3])
        return f"{found[1]}{found[2]}={{page}}"

    def form(self, data: Value) -> str | None:
        """Return parameters as a form has them; "" where there are none, None where one cannot be read."""
        if data is None:
            return ""
        if isinstance(data, Pieces):
            only = data.parts[0] if len(data.parts) == 1 else ""
            if isinstance(only, Hole):
                return None
            made = self.text(data, "")
            return None if made is None or made.lstrip().startswith('{"') else self.in_query(f"&{made}")[1:]
        pairs = []
        for name, value in data.items():
            if not isinstance(value, Pieces):
                return None
            text = self.text(value, name)
            if text is None:
                return None
            pairs.append(self.in_query(f"&{urlencode({name: text}, safe='{}')}")[1:])
        return "&".join(pairs)


_NUMBER = re.compile(r"([?&])(\w{1,40})=([0-9]{1,4})(?=&|$)")


@once_a_page
def own_scripts(page: Page) -> tuple[str, ...]:
    """Return the texts of a page's own scripts; what holds markup or data is none."""
    found = []
    for element in page.selector.root.iter("script"):
        kind = (element.get("type") or "").lower()
        if element.text and (not kind or "javascript" in kind or "ecmascript" in kind or kind == "module"):
            found.append(element.text)
    return tuple(found)


@once_a_page
def read_script(page: Page) -> Script:
    """Return a page's own scripts as one, with the texts, objects and calls in them."""
    return script_of(own_scripts(page))
