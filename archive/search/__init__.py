"""How Chinese is searched in stock SQLite.

``parse_query`` reads what people type (``QueryError``); ``search``, ``count``, ``facets`` and ``matching`` answer it;
``time_limit`` stops them (``SlowQueryError``).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
