"""The ``zhijiang`` command: the crawler's verbs and the archive's, one module a verb, loaded when it is used."""

import errno
import importlib
import io
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from archive.cli.help import in_language
from archive.language import LANGUAGES, VARIABLE, _, by_locale, language_of, speak, told
from archive.search.errors import QueryError, SlowQueryError
from archive.store.errors import ArchiveBusy, ArchiveError
from zhijiang_spider.cli.exits import EXIT_LATER, EXIT_USAGE
from zhijiang_spider.crawl.host_lock import HostBusy, NoHostLock
from zhijiang_spider.sites.errors import SiteError

COMMANDS: Mapping[str, str] = {
    "crawl": "zhijiang_spider.cli.crawl:crawl",
    "parse": "zhijiang_spider.cli.parse:parse",
    "probe": "zhijiang_spider.cli.probe:probe",
    "explain": "zhijiang_spider.cli.derive:explain",
    "reparse": "zhijiang_spider.cli.derive:reparse",
    "demo": "zhijiang_spider.cli.demo:demo",
    "search": "archive.cli.search:search",
    "reindex": "archive.cli.search:reindex",
    "show": "archive.cli.show:show",
    "export": "archive.cli.export:export",
    "import": "archive.cli.export:import_",
    "snapshot": "archive.cli.export:snapshot",
    "status": "archive.cli.status:status",
    "digest": "archive.cli.digest:digest",
    "check": "archive.cli.status:check",
    "seal": "zhijiang_spider.cli.seal:seal",
    "transfer": "archive.cli.transfer:transfer",
    "appraise": "archive.cli.appraise:appraise",
    "serve": "archive.cli.serve:serve",
}
"""Name → module and function."""


class _WrongUsage(click.ClickException):
    exit_code = EXIT_USAGE


class _Later(click.ClickException):
    exit_code = EXIT_LATER


class _Commands(click.Group):
    """Gives every error of ours its exit status, in one place."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run with all three standard streams, whatever the caller closed and whatever they can write."""
        _open_closed_streams()
        _write_every_character()
        speak(by_locale(os.environ))
        _warn_of_language(os.environ.get(VARIABLE, ""))
        return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        from zhijiang_spider.cli import extra

        return sorted({*COMMANDS, *extra.names()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command.  Plug-ins are looked for only where it is none of ours: that takes time."""
        if cmd_name not in COMMANDS:
            from zhijiang_spider.cli import extra

            return extra.command(cmd_name)
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return in_language(command)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the chosen language."""
        super(_Commands, in_language(self)).format_help(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ArchiveBusy, HostBusy) as error:
            raise _Later(told(str(error))) from error
        except (SiteError, QueryError) as error:
            raise _WrongUsage(told(str(error))) from error
        except SlowQueryError as error:
            raise click.ClickException(_("{error} (--timeout SECONDS waits longer)", error=error)) from error
        except (ArchiveError, NoHostLock) as error:
            raise click.ClickException(told(str(error))) from error  # exit status 1
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has had enough
                raise
            where = error.filename or _("the output")
            raise click.ClickException(f"{where}: {told(error.strerror or str(error))}") from error
        except click.BadParameter as error:
            if error.param_hint is None and error.param is not None:  # click has "env var" in English only
                error.param_hint = told(error.param.get_error_hint(error.ctx or ctx))
            raise
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            name = ctx.invoked_subcommand
            if name is None or name in COMMANDS:
                raise
            from zhijiang_spider.cli import extra

            raise click.ClickException(told(extra.failure(name, error))) from error


def _warn_of_language(name: str) -> None:
    """Say that a language of the environment is none of ours: a crawl from cron goes on in that of the locale."""
    if name.strip() and not language_of(name):
        click.echo(
            _(
                "{variable}={name} is none of our languages, so the locale decides; write zh or en",
                variable=VARIABLE,
                name=name,
            ),
            err=True,
        )


def _open_closed_streams() -> None:
    """Open what was closed (``2>&-``): else its number goes to the next file, and what is printed goes there too."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  for the whole run


def _write_every_character() -> None:
    """Let a console or file of another encoding (GBK) show what it lacks as ``\\u9fff``: nothing ends, nothing is lost."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


HANDED_DOWN: Mapping[str, str] = {"derive": "zhijiang_spider.derive.again:derive_again"}
"""What the crawler does for the archive's verbs, which know nothing of it: name → module and function."""


def _speak(_context: click.Context, _option: click.Parameter, language: str | None) -> None:
    """Choose the language before anything else is read."""
    if language:
        speak(language)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "obj": HANDED_DOWN})
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="Chinese or English; if not given as ZHIJIANG_LANG says, then as the locale (LC_ALL, LC_MESSAGES, LANG).",
)
@click.version_option(package_name="zhijiang")
def main() -> None:
    """Archive a Chinese local news site: who published, wrote and reviewed what, and what changed.

    Exit status: 0 all right, 1 the answer is no (crawl incomplete, check failed), 2 wrong usage or site
    profile, 75 try again later.
    """
