"""What a hand changed, adds or takes out of any sealed table is named with table, key and field, and nothing else is."""

import re
from collections.abc import Callable, Iterator

import pytest

from archive import Archive, Article
from archive.seal.inner import PRIME, Altered, Edit, Inner, altered, inner_sums, with_former
from archive.store.sealed_rows import KINDS, Kind
from tests.sealed import TRIGGERS, MakeListing, faults, make_sealed

ROWS = {
    "crawl": 2,
    "article": 7,
    "article_version": 4,
    "event": 1,
    "appraisal": 7,
    "absence": 1,
    "section": 1,
}
"""Table → a row of it that is altered; 2 where nothing stands here."""


@pytest.fixture(scope="module")
def sealed(
    tmp_path_factory: pytest.TempPathFactory, article: Callable[..., Article], listing: MakeListing
) -> Iterator[Archive]:
    """An archive that a hand can write to: no triggers, no conditions."""
    path = make_sealed(tmp_path_factory.mktemp("names") / "yunting.db", article(), listing)
    with Archive.open(path) as archive:
        for name in TRIGGERS:
            archive.connection.execute(f"DROP TRIGGER {name}")
        archive.connection.execute("DROP TRIGGER IF EXISTS seal_part_no_update")
        archive.connection.execute("DROP TRIGGER IF EXISTS seal_former_no_update")
        archive.connection.commit()
        archive.connection.execute("PRAGMA foreign_keys = OFF")
        archive.connection.execute("PRAGMA ignore_check_constraints = ON")
        yield archive


def found_after(archive: Archive, *statements: str) -> list[str]:
    """Return what is found after some statements, which are undone."""
    execute = archive.connection.execute
    execute("BEGIN")
    try:
        for statement in statements:
            assert execute(statement).rowcount > 0, statement
        return faults(archive)
    finally:
        execute("ROLLBACK")


