"""CPU of reading an article page, from bytes to article, by stage and against trafilatura.

    python benchmarks/reading.py [--rounds 5] [--pages 6] [FOLDER …]

Without folders, ``tests/pages`` and pages made here are read: invented articles on page templates of the tests, framed
as news sites frame them (styles, scripts, menus, rankings, lists of other articles), of about 20, 60 and 240 KB.  A
FOLDER holds pages of one kind as ``*.html``, at any depth.

The pages of a kind are read one after the other as a crawl reads a site's, and once more by trafilatura, which is no
dependency: it is passed over where it is not installed (``pip install trafilatura``).  Before each round the readers
forget the texts they remember.  Of all rounds the least processor time counts, page by page, for the machine may be
busy.
"""

import argparse
import functools
import gc
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain, cycle, islice
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.samples import SAMPLES, Sample  # noqa: E402
from tests.templates import TEMPLATES, Template  # noqa: E402
from zhijiang_spider.derive.article import (  # noqa: E402
    ArticlePart,
    ArticleParts,
    Refused,
    derive_article,
    read_part,
    refuse_jump,
)
from zhijiang_spider.pages import LayoutChanged, Page, explain_article, says_gone  # noqa: E402
from zhijiang_spider.pages.notices import notice_of  # noqa: E402
from zhijiang_spider.sites.site import parse_site  # noqa: E402

BASE = "http://www.yunting.example"
SITE = parse_site(
    {
        "name": "yunting",
        "title": "云汀网",
        "hosts": ["www.yunting.example"],
        "start_urls": [f"{BASE}/"],
        "article_url": r"/(?P<id>\d+)\.html$",
    },
    "benchmark",
)
TEMPLATES_READ = ("yichang", "trs", "modern", "party_paper", "dede")
SIZES = {"20 KB": 1, "60 KB": 4, "240 KB": 18}
"""Name → how much of a frame and of a text is put on a page."""
TOTAL, TEXT_ONLY, METADATA = "all", "trafilatura", "trafilatura with metadata"


