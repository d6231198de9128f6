"""The application on the toy world, on a hostile one, and on London."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.pipeline import analyse, load
from atlas.records import Commitment, Measurement, Partnerships, Profile, Record
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import Store, open_store
from atlas.vocabulary import Maturity, Release
from tests.estate_web import Holder, app_with, sign_in
from tests.exchanges import BOUNDS, Taken, ask
from tests.toy import HOSTILE, toy_atlas, toy_inputs, toy_partnerships
from tests.toy_estate import toy_estate_atlas
from web import create_app
from web.gateway import Gateway

EVIDENCE: dict[str, Any] = {"source": "toy", "evidence": HOSTILE, "checked_on": date(2026, 11, 21)}


def hostile_rows(rows: tuple[Record, ...]) -> tuple[Any, ...]:
    """The rows with markup in every free text and a script in every address."""
    words = ("name", "title", "publisher", "description", "note", "evidence", "licence", "kind")
    fields = type(rows[0]).model_fields if rows else {}
    changes: dict[str, str] = {field: HOSTILE for field in words if field in fields and fields[field].annotation is str}
    changes |= {field: "javascript:alert(1)" for field in ("website", "url") if field in fields}
    return tuple(row.model_copy(update=changes) for row in rows)


def hostile_partnerships() -> Partnerships:
    """The toy world's records, each text an attack."""
    plain = toy_partnerships()
    tables = ("sources", "institutions", "sites", "networks", "programmes", "ties")
    return plain.model_copy(
        update={
            **{table: hostile_rows(getattr(plain, table)) for table in tables},
            "commitments": (
                Commitment(node="network:west", metric=HOSTILE, target=40, unit=HOSTILE, due="2027", **EVIDENCE),
            ),
            "measurements": (
                Measurement(node="network:west", metric=HOSTILE, value=12.5, unit=HOSTILE, **EVIDENCE),
                Measurement(node="network:west", metric="unpromised", value=3, unit="jobs", **EVIDENCE),
            ),
            "profiles": (Profile(node="network:west", aspect=HOSTILE, position=Maturity.MATURE, **EVIDENCE),),
        }
    )


@pytest.fixture(scope="session")
def toy() -> Atlas:
    return toy_atlas()


@pytest.fixture(scope="session")
def land_app() -> Flask:
    """The application on the toy world with its land."""
    return create_app(Settings(), toy_estate_atlas())


@pytest.fixture
def land(land_app: Flask) -> FlaskClient:
    return land_app.test_client()


@pytest.fixture(scope="session")
def app(toy: Atlas) -> Flask:
    return create_app(Settings(), toy)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def hostile_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    # a workspace of its own: what is kept of the toy world is not of this one
    workspace: Path = tmp_path_factory.mktemp("workspace")
    return create_app(Settings(workspace=workspace), analyse(toy_inputs(hostile_partnerships()), Parameters()))


@pytest.fixture(scope="session")
def london(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """The embedded default: real areas, estimated need, real partnerships."""
    workspace: Path = tmp_path_factory.mktemp("workspace")
    return load(Settings(workspace=workspace), Release.ESTIMATE)


@pytest.fixture(scope="session")
def london_app(london: Atlas) -> Flask:
    return create_app(Settings(), london)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database of what users add, with nothing in it."""
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as opened:
        yield opened


@pytest.fixture
def estate_app(toy: Atlas, store: Store, tmp_path: Path) -> Flask:
    """The toy world over that database, with imports switched on."""
    return app_with(toy, store, tmp_path)


@pytest.fixture
def holder(estate_app: Flask) -> Holder:
    """A reader who has given the token."""
    return sign_in(estate_app)


@pytest.fixture
def echo() -> Flask:
    """An application that tells what it was sent."""
    app = Flask("echo")

    @app.route("/echo", methods=["GET", "POST"])
    def answer() -> dict[str, Any]:
        return {
            "sent": request.get_data(as_text=True),
            "length": request.content_length,
            "address": request.remote_addr,
            "path": request.full_path,
            "headers": dict(request.headers),
        }

    @app.get("/broken")
    def broken() -> str:
        raise KeyboardInterrupt

    @app.get("/<path:path>")
    def path(path: str) -> str:
        return path

    app.extensions["atlas"] = _Nothing()
    return app


class _Nothing:
    """What the front asks whether anything has moved."""

    library: Any = None

    def __init__(self) -> None:
        self.library = type("Library", (), {"moves": 0})


@pytest.fixture
def run(echo: Flask) -> Callable[..., Taken]:
    """Has the echo answer one request."""

    def run(request: Any, *pieces: bytes | asyncio.Event, bounds: Any = BOUNDS, **given: bool) -> Taken:
        async def answer() -> Taken:
            gateway = Gateway(bounds, **given)
            gateway.open(echo)
            taken = await ask(gateway, request, *pieces)
            gateway.close()
            return taken

        return asyncio.run(answer())

    return run
