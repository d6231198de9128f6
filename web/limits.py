"""How much one client may have computed: a bucket of tokens each, filled at a steady rate.

Finished answers and static files cost nothing, and take no token; what was looked for and not found takes one after.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock
from time import monotonic
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound, TooManyRequests

CLIENTS: Final = 16_384
"""Clients remembered; whoever has not asked for longest is forgotten first."""
NETWORK: Final = 64
"""Bits of an IPv6 address that one client has for all of theirs."""
FREE: Final = frozenset({"static", "maps.geometry", "maps.map_values", "api.progress", "api.healthz", "health.readyz"})
"""Endpoints whose answers cost nothing, whatever stands in their addresses."""
COSTLY: Final = frozenset({"brief.pdf"})
"""Endpoints whose answers take long to make, even without choices."""


class BusyError(TooManyRequests):
    """One client asks for more than its share."""

    name = "Too many requests"


@dataclass(eq=False)
class Buckets:
    """A bucket of tokens for each client.

    Parameters
    ----------
    per_minute : int
        Tokens that come back in a minute, and that a full bucket has.
    clock : callable
        Seconds that only grow.

    Examples
    --------
    >>> buckets = Buckets(2, clock=lambda: 0.0)
    >>> [buckets.wait_s("192.0.2.1") for _ in range(3)], buckets.wait_s("192.0.2.2")
    ([0, 0, 30], 0)
    """

    per_minute: int
    clock: Callable[[], float] = monotonic
    _lock: Lock = field(default_factory=Lock)
    _tokens: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_s(self, address: str) -> int:
        """Take a token; the seconds until the next one comes where there is none, else 0."""
        with self._lock:
            client, tokens, now = self._take_out(address)
            is_granted = tokens >= 1
            self._put_back(client, tokens - is_granted, now)
        return 0 if is_granted else self._until(1, tokens)

    def owe(self, address: str) -> None:
        """Take a token for what has been done already: where there is none, the client owes it."""
        with self._lock:
            client, tokens, now = self._take_out(address)
            self._put_back(client, tokens - 1, now)

    def owed_s(self, address: str) -> int:
        """Seconds until a client owes nothing."""
        with self._lock:
            client, tokens, now = self._take_out(address)
            self._put_back(client, tokens, now)
        return self._until(0, tokens)

    def _until(self, wanted: int, tokens: float) -> int:
        return max(0, math.ceil((wanted - tokens) * 60 / self.per_minute))

    def _take_out(self, address: str) -> tuple[str, float, float]:
        client, now = client_of(address), self.clock()
        tokens, then = self._tokens.pop(client, (float(self.per_minute), now))
        return client, min(float(self.per_minute), tokens + (now - then) * self.per_minute / 60), now

    def _put_back(self, client: str, tokens: float, now: float) -> None:
        self._tokens[client] = tokens, now
        while len(self._tokens) > CLIENTS:
            self._tokens.popitem(last=False)


def client_of(address: str) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one, since a client has all addresses of that.

    Examples
    --------
    >>> client_of("2001:db8::1") == client_of("2001:db8::2"), client_of("::ffff:192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, NETWORK), strict=False))


def must_be_computed() -> bool:
    """Whether the request at work asks for more than what lies ready.

    It has choices in its address, or sends some; or asks for what is made anew, or for a page that is none.
    """
    if isinstance(request.routing_exception, NotFound):
        return True
    if request.endpoint in FREE or request.method == "OPTIONS":
        return False
    return request.endpoint in COSTLY or bool(request.query_string) or request.method not in {"GET", "HEAD"}


def may_be_nothing() -> bool:
    """Whether the last part of the address may name what does not exist, and near names be looked for."""
    return bool(request.view_args) and request.endpoint not in FREE and request.method != "OPTIONS"


def guard(app: Flask, buckets: Buckets) -> None:
    """Have an application refuse a client that asks for more than its share."""

    @app.before_request
    def refuse() -> None:
        address, wait_s = request.remote_addr or "", 0
        if must_be_computed():
            g.has_paid = True
            wait_s = buckets.wait_s(address)
        elif may_be_nothing():
            wait_s = buckets.owed_s(address)
        if wait_s:
            said = f"Atlas works out {buckets.per_minute} answers a minute for one client; wait {wait_s} seconds."
            raise BusyError(said, None, wait_s)

    @app.after_request
    def charge(response: Response) -> Response:
        # only once it was looked for is it known that there is none
        if response.status_code == NotFound.code and may_be_nothing() and "has_paid" not in g:
            buckets.owe(request.remote_addr or "")
        return response
