"""One form of every character, held against Unicode's own data and against the index's tokenizer."""

import hashlib
import json
import shutil
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.search.fold import IGNORABLE, fold, folded_forms, index_forms
from archive.search.index import index_ok, reindex
from archive.search.query import search
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.older import make_older
from tests.searched import matching_ids
from tests.unicode_tables import default_ignorable

EVERY = [code for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
"""Every code point that a text can hold; what stands at a zero byte is another test's."""
CODES = [code for code in EVERY if code < 0x20000 or code >= 0xE0000]
"""Without planes of nothing but ideographs."""

TOKENIZER = "tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'\""
"""As step 2 of the schema has it."""

MakeArticle = Callable[..., Article]


def test_all_forms_together_are_what_fold_does() -> None:
    """A reading copy's search folds by them."""
    forms = folded_forms()
    assert [hex(code) for code in EVERY if forms.get(char := chr(code), char) != fold(char)] == []


def ignorable() -> set[int]:
    return {code for first, last in IGNORABLE for code in range(first, last + 1)}


def test_what_counts_as_nothing_is_what_unicode_derives() -> None:
    """The rule of UAX #44 for Default_Ignorable_Code_Point, as far as ``unicodedata`` can tell its parts."""
    seen = {*range(0xFFF9, 0xFFFC), *range(0x13430, 0x13440)}  # annotations; how hieroglyphs are joined
    prepended = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    others = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9)}
    derived = {
        code
        for code in EVERY
        if unicodedata.category(chr(code)) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(chr(code), "")
    }
    assert (derived - seen - prepended) | others | {*range(0xE0000, 0xE1000)} == ignorable()
    directions = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    bidi = {code for code in EVERY if unicodedata.bidirectional(chr(code)) in directions}
    assert bidi | {0x61C, 0x200E, 0x200F} <= ignorable()


@pytest.mark.skipif(not shutil.which("perl"), reason="Perl has the property, Python has not")
def test_the_table_of_what_counts_as_nothing_is_the_one_that_perl_prints() -> None:
    assert default_ignorable()[1] == IGNORABLE


def test_every_blank_and_control_character_counts_as_nothing() -> None:
    blank = [code for code in EVERY if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cc", "Zs")]
    assert len(blank) > 80
    assert "".join(fold(chr(code)) for code in (*blank, *ignorable())) == ""


def test_width_is_nothing_that_a_search_sees() -> None:
    printed = 0
    for character in map(chr, EVERY):
        manner, *signs = unicodedata.decomposition(character).split() or ("",)
        if manner in ("<wide>", "<narrow>", "<small>", "<vertical>") and len(signs) == 1:
            assert fold(character) == fold(chr(int(signs[0], 16))), hex(ord(character))
            printed += 1
    assert printed > 250


def test_every_ideograph_has_its_one_form() -> None:
    ideographs = 0
    for character in map(chr, EVERY):
        name = unicodedata.name(character, "")
        if name.startswith(("KANGXI RADICAL", "CJK COMPATIBILITY IDEOGRAPH")):
            assert fold(character) == unicodedata.normalize("NFKC", character), name
            ideographs += 1
    assert ideographs > 1_100


def test_case_is_nothing_that_a_search_sees() -> None:
    """Of the letters of Unicode 14, which every Python we run on knows (``since``: newer ones); what has two letters for one stays."""
    since = {0x1C89, 0xA7CB, 0xA7CC, 0xA7DA, 0xA7DC, *range(0x10D50, 0x10D66), *range(0x16EA0, 0x16EB9)}
    pairs = 0
    for letter in map(chr, EVERY):
        small = next((form for form in (letter.casefold(), letter.lower()) if len(form) == 1), letter)
        if small != letter and ord(letter) not in since:
            assert fold(letter) == fold(small), hex(ord(letter))
            pairs += 1
    assert pairs > 1_300


def test_a_form_is_the_form_of_itself() -> None:
    forms = index_forms()
    assert not {*forms} & {*forms.values()}
    for code in CODES:
        folded = fold(chr(code))
        assert len(folded) <= 1
        assert fold(folded) == folded, hex(code)


def test_the_index_reads_each_character_as_the_program_does() -> None:
    """Its tokenizer leaves out what ``fold`` leaves out and knows the same letters."""
    forms = index_forms()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE f USING fts5(t, {TOKENIZER})")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")
        connection.executemany(
            "INSERT INTO f(rowid, t) VALUES (?, ?)",
            ((code, forms.get(chr(code), chr(code))) for code in CODES),
        )
        terms = dict(connection.execute("SELECT doc, term FROM v"))
    assert [hex(code) for code in CODES if terms.get(code, "") != fold(chr(code))] == []


