"""``zhijiang search`` and ``zhijiang reindex``."""

import shlex
from collections.abc import Collection
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.hits import hit_cells, hit_columns, hit_json, how_many, print_facets, print_hit, write_csv
from archive.cli.options import archive_option, archives_options, chosen_archives, timeout_option
from archive.cli.output import echo_json, progress_bar
from archive.extras import ExtraMissing
from archive.language import _, ngettext, told
from archive.search.deadline import time_limit
from archive.search.errors import SlowQueryError
from archive.search.index import index_ok
from archive.search.index import reindex as rebuild_index
from archive.search.language import ASK_FORMER, Query, asks_former, misspelt_field, parse_query
from archive.search.query import Order, SearchResult
from archive.search.query import count as count_hits
from archive.search.query import facets as read_facets
from archive.search.query import search as run_search
from archive.search.sections import refuse_unknown_sections
from archive.search.variants import with_variants
from archive.store.archive import Archive, refuse_none

if TYPE_CHECKING:
    from archive.search.former import Former


class _WordsAndOptions(click.Command):
    """A command whose arguments may be ``-词``, a word to leave out; what begins with ``--`` is an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse a misspelt option, which would count as a word that no hit may have: nobody would see it."""
        known = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        for argument in takewhile(lambda argument: argument != "--", args):
            name = argument.partition("=")[0]
            if not name.startswith("--") or name in known:
                continue
            if ctx.parent and any(name in parameter.opts for parameter in ctx.parent.command.params):
                raise click.UsageError(
                    _("{name} stands before the name of the command: zhijiang {name} … search …", name=name)
                )
            raise click.NoSuchOption(name, possibilities=get_close_matches(name, known), ctx=ctx)
        return super().parse_args(ctx, args)


