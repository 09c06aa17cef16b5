"""The profile doctor: a site that it never saw, and a draft that crawls it."""

import html
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from archive import Archive
from archive.care.coverage import section_coverage
from archive.model.crawl import Listing, SectionKind
from archive.store.crawls import save_listing
from tests.crawled import YICHANG, Crawled, Run, samples
from tests.first_contact import meet, meet_site
from tests.first_sites import SITES, numbers_by_script
from tests.newssite import Asked, NewsSite, Reply, Section, build_site
from tests.patience import PATIENCE, wait_until
from tests.replicas import REPLICAS, Piece, put
from tests.templates import LIST_TEMPLATES, TEMPLATES, ListTemplate, Template
from zhijiang_spider.cli.probe import _print_coverage
from zhijiang_spider.demo import serve
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.lists.script_request import ScriptRequest
from zhijiang_spider.probe.addresses import family_of, form_of
from zhijiang_spider.probe.diagnosis import any_site
from zhijiang_spider.probe.drawn import Answer
from zhijiang_spider.probe.patterns import Pattern, article_pattern, section_patterns, union
from zhijiang_spider.probe.places import Link, links_of, main_list
from zhijiang_spider.probe.profile import list_api, section_url, sister_hosts, site_name
from zhijiang_spider.probe.survey import Look, Survey, Verdict, look_at, turns
from zhijiang_spider.probe.views import is_view, is_whole_archive
from zhijiang_spider.sites.site import load_site


def at_once(draft: Path) -> str:
    """Let a drafted profile ask without waiting; return its text."""
    text = draft.read_text(encoding="utf-8")
    assert "\ndelay = 1.0 " in text
    draft.write_text(text := text.replace("\ndelay = 1.0 ", "\ndelay = 0 "), encoding="utf-8")
    return text


@pytest.mark.parametrize("listing", LIST_TEMPLATES[::2], ids=lambda listing: listing.name)
def test_a_draft_crawls_the_site_as_a_profile_written_by_hand(
    zhijiang: Run, tmp_path: Path, listing: ListTemplate
) -> None:
    with NewsSite() as site:
        sections = [
            Section("101", "县域要闻", samples(7)),
            Section("102", "基层瞭望", samples(4, start=20)),
            Section("103", "文旅天地", samples(4, start=40)),
        ]
        build_site(site, sections, YICHANG, listing)
        draft = tmp_path / "draft.toml"
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", draft)
        assert result.returncode == 0, result.stdout + result.stderr
        assert len([path for path in site.paths() if path != "/robots.txt"]) <= 20
        at_once(draft)
        yunting = Crawled(site, tmp_path, zhijiang)
        crawled = zhijiang("crawl", "--site", draft, "--archive", yunting.archive)
        assert crawled.returncode == 0, draft.read_text(encoding="utf-8") + crawled.stderr
        assert len(yunting.articles()) == 15
        assert yunting.rows("SELECT count(*) FROM section WHERE kind = 'section'") == [(3,)]


