"""CSV in which text is quoted, numbers are bare and NULL is nothing at all."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from archive.importer.loader import PackageError, SourceLocation, Value

_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"|([^",\r\n]*)')


def read_faithful(lines: BinaryIO, name: str) -> Iterator[tuple[SourceLocation, list[Value]]]:
    """Yield the rows of a CSV file in which text is quoted, numbers are bare and NULL is nothing at all.

    The first row, of names, may be bare.  Raises ``PackageError``.
    """
    number = 0
    while record := lines.readline():
        place = SourceLocation(name, number + 1)
        number += 1
        quotes = record.count(b'"')
        while quotes % 2:  # the line ends inside a text
            more = lines.readline()
            if not more:
                raise PackageError(f"{place}: a quoted text begins and never ends")
            record, quotes, number = record + more, quotes + more.count(b'"'), number + 1
        yield place, _fields(decoded(record, place), place)


def decoded(data: bytes, place: SourceLocation) -> str:
    """Return UTF-8 as text.  Raises ``PackageError`` that names line and byte."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = place.line + before.count(b"\n"), error.start - (before.rfind(b"\n") + 1) + 1
        raise PackageError(f"{SourceLocation(place.file, line)}, byte {column}: is no UTF-8") from error


def _fields(record: str, place: SourceLocation) -> list[Value]:
    fields: list[Value] = []
    position = 0
    while True:
        found = _FIELD.match(record, position)
        assert found is not None  # it matches nothing, too
        where = place.at(f"column {len(fields) + 1}")
        fields.append(found[1].replace('""', '"') if found[1] is not None else _bare(found[2], where))
        position = found.end()
        if record.startswith(",", position):
            position += 1
        elif record[position:] in ("\r\n", "\n", ""):
            return fields
        else:
            raise PackageError(f"{where}: something stands behind the end of the value")


def _bare(text: str, place: SourceLocation) -> Value:
    if text == "":
        return None
    if place.line == 1:
        return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    raise PackageError(f"{place}: {text[:40]!r} is no number, and a text would be quoted")
