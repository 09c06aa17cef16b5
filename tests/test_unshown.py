"""Text that a page holds and only a script shows.  All pages are invented."""

import base64
import html
import json
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages import LayoutChanged, Page, explain_article, extract_article
from zhijiang_spider.pages.literals import read_literals, unescaped
from zhijiang_spider.sites.site import parse_site

URL = "http://www.yunting.example/content/show?catid=12&newsid=57"
SITE = parse_site(
    {
        "name": "yunting",
        "title": "云汀网",
        "hosts": ["www.yunting.example"],
        "start_urls": ["http://www.yunting.example/"],
        "article_url": r"newsid=(?P<id>\d+)",
    },
    "yunting.toml",
)
LINES = (
    "1月15日，云汀县澄河大桥开工建设，总投资三点二亿元，工期十八个月。",
    "大桥建成后，两岸群众往来只要三分钟，再也不用绕行二十里山路。",
    "县交通部门表示，将把好质量关、安全关，让群众早日走上放心桥。",
)
CREDIT = "（记者 闻小满 一审 乔安 二审 纪朗 三审 卫青禾）"
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
PLAIN = "\n".join(LINES)
TOP = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>澄河修桥_云汀网</title>{head}</head><body>"
    "<div class=nav><a href=/>首页</a> <a href=/a/>要闻</a></div>"
    "<h1>澄河修桥</h1><div class=info>发布时间：2024-01-16　来源：云汀融媒</div>"
)
SIDE = "".join(
    f"<li><a href='/content/show?newsid={n}'>云汀县第{n}件新鲜事</a><span>2024-02-0{n}</span></li>"
    for n in range(1, 8)
)
FOOT = (
    f"<div class=rel><h3>相关阅读</h3><ul>{SIDE}</ul></div>"
    "<div class=foot><p>主办：云汀县融媒体中心　承办：云汀县大数据中心</p><p>版权所有 云汀网 鄂ICP备00000000号</p>"
    "<p>地址：云汀县澄河路1号　电话：0000-0000000</p></div>"
)


def page_with(inside: str, *, head: str = "", behind: str = "") -> Page:
    body = f"<div class=text>{inside}<p>{CREDIT}</p></div>{FOOT}{behind}</body></html>"
    return Page(URL, (TOP.replace("{head}", head) + body).encode())


def lines_of(markup: str) -> tuple[str, ...]:
    return tuple(line for line in markup.replace("</p>", "").split("<p>") if line)


