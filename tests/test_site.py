"""Site profiles: what they allow, and what a mistake in one says."""

import json
from pathlib import Path
from typing import Any

import pytest
from parsel import Selector

from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.profile_sources import site_names
from zhijiang_spider.sites.site import load_site, parse_site

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
        ({"extend": "x"}, "yunting.toml: extend: is no key of a site profile (did you mean extends?)"),
        ({"extends": "x"}, "yunting.toml: extends: 'x' is not looked up here"),
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


PLATFORM = """
name = "platform"
hosts = ["www.platform.example"]
article_url = '/content/show\\?(?:.*&)?newsid=(?P<id>\\d+)'
[politeness]
delay = 3.0
max_pages = 9
[selectors]
title = "h1"
"""
COUNTY = """
name = "yunting"
hosts = ["www.yunting.example"]
start_urls = ["http://www.yunting.example/"]
"""


def write(folder: Path, **profiles: str) -> str:
    """Write profiles; return the path of the first."""
    for name, text in profiles.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return str(folder / f"{next(iter(profiles))}.toml")


def test_a_profile_takes_what_it_does_not_say_from_the_one_it_extends(tmp_path: Path) -> None:
    own = (
        'extends = "platform.toml"\n' + COUNTY + "[politeness]\ndelay = 1.5\n[selectors]\nbody = 'div.text'\n"
    )
    site = load_site(write(tmp_path, county=own, platform=PLATFORM))
    assert (site.name, site.title, site.hosts) == ("yunting", "yunting", ("www.yunting.example",))
    assert site.article_url.pattern == r"/content/show\?(?:.*&)?newsid=(?P<id>\d+)"
    assert (site.delay, site.max_pages) == (1.5, 9)
    assert dict(site.selectors) == {"title": ("h1",), "body": ("div.text",)}


def test_what_is_recorded_of_a_profile_explains_itself_without_the_one_it_extends(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, county='extends = "platform.toml"' + COUNTY, platform=PLATFORM))
    (tmp_path / "platform.toml").unlink()
    assert parse_site(json.loads(site.declared), site.path) == site
    assert "extends" not in site.declared


def test_a_profile_may_extend_one_that_comes_with_the_program_and_that_another(tmp_path: Path) -> None:
    middle = 'extends = "zhijiang"\n[politeness]\nmax_pages = 4\n'
    site = load_site(write(tmp_path, county='extends = "middle.toml"' + COUNTY, middle=middle))
    bundled = load_site("zhijiang")
    assert site.article_url == bundled.article_url
    assert (site.delay, site.max_pages, site.title) == (bundled.delay, 4, "yunting")


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        (
            None,
            "{0}/platform.toml: cannot be read: No such file or directory ({0}/county.toml → {0}/platform.toml)",
        ),
        (
            "[politeness]\ndelay = 'no'",
            "{0}/platform.toml: politeness.delay: must be a number of seconds from 0 to 3600"
            " ({0}/county.toml → {0}/platform.toml)",
        ),
        (
            "extends = 'county.toml'",
            "{0}/platform.toml: extends: goes in a circle: {0}/county.toml → {0}/platform.toml → {0}/county.toml",
        ),
        (
            "extends = 'nosuch'",
            "{0}/platform.toml: extends: nosuch: no such site profile (bundled: ",
        ),
        ("extends = 3", "{0}/platform.toml: extends: must be a text that is not empty"),
        ("[politeness]\ndelay = 2", "{0}/county.toml: article_url: is missing"),
    ],
)
def test_a_mistake_in_what_is_extended_names_file_key_and_chain(
    platform: str | None, message: str, tmp_path: Path
) -> None:
    path = write(tmp_path, county='extends = "platform.toml"' + COUNTY)
    if platform is not None:
        write(tmp_path, platform=platform)
    with pytest.raises(SiteError) as caught:
        load_site(path)
    assert str(caught.value).startswith(message.format(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_profile_that_extends_itself_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, county='extends = "./county.toml"' + COUNTY)
    with pytest.raises(SiteError, match="extends: goes in a circle"):
        load_site(path)
