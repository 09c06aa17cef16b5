"""``zhijiang seal``: the head that is told outside, time-stamps over it, and the page that proves an article."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from archive.cli.options import archive_option
from archive.cli.output import echo_json, moment, new_file, refuse_taken
from archive.language import _, told
from archive.seal.told import HASHES, head_line, heads_in
from archive.store.archive import Archive
from archive.store.read import find_article
from archive.times import utc_now

if TYPE_CHECKING:
    from archive.seal.heads import Seal
    from archive.witness.timestamp import Stamp


@click.group(invoke_without_command=True)
@archive_option
@click.option("--grouped", is_flag=True, help="The head in groups of eight, to be read off paper.")
@click.option("--json", "as_json", is_flag=True, help="For machines: the whole seal, and the tokens over it.")
@click.pass_context
def seal(context: click.Context, archive_path: Path, grouped: bool, as_json: bool) -> None:
    """Print the head over everything sealed: one line for a mail, a group chat, a printout.

    Day (UTC+8), versions, head.  Who kept the line can prove later that nothing sealed before was changed:
    zhijiang check --against HEAD.  Kept only in the archive it proves nothing.
    """
    if context.invoked_subcommand is not None:
        if context.get_parameter_source("archive_path") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                _(
                    "write --archive behind seal {command}",
                    command=context.invoked_subcommand,
                )
            )
        return
    from archive.store.seals import newest_seal
    from archive.store.tokens import read_tokens

    with Archive.read(archive_path) as archive:
        newest, tokens = newest_seal(archive), read_tokens(archive)
    if as_json:
        over = [
            {"hash": token.hash, "stamped_at": token.stamped_at, "attached_at": token.attached_at}
            for token in tokens
            if token.seal == newest.number
        ]
        echo_json({**asdict(newest), "line": head_line(newest), "tokens": over})
    else:
        click.echo(head_line(newest, grouped=grouped))


@seal.command("request")
@archive_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .tsq file to write."
)
@click.option(
    "--hash",
    "algorithm",
    type=click.Choice(HASHES),
    default="sha256",
    show_default=True,
    help="Of the head; sm3 is GB/T 32905.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def seal_request(archive_path: Path, out: Path, algorithm: str, force: bool) -> None:
    """Write a request for a time-stamp (RFC 3161) over the head; nothing is sent.

    Stamped are the 64 characters of the head, no line end.  Give the file to a time-stamp authority (curl --data-binary
    @FILE -H "Content-Type: application/timestamp-query" ADDRESS), then zhijiang seal attach its answer.
    Needs the program openssl.
    """
    from archive.store.seals import newest_seal
    from archive.witness import timestamp

    with new_file(out, force=force, archive=archive_path) as part, Archive.read(archive_path) as archive:
        newest = newest_seal(archive)
        try:
            part.write_bytes(timestamp.request(newest.head, algorithm))
        except timestamp.StampError as error:
            raise click.ClickException(_("seal request {error}", error=error)) from error
    click.echo(
        _(
            "{out}: {algorithm} {imprint} of the head {head}",
            out=out,
            algorithm=algorithm,
            imprint=timestamp.imprint(newest.head, algorithm),
            head=newest.head,
        )
    )


@seal.command("attach")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
@click.option(
    "--ca",
    "certificates",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates to trust (PEM): the signature is verified under them, and the answer refused where it does not hold.",
)
def seal_attach(path: Path, archive_path: Path, certificates: Path | None) -> None:
    """Keep the answer of a time-stamp authority (.tsr) in the archive, byte by byte.

    It must be over the head of one of the archive's seals.  Its signature is verified where --ca is given.
    Needs the program openssl.
    """
    from archive.model.event import EventType
    from archive.store.events import save_event
    from archive.store.seals import newest_seal, read_seals
    from archive.store.tokens import Token, save_token, token_event
    from archive.witness import timestamp

    if path.stat().st_size > _MOST_BYTES:
        raise click.ClickException(
            _(
                "{path}: is no answer of a time-stamp authority (over {most_bytes} bytes)",
                path=path,
                most_bytes=_MOST_BYTES,
            )
        )
    answer = path.read_bytes()
    with Archive.open(archive_path, create=False) as archive:
        try:
            stamp = timestamp.read_stamp(answer)
            over = _stamped_seal(read_seals(archive), stamp)
            if over is None:
                raise click.ClickException(
                    _(
                        "{path}: is over {hash} {imprint}, which is of no head of this archive (the newest is {head}); zhijiang seal request asks for {hashes}",
                        path=path,
                        hash=stamp.hash,
                        imprint=stamp.imprint,
                        head=newest_seal(archive).head,
                        hashes=" or ".join(HASHES),
                    )
                )
            if certificates is not None:
                timestamp.verify(answer, stamp, certificates)
        except timestamp.StampError as error:
            raise click.ClickException(f"{path}: {told(str(error))}") from error
        token = Token(over.number, stamp.hash, stamp.stamped_at, answer, utc_now())
        added = save_token(archive, token)
        if added:
            save_event(archive, EventType.TIME_STAMP, token_event(token))
    verified = _("signature verified") if certificates else _("signature not verified: --ca does it")
    told_of = {
        "line": head_line(over),
        "hash": stamp.hash,
        "at": moment(stamp.stamped_at),
        "verified": verified,
    }
    if added:
        click.echo(_("{line}: time-stamp {hash} of {at} ({verified})", **told_of))
    else:
        click.echo(_("{line}: was attached before; time-stamp {hash} of {at} ({verified})", **told_of))


_MOST_BYTES = 1_000_000
"""Of an answer: one has a few thousand."""


def _stamped_seal(seals: Sequence[Seal], stamp: Stamp) -> Seal | None:
    """Return the seal whose head was stamped, None where there is none."""
    from archive.witness.timestamp import imprint

    if stamp.hash not in HASHES:
        return None
    return next((one for one in reversed(seals) if imprint(one.head, stamp.hash) == stamp.imprint), None)


@seal.command("prove")
@click.argument("id_or_url")
@archive_option
@click.option(
    "--version", "number", type=click.IntRange(1), help="Which version; the current one if not given."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The page to write, 存证单.html.",
)
@click.option(
    "--head",
    "kept",
    metavar="HEAD",
    help="The head to lead to, as it was kept outside; if not given the newest with a time-stamp, else the newest.",
)
@click.option(
    "--told",
    "told_at",
    multiple=True,
    metavar="TEXT",
    help="When and where the head was told, such as '2026-11-28 工作群'; may be repeated.",
)
@click.option(
    "--script",
    "script_out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the program that checks the page to this file, too.",
)
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    help="Also of a restricted article (控制, 延期开放): its text is in the page.",
)
@click.option("--force", is_flag=True, help="Replace the files if they are there.")
def seal_prove(
    id_or_url: str,
    archive_path: Path,
    number: int | None,
    out: Path,
    kept: str | None,
    told_at: tuple[str, ...],
    script_out: Path | None,
    show_all: bool,
    force: bool,
) -> None:
    """Write a Chinese A4 page (存证单) that proves one version of an article under a head.

    A stranger checks it with sha256sum and a short Python program that stands on the page, without this archive.
    It says what it does not prove.
    """
    from archive.store.access import restricted_ids
    from archive.witness.page import find_subject, script, write_page

    heads = heads_in(kept or "")
    if kept is not None and len(heads) != 1:
        raise click.UsageError(
            _(
                "--head {kept!r} holds no single head: 64 hexadecimal digits, as zhijiang seal prints them",
                kept=kept,
            )
        )
    if script_out is not None:
        refuse_taken(script_out, force=force, archive=archive_path)
        if os.path.abspath(script_out) == os.path.abspath(out):
            raise click.UsageError(
                _("--out and --script are both {out}; choose another name for one of them", out=out)
            )
    with new_file(out, force=force, archive=archive_path) as part, Archive.read(archive_path) as archive:
        article = find_article(archive, id_or_url)
        if article is None:
            raise click.ClickException(
                _(
                    "{id_or_url}: no such article in {archive_path}",
                    id_or_url=id_or_url,
                    archive_path=archive_path,
                )
            )
        if article["article_id"] in restricted_ids(archive) and not show_all:
            raise click.ClickException(
                _(
                    "{id_or_url}: is restricted (控制, 延期开放), and the page holds its text: --all",
                    id_or_url=id_or_url,
                )
            )
        if number is not None and number > article["version"]:
            raise click.UsageError(
                _("--version {number}: the article has {version}", number=number, version=article["version"])
            )
        subject = find_subject(archive, article["article_id"], number or article["version"], *heads)
        write_page(subject, told_at, part)
    if script_out is not None:
        with new_file(script_out, force=force, archive=archive_path) as part:
            part.write_text(script(), encoding="utf-8", newline="\n")
    click.echo(_("{out}: under {head_line}", out=out, head_line=head_line(subject.proof.witness)))