@click.command(cls=_WordsAndOptions, context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True)
@archives_options
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Hits a page.")
@click.option("--page", type=click.IntRange(1, 1_000_000), default=1, show_default=True)
@click.option(
    "--as-of",
    type=click.IntRange(0, 2**63 - 1),
    help="Only articles up to this number: as_of of the first page's --json, so that a crawl shifts no later page.",
)
@click.option(
    "--order",
    type=click.Choice([order.name.lower() for order in Order]),
    show_default="relevance; newest of several archives",
)
@click.option(
    "--variants", is_flag=True, help="Find traditional and simplified spellings alike (needs OpenCC)."
)
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option(
    "--facets", "only_facets", is_flag=True, help="What the hits are made of: sections, years, names."
)
@timeout_option
@click.option("--csv", "as_csv", is_flag=True, help="The hits as CSV.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
def search(
    query: tuple[str, ...],
    archive_paths: tuple[Path, ...],
    folder: Path | None,
    limit: int,
    page: int,
    as_of: int | None,
    order: str | None,
    variants: bool,
    only_count: bool,
    only_facets: bool,
    seconds: float,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Search titles, texts and credit lines.

    Words of any length, one character too; what was found is marked with 【】.

    \b
    柑橘 工会           both words          标题:柑橘    in the title; 正文: 署名: likewise
    柑橘 OR 脐橙        one of them         记者:余峰    a credit, any role: 三审: 编辑: … 姓名:
    工会 -会议          without 会议        栏目:县域要闻  来源:…    状态:已消失
    '"3 月 5 日"'       exactly this        日期:2024-01..2024-03    图片:有    类型:视频
    4100万元 旧版:有    only a former version says so    曾署名:余峰    a credit that is gone; 曾三审: …

    At most 20 conditions, equal ones counted once.

    Full and half width, capital and small letters and blanks make no difference; traditional and simplified
    characters do, unless --variants.

    Several archives (--archive A --archive B, --archives FOLDER) are searched together, the newest hits first.  One
    that cannot be read is named, and the exit status is 1, or 75 where trying again later may help.
    """
    from archive.cli.pasted import given_options, pasted
    from archive.store.access import restricted_ids

    if as_csv and as_json:
        raise click.UsageError(_("--csv and --json are two forms of one answer; give one of them"))
    text = " ".join(query)
    asked = parse_query(text)
    if variants:
        try:
            asked = with_variants(asked)
        except ExtraMissing as error:
            raise click.UsageError(told(str(error))) from error
    paths = chosen_archives(archive_paths, folder)
    if folder or len(paths) > 1:
        from archive.cli.search_several import search_several

        if as_of is not None:
            raise click.UsageError(
                _("--as-of is a number of one archive; leave it out where several are searched")
            )
        shape = "facets" if only_facets else "csv" if as_csv else "hits"
        search_several(
            paths,
            text,
            asked,
            limit=limit,
            page=page,
            order=Order[(order or Order.NEWEST.name).upper()],
            shape="count" if only_count else shape,
            seconds=seconds,
            as_json=as_json,
        )
        return
    with Archive.read(paths[0]) as archive:
        with time_limit(archive.connection, asked, seconds):
            refuse_unknown_sections(archive.connection, text, asked)
            if only_count:
                total = count_hits(archive.connection, asked)
                echo_json({"query": text, "total": total}) if as_json else click.echo(total)
                return
            if only_facets:
                print_facets(read_facets(archive.connection, asked), as_json=as_json)
                return
            result = run_search(
                archive.connection,
                asked,
                limit=limit,
                offset=(page - 1) * limit,
                order=Order[(order or Order.RELEVANCE.name).upper()],
                as_of=as_of,
            )
        former = None if as_csv or asks_former(asked) else _ask_former(archive, asked, seconds)
        restricted = restricted_ids(archive)
    if as_json:
        answer = {"query": text, "total": result.total, "as_of": result.as_of}
        if former:
            from archive.rendering.replaced import former_found

            answer["former"] = former_found(text, former)
        echo_json(
            answer | {"hits": [hit_json(hit, restricted=hit.article_id in restricted) for hit in result.hits]}
        )
    elif as_csv:
        cells = (hit_cells(hit, restricted=hit.article_id in restricted) for hit in result.hits)
        write_csv(cells, hit_columns(asked))
    else:
        _print_hits(result, first=(page - 1) * limit + 1, restricted=restricted)
        if not result.total and (misspelt := misspelt_field(text)):
            click.echo(
                _("There is no field {typed}; is {field} meant?", typed=misspelt[0], field=misspelt[1])
            )
        if former:
            command = pasted("zhijiang search", given_options(paths[0], ""))
            _print_former(f"{command} --variants" if variants else command, text, former)


def _ask_former(archive: Archive, asked: Query, seconds: float) -> "Former":
    """Ask former versions, as long as the search itself may take: it is answered whatever comes of that."""
    from archive.search.former import Former, search_former  # here: what lists the commands needs none of it

    try:
        with time_limit(archive.connection, asked, seconds):
            return search_former(archive.connection, asked)
    except SlowQueryError:
        return Former((), f"{seconds:g} 秒里没有查完")


def _print_former(command: str, text: str, former: "Former") -> None:
    """Say what former versions have of a query, and the command that shows it."""
    if former.unsearched:
        click.echo(_("Former versions were not searched: {reason}", reason=told(former.unsearched)))
    elif former.articles:
        asked = shlex.quote(f"{text} {ASK_FORMER}")
        click.echo(
            ngettext(
                "In former versions there is {count} more: {command}",
                "In former versions there are {count} more: {command}",
                len(former.articles),
                count=len(former.articles),
                command=f"{command} {asked}",
            )
        )


def _print_hits(result: SearchResult, *, first: int, restricted: Collection[int]) -> None:
    for hit in result.hits:
        print_hit(hit, restricted=hit.article_id in restricted)
    click.echo(how_many(result.total, first, len(result.hits)))


@click.command()
@archive_option
def reindex(archive_path: Path) -> None:
    """Build the search index again from the articles and their former versions, and compact it."""
    from archive.store.counts import recount
    from archive.store.crawls import close_killed_crawls
    from archive.store.lock import writer_lock

    refuse_none(archive_path)  # before there is a lock beside it
    with writer_lock(archive_path):
        with progress_bar() as advance:  # of the step that reads texts again in an older file
            opened = Archive.open(
                archive_path,
                create=False,
                tell=lambda done, of: advance(1) if done else advance.expect(of),
            )
        with opened as archive:
            close_killed_crawls(archive)
            archive.begin()
            rebuild_index(archive.connection)
            recount(archive.connection)
            archive.commit()
            problem = index_ok(archive.connection)
    if problem:
        raise click.ClickException(told(problem))
    click.echo(_("{archive_path}: the search index is built again", archive_path=archive_path))
