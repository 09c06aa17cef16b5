"""How hits of a search, and what they are made of, are printed: of one archive and of several alike."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from archive.characters import BYTE_ORDER_MARK
from archive.cli.output import echo_json, moment
from archive.language import _, ngettext, noted, told
from archive.rendering.cells import guarded
from archive.search.language import Query, asks_former
from archive.search.query import Facets, Hit

if TYPE_CHECKING:
    from archive.search.former import FormerVersion

_TOLD = ("article_id", "published_on", "section", "title", "url", "snippet")
_HIT_COLUMNS = (*_TOLD, "restricted")
_FORMER = ("former_version", "replaced_by", "replaced_at_beijing", "what_changed")
_MARK = "控制件"


def hit_row(hit: Hit, *, restricted: bool) -> dict[str, Any]:
    """Return what is told of a hit."""
    return {name: getattr(hit, name) for name in _TOLD} | {"restricted": _MARK if restricted else ""}


def hit_columns(query: Query) -> Sequence[str]:
    """Return what CSV tells of a hit: ``restricted`` is ``控制件`` or empty; of former versions also which one was found."""
    return (*_HIT_COLUMNS, *_FORMER) if asks_former(query) else _HIT_COLUMNS


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write hits to standard output as CSV for a spreadsheet: UTF-8 with BOM, no cell a formula.

    In another encoding of the output (GBK) there is no such mark.
    """
    import csv

    if sys.stdout.encoding.lower().replace("-", "").startswith("utf"):
        sys.stdout.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)


def hit_cells(hit: Hit, *, restricted: bool) -> dict[str, Any]:
    """Return a hit as CSV tells it, and the version of it that was found where that is a former one."""
    row = hit_row(hit, restricted=restricted)
    if not hit.former:
        return row
    from archive.rendering.replaced import former_json
    from archive.times import local_second

    told = former_json(hit.former)
    at = local_second(told["replaced_at"])
    return row | dict(zip(_FORMER, (told["version"], told["replaced_by"], at, told["what"]), strict=True))


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

    click.echo(
        _(
            "\tversion {number}, replaced by version {next} on {at}: {what}",
            number=former.number,
            next=former.after["number"],
            at=moment(former.after["seen_at"]),
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
