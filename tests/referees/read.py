"""Read an export with a program of others and print what it holds as JSON.  Runs among the referees.

python read.py (duckdb-csv | duckdb-parquet | pyarrow) FILE…   {file name: rows, the heading first}
python read.py openpyxl FILE                                   {sheet: rows of [type, value]}
"""

import datetime
import json
import sys
from pathlib import Path
from typing import Any


def duckdb_csv(path: str) -> Any:
    """Everything as text; what is not quoted and empty is NULL."""
    import duckdb

    options = "header=true, all_varchar=true, delim=',', quote='\"', escape='\"', allow_quoted_nulls=false"
    found = duckdb.sql(f"SELECT * FROM read_csv('{path}', {options}, nullstr='', max_line_size=20000000)")
    return [found.columns, *found.fetchall()]


def duckdb_parquet(path: str) -> Any:
    import duckdb

    duckdb.sql("SET TimeZone = 'UTC'")
    found = duckdb.sql(f"SELECT * FROM read_parquet('{path}') ORDER BY article_id")
    return [found.columns, *found.fetchall()]


def pyarrow(path: str) -> Any:
    from pyarrow import parquet

    table = parquet.read_table(path)
    return [table.column_names, *(list(row.values()) for row in table.to_pylist())]


def openpyxl(path: str) -> Any:
    """Each cell as [its type, its value]; the type of a formula is f."""
    import openpyxl
    from openpyxl.utils.escape import unescape

    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            [
                [cell.data_type, unescape(cell.value) if isinstance(cell.value, str) else cell.value]
                for cell in row
            ]
            for row in sheet.iter_rows()
        ]
        for sheet in book
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and value.tzinfo:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value.isoformat()


READERS = {
    "duckdb-csv": duckdb_csv,
    "duckdb-parquet": duckdb_parquet,
    "pyarrow": pyarrow,
    "openpyxl": openpyxl,
}

if __name__ == "__main__":
    reader, *paths = sys.argv[1:]
    json.dump({Path(path).name: READERS[reader](path) for path in paths}, sys.stdout, default=_plain)
