"""The single map of 100,000 assets, at the server: a window of the map with filters, an area drawn and added up.

Assets of twelve partners strewn over London, three in ten with an outline (`benchmarks.estate_shown`; a tenth as many
when ATLAS_BENCH_SMALL is 1). Every request is another address, so that nothing is answered from what was kept. Aims:
a window in 150 ms and 200 kB as sent, a drawn area added up in 200 ms. The peer of choosing and adding up is geopandas:
a spatial join with the area, and `groupby` by owner.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from atlas.geo.estate.facets import facets
from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Selection, index_of, select
from atlas.geo.estate.totals import totals
from atlas.pipeline import load, with_estate
from atlas.settings import Settings
from atlas.vocabulary import Release
from benchmarks.estate_shown import shown_estate
from web import create_app
from web.memory import give_back

SIZE = 10_000 if os.environ.get("ATLAS_BENCH_SMALL") == "1" else 100_000
BROTLI = {"Accept-Encoding": "br"}
FILTERS = "use=office,depot,land,library,community,housing&find=r&max_ha=50"
WINDOWS = {
    "crowded": (-0.09, 51.46, -0.035, 51.50, 14.5),
    "london": (-0.51, 51.28, 0.33, 51.69, 10.0),
    "borough": (-0.08, 51.41, 0.04, 51.49, 12.5),
    "near": (-0.035, 51.440, -0.015, 51.450, 15.0),
}
CIRCLE = shapely.Point(537_500, 175_000).buffer(4_000, quad_segs=8)


@pytest.fixture(scope="module")
def estate() -> Estate:
    return shown_estate(SIZE)


@pytest.fixture(scope="module")
def client(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    from dataclasses import replace  # noqa: PLC0415

    atlas = load(Settings(workspace=tmp_path_factory.mktemp("workspace")), Release.ESTIMATE)
    held = replace(atlas, inputs=with_estate(atlas.inputs, estate))
    client = create_app(Settings(), held).test_client()
    client.get("/estate")
    give_back()
    yield client
    gc.unfreeze()


def asked(client: FlaskClient, address: str) -> int:
    answer = client.get(address, headers=BROTLI)
    assert answer.status_code == 200, answer.data[:500]
    return len(answer.data)


@pytest.mark.parametrize("filters", ["", FILTERS], ids=["all", "filters"])
@pytest.mark.parametrize("where", list(WINDOWS))
def test_window(benchmark: Any, client: FlaskClient, where: str, filters: str) -> None:
    *box, zoom = WINDOWS[where]
    fresh: Iterator[int] = itertools.count(1)

    def another() -> tuple[tuple[FlaskClient, str], dict[str, Any]]:
        moved = ",".join(f"{degree + next(fresh) / 1e5:.6f}" for degree in box)
        chosen = f"&{filters}&min_ha={next(fresh) / 1e6}" if filters else ""
        return (client, f"/estate/view.json?bbox={moved}&zoom={zoom}{chosen}"), {}

    sent = benchmark.pedantic(asked, setup=another, rounds=20, warmup_rounds=2)
    benchmark.extra_info.update(kB=sent / 1000)


@pytest.mark.parametrize("what", ["/api/v1/estate/totals", "/estate"])
def test_drawn_area(benchmark: Any, client: FlaskClient, what: str) -> None:
    corners = gpd.GeoSeries([CIRCLE], crs="EPSG:27700").to_crs("EPSG:4326").get_coordinates().to_numpy()
    fresh: Iterator[int] = itertools.count(1)

    def another() -> tuple[tuple[FlaskClient, str], dict[str, Any]]:
        moved = corners + next(fresh) / 1e4
        return (client, f"{what}?area=" + ",".join(f"{degree:.5f}" for degree in moved.ravel())), {}

    sent = benchmark.pedantic(asked, setup=another, rounds=20, warmup_rounds=2)
    benchmark.extra_info.update(kB=sent / 1000)


def chosen_by_everything(estate: Estate) -> Selection:
    return Selection(
        partners=tuple(sorted(estate.assets["partner"].unique())[:8]),
        uses=("office", "depot", "land"),  # type: ignore[arg-type]
        statuses=("in_use", "vacant"),  # type: ignore[arg-type]
        min_ha=0.01,
        max_ha=100.0,
        text="road",
        area=CIRCLE,
    )


def test_choosing(benchmark: Any, estate: Estate) -> None:
    index_of(estate)
    everything = chosen_by_everything(estate)
    found = benchmark(lambda: select(estate, everything))
    benchmark.extra_info.update(assets=len(found))


@pytest.mark.parametrize("chosen", ["nothing", "everything"])
def test_numbers_beside_choices(benchmark: Any, estate: Estate, chosen: str) -> None:
    index_of(estate)
    selection = chosen_by_everything(estate) if chosen == "everything" else Selection()
    benchmark(lambda: facets(estate, selection))


@pytest.mark.parametrize("whose", ["ours", "peer"])
def test_adding_up(benchmark: Any, estate: Estate, whose: str) -> None:
    frame = gpd.GeoDataFrame(
        estate.assets[["partner", "land_ha", "floor_m2"]], geometry=shapely.points(estate.xy), crs="EPSG:27700"
    )
    area = gpd.GeoDataFrame(geometry=[CIRCLE], crs="EPSG:27700")

    def peer() -> Any:
        inside = gpd.sjoin(frame, area, predicate="intersects")
        return inside.groupby("partner")[["land_ha", "floor_m2"]].agg(["sum", "count"])

    def ours() -> Any:
        return totals(estate, select(estate, Selection(area=CIRCLE)))

    estate.group  # noqa: B018 -- worked out once for each estate, as the page does
    index_of(estate)
    benchmark.extra_info.update(inside=int(np.sum(shapely.intersects_xy(CIRCLE, estate.xy))))
    benchmark({"ours": ours, "peer": peer}[whose])
