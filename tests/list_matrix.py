"""A site of lists: every way to list articles, with every way to lead to the next page.

``SECTIONS`` says for each pair what a crawl must do: archive the list whole, or say aloud that it did not.
All pages and names are invented; each kind is written as the systems that print it do.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from tests.newssite import Answer, Asked, Reply

PER_PAGE = 3
COUNT = 8
LAST = 3
ARTICLES = 24
"""Lists share them: what is looked at is what each list showed, not what its articles say."""
_THINGS = ("柑橘园", "老街", "水厂", "渡口", "茶山", "学堂", "桥头", "粮站")
_DEEDS = ("开起现场会", "修缮一新", "迎来新乡亲")


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    number: int

    @property
    def path(self) -> str:
        return f"/p/{self.number}.html"

    @property
    def title(self) -> str:
        return f"云汀县{_THINGS[self.number % 8]}{_DEEDS[self.number // 8]}"

    @property
    def date(self) -> str:
        return f"2024-03-{self.number + 1:02}"


@dataclass(frozen=True)
class Place:
    """One page of a list, and how the addresses of the others are made."""

    slug: str
    number: int = 1
    path_of: str = "index_{page}.html"
    """Address of the pages behind the first, relative to the section's folder."""
    from_zero: bool = False
    stem: str = "index"
    script: str = ""
    """What the reader's own script does."""

    @property
    def folder(self) -> str:
        return f"/c/{self.slug}/"

    def at(self, number: int) -> str:
        """Return a page's address, relative to the folder."""
        if number == 1:
            return f"{self.stem}.html"
        made = self.path_of.replace("{page}", str(number - self.from_zero))
        return made.replace("index", self.stem)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The lines of this page."""
        return self.all_rows[(self.number - 1) * PER_PAGE : self.number * PER_PAGE]

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The lines of the whole list."""
        start = int(self.slug) * 5
        return tuple(Row((start + step) % ARTICLES) for step in range(COUNT))


# --- readers: how the lines of one page stand in it -----------------------------------------------------

Draw = Callable[[Place], str]


def _lines(line: str, around: str = "<ul class=news>{}</ul>") -> Draw:
    def draw(place: Place) -> str:
        lines = (line.format(path=r.path, n=r.number, title=r.title, date=r.date) for r in place.rows)
        return around.replace("{}", "".join(lines))

    return draw


_OPENS = "<script>function show(id){location.href='/p/'+id+'.html'}</script>"
_FILL = (
    "<div id=rows></div><script>%s;for(var i=0;i<rows.length;i++)$('#rows').append(line(rows[i]))</script>"
)


def _data(place: Place) -> str:
    return json.dumps(
        [{"title": r.title, "url": r.path, "pubDate": r.date} for r in place.rows], ensure_ascii=False
    )


def _state(place: Place) -> str:
    state = f'{{"props":{{"pageProps":{{"list":{_data(place)}}}}}}}'
    return f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{state}</script>'


def _records(place: Place) -> str:
    lines = "".join(
        f'<record><![CDATA[<li><a href="{r.path}">{r.title}</a><span>{r.date}</span></li>]]></record>'
        for r in place.rows
    )
    return f"<div id=box></div><script type=text/xml><datastore><recordset>{lines}</recordset></datastore></script>"


@dataclass(frozen=True)
class Reader:
    """A way to list articles in a page."""

    draw: Draw
    whole: bool = True
    is_markup: bool = True
    """Its lines can stand in a piece of a page too."""


