"""A request as WSGI has it, and the application's answer to it, whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from io import SEEK_END
from typing import Any, BinaryIO, Final, Protocol, TypeAlias

from web.front import Answer

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

REQUEST_ID: Final = "atlas.request_id"
_PLAIN: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Headers(Protocol):
    """Headers of a request, as granian gives them."""

    def items(self) -> list[tuple[str, str]]:
        """Pairs of name, in lower case, and value."""


class Scope(Protocol):
    """What was asked, as granian gives it."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Headers:
        """Names in lower case."""


def environ_of(scope: Scope, headers: Iterable[tuple[str, str]], body: BinaryIO, request_id: str) -> dict[str, Any]:
    """What a WSGI application is called with.

    Parameters
    ----------
    scope : Scope
        What was asked.
    headers : iterable of (str, str)
        Its headers, names in lower case; several of one name are joined.
    body : file
        The whole of what was sent, from its beginning.
    request_id : str
        What the log calls this request.
    """
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI wants the bytes of the path, each as one character
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        REQUEST_ID: request_id,
    }
    for name, value in headers:
        # a name with an underscore would pass for another with a hyphen
        if "_" not in name:
            key = _PLAIN.get(name) or "HTTP_" + name.upper().replace("-", "_")
            between = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    # what came in chunks has a length now, and is bounded by it like everything else
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        environ["CONTENT_LENGTH"] = str(body.seek(0, SEEK_END))
        body.seek(0)
    return environ


def call(application: Application, environ: dict[str, Any]) -> Answer:
    """Have an application answer.

    Examples
    --------
    >>> from flask import Flask
    >>> from werkzeug.test import EnvironBuilder
    >>> call(Flask("example"), EnvironBuilder("/nothing").get_environ()).status
    404
    """
    begun: list[tuple[int, tuple[tuple[str, str], ...]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], None]:
        begun[:] = [(int(status[:3]), tuple(headers))]
        return written.append

    parts = application(environ, start)
    try:
        # the body of one part is that very part, and is not copied
        body = b"".join([*written, *parts])
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Answer(*begun[0], body)
