"""An application below a path of its public address, such as https://example.org/atlas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from web.wsgi import Application


def path_of(public_url: str | None) -> str:
    """The path of a public address, without a slash at its end; empty where the host is all of it.

    Examples
    --------
    >>> path_of("https://example.org/atlas/"), path_of("https://example.org"), path_of(None)
    ('/atlas', '', '')
    """
    return urlsplit(public_url or "").path.rstrip("/")


def origin_of(public_url: str | None, host_url: str) -> str:
    """Scheme and host of the address that readers know, which links are put after.

    Examples
    --------
    >>> origin_of("https://example.org/atlas", "http://10.0.0.1/"), origin_of(None, "http://10.0.0.1/")
    ('https://example.org', 'http://10.0.0.1')
    """
    parts = urlsplit(public_url or host_url)
    return f"{parts.scheme}://{parts.netloc}"


def within(below: str, path: str) -> str:
    """A path as the application knows it, whether the proxy in front took off what it lies below or not.

    Examples
    --------
    >>> within("/atlas", "/atlas/gaps"), within("/atlas", "/atlas"), within("/atlas", "/gaps"), within("", "/gaps")
    ('/gaps', '/', '/gaps', '/gaps')
    """
    is_below = below != "" and (path == below or path.startswith(f"{below}/"))
    return (path[len(below) :] or "/") if is_below else path


class Below:
    """Has an application's links lead below a path.

    Parameters
    ----------
    application : callable
        By WSGI.
    below : str
        The path, as `path_of` gives it.
    """

    def __init__(self, application: Application, below: str) -> None:
        self._application = application
        self._below = below

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        here = {"SCRIPT_NAME": self._below, "PATH_INFO": within(self._below, environ["PATH_INFO"])}
        return self._application({**environ, **here}, start_response)
