"""The profile doctor: a site that it never saw, and a draft that crawls it."""

import json
from pathlib import Path

import pytest

from tests.crawled import YICHANG, Crawled, Run, samples
from tests.newssite import NewsSite, Reply, Section, build_site
from tests.templates import LIST_TEMPLATES, TEMPLATES, ListTemplate, Template
from zhijiang_spider.demo import serve
from zhijiang_spider.probe.shapes import article_shape, group_links


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
        draft.write_text(
            draft.read_text(encoding="utf-8").replace("delay = 3.0", "delay = 0"), encoding="utf-8"
        )
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
        text = draft.read_text(encoding="utf-8").replace("delay = 3.0", "delay = 0")
        draft.write_text(text, encoding="utf-8")
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


def test_the_number_that_tells_articles_apart_is_the_identity() -> None:
    links = [
        (f"http://x/content/show?catid={cat}&newsid={n}", "云汀县的一条新闻标题")
        for cat, n in ((1, 5), (1, 6), (2, 7))
    ]
    shape = article_shape([group_links(links)])
    assert shape is not None
    assert shape.pattern == r"^/content/show\?catid=\d+\&newsid=(?P<id>\d+)(?:$|&)"
    assert article_shape([group_links([("http://x/about.html", "关于我们的网站说明")] * 9)]) is None


def test_a_long_word_of_letters_and_digits_is_an_identity_too() -> None:
    links = [(f"http://x/24/0116/{n}/FJ{n}P0UTC0001899O.html", "云汀县的一条新闻标题") for n in range(10, 15)]
    shape = article_shape([group_links(links)])
    assert shape is not None
    assert shape.pattern == r"^/\d+/\d+/\d+/(?P<id>[0-9A-Za-z]+)\.html(?:$|\?)"
    columns = [(f"http://x/col/col{n}/t2024011{n}.html", "云汀县的一条新闻标题") for n in range(5)]
    shape = article_shape([group_links(columns)])
    assert shape is not None
    assert shape.pattern == r"^/col/col\d+/t(?P<id>\d+)\.html(?:$|\?)"
