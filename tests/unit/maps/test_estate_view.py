"""What a window of the single map shows, and how assets are told apart."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.crs import points_to_wgs84
from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Selection, select
from atlas.maps import estate_view
from atlas.maps.estate_map import EstateMap
from atlas.maps.estate_style import COLOURS, ColouredBy, Group, colouring
from atlas.maps.estate_view import Window, ground, places, view
from atlas.maps.page import Urls, fragments
from tests.land import land
from tests.toy import X0, Y0, toy_atlas
from tests.toy_estate import TOWN_HALL, toy_estate

ALL = Window(-0.2, 51.4, 0.1, 51.6, 9.0)


def window(west: float, south: float, east: float, north: float, zoom: float) -> Window:
    """A window given in metres from the corner of the toy world."""
    longitudes, latitudes = points_to_wgs84([X0 + west, X0 + east], [Y0 + south, Y0 + north])
    return Window(longitudes[0], latitudes[0], longitudes[1], latitudes[1], zoom)


def shown(estate: Estate, at: Window, by: ColouredBy = ColouredBy.OWNER) -> dict[str, Any]:
    return view(estate, places(estate, np.arange(len(estate))), at, by)


def test_a_place_stands_once_by_the_interest_that_has_an_outline() -> None:
    estate = toy_estate()
    outline = shapely.to_wkb(shapely.box(533_500, 181_190, 533_510, 181_210))
    outlines = [outline if asset == "asset:hospital-block" else None for asset in estate.assets.index]
    with_outline = replace(estate, assets=estate.assets.assign(wkb=np.array(outlines, dtype=object)))
    found = places(with_outline, np.arange(len(estate)))
    names = with_outline.assets.index[found.first]
    assert "asset:hospital-block" in names
    assert "asset:council-block" not in names
    assert found.interests[list(names).index("asset:hospital-block")] == 2


def test_what_is_nowhere_is_no_place() -> None:
    estate = toy_estate()
    assert "asset:council-lost" not in estate.assets.index[places(estate, np.arange(len(estate))).first]


def test_a_cluster_tells_how_many_where_and_of_whom_most() -> None:
    estate = land(
        {"id": "a", "at": (1_000, 1_000)},
        {"id": "b", "at": (1_100, 1_000)},
        {"of": "hospital", "id": "c", "at": (1_000, 1_050)},
    )
    found = shown(estate, window(0, 0, 8_000, 2_000, 10.0))
    clusters = found["clusters"]
    assert isinstance(clusters, dict)
    assert (clusters["count"], clusters["kind"], clusters["share"]) == ([3], [0], [67])
    west, south, east, north = clusters["box"]
    longitude, latitude = clusters["at"]
    assert west <= longitude <= east
    assert south <= latitude <= north


def test_an_asset_alone_in_its_square_is_shown_as_itself_from_afar() -> None:
    found = shown(
        land({"id": "a", "at": (1_000, 1_000)}, {"id": "b", "at": (7_900, 1_000)}), window(0, 0, 8_000, 2_000, 11.0)
    )
    assert found["clusters"] == {"at": [], "box": [], "count": [], "kind": [], "share": []}


def test_too_many_nearby_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estate_view, "MOST", 2)
    rows = [{"id": f"n{number}", "at": (1_000 + number, 1_000)} for number in range(3)]
    found = shown(land(*rows), window(900, 900, 1_100, 1_100, 17.0))
    assert sum(found["clusters"]["count"]) == 3


def test_an_outline_that_reaches_into_the_window_is_shown_though_its_point_lies_outside() -> None:
    found = shown(toy_estate(), window(1_580, 500, 1_700, 600, 16.0))
    assert found["outlines"]


def test_outlines_are_those_of_the_register_to_a_tenth_of_a_metre() -> None:
    [outline] = shown(toy_estate(), window(1_000, 0, 2_000, 1_000, 18.0))["outlines"]
    corners = np.cumsum(np.reshape(outline[1:], (-1, 2)), axis=0) / 1e6
    x, y = points_to_wgs84(*shapely.get_coordinates(TOWN_HALL.exterior).T)
    assert corners == pytest.approx(np.column_stack([x, y]), abs=1e-6)


def test_small_outlines_and_too_many_vertices_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(toy_estate(), ALL)["outlines"] == []
    monkeypatch.setattr(estate_view, "MOST_VERTICES", 3)
    assert shown(toy_estate(), window(1_000, 0, 2_000, 1_000, 17.0))["outlines"] == []


def test_a_full_window_is_no_larger_than_promised() -> None:
    rng = np.random.default_rng(1)
    count = estate_view.MOST
    estate = land(
        *(
            {"id": f"a-reference-as-long-as-they-come-{number}", "name": "A name of a usual length, Road", "at": (0, 0)}
            for number in range(count)
        )
    )
    xy = rng.uniform((X0, Y0), (X0 + 1_000, Y0 + 1_000), (count, 2))
    boxes = shapely.box(xy[:, 0], xy[:, 1], xy[:, 0] + 40, xy[:, 1] + 30)
    assets = estate.assets.assign(x_m=xy[:, 0] + 20, y_m=xy[:, 1] + 15)
    assets["wkb"] = pd.Series(list(shapely.to_wkb(boxes)), index=assets.index, dtype=object)
    found = shown(replace(estate, assets=assets), window(-100, -100, 1_200, 1_200, 16.0))
    assert len(found["assets"]["id"]) == count
    assert len(json.dumps(found, separators=(",", ":"))) < 260_000


@pytest.mark.parametrize("by", list(ColouredBy))
def test_groups_differ_in_letter_and_colour(by: ColouredBy) -> None:
    groups = colouring(toy_estate(), by).groups
    for one, other in itertools.combinations(groups, 2):
        assert one.letter != other.letter
        assert one.fill != other.fill


def test_what_is_rare_is_put_together_and_what_is_not_stated_comes_last() -> None:
    uses = ("office", "depot", "library", "health", "housing", "land", "civic", "retail", "care", "leisure", "unknown")
    rows = [{"id": f"{use}-{number}", "use": use} for rank, use in enumerate(uses) for number in range(12 - rank)]
    found = colouring(land(*rows), ColouredBy.USE)
    assert [group.label for group in found.groups][-2:] == ["2 others", "Not stated"]
    assert len(found.groups) == len(COLOURS) + 2
    assert found.groups[0] == Group("office", "Office", "A", *COLOURS[0])


def test_letters_stand_out_from_their_colour() -> None:
    for fill, ink in COLOURS:
        lighter, darker = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_ground_has_gap_areas_and_sites_and_no_more() -> None:
    found = ground(toy_atlas())
    assert set(found) == {"geometry", "gap_areas", "sites", "institutions"}
    assert len(found["sites"]["lon"]) == 3


def test_the_map_is_written_without_names_and_draws_only_where_asked() -> None:
    written = fragments(EstateMap(toy_atlas(), Urls("/g", "/v")))
    assert "atlas.estateAssets(atlas_map" in written.script
    assert "atlas.estateDrawing(atlas_map" in written.script
    assert "Hospital" not in written.script + written.html
    assert "estateDrawing" not in fragments(EstateMap(toy_atlas(), Urls("/g", "/v"), draws=False)).script


def test_a_choice_is_shown_and_nothing_else() -> None:
    estate = toy_estate()
    chosen = places(estate, select(estate, Selection(partners=("institution:nobody",))))
    assert view(estate, chosen, ALL, ColouredBy.OWNER)["places"] == 1