READERS: Mapping[str, Reader] = {
    "anchors": Reader(_lines('<li><a href="{path}">{title}</a><span>{date}</span></li>')),
    "table": Reader(
        _lines(
            '<tr><td><a href="{path}" title="{title}">{title}</a></td><td>{date}</td></tr>',
            "<table>{}</table>",
        )
    ),
    "onclick": Reader(_lines("<li onclick=\"location.href='{path}'\"><b>{title}</b><i>{date}</i></li>")),
    "data-href": Reader(_lines('<li><a href="#" data-href="{path}">{title}</a><i>{date}</i></li>')),
    "function": Reader(
        _lines('<li><a href="javascript:show({n})">{title}</a><i>{date}</i></li>', _OPENS + "<ul>{}</ul>"),
    ),
    "array": Reader(lambda place: _FILL % f"var rows={_data(place)}", is_markup=False),
    "state": Reader(_state, is_markup=False),
    "records": Reader(_records, is_markup=False),
    "written": Reader(
        lambda place: f"<script>document.write('{READERS['anchors'].draw(place)}')</script>", is_markup=False
    ),
    "component": Reader(
        lambda place: f"<news-list :items='{_data(place)}'></news-list><script src=/js/a.js></script>",
        is_markup=False,
    ),
    "component beside": Reader(
        lambda place: (
            "<news-list cat=7></news-list><script src=/js/a.js></script>"
            f'<div class=side><a href="{place.rows[0].path}">{place.rows[0].title}</a></div>'
        ),
        False,
        False,
    ),
    "script beside": Reader(
        lambda place: (
            "<div class=newslist><script src=rows.js></script></div>"
            f'<div class=side><a href="{place.rows[0].path}">{place.rows[0].title}</a></div>'
        ),
        False,
        False,
    ),
    "bundle": Reader(lambda _: "<ul class=news-list></ul><script src=/js/list.js></script>", False, False),
    "bundle beside": Reader(
        lambda place: (
            "<ul class=news-list></ul><script src=/js/list.js></script>"
            f'<div class=side><a href="{place.rows[0].path}">{place.rows[0].title}</a></div>'
        ),
        False,
        False,
    ),
}


# --- pagers: how a page leads to the next one -----------------------------------------------------------


def _link(place: Place, number: int, label: str) -> str:
    leads = 1 <= number <= LAST and number != place.number
    return f'<a href="{place.at(number)}">{label}</a>' if leads else f"<a>{label}</a>"


def _words(place: Place) -> str:
    n = place.number
    ends = _link(place, 1, "首页"), _link(place, LAST, "尾页")
    return f"<div>{ends[0]}{_link(place, n - 1, '上一页')}{_link(place, n + 1, '下一页')}{ends[1]}</div>"


def _numbers(place: Place) -> str:
    made = (
        f"<span class=cur>{n}</span>" if n == place.number else _link(place, n, str(n))
        for n in range(1, LAST + 1)
    )
    return f"<div class=pages>{''.join(made)}</div>"


def _onward(markup: str) -> Draw:
    """Return what is there on all pages but the last: ``{next}`` is the next page's address."""

    def draw(place: Place) -> str:
        if place.number == LAST:
            return ""
        made = markup.replace("{next}", place.at(place.number + 1)).replace("{n+1}", str(place.number + 1))
        return made.replace("{n}", str(place.number)).replace("{folder}", place.folder)

    return draw


def _always(markup: str) -> Draw:
    """Return what is there on every page."""
    return lambda place: (
        markup.replace("{n}", str(place.number))
        .replace("{n-1}", str(place.number - 1))
        .replace("{slug}", place.slug)
        .replace("{stem}", place.stem)
    )


def _handlers(markup: str, script: str) -> Draw:
    """Return numbers whose links call a function of the page."""

    def draw(place: Place) -> str:
        made = (
            f"<span class=cur>{n}</span>" if n == place.number else markup.replace("{n}", str(n))
            for n in range(1, LAST + 1)
        )
        filled = script.replace("{stem}", place.stem)
        return f"<div class=pages>{''.join(made)}</div>{filled}"

    return draw


def _choice(place: Place) -> str:
    options = "".join(
        f'<option value="{place.at(n)}"{" selected" * (n == place.number)}>第{n}页</option>'
        for n in range(1, LAST + 1)
    )
    return f"<select onchange='location.href=this.value'>{options}</select>"


def _coded(place: Place) -> str:
    text = b64encode(_words(place).encode()).decode()
    return (
        f"<div id=pg>{text}</div><script>var e=document.getElementById('pg');"
        "e.innerHTML=atob(document.getElementById('pg').innerText)</script>"
    )


def _form(markup: str, method: str = "post") -> Draw:
    """Return a form that a script sends with the page's number."""
    return _handlers(
        markup,
        f'<form name=f method={method} action="{{stem}}.html"><input type=hidden name=page value=1></form>'
        "<script>function go(n){document.f.page.value=n;document.f.submit()}</script>",
    )


