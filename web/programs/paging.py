"""Pages of a list: the addresses of the next and the previous one, in the answer and in its header."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Request

SAFE = ",:"


def address(request: Request, limit: int, offset: int) -> str:
    """Address of another page of what a request asks for, from the root of this server."""
    fields = {name: value for name, value in request.args.items() if name not in {"limit", "offset"}}
    query = urlencode({**fields, "limit": limit, "offset": offset}, safe=SAFE)
    return f"{request.root_path}{request.path}?{query}"


def pages(request: Request, limit: int, offset: int, total: int) -> dict[str, str | None]:
    """Addresses of the next and the previous page; None where there is none.

    Parameters
    ----------
    request : Request
        Asks for one page.
    limit, offset : int
        Rows on a page, and rows before it.
    total : int
        Rows on all pages.
    """
    # whoever is beyond the end is led back to the last page that has rows
    before = min(offset - limit, (total - 1) // limit * limit)
    has_before = offset > 0 and total > 0
    return {
        "next": address(request, limit, offset + limit) if offset + limit < total else None,
        "prev": address(request, limit, max(before, 0)) if has_before else None,
    }


def link_header(links: Mapping[str, str | None]) -> dict[str, str]:
    """The header that has the same.

    Examples
    --------
    >>> link_header({"next": "/a?offset=100", "prev": None})
    {'Link': '</a?offset=100>; rel="next"'}
    >>> link_header({"next": None, "prev": None})
    {}
    """
    written = ", ".join(f'<{there}>; rel="{rel}"' for rel, there in links.items() if there)
    return {"Link": written} if written else {}
