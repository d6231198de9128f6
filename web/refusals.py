"""What is told by the gateway itself, to whoever does not get as far as a page: with what every answer bears."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from web.bodies import RefusedError
from web.errors import TITLES, is_for_programs
from web.front import Answer
from web.payloads import JSON
from web.programs import cors
from web.security import HEADERS, STAY_ENCRYPTED, policy

PROBLEM: Final = "application/problem+json"
TEXT: Final = "text/plain; charset=utf-8"
NOT_NOW: Final = "That cannot be answered at this moment"


def refusal(refused: RefusedError, path: str, *, is_https: bool = False) -> Answer:
    r"""An answer in one sentence; as problem details (RFC 9457) where programs ask.

    Parameters
    ----------
    refused : RefusedError
        Why.
    path : str
        What was asked.
    is_https : bool
        Whether the reader came by https.

    Examples
    --------
    >>> refusal(RefusedError(408, "Too slow."), "/gaps").body
    b'Too slow.\n'
    """
    if not is_for_programs(path):
        return plain(refused.status, f"{refused.said}\n".encode(), TEXT, refused.retry_s, path, is_https=is_https)
    title = TITLES.get(refused.status, NOT_NOW)
    document = {"type": "about:blank", "title": title, "status": refused.status, "detail": refused.said}
    return plain(refused.status, json.dumps(document).encode(), PROBLEM, refused.retry_s, path, is_https=is_https)


def plain(status: int, body: bytes, mimetype: str, retry_s: int = 0, path: str = "", *, is_https: bool) -> Answer:
    """An answer that nobody keeps."""
    headers = {"Content-Type": mimetype, "Cache-Control": "no-store", "Content-Length": str(len(body)), **HEADERS}
    headers["Content-Security-Policy"] = policy()
    if cors.is_open(path, "GET"):
        headers |= cors.HEADERS
    if is_https:
        headers["Strict-Transport-Security"] = STAY_ENCRYPTED
    if retry_s:
        headers["Retry-After"] = str(retry_s)
    return Answer(status, tuple(headers.items()), body)


def starting(path: str, retry_s: int, *, is_https: bool) -> Answer:
    """What is told of health before there is an atlas: the process is up, but nobody should be sent to it yet."""
    if path == "/healthz":
        return plain(200, json.dumps({"status": "ok", "revision": None}).encode(), JSON, is_https=is_https)
    said = {"status": "not ready", "reasons": ["the atlas is being read and its first pages made"]}
    return plain(503, json.dumps(said).encode(), JSON, retry_s, is_https=is_https)


def came_by_https(headers: Mapping[str, str], *, is_https: bool, forwarded: bool) -> bool:
    """Whether a reader comes by https: by the public address, or by the word of every proxy, if that is believed.

    Examples
    --------
    >>> came_by_https({"x-forwarded-proto": "https, https"}, is_https=False, forwarded=True)
    True
    >>> came_by_https({"x-forwarded-proto": "https, http"}, is_https=False, forwarded=True)
    False
    """
    said = headers.get("x-forwarded-proto", "") if forwarded else ""
    return is_https or {one.strip() for one in said.split(",")} == {"https"}
