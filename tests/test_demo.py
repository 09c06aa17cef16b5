"""The sample site holds together, its server starts and stops, and every bundled profile loads."""

import socket
import struct
import zlib
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from parsel import Selector

from tests.patience import PATIENCE
from zhijiang_spider.demo import demo_site, serve
from zhijiang_spider.demo.site import FOREIGN_COPY, PAGE_SIZE, Page, article_path, load_content, render_site
from zhijiang_spider.sites.profile_sources import site_names
from zhijiang_spider.sites.site import Site, load_site

BASE = "http://127.0.0.1:9"
SECTIONS, STORIES = load_content()
fetch = build_opener(ProxyHandler({})).open  # not through a proxy of the machine


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return render_site()


@pytest.fixture(scope="module")
def site() -> Site:
    return demo_site(BASE)


def html_pages(pages: dict[str, Page]) -> Iterator[tuple[str, Selector]]:
    for path, page in pages.items():
        if page.content_type.startswith("text/html"):
            encoding = "utf-8" if "utf-8" in page.content_type else "gbk"
            yield path, Selector(text=page.body.decode(encoding))


def targets(path: str, page: Selector) -> Iterator[str]:
    for link in page.xpath("//@href | //@src").getall():
        if not link.startswith("javascript:"):
            yield urljoin(BASE + path, link)


def test_every_link_inside_the_site_leads_to_a_page(pages: dict[str, Page], site: Site) -> None:
    for path, page in html_pages(pages):
        for url in targets(path, page):
            if site.allows(url):
                parts = urlsplit(url)
                assert f"{parts.path}?{parts.query}".rstrip("?") in pages, f"{path} → {url}"


def test_the_only_foreign_links_are_to_a_host_that_cannot_exist(pages: dict[str, Page], site: Site) -> None:
    foreign = {url for path, page in html_pages(pages) for url in targets(path, page) if not site.allows(url)}
    assert foreign
    assert all(url.startswith(FOREIGN_COPY) for url in foreign)
    assert any("newsid=" in url for url in foreign), "one of them looks like an article"


def test_every_article_is_reached_from_the_home_page_by_next_links(
    pages: dict[str, Page], site: Site
) -> None:
    listed: set[str] = set()
    for section in SECTIONS:
        path, count = f"/content/list?catid={section.catid}", 0
        while path:
            page, count = Selector(text=pages[path].body.decode()), count + 1
            found = page.css("ul.lines a::attr(href)").getall()
            assert 0 < len(found) <= PAGE_SIZE
            listed.update(filter(None, (site.article_key(urljoin(BASE, link)) for link in found)))
            path = page.xpath("//a[.='下一页']/@href").get("")
        assert count > 1, f"{section.name} has one page only: paging is not used"
    assert listed == {str(story.newsid) for story in STORIES}


def test_article_numbers_grow_with_the_date_and_are_unique() -> None:
    oldest_first = sorted(STORIES, key=lambda story: story.newsid)
    assert len({story.newsid for story in STORIES}) == len(STORIES)
    assert [story.published for story in oldest_first] == sorted(story.published for story in STORIES)


def test_one_article_has_an_address_in_each_of_its_sections(pages: dict[str, Page], site: Site) -> None:
    shared = [story for story in STORIES if len(story.catids) > 1]
    assert shared
    for story in shared:
        paths = [article_path(story, catid) for catid in story.catids]
        assert all(path in pages for path in paths)
        assert {site.article_key(BASE + path) for path in paths} == {str(story.newsid)}


def test_an_old_page_is_gbk_and_says_so_in_its_own_way(pages: dict[str, Page]) -> None:
    old = [story for story in STORIES if story.old]
    assert old
    for story in old:
        page = pages[article_path(story, story.catids[0])]
        assert page.content_type == "text/html"
        with pytest.raises(UnicodeDecodeError):
            page.body.decode("utf-8")
        assert story.title in page.body.decode("gbk")


