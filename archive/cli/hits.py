"""How hits of a search, and what they are made of, are printed: of one archive and of several alike."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from archive.cli.output import echo_json
from archive.language import _, ngettext, noted, told
from archive.search.query import Facets, Hit

if TYPE_CHECKING:
    from archive.search.former import FormerVersion

_TOLD = ("article_id", "published_on", "section", "title", "url", "snippet")
HIT_COLUMNS = (*_TOLD, "restricted")
"""What CSV tells of a hit; of a restricted one the last is ``控制件``."""
_MARK = "控制件"


def hit_row(hit: Hit, *, restricted: bool) -> dict[str, Any]:
    """Return a hit as CSV tells it."""
    return {name: getattr(hit, name) for name in _TOLD} | {"restricted": _MARK if restricted else ""}


def hit_json(hit: Hit, *, restricted: bool) -> dict[str, Any]:
    """Return a hit as JSON tells it, of a former version also what replaced it."""
    row = hit_row(hit, restricted=restricted)
    if not hit.former:
        return row
    from archive.rendering.replaced import former_json

    return row | {"former": former_json(hit.former)}


def print_hit(hit: Hit, *, restricted: bool, archive: str = "") -> None:
    """Print a hit in two lines.  ``archive``: what the archive that holds it is called, where there are several."""
    mark = _("[restricted] ") if restricted else ""
    day, section = hit.published_on or "----------", hit.section or "-"
    click.echo("\t".join(filter(None, (archive, str(hit.article_id), day, section, f"{mark}{hit.title}"))))
    click.echo(
        "\t"
        + "".join(click.style(f"【{text}】", bold=True) if found else text for text, found in hit.segments)
    )
    if hit.former:
        _print_replaced(hit.former)


def _print_replaced(former: "FormerVersion") -> None:
    from archive.rendering.replaced import what_replaced
    from archive.times import local_time

    click.echo(
        _(
            "\tversion {number}, replaced by version {next} on {at}: {what}",
            number=former.number,
            next=former.after["number"],
            at=local_time(former.after["seen_at"]),
            what=told(what_replaced(former.before, former.after)),
        )
    )


def how_many(total: int, first: int, listed: int) -> str:
    """Return the line that says how many hits there are, and which of them are listed."""
    if 0 < listed < total:
        return _(
            "{total} articles, listed are {first}–{last}", total=total, first=first, last=first + listed - 1
        )
    return ngettext("{total} article", "{total} articles", total, total=total)


def print_facets(found: Facets, *, as_json: bool) -> None:
    """Print what hits are made of."""
    if as_json:
        echo_json(asdict(found))
        return
    none = _("none")
    for line, values in (
        (noted("Sections: {values}"), found.sections),
        (noted("Sources: {values}"), found.sources),
        (noted("Years: {values}"), found.years),
        (noted("States: {values}"), found.states),
        (noted("Pictures: {values}"), found.pictures),
    ):
        click.echo(_(line, values="  ".join(f"{value} {number}" for value, number in values) or none))
    names = "  ".join(f"{role}:{name} {number}" for role, name, number in found.credits)
    click.echo(_("Credits: {values}", values=names or none))
