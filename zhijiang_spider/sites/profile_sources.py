"""Where profiles come from: by name from the program and its plug-ins, or any file; and what one takes from another."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from archive import plugins
from archive.hookspecs import hookimpl
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.profile_schema import read_text, read_values

OWN = ("name", "title", "hosts")
"""What a profile never takes from another: who the site is, and where the crawl may go."""


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """A profile's text."""

    label: str
    """Names it: the path as it was given, or ``zhijiang.toml``."""
    file: Traversable
    named: bool = False
    """It was asked for by its name, so it lies in a package."""


@hookimpl
def site_profiles() -> Mapping[str, Traversable]:
    """Return the profiles that are built in."""
    files = sorted(resources.files("zhijiang_spider.sites").iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): file for file in files if file.name.endswith(".toml")}


def site_names() -> list[str]:
    """Return the names of the profiles that come with the program and its plug-ins."""
    return sorted(plugins.offers("site_profiles", Traversable))


def find_profile(name_or_path: str, folder: Path = Path()) -> ProfileSource:
    """Find a profile by its name, or by the path of its file, seen from ``folder``.  Raises ``SiteError``."""
    if _is_file(name_or_path):
        path = folder / name_or_path
        return ProfileSource(name_or_path if folder == Path() else str(path), path.resolve())
    if offer := plugins.offers("site_profiles", Traversable).get(name_or_path):
        return ProfileSource(f"{name_or_path}.toml", offer.value, named=True)
    known = ", ".join(site_names())
    raise SiteError(
        f"{name_or_path}: no such site profile (bundled: {known}; a file's name must end in .toml)"
    )


def site_argument(label: str) -> str:
    """Return what ``--site`` is given to find a profile again from anywhere: its name, or its file's absolute path."""
    path = Path(label)
    return str(path.absolute()) if path.is_file() else label.removesuffix(".toml")


def whole_profile(source: ProfileSource, extended_by: tuple[ProfileSource, ...] = ()) -> dict[str, Any]:
    """Return a profile's data with what it takes from the one it ``extends``.

    All keys but ``OWN`` are taken, tables key by key; its own values win.  Raises ``SiteError``.
    """
    chain = (*extended_by, source)
    try:
        data = _data(source)
        name = read_text(data.pop("extends"), source.label, "extends") if "extends" in data else ""
        if extended_by:  # a mistake is told of the file that it stands in
            read_values(data, source.label)
        base = _base(name, source) if name else None
    except SiteError as error:
        raise SiteError(f"{error} ({_arrows(*chain)})" if extended_by else str(error)) from error
    if base is None:
        return data
    if any(base.file == known.file for known in chain):
        raise SiteError(f"{source.label}: extends: goes in a circle: {_arrows(*chain, base)}")
    inherited = whole_profile(base, chain)
    return _merged({key: value for key, value in inherited.items() if key not in OWN}, data)


def _base(name: str, source: ProfileSource) -> ProfileSource:
    try:
        if source.named and _is_file(name):
            raise SiteError(f"{name!r} is a file, and what comes with a package extends only a name")
        return find_profile(name, Path(source.label).parent)
    except SiteError as error:
        raise SiteError(f"{source.label}: extends: {error}") from error


def _is_file(name_or_path: str) -> bool:
    return name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**base, **own}
    for key, value in own.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = {**base[key], **value}
    return merged


def _arrows(*sources: ProfileSource) -> str:
    return " → ".join(source.label for source in sources)


def _data(source: ProfileSource) -> dict[str, Any]:
    label = source.label
    try:
        return tomllib.loads(source.file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise SiteError(f"{label}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{label}: is not UTF-8 text: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{label}: is not valid TOML: {error}") from error


plugins.register(__name__)
