"""Lies that servers tell, as data: what is sent, and what a crawl must make of it.

Every lie about an article is told by one article of a site that has one for each of them, and so for lists, pictures
and articles looked at again; lies of the whole site have a site each.
"""

import gzip
import re
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import NamedTuple, Self

from tests.crawled import YICHANG, samples
from tests.patience import PATIENCE

Answer = Callable[[socket.socket], object]
"""Sends what it likes; True: the connection is kept for the next request."""

_ARTICLES = dict(samples(400))


def page(number: int, word: str = "") -> bytes:
    """Return the true page of an article; ``word`` is put into its text."""
    found = YICHANG.render(_ARTICLES[number], "").decode()
    return found.replace("云汀县", f"云汀县{word}", 1).replace("1月15日", f"1月15日第{number}次").encode()


def head(status: str = "200 OK", *headers: str, kind: str | None = "text/html; charset=utf-8") -> bytes:
    """Return status line and headers.  ``kind``: Content-Type, None = no such header."""
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def send(*parts: bytes) -> Answer:
    """Return the answer of these bytes."""

    def answer(peer: socket.socket) -> None:
        for part in parts:
            peer.sendall(part)

    return answer


def sized(
    body: bytes, status: str = "200 OK", *headers: str, kind: str | None = "text/html; charset=utf-8"
) -> Answer:
    """Return an answer with the right length."""
    return send(head(status, *headers, f"Content-Length: {len(body)}", kind=kind), body)


