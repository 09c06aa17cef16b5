"""The settings of a polite, safe crawl."""

from typing import Any

import pytest
from scrapy.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("AUTOTHROTTLE_ENABLED", True),
        ("DOWNLOAD_DELAY_JITTER", 0),
    ],
)
def test_a_crawl_is_polite_and_opens_no_port(name: str, value: Any) -> None:
    settings = Settings()
    settings.setmodule("zhijiang_spider.settings")
    assert settings.get(name) == value


def test_downloads_are_limited() -> None:
    settings = Settings()
    settings.setmodule("zhijiang_spider.settings")
    assert 0 < settings.getint("DOWNLOAD_MAXSIZE") <= 64 * 1024 * 1024
    assert 0 < settings.getint("DOWNLOAD_TIMEOUT") <= 120
