"""The site of 云汀县: three sections of static pages, 22 to 60 KB each as on real sites, served on loopback.

Navigation, side columns, lists of links, pictures, scripts, a credit line: a page is 400 to 900 elements of which the
article is a few.  All of it is invented; the same number of articles gives the same bytes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

SECTIONS = {"yaowen": "要闻", "xiangzhen": "乡镇", "minsheng": "民生"}
PER_PAGE = 20
_LAST = 25
"""List pages of a section at the default size."""
ARTICLES = len(SECTIONS) * PER_PAGE * _LAST

_WORDS = [
    "云汀",
    "全县",
    "项目",
    "乡村",
    "振兴",
    "产业",
    "建设",
    "推进",
    "群众",
    "服务",
    "工作",
    "会议",
    "发展",
    "企业",
    "生态",
    "环境",
    "干部",
    "基层",
    "治理",
    "社区",
    "学校",
    "医院",
    "农业",
    "种植",
    "柑橘",
    "茶叶",
    "水稻",
    "村民",
    "增收",
    "合作社",
    "基地",
    "道路",
    "桥梁",
    "河道",
    "水库",
    "防汛",
    "安全",
    "检查",
    "整改",
    "落实",
    "责任",
    "措施",
    "培训",
    "技能",
    "就业",
    "创业",
    "青年",
    "老人",
    "儿童",
    "志愿",
    "活动",
    "文化",
    "旅游",
    "景区",
    "游客",
    "节日",
    "演出",
    "图书",
    "阅读",
    "体育",
    "比赛",
    "运动",
    "健康",
    "义诊",
    "药品",
    "市场",
    "价格",
    "消费",
    "补贴",
    "政策",
    "申报",
    "审批",
    "窗口",
    "便民",
    "数据",
    "平台",
    "智慧",
    "电网",
    "供水",
    "燃气",
    "管网",
    "改造",
    "小区",
    "电梯",
    "停车",
    "绿化",
    "公园",
    "广场",
    "清洁",
    "垃圾",
    "分类",
    "回收",
    "能源",
    "光伏",
    "储能",
    "制造",
    "园区",
    "招商",
    "签约",
    "投产",
    "出口",
    "订单",
    "物流",
    "仓储",
    "电商",
    "直播",
    "品牌",
    "标准",
    "质量",
    "研发",
]
_GLUE = ("", "", "的", "和", "在", "为", "将", "与", "对", "了")
_NAMES = (
    "闻小满",
    "乔安",
    "纪朗",
    "卫青禾",
    "舒远",
    "江沐",
    "柏舟",
    "岑雨",
    "陶砚",
    "莫知秋",
    "温言",
    "梁溪",
)
_SCRIPT = """
var _st = {id: %d, catid: '%s', host: location.host, ua: navigator.userAgent, t: %d};
(function (d, s, id) { var js, fjs = d.getElementsByTagName(s)[0]; if (d.getElementById(id)) { return; }
  js = d.createElement(s); js.id = id; js.async = true; js.src = '/static/js/stat.js?v=' + _st.t; fjs.parentNode.insertBefore(js, fjs); }(document, 'script', 'st-%d'));