FORMS_SHA256 = "3be0b0ca1942bdb29b7718b3bd5a6e2a8acee32aa7013a7435092d10ef266db9"


def test_a_change_of_the_forms_is_a_step_of_the_schema() -> None:
    """Who changes them also writes a step that reads texts again, as step 18 does, and then this digest."""
    forms = json.dumps(sorted(index_forms().items()))
    assert hashlib.sha256(forms.encode()).hexdigest() == FORMS_SHA256


@pytest.fixture
def forms_archive(tmp_path: Path, article: MakeArticle) -> Iterator[Archive]:
    with Archive.open(tmp_path / "forms.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="", options={})
        save_article(archive, article(key="1", title="标题", body=("空",)), crawl)
        yield archive


def test_triggers_in_plain_sql_know_every_form(forms_archive: Archive) -> None:
    """Each form where the view looks character by character, in a block of its own and among the usual signs."""
    execute = forms_archive.connection.execute
    for printed, indexed in index_forms().items():
        if ord(printed) < 0xE0000 or ord(printed) % 64 == 0:
            execute("UPDATE article SET body = ? WHERE article_id = 1", (f"甲{printed}乙",))
            (spaced,) = execute("SELECT body FROM article_fts_text").fetchone()
            assert spaced.split() == ["甲", *indexed.split(), "乙"], hex(ord(printed))
    execute("UPDATE article SET body = ?", ("，".join(index_forms()),))
    reindex(forms_archive.connection)  # which splits texts without the view
    assert index_ok(forms_archive.connection) == ""


PRINTED = {
    "售价￥30": "售价¥30",
    "﹙附图﹚": "(附图)",
    "︵附图︶": "(附图)",
    "ｶﾗｵｹ": "カラオケ",
    "桔\U000e0001\U000e0fff园": "桔园",
    "桔\u2060\u200e\u202e园": "桔园",
    "Ꭰ\ua7ab": "ꭰ\u025c",
}


@pytest.mark.parametrize("printed", PRINTED)
def test_what_looks_the_same_is_found_and_marked(forms_archive: Archive, printed: str) -> None:
    execute = forms_archive.connection.execute
    for column, field in (("title", "标题"), ("body", "正文"), ("credit_line", "署名")):
        execute(
            f"UPDATE article SET title = '', body = '', credit_line = '', {column} = ?", (f"前{printed}后",)
        )
        for asked in (PRINTED[printed], printed):
            assert matching_ids(forms_archive.connection, f'{field}:"{asked}"') == [1]
            segments = search(forms_archive.connection, f'"{asked}"').hits[0].segments
            assert [text for text, found in segments if found] == [printed.strip("\u2060")]
            assert "".join(text for text, _ in segments) == f"前{printed}后"


def test_an_older_index_learns_the_forms_of_step_18(tmp_path: Path, article: MakeArticle) -> None:
    bodies = ["售价￥30", "普通的文字", "﹙附图﹚ABC", "桔\U000e0002园🍊", "售价¥30"]
    with Archive.open(tmp_path / "today.db") as today:
        crawl = begin_crawl(today, "yunting", software="", options={})
        for number, body in enumerate(bodies):
            save_article(today, article(key=str(number), title="标题", body=(body,)), crawl)
    make_older(tmp_path / "today.db", tmp_path / "older.db", 17)
    with closing(sqlite3.connect(tmp_path / "older.db")) as older:
        assert matching_ids(older, "正文:¥30") == [5]
    told: list[tuple[int, int]] = []
    with Archive.open(tmp_path / "older.db", tell=lambda done, of: told.append((done, of))) as archive:
        assert index_ok(archive.connection) == ""
        assert matching_ids(archive.connection, "正文:¥30") == [1, 5]
        assert matching_ids(archive.connection, "正文:(附图)abc") == [3]
        assert matching_ids(archive.connection, "正文:桔园") == [4]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
