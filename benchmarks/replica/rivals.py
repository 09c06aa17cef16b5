"""What others crawl the replica site with, each in a process of its own.

    python benchmarks/replica/rivals.py KIND HOST DATABASE

Scrapy with its own settings but for 32 requests at a time; they know the site's pages by their selectors.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

SETTINGS = {
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
}
TABLES = """
CREATE TABLE IF NOT EXISTS article (
  url TEXT PRIMARY KEY, title TEXT, published TEXT, section TEXT, body TEXT, credits TEXT, images TEXT, fetched_at TEXT);
CREATE VIRTUAL TABLE IF NOT EXISTS article_search USING fts5(title, body, credits, tokenize = 'trigram');
"""
UPSERT = """
INSERT INTO article VALUES (:url, :title, :published, :section, :body, :credits, :images, :fetched_at)
ON CONFLICT (url) DO UPDATE SET title = excluded.title, published = excluded.published, section = excluded.section,
  body = excluded.body, credits = excluded.credits, images = excluded.images, fetched_at = excluded.fetched_at
RETURNING rowid
"""

Parse = Callable[[Any], dict[str, Any] | None]


def with_nothing(response: Any) -> None:
    """Take the answer, and read nothing."""


def with_parsel(response: Any) -> dict[str, Any]:
    """Take seven fields by their selectors."""
    text = response.css("div.content")
    return {
        "title": response.css("h1.title::text").get(),
        "published": response.css("div.info span.date::text").get(),
        "section": response.css("div.crumb a:nth-of-type(2)::text").get(),
        "body": "\n".join("".join(p.css("::text").getall()).strip() for p in text.css("p:not(.credit)")),
        "credits": "\n".join(text.css("p.credit::text").getall()),
        "images": "\n".join(response.urljoin(src) for src in text.css("img::attr(src)").getall()),
    }


def with_trafilatura(response: Any) -> dict[str, Any]:
    """Take what trafilatura finds; it knows no credit lines."""
    from trafilatura import bare_extraction

    found = bare_extraction(response.text, url=response.url, with_metadata=True, include_images=True)
    found = found.as_dict() if found is not None else {}
    return {
        "title": found.get("title"),
        "published": found.get("date"),
        "section": ", ".join(found.get("categories") or ()),
        "body": found.get("text"),
        "credits": found.get("author"),
        "images": found.get("image"),
    }


def with_gne(response: Any) -> dict[str, Any]:
    """Take what GNE finds."""
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(response.text, host=response.url)
    return {
        "title": found["title"],
        "published": found["publish_time"],
        "section": "",
        "body": found["content"],
        "credits": found["author"],
        "images": "\n".join(found["images"]),
    }


class Store:
    """One row an article and one commit a row, as such pipelines are written."""

    def open_spider(self) -> None:
        """Open the database."""
        self.connection = sqlite3.connect(sys.argv[3])
        self.connection.executescript(TABLES)

    def process_item(self, item: Any) -> Any:
        """Store an article."""
        (number,) = self.connection.execute(UPSERT, item).fetchone()
        self.connection.execute("DELETE FROM article_search WHERE rowid = ?", (number,))
        texts = (number, item["title"], item["body"], item["credits"])
        self.connection.execute(
            "INSERT INTO article_search (rowid, title, body, credits) VALUES (?, ?, ?, ?)", texts
        )
        self.connection.commit()
        return item

    def close_spider(self) -> None:
        """Close the database."""
        self.connection.close()


class Rival(scrapy.Spider):
    """Follows the lists of all sections and takes every article."""

    name = "rival"

    def __init__(self, host: str, parse: Parse) -> None:
        super().__init__()
        self.start_urls = [f"http://{host}/index.html"]
        self.read = parse

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:
        """Follow the sections."""
        for link in response.css("ul.sections a::attr(href)").getall():
            yield response.follow(link, self.parse_list)

    def parse_list(self, response: Any) -> Iterator[Any]:
        """Follow articles, and the next page."""
        for link in response.css("ul.list a::attr(href)").getall():
            yield response.follow(link, self.parse_article)
        for link in response.css("div.pages a::attr(href)").getall():
            yield response.follow(link, self.parse_list)

    def parse_article(self, response: Any) -> Iterator[Any]:
        """Give an article, where anything is read."""
        found = self.read(response)
        if found is not None:
            yield {"url": response.url, "fetched_at": datetime.now(UTC).isoformat(), **found}


KINDS: dict[str, tuple[Parse, bool]] = {
    "bare": (with_nothing, False),
    "parsel": (with_parsel, False),
    "usual": (with_parsel, True),
    "trafilatura": (with_trafilatura, True),
    "gne": (with_gne, True),
}
"""Name → how an article is read, and whether it is stored."""


def main() -> None:
    """Crawl; print how many answers came."""
    parse, stored = KINDS[sys.argv[1]]
    process = AsyncCrawlerProcess({**SETTINGS, "ITEM_PIPELINES": {Store: 100} if stored else {}})
    crawler = process.create_crawler(Rival)
    process.crawl(crawler, host=sys.argv[2], parse=parse)
    process.start()
    assert crawler.stats is not None
    found = crawler.stats.get_stats()
    assert found["response_received_count"] == found["downloader/response_status_count/200"], found
    assert not any(name.startswith("spider_exceptions") for name in found), found
    print(found["response_received_count"])


if __name__ == "__main__":
    main()