@pytest.mark.parametrize("template", TEMPLATES[1:18:2], ids=lambda template: template.name)
def test_other_articles_are_told_by_their_addresses_too(
    zhijiang: Run, tmp_path: Path, template: Template
) -> None:
    with NewsSite() as site:
        build_site(
            site,
            [
                Section("101", "县域要闻", samples(6)),
                Section("102", "基层瞭望", samples(4, start=20)),
                Section("103", "文旅天地", samples(4, start=40)),
            ],
            template,
            LIST_TEMPLATES[0],
        )
        found = json.loads(zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--json").stdout)
    assert found["profile"]["article_url"].count("(?P<id>") == 1
    assert set(found["fields"]["title"]) <= {sample.title for _, sample in samples(60)}
    assert all(found["fields"]["published_on"])
    assert found["requests"] <= 20


def test_the_sample_site_is_told_field_by_field(zhijiang: Run) -> None:
    with serve() as base:
        text = zhijiang("probe", "--delay", "0", f"{base}/").stdout
    assert "field  title          100% of 5" in text
    assert "list   县域要闻  4 articles, has a next page" in text
    assert "newsid=(?P<id>" in text


def test_a_site_that_shows_nothing_without_scripts_is_told(zhijiang: Run) -> None:
    with NewsSite() as site:
        site.put("/", "<title>云汀网</title><div id=app></div><script src=/app.js></script>")
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/")
    assert result.returncode == 1
    assert "shows nothing without a browser" in result.stdout


def test_what_cannot_be_fetched_and_what_looks_odd_is_told(zhijiang: Run) -> None:
    with NewsSite() as site:
        site.pages["/"] = Reply(
            '<meta charset="gbk"><title>雲汀新聞網</title><p>云汀</p>'.encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/")
        assert result.returncode == 1
        assert "hijacked mirror" in result.stdout
        assert "declare different charsets: utf-8, gbk" in result.stdout
        assert "no articles were found" in result.stdout
        assert "HTTP 404" in zhijiang("probe", "--delay", "0", f"{site.base_url}/none").stdout
    assert zhijiang("probe", "--delay", "0", "www.yunting.example").returncode == 2


@pytest.mark.parametrize("other", [{"zn": "公开指南"}, {}], ids=["a folder without articles", "none without"])
def test_columns_named_in_words_are_told_apart(zhijiang: Run, tmp_path: Path, other: dict[str, str]) -> None:
    """``/zwgk/zcwj/202401/t20240115_77.html`` in the folder ``/zwgk/zcwj/``, at any depth."""
    columns = {"zcwj": "政策文件", "gzdt": "工作动态", "jd/tjfx": "统计分析"}
    with NewsSite() as site:
        for number, (folder, name) in enumerate(columns.items()):
            links = []
            for day in range(11, 17):
                title = f"{name}：云汀县澄河大桥建设情况通报第{day}号"
                path = f"202401/t202401{day}_48{number}{day}.html"
                text = "<p>澄河大桥建设按计划推进，主塔已经封顶。</p><p>下一步将铺设桥面，预计年底通车。</p>"
                row = f"<p>发布时间：2024-01-{day} 来源：云汀县政府办</p>"
                site.put(
                    f"/zwgk/{folder}/{path}", f"<title>{title}</title><h1>{title}</h1>{row}<div>{text}</div>"
                )
                links.append(f"<li><a href='./{path}'>{title}</a> 2024-01-{day}</li>")
            first, second = "".join(links[:4]), "".join(links[4:])
            pages = '<script>createPageHTML(2, {}, "index", "html");</script>'
            site.put(f"/zwgk/{folder}/", f"<title>{name}</title><ul>{first}</ul>{pages.format(0)}")
            site.put(
                f"/zwgk/{folder}/index_1.html", f"<title>{name}</title><ul>{second}</ul>{pages.format(1)}"
            )
        site.put(
            "/zwgk/zn/",
            "<title>公开指南</title><p>公开指南说明公开的范围、方式和程序，由县政府办公室负责解释。</p>",
        )
        menu = "".join(f"<a href='/zwgk/{at}/'>{name}</a> " for at, name in (columns | other).items())
        site.put("/", f"<title>云汀县政府</title>{menu}")
        draft = tmp_path / "draft.toml"
        zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", draft)
        text = at_once(draft)
        yunting = Crawled(site, tmp_path, zhijiang)
        crawled = zhijiang("crawl", "--site", draft, "--archive", yunting.archive)
        assert crawled.returncode == 0, text + crawled.stderr
        assert len(yunting.articles()) == 18
        assert yunting.rows("SELECT count(*) FROM section WHERE kind = 'section'") == [(3,)]


def test_a_page_without_sections_is_told(zhijiang: Run) -> None:
    with NewsSite() as site:
        links = "".join(f"<li><a href='/a/{n}.html'>云汀县澄河大桥建设通报第{n}号</a></li>" for n in range(5))
        site.put("/", f"<title>云汀网</title><ul>{links}</ul>")
        found = json.loads(zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--json").stdout)
    assert any("no sections" in warning for warning in found["warnings"])


# --- addresses ------------------------------------------------------------------------------------------


def pattern_of(*paths: str) -> Pattern:
    return article_pattern([(path, f"云汀县第{number}条新闻") for number, path in enumerate(paths)])


def test_the_number_that_tells_articles_apart_is_the_identity() -> None:
    paths = [f"/content/show?catid={cat}&newsid={n}" for cat, n in ((1, 5), (1, 6), (2, 7))]
    assert pattern_of(*paths).regex == r"^/content/show\?catid=\d+\&newsid=(?P<id>\d+)(?:$|&)"


def test_a_long_word_of_letters_and_digits_is_an_identity_too() -> None:
    paths = [f"/24/0116/{n}/FJ{n}P0UTC0001899O.html" for n in range(10, 15)]
    assert pattern_of(*paths).regex == r"^/\d+/\d+/\d+/(?P<id>[0-9A-Za-z]+)\.html(?:$|\?)"
    columns = [f"/col/col{n}/t2024011{n}.html" for n in range(5)]
    assert pattern_of(*columns).regex == r"^/col/col\d+/t(?P<id>\d+)\.html(?:$|\?)"


def test_a_short_number_behind_a_day_may_begin_again_with_each_day() -> None:
    assert pattern_of("/2024/0115/7.shtml", "/2024/0116/8.shtml").key("/2024/0117/7.shtml") == "2024/0117/7"


def test_of_several_patterns_each_stands_alone() -> None:
    """An end belongs to every address of a pattern that lists them, not to the last."""
    both = union([Pattern("", "/xw/|/tz/", "$"), Pattern("", "/xw/list|/tz/list", "$")])
    assert [both.key(path) for path in ("/xw/", "/xw/list", "/tz/list")] == ["/xw/", "/xw/list", "/tz/list"]
    assert both.key("/xw/other") is None


def test_addresses_that_words_alone_tell_apart_are_a_pattern_too() -> None:
    """Links to searches make the longest list of a page now and then; that must not end the command."""
    paths = ["/search.shtml?keywords=%E6%B2%B3", "/search.shtml?keywords=%E6%B9%96"]
    assert len({pattern_of(*paths).key(path) for path in paths}) == 2


def test_a_number_that_names_several_articles_is_no_identity() -> None:
    paths = ["/a/1/10.html", "/a/2/10.html", "/a/1/11.html", "/a/2/11.html"]
    different = ["云汀大桥通车", "青石镇植树", "白沙镇修渠", "大塘村清淤"]
    assert article_pattern([*zip(paths, different, strict=True)]).key("/a/2/10.html") == "2/10"
    same = ["云汀大桥通车", "云汀大桥通车", "白沙镇修渠", "白沙镇修渠"]
    assert article_pattern([*zip(paths, same, strict=True)]).key("/a/2/10.html") == "10"


@pytest.mark.parametrize(
    ("url", "form", "family"),
    [
        ("/content/show?catid=5&newsid=812", "/content/show?catid=#&newsid=#", "*/show?catid=#&newsid=#"),
        ("/zwgk/zcwj/202401/t20240115_77.html", "/zwgk/zcwj/#/t#_#.html", "*/#/t#_#.html"),
        ("/news/spring-tea-opens/", "/news/~/", "*/~/"),
        ("/xwzx/bdxw/", "/xwzx/bdxw/", "*/"),
        ("/xwzx/bdxw/index.html", "/xwzx/bdxw/index.html", "*/"),
        ("/xwzx/bdxw.htm", "/xwzx/bdxw.htm", "*.htm"),
        ("/index.php?a=show&id=3", "/index.php?a=show&id=#", "*/index.php?a=show&id=#"),
        ("/channel/61cc16aa.html", "/channel/#.html", "*/#.html"),
        ("/channel/list2.html", "/channel/list#.html", "*/list#.html"),
        ("/p/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/p/#", "*/#"),
        ("/v/aZq3kBxY.html", "/v/#.html", "*/#.html"),
        ("/list.asp?class=%D6%A6%BD%AD", "/list.asp?class=*", "*/list.asp?class=*"),
    ],
)
def test_the_form_of_an_address(url: str, form: str, family: str) -> None:
    assert form_of(f"http://www.yunting.example{url}") == form
    assert family_of(form) == family


@pytest.mark.parametrize(
    ("paths", "slugs"),
    [
        (("/list-12-1.html", "/list-13-1.html"), {"/list-12-2.html": "12", "/about.html": None}),
        (
            ("/c?m=news&a=lists&catid=4", "/c?m=news&a=lists&catid=5"),
            {"/c?a=lists&m=news&catid=9&page=2": "9"},
        ),
        (
            ("/xwzx/bdxw/", "/zwgk/"),
            {"/xwzx/bdxw/index_2.shtml": "xwzx/bdxw/", "/about.html": None, "/": None},
        ),
        (("/bdxw.htm", "/tzgg.htm"), {"/whly.htm": "whly", "/index.htm": None, "/info/7.htm": None}),
    ],
)
def test_the_widest_pattern_of_sections(paths: tuple[str, ...], slugs: dict[str, str | None]) -> None:
    pattern = next(section_patterns(paths))
    assert {path: pattern.key(path) for path in slugs} == slugs


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.yunting.gov.cn", "yunting"),
        ("yunting.cjyun.org", "yunting-cjyun"),
        ("m.yunting.com.cn:8080", "yunting-8080"),
        ("127.0.0.1:8000", "site-127-0-0-1-8000"),
        ("云汀.中国", "site"),
    ],
)
def test_a_site_is_named_by_its_host(host: str, name: str) -> None:
    assert site_name(host) == name


def test_other_hosts_of_the_site_are_proposed_and_no_others() -> None:
    found = {
        "www.yunting.gov.cn": 9,
        "img.yunting.gov.cn": 3,
        "news.yunting.gov.cn": 5,
        "www.qinghe.gov.cn": 7,
    }
    assert sister_hosts(["www.yunting.gov.cn"], found) == {"news.yunting.gov.cn": 5, "img.yunting.gov.cn": 3}


def test_the_entries_of_a_list_stand_alike() -> None:
    entries = "".join(
        f"<li><h3><a href='/a/{n}.html'>云汀县澄河大桥建设通报第{n}号</a></h3></li>" for n in range(6)
    )
    beside = "".join(f"<p><a href='/b/{n}.html'>云汀县的热门新闻标题第{n}条</a></p>" for n in range(4))
    page = Page("http://www.yunting.example/", f"<ul>{entries}</ul><div>{beside}</div>".encode())
    assert [link.url[-9:] for link in main_list([*links_of(page)])] == [f"/a/{n}.html"[-9:] for n in range(6)]


def test_a_date_beside_a_name_or_a_button_makes_no_list() -> None:
    rows = "".join(
        f"<div><h3><a href='/a/{n}.html'>云汀县澄河大桥建设通报第{n}号</a></h3>"
        f"<p><a href='/author/{n}'>闻小满</a> <span>2024-01-1{n}</span></p></div>"
        for n in range(6)
    )
    url = "http://www.yunting.example/"
    look = look_at(Page(url, f"<div>{rows}</div>".encode()), Link(url, ""), any_site(url))
    assert {form_of(link.url) for link in main_list([*look.own])} == {"/a/#.html"}


ROWS = [
    "<li data-url='/p/{n}.html'><h4>{title}</h4><p>{text}</p><span>2024-03-1{n}</span></li>",
    "<div class=row onclick=\"window.open('/p/{n}.html')\"><b>{title}</b><p>{text}</p><i>2024-03-1{n}</i></div>",
    "<div class=row><a href=\"javascript:show('/p/{n}.html')\">{title}</a><p>{text}</p><i>2024-03-1{n}</i></div>",
]


@pytest.mark.parametrize("row", ROWS, ids=["data-url", "onclick", "javascript"])
def test_rows_that_are_no_links_make_a_list(row: str) -> None:
    """Their summaries, in one piece, are no text of an article."""
    text = "早上八点，澄河大桥的桥面上已经铺好了最后一段沥青，工人们正在清理护栏。"
    rows = "".join(row.format(n=n, title=f"澄河大桥建设通报第{n}号", text=text) for n in range(6))
    url = "http://www.yunting.example/lm/3.html"
    look = look_at(Page(url, f"<h1>要闻</h1>{rows}".encode()), Link(url, "要闻"), any_site(url))
    assert look.verdict is Verdict.LIST


def test_a_list_whose_entries_stand_among_the_most_read_of_every_page_is_one() -> None:
    """The newest articles are on every page, beside the list; what stands on every page only there is its frame."""
    home = "http://www.yunting.example/"
    titles = {n: f"澄河大桥建设通报第{n}号" for n in range(1, 7)}
    text = "早上八点，桥面上已经铺好了最后一段沥青，工人们正在清理护栏。" * 6
    menu = "".join(f"<a href='/lm/{n}.html'>栏目{n}</a>" for n in range(1, 4))
    box = "".join(f"<li><a href='/p/{n}.html'>{titles[n]}</a></li>" for n in (1, 2, 3))
    frame = f"<div class=menu>{menu}<a href='/gy/1.html'>关于本站</a></div>{{}}<ol class=hot>{box}</ol>"

    def page(path: str, asked: str, body: str) -> Look:
        url = home + path
        read = Page(url, frame.format(body).encode(), fetched_at="2024-04-02T08:00:00+00:00")
        return look_at(read, Link(url, asked), any_site(home))

    def rows(*numbers: int) -> str:
        return "".join(f"<dd><a href='/p/{n}.html'>{titles[n]}</a> 2024-03-1{n}</dd>" for n in numbers)

    article = f"<h1>{titles[1]}</h1><p>2024-03-11 10:20</p><p>{text}</p>"
    survey = Survey(
        [
            page("", "", f"<dl>{rows(1, 2, 3, 4, 5, 6)}</dl>"),
            page("lm/1.html", "栏目1", f"<dl class=list>{rows(1, 2, 3)}</dl>"),
            page("lm/2.html", "栏目2", f"<dl class=list>{rows(4, 5, 6)}</dl>"),
            page("gy/1.html", "关于本站", "<p>云汀县融媒体中心。</p>"),
            page("p/1.html", titles[1], article),
            page("p/5.html", titles[5], article.replace(titles[1], titles[5])),
        ]
    )
    assert survey.article_kinds == ("/p/#.html",)
    assert [look.url.removeprefix(home) for look in survey.lists] == ["lm/1.html", "lm/2.html"]
    assert [look.url.removeprefix(home) for look in survey.barren] == ["gy/1.html"]


@pytest.mark.parametrize("text", ["2", "[3]", "下一页&gt;", "&gt;&gt;", "首页", "末页"])
def test_a_link_that_turns_the_page_is_known(text: str) -> None:
    assert turns(Link("http://www.yunting.example/list?p=2", html.unescape(text)))
    assert not turns(Link("http://www.yunting.example/list?p=2", ""))


# --- whole sites ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("boda", "home"),
        ("hanweb", "list"),
        ("trs", "home"),
        ("slugs", "home"),
        ("asp", "list"),
        ("front", "home"),
    ],
)
def test_a_site_that_nobody_has_seen_is_archived_whole(
    zhijiang: Run, tmp_path: Path, blank_archive: Path, name: str, start: str
) -> None:
    replica = next(one for one in REPLICAS if one.name == name)
    found, said = meet(replica, start, tmp_path, zhijiang, blank_archive)
    assert found["right"] == found["all"] > 20, said
    assert found["more"] == 0, said
    assert found["complete"], said


