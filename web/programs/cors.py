"""Who may read answers from other sites' pages: everybody, where everybody may read them at all."""

from __future__ import annotations

from typing import Final

from flask import Response, request

OPEN: Final = ("/api", "/ogc")
GUARDED: Final = "/api/v1/estate/imports"
"""What is shown to whoever has the token; no other site's page is let in."""

MISDIRECTED: Final = 405
"""Said of a method that an address does not take: no other site can send it, but its author may read why."""
METHODS: Final = "GET, HEAD, OPTIONS"
HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, X-Total-Count, Content-Disposition, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def is_open(path: str, method: str) -> bool:
    """Whether an answer may be read by other sites' pages.

    Examples
    --------
    >>> is_open("/api/v1/areas", "GET"), is_open("/api/v1/estate/imports/1", "GET"), is_open("/estate", "GET")
    (True, False, False)
    """
    inside = any(path == root or path.startswith(f"{root}/") for root in OPEN)
    return inside and method in METHODS.split(", ") and not path.startswith(GUARDED)


def allow(response: Response) -> Response:
    """Say so on an answer to the request at work."""
    is_refused = response.status_code == MISDIRECTED and is_open(request.path, "GET")
    if is_refused or is_open(request.path, request.method):
        response.headers.update(HEADERS)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response
