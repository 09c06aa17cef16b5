"""Addresses are those that a browser comes to from the same page, and what is sent is what a browser sends."""

from urllib.parse import urlsplit

import pytest

from tests.crawled import Crawled, samples
from tests.newssite import Asked, Reply, Section
from zhijiang_spider.crawl.spider import ask
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.links import Base, absolute, joined
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.site import Site, parse_site

PAGE = "http://www.yunting.example/news/list.asp?class=7"
HOST = "http://www.yunting.example"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("a/../show.asp", f"{HOST}/news/show.asp"),
        (f"{HOST}/a/./b/../show.asp", f"{HOST}/a/show.asp"),
        ("/../../show.asp", f"{HOST}/show.asp"),
        ("/%2e%2E/show.asp", f"{HOST}/show.asp"),
        ("//yun.example/1", "http://yun.example/1"),
        ("///yun.example/1", "http://yun.example/1"),
        ("\\\\yun.example\\1", "http://yun.example/1"),
        ("http:\\\\yun.example\\1", "http://yun.example/1"),
        ("http:/show.asp", f"{HOST}/show.asp"),
        ("http:show.asp", f"{HOST}/news/show.asp"),
        ("HTTP://WWW.Yunting.Example:80/Show.asp", f"{HOST}/Show.asp"),
        ("https://www.yunting.example:443/", "https://www.yunting.example/"),
        ("ht\ntp://yun.exa\tmple/\r1", "http://yun.example/1"),
        ("\x01 /1\x1f", f"{HOST}/1"),
        ("\u3000/1", f"{HOST}/news/%E3%80%80/1"),
        (
            "/a b|c^d[e]{f}`.html?g h=i|j^k[l]{m}`",
            f"{HOST}/a%20b|c%5Ed[e]%7Bf%7D%60.html?g%20h=i|j^k[l]{{m}}`",
        ),
        ("?t='7'", f"{HOST}/news/list.asp?t=%277%27"),
        ("/100%/%zz/%7e", f"{HOST}/100%/%zz/%7e"),
        ("/云?题=汀#里", f"{HOST}/%E4%BA%91?%E9%A2%98=%E6%B1%80"),
        ("http://云汀.example/1", "http://xn--9kqp73e.example/1"),
        ("http://www。yunting。example/1", f"{HOST}/1"),
        ("http://www.yunting.example./1", "http://www.yunting.example./1"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/"),
        ("http://good@evil.example/", "http://good@evil.example/"),
        ("java\nscript:go()", None),
        (" JavaScript:go()", None),
        ("http://a b/", None),
        ("http://1.2.3.4.5/", None),
        ("http://yun.example:99999/", None),
        ("http://", None),
        ("//", None),
        ("weixin://dl", None),
        ("data:text/html,1", None),
    ],
)
def test_a_link_leads_where_a_browser_goes(href: str, expected: str | None) -> None:
    assert absolute(PAGE, href) == expected
    if expected and urlsplit(expected).hostname != "evil.example":
        assert ask(expected).url == expected


@pytest.mark.parametrize(
    ("encoding", "href", "expected"),
    [
        ("gb18030", "?kw=要闻", "?kw=%D2%AA%CE%C5"),
        ("gb18030", "/云?a=%D2%AA&b=闻#闻", "/%E4%BA%91?a=%D2%AA&b=%CE%C5"),
        ("gb18030", "?kw=𠮷é", "?kw=%26%23134071%3B%A8%A6"),
        ("gb18030", "?kw=丂", "?kw=%81@"),  # the second byte is a letter of ASCII, and stays one
        ("big5", "?kw=要聞", "?kw=%ADn%BBD"),
        ("utf-16le", "?kw=要闻", "?kw=%E8%A6%81%E9%97%BB"),
        ("utf-8", "?kw=要闻", "?kw=%E8%A6%81%E9%97%BB"),
        ("windows-1252", "?kw=é要", "?kw=%E9%26%2335201%3B"),
    ],
)
def test_a_query_is_written_in_the_encoding_of_its_page(encoding: str, href: str, expected: str) -> None:
    base = Base(f"{HOST}/l.asp", encoding)
    assert absolute(base, href) == absolute(HOST, expected if expected[0] == "/" else f"/l.asp{expected}")