@pytest.mark.parametrize("publish", SITES, ids=lambda publish: publish.__name__)
def test_a_site_of_another_kind_is_archived_whole(
    zhijiang: Run, tmp_path: Path, blank_archive: Path, publish: Callable[[NewsSite], dict[str, Piece]]
) -> None:
    found, said = meet_site(publish, "/", tmp_path, zhijiang, blank_archive)
    assert found["right"] == found["all"] > 20, said
    assert found["more"] == 0, said
    assert found["complete"], said


def test_what_the_trial_advises_names_the_draft_that_is_kept(zhijiang: Run, tmp_path: Path) -> None:
    draft = tmp_path / "云汀 draft.toml"
    with NewsSite() as site:
        path, *_ = put(site, next(one for one in REPLICAS if one.name == "hanweb"))
        probe = ("probe", "--delay", "0", "--try", f"{site.base_url}/")
        site.put(path, "<p>云汀</p>")
        kept = zhijiang(*probe, "--out", draft).stdout
        printed = zhijiang(*probe).stdout
    assert f"{path} --site '{draft}'" in kept, kept
    assert f"{path} --site FILE" in printed, printed
    assert "draft.toml" not in printed


def test_try_prints_what_of_each_section_and_field_is_found(zhijiang: Run) -> None:
    with NewsSite() as site:
        put(site, next(one for one in REPLICAS if one.name == "hanweb"))
        result = zhijiang("probe", "--delay", "0", "--try", f"{site.base_url}/")
        found = json.loads(zhijiang("probe", "--delay", "0", "--try", "--json", f"{site.base_url}/").stdout)
    assert result.returncode == 0, result.stderr
    rows = [line.split() for line in result.stdout.partition("Tried")[2].splitlines()]
    assert ["我为群众办实事实践活动", "8", "8", *["100%"] * 5, "0%", "0%"] in rows
    assert ["创建全国文明城市", "1", "1", *["100%"] * 5, "0%", "0%"] in rows
    assert "The crawl was complete." in result.stdout
    assert sorted(row["archived"] for row in found["tried"]["sections"]) == [1, 8, 8, 8]


