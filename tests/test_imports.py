"""The rooms of the house: who may know whom, and what a start may load."""

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.crawled import Crawled, samples
from tests.newssite import Section
from tests.patience import PATIENCE
from zhijiang_spider.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PACKAGES = ("zhijiang_spider", "archive")
ARROWS = {
    "archive.appraisal": "rendering spreadsheet store",
    "archive.bulletin": "model rendering store times",
    "archive.care": "digests evidence language model seal search store times witness",
    "archive.characters": "",
    "archive.cli": "appraisal bulletin care characters digests export extras hookspecs importer language model plugins rendering room seal search shelf spreadsheet store times witness",
    "archive.digests": "",
    "archive.evidence": "characters digests",
    "archive.export": "care characters digests evidence extras hookspecs model plugins rendering seal search store times",
    "archive.extras": "",
    "archive.hookspecs": "",
    "archive.importer": "digests export model store",
    "archive.language": "",
    "archive.model": "",
    "archive.plugins": "hookspecs",
    "archive.rendering": "characters model search store text_diff times",
    "archive.room": "care characters evidence hookspecs model plugins rendering search store text_diff times",
    "archive.seal": "times",
    "archive.search": "extras model",
    "archive.shelf": "search store",
    "archive.spreadsheet": "characters evidence rendering",
    "archive.store": "characters evidence model seal search text_diff times",
    "archive.text_diff": "",
    "archive.times": "",
    "archive.witness": "model seal store times",
    "zhijiang_spider.cli": "archive.care archive.cli archive.evidence archive.hookspecs archive.language archive.model archive.plugins archive.seal archive.search archive.store archive.times crawl demo derive items pages probe sites",
    "zhijiang_spider.crawl": "archive.care archive.evidence archive.hookspecs archive.language archive.model archive.plugins archive.store archive.times derive pages probe sites",
    "zhijiang_spider.credits": "archive.model text vocabulary",
    "zhijiang_spider.demo": "sites",
    "zhijiang_spider.derive": "archive.characters archive.evidence archive.model archive.store credits items pages sites text",
    "zhijiang_spider.items": "archive.model",
    "zhijiang_spider.pages": "archive.characters archive.evidence archive.hookspecs archive.model archive.plugins credits items sites text vocabulary",
    "zhijiang_spider.probe": "archive.evidence archive.model derive items pages sites text vocabulary",
    "zhijiang_spider.settings": "archive.evidence",
    "zhijiang_spider.sites": "archive.hookspecs archive.model archive.plugins",
    "zhijiang_spider.spiders": "archive.model archive.times crawl derive items pages sites text",
    "zhijiang_spider.text": "archive.characters vocabulary",
    "zhijiang_spider.vocabulary": "archive.model",
}
"""Room → the rooms that it knows, those of its own package by their last name.  A new arrow is a decision; none may lead back."""
PURE = ("credits", "derive", "items", "pages", "probe", "sites", "text", "vocabulary")


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Yield everything that a module imports, wherever in it."""
    yield from imports_of(parsed(path), path)


def imports_of(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == word or name.startswith(f"{word}.") for word in forbidden)
    ]


def test_the_archive_does_not_know_there_is_a_web() -> None:
    paths = [path for path in modules() if path.is_relative_to(ROOT / "archive")]
    assert offenders(paths, "scrapy", "parsel", "twisted", "zhijiang_spider") == []


def test_pure_modules_do_not_know_scrapy() -> None:
    crawler = ROOT / "zhijiang_spider"
    paths = [path for path in modules() if path.is_relative_to(crawler)]
    paths = [path for path in paths if path.relative_to(crawler).parts[0].removesuffix(".py") in PURE]
    assert {path.relative_to(crawler).parts[0].removesuffix(".py") for path in paths} == set(PURE)
    assert offenders(paths, "scrapy", "twisted") == []


def test_only_the_archive_knows_sql() -> None:
    paths = [path for path in modules() if not path.is_relative_to(ROOT / "archive")]
    assert offenders(paths, "sqlite3", "sqlite_utils") == []


def test_nothing_imports_the_spiders() -> None:
    """They are found by their name, as Scrapy does it; so they stay the outermost room."""
    others = [path for path in modules() if path.parent.name != "spiders"]
    assert offenders(others, "zhijiang_spider.spiders") == []


def test_only_the_command_line_prints() -> None:
    calls = [
        (path.relative_to(ROOT), node.lineno, node.func)
        for path in modules()
        if "cli" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
    ]
    assert calls
    printing = [
        (path, line) for path, line, call in calls if isinstance(call, ast.Name) and call.id == "print"
    ]
    assert printing == []


def test_the_domain_model_imports_nothing_of_ours() -> None:
    assert offenders([ROOT / "archive" / "model" / "article.py"], *PACKAGES) == []


def known_rooms() -> dict[str, set[str]]:
    names = {module_name(path): path for path in modules()}
    known: dict[str, set[str]] = {}
    for name, path in names.items():
        if name not in PACKAGES:
            rooms = {room_of(target) for target in ours(imports(path), names)}
            known.setdefault(room_of(name), set()).update(rooms - {room_of(name)})
    return known


def test_every_room_knows_only_the_rooms_it_may() -> None:
    """An arrow that nobody uses any more is taken off the table."""
    told = {f"{room} → {known}" for room, rooms in ARROWS.items() for known in rooms.split()}
    found = {
        f"{room} → {known.removeprefix(room.partition('.')[0] + '.')}"
        for room, rooms in known_rooms().items()
        for known in rooms
    }
    assert sorted(found - told) == []
    assert sorted(told - found) == []


def test_rooms_know_each_other_in_one_direction() -> None:
    assert circle(known_rooms()) == ""


def test_modules_import_each_other_in_one_direction() -> None:
    names = {module_name(path): path for path in modules()}
    assert circle({name: ours(imported_at_once(path), names) for name, path in names.items()}) == ""


def test_a_circle_of_imports_is_seen() -> None:
    assert circle({"a": ["b"], "b": ["c"], "c": ["a"]})


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def ours(found: Iterator[str], names: dict[str, Path]) -> list[str]:
    """Keep the modules of ours among imported names, ``archive.room`` and ``archive.room.app`` alike."""
    return [name for name in found if name in names and name not in PACKAGES]


def imported_at_once(path: Path) -> Iterator[str]:
    """Yield what importing a module imports: not what its functions do, nor what only type checkers read."""
    found = [node for node in parsed(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    yield from imports_of(ast.Module(list[ast.stmt](found), []), path)


def circle(graph: Mapping[str, Iterable[str]]) -> str:
    """Return the modules of a circle, "" where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(error.args[1])
    return ""


