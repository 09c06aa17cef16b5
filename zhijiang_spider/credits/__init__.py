"""Credit lines: who wrote, photographed, edited and reviewed.

``extract_credits`` reads the lines of an article; it gives a ``CreditBlock``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
