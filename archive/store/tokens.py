"""Tokens of time-stamp authorities over the heads of seals: rows that are never changed."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from archive.model.event import EventType
from archive.store.archive import Archive


@dataclass(frozen=True, slots=True)
class Token:
    """What an authority answered about the head of a seal."""

    seal: int
    """The seal's number."""
    hash: str
    """The hash of the head's 64 characters: ``sha256``, ``sm3``."""
    stamped_at: str
    """UTC: when, as the token says."""
    answer: bytes
    """The answer as it came: a ``TimeStampResp`` (RFC 3161), or a token alone."""
    attached_at: str
    """UTC: when it was kept."""


def save_token(archive: Archive, token: Token) -> bool:
    """Keep a token; tell whether it was not kept before.  Raises ``ArchiveError``."""
    with archive.transaction() as execute:
        added = execute(
            "INSERT INTO seal_token (seal_number, hash, stamped_at, token, attached_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (seal_number, token) DO NOTHING",
            (
                token.seal,
                token.hash,
                token.stamped_at,
                base64.b64encode(token.answer).decode(),
                token.attached_at,
            ),
        )
        return added.rowcount > 0


def token_event(token: Token) -> dict[str, Any]:
    """Return what the event says of a token that was kept."""
    sha256 = hashlib.sha256(token.answer).hexdigest()
    return {"seal": token.seal, "hash": token.hash, "stamped_at": token.stamped_at, "sha256": sha256}


def read_token_events(archive: Archive) -> list[tuple[int, dict[str, Any]]]:
    """Return (number, detail) of the events that tell of tokens."""
    rows = archive.connection.execute(
        "SELECT event_id, detail FROM event WHERE type = ? ORDER BY event_id", (EventType.TIME_STAMP,)
    )
    return [(number, json.loads(detail)) for number, detail in rows]


def read_tokens(archive: Archive) -> list[Token]:
    """Return every token, by seal and in the order in which they were attached."""
    rows = archive.connection.execute(
        "SELECT seal_number, hash, stamped_at, token, attached_at FROM seal_token ORDER BY seal_number, token_id"
    )
    return [
        Token(seal, algorithm, stamped_at, base64.b64decode(token), attached_at)
        for seal, algorithm, stamped_at, token, attached_at in rows
    ]
