"""Where requests come in: kept answers are given at once, the rest is made by the application in threads.

What a slow or greedy client does is bounded here, before anything of ours is held up: the head of a request by the
server, its body by `read_body`, and those who wait for a thread by their number.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from time import perf_counter
from typing import BinaryIO, Final, Protocol, cast

from flask import Flask

from web import logs
from web.front import Answer, Front, Key, key_of, state_of
from web.security import HEADERS, policy
from web.wsgi import Scope, call, environ_of

log = logging.getLogger(__name__)

THREADS: Final = 8
MOST_WAITING: Final = 512
"""Requests that wait for a thread; who comes later is told to come again."""
SPOOL_BYTES: Final = 1024 * 1024
MOST_LARGE: Final = 8
"""Bodies larger than that which are read at once: each may fill the disk by what one register may have."""
SLOWEST_BYTES_S: Final = 8_192
"""Bytes a second that a body must bring, once the patience with its client is used up."""
START_S: Final = 5
HEALTH: Final = frozenset({"/healthz", "/readyz"})


class Exchange(Protocol):
    """One request and the answer to it, as granian gives it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, in pieces."""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with one."""


class RefusedError(Exception):
    """A request that is not handed on."""

    def __init__(self, status: int, said: str, retry_s: int = 0) -> None:
        super().__init__(said)
        self.status, self.said, self.retry_s = status, said, retry_s


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may send.

    Parameters
    ----------
    body_bytes : int
        The longest body that is taken at all; each route has its own limit below it.
    said : str
        What is told of a longer one.
    patience_s : float
        Seconds that a client may be silent.
    """

    body_bytes: int
    said: str
    patience_s: float


def refusal(status: int, said: str, retry_s: int = 0) -> Answer:
    """An answer in one sentence, for whoever does not get as far as a page."""
    return plain(status, f"{said}\n".encode(), "text/plain; charset=utf-8", retry_s)


def plain(status: int, body: bytes, mimetype: str, retry_s: int = 0) -> Answer:
    """An answer that nobody keeps."""
    headers = {"Content-Type": mimetype, "Cache-Control": "no-store", "Content-Length": str(len(body)), **HEADERS}
    headers["Content-Security-Policy"] = policy()
    if retry_s:
        headers["Retry-After"] = str(retry_s)
    return Answer(status, tuple(headers.items()), body)


async def read_body(exchange: Exchange, stated: str | None, bounds: Bounds) -> BinaryIO:
    """Read the whole of what is sent, before anything waits for it.

    Parameters
    ----------
    exchange : Exchange
        Gives the body.
    stated : str, optional
        Its length, as the client stated it.
    bounds : Bounds
        How much, and how slowly.

    Returns
    -------
    file
        At its beginning.

    Raises
    ------
    RefusedError
        If it is too long, by what is stated or by what comes; comes too slowly; or breaks off.
    """
    if stated is not None and (not stated.isdecimal() or int(stated) > bounds.body_bytes):
        raise RefusedError(413, bounds.said) if stated.isdecimal() else RefusedError(400, "The length is no number.")
    with ExitStack() as undoing:
        file = undoing.enter_context(SpooledTemporaryFile(max_size=SPOOL_BYTES))
        try:
            size = await _copy(exchange, file, bounds)
        except TimeoutError:
            raise RefusedError(408, "What was sent came too slowly.") from None
        if stated is not None and size != int(stated):
            raise RefusedError(400, "What was sent broke off.")
        file.seek(0)
        undoing.pop_all()
        return cast("BinaryIO", file)


async def _copy(exchange: Exchange, file: SpooledTemporaryFile[bytes], bounds: Bounds) -> int:
    pieces, size, begun = aiter(exchange), 0, perf_counter()
    while True:
        left_s = bounds.patience_s + size / SLOWEST_BYTES_S - (perf_counter() - begun)
        piece = await asyncio.wait_for(_next(pieces), min(left_s, bounds.patience_s))
        if piece is None:
            return size
        size += len(piece)
        if size > bounds.body_bytes:
            raise RefusedError(413, bounds.said)
        file.write(piece)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    # not `anext` with a default: Python 3.11 falls over where an iterator of C ends without a coroutine
    try:
        return await anext(pieces)
    except StopAsyncIteration:
        return None


class Gateway:
    """Answers every request; to be called in one event loop only.

    Parameters
    ----------
    bounds : Bounds
        What one client may send.
    forwarded : bool
        Whether a proxy's word on the address is believed.
    """

    def __init__(self, bounds: Bounds, *, forwarded: bool = False) -> None:
        self._bounds = bounds
        self._forwarded = forwarded
        self._app: Flask | None = None
        self._front: Front | None = None
        self._opened = asyncio.Event()
        self._name = logs.make_ids()
        self._waiting = self._large = 0
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
        is_plain = len(headers) == len(pairs)
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
        try:
            if self._app is None and scope.path in HEALTH:
                return starting(scope.path)
            app = self._app or await self._until_open()
            front = cast("Front", self._front)
            state = front.state()
            answer = await self._ask(app, scope, exchange, request_id)
        except RefusedError as refused:
            return refusal(refused.status, refused.said, refused.retry_s)
        except Exception:
            log.exception("%s %s failed", scope.method, scope.path)
            return refusal(500, "The fault is ours and has been written to the log.")
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
        is_health = scope.path in HEALTH
        if self._waiting >= MOST_WAITING and not is_health:
            raise RefusedError(503, "Too many are asking at this moment.", 1)
        self._waiting += 1
        try:
            with await self._body(dict(pairs), exchange) as body:
                environ = environ_of(scope, pairs, body, request_id)
                lane = self._aside if is_health else self._threads
                return await asyncio.get_running_loop().run_in_executor(lane, call, app, environ)
        finally:
            self._waiting -= 1

    async def _body(self, headers: Mapping[str, str], exchange: Exchange) -> BinaryIO:
        stated = headers.get("content-length")
        is_unstated = "transfer-encoding" in headers
        if not is_unstated and stated in {None, "0"}:
            return BytesIO()
        is_large = is_unstated or len(stated or "") >= len(str(SPOOL_BYTES))
        if is_large and self._large >= MOST_LARGE:
            raise RefusedError(503, "Too many large files are on their way at this moment.", START_S)
        self._large += is_large
        try:
            return await read_body(exchange, stated, self._bounds)
        finally:
            self._large -= is_large


def starting(path: str) -> Answer:
    """What is told of health before there is an atlas: the process is up, but nobody should be sent to it yet."""
    if path == "/healthz":
        return plain(200, json.dumps({"status": "ok", "revision": None}).encode(), "application/json")
    said = {"status": "not ready", "reasons": ["the atlas is being read and its first pages made"]}
    return plain(503, json.dumps(said).encode(), "application/json", START_S)
