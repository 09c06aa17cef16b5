"""The reading room in a real browser: accessible, valid, small, alone, and still without scripts; on phones too.

A WACZ of ours is opened in ReplayWeb.page too, where ``replaywebpage`` lies beside the modules.

    python tests/browser/check.py FOLDER-WITH-NODE-MODULES [FOLDER-FOR-PICTURES]

Needs Chromium, ``requirements.txt`` and ``package.json`` beside this file (and Java for the HTML checker); says
what it leaves out.  Every kind of page, on an archive of the sample site with versions, absences and hostile text.
With a second folder each page is drawn there at every width, light, dark and printed, for people to look at.
"""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from random import Random
from threading import Thread
from typing import Literal
from urllib.parse import quote, unquote

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, sync_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive, Article  # noqa: E402
from archive.search.fold import fold  # noqa: E402
from archive.store.articles import save_article  # noqa: E402
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl  # noqa: E402
from tests.browser.tasks import add_changed_article, do_tasks  # noqa: E402
from tests.command_line import run_zhijiang  # noqa: E402
from tests.replayed import ATTACKS, PAGE, add_captures, attack_url  # noqa: E402
from tests.room import HOSTILE, make_archive  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MOST_BYTES = 60_000
"""Of a text page and what it brings, as transferred; pictures of articles not counted."""
OWN_SCRIPTS = "[type='application/ld+json'], main > script:last-child"
"""Data, and the button that copies a citation."""
MOST_ROW = 200
"""Pixels that a row of a table, or a crawl with two reasons, may be high; such a crawl twice as much where it is no row of three columns."""
SECOND_LOOK = {(360, "light"), (768, "dark"), (1280, "light")}
"""Where the second checker looks, which takes its time: every width and scheme once."""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(slots=True)
class Room:
    """The running reading room, and what to look at."""

    url: str
    pages: list[str]
    hostile: list[str]
    article: str
    archive: Path
    modules: Path
    pictures: Path | None = None
    problems: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Note a problem."""
        self.problems.append(text)


def main(modules: Path, pictures: Path | None = None) -> int:
    """Run every check; return how many found a fault."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        print("Chromium is not here: browser check skipped")
        return 0
    failed = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        _running(Path(folder), modules) as room,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        room.pictures = pictures
        for check in CHECKS:
            room.problems.clear()
            done = check(room, browser)
            failed += bool(room.problems)
            for problem in room.problems[:10]:
                print(f"FAILED {check.__name__}: {problem}")
            print(f"{check.__name__}: {done}, {len(room.problems)} faults")
        browser.close()
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return failed


