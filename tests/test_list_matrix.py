"""Every reader with every pager: each list is archived whole or refused aloud, none in silence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.crawled import PLAIN, YICHANG, Crawled
from tests.list_matrix import (
    ANSWERS,
    ARTICLES,
    PAGERS,
    READERS,
    SECTIONS,
    Listed,
    Row,
    chosen,
    home_page,
)
from tests.newssite import Answer, Asked
from zhijiang_spider.items import ListAddress, NextPage, PagerUnread
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.behind_end import is_behind_the_end, title_without_numbers
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site, parse_site

HOME = "http://news.yunting.example"
PROFILE = {
    "name": "yunting",
    "title": "云汀网",
    "article_url": r"/p/(?P<id>\d+)\.html",
    "section_url": r"/c/(\d+)/",
}


def site(**more: object) -> Site:
    return parse_site({**PROFILE, "hosts": ["news.yunting.example"], "start_urls": [f"{HOME}/"], **more}, "x")


@dataclass
class Read:
    """What came of one list, page by page."""

    keys: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    """What was not understood or not there."""
    total: int = 0

    @property
    def short(self) -> bool:
        return self.total > len(self.keys) + 3


def read_all(pages: Mapping[str, Answer], address: ListAddress, profile: Site) -> Read:
    """Read a list as a crawl does, from the pages alone."""
    read = Read()
    counted, title = False, ""
    seen: set[str] = set()
    for _ in range(9):
        answer = pages.get(address.url.removeprefix(HOME))
        reply = answer(Asked("", {}, 0.0, address.form.encode())) if callable(answer) else answer
        if reply is None or reply.status == 404:
            read.said += [] if counted else [f"404 for {address}"]
            return read
        page = Page(address.url, reply.body, "text/html; charset=utf-8", form=address.form)
        try:
            listed = extract_section_page(page, profile)
        except LayoutChanged as error:
            read.said += [] if counted and is_behind_the_end(page, title) else [str(error)]
            return read
        title = title or title_without_numbers(page)
        keys = {profile.article_key(entry.url) or "" for entry in listed.entries}
        repeated = bool(keys) and keys <= seen
        read.keys |= keys
        following = listed.following
        seen |= keys if not (isinstance(following, NextPage) and following.leads) else set()
        read.total = read.total or listed.said_entries or 0
        read.said += filter(None, [listed.unread])
        if isinstance(following, PagerUnread):
            read.said.append(following.reason)
        if repeated or not isinstance(following, NextPage):
            return read
        address, counted = following.address, following.counted
    raise AssertionError(f"no end: {address}")


def faults(read: Read, listed: Listed, slug: str) -> str:
    """Return what is wrong with how a list was read, "" where it is as it must be."""
    missing = listed.count - len(read.keys)
    if missing and not read.said and not read.short:
        return f"SILENT {slug} {listed.name}: {missing} missing"
    if listed.whole and (missing or read.said or read.short):
        return f"refused {slug} {listed.name}: {missing} missing, {read.said}"
    return "" if listed.whole or read.said or read.short else f"not refused {slug} {listed.name}"


def test_no_pair_of_reader_and_pager_is_silent() -> None:
    profile = site()
    found = []
    for slug, listed in SECTIONS.items():
        address = ListAddress(f"{HOME}/c/{slug}/{listed.start}")
        found.append(faults(read_all(listed.build(slug), address, profile), listed, slug))
    assert [fault for fault in found if fault] == []
    assert len(found) > len(READERS) * len(PAGERS)


BEHIND = ["404", "empty", "repeat", "said"]


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("reader", [name for name, reader in READERS.items() if reader.whole])
def test_the_pattern_of_the_profile_leads_through_every_list_to_its_end(reader: str, behind: str) -> None:
    """The pages say nothing of one another."""
    slug, listed = next(item for item in SECTIONS.items() if item[1].name == f"{reader} × rel next")
    pages = dict(listed.build(slug))
    for path, page in pages.items():
        assert not callable(page)
        pages[path] = replace(page, body=page.body.replace(b"<link rel=next", b"<link rel=x"))
    last = pages[f"/c/{slug}/index_3.html"]
    assert not callable(last)
    said = f"<title>第{slug}栏</title>" if behind == "empty" else "<title>云汀</title><p>暂无数据</p>"
    if behind != "404":
        body = last.body if behind == "repeat" else said.encode()
        pages[f"/c/{slug}/index_4.html"] = replace(last, body=body)
    profile = site(pagination={"page_url": "/c/{id}/index_{page}.html"})
    read = read_all(pages, ListAddress(f"{HOME}/c/{slug}/index.html"), profile)
    assert faults(read, listed, slug) == ""


@pytest.mark.parametrize("name", ANSWERS)
def test_the_server_that_the_profile_names_is_read_to_its_end(name: str) -> None:
    slug, listed = next(item for item in SECTIONS.items() if item[1].name == f"named × {name}")
    answers = ANSWERS[name]
    pages = dict(listed.build(slug))
    pages[f"/c/{slug}/index.html"] = SECTIONS["101"].build(slug)[f"/c/{slug}/index.html"]
    number = ("?offset={offset}" if answers.offset else "?page={page}") if answers.numbered else ""
    profile = site(list_api={"address": f"/c/{{id}}/list.json{number}"})
    read = read_all(pages, ListAddress(f"{HOME}/c/{slug}/index.html"), profile)
    assert faults(read, listed, slug) == ""


# --- one site of them ------------------------------------------------------------------------------------


def build(yunting: Crawled, slugs: Sequence[str]) -> None:
    """Publish these sections."""
    for number in range(ARTICLES):
        row = Row(number)
        sample = replace(PLAIN, title=row.title, date=row.date, items=PLAIN.paragraphs)
        yunting.site.put(
            row.path, YICHANG.render(sample, yunting.site.base_url), Content_Type=YICHANG.content_type
        )
    for slug in slugs:
        yunting.site.pages.update(SECTIONS[slug].build(slug))
    yunting.site.put("/", home_page(slugs))
    yunting.save_profile(
        **PROFILE,
        hosts=[yunting.site.host],
        start_urls=[f"{yunting.site.base_url}/"],
        politeness={"delay": 0, "max_sections": len(SECTIONS)},
        recheck={"list_pages": 0},
    )


def listed_in(yunting: Crawled) -> dict[str, int]:
    """Return how many articles the archive has of each section's list, by its slug."""
    return dict(
        yunting.rows(
            "SELECT s.slug, count(*) FROM listing l JOIN section s USING (section_id) JOIN article a USING (key)"
            " GROUP BY s.slug"
        )
    )


