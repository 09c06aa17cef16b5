"""The reading room: the archive as people want to read it, in a browser, read-only."""

from archive.room.app import Room, create_app

__all__ = ["Room", "create_app"]
