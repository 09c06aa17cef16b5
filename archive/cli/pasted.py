"""The commands that sentences advise, whole: with the archive and the site profile that they are about.

The archive stores its sentences without them, for both may move; they are put in where a sentence is told.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import click
from click.core import ParameterSource

DEFAULT_SITE = "zhijiang"
"""The profile that commands use where none is given."""
_TAKES = {
    "crawl": ("--site", "--archive"),
    "parse": ("--site",),
    **dict.fromkeys(("check", "reindex", "reparse", "search", "status"), ("--archive",)),
}
"""Command → which of the two it has."""
_COMMAND = re.compile(
    rf"\bzhijiang ({'|'.join(_TAKES)})\b(?: --[a-z-]+| [A-Z]+\b| 状态:\w+| '?https?://\S+)*"
)


def given_options(archive: Path, site: str) -> dict[str, str]:
    """Return the options that a command needs to find the same archive and site again.

    ``archive``: the file of the command at work, left out where that named none.  ``site``: a profile's name or file;
    "" where it is not known, and then a word stands for it: a crawl with another profile would be a mistake.
    """
    context = click.get_current_context(silent=True)
    names = ("archive_path", "archive_paths")
    source = next(filter(None, map(context.get_parameter_source, names)), None) if context else None
    options = {} if site == DEFAULT_SITE else {"--site": site or "PROFILE"}
    return options if source is ParameterSource.DEFAULT else {**options, "--archive": str(archive.absolute())}


def pasted(sentence: str, options: Mapping[str, str]) -> str:
    """Return a sentence whose commands can be pasted into a shell.  ``options``: see ``given_options``."""

    def whole(found: re.Match[str]) -> str:
        wanted = (name for name in _TAKES[found[1]] if name in options and name not in found[0])
        return " ".join([found[0], *(f"{name} {shlex.quote(options[name])}" for name in wanted)])

    return _COMMAND.sub(whole, sentence)
