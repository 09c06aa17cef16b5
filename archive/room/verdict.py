"""What ``archive.care.status`` says of an archive, in Chinese for readers; ``zhijiang status`` says it itself."""

import re
from collections.abc import Iterable
from functools import partial

from archive.care.sites import LAST_CRAWL, LAST_WHOLE_CRAWL
from archive.model.reasons import in_chinese
from archive.times import local_time

_BEGUN = {LAST_CRAWL: "末次采集：", LAST_WHOLE_CRAWL: "末次全部栏目的采集："}
"""How a sentence begins → the same in Chinese; behind it stands a reason of the crawl."""
_TABLE = (
    (r"No crawl has run on this archive\.", "这个档案还没有采集过。"),
    (r"The last crawl was killed: it began (?P<at>.*?) and wrote no end, .*", r"末次采集中途被杀：\g<at> 开始，没有写下结束，这台机器上也没有程序在采集；下一次接着做。"),
    (r"Crawl (\d+) says that it ran until (?P<at>.*?), which is still to come: .*", r"第 \1 次采集写下的结束时间 \g<at> 还没有到：这台机器的时钟当时不准，或现在不准；调准以后，下一次采集照常算。"),
    (r"No complete crawl in the last (\d+) hours?: the last one ended (?P<at>.*?)\.", r"\1 小时里没有完成的采集，末次完成于 \g<at>。"),
    (r"No complete crawl in the last (\d+) hours?: there is none\.", r"\1 小时里没有完成的采集，以前也没有。"),
    (r"Nothing new for (\d+) days?: the last new article was found (?P<at>.*?)\.(?:  .*)?", r"\1 天没有新文章，最近一篇是 \g<at> 采到的。"),
    (r"(\d+) list pages? that earlier crawls read (?:are|is) still not understood, such as (\S+): (?P<why>.*)", r"以前的采集没有读懂的 \1 个列表页，现在仍没有读懂，例如 \2：\g<why>"),
    (r"(\d+) articles? that earlier crawls could not read (?:were|was) not asked for by the last one, such as (\S+): (?P<why>.*?); zhijiang crawl .*", r"以前的采集没有读到的 \1 篇文章，末次采集没有去取，例如 \2：\g<why>。不带选项的 zhijiang crawl 会再取。"),
    (r"(\d+) articles? failed in (\d+) crawls and (?:are|is) no longer asked for .*?, such as (\S+): (?P<why>.*?); zhijiang crawl .*", r"\1 篇文章试了 \2 次采集都没有读到，不再去取，例如 \3：\g<why>。zhijiang crawl --full 会再取。"),
    (r"(\d+) archived articles? could not be read again in (\d+) crawls, such as (\S+): (?P<why>.*?); what is .*", r"\1 篇已存的文章 \2 次采集都没有再读到，例如 \3：\g<why>。已存的都在，到期会再取，zhijiang crawl --full 马上再取。"),
    (r"(\d+) crawls? ended while (?:they|it) read or stored (\S+); zhijiang crawl asks again, and after (\d+) .*", r"\1 次采集在读取或存入 \2 时中断；zhijiang crawl 会再取，满 \3 次就不再取。"),
)  # fmt: skip
_CHINESE = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _TABLE)


def trouble_in_chinese(said: str, sites: Iterable[str]) -> str:
    """Return a trouble of ``Status`` in Chinese, as far as its words are known.

    ``sites``: whose name a sentence may begin with, where the archive holds several.
    """
    for site in sites:
        if said.startswith(f"{site}: "):
            return f"{site}：{_sentence(said.removeprefix(f'{site}: '))}"
    return _sentence(said)


def _sentence(said: str) -> str:
    for begun, words in _BEGUN.items():
        if said.startswith(begun):
            return f"{words}{in_chinese(said.removeprefix(begun))}"
    for pattern, words in _CHINESE:
        if found := pattern.fullmatch(said):
            return re.sub(r"\\g<\w+>|\\\d", partial(_filled, found), words)
    return in_chinese(said)


def _filled(found: re.Match[str], place: re.Match[str]) -> str:
    """Return what stands at a place of the Chinese sentence: a moment and a reason by their names, all else as found."""
    group = place[0].strip("\\g<>")
    return {"at": _moment, "why": in_chinese}[group](found[group]) if group.isalpha() else found[int(group)]


def _moment(text: str) -> str:
    """Return a moment of a sentence by the readers' clock: what such sentences tell in UTC, or as they tell it."""
    utc = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::\d\d)?(?: UTC|Z)", text)
    return local_time(f"{utc[1]}T{utc[2]}:00Z") if utc else text.removesuffix(" Beijing time")
