"""The archive: from an Article to a SQLite file that people can query.

``Archive`` is the file, ``Article`` what is kept in it; the names of this face are in ``__init__.pyi`` and are
loaded when they are used (PEP 562), as in every room that has one.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
