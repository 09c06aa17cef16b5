"""Servers that misbehave: each has its outcome, none stops the crawl, fills the memory or hangs it."""

import gzip
import re
import socket
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests import peaks
from tests.crawled import YICHANG, samples
from tests.patience import PATIENCE

MEGABYTE = 1024 * 1024
MOST_MEMORY = 500 * MEGABYTE

IMPATIENT = {
    "DOWNLOAD_TIMEOUT": 8,
    "RETRY_TIMES": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "AUTOTHROTTLE_ENABLED": False,
}

Answer = Callable[[socket.socket], None]


def head(status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def page(number: int) -> bytes:
    rendered = YICHANG.render(dict(samples(90))[number], "").decode()
    return rendered.replace("1月15日", f"1月15日第{number}次").encode()  # one text for many would be an alarm


def send(*parts: bytes) -> Answer:
    def answer(peer: socket.socket) -> None:
        for part in parts:
            peer.sendall(part)

    return answer


def redirect(where: str) -> Answer:
    return send(head("302 Found", f"Location: {where}", "Content-Length: 0"))


def slowly(peer: socket.socket) -> None:
    """Send a byte now and then, until nobody listens any more."""
    peer.sendall(head("200 OK", "Content-Length: 100000"))
    with suppress(OSError):
        for _ in range(int(PATIENCE / 0.2)):
            peer.sendall(b"x")
            time.sleep(0.2)


def reset(peer: socket.socket) -> None:
    peer.sendall(head("200 OK", "Content-Length: 100000") + b"<html>")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def endless(peer: socket.socket) -> None:
    peer.sendall(head())
    block = b"<p>" + b"x" * MEGABYTE
    for _ in range(200):
        peer.sendall(block)


def bomb(encoding: str) -> Answer:
    """Return 400 MB of text in a few hundred kilobytes."""
    zeros, count = bytes(MEGABYTE), 400
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)  # refers to nothing before it
    blocks = block * count + packer.flush()
    if encoding == "gzip":
        check = reduce(lambda sum, _: zlib.crc32(zeros, sum), range(count), 0)
        packed = gzip.compress(b"", mtime=0)[:10] + blocks + struct.pack("<II", check, count * MEGABYTE)
    else:
        check = reduce(lambda sum, _: zlib.adler32(zeros, sum), range(count), 1)
        packed = zlib.compress(b"", 9)[:2] + blocks + struct.pack(">I", check)
    return send(head("200 OK", f"Content-Encoding: {encoding}", f"Content-Length: {len(packed)}"), packed)


BOMB_PICTURE = (  # a PNG that says it is 60,000 x 60,000 pixels
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0"
    + zlib.crc32(b"IHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0").to_bytes(4, "big")
    + b"\0\0\0\nIDATx\x9cc\0\0\0\x02\0\x01"
    + b"\0\0\0\0\0\0\0\0IEND\xaeB`\x82"
)

