"""The messages of the program: where they are, and the catalogues that hold them in the other language.

``python -m tests.catalogue`` brings ``archive/locale/*/LC_MESSAGES/zhijiang.po`` up to date with the source and compiles
it: what is new has no translation yet, what is gone leaves.  ``tests/test_language.py`` looks that nothing is left to do.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog

from archive.care.check import CHECKS, Level
from archive.language import DOMAIN, FOLDER, SENTENCE
from archive.store.versions import VERSION_COLUMNS

ROOT = Path(__file__).parent.parent
SAYS_ITSELF = ("archive/cli", "zhijiang_spider/cli", "zhijiang_spider/crawl/notify.py")
"""Rooms whose texts a person reads at once: ``_()``, ``ngettext()``, ``noted()``, ``sentence()`` and help."""
SAYS_INSIDE = (
    "archive/appraisal.py",
    "archive/care",
    "archive/evidence",
    "archive/export",
    "archive/extras.py",
    "archive/importer",
    "archive/model/crawl.py",
    "archive/model/trouble.py",
    "archive/model/wording.py",
    "archive/plugins.py",
    "archive/rendering/remarks.py",
    "archive/search",
    "archive/seal",
    "archive/shelf.py",
    "archive/spreadsheet.py",
    "archive/store",
    "archive/witness",
    "zhijiang_spider/crawl",
    "zhijiang_spider/derive",
    "zhijiang_spider/probe",
    "zhijiang_spider/sites",
    "zhijiang_spider/spiders",
    "zhijiang_spider/pages",
)
"""Rooms whose sentences are told later: every text in them that is one, without being marked."""
SAYS_IN_CHINESE = (
    "archive/cli/search.py",
    "archive/cli/search_several.py",
    "archive/search",
    "archive/shelf.py",
)
"""Rooms whose sentences are Chinese, and translated into English."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[A-Za-z]{2,}")


class Message(NamedTuple):
    """A message of the source."""

    text: str | tuple[str, str]
    context: str | None
    file: str


def messages(language: str) -> Iterator[Message]:
    """Yield what the catalogue of a language has to hold: what is said in the other one."""
    for path in _modules(SAYS_ITSELF):
        for message in _said(path):
            if language == "zh":
                yield message
    if language == "en":
        yield from (Message(text, SENTENCE, "tests/catalogue.py") for text in SHORT_IN_CHINESE)
    for path in _modules(SAYS_INSIDE if language == "zh" else SAYS_IN_CHINESE):
        for text in sentences(path):
            if _is_chinese(text) if language == "en" else not _is_chinese(text):
                yield Message(text, SENTENCE, str(path.relative_to(ROOT)))
    if language == "zh":
        yield from (Message(text, SENTENCE, "tests/catalogue.py") for text in SHORT)
        yield from (
            Message(str(word), None, "tests/catalogue.py") for word in (*Level, *CHECKS, *_WORDS_ALONE)
        )
        yield from of_click()