def chunks(body: bytes, size: int = 700) -> bytes:
    """Return a body in chunks, without the last, empty one."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def redirect(where: str, status: str = "302 Found") -> Answer:
    """Return a redirect."""
    return sized(b"", status, f"Location: {where}")


def article(number: int) -> str:
    """Return the address of an article."""
    return YICHANG.path.format(id=number)


CHUNKED = "Transfer-Encoding: chunked"
GZIP, DEFLATE = "Content-Encoding: gzip", "Content-Encoding: deflate"


class Lie(NamedTuple):
    """What is told about one article, and what is known of it behind the crawl."""

    tell: Callable[[int], Answer]
    """Number of the article → the answer."""
    said: str = ""
    """Matches the reason in ``failure``; "": archived, whole and once, with its own title and reviewers."""
    status: int = 1
    """Of the crawl, where the article is not archived.  0: the list leads elsewhere, and no article is lost."""


def _body(
    change: Callable[[bytes], bytes], *headers: str, kind: str | None = "text/html; charset=utf-8"
) -> Callable[[int], Answer]:
    return lambda number: sized(change(page(number)), "200 OK", *headers, kind=kind)


def _status(line: str, *headers: str) -> Callable[[int], Answer]:
    return lambda number: sized(page(number), line, *headers)


def _text(text: str, *headers: str) -> Callable[[int], Answer]:
    return lambda number: sized(text.encode(), "200 OK", *headers)


def _whole(data: bytes) -> bytes:
    return data


def _raw(make: Callable[[bytes], bytes]) -> Callable[[int], Answer]:
    return lambda number: send(make(page(number)))


def _line(status: bytes) -> Callable[[int], Answer]:
    return _raw(
        lambda body: status + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    )


def _header(*lines: bytes) -> Callable[[int], Answer]:
    more = b"".join(line + b"\r\n" for line in lines)
    return _raw(lambda body: head("200 OK", f"Content-Length: {len(body)}")[:-2] + more + b"\r\n" + body)


def _packed(body: bytes, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return packer.compress(body) + packer.flush()


def _goes(where: str, status: str = "302 Found") -> Callable[[int], Answer]:
    return lambda number: redirect(where.format(number=number), status)


def _slow(peer: socket.socket, body: bytes, pause: float, parts: int) -> None:
    peer.sendall(head("200 OK", f"Content-Length: {len(body)}"))
    size = len(body) // parts + 1
    for start in range(0, len(body), size):
        time.sleep(pause)
        peer.sendall(body[start : start + size])


def _silent(peer: socket.socket) -> None:
    """Answer nothing until nobody listens any more."""
    peer.settimeout(PATIENCE)
    with suppress(OSError):
        while peer.recv(65_536):
            pass


def _reset(peer: socket.socket) -> None:
    peer.sendall(head("200 OK", "Content-Length: 100000") + b"<html>")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def _kept(*parts: bytes) -> Answer:
    def answer(peer: socket.socket) -> bool:
        for part in parts:
            peer.sendall(part)
        return True

    return answer


def _keep_alive(body: bytes, *more: bytes) -> bytes:
    return (
        head("200 OK", f"Content-Length: {len(body)}").replace(b"close", b"keep-alive")
        + body
        + b"".join(more)
    )


def _charset(
    name: str | None, change: Callable[[bytes], bytes] = _whole, encoding: str = "utf-8"
) -> Callable[[int], Answer]:
    kind = "text/html" if name is None else f"text/html; charset={name}"
    return _body(lambda body: change(body.decode().encode(encoding, "xmlcharrefreplace")), kind=kind)


def _meta(name: str) -> Callable[[bytes], bytes]:
    return lambda body: re.sub(rb'(<meta charset=")[\w-]+', rb"\g<1>" + name.encode(), body)


PICTURE = (  # a PNG of one pixel
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)

LOGIN = "<title>登录</title><form action='/login'>用户名<input name=u>密码<input type=password name=p><button>登录</button></form>"
MAINTENANCE = (
    "<title>云汀网</title><h1>系统维护中</h1><p>尊敬的网友：为了给您提供更好的服务，本站正在进行系统升级维护，"
    "预计今日二十二时恢复访问，期间给您带来的不便，敬请谅解。感谢您对云汀网的支持！</p>"
)
PARKED = (
    "<title>该域名出售</title><h1>您访问的域名正在出售</h1><p>This domain may be for sale. 联系经纪人购买该域名，"
    "价格面议，提供过户、解析与备案服务。</p><a href='http://broker.example/buy'>立即购买</a>"
)
DIRECTORY = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html><head><title>Index of /content</title></head><body>'
    '<h1>Index of /content</h1><pre><a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a><hr>'
    '<a href="/">Parent Directory</a> - <a href="a.bak">a.bak</a> 2024-01-16 15:40 12K<hr></pre>'
    "<address>Apache/2.4 Server at www.yunting.example Port 80</address></body></html>"
)
HOME = (
    "<title>云汀网</title><ul>"
    + "".join(f'<li><a href="/content/list?catid={n}">栏目{n}</a></li>' for n in range(1, 9))
    + "</ul><p>云汀县融媒体中心主办 鄂ICP备00000000号</p>"
)

ARTICLES: dict[str, Lie] = {
    # --- lengths
    "length: shorter than said": Lie(
        _raw(lambda body: head("200 OK", "Content-Length: 100000") + body), "connection broken before the end"
    ),
    "length: one byte missing": Lie(
        _raw(lambda body: head("200 OK", f"Content-Length: {len(body) + 1}") + body),
        "connection broken before the end",
    ),
    "length: headers alone": Lie(
        _raw(lambda body: head("200 OK", f"Content-Length: {len(body)}")), "connection broken before the end"
    ),
    "length: half the headers": Lie(
        _raw(lambda body: head("200 OK", f"Content-Length: {len(body)}")[:40]), "connection"
    ),
    "length: longer than said": Lie(
        _raw(lambda body: head("200 OK", f"Content-Length: {len(body) - 400}") + body),
        "the page is cut: it ends within a tag",
    ),
    "length: 0 and a page": Lie(
        _raw(lambda body: head("200 OK", "Content-Length: 0") + body), "longer than|layout"
    ),
    "length: negative": Lie(
        _raw(lambda body: head("200 OK", "Content-Length: -1") + body), "connection failed"
    ),
    "length: no number": Lie(
        _raw(lambda body: head("200 OK", "Content-Length: many") + body), "connection failed"
    ),
    "length: twice, the same": Lie(
        _raw(lambda body: head("200 OK", *[f"Content-Length: {len(body)}"] * 2) + body)
    ),
    "length: two of them": Lie(
        _raw(lambda body: head("200 OK", "Content-Length: 9", f"Content-Length: {len(body)}") + body),
        "connection failed",
    ),
    "length: and chunks": Lie(
        _raw(lambda body: head("200 OK", CHUNKED, "Content-Length: 9") + chunks(body) + b"0\r\n\r\n")
    ),
    "length: none": Lie(_raw(lambda body: head() + body)),
    "length: HTTP/1.0 without": Lie(
        _raw(lambda body: b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)
    ),
    "length: HTTP/1.0 without, cut": Lie(
        _raw(lambda body: b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body[: len(body) * 3 // 4]),
        "the page is cut: it ends within a tag",
    ),
    "length: none, cut": Lie(
        _raw(lambda body: head() + body[: len(body) * 3 // 4]), "the page is cut: it ends within a tag"
    ),
    "length: none, cut in a tag": Lie(
        _raw(lambda body: head() + body[: body.rindex(b"</p>") + 2]),
        "the page is cut: it ends within a tag",
    ),
    "length: empty page": Lie(_text(""), "layout"),
    "length: only spaces": Lie(_text(" \r\n \t\n"), "layout"),
    "length: endless": Lie(lambda number: _endless, "larger than the download limit"),
    # --- chunks
    "chunks: whole": Lie(_raw(lambda body: head("200 OK", CHUNKED) + chunks(body) + b"0\r\n\r\n")),
    "chunks: with trailer": Lie(
        _raw(lambda body: head("200 OK", CHUNKED, "Trailer: X-Sum") + chunks(body) + b"0\r\nX-Sum: 1\r\n\r\n")
    ),
    "chunks: with extension": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + b"%X;a=b\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    ),
    "chunks: cut in one": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + chunks(body)[:-200]), "connection broken before the end"
    ),
    "chunks: without the last": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + chunks(body)), "connection broken before the end"
    ),
    "chunks: last without its end": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + chunks(body) + b"0\r\n"),
        "connection broken before the end",
    ),
    "chunks: garbage": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + chunks(body) + b"zzz\r\nno size"), "connection|broken"
    ),
    "chunks: negative": Lie(
        _raw(lambda body: head("200 OK", CHUNKED) + chunks(body) + b"-5\r\n"), "connection|broken"
    ),
    "chunks: said, not sent": Lie(_raw(lambda body: head("200 OK", CHUNKED) + body), "connection|broken"),
    "chunks: sent, not said": Lie(
        _raw(lambda body: head("200 OK") + chunks(body, 60) + b"0\r\n\r\n"),
        "came in chunks, and the server did not say so",
    ),
    "chunks: an unknown transfer coding": Lie(
        _raw(lambda body: head("200 OK", "Transfer-Encoding: gzip") + gzip.compress(body)), "."
    ),
    # --- codings
    "coding: gzip": Lie(_body(gzip.compress, GZIP)),
    "coding: x-gzip": Lie(_body(gzip.compress, "Content-Encoding: x-gzip")),
    "coding: deflate": Lie(_body(zlib.compress, DEFLATE)),
    "coding: deflate without frame": Lie(_body(lambda body: _packed(body, -15), DEFLATE)),
    "coding: gzip twice, named twice": Lie(
        _body(lambda body: gzip.compress(gzip.compress(body)), "Content-Encoding: gzip, gzip")
    ),
    "coding: gzip and chunks": Lie(
        _raw(lambda body: head("200 OK", CHUNKED, GZIP) + chunks(gzip.compress(body)) + b"0\r\n\r\n")
    ),
    "coding: gzip with padding": Lie(_body(lambda body: gzip.compress(body) + bytes(16), GZIP)),
    "coding: gzip said, plain": Lie(_body(_whole, GZIP)),
    "coding: deflate said, plain": Lie(_body(_whole, DEFLATE)),
    "coding: identity": Lie(_body(_whole, "Content-Encoding: identity")),
    "coding: utf-8": Lie(_body(_whole, "Content-Encoding: utf-8")),
    "coding: gzip, cut": Lie(
        _body(lambda body: gzip.compress(body)[:-20], GZIP),
        "cut or damaged: the gzip stream ends before its end",
    ),
    "coding: gzip without its last byte": Lie(
        _body(lambda body: gzip.compress(body)[:-1], GZIP), "the gzip stream ends before its end"
    ),
    "coding: gzip, wrong sum": Lie(
        _body(lambda body: gzip.compress(body)[:-8] + bytes(8), GZIP), "the gzip stream is damaged"
    ),
    "coding: gzip, damaged inside": Lie(
        _body(lambda body: _flipped(gzip.compress(body)), GZIP), "the gzip stream is damaged"
    ),
    "coding: deflate, cut": Lie(
        _body(lambda body: zlib.compress(body)[:-20], DEFLATE), "the deflate stream ends before its end"
    ),
    "coding: cut, no length": Lie(
        _raw(lambda body: head("200 OK", GZIP) + gzip.compress(body)[:-30]),
        "the gzip stream ends before its end",
    ),
    "coding: gzip, empty": Lie(_text("", GZIP), "layout|empty"),
    "coding: gzip named deflate": Lie(_body(gzip.compress, DEFLATE), "the deflate stream is damaged"),
    "coding: deflate named gzip": Lie(_body(zlib.compress, GZIP), "the gzip stream is damaged"),
    "coding: gzip, not named": Lie(_body(gzip.compress), "the answer is no page but a file or packed"),
    "coding: gzip twice, named once": Lie(
        _body(lambda body: gzip.compress(gzip.compress(body)), GZIP),
        "the answer is no page but a file or packed",
    ),
    "coding: br": Lie(
        _body(lambda body: b"\x0b\x02\x80hello\x03", "Content-Encoding: br"),
        "packed as br, asked for were gzip and deflate",
    ),
    "coding: zstd": Lie(
        _body(lambda body: b"\x28\xb5\x2f\xfd" + body, "Content-Encoding: zstd"), "packed as zstd, asked for"
    ),
    "coding: plain, named br": Lie(_body(_whole, "Content-Encoding: br"), "packed as br, asked for"),
    "coding: gzip named br": Lie(_body(gzip.compress, "Content-Encoding: br"), "packed as br, asked for"),
    # --- 1xx
    "status: 100 before": Lie(
        _raw(
            lambda body: (
                b"HTTP/1.1 100 Continue\r\n\r\n" + head("200 OK", f"Content-Length: {len(body)}") + body
            )
        )
    ),
    "status: 103 before": Lie(
        _raw(
            lambda body: (
                b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                + head("200 OK", f"Content-Length: {len(body)}")
                + body
            )
        )
    ),
    "status: 100 alone": Lie(
        _raw(lambda body: b"HTTP/1.1 100 Continue\r\n\r\n"), "connection|ResponseNeverReceived"
    ),
    "status: 101": Lie(
        _raw(lambda body: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + body),
        "connection|HTTP 101|timeout",
    ),
    # --- 2xx
    **{
        f"status: {line}": Lie(_status(line), said)
        for line, said in {
            "201 Created": "HTTP 201: that is no whole page",
            "202 Accepted": "HTTP 202: the page is not ready",
            "203 Changed": "HTTP 203: that is no whole page",
            "206 Partial Content": "HTTP 206: the server sent a part of the page only",
            "226 IM Used": "HTTP 226: that is no whole page",
            "299 Odd": "HTTP 299: that is no whole page",
        }.items()
    },
    "status: 204": Lie(lambda number: send(head("204 No Content")), "HTTP 204: there is no page"),
    "status: 205": Lie(lambda number: send(head("205 Reset Content")), "HTTP 205: there is no page"),
    "range: 200 with one": Lie(
        _status("200 OK", "Content-Range: bytes 0-900/2000"),
        "a part of the page only: Content-Range bytes 0-900/2000",
    ),
    "range: 206 that is whole": Lie(
        lambda number: sized(
            page(number),
            "206 Partial Content",
            f"Content-Range: bytes 0-{len(page(number)) - 1}/{len(page(number))}",
        ),
        "HTTP 206",
    ),
    # --- 3xx
    "redirect: 300": Lie(_status("300 Multiple Choices"), "HTTP 300"),
    "redirect: 301 to nowhere": Lie(_status("301 Moved"), "HTTP 301"),
    "redirect: 302 to nowhere": Lie(_status("302 Found"), "HTTP 302"),
    "redirect: empty Location": Lie(_status("302 Found", "Location: "), "HTTP 302|redirect"),
    "redirect: Location is no address": Lie(
        _status("302 Found", "Location: http://[::1"), "redirects to what is no address: http"
    ),
    "redirect: 304, not asked": Lie(
        lambda number: send(head("304 Not Modified")), "HTTP 304: .* was not asked"
    ),
    "redirect: 305": Lie(_status("305 Use Proxy", "Location: http://127.0.0.1:1/"), "HTTP 305"),
    "redirect: 306": Lie(_status("306 Unused"), "HTTP 306"),
    "redirect: 301 to the page": Lie(_goes("/good?newsid={number}", "301 Moved"), ""),
    "redirect: 303 to the page": Lie(_goes("/good?newsid={number}", "303 See Other"), ""),
    "redirect: 307 to the page": Lie(_goes("/good?newsid={number}", "307 Temporary"), ""),
    "redirect: 308 to the page": Lie(_goes("/good?newsid={number}", "308 Permanent"), ""),
    "redirect: by Refresh": Lie(
        lambda number: sized(b"<p>.", "200 OK", f"Refresh: 0; url=/good?newsid={number}"), ""
    ),
    "redirect: to itself": Lie(
        _goes("/content/show?catid=101&newsid={number}"), "redirects to the same address for ever"
    ),
    "redirect: in a circle": Lie(_goes("/circle?n={number}"), "redirects again and again"),
    "redirect: a long chain": Lie(_goes("/chain?n=0&newsid={number}"), "redirects again and again"),
    "redirect: to the home page": Lie(_goes("/"), "redirected to .*which is no article"),
    "redirect: to a login page": Lie(
        _goes("/login?from={number}"), "redirected to .*login.*which is no article"
    ),
    "redirect: to a 404": Lie(_goes("/none"), "HTTP 404"),
    "redirect: to 200, an error page": Lie(
        _goes("/error.html"), "redirected to .*error.html, which is no article"
    ),
    "redirect: to a file": Lie(_goes("file:///etc/passwd"), "HTTP 302|host is not|Unsupported"),
    "redirect: to javascript": Lie(
        _goes("javascript:alert(1)"), "redirects to what is no address: javascript"
    ),
    "redirect: to another host": Lie(
        _goes("http://elsewhere.example/a.html?n={number}"), "host is not in the profile's hosts", 0
    ),
    "redirect: to a private network": Lie(
        _goes("http://10.0.0.1/?n={number}"), "host is not in the profile's hosts", 0
    ),
    "redirect: 2xx with Location": Lie(_status("201 Created", "Location: /"), "HTTP 201"),
    "redirect: 200 with Location": Lie(_status("200 OK", "Location: http://elsewhere.example/")),
    # --- 4xx, 5xx and what is no status
    **{
        f"status: {code}": Lie(_status(f"{code} No"), f"HTTP {code}")
        for code in (
            400,
            401,
            402,
            403,
            404,
            405,
            406,
            407,
            408,
            409,
            410,
            411,
            412,
            413,
            414,
            416,
            418,
            421,
            422,
            423,
            425,
            428,
            429,
            431,
            444,
            451,
            493,
            499,
            500,
            501,
            502,
            503,
            504,
            505,
            507,
            508,
            511,
            520,
            521,
            522,
            525,
            530,
            599,
            600,
            999,
        )
    },
    "status: 503 with Retry-After": Lie(_status("503 Busy", "Retry-After: 86400"), "HTTP 503"),
    "status: 503, Retry-After in words": Lie(_status("503 Busy", "Retry-After: some day"), "HTTP 503"),
    "status: 200 and Retry-After": Lie(_status("200 OK", "Retry-After: 60")),
    "status: 404 that has the page": Lie(_status("404 Not Found"), "HTTP 404"),
    "status: without words": Lie(_line(b"HTTP/1.1 200")),
    "status: other words": Lie(_line(b"HTTP/1.1 200 Internal Server Error")),
    "status: no number": Lie(_line(b"HTTP/1.1 OK 200"), "connection failed"),
    "status: 0": Lie(_line(b"HTTP/1.1 0 None"), "connection failed|HTTP 0"),
    "status: 20": Lie(_line(b"HTTP/1.1 20 OK"), "connection failed|HTTP 20"),
    "status: -200": Lie(_line(b"HTTP/1.1 -200 OK"), "connection failed|HTTP -200"),
    "status: 2000": Lie(_line(b"HTTP/1.1 2000 OK"), "connection failed|HTTP 2000"),
    "status: HTTP/9.9": Lie(_line(b"HTTP/9.9 200 OK"), ""),
    "status: ICY": Lie(_line(b"ICY 200 OK"), "connection failed: .*not HTTP|connection failed"),
    "status: HTTP/0.9": Lie(_raw(_whole), "connection failed: .*not HTTP|connection failed"),
    "status: line garbage": Lie(_raw(lambda body: b"\0\x01\x02 \xff\r\n\r\n" + body), "connection failed"),
    "status: TLS": Lie(
        _raw(lambda body: b"\x15\x03\x01\0\x02\x02\x16"), "connection failed|ResponseNeverReceived|connection"
    ),
    "status: nothing": Lie(lambda number: send(), "connection"),
    # --- headers
    "header: Date of 1970": Lie(_header(b"Date: Thu, 01 Jan 1970 00:00:00 GMT")),
    "header: Date of 2099": Lie(_header(b"Date: Thu, 01 Jan 2099 00:00:00 GMT")),
    "header: Date is none": Lie(_header(b"Date: yesterday")),
    "header: Last-Modified of 2099": Lie(_header(b"Last-Modified: Thu, 01 Jan 2099 00:00:00 GMT")),
    "header: Last-Modified is none": Lie(_header(b"Last-Modified: \xd7\xf2\xcc\xec")),
    "header: ETag without quotes": Lie(_header(b"ETag: abc def")),
    "header: ETag of 8,000 characters": Lie(_header(b'ETag: "' + b"e" * 8000 + b'"')),
    "header: folded": Lie(_header(b"X-Fold: a", b"\tb", b" c")),
    "header: NUL": Lie(_header(b"X-Nul: a\0b")),
    "header: carriage return inside": Lie(_header(b"X-Return: a\rb: c")),
    "header: without colon": Lie(_header(b"nonsense")),
    "header: without name": Lie(_header(b": nameless"), "connection failed"),
    "header: a name with a space": Lie(_header(b"Server Name: x"), "connection failed"),
    "header: not ASCII": Lie(_header("X-Server: 云汀服务器".encode(), b"X-Gbk: \xd4\xc6")),
    "header: 10,000": Lie(_header(*(b"X-%d: %d" % (n, n) for n in range(10_000)))),
    "header: 100,000 characters": Lie(_header(b"X-Long: " + b"a" * 100_000), "connection failed"),
    "header: 300 cookies": Lie(_header(*(b"Set-Cookie: c%d=%d" % (n, n) for n in range(300)))),
    "header: cookie for all of .example": Lie(_header(b"Set-Cookie: a=b; Domain=.example")),
    "header: LF alone": Lie(
        _raw(lambda body: (head("200 OK", f"Content-Length: {len(body)}").replace(b"\r\n", b"\n")) + body)
    ),
    "header: empty lines before": Lie(
        _raw(lambda body: b"\r\n\r\n" + head("200 OK", f"Content-Length: {len(body)}") + body), "connection|"
    ),
    # --- types
    "type: none": Lie(_body(_whole, kind=None)),
    "type: empty": Lie(_body(_whole, kind="")),
    "type: image/jpeg": Lie(_body(_whole, kind="image/jpeg")),
    "type: application/json": Lie(_body(_whole, kind="application/json")),
    "type: application/octet-stream": Lie(_body(_whole, kind="application/octet-stream")),
    "type: text/plain": Lie(_body(_whole, kind="text/plain")),
    "type: application/pdf": Lie(_body(_whole, kind="application/pdf")),
    "type: nonsense": Lie(_body(_whole, kind=";;;=,")),
    "type: attachment": Lie(_body(_whole, "Content-Disposition: attachment; filename=a.exe")),
    "type: a picture as the page": Lie(
        lambda number: sized(PICTURE, kind="image/png"), "no page but image/png"
    ),
    "type: a picture as the page, said HTML": Lie(lambda number: sized(PICTURE), "no page but image/png"),
    "type: a PDF as the page": Lie(
        lambda number: sized(b"%PDF-1.4\n" + bytes(range(256)) * 40, kind="application/pdf"),
        "no page but application/pdf",
    ),
    "type: JSON as the page": Lie(
        lambda number: sized(
            '{"code":500,"message":"系统繁忙，请稍后再试"}'.encode(), kind="application/json"
        ),
        "layout",
    ),
    "type: XML as the page": Lie(
        lambda number: sized(
            b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
            kind="application/xml",
        ),
        "is no page but XML",
    ),
    # --- charsets
    "charset: none anywhere": Lie(_charset(None, _meta("x"))),
    "charset: said UTF-8, GBK": Lie(_charset("utf-8", encoding="gb18030")),
    "charset: said GBK, UTF-8": Lie(_charset("gbk", _meta("gbk"))),
    "charset: said Latin-1, UTF-8": Lie(_charset("iso-8859-1", _meta("iso-8859-1"))),
    "charset: said Latin-1, GBK": Lie(_charset("iso-8859-1", _meta("iso-8859-1"), "gb18030")),
    "charset: said Big5, UTF-8": Lie(_charset("big5", _meta("big5"))),
    "charset: said UTF-16, UTF-8": Lie(_charset("utf-16", _meta("utf-16"))),
    "charset: UTF-16 with a mark, said UTF-8": Lie(_charset("utf-8", encoding="utf-16")),
    "charset: header and page differ": Lie(_charset("gb2312", _meta("utf-8"), "gb18030")),
    "charset: idna": Lie(_charset("idna", _meta("zlib"))),
    "charset: quoted": Lie(_charset('"utf-8"')),
    "charset: with a blank and capitals": Lie(_charset(" UTF8 ")),
    "charset: utf-7": Lie(_charset("utf-7", _meta("utf-7"))),
    "charset: hz-gb-2312": Lie(_charset("hz-gb-2312", _meta("hz-gb-2312"))),
    "charset: iso-2022-cn": Lie(_charset("iso-2022-cn", _meta("iso-2022-cn"))),
    "charset: x-user-defined": Lie(_charset("x-user-defined", _meta("x-user-defined"))),
    "charset: EUC-KR": Lie(_charset("euc-kr", _meta("euc-kr"), "gb18030")),
    # --- connections
    "connection: reset": Lie(lambda number: _reset, "connection"),
    "connection: a slow body": Lie(lambda number: lambda peer: _slow(peer, page(number), 0.02, 8)),
    "connection: a body that stalls": Lie(
        lambda number: lambda peer: _slow(peer, page(number), 0.5, 100), "timeout"
    ),
    "connection: no answer for long": Lie(lambda number: _silent, "timeout"),
    "connection: kept, then closed": Lie(_raw(lambda body: _keep_alive(body))),
    "connection: kept for 0 seconds": Lie(
        _raw(
            lambda body: _keep_alive(body).replace(
                b"\r\n\r\n", b"\r\nKeep-Alive: timeout=0, max=0\r\n\r\n", 1
            )
        )
    ),
    "connection: a second answer behind the first": Lie(
        lambda number: _kept(_keep_alive(page(number), _keep_alive(page(399))))
    ),
    "connection: the article behind that": Lie(_body(_whole)),
    "connection: a redirect with a second answer": Lie(
        lambda number: _kept(
            _keep_alive(page(number), b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        )
    ),
    "connection: the article behind that too": Lie(_body(_whole)),
    # --- pages with 200 that are none
    "page: soft 404": Lie(
        _text("<title>提示</title><p>您访问的页面不存在</p>"), "the page says that there is none"
    ),
    "page: soft 404 in English": Lie(
        _text(
            "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.</p>"
        ),
        "the page says that there is none",
    ),
    "page: deleted": Lie(
        _text("<title>云汀网</title><p>该文章已被删除</p>"), "the page says that there is none"
    ),
    "page: alert and back": Lie(
        _text("<script>alert('信息不存在');history.back();</script>"), "there is none|script"
    ),
    "page: login": Lie(_text(LOGIN), "layout"),
    "page: maintenance": Lie(_text(MAINTENANCE), "a notice instead of an article: 系统维护中"),
    "page: parking": Lie(_text(PARKED), "a notice instead of an article: 该域名出售"),
    "page: the home page": Lie(_text(HOME), "layout"),
    "page: directory": Lie(_text(DIRECTORY), "a notice instead of an article: Index of /content"),
    "page: a list": Lie(lambda number: sized(listing("要闻", range(1, 9))), "layout"),
    "page: firewall asks for a script": Lie(
        _text("<html><script>document.cookie='a=1';location.reload()</script></html>"), "script"
    ),
    "page: jumps by script to the home page": Lie(
        _text("<script>location.href='/'</script>"), "redirected to .*which is no article"
    ),
    "page: refresh to the home page": Lie(
        _text("<meta http-equiv=refresh content='0;url=/'><p>正在跳转"), "redirected to .*which is no article"
    ),
    "page: refresh to another host": Lie(
        _text("<meta http-equiv=refresh content='0;url=http://elsewhere.example/b.html'><p>x"),
        "host is not in the profile's hosts",
        0,
    ),
    "page: frames": Lie(
        _text("<frameset><frame src='/top.html'><frame src='/main.html'></frameset>"), "layout"
    ),
    "page: database error": Lie(
        _text(
            "<html><body><h1>Database Error</h1><p>Can't connect to MySQL server on '10.0.0.5' (111)</p></body></html>"
        ),
        "a notice instead of an article: Database Error",
    ),
    "page: ASP error": Lie(
        _text(
            "<font face=Arial size=2><p>Microsoft VBScript 运行时错误 <font>错误 '800a000d'</font></p><p>类型不匹配: '[string: \"\"]'</p><p>/content/show.asp，行 17</p></font>"
        ),
        "layout|error",
    ),
    "page: IIS error": Lie(
        _text(
            "<title>运行时错误</title><h1>“/”应用程序中的服务器错误。</h1><h2><i>运行时错误</i></h2><p><b>说明: </b>服务器上出现应用程序错误。此应用程序的当前自定义错误设置禁止远程查看应用程序错误的详细信息(出于安全原因)。但可以通过在本地服务器计算机上运行的浏览器查看。</p>"
        ),
        "a notice instead of an article: 运行时错误",
    ),
    "page: Tomcat error": Lie(
        _text(
            "<title>HTTP Status 500 – Internal Server Error</title><h1>HTTP Status 500 – Internal Server Error</h1><p><b>Type</b> Exception Report</p><p><b>Message</b> java.lang.NullPointerException</p><p><b>Description</b> The server encountered an unexpected condition that prevented it from fulfilling the request.</p>"
        ),
        "a notice instead of an article: HTTP Status 500",
    ),
    "page: 502 with 200": Lie(
        _text(
            "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"
        ),
        "a notice instead of an article: 502 Bad Gateway",
    ),
    "page: blocked by a firewall": Lie(
        _text(
            "<title>访问被拦截</title><h1>您的访问被拦截</h1><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。您的请求ID是：0a1b2c3d。</p>"
        ),
        "a notice instead of an article: 访问被拦截",
    ),
    "page: captcha": Lie(
        _text(
            "<title>安全验证</title><h1>安全验证</h1><p>请完成以下验证后继续访问</p><img src=/code.png><input name=code><button>提交</button>"
        ),
        "a notice instead of an article: 安全验证",
    ),
    "page: too often": Lie(_text("<title>提示信息</title><p>您的访问过于频繁，请稍后再试！</p>"), "layout"),
    "page: not paid": Lie(
        _text(
            "<title>网站已暂停</title><h1>网站暂时关闭</h1><p>对不起，该网站因欠费已被服务商暂停服务，请网站管理员尽快登录控制台续费，续费后网站将自动恢复访问。</p>"
        ),
        "a notice instead of an article: 网站已暂停",
    ),
    "page: not filed": Lie(
        _text(
            "<title>网站未备案</title><h1>网站阻断页面</h1><p>您访问的域名未完成备案，根据工信部相关规定，网站暂时无法访问。如您是网站管理员，请尽快登录备案系统完成备案。</p>"
        ),
        "a notice instead of an article: 网站未备案",
    ),
    "page: a script error above the article": Lie(
        _body(
            lambda body: (
                b"<br />\n<b>Warning</b>: mysql_connect(): in <b>/www/a.php</b> on line <b>3</b><br />\n"
                + body
            )
        )
    ),
}
"""Name → lie."""

CANNOT_BE_KNOWN: dict[str, Lie] = {
    "length: none, cut behind the text": Lie(_raw(lambda body: head() + body[: body.rindex(b"</body>")])),
}
"""The end of such a page is where the connection ends, and no template says that there must be more."""


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(byte ^ 0x55 for byte in data[middle : middle + 20]) + data[middle + 20 :]


def _endless(peer: socket.socket) -> None:
    peer.sendall(head())
    block = b"<p>" + b"x" * 1_000_000
    for _ in range(60):
        peer.sendall(block)


def listing(name: str, numbers: object, after: str = "") -> bytes:
    """Return a list page."""
    links = "".join(
        f'<li><a href="{article(number)}">{_ARTICLES[number].title}</a><span>{_ARTICLES[number].date}</span></li>'
        for number in numbers  # type: ignore[attr-defined]
    )
    return f'<!DOCTYPE html><meta charset="utf-8"><title>{name}_云汀网</title><h2>{name}</h2><ul>{links}</ul>{after}'.encode()


@dataclass
class LyingServer:
    """Answers each path as it is told, anything else with 404."""

    answers: Mapping[str, Answer]

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked: list[str] = []
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            try:
                peer.settimeout(PATIENCE)
                while (asked := peer.recv(65_536)) and self._answer(asked.decode("latin-1"))(peer):
                    pass
                peer.shutdown(socket.SHUT_WR)
                peer.recv(1)
            except (OSError, IndexError):
                return

    def _answer(self, asked: str) -> Answer:
        path = asked.split(" ")[1]
        self.asked.append(path)
        answer = self.answers.get(path) or sized(b"<title>404</title>", "404 Not Found")
        return answer.of(asked) if isinstance(answer, _If) else answer


class SiteLie(NamedTuple):
    """What a whole site tells: answers beside its list of three articles, and what is known behind the crawl."""

    answers: Mapping[str, Answer]
    status: int
    said: str
    """Matches what the crawl prints; "": nothing."""
    archived: int
    """Articles."""
    asks_nothing: bool = False
    """But for robots.txt."""


def _robots(
    body: bytes, status: str = "200 OK", *headers: str, kind: str = "text/plain"
) -> dict[str, Answer]:
    return {"/robots.txt": sized(body, status, *headers, kind=kind)}


def _lists(answer: Answer) -> dict[str, Answer]:
    return {"/content/list?catid=101": answer}


def _asks_for_cookie(body: bytes, path: str) -> Answer:
    """Set a cookie and redirect to the same address until it comes back."""
    return _If(
        lambda asked: "cookie: seen=1" in asked.lower(),
        sized(body),
        sized(b"", "302 Found", f"Location: {path}", "Set-Cookie: seen=1; path=/"),
    )


class _If:
    """An answer that depends on the request."""

    def __init__(self, condition: Callable[[str], bool], then: Answer, otherwise: Answer) -> None:
        self.condition, self.then, self.otherwise = condition, then, otherwise

    def __call__(self, peer: socket.socket) -> object:
        return self.otherwise(peer)

    def of(self, asked: str) -> Answer:
        return self.then if self.condition(asked) else self.otherwise


_FORBIDS = b"User-agent: *\nDisallow: /\n"
_UNKNOWN = "robots.txt of .* could not be had, so nothing there may be asked for: {}.*the next crawl (?:asks again|makes up for it)"
_LIST = "/content/list?catid=101"
_ALL = (1, 2, 3)
_EIGHT = range(1, 9)

SITES: dict[str, SiteLie] = {
    # --- robots.txt
    **{
        f"robots: {status}": SiteLie(_robots(_FORBIDS, status), 0, "", 3)
        for status in (
            "401 Who",
            "403 No",
            "404 No",
        )
    },
    **{
        f"robots: {status}": SiteLie(_robots(b"", status), 1, _UNKNOWN.format(f"HTTP {status[:3]}"), 0, True)
        for status in ("429 Slow", "500 Oops", "503 Busy", "206 Part")
    },
    "robots: 204": SiteLie({"/robots.txt": send(head("204 No Content"))}, 0, "", 3),
    "robots: no answer": SiteLie({"/robots.txt": _silent}, 1, _UNKNOWN.format("timeout"), 0, True),
    "robots: reset": SiteLie({"/robots.txt": _reset}, 1, _UNKNOWN.format("connection"), 0, True),
    "robots: cut": SiteLie(
        {"/robots.txt": send(head("200 OK", "Content-Length: 900"), b"User-agent: *\nDisallow:")},
        1,
        _UNKNOWN.format("connection broken"),
        0,
        True,
    ),
    "robots: gzip, cut": SiteLie(
        _robots(gzip.compress(_FORBIDS)[:-9], "200 OK", GZIP), 1, _UNKNOWN.format("the page is cut"), 0, True
    ),
    "robots: gzip": SiteLie(
        _robots(gzip.compress(_FORBIDS), "200 OK", GZIP),
        1,
        "Forbidden by robots.txt.*ask its operator",
        0,
        True,
    ),
    "robots: a part": SiteLie(
        _robots(_FORBIDS, "200 OK", "Content-Range: bytes 0-9/100"),
        1,
        _UNKNOWN.format("the server sent a part"),
        0,
        True,
    ),
    "robots: forbids all": SiteLie(
        _robots(_FORBIDS), 1, "Forbidden by robots.txt.*ask its operator", 0, True
    ),
    "robots: with a mark": SiteLie(
        _robots(b"\xef\xbb\xbf" + _FORBIDS), 1, "Forbidden by robots.txt", 0, True
    ),
    "robots: UTF-16": SiteLie(
        _robots(_FORBIDS.decode().encode("utf-16")), 1, "Forbidden by robots.txt", 0, True
    ),
    "robots: GBK": SiteLie(
        _robots("# 云汀网\nUser-agent: *\nDisallow: /content/list\n".encode("gbk")),
        1,
        "Forbidden by robots.txt",
        0,
        True,
    ),
    "robots: CR alone": SiteLie(
        _robots(_FORBIDS.replace(b"\n", b"\r")), 1, "Forbidden by robots.txt", 0, True
    ),
    "robots: said HTML": SiteLie(_robots(_FORBIDS, kind="text/html"), 1, "Forbidden by robots.txt", 0, True),
    "robots: an HTML page": SiteLie(_robots(HOME.encode(), kind="text/html"), 0, "", 3),
    "robots: empty": SiteLie(_robots(b""), 0, "", 3),
    "robots: bytes": SiteLie(_robots(bytes(range(256)) * 9), 0, "", 3),
    "robots: 700 KB, then forbids": SiteLie(_robots(b"# nothing\n" * 70_000 + _FORBIDS), 0, "", 3),
    "robots: Crawl-delay is a word": SiteLie(
        _robots(b"User-agent: *\nCrawl-delay: slow\nDisallow:\n"), 0, "", 3
    ),
    "robots: Crawl-delay below zero": SiteLie(
        _robots(b"User-agent: *\nCrawl-delay: -9\nDisallow:\n"), 0, "", 3
    ),
    "robots: redirect to rules": SiteLie(
        {"/robots.txt": redirect("/robots2.txt"), "/robots2.txt": sized(_FORBIDS, kind="text/plain")},
        1,
        "Forbidden by robots.txt",
        0,
        True,
    ),
    "robots: redirect to itself": SiteLie({"/robots.txt": redirect("/robots.txt")}, 0, "", 3),
    "robots: redirect to nowhere": SiteLie(_robots(_FORBIDS, "302 Found"), 0, "", 3),
    "robots: redirect to the home page": SiteLie(
        {"/robots.txt": redirect("/"), "/": sized(HOME.encode())}, 0, "", 3
    ),
    # --- cookies
    "cookies: asked for, then redirect": SiteLie(
        _lists(_asks_for_cookie(listing("要闻", _ALL), _LIST)), 0, "", 3
    ),
    "cookies: asked for by each article": SiteLie(
        {article(n): _asks_for_cookie(page(n), article(n)) for n in _ALL}, 0, "", 3
    ),
    "cookies: never enough": SiteLie(
        _lists(sized(b"", "302 Found", f"Location: {_LIST}", "Set-Cookie: seen=2")),
        1,
        "redirects to the same address for ever",
        0,
    ),
    "cookies: by script alone": SiteLie(
        _lists(sized(b"<html><script>document.cookie='a=1';location.reload()</script></html>")),
        1,
        "script-only page",
        0,
    ),
    # --- lists and home pages
    **{
        f"list: {status}": SiteLie(_lists(sized(listing("要闻", _ALL), status)), 1, f"HTTP {status[:3]}", 0)
        for status in (
            "403 No",
            "404 No",
            "500 Oops",
            "503 Busy",
        )
    },
    "list: empty": SiteLie(_lists(sized(b"")), 1, "layout", 0),
    "list: gzip, cut": SiteLie(
        _lists(sized(gzip.compress(listing("要闻", _ALL))[:-9], "200 OK", GZIP)),
        1,
        "the gzip stream ends before its end",
        0,
    ),
    "list: shorter than said": SiteLie(
        _lists(send(head("200 OK", "Content-Length: 90000"), listing("要闻", _ALL))),
        1,
        "connection broken before the end",
        0,
    ),
    "list: a part": SiteLie(
        _lists(sized(listing("要闻", _ALL), "200 OK", "Content-Range: bytes 0-9/100")),
        1,
        "a part of the page only",
        0,
    ),
    "list: cut, no length": SiteLie(
        _lists(send(head(), b"<html><body>" + listing("要闻", _ALL)[:-12])), 1, "the page is cut", 0
    ),
    "list: login": SiteLie(_lists(sized(LOGIN.encode())), 1, "layout", 0),
    "list: maintenance": SiteLie(_lists(sized(MAINTENANCE.encode())), 1, "layout|notice", 0),
    "list: directory": SiteLie(_lists(sized(DIRECTORY.encode())), 1, "layout|notice", 0),
    "list: soft 404": SiteLie(
        _lists(sized("<title>提示</title><p>您访问的页面不存在</p>".encode())), 1, "layout", 0
    ),
    "list: a picture": SiteLie(_lists(sized(PICTURE, kind="image/png")), 1, "no page but image/png", 0),
    "list: JSON of an error": SiteLie(
        _lists(sized(b'{"code":500,"data":[]}', kind="application/json")), 1, "layout", 0
    ),
    "list: said to be a picture": SiteLie(_lists(sized(listing("要闻", _ALL), kind="image/png")), 0, "", 3),
    "list: redirect to another host": SiteLie(
        _lists(redirect("http://elsewhere.example/")), 1, "host is not in the profile's hosts", 0
    ),
    "list: redirect to a login page": SiteLie(
        _lists(redirect("/login")) | {"/login": sized(LOGIN.encode())}, 1, "layout", 0
    ),
    "list: redirect in a circle": SiteLie(
        _lists(redirect("/a")) | {"/a": redirect("/b"), "/b": redirect("/a")},
        1,
        "redirects again and again",
        0,
    ),
    "list: refresh to another host": SiteLie(
        _lists(sized(b"<meta http-equiv=refresh content='0;url=http://elsewhere.example/'>")),
        1,
        "host is not in the profile's hosts",
        0,
    ),
    "list: reset": SiteLie(_lists(_reset), 1, "connection", 0),
    "list: page two is page one": SiteLie(
        _lists(sized(listing("要闻", _ALL, f'<a href="{_LIST}&page=2">下一页</a>')))
        | {f"{_LIST}&page=2": sized(listing("要闻", _ALL, f'<a href="{_LIST}&page=3">下一页</a>'))},
        0,
        "",
        3,
    ),
    "list: page two is 404": SiteLie(
        _lists(sized(listing("要闻", _ALL, f'<a href="{_LIST}&page=2">下一页</a>'))), 1, "HTTP 404", 3
    ),
    "list: page two is a login page": SiteLie(
        _lists(sized(listing("要闻", _ALL, f'<a href="{_LIST}&page=2">下一页</a>')))
        | {f"{_LIST}&page=2": sized(LOGIN.encode())},
        1,
        "layout",
        3,
    ),
    "list: says 45 pages, shows one": SiteLie(
        _lists(sized(listing("要闻", _ALL, "<p>共45页 当前第1页</p>"))), 1, "45", 3
    ),
    # --- the site against itself
    "one maintenance page for all, dated": SiteLie(
        {
            article(n): sized(
                "<title>云汀网</title><h1>停机公告</h1><p>2024-01-16 来源：云汀网</p><p>本站因机房搬迁暂停更新，恢复时间另行通知，请各位网友相互转告。</p>".encode()
            )
            for n in _ALL
        },
        1,
        "one (?:page|title|text)",
        0,
    ),
    "one article under every address": SiteLie(
        {_LIST: sized(listing("要闻", _EIGHT))} | {article(n): sized(page(1)) for n in _EIGHT},
        1,
        "7 of 8 new articles have title and text of another one",
        8,
    ),
    "one title over all articles": SiteLie(
        {_LIST: sized(listing("要闻", _EIGHT))}
        | {
            article(n): sized(page(n).replace(f"云汀县第{n}号新闻".encode(), "每日要闻速览上线".encode()))
            for n in _EIGHT
        },
        1,
        "The site shows one title for 8 articles",
        0,
    ),
}
"""Name → lie."""


class SecondLie(NamedTuple):
    """What is told about an archived article when it is looked at again."""

    first: Callable[[int], Answer]
    then: Callable[[int], Answer]
    versions: int = 1
    said: str = ""
    """Matches the reason in ``failure``; "": there is none."""


_PLAIN = _body(_whole)
_REVISED = _body(lambda body: body.replace("云汀县".encode(), "云汀县城区".encode()))

AGAIN: dict[str, SecondLie] = {
    "the same": SecondLie(_PLAIN, _PLAIN),
    "an edit": SecondLie(_PLAIN, _REVISED, 2),
    "an edit, the ETag stays": SecondLie(
        _body(_whole, 'ETag: "1"'),
        lambda n: sized(
            page(n)
            .replace(b"</h1>", "（更新）</h1>".encode())
            .replace("云汀县".encode(), "云汀县城区".encode()),
            "200 OK",
            'ETag: "1"',
        ),
        2,
    ),
    "no edit, another ETag": SecondLie(_body(_whole, 'ETag: "1"'), _body(_whole, 'ETag: "2"')),
    "no edit, modified in 2099": SecondLie(_PLAIN, _header(b"Last-Modified: Thu, 01 Jan 2099 00:00:00 GMT")),
    "no edit, packed now": SecondLie(_PLAIN, _body(gzip.compress, GZIP)),
    "no edit, GBK now": SecondLie(_PLAIN, _charset("utf-8", encoding="gb18030")),
    "304, not asked": SecondLie(_PLAIN, lambda number: send(head("304 Not Modified")), 1, "was not asked"),
    "gzip, cut": SecondLie(
        _PLAIN, _body(lambda body: gzip.compress(body)[:-20], GZIP), 1, "ends before its end"
    ),
    "a part": SecondLie(_PLAIN, _status("206 Partial Content"), 1, "HTTP 206"),
    "cut, no length": SecondLie(
        _PLAIN, _raw(lambda body: head() + body[: len(body) * 3 // 4]), 1, "the page is cut"
    ),
    "shorter than said": SecondLie(
        _PLAIN, _raw(lambda body: head("200 OK", "Content-Length: 100000") + body), 1, "connection broken"
    ),
    "empty": SecondLie(_PLAIN, _text(""), 1, "layout"),
    "login": SecondLie(_PLAIN, _text(LOGIN), 1, "layout"),
    "maintenance": SecondLie(_PLAIN, _text(MAINTENANCE), 1, "a notice instead of an article: 系统维护中"),
    "firewall": SecondLie(
        _PLAIN,
        _text("<title>安全验证</title><h1>安全验证</h1><p>请完成以下验证后继续访问</p>"),
        1,
        "a notice instead of an article",
    ),
    "server error with 200": SecondLie(
        _PLAIN,
        _text("<html><body><h1>Database Error</h1><p>Can't connect to MySQL server</p></body></html>"),
        1,
        "a notice instead of an article",
    ),
    "503": SecondLie(_PLAIN, _status("503 Busy"), 1, "HTTP 503"),
    "500 with another page": SecondLie(_PLAIN, lambda number: sized(page(399), "500 Oops"), 1, "HTTP 500"),
    "a picture": SecondLie(_PLAIN, lambda number: sized(PICTURE), 1, "no page but image/png"),
}
"""Name → lie."""