GOOD = "archived"
FAULTS: dict[str, tuple[Answer, str]] = {
    "slow loris": (slowly, "timeout"),
    "reset in the body": (reset, "connection|ResponseDataLoss|ConnectionLost|broken"),
    "body shorter than its length": (
        send(head("200 OK", "Content-Length: 100000"), b"<html><body>"),
        "connection broken before the end",
    ),
    "broken chunks": (
        send(head("200 OK", "Transfer-Encoding: chunked"), b"5\r\n<html\r\nZZZ\r\nnonsense\r\n"),
        "broken|ResponseFailed|Malformed|data|invalid",
    ),
    "no answer": (lambda peer: None, "ResponseNeverReceived|connection|ConnectionLost|ResponseFailed|broken"),
    "no HTTP": (send(b"\0\x01\x02 this is not HTTP\r\n\r\n"), "connection failed: .*not HTTP"),
    "500": (send(head("500 Oops", "Content-Length: 0")), "HTTP 500"),
    "503 with Retry-After": (send(head("503 Busy", "Retry-After: 3600", "Content-Length: 0")), "HTTP 503"),
    "429": (send(head("429 Slow down", "Content-Length: 0")), "HTTP 429"),
    "redirect loop": (redirect("?newsid=10&again=1"), "redirect"),
    "redirect to a file": (redirect("file:///etc/passwd"), "HTTP 302|host is not|redirected|Unsupported"),
    "redirect to metadata": (
        redirect("http://169.254.169.254/latest/"),
        "host is not in the profile's hosts",
    ),
    "redirect to a private network": (redirect("http://10.0.0.1/"), "host is not in the profile's hosts"),
    "redirect to localhost": (redirect("http://localhost:1/"), "host is not in the profile's hosts"),
    "meta refresh elsewhere": (
        send(head() + b'<meta http-equiv="refresh" content="0;url=http://192.168.0.1/"><p>x'),
        "host is not in the profile's hosts",
    ),
    "gzip bomb": (bomb("gzip"), "larger than the download limit when unpacked"),
    "deflate bomb": (bomb("deflate"), "larger than the download limit when unpacked"),
    "brotli, not asked for": (
        send(head("200 OK", "Content-Encoding: br"), b"\x0b\x02\x80hello\x03"),
        "packed as br, asked for were gzip and deflate",
    ),
    "zstd, not asked for": (
        send(head("200 OK", "Content-Encoding: gzip, zstd"), b"\x28\xb5\x2f\xfd"),
        "packed as zstd, asked for were gzip and deflate",
    ),
    "200 MB": (endless, "larger than the download limit"),
    "not packed at all, and no article": (
        send(head("200 OK", "Content-Encoding: gzip"), b"<html>not packed at all"),
        "layout",
    ),
    "100,000 nested tags": (
        send(head() + b"<div>" * 100_000 + "正文。".encode()),
        "layout|error while reading",
    ),
    "NUL bytes": (send(head() + page(21).replace("新闻".encode(), "新\0闻".encode())), GOOD),
    "lone surrogates": (send(head() + page(22).replace(b"</h", b"&#xD800;&#xDFFF;</h")), GOOD),
    "50,000 links": (
        send(head() + page(23).replace(b"</body>", b'<a href="/x">x</a>' * 50_000 + b"</body>")),
        GOOD,
    ),
    "charset says UTF-8, is GBK": (send(head() + page(24).decode().encode("gb18030")), GOOD),
    "charset says Latin-1": (
        send(head().replace(b"utf-8", b"iso-8859-1") + page(25).replace(b"utf-8", b"iso-8859-1")),
        GOOD,
    ),
    "charset says idna": (
        send(head().replace(b"utf-8", b"idna") + page(26).replace(b"utf-8", b"zlib")),
        GOOD,
    ),
    "meta refresh in GBK elsewhere": (
        send(
            head().replace(b"utf-8", b"rot13")
            + '<meta charset="gbk"><meta http-equiv="refresh" content="0;url=http://192.168.0.1/云"><p>云汀'.encode(
                "gbk"
            )
        ),
        "host is not in the profile's hosts: http://192.168.0.1/%E4%BA%91",
    ),
    "entities that read files and multiply": (
        send(
            head(),
            b'<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "xxxxxxxxxx">',
            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            page(28).partition(b">")[2].replace(b"</p>", b"&f;&b;</p>"),
        ),
        GOOD,
    ),
    "pictures named ../ and with 300 characters": (
        send(
            head()
            + page(20).replace(
                b"</p></div>",
                '<img src="/../../etc/a.png"><img src="..%2f..%2fb.png"><img src="/{}.png"></p></div>'.format(
                    "云" * 300
                ).encode(),
            )
        ),
        GOOD,
    ),
    "soft 404": (
        send(head() + "<title>提示</title><p>您访问的页面不存在</p>".encode()),
        "the page says that there is none",
    ),
    "login wall": (
        send(head() + "<title>登录</title><form>用户名<input>密码<input></form>".encode()),
        "layout",
    ),
    "an empty page": (send(head("200 OK", "Content-Length: 0")), "layout"),
    "packed rightly": (
        send(head("200 OK", "Content-Encoding: gzip"), gzip.compress(page(29))),
        GOOD,
    ),
    "whole": (send(head() + page(30)), GOOD),
    "gzip, cut": (
        send(head("200 OK", "Content-Encoding: gzip"), gzip.compress(page(31))[:-20]),
        "cut or damaged: the gzip stream ends before its end",
    ),
    "deflate, cut": (
        send(head("200 OK", "Content-Encoding: deflate"), zlib.compress(page(32))[:-20]),
        "cut or damaged: the deflate stream ends before its end",
    ),
    "gzip, damaged": (
        send(head("200 OK", "Content-Encoding: gzip"), gzip.compress(page(33))[:-8] + bytes(8)),
        "cut or damaged: the gzip stream is damaged",
    ),
    "not packed, whatever it says": (
        send(head("200 OK", "Content-Encoding: gzip"), page(34)),
        GOOD,
    ),
    "a part": (
        send(head("206 Partial Content", "Content-Range: bytes 0-900/2000"), page(35)),
        "HTTP 206: the server sent a part of the page only",
    ),
    "a part that says 200": (
        send(head("200 OK", "Content-Range: bytes 0-900/2000"), page(36)),
        "sent a part of the page only: Content-Range bytes 0-900/2000",
    ),
    "not modified, not asked": (send(head("304 Not Modified")), "HTTP 304: .* was not asked"),
    "accepted": (send(head("202 Accepted"), page(37)), "HTTP 202: the page is not ready"),
    "from a proxy that changed it": (send(head("203 Changed"), page(38)), "HTTP 203: that is no whole page"),
    "no content": (send(head("204 No Content")), "HTTP 204: there is no page"),
}


