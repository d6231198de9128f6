"""What a page may do: a policy that allows our own files and the inline blocks of that very page, nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, request
from markupsafe import Markup

from atlas.settings import Settings

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
UNFRAMED: Final = "frame-ancestors 'none'"
STAY_ENCRYPTED: Final = "max-age=31536000"
"""For a year; not for other hosts below this one, which are not ours to speak for."""


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
            UNFRAMED,
        ]
    )


def with_images(given: str, address: str) -> str:
    """A policy that allows pictures from the origin of an address too; as it is where there is none.

    Examples
    --------
    >>> with_images("img-src 'self' data:", "https://tiles.example.org/{z}/{x}/{y}.png")
    "img-src 'self' data: https://tiles.example.org"
    """
    if not address:
        return given
    parts = urlsplit(address)
    own = "img-src 'self' data:"
    return given.replace(own, f"{own} {parts.scheme}://{parts.netloc}")


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
    settings: Settings = current_app.config["ATLAS_SETTINGS"]
    # a connection of our own is never encrypted: only a proxy that is believed can say that the reader's is
    if settings.is_https or request.is_secure:
        response.headers["Strict-Transport-Security"] = STAY_ENCRYPTED
    return response


def framed(response: Response, origins: str | None = None) -> Response:
    """Let pages of other sites frame an answer; all others may be framed by nobody.

    Parameters
    ----------
    response : Response
        What a view gives, its policy set or not.
    origins : str, optional
        Whose pages, divided by spaces; `*` for all. By the setting `ATLAS_EMBED_ORIGINS` if not given.

    Returns
    -------
    Response
        The same.
    """
    settings: Settings = current_app.config["ATLAS_SETTINGS"]
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.status_code != 304:
        given = response.headers.get("Content-Security-Policy", policy())
        allowed = f"frame-ancestors {origins or settings.embed_origins}"
        response.headers["Content-Security-Policy"] = given.replace(UNFRAMED, allowed)
    return response
