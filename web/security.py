"""What a page may do: a policy that allows our own files and the inline blocks of that very page, nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from flask import Response
from markupsafe import Markup

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def digest(text: str) -> str:
    """An inline block's hash, as a policy names it.

    Examples
    --------
    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """A Content-Security-Policy that allows the inline blocks of these hashes.

    Examples
    --------
    >>> "unsafe" in policy()
    False
    """
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            " ".join(["style-src 'self'", *styles]),
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


@dataclass(slots=True)
class Inline:
    """Collects the inline blocks of one page as its template writes them."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def script(self, text: str) -> Markup:
        """Write an inline script; the caller vouches for its text."""
        self.scripts.append(digest(text))
        return Markup("<script>") + Markup(text) + Markup("</script>")  # noqa: S704 -- written by atlas.maps

    def style(self, text: str) -> Markup:
        """Write an inline style sheet; the caller vouches for its text."""
        self.styles.append(digest(text))
        return Markup("<style>") + Markup(text) + Markup("</style>")  # noqa: S704 -- written by atlas.maps

    def policy(self) -> str:
        """The policy that allows just these."""
        return policy(self.scripts, self.styles)


def secure(response: Response) -> Response:
    """Add what every answer carries; a 304 gets no policy, since the page it stands for keeps its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code != 304:
        response.headers.setdefault("Content-Security-Policy", policy())
    return response
