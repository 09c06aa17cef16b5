"""One article, whole."""

import json
from collections.abc import Callable
from pathlib import Path

from archive import Archive, Article
from archive.model.crawl import Listing
from archive.store.articles import save_article
from archive.store.crawls import save_listing
from archive.store.read import EXAMPLE_QUERY, archive_size, find_article


def test_an_article_is_found_by_number_by_address_and_by_a_list_pages_address(
    archive: Archive, article: Callable[..., Article], listing: Callable[..., Listing]
) -> None:
    save_listing(archive, listing("77"), 1)
    save_article(archive, article(), 1)
    save_article(archive, article(title="改"), 1)
    by_number = find_article(archive, "1")
    assert by_number is not None
    assert by_number == find_article(archive, article().url)
    assert by_number == find_article(archive, listing("77").entries[0].url)
    assert [credit["name"] for credit in by_number["credits"]] == ["闻小满", "苏木", "乔安", "纪朗", "卫青禾"]
    assert [version["changed"] for version in by_number["versions"]] == [[], ["title"]]
    assert by_number["body"] == list(article().body)
    assert [section["name"] for section in by_number["sections"]] == ["要闻"]
    json.dumps(by_number)


def test_what_is_not_there_is_none(archive: Archive) -> None:
    assert find_article(archive, "9") is None
    assert find_article(archive, "http://www.yunting.example/none") is None


def test_the_query_that_the_demo_proposes_answers(demo_archive: Path) -> None:
    with Archive.read(demo_archive) as archive:
        found = archive.connection.execute(EXAMPLE_QUERY).fetchall()
        size = archive_size(archive)
    assert len(found) == 5
    assert all(title for title, _, _ in found)
    assert any(reporter for _, reporter, _ in found)
    assert any(review for _, _, review in found)
    assert size.articles > 5 < size.names
