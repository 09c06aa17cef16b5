"""The sections of a site as the archive knows them, and those that an operator asks for."""

from collections.abc import Callable, Sequence

from archive.model.section import is_section
from archive.model.wording import some_of
from archive.store.archive import Archive
from archive.store.plan import CUT_SHORT


class UnknownSection(Exception):
    """A section was asked for that the site does not have: names it, and those that there are."""


def known_sections(archive: Archive, site: str, skips: Callable[[str], bool]) -> dict[str, str]:
    """Return slug → name of the sections of a site that are crawled, "" where it is not known.

    ``skips``: tells whether the profile leaves out the section at an address.
    """
    return {slug: name for slug, name, url in _sections(archive, site) if not skips(url)}


def wanted_sections(
    archive: Archive, site: str, typed: Sequence[str], skips: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the slugs of the sections that an operator asks for by slug or name.

    What the archive does not know stays as it was typed where no crawl looked for all sections yet: the site has to be
    asked.  ``skips``: as for ``known_sections``.  Raises ``UnknownSection`` where one did, and for what is skipped.
    """
    known = known_sections(archive, site, skips)
    skipped = [(slug, name) for slug, name, _ in _sections(archive, site) if slug not in known]
    found: dict[str, None] = {}
    for wanted in typed:
        slugs = [slug for slug, name in known.items() if is_section(wanted, slug, name)]
        if not slugs and any(is_section(wanted, slug, name) for slug, name in skipped):
            raise UnknownSection(
                f"{wanted} is in skip_url of the profile; there are: {named_sections(known)}"
            )
        if not slugs and known and _looked_for_all(archive, site):
            raise UnknownSection(
                f"no section {wanted} is known of {site}; there are: {named_sections(known)}.  A crawl without --section"
                " finds a new one."
            )
        found |= dict.fromkeys(slugs or [wanted])
    return tuple(found)


def _sections(archive: Archive, site: str) -> list[tuple[str, str, str]]:
    sql = "SELECT slug, name, url FROM section WHERE site = ? AND kind = 'section' ORDER BY slug"
    return archive.connection.execute(sql, (site,)).fetchall()


def named_sections(sections: dict[str, str]) -> str:
    """Return sections, slug → name, as people read them."""
    return some_of(f"{slug} ({name})" if name else slug for slug, name in sections.items())


def _looked_for_all(archive: Archive, site: str) -> bool:
    sql = (
        "SELECT 1 FROM crawl WHERE site = ? AND json_extract(options, '$.sections') = '[]' AND finished_at IS NOT NULL"
        " AND listed > 0 AND reason NOT LIKE ?"
    )
    return archive.connection.execute(sql, (site, f"%{CUT_SHORT}%")).fetchone() is not None
