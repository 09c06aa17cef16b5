"""Captures read again for ``zhijiang check``: what they give by every profile and list title that may have been known."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from archive.evidence.warc_reader import NotWhole, TooLarge, WarcError
from archive.model.derived import Derive, Derived, DerivedList
from archive.store.archive import Archive
from archive.store.crawl_records import Writer, writer_of
from archive.store.read import listed_title
from zhijiang_spider.derive.article import Refused, read_list
from zhijiang_spider.derive.kept import kept_article, kept_page
from zhijiang_spider.derive.normalise import normalise_listing
from zhijiang_spider.derive.reading import profile_digest, reading
from zhijiang_spider.derive.reparse import recorded_sites
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.site import Site, parse_site


def derive_again(archive: Archive) -> Derive:
    """Return what reads captures of an archive again."""
    profiles: list[Site] = []
    with suppress(SiteError):  # then the profiles that the crawls recorded have to do
        profiles = recorded_sites(archive)
    return _Again(archive, {site.name: site for site in profiles})


class _Again:
    def __init__(self, archive: Archive, profiles: dict[str, Site]) -> None:
        self._archive = archive
        self._profiles = profiles

    def article(self, capture: int, title: str) -> Iterator[Derived]:
        writer = writer_of(self._archive, capture)
        try:
            page = kept_page(self._archive, capture)
        except (NotWhole, TooLarge) as error:
            yield Derived(None, str(error), _is_now(writer, None))
            return
        titles = dict.fromkeys((listed_title(self._archive, writer.site, writer.key), "", title))
        for site in _profiles(writer, self._profiles.get(writer.site)):
            for listed in titles:
                yield _derived(self._archive, page, site, writer, listed)

    def listing(self, capture: int) -> Iterator[DerivedList]:
        writer = replace(writer_of(self._archive, capture), reparsed=None)  # which reads no lists
        for site in _profiles(writer, self._profiles.get(writer.site)):
            try:
                page = kept_page(self._archive, capture)
                listed = read_list(page, site)
                # the section and the number of the page are its walk's, and nothing that an entry says hangs on them
                read = normalise_listing(listed, site, slug="", number=1, fetched_at=page.fetched_at)
            except (Refused, NotWhole, TooLarge):
                continue
            except WarcError:
                raise
            except Exception:  # one odd page does not keep all others from being read
                continue
            yield DerivedList(read.entries, _is_now(writer, site))


def _profiles(writer: Writer, now: Site | None) -> list[Site]:
    """Return the profiles by which a capture may have been read, the likeliest first."""
    declared = _options(writer.options).get("site")
    then = _site(json.dumps(declared, ensure_ascii=False)) if declared else None
    order = (now, then) if writer.reparsed else (then, now)
    return [site for site in dict.fromkeys(order) if site is not None]


def _derived(archive: Archive, page: Page, site: Site, writer: Writer, listed: str) -> Derived:
    is_now = _is_now(writer, site)
    try:
        return Derived(
            kept_article(archive, page, site, key=writer.key, listed=listed)[1], is_same_reading=is_now
        )
    except (Refused, NotWhole, TooLarge) as error:
        return Derived(None, str(error), is_now)
    except WarcError:
        raise
    except Exception as error:  # one odd page does not keep all others from being read
        return Derived(None, f"{type(error).__name__}: {error}", is_now)


def _is_now(writer: Writer, site: Site | None) -> bool:
    """Tell whether what wrote the rows of a capture reads as this program does, by this profile (None: by any)."""
    options = _options(writer.options)
    if writer.reparsed is None:
        wrote, profile = options.get("reading"), profile_digest(options.get("site"))
    else:
        event = json.loads(writer.reparsed).get(writer.site) or options
        wrote, profile = event.get("reading"), str(event.get("profile"))
    return wrote == reading() and (site is None or profile == profile_digest(json.loads(site.declared)))


@lru_cache(maxsize=32)
def _options(options: str) -> dict[str, Any]:
    found = json.loads(options)
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=32)
def _site(declared: str) -> Site | None:
    with suppress(SiteError):  # of a program that knew other keys
        return parse_site(json.loads(declared), "the crawl record")
    return None
