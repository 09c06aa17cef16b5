"""Twenty things that people come for, each done from the first page in at most four steps, without scripts.

A step is what a reader does: follow a link, press a button.  Typing into a form is part of pressing its button.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page

from archive import Archive, Credit, Role
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE

MOST = 4
_BRIDGE = "滨江路大修完工"
_FIRST = (("记者", "闻小满"), ("一审", "乔安"), ("三审", "卫青禾"))


def add_changed_article(path: Path) -> None:
    """Add an article of 16 January whose reviewer and one number were replaced."""
    credits = [Credit(role, Role(role), name) for role, name in _FIRST]
    first = replace(
        ARTICLE,
        key="bridge",
        title=_BRIDGE,
        published_on="2024-01-16",
        body=("滨江路大修工程完工，共投入4100万元。", "全长三公里。"),
        credits=tuple(credits),
        credit_line="记者丨闻小满 一审丨乔安 三审丨卫青禾",
        images=(),
        fetched_at="2024-01-17T01:00:00Z",
    )
    second = replace(
        first,
        body=("滨江路大修工程完工，共投入4700万元。", "全长三公里。"),
        credits=(*credits[:2], replace(credits[2], name="欧阳澄")),
        credit_line="记者丨闻小满 一审丨乔安 三审丨欧阳澄",
        fetched_at="2024-01-18T01:00:00Z",
    )
    with Archive.open(path, create=False) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for article in (first, second):
            save_article(archive, article, crawl)


class Reader:
    """Somebody at the first page, whose steps are counted."""

    def __init__(self, page: Page, url: str) -> None:
        self._page, self._url = page, url
        self.steps = 0
        page.goto(url)

    def follow(self, name: str, *, within: str = "body") -> "Reader":
        """Follow the first link whose text holds a name."""
        self._page.locator(within).get_by_role("link", name=name).first.click()
        self.steps += 1
        return self

    def ask(self, query: str, **fields: str) -> "Reader":
        """Search, with what else is typed into the form."""
        for name, value in {"q": query, **fields}.items():
            self._page.locator(f"form [name='{name}']").first.fill(value)
        self._page.get_by_role("button", name="检索", exact=True).first.click()
        self.steps += 1
        return self

    def download(self, name: str) -> str:
        """Return what a link leads to that is no page."""
        address = self._page.get_by_role("link", name=name).first.get_attribute("href")
        self.steps += 1
        text: str = self._page.request.get(urljoin(self._page.url, address)).text()
        return text

    def reads(self) -> str:
        """Return what stands on the page."""
        text: str = self._page.inner_text("main")
        return text

    def marked(self) -> str:
        """Return what is marked on the page."""
        return "、".join(self._page.locator("mark").all_inner_texts())


TASKS: tuple[tuple[str, Callable[[Reader], str], str], ...] = (
    (
        "1 月 16 日那篇，改动以前是谁三审的？",
        lambda r: r.follow("2024 年").follow("1 月").follow(_BRIDGE).reads(),
        "三审 卫青禾→欧阳澄",
    ),
    (
        "这篇改了哪个数字？",
        lambda r: r.ask("滨江路大修").follow(_BRIDGE).follow("比较").reads(),
        "4100万元→4700万元",
    ),
    (
        "陆星野 2025 年 11 月的全部文章，连引文",
        lambda r: r.follow("陆星野").follow("1", within="td:has(a[href*='2025-11'])").download("BibTeX"),
        "{陆星野}",
    ),
    ("网站上找不到了的有哪些？", lambda r: r.follow("已消失").reads(), "改过的一篇"),
    (
        "找不到了的那篇，原文还在吗？",
        lambda r: r.follow("已消失").follow("改过的一篇").reads(),
        "今年预计产量三万二千吨",
    ),
    (
        "历年某一天发了什么？",
        lambda r: r.follow("2024 年").follow("11 月").follow("1 日").reads(),
        "云汀县柑橘开园",
    ),
    ("2023 年哪些月份有文章？", lambda r: r.follow("2023 年").reads(), "9 月"),
    ("文章里哪儿提到了柑橘？", lambda r: r.ask("柑橘").follow("选果线上的年轻人").marked(), "柑橘"),
    (
        "看完一篇，回到结果",
        lambda r: r.ask("柑橘").follow("选果线上的年轻人").follow("回到检索").reads(),
        "柑橘皮不再是垃圾",
    ),
    ("乔安一审的、说到柑橘的", lambda r: r.ask("柑橘").follow("乔安", within=".facets").reads(), "检索"),
    (
        "只看 2022 年的柑橘",
        lambda r: r.ask("柑橘").follow("2022 年", within=".facets").reads(),
        "全县柑橘销售过半",
    ),
    (
        "2024 年 11 月 1 日到 5 日的柑橘",
        lambda r: r.ask("柑橘", **{"from": "2024-11-01", "to": "2024-11-05"}).reads(),
        "选果线上的年轻人",
    ),
    ("订阅一个词", lambda r: r.ask("柑橘").download("Atom"), "<feed"),
    ("全部结果放进 Excel", lambda r: r.ask("柑橘").download("CSV"), "全县柑橘销售过半"),
    ("早先的题名，现在改了", lambda r: r.ask("会改的一篇").follow("旧版").reads(), "改过的一篇"),
    (
        "谁从前审过、后来换掉了？",
        lambda r: r.follow("人名").follow("审核").follow("卫青禾").reads(),
        "曾署名",
    ),
    ("谁常和程远舟写在一起？", lambda r: r.follow("程远舟").reads(), "写在同一篇署名里"),
    (
        "同一栏目的前一篇",
        lambda r: r.ask("滨江路大修").follow(_BRIDGE).follow("要闻", within="article").reads(),
        "要闻",
    ),
    (
        "放进清单，打印出来",
        lambda r: r.follow("寒潮来袭").follow("加入清单").follow("清单里有").follow("打印").reads(),
        "寒潮来袭",
    ),
    ("档案缺哪些月份？", lambda r: r.follow("覆盖").reads(), "空"),
    ("末次采集顺利吗？", lambda r: r.follow("采集").reads(), "不对"),
    ("同一张图片还用在哪里？", lambda r: r.follow("图片").follow("用在 2 篇").reads(), "又用了一次的图片"),
)
"""(what is wanted, how, what the answer holds)."""


def do_tasks(browser: Browser, url: str, fault: Callable[[str], None]) -> int:
    """Do all tasks; return how many there are."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(5_000)
    for wanted, way, holds in TASKS:
        reader = Reader(page, url)
        try:
            answer = way(reader)
        except Exception as error:
            fault(f"{wanted}: {str(error).splitlines()[0]} at {page.url}")
            continue
        if holds not in answer:
            fault(f"{wanted}: {holds} is not on {page.url}")
        if reader.steps > MOST:
            fault(f"{wanted}: takes {reader.steps} steps")
    context.close()
    return len(TASKS)
