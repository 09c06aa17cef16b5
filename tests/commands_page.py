"""The command reference: every command's ``--help``, in one page.

``python -m tests.commands_page`` writes ``docs/commands.md``; a test compares the two.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from zhijiang_spider.cli import main

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
WIDTH = 100
"""Columns that the help is set in, whatever the terminal has."""

_HEAD = """# Commands

What `zhijiang COMMAND --help` says, written by `python -m tests.commands_page`: change the help, not this page.

Exit status of every command: 0 all right, 1 the answer is no (crawl incomplete, check failed), 2 wrong usage or site profile, 75 try again later.
`ZHIJIANG_ARCHIVE` names the archive once for all commands.
"""


def commands_page() -> str:
    """Return the page, Markdown."""
    parts = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in _helps(main, "zhijiang")]
    return "\n".join([_HEAD, *parts])


def _helps(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Yield name and help of a command and of those below it."""
    context = click.Context(
        command,
        info_name=name.rsplit(" ", 1)[-1],
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    yield name, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _helps(found, f"{name} {below}", context)


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")