def js(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("</", "<\\/")


def escaped(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


def units(text: str) -> str:
    return "".join(f"%u{ord(char):04X}" if ord(char) > 255 else quote(char) for char in text)


def state(**others: object) -> str:
    return json.dumps(
        {"props": {"pageProps": {"code": 0, "data": {"title": "澄河修桥", "content": TEXT, **others}}}}
    )


FIELDS = (
    f"<textarea id=c style='display:none'>{html.escape(TEXT)}</textarea><div id=v></div>"
    "<script>document.getElementById('v').innerHTML=document.getElementById('c').value</script>",
    f"<textarea hidden name=content>{TEXT}</textarea>",
    f"<textarea hidden name=content>{html.escape(html.escape(TEXT))}</textarea>",
    f"<textarea hidden>{PLAIN}</textarea>".replace("hidden", "hidden id=articleContent"),
    f'<input type=hidden id=nr value="{html.escape(TEXT)}"><div id=v></div>',
    f'<div class=v data-content="{html.escape(TEXT)}"></div>',
    f"<article-page :detail='{html.escape(json.dumps({'title': '澄河修桥', 'content': TEXT}))}'></article-page>",
    f'<iframe srcdoc="{html.escape(TEXT)}"></iframe>',
    f"<script type='text/template' id=tpl>{TEXT}</script>",
    f"<script type='text/html'>{html.escape(TEXT)}</script>",
    f"<template><div>{TEXT}</div></template>",
    f"<xmp style='display:none'>{TEXT}</xmp>",
    f"<noscript>{TEXT}</noscript>",
    f"<div id=v><!-- {TEXT} --></div><script>v.innerHTML = v.innerHTML.slice(4, -3)</script>",
    "".join(f"<script>document.write({js(f'<p>{line}</p>')})</script>" for line in LINES),
)
SCRIPTS = (
    f'var detail={{"title":"x","content":{js(TEXT)}}};$("#v").html(detail.content)',
    f"var detail = {{ title: 'x', content: '{TEXT}', }};",
    f"var detail = {{content: {escaped(TEXT)}}}",
    "var detail = {content: '" + TEXT.replace("<", "\\x3c").replace(">", "\\x3e").replace("/", "\\/") + "'}",
    f"$(function(){{ var re = /[\"']/g, d = {{ f: function () {{ return '}}' }}, newsContent: `{TEXT}` }}; show(d) }})",
    f"window.__INITIAL_STATE__={state()};",
    f"window.__INITIAL_STATE__=JSON.parse({js(state())});",
    f"window.__NUXT__=(function(a,b){{return {{data:[{{content:a}}]}}}}({js(TEXT)},1))",
    f"self.__next_f.push([1,{js('5:' + state())}])",
    f"document.write({js(TEXT)});",
    "".join(f"document.writeln({js(f'<p>{line}</p>')});" for line in LINES),
    "var s=''; " + "".join(f"s += '<p>{line}</p>';" for line in LINES) + "v.innerHTML = s",
    "var html = " + " +\n".join(f"'<p>{line}</p>'" for line in LINES),
    f"var detail = {{content: [{','.join(map(js, LINES))}]}}",
    f"var a = {{content: [{','.join(f'{{type: 1, text: {js(line)}}}' for line in LINES)}]}}",
    f"var text = decodeURIComponent('{quote(TEXT)}')",
    f"var text = unescape('{units(TEXT)}')",
    f"var text = atob('{base64.b64encode(TEXT.encode()).decode()}')",
    f"var text = Base64.decode('{base64.b64encode(TEXT.encode()).decode()}')",
    f"window.__STATE__ = '{quote(state())}'",
    f"window.__STATE__ = '{base64.b64encode(state().encode()).decode()}'",
    f"window.__STATE__ = {js(html.escape(state()))}",
    "var " + ", ".join(f"content{n} = {js(f'<p>{line}</p>')}" for n, line in enumerate(LINES, 1)),
    f"var detail = {{content: {js(html.escape(TEXT))}}}",
    f"var detail = {{content: {js(PLAIN)}, summary: {js(LINES[0] * 9)}}}",
    f"// it's\n/* \" */ var detail = {{content: {js(TEXT)} /* ' */}}",
    "var list = [{title: '别的新闻', content: " + js(TEXT.replace("澄河", "沅江") * 3) + "},"
    f"{{title: '澄河修桥', content: {js(TEXT)}}}]",
    "var list = [{newsid: 58, content: "
    + js(TEXT.replace("澄河", "沅江") * 3)
    + f"}}, {{newsid: 57, content: {js(TEXT)}}}]",
)


PARTS = (
    "<script>",
    "</script>",
    "<div id=v>",
    "</div>",
    "<!--",
    "-->",
    "<textarea>",
    "</textarea>",
    "<template>",
    "</template>",
    "<noscript>",
    "</html>",
    "<head>",
    "$('#v')",
    "content",
    ":",
    "=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "\\",
    "%3Cp%3E",
    "&lt;p&gt;",
    "{{ a }}",
    '<div data-content=\'{"content":"',
    "'>",
    "<p>",
    TEXT,
    PLAIN,
)


def is_whole(article: RawArticle) -> bool:
    return (
        article.title == "澄河修桥"
        and article.published_raw == "2024-01-16"
        and article.source_raw == "云汀融媒"
        and article.paragraphs == (*LINES, CREDIT)
    )


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_not_shown_is_read_where_it_stands(field: str) -> None:
    article = extract_article(page_with(field), SITE)
    assert is_whole(article), article


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("place", ["in the text", "in the head", "at the end"])
def test_a_text_in_a_script_is_read(script: str, place: str) -> None:
    element = f"<script>{script}</script>"
    pages = {
        "in the text": page_with(f"<div id=v></div>{element}"),
        "in the head": page_with("<div id=v></div>", head=element),
        "at the end": page_with("<div id=v></div>", behind=element),
    }
    article = extract_article(pages[place], SITE)
    assert is_whole(article), article


def test_json_beside_the_page_is_read() -> None:
    data = f"<script type='application/json' id=__NEXT_DATA__>{state()}</script>"
    assert is_whole(extract_article(page_with("", behind=data), SITE))
    linked = {
        "@type": "NewsArticle",
        "headline": "澄河修桥",
        "articleBody": PLAIN,
        "description": LINES[0] * 5,
    }
    data = f"<script type='application/ld+json'>{json.dumps(linked)}</script>"
    assert is_whole(extract_article(page_with("", head=data), SITE))


def test_title_date_and_source_of_the_same_object_are_read_where_the_page_shows_none() -> None:
    data = state(publishTime=1705374000000, sourceName="云汀融媒", title="澄河修桥 两岸三分钟")
    page = f"<html><head><title>云汀网</title></head><body><div id=app></div><script>var s={data}</script></body></html>"
    article = extract_article(Page(URL, page.encode()), SITE)
    assert article.title == "澄河修桥 两岸三分钟"
    assert article.published_raw.startswith("2024-01-16")
    assert article.source_raw == "云汀融媒"
    assert article.paragraphs == LINES


def test_holes_of_a_template_are_no_title_and_no_text() -> None:
    page = (
        "<html><head><title>新闻详情</title></head><body><div id=app><h1>{{ info.title }}</h1>"
        "<p>{{ info.time }} 来源：{{ info.source }}</p><div v-html='info.content'></div></div>"
        f"<script>var info = {{title: '澄河修桥通车', time: '2024-01-16', source: '云汀融媒', content: {js(TEXT)}}}</script>"
    )
    article = extract_article(Page(URL, page.encode()), SITE)
    assert (article.title, article.published_raw, article.source_raw) == (
        "澄河修桥通车",
        "2024-01-16",
        "云汀融媒",
    )
    assert article.paragraphs == LINES


def test_pictures_of_such_a_text_are_the_articles() -> None:
    picture = "<p><img src='/u/1.jpg'></p>"
    article = extract_article(page_with(f"<script>var d={{content:{js(picture + TEXT)}}}</script>"), SITE)
    assert [image.url for image in article.images] == ["http://www.yunting.example/u/1.jpg"]
    assert article.paragraphs == (*LINES, CREDIT)


def test_explain_names_where_it_stands() -> None:
    _, choices = explain_article(page_with(f"<script>var detail={{content:{js(TEXT)}}}</script>"), SITE)
    rules = {choice.field: choice.rule for choice in choices}
    assert rules["body"] == "text that only a script shows: <script> detail.content"


@pytest.mark.parametrize(
    "inside",
    [
        "<div id=v></div><script>$('#v').load('/api/body?id=57')</script>",
        "<div id=v>正在加载，请稍候…</div><script>fetch('/api/57').then(show)</script>",
        "<div id=v>{{ content }}</div><script>new Vue({el: '#v', data: {content: ''}})</script>",
        "<div id=v></div><script>$.get('/api');var d={content:'',summary:" + js(LINES[0] * 4) + "}</script>",
        f"<div id=v></div><script>fetch('/a');var share={{title:'澄河修桥',desc:{js(PLAIN)}}}</script>",
        f"<div id=v></div><script>fetch('/a');var d={{comments:[{{content:{js(TEXT)}}}]}}</script>",
        "<div id=v></div><script>fetch('/a');var hot=[{title:'一件事',content:"
        + js(TEXT)
        + "},{title:'又一件事',content:"
        + js(TEXT)
        + "}]</script>",
        f"<input type=hidden name=description value='{PLAIN}'><script>fetch('/a')</script>",
        f"<!-- {PLAIN} --><script>fetch('/a')</script>",
        "<script>fetch('/a/b/c/d?catalog=2933,2935,2934,2936&style=1&expert=one;two;three&name=paging,first')</script>",
        "<div id=v></div><script>fetch('/a').then(d => document.write('<p>' + d.content + '</p>'))</script>",
    ],
)
def test_a_text_that_is_loaded_from_elsewhere_is_refused(inside: str) -> None:
    with pytest.raises(LayoutChanged, match=r"no text.*; a script of the page loads it: http://www\.yunting"):
        extract_article(page_with(inside), SITE)


ABOUT = (
    "<p>云汀网是云汀县委主管的新闻网站，二十年来记录全县大事。</p><p>我们欢迎各界朋友来稿来电，共同办好网站。</p>"
    * 3
)


@pytest.mark.parametrize("name", ["footer", "foot about", "sidebar", "box_related", "copyright"])
def test_what_stands_around_is_no_article_where_a_script_fills_an_empty_element(name: str) -> None:
    def page(inside: str) -> Page:
        around = f"<div class=text>{inside}</div><div class='{name}'>{ABOUT}</div>"
        return Page(URL, (TOP.replace("{head}", "") + around).encode())

    with pytest.raises(LayoutChanged, match="what stands around an article; a script of the page loads it"):
        extract_article(page("<div id=v></div><script>$('#v').load('/api/body?id=57')</script>"), SITE)
    assert extract_article(page(FIELDS[0]), SITE).paragraphs == LINES
    assert lines_of(ABOUT) == extract_article(page("<div id=v></div>"), SITE).paragraphs


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{CREDIT}</p>",
        "<p>责任编辑：乔安</p><p>审核：卫青禾</p>",
        "<p>主办：云汀县融媒体中心</p>",
        "<p>版权所有：云汀县融媒体中心　鄂ICP备00000000号-1</p><p>地址：云汀县澄河路1号　邮编：000000</p>",
        "<p>举报电话：0000-0000000</p><p><img src=/images/beian.png>鄂公网安备 00000000000000号</p>",
        "<p>承办单位：云汀县大数据中心</p><p>Copyright © 云汀网</p>",
        "<p>中共云汀县委宣传部主管 云汀县融媒体中心主办</p>",
        "<p>云汀县融媒体中心</p>",
        "<p>您是第12345位访客</p><p>建议使用某浏览器，分辨率1920*1080浏览本站</p>",
        "<div class=footer><p>建设文明云汀</p></div>",
    ],
)
def test_a_credit_line_or_an_imprint_alone_is_no_article(page: str) -> None:
    with pytest.raises(LayoutChanged, match="no text"):
        extract_article(Page(URL, (TOP.replace("{head}", "") + page).encode()), SITE)


