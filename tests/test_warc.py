"""WARC files: what was sent can be read back, whole, after whatever happened."""

import gzip
import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import Archive
from archive.digests import file_sha256
from archive.evidence.packed import MAX_CONTENT
from archive.evidence.warc_reader import WarcError, read_record
from archive.evidence.warc_writer import MAX_BYTES, Exchange, RevisitTarget, WarcWriter, close_leftovers
from archive.model.crawl import CaptureType
from archive.store.captures import begin_warc, read_capture, save_capture, save_capture_error
from archive.store.crawls import begin_crawl

PAGE = Exchange(
    url="http://www.yunting.example/content/show?newsid=1",
    captured_at="2024-11-02T01:00:00Z",
    method="GET",
    request_headers=(("User-Agent", "zhijiang/0 (test)"), ("Accept-Encoding", "gzip, deflate")),
    status=200,
    headers=(("Content-Type", "text/html; charset=gbk"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
    body="云汀县柑橘开园。".encode("gbk"),
)


def writer(folder: Path, max_bytes: int = MAX_BYTES, taken: Collection[str] = ()) -> WarcWriter:
    info = {"software": "test", "robots": "obey", "operator": ""}
    return WarcWriter(folder, "yunting", info, max_bytes=max_bytes, taken=taken)


def records(path: Path) -> list[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Date"), record.raw_stream.read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def test_an_exchange_is_a_response_and_a_request_behind_the_files_own_record(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    location = warc.write(PAGE)
    warc.close()
    (path,) = tmp_path.iterdir()
    assert path.name == location.file
    found = records(path)
    assert [kind for kind, _, _ in found] == ["warcinfo", "response", "request"]
    assert found[1][1:] == ("2024-11-02T01:00:00Z", PAGE.body)
    assert b"robots: obey" in found[0][2]
    text = path.read_bytes()
    assert text.startswith(b"\x1f\x8b")
    record = read_record(tmp_path, location.file, location.offset)
    assert (record.url, record.captured_at, record.status) == (PAGE.url, PAGE.captured_at, 200)
    assert record.payload == record.content == PAGE.body
    assert record.headers == PAGE.headers


@pytest.mark.parametrize(
    "found", [b"a b c d e\n\n", b"\x02\xff\x9d\n\x01"], ids=["as a record of ARC", "anything"]
)
def test_bytes_between_records_are_no_record(tmp_path: Path, found: bytes) -> None:
    (tmp_path / "a.warc.gz").write_bytes(found)
    with pytest.raises(WarcError, match="byte 0 cannot be read: there is no WARC record"):
        read_record(tmp_path, "a.warc.gz", 0)


def test_bytes_that_are_known_are_not_stored_again(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write(replace(PAGE, body=b"x" * 10_000))
    again = warc.write(
        replace(PAGE, body=b"x" * 10_000, captured_at="2024-11-03T01:00:00Z"),
        RevisitTarget(PAGE.url, PAGE.captured_at),
    )
    not_modified = warc.write(replace(PAGE, body=b"", status=304), RevisitTarget(PAGE.url, PAGE.captured_at))
    warc.close()
    (path,) = tmp_path.iterdir()
    with path.open("rb") as file:
        revisits = [record.rec_headers for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    assert [headers.get_header("WARC-Refers-To-Date") for headers in revisits] == [PAGE.captured_at] * 2
    profiles = [headers.get_header("WARC-Profile").rpartition("/")[2] for headers in revisits]
    assert profiles == ["identical-payload-digest", "server-not-modified"]
    assert read_record(tmp_path, again.file, again.offset).payload == b""
    assert read_record(tmp_path, not_modified.file, not_modified.offset).status == 304


def test_files_are_rolled_and_each_closed_one_has_its_digest(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=2_000)
    locations = [warc.write(replace(PAGE, body=bytes([n]) * 100)) for n in range(12)]
    assert [path.suffix for path in sorted(tmp_path.iterdir())].count(".open") == 1
    warc.close()
    assert len(warc.closed) == len({location.file for location in locations}) > 2
    for closed in warc.closed:
        path = tmp_path / closed.name
        assert (path.stat().st_size, file_sha256(path)) == (closed.bytes, closed.sha256)
    for n, location in enumerate(locations):
        assert read_record(tmp_path, location.file, location.offset).payload == bytes([n]) * 100


@pytest.mark.parametrize("cut", [1, 5, 60, 200, 10_000])
def test_a_file_that_a_killed_crawl_left_open_is_completed_without_its_broken_end(
    tmp_path: Path, cut: int
) -> None:
    warc = writer(tmp_path)
    kept = warc.write(PAGE)
    warc.sync()
    lost = warc.write(replace(PAGE, body=b"not finished" * 50))
    warc.abandon()
    (path,) = tmp_path.iterdir()
    end = max(path.stat().st_size - cut, lost.offset + 1)
    with path.open("r+b") as file:
        file.truncate(end)
    (closed,) = close_leftovers(tmp_path, [kept.file])
    assert closed.sha256 == file_sha256(tmp_path / closed.name)
    assert read_record(tmp_path, kept.file, kept.offset).payload == PAGE.body
    kinds = [kind for kind, _, _ in records(tmp_path / closed.name)]
    assert kinds[:3] == ["warcinfo", "response", "request"]
    assert close_leftovers(tmp_path, [kept.file]) == [closed]


def test_what_cannot_be_read_is_named_with_its_file_and_place(tmp_path: Path) -> None:
    with pytest.raises(WarcError, match=r"x\.warc\.gz: the file is missing"):
        read_record(tmp_path, "x.warc.gz", 0)
    warc = writer(tmp_path)
    location = warc.write(PAGE)
    warc.close()
    with pytest.raises(WarcError, match="no response record begins at byte 0"):
        read_record(tmp_path, location.file, 0)
    path = tmp_path / location.file
    path.write_bytes(path.read_bytes()[: location.offset + 40])
    with pytest.raises(WarcError, match=f"at byte {location.offset}|begins at byte {location.offset}"):
        read_record(tmp_path, location.file, location.offset)


@given(
    body=st.binary(max_size=2_000),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    status=st.integers(100, 599),
)
def test_any_answer_is_kept_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, value: str, status: int
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    warc = writer(folder)
    headers = (("X-Odd", value.strip()),)
    location = warc.write(replace(PAGE, body=body, status=status, headers=headers))
    warc.close()
    record = read_record(folder, location.file, location.offset)
    assert (record.payload, record.status) == (body, status)
    assert records(folder / location.file)[1][2] == body


def test_what_unpacks_to_too_much_is_kept_and_never_unpacked(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    bomb = gzip.compress(bytes(MAX_CONTENT + 1))
    fits = gzip.compress(bytes(MAX_CONTENT // 2)) + gzip.compress(bytes(MAX_CONTENT // 2))
    packed = replace(PAGE, headers=(("Content-Encoding", "gzip"),))
    locations = [warc.write(replace(packed, body=body)) for body in (bomb, fits)]
    warc.close()
    first, second = (read_record(tmp_path, location.file, location.offset) for location in locations)
    assert first.payload == bomb
    with pytest.raises(WarcError, match="unpacks to more than"):
        _ = first.content
    assert len(second.content) == MAX_CONTENT


def test_rows_refer_only_to_bytes_that_are_on_disk(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        archive.begin()
        first = save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="1")
        again = save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="1")
        archive.commit()
        (path,) = archive.warc_folder.iterdir()
        rows = archive.connection.execute(
            "SELECT capture_id, warc_offset + warc_length, payload_sha256, revisit_of FROM capture ORDER BY 1"
        ).fetchall()
        assert all(end <= path.stat().st_size for _, end, _, _ in rows)
        assert [row[2] for row in rows] == [hashlib.sha256(PAGE.body).hexdigest()] * 2
        assert [row[3] for row in rows] == [None, first]
        assert read_capture(archive, again).content == PAGE.body
        error = save_capture_error(
            archive,
            "http://x.example/",
            "2024-11-02T01:00:00Z",
            "timeout",
            crawl,
            capture_type=CaptureType.SECTION,
            site="yunting",
        )
        with pytest.raises(WarcError, match="no bytes were kept"):
            read_capture(archive, error)
        archive.connection.execute("UPDATE capture SET revisit_of = ? WHERE capture_id = ?", (again, first))
        with pytest.raises(WarcError, match=f"capture {again} repeats the bytes of one that repeats its own"):
            read_capture(archive, again)


def test_a_file_never_takes_the_name_of_one_that_is_lost(tmp_path: Path) -> None:
    stamp = datetime.now(UTC)
    seconds = (stamp + timedelta(seconds=after) for after in range(10))
    taken = {f"yunting-{second:%Y%m%d%H%M%S}-00001.warc.gz" for second in seconds}
    warc = writer(tmp_path, taken=taken)
    location = warc.write(PAGE)
    warc.close()
    assert location.file.endswith("-00002.warc.gz")
