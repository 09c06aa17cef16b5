"""An archive made again from its own export: the tables of ``csv --raw``, or JSON Lines.

The rows go into a file of the schema that they were written under, which is then brought up to date as any older
archive is: a package is read by every later version.
All or nothing: the new archive gets its name when everything is in it and every reference holds.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

from archive.digests import file_sha256
from archive.export.tables import MANIFEST, TABLES
from archive.importer.csv_rows import read_faithful
from archive.importer.json_node import Node, parsed_json
from archive.importer.jsonl import lines_schema, load_lines
from archive.importer.loader import Loader, PackageError, SourceLocation, known_schema
from archive.model.event import EventType
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.store.events import save_event
from archive.store.evidence_folder import EvidenceFolder, new_folder, say_folder
from archive.store.lock import writer_lock
from archive.store.own_files import left_beside

_OURS = ("role", "data_dictionary")
"""Tables that every archive has filled from the start."""


def import_archive(
    package: Path, path: Path, advance: Callable[[int], None] = lambda _rows: None
) -> dict[str, int]:
    """Make an archive from a folder that ``csv --raw`` wrote, or from a JSON Lines file.

    ``path``: a file that is not there yet, or an archive that holds nothing.  ``advance``: told how many more
    rows were read.  Returns the number of rows by table.  Raises ``PackageError``, ``ArchiveError`` and
    ``ArchiveBusy``; then nothing is left behind.
    """
    if not package.exists():
        raise PackageError(f"{package}: no such file or folder")
    _refuse_full(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="zhijiang-", suffix=".part", dir=path.parent))
    except OSError as error:
        raise ArchiveError(f"{package}: cannot be imported into {path}: {error}") from error
    part = work / path.name
    try:
        schema = _schema(package) if package.is_dir() else lines_schema(package)
        with Archive.open(part, schema=schema) as archive:
            archive.begin()
            load = Loader(archive, advance)
            if package.is_dir():
                _load_tables(load, package)
            else:
                load_lines(load, package)
            archive.commit()
        with Archive.open(part) as archive:  # which brings it up to date
            detail = {"from": package.name, "schema": schema, "rows": load.counts}
            save_event(archive, EventType.INGESTION, detail)
            with archive.transaction():
                said = EvidenceFolder(new_folder(archive, path), path)
                say_folder(archive.connection, path, said)
        with writer_lock(path):  # only now: a package that is refused leaves no lock behind
            _refuse_full(path)  # what came meanwhile
            part.replace(path)
    except (OSError, sqlite3.OperationalError) as error:
        raise ArchiveError(f"{package}: cannot be imported into {path}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return dict(load.counts)


def _refuse_full(path: Path) -> None:
    if not path.exists():
        if left := left_beside(path):
            raise ArchiveError(
                f"{path}: beside it lies {left.name} of another file of this name; move it away first"
            )
        return
    with Archive.read(path) as archive:
        for table in TABLES:
            if table not in _OURS and archive.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                raise ArchiveError(f"{path}: holds something already (table {table}); choose a new file name")


def _manifest(folder: Path) -> Node:
    """Return what ``datapackage.json`` tells.  Raises ``PackageError``."""
    if not (folder / MANIFEST).is_file():
        raise PackageError(
            f"{folder}: has no {MANIFEST}; give a folder that zhijiang export csv --raw wrote (of a bag: data/tables)"
        )
    text = (folder / MANIFEST).read_bytes()
    return Node(parsed_json(text, SourceLocation(MANIFEST, 1)), SourceLocation(MANIFEST))


def _schema(folder: Path) -> int:
    ours = _manifest(folder).node("zhijiang")
    if withheld := ours.scalar("restricted", 0):
        raise ours.fault(
            "restricted",
            f"{withheld} restricted {plural(int(withheld), 'articles have', 'article has')} title and date only; export again with --all, which keeps them whole",
        )
    return known_schema(ours.scalar("schema"), MANIFEST)


def _load_tables(load: Loader, folder: Path) -> None:
    for table, file in _described_files(load, folder).items():
        if table in _OURS:
            load.clear(table)
        with file.open("rb") as lines:
            rows = read_faithful(lines, file.name)
            place, header = next(rows, (SourceLocation(file.name, 1), []))
            for name, expected in zip_longest(header, load.columns[table]):
                if name != expected:
                    raise PackageError(f"{place}: has the column {name!r} where {expected!r} belongs")
            for place, values in rows:
                if len(values) != len(header):
                    raise PackageError(f"{place}: has {len(values)} values for {len(header)} columns")
                load.add(table, dict(zip(load.columns[table], values, strict=True)), place)


def _described_files(load: Loader, folder: Path) -> dict[str, Path]:
    """Return the file of each table, in an order in which they can be loaded; their digests are right."""
    files: dict[str, Path] = {}
    for resource in _manifest(folder).nodes("resources"):
        table, path = str(resource.scalar("name")), str(resource.scalar("path"))
        if table not in load.columns or table in files:
            raise resource.fault("name", f"{table!r} is no table of an archive, or is there twice")
        if path != f"{table}.csv":
            raise resource.fault("path", f"{path!r} is not {table}.csv")
        file = files[table] = folder / path
        if not file.is_file():
            raise PackageError(f"{path}: is missing")
        if file.stat().st_size != resource.scalar("bytes"):
            raise PackageError(
                f"{path}: has {file.stat().st_size} bytes, not {resource.scalar('bytes')}: it was changed or cut"
            )
        if f"sha256:{file_sha256(file)}" != resource.scalar("hash"):
            raise PackageError(f"{path}: is not the file that was written: another SHA-256")
    missing = [table for table in load.columns if table not in files]
    if missing:
        raise PackageError(f"{MANIFEST}: does not tell of {', '.join(missing)}")
    return {table: files[table] for table in load.columns}
