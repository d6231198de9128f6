"""What a client may send, and how slowly: bounded by where it is sent, before anything of ours is held up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO, RawIOBase
from tempfile import SpooledTemporaryFile
from time import perf_counter
from typing import Any, BinaryIO, Final, NoReturn, Protocol, cast

from web.front import Answer
from web.wsgi import Application, call

SPOOL_BYTES: Final = 64 * 1024
"""What is held of one body in memory; the rest lies on disk."""
MOST_LARGE: Final = 8
"""Large bodies that are read at once: each may fill the disk by what one register may have."""
SLOWEST_BYTES_S: Final = 65_536
"""Bytes a second that a body must bring, once the patience with its client is used up."""
LONGEST_S: Final = 900.0
"""Seconds that any body may take: at the rate alone, the largest would hold its place for hours."""
BUSY_S: Final = 5


class RefusedError(Exception):
    """A request that is not handed on."""

    def __init__(self, status: int, said: str, retry_s: int = 0) -> None:
        super().__init__(said)
        self.status, self.said, self.retry_s = status, said, retry_s


class Sender(Protocol):
    """Whoever sends a body."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, in pieces."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be sent to one route.

    Parameters
    ----------
    body_bytes : int
        The longest body that is read; the route may have a limit of its own below it.
    said : str
        What is told of a longer one.
    is_large : bool
        Whether few such are read at once, and only once the application has asked for them.
    """

    body_bytes: int
    said: str
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may send.

    Parameters
    ----------
    body_bytes : int
        The longest body that is taken where a route has no allowance of its own.
    said : str
        What is told of a longer one.
    patience_s : float
        Seconds that a client may be silent.
    routes : mapping of str to Allowance
        By path.
    """

    body_bytes: int
    said: str
    patience_s: float
    routes: Mapping[str, Allowance] = field(default_factory=dict)

    def of(self, path: str) -> Allowance:
        """What may be sent to a path.

        Examples
        --------
        >>> bounds = Bounds(10, "That is too long.", 1.0, {"/here": Allowance(20, "That is far too long.")})
        >>> [bounds.of(path).body_bytes for path in ("/", "/here", "/here/")]
        [10, 20, 20]
        """
        return self.routes.get(path.rstrip("/")) or Allowance(self.body_bytes, self.said)


@dataclass(frozen=True, slots=True)
class Announced:
    """A body that is to come.

    Parameters
    ----------
    stated : int or None
        Its length, as the client states it; None where it comes in chunks.
    allowed : Allowance
        How much it may be.
    is_large : bool
        Whether it takes one of the places for large ones.
    """

    stated: int | None
    allowed: Allowance
    is_large: bool


def announced(path: str, headers: Mapping[str, str], bounds: Bounds) -> Announced | None:
    """The body that comes with a request; None where there is none.

    Raises
    ------
    RefusedError
        If its length is none, or more than may be sent there.
    """
    stated, is_unstated = headers.get("content-length"), "transfer-encoding" in headers
    if not is_unstated and stated in {None, "0"}:
        return None
    allowed = bounds.of(path)
    if stated is None:
        return Announced(None, allowed, allowed.is_large)
    if not (stated.isascii() and stated.isdecimal()):
        raise RefusedError(400, "The length is no number.")
    # digits by the thousand are no number that Python reads
    if len(stated) > len(str(allowed.body_bytes)) or int(stated) > allowed.body_bytes:
        raise RefusedError(413, allowed.said)
    return Announced(int(stated), allowed, allowed.is_large and (is_unstated or int(stated) > bounds.body_bytes))


class WantedError(BaseException):
    """The application wants the body; no `except Exception` of it may answer that."""


class Unread(RawIOBase):
    """Stands for a body that nobody has read yet.

    Parameters
    ----------
    longest : int
        How long it may be.
    """

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._longest = longest

    def readable(self) -> bool:
        """It could be read."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """The place asked for, as if it were there."""
        return offset + self._longest if whence else offset

    def readinto(self, _into: object) -> NoReturn:
        """Say that it is wanted."""
        raise WantedError


def call_without(application: Application, environ: dict[str, Any]) -> Answer | None:
    """What an application answers without the body; None where it wants that."""
    try:
        return call(application, environ)
    except WantedError:
        return None


class Bodies:
    """Reads bodies; used in one event loop only.

    Parameters
    ----------
    bounds : Bounds
        How much, and how slowly.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._large = 0

    async def read(self, sender: Sender, body: Announced | None) -> BinaryIO:
        """Read the whole of what is sent, before anything waits for it.

        Raises
        ------
        RefusedError
            If it is too long; comes too slowly; breaks off; or is large, and too many such are being read.
        """
        if body is None:
            return BytesIO()
        if body.is_large and self._large >= MOST_LARGE:
            raise RefusedError(503, "Too many large files are on their way at this moment.", BUSY_S)
        self._large += body.is_large
        try:
            return await read_body(sender, body, self._bounds.patience_s)
        finally:
            self._large -= body.is_large


async def read_body(sender: Sender, body: Announced, patience_s: float) -> BinaryIO:
    """Read the whole of a body.

    Parameters
    ----------
    sender : Sender
        Gives it.
    body : Announced
        How much it may be.
    patience_s : float
        Seconds that a client may be silent.

    Returns
    -------
    file
        At its beginning.

    Raises
    ------
    RefusedError
        If more comes than may; it comes too slowly; or breaks off.
    """
    with ExitStack() as undoing:
        file = undoing.enter_context(SpooledTemporaryFile(max_size=SPOOL_BYTES))
        try:
            size = await _copy(sender, file, body.allowed, patience_s)
        except TimeoutError:
            said = f"What was sent came too slowly: it may take {LONGEST_S / 60:.0f} minutes at most."
            raise RefusedError(408, said) from None
        if body.stated is not None and size != body.stated:
            raise RefusedError(400, "What was sent broke off.")
        file.seek(0)
        undoing.pop_all()
        return cast("BinaryIO", file)


async def _copy(sender: Sender, file: SpooledTemporaryFile[bytes], allowed: Allowance, patience_s: float) -> int:
    pieces, size, begun = aiter(sender), 0, perf_counter()
    while True:
        left_s = min(patience_s + size / SLOWEST_BYTES_S, LONGEST_S) - (perf_counter() - begun)
        piece = await asyncio.wait_for(_next(pieces), min(left_s, patience_s))
        if piece is None:
            return size
        size += len(piece)
        if size > allowed.body_bytes:
            raise RefusedError(413, allowed.said)
        file.write(piece)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    # not `anext` with a default: Python 3.11 falls over where an iterator of C ends without a coroutine
    try:
        return await anext(pieces)
    except StopAsyncIteration:
        return None