def _view(place: Place) -> str:
    n = place.number
    numbers = "".join(
        f"<span>{m}</span>" if m == n else f"<a href=\"javascript:__doPostBack('pg','{m}')\">{m}</a>"
        for m in range(1, LAST + 1)
    )
    return f'<form method=post action="{place.stem}.html"><input type=hidden name=__VIEWSTATE value="v{n}">{numbers}</form>'


def _view_button(place: Place) -> str:
    off = " disabled" * (place.number == LAST)
    return (
        f'<form method=post action="{place.stem}.html"><input type=hidden name=__VIEWSTATE value="{place.number}">'
        f'<input type=submit name=on value="下一页"{off}></form>'
    )


_TO = "<script>function go(n){location.href='{stem}_'+n+'.html'}</script>"
_PIECES = "/piece/{slug}/list?page="
_PLUGIN = (
    "<div id=pager></div><script>laypage%s({%s:'pager',%s,curr:{n},jump:function(o,first){if(!first){%s}}});"
    "</script>"
)


@dataclass(frozen=True)
class Pager:
    """A way to lead to the next page."""

    draw: Draw
    whole: bool = True
    path: str = "index_{page}.html"
    from_zero: bool = False
    posted: Callable[[Mapping[str, list[str]]], int] | None = None
    """Form sent with POST → page."""
    asks_pieces: bool = False
    """The pages behind the first are pieces that a script puts into it."""


def _of_page(form: Mapping[str, list[str]]) -> int:
    return int(form["page"][0])


