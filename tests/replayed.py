"""Captures as a hostile or a careless site sends them, in an archive with WARC files.  All names are invented."""

from collections.abc import Mapping
from pathlib import Path

from archive import Archive
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType
from archive.store.captures import begin_warc, save_capture, save_capture_error
from archive.store.crawls import begin_crawl

HOST = "http://www.yunting.example"
PAGE = f"{HOST}/a/page.html?id=1"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
    "0000001649444154789c63f8cfc0c0c0c0f09f81818181e13f0300160003010bc7fbb90000000049454e44ae426082"
)
PLAIN = """<?xml version="1.0" encoding="gb2312"?>
<html><head><title>云汀县柑橘开园</title><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<base href="/b/"><link rel="stylesheet" href="../style.css"><link rel="stylesheet" href="none.css"></head>
<body><h1>云汀县柑橘开园</h1>
<img alt="直写" src="one.png"><img alt="懒加载" src="/loading.gif" data-original="/b/two.png"><img alt="没存" src="three.png">
<img alt="成组" srcset="/b/small.png 1x, /b/two.png 2x" src="small.png"><img alt="转义" src="图 片.png">
<a id="next" href="../a/next.html#p2">下一篇</a><a id="here" href="#p1">本页</a></body></html>"""
ATTACKS: Mapping[str, str] = {
    "scripts": "<script>alert(1)</script><script src='//evil.invalid/x.js'></script><p onclick=alert(1)>甲</p>",
    "handlers": "<img src=x onerror=alert(1)><body onload=alert(1) onpageshow=alert(1)><svg onload=alert(1)>",
    "refresh": "<meta http-equiv=refresh content='0;url=//evil.invalid/'><meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "frames": "<iframe src=//evil.invalid/ srcdoc='<script>alert(1)</script>'></iframe><object data=//evil.invalid/></object>"
    "<embed src=//evil.invalid/><applet code=x></applet><portal src=//evil.invalid/></portal>",
    "frameset": "<frameset><frame src=//evil.invalid/></frameset>",
    "links": "<a id=link href='javascript:alert(1)'>甲</a><a href=' java\nscript:alert(1)'>乙</a>"
    "<a href='data:text/html,<script>alert(1)</script>' ping=//evil.invalid/ target=_top>丙</a>",
    "base": "<base href='//evil.invalid/'><base href='javascript:alert(1)'><img src=x.png><a href=y>甲</a>",
    "styles": "<style>@import url(//evil.invalid/x.css);body{background:url(//evil.invalid/x.png)}</style>"
    "<p style='background:url(//evil.invalid/x.png)'>甲</p><table background=//evil.invalid/x.png><td>乙</table>",
    "hidden": "<style>body *{display:none!important;opacity:0!important}div{position:fixed!important;top:-99px!important}"
    "strong,a{font-size:0!important}</style><p>甲</p>",
    "hints": "<link rel=preload as=image href=//evil.invalid/x.png><link rel='prefetch dns-prefetch preconnect' href=//evil.invalid/>"
    "<link rel=icon href=//evil.invalid/i.png><link rel='stylesheet' href=//evil.invalid/x.css><link rel=manifest href=/m>",
    "media": "<img srcset='//evil.invalid/x.png 2x' src=//evil.invalid/x.png><video poster=//evil.invalid/x.png src=//evil.invalid/x.mp4>"
    "<source src=//evil.invalid/y></video><input type=image src=//evil.invalid/x.png><audio autoplay src=//evil.invalid/x.mp3></audio>",
    "forms": "<form action=//evil.invalid/><input name=a autofocus onfocus=alert(1)><button id=link formaction=//evil.invalid/>交</button></form>",
    "vectors": "<svg><a xlink:href='javascript:alert(1)'><text y=20>甲</text></a><script>alert(1)</script>"
    "<animate attributeName=href values='javascript:alert(1)'/><foreignObject><iframe src=//evil.invalid/></iframe></foreignObject>"
    "<image href=//evil.invalid/x.png /><use href='//evil.invalid/x.svg#a'/></svg>",
    "drawn": "<p>甲<svg><style>a{b:'<iframe src=//evil.invalid/ onload=alert(1)></iframe>'}</style></svg><math><mtext>"
    "<style><img src=x onerror=alert(1)></style></mtext></math><svg><g><desc><style><script>alert(1)</script></style></desc></g></svg><p>乙",
    "viewport": "<meta name=viewport http-equiv=refresh content='0;url=//evil.invalid/'><meta name=VIEWPORT HTTP-EQUIV=set-cookie content=a=b>甲",
    "old": "<img src=x.png lowsrc=//evil.invalid/x.png dynsrc=//evil.invalid/x.avi><input type=image dynsrc=//evil.invalid/x.avi>甲",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">"
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript><xmp><img src=x onerror=alert(1)></xmp>",
    "head": "<html><head title='<body'><plaintext><select><textarea><title>甲</title><div>头里的字</div></head><body title='a>b<body'>乙",
    "unclosed": "<html><head><title>甲<body><p>乙",
    "comment": "<!-- <body> --><!DOCTYPE html><!--[if IE]><script>alert(1)</script><![endif]--><?php echo 1 ?><body>甲",
    "cdata": "<![CDATA[<script>alert(1)</script>]]><p>甲",
    "nul": "\0<scr\0ipt>alert(1)</scr\0ipt><p>甲\0乙",
    "deep": "<div>" * 1_500 + "甲",
    "nothing": "",
    "comments-only": "<!-- 甲 -->",
    "app": "<html manifest=//evil.invalid/m><template><script>alert(1)</script></template><p>甲",
}  # fmt: skip
"""Name → a page that acts, asks others, or hides that it is archived."""