def main() -> None:
    """Measure each kind of page and print milliseconds a page and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=6, help="How many pages of each made kind are read.")
    args = parser.parse_args()
    readers: dict[str, Callable[[bytes], Mapping[str, float]]] = {"stages": stages, TOTAL: whole}
    if find_spec("trafilatura"):
        readers |= {TEXT_ONLY: by_trafilatura(metadata=False), METADATA: by_trafilatura(metadata=True)}
    else:
        print("trafilatura is not installed: no ratios (pip install trafilatura)")
    ratios = []
    for kind, pages in kinds(args.folders, args.pages):
        took = measure(pages, list(readers.values()), args.rounds)
        size = sum(map(len, pages)) / len(pages) / 1024
        stages_took = {name: ms for name, ms in took.items() if name not in (TOTAL, TEXT_ONLY, METADATA)}
        line = f"{kind:20} {size:6.0f} KB  {took[TOTAL]:7.2f} ms"
        if theirs := took.get(TEXT_ONLY):
            ratios.append(took[TOTAL] / theirs)
            line += (
                f"  trafilatura {theirs:7.2f} ms, ratio {ratios[-1]:.2f};"
                f" with metadata {took[METADATA]:7.2f} ms, ratio {took[TOTAL] / took[METADATA]:.2f}"
            )
        print(line)
        print("    ", "  ".join(f"{name} {ms:.2f}" for name, ms in stages_took.items()))
    if ratios:
        print(
            f"ratio to trafilatura: {min(ratios):.2f} to {max(ratios):.2f}, {mean(ratios):.2f} on the average"
        )


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def measure(
    pages: Sequence[bytes], readers: Sequence[Callable[[bytes], Mapping[str, float]]], rounds: int
) -> dict[str, float]:
    """Return stage → milliseconds on the average page, of each the least of all rounds; the readers take turns."""
    best: list[dict[str, float]] = [{} for _ in pages]
    for _ in range(rounds):
        for read in readers:
            forget()
            for page, least in zip(pages, best, strict=True):
                least |= {name: min(took, least.get(name, took)) for name, took in read(page).items()}
    return {name: 1000 * mean([least[name] for least in best]) for name in best[0]}


def forget() -> None:
    """Empty what readers remember of texts; what they know for good (``functools.cache``) stays."""
    gc.collect()
    for known in gc.get_objects():
        if (
            isinstance(known, functools._lru_cache_wrapper)
            and known.cache_parameters()["maxsize"] is not None
        ):
            known.cache_clear()


def whole(body: bytes) -> dict[str, float]:
    """Read a page as the crawl does."""
    start = time.process_time()
    with suppress(Refused):
        derive_article(ArticleParts("57", (read_part(page_of(body), SITE),)), SITE)
    return {TOTAL: time.process_time() - start}


def stages(body: bytes) -> dict[str, float]:
    """Read a page stage by stage."""
    page = page_of(body)
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        with suppress(Refused, LayoutChanged):
            work()
        took[name] = time.process_time() - start

    parts: list[ArticlePart] = []
    timed("decode", lambda: page.text)
    timed("parse", lambda: page.selector)
    timed("see", lambda: page.rendered)
    timed("gone", lambda: says_gone(page))
    timed("jump, notice", lambda: (refuse_jump(page), notice_of(page)))
    timed("read", lambda: parts.append(ArticlePart(page, *explain_article(page, SITE))))
    timed("derive", lambda: parts and derive_article(ArticleParts("57", tuple(parts)), SITE))
    return took


def page_of(body: bytes) -> Page:
    return Page(f"{BASE}/content/57.html", body, "text/html", "2024-11-17T00:00:00Z")


def by_trafilatura(*, metadata: bool) -> Callable[[bytes], dict[str, float]]:
    """Return what reads a page by the other program: its text, with ``metadata`` title, date, author and site too."""
    from trafilatura import extract

    def read(body: bytes) -> dict[str, float]:
        start = time.process_time()
        extract(body, url=f"{BASE}/content/57.html", with_metadata=metadata)
        return {METADATA if metadata else TEXT_ONLY: time.process_time() - start}

    return read


# --- pages ---------------------------------------------------------------------------------------------


def kinds(folders: Sequence[Path], count: int) -> Iterator[tuple[str, list[bytes]]]:
    """Yield each kind of page and its pages."""
    for folder in folders or [ROOT / "tests" / "pages"]:
        yield folder.name, [file.read_bytes() for file in sorted(folder.rglob("*.html"))]
    if not folders:
        templates = [template for template in TEMPLATES if template.name in TEMPLATES_READ]
        for template in templates:
            for size, times in SIZES.items():
                yield f"{template.name}, {size}", [made(template, times, number) for number in range(count)]


def made(template: Template, times: int, number: int) -> bytes:
    """Return a page of a news site: an article on a template, with what stands around one."""
    sample = SAMPLES[number % len(SAMPLES)]
    page = template.page(lengthened(sample, 8 * times, number), BASE)
    opened = re.search(r"<body[^>]*>", page)
    head, body = page.partition("</head>")[::2]
    if opened is None:
        return page.encode()
    start = body.index(opened[0]) + len(opened[0])
    end = body.rindex("</body>")
    text = (
        head
        + _styles(times)
        + "</head>"
        + body[:start]
        + _menu(times)
        + body[start:end]
        + _beside(times, number)
        + body[end:]
    )
    return text.encode(template.encoding, "xmlcharrefreplace")


def lengthened(sample: Sample, paragraphs: int, number: int) -> Sample:
    """Return an article with more of its own paragraphs, each of another number."""
    said = sample.paragraphs
    more = (
        f"{line}据介绍，今年第{turn + number}批项目共{turn * 7 + 3}个，已完成投资{turn * 13 + 5}万元。"
        for turn, line in enumerate(islice(cycle(said), paragraphs))
    )
    return replace(sample, items=(*sample.items, *more))


_SECTIONS = [
    "要闻",
    "时政",
    "民生",
    "教育",
    "卫生",
    "文旅",
    "三农",
    "党建",
    "法治",
    "专题",
    "图片",
    "视频",
    "公告",
    "镇街",
    "融媒",
    "理论",
    "社会",
    "财经",
    "健康",
    "生态",
]
_WHERE = ["青石镇", "大塘村", "梅岭村", "白沙桥", "云台山", "县医院", "城区", "老街", "柑橘园", "文化馆"]
_WHAT = [
    "开展春季植树活动",
    "举办读书节",
    "荒塘变成垂钓园",
    "召开安全生产工作会议",
    "维修完工",
    "首日收鲜叶三千斤",
    "新增停车位八百个",
    "获评先进单位",
]


def _headline(number: int) -> str:
    return f"{_WHERE[number % 10]}{_WHAT[number % 8]}" + (f" 惠及{number}户" if number % 3 else "")


def _styles(times: int) -> str:
    rules = "".join(
        f".box{n} {{ margin: 0 auto; width: {900 + n}px; text-align: {'center' if n % 5 == 0 else 'left'} }}\n"
        for n in range(20 * times)
    )
    calls = "".join(f"window._hmt.push(['_setCustomVar', {n}, 'k{n}', 'v', 3]);\n" for n in range(15 * times))
    return (
        f"<style>\n{rules}</style><link rel='stylesheet' href='/css/n.css'>\n<script>\n{calls}</script>\n"
        '<script src="/js/jquery.min.js"></script>'
    )


def _menu(times: int) -> str:
    links = (f'<li><a href="/{n}/" class="n{n}">{name}</a></li>' for n, name in enumerate(_SECTIONS))
    return (
        '<div class="top"><span>您好，欢迎访问云汀网！</span><a href="/login">登录</a> | <a href="/wap">手机版</a></div>'
        f'<div class="nav"><ul>{"".join(chain.from_iterable([list(links)] * 1))}</ul></div>'
        f'<form action="/s"><input name="q"><button>搜索</button></form>{"<div class=ad></div>" * times}'
    )


def _beside(times: int, number: int) -> str:
    def entries(first: int, count: int, end: str) -> str:
        return "\n".join(
            f'<li class="i"><a href="/content/{n}.html" target="_blank" title="{_headline(n)}">{_headline(n)}</a>{end}</li>'
            for n in range(first, first + count)
        )

    ranking = entries(7, 10, "")  # the same on each page of the site
    newest = entries(400 + 3 * number, 12 * times, "<span>01-16</span>")
    related = entries(900 + 41 * number, 8 * times, "")
    pictures = "".join(
        f'<div class="p"><a href="/content/{n}.html"><img src="/u/{n}.jpg" alt="{_headline(n)}"></a><p>{_headline(n)}</p></div>'
        for n in range(200 + 11 * number, 200 + 11 * number + 4 * times)
    )
    return (
        f'<div class="side"><h3>点击排行</h3><ul>{ranking}</ul><h3>最新资讯</h3><ul>{newest}</ul>{pictures}</div>'
        f'<div class="related"><h3>相关新闻</h3><ul>{related}</ul></div>'
        '<div class="foot"><p><a href="/about">关于我们</a> | <a href="/ad">广告服务</a> | <a href="/law">法律声明</a></p>'
        "<p>云汀网版权所有　未经授权不得转载</p><p>临ICP备00000057号</p></div>"
        f"<script>\n{'var t = [];'}{''.join(f't.push({{id: {n}, u: 0}});' for n in range(10 * times))}\n</script>"
    )


if __name__ == "__main__":
    main()
