"""The reading room: the archive as people want to read it, in a browser, read-only.

``create_app`` makes its Flask application from ``RoomSettings``; ``opened`` serves it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