PAGERS: Mapping[str, Pager] = {
    "words": Pager(_words),
    "arrow": Pager(_onward('<div><a href="{next}">&gt;</a></div>')),
    "class next": Pager(_onward('<div><a class=next href="{next}"><i></i></a></div>')),
    "words by onclick": Pager(
        _onward("<a href='javascript:;' onclick=\"location.href='{next}'\">下一页</a>")
    ),
    "words by script address": Pager(_onward("<a href=\"javascript:location='{next}'\">下一页</a>")),
    "numbers": Pager(_numbers),
    "numbers in a choice": Pager(_choice),
    "numbers that call": Pager(_handlers('<a href="javascript:go({n})">{n}</a>', _TO)),
    "numbers with data-page": Pager(_handlers("<a data-page={n}>{n}</a>", _TO)),
    "numbers of a bundle": Pager(
        _handlers('<a href="javascript:go({n})">{n}</a>', "<script src=/js/a.js></script>"), False
    ),
    "numbers with data-page of a bundle": Pager(
        _handlers("<li data-page={n}>{n}</li>", "<script src=/js/a.js></script>"), False
    ),
    "words of a bundle": Pager(_onward('<a href="javascript:onward()">下一页</a>'), False),
    "count printed": Pager(_always("<div>共3页 8条</div>"), False),
    "count of this": Pager(_always("<div>第{n}/3页</div>"), False),
    "entries printed": Pager(_always("<div>共 8 条记录，每页 3 条</div>"), False),
    "TRS": Pager(
        _always('<script>createPageHTML(3,{n-1},"{stem}","html");</script>'),
        path="index_{page}.html",
        from_zero=True,
    ),
    "TRS by variables": Pager(
        _always(
            "<script>var currentPage={n-1};var countPage=3;if(currentPage<countPage-1)document.write("
            "'<a href=\"{stem}'+'_'+(currentPage+1)+'.'+'html\">下一页</a>')</script>"
        ),
        from_zero=True,
    ),
    "laypage": Pager(_always(_PLUGIN % ("", "cont", "pages:3", "location.href='{stem}_'+o.curr+'.html'"))),
    "layui": Pager(
        _always(_PLUGIN % (".render", "elem", "count:8,limit:3", "location.href='?page='+o.curr")),
        path="index.html?page={page}",
    ),
    "layui of a bundle": Pager(
        _always(_PLUGIN % (".render", "elem", "count:8,limit:3", "draw(o.curr)")), False
    ),
    "kkpager": Pager(
        _always(
            "<div id=kkpager></div><script>kkpager.generPageHtml({pno:{n},total:3,totalRecords:8,hrefFormer:"
            "'{stem}',hrefLatter:'.html',getLink:function(n){return this.hrefFormer+'_'+n+this.hrefLatter}})</script>"
        ),
    ),
    "kkpager by query": Pager(
        _always(
            "<div id=kkpager></div><script>kkpager.generPageHtml({pno:{n},total:3,totalRecords:8,hrefFormer:"
            "'{stem}',hrefLatter:'.html',getLink:function(n){return this.hrefFormer+this.hrefLatter+'?pno='+n}})"
            "</script>"
        ),
        path="index.html?pno={page}",
    ),
    "el-pagination": Pager(
        _always("<el-pagination :total=8 :page-size=3 :current-page={n}></el-pagination>"), False
    ),
    "form by POST": Pager(_form('<a href="javascript:go({n})">{n}</a>'), posted=_of_page),
    "form by GET": Pager(_form('<a href="javascript:go({n})">{n}</a>', "get"), path="index.html?page={page}"),
    "post-back": Pager(_view, posted=lambda form: int(form["__EVENTARGUMENT"][0])),
    "post-back by button": Pager(_view_button, posted=lambda form: int(form["__VIEWSTATE"][0]) + 1),
    "more linked": Pager(_onward('<div class=more><a href="{next}">查看更多</a></div>')),
    "more by data-url": Pager(_onward('<a href="javascript:;" data-url="{next}">加载更多</a>')),
    "more by data-url and piece": Pager(
        _onward(f'<a href="javascript:;" data-url="{_PIECES}{{n+1}}">加载更多</a>'), asks_pieces=True
    ),
    "more by $.get": Pager(
        _always(
            "<button onclick=more()>加载更多</button><script>var page={n};function more(){page++;$.get('/piece/{slug}/list',"
            "{page:page},function(d){$('ul').append(d)})}</script>"
        ),
        asks_pieces=True,
    ),
    "more by $.ajax and POST": Pager(
        _always(
            "<div class=more onclick=more()>点击加载更多</div><script>var page={n};function more(){page++;$.ajax({url:"
            "'/piece/{slug}/list',type:'POST',data:{lm:7,page:page},success:function(d){$('ul').append(d)}})}</script>"
        ),
        asks_pieces=True,
        posted=_of_page,
    ),
    "more by fetch": Pager(
        _always(
            "<button id=more>加载更多</button><script>var page={n};document.getElementById('more').onclick=function(){"
            f"page++;fetch('{_PIECES}'+page).then(r=>r.text()).then(add)}}</script>"
        ),
        asks_pieces=True,
    ),
    "more by XMLHttpRequest": Pager(
        _always(
            "<button onclick=more()>加载更多</button><script>var page={n};function more(){page++;var x=new XMLHttpRequest;"
            f"x.open('GET','{_PIECES}'+page);x.send()}}</script>"
        ),
        asks_pieces=True,
    ),
    "more of a bundle": Pager(
        _always("<button id=more>加载更多</button><script src=/js/a.js></script>"), False
    ),
    "scroll by $.get": Pager(
        _always(
            "<script>var page={n};$(window).scroll(function(){if($(window).scrollTop()+$(window).height()>="
            "$(document).height()){page++;$.get('/piece/{slug}/list',{page:page},function(d){"
            "$('ul').append(d)})}})</script>"
        ),
        asks_pieces=True,
    ),
    "scroll by a function": Pager(
        _always(
            "<script>window.onscroll=function(){if(document.body.scrollHeight-window.scrollY<900)loadMore()}</script>"
        ),
        False,
    ),
    "scroll by htmx": Pager(_onward('<div hx-get="{next}" hx-trigger="revealed" hx-swap="outerHTML"></div>')),
    "base64": Pager(_coded),
    "base64 of a bundle": Pager(
        _always(
            "<div id=pg>====</div><script>pg.innerHTML=atob(document.getElementById('pg').innerText)</script>"
        ),
        False,
    ),
    "drawn into its place": Pager(
        _always("<div id=pagination></div><script>draw($('#pagination'),{n})</script>"), False
    ),
    "drawn by a bundle": Pager(
        _always(
            "<div class=pagination data-total=8 data-size=3 data-page={n}></div><script src=/js/a.js></script>"
        ),
        False,
    ),
    "words by fragment": Pager(
        _onward('<a href="#page={n+1}">下一页</a><script src=/js/a.js></script>'), False
    ),
    "words beside those switched off": Pager(
        _onward(
            '<a class=disabled>上一页</a><a href="javascript:;">下一页</a><script src=/js/a.js></script>'
        ),
        False,
    ),
    "words in a button": Pager(
        _onward("<button class=next>下一页</button><script src=/js/a.js></script>"), False
    ),
    "words by a component": Pager(
        _onward('<span class=btn @click="onward">下一页</span><script src=/js/a.js></script>'), False
    ),
    "words by a function": Pager(
        _onward(
            '<a href="javascript:onward()">下一页</a><script>var cur={n};function onward(){'
            "location.href='{stem}_'+(cur+1)+'.html'}</script>"
        ),
        False,
    ),
    "numbers by fragment": Pager(
        _handlers('<a href="#p{n}">{n}</a>', "<script src=/js/a.js></script>"), False
    ),
    "numbers without a handler": Pager(
        _handlers('<a href="javascript:;">{n}</a>', "<script src=/js/a.js></script>"), False
    ),
    "numbers in cells": Pager(_handlers("<li>{n}</li>", "<script src=/js/a.js></script>"), False),
    "numbers that submit": Pager(
        lambda place: (
            f'<form method=post action="{place.stem}.html">'
            + _handlers("<button name=page value={n}>{n}</button>", "")(place)
            + "</form>"
        ),
        posted=_of_page,
    ),
    "jqPaginator": Pager(
        _always(
            "<ul class=pagination id=pg></ul><script>$('#pg').jqPaginator({totalPages:3,currentPage:{n},onPageChange:"
            "function(num,type){if(type!='init')location.href='{stem}_'+num+'.html'}})</script>"
        )
    ),
    "one of three": Pager(
        _always("<div class=page><a>上一页</a><b>{n}/3</b><a>下一页</a></div><script src=/js/a.js></script>"),
        False,
    ),
    "TRS with its place": Pager(
        _always('<script>createPageHTML("pg",3,{n},"{stem}","html",8);</script>'),
    ),
    "rel next": Pager(_onward('<link rel=next href="{next}">')),
    "variables of a bundle": Pager(_always("<script>var pageCount=3,pageNo={n};</script>"), False),
    "hidden fields of a bundle": Pager(
        _always("<input type=hidden id=totalPage value=3><script src=/js/a.js></script>"), False
    ),
}


