"""The Parquet file: typed columns, lists of credits and pictures."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from archive import Archive, Article
from archive.export import ArticleStream
from archive.export import parquet as module
from archive.export.parquet import write_parquet
from archive.rendering.remarks import Remark
from archive.store.articles import save_article

MakeArticle = Callable[..., Article]


def test_columns_are_typed_and_lists_hold_the_parts(
    archive: Archive, article: MakeArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH", 2)
    for key in "12345":
        save_article(archive, article(key=key, published_at="2024-11-01T07:30:00+08:00"), 1)
    assert write_parquet(ArticleStream(archive), tmp_path / "a.parquet") == 5
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    assert file.num_row_groups == 3
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert types["published_on"] == "date32[day]"
    assert types["published_at"] == types["first_seen_at"] == "timestamp[us, tz=UTC]"
    row = file.read().to_pylist()[4]
    assert row["article_id"] == 5
    assert row["published_on"] == date(2024, 11, 1)
    assert row["published_at"] == datetime(2024, 10, 31, 23, 30, tzinfo=UTC)
    assert row["breadcrumb"] == ["云汀网", "要闻"]
    assert [(credit["role"], credit["name"]) for credit in row["credits"]][1:3] == [
        ("记者", "苏木"),
        ("一审", "乔安"),
    ]
    assert row["images"] == [
        {"url": "http://www.yunting.example/a.png", "caption": "果农采摘。苏木 摄", "paragraph": 1}
    ]
    assert row["attachments"] == []


def test_what_is_no_date_is_left_empty_and_counted(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(published_on="2024-99-99"), 1)
    archive.connection.execute("UPDATE article SET breadcrumb = '要闻', last_look_at = '昨天'")
    stream = ArticleStream(archive)
    write_parquet(stream, tmp_path / "a.parquet")
    (row,) = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert (row["published_on"], row["last_look_at"], row["breadcrumb"]) == (None, None, ["要闻"])
    assert stream.remarks == {Remark.NO_DATE: 2}


def test_the_same_archive_gives_the_same_bytes(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    for name in ("a", "b"):
        write_parquet(ArticleStream(archive), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
