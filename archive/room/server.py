"""The reading room and the replay as running servers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from waitress.server import create_server

from archive.room.app import RoomSettings, create_app
from archive.room.replay import create_replay

PATIENCE = 10.0
"""Seconds that a list or a search may lag behind a crawl that is writing."""
THREADS = 8
"""Readers that are served at the same moment; others wait for their turn."""


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
    replay = create_server(_not_yet, host=host, port=replay_port, threads=THREADS // 2, ident="zhijiang")
    try:
        shown = f"[{host}]" if ":" in host else host
        server = create_server(
            create_app(RoomSettings(archive, replay.effective_port, names, PATIENCE, show_restricted)),
            host=host,
            port=port,
            threads=THREADS,
            ident="zhijiang",
        )
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


def _not_yet(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"opening\n"]
