"""The archive: from an Article to a SQLite file that people can query."""

from archive.article import Article, Attachment, Credit, Image, Position, Role, RoleGroup

__all__ = ["Article", "Attachment", "Credit", "Image", "Position", "Role", "RoleGroup"]