# --- faces -------------------------------------------------------------------------------------------

FACES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("__init__.pyi"))]


@pytest.mark.parametrize("stub", FACES, ids=lambda path: module_name(path))
def test_every_name_of_a_face_is_there(stub: Path) -> None:
    face = importlib.import_module(module_name(stub))
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    names = [a.asname for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names]
    assert sorted(face.__all__) == sorted(filter(None, names)) == dir(face)
    assert all(getattr(face, name) is not None for name in face.__all__)
    assert not hasattr(face, "no_such_name")


def test_a_package_says_what_it_is_for() -> None:
    packages = [path for path in modules() if path.name == "__init__.py"]
    assert [path for path in packages if not ast.get_docstring(parsed(path))] == []


def test_a_face_loads_nothing_before_it_is_used() -> None:
    assert {path for path in FACES if list(imports(path.with_suffix(".py"))) != ["lazy_loader"]} == set()


# --- what a start loads ------------------------------------------------------------------------------

HEAVY = frozenset(
    [
        "PIL",
        "cdxj_indexer",
        "flask",
        "jinja2",
        "lxml",
        "openpyxl",
        "parsel",
        "pyarrow",
        "requests",
        "rich",
        "scrapy",
        "sqlite_utils",
        "twisted",
        "waitress",
        "warcio",
        "xlsxwriter",
    ]
)
"""Libraries that take a while to load."""

CREDITS_MODULES, READ_CREDITS_MODULES, SEARCH_MODULES, HELP_MODULES = 60, 75, 150, 260
"""How many a start may load, those of Python itself included: 56, 136 and 195 when this was written; ``--help``
also looks for the commands of plug-ins."""


def loaded(*arguments: str, code: str, folder: Path = ROOT) -> set[str]:
    """Return the modules that code loads in a fresh interpreter, beyond those that it begins with."""
    whole = f"import sys; before = set(sys.modules)\n{code}\nprint('\\n', *sorted(set(sys.modules) - before))"
    amf = "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning:pyamf.util"  # as in pyproject.toml
    command = [sys.executable, "-W", "error", "-W", amf, "-c", whole, *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]])},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("\n ")[2].split())


RUN = "from zhijiang_spider.cli import main\nmain(standalone_mode=False)"


def test_credits_are_read_without_the_archive() -> None:
    assert len(loaded(code="import zhijiang_spider.credits")) <= CREDITS_MODULES
    found = loaded(code="from zhijiang_spider.credits import extract_credits")
    assert "zhijiang_spider.credits.find" in found
    assert len(found) <= READ_CREDITS_MODULES, sorted(found)
    assert HEAVY.isdisjoint(found)


def test_help_loads_no_library_but_click() -> None:
    found = loaded("--help", code=RUN)
    assert "archive.cli.search" in found
    assert HEAVY.isdisjoint(found)
    assert len(found) <= HELP_MODULES, len(found)


