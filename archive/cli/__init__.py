"""The archive's verbs: search, show, export, import, status, check, snapshot, appraise."""

import csv
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from archive.appraisal import export_appraisals, import_appraisals, number_appraisals
from archive.care.check import CHECKS, Level, Scope
from archive.care.check import check as run_checks
from archive.care.snapshot import write_snapshot
from archive.care.status import Status, read_status
from archive.evidence.warc_writer import file_sha256
from archive.export import FORMATS, RAW_FORMATS, RAW_TABLE, ExtraMissing, Format, Selection, read_articles
from archive.export.remarks import Remark
from archive.importer.package import rebuild
from archive.search.query import VALUES, Facets, Hit, Order, SearchResult, index_ok, parse_query
from archive.search.query import count as count_hits
from archive.search.query import facets as read_facets
from archive.search.query import reindex as rebuild_index
from archive.search.query import search as run_search
from archive.search.variants import VariantsMissing, with_variants
from archive.store.archive import Archive, ArchiveError
from archive.store.events import record_event
from archive.store.lock import writer_lock
from archive.store.read import find_article

_Command = TypeVar("_Command", bound=Callable[..., Any])


def archive_option(command: _Command) -> _Command:
    """Add ``--archive`` to a command."""
    return click.option(
        "--archive",
        "archive_path",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="ZHIJIANG_ARCHIVE",
        default="zhijiang.db",
        show_default=True,
        show_envvar=True,
        help="The archive file.",
    )(command)


def day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Read an option that is a day, ``2024-01-16``; refuse what is none."""
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2024-01-16") from None


def age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Read an option that is a length of time, ``26h``, ``90m``, ``7d``; refuse what is none."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhd])", value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no length of time; write 26h, 90m or 7d")
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})


@contextmanager
def new_file(out: Path, *, force: bool) -> Iterator[Path]:
    """Give a path to write a file or folder to, which becomes ``out`` when all went well.

    So what is broken never has that name.  The path is in a folder ``….part`` beside ``out``, which also holds
    whatever its writer needs meanwhile; what a killed run left there goes with the next one.  Refuses to replace
    anything without ``force``, and never a folder by a file or a file by a folder.
    """
    if out.exists() and not force:
        raise click.UsageError(f"{out} is there already; choose another name, or --force to replace it")
    if not out.parent.is_dir():
        raise click.UsageError(f"{out}: there is no folder {out.parent}; make it first")
    work, old = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.old")
    part = work / out.name
    try:
        _remove(work)
        work.mkdir()
        yield part
        if out.exists() and out.is_dir() != part.is_dir():
            kind = "folder" if out.is_dir() else "file"
            raise click.UsageError(f"{out} is a {kind}, which this would not be; choose another name")
        if out.is_dir():
            _remove(old)
            out.rename(old)
        part.replace(out)
        _remove(old)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        _remove(work)


def _remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def echo_json(value: Any) -> None:
    """Print a value as JSON, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.command(context_settings={"ignore_unknown_options": True})  # -词 is a word to leave out
