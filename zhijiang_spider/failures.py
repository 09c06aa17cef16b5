"""Why a request brought no page, in one line an operator understands."""

from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError


def reason_of(error: BaseException | None) -> str:
    """Return the reason: ``HTTP 404``, ``timeout``, ``Forbidden by robots.txt``, or the error's own words."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    if isinstance(error, IgnoreRequest):
        return str(error) or "refused"
    return " ".join(f"{type(error).__name__}: {error}".split())
