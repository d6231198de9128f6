"""Finished bodies: made and compressed once for each revision, and answered with 304 where the reader has them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

import brotli
from flask import Request, Response

from web.memo import Memo

CAPACITY_BYTES: Final = 96 * 1024 * 1024
SMALLEST_BYTES: Final = 600
IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"
IDENTITY: Final = "identity"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, before it is compressed.

    Parameters
    ----------
    data : bytes
        The body.
    mimetype : str
        With its charset.
    headers : mapping of str to str
        Headers that belong to this very body.
    is_lasting : bool
        Whether many readers will ask for it: then it is made as small as can be, however long that takes.
    """

    data: bytes
    mimetype: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lasting: bool = False


COMPRESS: Final[Mapping[str, Callable[[bytes, bool], bytes]]] = {
    # what one reader waits for takes a third of the time of quality 5, for a twentieth more
    "br": lambda data, is_lasting: brotli.compress(data, quality=9 if is_lasting else 2),
    "gzip": lambda data, is_lasting: gzip.compress(data, 9 if is_lasting else 5, mtime=0),
}
"""Codings we send, the better first."""


class Payloads:
    """Bodies by key, each compressed once for each coding that readers accept."""

    def __init__(self, capacity_bytes: int = CAPACITY_BYTES) -> None:
        self._bodies: Memo[Body] = Memo(capacity_bytes, lambda body: len(body.data))

    def hold(self, key: Hashable, make: Callable[[], Body]) -> Body:
        """Return the body under a key, making it where there is none."""
        return self._bodies.get((key, IDENTITY), make)

    def respond(
        self,
        request: Request,
        key: Hashable,
        make: Callable[[], Body],
        *,
        tag: str,
        cache: str = REVALIDATE,
    ) -> Response:
        """Answer with a body, or with 304 where the reader already holds what bears this tag.

        A tag is weak, since every coding of one body bears the same; a 304 carries no policy of its own, so that the
        page held keeps the one it came with.
        """
        held = request.if_none_match.contains_weak(tag)
        response = Response(status=304) if held else self._full(request, key, make)
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = cache
        response.vary.add("Accept-Encoding")
        return response

    def _full(self, request: Request, key: Hashable, make: Callable[[], Body]) -> Response:
        plain = self.hold(key, make)
        coding = accepted(request) if len(plain.data) >= SMALLEST_BYTES else IDENTITY
        body = plain if coding == IDENTITY else self._bodies.get((key, coding), lambda: _code(plain, coding))
        response = Response(body.data, content_type=body.mimetype, headers=dict(body.headers))
        if coding != IDENTITY:
            response.headers["Content-Encoding"] = coding
        return response


def _code(plain: Body, coding: str) -> Body:
    return Body(COMPRESS[coding](plain.data, plain.is_lasting), plain.mimetype, plain.headers)


def accepted(request: Request) -> str:
    """The coding to send: the one the reader prefers; where it is equal, brotli before gzip before none."""
    wanted = request.accept_encodings
    best = max(COMPRESS, key=lambda coding: wanted[coding])
    return best if wanted[best] > 0 and wanted[best] >= wanted[IDENTITY] else IDENTITY
