"""Why a request brought no page, in one line an operator understands."""

import re

from scrapy import exceptions
from scrapy.spidermiddlewares.httperror import HttpError

_WORDS = {
    exceptions.DownloadTimeoutError: "timeout",
    exceptions.CannotResolveHostError: "host name not found",
    exceptions.DownloadConnectionRefusedError: "connection refused",
    exceptions.DownloadCancelledError: "larger than the download limit",
    exceptions.ResponseDataLossError: "connection broken before the end of the page",
}

_SCRAPYS = "Ignoring non-200 response"
"""What Scrapy says of every status."""
_CERTIFICATES = {
    "service_identity.exceptions.": "it is of another host",
    "certificate verify failed": "expired, not yet valid, or of an unknown issuer",
}
"""Words in what the TLS libraries say → what is wrong with a certificate.  Which of the three it is OpenSSL does not say."""


def reason_of(error: BaseException | None) -> str:
    """Return the reason: ``HTTP 404``, ``timeout``, ``Forbidden by robots.txt``, or the error's own words."""
    if isinstance(error, HttpError):
        said = f": {error}" if error.response.status < 400 and str(error) != _SCRAPYS else ""
        return f"HTTP {error.response.status}{said}"
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    if isinstance(error, exceptions.DownloadFailedError):
        for words, what in _CERTIFICATES.items():
            if words in str(error):
                return f"the certificate does not hold ({what}); verify_certificates = false in the profile accepts it"
        inner = re.findall(r"twisted\.python\.failure\.Failure [\w.]+: ([^>]{1,200})>", str(error))
        return f"connection failed: {' '.join(inner) or error}"
    if isinstance(error, exceptions.IgnoreRequest):
        return str(error) or "refused"
    return " ".join(f"{type(error).__name__}: {error}".split())
