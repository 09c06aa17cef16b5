"""``zhijiang search`` over several archives."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from archive.cli.hits import hit_cells, hit_columns, hit_json, how_many, print_facets, print_hit, write_csv
from archive.cli.output import echo_json
from archive.language import _, ngettext, told
from archive.search.language import ASK_FORMER, Query, asks_former
from archive.search.query import Order
from archive.shelf import Found, Shelf, Volume
from archive.store.errors import ArchiveBusy, ArchiveError


def search_several(
    paths: Sequence[Path],
    text: str,
    query: Query,
    *,
    limit: int,
    page: int,
    order: Order,
    shape: str,
    seconds: float,
    as_json: bool,
) -> None:
    """Print the answer of several archives.  ``text``: the query as typed; ``shape``: hits, csv, count or facets;
    ``seconds``: how long that may take.

    Raises ``ArchiveError`` after the answer where one of them could not be read, ``ArchiveBusy`` where that may pass.
    """
    if order is Order.RELEVANCE:
        raise click.UsageError(
            _(
                "relevance is no order of several archives, for how rare a word is differs; choose newest or oldest"
            )
        )
    with Shelf(paths, seconds=seconds) as shelf:
        shelf.refuse_unknown_sections(text, query)
        if shape == "facets":
            made_of, unread = shelf.facets(query)
            print_facets(made_of, as_json=as_json)
        elif shape == "count":
            counted = shelf.count(query)
            unread = counted.unread
            if as_json:
                echo_json(_head(text, counted.of, unread))
            else:
                _print_totals(counted.of, unread, "")
        else:
            first = (page - 1) * limit
            found = shelf.search(query, limit=limit, offset=first, order=order)
            unread = found.unread
            if as_json:
                former = {} if asks_former(query) else {"former": {"total": None, "reason": _NOT_FORMER}}
                echo_json(_head(text, found.totals, unread) | former | {"hits": _rows(found, hit_json)})
            elif shape == "csv":
                write_csv(_rows(found, hit_cells), (*_ARCHIVE, *hit_columns(query)))
            else:
                _print_hits(found, first + 1)
                if not asks_former(query):
                    click.echo(_("Former versions were not searched: {reason}", reason=told(_NOT_FORMER)))
        _warn_of_copies(shelf.volumes)
    if unread:
        passes = all(isinstance(error, ArchiveBusy) for error in unread)
        raise (ArchiveBusy if passes else ArchiveError)("\n".join(map(str, unread)))


_ARCHIVE = ("archive", "archive_title")
_NOT_FORMER = f"一次查几个档案时，检索式里写上 {ASK_FORMER} 才查"


def _names(volume: Volume) -> dict[str, str]:
    return dict(zip(_ARCHIVE, (str(volume.path), volume.title), strict=True))


def _rows(found: Found, tell: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        _names(volume) | tell(hit, restricted=(volume.path, hit.article_id) in found.restricted)
        for volume, hit in found.hits
    ]


def _head(text: str, totals: Sequence[tuple[Volume, int]], unread: Sequence[ArchiveError]) -> dict[str, Any]:
    return {
        "query": text,
        "total": sum(number for _, number in totals),
        "archives": [_names(volume) | {"total": number} for volume, number in totals],
        "unread": [str(error) for error in unread],
    }


def _print_hits(found: Found, first: int) -> None:
    names = _told_apart(volume for volume, _ in found.totals)
    for volume, hit in found.hits:
        restricted = (volume.path, hit.article_id) in found.restricted
        print_hit(hit, restricted=restricted, archive=names[volume])
    _print_totals(found.totals, found.unread, how_many(found.total, first, len(found.hits)))


def _print_totals(totals: Sequence[tuple[Volume, int]], unread: Sequence[ArchiveError], last: str) -> None:
    for volume, number in totals:
        counted = ngettext("{count} article", "{count} articles", number, count=number)
        click.echo(f"{volume.title}\t{counted}\t{volume.path}")
    last = last or how_many(sum(number for _volume, number in totals), 1, 0)
    if unread:
        click.echo(
            ngettext(
                "{last}; {count} more archive could not be read",
                "{last}; {count} more archives could not be read",
                len(unread),
                last=last,
                count=len(unread),
            )
        )
    else:
        click.echo(last)


def _told_apart(volumes: Iterable[Volume]) -> Mapping[Volume, str]:
    """Return what each archive is called, with its file where two are called alike."""
    every = list(volumes)
    titles = Counter(volume.title for volume in every)
    return {v: v.title if titles[v.title] == 1 else f"{v.title}（{v.path}）" for v in every}


def _warn_of_copies(volumes: Sequence[Volume]) -> None:
    for site in sorted(frozenset().union(*(volume.sites for volume in volumes))):
        if len(files := [str(volume.path) for volume in volumes if site in volume.sites]) > 1:
            click.echo(
                _(
                    "{files} all hold articles of {site}: what stands in several is counted several times",
                    files=", ".join(files),
                    site=site,
                ),
                err=True,
            )
