"""The commands of plug-ins, beside our own."""

from collections.abc import Mapping

import click

from archive.hookspecs import hookimpl
from archive.language import told
from archive.plugins import Offer, PluginError, load, offers, reason, register
from zhijiang_spider.cli import COMMANDS


@hookimpl
def commands() -> Mapping[str, str]:
    """Return the commands that are built in."""
    return COMMANDS


def names() -> set[str]:
    """Return the names of the commands that plug-ins bring."""
    return {name for name, offer in _offers().items() if offer.plugin}


def command(name: str) -> click.Command | None:
    """Return the command that a plug-in brings, None if there is none of this name.

    One that cannot be loaded says so in the list of commands and when it is run: the others are there all the same.
    """
    offer = _offers().get(name)
    if offer is None:
        return None
    try:
        with offer.use():
            loaded = load(offer.value)
            if not isinstance(loaded, click.Command):
                raise TypeError(f"{loaded!r:.80} is no click command")
    except PluginError as error:
        problem = str(error)
        return click.Command(name, callback=lambda: _refuse(problem), help=told(problem))
    return loaded


def failure(name: str, error: Exception) -> str:
    """Return in one line what went wrong in a plug-in's command."""
    offer = _offers()[name]
    return f"plug-in {offer.plugin}: {offer.what}: {reason(error)}"


def _refuse(problem: str) -> None:
    raise click.ClickException(told(problem))


def _offers() -> Mapping[str, Offer]:
    return offers("commands", str, click.Command)


register(__name__)
