"""Plug-ins: the package that docs/extending.md shows, installed into a fresh environment, and two that are broken."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.crawled import YICHANG, Crawled, samples
from tests.newssite import NewsSite
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
SECTION = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8").split("## Plug-ins\n")[1]
FILES = dict(re.findall(r"```\w+\n# (\S+)\n(.*?)```", SECTION, re.DOTALL))
"""The files of the example, by their paths."""
PROJECT = '[project]\nname = "{0}"\nversion = "2"\n[project.entry-points.zhijiang]\n{0} = "{0}"\n'
BROKEN = {
    "pyproject.toml": PROJECT.format("broken") + 'misspelt = "misspelt"\n',
    "misspelt/__init__.py": "from archive.hookspecs import hookimpl\n@hookimpl\ndef export_format(): return {}\n",
    "broken/__init__.py": "raise RuntimeError('made for\\nanother version')\n",
}
FAULTY = {
    "pyproject.toml": PROJECT.format("faulty"),
    "faulty/__init__.py": """
from pathlib import Path
import click
from flask import Blueprint
from archive.hookspecs import Format, RoomPages, hookimpl

pages = Blueprint("faulty", __name__)
taken = Blueprint("taken", __name__)

@pages.route("/faulty")
@taken.route("/about")
def fail(*_arguments):
    raise KeyError("no such thing")

@click.command()
def command():
    fail()

@hookimpl
def export_formats():
    return {"faulty": Format("fails", fail), "csv": Format("is taken", fail), "wrong": "no format"}

@hookimpl
def list_readers():
    return {"faulty": fail, "gone": "faulty:nothing"}

@hookimpl
def notifiers():
    return {"faulty": fail}

@hookimpl
def site_profiles():
    return {"faulty": Path("faulty.toml")}

@hookimpl
def commands():
    return {"faulty": command, "search": command, "gone": "faulty.nothing:command"}

@hookimpl
def room_pages():
    return {"faulty": RoomPages(pages), "taken": RoomPages(taken, {"/about": "夺"})}
