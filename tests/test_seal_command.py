"""`zhijiang seal`: the head told outside, time-stamps over it, and a page that a stranger checks without us."""

import ast
import csv
import hashlib
import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from archive import Archive
from archive.care.check import Finding, Scope, check
from archive.store.seals import read_seals
from archive.store.tokens import read_tokens
from archive.witness.page import script
from tests.authority import Authority, authority, needs_openssl
from tests.crawled import Crawled, samples
from tests.newssite import NewsSite, Reply, Section
from tests.patience import PATIENCE

__all__ = ["authority"]
Zhijiang = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def path(demo_archive: Path, tmp_path: Path) -> Path:
    """A crawled archive that may be written to."""
    copy = tmp_path / "demo.db"
    shutil.copy(demo_archive, copy)
    shutil.copytree(demo_archive.with_suffix(".warc"), copy.with_suffix(".warc"))
    return copy


def newest_head(path: Path) -> str:
    with Archive.read(path) as archive:
        return read_seals(archive)[-1].head


def seal_again(path: Path, zhijiang: Zhijiang) -> str:
    """Let something write, so that there is a later seal; return its head."""
    before = newest_head(path)
    out = path.with_name("articles.csv")  # an export is an event
    assert zhijiang("export", "csv", "--out", out, "--force", "--archive", path).returncode == 0
    after = newest_head(path)
    assert after != before
    return after


# --- the line ----------------------------------------------------------------------------------------------


def test_the_head_is_one_line_that_check_takes(path: Path, zhijiang: Zhijiang) -> None:
    told = zhijiang("seal", "--archive", path)
    head = newest_head(path)
    assert re.fullmatch(rf"封签 \d{{4}}-\d\d-\d\d \d+ 版 {head}\n", told.stdout)
    grouped = zhijiang("seal", "--archive", path, "--grouped").stdout
    assert grouped.split()[-8:] == re.findall(".{8}", head)
    found = json.loads(zhijiang("seal", "--archive", path, "--json").stdout)
    assert (found["head"], found["line"], found["tokens"]) == (head, told.stdout.strip(), [])
    assert zhijiang("check", "--archive", path, "--against", head).returncode == 0
    assert zhijiang("check", "--archive", path, "--against", grouped).returncode == 0


def test_what_is_not_sealed_yet_says_what_seals_it(tmp_path: Path, zhijiang: Zhijiang) -> None:
    Archive.open(tmp_path / "new.db").close()
    for arguments in ([], ["request", "--out", tmp_path / "head.tsq"]):
        said = zhijiang("seal", *arguments, "--archive", tmp_path / "new.db")
        assert said.returncode == 1
        assert "nothing is sealed yet; the next zhijiang crawl" in said.stderr
    assert not (tmp_path / "head.tsq").exists()


def test_an_archive_named_before_the_verb_is_not_passed_over(path: Path, zhijiang: Zhijiang) -> None:
    said = zhijiang("seal", "--archive", path, "prove", "1", "--out", path.with_name("page.html"))
    assert said.returncode == 2
    assert "write --archive behind seal prove" in said.stderr


# --- told to a group chat -----------------------------------------------------------------------------------


