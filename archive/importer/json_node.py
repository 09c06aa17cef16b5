"""JSON values that know where they stand."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from archive.importer.csv_rows import decoded
from archive.importer.loader import PackageError, Row, SourceLocation, Value


class Node:
    """A JSON object, and where it stands."""

    def __init__(self, value: Any, place: SourceLocation, inside: str = "") -> None:
        self.place = place.at(inside)
        self._value = value
        if not isinstance(value, dict):
            raise PackageError(f"{self.place}: is no JSON object")

    def _path(self, name: str) -> str:
        return f"{self.place.inside}.{name}" if self.place.inside else name

    def fault(self, name: str, reason: str) -> PackageError:
        """Return an error about one of its values."""
        return PackageError(f"{self.place.at(self._path(name))}: {reason}")

    def has(self, name: str) -> bool:
        """Tell whether it has such a value."""
        return name in self._value

    def scalar(self, name: str, *default: Value) -> Value:
        """Return a text, a number or None."""
        if name not in self._value and not default:
            raise self.fault(name, "is missing")
        value: Value = self._value.get(name, *default)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise self.fault(name, "is neither a text nor a number")
        return value

    def node(self, name: str) -> "Node":
        """Return an object in it."""
        if name not in self._value:
            raise self.fault(name, "is missing")
        return Node(self._value[name], self.place, self._path(name))

    def nodes(self, name: str) -> "list[Node]":
        """Return a list of objects in it; an empty one where there is none."""
        values = self._value.get(name, [])
        if not isinstance(values, list):
            raise self.fault(name, "is no list")
        return [Node(value, self.place, f"{self._path(name)}[{n}]") for n, value in enumerate(values)]

    def row(self, columns: Sequence[str], given: Mapping[str, Value]) -> Row:
        """Return a row of a table; ``given``: values of columns that it may leave out."""
        for name in self._value:
            if name not in columns:
                raise self.fault(name, "is no column of that table")
        return {name: self.scalar(name, *([given[name]] if name in given else [])) for name in columns}


def parsed_json(data: bytes, place: SourceLocation) -> Any:
    """Return the value of a JSON text.  Raises ``PackageError`` that names line and character."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(decoded(data, place), parse_constant=refuse)
    except json.JSONDecodeError as error:
        line = place.line + error.lineno - 1
        raise PackageError(
            f"{SourceLocation(place.file, line)}, character {error.colno}: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{place}: cannot be read: {error}") from error