_WORDS_ALONE = (
    *("running", "complete", "incomplete"),  # how a crawl ended
    *(
        "title",
        "kicker",
        "subtitle",
        "section",
        "source",
        "published",
        "body",
        "credits",
    ),  # fields of an article
    *(*VERSION_COLUMNS, "credit_line", "images", "layout"),
    *("label", "postfix", "outer", "unknown", "bare", "team"),  # rules of credits
    *(
        "INTEGER",
        "INTEGER RANGE",
        "FLOAT",
        "FLOAT RANGE",
        "TEXT",
        "PATH",
        "FILE",
        "DIRECTORY",
    ),  # click's values
    *(
        "AGE",
        "DATE",
        "FOLDER",
        "FORMAT",
        "HEAD",
        "NAME",
        "NAME=VALUE",
        "SECONDS",
        "SLUG",
        "FILE.html",
        "ADDRESS",
    ),
)
"""Words that ``_()`` is given as a value."""
SHORT = (
    "{number} list page{|s}",
    "{number} article{|s}",
    "{number} list page{|s} and {count} article{|s}",
    "{number} cannot be found",
    "{number} end{s|} too early",
    "{number} cannot be found and {count} end{s|} too early",
    "{number} hour{|s}",
    "{number} minutes",
    "since {at}: ",
    "look at the site",
    "{time} Beijing time",
    "{name}: {text} is no number",
    "{name}: {text} is no whole number",
    "{name}: {text} is neither True nor False",
    "{name}: {text} is no JSON object",
    "{name}: {text} is no list",
    "line that <title> or a meta tag holds",
    "<title> without the site's name",
    "Articles",
    "Sections",
    "{number} by {reader}",
    "layout: ",
    "its record",
    "{number} layout",
    "{number} timeout",
    "row {number}",
    "row {number}, {what}",
    "sheet {sheet}, row {number}",
    "sheet {sheet}, row {number}, {what}",
    "sheet {sheet}, ",
    "{file}, line {number}",
    "{file}, line {number}, {inside}",
    "column {number}",
    " ({node}, pid {number} since {at})",
    " (pid {number} since {at}, {doing})",
    "seal {number} ({what}, {at})",
    "crawl {number}",
    "article {number}",
    "capture {number}",
    "listing {number}",
    "failure {number}",
    "timeout",
    "nothing",
    "shutdown",
    "interrupted twice, stopped immediately",
    "The crawl was stopped before its end ({reason})",
    "{why} (capture {number})",
    "{why} (capture {number}), listed as {quoted}",
    "{why}, listed as {quoted}",
    "{names} and {number} more",
    "{option} (env var: {variable})",
    "article {number}, credit {count}",
    "article {number}, image {count}",
    "article {number}, attachment {count}",
    "article_version {number} (article {count}, version {n})",
    "credit {number}",
    "credit",
    "credit {number} {within}",
    "credit {number} ({notes})",
    "credit {number} {within} ({notes})",
    "image {number}",
    "image",
    "image {number} {within}",
    "image {number} ({notes})",
    "image {number} {within} ({notes})",
    "attachment {number}",
    "attachment",
    "attachment {number} {within}",
    "attachment {number} ({notes})",
    "attachment {number} {within} ({notes})",
    "“{text}…” ({number} characters)",
    "{who}; it was {quoted}",
    "{who}; not there any more",
    "{who}; slipped in",
    "end",
    "known",
    "unread",
    "anchors",
    "attributes",
    "drawn",
    "empty",
    "feed",
    "piece",
    "profile",
    "arrows",
    "handler",
    "numbers",
    "plugin",
    "script",
    "scroll",
    "words",
    "breadcrumb",
    "Permission denied",
    "No such file or directory",
    "Is a directory",
    "Not a directory",
    "No space left on device",
    "File exists",
    "Read-only file system",
    "Connection refused",
    "Address already in use",
    "database is locked",
    "database disk image is malformed",
    "file is not a database",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "database or disk is full",
)
"""What is said inside and too short to be seen to be a sentence, and what the system and SQLite say."""
SHORT_IN_CHINESE = ("改了{fields}：{what}", "改了{fields}")
"""The same of what is Chinese inside."""


def _modules(rooms: Iterable[str]) -> Iterator[Path]:
    for room in rooms:
        yield from [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))


def of_click() -> Iterator[Message]:
    """Yield what click says itself."""
    import click

    folder = Path(inspect.getfile(click)).parent
    for path in sorted(folder.glob("*.py")):
        found = extract.extract(
            "python", BytesIO(path.read_bytes()), keywords={"_": None, "ngettext": (1, 2)}
        )
        for _, text, _, _ in found:
            yield Message(tuple(text[:2]) if isinstance(text, tuple) else text, None, "click")  # type: ignore[arg-type]


def _said(path: Path) -> Iterator[Message]:
    """Yield what a module of the command line says."""
    file = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in ("_", "noted") and texts:
                yield Message(texts[0], None, file)
            elif name == "sentence":
                yield Message(texts[0], SENTENCE, file)
            elif name == "ngettext":
                yield Message((texts[0], texts[1]), None, file)
            for keyword in node.keywords:
                if keyword.arg not in ("help", "show_default"):
                    continue
                if isinstance(keyword.value, ast.JoinedStr):
                    yield from (Message(form, SENTENCE, file) for form in _forms(keyword.value))
                elif isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
                    yield Message(keyword.value.value, None, file)
        elif isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            yield Message(inspect.cleandoc(ast.get_docstring(node) or ""), None, file)


def _is_command(decorator: ast.expr) -> bool:
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(name, ast.Attribute) and name.attr in ("command", "group")


