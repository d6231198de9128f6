"""Requests as the server hands them to the gateway, and answers as it takes them back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from web.bodies import Allowance, Bounds
from web.gateway import Gateway

BOUNDS = Bounds(1_000, "That is too long.", 60.0, {"/echo": Allowance(1_000, "That is too long.", is_large=True)})
OWN = {"server", "x-request-id"}
"""Headers that the gateway adds to every answer."""


@dataclass
class Sent:
    """Headers in order, as granian gives them."""

    pairs: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        """Pairs of name and value."""
        return self.pairs


@dataclass
class Asked:
    """One request; `pieces` may wait for what never comes."""

    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    headers: Sent = field(default_factory=lambda: Sent([]))
    http_version: str = "1.1"
    server: str = "127.0.0.1:8000"
    client: str = "192.0.2.1:1234"
    scheme: str = "http"


@dataclass
class Taken:
    """The body of a request, and the answer that came."""

    pieces: Iterable[bytes | asyncio.Event] = ()
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, in pieces."""
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                await piece.wait()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Take an answer without a body."""
        self.status, self.headers = status, headers

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Take one with a body."""
        self.status, self.headers, self.body = status, headers, body

    def header(self, name: str) -> str:
        """A header by its name; empty where it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def asked(address: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Asked:
    """A request for an address of ours."""
    path, _, query = address.partition("?")
    pairs = [("host", "localhost"), *((name.lower(), value) for name, value in (headers or {}).items())]
    return Asked(method, path, query, Sent(pairs))


async def ask(gateway: Gateway, request: Asked, *pieces: bytes | asyncio.Event) -> Taken:
    """Have a gateway answer."""
    taken = Taken(pieces)
    await gateway(request, taken)
    return taken


class Counted:
    """An application in which every entry is counted."""

    def __init__(self, app: Flask) -> None:
        self.entries = 0
        self._inner = app.wsgi_app
        app.wsgi_app = self  # type: ignore[method-assign, assignment]

    def __call__(self, environ: Any, start: Any) -> Any:
        """Enter it."""
        self.entries += 1
        return self._inner(environ, start)


def told(taken: Taken) -> tuple[int, list[tuple[str, str]], bytes]:
    """An answer without what the gateway adds."""
    return taken.status, sorted(pair for pair in taken.headers if pair[0].lower() not in OWN), taken.body


def own(client: FlaskClient, request: Asked) -> tuple[int, list[tuple[str, str]], bytes]:
    """What Flask itself answers."""
    address = f"{request.path}?{request.query_string}" if request.query_string else request.path
    answer = client.open(address, method=request.method, headers=request.headers.pairs)
    return answer.status_code, sorted(answer.headers.to_wsgi_list()), answer.data