@contextmanager
def _running(folder: Path, modules: Path) -> Iterator[Room]:
    """Crawl the sample site, add what one crawl cannot show, and open the reading room as a user does."""
    demo = folder / "demo.db"
    assert run_zhijiang("demo", "--archive", demo).returncode == 0
    archive = make_archive(demo, folder)
    add_captures(archive)
    _fail(archive)
    add_changed_article(archive)
    command = [sys.executable, "-m", "zhijiang_spider.cli", "serve", "--port", "0", "--archive", str(archive)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert found is not None
        try:
            yield _room(found[0], archive, modules)
        finally:
            server.send_signal(signal.SIGINT)


def _fail(path: Path) -> None:
    """Add a crawl that went wrong in several ways."""
    with Archive.open(path, create=False) as archive:
        crawl = begin_crawl(archive, "yunting", software="zhijiang 0.2.0, Scrapy 2.19.0", options={})
        address = "http://www.yunting.example/content/show?catid=100101&newsid=8319"
        reasons = (
            f"2 list pages could not be fetched or read (2 HTTP 503), such as {address}: HTTP 503.  The next crawls ask again.",
            f"6 articles could not be fetched or read (6 timeout), such as {address}: timeout.  The next crawls ask again.",
            f"Section 要闻 lists 45 articles, the archive holds 39; missing: {address}10 {address}11 {address}12",
        )
        finish_crawl(archive, crawl, CrawlResult(complete=False, new=3, failed=8, reason="\n".join(reasons)))


def _room(url: str, archive: Path, modules: Path) -> Room:
    with closing(sqlite3.connect(archive)) as connection:

        def number(condition: str) -> int:
            return int(connection.execute(f"SELECT article_id FROM article WHERE {condition}").fetchone()[0])

        pictured, edited = number("title = '云汀县柑橘开园' AND site = 'demo'"), number("key = 'edited'")
        [(shared,)] = connection.execute("SELECT SHA256 FROM 图片复用")
        hostile = [
            i for (i,) in connection.execute("SELECT article_id FROM article WHERE key LIKE 'hostile%'")
        ]
    pages = [
        "/",
        f"/?q={quote('柑橘')}",
        f"/?q={quote('柑橘 图片:有 日期:2024')}&scope={quote('正文')}&sort={quote('旧→新')}",
        f"/?q={quote('柑橘 没有这个词')}",
        f"/?q={quote('没有写空格的几个词')}",
        f"/?q={quote('日期:昨天')}",
        f"/a/{pictured}",
        f"/a/{pictured}?q={quote('柑橘 开园 三审:卫青禾')}&page=2&ids=1,2",
        f"/a/{edited}",
        f"/a/{edited}/v/1",
        f"/a/{edited}/diff/1..2",
        f"/a/{edited}/diff/1..3?only=changes",
        "/n",
        f"/n?group={quote('审核')}&find={quote('青')}",
        f"/n/{quote('卫青禾')}",
        "/section",
        f"/section/{quote('要闻')}",
        "/year",
        "/year/2024",
        "/year/1999",
        "/month/2024-11",
        "/list",
        f"/list?ids={pictured},1,2,{edited},999999",
        f"/list/print?ids={pictured},1,2,{edited}",
        "/day/2024-11-01",
        "/on/11-01",
        "/changes",
        "/gone",
        "/photos",
        "/photos/all",
        f"/photos/{shared}",
        "/coverage",
        "/missing",
        "/crawls",
        "/about",
        "/nowhere",
        "/a/999999",
    ]
    attacks = [f"/a/{number}" for number in hostile] + [f"/?q={quote(text)}" for text in HOSTILE]
    attacks += [f"/n/{quote(text)}" for text in HOSTILE]
    return Room(url, pages, attacks, f"/a/{pictured}", archive, modules)


def check_accessibility(room: Room, browser: Browser) -> str:
    """Axe finds nothing, at three widths, light and dark, and IBM's checker no failure of WCAG 2.2; nothing scrolls sideways."""
    axe = (room.modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    second = room.modules / "accessibility-checker-engine" / "ace.js"
    ibm = second.read_text(encoding="utf-8") if second.is_file() else ""
    looked = looked_again = 0
    for width, scheme in product(WIDTHS, SCHEMES):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        for address in room.pages:
            page.goto(room.url + address)
            # no checker reckons a contrast with a shade; behind all text stands the ground
            page.add_style_tag(content=".wide, .top nav { background: var(--ground-here) !important }")
            page.evaluate(axe)
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
            for violation in found["violations"]:
                nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                room.fault(
                    f"{width} px {scheme} {address}: {violation['id']} ({violation['impact']}): {nodes}"
                )
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                room.fault(f"{width} px {address}: {wide} px wider than the window")
            looked += 1
            if ibm and (width, scheme) in SECOND_LOOK:
                page.evaluate(ibm)
                for said in page.evaluate(_IBM):
                    room.fault(f"{width} px {scheme} {address}: {said}")
                looked_again += 1
        context.close()
    return f"{looked} pages looked at by axe, {looked_again} by accessibility-checker"


_IBM = """async () => {
  const report = await new ace.Checker().check(document, ["WCAG_2_2"]);
  return report.results.filter(one => one.value.join(" ") === "VIOLATION FAIL")
    .map(one => `${one.ruleId}: ${one.message} ${one.path.dom}`);
}"""


def check_layout(room: Room, browser: Browser) -> str:
    """The menu is one row; what scrolls says so and has the keyboard; no row is taller than its text; outcomes are seen."""
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=True)
        page = context.new_page()
        for address in room.pages:
            page.goto(room.url + address)
            for said in page.evaluate(_LAYOUT, MOST_ROW):
                room.fault(f"{width} px {address}: {said}")
        context.close()
    return f"{len(room.pages)} pages at {len(WIDTHS)} widths"


_LAYOUT = """most => {
  const found = [], all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const menu = document.querySelector(".top nav"), rows = new Set(all("li", menu).map(item => item.offsetTop));
  if (rows.size > 1 || menu.offsetHeight > 60) found.push(`the menu has ${rows.size} rows, ${menu.offsetHeight} px`);
  for (const place of [menu, ...all(".wide")]) {
    const scrolls = place.scrollWidth > place.clientWidth, hint = place.querySelector("caption span");
    if (scrolls && place !== menu && !(place.tabIndex === 0 && place.ariaLabel)) found.push("a table scrolls without the keyboard");
    if (hint && scrolls !== hint.checkVisibility()) found.push(`a table ${scrolls ? "scrolls and does not say so" : "says that it scrolls"}`);
    if (scrolls && place !== menu && !hint) found.push("a table that scrolls has no hint");
    const caption = place.querySelector("caption");
    if (caption && caption.offsetWidth > place.clientWidth) found.push("a caption is wider than what is seen of its table");
    if (getComputedStyle(place).overflowX !== "auto") found.push("what may be wide cannot be scrolled");
  }
  for (const row of all("tr, .crawls > li"))
    if (row.offsetHeight > most * (row.matches("li") && innerWidth < 960 ? 2 : 1)) found.push(`a row of ${row.offsetHeight} px: ${row.innerText.slice(0, 40)}`);
  for (const outcome of all(".outcome")) {
    const box = outcome.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth) found.push("an outcome is out of sight");
  }
  return found;
}"""


def check_pictures(room: Room, browser: Browser) -> str:
    """Every page is drawn at every width, light, dark and as printed; none is empty."""
    drawn = 0
    for width, look in product(WIDTHS, (*SCHEMES, "print")):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if look == "dark" else "light"
        )
        page = context.new_page()
        if look == "print":
            page.emulate_media(media="print")
        for number, address in enumerate(room.pages):
            page.goto(room.url + address)
            if len(page.locator("main").inner_text()) < 20:
                room.fault(f"{width} px {look} {address}: shows nothing")
            if room.pictures is not None:
                name = re.sub(r"[^\w-]+", "-", unquote(address)).strip("-") or "home"
                page.screenshot(path=room.pictures / f"{number:02}-{name}-{width}-{look}.png", full_page=True)
                drawn += 1
        context.close()
    return f"{drawn} pictures" if drawn else "no folder for pictures: looked at the text only"


