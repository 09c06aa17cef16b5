"""Exports: one module a format, each a small writer over the same stream of articles.

``known_formats()`` names them; ``read_articles(path, Selection(…))`` gives the stream that they write.
"""

from archive.export.formats import known_formats
from archive.export.selection import ArticleStream, ExtraMissing, Selection, read_articles

__all__ = [
    "ArticleStream",
    "ExtraMissing",
    "Selection",
    "known_formats",
    "read_articles",
]