# --- lists behind a request -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Answers:
    """How a server's answers say how their list goes on."""

    says: Callable[[int], Mapping[str, object]]
    behind: str = "empty"
    """What is behind the last page: ``empty``, ``404``, ``repeat``, ``refusal``."""
    whole: bool = True
    numbered: bool = True
    offset: bool = False


ANSWERS: Mapping[str, Answers] = {
    "total": Answers(lambda _: {"total": COUNT}),
    "pages": Answers(lambda _: {"totalPages": LAST}),
    "hasNext": Answers(lambda n: {"hasNext": n < LAST}),
    "last": Answers(lambda n: {"last": n == LAST}),
    "total and offset": Answers(lambda _: {"total": COUNT}, offset=True),
    "nothing, then empty": Answers(lambda _: {}),
    "nothing, then 404": Answers(lambda _: {}, behind="404"),
    "nothing, then repeat": Answers(lambda _: {}, behind="repeat"),
    "total, no number": Answers(lambda _: {"total": COUNT}, whole=False, numbered=False),
    "total too high": Answers(lambda _: {"total": COUNT + 40}, whole=False),
    "refusal": Answers(lambda _: {}, behind="refusal", whole=False),
}

_LEADS: Mapping[str, str] = {
    # {at}: the server's address; {name}: what the number is called
    "named": "",
    "JSONP": "",
    "HTML in JSON": "",
    "$.get": "$.get('{at}?{name}='+page,function(d){fill('#rows',d)})",
    "$.getJSON": "$.getJSON('{at}',{{name}:page},function(d){$('#rows').html(d.list)})",
    "$.ajax": "$.ajax({url:'{at}',data:{{name}:page},success:function(d){$('#rows').html(line(d))}})",
    "$.ajax and POST": "$.ajax({url:'{at}',type:'post',data:{{name}:page},success:function(d){$('#rows').html(d)}})",
    "axios.post": "axios.post('{at}',{{name}:page}).then(d=>fill('#rows',d))",
    "signed": "$.get('{at}?{name}='+page+'&sign='+sign(page),function(d){fill('#rows',d)})",
    "fetch": "fetch(`{at}?{name}=${page}`).then(r=>r.json()).then(d=>fill('#rows',d))",
    "axios": "axios.get('{at}',{params:{{name}:page}}).then(d=>fill('#rows',d))",
    "XMLHttpRequest": "var x=new XMLHttpRequest();x.open('GET','{at}?{name}='+page);x.onload=function(){fill('#rows',x)}",
}
"""How a page's script asks for its list; "": the answers themselves are named as the section."""


