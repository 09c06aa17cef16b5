"""The plug-in points: what a plug-in may add, and in which form.

Every hook takes nothing and returns a mapping, name → what is added.  What is written ``"module:name"`` is loaded
when it is used, so a plug-in costs nothing before.  What is built in is registered by the same hooks.
Those of the crawler are described here too, in plain types: a plug-in has one place to look at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker, HookspecMarker

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint
hookspec = HookspecMarker("zhijiang")
hookimpl = HookimplMarker("zhijiang")
"""Marks a function of a plug-in as what one of the hooks below calls."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write articles."""

    about: str
    """What it is good for, in one line."""
    write: Callable[[Any, Path], int] | str
    """Writes the articles (an ``archive.export.ArticleStream``) to a path that does not exist yet, a file or a folder; returns how many.

    Counts in ``ArticleStream.remarks`` what it had to alter.  Raises ``ExtraMissing``, ``OSError``."""
    counted: str = "articles"
    """What the number it returns counts."""
    manifest: str = ""
    """The file of a folder that holds the digests of the others (or the ``"module:name"`` that holds its name), ""
    where there is none."""
    evidence: bool = False
    """It holds the captured pages: where WARC files are lost it cannot be whole, and the command ends with status 1."""
    raw: "Format | None" = None
    """What ``--raw`` writes: for machines, untouched.  None where there is one form only."""


@dataclass(frozen=True, slots=True)
class RoomPages:
    """Pages of the reading room.  They find the archive, open and read-only, as ``flask.g.archive``."""

    blueprint: "Blueprint | str"
    """A Flask blueprint; its templates may extend ``base.html``."""
    menu: Mapping[str, str] = field(default_factory=dict)
    """Address → label, for the menu of every page."""


@hookspec
def export_formats() -> Mapping[str, Format]:  # type: ignore[empty-body]
    """Return formats of ``zhijiang export``."""


@hookspec
def room_pages() -> Mapping[str, RoomPages]:  # type: ignore[empty-body]
    """Return pages of the reading room."""


@hookspec
def commands() -> "Mapping[str, Command | str]":  # type: ignore[empty-body]
    """Return commands of ``zhijiang``."""


@hookspec
def site_profiles() -> Mapping[str, Traversable]:  # type: ignore[empty-body]
    """Return site profiles: name → TOML file, whole profiles or what others ``extend``."""


@hookspec
def list_readers() -> Mapping[str, Callable[[Any, Any], Any] | str]:  # type: ignore[empty-body]
    """Return readers of list pages: (page, site) → ``zhijiang_spider.pages.lists.ListReading``, or None.

    None: the page is no list of this reader's kind.  Those of plug-ins are asked before the built-in ones."""


@hookspec
def notifiers() -> Mapping[str, Callable[[Any, Mapping[str, str]], list[str] | None] | str]:  # type: ignore[empty-body]
    """Return ways to tell people: (``zhijiang_spider.crawl.notify.Alert``, environment) → what went wrong, or None.

    None: the environment does not ask for this one.  Each has twenty seconds, which it keeps itself."""
