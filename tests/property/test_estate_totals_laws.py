"""Laws of choosing assets and of adding them up, on estates drawn by lot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from atlas.geo.estate.model import MATCH_COLUMNS, Estate
from atlas.geo.estate.select import Selection, select
from atlas.geo.estate.totals import Totals, totals
from atlas.maps.estate_style import ColouredBy
from atlas.maps.estate_view import Window, places, view
from atlas.vocabulary.estate import AssetStatus, Tenure, Use
from tests.land import land

SIZES = st.one_of(st.none(), st.integers(0, 200).map(lambda number: number / 10))
ROWS = st.fixed_dictionaries(
    {
        "of": st.sampled_from(["council", "hospital", "nobody"]),
        "use": st.sampled_from(["office", "depot", "unknown"]),
        "tenure": st.sampled_from([*map(str, Tenure)]),
        "status": st.sampled_from([*map(str, AssetStatus)]),
        "land_ha": SIZES,
        "floor_m2": SIZES,
        "place": st.one_of(st.none(), st.tuples(st.integers(0, 7_999), st.integers(0, 1_999))),
    }
)
LONDON = Window(-0.6, 51.2, 0.4, 51.7, 10.0)


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    rows = draw(st.lists(ROWS, min_size=1, max_size=14))
    made = []
    for number, row in enumerate(rows):
        one = {name: value for name, value in row.items() if name != "place" and value is not None}
        made.append({"id": f"n{number:02d}", **one, **({"at": row["place"]} if row["place"] else {})})
    estate = land(*made)
    ids = list(estate.assets.index)
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=5))
    decided = [draw(st.sampled_from(["accepted", "rejected", "proposed"])) for _ in pairs]
    matches = [
        (*sorted(pair), "uprn", 1.0, "", said) for pair, said in zip(pairs, decided, strict=True) if pair[0] != pair[1]
    ]
    return replace(estate, matches=pd.DataFrame(matches, columns=list(MATCH_COLUMNS)))


def everything(estate: Estate) -> Totals:
    return totals(estate, np.arange(len(estate)))


def plain(estate: Estate, positions: np.ndarray) -> tuple[int, float, int]:
    """Places, their land and how many state none, by a dictionary."""
    most: dict[int, list[float]] = {}
    for position in positions.tolist():
        most.setdefault(int(estate.group[position]), []).append(float(estate.assets["land_ha"].iloc[position]))
    stated = [max((one for one in own if one == one), default=None) for own in most.values()]  # noqa: PLR0124 -- NaN
    return len(most), sum(one for one in stated if one is not None), sum(one is None for one in stated)


@given(estates())
def test_totals_are_those_of_the_plain_sum(estate: Estate) -> None:
    found = everything(estate).whole
    count, land_ha, unsaid = plain(estate, np.arange(len(estate)))
    assert (found.assets, found.no_land) == (count, unsaid)
    assert found.land_ha == pytest.approx(land_ha)


@given(estates())
def test_interests_by_anything_add_up_to_all(estate: Estate) -> None:
    found = everything(estate)
    for rows in (found.by_owner, found.by_use, found.by_tenure, found.by_status):
        assert sum(row.interests for row in rows) == found.whole.interests == len(estate)
        assert sum(row.assets for row in rows) >= found.whole.assets
        assert sum(row.land_ha for row in rows) >= found.whole.land_ha - 1e-9
        assert max(row.land_ha for row in rows) <= found.whole.land_ha + 1e-9


@given(estates(), st.sampled_from([*Use]), st.sampled_from([*AssetStatus]))
def test_choosing_twice_is_choosing_both(estate: Estate, use: Use, status: AssetStatus) -> None:
    by_use = select(estate, Selection(uses=(use,)))
    by_status = select(estate, Selection(statuses=(status,)))
    both = select(estate, Selection(uses=(use,), statuses=(status,)))
    assert both.tolist() == np.intersect1d(by_use, by_status).tolist()


@given(estates(), st.integers(0, 8_000))
def test_two_halves_of_an_area_hold_all_of_it(estate: Estate, cut: int) -> None:
    west = select(estate, Selection(area=shapely.box(530_000, 180_000, 530_000 + cut, 182_000)))
    east = select(estate, Selection(area=shapely.box(530_000 + cut, 180_000, 538_000, 182_000)))
    whole = select(estate, Selection(area=shapely.box(530_000, 180_000, 538_000, 182_000)))
    assert np.union1d(west, east).tolist() == whole.tolist()


@given(estates())
def test_fewer_assets_never_add_up_to_more(estate: Estate) -> None:
    part = np.arange(0, len(estate), 2)
    some, everything_ = totals(estate, part).whole, everything(estate).whole
    assert some.assets <= everything_.assets
    assert some.land_ha <= everything_.land_ha + 1e-9


@given(estates(), st.sampled_from([9.0, 12.0, 15.0, 18.0]), st.sampled_from([*ColouredBy]))
def test_a_window_shows_every_place_once(estate: Estate, zoom: float, by: ColouredBy) -> None:
    chosen = places(estate, np.arange(len(estate)))
    shown = view(estate, chosen, replace(LONDON, zoom=zoom), by)
    somewhere = np.isfinite(estate.xy[:, 0])
    assert len(chosen.first) == len(np.unique(estate.group[somewhere]))
    assert sum(shown["clusters"]["count"]) + len(shown["assets"]["id"]) == shown["places"] == len(chosen.first)
    assert all(count > 1 for count in shown["clusters"]["count"])