_UNREAD = ("axios.post", "signed")
"""Those that only a run of the script would tell."""


def _answer(lead: str, answers: Answers, slug: str, number: int) -> Reply:
    if number > LAST and answers.behind in ("404", "refusal"):
        said = (
            json.dumps({"code": 500, "msg": "参数有误"})
            if answers.behind == "refusal"
            else "<title>404</title>"
        )
        return _reply(said, 200 if answers.behind == "refusal" else 404)
    place = Place(slug, min(number, LAST) if answers.behind == "repeat" else number)
    if lead == "HTML in JSON":
        rows: object = READERS["anchors"].draw(place) if place.rows else ""
    else:
        rows = json.loads(_data(place))
    text = json.dumps({"code": 200, **answers.says(place.number), "list": rows}, ensure_ascii=False)
    return _reply(f"callback({text});" if lead == "JSONP" else text)


def _reply(text: str, status: int = 200) -> Reply:
    return Reply(text.encode(), status)


# --- the site -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """One section of the site."""

    name: str
    """``reader × pager``."""
    whole: bool
    build: Callable[[str], Mapping[str, Answer]]
    """Slug → what the server answers."""
    count: int = COUNT
    start: str = "index.html"


def page_of(place: Place, body: str, more: str = "") -> str:
    """Return a whole page."""
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>第{place.slug}栏</title></head>"
        f"<body><h1>第{place.slug}栏</h1><div class=list>{body}</div>{more}</body></html>"
    )


def _html(reader: Reader, pager: Pager, stem: str = "index") -> Callable[[str], Mapping[str, Answer]]:
    def build(slug: str) -> Mapping[str, Answer]:
        first = Place(slug, path_of=pager.path, from_zero=pager.from_zero, stem=stem)
        whole: dict[int, Reply] = {}
        pieces: dict[int, Reply] = {}
        for number in range(1, LAST + 1):
            place = replace(first, number=number)
            lines, below = reader.draw(place), pager.draw(place).replace("{slug}", slug)
            whole[number], pieces[number] = _reply(page_of(place, lines, below)), _reply(lines)
        start = first.folder + first.at(1)
        if pager.asks_pieces:
            pieces[LAST + 1] = _reply("")
            if pager.posted:
                return {start: whole[1], f"/piece/{slug}/list": _posted(pager.posted, pieces)}
            return {start: whole[1]} | {f"/piece/{slug}/list?page={n}": pieces[n] for n in range(2, LAST + 2)}
        if pager.posted:
            return {start: _posted(pager.posted, whole)}
        return {first.folder + first.at(number): whole[number] for number in whole}

    return build


def _posted(number: Callable[[Mapping[str, list[str]]], int], pages: Mapping[int, Reply]) -> Answer:
    def answer(asked: Asked) -> Reply:
        return pages[number(parse_qs(asked.body.decode())) if asked.body else 1]

    return answer


def _framed(pager: Pager) -> Callable[[str], Mapping[str, Answer]]:
    inside = _html(READERS["anchors"], pager, "lines")

    def build(slug: str) -> Mapping[str, Answer]:
        frame = "<iframe src=lines.html width=100% height=800></iframe>"
        return {f"/c/{slug}/index.html": _reply(page_of(Place(slug), frame)), **inside(slug)}

    return build


