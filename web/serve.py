"""`atlas serve`: the web on this machine."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Annotated, Final
from urllib.request import urlopen

import typer
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.utilities import RequestEntityTooLarge

from atlas import pipeline
from atlas.errors import UnavailableError
from atlas.estate import load_estate, open_workspace_store
from atlas.geo.estate.model import Viewer
from atlas.settings import Settings
from atlas.sources import releases
from atlas.sources.download import pull as pull_files
from atlas.vocabulary import Release, label
from web import create_app
from web.estate_found import make_ready
from web.estate_uploads import FORM_BYTES, too_large, upload_bytes
from web.graph import hold_graph
from web.library import changes_here
from web.maps import hold_shapes, page_map
from web.refresh import REFRESHER, Refresher
from web.scenario_address import MOST_BYTES
from web.visit import EXTENSION, House

THREADS: Final = 8
CACHE: Final = "cache"
PATIENCE_S: Final = 60.0


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="ATLAS_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535, show_default="ATLAS_PORT")
    ] = None,
    release: Annotated[Release | None, typer.Option(help="Where need comes from unless a reader chooses.")] = None,
    *,
    pull: Annotated[bool, typer.Option(help="Fetch official data first, where they answer at once.")] = True,
) -> None:
    """Serve the atlas until interrupted, and say where once it answers."""
    settings = Settings.from_environment()
    with listen(host or settings.host, settings.port if port is None else port) as listener:
        if pull and release is not Release.ESTIMATE:
            bring_official(settings)
        app = make_app(settings, release)
        library = app.extensions[EXTENSION].library
        first, *rest = library.releases
        folder = settings.workspace / CACHE
        warm(app, folder, first)
        settle()
        warming = Thread(target=warm_rest, args=(app, folder, first, *rest), daemon=True)
        warming.start()
        refresher: Refresher = app.extensions[REFRESHER]
        refresher.prepare = partial(make_land_ready, release=first)
        refresher.start()
        run(app, listener, settings)
        # A thread at work while the interpreter ends would complain of it.
        refresher.stop()
        library.close()
        warming.join()
        refresher.source.close()


def bring_official(settings: Settings, wanted: Release = Release.IOD2025) -> None:
    """Fetch the newest official release unless it is here; whatever fails, the atlas starts without it."""
    if wanted in releases.available(settings.workspace):
        return
    answered, ended = Event(), Event()
    outcome: list[str] = []

    def fetch() -> None:
        try:
            pull_files(releases.catalogue().needed(wanted), settings.workspace, progress=lambda *_: answered.set())
        except UnavailableError:
            outcome.append("its publishers cannot be reached")
        except Exception as error:  # noqa: BLE001 -- whatever fails, the atlas starts
            outcome.append(f"{error}".partition("\n")[0] or type(error).__name__)
        ended.set()
        answered.set()

    # A resolver may keep a thread longer than any timeout: it is left behind, not waited for.
    Thread(target=fetch, daemon=True).start()
    if answered.wait(settings.reach_s):
        ended.wait()
    if outcome or not ended.is_set():
        reason = outcome[0] if outcome else f"no answer in {settings.reach_s:g} s"
        typer.echo(
            f"{label(wanted)} not fetched ({reason}): going on with what is here; see `atlas data pull`", err=True
        )


def listen(host: str, port: int) -> socket.socket:
    """Take a port before anything slow is done.

    Raises
    ------
    UnavailableError
        If it is taken, or the address is not this machine's.
    """
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        way_out = "stop what listens there, or choose another with --port"
        raise UnavailableError(f"cannot listen on {host}:{port}: {error.strerror}; {way_out}") from error


def make_app(settings: Settings, release: Release | None = None) -> Flask:
    """Read every release that is here and make the application."""
    store = open_workspace_store(settings)
    estate = load_estate(settings, Viewer.public(), store)
    atlas = pipeline.load(settings, release, estate=estate)
    here = releases.available(settings.workspace)
    later = [other for other in here if other is not atlas.inputs.release]
    others = [pipeline.load_inputs(settings, other, estate=estate) for other in later]
    finish = partial(pipeline.finish, workspace=settings.workspace)
    changes = changes_here(settings.workspace, [atlas.inputs, *others])
    return create_app(settings, atlas, others, finish, changes, store)


def warm(app: Flask, folder: Path, *wanted: Release) -> None:
    """Make the first page of releases and what its map asks for, so that no reader waits for them."""
    client = app.test_client()
    for release in wanted:
        if app.extensions[EXTENSION].library.is_closed:
            return
        hold_shapes(app.extensions[EXTENSION], release, folder)
        address = f"/?release={release}"
        with app.test_request_context(address):
            shown = page_map()
        for part in (address, shown.geometry, shown.values):
            client.get(part, headers={"Accept-Encoding": "br"})


def warm_rest(app: Flask, folder: Path, first: Release, *rest: Release) -> None:
    """Make what follows the first page while it is read: the drawing of the graph, and the other releases."""
    make_land_ready(app.extensions[EXTENSION], first)
    warm(app, folder, *rest)


def make_land_ready(held: House, release: Release) -> None:
    """Make what a first look at the graph and at the land would wait for."""
    hold_graph(held, release)
    make_ready(held.library.inputs(release).estate)


def settle() -> None:
    """Leave what was read at start out of every later search for garbage: it stays as long as the server does."""
    gc.collect()
    gc.freeze()


def most_bytes(settings: Settings) -> int:
    """The longest body that is taken at all; each route has its own limit below it."""
    return upload_bytes(settings) + FORM_BYTES if settings.import_token else 2 * MOST_BYTES


def channel_of(settings: Settings) -> type[HTTPChannel]:
    """What speaks with one client: a body that is too long is refused by its stated length, and in words."""
    words = too_large(settings) if settings.import_token else f"At most {2 * MOST_BYTES // 1024} kB may be sent."

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
        error: object

        def received(self, data: bytes) -> int:
            consumed: int = super().received(data)
            if isinstance(self.error, RequestEntityTooLarge):
                self.error = RequestEntityTooLarge(words)
            return consumed

    class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
        parser_class = Parser

    return Channel


def server_of(app: Flask, listener: socket.socket, settings: Settings) -> BaseWSGIServer:
    """What answers on a listening socket."""
    server: BaseWSGIServer = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident="Atlas",
        clear_untrusted_proxy_headers=True,
        max_request_body_size=most_bytes(settings),
    )
    server.channel_class = channel_of(settings)
    return server


def run(app: Flask, listener: socket.socket, settings: Settings) -> None:
    """Answer on a listening socket until SIGINT or SIGTERM, and say where once Atlas does."""
    server = server_of(app, listener, settings)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a browser's first page always queues
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    Thread(target=announce, args=(address_of(listener),), daemon=True).start()
    server.run()
    server.close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def address_of(listener: socket.socket) -> str:
    """Address that a browser on this machine can open."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{here}:{port}"


def announce(address: str) -> None:
    """Print the address once it answers."""
    with urlopen(f"{address}/healthz", timeout=PATIENCE_S) as answer:  # noqa: S310 -- our own address
        answer.read()
    typer.echo(f"Atlas is at {address}")
    sys.stdout.flush()