$(function () { $('.tab li').hover(function () { var i = $(this).index(); $(this).addClass('on').siblings().removeClass('on'); $('.tabc').hide().eq(i).show(); }); });
"""
_STYLE = "".join(
    f".m{n} .t{n}{{float:left;width:{200 + n}px;height:{20 + n}px;line-height:{20 + n}px;color:#{n * 4099 % 0xFFFFFF:06x};"
    f"background:url(/static/i/{n}.png) no-repeat 0 -{n * 7}px}}"
    for n in range(16)
)
CONF = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log error;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=20000; etag off;
  types {{ text/html html; text/plain txt; }} charset utf-8;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""


def pages(articles: int) -> dict[str, str]:
    """Return path → text of every page of a site with so many articles, rounded up to whole list pages."""
    random = Random(19)
    last = -(-articles // (len(SECTIONS) * PER_PAGE))
    titles = {
        (slug, n): f"{_sentence(random, 6)}" for slug in SECTIONS for n in range(1, last * PER_PAGE + 1)
    }
    found = {"/robots.txt": "User-agent: *\nDisallow: /admin/\n"}
    links = "".join(f'<li><a href="/{slug}/index.html">{name}</a></li>' for slug, name in SECTIONS.items())
    found["/index.html"] = _page(random, titles, "云汀新闻网", f'<ul class="sections">{links}</ul>', 0, "")
    for slug, name in SECTIONS.items():
        for number in range(1, last + 1):
            rows = "".join(
                f'<li><span class="date">{_day(n)}</span><a href="{_path(slug, n)}" title="{titles[slug, n]}" target="_blank">{titles[slug, n]}</a></li>'
                for n in range((number - 1) * PER_PAGE + 1, number * PER_PAGE + 1)
            )
            after = f'<a href="{_list_path(slug, number + 1)}">下一页</a>' if number < last else ""
            main = f'<ul class="list">{rows}</ul><div class="pages"><span>第{number}页 共{last}页</span> {after}</div>'
            found[_list_path(slug, number)] = _page(random, titles, name, main, number, slug)
        for n in range(1, last * PER_PAGE + 1):
            found[_path(slug, n)] = _article(random, titles, slug, n)
    return found


def profile(host: str) -> str:
    """Return the site's profile.  ``host``: ``127.0.0.1:54321``."""
    sections = "|".join(SECTIONS)
    return f"""
name = "yunting"
title = "云汀新闻网"
hosts = ["{host}"]
start_urls = ["http://{host}/index.html"]
article_url = '/(?:{sections})/\\d{{6}}/(?P<id>[a-z]+\\d+)\\.html'
section_url = '/(?P<id>{sections})/index(?:_\\d+)?\\.html'
[politeness]
delay = 0
max_pages = 10000
"""