def test_a_page_knows_its_encoding_and_where_its_links_start() -> None:
    gbk = Page(PAGE, '<meta charset="gb2312"><title>云汀要闻</title><p>云汀县柑橘开园迎客'.encode("gbk"))
    assert absolute(gbk.base, "?kw=要闻") == f"{HOST}/news/list.asp?kw=%D2%AA%CE%C5"
    several = Page(PAGE, b'<base target=_top><base href="../p/x.html"><base href="/q/">')
    assert absolute(several.base, "1.html") == f"{HOST}/p/1.html"
    assert absolute(Page(PAGE, b'<base href="javascript:1">').base, "1") == f"{HOST}/news/1"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("?a=1&amp;copy=2", "?a=1&copy=2"),
        ("?a=1&copy=2&times=3&lang=4&reg=5&section=6&notice=7", None),
        ("?a=1&amp;amp;b=2", "?a=1&amp;b=2"),
    ],
)
def test_entities_in_a_query_are_read_as_in_browsers(printed: str, expected: str | None) -> None:
    href = Page(PAGE, f'<a href="{printed}">云</a>'.encode()).selector.xpath("//a/@href").get()
    assert href == (expected or printed)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/show.jsp;jsessionid=A1B2.node3?newsid=7", "/show.jsp?newsid=7"),
        ("/show.jsp;JSESSIONID=A1B2", "/show.jsp"),
        ("/show.php?PHPSESSID=a1&newsid=7", "/show.php?newsid=7"),
        ("/show.php?newsid=7&phpsessid=a1", "/show.php?newsid=7"),
        ("/show.php?phpsessid=a1", "/show.php"),
        ("/show.asp?ASPSESSIONIDQQ=a1&newsid=7", "/show.asp?newsid=7"),
        ("/a;v=1/show.jsp?mysession=7", "/a;v=1/show.jsp?mysession=7"),
    ],
)
def test_the_number_of_a_visit_is_no_part_of_an_address(href: str, expected: str) -> None:
    assert absolute(PAGE, href) == HOST + expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (" /图/云 汀.jpg?题=1#x ", f"{HOST}/图/云 汀.jpg?题=1#x"),
        ("/%E5%9B%BE/1.jpg", f"{HOST}/%E5%9B%BE/1.jpg"),
        ("../a/../1.jpg", f"{HOST}/1.jpg"),
        ("///cdn.example\\1.jpg", "http://cdn.example/1.jpg"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_a_picture_keeps_the_letters_of_its_address(address: str, expected: str) -> None:
    """An archive knows its pictures by them."""
    assert joined(PAGE, address) == expected


# --- the allow-list --------------------------------------------------------------------------------------


def site(**more: object) -> Site:
    data = {
        "name": "yunting",
        "hosts": ["www.yunting.example", "云汀.example"],
        "start_urls": [f"{HOST}/"],
        "article_url": r"newsid=(?P<id>\d+)",
    }
    return parse_site(data | more, "yunting.toml")


@pytest.mark.parametrize(
    "href",
    [
        "///evil.example/?newsid=1",
        "\\\\evil.example/?newsid=1",
        "http:\\\\evil.example/?newsid=1",
        "http://www.yunting.example@evil.example/?newsid=1",
        "http://www.yunting.example:x@evil.example/?newsid=1",
        "http://www.yunting.example\\@evil.example/../?newsid=1",
        "http://evil.example\\@www.yunting.example/?newsid=1",
        "http://evil.example#@www.yunting.example/?newsid=1",
        "http://www.yunting.example.evil.example/?newsid=1",
        "http://www.yunting.example./?newsid=1",
        "http://2852039166/?newsid=1",
        "http://[::ffff:127.0.0.1]/?newsid=1",
        "ht\ttp://e\nvil.example/?newsid=1",
    ],
)
def test_no_way_of_writing_an_address_leaves_the_hosts(href: str) -> None:
    address = absolute(PAGE, href)
    profile = site()
    assert address is not None
    if profile.allows(address):  # then it is the site's own indeed
        assert ask(address).url.startswith(f"{HOST}/")
    else:
        assert profile.article_key(address) is None


def test_a_host_may_be_written_in_letters() -> None:
    assert site().allows("http://xn--9kqp73e.example/1")
    address = absolute(PAGE, "http://云汀.example/1")
    assert address is not None
    assert site().allows(address)
    with pytest.raises(SiteError, match=r"hosts: holds no host name"):
        site(hosts=["云" * 70 + ".example"])


@pytest.mark.parametrize(("encoding", "folder"), [("utf-8", "要闻"), ("gb18030", "要闻")])
def test_a_pattern_may_be_written_in_letters(encoding: str, folder: str) -> None:
    address = absolute(Base(PAGE, encoding), f"/l.asp?class={folder}&newsid=7")
    assert address is not None
    assert site(article_url=rf"class={folder}&newsid=(?P<id>\d+)").article_key(address) == "7"


# --- on the wire -----------------------------------------------------------------------------------------


def test_a_gbk_site_is_asked_as_browsers_ask(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    home = '<meta charset="gbk"><title>云汀网</title><a href="content/../content/list?kw=要闻|1&catid=101">县域要闻</a>'
    yunting.site.put("/", home.encode("gbk"), Content_Type="text/html")
    listing = yunting.site.pages["/content/list?catid=101"]
    yunting.site.pages["/content/list?kw=%D2%AA%CE%C5|1&catid=101"] = listing
    yunting.crawl()
    assert yunting.articles() == {"1", "2"}


def test_links_with_another_session_at_every_look_double_nothing(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    looks = 0
    first = yunting.site.pages["/content/list?catid=101"]
    assert isinstance(first, Reply)
    body = first.body

    def listing(_asked: Asked) -> Reply:
        nonlocal looks
        looks += 1
        return Reply(body.replace(b"/show?", f"/show;jsessionid=A{looks}?".encode()))

    yunting.site.pages["/content/list?catid=101"] = listing
    yunting.crawl()
    yunting.crawl()
    assert looks == 2
    assert yunting.rows("SELECT count(*), count(DISTINCT key) FROM listing") == [(3, 3)]
    assert yunting.rows("SELECT count(*) FROM article WHERE url LIKE '%session%'") == [(0,)]
    assert not any("session" in path for path in yunting.site.paths())
