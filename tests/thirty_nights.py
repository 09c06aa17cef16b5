"""The script of thirty nights, as data: what happens at the site by day, what the mail of the night says.

Night ``n`` is that of March ``n``, 2024, to the next day; crawl ``n`` runs in it.  Articles of night ``n`` have the
numbers ``1000 + 10 n + 1, 2, 3``, one for each section; those of before begin at 900.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.living_site import (
    Certificate,
    Cut,
    DrawAnew,
    Edit,
    Event,
    Fails,
    MoveList,
    MoveToHttps,
    PageFails,
    Profile,
    Publish,
    PutBack,
    Reparse,
    Withdraw,
    Works,
    show,
)

SECTIONS = {"101": "县域要闻", "102": "乡镇动态", "103": "部门动态"}
PROFILE: dict[str, object] = {"recheck": {"list_pages": 3}, "health": {"quiet_days": 5}}
"""So few list pages a night are looked through for late entries that a long list takes several nights."""


@dataclass(frozen=True)
class Night:
    """A day at the site, and the crawl of the night behind it."""

    day: tuple[Event, ...] = ()
    mail: tuple[str, ...] = ()
    """Regular expressions of which each line of the mail fulfils one, in this order; none: there is no mail."""
    status: int = 0


def _before() -> tuple[Publish, ...]:
    """Return what stood there before the first night: 24 articles in three sections, a day apart."""
    first = date(2024, 2, 10)
    return tuple(
        Publish(900 + number, slug, first + timedelta(days=number // 3))
        for number in range(36)
        for slug in [list(SECTIONS)[number % 3]]
    )


def _new(night: int, *sections: str, found: int | None = None) -> tuple[Publish, ...]:
    return tuple(
        Publish(1000 + 10 * night + int(slug) - 100, slug, found=found or night) for slug in sections
    )


_DEEP = "/content/list?catid=101&page=3"

NIGHTS: dict[int, Night] = {
    1: Night((*_before(), *_new(1, "101", "102"))),
    2: Night((PageFails(_DEEP),)),
    3: Night(),
    4: Night(
        _new(4, "101"),
        (
            r"1 list page could not be fetched or read: \S+page=3: HTTP 500 \(capture \d+\)\.  The site's server fails",
        ),
        1,
    ),
    5: Night(
        (
            *_new(5, "101", "102"),
            Publish(952, "102", date(2024, 2, 18), 12, found=7),
            Edit(1041, 5, title="云汀县第1041号新闻（更正）"),
        ),
        (),
        1,
    ),
    6: Night(_new(6, "101", "103"), (), 1),
    7: Night(
        (
            *_new(7, "101", "102"),
            Publish(951, "101", date(2024, 2, 15), 12, found=16),
            Edit(1051, 8, more="又讯：第二批渠道下周通水。"),
        ),
        (),
        1,
    ),
    8: Night(
        (*_new(8, "101"), Withdraw(1052, 8), Edit(1071, 8, title="云汀县第1071号新闻：渠通了")),
        (),
        1,
    ),
    9: Night((Withdraw(1061, 9, gone=23),), (), 1),
    10: Night((Edit(1081, 11, third="苏木"),), (), 1),
    11: Night(
        (
            *_new(11, "101", "102"),
            Publish(1113, "103", found=16, listed=11),
            PageFails(show(1113)),
            PutBack(1052, 11),
        ),
        (
            r"since 2024-03-05 02:34 Beijing time: 1 list page could not .*page=3: HTTP 500 \(capture \d+\)\.  The site's server",
            r"1 article could not be fetched or read: \S+newsid=1113: HTTP 500 \(capture \d+\), listed as “云汀县第1113号新闻”",
        ),
        1,
    ),
    12: Night(
        (*_new(12, "101", "103", found=15), Edit(915, 16, more="又讯：水费下月起减半。"), Fails(500)),
        (r"No list page could be read: \S+: HTTP 500 \(capture \d+\)",),
        1,
    ),
    13: Night(_new(13, "101", "102", found=15), (), 1),
    14: Night((*_new(14, "101", found=15), Edit(1111, 15, third="陆远舟"), Fails(0)), (), 1),
    15: Night(
        (
            *_new(15, "101", "103"),
            Edit(1071, 15, more="又讯：末级渠道月底完工。"),
            Works(),
            PageFails(show(1113)),
        ),
        (),
        1,
    ),
    16: Night(
        (Works(), Publish(1161, "101", found=17, listed=16), Cut(1161)),
        (r"1 article could not be fetched or read: \S+newsid=1161: .*cut or damaged.* \(capture \d+\)",),
        1,
    ),
    17: Night((Works(), Withdraw(1112, 18, soft=True))),
    18: Night(
        (MoveList("103", "203"), *_new(18, "101"), Publish(1183, "203")),
        (r"1 list page could not be fetched or read: \S+catid=103: HTTP 404 \(capture \d+\).*skip_url",),
        1,
    ),
    19: Night(_new(19, "101", "102"), (), 1),
    20: Night(
        (*_new(20, "101"), DrawAnew()),
        (
            r"since 2024-03-19 02:48 Beijing time: 1 list page could not be fetched or read: .*catid=103: HTTP 404",
            r"The template may have changed: source in all sections was found in 100% of earlier articles, now in 0% of"
            r" \d+; look at \S+newsid=\d+ \(capture \d+\)\..*reparse --apply",
        ),
        1,
    ),
    21: Night((*_new(21, "101", "102"), Edit(1041, None, more="又讯：泵站也修好了。")), (), 1),
    22: Night(
        (
            *_new(22, "101"),
            Profile({"skip_url": ["catid=103$"], "selectors": {"source": "div.ly"}}),
            Reparse(),
        )
    ),
    23: Night((MoveToHttps(), Certificate("good"))),
    24: Night((*_new(24, "101"), Edit(1221, 27, third="陆远舟"))),
    25: Night(
        (Certificate("expired"),),
        (
            r"(?=.*(the site sends this address on to https://|robots\.txt of ))No list page could be read: http://\S+: .*"
            r"the certificate does not hold \(expired.*If a browser warns of it too, tell the site's operator",
        ),
        1,
    ),
    26: Night((), (), 1),
    27: Night((Certificate("good"),)),
    28: Night(),
    29: Night(
        (),
        (
            r"Nothing new for 5 days: the last new article was found 2024-03-25 02:54 Beijing time\.  Look at the site",
        ),
        1,
    ),
    30: Night((*_new(30, "101"),)),
}
NEVER = ("Traceback", "Warning", "WARNING", "twisted", "scrapy", "None", "  , ", "()")
"""What stands in no mail."""

STATUS = {
    13: (
        1,
        (
            r"Last crawl: No list page could be read",
            r"No complete crawl in the last 26 hours: the last one ended",
        ),
    ),
    17: (0, (r"All is well\.",)),
    19: (1, (r"Last crawl: 1 list page could not be fetched or read: \S+catid=103: HTTP 404",)),
    30: (0, (r"All is well\.",)),
}
"""Night → exit status of ``zhijiang status --max-age 26h`` on the morning after it, and what it says among else."""
