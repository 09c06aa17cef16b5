"""Site profiles: what they allow, and what a mistake in one says."""

from pathlib import Path
from typing import Any

import pytest
from parsel import Selector

from zhijiang_spider.sites.profile_schema import SiteError
from zhijiang_spider.sites.site import load_site, parse_site, site_names

GOOD: dict[str, Any] = {
    "name": "yunting",
    "title": "云汀网",
    "hosts": ["www.yunting.example", "m.yunting.example:8080"],
    "start_urls": ["http://www.yunting.example/"],
    "article_url": r"/content/show\?(?:.*&)?newsid=(?P<id>\d+)",
    "section_url": r"/content/list\?(?:.*&)?catid=(?P<id>\d+)",
}


def test_an_article_is_known_by_its_id_whatever_the_section_in_its_address() -> None:
    site = parse_site(GOOD, "yunting.toml")
    assert site.article_key("http://www.yunting.example/content/show?catid=1&newsid=77") == "77"
    assert site.article_key("https://www.yunting.example/content/show?newsid=77&catid=2") == "77"
    assert site.article_key("http://www.yunting.example/content/list?catid=1") is None


def test_a_pattern_may_be_anchored_at_the_path_or_at_the_whole_address() -> None:
    on_path = parse_site(GOOD | {"article_url": r"^/p/(\d+)\.html$"}, "x.toml")
    on_address = parse_site(GOOD | {"article_url": r"^http://www\.yunting\.example/p/(\d+)\.html$"}, "x.toml")
    for site in (on_path, on_address):
        assert site.article_key("http://www.yunting.example/p/12.html") == "12"
        assert site.article_key("http://www.yunting.example/a/p/12.html") is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://www.yunting.example/x", True),
        ("https://www.yunting.example:8443/x", True),
        ("http://m.yunting.example:8080/x", True),
        ("http://m.yunting.example/x", False),
        ("http://yunting.example/x", False),
        ("http://evil.www.yunting.example/x", False),
        ("http://www.yunting.example.evil.invalid/x", False),
        ("http://www.yunting.example@evil.invalid/x", False),
        ("ftp://www.yunting.example/x", False),
        ("file:///etc/hosts", False),
        ("http://[broken/x", False),
        ("javascript:void(0)", False),
    ],
)
def test_only_the_hosts_of_the_profile_are_asked(url: str, allowed: bool) -> None:
    assert parse_site(GOOD, "yunting.toml").allows(url) is allowed


def test_sections_have_a_slug_and_may_be_skipped() -> None:
    site = parse_site(GOOD | {"skip_url": ["catid=9$"]}, "yunting.toml")
    assert site.section_slug("http://www.yunting.example/content/list?catid=8&page=2") == "8"
    assert site.section_slug("http://www.yunting.example/content/list?catid=9") is None


def test_without_a_section_pattern_the_start_pages_are_the_sections() -> None:
    data = {key: value for key, value in GOOD.items() if key != "section_url"}
    site = parse_site(data, "yunting.toml")
    assert site.section_slug("http://www.yunting.example/") == "http://www.yunting.example/"
    assert site.section_slug("http://www.yunting.example/other") is None


def test_the_first_selector_that_finds_something_wins() -> None:
    site = parse_site(
        GOOD | {"selectors": {"title": ["h1.none", "//h2"], "body": "div.text"}}, "yunting.toml"
    )
    page = Selector(text="<h2>题</h2><div class='text'>文</div>")
    assert [found.root.tag for found in site.select(page, "title")] == ["h2"]
    assert site.select(page, "source") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hosts": []}, "yunting.toml: hosts: must be a list that is not empty"),
        (
            {"hosts": ["http://www.yunting.example"]},
            "yunting.toml: hosts[0]: 'http://www.yunting.example' is no host name",
        ),
        (
            {"hosts": ["other.example"]},
            "yunting.toml: start_urls[0]: the host of http://www.yunting.example/ is not in hosts",
        ),
        ({"article_url": "newsid=([0-9"}, "yunting.toml: article_url: is no valid regular expression"),
        (
            {"article_url": r"newsid=\d+"},
            "yunting.toml: article_url: needs the article's identity as a group",
        ),
        ({"section_url": r"(a)(b)"}, "yunting.toml: section_url: has several groups"),
        (
            {"artcle_url": "x"},
            "yunting.toml: artcle_url: is no key of a site profile (did you mean article_url?)",
        ),
        (
            {"politeness": {"dealy": 2}},
            "yunting.toml: politeness.dealy: is no key of a site profile (did you mean delay?)",
        ),
        ({"politeness": {"delay": "2"}}, "yunting.toml: politeness.delay: must be a number of seconds"),
        ({"politeness": 2}, "yunting.toml: politeness: must be a table"),
        ({"timezone": "Asia/Zhijiang"}, "yunting.toml: timezone: 'Asia/Zhijiang' is no known time zone"),
        ({"selectors": {"titel": "h1"}}, "yunting.toml: selectors.titel: is no key"),
        ({"selectors": {"title": "h1["}}, "yunting.toml: selectors.title: 'h1[' is no valid selector"),
        ({"selectors": {"title": "//h1["}}, "yunting.toml: selectors.title: '//h1[' is no valid selector"),
        ({"pagination": {"page_url": "/list-2.html"}}, "yunting.toml: pagination.page_url: has no {page}"),
        ({"name": "芦 溪"}, "yunting.toml: name: '芦 溪' may hold only"),
        (
            {"start_urls": ["www.yunting.example"]},
            "yunting.toml: start_urls[0]: 'www.yunting.example' is no full http(s) address",
        ),
        ({"skip_url": ["("]}, "yunting.toml: skip_url[0]: is no valid regular expression"),
    ],
)
def test_a_mistake_names_file_key_and_reason_in_one_line(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(GOOD | change, "yunting.toml")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["name", "hosts", "start_urls", "article_url"])
def test_a_missing_key_is_named(key: str) -> None:
    data = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(SiteError, match=f"^yunting.toml: {key}: is missing$"):
        parse_site(data, "yunting.toml")


@pytest.mark.parametrize("name", site_names())
def test_every_bundled_profile_loads(name: str) -> None:
    assert load_site(name).name == name


def test_files_that_are_no_profile_say_so(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no such site profile"):
        load_site("zhjiang")
    with pytest.raises(SiteError, match="cannot be read"):
        load_site(str(tmp_path / "none.toml"))
    broken = tmp_path / "broken.toml"
    broken.write_text("name = \n")
    with pytest.raises(SiteError, match="is not valid TOML"):
        load_site(str(broken))
    broken.write_bytes("name = '枝江'".encode("gbk"))
    with pytest.raises(SiteError, match="is not UTF-8"):
        load_site(str(broken))