def test_a_group_chat_is_told_the_head(
    path: Path, zhijiang: Zhijiang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIJIANG_WEBHOOK", raising=False)
    monkeypatch.delenv("ZHIJIANG_HOOK", raising=False)
    unset = zhijiang("seal", "tell", "--archive", path)
    assert unset.returncode == 2
    assert "set ZHIJIANG_WEBHOOK or ZHIJIANG_HOOK" in unset.stderr
    with NewsSite() as office:
        office.otherwise = Reply(b'{"errcode": 0}')
        monkeypatch.setenv("ZHIJIANG_WEBHOOK", f"{office.base_url}/robot")
        said = zhijiang("seal", "tell", "--archive", path)
        assert said.returncode == 0, said.stderr
        (asked,) = office.asked
        office.otherwise = Reply(b'{"errcode": 310000, "errmsg": "sign not match"}')
        refused = zhijiang("seal", "tell", "--archive", path)
    news = json.loads(asked.body)
    line = zhijiang("seal", "--archive", path).stdout.strip()
    assert news["text"].splitlines() == ["【zhijiang】云汀网档案: the head of its seals", line]
    assert (news["state"], news["seal"], said.stdout.strip()) == ("seal", line, line)
    assert refused.returncode == 1
    assert "refused the message" in refused.stderr


def test_news_of_a_crawl_end_with_the_head_and_a_good_night_sends_none(
    yunting: Crawled, zhijiang: Zhijiang, monkeypatch: pytest.MonkeyPatch
) -> None:
    with NewsSite() as office:
        office.otherwise = Reply(b'{"errcode": 0}')
        monkeypatch.setenv("ZHIJIANG_WEBHOOK", f"{office.base_url}/robot")
        yunting.build(Section("101", "县域要闻", samples(2)), per_page=50)
        yunting.crawl()
        assert office.asked == []
        del yunting.site.pages["/content/list?catid=101"]
        yunting.crawl(status=1)
        (asked,) = office.asked
    line = zhijiang("seal", "--archive", yunting.archive).stdout.strip()
    assert json.loads(asked.body)["text"].splitlines()[-1] == line


# --- time-stamps --------------------------------------------------------------------------------------------


def attach(
    zhijiang: Zhijiang, path: Path, answer: Path, *more: str | Path
) -> subprocess.CompletedProcess[str]:
    return zhijiang("seal", "attach", answer, "--archive", path, *more)


def stamp(zhijiang: Zhijiang, path: Path, authority: Authority, algorithm: str = "sha256") -> Path:
    """Have the newest head stamped; return the authority's answer."""
    asked = path.with_name(f"{algorithm}.tsq")
    said = zhijiang("seal", "request", "--archive", path, "--out", asked, "--hash", algorithm, "--force")
    assert said.returncode == 0, said.stderr
    assert hashlib.new(algorithm, newest_head(path).encode()).hexdigest() in said.stdout
    return authority.answer(asked, path.with_name(f"{algorithm}.tsr"))


def findings(path: Path) -> list[Finding]:
    found = check(path, Scope(datetime.now(UTC)))
    return [finding for finding in found if finding.check == "time-stamps"]


@needs_openssl
@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_a_head_is_stamped_and_the_answer_kept_byte_by_byte(
    path: Path, zhijiang: Zhijiang, authority: Authority, tmp_path: Path, algorithm: str
) -> None:
    if algorithm not in hashlib.algorithms_available:
        pytest.skip(f"this OpenSSL has no {algorithm}")
    answer = stamp(zhijiang, path, authority, algorithm)
    head = newest_head(path)
    seal_again(path, zhijiang)  # an authority may take its time
    assert findings(path) == []
    said = attach(zhijiang, path, answer, "--ca", authority.root)
    assert said.returncode == 0, said.stderr
    assert head in said.stdout
    assert "signature verified" in said.stdout
    again = attach(zhijiang, path, answer)
    assert again.returncode == 0
    assert "was attached before" in again.stdout
    with Archive.read(path) as archive:
        (token,) = read_tokens(archive)
        assert {seal.number: seal.head for seal in read_seals(archive)}[token.seal] == head
    assert (token.hash, token.answer) == (algorithm, answer.read_bytes())
    (note,) = findings(path)
    assert note.level == "note"
    assert algorithm in note.what
    out = tmp_path / "tables"
    assert zhijiang("export", "csv", "--raw", "--out", out, "--archive", path).returncode == 0
    assert zhijiang("import", out, "--archive", tmp_path / "again.db").returncode == 0
    with Archive.read(tmp_path / "again.db") as archive:
        assert read_tokens(archive) == [token]
    with (out / "seal_token.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1


@needs_openssl
def test_an_answer_over_something_else_is_refused_and_named(
    path: Path, zhijiang: Zhijiang, authority: Authority, tmp_path: Path
) -> None:
    answer = stamp(zhijiang, path, authority)
    untrusted = attach(zhijiang, path, answer, "--ca", authority.folder / "stamping.pem")
    assert untrusted.returncode == 1
    assert "its signature does not hold under" in untrusted.stderr
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "yunting.db"
    assert zhijiang("demo", "--archive", other).returncode == 0
    wrong = attach(zhijiang, other, answer)
    assert wrong.returncode == 1
    assert hashlib.sha256(newest_head(path).encode()).hexdigest() in wrong.stderr  # which it is over
    assert newest_head(other) in wrong.stderr
    none = attach(zhijiang, path, tmp_path / "sha256.tsq")
    assert none.returncode == 1
    assert "is no answer of a time-stamp authority" in none.stderr
    (tmp_path / "large.tsr").write_bytes(bytes(2_000_000))
    assert "is no answer" in attach(zhijiang, path, tmp_path / "large.tsr").stderr
    for archive_path in (path, other):
        with Archive.read(archive_path) as archive:
            assert read_tokens(archive) == []


@needs_openssl
def test_a_token_is_never_changed_and_check_finds_one_that_was(
    path: Path, zhijiang: Zhijiang, authority: Authority
) -> None:
    assert attach(zhijiang, path, stamp(zhijiang, path, authority)).returncode == 0
    with closing(sqlite3.connect(path)) as connection:
        for sql in ("UPDATE seal_token SET hash = 'sm3'", "DELETE FROM seal_token"):
            with pytest.raises(sqlite3.IntegrityError, match="a token is never"):
                connection.execute(sql)
        connection.execute("DROP TRIGGER seal_token_no_update")
        connection.execute("UPDATE seal_token SET stamped_at = '2020-01-01T00:00:00Z'")
        connection.commit()
    *faults, _note = findings(path)
    assert {fault.level for fault in faults} == {"fault"}
    assert "2020-01-01T00:00:00Z" in faults[0].what
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER seal_token_no_delete")
        connection.execute("DELETE FROM seal_token")
        connection.commit()
    (fault,) = findings(path)
    assert "is not there as it was attached" in fault.what


@needs_openssl
def test_a_token_that_cannot_be_read_here_is_neither_right_nor_wrong(
    path: Path, zhijiang: Zhijiang, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert attach(zhijiang, path, stamp(zhijiang, path, authority)).returncode == 0
    monkeypatch.setenv("PATH", str(tmp_path))
    untold, _note = findings(path)
    assert (untold.level, "cannot be read on this machine" in untold.what) == ("open", True)


@needs_openssl
def test_no_page_is_written_over_by_its_program(path: Path, zhijiang: Zhijiang, tmp_path: Path) -> None:
    out = tmp_path / "s.html"
    done = zhijiang("seal", "prove", "1", "--archive", path, "--out", out, "--script", out)
    assert done.returncode == 2
    assert not out.exists()


# --- the page -----------------------------------------------------------------------------------------------


def prove(zhijiang: Zhijiang, path: Path, article: int, *more: str | Path) -> Path:
    out = path.with_name("存证单.html")
    said = zhijiang("seal", "prove", str(article), "--archive", path, "--out", out, "--force", *more)
    assert said.returncode == 0, said.stderr
    return out


def pre(page: str, name: str) -> str:
    """Return what a reader copies from a part of the page."""
    found = re.search(rf'<pre id="{name}">(.*?)</pre>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[1])


def stranger(folder: Path, page: str, *kept: str) -> subprocess.CompletedProcess[str]:
    """Run the page's own program on it, as somebody does who has nothing else: plain Python, a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "page.html").write_text(page, encoding="utf-8", newline="\n")
    (folder / "check.py").write_text(pre(page, "script"), encoding="utf-8", newline="\n")
    command = [sys.executable, "-I", "-S", "check.py", "page.html", *kept]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
    )


def test_a_stranger_makes_the_head_again_from_the_page_alone(
    path: Path, zhijiang: Zhijiang, tmp_path: Path
) -> None:
    first = newest_head(path)
    later = seal_again(path, zhijiang)
    with Archive.read(path) as archive:
        articles = archive.connection.execute(
            "SELECT article_id, version, title, credit_line FROM article ORDER BY article_id"
        ).fetchall()
    for article_id, version, title, credit_line in articles[:6]:
        for number in range(1, version + 1):
            for head in (first, later):
                out = prove(zhijiang, path, article_id, "--version", str(number), "--head", head)
                page = out.read_text("utf-8")
                done = stranger(tmp_path / "empty", page, head)
                assert done.returncode == 0, done.stdout + done.stderr
                assert done.stdout.count("对") - done.stdout.count("不对") >= 4
                assert head in done.stdout
                if number == version:
                    assert title in done.stdout
                    assert credit_line in done.stdout
        assert stranger(tmp_path / "empty", page, first).returncode == 1
        assert stranger(tmp_path / "empty", page, *re.findall(".{8}", later)).returncode == 0
    assert later in prove(zhijiang, path, articles[0][0]).read_text("utf-8")


@pytest.mark.parametrize("part", ["leaf", "path", "seal", "sealpath", "head", "text"])
def test_one_character_changed_on_the_page_is_said(
    path: Path, zhijiang: Zhijiang, tmp_path: Path, part: str
) -> None:
    seal_again(path, zhijiang)
    page = prove(zhijiang, path, 1, "--head", newest_head(path)).read_text("utf-8")
    start = page.index(f'<pre id="{part}">') + len(f'<pre id="{part}">')
    end = page.index("</pre>", start)
    for place in range(start, end, max((end - start) // 7, 1)):
        other = "1" if page[place] != "1" else "x"
        done = stranger(tmp_path / "empty", page[:place] + other + page[place + 1 :])
        assert done.returncode == 1, place
        assert "不对" in done.stdout
        assert done.stderr == ""


def test_the_program_is_short_plain_and_also_written_beside(path: Path, zhijiang: Zhijiang) -> None:
    beside = path.with_name("核对.py")
    page = prove(zhijiang, path, 1, "--script", beside).read_text("utf-8")
    assert beside.read_text("utf-8") == script() == pre(page, "script") + "\n"
    lines = script().splitlines()
    assert len(lines) <= 30
    widest = max(map(cell_len, lines))
    assert widest <= 72  # a column of the A4 page has 75, and whoever types the program off sees no break
    imported = [
        name.name
        for node in ast.walk(ast.parse(script()))
        if isinstance(node, ast.Import)
        for name in node.names
    ]
    assert set(imported) <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(script())))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_leaf_is_made_again_with_sha256sum(path: Path, zhijiang: Zhijiang) -> None:
    page = prove(zhijiang, path, 1).read_text("utf-8")
    shown = re.findall(r'<div class="command">(.*?)</div>', page, re.DOTALL)[-1]
    command = html.unescape(re.sub("<[^>]*>", "", shown))  # as it is copied
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    digest = hashlib.sha256(b"\0" + pre(page, "leaf").encode()).hexdigest()
    assert done.stdout.split()[0] == digest
    assert f"<code>{digest}</code>" in page


def test_the_page_tells_what_it_is_about_and_what_it_does_not_prove(path: Path, zhijiang: Zhijiang) -> None:
    with closing(sqlite3.connect(path)) as connection:
        article_id, title, url, reporter, third = connection.execute(
            "SELECT 编号, 题名, 网址, 记者, 三审 FROM 文章 WHERE 记者 <> '' AND 三审 <> '' LIMIT 1"
        ).fetchone()
    page = prove(zhijiang, path, article_id, "--told", "2026-11-28 <工作群>").read_text("utf-8")
    for words in (
        title,
        html.escape(url),
        reporter.split("、")[0],
        third,
        "（北京时间）",
        "（UTC）",
        "2026-11-28 &lt;工作群&gt;",
    ):
        assert words in page
    assert "这份存证单不能证明什么" in page
    assert "不能证明网站确实发过这样的网页" in page
    for outside in ("<script", "src=", "@import", "<link", "url("):
        assert outside not in page
    again = prove(zhijiang, path, article_id, "--told", "2026-11-28 <工作群>").read_text("utf-8")
    assert page == again


@needs_openssl
def test_the_page_leads_to_the_head_that_is_stamped_and_holds_the_answer(
    path: Path, zhijiang: Zhijiang, authority: Authority, tmp_path: Path
) -> None:
    head = newest_head(path)
    answer = stamp(zhijiang, path, authority)
    assert attach(zhijiang, path, answer).returncode == 0
    seal_again(path, zhijiang)
    page = prove(zhijiang, path, 1).read_text("utf-8")
    assert pre(page, "head") == head
    assert "时间戳（SHA-256）" in page
    kept = tmp_path / "kept.tsr"
    done = subprocess.run(
        ["base64", "-d"], input=pre(page, "token1").encode(), capture_output=True, check=True
    )
    kept.write_bytes(done.stdout)
    data = tmp_path / "head.txt"
    data.write_text(pre(page, "head"))
    assert kept.read_bytes() == answer.read_bytes()
    assert authority.verifies(kept, data)


def test_a_page_that_cannot_be_is_refused_with_its_reason(path: Path, zhijiang: Zhijiang) -> None:
    out = path.with_name("page.html")

    def refused(status: int, words: str, *arguments: str) -> None:
        said = zhijiang("seal", "prove", *arguments, "--archive", path, "--out", out)
        assert said.returncode == status, said.stderr
        assert words in said.stderr
        assert not out.exists()

    refused(1, "no such article", "987654")
    refused(2, "--version 99: the article has", "1", "--version", "99")
    refused(2, "holds no single head", "1", "--head", "abc")
    refused(1, "is no head of this archive", "1", "--head", "0" * 64)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT OR REPLACE INTO appraisal (article_id, open_flag) VALUES (1, '控制')")
        connection.commit()
    refused(1, "restricted", "1")
    assert zhijiang("seal", "prove", "1", "--all", "--archive", path, "--out", out).returncode == 0
    taken = zhijiang("seal", "prove", "2", "--archive", path, "--out", out)
    assert taken.returncode == 2
    assert "is there already" in taken.stderr


def test_a_version_changed_by_hand_is_not_proved(path: Path, zhijiang: Zhijiang) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE article_version SET content_sha256 = ? WHERE article_id = 1", ("0" * 64,))
        connection.commit()
    said = zhijiang("seal", "prove", "1", "--archive", path, "--out", path.with_name("page.html"))
    assert said.returncode == 1
    assert "is not what its seal says" in said.stderr
