"""A choice changed on the page: from the request to the page and the map's values, at the server; London.

Aim: at most 150 ms, and the geometry is not sent again. Official index of 2025 (4,994 LSOAs), a first look of 64 draws.
The background that makes the rest is off: for one reader it begins when the answer is out.
"""

from __future__ import annotations

import gc
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from atlas.pipeline import load
from atlas.settings import Settings
from atlas.sources.download import pull
from atlas.sources.releases import catalogue
from atlas.vocabulary import Release
from web import create_app
from web.memory import give_back

PRELOADED = re.compile(r'<link rel="preload" as="fetch" href="([^"]+)"')
BROTLI = {"Accept-Encoding": "br"}


@pytest.fixture(scope="module")
def client(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    settings = Settings(workspace=tmp_path_factory.mktemp("workspace"))
    pull(catalogue().needed(Release.IOD2025), settings.workspace, from_folder=shared)
    client = create_app(settings, load(settings), (), lambda *_: iter(())).test_client()
    give_back()
    yield client
    gc.unfreeze()


def change(client: FlaskClient, address: str) -> tuple[str, int]:
    """Ask for a page and the values that its map shows; gives the geometry's address and the bytes sent."""
    page = client.get(address, headers=BROTLI)
    geometry, values = PRELOADED.findall(brotli.decompress(page.data).decode())
    numbers = client.get(values.replace("&amp;", "&"), headers=BROTLI)
    return geometry, len(page.data) + len(numbers.data)


@pytest.mark.parametrize("field", ["catchment", "weights"])
def test_a_choice_changed(benchmark: Any, client: FlaskClient, field: str) -> None:
    before, _ = change(client, "/")
    fresh: Iterator[int] = itertools.count(1)

    def another() -> tuple[tuple[FlaskClient, str], dict[str, Any]]:
        step = next(fresh)
        value = (
            f"{4000 + step}"
            if field == "catchment"
            else f"{22.5 + step / 1000},{22.5 - step / 1000},13.5,13.5,9.3,9.3,9.3"
        )
        return (client, f"/?{field}={value}"), {}

    after, sent = benchmark.pedantic(change, setup=another, rounds=25, warmup_rounds=3)
    benchmark.extra_info.update(kB=sent / 1000, geometry_sent_again=str(after != before))
