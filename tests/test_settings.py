"""The settings of a polite, safe crawl."""

from typing import Any

import pytest
from scrapy.settings import Settings, default_settings

from zhijiang_spider import settings as ours


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


def test_what_opens_a_port_is_not_even_imported_and_the_rest_of_scrapys_extensions_stays() -> None:
    scrapys = {path.rpartition(".")[2] for path in default_settings.EXTENSIONS_BASE}
    kept = {path.rpartition(".")[2] for path in ours.EXTENSIONS_BASE}
    assert scrapys - kept == {"TelnetConsole", "RemoteControl", "AutoThrottle"}
