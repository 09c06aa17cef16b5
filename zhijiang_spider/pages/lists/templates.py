"""How a page's scripts and templates make the addresses of articles: ``"/p/" + item.id + ".html"``.

An article whose list gives only its number has an address only where one of these is shown, or the profile says one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.expressions import Hole, Pieces, Script, Value, script_of, texts_in
from zhijiang_spider.pages.lists.functions import find_functions
from zhijiang_spider.sites.site import Site

_NUMBERS = ("1", "100001", "20240101")
"""What is put into the holes to see whether an article's address comes of it."""
_MOST = 60
_OPEN, _CLOSE = "\x01", "\x02"
_ADDRESS = re.compile(rf"(?:=\s?[\"']?|[\"'(]|^)([^\"'\s<>(){{}}]*{_OPEN}[^\"'\s<>(){{}}]*)")
_IN_MARKUP = re.compile(
    r"(?P<bound>[:@]|v-bind:|ng-)?(?:href|data-href|data-url|src|to|click)\s?=\s?(?:\"(?P<double>(?:[^\"<>\n]|<%|%>){1,300})\"|'(?P<single>(?:[^'<>\n]|<%|%>){1,300})')"
)
_SLOT = re.compile(
    r"(?:\{\{\{?|<%=?|\$\{|\{%=?|\[\[)\s{0,3}([\w$.]{1,60})[^{}%<>\[\]]{0,40}?(?:\}?\}\}|%>|\}|%\}|\]\])"
)


@dataclass(frozen=True, slots=True)
class Template:
    """An article's address with named holes."""

    parts: tuple[str | Hole, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The last names of its holes: ``id`` for ``item.id``."""
        return tuple(part.name.rpartition(".")[2] for part in self.parts if isinstance(part, Hole))

    def fill(self, values: Mapping[str, str]) -> str | None:
        """Return the address with these values, None where one is missing or is no number or word."""
        made = []
        for part in self.parts:
            value = part if isinstance(part, str) else values.get(part.name.rpartition(".")[2].lower(), "")
            if not isinstance(part, str) and not re.fullmatch(r"[\w./-]{1,80}", value):
                return None
            made.append(value)
        return "".join(made)


def article_templates(text: str, script: Script, base: str, site: Site) -> tuple[Template, ...]:
    """Return how a page makes the addresses of the site's articles.  ``text``: its source."""
    found: dict[Template, None] = {}
    for pieces in (*_in_markup(text), *(pieces for _, pieces in script.texts)):
        for template in _addresses(pieces, script.variables):
            if template not in found and _makes_articles(template, base, site):
                found[template] = None
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def function_templates(name: str, script: Script) -> Iterator[tuple[tuple[str, ...], Template]]:
    """Yield the parameters of a page's function of that name, and each address that it makes of them."""
    for function in find_functions(script.tokens).get(name, ()):
        parameters = function.parameters
        for _, pieces in texts_in(script.tokens, function.start, function.end):
            for template in _addresses(pieces, script.variables, parameters):
                yield parameters, template


def _in_markup(text: str) -> Iterator[Pieces]:
    for found in islice(_IN_MARKUP.finditer(text), 3000):
        value = found["double"] or found["single"]
        if "{" in value or "<%" in value or "[[" in value:
            yield _slots(value)
        elif found["bound"] and ("+" in value or "`" in value):
            yield from (pieces for _, pieces in script_of([value]).texts)


def _slots(value: str) -> Pieces:
    parts = _SLOT.split(value)
    return Pieces(tuple(Hole(part) if number % 2 else part for number, part in enumerate(parts) if part))


def _addresses(
    pieces: Pieces, variables: Mapping[str, str], parameters: Sequence[str] = ()
) -> Iterator[Template]:
    """Yield the addresses in a text with holes, which may be markup; known variables are put in."""
    holes: list[Hole] = []
    whole = ""
    for part in pieces.parts:
        if isinstance(part, str):
            whole += part.replace(_OPEN, "").replace(_CLOSE, "")
            continue
        if part.arguments and part.name.rpartition(".")[2] in ("data", "attr", "getAttribute", "prop"):
            part = Hole(_word(part.arguments[0]).removeprefix("data-"))
        known = variables.get(part.name) if "." not in part.name and part.name not in parameters else None
        if known is not None and ("/" in known or whole):
            whole += known
        elif whole or len(pieces.parts) == 1:  # before its beginning stands at most the site's own address
            whole += f"{_OPEN}{len(holes)}{_CLOSE}"
            holes.append(part)
    for found in _ADDRESS.finditer(_SLOT.sub(lambda slot: _keep(slot, holes), whole)):
        split = re.split(rf"{_OPEN}(\d+){_CLOSE}", found[1])
        parts = tuple(holes[int(part)] if number % 2 else part for number, part in enumerate(split) if part)
        yield Template(parts)


def _word(value: Value) -> str:
    return value.parts[0] if isinstance(value, Pieces) and isinstance(value.parts[0], str) else ""


def _keep(slot: re.Match[str], holes: list[Hole]) -> str:
    holes.append(Hole(slot[1]))
    return f"{_OPEN}{len(holes) - 1}{_CLOSE}"


def _makes_articles(template: Template, base: str, site: Site) -> bool:
    if not any(isinstance(part, str) for part in template.parts):
        return False
    for number in _NUMBERS:
        made = template.fill(dict.fromkeys((name.lower() for name in template.names), number))
        address = absolute(base, made) if made else None
        if address and site.article_key(address):
            return True
    return False