def _asked(lead: str, answers: Answers) -> Callable[[str], Mapping[str, Answer]]:
    def build(slug: str) -> Mapping[str, Answer]:
        ask = _LEADS[lead]
        at = f"/api/{slug}/list" if ask else f"/c/{slug}/list.json"
        name = "offset" if answers.offset else "page"
        numbers = {(n - 1) * PER_PAGE if answers.offset else n: n for n in range(1, LAST + 2)}
        pages: dict[str, Answer]
        if not answers.numbered:
            pages = {at: _answer(lead, answers, slug, 1)}
        elif "POST" in lead:
            replies = {asked: _answer(lead, answers, slug, n) for asked, n in numbers.items()}
            pages = {at: _posted(lambda form: int(form[name][0]), replies)}
        else:
            pages = {f"{at}?{name}={asked}": _answer(lead, answers, slug, n) for asked, n in numbers.items()}
        if not ask:
            return pages
        script = _unnumbered(ask) if not answers.numbered else f"var page={min(numbers)};{ask}"
        script = script.replace("{at}", at).replace("{name}", name)
        leading = page_of(Place(slug), "<ul id=rows></ul>", f"<script>{script}</script>")
        return {f"/c/{slug}/index.html": _reply(leading), **pages}

    return build


def _unnumbered(ask: str) -> str:
    for number in (
        "+page+'&sign='+sign(page)",
        "?{name}='+page",
        "?{name}=${page}",
        ",{{name}:page}",
        "data:{{name}:page},",
        ",{params:{{name}:page}}",
    ):
        ask = ask.replace(number, "'" if number.startswith("?{name}='") else "")
    return ask


def _fed(kind: str, *, next_link: bool) -> Callable[[str], Mapping[str, Answer]]:
    def build(slug: str) -> Mapping[str, Answer]:
        first = Place(slug, stem="feed", path_of="feed_{page}.html")
        pages: dict[str, Answer] = {}
        for number in range(1, LAST + 1 if next_link else 2):
            place = replace(first, number=number)
            rows = place.rows if next_link else place.all_rows
            onward = (
                f'<link rel="next" href="{place.at(number + 1)}"/>' if next_link and number < LAST else ""
            )
            pages[first.folder + first.at(number)] = _reply(_FEEDS[kind](rows, onward))
        return pages

    return build


def _rss(rows: Sequence[Row], onward: str) -> str:
    items = "".join(
        f"<item><title>{r.title}</title><link>{r.path}</link><pubDate>{r.date}</pubDate></item>" for r in rows
    )
    onward = onward.replace("<link", "<atom:link")
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{onward}{items}</channel></rss>'


