"""The rooms of the house: who may know whom."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("zhijiang_spider", "archive")
PURE = ("credits", "derive", "items", "pages", "probe", "sites", "text", "vocabulary")


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == word or name.startswith(f"{word}.") for word in forbidden)
    ]


def test_the_archive_does_not_know_there_is_a_web() -> None:
    paths = [path for path in modules() if path.is_relative_to(ROOT / "archive")]
    assert offenders(paths, "scrapy", "parsel", "twisted", "zhijiang_spider") == []


def test_pure_modules_do_not_know_scrapy() -> None:
    crawler = ROOT / "zhijiang_spider"
    paths = [path for path in modules() if path.is_relative_to(crawler)]
    paths = [path for path in paths if path.relative_to(crawler).parts[0].removesuffix(".py") in PURE]
    assert {path.relative_to(crawler).parts[0].removesuffix(".py") for path in paths} == set(PURE)
    assert offenders(paths, "scrapy", "twisted") == []


def test_only_the_archive_knows_sql() -> None:
    paths = [path for path in modules() if not path.is_relative_to(ROOT / "archive")]
    assert offenders(paths, "sqlite3", "sqlite_utils") == []


# How a statement of SQL, or the beginning of one, looks in a string: keywords in capitals, as the archive writes them.
STATEMENT = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE\s+FROM\b"
    r"|\b(CREATE|DROP|ALTER)\s+(TEMP\w*\s+|UNIQUE\s+|VIRTUAL\s+)?(TABLE|VIEW|INDEX|TRIGGER)\b|\bPRAGMA\b",
    re.DOTALL,
)


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every string of a program; of one with values in it, all that is constant."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))


def statements(source: str) -> list[str]:
    return [f"{line}: {text}" for line, text in strings(source) if STATEMENT.search(text)]


@pytest.mark.parametrize(
    "source",
    [
        "execute('SELECT site FROM crawl')",
        "sql = ('SELECT a.url'\n  ' FROM article a')",
        "sql = f'SELECT {columns} FROM {table}'",
        "sql = 'UPDATE article\\nSET title = 1'",
        "execute(f'INSERT INTO {table} VALUES (1)')",
        "execute('DELETE FROM t')",
        "execute('CREATE TEMP TABLE t (a)')",
        "execute('PRAGMA user_version')",
    ],
)
def test_a_statement_of_sql_is_known_when_it_is_seen(source: str) -> None:
    assert statements(source)


def test_what_is_no_sql_is_not_taken_for_it() -> None:
    assert (
        statements("'please select one from the list', 'SELECTOR', 'UPDATED', Group.CREATE, 'CREATE'") == []
    )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "zhijiang_spider").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_sql_stands_in_the_crawler(path: Path) -> None:
    assert statements(path.read_text(encoding="utf-8")) == []


def test_nothing_imports_the_spiders() -> None:
    """They are found by their name, as Scrapy does it; so they stay the outermost room."""
    assert offenders(modules(), "zhijiang_spider.spiders") == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_prints(path: Path) -> None:
    if "cli" in path.parts:
        return
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


def test_the_domain_model_imports_nothing_of_ours() -> None:
    assert offenders([ROOT / "archive" / "model" / "article.py"], *PACKAGES) == []
