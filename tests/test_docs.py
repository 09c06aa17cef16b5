"""The documentation tells the truth: its queries run, its commands and names exist."""

import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.export import known_formats
from archive.model.article import Role
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


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_is_in_the_readme(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    for readme in ("README.md", "README.zh-CN.md"):
        assert f"zhijiang {name}" in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*SELECTOR_FIELDS, *known_formats()])
def test_profile_fields_and_formats_are_documented(word: str) -> None:
    text = (ROOT / "docs" / "extending.md").read_text("utf-8") + (ROOT / "README.md").read_text("utf-8")
    assert word in text


def test_every_view_the_readme_names_is_in_the_archive(demo_archive: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("| view | holds |")[1].split("\n\n")[0]
    named = set(
        re.findall(
            r"`([一-鿿]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line[2:3] == "`")
        )
    )
    with sqlite3.connect(f"{demo_archive.as_uri()}?mode=ro", uri=True) as connection:
        views = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    connection.close()
    assert named
    assert named <= views


def test_every_role_has_an_english_name() -> None:
    assert all(role.english for role in Role)


def test_no_path_of_a_machine_is_in_the_project() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]:
        assert not re.search(r"/(home|root|Users|work)/", path.read_text(encoding="utf-8")), path
