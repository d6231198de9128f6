"""Registers that are sent to the whole application: the token is looked at before the file is, and costs no place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import open_store
from tests.estate_web import BEARER, PLAIN, TOKEN, app_with
from tests.exchanges import Taken, ask, asked
from web import bodies
from web.gateway import Gateway
from web.serve import bounds_of

IMPORTS = "/api/v1/estate/imports"
CHUNKED = {"Transfer-Encoding": "chunked", "Content-Type": "text/csv"}
BOUNDS = bounds_of(Settings(import_token=TOKEN, upload_mb=0.2))


@pytest.fixture
def app(toy: Atlas, tmp_path: Path) -> Iterator[Flask]:
    """The application over a store, with imports switched on."""
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as store:
        yield app_with(toy, store, tmp_path)


@pytest.fixture
def run(app: Flask) -> Callable[..., list[Taken]]:
    """Has the application answer requests whose bodies go on as they are told, all at once."""

    def run(*requests: tuple[str, dict[str, str], list[bytes | asyncio.Event]]) -> list[Taken]:
        async def answer() -> list[Taken]:
            gateway = Gateway(BOUNDS)
            gateway.open(app)
            asking = [ask(gateway, asked(address, headers, "POST"), *body) for address, headers, body in requests]
            return list(await asyncio.gather(*asking))

        return asyncio.run(answer())

    return run


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (IMPORTS, {}, 401),
        (IMPORTS, {"Authorization": "Bearer a wrong one"}, 401),
        (f"{IMPORTS}/", {}, 401),
        ("/estate/import", {}, 403),
        ("/estate/import", {"Cookie": "atlas_import=forged"}, 403),
        ("/estate/import/look", {}, 403),
    ],
)
def test_who_has_no_token_is_told_before_anything_is_read(
    run: Callable[..., list[Taken]], address: str, headers: dict[str, str], status: int
) -> None:
    silent = [(address, {**CHUNKED, **headers}, [b"x", asyncio.Event()])] * 3
    assert [taken.status for taken in run(*silent)] == [status] * 3


def test_nobody_without_a_token_holds_the_place_of_a_register(
    run: Callable[..., list[Taken]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_LARGE", 1)
    silent = [(IMPORTS, CHUNKED, [b"x", asyncio.Event()])] * 2
    text = PLAIN.encode()
    address = f"{IMPORTS}?{urlencode({'partner': 'West Council', 'file': 'assets.csv'})}"
    brought = (address, {**CHUNKED, **BEARER}, [text[:50], text[50:]])
    *refused, taken = run(*silent, brought)
    assert [one.status for one in refused] == [401, 401]
    assert taken.status == 201


def test_a_scenario_that_is_too_large_is_not_told_of_registers(run: Callable[..., list[Taken]]) -> None:
    (taken,) = run(("/api/v1/scenario", {"Content-Length": "5000000"}, [asyncio.Event()]))
    assert (taken.status, taken.header("Content-Type")) == (413, "application/problem+json")
    assert b"A scenario may have up to 256 kB" in taken.body
