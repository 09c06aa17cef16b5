"""Pages that go on behind ``</body>`` or ``</html>``: what the parser in use makes of them, for every reader."""

from typing import Any

import html5lib
import lxml.html
import pytest
from parsel import Selector

from archive.evidence.markup import repair_markup
from archive.room.sanitize import sanitize
from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.pages import Page, extract_article, extract_section_page
from zhijiang_spider.sites.site import parse_site

URL = "http://www.yunting.example/content/list?catid=12"
SITE = parse_site(
    {
        "name": "yunting",
        "hosts": ["www.yunting.example"],
        "start_urls": ["http://www.yunting.example/"],
        "article_url": r"show\?.*newsid=(?P<id>\d+)",
        "section_url": r"list\?catid=(?P<id>\d+)",
    },
    "yunting.toml",
)
ENDED_EARLY = (
    "<html><body><p>一</p></body></html>二",
    "<html><body><p>一</p></body></html><p>二</p>三<div>四</div>",
    "<html><body>一</body></html><!DOCTYPE html><html><head><title>题</title></head><body class=k><p>二</p></body></html>三",
    "<body>一</html>二</body>三<p>四",
    "<div><p>一</p></body></html><p>二</p></div>三",
    "<table><tr><td>一</body></html><td>二</table>三",
    "<html><head></head></html><body>一</HTML >二</Body\n>三",
    "<p>一</p></html><p>二</p></html><p>三</p></html>四",
    "<p>一</body></html><!-- 缓存 --><script>var a = 1</script><p>二",
    "<p>一</p><script>document.write('</body></html>')</script><!-- </html> --><p>二</p>",
    "<p>一</p><textarea></html></textarea></html><p>二</p>",
    "<p>一</p></html x=1/>二",
    "<p>一</p><!--></html>--></html>二",
    "<noscript><!-- </noscript><p>一</p>",
    "<noscript><iframe src=/a></noscript><p>一</p>",
    "<noscript><style>p{}</noscript><p>一</p><noscript><img src=/b></noscript>二",
    "<p>一</p><NoScript><!-- 一 --><b></b><!-- </NOSCRIPT></html><p>二</p>",
)
UNSEEN = ("script", "style", "noscript", "title", "textarea")


def in_a_browser(source: str) -> Any:
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    return parser.parse(source, scripting=True)


def seen(root: Any) -> str:
    """Return the text of a tree in order, without what no browser shows."""
    texts = root.xpath(f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in UNSEEN)})]")
    return "".join("".join(texts).split())


@pytest.mark.parametrize("source", ENDED_EARLY)
def test_a_page_is_read_to_its_end_as_a_browser_reads_it(source: str) -> None:
    root = Page(URL, source.encode()).selector.root
    assert seen(root) == seen(in_a_browser(source)) != ""
    assert [node for node in root.itersiblings() if isinstance(node.tag, str)] == []


def test_without_the_repair_the_parser_stops_there() -> None:
    """When this fails, the parser has learnt it, and the repair can go."""
    lost = [source for source in ENDED_EARLY if "二" not in seen(Selector(text=source, type="html").root)]
    assert len(lost) > 5


@pytest.mark.parametrize("source", ENDED_EARLY[:8])
def test_the_replay_shows_what_stands_behind_the_end(source: str) -> None:
    shown = sanitize(source, URL, banner="<p>副本</p>", address=str, held=lambda urls: {})
    page = lxml.html.document_fromstring(shown)
    assert seen(page) == f"副本{seen(in_a_browser(source))}"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<p>一</p>",
        "<html><body><p>一</p></body></html>",
        "<html><body><p>一</p></BODY>\r\n</html >\n",
        "<p>正文里的 </bodyguard> 不是结尾</p>",
    ],
)
def test_a_page_that_ends_where_it_says_is_left_alone(source: str) -> None:
    assert repair_markup(source) is source


def test_ends_in_scripts_and_comments_stay() -> None:
    source = "<script>w('</body>')</script><!-- </html> --></body><p>一</p><style></html></style>"
    assert repair_markup(source) == source.replace("</body><p>", "<p>")


def test_what_a_noscript_leaves_open_ends_with_it() -> None:
    whole = "<noscript><img src=/a.png><!-- 一 --></noscript>"
    assert repair_markup(f"{whole}<p>一</p>") == f"{whole}<p>一</p>"
    assert repair_markup("<noscript><img><!-- 一</noscript>二") == "<noscript><img></noscript>二"


def test_an_article_is_read_behind_the_end_of_an_included_head() -> None:
    page = (
        "<html><body><ul><li><a href=/>首页</a></ul></body></html>"
        "<html><head><title>澄河修桥_云汀网</title></head><body><h1>澄河修桥</h1><p>2024-01-16 来源：云汀融媒</p>"
        "<p>1月15日，澄河大桥开工，工期十八个月。</p></body></html><p>大桥建成后，两岸往来只要三分钟。</p>"
    )
    article = extract_article(Page(URL, page.encode()), SITE)
    assert (article.title, article.published_raw) == ("澄河修桥", "2024-01-16")
    assert article.paragraphs == (
        "1月15日，澄河大桥开工，工期十八个月。",
        "大桥建成后，两岸往来只要三分钟。",
    )


def test_a_list_and_its_pager_go_on_behind_the_end() -> None:
    entries = [f"<li><a href='/content/show?newsid={n}'>云汀要闻第{n}条来了</a></li>" for n in range(6)]
    page = f"<html><body><ul>{''.join(entries[:2])}</body></html>{''.join(entries[2:])}</ul>"
    page += "</html><div><a href='/content/list?catid=12&page=2'>下一页</a></div>"
    section = extract_section_page(Page(URL, page.encode()), SITE)
    assert len(section.entries) == 6
    assert section.next_url == "http://www.yunting.example/content/list?catid=12&page=2"


@pytest.mark.parametrize(
    "part",
    [
        "</html>一",
        "<!--",
        "</html><!--",
        "<script ",
        "</body",
        "<noscript><!--",
        "<noscript><!--</noscript>",
        "<noscript><script></noscript><title>",
        "</html x",
    ],
)
def test_the_repair_takes_linear_time(part: str) -> None:
    def repeated(size: int) -> str:
        return "</html>一" + part * size

    assert growth(repeated, repair_markup, 10_000) <= MOST_GROWTH