def test_a_page_that_shows_its_article_is_read_as_it_is() -> None:
    shown = "<p>1月15日，县图书馆夜间开放。</p>"
    other = "<p>另一篇文章的全文，另一篇文章的全文，它很长。</p>" * 9
    for hidden in (
        f"<textarea hidden name=content>{html.escape(other)}</textarea>",
        f"<script>var detail={{title:'澄河修桥',content:{js(other)}}}</script>",
    ):
        article = extract_article(page_with(shown + hidden), SITE)
        assert article.paragraphs == ("1月15日，县图书馆夜间开放。", CREDIT)


@pytest.mark.parametrize(
    "text",
    [
        "1月15日，云汀县开展违法和不良信息举报宣传活动，现场解答群众提问，发放宣传手册三百份。",
        "1月15日休市。",
        "澄河大桥开工仪式由县交通局主办。",
        "地铁通车了！",
        "本报记者昨日探访云汀县图书馆，看见读者登录后评论新书，馆内座无虚席，气氛热烈。",
    ],
)
def test_a_short_article_is_one(text: str) -> None:
    page = (
        TOP.replace("{head}", "")
        + f"<div class=text><p>{text}</p></div>{FOOT}<script>fetch('/hits')</script>"
    )
    assert extract_article(Page(URL, page.encode()), SITE).paragraphs == (text,)


