"""Seals: what writers leave holds for ever, and what a hand changes, adds or takes out is named."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.care.check import Scope
from archive.care.check_seals import check_seals
from archive.export.selection import ArticleStream
from archive.export.tables import write_tables
from archive.importer.package import import_archive
from archive.model.event import EventType
from archive.seal.heads import head_of, seal_data
from archive.seal.told import heads_in
from archive.seal.tree import leaf_hash, root
from archive.store.articles import replace_history
from archive.store.crawls import CrawlResult, close_killed_crawls, finish_crawl
from archive.store.events import save_event
from archive.store.sealed_rows import KINDS
from archive.store.seals import EARLIER, NO_WRITER, changing, read_seals, seal, sealed_version
from tests.crawled import Run
from tests.frozen import FOLDER
from tests.sealed import MakeListing, Nights, edited, faults, make_sealed

MakeArticle = Callable[..., Article]


@pytest.fixture
def nights(archive: Archive, article: MakeArticle, listing: MakeListing) -> Nights:
    return Nights(archive, article(), listing)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, article: MakeArticle, listing: MakeListing) -> Path:
    """An archive that holds something of everything that is sealed, its last crawl ended."""
    return make_sealed(tmp_path_factory.mktemp("sealed") / "yunting.db", article(), listing)


SWAPPED = (
    "UPDATE credit SET name = '纪朗改' WHERE article_id = 2 AND seq = 1",
    "article 2: credit 1 name",
)
EDITS = [
    SWAPPED,
    ("UPDATE article SET published_on = '2020-01-01' WHERE article_id = 2", "article 2: published_on"),
    ("UPDATE article SET url = 'http://www.yunting.example/x,y' WHERE article_id = 2", "article 2: url"),
    ("UPDATE article SET source_raw = '来源：别处' WHERE article_id = 3", "article 3: source_raw"),
    ("UPDATE article SET breadcrumb = '[]' WHERE article_id = 9", "article 9: breadcrumb"),
    ("UPDATE image SET caption = '改' WHERE article_id = 1", "article 1: image 1 caption"),
    ("DELETE FROM credit WHERE article_id = 2 AND seq = 2", "article 2: credit 2 (not there any more)"),
    (
        "UPDATE capture SET captured_at = '2020-01-01T00:00:00Z' WHERE capture_id = 7",
        "capture 7: captured_at",
    ),
    (
        "UPDATE capture SET payload_sha256 = hex(zeroblob(32)) WHERE capture_id = 7",
        "capture 7: payload_sha256",
    ),
    (
        "UPDATE capture SET last_modified = 'Tue, 06 Jan 2026' WHERE capture_id = 7",
        "capture 7: last_modified",
    ),
    ("DELETE FROM capture WHERE capture_id = 8", "capture: row 8 under seal 1"),
    ("DELETE FROM capture WHERE capture_id = 9", "capture: row 9 under seal 1"),
    ("UPDATE listing SET title = '别的题' WHERE listing_id = 4", "listing 4: title"),
    (
        "UPDATE listing SET first_seen_at = '2020-01-01T00:00:00Z' WHERE listing_id = 4",
        "listing 4: first_seen_at",
    ),
    ("DELETE FROM listing WHERE listing_id = 1", "listing: row 1 under seal 1"),
    ("UPDATE crawl SET started_at = '2020-01-01T00:00:00Z' WHERE crawl_id = 1", "crawl 1: started_at"),
    ("UPDATE crawl SET reason = '没有' WHERE crawl_id = 2", "crawl 2: reason"),
    ("UPDATE absence SET since = '2020-01-01T00:00:00Z' WHERE absence_id = 1", "absence 1: since"),
    ("UPDATE absence SET returned_at = NULL WHERE returned_at IS NOT NULL", "absence 2: returned_at"),
    ("""UPDATE event SET detail = '{"file": "x.csv"}'""", "event 1: detail"),
    ("DELETE FROM event", "event: row 1 under seal"),
    ("UPDATE appraisal SET open_flag = '控制'", "appraisal 4: open_flag"),
    ("DELETE FROM appraisal", "appraisal: row 4 under seal"),
    ("UPDATE section SET url = 'http://www.yunting.example/other'", "section 1: url"),
    ("UPDATE warc_file SET sha256 = hex(zeroblob(32))", "warc_file 1: sha256"),
    ("UPDATE media SET mime = 'image/gif'", "media 1: mime"),
    (
        "UPDATE article_version SET seen_at = '2020-01-01T00:00:00Z' WHERE version_id = 2",
        "version 1): seen_at",
    ),
    (
        "UPDATE article_version SET content_sha256 = hex(zeroblob(32)) WHERE version_id = 2",
        "version 1): content_sha256",
    ),
    ("UPDATE article_version SET credits = '[]' WHERE version_id = 10", "version 2): credits"),
    ("DELETE FROM article_version WHERE version_id = 3", "article_version: row 3 under seal 1"),
    (
        "INSERT INTO capture (crawl_id, kind, site, url, captured_at) VALUES (1, 'other', 'x', 'x', '2026-01-01T00:00:00Z')",
        "is under no seal",
    ),
    ("INSERT INTO appraisal (article_id) VALUES (1)", "appraisal 1 is under no seal"),
    ("UPDATE seal SET what = 'crawl 9' WHERE number = 1", "seal 1 (crawl 9"),
    ("DELETE FROM seal WHERE number = 2", "seal 2 is missing"),
    ("DELETE FROM seal_part WHERE kind = 'listing'", "what lies under seal 1"),
    ("DELETE FROM seal_former WHERE kind = 'article'", "article 3"),
]


@pytest.mark.parametrize(("statement", "named"), EDITS, ids=[named for _, named in EDITS])
def test_an_edit_by_hand_is_named_with_table_row_and_field(
    sealed: Path, tmp_path: Path, statement: str, named: str
) -> None:
    with Archive.read(edited(sealed, tmp_path, statement)) as archive:
        found = faults(archive)
        assert [what for what in found if named in what], found
        head = read_seals(archive)[-1].head
        assert faults(archive, head)


def test_many_edits_at_once_are_all_named(sealed: Path, tmp_path: Path) -> None:
    some = [edit for edit in EDITS if edit[0].startswith("UPDATE") and "(" not in edit[1]][::2]
    with Archive.read(edited(sealed, tmp_path, *(statement for statement, _ in some))) as archive:
        found = "\n".join(faults(archive))
    for _, named in some:
        row, _, field = named.partition(": ")
        assert re.search(rf"{re.escape(row)}.*{field}", found), (named, found)


def test_a_row_slipped_in_among_sealed_ones_is_named(sealed: Path, tmp_path: Path) -> None:
    with Archive.open(Path(shutil.copy(sealed, tmp_path / "gap.db"))) as archive:
        execute = archive.connection.execute
        execute(
            "INSERT INTO section (section_id, site, slug, kind, url) VALUES (9, 'x', '9', 'section', 'x')"
        )
        seal(archive, "crawl 9")
        assert faults(archive) == []
        execute(
            "INSERT INTO section (section_id, site, slug, kind, url) VALUES (5, 'x', '5', 'section', 'x')"
        )
        assert [what for what in faults(archive) if "section 5 was slipped in" in what]
        archive.connection.rollback()


def test_seals_cut_off_or_made_anew_are_told_by_a_head_that_was_kept(sealed: Path, tmp_path: Path) -> None:
    with Archive.read(sealed) as archive:
        seals = read_seals(archive)
    last = seals[-1].number
    cut = edited(
        sealed,
        tmp_path,
        f"DELETE FROM seal_part WHERE seal = {last}",
        f"DELETE FROM seal WHERE number = {last}",
        "DELETE FROM seal_former WHERE kind = 'absence' AND id = 1",
    )
    with Archive.read(cut) as archive:
        assert [
            what
            for what in faults(archive, seals[-1].head)
            if f"no seal of this archive has the head {seals[-1].head}" in what
        ]
    anew = edited(
        sealed, tmp_path, SWAPPED[0], "DELETE FROM seal_part", "DELETE FROM seal_former", "DELETE FROM seal"
    )
    with Archive.open(anew) as archive:
        seal(archive, "crawl 1")
        archive.commit()
        assert faults(archive) == []
        (fault,) = faults(archive, seals[0].head)
        assert "cut off or made anew" in fault


def test_what_writers_do_breaks_no_seal(nights: Nights) -> None:
    nights.lists("1", "2", "3", "4")
    nights.look("1", "2", "3", "4")
    nights.ends()
    heads = [read_seals(nights.archive)[-1].head]
    for title, missing in (("题", "2"), ("新题", "2"), ("题", "3"), ("新题", "2")):
        nights.lists("1", "2", "3", title=title)
        nights.look("1", title=f"云汀县{title}{missing}")
        nights.look("4")
        nights.misses(missing)
        assert nights.found(*heads) == []
        nights.ends()
        heads.append(read_seals(nights.archive)[-1].head)
        nights.look(missing)
        save_event(nights.archive, EventType.EXPORT, {})  # while a crawl runs
        replace_history(nights.archive, replace(nights.article, key="1", title=f"重读{title}{missing}"), 1)
        seal(nights.archive, "reparse")
        assert nights.found(*heads) == []
    with nights.archive.transaction() as execute:
        for note in ("一", "二", "一"):
            with changing(nights.archive, "appraisal", [2]):
                execute(
                    "INSERT INTO appraisal (article_id, note) VALUES (2, ?) ON CONFLICT DO UPDATE SET note = excluded.note",
                    (note,),
                )
            seal(nights.archive, "appraise import", ("appraisal",))
    assert nights.found(*heads) == []
    statements = {
        "article": "published_on = '2020-01-01'",
        "listing": "title = '手改'",
        "absence": "since = '2020'",
    }
    for table, change in statements.items():
        nights.archive.connection.execute(f"UPDATE {table} SET {change} WHERE {table}_id = 1")
    found = "\n".join(nights.found())
    for named in ("article 1: published_on", "listing 1: title", "absence 1: since"):
        assert named in found


def test_a_killed_crawl_is_sealed_by_the_next_writer(nights: Nights) -> None:
    nights.look("1")
    nights.ends()
    nights.look("2")
    notes = [what for _, what, _ in check_seals(nights.archive, Scope(datetime.now(UTC)))]
    assert notes == ["4 rows are under no seal yet: crawl 2 runs, or was killed"]
    close_killed_crawls(nights.archive)
    assert [made.what for made in read_seals(nights.archive)] == ["crawl 1", "crawl 2 (killed)"]
    assert nights.found() == []


def test_rows_of_no_writer_are_not_taken_for_a_writers_own(nights: Nights) -> None:
    nights.look("1")
    nights.ends()
    finish_crawl(nights.archive, 2, CrawlResult(complete=True))
    nights.archive.connection.execute("INSERT INTO appraisal (article_id) VALUES (1)")
    assert [what for what in nights.found() if "appraisal 1 is under no seal" in what]
    save_event(nights.archive, EventType.VALIDATION, {})
    assert [what for what in nights.found() if "appraisal 1 is under no seal" in what]
    close_killed_crawls(nights.archive)
    assert read_seals(nights.archive)[-1].what == NO_WRITER
    assert [
        what
        for _, what, _ in check_seals(nights.archive, Scope(datetime.now(UTC)))
        if "came in by hand" in what
    ]


def test_an_event_slipped_in_is_not_sealed_as_another_ones(nights: Nights) -> None:
    nights.look("1")
    nights.ends()
    finish_crawl(nights.archive, 2, CrawlResult(complete=True))
    nights.archive.connection.execute(
        "INSERT INTO event (type, at, agent, outcome) VALUES ('validation', '2026-01-01T00:00:00Z', 'zhijiang', 'success')"
    )
    save_event(nights.archive, EventType.VALIDATION, {})
    taken, own = read_seals(nights.archive)[-2:]
    assert (taken.what, own.what) == (NO_WRITER, "event 2: validation")
    notes = [what for _, what, _ in check_seals(nights.archive, Scope(datetime.now(UTC)))]
    assert any("event: rows 1 came in by hand" in what for what in notes)


def test_what_a_reparse_puts_right_again_is_what_was_sealed(
    demo_archive: Path, tmp_path: Path, zhijiang: Run
) -> None:
    path = Path(shutil.copy(demo_archive, tmp_path / "news.db"))
    shutil.copytree(demo_archive.with_suffix(".warc"), path.with_suffix(".warc"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE article SET title = '改过的题名', source = '' WHERE article_id = 5")
        connection.execute("UPDATE credit SET name = '别人' WHERE article_id = 6 AND role = '三审'")
        connection.execute("UPDATE article_version SET body = '改过' WHERE article_id = 7")
        connection.commit()
    assert zhijiang("check", "--archive", path).returncode == 1
    assert zhijiang("reparse", "--apply", "--archive", path).returncode == 0
    checked = zhijiang("check", "--archive", path)
    assert checked.returncode == 0, checked.stdout


def test_an_older_archive_is_sealed_from_its_next_write_on(nights: Nights) -> None:
    nights.look("1", "2")
    nights.archive.connection.execute("UPDATE crawl SET outcome = 'incomplete'")
    nights.archive.connection.execute("INSERT INTO appraisal (article_id) VALUES (1)")
    ((level, what, _),) = check_seals(nights.archive, Scope(datetime.now(UTC)))
    assert level == "note"
    assert "nothing is sealed yet" in what
    close_killed_crawls(nights.archive)
    (first,) = read_seals(nights.archive)
    assert (first.what, first.versions) == (EARLIER, 2)
    assert nights.found() == []


def test_a_leaf_is_the_json_that_every_program_writes(archive: Archive) -> None:
    texts = ["".join(map(chr, range(1, 128))), "云汀县，闻小满 𠮷\u2028\ufeff", "", "a,b", None]
    ours = archive.connection.execute("SELECT json_array(?, ?, ?, ?, ?, 17, NULL)", texts).fetchone()[0]
    assert ours == json.dumps([*texts, 17, None], ensure_ascii=False, separators=(",", ":"))
    archive.connection.execute(
        "INSERT INTO section (section_id, site, slug, kind, url) VALUES (7, '云汀', CAST(x'61ff' AS TEXT), 'start', x'62')"
    )
    row = KINDS["section"].row(archive.connection, 7)
    assert row.data() == '["section",7,["云汀","a'.encode() + b'\xff","start","b"]]'
    assert KINDS["section"].row(archive.connection, 8).data() == b'["section",8,null]'


def test_a_version_is_proved_by_its_leaf_and_the_head(sealed: Path) -> None:
    with Archive.read(sealed) as archive:
        found = sealed_version(archive, 3, 2)
        assert found is not None
        seals = read_seals(archive)
        assert sealed_version(archive, 99, 1) is None
    assert leaf_hash(found.data) == found.leaves[found.index]
    assert root(found.leaves).hex() == found.seal.root
    assert head_of(seals[: found.seal.number]) == found.seal.head
    assert seal_data(found.seal).decode().startswith("[2,")
    assert '"article_version"' in found.data.decode()
    assert len({leaf_hash(seal_data(one)) for one in seals}) == len(seals)


def test_an_archive_made_again_from_its_package_keeps_its_seals(sealed: Path, tmp_path: Path) -> None:
    with Archive.read(sealed) as archive:
        write_tables(ArticleStream(archive), tmp_path / "raw")
        head = read_seals(archive)[-1].head
    import_archive(tmp_path / "raw", tmp_path / "again.db")
    with Archive.read(tmp_path / "again.db") as archive:
        assert faults(archive, head) == []
        assert read_seals(archive)[-1].what == "event 2: ingestion"


@pytest.mark.parametrize("schema", [7, 11])
def test_a_package_of_an_earlier_schema_is_sealed_from_its_import_on(tmp_path: Path, schema: int) -> None:
    shutil.unpack_archive(FOLDER / f"schema-{schema}.zip", tmp_path)
    import_archive(tmp_path / "data" / "tables", tmp_path / "new.db")
    with Archive.read(tmp_path / "new.db") as archive:
        (made,) = read_seals(archive)
        assert made.what.endswith("ingestion")
        versions = archive.connection.execute("SELECT count(*) FROM article_version").fetchone()[0]
        assert made.versions == versions > 0
        assert faults(archive, made.head) == []


def test_check_takes_heads_from_a_line_or_a_file(sealed: Path, tmp_path: Path, zhijiang: Run) -> None:
    with Archive.read(sealed) as archive:
        head = read_seals(archive)[0].head
    kept = tmp_path / "heads.txt"
    kept.write_text(f"2026-01-01  9 versions  {head.upper()}\n", encoding="utf-8")
    assert heads_in(f"a{head} {head}") == [head]
    right = zhijiang("check", "--archive", sealed, "--against", kept)
    assert f"{head}: the archive has this seal" in right.stdout or "fault" in right.stdout
    assert "prove nothing before; they do not cover last_seen_at" in right.stdout
    wrong = zhijiang("check", "--archive", sealed, "--against", f"版本 9 {'0' * 64}")
    assert wrong.returncode == 1
    assert f"no seal of this archive has the head {'0' * 64}" in wrong.stdout
    assert zhijiang("check", "--archive", sealed, "--against", "nothing").returncode == 2


def test_a_head_is_spoken_of_whatever_else_is_wrong(sealed: Path, tmp_path: Path, zhijiang: Run) -> None:
    altered = Path(shutil.copy(sealed, tmp_path))
    with Archive.read(sealed) as archive:
        head = read_seals(archive)[-1].head
    with closing(sqlite3.connect(altered)) as there, there:
        there.execute("UPDATE article SET title = title || '改' WHERE article_id = 1")
    told = zhijiang("check", "--archive", altered, "--against", head).stdout
    assert "article 1: title is" in told
    assert f"{head}: the archive has this seal, and what lies under it is what was sealed" in told
    with closing(sqlite3.connect(altered)) as there, there:
        there.execute(SWAPPED[0])
    told = zhijiang("check", "--archive", altered, "--against", head).stdout
    assert f"the archive has the seal with the head {head}, but not all" in told