@contextmanager
def served(articles: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the site from a process of its own; gives host with port, and the name of the server.

    nginx where it is installed, else one that writes answers made beforehand: it takes about 30 µs of CPU a page.
    """
    found = pages(articles)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    process: Any
    if nginx:
        for path, text in found.items():
            file = folder / "pages" / path[1:]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(CONF.format(folder=folder, port=port))
        command = [
            nginx,
            "-p",
            str(folder),
            "-e",
            str(folder / "error.log"),
            "-c",
            str(folder / "nginx.conf"),
        ]
        process = subprocess.Popen(command)
    else:
        process = multiprocessing.Process(target=_serve, args=(found, port), daemon=True)
        process.start()
    try:
        _wait_for(port)
        yield f"127.0.0.1:{port}", "nginx" if nginx else "a server of prepared answers (no nginx here)"
    finally:
        process.terminate()
        process.wait() if nginx else process.join()


def _serve(found: dict[str, str], port: int) -> None:
    answers = {}
    for path, text in found.items():
        kind, body = "plain" if path.endswith(".txt") else "html", text.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        answers[path.encode()] = head.encode() + body
    absent = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    class Answers(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.waiting = transport, b""

        def data_received(self, data: bytes) -> None:
            *asked, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
            for one in asked:
                self.transport.write(answers.get(one.split(b" ", 2)[1], absent))

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", port, backlog=256)
        await server.serve_forever()

    asyncio.run(serve())


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


# --- pages -----------------------------------------------------------------------------------------------


def _path(slug: str, n: int) -> str:
    return f"/{slug}/{_day(n)[:7].replace('-', '')}/{slug[0]}{100000 + n}.html"


def _list_path(slug: str, number: int) -> str:
    return f"/{slug}/index.html" if number == 1 else f"/{slug}/index_{number}.html"


def _day(n: int) -> str:
    """Return the day of an article: three a day, the newest first."""
    days = 2000 - n // 3
    return f"{2018 + days // 336}-{1 + days % 336 // 28:02}-{1 + days % 28:02}"


def _sentence(random: Random, words: int) -> str:
    return "".join(word + random.choice(_GLUE) for word in random.choices(_WORDS, k=words))


def _paragraph(random: Random) -> str:
    parts = [_sentence(random, random.randrange(4, 12)) for _ in range(random.randrange(4, 12))]
    return "，".join(parts) + "。"


def _links(random: Random, titles: dict[tuple[str, int], str], count: int) -> str:
    keys = random.choices([*titles], k=count)
    return "".join(
        f'<li class="item"><i class="dot"></i><a href="{_path(*key)}" title="{titles[key]}" target="_blank">{titles[key]}</a>'
        f'<span class="time">{_day(key[1])[5:]}</span></li>'
        for key in keys
    )


def _article(random: Random, titles: dict[tuple[str, int], str], slug: str, n: int) -> str:
    name, title = SECTIONS[slug], titles[slug, n]
    reporter, writer, editor, first, second, third = random.sample(_NAMES, 6)
    paragraphs = [f"<p>　　{_paragraph(random)}</p>" for _ in range(random.randrange(3, 22))]
    for number in range(random.randrange(3)):
        picture = f'<p style="text-align:center"><img src="/upload/{_day(n)[:4]}/{slug}{n}_{number}.jpg" width="600" alt=""></p>'
        paragraphs.insert(1 + 2 * number, picture)
    time_of_day = f"{8 + n % 10:02}:{n * 7 % 60:02}"
    main = f"""
<div class="crumb">当前位置：<a href="/index.html">首页</a> &gt; <a href="/{slug}/index.html">{name}</a> &gt; 正文</div>
<h1 class="title">{title}</h1>
<div class="info"><span class="date">{_day(n)} {time_of_day}</span> <span class="source">来源：云汀县融媒体中心</span> <span>字号：<a href="javascript:;">大</a> <a href="javascript:;">小</a></span></div>
<div class="content" id="content">
{chr(10).join(paragraphs)}
<p class="credit">记者：{reporter} 通讯员：{writer}</p>
<p class="credit">编辑：{editor} 一审：{first} 二审：{second} 三审：{third}</p>
</div>
<div class="share"><a href="javascript:;">微信</a><a href="javascript:;">微博</a></div>
<div class="related"><h3>相关阅读</h3><ul>{_links(random, titles, random.randrange(6, 20))}</ul></div>"""
    return _page(random, titles, title, main, n, slug)


def _page(
    random: Random, titles: dict[tuple[str, int], str], title: str, main: str, number: int, slug: str
) -> str:
    """Return a whole page around what it is for."""
    menu = "".join(
        f'<li class="nav{n}"><a href="/channel/{n}.html">{_WORDS[n]}{_WORDS[n + 40]}</a><ul class="sub">'
        + "".join(f'<li><a href="/channel/{n}_{m}.html">{_WORDS[n + 3 * m]}</a></li>' for m in range(5))
        + "</ul></li>"
        for n in range(14)
    )
    most = random.randrange(6, 36)
    side = "".join(
        f'<div class="box m{n}"><h3><a href="/special/{n}.html">{_WORDS[n * 5]}{_WORDS[n * 7]}</a></h3>'
        f'<ul class="news">{_links(random, titles, random.randrange(3, most))}</ul></div>'
        for n in range(4)
    )
    friends = "".join(
        f'<a href="http://www.friend{n}.example/">{_WORDS[n]}{_WORDS[n + 9]}网</a> | ' for n in range(30)
    )
    ads = "".join(
        f'<div class="ad t{n}"><a href="/special/{n}.html" target="_blank"><img src="/static/ad/{n}.jpg" alt="{_WORDS[n]}{_WORDS[n + 20]}"></a></div>'
        for n in range(6)
    )
    scripts = "".join(
        f"<script>{_SCRIPT % (number, slug, 1_700_000_000 + number + n, n)}</script>"
        for n in range(random.randrange(1, 9))
    )
    tail = "" if not slug else f"_{SECTIONS[slug]}"
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}{tail}_云汀新闻网</title>
<meta name="keywords" content="云汀,新闻"><meta name="description" content="云汀新闻网">
<link rel="stylesheet" href="/static/css/main.css"><style>{_STYLE}</style><script src="/static/js/jquery.js"></script></head>
<body><div class="top"><a href="/login.html">登录</a> <a href="/reg.html">注册</a> <form action="/search.html"><input name="q"><button>搜索</button></form></div>
<div class="header"><a href="/index.html"><img src="/static/logo.png" alt="云汀新闻网"></a></div>
<div class="nav"><ul>{menu}</ul></div>{ads}
<div class="wrap"><div class="left">{main}</div><div class="right">{side}</div></div>
<div class="friends"><h3>友情链接</h3>{friends}</div>
<div class="footer"><p>云汀县融媒体中心 版权所有 未经授权不得转载</p><p>地址：云汀县平湖路1号 电话：0000-0000000 备案号：云ICP备00000000号</p></div>
{scripts}</body></html>
"""