def test_a_start_page_that_lists_articles_is_called_so(
    archive: Archive, listing: Callable[..., Listing], capsys: pytest.CaptureFixture[str]
) -> None:
    home = "http://www.yunting.example/"
    save_listing(archive, listing("1", kind=SectionKind.START, slug=home, url=home, name="云汀网"), 1)
    save_listing(archive, listing("1", "2", name="县域要闻"), 1)
    _print_coverage({"sections": section_coverage(archive), "complete": True, "said": []})
    table = capsys.readouterr().out.splitlines()[2:-1]
    assert [line.split()[0] for line in table] == ["section", "县域要闻", "start"]
    assert table[-1].startswith(f"start page {home}  1 ")


def test_a_draft_says_what_was_proven(zhijiang: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    with NewsSite() as site:
        put(site, REPLICAS[0])
        zhijiang(
            "probe",
            "--delay",
            "0",
            f"{site.base_url}{REPLICAS[0].listing(REPLICAS[0].columns[0], 1, 2)}",
            "--out",
            draft,
        )
    drafted = load_site(str(draft))
    assert drafted.title == "云汀网"
    assert drafted.start_urls == (f"{site.base_url}/",)
    assert drafted.delay == 1.0
    text = draft.read_text(encoding="utf-8")
    assert "5 pages read as articles" in text
    assert "the second page of 2 of them lists more" in text


def test_pictures_on_another_host_are_proposed(zhijiang: Run) -> None:
    with NewsSite() as site:
        put(site, REPLICAS[0])
        for path, reply in site.pages.items():
            if "newsid" in path and isinstance(reply, Reply):
                picture = b"<p><img src='http://img.yunting.example/a.jpg' width=600></p></div><div>"
                site.put(path, reply.body.replace(b"</div><div><a href=", picture + b"<a href="))
        text = zhijiang("probe", "--delay", "0", f"{site.base_url}/").stdout
    assert '# media_hosts = ["img.yunting.example"]' in text


def test_a_list_that_is_not_understood_is_said_and_never_skipped(zhijiang: Run) -> None:
    with NewsSite() as site:
        put(site, next(one for one in REPLICAS if one.name == "trs"))
        site.put("/wlzx/wltd/", "<title>文旅天地</title><div id=list></div><script src=/draw.js></script>")
        found = json.loads(zhijiang("probe", "--delay", "0", "--json", f"{site.base_url}/").stdout)
    assert any("/wlzx/wltd/: shows nothing without a browser" in warning for warning in found["warnings"])
    assert not any("wltd" in skipped for skipped in found["profile"]["skip_url"])


def test_headlines_on_the_home_page_are_no_draft_where_the_lists_are_not_understood(
    zhijiang: Run, tmp_path: Path
) -> None:
    drawn = (
        "<title>{0}-云汀网</title><div class=crumb>当前位置：首页 &gt; {0}</div><ul id=list></ul><script>"
        "var box = document.getElementById('list'); box.innerHTML = '<li>正在加载……</li>';"
        "sign().then(function (t) {{ ask('{0}', t, function (d) {{ d.rows.forEach(function (r) {{"
        " box.innerHTML += '<li><a href=\"' + r.at + '\">' + r.title + '</a></li>' }}) }}) }})</script>"
    )
    paragraph = "<p>云汀县澄河两岸的柑橘进入采摘期，果农一早就上山，合作社的货车等在路边，当天发往省城。</p>"
    headlines = [f"<li><a href='/info/{n}.html'>云汀县澄河柑橘第{n}天开园</a></li>" for n in range(3)]
    with NewsSite() as site:
        menu = "<a href='/list/11.html'>要闻</a><a href='/list/12.html'>镇街</a>"
        site.put("/", f"<title>云汀网</title>{menu}<ul>{''.join(headlines)}</ul>")
        for number, name in (("11", "要闻"), ("12", "镇街")):
            site.put(f"/list/{number}.html", drawn.format(name))
        for n in range(3):
            title = f"云汀县澄河柑橘第{n}天开园"
            row = "<div>2026-01-03 来源：云汀县融媒体中心</div>"
            site.put(f"/info/{n}.html", f"<title>{title}-云汀网</title><h1>{title}</h1>{row}{paragraph * 3}")
        out = tmp_path / "draft.toml"
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", out)
    assert result.returncode == 1, result.stdout
    assert "no sections were found" in result.stdout
    assert f"{out}: written" in result.stdout
    assert f"Next:  Open {site.base_url}/list/1" in result.stdout


def test_what_to_do_next_is_said_where_nothing_is_found(zhijiang: Run) -> None:
    with NewsSite() as site:
        site.put("/", "<title>云汀网</title><p>云汀县融媒体中心</p><a href='/about.html'>关于我们</a>")
        site.put("/about.html", "<title>关于我们</title><p>云汀网由云汀县融媒体中心主办。</p>")
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/")
    assert result.returncode == 1
    assert "Next:  Give the address of a page that lists articles" in result.stdout


def test_a_site_that_refuses_programs_is_told(zhijiang: Run) -> None:
    with NewsSite() as site:
        site.put("/", "<title>云汀网</title>", status=412)
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/")
    assert result.returncode == 1
    assert (
        "Next:  Open the address in a browser.  If it shows a page there, the site refuses" in result.stdout
    )


def test_a_server_of_lists_is_described_and_asked_for_its_second_page(zhijiang: Run) -> None:
    with NewsSite() as site:
        numbers_by_script(site)
        text = zhijiang("probe", "--delay", "0", f"{site.base_url}/").stdout
        assert len([path for path in site.paths() if path != "/robots.txt"]) <= 20
    assert "# The server of the lists.  3 sections ask in this way; a second page lists others" in text
    assert 'address = "/api/news?channel={id}&page={page}&size=4"' in text
    assert 'article = "/show/{newsId}.html"' in text


def asking_survey(*asked: tuple[str, str]) -> Survey:
    """Return a survey of sections whose scripts ask a server; ``asked``: (path of a section, what it asks)."""
    base = "http://yunting.example"
    site = any_site(f"{base}/")

    def page(url: str, text: str) -> Page:
        return Page(url, text.encode(), "text/html; charset=utf-8", fetched_at="2024-01-20T00:00:00Z")

    home = look_at(page(f"{base}/", "<title>x</title>"), Link(f"{base}/", ""), site)
    entry = tuple(Link(f"{base}/p/{n}.html", f"云汀县澄河大桥建设情况通报第{n}号", True) for n in range(9))
    article = "".join(f"<p>云汀县澄河大桥第{n}期工程建成通车，两岸群众出行更加方便。</p>" for n in range(9))
    body = f"<title>{entry[0].text}</title><h1>{entry[0].text}</h1><div>2024-01-16 10:00</div>{article}"
    looks = [home, look_at(page(entry[0].url, body), entry[0], site)]
    for number, (path, request) in enumerate(asked):
        asking = page(base + path, "<title>云汀网</title><div id=list></div>")
        answer = Answer(ScriptRequest(base + request), asking, entry[3 * number :][:3], "/p/{id}.html")
        looks.append(look_at(asking, Link(asking.url, ""), site, answer))
    return Survey(looks)


FOLDER = Pattern("^/", "[a-z]+", "/$")


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        (
            [
                ("/news/", "/api/news/list?channel=news&page={page}"),
                ("/list/", "/api/news/list?channel=list&page={page}"),
            ],
            "/api/news/list?channel={id}&page={page}",
        ),
        (
            [("/list/", "/api/list/{page}?type=list"), ("/news/", "/api/list/{page}?type=news")],
            "/api/list/{page}?type={id}",
        ),
        (
            [
                ("/news/", "/news/list.do?c=news"),
                ("/life/", "/life/list.do?c=life"),
                ("/list/", "/list/list.do?c=list"),
            ],
            "/{id}/list.do?c={id}",
        ),
    ],
)
def test_a_place_holder_stands_where_another_section_shows_that_the_word_changes(
    asked: list[tuple[str, str]], address: str
) -> None:
    drafted, agree = list_api(asking_survey(*asked), FOLDER)
    assert drafted is not None
    assert (drafted["address"], agree) == (address, len(asked))


