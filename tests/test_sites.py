"""The bundled profiles, and one of a sister site, on sites in the shapes they were written for.

Only the host names of a profile are changed: the site stands on the loopback address.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import zhijiang_spider
from archive import Archive, Article, Attachment, Credit, Image, Position, Role
from archive.model.article import MediaType
from archive.store.read import find_article
from tests.crawled import Crawled
from tests.newssite import Section, build_site
from tests.samples import SAMPLES, Sample
from tests.templates import (
    LIST_TEMPLATES,
    TEMPLATES,
    ListTemplate,
    Template,
    differences,
    expected,
)

NAMED = {template.name: template for template in TEMPLATES}
NEXT_LINK = LIST_TEMPLATES[0]
CJYUN_LIST = replace(NEXT_LINK, first="/{slug}/index.html", further="/{slug}/index_{page}.html")
"""The lists of another site on 长江云: a folder a section, 下一页 at the foot."""
PROFILES = Path(zhijiang_spider.__file__).parent / "sites"
SISTER = Path(__file__).parent / "profiles" / "yidu.toml"


def profile(path: Path, host: str) -> dict[str, Any]:
    """Return a profile as it is, moved to another host."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    moved = {"hosts": [host], "start_urls": [f"http://{host}/"]}
    return text | moved | {"politeness": text["politeness"] | {"delay": 0}}


def stored(yunting: Crawled, url: str) -> Article:
    """Return an article as the archive tells it."""
    with Archive.read(yunting.archive) as archive:
        row = find_article(archive, url)
    assert row is not None, url
    return Article(
        site=row["site"],
        key=row["key"],
        url=row["url"],
        title=row["title"],
        fetched_at=row["first_seen_at"],
        kicker=row["kicker"],
        subtitle=row["subtitle"],
        section=row["section"],
        breadcrumb=tuple(row["breadcrumb"]),
        published_on=row["published_on"],
        published_at=row["published_at"],
        source=row["source"],
        body=tuple(row["body"]),
        credits=tuple(
            Credit(c["label"], Role(c["role"]), c["name"], c["org"], Position(c["position"]))
            for c in row["credits"]
        ),
        images=tuple(Image(i["url"], i["caption"], i["paragraph"]) for i in row["images"]),
        attachments=tuple(Attachment(a["url"], MediaType(a["kind"]), a["text"]) for a in row["attachments"]),
    )


def numbered(samples: Sequence[Sample], crumbs: tuple[str, ...], start: int) -> list[tuple[int, Sample]]:
    return [(number, replace(sample, breadcrumb=crumbs)) for number, sample in enumerate(samples, start)]


@pytest.mark.parametrize(
    ("path", "template", "listing", "slugs", "crumbs"),
    [
        (PROFILES / "zhijiang.toml", "yichang", NEXT_LINK, ("320595", "320596"), ("三峡枝江网", "基层瞭望")),
        (PROFILES / "zhijiang-cjyun.toml", "cjyun_hidden_copy", CJYUN_LIST, ("xw", "qtq"), ()),
        (PROFILES / "zhijiang-cjyun.toml", "cjyun_second_copy", CJYUN_LIST, ("xw", "qtq"), ()),
        (SISTER, "header_row", NEXT_LINK, ("330007", "330108"), ("首页", "新闻资讯", "本地要闻")),
    ],
    ids=["zhijiang", "cjyun-1", "cjyun-2", "yidu"],
)
def test_a_profile_archives_its_site(
    yunting: Crawled,
    path: Path,
    template: str,
    listing: ListTemplate,
    slugs: tuple[str, str],
    crumbs: tuple[str, ...],
) -> None:
    page: Template = NAMED[template]
    half = len(SAMPLES) // 2
    first, second = numbered(SAMPLES[:half], crumbs, 7001), numbered(SAMPLES[half:], crumbs, 7101)
    build_site(
        yunting.site,
        [Section(slugs[0], "基层瞭望", first), Section(slugs[1], "枝江要闻", second)],
        page,
        listing,
    )
    yunting.save_profile(**profile(path, yunting.site.host))
    yunting.crawl("--media", "none")
    assert sorted(yunting.rows("SELECT slug FROM section WHERE kind = 'section'")) == sorted(
        (slug,) for slug in slugs
    )
    assert yunting.rows("SELECT count(*) FROM article") == [(len(SAMPLES),)]
    for number, sample in [*first, *second]:
        url = yunting.site.base_url + page.path.format(id=number)
        want = expected(sample, page, yunting.site.base_url)
        assert differences(stored(yunting, url), want) == [], sample.name
