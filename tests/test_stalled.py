"""Readers who stop in the middle of asking or of reading hold up nobody else."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from waitress.wasyncore import close_all

from archive.room import RoomSettings, create_app, server
from tests.patience import PATIENCE, wait_until

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: "


@contextmanager
def running(app: Any, threads: int = server.THREADS) -> Iterator[Any]:
    """A server that answers, in a thread of its own, and is gone with all its connections at the end.

    Its own ``close()`` leaves connections open that it has not yet seen end: the thread that waits for them, and
    nobody beside it, closes them all, which ends its loop.
    """
    found = server.server_of(app, "127.0.0.1", 0, threads)
    thread = Thread(target=found.run, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.task_dispatcher.shutdown()
        found.trigger.pull_trigger(partial(close_all, found._map))
        thread.join(PATIENCE)


@pytest.fixture
def app(blank_archive: Path, tmp_path: Path) -> Flask:
    return create_app(RoomSettings(Path(shutil.copy(blank_archive, tmp_path))))


def connect(found: Any) -> socket.socket:
    return socket.create_connection(("127.0.0.1", found.effective_port), timeout=PATIENCE)


def is_answered(found: Any) -> bool:
    with urlopen(f"http://127.0.0.1:{found.effective_port}/", timeout=PATIENCE) as answer:
        return bool(answer.status == 200)


def test_half_open_connections_do_not_close_the_room(app: Flask) -> None:
    with running(app) as room, ExitStack() as stack:
        half = [stack.enter_context(connect(room)) for _ in range(150)]
        for one in half:
            one.sendall(HALF)
        assert is_answered(room)
        assert not any(is_closed(one, drops=False) for one in half)  # the answer did not wait for their end


@pytest.mark.parametrize("drops", [False, True], ids=["silent", "in drops"])
def test_a_request_that_does_not_come_to_its_end_is_given_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch, drops: bool
) -> None:
    monkeypatch.setattr(server, "STALL", 1)
    monkeypatch.setattr(server, "CONNECTIONS", 10)
    with running(app) as room, ExitStack() as stack:
        stalled = [stack.enter_context(connect(room)) for _ in range(12)]
        for one in stalled:
            one.sendall(HALF)
        wait_until(lambda: sum(is_closed(one, drops=drops) for one in stalled) == 12, "never given up")
        assert is_answered(room)


def is_closed(one: socket.socket, *, drops: bool) -> bool:
    try:
        if drops:
            one.sendall(b"y")
        one.settimeout(0.01)
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize("parts", [8, 200], ids=["that is made", "that a thread still makes"])
def test_an_answer_that_is_not_taken_is_given_up(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    monkeypatch.setattr(server, "STALL", 1)

    def large(_environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 1_000_000 for _ in range(parts))

    with running(large, threads=1) as found, ExitStack() as stack:
        for _ in range(2):  # the only thread is free for the second
            reader = stack.enter_context(connect(found))
            reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert reader.recv(15) == b"HTTP/1.1 200 OK"
        wait_until(lambda: not found.active_channels, "never given up")


def test_no_page_takes_a_body(app: Flask) -> None:
    with running(app) as room, connect(room) as one:
        one.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        assert b" 413 " in one.recv(100)