class BadServer:
    """Answers each article in its own bad way; list, pictures and robots.txt are served well.

    ``crowded``: the list page has 50,000 more links.
    """

    def __init__(
        self, robots: bytes = b"User-agent: *\nDisallow:\n", status: str = "200 OK", *, crowded: bool = False
    ) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.host = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.answers = {str(number): answer for number, (answer, _) in enumerate(FAULTS.values(), 1)}
        self.robots = send(head(status, f"Content-Length: {len(robots)}"), robots)
        self.crowded = crowded
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        with peer:
            try:
                peer.settimeout(PATIENCE)
                path = peer.recv(65_536).split(b" ")[1].decode()
                self._route(path)(peer)
                peer.shutdown(socket.SHUT_WR)
                peer.recv(1)
            except (OSError, IndexError):
                return

    def _route(self, path: str) -> Answer:
        if path == "/robots.txt":
            return self.robots
        if found := re.search(r"newsid=(\d+)", path):
            return self.answers.get(found[1], send(head("404 No")))
        if path.endswith((".png", ".jpg")):
            return send(head(), BOMB_PICTURE)
        links = "".join(
            f'<li><a href="/content/show?catid=1&newsid={number}">第{number}号新闻标题</a> 2024-01-16</li>'
            for number in self.answers
        )
        others = "".join(
            f'<a href="/about/{number}.html">关于</a>' for number in range(50_000 * self.crowded)
        )
        return send(head() + f"<title>要闻</title><ul>{links}</ul>{others}".encode())

    def profile(self) -> dict[str, Any]:
        return {
            "name": "faults",
            "hosts": [self.host],
            "start_urls": [f"http://{self.host}/content/list?catid=1"],
            "article_url": r"/content/show\?.*newsid=(?P<id>\d+)",
            "section_url": r"/content/list\?catid=(?P<id>\d+)",
            "politeness": {"delay": 0},
        }


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, Any]]:
    """What became of each article, and how the crawl went."""
    server = BadServer(crowded=True)
    archive = tmp_path_factory.mktemp("faults") / "faults.db"
    complete, peak = peaks.crawl(server.profile(), archive, IMPATIENT)
    server.socket.close()
    result: dict[str, Any] = {"complete": complete, "peak": peak}
    connection = sqlite3.connect(archive)
    reasons = dict(connection.execute("SELECT key, reason FROM failure WHERE kind = 'article'"))
    archived = {key: GOOD for (key,) in connection.execute("SELECT key FROM article")}
    result["media"] = connection.execute("SELECT count(*) FROM media").fetchone()[0]
    result["integrity"] = connection.execute("PRAGMA integrity_check").fetchone()[0]
    titles = dict(connection.execute("SELECT key, title FROM article"))
    result["text"] = "".join(body for (body,) in connection.execute("SELECT body FROM article"))
    result["addresses"] = {url for (url,) in connection.execute("SELECT url FROM image")}
    result["titles"] = {name: titles.get(str(n)) for n, name in enumerate(FAULTS, 1)}
    result["archive"] = archive
    connection.close()
    return {name: (reasons | archived).get(str(n), "nothing") for n, name in enumerate(FAULTS, 1)}, result


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_outcome(outcome: tuple[dict[str, str], dict[str, Any]], name: str) -> None:
    found, _ = outcome
    assert re.search(FAULTS[name][1], found[name]), found[name]