def _atom(rows: Sequence[Row], onward: str) -> str:
    items = "".join(
        f'<entry><title>{r.title}</title><link href="{r.path}"/><updated>{r.date}</updated></entry>'
        for r in rows
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{onward}{items}</feed>'


def _sitemap(rows: Sequence[Row], _: str) -> str:
    items = "".join(f"<url><loc>{r.path}</loc><lastmod>{r.date}</lastmod></url>" for r in rows)
    return f"<urlset>{items}</urlset>"


_FEEDS: Mapping[str, Callable[[Sequence[Row], str], str]] = {"RSS": _rss, "Atom": _atom, "sitemap": _sitemap}


# --- what stands beside a list and is no pager ----------------------------------------------------------

BESIDE: Mapping[str, str] = {
    "box drawn by a script": "<div class=side><h3>热门推荐</h3><ul id=hot></ul></div>"
    "<script>$.get('/hot/list?page=1',function(d){$('#hot').html(d)})</script>",
    "comments": "<div id=comments></div><script>$.get('/comment/list',{page:1},function(d){$('#comments').html(d)})</script>",
    "search form": '<form method=post action="/search"><input name=kw><input type=hidden name=page value=1>'
    "<button>搜索</button></form><script>function find(){document.forms[0].submit()}</script>",
    "template of a box": '<script type="text/html" id=tpl><li><a href="{{url}}">{{title}}</a></li></script>',
    "template never used": "<template><li><a href='/p/{{id}}.html'>{{title}}</a></li></template>",
    "more switched off": "<button disabled>加载更多</button><script src=/js/a.js></script>",
    "no more": "<p>没有更多了</p><script>$(window).scroll(function(){if($(window).scrollTop()>9)$('#top').show()})</script>",
    "more of another section": '<div class=box><h3>公告</h3><a href="/gg/">更多</a></div>',
    "pictures counted": "<p>共3张图片</p><p>图集：共 12 张</p>",
    "calendar": f"<table id=cal><tr>{''.join(f'<td><a href=#>{n}</a></td>' for n in range(1, 31))}</tr></table>"
    "<script src=/js/calendar.js></script>",
    "counter": "<span id=hits></span><script>$.get('/api/count?id=7',function(n){$('#hits').html(n)})</script>",
    "slides": "<div class=slide><ul class=num><li class=on>1</li><li>2</li><li>3</li></ul></div><script src=/js/a.js></script>",
    "slides that call": "<div class=focus><a onclick='slide(1)' class=on>1</a><a onclick='slide(2)'>2</a></div>"
    "<script src=/js/a.js></script>",
    "place of a pager, empty": "<div class=pagination id=pagination></div><script src=/js/jquery.js></script>",
    "pager switched off": "<div class=page><a>上一页</a><b>1</b><a>下一页</a></div><script src=/js/jquery.js></script>",
    "pager without pages": '<div class=page><a href="javascript:;">上一页</a><a href="javascript:;">下一页</a> 共1页</div>'
    "<script src=/js/jquery.js></script>",
    "weather": '<iframe src="/weather.html" width=200 height=30></iframe>',
    "menu": "<ul class=nav-list><li><a href=/ @click=open>首页</a></li><li><button>登录</button></li></ul><script src=/js/vue.js></script>",
    "empty component": "<share-box></share-box><script src=/js/vue.js></script>",
    "links to places in the page": "<a href='#s1'>1</a><a href='#s2'>2</a><a href='#top'>顶部</a><script src=/js/a.js></script>",
}


def _with_beside(beside: str, pager: str, *, ahead: bool) -> Callable[[str], Mapping[str, Answer]]:
    lines = READERS["anchors"].draw
    reader = Reader(lambda place: beside + lines(place) if ahead else lines(place) + beside)
    built = _html(reader, PAGERS[pager] if pager else Pager(lambda _: ""))
    if pager:
        return built
    return lambda slug: {path: page for path, page in built(slug).items() if path.endswith("/index.html")}


def _sections() -> Iterator[Listed]:
    for name, markup in BESIDE.items():
        for ahead in (True, False):
            where = "before" if ahead else "behind"
            yield Listed(f"{name} {where} × none", True, _with_beside(markup, "", ahead=ahead), PER_PAGE)
            yield Listed(f"{name} {where} × words", True, _with_beside(markup, "words", ahead=ahead))
    for pager_name, pager in PAGERS.items():
        for reader_name, reader in READERS.items():
            if reader.is_markup or not pager.asks_pieces:
                yield Listed(
                    f"{reader_name} × {pager_name}", reader.whole and pager.whole, _html(reader, pager)
                )
        yield Listed(f"iframe × {pager_name}", pager.whole, _framed(pager), start="index.html")
    for lead, ask in _LEADS.items():
        for answer_name, answers in ANSWERS.items():
            start = "index.html"
            if not ask:
                number = f"?{'offset=0' if answers.offset else 'page=1'}" if answers.numbered else ""
                start = f"list.json{number}"
            yield Listed(
                f"{lead} × {answer_name}",
                answers.whole and lead not in _UNREAD,
                _asked(lead, answers),
                start=start,
            )
    for kind in _FEEDS:
        yield Listed(f"{kind} × none", True, _fed(kind, next_link=False), start="feed.html")
        if kind != "sitemap":
            yield Listed(f"{kind} × next", True, _fed(kind, next_link=True), start="feed.html")


SECTIONS: Mapping[str, Listed] = {str(number): listed for number, listed in enumerate(_sections(), 101)}
"""Slug → section."""


def chosen() -> tuple[str, ...]:
    """Return the slugs of one site with every reader, every pager and every box, no pair of two lists alike.

    Each pager takes the next reader, each kind of answer the next way to ask for it.
    """
    left: dict[str, list[str]] = {}
    for slug, listed in SECTIONS.items():
        left.setdefault(listed.name.partition(" × ")[2], []).append(slug)
    found = []
    for turn, (name, slugs) in enumerate(left.items()):
        found += slugs if name == "none" else [slugs[turn % len(slugs)]]
    return tuple(dict.fromkeys(found))


def home_page(slugs: Sequence[str]) -> str:
    """Return a home page that links these sections."""
    links = "".join(f'<li><a href="/c/{slug}/{SECTIONS[slug].start}">第{slug}栏</a></li>' for slug in slugs)
    return f"<!DOCTYPE html><meta charset=utf-8><title>云汀网</title><ul>{links}</ul>"
