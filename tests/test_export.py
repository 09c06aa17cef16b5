"""CSV files as spreadsheets and programs read them."""

import csv
from collections.abc import Callable
from pathlib import Path

from archive import Archive, Article
from archive.export import ArticleStream, Selection
from archive.export.cells import CELL_UNITS
from archive.export.csv import write_csv, write_raw_csv

MakeArticle = Callable[..., Article]


def test_the_readers_file_opens_in_chinese_excel(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    archive.save(article(), 1)
    path = tmp_path / "文章.csv"
    assert write_csv(ArticleStream(archive), path) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf\xe7\xbc\x96\xe5\x8f\xb7,")  # BOM, 编号
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["题名"] == "云汀县柑橘开园"
    assert row["记者"] == "闻小满、苏木"
    assert row["正文"] == "11月1日，云汀县柑橘开园。\n今年预计产量三万吨。"


def test_the_readers_file_runs_no_formula_and_says_where_it_cuts(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    archive.save(article(title='=HYPERLINK("http://evil.invalid")', body=("长" * 40_000,)), 1)
    path = tmp_path / "a.csv"
    write_csv(ArticleStream(archive), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["题名"].startswith("'=")
    assert len(row["正文"]) == CELL_UNITS
    assert row["正文"].endswith("…（截断，全文见编号 1）")


def test_the_raw_file_holds_every_column_untouched(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    title = '=1+1 "引"，\n换行'
    archive.save(article(title=title, published_on=None, published_raw="", body=("长" * 40_000,)), 1)
    path = tmp_path / "raw.csv"
    assert write_raw_csv(ArticleStream(archive), path) == 1
    data = path.read_bytes()
    assert data.startswith(b"article_id,site,key,")
    assert data.endswith(b"\r\n")
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    columns = [c[0] for c in archive.connection.execute("SELECT * FROM article").description]
    assert list(row) == columns
    assert row["title"] == title
    assert len(row["body"]) == 40_000


def test_the_raw_file_tells_a_missing_value_from_an_empty_text(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    archive.save(article(published_on=None, source=""), 1)
    path = tmp_path / "raw.csv"
    write_raw_csv(ArticleStream(archive), path)
    header, line = path.read_bytes().decode("utf-8").split("\r\n")[:2]
    assert "breadcrumb,published_on,published_at,published_raw,source,source_raw" in header
    assert line.startswith('1,"yunting","77",')
    assert ',,,"2024-11-01","",' in line  # published_on, published_at: NULL; source: empty


def test_days_and_a_query_choose_articles(archive: Archive, article: MakeArticle, tmp_path: Path) -> None:
    archive.save(article(key="1", published_on="2024-01-01", title="春耕"), 1)
    archive.save(article(key="2", published_on="2024-02-01", title="春耕备耕"), 1)
    archive.save(article(key="3", published_on=None, title="夏收", section="视频", credits=()), 1)

    def numbers(selection: Selection) -> list[int]:
        stream = ArticleStream(archive, selection)
        found = [row[0] for row in stream.rows("文章", "编号", columns=["编号"])]
        assert stream.count() == len(found)
        return found

    assert numbers(Selection()) == [1, 2, 3]
    assert numbers(Selection(since="2024-01-15")) == [2]
    assert numbers(Selection(until="2024-01-15")) == [1]
    assert numbers(Selection(query="耕")) == [1, 2]
    assert numbers(Selection(query="春耕 备耕", since="2023-01-01")) == [2]
    assert numbers(Selection(section="视频")) == [3]
    assert numbers(Selection(name="乔安")) == [1, 2]
    assert numbers(Selection(name="乔安", until="2024-01-31", status="在线")) == [1]
    assert numbers(Selection(status="已消失")) == []
