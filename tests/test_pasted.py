"""What is advised can be pasted: the command is whole, with the archive and the profile it is about."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from archive.cli.pasted import pasted
from tests.crawled import Crawled, samples
from tests.newssite import Section
from tests.patience import PATIENCE

OPTIONS = {"--site": "/srv/云汀/yunting.toml", "--archive": "/srv/a b.db"}
SITE, ARCHIVE = "--site '/srv/云汀/yunting.toml'", "--archive '/srv/a b.db'"


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("zhijiang crawl --full asks again.", f"zhijiang crawl --full {SITE} {ARCHIVE} asks again."),
        ("zhijiang parse ADDRESS tells", f"zhijiang parse ADDRESS {SITE} tells"),
        (
            "zhijiang parse 'http://yunting.example/show?a=1&b=2' tells",
            f"zhijiang parse 'http://yunting.example/show?a=1&b=2' {SITE} tells",
        ),
        (
            "zhijiang parse http://yunting.example/1 tells",
            f"zhijiang parse http://yunting.example/1 {SITE} tells",
        ),
        ("zhijiang check names every one.", f"zhijiang check {ARCHIVE} names every one."),
        (
            "zhijiang reparse --apply then reads it; or zhijiang crawl",
            f"zhijiang reparse --apply {ARCHIVE} then reads it; or zhijiang crawl {SITE} {ARCHIVE}",
        ),
        ("zhijiang search 状态:失联 lists", f"zhijiang search 状态:失联 {ARCHIVE} lists"),
        ("zhijiang crawl --log FILE writes", f"zhijiang crawl --log FILE {SITE} {ARCHIVE} writes"),
        ("zhijiang crawls; the crawl zhijiang", "zhijiang crawls; the crawl zhijiang"),
    ],
)
def test_a_command_in_a_sentence_is_made_whole(sentence: str, whole: str) -> None:
    assert pasted(sentence, OPTIONS) == whole
    assert pasted(sentence, {}) == sentence


@pytest.fixture
def troubled(yunting: Crawled) -> Crawled:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/content/show?catid=101&newsid=1", "坏", status=500)
    return yunting


def test_a_mail_and_a_status_name_archive_and_profile(troubled: Crawled) -> None:
    (command,) = re.findall(
        r"(zhijiang parse \S+ --site \S+) tells what is read of a page\.", troubled.crawl(status=1).stderr
    )
    address = f"{troubled.site.base_url}/content/show?catid=101&newsid=1"
    assert shlex.split(command) == ["zhijiang", "parse", address, "--site", str(troubled.profile_file)]
    for _ in range(4):
        troubled.crawl(status=1)
    told = troubled.run("status", "--archive", troubled.archive).stdout
    (command,) = re.findall(r"; zhijiang (crawl .*?) asks again\.", told)
    assert shlex.split(command) == [
        *("crawl", "--full", "--site", str(troubled.profile_file), "--archive", str(troubled.archive))
    ]
    troubled.build(Section("101", "县域要闻", samples(2)))
    done = troubled.run(*shlex.split(command))
    assert (done.returncode, done.stderr) == (0, "")
    assert troubled.articles() == {"1", "2"}


def test_an_archive_that_was_not_named_is_not(
    troubled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIJIANG_ARCHIVE", raising=False)
    done = troubled.run("crawl", "--site", troubled.profile_file.name)
    assert done.returncode == 1
    assert f"newsid=1' --site {troubled.profile_file} tells" in done.stderr
    assert "--archive" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_whoever_looks_on_is_told_what_stands(troubled: Crawled) -> None:
    troubled.crawl(status=1)
    assert troubled.crawl(status=1).stderr == ""
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, troubled.arguments())]
    terminal, end = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "400"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=end, env=environment) as process:
        os.close(end)
        seen = b""
        try:
            while part := os.read(terminal, 65_536):
                seen += part
        except OSError:  # so a pseudo-terminal tells that the other end is closed
            pass
        assert process.wait(PATIENCE) == 1
    os.close(terminal)
    assert re.search(r"since .* Beijing time: 1 article could not be fetched or read", seen.decode())
