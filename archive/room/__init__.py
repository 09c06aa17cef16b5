"""The reading room: the archive as people want to read it, in a browser, read-only."""

from archive.room.app import RoomSettings, create_app

__all__ = ["RoomSettings", "create_app"]