def check_html(room: Room, browser: Browser) -> str:
    """The checker of the W3C's validator finds no error."""
    jar = room.modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if shutil.which("java") is None or not jar.is_file():
        return "left out: no Java"
    context = browser.new_context(java_script_enabled=False)
    with tempfile.TemporaryDirectory() as folder:
        for number, address in enumerate([*room.pages, *room.hostile]):
            answer = context.request.get(room.url + address)
            (Path(folder) / f"{number}.html").write_bytes(answer.body())
        done = subprocess.run(
            ["java", "-jar", str(jar), "--errors-only", folder],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    context.close()
    for line in done.stderr.splitlines():
        room.fault(re.sub(r"^.*/(\d+)\.html", lambda m: ([*room.pages, *room.hostile])[int(m[1])], line))
    return f"{len(room.pages) + len(room.hostile)} pages checked"


def check_keyboard(room: Room, browser: Browser) -> str:
    """With the keyboard alone: to the text, to the box, to a hit, to the next page; and what has the focus shows it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(room.url)
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        room.fault("the first stop is not the link to the text")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        room.fault("the link to the text does not lead there")
    _tab_to(room, page, "document.activeElement.id === 'q'")
    page.keyboard.type("云汀")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    _tab_to(room, page, "document.activeElement.matches('.entries a.title')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    if outline in ("none", ""):
        room.fault("a hit that has the focus does not show it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")
    if not page.locator("article.news h1").count():
        room.fault("Enter on a hit does not open the article")
    page.go_back()
    _tab_to(room, page, "document.activeElement.rel === 'next'")
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    context.close()
    return "from the home page to an article and to the second page of hits"


def _tab_to(room: Room, page: Page, condition: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    room.fault(f"200 times Tab do not lead to {condition}")


def check_without_scripts(room: Room, browser: Browser) -> str:
    """Every page reads the same with scripts off, and the search works."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for address in room.pages:
        page.goto(room.url + address)
        if not page.locator("main h1").inner_text().strip():
            room.fault(f"{address}: no heading")
    page.goto(room.url)
    page.locator("#q").fill("柑橘")
    page.locator("button[type=submit]").click()
    if "检索 柑橘：" not in page.locator("h1").inner_text():
        room.fault("the search does not work")
    context.close()
    return f"{len(room.pages)} pages and a search"


def check_copying(room: Room, browser: Browser) -> str:
    """The button copies the citation; without scripts there is no button, and one click selects the citation."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(room.url + room.article)
    page.get_by_role("button", name="复制引文").click()
    page.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    if copied != page.locator("#citation").inner_text():
        room.fault(f"copied {copied!r}")
    context.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(room.url + room.article)
    if page.locator("button.copy").is_visible():
        room.fault("a button that does nothing")
    style = page.locator("#citation").evaluate("text => getComputedStyle(text).userSelect")
    if style != "all":
        room.fault(f"the citation is not selected at once: {style}")
    context.close()
    return "a citation"


def check_print(room: Room, browser: Browser) -> str:
    """On paper there is the text, and no navigation."""
    context = browser.new_context()
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(room.url + room.article)
    for selector, shown in (
        ("header.top", False),
        ("footer.bottom", False),
        (".body", True),
        ("#cite", True),
    ):
        if page.locator(selector).first.is_visible() is not shown:
            room.fault(f"{selector} is {'not ' if shown else ''}printed")
    if not page.pdf().startswith(b"%PDF"):
        room.fault("cannot be printed")
    context.close()
    return "an article"


def check_proof(room: Room, browser: Browser) -> str:
    """A 存证单 is one printed A4 page, asks nobody for anything, and its program checks what the browser shows."""
    with closing(sqlite3.connect(room.archive)) as connection:
        articles = connection.execute(
            "SELECT article_id FROM article WHERE site = 'demo' ORDER BY 1"
        ).fetchall()
    out = room.archive.with_name("proof.html")
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for (number,) in articles:
        done = run_zhijiang("seal", "prove", str(number), "--archive", room.archive, "--out", out, "--force")
        if done.returncode:
            room.fault(f"article {number}: {done.stderr}")
            continue
        asked.clear()
        page.goto(out.as_uri())
        if asked != [out.as_uri()]:
            room.fault(f"article {number}: asks {asked}")
        sheets = len(re.findall(rb"/Type ?/Page\b", page.pdf(prefer_css_page_size=True)))
        if sheets != 1:
            room.fault(f"article {number}: {sheets} pages")
        program = out.with_suffix(".py")
        program.write_text(page.locator("#script").inner_text(), encoding="utf-8")
        saved = out.with_name("saved.html")
        saved.write_text(page.content(), encoding="utf-8")  # as a browser saves it
        checked = subprocess.run([sys.executable, "-I", str(program), str(saved)], capture_output=True)
        if checked.returncode:
            room.fault(f"article {number}: {checked.stdout.decode()}")
    context.close()
    return f"{len(articles)} pages"


def check_network(room: Room, browser: Browser) -> str:
    """Nothing is asked of anybody else, pages are small, no rule of the security policy is broken."""
    most = 0
    for address in room.pages:
        context = browser.new_context()
        sizes, strangers, complaints = _watched(context, room)
        page = context.new_page()
        page.goto(room.url + address, wait_until="networkidle")
        total = sum(sizes)
        most = max(most, total)
        if total > MOST_BYTES:
            room.fault(f"{address}: {total} bytes")
        for url in strangers:
            room.fault(f"{address}: asks {url}")
        for text in complaints:
            if "404" not in text and "400" not in text:
                room.fault(f"{address}: {text}")
        context.close()
    return f"{len(room.pages)} pages, the largest {most / 1000:.0f} kB without pictures"


def _watched(context: BrowserContext, room: Room) -> tuple[list[int], list[str], list[str]]:
    """Collect what is transferred (pictures left aside), what others are asked, and complaints."""
    sizes: list[int] = []
    strangers: list[str] = []
    complaints: list[str] = []

    def finished(request: Request) -> None:
        if not request.url.startswith((room.url, "data:")):
            strangers.append(request.url)
        elif "/media/" not in request.url and not request.url.startswith("data:"):
            size = request.sizes()
            sizes.append(size["responseBodySize"] + size["responseHeadersSize"])

    context.on("requestfinished", finished)
    context.on("requestfailed", lambda request: strangers.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    return sizes, strangers, complaints


def check_hostile(room: Room, browser: Browser) -> str:
    """Texts of pages that attack readers run nothing, ask nothing and stay within the page."""
    context = browser.new_context()
    page = context.new_page()
    ran: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1", "data:")):
            ran.append(request.url)

    def spoke(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("request", asked)
    page.on("dialog", spoke)
    for address in room.hostile:
        page.goto(room.url + address, wait_until="load")
        if page.locator("main").count() != 1 or page.locator("footer.bottom").count() != 1:
            room.fault(f"{address}: the page is broken")
        if page.locator(
            f"script:not({OWN_SCRIPTS}), iframe, object, embed, main svg:not(.bar, .timeline)"
        ).count():
            room.fault(f"{address}: holds an element that acts")
    for text in ran:
        room.fault(f"ran or asked: {text}")
    context.close()
    return f"{len(room.hostile)} pages"


def check_replay(room: Room, browser: Browser) -> str:
    """Replayed pages show what they had, run nothing, ask nobody, go nowhere, and say that they are archived."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []

    def done(request: Request) -> None:
        if request.failure != "csp":  # what the policy forbids does not leave the browser
            asked.append(request.url)

    def spoke(dialog: Dialog) -> None:
        room.fault(f"spoke: {dialog.message}")
        dialog.dismiss()

    context.on("requestfinished", done)
    context.on("requestfailed", done)
    context.on("page", lambda opened: room.fault(f"opened a window: {opened.url}"))
    page.on("dialog", spoke)
    page.goto(room.url + room.article)
    link = page.get_by_role("link", name="看当时的页面")
    origin = "/".join((link.get_attribute("href") or "").split("/")[:3])
    link.click()
    page.wait_for_url(f"{origin}/**")
    if origin == room.url:
        room.fault("replayed pages have the reading room's origin")
    pictures = _pictures(room, page)
    page.get_by_role("link", name="返回阅览室").click()
    page.wait_for_url(f"{room.url}/")
    page.goto(f"{origin}/20241102010000/{quote(PAGE, safe='')}")
    pictures += _pictures(room, page)
    if page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(18, 52, 86)":
        room.fault("the captured style is not applied")
    for name in ATTACKS:
        address = f"{origin}/20241102010000/{quote(attack_url(name), safe='')}"
        asked.clear()
        page.goto(address, wait_until="load")
        if page.locator("#link").count():
            page.locator("#link").click(timeout=2_000)
        page.mouse.click(640, 400)
        page.wait_for_timeout(50)
        if not page.url.startswith(f"{origin}/"):
            room.fault(f"{name}: led to {page.url}")
        if not page.evaluate(_BANNER_SEEN):
            room.fault(f"{name}: does not show that it is archived")
        for url in asked:
            if not url.startswith((f"{origin}/", "data:")):
                room.fault(f"{name}: asked {url}")
    context.close()
    return f"{pictures} pictures shown, {len(ATTACKS)} hostile captures"


_BANNER_SEEN = """(() => {
  const banner = document.body.firstElementChild, box = banner.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + 40, box.top + box.height / 2);
  return banner.innerText.includes("归档副本") && box.top >= 0 && box.height > 20 && banner.contains(seen);
})()"""


def _pictures(room: Room, page: Page) -> int:
    """Return how many pictures are shown; one that has an address and does not show is a fault."""
    page.wait_for_load_state("load")
    for source in page.evaluate("[...document.images].filter(i => i.src && !i.naturalWidth).map(i => i.src)"):
        room.fault(f"{page.url}: does not show {source}")
    return int(page.evaluate("[...document.images].filter(i => i.naturalWidth).length"))


def check_copy(room: Room, browser: Browser) -> str:
    """The reading copy finds texts where no server is: opened from its folder, as many as a plain scan finds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _invented(folder / "texts.db")
        done = run_zhijiang("export", "site", "--out", folder / "copy", "--archive", folder / "texts.db")
        assert done.returncode == 0, done.stderr
        page = browser.new_page()
        page.on("pageerror", lambda error: room.fault(f"copy: {error}"))
        loaded: set[str] = set()
        page.on("request", lambda request: loaded.add(request.url.rsplit("/", 1)[-1]))
        page.goto((folder / "copy" / "index.html").as_uri())
        if not page.locator("main ul.plain a").count():
            room.fault("copy: the first page lists no article")
        chosen = Random(21)
        asked = ["罕见词", "罕 见 词", "ＡＢＣ　罕见词", "没有这个词"]
        for _ in range(40):
            text, length = chosen.choice(rows)[1], chosen.choice((1, 2, 2, 3, 4))
            start = chosen.randrange(len(text) - length)
            asked.append(text[start : start + length])
        for query in asked:
            loaded.clear()
            words = [fold(word) for word in query.split()]
            expected = sum(all(any(word in fold(field) for field in row) for word in words) for row in rows)
            page.fill("#q", query)
            page.keyboard.press("Enter")
            for _ in range(2):
                page.locator("#said", has_text=f"检索 {query}").wait_for()
                if page.locator("#more").is_visible():
                    page.click("#more")
                    page.locator("#said", has_text="共").wait_for()
            said, listed = page.inner_text("#said"), page.locator("#found li").count()
            if f"共 {expected} 篇" not in said or listed != expected:
                room.fault(f"copy: {query} stands in {expected}, said: {said} ({listed} listed)")
            blocks = sum(file.startswith("text-") for file in loaded)
            if query == "罕见词" and blocks > 3:
                room.fault(f"copy: {blocks} blocks of texts loaded for a word of one article")
        page.fill("#q", "罕见词")
        page.keyboard.press("Enter")
        page.locator("#said", has_text="检索 罕见词：共 1 篇").wait_for()
        if "ａｂｃ罕见词。" not in page.inner_text("#found"):
            room.fault(f"copy: the excerpt is not as printed: {page.inner_text('#found')}")
        page.locator("#found a").first.click()
        if "罕见词" not in page.inner_text("main"):
            room.fault("copy: what was found does not hold the words")
        page.close()
    return f"{len(asked)} searches in {len(rows)} articles as a plain scan"


def _invented(path: Path) -> list[tuple[str, str]]:
    """Make an archive of so many characters that a reading copy has an index; return titles and texts."""
    chosen = Random(5)
    common, all_characters = range(0x4E00, 0x4E00 + 60), range(0x4E00, 0x9FA5)

    def sentence() -> str:
        of = [chosen.choice(common if chosen.random() < 0.7 else all_characters) for _ in range(30)]
        return "".join(map(chr, of)) + "。"

    texts = ["".join(sentence() for _ in range(70)) for _ in range(300)]
    texts[150] += "ａｂｃ罕见词。"
    rows = [(f"第{number}号", text) for number, text in enumerate(texts)]
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "demo", software="check", options={})
        for number, (title, text) in enumerate(rows):
            day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
            article = Article(
                site="demo",
                key=str(number),
                url=f"https://news.invalid/{number}.html",
                title=title,
                published_on=day,
                body=(text,),
                fetched_at="2024-12-31T00:00:00Z",
            )
            save_article(archive, article, crawl)
    return rows


def check_replayweb(room: Room, browser: Browser) -> str:
    """ReplayWeb.page opens the WACZ export by itself: an article's page as it was captured, with its picture."""
    parts = [room.modules / "replaywebpage" / name for name in ("ui.js", "sw.js")]
    if not all(part.exists() for part in parts):
        return "replaywebpage is not here: nobody opened the WACZ"
    with tempfile.TemporaryDirectory() as name, _serving(Path(name)) as url:
        folder = Path(name)
        export = run_zhijiang("export", "wacz", "--archive", room.archive, "--out", folder / "pages.wacz")
        assert export.returncode == 0, export.stderr
        with zipfile.ZipFile(folder / "pages.wacz") as package, package.open("pages/pages.jsonl") as lines:
            _, *listed = map(json.loads, lines)
        wanted = next(page for page in listed if page["title"] == "云汀县柑橘开园")
        shutil.copy(parts[0], folder)
        (folder / "replay").mkdir()
        shutil.copy(parts[1], folder / "replay")
        when = re.sub("[^0-9]", "", wanted["ts"])
        (folder / "index.html").write_text(
            f"""<!DOCTYPE html><meta charset="utf-8"><script src="/ui.js"></script><replay-web-page source="/pages.wacz"
            url="{escape(wanted["url"])}" ts="{when}" replayBase="/replay/"></replay-web-page>""",
            encoding="utf-8",
        )
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{url}/index.html")
        replayed = page.frame_locator("iframe").frame_locator("iframe")
        picture = replayed.locator("img").first
        picture.wait_for(timeout=60_000)
        if not picture.evaluate("i => i.decode().then(() => i.naturalWidth)"):
            room.fault("the picture is not shown")
        title = replayed.locator("h1").inner_text()
        if title != wanted["title"]:
            room.fault(f"shows {title!r}")
        context.close()
    return f"one of {len(listed)} pages opened, with its picture"


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def check_tasks(room: Room, browser: Browser) -> str:
    """What people come for is found from the first page in a few steps."""
    return f"{do_tasks(browser, room.url, room.fault)} tasks done"


CHECKS: tuple[Callable[[Room, Browser], str], ...] = (
    check_accessibility,
    check_layout,
    check_pictures,
    check_html,
    check_keyboard,
    check_without_scripts,
    check_copying,
    check_print,
    check_proof,
    check_network,
    check_hostile,
    check_replay,
    check_replayweb,
    check_copy,
    check_tasks,
)


if __name__ == "__main__":
    sys.exit(1 if main(*(Path(folder).resolve() for folder in sys.argv[1:3])) else 0)
