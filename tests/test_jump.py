"""Where a page sends its reader on by itself, and what only looks so."""

from collections.abc import Callable

import pytest

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.derive.article import NotUnderstood, Refused, ScriptOnly, read_part
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.jump import Jump, find_jump
from zhijiang_spider.sites.site import load_site

URL = "http://www.yunting.example/content/show?newsid=7"
HOST = "http://www.yunting.example"
TEXT = "<p>入春以来，云汀县抢抓晴好天气，组织人员对澄河两岸渠道清淤疏浚，维修涵闸，确保春灌用水不误农时，受益农田一万余亩，群众纷纷点赞，秋收有望再增三成，乡亲们说日子越过越好。</p>"


def jump(html: str, refresh: str = "") -> str | None:
    """Return where a page sends on, "" for somewhere, None for nowhere."""
    found = find_jump(Page(URL, f"<html>{html}</html>".encode(), refresh=refresh))
    return None if found is None else found.target.removeprefix(HOST)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("location='/a'", "/a"),
        ('window.location.href="http://mp.weixin.example/s/1";', "http://mp.weixin.example/s/1"),
        ("top.location.replace('/a')", "/a"),
        ("self . location\n.assign('/a')", "/a"),
        ("document.location['href'] = '/a'", "/a"),
        ("window.navigate('/a')", "/a"),
        ("window.open('/a', '_self')", "/a"),
        ("window.open('/a', '_blank')", None),
        ("setTimeout(\"location.href='/a'\", 3000)", "/a"),
        ("setTimeout('go()', 3000); function go() { location = '/a' }", "/a"),
        ("setTimeout(function () { location = '/a' }, 0)", "/a"),
        ("setTimeout(() => { location = '/a' }, 0)", "/a"),
        ("(function () { location = '/a' })()", "/a"),
        ("!function () { location = '/a' }()", "/a"),
        ("$(document).ready(function () { location = '/a' })", "/a"),
        ("window.onload = function () { location = '/a' }", "/a"),
        ("addEventListener('load', function () { location = '/a' })", "/a"),
        ("try { location = '/a' } catch (e) { location = '/b' }", "/a"),
        ("if (/Mobile/.test(navigator.userAgent)) { location = '/m' } else { location = '/a' }", "/a"),
        ("if (mobile) location = '/m'; else location = '/a'", "/a"),
        ("if (mobile) location = '/m'\nlocation = '/a'", "/a"),
        ("var u = '/a'; location = u", "/a"),
        ("var h = 'http://yun.' + 'example'; var u = h + '/a'; location.href = u;", "http://yun.example/a"),
        ("location = '\\/a\\u002ehtml'", "/a.html"),
        ("<!--\n/* location='/x' */ // location='/y'\nlocation='/a'\n//-->", "/a"),
        ("var p = /['\"{]/; location = '/a'", "/a"),
        ("alert('云')\nlocation = '/a'", "/a"),
        ("location = '/a?t=' + Math.random()", ""),
        ("location = base + '/a'", ""),
        ("location = 'weixin://dl'", ""),
        ("if (mobile) { location = '/m' }", None),
        ("if (a && (b || c))\n location = '/m'", None),
        ("mobile && (location = '/m')", None),
        ("function go() { location = '/a' }", None),
        ("button.onclick = function () { location = '/a' }", None),
        ("addEventListener('click', function () { location = '/a' })", None),
        ("$.ajax({url: '/x', success: function () { location = '/a' }})", None),
        ("if (top != self) top.location = self.location", None),
        ("map.location = '/a'", None),
        ("var a = location.href == '/a'; b = location != '/a'", None),
        ("location = location.href", ""),
        (f"location = '{URL}'", None),
    ],
)
def test_a_script_that_jumps_in_any_case_is_a_jump(script: str, expected: str | None) -> None:
    assert jump(f"<script>{script}</script><p>请稍候…") == expected
    assert jump(f"<script>{script}</script>{TEXT}") is None


@pytest.mark.parametrize(
    "script",
    [
        "location.reload()",
        "document.cookie = 'k=' + f(); location.reload(true)",
        "document.cookie = 'k=1'; location = location.href",
        "document.cookie = 'k=1'; location = '/content/show?newsid=7&k=1'",
        "document.cookie = 'k=1'; location = location.pathname + '?k=' + f()",
        "f()",
    ],
)
def test_a_firewalls_question_is_no_jump(script: str) -> None:
    spare = '<noscript><meta http-equiv="refresh" content="0;url=/noscript.html"></noscript>'
    assert jump(f"<script>{script}</script>") is None
    if "location" in script:
        assert jump(f"<script>{script}</script>{spare}") is None


