"""What stands in front of the application: finished answers, given again to whoever asks the same, without entering it.

An answer is kept only where it follows from the address, the codings and the tag that were sent, and is dropped with
everything else as soon as another atlas is served.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from flask import Flask

from web.visit import EXTENSION, House

CAPACITY_BYTES: Final = 64 * 1024 * 1024
LONGEST_KEY: Final = 4_096
OVERHEAD_BYTES: Final = 2_048
"""What an answer takes besides its body: headers and key."""

_OWN: Final = ("cookie", "authorization", "range", "x-http-method-override")
"""Whoever sends one of these gets an answer of their own."""
_KEY: Final = ("accept", "accept-encoding", "host", "if-none-match", "origin")
_FORWARDED: Final = ("x-forwarded-proto", "x-forwarded-host", "x-forwarded-port")

Key: TypeAlias = tuple[str, ...]
State: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer.

    Parameters
    ----------
    status : int
        HTTP status.
    headers : tuple of (str, str)
        In order.
    body : bytes
        Empty where there is none.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def weight(self) -> int:
        """What it takes in memory, about, bytes."""
        return OVERHEAD_BYTES + len(self.body)


def state_of(app: Flask) -> State:
    """What answers of an application follow from besides what was asked: it is another after every change."""
    held = cast("House", app.extensions[EXTENSION])
    return held, held.library.moves


def key_of(method: str, path: str, query: str, headers: Mapping[str, str], *, forwarded: bool = False) -> Key | None:
    """What an answer follows from; None where it may follow from more, and must not be shared.

    Parameters
    ----------
    method, path, query : str
        As they were sent; the path decoded.
    headers : mapping of str to str
        By names in lower case.
    forwarded : bool
        Whether a proxy's word on the address is believed.

    Examples
    --------
    >>> key_of("GET", "/", "", {"accept-encoding": "br"})
    ('/', '', '', 'br', '', '', '')
    >>> key_of("GET", "/", "", {"cookie": "atlas_import=x"}) is key_of("POST", "/", "", {}) is None
    True
    """
    if method not in {"GET", "HEAD"} or any(name in headers for name in _OWN):
        return None
    names = _KEY + _FORWARDED if forwarded else _KEY
    key = (path, query, *[headers.get(name, "") for name in names])
    return key if sum(map(len, key)) <= LONGEST_KEY else None


def may_be_kept(answer: Answer) -> bool:
    """Whether an answer is a finished body, or says that the reader has it, and varies by what keys have in them.

    Examples
    --------
    >>> kept = (("ETag", 'W/"a"'), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding"))
    >>> may_be_kept(Answer(200, kept)), may_be_kept(Answer(200, (*kept, ("Set-Cookie", "a=b"))))
    (True, False)
    """
    headers = {name.lower(): value for name, value in answer.headers}
    policy = headers.get("cache-control", "no-store")
    return (
        answer.status in {200, 304}
        and "etag" in headers
        and set(re.split(r"[\s,]+", headers.get("vary", "").lower())) <= {*_KEY, ""}
        and "set-cookie" not in headers
        and not any(word in policy for word in ("no-store", "private"))
    )


class Front:
    """Finished answers of one application; used by one thread.

    Parameters
    ----------
    state : callable
        Gives what all answers follow from; everything is forgotten when it moves.
    capacity_bytes : int
        How much is kept; what was asked for longest ago goes first.
    """

    def __init__(self, state: Callable[[], State], capacity_bytes: int = CAPACITY_BYTES) -> None:
        self._state = state
        self._capacity_bytes = capacity_bytes
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._weight = 0
        self._kept_under: State = ()

    def __len__(self) -> int:
        return len(self._kept)

    def state(self) -> State:
        """What answers follow from now; to be asked before one is made, and given with it."""
        return self._state()

    def find(self, key: Key) -> Answer | None:
        """The answer kept under a key, if it still holds."""
        self._renew()
        answer = self._kept.get(key)
        if answer is not None:
            self._kept.move_to_end(key)
        return answer

    def keep(self, key: Key, answer: Answer, made_under: State) -> None:
        """Keep an answer, if it may be, and if nothing has moved since it was begun."""
        self._renew()
        if made_under != self._kept_under or not may_be_kept(answer) or answer.weight > self._capacity_bytes:
            return
        before = self._kept.pop(key, None)
        self._weight += answer.weight - (before.weight if before else 0)
        self._kept[key] = answer
        while self._weight > self._capacity_bytes:
            self._weight -= self._kept.popitem(last=False)[1].weight

    def _renew(self) -> None:
        now = self._state()
        if now != self._kept_under:
            self._kept.clear()
            self._weight = 0
            self._kept_under = now