def other(column: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN 1 WHEN typeof({column}) = 'text' THEN {column} || 'x' ELSE {column} + 90 END"


def columns(kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table that are sealed as fields of their own, and their names in the leaf."""
    for name, said in zip([*kind.numbers.split(), *kind.texts.split()], kind.plain, strict=True):
        if name.startswith("t."):
            yield name.removeprefix("t."), said
    for name in kind.long:
        if name not in kind.within:
            yield name, name


CHANGED = [
    (kind.table, column, said, ROWS.get(kind.table, 2))
    for kind in KINDS.values()
    for column, said in columns(kind)
]


@pytest.mark.parametrize("table", KINDS)
def test_every_column_that_is_changed_is_named(sealed: Archive, table: str) -> None:
    kind = KINDS[table]
    for _, column, said, row in (one for one in CHANGED if one[0] == table):
        found = found_after(sealed, f"UPDATE {table} SET {column} = {other(column)} WHERE {kind.key} = {row}")
        mine = [
            what
            for what in found
            if re.match(rf"{table} {row}\b.*: {said}[a-z0-9_, ]* is not what seal", what)
        ]
        assert mine, (column, found)
        assert len(found) == 1 or table in ("article", "capture"), (
            column,
            found,
        )  # whose columns versions seal, too


@pytest.mark.parametrize("table", KINDS)
def test_every_row_that_is_removed_or_added_is_named(sealed: Archive, table: str) -> None:
    kind, row = KINDS[table], ROWS.get(table, 2)
    found = found_after(sealed, f"DELETE FROM {table} WHERE {kind.key} = {row}")
    assert any(re.match(rf"{table}: row {row} under seal \d", what) for what in found), found
    names = [
        name for _, name, *_ in sealed.connection.execute(f"PRAGMA table_info({table})") if name != kind.key
    ]
    values = [other(name) if is_unique(sealed, table, name) else name for name in names]
    new = 50
    found = found_after(
        sealed,
        f"INSERT INTO {table} ({kind.key}, {', '.join(names)}) SELECT {new}, {', '.join(values)} FROM {table} WHERE {kind.key} = {row}",
    )
    assert any(re.match(rf"{table} {new}\b.* is under no seal", what) for what in found), found


def is_unique(archive: Archive, table: str, column: str) -> bool:
    indexes = [
        name for _, name, unique, *_ in archive.connection.execute(f"PRAGMA index_list({table})") if unique
    ]
    return any(
        column == name
        for index in indexes
        for _, _, name in archive.connection.execute(f"PRAGMA index_info({index})")
    )


WITHIN = {"credit": ("article", 2, "article_id", 3), "image": ("article", 7, "article_id", 2)} | {
    "attachment": ("article", 7, "article_id", 2),
    "crawl_section": ("crawl", 1, "crawl_id", 2),
    "crawl_field": ("crawl", 1, "crawl_id", 2),
}
"""Table → the row that holds its rows: table, number, column; the key of the row that is altered."""


@pytest.mark.parametrize("table", WITHIN)
def test_every_row_within_a_row_is_named_and_its_field(sealed: Archive, table: str) -> None:
    outer, number, column, key = WITHIN[table]
    held = next(held for held in KINDS[outer].within.values() if held.table == table)
    where = f"{column} = {number} AND {held.columns[held.keys - 1]} = {key}"
    name = f"{table} {key}"
    if held.keys == 2:
        where, name = f"{where} AND {held.columns[0]} = 'title'", f"{table} title {key}"
        where, name = where.replace("'title'", "'section'"), name.replace("title", "section")
    for field in held.columns:
        value = f"{field} + 90" if field in ("seq", "section_id") else other(field)
        found = found_after(sealed, f"UPDATE {table} SET {field} = {value} WHERE {where}")
        assert len(found) == 1, found
        if field in held.columns[: held.keys]:
            assert re.match(rf"{outer} {number}: {table} .*\b{field} ", found[0]), (field, found)
            assert f"it was {name.partition(' ')[2]}" in found[0], (field, found)
        else:
            assert re.match(rf"{outer} {number}: {name} {field}\b", found[0]), (field, found)
    found = found_after(sealed, f"DELETE FROM {table} WHERE {where}")
    assert [what.partition(" is not")[0] for what in found] == [
        f"{outer} {number}: {name} (not there any more)"
    ]
    names = [name for _, name, *_ in sealed.connection.execute(f"PRAGMA table_info({table})")]
    names = [name for name in names if name != "credit_id"]
    moved = held.columns[held.keys - 1]
    values = ", ".join(f"{name} + 90" if name == moved else name for name in names)
    insert = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where}"
    (what,) = found_after(sealed, insert)
    assert re.match(rf"{outer} {number}: {table} .*{key + 90} \(.*slipped in", what), what


SEAL = {
    "what": "'crawl 9'",
    "sealed_at": "strftime('%Y-%m-%dT%H:%M:%SZ', sealed_at, '-3 days')",
    "leaves": "leaves + 1",
    "versions": "versions + 1",
    "root": "hex(zeroblob(32))",
    "before": f"'{'f' * 64}'",
    "head": "hex(zeroblob(32))",
    "number": "77",
}


@pytest.mark.parametrize("column", SEAL)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_column_of_a_seal_that_is_changed_is_named(sealed: Archive, column: str, number: int) -> None:
    was = sealed.connection.execute(f"SELECT {column} FROM seal WHERE number = {number}").fetchone()[0]
    found = found_after(sealed, f"UPDATE seal SET {column} = {SEAL[column]} WHERE number = {number}")
    (what,) = found
    name = 77 if column == "number" else number
    assert re.match(rf"seal: seal {name} \(.*\): {column} is ", what), what
    assert str(was)[:50] in what


def test_the_newest_seal_that_is_changed_is_named(sealed: Archive) -> None:
    newest = sealed.connection.execute("SELECT max(number) FROM seal").fetchone()[0]
    for column, value in SEAL.items():
        (what,) = found_after(sealed, f"UPDATE seal SET {column} = {value} WHERE number = {newest}")
        assert re.match(rf"seal: seal \d+ \(.*\): {column} (is|was) ", what), what


def test_a_seal_that_is_removed_or_slipped_in_is_named(sealed: Archive) -> None:
    assert "seal: seal 2 is missing" in found_after(sealed, "DELETE FROM seal WHERE number = 2")
    insert = "INSERT INTO seal SELECT {}, sealed_at, what, leaves, versions, root, before, head FROM seal WHERE number = 2"
    for number in (0, 6):
        found = found_after(sealed, insert.format(number))
        assert any(what.startswith(f"seal: seal {number} (") for what in found), found


PART = {
    "first": "first + 1",
    "last": "last - 1",
    "leaves": "leaves + 1",
    "fields": "'AAAA'",
    "seal": "77",
} | {
    "locators": "'AAAA' || substr(locators, 5)",
    "kind": "'x'",
}
UNDER = (
    ("listing", 1),
    ("article", 2),
    ("article_version", 2),
    ("absence", 2),
    ("appraisal", 3),
    ("event", 4),
    ("crawl", 5),
)


@pytest.mark.parametrize("column", PART)
@pytest.mark.parametrize(("table", "seal"), UNDER)
def test_every_column_of_what_a_seal_says_of_a_table_is_named(
    sealed: Archive, column: str, table: str, seal: int
) -> None:
    found = found_after(
        sealed, f"UPDATE seal_part SET {column} = {PART[column]} WHERE kind = '{table}' AND seal = {seal}"
    )
    row = f"seal_part: the row for {table} of what lies under seal {seal} "
    assert any(what.startswith(row) for what in found), found
    if column in ("seal", "kind"):
        assert any("seal_part: the row for " in what and PART[column].strip("'") in what for what in found), (
            found
        )
    else:
        assert [column in what for what in found] == [True], found


def test_a_row_of_seal_part_that_is_removed_or_slipped_in_is_named(sealed: Archive) -> None:
    for table, seal in UNDER:
        row = f"seal_part: the row for {table} of what lies under seal {seal} "
        (what,) = found_after(sealed, f"DELETE FROM seal_part WHERE kind = '{table}' AND seal = {seal}")
        assert what.startswith(row), what
        assert "is not there any more" in what
    insert = "INSERT INTO seal_part SELECT 4, kind, first, last, leaves, locators, fields FROM seal_part WHERE seal = 1 AND kind = 'listing'"
    found = found_after(sealed, insert)
    assert any(
        what.startswith("seal_part: the row for listing of what lies under seal 4 ") for what in found
    ), found


FORMER = {
    "leaf": "hex(zeroblob(32))",
    "fields": "'AAAA' || substr(fields, 5)",
    "seal": "seal + 1",
    "id": "id + 40",
    "kind": "'listing'",
}


@pytest.mark.parametrize("column", FORMER)
def test_every_row_of_seal_former_that_is_changed_is_named(sealed: Archive, column: str) -> None:
    for table, number, seal in sealed.connection.execute("SELECT kind, id, seal FROM seal_former").fetchall():
        where = f"kind = '{table}' AND id = {number} AND seal = {seal}"
        found = found_after(sealed, f"UPDATE seal_former SET {column} = {FORMER[column]} WHERE {where}")
        row = f"seal_former: the row of {table} {number} for seal {seal}"
        assert any(row in what for what in found), (where, found)
        assert all("seal_former" in what for what in found), (where, found)


def test_every_row_of_seal_former_that_is_removed_or_slipped_in_is_named(sealed: Archive) -> None:
    for table, number, seal in sealed.connection.execute("SELECT kind, id, seal FROM seal_former").fetchall():
        where = f"kind = '{table}' AND id = {number} AND seal = {seal}"
        (what,) = found_after(sealed, f"DELETE FROM seal_former WHERE {where}")
        assert what == f"seal_former: the row of {table} {number} for seal {seal} is not there any more"
    found = found_after(
        sealed,
        "INSERT INTO seal_former SELECT kind, 1, seal, leaf, fields FROM seal_former WHERE kind = 'article' AND seal = 2",
    )
    assert all("seal_former: the row of article 1 for seal 2" in what for what in found), found
    assert found


def test_a_comma_in_a_text_leaves_the_other_columns_as_they_are() -> None:
    inner = Inner(0, 1, 3)
    before = [b'[[1,"a","b"],[2,"c",null]]', b"[]", b'[[1,"a","d"]]']
    cell = '[[1,"甲,乙],[","b"],[2,"c",null]]'.encode()
    sums, now = inner_sums(before, inner), inner_sums([cell, *before[1:]], inner)
    found = altered(sums, now, cell, inner, [(b"3",)])
    assert found == Altered(Edit.CHANGED, (b"1",), [1], (b"1", '"甲,乙],["'.encode(), b'"b"'))
    assert with_former(found, sums, now, inner, [b'"x"', b'"a"']).was == b'"a"'
    assert with_former(found, sums, now, inner, [b'"x"']).was is None
    assert (
        altered(sums, inner_sums(before[1:], inner), b"[]", inner, [(b"1",), (b"2",)]) is None
    )  # two rows are gone


@pytest.mark.parametrize("text", ["甲", "甲,乙"])
def test_rows_that_stand_there_more_than_once_are_summed_as_often(text: str) -> None:
    inner = Inner(0, 1, 3)
    cells = [f'[[1,"{text}",null],[2,"b",{n % 2}]]'.encode() for n in range(5)]
    one_by_one = zip(*(inner_sums([cell], inner) for cell in cells), strict=True)
    assert inner_sums(cells, inner) == [sum(column) % PRIME for column in one_by_one]
