"""The server: granian, within this process, on a socket that was taken before."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Final

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server as Embedded

from web.bodies import Bounds
from web.gateway import Gateway

BACKLOG: Final = 1_024
_LOGGING: Final[dict[str, Any]] = {
    "handlers": {},
    "loggers": {"_granian": {"level": "ERROR"}, "granian.access": {"level": "ERROR"}},
}
"""What goes wrong in it goes where everything else goes."""


class _Server(Embedded):
    def __init__(self, gateway: Gateway, listener: socket.socket, bounds: Bounds) -> None:
        super().__init__(
            gateway,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=max(1, round(bounds.patience_s * 1000))),
            websockets=False,
            backlog=BACKLOG,
            log_dictconfig=_LOGGING,
            log_level=LogLevels.error,
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # it closes what it was given
        self._sfd = os.dup(self._listener.fileno())  # type: ignore[assignment]
        self._shd = SocketHolder(self._sfd, False, BACKLOG)  # type: ignore[call-arg, assignment]
        self._ssp = None


@dataclass(eq=False)
class Serving:
    """A server at work.

    Parameters
    ----------
    gateway : Gateway
        What answers.
    loop : asyncio.AbstractEventLoop
        Where it does.
    """

    gateway: Gateway
    loop: asyncio.AbstractEventLoop

    def open(self, app: Flask) -> None:
        """Answer from an application from now on."""
        self.loop.call_soon_threadsafe(self.gateway.open, app)


@contextmanager
def serving(
    listener: socket.socket, bounds: Bounds, *, forwarded: bool = False, is_https: bool = False, below: str = ""
) -> Iterator[Serving]:
    """Answer on a listening socket; at the end what was begun is answered, and nothing runs any more.

    Parameters
    ----------
    listener : socket.socket
        Taken already.
    bounds : Bounds
        What one client may send.
    forwarded : bool
        Whether a proxy's word on the address is believed.
    is_https : bool
        Whether every reader comes by https.
    below : str
        Path of the public address that everything lies below.
    """
    gateway = Gateway(bounds, forwarded=forwarded, is_https=is_https, below=below)
    server = _Server(gateway, listener, bounds)
    begun = Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def answer() -> None:
        loops.append(asyncio.get_running_loop())
        asyncio.get_running_loop().call_soon(begun.set)
        await server.serve()

    thread = Thread(target=lambda: asyncio.run(answer()), name="atlas-server", daemon=True)
    thread.start()
    begun.wait()
    try:
        yield Serving(gateway, loops[0])
    finally:
        loops[0].call_soon_threadsafe(server.stop)
        thread.join()
        gateway.close()
