"""Kill the program at random moments, again and again: nothing acknowledged is lost, everything is completed.

    python benchmarks/kill.py [--points 300] [--seed 1] [--only KIND]

Each point: a command is killed with SIGKILL at a random moment: a crawl of a loopback site (with pictures; every
other one with WARC files so small that each crawl writes many), the making of an archive, a reparse, the bringing up
to date of an older schema, the first seal of an older archive, an import, an export, a snapshot, a hand-over.  The next run completes it; `zhijiang check` must find
nothing, and the archive must hold exactly what an uninterrupted crawl holds.  What was to be written is there whole
or not at all, and nothing else has changed.
"""

import argparse
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive.digests import file_sha256  # noqa: E402
from archive.store.schema import STEPS  # noqa: E402
from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import PLAIN, Crawled, samples  # noqa: E402
from tests.newssite import NewsSite, Section  # noqa: E402
from tests.older import make_older, unseal  # noqa: E402

ARTICLES = 30
SMALL_WARCS = (
    "from archive.store.captures import begin_warc; begin_warc.__kwdefaults__['max_bytes'] = 10_000;"
    "from zhijiang_spider.cli import main; main()"
)
"""The program with WARC files that are full after some ten captures."""
OUTPUTS: dict[str, tuple[str, ...]] = {
    "import": ("import", "{tables}", "--archive", "{out}.db"),
    "export": ("export", "bag", "--out", "{out}"),
    "snapshot": ("snapshot", "--out", "{out}.db"),
    "transfer": ("transfer", "{out}"),
}
"""Kind → command that writes something new of a whole archive."""
KINDS = ("crawl", "migration", "roll-over", "reparse", "seal", *OUTPUTS)
PROGRAM = ("-m", "zhijiang_spider.cli")
TABLES = {
    "article": "key, title, body, credit_line, published_on, section, source, content_sha256, status, version",
    "credit": "article_id IN (SELECT article_id FROM article), seq, role, name",
    "listing": "key, title, date_on",
    "media": "sha256, mime, width",
}


