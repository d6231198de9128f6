"""Where requests come in: kept answers are given at once, the rest is made by the application in threads.

What a slow or greedy client does is bounded before anything of ours is held up: the head of a request by the server,
its body by `web.bodies`, and those who wait for a thread by their number.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any, BinaryIO, Final, Protocol, TypeVar, cast

from flask import Flask

from web import logs
from web.below import within
from web.bodies import Bodies, Bounds, RefusedError, Sender, Unread, announced, call_without
from web.errors import FAULT
from web.front import Answer, Front, Key, key_of, state_of
from web.refusals import came_by_https, refusal, starting
from web.wsgi import Application, Scope, call, environ_of

log = logging.getLogger(__name__)

THREADS: Final = 8
MOST_WAITING: Final = 512
"""Requests that wait for a thread; who comes later is told to come again."""
START_S: Final = 5
HEALTH: Final = frozenset({"/healthz", "/readyz"})
BEFORE_HOSTS: Final = frozenset({"1", "1.0"})
HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(:[0-9]{0,5})?")

Made = TypeVar("Made")


class Exchange(Sender, Protocol):
    """One request and the answer to it, as granian gives it."""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with one."""


def check_host(pairs: Iterable[tuple[str, str]], http_version: str) -> None:
    """See that a request says once which host it means, as RFC 9112 (3.2) wants it.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Headers, names in lower case.
    http_version : str
        As granian has it; only before 1.1 may a request be without a host.

    Raises
    ------
    RefusedError
        If it does not, or means what is no host.
    """
    hosts = [value for name, value in pairs if name == "host"]
    if not hosts and http_version in BEFORE_HOSTS:
        return
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        raise RefusedError(400, "A request has one header Host, with a host's name and perhaps a port.")


class Gateway:
    """Answers every request; to be called in one event loop only.

    Parameters
    ----------
    bounds : Bounds
        What one client may send.
    forwarded : bool
        Whether a proxy's word on the address is believed.
    is_https : bool
        Whether every reader comes by https.
    below : str
        Path of the public address that everything lies below.
    """

    def __init__(self, bounds: Bounds, *, forwarded: bool = False, is_https: bool = False, below: str = "") -> None:
        self._below = below
        self._bounds, self._bodies = bounds, Bodies(bounds)
        self._forwarded, self._is_https = forwarded, is_https
        self._app: Flask | None = None
        self._front: Front | None = None
        self._opened = asyncio.Event()
        self._name = logs.make_ids()
        self._waiting = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="atlas-request")
        # health is asked for when all other threads are busy
        self._aside = ThreadPoolExecutor(2, thread_name_prefix="atlas-health")

    def open(self, app: Flask) -> None:
        """Answer from an application from now on; until then those who ask wait, or hear that it starts."""
        self._app, self._front = app, Front(lambda: state_of(app))
        self._opened.set()

    def close(self) -> None:
        """End the threads; all requests must have been answered."""
        self._threads.shutdown()
        self._aside.shutdown()

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request."""
        begun = perf_counter()
        pairs = scope.headers.items()
        headers = dict(pairs)
        method, path = scope.method, scope.path
        request_id = self._name(headers.get("x-request-id"))
        # of several headers of one name only the application knows what they say together
        is_plain = len(headers) == len(pairs) and "host" in headers
        key = key_of(method, path, scope.query_string, headers, forwarded=self._forwarded) if is_plain else None
        answer = self._front.find(key) if self._front is not None and key is not None else None
        if answer is None:
            try:
                answer = await self._make(scope, exchange, key, request_id)
            except asyncio.CancelledError:
                # the server ends, and the client of this request left before: nobody waits for an answer
                return
        sent = [*answer.headers, ("Server", "Atlas"), ("X-Request-Id", request_id)]
        has_body = method != "HEAD" and answer.body != b""
        if has_body:
            exchange.response_bytes(answer.status, sent, answer.body)
        else:
            exchange.response_empty(answer.status, sent)
        if logs.is_on():
            size = len(answer.body) if has_body else 0
            logs.write(method, path, answer.status, perf_counter() - begun, size, request_id)

    async def _make(self, scope: Scope, exchange: Exchange, key: Key | None, request_id: str) -> Answer:
        pairs = scope.headers.items()
        headers, path = dict(pairs), within(self._below, scope.path)
        is_https = came_by_https(headers, is_https=self._is_https, forwarded=self._forwarded)
        try:
            # what is kept was asked for by such a host, and is not looked at again
            check_host(pairs, scope.http_version)
            if self._app is None and path in HEALTH:
                return starting(path, START_S, is_https=is_https)
            app = self._app or await self._until_open()
            front = cast("Front", self._front)
            state = front.state()
            answer = await self._ask(app, scope, exchange, request_id)
        except RefusedError as refused:
            return refusal(refused, path, is_https=is_https)
        except Exception:
            log.exception("%s %s failed", logs.printable(scope.method), logs.printable(scope.path))
            return refusal(RefusedError(500, FAULT), path, is_https=is_https)
        if key is not None and scope.method == "GET":
            front.keep(key, answer, state)
        return answer

    async def _until_open(self) -> Flask:
        try:
            await asyncio.wait_for(self._opened.wait(), self._bounds.patience_s)
        except TimeoutError:
            raise RefusedError(503, "Atlas is starting.", START_S) from None
        return cast("Flask", self._app)

    async def _ask(self, app: Flask, scope: Scope, exchange: Exchange, request_id: str) -> Answer:
        pairs = scope.headers.items()
        path = within(self._below, scope.path)
        is_health = path in HEALTH
        sent = announced(path, dict(pairs), self._bounds)
        if sent is not None and sent.is_large:
            # who may not send it hears so before it is read, and takes nobody's place
            unread = cast("BinaryIO", Unread(sent.allowed.body_bytes))
            environ = environ_of(scope, pairs, unread, request_id)
            answer = await self._in_thread(call_without, app, environ, is_health=is_health)
            if answer is not None:
                return answer
        with await self._bodies.read(exchange, sent) as body:
            return await self._in_thread(call, app, environ_of(scope, pairs, body, request_id), is_health=is_health)

    async def _in_thread(
        self,
        ask: Callable[[Application, dict[str, Any]], Made],
        app: Flask,
        environ: dict[str, Any],
        *,
        is_health: bool,
    ) -> Made:
        if self._waiting >= MOST_WAITING and not is_health:
            raise RefusedError(503, "Too many are asking at this moment.", 1)
        self._waiting += 1
        try:
            lane = self._aside if is_health else self._threads
            return await asyncio.get_running_loop().run_in_executor(lane, ask, app, environ)
        finally:
            self._waiting -= 1
