"""Reading pages: ``Page`` → what it says.

``extract_article``, ``explain_article`` and ``extract_section_page`` read one; ``says_gone`` tells a page that only
says there is none; ``LayoutChanged`` is what they raise.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
