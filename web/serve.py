"""`atlas serve`: the web on this machine."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Annotated, Final
from urllib.request import ProxyHandler, build_opener

import typer
from flask import Flask

from atlas import pipeline
from atlas.errors import UnavailableError
from atlas.estate import load_estate, open_workspace_store
from atlas.geo.estate.model import Estate, Viewer
from atlas.settings import Settings
from atlas.sources import releases
from atlas.sources.download import pull as pull_files
from atlas.store import Store
from atlas.vocabulary import Release, label
from web import create_app, england, logs
from web.below import path_of
from web.bodies import Allowance, Bounds
from web.estate_found import make_ready
from web.estate_imports import FORM_COLUMNS
from web.estate_uploads import FORM_BYTES, too_large, upload_bytes
from web.export import hold_sizes
from web.graph import hold_graph
from web.library import changes_here
from web.limits import Buckets, guard
from web.maps import hold_shapes, page_map
from web.memory import give_back, keep_little
from web.refresh import REFRESHER, Refresher
from web.scenario_address import MOST_BYTES
from web.search_found import make_ready as make_search_ready
from web.server import BACKLOG, serving
from web.visit import EXTENSION, House

PATIENCE_S: Final = 60.0
STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


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
    keep_little()
    settings = Settings.from_environment()
    with suppress(Stopped), listen(host or settings.host, settings.port if port is None else port) as listener:
        for number in STOPPING:
            signal.signal(number, _stop)
        behind, is_https, below = settings.trusted_proxies > 0, settings.is_https, path_of(settings.public_url)
        with serving(listener, bounds_of(settings), forwarded=behind, is_https=is_https, below=below) as server:
            logs.set_up(settings.log)
            if pull and release is not Release.ESTIMATE:
                bring_official(settings)
            with at_work(make_app(settings, release), settings.workspace) as app:
                server.open(app)
                announce(address_of(listener))
                Event().wait()
    sys.stdout.flush()
    sys.stderr.flush()
    # All of ours is closed. A thread of the server may not be, and would abort an interpreter that ends under it.
    os._exit(0)


@contextmanager
def at_work(app: Flask, workspace: Path) -> Iterator[Flask]:
    """Make the first pages, and have the rest made in the background; at the end nothing is at work any more."""
    library = app.extensions[EXTENSION].library
    first, *rest = library.releases
    refresher: Refresher | None = app.extensions.get(REFRESHER)
    warming = Thread(target=warm_rest, args=(app, workspace, first, *rest), daemon=True)
    with ExitStack() as ending:
        if refresher:
            refresher.prepare = partial(make_land_ready, release=first, workspace=workspace)
            ending.callback(refresher.source.close)
        warm(app, workspace, first)
        give_back()
        # A thread at work while the interpreter ends would complain of it.
        warming.start()
        ending.callback(warming.join)
        ending.callback(app.extensions[england.EXTENSION].maker.close)
        # Who waits for all draws gets the first look, rather than keep the end waiting.
        ending.callback(library.close)
        if refresher:
            refresher.start()
            ending.callback(refresher.stop)
        yield app


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
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        way_out = "stop what listens there, or choose another with --port"
        raise UnavailableError(f"cannot listen on {host}:{port}: {error.strerror}; {way_out}") from error


def store_of(settings: Settings) -> Store | None:
    """Open what users added; where the workspace cannot hold it, the atlas starts without land, and says so.

    Raises
    ------
    UnavailableError
        If a database was named and cannot be used: it was asked for, and is not left out unseen.
    """
    try:
        return open_workspace_store(settings)
    except UnavailableError as error:
        if settings.database_url is not None:
            raise
        reason = f"{error}".partition("; ")[0]
        typer.echo(f"Land and property are left out ({reason}): nothing can be imported; see ATLAS_WORKSPACE", err=True)
        return None


def make_app(settings: Settings, release: Release | None = None) -> Flask:
    """Read every release that is here and make the application."""
    store = store_of(settings)
    estate = load_estate(settings, Viewer.public(), store) if store else Estate.empty()
    atlas = pipeline.load(settings, release, estate=estate)
    here = releases.available(settings.workspace)
    later = [other for other in here if other is not atlas.inputs.release]
    others = [pipeline.load_inputs(settings, other, estate=estate) for other in later]
    finish = partial(pipeline.finish, workspace=settings.workspace)
    changes = changes_here(settings.workspace, [atlas.inputs, *others])
    app = create_app(settings, atlas, others, finish, changes, store)
    if settings.rate:
        guard(app, Buckets(settings.rate))
    return app


def warm(app: Flask, workspace: Path, *wanted: Release) -> None:
    """Make the first page of releases and what its map asks for, so that no reader waits for them."""
    client = app.test_client()
    for release in wanted:
        if app.extensions[EXTENSION].library.is_closed:
            return
        hold_shapes(app.extensions[EXTENSION], release, workspace)
        address = f"/?release={release}"
        with app.test_request_context(address):
            shown = page_map()
        for part in (address, shown.geometry, shown.values):
            client.get(part, headers={"Accept-Encoding": "br"})


def warm_rest(app: Flask, workspace: Path, first: Release, *rest: Release) -> None:
    """Make what follows the first page while it is read: the drawing of the graph, and the other releases."""
    make_land_ready(app.extensions[EXTENSION], first, workspace)
    warm(app, workspace, *rest)
    for release in rest:
        make_search_ready(app.extensions[EXTENSION].library.inputs(release))
        hold_sizes(app.extensions[EXTENSION], release, workspace)
    england.prepare(app, (first, *rest))
    give_back()


def make_land_ready(held: House, release: Release, workspace: Path) -> None:
    """Make what a first look at the graph and at the land, and a first search, would wait for."""
    hold_graph(held, release, workspace)
    make_ready(held.library.inputs(release).estate)
    make_search_ready(held.library.inputs(release))
    hold_sizes(held, release, workspace)


def bounds_of(settings: Settings) -> Bounds:
    """What one client may send where, and how slowly; each route has its own limit below that."""
    scenario = Allowance(2 * MOST_BYTES, f"A scenario may have up to {MOST_BYTES // 1024} kB, and this one has more.")
    routes = {"/scenarios/run": scenario, "/api/v1/scenario": scenario}
    if settings.import_token:
        register = Allowance(upload_bytes(settings) + FORM_BYTES, too_large(settings), is_large=True)
        columns = Allowance(FORM_COLUMNS, f"The form may have up to {FORM_COLUMNS // 1024} kB.", is_large=True)
        routes |= {"/estate/import": register, "/api/v1/estate/imports": register, "/estate/import/look": columns}
    said = f"At most {2 * MOST_BYTES // 1024} kB may be sent to this address."
    return Bounds(2 * MOST_BYTES, said, settings.client_s, routes)


class Stopped(BaseException):
    """Atlas was told to stop."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    # told twice, it ends once
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def address_of(listener: socket.socket) -> str:
    """Address that a browser on this machine can open."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{here}:{port}"


def announce(address: str) -> None:
    """Print the address once it answers."""
    # whatever proxy the machine is set to use, the way to itself needs none
    here = build_opener(ProxyHandler({}))
    with here.open(f"{address}/healthz", timeout=PATIENCE_S) as answer:
        answer.read()
    typer.echo(f"Atlas is at {address}")
    sys.stdout.flush()
