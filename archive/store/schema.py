"""Which file is an archive, and which schema this program knows: asked on every opening, so it loads nothing."""

from functools import cache
from pathlib import Path

APPLICATION_ID = 0x5A4A4E57
"""``ZJNW`` in the file's header, so that ``file`` and we can tell an archive from any other database."""
STEPS = Path(__file__).parent / "sql"
"""The steps of the schema, one file each, in the order of their names; ``migrations`` applies them."""


@cache
def newest_schema() -> int:
    """Return the number of the newest schema, which a current archive has as its ``user_version``."""
    return sum(1 for _ in STEPS.glob("*.sql"))
