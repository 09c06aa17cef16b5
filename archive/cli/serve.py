"""``zhijiang serve``: the reading room, or Datasette."""

from contextlib import suppress
from pathlib import Path

import click

from archive.cli.options import archive_option
from archive.extras import ExtraMissing
from archive.language import _, ngettext, told
from archive.store.archive import Archive


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
@click.option(
    "--all",
    "show_restricted",
    is_flag=True,
    help="Restricted articles (控制, 延期开放) whole, not title and date only.",
)
@click.option("--datasette", "for_researchers", is_flag=True, help="Datasette instead: tables, facets, SQL.")
def serve(
    archive_path: Path,
    host: str,
    port: int,
    replay_port: int,
    allow_host: tuple[str, ...],
    show_restricted: bool,
    for_researchers: bool,
) -> None:
    """Open the reading room: the archive in a browser, read-only, on this machine.

    Archived pages as they looked have an address of their own, where no script runs.  --datasette opens the
    same archive for researchers, with the same search (extra: datasette).

    Of restricted articles (appraised 控制 or 延期开放) readers get title and date only, unless --all.
    """
    from archive.room.server import opened
    from archive.store.access import restricted_ids

    with Archive.read(archive_path) as archive:  # says now what is wrong with it, not on the first page
        restricted = len(restricted_ids(archive))
    try:
        if for_researchers:
            _tell(restricted, show_restricted=show_restricted)
            _serve_datasette(archive_path, host, port, show_restricted=show_restricted)
            return
        with opened(
            archive_path,
            host=host,
            port=port,
            replay_port=replay_port,
            hosts=allow_host,
            show_restricted=show_restricted,
        ) as room:
            click.echo(
                _(
                    "Reading room of {archive_path}: {room_url}  (Ctrl-C closes it)",
                    archive_path=archive_path,
                    room_url=room.room_url,
                )
            )
            _tell(restricted, show_restricted=show_restricted)
            if host not in ("127.0.0.1", "localhost", "::1"):
                click.echo(
                    _("Everybody who reaches this address can read everything: there is no password."),
                    err=True,
                )
            with suppress(KeyboardInterrupt):
                room.run()
    except (OSError, ValueError) as error:  # waitress: ValueError for a host that is none
        reason = told(error.strerror or str(error)) if isinstance(error, OSError) else _("no such host")
        raise click.UsageError(
            _(
                "{host}:{port} cannot be used: {reason}; choose another --host or --port",
                host=host,
                port=port,
                reason=reason,
            )
        ) from error


def _tell(restricted: int, *, show_restricted: bool) -> None:
    """Say what becomes of restricted articles; with ``--all`` also where there is none yet."""
    if show_restricted:
        click.echo(
            _(
                "--all: restricted articles (控制, 延期开放) are shown whole; now there are {restricted}.",
                restricted=restricted,
            )
        )
    elif restricted:
        click.echo(
            ngettext(
                "{restricted} restricted article (控制, 延期开放): title and date only; --all shows them whole.",
                "{restricted} restricted articles (控制, 延期开放): title and date only; --all shows them whole.",
                restricted,
                restricted=restricted,
            )
        )


def _serve_datasette(archive_path: Path, host: str, port: int, *, show_restricted: bool) -> None:
    try:
        from archive.room.datasette_plugin import run
    except ImportError as error:
        raise click.UsageError(
            told(str(ExtraMissing("serve --datasette", "Datasette", "datasette")))
        ) from error
    run(
        archive_path,
        host=host,
        port=port,
        show_restricted=show_restricted,
        opened=lambda url: click.echo(
            _("Datasette on {archive_path}: {url}  (Ctrl-C closes it)", archive_path=archive_path, url=url)
        ),
    )