def test_a_picture_without_words_stays_an_article() -> None:
    article = extract_article(
        page_with("<p><img src=/u/1.jpg width=600></p><script>fetch('/share')</script>"), SITE
    )
    assert [image.url for image in article.images] == ["http://www.yunting.example/u/1.jpg"]


def test_another_articles_text_is_not_this_one() -> None:
    """The page's own title is known by its heading and ``<title>``; an object with another title is another article."""
    title = "澄河大桥今日开工建设"
    for inside, other in (("latest", "县图书馆夜间开放受欢迎"), ("list", "县图书馆夜间开放受欢迎")):
        data = json.dumps({"title": title, inside: [{"title": other, "content": TEXT}]})
        page = page_with(f"<div id=v></div><script>fetch('/a');var s={data}</script>").text.replace(
            "澄河修桥", title
        )
        with pytest.raises(LayoutChanged, match="a script of the page loads it"):
            extract_article(Page(URL, page.encode()), SITE)
        same = page.replace(json.dumps(other)[1:-1], json.dumps(f"{title}，工期十八个月")[1:-1])
        assert extract_article(Page(URL, same.encode()), SITE).paragraphs == (*LINES, CREDIT)


@pytest.mark.parametrize(
    "target", ["正在加载…", "{{ content }}", "<img hidden>", "<script>wait()</script>", "<p> </p>"]
)
def test_what_waits_for_the_text_gives_way_to_it(target: str) -> None:
    script = f"<script>var c = {js(TEXT)}; document.getElementById('body').innerHTML = c</script>"
    assert is_whole(extract_article(page_with(f"<div id=body>{target}</div>", head=script), SITE))