def test_the_crawl_ends_says_so_and_stays_small(outcome: tuple[dict[str, str], dict[str, Any]]) -> None:
    _, result = outcome
    assert result["complete"] is False
    assert result["peak"] < MOST_MEMORY
    assert result["integrity"] == "ok"
    assert result["titles"]["charset says UTF-8, is GBK"] == "云汀县第24号新闻"
    assert result["titles"]["charset says Latin-1"] == "云汀县第25号新闻"


def test_nothing_a_page_says_is_run_or_becomes_a_file(outcome: tuple[dict[str, str], dict[str, Any]]) -> None:
    _, result = outcome
    assert "root:" not in result["text"]
    assert "xxxx" not in result["text"]
    archive = result["archive"]
    assert {entry.name for entry in archive.parent.iterdir()} == {
        "faults.db",
        "faults.db.lock",
        "faults.warc",
    }
    assert all(entry.name.endswith(".warc.gz") for entry in archive.with_suffix(".warc").iterdir())
    assert any(len(url) > 300 for url in result["addresses"])


@pytest.mark.parametrize("command", ["check", "reparse"])
def test_what_was_captured_of_them_does_no_harm_later(
    outcome: tuple[dict[str, str], dict[str, Any]], command: str
) -> None:
    """The bombs lie in the WARC files; whatever reads them again stays small and quick."""
    archive = outcome[1]["archive"]
    said, peak = peaks.command(command, "--archive", str(archive))
    assert peak < MOST_MEMORY / 2
    if command == "check":
        faults = [line for line in said.splitlines() if line.startswith("fault")]
        assert [line.split(":")[0] for line in faults] == ["fault  last crawl"]
    else:
        assert "0 would change, 0 would be new" in said


@pytest.mark.parametrize(
    ("status", "robots"),
    [
        ("200 OK", b"<!DOCTYPE html><html><body>not here</body></html>"),
        ("200 OK", b"\xff\xfe\0broken"),
        ("200 OK", b"User-agent: x\nDisallow: /\n" * 300_000),
        ("404 No", b"User-agent: *\nDisallow: /\n"),
    ],
    ids=["HTML", "bytes", "huge", "404"],
)
def test_a_strange_robots_txt_does_not_stop_a_crawl(tmp_path: Path, status: str, robots: bytes) -> None:
    server = BadServer(robots, status)
    whole = str(list(FAULTS).index("whole") + 1)
    server.answers = {whole: server.answers[whole]}
    _, peak = peaks.crawl(server.profile(), tmp_path / "a.db", {**IMPATIENT, "ZHIJIANG_WORKERS": 0})
    server.socket.close()
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)
    connection.close()
    assert peak < MOST_MEMORY
