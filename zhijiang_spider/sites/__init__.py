"""Site profiles: data that says what is where on one site.

``load_site`` reads one by its name or file, ``parse_site`` from data; both give a ``Site`` or raise ``SiteError``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
