"""The data dictionary describes every table, view and column, and nothing that is not there."""

import sqlite3
from pathlib import Path

from archive import Archive
from archive.store.dictionary import describe, entries

TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'article\\_fts%' ESCAPE '\\'"
)


def test_every_column_is_described_in_its_order_and_none_is_stale(archive: Archive) -> None:
    execute = archive.connection.execute
    there = {
        name: [row[1] for row in execute(f'PRAGMA table_info("{name}")')]
        for (name,) in execute(TABLES).fetchall()
    }
    described: dict[str, list[str]] = {}
    for entry in entries():
        described.setdefault(entry.table, []).append(entry.column)
    assert described == {name: ["", *columns] for name, columns in there.items()}


def test_every_entry_has_a_chinese_name_and_a_table_says_what_it_holds() -> None:
    assert [entry for entry in entries() if not entry.name] == []
    assert [entry for entry in entries() if not entry.column and not entry.note] == []
    found = describe("article", "published_on")
    assert found is not None
    assert (found.name, found.dat18, found.dc, found.schema_org) == (
        "发布日期",
        "日期",
        "date",
        "datePublished",
    )
    assert describe("article", "no such column") is None


def test_an_archive_explains_itself_and_an_old_explanation_is_renewed(tmp_path: Path) -> None:
    path = tmp_path / "yunting.db"
    Archive.open(path).close()
    connection = sqlite3.connect(path)
    sql = "SELECT 中文名, 著录项目 FROM 数据字典 WHERE 表 = 'credit' AND 列 = 'role'"
    assert connection.execute(sql).fetchall() == [("职责", "责任者")]
    connection.execute("UPDATE data_dictionary SET name = '旧说法' WHERE table_name = 'credit'")
    connection.commit()
    Archive.open(path).close()
    assert connection.execute(sql).fetchall() == [("职责", "责任者")]
    connection.close()


def test_a_right_explanation_is_not_written_again(tmp_path: Path) -> None:
    Archive.open(tmp_path / "yunting.db").close()
    with Archive.open(tmp_path / "yunting.db") as archive:
        assert archive.connection.total_changes < len(entries())
