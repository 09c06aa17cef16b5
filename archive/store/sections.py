"""The sections of a site as the archive knows them, and those that an operator asks for."""

from collections.abc import Sequence

from archive.model.section import is_section
from archive.model.wording import some_of
from archive.store.archive import Archive
from archive.store.plan import CUT_SHORT


class UnknownSection(Exception):
    """A section was asked for that the site does not have: names it, and those that there are."""


def known_sections(archive: Archive, site: str) -> dict[str, str]:
    """Return slug → name of the sections of a site, "" where it is not known."""
    sql = "SELECT slug, name FROM section WHERE site = ? AND kind = 'section' ORDER BY slug"
    return dict(archive.connection.execute(sql, (site,)).fetchall())


def wanted_sections(archive: Archive, site: str, typed: Sequence[str]) -> tuple[str, ...]:
    """Return the slugs of the sections that an operator asks for by slug or name.

    What the archive does not know stays as it was typed where no crawl looked for all sections yet: the site has to be
    asked.  Raises ``UnknownSection`` where one did.
    """
    known = known_sections(archive, site)
    found: dict[str, None] = {}
    for wanted in typed:
        slugs = [slug for slug, name in known.items() if is_section(wanted, slug, name)]
        if not slugs and known and _looked_for_all(archive, site):
            raise UnknownSection(
                f"no section {wanted} is known of {site}; there are: {named_sections(known)}.  A crawl without --section"
                " finds a new one."
            )
        found |= dict.fromkeys(slugs or [wanted])
    return tuple(found)


def named_sections(sections: dict[str, str]) -> str:
    """Return sections, slug → name, as people read them."""
    return some_of(f"{slug} ({name})" if name else slug for slug, name in sections.items())


def _looked_for_all(archive: Archive, site: str) -> bool:
    sql = (
        "SELECT 1 FROM crawl WHERE site = ? AND json_extract(options, '$.sections') = '[]' AND finished_at IS NOT NULL"
        " AND listed > 0 AND reason NOT LIKE ?"
    )
    return archive.connection.execute(sql, (site, f"%{CUT_SHORT}%")).fetchone() is not None
