"""Hand-over packages of every released schema, as the program of that release wrote them.

They lie in ``tests/packages/`` and are never written again: archive offices hold such packages, and every later
version has to read them.  To freeze the package of a release, once its last migration is in:

    python -m tests.frozen

It writes ``tests/packages/schema-N.zip``, where N is the number of the newest migration: what ``data/tables`` and
``data/articles.jsonl`` of a bag hold (the copy of the archive file and the WACZ file would make it large).
"""

import csv
import json
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.crawled import Crawled, samples
from tests.newssite import NewsSite, Reply, Section

FOLDER = Path(__file__).parent / "packages"
PACKAGES = sorted(FOLDER.glob("schema-*.zip"), key=lambda path: int(path.stem.split("-")[1]))
_CONTENTS = ("tables", "articles.jsonl")


def crawl_twice(folder: Path) -> Path:
    """Make an archive of two crawls, with a revision, a missing article, pictures, revisits and a failure."""
    from tests.command_line import fork_zhijiang

    with NewsSite() as site:
        yunting = Crawled(site, folder, fork_zhijiang)
        yunting.build(Section("101", "县域要闻", samples(5)), per_page=4)
        site.put("/content/show?catid=101&newsid=5", "没有文章", status=500)
        yunting.crawl(status=1)
        path = "/content/show?catid=101&newsid=1"
        page = site.pages[path]
        assert isinstance(page, Reply)
        site.put(path, page.body.replace("号新闻".encode(), "号旧闻".encode()))
        site.pages.pop("/content/show?catid=101&newsid=2")
        yunting.crawl("--full", status=1)
        return yunting.archive


def freeze(folder: Path = FOLDER) -> Path:
    """Write the package of this program's schema; return where it lies.  Raises ``FileExistsError``."""
    from tests.command_line import fork_zhijiang

    def run(*arguments: str | Path) -> None:
        done = fork_zhijiang(*arguments)
        assert done.returncode == 0, done.stderr

    folder = folder.absolute()
    with tempfile.TemporaryDirectory() as name, chdir(name):  # so that no path of a machine is in it
        archive, bag, decisions = crawl_twice(Path()), Path("bag"), Path("decisions.csv")
        run("appraise", "export", "--archive", archive, "--out", decisions)
        with decisions.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[0] |= {"保管期限": "Y", "开放标识": "开放", "附注": "样本，“冻结”的移交包", "鉴定人": "闻小满"}
        with decisions.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        run("appraise", "import", decisions, "--archive", archive)
        run("appraise", "number", "--archive", archive, "--fonds", "C015", "--year", "2024")
        run("export", "bag", "--archive", archive, "--out", bag)
        data = bag / "data"
        schema = _schema(data / "tables")
        with ZipFile(folder / f"schema-{schema}.zip", "x", ZIP_DEFLATED, compresslevel=9) as package:
            for path in sorted(data.rglob("*")):
                relative = path.relative_to(data)
                if path.is_file() and relative.parts[0] in _CONTENTS:
                    package.write(path, Path("data") / relative)
        return folder / f"schema-{schema}.zip"


def _schema(tables: Path) -> int:
    package = json.loads((tables / "datapackage.json").read_text("utf-8"))
    return int(package["zhijiang"]["schema"])


if __name__ == "__main__":
    sys.stdout.write(f"{freeze()}\n")
