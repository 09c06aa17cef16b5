"""The documentation tells the truth: its queries run, its commands and names exist."""

import ast
import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive import Archive, Article
from archive.export import known_formats
from archive.model.article import Role
from archive.model.crawl import FailureType, FetchFailure
from archive.model.plan import RecheckPolicy
from archive.store.articles import save_article, save_missing
from tests.commands_page import commands_page
from zhijiang_spider.cli import COMMANDS, main
from zhijiang_spider.sites.profile_schema import SELECTOR_FIELDS

ROOT = Path(__file__).parent.parent
HANDBOOK = (ROOT / "docs" / "查询手册.md").read_text(encoding="utf-8")
WITH_ROWS, WITHOUT_ROWS = HANDBOOK.split("## 没有结果也是答案")


def queries(text: str) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", text, re.DOTALL)


def test_the_handbook_has_a_dozen_queries() -> None:
    assert len(queries(HANDBOOK)) >= 12


@pytest.mark.parametrize("sql", queries(WITH_ROWS))
def test_a_query_of_the_handbook_answers_on_the_sample_site(demo_archive: Path, sql: str) -> None:
    with sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True) as connection:
        assert connection.execute(sql).fetchall() != []
    connection.close()


@pytest.mark.parametrize("sql", queries(WITHOUT_ROWS))
def test_a_query_for_trouble_finds_none_on_the_sample_site(demo_archive: Path, sql: str) -> None:
    with sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True) as connection:
        assert connection.execute(sql).fetchall() == []
    connection.close()


def test_the_handbook_counts_its_queries_for_trouble() -> None:
    number = "零一二三四五六七八九".index(WITHOUT_ROWS.partition("下面")[2][0])
    assert number == len(queries(WITHOUT_ROWS.partition("\n## ")[0]))


def test_the_handbook_tells_what_is_gone_from_what_is_looked_for(
    archive: Archive, article: Callable[..., Article]
) -> None:
    (sql,) = [query for query in queries(HANDBOOK) if "FROM 已消失" in query]
    for key, gone_looks in (("1", 1), ("2", 9)):
        save_article(archive, article(key=key), 1)
        lost = FetchFailure(
            "yunting", "u", FailureType.ARTICLE, "HTTP 404", "2024-12-01T00:00:00Z", key=key, missing=True
        )
        save_missing(archive, [lost], 1, RecheckPolicy(gone_days=0, gone_looks=gone_looks))
    found = archive.connection.execute(sql)
    place = [name for name, *_ in found.description].index("状态")
    assert sorted(row[place] for row in found) == ["失联", "已消失"]


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
)


def test_a_pair_of_names_is_counted_by_articles(demo_archive: Path) -> None:
    sql = next(query for query in queries(HANDBOOK) if "AS 乙" in query)
    of_name = "SELECT count(DISTINCT 编号) FROM 署名 WHERE 姓名 = ?"
    with closing(sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True)) as connection:
        for one, other, together in connection.execute(sql).fetchall():
            for name in (one, other):
                assert together <= connection.execute(of_name, (name,)).fetchone()[0]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_is_documented(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    for place in ("docs/commands.md", "docs/使用说明.md"):
        assert f"zhijiang {name}" in document(place)


def test_the_command_reference_is_what_help_says() -> None:
    """Words, not lines: releases of click break lines differently."""
    written, said = document("docs/commands.md").split(), commands_page().split()
    assert written == said, "python -m tests.commands_page writes it"


@pytest.mark.parametrize("columns", ["40", "200"])
def test_the_command_reference_does_not_depend_on_the_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = commands_page()
    monkeypatch.setenv("COLUMNS", columns)
    assert commands_page() == usual


@pytest.mark.parametrize("field", SELECTOR_FIELDS)
def test_profile_fields_are_documented(field: str) -> None:
    assert f"`{field}`" in document("docs/extending.md")


@pytest.mark.parametrize("name", known_formats())
def test_formats_are_documented(name: str) -> None:
    for place in ("docs/exports.md", "docs/使用说明.md"):
        assert f"`export {name}`" in document(place)


def test_every_view_the_documents_name_is_in_the_archive(demo_archive: Path) -> None:
    with closing(sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True)) as connection:
        views = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    for place, heading in (("docs/file.md", "| view | holds |"), ("docs/使用说明.md", "| 视图 | 内容 |")):
        table = document(place).split(heading)[1].split("\n\n")[0]
        named = set(
            re.findall(
                r"`([一-鿿]+)`",
                "\n".join(line.split("|")[1] for line in table.splitlines() if line[2:3] == "`"),
            )
        )
        assert named
        assert named <= views