@pytest.mark.parametrize(
    "asked",
    [
        [("/news/", "/api/news?page={page}"), ("/life/", "/api/news?page={page}&more=1")],
        [("/news/", "/api/news?page={page}"), ("/life/", "/api/news?page={page}")],
    ],
    ids=["another request", "the same request"],
)
def test_a_server_whose_requests_do_not_show_the_section_is_not_drafted(asked: list[tuple[str, str]]) -> None:
    assert list_api(asking_survey(*asked), FOLDER)[0] is None


def test_a_draft_that_no_crawl_can_use_is_said_with_status_and_next_step(
    zhijiang: Run, tmp_path: Path
) -> None:
    with NewsSite() as site:
        numbers_by_script(site)
        for path in ("/channel/43.html", "/channel/57.html"):
            site.put(path, "<title>x</title><p>本栏目正在建设中，敬请期待。</p>")
        out = tmp_path / "draft.toml"
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", out)
    assert result.returncode == 1, result.stdout
    assert "no [list_api] can be drafted" in result.stdout
    assert "Next:  Look at more pages (--requests 60); or write [list_api] by hand" in result.stdout
    assert f"{out}: written" in result.stdout


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("/2024/05/", True),
        ("/2024/05", True),
        ("/2024/05/page/2/", True),
        ("/2024/", True),
        ("/2024/05/12/", True),
        ("/archives/202405.html", True),
        ("/blog/2024-05/", True),
        ("/tag/river/", True),
        ("/tags/%E6%B2%B3/", True),
        ("/author/qiaoan/page/2/", True),
        ("/?m=202405", True),
        ("/index.php?author=3", True),
        ("/category/news/", False),
        ("/2024/05/12/spring-tea/", False),
        ("/zt/2024/", False),
        ("/zt/202405/", False),
        ("/tags/", False),
        ("/news/", False),
        ("/list?m=5", False),
        ("/archives/", False),
    ],
)
def test_a_list_by_month_tag_or_author_is_known_by_its_address(path: str, view: bool) -> None:
    assert is_view(f"http://w.yunting.example{path}") is view