def test_characters_that_no_tree_holds_are_left_out() -> None:
    odd = "\\u0000\\u0001\\ud83d\\ufffe"
    script = f"<script>var d = {{content: {js(TEXT).replace('大桥', odd + '大桥')}}}</script>"
    lines = extract_article(page_with(script), SITE).paragraphs
    assert tuple(line.replace("\ufffd", "") for line in lines) == (*LINES, CREDIT)
    script = f"<script>var t = unescape('{units(TEXT)}%uD83D%uDE00%uD83D%u0001')</script>"
    assert len(extract_article(page_with(script), SITE).paragraphs) >= len(LINES)


@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_any_page_without_text_is_read_or_refused(parts: list[str]) -> None:
    with suppress(LayoutChanged):
        assert extract_article(page_with("".join(parts)), SITE).paragraphs


def test_escapes_are_read_as_scripts_read_them() -> None:
    assert unescaped(r"\u4e91\x41\u{1F600}\ud83d\ude00\/\n\'\q") == "云A😀😀/\n'q"
    assert unescaped("一\\\n二\\\r\n三") == "一二三"
    assert unescaped(r"\ud83d") == "\ufffd"


def test_names_lead_to_texts() -> None:
    script = "a.b = {'c': [{d: 'x' + y + 'z'}], \"e\": f('g', 5), t: u ? 'v' : 'w', n: 12}; h('i')"
    found = [(literal.names, literal.value) for literal in read_literals(script)]
    assert found == [
        (("b", "c", "d"), "xz"),
        (("b", "e", "f"), "g"),
        (("b", "v"), "w"),
        (("b", "n"), "12"),
        (("h",), "i"),
    ]


@given(st.text(alphabet="\"'`\\/*{}[]():;,=+.<a云0\n ", max_size=60))
def test_any_script_is_read(script: str) -> None:
    for literal in read_literals(script):
        assert literal.value is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_every_text_of_json_is_read(data: object) -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for inner in value.values() for text in texts(inner)]
        if isinstance(value, list):
            return [text for inner in value for text in texts(inner)]
        return [value] if isinstance(value, str) else []

    for source in (json.dumps(data), json.dumps(data, ensure_ascii=False)):
        found = [literal.value for literal in read_literals(source)]
        assert found == [text.encode("utf-16", "replace").decode("utf-16") for text in texts(data)]


@pytest.mark.parametrize(
    "part",
    ['"\\"', "'", "{", "[", "(", "a:{", "/*", "/", "`${", '{a:"b",', "('a',", "'a'+", "\\", "//", "a="],
)
def test_scripts_are_read_in_linear_time(part: str) -> None:
    def repeated(size: int) -> str:
        return part * size

    def work(source: str) -> None:
        for _ in read_literals(source):
            pass

    assert growth(repeated, work, 4_000) <= MOST_GROWTH


@pytest.mark.parametrize(
    "make",
    [
        lambda size: f'<script>var d={{content:{js("<p>一，二。")[:-1] * size}"}}</script>',
        lambda size: "<script>document.write('<p>一二三四五六七八，')</script>" * size,
        lambda size: "<div data-content='一二三四五六七八九十，一二三四五六七八九十。'></div>" * size,
        lambda size: "<i id=a></i><script>getElementById('a')</script>" * size,
        lambda size: (
            "<script>var d=["
            + "{content:'一二三四五六七八九十，一二三四五六七八九十。'}," * size
            + "]</script>"
        ),
        lambda size: "<textarea>{'a':'" * size,
        lambda size: "<div id=a>" * size + "<script>getElementById('b')</script>",
        lambda size: "<script>var d={" + f"a:'{'一' * 20}'," * size + "}</script>",
    ],
)
def test_pages_without_text_are_searched_in_linear_time(make: Callable[[int], str]) -> None:
    def work(page: Page) -> None:
        with suppress(LayoutChanged):
            extract_article(page, SITE)

    assert growth(lambda size: page_with(make(size)), work, 300) <= MOST_GROWTH
