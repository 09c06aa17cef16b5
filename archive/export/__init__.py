"""Exports: one module a format, each a small writer over the same stream of articles.

``known_formats()`` names them; ``read_articles(path, Selection(…))`` gives the stream that they write.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