def test_a_list_of_all_articles_is_known_by_its_address() -> None:
    for path, whole in (("/archives/", True), ("/archives/page/2/", True), ("/archives/7.html", False)):
        assert is_whole_archive(f"http://w.yunting.example{path}") is whole


def blog_page(path: str, title: str, articles: Sequence[int] = (), text: str = "") -> Page:
    menu = "<a href='/category/news/'>要闻</a> <a href='/category/river/'>澄河</a>"
    aside = "<a href='/2024/05/'>2024年5月</a> <a href='/tag/tea/'>茶</a> <a href='/author/qiaoan/'>乔安</a> <a href='/archives/'>归档</a>"
    rows = "".join(
        f"<li><a href='/post/{n}.html'>云汀县澄河柑橘第{n}天开园</a><i>2024-05-0{n}</i></li>"
        for n in articles
    )
    body = f"<title>{title}-云汀网</title>{menu}<h1>{title}</h1>{text}<ul>{rows}</ul>{aside}"
    kind, when = "text/html; charset=utf-8", "2024-06-01T08:00:00Z"
    return Page(f"http://w.yunting.example{path}", body.encode(), kind, when)


def blog_survey(paths: dict[str, tuple[int, ...]]) -> Survey:
    pages = [blog_page("/", "云汀网")]
    pages += [blog_page(path, f"列表{path.strip('/')}", articles) for path, articles in paths.items()]
    text = (
        "<p>2024-05-01 来源：云汀县融媒体中心</p>"
        + "<p>云汀县澄河两岸的柑橘进入采摘期，果农一早就上山，合作社的货车等在路边。</p>" * 4
    )
    pages.append(blog_page("/post/1.html", "云汀县澄河柑橘第1天开园", text=text))
    own = any_site(pages[0].url)
    return Survey([look_at(page, Link(page.url, ""), own) for page in pages])