def test_every_line_of_an_article_is_on_its_page(pages: dict[str, Page]) -> None:
    for story in STORIES:
        page = pages[article_path(story, story.catids[0])].body.decode("gbk" if story.old else "utf-8")
        text = "".join(Selector(text=page).xpath("//body//text()").getall())
        for line in story.text.split("\n"):
            assert (line.removeprefix("图：") if line != "图" else "") in text


def test_pictures_are_valid_png_files(pages: dict[str, Page]) -> None:
    pictures = [page.body for page in pages.values() if page.content_type == "image/png"]
    assert len(set(pictures)) > 10
    for body in pictures:
        assert body.startswith(b"\x89PNG\r\n\x1a\n")
        chunks, rest = {}, body[8:]
        while rest:
            (length,) = struct.unpack(">I", rest[:4])
            kind, data = rest[4:8], rest[8 : 8 + length]
            assert struct.unpack(">I", rest[8 + length : 12 + length]) == (zlib.crc32(kind + data),)
            chunks[kind], rest = data, rest[12 + length :]
        width, height, depth = struct.unpack(">IIB", chunks[b"IHDR"][:9])
        assert chunks[b"IHDR"][9] == 3, "one number of a palette for each pixel"
        assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + -(-width * depth // 8))


def test_the_site_is_the_same_every_time(pages: dict[str, Page]) -> None:
    assert render_site() == pages


def test_the_attachment_is_a_pdf_with_a_right_cross_reference(pages: dict[str, Page]) -> None:
    files = [page.body for page in pages.values() if page.content_type == "application/pdf"]
    assert files
    for body in files:
        start = int(body.split(b"startxref\n")[1].split(b"\n")[0])
        assert body[start:].startswith(b"xref\n")
        for number, line in enumerate(body[start:].splitlines()[3:8], 1):
            assert body[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def test_the_server_answers_while_the_block_runs_and_not_after() -> None:
    with serve() as base_url:
        site = demo_site(base_url)
        assert site.name == "demo"
        assert site.allows(base_url + "/")
        with fetch(base_url + "/", timeout=PATIENCE) as response:
            assert "云汀网" in response.read().decode()
        with pytest.raises(HTTPError, match="404") as missing:
            fetch(base_url + "/content/show?catid=1&newsid=1", timeout=PATIENCE)
        missing.value.close()
    parts = urlsplit(base_url)
    with socket.socket() as probe:
        assert probe.connect_ex((parts.hostname, parts.port)) != 0


def test_two_servers_run_side_by_side() -> None:
    with serve() as one, serve() as two:
        assert one != two


@pytest.mark.parametrize("name", site_names())
def test_a_bundled_profile_loads_and_is_polite(name: str) -> None:
    site = load_site(name)
    assert site.name == name
    assert site.delay >= 2
    assert site.section_url is not None


@pytest.mark.parametrize(
    ("name", "url", "key"),
    [
        ("zhijiang", "http://www.sxzhijiang.cn/content/show?catid=7&newsid=12", "12"),
        ("zhijiang", "https://www.sxzhijiang.cn/content/show?newsid=12&catid=9", "12"),
        ("zhijiang", "http://www.sxzhijiang.cn.copy.invalid/content/show?catid=7&newsid=12", None),
        ("zhijiang", "http://www.sxzhijiang.cn/content/list?catid=7", None),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/p/12.html", "12"),
        ("zhijiang-cjyun", "http://m-zhijiang.cjyun.org/xw/p/12.html", "12"),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/xw/index_2.html", None),
    ],
)
def test_a_bundled_profile_knows_its_articles(name: str, url: str, key: str | None) -> None:
    assert load_site(name).article_key(url) == key


@pytest.mark.parametrize(
    ("name", "url", "slug"),
    [
        ("zhijiang", "http://www.sxzhijiang.cn/content/list?catid=7&page=2", "7"),
        ("zhijiang", "http://www.sxzhijiang.cn/", None),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/xw/index_2.html", "xw"),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/xw/", "xw"),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/p/12.html", None),
        ("zhijiang-cjyun", "http://zhijiang.cjyun.org/zhibo/index.html", None),
    ],
)
def test_a_bundled_profile_knows_its_sections(name: str, url: str, slug: str | None) -> None:
    assert load_site(name).section_slug(url) == slug
