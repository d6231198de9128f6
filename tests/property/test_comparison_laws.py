"""Laws that a comparison of releases obeys whatever split and merged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.gaps.comparison import COMPARED, compare
from atlas.vocabulary import Verdict

World = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Families of areas, each unchanged, split, merged or changed otherwise; some are of no study area."""
    pairs: list[tuple[str, str, str]] = []
    for k, (change, size) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from("USMX"), st.integers(2, 4)), min_size=1, max_size=9))
    ):
        olds = [f"a{k}{n}" for n in range(size if change in "MX" else 1)]
        news = [f"b{k}{n}" for n in range(size if change == "S" else 1)]
        pairs += [(old, new, change) for old in olds for new in news]
    pairs.append(("a", "b", "U"))
    changes = pd.DataFrame(pairs, columns=["lsoa11", "lsoa21", "change"])
    left_out = draw(st.sets(st.sampled_from(sorted({*changes["lsoa11"], *changes["lsoa21"]} - {"a", "b"}))))
    sides = []
    for column in ("lsoa11", "lsoa21"):
        codes = [code for code in changes[column].unique() if code not in left_out]
        row = st.tuples(st.floats(0, 100), st.floats(0, 100), st.sampled_from(list(Verdict)), st.integers(0, 999))
        rows = draw(st.lists(row, min_size=len(codes), max_size=len(codes)))
        sides.append(
            pd.DataFrame(rows, index=codes, columns=["need_percentile", "access_percentile", "verdict", "population"])
        )
    return sides[0], sides[1], changes


@settings(max_examples=30)
@given(worlds())
def test_people_and_their_places_are_conserved(world: World) -> None:
    before, after, _ = world
    found = compare(*world)
    matched = before.drop(list(found.unmatched))
    areas = found.areas[found.areas["match"].isin(COMPARED)]
    assert np.isclose(areas["population_before"].sum(), matched["population"].sum())
    assert np.isclose(found.pairs["population"].sum(), matched["population"].sum())
    weighted = (areas["population_before"] * areas["need_percentile_before"]).sum()
    assert np.isclose(weighted, (matched["population"] * matched["need_percentile"]).sum())
    assert found.areas.index.equals(after.index)


@settings(max_examples=30)
@given(worlds())
def test_earlier_figures_are_missing_only_where_the_match_says_so(world: World) -> None:
    areas = compare(*world).areas
    compared = areas["match"].isin(COMPARED)
    earlier = [name for name in areas if name.endswith(("_before", "_shift")) and areas[name].dtype.kind == "f"]
    assert areas[earlier].notna().all(axis=1).equals(compared)
    assert (areas["verdict_before"] != "").equals(compared)
    assert (areas["fate"] == "not_compared").equals(~compared)
    assert areas.loc[compared, "need_percentile_before"].between(-1e-9, 100 + 1e-9).all()


@settings(max_examples=30)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world: World, random: Any) -> None:
    turned = []
    for frame in world:
        order = list(range(len(frame)))
        random.shuffle(order)
        turned.append(frame.iloc[order])
    found, again = compare(*world), compare(*turned)
    pd.testing.assert_frame_equal(again.areas.loc[found.areas.index], found.areas)
    assert again.unmatched == found.unmatched


@settings(max_examples=30)
@given(worlds())
def test_a_release_beside_itself_has_not_moved(world: World) -> None:
    _, after, _ = world
    same = pd.DataFrame({"lsoa11": after.index, "lsoa21": after.index, "change": "U"})
    areas = compare(after, after, same).areas
    assert (areas["need_percentile_shift"] == 0).all()
    assert set(areas["fate"]) <= {"remains", "neither", "unknown"}
