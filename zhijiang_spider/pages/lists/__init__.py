"""Reading list pages: entries, sections, the next page.

A list reader, here or in a plug-in, returns a ``ListReading``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
