"""Every reason that the program can store, out of its own code: its sentences, each filled with something."""

import ast
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

from tests.chinese import ENGLISH

ROOT = Path(__file__).parent.parent
_MODULES = (
    "zhijiang_spider/pages/lists/**/*.py",
    "zhijiang_spider/pages/article/next_part.py",
    "zhijiang_spider/pages/article/extract.py",
    "zhijiang_spider/spiders/*.py",
    "zhijiang_spider/derive/article.py",
    "zhijiang_spider/derive/workers.py",
    *(
        f"zhijiang_spider/crawl/{name}.py"
        for name in [
            "verdict",
            "failures",
            "ends",
            "elsewhere",
            "middlewares",
            "redirects",
            "robots",
            "session",
            "whole",
        ]
    ),
    *(f"archive/care/{name}.py" for name in ("health", "reconcile", "against_itself", "evidence")),
    "archive/model/crawl.py",
    "archive/evidence/packed.py",
)
_CALLS = {
    *(
        "LayoutChanged",
        "ListUnread",
        "PartMissing",
        "PagerUnread",
        "ReadingEnded",
        "ScriptOnly",
        "NotUnderstood",
    ),
    *(
        "TooLong",
        "PageGone",
        "Refused",
        "Trouble",
        "FetchFailure",
        "NotWhole",
        "HostRefused",
        "AddressRefused",
    ),
    *("IgnoreRequest", "RobotsUnknown", "_failure", "SentOn"),
}
"""What is called with a reason."""
_NAMES = {"said", "reason", "told", "unread", "drawn", "line"}
"""What a reason is called before it is stored."""
_RETURNING = {"reason", "reason_of", "cut_short", "_reason", "drawn_by_script", "_without_end", "_unread"}
"""Functions that return one."""
_MOST = 64


def reasons() -> dict[str, str]:
    """Return each sentence, filled, and where it stands in the code."""
    found: dict[str, str] = {}
    for pattern in _MODULES:
        for path in sorted(ROOT.glob(pattern)):
            for node in _told(ast.parse(path.read_text(encoding="utf-8"))):
                for text in islice(_filled(node), _MOST):
                    if ENGLISH.search(text):
                        found.setdefault(text.strip(), f"{path.relative_to(ROOT)}:{node.lineno}")
    return {text: place for text, place in found.items() if not text.startswith(_PARTS)}


def _told(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _CALLS:
                yield from (arg for arg in (*node.args, *(k.value for k in node.keywords if k.arg in _NAMES)))
            case ast.Call(keywords=keywords):
                yield from (keyword.value for keyword in keywords if keyword.arg in ("unread", "reason"))
            case ast.Assign(targets=[ast.Name(id=name)]) if name in _NAMES:
                yield node.value
            case ast.FunctionDef(name=name) if name in _RETURNING:
                yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value)


def _filled(node: ast.expr) -> Iterator[str]:
    """Yield what an expression of texts may come to, a 7 in each place that something is put into."""
    if (source := ast.unparse(node)) in _FILLINGS:
        yield _FILLINGS[source]
        return
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for parts in product(*(list(islice(_filled(value), 4)) for value in values)):
                yield "".join(parts)
        case ast.FormattedValue(value=value):
            yield from _filled(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for one, other in product(islice(_filled(left), 4), islice(_filled(right), 4)):
                yield one + other
        case ast.IfExp(body=body, orelse=orelse):
            yield from _filled(body)
            yield from _filled(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _filled(value)
        case ast.Call(func=ast.Name(id="plural"), args=[_, ast.Constant(value=many), *_]):
            yield str(many)
        case ast.Call(func=ast.Name(id="plural")):
            yield "s"
        case _:
            yield "7"


_FAILED = "http://x.example/7: timeout"
_FILLINGS = {
    "ELSEWHERE": "links elsewhere",
    "NOT_UNDERSTOOD": "not understood",
    "LOST": "Evidence is lost: of the WARC files in ",
    "CUT_SHORT": "The crawl was stopped before its end",
    "SAID_ONCE": "  This is said once; status goes on to ",
    "_HELD": "held back and not archived, and archived articles stay as they were",
    "_ACCEPT": "look at the site.",
    "_SELECT": "If a browser shows it there.",
    "shown": f": {_FAILED}",
    "failure": _FAILED,
    "advice": "  The next crawls ask again.",
    "_advice(failure)": "Open it in a browser.",
    "sent": "the page sends its reader on to http://x.example/7",
    "what": "one page",
    "said": "the page says 7 pages (共7页)",
    "says": "the answer says 7 entries",
    "where": "all sections",
    "first": ", the first: ValueError: 7",
    "how": "exit status 7",
    "_mistake_in_rows(page, site, rows, api)": "",
    "read if drawn else f'{were} read in part'": "were read in part",
}
"""Source of what is put into a sentence → an example of it, where a 7 is none."""
_PARTS = (
    "a signal told it to stop",
    "what it was just reading",
    "the answer says 7",
    "the answer is full",
    "the page says 7 pages (共7页), it holds",
    "HTTP 7the",
)
"""Beginnings of what stands in a sentence only, never alone."""
