"""A small sample news site of an invented county, and a server that shows it on this machine only.

``zhijiang demo`` crawls it; the tests do too.  The articles are data (``articles.toml``); ``site`` turns
them into pages, ``pictures`` into pictures, ``server`` answers requests for them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
