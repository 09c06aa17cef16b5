"""XML that programs fetch again and again: absolute addresses, and nothing sent twice."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Response, render_template, request

from archive.characters import storable


def xml_response(template: str, mimetype: str, **context: Any) -> Response:
    """Return a template as an XML document; who has it already is told so (RFC 9110, ``If-None-Match``).

    The template gets ``base``: what stands before a path in an absolute address, as the reader reached us.
    """
    text = render_template(template, base=request.root_url.rstrip("/"), **context)
    response = Response(storable(text), mimetype=mimetype)
    response.add_etag()  # readers ask every hour
    response.make_conditional(request)
    return response


def urn(name: str) -> str:
    """Return an id that depends on what it names only, not on where it is read (RFC 9562, version 5)."""
    return uuid5(NAMESPACE_URL, f"zhijiang:{name}").urn