def named_by(yunting: Crawled, told: str) -> set[str]:
    """Return the slugs of the lists that a crawl's failures and troubles name."""
    urls = [url for (url,) in yunting.rows("SELECT url FROM failure WHERE kind = 'section'")]
    urls += json.loads(told)["troubles"]
    return {slug for slug in SECTIONS if any(f"/{slug}/" in url for url in urls)}


def test_a_site_of_them_all_is_archived_whole_or_said_aloud(yunting: Crawled) -> None:
    slugs = chosen()
    whole = [slug for slug in slugs if SECTIONS[slug].whole]
    aloud = set(slugs) - set(whole)
    build(yunting, whole)
    told = yunting.crawl("--json").stdout
    assert json.loads(told)["troubles"] == []
    lists = [path for path in yunting.site.paths() if path.startswith(("/c/", "/api/", "/piece/"))]
    assert len(lists) >= 60
    assert listed_in(yunting) == {slug: SECTIONS[slug].count for slug in whole}
    for _ in range(2):
        build(yunting, slugs)
        told = yunting.crawl("--json", status=1).stdout
        assert {slug: n for slug, n in listed_in(yunting).items() if slug in whole} == {
            slug: SECTIONS[slug].count for slug in whole
        }
        assert named_by(yunting, told) == aloud
        assert json.loads(told)["new"] == 0