def test_months_tags_and_authors_are_no_sections_where_categories_are() -> None:
    views: dict[str, tuple[int, ...]] = {
        "/2024/05/": (1, 4),
        "/tag/tea/": (2,),
        "/author/qiaoan/": (3, 5),
        "/archives/": (1, 2, 3),
    }
    survey = blog_survey({"/category/news/": (1, 2, 3), "/category/river/": (4, 5, 6)} | views)
    assert {look.url.removeprefix("http://w.yunting.example") for look in survey.lists} == {
        "/category/news/",
        "/category/river/",
    }
    sections = section_url(survey, {}, "http://w.yunting.example/")
    assert sections is not None
    assert sections.key("/category/news/") != sections.key("/category/river/")
    assert [sections.key(path) for path in views] == [None] * 4


def test_months_are_sections_where_nothing_else_lists_the_articles() -> None:
    survey = blog_survey({"/2024/05/": (1, 4), "/2024/04/": (2, 3)})
    assert len(survey.lists) == 2


def test_what_to_do_with_a_draft_is_said(zhijiang: Run, tmp_path: Path) -> None:
    out = tmp_path / "draft.toml"
    with NewsSite() as site:
        put(site, REPLICAS[0])
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", out)
        assert result.returncode == 0
        assert f"Next:  Read the comments in {out}, then zhijiang crawl --site {out}" in result.stdout
        asked = len(site.paths())
        again = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", out)
        assert again.returncode == 2
        assert f"{out} is there already" in again.stderr
        assert len(site.paths()) == asked