""",
}


@dataclass
class Fresh:
    """An environment of its own, which sees the project and what it needs."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def make(self) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.folder)], check=True)
        seen = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        (self.packages / "project.pth").write_text("\n".join([str(ROOT), *seen]), encoding="utf-8")

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def install(self, files: Mapping[str, str]) -> None:
        """Put a package where pip puts it, with what pip writes of it: its name, its version, its entry points."""
        project = tomllib.loads(files["pyproject.toml"])["project"]
        name, version = project["name"], project["version"]
        points = "".join(f"{key} = {value}\n" for key, value in project["entry-points"]["zhijiang"].items())
        described = f"{name.replace('-', '_')}-{version}.dist-info"
        told = {
            f"{described}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{described}/entry_points.txt": f"[zhijiang]\n{points}",
        }
        for path, text in {**files, **told}.items():
            if "/" in path:
                target = self.packages / path
                target.parent.mkdir(exist_ok=True)
                target.write_text(text, encoding="utf-8")

    def run(self, *arguments: str | Path, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user of this environment does."""
        command = [self.python, "-m", "zhijiang_spider.cli", *map(str, arguments)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=os.environ | self.environment,
        )


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    environment = Fresh(tmp_path_factory.mktemp("fresh"))
    environment.make()
    for package in (FILES, BROKEN, FAULTY):
        environment.install(package)
    return environment


def line(number: int, title: str, day: str) -> str:
    return f'<p data-href="/content/show?newsid={number}&catid=101" data-day="{day}">{title}</p>'


@pytest.fixture(scope="module")
def crawls(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, list[str]]]:
    """A county whose lists are read by the plug-in, crawled twice: one article is missing the first time."""
    folder = tmp_path_factory.mktemp("crawled")
    fresh.environment = {"YUNTING_LOGBOOK": str(folder / "logbook.txt")}
    with NewsSite() as site:
        numbered = samples(3)
        for number, sample in numbered:
            page = YICHANG.render(sample, site.base_url)
            site.put(f"/content/show?newsid={number}&catid=101", page, Content_Type=YICHANG.content_type)
        lines = [line(number, sample.title, sample.date) for number, sample in numbered]
        head = '<!DOCTYPE html><meta charset="utf-8"><title>要闻_云汀网</title>'
        site.put("/list/1", f'{head}<div data-next="/list/1?page=2">{"".join(lines[:2])}</div>')
        site.put("/list/1?page=2", f"{head}<div>{lines[2]}</div>")
        crawled = Crawled(site, folder, fresh.run)
        county = FILES["yunting.toml"].replace("www.yunting.example", site.host)
        crawled.profile_file.write_text(f"{county}[politeness]\ndelay = 0\n", encoding="utf-8")
        whole = site.pages.pop("/content/show?newsid=1&catid=101")
        told = [crawled.crawl("--media", "none", status=1).stderr]
        site.pages["/content/show?newsid=1&catid=101"] = whole
        told.append(crawled.crawl("--media", "none").stderr)
        yield crawled, told


def test_a_crawl_reads_lists_and_takes_its_profile_from_plug_ins(crawls: tuple[Crawled, list[str]]) -> None:
    crawled, _ = crawls
    assert crawled.articles() == {"1", "2", "3"}
    assert crawled.rows("SELECT count(DISTINCT url) FROM listing") == [(3,)]
    ((options,),) = crawled.rows("SELECT options FROM crawl WHERE crawl_id = 2")
    site = json.loads(options)["site"]
    assert site["section_url"] == r"/list/(?P<id>\d+)"
    assert site["politeness"] == {"delay": 0, "max_pages": 20}
    assert "extends" not in site


def test_the_reader_that_knew_a_list_is_named(
    fresh: Fresh, crawls: tuple[Crawled, list[str]], tmp_path: Path
) -> None:
    crawled, _ = crawls
    page = tmp_path / "list.html"
    page.write_text(line(7, "开园", "2024-02-03"), encoding="utf-8")
    result = fresh.run(
        "parse", page, "--url", f"{crawled.site.base_url}/list/1", "--site", crawled.profile_file
    )
    found = json.loads(result.stdout)
    assert found["reader"] == "data-href"
    assert [(entry["title"], entry["date_raw"]) for entry in found["entries"]] == [("开园", "2024-02-03")]


def test_a_notifier_of_a_plug_in_is_told_of_trouble_and_of_its_end(crawls: tuple[Crawled, list[str]]) -> None:
    crawled, _ = crawls
    first, second = (crawled.archive.parent / "logbook.txt").read_text(encoding="utf-8").strip().split("\n\n")
    assert first.startswith("【zhijiang】云汀网: the crawl is in trouble")
    assert second.startswith("【zhijiang】云汀网: crawls are well again")


def test_a_plug_in_writes_an_export_in_a_form_of_its_own(
    fresh: Fresh, crawls: tuple[Crawled, list[str]], tmp_path: Path
) -> None:
    crawled, _ = crawls
    out = tmp_path / "titles.txt"
    result = fresh.run("export", "titles", "--archive", crawled.archive, "--out", out)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"{out}: 3 articles, SHA-256 ")
    assert out.read_text(encoding="utf-8").splitlines() == [
        f"{sample.date}  {sample.title}" for _, sample in reversed(samples(3))
    ]
    assert "days and titles, to print" in fresh.run("export", "--help").stdout


def test_a_plug_in_brings_a_command(fresh: Fresh, crawls: tuple[Crawled, list[str]]) -> None:
    crawled, _ = crawls
    listed = fresh.run("--help")
    assert re.search(r"^  newest +Print the newest articles\.$", listed.stdout, re.MULTILINE)
    assert "plug-in faulty (faulty 2): command search is not used: zhijiang itself has one" in listed.stderr
    newest = samples(3)[0][1]
    result = fresh.run("newest", "--archive", crawled.archive, "--limit", "1")
    assert (result.returncode, result.stdout) == (0, f"{newest.date}  {newest.title}\n")


def test_a_plug_in_brings_pages_of_the_reading_room(fresh: Fresh, crawls: tuple[Crawled, list[str]]) -> None:
    crawled, _ = crawls
    command = [
        fresh.python,
        "-m",
        "zhijiang_spider.cli",
        "serve",
        "--port",
        "0",
        "--archive",
        str(crawled.archive),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        room = found[0]
        with urlopen(f"{room}/newest", timeout=PATIENCE) as answer:
            page = answer.read().decode()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        with urlopen(f"{room}/newest.json", timeout=PATIENCE) as answer:
            rows = json.load(answer)["rows"]
        with urlopen(f"{room}/about", timeout=PATIENCE) as answer:
            about = answer.read().decode()
        with pytest.raises(HTTPError) as failed:
            urlopen(f"{room}/faulty", timeout=PATIENCE)
        failed.value.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        told = process.stderr.read()
    assert [row["题名"] for row in rows] == [sample.title for _, sample in samples(3)]
    assert '<a href="/newest" aria-current="page">新到</a>' in page
    assert '<a href="/newest">新到</a>' in about
    assert failed.value.code == 500
    assert "/faulty: plug-in faulty (faulty 2): room page faulty: KeyError: 'no such thing'" in told
    assert "Traceback" not in told
    assert ">说明</a>" in about
    assert (
        "plug-in faulty (faulty 2): room page taken: ValueError: the reading room has pages at /about" in told
    )


LOADING = "plug-in broken (broken 2): cannot be loaded: RuntimeError: made for another version"
MISSPELT = (
    "plug-in misspelt (broken 2): cannot be loaded: PluginValidationError: unknown hook 'export_format'"
)


def test_a_plug_in_that_fails_is_named_in_one_line_and_stops_no_crawl(
    crawls: tuple[Crawled, list[str]],
) -> None:
    _, (first, second) = crawls
    for told in (first, second):
        assert told.count(LOADING) == 1
        assert told.count(MISSPELT) == 1
        assert told.count("plug-in faulty (faulty 2): list reader faulty: KeyError: 'no such thing'") == 1
        assert told.count("plug-in faulty (faulty 2): list reader gone: AttributeError") == 1
        assert told.count("plug-in faulty (faulty 2): notifier faulty: KeyError: 'no such thing'") == 1
        assert "Traceback" not in told


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (
            "export faulty",
            1,
            "Error: plug-in faulty (faulty 2): export format faulty: KeyError: 'no such thing'",
        ),
        (
            "export csv",
            0,
            "plug-in faulty (faulty 2): export format csv is not used: zhijiang itself has one",
        ),
        ("export titles", 0, "plug-in faulty (faulty 2): export format wrong is not used: it is no Format"),
        ("faulty", 1, "Error: plug-in faulty (faulty 2): command faulty: KeyError: 'no such thing'"),
        ("gone", 1, "Error: plug-in faulty (faulty 2): command gone: ModuleNotFoundError: No module named"),
        ("crawl --site faulty", 2, "faulty.toml: cannot be read: No such file or directory"),
    ],
)
def test_what_fails_when_it_is_used_says_so_in_one_line(
    fresh: Fresh, crawls: tuple[Crawled, list[str]], tmp_path: Path, arguments: str, status: int, words: str
) -> None:
    crawled, _ = crawls
    out = tmp_path / "out"
    exports = arguments.startswith("export")
    place = ("--archive", crawled.archive, "--out", out) if exports else ()
    result = fresh.run(*arguments.split(), *place)
    assert result.returncode == status, result.stderr
    assert sum(words in told for told in result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert out.exists() is (exports and status == 0)


def test_our_own_commands_do_not_look_for_plug_ins(fresh: Fresh, crawls: tuple[Crawled, list[str]]) -> None:
    crawled, _ = crawls
    result = fresh.run("search", "新闻", "--archive", crawled.archive)
    assert (result.returncode, result.stderr) == (0, "")
