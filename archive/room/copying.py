"""The one script of the reading room: a button that copies a citation.

Pages read the same without it: the button is hidden until the script runs, and the citation is text to select.  The
security policy of these pages allows this script by its digest and no other; all other pages allow none.
"""

import base64
import hashlib
from pathlib import Path

from flask import Response
from markupsafe import Markup

POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""What a page may load and do: Content-Security-Policy."""
COPY_SCRIPT = Markup(Path(__file__).with_name("templates").joinpath("copy.js").read_text(encoding="utf-8"))
_DIGEST = base64.b64encode(hashlib.sha256(COPY_SCRIPT.encode()).digest()).decode()


def with_copy_button(page: str) -> Response:
    """Return a page that may run the script."""
    policy = f"{POLICY}; script-src 'sha256-{_DIGEST}'"
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": policy})
