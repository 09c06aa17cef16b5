"""Who offers what: the built-in things, and those of plug-ins (entry points of the group ``zhijiang``).

A plug-in that cannot be used is named in one line of the log, with the reason, and left out: it stops nothing.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from pluggy import PluginManager

from archive import hookspecs

GROUP = "zhijiang"
manager = PluginManager(GROUP)
manager.add_hookspecs(hookspecs)

_log = logging.getLogger(__name__)
_built_in: set[str] = set()


class PluginError(Exception):
    """A plug-in failed: names it, what of it was used, and the reason in one line."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that is offered."""

    what: str
    """``export format titles``."""
    value: Any
    plugin: str = ""
    """Who offers it, ``yunting (zhijiang-yunting 1.0)``; "" for what is built in."""

    def load(self) -> Any:
        """Return the thing itself.  Raises ``PluginError``."""
        with self.use():
            return load(self.value)

    @contextmanager
    def use(self, *passed: type[BaseException]) -> Iterator[None]:
        """Raise as ``PluginError`` what goes wrong in a plug-in's code, ``passed`` as it is.

        What goes wrong in our own code is raised as it is.
        """
        try:
            yield
        except (Exception, SystemExit) as error:
            if not self.plugin or isinstance(error, (PluginError, *passed)):
                raise
            raise PluginError(f"plug-in {self.plugin}: {self.what}: {reason(error)}") from error


def load(value: Any) -> Any:
    """Return what ``"module:name"`` names; anything else as it is."""
    module, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    return getattr(import_module(module), name) if colon else value


def reason(error: BaseException) -> str:
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def register(module: str) -> None:
    """Register the hooks of a module of ours, by its name."""
    _built_in.add(module)
    manager.register(sys.modules[module], module)


@cache
def offers(hook: str, *kinds: Any) -> Mapping[str, Offer]:
    """Return what is offered by a hook: name → offer of one of these kinds, the built-in ones first.

    A name that is taken stays with who had it.
    """
    _load_plugins()
    found: dict[str, Offer] = {}
    called = getattr(manager.hook, hook).get_hookimpls()
    for implementation in sorted(called, key=lambda one: one.plugin_name not in _built_in):
        plugin = "" if implementation.plugin_name in _built_in else implementation.plugin_name
        try:
            offered = dict(implementation.function())
        except (Exception, SystemExit) as error:
            _log.warning("plug-in %s: %s: %s", plugin, hook, reason(error))
            continue
        for name, value in offered.items():
            what = f"{hook.removesuffix('s').replace('_', ' ')} {name}"
            if name in found:
                owner = f"plug-in {found[name].plugin}" if found[name].plugin else "zhijiang itself"
                _log.warning("plug-in %s: %s is not used: %s has one of that name", plugin, what, owner)
            elif not isinstance(name, str) or not isinstance(value, kinds):
                wanted = " or ".join(kind.__name__ for kind in kinds)
                _log.warning("plug-in %s: %s is not used: it is no %s", plugin, what, wanted)
            else:
                found[name] = Offer(what, value, plugin)
    return MappingProxyType(found)


@cache
def _load_plugins() -> None:
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        name = _name(entry)
        try:
            manager.register(entry.load(), name)
            manager.check_pending()  # a hook that is misspelt would never be called
        except (Exception, SystemExit) as error:
            if manager.has_plugin(name):
                manager.unregister(name=name)
            _log.warning("plug-in %s: cannot be loaded: %s", name, reason(error))


def _name(entry: EntryPoint) -> str:
    return f"{entry.name} ({entry.dist.name} {entry.dist.version})" if entry.dist else entry.name
