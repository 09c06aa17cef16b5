"""The words are data: each stands once, in its group, and a new one is one line."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from archive.model.article import Role
from zhijiang_spider.credits import extract_credits
from zhijiang_spider.vocabulary import alternation, any_of, read_subject, simplified, spellings, words
from zhijiang_spider.vocabulary.make_traditional import table
from zhijiang_spider.vocabulary.roles import ROLES

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "zhijiang_spider" / "vocabulary"
SUBJECTS = sorted(path.stem for path in FOLDER.glob("*.toml"))
GROUPS = [f"{subject}.{group}" for subject in SUBJECTS for group in read_subject(subject)]
TABLES = {subject: tomllib.loads((FOLDER / f"{subject}.toml").read_text("utf-8")) for subject in SUBJECTS}
WORD = re.compile("[\u3400-\u9fff]{2,}")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_says_where_its_words_stand_and_has_each_once(group: str) -> None:
    subject, _, name = group.partition(".")
    found = TABLES[subject][name]
    assert found.keys() == {"seen", "words"}
    assert len(found["seen"]) > 5
    assert found["words"]
    assert len(set(found["words"])) == len(found["words"])


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "names.surnames"])  # 於 is one
def test_words_are_simplified(group: str) -> None:
    assert [word for word in words(group) if word.translate(simplified()) != word] == []


def test_every_group_is_read() -> None:
    """A group that no module asks for is knowledge that does nothing."""
    asked = {text for path in modules() for text in literals(path)}
    roles = {f"{subject}.{role.name}" for subject in ("roles", "english") for role in Role}
    unread = [
        group for group in GROUPS if not {group, group.partition(".")[2]} & asked and group not in roles
    ]
    assert unread == []


def test_traditional_forms_are_what_opencc_knows() -> None:
    """If this fails with a new release of OpenCC: python -m zhijiang_spider.vocabulary.make_traditional."""
    pytest.importorskip("opencc")
    assert (FOLDER / "traditional.txt").read_text(encoding="utf-8") == table()


def test_the_longest_word_is_matched_first_in_either_spelling() -> None:
    pattern = re.compile(alternation(["发布", "发布时间", "时间", "C++", "里"]))
    assert pattern.findall("發佈時間 发布 时间 C++ 裡裏里") == [
        "發佈時間",
        "发布",
        "时间",
        "C++",
        "裡",
        "裏",
        "里",
    ]
    plain = re.compile(alternation(["发布", "发布时间"], traditional=False))
    assert plain.findall("發佈 发布时间") == ["发布时间"]
    padded = re.compile(alternation(["记者", "记"], between=" {0,2}"))
    assert padded.findall("记  者 记 记   者") == ["记  者", "记", "记"]
    assert re.fullmatch(alternation(["本报", "本网"]) + "?记者", "记者"), "an alternation is one group"
    with pytest.raises(ValueError, match="no words"):
        alternation([])


def test_whole_texts_are_compared_in_either_spelling() -> None:
    assert {"下一页", "下一頁", "后页", "後頁", "next"} <= spellings("pagers.next")
    assert re.fullmatch(any_of("pagers.previous", "pagers.next"), "上一頁")
    with pytest.raises(KeyError):
        words("pagers.sideways")


@pytest.mark.parametrize("label", sorted(ROLES))
def test_every_label_is_read_in_its_traditional_form(label: str) -> None:
    traditional = next(form for form in sorted(spelt(label), reverse=True))
    (credit,) = extract_credits(["果園裡掛滿金黃的果實。", f"{traditional}：孫明遠"]).credits
    assert (credit.label, credit.role, credit.name) == (traditional, ROLES[label], "孫明遠")


def spelt(label: str) -> set[str]:
    group = ROLES[label].name
    if group not in read_subject("roles"):  # a role without other labels than its own term
        return {label}
    return {form for form in spellings(f"roles.{group}") if form.translate(simplified()) == label}


ASK = """
from zhijiang_spider.credits import extract_credits
from zhijiang_spider.pages import Page, extract_section_page
from zhijiang_spider.sites.site import parse_site

for credit in extract_credits(["果园里挂满金黄的果实。", "主播 孙明远 手语 李小可"]).credits:
    print(credit.label, credit.role, credit.name)
site = {"name": "yunting", "hosts": ["yunting.example"], "start_urls": ["http://yunting.example/"]}
site = parse_site(site | {"article_url": r"/(?P<id>\\d+)\\.html"}, "yunting.toml")
page = '<a href="/1.html">果园丰收</a> <a href="/list?x=b">往后翻</a>'
print(extract_section_page(Page("http://yunting.example/list?x=a", page.encode()), site).next_url)
"""


def test_a_word_is_added_by_adding_its_line(tmp_path: Path) -> None:
    """A label of credits and a word of pagers, each one line of data, are read by a program started anew."""
    package = tmp_path / "zhijiang_spider"
    shutil.copytree(ROOT / "zhijiang_spider", package, ignore=shutil.ignore_patterns("__pycache__"))
    assert ask(tmp_path) == ["主播 出镜 孙明远", "主播 出镜 手语", "主播 出镜 李小可", "None"]
    add(package / "vocabulary" / "roles.toml", "PRESENTER", "手语")
    add(package / "vocabulary" / "pagers.toml", "next", "往后翻")
    assert ask(tmp_path) == ["主播 出镜 孙明远", "手语 出镜 李小可", "http://yunting.example/list?x=b"]


def test_a_role_is_added_by_adding_its_line(tmp_path: Path) -> None:
    for name in ("zhijiang_spider", "archive"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    model = tmp_path / "archive" / "model" / "article.py"
    before, line, behind = model.read_text(encoding="utf-8").partition('    VOICE = "配音"')
    role = '    SIGN_LANGUAGE = "手语", RoleGroup.CREATE, "sign language interpreter"\n'
    model.write_text(before + role + line + behind, encoding="utf-8")
    assert ask(tmp_path)[1] == "手语 手语 李小可"


def add(path: Path, group: str, word: str) -> None:
    before, heading, behind = path.read_text(encoding="utf-8").partition(f"[{group}]\n")
    opening, bracket, rest = behind.partition("words = [\n")
    path.write_text(f'{before}{heading}{opening}{bracket}    "{word}",\n{rest}', encoding="utf-8")


def ask(folder: Path) -> list[str]:
    paths = [str(folder), str(ROOT)]
    program = f"import sys; sys.path[:0] = {paths!r}\n{ASK}"
    command = [sys.executable, "-X", "utf8", "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()


def test_no_word_stands_in_two_modules() -> None:
    """What two modules know belongs to the vocabulary."""
    holders = defaultdict(set)
    for path in modules():
        for text in literals(path):
            for word in WORD.findall(re.sub(r"\[[^\]]*\]", "|", text)):  # a class of characters is no word
                holders[word].add(path.relative_to(ROOT).as_posix())
    assert {word: sorted(paths) for word, paths in holders.items() if len(paths) > 1} == {}


def modules() -> list[Path]:
    package = ROOT / "zhijiang_spider"
    paths = (path for path in package.rglob("*.py") if path.parent != FOLDER or path.name == "roles.py")
    return [path for path in sorted(paths) if path.relative_to(package).parts[0] not in ("demo", "cli")]


@cache
def literals(path: Path) -> list[str]:
    """Return the texts of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]
