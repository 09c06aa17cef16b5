"""The command line speaks one language in a run: the catalogues are whole, and a run says nothing in the other one."""

import ast
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog

from archive import language
from archive.cli.pasted import pasted
from archive.language import CHOICE, PLACE, SENTENCE, by_locale, told
from tests import catalogue
from tests.catalogue import is_translated
from tests.crawled import Crawled, samples
from tests.newssite import Reply, Section
from zhijiang_spider.cli import main
from zhijiang_spider.crawl.ends import ASKED_TO_STOP, cut_short

Run = Callable[..., subprocess.CompletedProcess[str]]

WORDS_OF_NUMBER = {"s", "are", "were", "have"}
"""Places whose value goes with a number: Chinese has none."""


@pytest.fixture(params=["zh", "en"])
def tongue(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_catalogues_hold_what_the_source_says_and_nothing_else(tongue: str) -> None:
    def every(found: Catalog) -> set[tuple[str | None, object]]:
        return {(message.context, message.id) for message in found if message.id}

    assert every(catalogue.read(tongue)) == every(catalogue.template(tongue)), "python -m tests.catalogue"


def test_every_message_has_its_translation_with_the_same_places(tongue: str) -> None:
    for message in catalogue.read(tongue):
        if not message.id:
            continue
        assert is_translated(message.string), message.id
        assert not message.fuzzy, message.id
        ids, strings = catalogue.forms(message.id), catalogue.forms(message.string)
        wanted = {place for text in ids for place in PLACE.findall(text)}
        for string in strings:
            found = set(PLACE.findall(string))
            if message.context == SENTENCE:
                assert wanted - WORDS_OF_NUMBER == found, message.id
            else:
                assert found <= wanted, message.id
                assert tongue != "zh" or "click" in str(message.locations) or found == wanted, message.id


def test_commands_in_a_sentence_can_be_pasted_in_chinese_too() -> None:
    given = {"--archive": "a.db", "--site": "my.toml"}
    for message in catalogue.read("zh"):
        if message.context == SENTENCE and isinstance(message.id, str):
            said, translated = (pasted(text, given) for text in (message.id, str(message.string)))
            for option in given.values():
                assert translated.count(option) == said.count(option), message.id


def test_catalogues_are_compiled(tongue: str) -> None:
    path = catalogue.po(tongue)
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(catalogue.read(tongue)), (
        "python -m tests.catalogue"
    )
    assert path.read_bytes() == catalogue.written(catalogue.read(tongue))


def test_a_sentence_is_known_again_whatever_stands_in_its_places(
    tongue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_chosen", tongue)
    unknown = []
    for message in catalogue.read(tongue):
        if message.context != SENTENCE or not isinstance(message.id, str):
            continue
        values = {
            name: str(700 + number) if name in ("number", "count", "n") else f"ξ{number}"
            for number, name in enumerate(dict.fromkeys(PLACE.findall(message.id)))
        }
        values |= {name: f"“{values[name]}”" for name in values if name == "quoted"}
        for behind in re.findall(r"\}\{(\w+)", message.id):  # what is put behind a word
            values[behind] = values[behind] if behind == "number" else f", {values[behind]}"
        for behind in re.findall(r"\.\{(\w+)\}$", message.id):  # a sentence behind it
            values[behind] = f"  {values[behind]}"
        wanted = PLACE.sub(lambda place: values[place[1]], str(message.string))  # noqa: B023  at once
        for which in (0, -1):
            said = CHOICE.sub(lambda choice: choice[1].split("|")[which], message.id)  # noqa: B023  at once
            said = PLACE.sub(lambda place: values[place[1]], said)  # noqa: B023  at once
            if told(said) != wanted:
                unknown.append((said, told(said), wanted))
    assert not unknown, "\n".join(map(str, unknown[:40]))


def test_a_text_of_many_parts_is_read_in_no_time_that_grows_with_their_number_of_ways(
    tongue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_chosen", tongue)
    for part in ("a: b; c, d.  ", "题 (not: so); ，", ", x (y)", ": ", "credit 5 name (x; it was “y”), "):
        assert len(told(part * 40)) > 40


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            f"Last crawl: {cut_short(ASKED_TO_STOP, 1)}",
            "最近一次采集：采集没有做完就停了（按要求停止）：收到停止信号，有序结束；下一次接着做。",
        ),
        (
            "3 rows are under no seal yet: crawl 1 runs, or was killed -> nothing; its end seals them, or the next crawl",
            "3 行还不在任何封签之下：采集 1 正在进行，或被杀 -> 不用做什么；它结束时封上，或由下一次采集封上",
        ),
        (
            "1 article could not be fetched or read: http://a.invalid/a?newsid=3: HTTP 404 (capture 16), listed as “柑橘; a: b”.",
            "1 篇文章没有取到或读不出：http://a.invalid/a?newsid=3: HTTP 404（采集记录 16），列表上是“柑橘; a: b”。",
        ),
        ("is the archive's write-ahead log", "是档案的预写日志"),
        ("srv.pid and 2 more", "srv.pid 等，另有 2 个"),
        (
            "a.toml: is not valid TOML: Invalid value (at line 1)",
            "a.toml：不是有效的 TOML（原文：Invalid value (at line 1)）",
        ),
        (
            "article 5: credit 5 name (三审 假人; it was “乔安”), image 1 (slipped in) is not what"
            " seal 1 (crawl 1, 2024-11-02 09:00 Beijing time) says",
            "文章 5：署名 5 的 name（三审 假人；原来是“乔安”）、图片 1（塞进来的） 与封签 1（采集 1，北京时间 2024-11-02 09:00）所说不符",
        ),
        (
            "article 5, credit 5: name is “假人”, and by its version “乔安”",
            "文章 5 的署名 5：name 是 “假人”，按 它的版本 应是 “乔安”",
        ),
        (
            "row 3, 开放标识 '随便': write one of 开放、控制",
            "第 3 行，开放标识 '随便': 请从这些里写一个：开放、控制",
        ),
    ],
)
def test_no_half_of_a_sentence_stays_english(said: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    assert told(said) == wanted


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "ZHIJIANG_LANG": "en"}, "en"),
        ({"LC_ALL": "C.UTF-8", "ZHIJIANG_LANG": "zh"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "ZHIJIANG_LANG": "ZH"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "ZHIJIANG_LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "ZHIJIANG_LANG": "zh-TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "ZHIJIANG_LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "ZHIJIANG_LANG": "fr"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "ZHIJIANG_LANG": "zhang"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "ZHIJIANG_LANG": ""}, "zh"),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], wanted: str) -> None:
    assert by_locale(environment) == wanted


def test_a_language_that_is_none_of_ours_is_said_and_stops_nothing(
    zhijiang: Run, demo_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    search = ("search", "绝无此词", "--archive", demo_archive)
    for name, wanted in (
        ("fr", "共 0 篇\n"),
        ("zh_TW", "共 0 篇\n"),
        ("EN", "0 articles\n"),
        ("", "共 0 篇\n"),
    ):
        monkeypatch.setenv("ZHIJIANG_LANG", name)
        found = zhijiang(*search)
        assert (found.returncode, found.stdout) == (0, wanted), found.stderr
        warned = (
            ["ZHIJIANG_LANG=fr 不是本程序的语言，改按系统区域设置；请写 zh 或 en"] if name == "fr" else []
        )
        assert found.stderr.splitlines() == warned


# --- what a person reads ---------------------------------------------------------------------------------


def english_in(said: str) -> list[str]:
    """Return three English words in a row, and more, that are no address, path, option, command or name."""
    said = re.sub(
        r"https?://\S+|\S*/\S*|\S*[\\@=_]\S*|zhijiang(?: [a-z]+)?|(?<!\S)-[-\w]+|\[[^\]\n]*\]", "¦", said
    )
    return re.findall(r"[A-Za-z]{2,}(?:,? [A-Za-z][A-Za-z'’]*){2,}", said)


def chinese_in(said: str) -> list[str]:
    """Return what is Chinese in a text."""
    return re.findall(r"[\u4e00-\u9fff]+", said)


NAMES = re.compile(r"curl --data-binary.*?ADDRESS|True False|pages? MSO|Ctrl C|Python program|ZHIJIANG_\w+")
"""What stays as it is in Chinese help."""


def every_command(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in (
        (name, group.get_command(click.Context(group), name))
        for name in group.list_commands(click.Context(group))
    ):
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)


@pytest.mark.parametrize("command", [(), *every_command(main)], ids=" ".join)
def test_help_is_chinese_with_lang_zh(command: tuple[str, ...], zhijiang: Run) -> None:
    done = zhijiang("--lang", "zh", *command, "--help")
    assert done.returncode == 0, done.stderr
    assert english_in(NAMES.sub("", done.stdout)) == []
    assert not re.search(r"^ +(?:-\w, )?--[a-z-]+ [A-Z]{2}", done.stdout, re.MULTILINE), (
        "what an option is given"
    )
    assert done.stdout.startswith("用法：")
    assert "显示这份说明并退出。" in done.stdout


def test_help_is_english_otherwise(zhijiang: Run) -> None:
    assert zhijiang("--lang", "en", "crawl", "--help").stdout.startswith("Usage: ")
    assert chinese_in(zhijiang("--help").stdout) == [
        "档号",
        "保管期限",
        "开放标识",
    ]  # the words of the office


ERRORS = (
    ("exprt",),
    ("crawl", "--nope"),
    ("crawl", "--media", "most"),
    ("crawl", "--since", "yesterday"),
    ("crawl", "--site", "nowhere"),
    ("crawl", "-s", "DOWNLOAD_DELAY=soon"),
    ("crawl", "-s", "NO_SUCH=1"),
    ("search",),
    ("search", '"柑橘'),
    ("search", "栏目:没有的"),
    ("search", "日期:昨天"),
    ("search", "柑橘", "--limit", "0"),
    ("search", "柑橘", "--archive", "nowhere.db"),
    ("search", "柑橘", "--archives", "nowhere"),
    ("search", "柑橘", "--order", "relevance", "--archives", "."),
    ("show", "999"),
    ("explain", "999"),
    ("export", "csv"),
    ("export", "csv", "--out", "there/x.csv"),
    ("export", "csv", "--out", "demo.db"),
    ("export", "wacz", "--raw", "--out", "x"),
    ("export", "csv", "--out", "x", "--query", " "),
    ("export", "csv", "--out", "x", "--section", "没有的"),
    ("import", "nowhere", "--archive", "new.db"),
    ("import", "text.txt", "--archive", "new.db"),
    ("appraise", "number", "--fonds", "C·1", "--year", "2024"),
    ("appraise", "import", "text.txt"),
    ("check", "--against", "abc"),
    ("status", "--max-age", "soon"),
    ("seal", "prove", "999", "--out", "x.html"),
    ("seal", "attach", "text.txt"),
    ("seal", "tell"),
    ("parse", "nowhere.html"),
    ("probe", "somewhere"),
    ("probe", "http://127.0.0.1:9/"),
    ("serve", "--host", "a b"),
    ("status", "--archive", "text.txt"),
)


@pytest.fixture(scope="module")
def room(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, its evidence and a file that is none."""
    folder = tmp_path_factory.mktemp("language")
    shutil.copy(demo_archive, folder / "demo.db")
    shutil.copytree(demo_archive.with_suffix(".warc"), folder / "demo.warc")
    (folder / "text.txt").write_text("no archive\n" * 200, encoding="utf-8")
    return folder


@pytest.mark.parametrize("arguments", ERRORS, ids=" ".join)
def test_errors_are_of_one_language(
    arguments: tuple[str, ...], room: Path, zhijiang: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(room)
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(room / "demo.db"))
    for name in ("ZHIJIANG_WEBHOOK", "ZHIJIANG_HOOK"):
        monkeypatch.delenv(name, raising=False)
    in_chinese = zhijiang("--lang", "zh", *arguments)
    assert in_chinese.returncode != 0
    assert chinese_in(in_chinese.stdout + in_chinese.stderr), "nothing was said"
    assert english_in(in_chinese.stdout + in_chinese.stderr) == []
    in_english = zhijiang("--lang", "en", *arguments)
    assert in_english.returncode == in_chinese.returncode
    given = "".join(arguments) + "县域要闻基层瞭望文旅云汀便民服务全宗号编号旧版有"
    assert [words for words in chinese_in(in_english.stderr) if words not in given] == []


RUNS = (
    ("status",),
    ("check",),
    ("seal",),
    ("explain", "5"),
    ("reparse",),
    ("search", "柑橘", "--facets"),
    ("search", "柑橘", "--archive", "demo.db", "--archive", "demo.db"),
    ("export", "xlsx", "--out", "{new}.xlsx"),
    ("export", "credits", "--out", "{new}.csv"),
    ("export", "bag", "--out", "{new}"),
    ("export", "da", "--out", "{new}"),
    ("export", "csv", "--raw", "--out", "{new}"),
    ("snapshot", "--out", "{new}.db", "--evidence"),
    ("appraise", "export", "--out", "{new}.csv"),
    ("appraise", "number", "--fonds", "C015", "--year", "2024"),
    ("transfer", "{new}"),
)


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
def test_runs_are_of_one_language(
    arguments: tuple[str, ...], room: Path, zhijiang: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(room)
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(room / "demo.db"))
    done = zhijiang("--lang", "zh", *(one.format(new=tmp_path / "new") for one in arguments))
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert chinese_in(said)
    assert english_in(said) == []


HALF_ENGLISH = (
    (("export", "csv", "--out", "demo.db", "--force"), "demo.db 就是档案本身；请换一个名字"),
    (("seal", "request", "--out", "demo.db-wal", "--force"), "demo.db-wal 是档案的预写日志；"),
    (("status", "--archive", "."), "（环境变量：'ZHIJIANG_ARCHIVE'）"),
    (("appraise", "import", "wrong.csv"), "开放标识 '随便': 请从这些里写一个：开放、控制、延期开放、未审核"),
    (("crawl", "--site", "bad.toml"), "bad.toml：不是有效的 TOML（原文：Invalid value"),
    (("import", "bad", "--archive", "new.db"), "读不懂（原文：Expecting property name"),
    (("seal", "attach", "text.txt"), "不是时间戳机构的回答（原文："),
    (("explain", "5"), "依据：面包屑"),
    (("explain", "5"), "规则 姓名后带标签"),
    (("explain", "5"), "发布时间："),
    (("status",), "到底       链接       文字（下一页）"),
)


@pytest.mark.parametrize(("arguments", "wanted"), HALF_ENGLISH, ids=str)
def test_what_was_half_english_is_chinese(
    arguments: tuple[str, ...], wanted: str, room: Path, zhijiang: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(room)
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(room / "demo.db"))
    monkeypatch.setenv("COLUMNS", "200")
    (room / "wrong.csv").write_text("编号,开放标识\n5,随便\n", encoding="utf-8")
    (room / "bad.toml").write_text("name = = 1\n", encoding="utf-8")
    (room / "bad").mkdir(exist_ok=True)
    (room / "bad/datapackage.json").write_text("{x", encoding="utf-8")
    done = zhijiang("--lang", "zh", *arguments)
    assert wanted in done.stdout + done.stderr


def test_the_report_tells_findings_in_chinese_whatever_the_run_speaks(
    room: Path, zhijiang: Run, tmp_path: Path
) -> None:
    altered = tmp_path / "altered.db"
    shutil.copy(room / "demo.db", altered)
    shutil.copytree(room / "demo.warc", tmp_path / "altered.warc")
    with closing(sqlite3.connect(altered)) as stored:
        stored.execute("UPDATE credit SET name = '假人' WHERE article_id = 5 AND seq = 5")
        stored.commit()
    for tongue in ("en", "zh"):
        report = tmp_path / f"{tongue}.html"
        done = zhijiang("--lang", tongue, "check", "--archive", altered, "--report", report)
        assert done.returncode == 1, done.stderr
        page = report.read_text("utf-8")
        assert "文章 5：署名 5 的 name（三审 假人；原来是“" in page
        assert 'lang="en"' not in page
        assert tongue == "en" or "错误  封签：文章 5：署名 5 的 name（" in done.stdout


def test_a_mail_of_cron_is_chinese_and_the_record_english(yunting: Crawled, tmp_path: Path) -> None:
    yunting.build(Section("101", "县域要闻", samples(7)), Section("102", "基层瞭望", samples(2, start=50)))
    yunting.site.pages[next(address for address in yunting.site.pages if "newsid=3" in address)] = Reply(
        b"", 500
    )
    done = yunting.run("--lang", "zh", *yunting.arguments())
    assert done.returncode == 1, done.stdout + done.stderr
    assert "不完整：" in done.stderr
    assert "1 篇文章没有取到或读不出" in done.stderr
    assert english_in(done.stderr) == []
    told_later = yunting.run("--lang", "zh", "status", "--archive", yunting.archive)
    assert "最近一次采集：1 篇文章没有取到或读不出" in told_later.stdout
    assert english_in(told_later.stdout) == []
    with closing(sqlite3.connect(yunting.archive)) as stored:
        (reason,) = stored.execute("SELECT reason FROM crawl").fetchone()
    assert reason.startswith("1 article could not be fetched or read: http://")
    found = json.loads(yunting.run("--lang", "zh", "status", "--json", "--archive", yunting.archive).stdout)
    assert found["troubles"][0].startswith("Last crawl: 1 article could not be fetched")


# --- nothing is said past the catalogue ------------------------------------------------------------------

SAYS = {"echo", "print", "UsageError", "ClickException", "BadParameter", "ArchiveError", "add_task"}


def unwrapped(tree: ast.AST) -> Iterator[str]:
    """Yield words that are given to a person as they stand in the source."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SAYS:
            continue
        first = node.args[0]
        texts = first.values if isinstance(first, ast.JoinedStr) else [first]
        for text in texts:
            said = (
                re.sub(r"--?[a-z]+", "", str(text.value)) if isinstance(text, ast.Constant) else ""
            )  # options
            if re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", said):
                yield f"{node.lineno}: {ast.unparse(first)}"


@pytest.mark.parametrize(
    "path",
    [
        path
        for room in ("archive/cli", "zhijiang_spider/cli")
        for path in sorted((catalogue.ROOT / room).glob("*.py"))
    ],
    ids=lambda path: str(path.relative_to(catalogue.ROOT)),
)
def test_a_command_says_nothing_past_the_catalogue(path: Path) -> None:
    left = [said for said in unwrapped(ast.parse(path.read_text("utf-8"))) if "sqlite3 " not in said]
    assert left == [], "wrap it in _() or ngettext(), see CONTRIBUTING.md"


def test_words_past_the_catalogue_are_seen() -> None:
    assert [*unwrapped(ast.parse('click.echo(f"{path}: written")\nclick.echo(_("all is well"))'))] == [
        "1: f'{path}: written'"
    ]


def test_a_new_sentence_inside_is_a_message(tmp_path: Path) -> None:
    source = 'raise ArchiveError(f"{path}: is gone with {count} page{plural(count)}; look for it")\nx = "SELECT a FROM b"'
    (tmp_path / "new.py").write_text(source, encoding="utf-8")
    assert [*catalogue.sentences(tmp_path / "new.py")] == [
        "{path}: is gone with {count} page{|s}; look for it"
    ]
