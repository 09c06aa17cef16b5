"""The help of commands in the chosen language."""

import re
from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from archive.language import _, spoken, told

_Command = TypeVar("_Command", bound=click.Command)


def in_language(command: _Command) -> _Command:
    """Return a command whose help is in the chosen language, with those below it; the command itself stays as it is."""
    if spoken() == "en":
        return command
    said = copy(command)
    said._help_option = None  # click keeps it, in the language of the run before
    said.help, said.short_help = _text(command.help), _text(command.short_help)
    if command.epilog:
        said.epilog = re.sub(r"(?m)^(\S+ +)(.+)$", lambda line: line[1] + told(line[2]), command.epilog)
    said.params = [_param(param) for param in command.params]
    if isinstance(said, click.Group):
        said.commands = {name: in_language(below) for name, below in said.commands.items()}
    return said


def _param(param: click.Parameter) -> click.Parameter:
    if not isinstance(param, click.Option):
        return param
    said = copy(param)
    said.help = _text(param.help)
    if not (param.is_flag or param.count):
        with click.Context(click.Command(None)) as context:
            said.metavar = _(param.make_metavar(context))
    if isinstance(param.show_default, str):
        said.show_default = _text(param.show_default)
    return said


def _text(text: str | None) -> str | None:
    if text is None:
        return None
    written = cleandoc(text)
    translated = _(written)
    return told(text) if translated == written else translated