_NO_SENTENCE = re.compile(
    r"\b(?:SELECT|FROM|WHERE|JOIN|EXISTS|CASE|IS NOT|IS NULL|NOT IN|IN \(|LIKE|NOT LIKE|SAVEPOINT|ROLLBACK|RELEASE|VACUUM"
    r"|ORDER BY|LIMIT|COLLATE|CAST|DESC|PRAGMA|BEGIN|INSERT|CREATE|DROP|NULLS|IN chosen|IN used|IN address|PRIMARY|REPLACE INTO|INDEXED BY|UNION|json_|julianday|printf|substr|coalesce)\b"
    r"|\(\?[:P=<!]|\\[bswdSW]|contains\(|//\*|starts-with\(|<[a-z!]|charset=|\bself\b|\|\s?None|^Yield |%s|%d"
    r"|^[a-z_]+(?:\.[a-z]+)?\.[a-z_]+ (?:AS|\{is_hidden)|^Mapping\[|^descendant::|^\[\^|^\(\.|^BagIt-Version|^article_fts, $|, credits, \{|^\{node\}"
    r"|^pid \{|^article_id, url|^a\.source|^body_sha256|^zhijiang \{|: list pages, articles|^In a worker"
    r"|^(?:[a-z]+\.[a-z_0-9]+[ ,]*)+$| AND | OR |\|\||^(?:max|min)\(|^[a-z_]+, [a-z_]+$|/@|\[\\u|^[a-z_]+ = [\[{]|^(?!nothing)[a-z-]+; |<> |capture c JOIN"
)
_NO_SENTENCES = frozenset(
    (
        "WARC File Format 1.1",
        "yyyy-mm-dd hh:mm:ss",
        "Dublin Core",
        "FOREIGN KEY",
        "constraint failed: (\\w+)",
        "Unknown archive format",
        "Ignoring non-200 response",
        "certificate verify failed",
    )
)


def _is_chinese(text: str) -> bool:
    fixed = re.sub(r"\{[^{}]*\}", "", text)
    return len(_HAN.findall(fixed)) > len(_WORDS.findall(fixed))


def sentences(path: Path) -> Iterator[str]:
    """Yield every text of a module that is one for people, its expressions as places."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = set(_no_texts(tree))
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.BinOp):
            leaves = _leaves(node)
            left_out.update(below for below in ast.walk(node) if isinstance(below, ast.BinOp))
            if not any(isinstance(leaf, ast.JoinedStr) or _is_text(leaf) for leaf in leaves):
                continue
            if any(isinstance(leaf, ast.Constant) and not _is_text(leaf) for leaf in leaves):
                continue
            left_out.update(leaf for leaf in leaves if isinstance(leaf, ast.JoinedStr | ast.Constant))
            texts = _forms(_joined(leaves), constants)
        elif isinstance(node, ast.JoinedStr):
            texts = _forms(node, constants)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts = [_numbered(node.value)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "noted":
            first = node.args[0]
            assert isinstance(first, ast.Constant)
            left_out.add(first)
            continue
        else:
            continue
        for text in (re.sub(r"^(?:.*    )?# ", "", text) for text in texts):  # of a draft's line its comment
            fixed = re.sub(r"\{[^{}|]*\}", "", text)
            least = 1 if fixed.startswith(_FRAGMENT) else 2
            enough = len(_WORDS.findall(fixed)) >= least and " " in fixed
            if (
                (enough or len(_HAN.findall(fixed)) in range(4, 60))
                and text not in _NO_SENTENCES
                and not _NO_SENTENCE.search(text)
            ):
                yield text


_FRAGMENT = (" (", ", ", "; ", "  (")
"""How what is put behind a sentence begins."""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _leaves(node: ast.expr) -> list[ast.expr]:
    """Return what is added up."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_leaves(node.left), *_leaves(node.right)]
    return [node]


def _joined(leaves: Iterable[ast.expr]) -> ast.JoinedStr:
    """Return texts that are added up as one; what stands there or not is a place in it."""
    values: list[ast.expr] = []
    for leaf in leaves:
        if isinstance(leaf, ast.JoinedStr):
            values.extend(leaf.values)
        elif isinstance(leaf, ast.Constant):
            values.append(leaf)
        else:
            place = ast.Name(id=f"more_{len(values)}") if isinstance(leaf, ast.IfExp) else leaf
            values.append(ast.FormattedValue(value=place, conversion=-1))
    return ast.JoinedStr(values=values)


def _no_texts(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what is text and says nothing: docstrings, parts of others, what is written for logs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                b.value for b in node.body if isinstance(b, ast.Expr) and isinstance(b.value, ast.Constant)
            )
        elif isinstance(node, ast.JoinedStr):
            yield from (value for value in node.values if isinstance(value, ast.Constant))
            yield from (
                v.format_spec for v in node.values if isinstance(v, ast.FormattedValue) and v.format_spec
            )
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plural":
            yield from node.args
        elif isinstance(node, ast.Compare):
            yield from (one for one in (node.left, *node.comparators) if isinstance(one, ast.Constant))