def test_a_search_loads_what_it_needs_to_read(tmp_path: Path, article: Callable[..., Article]) -> None:
    path = tmp_path / "yunting.db"
    with Archive.open(path) as archive:
        save_article(archive, article(), begin_crawl(archive, "yunting", software="test", options={}))
    found = loaded("search", "柑橘", "--archive", str(path), code=RUN)
    assert "archive.search.snippets" in found
    assert HEAVY.isdisjoint(found)
    assert len(found) <= SEARCH_MODULES, len(found)


INDEX = "cdxj_indexer requests warcio"  # whose index is reckoned by the one, which loads the other

LOADS = {
    "appraise export --out LIST.csv": "",
    "appraise export --out LIST.xlsx": "xlsxwriter",
    "appraise import LIST.csv": "",
    "check": "PIL sqlite_utils lxml parsel warcio",
    "digest": "",
    "explain 1": "lxml parsel warcio",
    "export bag --out BAG": INDEX,
    "export credits --out CREDITS.csv": "",
    "export csv --out ALL.csv": "",
    "export csv --raw --out TABLES": "",
    "export da --out DA": "jinja2 lxml",
    "export jsonl --out ALL.jsonl": "",
    "export parquet --out ALL.parquet": "pyarrow",
    "export site --out SITE": "jinja2 warcio",
    "export wacz --out ALL.wacz": INDEX,
    "export xlsx --out ALL.xlsx": "xlsxwriter",
    "import TABLES --archive NEW.db": "sqlite_utils",
    "reindex": "",
    "reparse --workers 0": "lxml parsel warcio",
    "search 柑橘": "",
    "seal": "",
    "show 1": "",
    "snapshot --out COPY.db": "",
    "status": "rich",
    "status --json": "",
    "transfer OVER": f"PIL jinja2 sqlite_utils lxml parsel {INDEX}",
}
"""Command → the heavy libraries that it may load, on an archive of articles, pictures and their bytes."""


@pytest.fixture
def room(demo_archive: Path, tmp_path: Path) -> Path:
    """A folder with an archive, and with what commands take that read a file."""
    shutil.copy(demo_archive, tmp_path)
    shutil.copytree(demo_archive.with_suffix(".warc"), tmp_path / "demo.warc")
    return tmp_path


@pytest.mark.parametrize("command", LOADS)
def test_a_command_loads_the_libraries_that_it_uses(
    command: str, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(room / "demo.db"))
    for needed, make in (
        ("LIST.csv", "appraise export --out LIST.csv"),
        ("TABLES", "export csv --raw --out TABLES"),
    ):
        if needed in command and make not in command:
            loaded(*make.split(), code=RUN, folder=room)
    found = loaded(*command.split(), code=RUN, folder=room)
    assert sorted(HEAVY & found) == sorted(LOADS[command].split())


def test_a_crawl_loads_what_fetches_and_stores(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    assert yunting.empty is not None
    shutil.copy(yunting.empty, yunting.archive)
    found = loaded(*map(str, yunting.arguments("--workers", "0", "--media", "none")), code=RUN)
    assert yunting.articles() == {"1"}
    scrapys = "lxml parsel requests scrapy twisted"  # requests by its list of public suffixes
    assert sorted(HEAVY & found) == sorted([*scrapys.split(), "warcio"])
    assert not [name for name in found if name.startswith("zhijiang_spider.probe.")]


def test_the_reading_room_loads_what_serves(demo_archive: Path) -> None:
    code = "from archive.room.server import opened\nwith opened(sys.argv[1]): pass"
    assert sorted(HEAVY & loaded(str(demo_archive), code=code)) == ["flask", "jinja2", "lxml", "waitress"]


def test_the_table_holds_every_command_that_needs_no_site() -> None:
    with_a_site = {"crawl", "parse", "probe", "demo", "serve"}
    assert {command.split()[0] for command in LOADS} == set(COMMANDS) - with_a_site


# --- functions one can follow ------------------------------------------------------------------------

RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]


def test_the_check_of_complex_functions_knows_no_exception() -> None:
    assert "C901" in RUFF["select"]
    assert RUFF["mccabe"]["max-complexity"] == 15
    assert not any("C901".startswith(rule) for rule in RUFF["ignore"])
    for pattern, rules in RUFF["per-file-ignores"].items():
        assert not any("C901".startswith(rule) for rule in rules), pattern
    assert [path for path in modules() if re.search(r"noqa.*C901", path.read_text(encoding="utf-8"))] == []


def test_no_function_is_too_complex() -> None:
    ruff = shutil.which("ruff", path=Path(sys.executable).parent) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("ruff is not installed")
    limit = f"lint.mccabe.max-complexity={RUFF['mccabe']['max-complexity']}"
    command = [ruff, "check", "--isolated", "--quiet", "--ignore-noqa", "--select", "C901", "--config", limit]
    found = subprocess.run([*command, *PACKAGES], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
