"""How much one client may have computed: a bucket of tokens each, filled at a steady rate.

Finished answers and static files cost nothing, and take no token.
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

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests

CLIENTS: Final = 16_384
"""Clients remembered; whoever has not asked for longest is forgotten first."""
NETWORK: Final = 64
"""Bits of an IPv6 address that one client has for all of theirs."""
FREE: Final = frozenset({"static", "maps.geometry", "maps.map_values", "api.progress", "api.healthz", "health.readyz"})
"""Endpoints whose answers cost nothing, whatever stands in their addresses."""


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
        client, now, per_s = client_of(address), self.clock(), self.per_minute / 60
        with self._lock:
            tokens, then = self._tokens.pop(client, (float(self.per_minute), now))
            tokens = min(float(self.per_minute), tokens + (now - then) * per_s)
            is_granted = tokens >= 1
            self._tokens[client] = tokens - is_granted, now
            while len(self._tokens) > CLIENTS:
                self._tokens.popitem(last=False)
        return 0 if is_granted else math.ceil((1 - tokens) / per_s)


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
    """Whether the request at work asks for more than what lies ready: it has choices in its address, or sends some."""
    return request.endpoint not in FREE and (bool(request.query_string) or request.method not in {"GET", "HEAD"})


def guard(app: Flask, buckets: Buckets) -> None:
    """Have an application refuse a client that asks for more than its share."""

    @app.before_request
    def refuse() -> None:
        if must_be_computed() and (wait_s := buckets.wait_s(request.remote_addr or "")):
            said = f"Atlas works out {buckets.per_minute} answers a minute for one client; wait {wait_s} seconds."
            raise BusyError(said, None, wait_s)
