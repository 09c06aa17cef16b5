"""The archive: from an Article to a SQLite file that people can query."""

from archive.model.article import Article, Attachment, Credit, Image, Kind, Position, Role, RoleGroup
from archive.store.archive import Archive
from archive.store.articles import Saved
from archive.store.errors import ArchiveBusy, ArchiveError

__all__ = [
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "Article",
    "Attachment",
    "Credit",
    "Image",
    "Kind",
    "Position",
    "Role",
    "RoleGroup",
    "Saved",
]