def main() -> int:
    """Run all points; return how many went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    wrong = lost = 0
    killed = dict.fromkeys(KINDS, 0)
    with NewsSite() as site, tempfile.TemporaryDirectory() as folder:
        whole = make_site(site, Path(folder) / "whole")
        whole.crawl()
        requests = len(site.asked)
        truth = contents(whole.archive)
        for point in range(asked.points):
            kind = asked.only or KINDS[point % len(KINDS)]
            yunting = make_site(site, Path(folder) / f"p{point}")
            if kind in OUTPUTS:
                was_killed, problems = _kill_writer(OUTPUTS[kind], yunting, whole, moments)
                gone = set[str]()
            else:
                was_killed, problems, gone = _kill_crawl(kind, yunting, whole, requests, moments)
                if contents(yunting.archive) != truth:
                    problems.append("the archive differs from that of an uninterrupted crawl")
            killed[kind] += was_killed
            lost += len(gone)
            if problems or gone:
                wrong += 1
                print(f"point {point} ({kind}): {'; '.join(problems)} {sorted(gone)}")
            if (point + 1) % 25 == 0:
                print(f"{point + 1} points: {lost} lost, {wrong} wrong", flush=True)
            shutil.rmtree(yunting.archive.parent)
    counts = ", ".join(f"{kind} {number}" for kind, number in killed.items())
    print(
        f"{asked.points} points, killed while at work: {counts}: {lost} acknowledged articles lost, {wrong} wrong"
    )
    return wrong


def make_site(site: NewsSite, folder: Path) -> Crawled:
    """Make a site of some articles, and the place of its archive."""
    folder.mkdir(exist_ok=True)
    yunting = Crawled(site, folder, run_zhijiang)
    articles = [(n, replace(sample, items=PLAIN.items)) for n, sample in samples(ARTICLES)]
    yunting.build(Section("101", "县域要闻", articles), per_page=6)
    return yunting


def _kill_crawl(
    kind: str, yunting: Crawled, whole: Crawled, requests: int, moments: random.Random
) -> tuple[bool, list[str], set[str]]:
    """Kill a command that changes the archive; return whether it was at work, what is wrong, which articles are lost."""
    command: list[object] = list(yunting.arguments())
    seconds = 0.1
    if kind == "reparse":
        _copy(whole, yunting)
        spoil(yunting.archive)
        command, seconds = ["reparse", "--apply", "--archive", yunting.archive], 0.9
    if kind == "seal":
        _copy(whole, yunting)
        with closing(sqlite3.connect(yunting.archive)) as connection:
            unseal(connection)
            connection.commit()
        command, seconds = ["check", "--record", "--archive", yunting.archive], 1.2
    if kind == "migration":
        make_older(whole.archive, yunting.archive, moments.randrange(1, len(STEPS)))
        seconds = 0.3
    yunting.site.forget()
    wanted = moments.randrange(requests + 1) if kind in ("crawl", "roll-over") else 0  # how far it may come
    if kind in ("crawl", "roll-over") and not wanted:
        seconds = 0.9
    waits_for = Path(f"{yunting.archive}-wal") if kind == "migration" else None
    program = ("-c", SMALL_WARCS) if kind == "roll-over" else PROGRAM
    delay = moments.uniform(0.0, seconds)
    was_killed = _kill(command, yunting.site, wanted, delay, waits_for, program)
    acknowledged = _keys(yunting.archive)
    problems = _complete(yunting, command)
    return was_killed, problems, acknowledged - _keys(yunting.archive)


def _kill_writer(
    command: tuple[str, ...], yunting: Crawled, whole: Crawled, moments: random.Random
) -> tuple[bool, list[str]]:
    """Kill a command that writes something new; return whether it was at work, and what is wrong."""
    folder = yunting.archive.parent
    _copy(whole, yunting)
    names = {"tables": whole.archive.parent / "tables", "out": folder / "out"}
    if not names["tables"].exists():
        done = run_zhijiang("export", "csv", "--raw", "--out", names["tables"], "--archive", whole.archive)
        assert done.returncode == 0, done.stderr
    arguments: list[object] = [word.format(**names) for word in command]
    if "--archive" not in arguments:
        arguments += ["--archive", yunting.archive]
    before, seconds = _files(folder), {"export": 1.2, "transfer": 2.0}.get(command[0], 0.7)
    was_killed = _kill(arguments, yunting.site, 0, moments.uniform(0.2, seconds), None, PROGRAM)
    problems = []
    if not any((folder / name).exists() for name in ("out", "out.db")):
        done = run_zhijiang(*map(str, arguments), timeout=300)
        if done.returncode:
            problems.append(f"then {command[0]} ended with {done.returncode}: {done.stdout} {done.stderr}")
    after = _files(folder)
    changed = [name for name in before if before[name] != after.get(name)]
    if changed:
        problems.append(f"changed: {', '.join(changed)}")
    done = run_zhijiang("check", "--archive", yunting.archive)
    if done.returncode:
        problems.append(f"check ended with {done.returncode}: {done.stdout}")
    problems += [
        f"{archive.name} differs from the archive it was made of"
        for archive in (yunting.archive, folder / "out.db")
        if archive.exists() and contents(archive) != contents(whole.archive)
    ]
    for manifest in folder.glob("out/**/manifest-sha256.txt"):
        digests = [line.split("  ", 1) for line in manifest.read_text("utf-8").splitlines()]
        if any(file_sha256(manifest.parent / name) != digest for digest, name in digests):
            problems.append(f"{manifest} is of other files")
    return was_killed, problems


def _copy(whole: Crawled, yunting: Crawled) -> None:
    shutil.copy(whole.archive, yunting.archive)
    shutil.copytree(whole.archive.with_suffix(".warc"), yunting.archive.with_suffix(".warc"))


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that no command here may change."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not path.relative_to(folder).parts[0].lstrip(".").startswith(("out", "yunting.db"))
    }


def _kill(
    command: list[object],
    site: NewsSite,
    requests: int,
    delay: float,
    waits_for: Path | None,
    program: tuple[str, ...],
) -> bool:
    """Run a command, and kill it some time after it made so many requests; False if it was done before.

    ``delay``: seconds.  ``waits_for``: a file that has to be there first.
    """
    process = subprocess.Popen(
        [sys.executable, *program, *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while (len(site.asked) < requests or (waits_for and not waits_for.exists())) and process.poll() is None:
        time.sleep(0.002)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        return True
    return False


def _complete(yunting: Crawled, command: list[object]) -> list[str]:
    problems = []
    crawl, check = list(yunting.arguments()), ["check", "--archive", yunting.archive]
    for arguments in (crawl, check) if command == crawl else (command, crawl, check):
        done = run_zhijiang(*map(str, arguments), timeout=300)
        if done.returncode:
            problems.append(f"{arguments[0]} ended with {done.returncode}: {done.stdout} {done.stderr}")
    return problems


def spoil(archive: Path) -> None:
    """Make a reparse worth doing."""
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE article SET title = title || '误', source = ''")
    connection.execute("DELETE FROM credit WHERE article_id % 3 = 0")
    connection.commit()
    connection.close()


def _keys(archive: Path) -> set[str]:
    if not archive.exists():
        return set()
    connection = sqlite3.connect(archive)
    try:
        return {key for (key,) in connection.execute("SELECT key FROM article")}
    except sqlite3.OperationalError:
        return set()
    finally:
        connection.close()


def contents(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what two archives of one site have in common."""
    connection = sqlite3.connect(archive)
    try:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in TABLES.items()
        }
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main() > 0)
