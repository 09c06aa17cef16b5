"""The reading room and the replay as running servers."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import create_server

from archive.room.app import RoomSettings, create_app
from archive.room.replay import create_replay

PATIENCE = 10.0
"""Seconds that a list or a search may lag behind a crawl that is writing."""
THREADS = 8
"""Readers that are served at the same moment; others wait for their turn."""
CONNECTIONS = 400
"""Connections each server holds open; others wait.  Windows can watch 512 at a time, Linux opens 1,024 files."""
STALL = 15
"""Seconds after which a connection that does nothing, or a request that is not there as a whole, is given up."""
_LARGEST_REQUEST = 65_536
"""Bytes of a request's head, and of its body, which no page asks for."""


class _Channel(HTTPChannel):  # type: ignore[misc]  # the library has no types
    """A connection that is idle also while its request comes in drops, or while its answer is not taken.

    The library takes each byte that comes for activity, spares a connection whose answer is still being made, and
    closes one only when something can be sent on it.
    """

    last_activity: float

    def writable(self) -> bool:
        waits = self.total_outbufs_len > self.adj.outbuf_high_watermark  # a thread, for room in the buffer
        idle = waits and time.time() - self.last_activity > self.adj.channel_timeout
        if self.total_outbufs_len and (idle or self.will_close):
            self.handle_close()
            return False
        return bool(super().writable())

    def handle_read(self) -> None:
        begun = self.last_activity if self.request is not None else None
        super().handle_read()
        if begun is not None and self.request is not None:
            self.last_activity = begun


@dataclass(frozen=True, slots=True)
class Servers:
    """A reading room that answers."""

    room_url: str
    replay_url: str
    _servers: Sequence[Any]

    def run(self) -> None:
        """Serve until interrupted."""
        *others, room = self._servers
        for server in others:
            Thread(target=server.run, daemon=True).start()
        room.run()


@contextmanager
def opened(
    archive: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    replay_port: int = 0,
    hosts: Sequence[str] = (),
    show_restricted: bool = False,
) -> Iterator[Servers]:
    """Open the reading room and the replay; port 0: any that is free.  Raises ``OSError``.

    ``show_restricted``: not only title and date of restricted articles.
    """
    names = (host, *hosts)
    replay = server_of(_not_yet, host, replay_port, THREADS // 2)
    try:
        shown = f"[{host}]" if ":" in host else host
        app = create_app(RoomSettings(archive, replay.effective_port, names, PATIENCE, show_restricted))
        server = server_of(app, host, port, THREADS)
        try:
            replay.application = create_replay(
                RoomSettings(archive, hosts=names, show_restricted=show_restricted), server.effective_port
            )
            yield Servers(
                f"http://{shown}:{server.effective_port}/",
                f"http://{shown}:{replay.effective_port}/",
                (replay, server),
            )
        finally:
            server.close()
    finally:
        replay.close()


def server_of(app: Any, host: str, port: int, threads: int) -> Any:
    """Return a server in which readers who stop in the middle hold up nobody else.  Raises ``OSError``."""
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident="zhijiang",
        connection_limit=CONNECTIONS,
        channel_timeout=STALL,
        cleanup_interval=max(1, STALL // 5),
        max_request_header_size=_LARGEST_REQUEST,
        max_request_body_size=_LARGEST_REQUEST,
    )
    server.channel_class = _Channel
    return server


def _not_yet(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"opening\n"]