@click.argument("query", nargs=-1, required=True)
@archive_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Hits a page.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--order",
    type=click.Choice([order.name.lower() for order in Order]),
    default=Order.RELEVANCE.name.lower(),
    show_default=True,
)
@click.option(
    "--variants", is_flag=True, help="Find traditional and simplified spellings alike (needs OpenCC)."
)
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option(
    "--facets", "only_facets", is_flag=True, help="What the hits are made of: sections, years, names."
)
@click.option("--csv", "as_csv", is_flag=True, help="The hits as CSV.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
def search(
    query: tuple[str, ...],
    archive_path: Path,
    limit: int,
    page: int,
    order: str,
    variants: bool,
    only_count: bool,
    only_facets: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Search titles, texts and credit lines.

    Words of any length, one character too; what was found is marked with 【】.

    \b
    柑橘 工会           both words          标题:柑橘    in the title; 正文: 署名: likewise
    柑橘 OR 脐橙        one of them         记者:余峰    a credit, any role: 三审: 编辑: … 姓名:
    工会 -会议          without 会议        栏目:要闻    来源:…    状态:已消失
    '"3 月 5 日"'       exactly this        日期:2024-01..2024-03    图片:有    类型:视频

    Full and half width, capital and small letters and blanks make no difference; traditional and simplified
    characters do, unless --variants.
    """
    text = " ".join(query)
    asked = parse_query(text)
    if variants:
        try:
            asked = with_variants(asked)
        except VariantsMissing as error:
            raise click.UsageError(str(error)) from error
    with Archive.read(archive_path) as archive:
        if only_count:
            total = count_hits(archive.connection, asked)
            echo_json({"query": text, "total": total}) if as_json else click.echo(total)
            return
        if only_facets:
            _print_facets(read_facets(archive.connection, asked), as_json=as_json)
            return
        result = run_search(
            archive.connection, asked, limit=limit, offset=(page - 1) * limit, order=Order[order.upper()]
        )
    if as_json:
        echo_json({"query": text, "total": result.total, "hits": [_hit_row(hit) for hit in result.hits]})
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, _HIT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_hit_row(hit) for hit in result.hits)
    else:
        _print_hits(result, first=(page - 1) * limit + 1)


_HIT_COLUMNS = ("article_id", "published_on", "section", "title", "url", "snippet")


def _hit_row(hit: Hit) -> dict[str, Any]:
    return {name: getattr(hit, name) for name in _HIT_COLUMNS}


def _print_hits(result: SearchResult, *, first: int) -> None:
    for hit in result.hits:
        click.echo(f"{hit.article_id}\t{hit.published_on or '----------'}\t{hit.section or '-'}\t{hit.title}")
        click.echo(
            "\t"
            + "".join(
                click.style(f"【{text}】", bold=True) if found else text for text, found in hit.segments
            )
        )
    shown = f"，列出第 {first}–{first + len(result.hits) - 1} 篇" if len(result.hits) < result.total else ""
    click.echo(f"共 {result.total} 篇{shown if result.hits else ''}")


def _print_facets(found: Facets, *, as_json: bool) -> None:
    if as_json:
        echo_json(asdict(found))
        return
    for name, values in (("栏目", found.sections), ("来源", found.sources), ("年", found.years)):
        click.echo(f"{name}：" + ("  ".join(f"{value} {number}" for value, number in values) or "无"))
    for name, values in (("状态", found.states), ("图片", found.pictures)):
        click.echo(f"{name}：" + ("  ".join(f"{value} {number}" for value, number in values) or "无"))
    names = "  ".join(f"{role}:{name} {number}" for role, name, number in found.credits)
    click.echo(f"署名：{names or '无'}")


@click.command()
@archive_option
def reindex(archive_path: Path) -> None:
    """Build the search index again from the articles, and compact it."""
    with writer_lock(archive_path), Archive.open(archive_path, create=False) as archive:
        archive.begin()
        rebuild_index(archive.connection)
        archive.commit()
        problem = index_ok(archive.connection)
    if problem:
        raise click.ClickException(problem)
    click.echo(f"{archive_path}: the search index is built again")


@click.command()
@click.argument("id_or_url")
@archive_option
@click.option("--json", "as_json", is_flag=True, help="For machines: the whole record as JSON.")
def show(id_or_url: str, archive_path: Path, as_json: bool) -> None:
    """Show one article with its credits and versions, by its number (编号) or its address."""
    with Archive.read(archive_path) as archive:
        article = find_article(archive, id_or_url)
    if article is None:
        raise click.ClickException(f"{id_or_url}: no such article in {archive_path}")
    if as_json:
        echo_json(article)
    else:
        click.echo(_article_text(article))


def _article_text(article: dict[str, Any]) -> str:
    sections = list(
        dict.fromkeys(filter(None, [article["section"], *(s["name"] for s in article["sections"])]))
    )
    credits_text = "\n".join(
        f"  {credit['role']}：{credit['name']}"
        + (f"（{credit['org']}）" if credit["org"] else "")
        + (f"  印作“{credit['label']}”" if credit["label"] and credit["label"] != credit["role"] else "")
        for credit in article["credits"]
    )
    versions = "\n".join(
        f"  第 {v['number']} 版  {v['seen_at']}  "
        + ("改动：" + "、".join(v["changed"]) if v["changed"] else "首次存档")
        for v in article["versions"]
    )
    head = [article["kicker"], article["title"], article["subtitle"]]
    parts = [
        "\n".join(filter(None, head)),
        f"编号 {article['article_id']}  {article['published_at'] or article['published_on'] or '日期不明'}"
        f"  栏目：{'、'.join(sections) or '不明'}  来源：{article['source'] or '未印'}  类型：{article['kind']}  状态：{article['status']}\n"
        f"{article['url']}",
        "\n".join(f"　　{paragraph}" for paragraph in article["body"]),
        "\n".join(f"图：{image['caption'] or '（无图说）'}  {image['url']}" for image in article["images"]),
        "\n".join(f"附件：{a['text'] or a['kind']}  {a['url']}" for a in article["attachments"]),
        f"署名原文\n{article['credit_line']}" if article["credit_line"] else "署名原文：未印",
        f"署名\n{credits_text}" if credits_text else "",
        f"版本\n{versions}",
    ]
    return "\n\n".join(filter(None, parts))


@click.command(epilog="\b\n" + "\n".join(f"{name:9} {known.about}" for name, known in FORMATS.items()))
@click.argument("format_name", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@archive_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file or folder to write.")
@click.option(
    "--raw",
    is_flag=True,
    help="For machines and for keeping: every table as CSV in a folder, untouched; to a file ….csv: the articles.",
)
@click.option("--since", callback=day, metavar="DATE", help="Published on this day or later.")
@click.option("--until", callback=day, metavar="DATE", help="Published on this day or earlier.")
@click.option("--section", default="", metavar="栏目", help="Only of this section.")
@click.option("--name", default="", metavar="姓名", help="Only with this name among the credits.")
@click.option("--status", type=click.Choice(VALUES["状态"]), help="Only of this status.")
@click.option("--query", default="", help="Only what this search finds.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def export(
    format_name: str,
    archive_path: Path,
    out: Path,
    raw: bool,
    since: str | None,
    until: str | None,
    section: str,
    name: str,
    status: str | None,
    query: str,
    force: bool,
) -> None:
    """Write articles to a file or folder: all, or those that meet every condition.

    Everything written is of one moment, even while a crawl is at work.  The same archive gives the same bytes.
    Each export is noted in the table event.
    """
    if raw and format_name not in RAW_FORMATS:
        raise click.UsageError(f"--raw is for {', '.join(RAW_FORMATS)}; {format_name} has one form only")
    selection = Selection(since, until, query, section, name, status or "")
    chosen = (RAW_FORMATS if raw else FORMATS)[format_name]
    if raw and out.suffix.lower() == ".csv":
        chosen = RAW_TABLE
    with (
        new_file(out, force=force) as part,
        _progress() as advance,
        read_articles(archive_path, selection, advance) as articles,
    ):
        advance.expect(articles.count())
        try:
            count = chosen.write(articles, part)
        except ExtraMissing as error:
            raise click.UsageError(str(error)) from error
    written = _digest(out, chosen)
    click.echo(f"{out}: {count} {'credits' if format_name == 'credits' else 'articles'}, {written}")
    remarks = {remark.english: articles.remarks[remark] for remark in Remark if remark in articles.remarks}
    for remark, times in remarks.items():
        click.echo(f"  {times} {remark}")
    detail = {
        "format": f"{format_name} --raw" if raw else format_name,
        "file": out.name,
        "selection": articles.selection.as_dict(),
        "count": count,
        "written": written,
        "remarks": remarks,
    }
    note_event(archive_path, "export", detail)


class _Advance:
    """A bar on a terminal: articles written, of how many; once all are, only that it goes on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("reading", total=None)

    def expect(self, articles: int) -> None:
        self._progress.update(self._task, total=articles, description="writing")

    def __call__(self, rows: int) -> None:
        self._progress.advance(self._task, rows)
        task = self._progress.tasks[0]
        if task.total is not None and task.completed > task.total:
            self._progress.update(self._task, total=None)


@contextmanager
def _progress() -> Iterator[_Advance]:
    """Show progress on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        yield _Advance(progress)


def _digest(out: Path, chosen: Format) -> str:
    """Tell the digest of a file, or how many files a folder has and the digest of its manifest."""
    if not out.is_dir():
        return f"SHA-256 {file_sha256(out)}"
    files = sum(path.is_file() for path in out.rglob("*"))
    if not chosen.manifest:
        return f"{files} files"
    return f"{files} files, {chosen.manifest} SHA-256 {file_sha256(out / chosen.manifest)}"


def note_event(archive_path: Path, kind: str, detail: Mapping[str, Any], *, success: bool = True) -> None:
    """Note in the archive what was done with it; where that cannot be, say so and go on."""
    try:
        record_event(archive_path, kind, detail, success=success)
    except ArchiveError as error:
        click.echo(f"Not noted in the table event: {error}", err=True)


@click.command("import")
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@archive_option
def import_(package: Path, archive_path: Path) -> None:
    """Make an archive again from its export: a folder of csv --raw, or a JSON Lines file.

    Only into a new file, or into an archive that holds nothing.  Every digest, value and reference is checked;
    with one mistake nothing is written, and the mistake is named by file, line and column.

    A folder of csv --raw gives the whole archive again.  JSON Lines give the articles with credits, pictures,
    versions and where their captures lie; of the crawls themselves only their numbers.
    """
    if not archive_path.parent.is_dir():
        raise click.UsageError(f"{archive_path}: there is no folder {archive_path.parent}; make it first")
    with _progress() as advance:
        counts = rebuild(package, archive_path, advance)
    rows = ", ".join(f"{name} {count}" for name, count in counts.items())
    click.echo(f"{archive_path}: {counts.get('article', 0)} articles from {package} ({rows})")
    if counts.get("capture"):
        click.echo(
            f"Its WARC files are not in an export: copy their folder to {archive_path.with_suffix('.warc')}"
        )
    if package.is_file():
        click.echo(
            "JSON Lines tell little of crawls: its last one counts as incomplete until the next; csv --raw keeps all"
        )


@click.command()
@archive_option
@click.option(
    "--max-age",
    callback=age,
    metavar="AGE",
    help="Fail when no complete crawl ended within this time, such as 26h.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(archive_path: Path, max_age: timedelta | None, as_json: bool) -> None:
    """Show the last crawls, what the lists show and the archive does not hold, and what is wrong.

    Exit status 1 when something is wrong.
    """
    with Archive.read(archive_path) as archive:
        found = read_status(archive, now=datetime.now(UTC), max_age=max_age)
    if as_json:
        echo_json(
            {
                "articles": found.articles,
                "crawls": found.crawls,
                "sections": found.sections,
                "missing_count": found.missing_count,
                "missing": found.missing,
                "unknown_labels": found.unknown_labels,
                "troubles": found.troubles,
            }
        )
    else:
        _print_status(found, archive_path)
    if found.troubles:
        sys.exit(1)


@click.command()
@archive_option
@click.option("--sample", type=click.IntRange(1), help="Read back only so many captures, chosen at random.")
@click.option(
    "--max-age",
    callback=age,
    metavar="AGE",
    help="Fail when no complete crawl ended within this time, such as 26h.",
)
@click.option("--record", is_flag=True, help="Note the result in the table event.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(
    archive_path: Path, sample: int | None, max_age: timedelta | None, record: bool, as_json: bool
) -> None:
    """Check everything: the file, its tables and views, the search index, versions, WARC files, every capture.

    One line a finding, what is wrong and what to do about it.  Writes nothing, unless --record asks for it.
    Exit status 1 when something is wrong.
    """
    findings = run_checks(archive_path, Scope(datetime.now(UTC), sample, max_age))
    faults = [finding for finding in findings if finding.level is Level.FAULT]
    if record:
        detail = {"sample": sample, "findings": [asdict(finding) for finding in findings]}
        note_event(archive_path, "validation", detail, success=not faults)
    if as_json:
        echo_json({"right": not faults, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{finding.level}  {finding.check}: {finding.what} -> {finding.advice}")
        if not faults:
            click.echo(f"{archive_path}: all {len(CHECKS)} checks passed")
    if faults:
        sys.exit(1)


@click.command()
@archive_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def snapshot(archive_path: Path, out: Path, force: bool) -> None:
    """Write a hand-over copy of the archive, compacted, and its SHA-256 beside it.

    One plain file for SQLite 3.34 and later; the same archive gives the same bytes.  The WARC files are not in
    it: hand over their folder too.
    """
    with new_file(out, force=force) as part, Archive.read(archive_path) as archive:
        digest = write_snapshot(archive, part)
    Path(f"{out}.sha256").write_text(f"{digest}  {out.name}\n", encoding="utf-8", newline="\n")
    click.echo(f"{out}: SHA-256 {digest}")
    note_event(archive_path, "replication", {"file": out.name, "sha256": digest})


@click.group()
def appraise() -> None:
    """What archivists decide: 档号, 保管期限, 开放标识, notes.  No crawl ever changes it."""


@appraise.command("export")
@archive_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV file to write."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def appraise_export(archive_path: Path, out: Path, force: bool) -> None:
    """Write every article with its decisions to a CSV file for a spreadsheet."""
    with new_file(out, force=force) as part, Archive.read(archive_path) as archive:
        count = export_appraisals(archive, part)
    click.echo(f"{out}: {count} articles")


@appraise.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
def appraise_import(path: Path, archive_path: Path, dry_run: bool) -> None:
    """Read decisions back from a CSV file: all of them, or with a mistake none.

    Rows are matched by 编号.  An empty cell clears what was decided.
    """
    with Archive.open(archive_path, create=False) as archive:
        result = import_appraisals(archive, path, dry_run=dry_run)
    for problem in result.problems:
        click.echo(problem, err=True)
    if result.problems:
        raise click.ClickException(f"{path}: {len(result.problems)} mistakes; nothing was written")
    if not dry_run:
        detail = {"file": path.name, "changed": result.changed}
        note_event(archive_path, "metadata modification", detail)
    verb = "would change" if dry_run else "changed"
    click.echo(f"{path}: {result.changed} {verb}, {result.unchanged} unchanged")


@appraise.command("number")
@archive_option
@click.option("--fonds", required=True, help="全宗号, such as C015.")
@click.option("--year", type=click.IntRange(1900, 2999), required=True, help="Of publication.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be given.")
def appraise_number(archive_path: Path, fonds: str, year: int, dry_run: bool) -> None:
    """Give 档号 to the articles of a year that have a 保管期限 and no 档号 yet (DA/T 13-2022)."""
    if not re.fullmatch(r"[^\s·-]+", fonds):
        raise click.UsageError(f"{fonds!r} is no 全宗号; write it as C015, without blanks, dots and dashes")
    with Archive.open(archive_path, create=False) as archive:
        numbered = number_appraisals(archive, fonds, year, dry_run=dry_run)
    if numbered and not dry_run:
        detail = {"fonds": fonds, "year": year, "numbered": len(numbered)}
        note_event(archive_path, "metadata modification", detail)
    for article_id, code in numbered:
        click.echo(f"{article_id}\t{code}")
    click.echo(f"{len(numbered)} {'would get' if dry_run else 'got'} a 档号")


def _print_status(found: Status, archive_path: Path) -> None:
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 140)
    console.print(f"{archive_path}: {found.articles} articles")
    console.print(_table("Last crawls (UTC)", found.crawls, _CRAWL_COLUMNS))
    console.print(_table("Sections", found.sections, _SECTION_COLUMNS))
    if found.missing_count:
        console.print(f"Listed and not archived: {found.missing_count}", soft_wrap=True)
        for row in found.missing:
            console.print(
                f"  {row['题名']}  {row['网址']}  {row['原因'] or 'not fetched yet'}", soft_wrap=True
            )
    if found.unknown_labels:
        labels = ", ".join(f"{row['标签']} ({row['次数']})" for row in found.unknown_labels)
        console.print(f"Credit labels the role table does not know: {labels}", soft_wrap=True)
    for trouble in found.troubles:
        console.print(f"! {trouble}", soft_wrap=True)
    if not found.troubles:
        console.print("All is well.")


_CRAWL_COLUMNS = {
    "crawl_id": "crawl",
    "started_at": "started",
    "finished_at": "ended",
    "outcome": "outcome",
    "listed": "listed",
    "new": "new",
    "revised": "revised",
    "unchanged": "unchanged",
    "failed": "failed",
}
_SECTION_COLUMNS = {
    "栏目": "section",
    "代码": "slug",
    "列出": "listed",
    "已存": "archived",
    "未存": "missing",
    "最早": "oldest",
    "最晚": "newest",
    "末次新页": "last new page",
    "停止原因": "walk ended",
}


def _table(title: str, rows: list[dict[str, Any]], columns: dict[str, str]) -> Table:
    table = Table(*columns.values(), title=title, title_justify="left", box=SIMPLE)
    for row in rows:
        values = (row[name] if row[name] not in (None, "") else "-" for name in columns)
        table.add_row(*(re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ$", r"\1 \2", str(v)) for v in values))
    return table


@click.command()
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free."
)
@click.option(
    "--replay-port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Of archived pages as they looked; 0: any that is free.",
)
@click.option("--allow-host", multiple=True, metavar="NAME", help="Answer to this host name too.")
@click.option("--datasette", "for_researchers", is_flag=True, help="Datasette instead: tables, facets, SQL.")
def serve(
    archive_path: Path,
    host: str,
    port: int,
    replay_port: int,
    allow_host: tuple[str, ...],
    for_researchers: bool,
) -> None:
    """Open the reading room: the archive in a browser, read-only, on this machine.

    Archived pages as they looked have an address of their own, where no script runs.  --datasette opens the
    same archive for researchers, with the same search (needs zhijiang[datasette]).
    """
    from archive.room.server import opened

    with Archive.read(archive_path):
        pass  # says now what is wrong with it, not on the first page
    try:
        if for_researchers:
            _serve_datasette(archive_path, host, port)
            return
        with opened(archive_path, host=host, port=port, replay_port=replay_port, hosts=allow_host) as room:
            click.echo(f"Reading room of {archive_path}: {room.room_url}  (Ctrl-C closes it)")
            if host not in ("127.0.0.1", "localhost", "::1"):
                click.echo(
                    "Everybody who reaches this address can read everything: there is no password.", err=True
                )
            with suppress(KeyboardInterrupt):
                room.run()
    except (OSError, ValueError) as error:  # waitress: ValueError for a host that is none
        reason = error.strerror if isinstance(error, OSError) else "no such host"
        raise click.UsageError(
            f"{host}:{port} cannot be used: {reason or error}; choose another --host or --port"
        ) from error


def _serve_datasette(archive_path: Path, host: str, port: int) -> None:
    try:
        from archive.room.datasette_plugin import run
    except ImportError as error:
        raise click.UsageError("Datasette is not installed: pip install 'zhijiang[datasette]'") from error
    run(
        archive_path,
        host=host,
        port=port,
        opened=lambda url: click.echo(f"Datasette on {archive_path}: {url}  (Ctrl-C closes it)"),
    )


COMMANDS = (search, reindex, show, export, import_, status, check, snapshot, appraise, serve)
"""What the program adds to its own commands."""