def test_the_columns_of_the_view_of_articles_are_named_in_order(demo_archive: Path) -> None:
    with closing(sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True)) as connection:
        columns = [column[0] for column in connection.execute("SELECT * FROM 文章").description]
    assert ", ".join(columns) in document("docs/file.md")
    assert "、".join(columns) in document("docs/使用说明.md")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_is_one_screen(name: str) -> None:
    assert len(document(name).splitlines()) <= 60


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_and_headings(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document(name)):
        place, _, heading = target.partition("#")
        path = (ROOT / name).parent / place
        assert path.exists(), f"{name}: {target}"
        if heading:
            headings = re.findall(r"^#+ (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in [title.lower().replace(" ", "-") for title in headings], f"{name}: {target}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_options_in_examples_are_options_of_the_command(name: str) -> None:
    for block in re.findall(r"```sh\n(.*?)```", document(name), re.DOTALL):
        for line in re.findall(r"^(?:\S*/)?zhijiang (.*)", block, re.MULTILINE):
            words = shlex.split(line, comments=True)
            command: click.Command = main
            while isinstance(command, click.Group) and words:
                found = command.get_command(click.Context(command), words.pop(0))
                assert found is not None, f"{name}: {line}"
                command = found
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert {word for word in words if word.startswith("--")} <= known, f"{name}: {line}"


PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|py))`")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_paths_in_the_documents_for_developers_exist(name: str) -> None:
    """NAME and NNNN_what stand for what somebody adds: there the folder has to exist."""
    named = PATH.findall(document(name))
    assert len(named) > 20
    for path in named:
        place = ROOT / path
        if place.stem in ("NAME", "NNNN_what"):
            place = place.parent
        assert place.exists(), f"{name}: {path}"


def test_every_package_is_in_the_architecture() -> None:
    text = document("docs/architecture.md")
    for package in ("archive", "zhijiang_spider"):
        for init in sorted((ROOT / package).glob("*/__init__.py")):
            assert f"`{init.parent.relative_to(ROOT).as_posix()}/`" in text
    for module in sorted((ROOT / "archive").glob("[!_]*.py")):
        assert f"`archive/{module.name}`" in text


def test_every_role_has_an_english_name() -> None:
    assert all(role.english for role in Role)


def sentences() -> list[str]:
    """Return every text in the code of both packages but docstrings, what is filled in as …."""
    found = []
    for package in ("archive", "zhijiang_spider"):
        for path in sorted((ROOT / package).rglob("*.py")):
            nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
            docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            for node in nodes:
                if isinstance(node, ast.JoinedStr):
                    parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
                    found.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and id(node) not in docstrings:
                    found.append(str(node.value))
    return found


def test_the_messages_that_the_manual_explains_are_those_of_the_program() -> None:
    mails = document("docs/使用说明.md").partition("## 邮件里的英文句子")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `([^`]+)` \|", mails, re.MULTILINE)
    assert len(explained) > 40
    said = "\n".join(sentences())
    stale = [
        words for words in explained if not re.search(".{0,40}?".join(map(re.escape, words.split("…"))), said)
    ]
    assert stale == []
    assert {*REASONS, *OF_CHECK} <= {*explained}


REASONS = (
    *("HTTP …", "HTTP 304", "HTTP 206", "connection broken", "cut or damaged", "layout:", "redirected to"),
    *("links elsewhere", "robots.txt of … could not be had", "not read yet", "held back (view 暂缓)"),
    *("the program ended while it read", "its text has … characters"),
)
"""Why a page is not archived, as mails and ``status`` say behind its address."""
OF_CHECK = (
    *("is missing", "is not what … says", "are of no capture", "under no seal yet", "Seals speak from"),
    *("cannot be told", "failed again and again"),
)


def test_the_searches_that_the_manual_shows_find_their_way_on_the_sample_site(demo_archive: Path) -> None:
    line = next(line for line in document("docs/使用说明.md").splitlines() if line.startswith("检索的写法"))
    shown = [query for query in re.findall(r"`([^`]+)`", line) if not query.endswith((":", "…", "姓名"))]
    assert "栏目:县域要闻" in shown
    for query in shown:
        done = CliRunner().invoke(main, ["search", "--archive", str(demo_archive), "--count", query])
        assert done.exit_code == 0, f"{query}: {done.output}"


def test_no_path_of_a_machine_is_in_the_project() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]:
        assert not re.search(r"/(home|root|Users|work)/", path.read_text(encoding="utf-8")), path