def test_one_that_sets_a_cookie_and_goes_elsewhere_is_a_jump() -> None:
    assert jump("<script>document.cookie = 'seen=1'; location = '/index.htm'</script>") == "/index.htm"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<meta http-equiv="refresh" content="0; url=/a">', "/a"),
        ("<meta http-equiv=REFRESH content=\"3;URL='/a'\">", "/a"),
        ('<meta http-equiv=refresh content="0;/a">', "/a"),
        ('<meta http-equiv=refresh content="0,url=/a">', "/a"),
        ('<meta http-equiv=refresh content="0.5; url = &quot;/a&quot; x">', "/a"),
        ('<base href="/b/"><meta http-equiv=refresh content="0;url=a">', "/b/a"),
        ('<meta http-equiv=refresh content="30;url=/a">', None),
        ('<meta http-equiv=refresh content="5">', None),
        (f'<meta http-equiv=refresh content="5;url={URL}">', None),
        ('<meta http-equiv=refresh content="0;url=javascript:go()">', None),
        ('<!-- <meta http-equiv=refresh content="0;url=/a"> -->', None),
        ('<noscript><meta http-equiv=refresh content="0;url=/a"></noscript>', "/a"),
        (
            '<script src="/s.js"></script><noscript><meta http-equiv=refresh content="0;url=/a"></noscript>',
            "/a",
        ),
        ("<body onload=\"location='/a'\">", "/a"),
        ("<body onload=\"go()\"><script>function go() { location = '/a' }</script>", "/a"),
    ],
)
def test_a_refresh_is_a_jump_when_it_comes_at_once(html: str, expected: str | None) -> None:
    assert jump(html) == expected


def test_a_refresh_goes_on_from_any_page_but_one_for_want_of_scripts() -> None:
    refresh = '<meta http-equiv=refresh content="0;url=/a">'
    assert jump(refresh + TEXT) == "/a"
    assert jump(f"<noscript>{refresh}</noscript>{TEXT}") is None
    assert jump(TEXT, refresh="2; url=/b") == "/b"
    assert jump(TEXT, refresh="60") is None


def test_a_jump_says_how() -> None:
    assert find_jump(Page(URL, b"<script>location='/a'</script>")) == Jump(f"{HOST}/a", "script")


HOSTILE: dict[str, Callable[[int], str]] = {
    "jumps": lambda n: "location='/a'+b;" * n,
    "names": lambda n: "".join(f"a{k}='x';" for k in range(n)) + "location=a0",
    "blocks": lambda n: "{" * n + "location='/a'",
    "quotes": lambda n: "'\"`" * n,
    "patterns": lambda n: "=/[" * n,
    "comments": lambda n: "/*" * n,
    "functions": lambda n: "function(){location='/a'};" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_on_a_hostile_script_grows_as_it_does(name: str) -> None:
    def parsed(pieces: int) -> Page:
        made = Page(URL, f"<html><script>{HOSTILE[name](pieces)}</script></html>".encode())
        assert made.rendered is not None
        return made

    assert growth(parsed, find_jump, 1_500) <= MOST_GROWTH


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>云汀县开展春季植树</title><script src=/js/go.js></script>", ScriptOnly),
        ("<script src=/js/go.js></script><body><p>请稍候…</p></body>", ScriptOnly),
        (
            "<body><a href=/><img src=/logo.png></a><div id=x></div><script src=/js/go.js></script></body>",
            NotUnderstood,
        ),
        (
            "<body><a href=/>首页</a> <a href=/xw/>新闻</a><script src=/js/go.js></script></body>",
            NotUnderstood,
        ),
    ],
    ids=["nothing but it", "and a word to wait", "below a picture", "below a menu"],
)
def test_a_script_elsewhere_is_a_refusal_only_where_the_page_is_nothing_but_it(
    html: str, expected: type[Refused]
) -> None:
    with pytest.raises(Refused) as caught:
        read_part(Page(URL, html.encode()), load_site("zhijiang"))
    assert caught.type is expected