def test_a_file_that_came_while_probing_is_not_replaced(zhijiang: Run, tmp_path: Path) -> None:
    out = tmp_path / "draft.toml"
    with NewsSite() as site:
        put(site, REPLICAS[0])
        home = site.pages["/"]
        assert isinstance(home, Reply)

        def answer(_asked: Asked) -> Reply:
            out.write_text("mine", encoding="utf-8")
            return home

        site.pages["/"] = answer
        result = zhijiang("probe", "--delay", "0", f"{site.base_url}/", "--out", out)
    assert result.returncode == 2
    assert f"{out} is there already" in result.stderr
    assert "section_url = " in result.stdout  # what was found is not lost
    assert out.read_text(encoding="utf-8") == "mine"
    assert [*tmp_path.iterdir()] == [out]


def test_an_interrupted_probe_says_how_far_it_came(tmp_path: Path) -> None:
    out = tmp_path / "draft.toml"
    with NewsSite() as site:
        put(site, REPLICAS[0])
        command = [sys.executable, "-m", "zhijiang_spider.cli", "probe", "--delay", "1", f"{site.base_url}/"]
        process = subprocess.Popen([*command, "--out", str(out)], stdout=subprocess.PIPE, text=True)
        wait_until(
            lambda: len(site.paths()) >= 3, "no second page was asked for"
        )  # the third comes in a second
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE)
        asked = [path for path in site.paths() if path != "/robots.txt"]
    assert process.returncode == 1
    came = (len(asked) - 1, len(asked))  # the last may have been on its way
    assert re.match(rf"({came[0]}|{came[1]}) pages? fetched, then interrupted", said), said
    assert f"{out}: NOT written" in said
    assert not out.exists()


def test_a_probe_asks_no_more_than_it_may(zhijiang: Run) -> None:
    with NewsSite() as site:
        put(site, REPLICAS[0])
        found = json.loads(
            zhijiang("probe", "--delay", "0", "--requests", "7", "--json", f"{site.base_url}/").stdout
        )
        asked = [path for path in site.paths() if path != "/robots.txt"]
    assert len(asked) == found["requests"] == 7
    assert "section_url" in found["profile"]
