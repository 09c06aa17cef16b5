"""Settings that an operator gives a crawl: forms, kinds, and manners towards other machines."""

from typing import Any

import pytest
from scrapy.settings import default_settings

from tests.crawled import Crawled, samples
from tests.newssite import Section
from zhijiang_spider.crawl import given
from zhijiang_spider.crawl.given import BadSetting, given_settings, is_loopback
from zhijiang_spider.sites.site import Site, parse_site

FAR = "www.yunting.example"
NEAR = ("127.0.0.1:8000", "[::1]:80", "[::1]", "localhost", "127.9.9.9")


def site(*hosts: str, **more: Any) -> Site:
    data = {
        "name": "yunting",
        "hosts": list(hosts),
        "start_urls": [f"http://{hosts[0]}/"],
        "article_url": "/(\\d+)",
        "politeness": {"delay": 3},
    }
    return parse_site(data | more, "yunting")


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("DOWNLOAD_DELAY=5", 5.0),
        ("DOWNLOAD_DELAY=3", 3.0),
        ("AUTOTHROTTLE_MAX_DELAY=90", 90.0),
        ("CONCURRENT_REQUESTS=1", 1),
        ("RETRY_TIMES=0", 0),
        ("ROBOTSTXT_OBEY=true", True),
        ("DOWNLOAD_SLOTS={}", {}),
        ("CONCURRENT_ITEMS=7", 7),
        ("CLOSESPIDER_TIMEOUT=60.5", 60.5),
        ("DOWNLOAD_BIND_ADDRESS=192.0.2.1", "192.0.2.1"),
        ("LOG_FORMAT=%(message)s=", "%(message)s="),
        ("ZHIJIANG_WORKERS=2", 2),
    ],
)
def test_what_is_as_polite_or_does_not_matter_is_taken(pair: str, value: object) -> None:
    name = pair.partition("=")[0]
    assert given_settings([pair], site(FAR)) == {name: value}


IMPOLITE = [
    "DOWNLOAD_DELAY=2.9",
    "AUTOTHROTTLE_START_DELAY=0",
    "AUTOTHROTTLE_MAX_DELAY=3",
    "AUTOTHROTTLE_TARGET_CONCURRENCY=1.5",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS=32",
    "CONCURRENT_REQUESTS_PER_DOMAIN=2",
    "DOWNLOAD_DELAY_JITTER=0.5",
    'DOWNLOAD_SLOTS={"www.yunting.example": {"delay": 0}}',
    "REDIRECT_MAX_TIMES=50",
    "RETRY_HTTP_CODES=403",
    "RETRY_TIMES=10",
    "ROBOTSTXT_OBEY=0",
    "ROBOTSTXT_USER_AGENT=Googlebot",
    "USER_AGENT=Mozilla/5.0",
]


@pytest.mark.parametrize("pair", IMPOLITE)
def test_another_machine_is_asked_no_less_politely_than_its_profile_says(pair: str) -> None:
    with pytest.raises(BadSetting, match=f"^{pair.partition('=')[0]}: .* is impolite to {FAR}: "):
        given_settings([pair], site(FAR))
    with pytest.raises(BadSetting, match="is impolite to 127"):  # one host of two
        given_settings([pair], site("127.0.0.1", FAR))
    assert given_settings([pair], site(*NEAR)).keys() == {pair.partition("=")[0]}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("DOWNLOAD_DELAY", "'DOWNLOAD_DELAY' is not NAME=VALUE"),
        ("=5", "'=5' is not NAME=VALUE"),
        ("", "'' is not NAME=VALUE"),
        ("CONCURENT_ITEMS=5", "there is no such setting; did you mean CONCURRENT_ITEMS?"),
        ("download_delay=5", "there is no such setting; did you mean DOWNLOAD_DELAY?"),
        ("DOWNLOAD_DELAY=soon", "'soon' is no number"),
        ("DOWNLOAD_DELAY=nan", "nan is no finite number"),
        ("DOWNLOAD_DELAY=inf", "inf is no finite number"),
        ("DOWNLOAD_DELAY=-1", "-1 is not zero or more"),
        ("CONCURRENT_REQUESTS=0", "0 is not above zero"),
        ("AUTOTHROTTLE_TARGET_CONCURRENCY=0", "0 is not above zero"),
        ("CONCURRENT_ITEMS=1.5", "'1.5' is no whole number"),
        ("ROBOTSTXT_OBEY=perhaps", "'perhaps' is neither True nor False"),
        ("DOWNLOAD_SLOTS=[", "'[' is no JSON object"),
        ("LOG_LEVEL=LOUD", "'LOUD' is none of CRITICAL"),
        ("LOG_FILE=a.log", "use --log"),
        ("ZHIJIANG_ARCHIVE=a.db", "use --archive"),
        ("ZHIJIANG_LOCKED=1", "cannot be given"),
        ("EXTENSIONS={}", "cannot be given to a crawl: it would change what a crawl is"),
        ("TELNETCONSOLE_ENABLED=1", "cannot be given"),
        ("HTTPCACHE_ENABLED=1", "cannot be given"),
        ("DOWNLOAD_VERIFY_CERTIFICATES=0", "set verify_certificates in the profile"),
    ],
)
def test_what_is_no_setting_for_a_crawl_is_named_with_the_reason(pair: str, said: str) -> None:
    for hosts in ((FAR,), NEAR):
        with pytest.raises(BadSetting) as refused:
            given_settings([pair], site(*hosts))
        assert said in str(refused.value)


def test_of_one_name_the_last_counts() -> None:
    assert given_settings(["RETRY_TIMES=0", "RETRY_TIMES=1"], site(FAR)) == {"RETRY_TIMES": 1}


def test_a_machine_is_this_one_only_where_its_name_cannot_lead_elsewhere() -> None:
    assert is_loopback(site(*NEAR))
    for host in ("localhost.yunting.example", "127.0.0.1.yunting.example", "192.168.1.4", "0.0.0.0"):
        assert not is_loopback(site(host))
    assert not is_loopback(site("127.0.0.1", media_hosts=[FAR]))


def test_every_setting_that_may_be_given_is_one() -> None:
    ours = {"ZHIJIANG_BATCH_SECONDS", "ZHIJIANG_PAGE_SECONDS", "ZHIJIANG_WORKERS"}
    assert {name for name in given._FREE | given._POLITE if not hasattr(default_settings, name)} == ours
    assert not given._FREE & given._POLITE


def test_a_crawl_takes_them_and_refuses_others_before_it_asks(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(6)))
    yunting.empty = None
    told = yunting.crawl("-s", "DOWNLOAD_DELAY=0,5", status=2)
    assert "-s DOWNLOAD_DELAY: '0,5' is no number" in told.stderr
    assert not yunting.archive.exists()
    yunting.crawl("-s", "DOWNLOAD_DELAY=0.3", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert yunting.site.mean_gap() >= 0.25
    assert yunting.rows("SELECT delay FROM crawl") == [(0.3,)]
    told = yunting.crawl("--full", "-s", "CLOSESPIDER_PAGECOUNT=3", status=1)
    assert "closespider_pagecount" in told.stderr