def attack_url(name: str) -> str:
    return f"{HOST}/attack/{name}.html"


def add_captures(path: Path) -> None:
    """Add the captures to an archive; make it if it is not there."""
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})

        def save(
            url: str, body: bytes, capture_type: CaptureType, at: str, status: int = 200, **headers: str
        ) -> None:
            sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
            exchange = Exchange(url, at, "GET", (), status, sent, body)
            save_capture(archive, exchange, crawl, capture_type=capture_type, site="yunting")

        at = "2024-11-02T01:00:00Z"
        save(PAGE, PLAIN.encode("gbk"), CaptureType.OTHER, at, content_type="text/html")
        save(PAGE, b"", CaptureType.OTHER, "2024-11-05T01:00:00Z", 304, etag='"1"')
        again = PLAIN.replace("柑橘", "脐橙").encode("gbk")
        save(PAGE, again, CaptureType.OTHER, "2024-12-01T01:00:00Z", content_type="text/html; charset=gbk")
        save(
            PAGE,
            "没有了".encode("gbk"),
            CaptureType.OTHER,
            "2024-12-20T01:00:00Z",
            404,
            content_type="text/html",
        )
        style = "@charset 'gbk'; h1 { font-family: 宋体; color: #123456 }".encode("gbk")
        save(f"{HOST}/style.css", style, CaptureType.OTHER, at, content_type="text/css")
        for name in ("one", "two", "%E5%9B%BE%20%E7%89%87"):
            save(f"{HOST}/b/{name}.png", PNG, CaptureType.MEDIA, at, content_type="image/png")
        for name, kind in (("lost.png", "image/png"), ("lost.pdf", "application/pdf")):
            save(f"{HOST}/{name}", PNG, CaptureType.MEDIA, at, 404, content_type=kind)
        for old, new in (
            ("/old", PAGE),
            ("/round", "/about"),
            ("/about", "/round"),
            ("/out", "//evil.invalid/"),
        ):
            save(f"{HOST}{old}", b"", CaptureType.OTHER, at, 302, location=new)
        save(
            f"{HOST}/%E5%90%8D%E5%8D%95.pdf", b"%PDF-1", CaptureType.MEDIA, at, content_type="application/pdf"
        )
        for name, page in ATTACKS.items():
            save(
                attack_url(name),
                page.encode(),
                CaptureType.OTHER,
                at,
                content_type="text/html; charset=utf-8",
            )
        save_capture_error(
            archive, f"{HOST}/silent", at, "timeout", crawl, capture_type=CaptureType.OTHER, site="yunting"
        )