def _numbered(text: str) -> str:
    return text.replace("{}", "{value}")


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield from (
                (target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name)
            )


def _forms(joined: ast.JoinedStr, constants: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return the forms of an f-string: one, but for a part of which the program has two."""
    parts: list[list[str]] = []
    names: dict[str, str] = {}
    for value, behind in zip(joined.values, [*joined.values[1:], None], strict=True):
        if isinstance(value, ast.Constant):
            assert isinstance(value.value, str)
            parts.append([value.value])
        elif isinstance(value, ast.FormattedValue):
            is_constant = isinstance(value.value, ast.Name) and value.value.id in constants
            if is_constant and isinstance(
                behind, ast.FormattedValue
            ):  # two places side by side cannot be told apart
                parts.append([constants[ast.unparse(value.value)]])
            else:
                parts.append(_place(value.value, names))
    return ["".join(form) for form in product(*parts)]


def _place(value: ast.expr, names: dict[str, str]) -> list[str]:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "plural":
        several, one = [str(a.value) for a in value.args[1:] if isinstance(a, ast.Constant)] + ["s", ""][
            len(value.args) - 1 :
        ]
        return [f"{{{one}|{several}}}"]
    if isinstance(value, ast.IfExp) and isinstance(value.body, ast.Constant):
        other = value.orelse
        return [
            str(value.body.value),
            *([str(other.value)] if isinstance(other, ast.Constant) else _place(other, names)),
        ]
    if isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.Constant):
        return [*_place(value.body, names), str(value.orelse.value)]
    if isinstance(value, ast.JoinedStr):
        return _forms(value)
    written = ast.unparse(value)
    if written not in names:
        name = _name(value)
        names[written] = name if name not in names.values() else f"{name}_{len(names)}"
    return [f"{{{names[written]}}}"]


def _name(value: ast.expr) -> str:
    """Return what a place is called: the last name of its expression."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            found = name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            found = name
        case ast.Subscript(value=inner) | ast.BinOp(left=inner) | ast.BoolOp(values=[inner, *_]):
            found = _name(inner)
        case ast.IfExp(body=inner):
            found = _name(inner)
        case ast.Call(func=ast.Name(id="len" | "str" | "short"), args=[inner, *_]):
            found = _name(inner)
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner, *_]):
            found = _name(inner)
        case ast.Call(func=func):
            found = _name(func)
        case _:
            found = "value"
    return re.sub(r"\W", "", found.strip("_").lower()) or "value"


_HEAD = """# What the command line says, in the language that the source has not.
# Brought up to date by: python -m tests.catalogue"""


def template(language: str) -> Catalog:
    """Return the messages of the source as a catalogue without translations."""
    found = Catalog(project="zhijiang", charset="utf-8", locale=language, fuzzy=False, header_comment=_HEAD)
    for message in messages(language):
        if message.text and message.text != ("", ""):
            found.add(message.text, context=message.context, locations=[(message.file, None)])  # type: ignore[list-item]
    return found


def po(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is."""
    with po(language).open("rb") as file:
        return pofile.read_po(file, locale=language, domain=DOMAIN)


_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""For the head of a compiled catalogue: the same messages give the same bytes."""


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the ``.mo`` file of a catalogue."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    out = BytesIO()
    mofile.write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return the bytes of the ``.po`` file of a catalogue; the same messages give the same bytes."""
    out = BytesIO()
    pofile.write_po(out, catalogue, width=0, omit_header=False, sort_output=True, ignore_obsolete=True)
    return re.sub(
        rb'"(?:Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
        b"",
        out.getvalue(),
    )


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """Return the forms of a message or of its translation: one, or those that go with numbers."""
    return (text or "",) if isinstance(text, str) or text is None else text


def is_translated(string: str | Sequence[str] | None) -> bool:
    """Tell whether a message has its translation, each form of it."""
    return all(forms(string))


def bring_up_to_date(language: str) -> Catalog:
    """Return the catalogue of a language with the messages of the source, translated where it had them."""
    found, old = template(language), read(language) if po(language).exists() else Catalog(locale=language)
    for message in found:
        if message.id and (
            known := old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        ):
            message.string = known.string
    return found


if __name__ == "__main__":
    for language in ("zh", "en"):
        po(language).parent.mkdir(parents=True, exist_ok=True)
        po(language).write_bytes(written(bring_up_to_date(language)))
        catalogue = read(language)
        po(language).with_suffix(".mo").write_bytes(compiled(catalogue))
        open_ = sum(1 for message in catalogue if message.id and not is_translated(message.string))
        print(f"{language}: {len(catalogue)} messages, {open_} without translation")
