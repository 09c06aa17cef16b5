"""The server of a site's lists, as ``[list_api]`` names it: read to its end, or said aloud with the key to mend."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.crawled import Crawled, Run, samples
from tests.newssite import Asked, Reply, Section
from zhijiang_spider.items import ListEnd, NextPage, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.behind_end import is_behind_the_end
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site, parse_site

HOME = "http://www.yunting.example"
LIST = f"{HOME}/list/news"
API = f"{HOME}/api/list?cat=news&page=1"


def site(page_url: str = "", **table: Any) -> Site:
    more = {"pagination": {"page_url": page_url}} if page_url else {}
    return parse_site(
        {
            "name": "yunting",
            "hosts": ["www.yunting.example"],
            "start_urls": [f"{HOME}/"],
            "article_url": r"/p/(?P<id>\d+)\.html",
            "section_url": r"/list/(?P<id>\w+)",
            "list_api": {"address": "/api/list?cat={id}&page={page}", **table},
            **more,
        },
        "test",
    )


def read(answer: object, url: str = API, *, profile: Site | None = None) -> SectionPage:
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return extract_section_page(Page(url, text.encode()), profile or site())


def rows(*numbers: int) -> list[dict[str, str]]:
    return [{"title": f"云汀县第{n}号新闻", "url": f"/p/{n}.html"} for n in numbers]


# --- what the pages of sections say ---------------------------------------------------------------------

LINKS = "<ul><li><a href=/p/1.html>古桥修缮一新</a></li><li><a href=/p/2.html>茶山开园迎客</a></li></ul>"


@pytest.mark.parametrize(
    ("body", "is_filled"),
    [
        (f"{LINKS}<button onclick=more()>加载更多</button>", True),
        (f"<div id=app></div><div class=sidebar><h3>热门推荐</h3>{LINKS}</div>", False),
        ("<div id=app></div>", False),
    ],
)
def test_a_section_s_page_that_links_articles_leads_to_no_empty_list(body: str, is_filled: bool) -> None:
    following = read(f"<html><body>{body}</body></html>", LIST).following
    assert isinstance(following, NextPage)
    assert (following.leads, following.is_filled) == (True, is_filled)


def published(yunting: Crawled, answer: object) -> None:
    """Publish a section whose page lists three of eight articles, and a server that answers for it."""
    yunting.build(Section("101", "县域要闻", samples(8)), per_page=3)
    page = yunting.site.pages["/content/list?catid=101"]
    assert isinstance(page, Reply)
    head, found, _ = page.body.partition(b"</ul></div>")
    yunting.site.put("/content/list?catid=101", head + found + "<button>加载更多</button>".encode())

    def answered(asked: Asked) -> Reply:
        return Reply(json.dumps(answer).encode(), headers={"Content-Type": "application/json"})

    for number in (1, 2):
        yunting.site.pages[f"/api/list?cat=101&page={number}"] = answered
    yunting.save_profile(list_api={"address": "/api/list?cat={id}&page={page}"})


@pytest.mark.parametrize("answer", [{"total": 0, "rows": []}, [], {"code": 0, "data": {"list": []}}])
def test_an_empty_answer_beside_links_is_said_every_night(yunting: Crawled, answer: object) -> None:
    published(yunting, answer)
    for _ in range(2):
        told = " ".join(json.loads(yunting.crawl("--json", status=1).stdout)["troubles"])
        assert "the section's page lists articles itself" in told
        assert "list_api" in told
    assert len(yunting.articles()) == 3


# --- answers --------------------------------------------------------------------------------------------


def test_a_total_below_what_an_answer_holds_is_none() -> None:
    page = read({"total": 0, "rows": rows(1, 2, 3)}, profile=site(total="total"))
    assert (page.said_entries, page.next_url) == (None, API.replace("page=1", "page=2"))


def test_page_0_may_be_page_1_unless_the_profile_says_where_pages_begin() -> None:
    answer = {"rows": rows(1, 2, 3)}
    zero = API.replace("page=1", "page=0")
    said = read(answer, zero, profile=site(first=0)).following
    assert isinstance(said, NextPage)
    assert (str(said.address), said.leads) == (API, False)
    found = read(answer, f"{HOME}/other/list?page=0").following
    assert isinstance(found, NextPage)
    assert (str(found.address), found.leads) == (f"{HOME}/other/list?page=1", True)


@pytest.mark.parametrize(("start", "asks", "leads"), [(0, 1, True), (1, 2, False), (2, 2, False)])
def test_a_script_that_counts_from_0_asks_for_page_1(start: int, asks: int, leads: bool) -> None:
    script = f"var page={start};function more(){{page++;$.get('/api/list?cat=news',{{page:page}},show)}}"
    page = read(f"<html>{LINKS}<button onclick=more()>加载更多</button><script>{script}</script>", LIST)
    assert isinstance(page.following, NextPage)
    assert (page.next_url, page.following.leads) == (API.replace("page=1", f"page={asks}"), leads)


def test_a_first_page_without_a_number_goes_on_by_page_url() -> None:
    profile = site("/api/more?cat={id}&p={page}", address="/api/first?cat={id}", items="d", link="u")
    first = {"d": [{"u": "/p/1.html", "title": "古桥修缮一新"}]}
    page = read(first, f"{HOME}/api/first?cat=news", profile=profile)
    assert page.next_url == f"{HOME}/api/more?cat=news&p=2"
    second = read(first, page.next_url, profile=profile)
    assert (len(second.entries), second.next_url) == (1, f"{HOME}/api/more?cat=news&p=3")
    whole = read({"total": 1, **first}, f"{HOME}/api/first?cat=news", profile=profile)
    assert isinstance(whole.following, ListEnd)


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 500, "msg": "系统繁忙", "data": []},
        {"success": False, "rows": []},
        {"error": {"reason": "token"}, "data": {"list": []}},
        {"head": {"status": "failed"}, "list": []},
        {"status": "error", "total": 0, "list": []},
    ],
)
def test_a_refusal_is_no_end(answer: object) -> None:
    with pytest.raises(LayoutChanged, match="refusal"):
        read(answer)
    assert not is_behind_the_end(Page(API, json.dumps(answer).encode()), "")


@pytest.mark.parametrize("answer", [{"code": 404, "msg": "暂无数据", "data": []}, {"code": 0, "data": []}])
def test_an_answer_that_says_that_there_is_no_more_is_behind_the_end(answer: object) -> None:
    assert is_behind_the_end(Page(API, json.dumps(answer).encode()), "")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"items": "data.rows"}, r"list_api.items 'data.rows' is not in the answer, which has .*data.list \(a list of 1\)"),
        ({"items": "data.list", "link": "href"}, r"list_api.link 'href' is not in it: a row has nid, title"),
        ({"items": "data.list", "link": "nid"}, r"list_api.link 'nid' finds '7', which article_url does not match"),
        ({"article": "/p/{id}.html"}, r"list_api.article needs \{id\}: a row has nid, title"),
        ({"article": "/show/{nid}"}, r"article_url does not match what list_api.article '/show/\{nid\}' makes"),
        ({}, r"list_api.link or list_api.article says where it is: a row has nid, title"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_key_and_what_the_answer_has(table: dict[str, Any], says: str) -> None:
    answer = {"code": 0, "data": {"list": [{"nid": 7, "title": "古桥修缮一新"}]}}
    with pytest.raises(LayoutChanged, match=says):
        read(answer, profile=site(**table))


# --- zhijiang parse -------------------------------------------------------------------------------------


def test_parse_reads_the_answers_and_tells_where_a_section_s_list_comes_from(
    zhijiang: Run, tmp_path: Path
) -> None:
    profile = tmp_path / "yunting.toml"
    profile.write_text(
        'name = "yunting"\nhosts = ["www.yunting.example"]\nstart_urls = ["http://www.yunting.example/"]\n'
        "article_url = '/p/(?P<id>\\d+)\\.html'\nsection_url = '/list/(?P<id>\\w+)'\n"
        '[list_api]\naddress = "/api/list"\nform = "cat={id}&page={page}"\n',
        encoding="utf-8",
    )
    saved = tmp_path / "page"
    saved.write_text("<html><div id=app></div></html>", encoding="utf-8")
    told = zhijiang("parse", saved, "--url", LIST, "--site", profile)
    address = f"{HOME}/api/list POST cat=news&page=1"
    assert f"its list comes from the list_api of the profile at {address}" in told.stderr
    assert json.loads(told.stdout)["entries"] == []

    saved.write_text(json.dumps(rows(1, 2)), encoding="utf-8")
    told = zhijiang("parse", saved, "--url", address, "--site", profile)
    assert [entry["url"] for entry in json.loads(told.stdout)["entries"]] == [
        f"{HOME}/p/1.html",
        f"{HOME}/p/2.html",
    ]
    saved.write_text(f"<html>{LINKS}<button>加载更多</button></html>", encoding="utf-8")
    told = zhijiang("parse", saved, "--url", f"{HOME}/", "--site", profile)
    shown = json.loads(told.stdout)
    assert shown["unread"] == shown["following"]["reason"] == "加载更多 is left to a script"
