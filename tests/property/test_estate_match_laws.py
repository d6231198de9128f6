"""Laws of matching: what is proposed follows from the two rows of a pair, and not from order, side or strangers."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS
from atlas.geo.estate.match import choose, propose, propose_all, propose_new
from atlas.geo.estate.match.nearby import NEAR_M
from atlas.geo.estate.match.pairs import pairs_in_blocks

EMPTY = dict.fromkeys(ASSET_COLUMNS, "") | dict.fromkeys(NUMBER_COLUMNS, np.nan) | {"wkb": None, "is_sensitive": False}
MIN_IOU, MIN_INSIDE = 0.3, 0.9

boxes = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 9), st.integers(1, 9))
row = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["institution:p", "institution:q"]),
        "register": st.sampled_from(["r", "s", "t"]),
        "uprn": st.sampled_from(["", "", "7", "8"]),
        "name": st.sampled_from(
            ["", "Catford Library", "Catford Libary", "Flat 1", "Flat 2", "Mayow Park", "Land rear of"]
        ),
        "number": st.sampled_from(["", "12", "14", "12-14", "12A", "13"]),
        "street": st.sampled_from(["High Street", "HIGH ST", "High Road", "Laurence Road", "", "12 High St, SE6 4RU"]),
        "postcode": st.sampled_from(["", "SE6 4RU", "SE6 4RT", "SE6 4AB", "SE13 7XX"]),
        "tenure": st.sampled_from(["", "freehold", "leasehold"]),
        "x_m": st.sampled_from([537_000.0, 537_090.0, 537_900.0, np.nan]),
        "y_m": st.sampled_from([175_000.0, 175_080.0]),
        "wkb": st.one_of(st.none(), st.none(), boxes),
    }
)
estates = st.lists(row, min_size=2, max_size=12)
some = settings(max_examples=25)
"""An estate of twelve rows holds many pairs, and building its frames takes longest."""


def frame(drawn: list[dict[str, object]], prefix: str = "") -> pd.DataFrame:
    whole = [EMPTY | one | {"wkb": outline(one["wkb"])} for one in drawn]
    index = pd.Index([f"asset:{prefix}{k:02d}" for k in range(len(drawn))], dtype="str", name="asset")
    return pd.DataFrame(whole, index=index, columns=list(ASSET_COLUMNS))


def outline(drawn: object) -> bytes | None:
    if drawn is None:
        return None
    west, south, width, height = drawn  # type: ignore[misc]
    return bytes(shapely.to_wkb(shapely.box(west, south, west + width, south + height)))


def pairs(found: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(found["left"], found["right"], strict=True))


def whose(assets: pd.DataFrame, one: str) -> tuple[str, str]:
    return str(assets.loc[one, "partner"]), str(assets.loc[one, "register"])


def is_interest(assets: pd.DataFrame, one: str, other: str) -> bool:
    a, b = assets.loc[one], assets.loc[other]
    same = (a["uprn"] != "" and a["uprn"] == b["uprn"]) or (a["wkb"] is not None and a["wkb"] == b["wkb"])
    return bool(same and {a["tenure"], b["tenure"]} == {"freehold", "leasehold"})


@some
@given(estates, estates)
def test_it_is_the_same_from_either_side(one: list[dict[str, object]], other: list[dict[str, object]]) -> None:
    left, right = frame(one, "a"), frame(other, "b")
    pd.testing.assert_frame_equal(propose(left, right), propose(right, left))


@some
@given(estates, st.randoms(use_true_random=False))
def test_it_is_the_same_in_any_order(drawn: list[dict[str, object]], random: object) -> None:
    assets = frame(drawn)
    order = list(range(len(assets)))
    random.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(propose_all(assets), propose_all(assets.iloc[order]))


@some
@given(estates)
def test_each_pair_is_of_two_registers_or_of_two_interests_and_stands_once(drawn: list[dict[str, object]]) -> None:
    assets = frame(drawn)
    found = propose_all(assets)
    assert (found["left"] < found["right"]).all()
    assert len(pairs(found)) == len(found)
    assert found["score"].between(0.0, 1.0).all()
    for one, other in pairs(found):
        assert whose(assets, one) != whose(assets, other) or is_interest(assets, one, other)


@some
@given(estates)
def test_what_came_in_is_not_changed(drawn: list[dict[str, object]]) -> None:
    assets = frame(drawn)
    before = assets.copy(deep=True)
    propose_all(assets)
    propose(assets.iloc[:1], assets.iloc[1:])
    propose_new(assets, list(assets.index[:1]))
    pd.testing.assert_frame_equal(assets, before)


@some
@given(estates)
def test_a_stranger_takes_no_proposal_away(drawn: list[dict[str, object]]) -> None:
    assets = frame(drawn)
    stranger = {
        "partner": "institution:z", "register": "z", "uprn": "99", "name": "Pier", "street": "Quay", "number": "900",
        "postcode": "N1 9ZZ", "tenure": "freehold", "x_m": 1.0, "y_m": 1.0, "wkb": (500, 500, 1, 1),
    }  # fmt: skip
    more = pd.concat([assets, frame([stranger], "z")])
    pd.testing.assert_frame_equal(propose_all(assets), propose_all(more))


@some
@given(estates, st.data())
def test_two_frames_are_proposed_for_as_one_estate_is(drawn: list[dict[str, object]], data: st.DataObject) -> None:
    assets = frame(drawn).assign(tenure="")
    in_left = assets["register"] == data.draw(st.sampled_from(["r", "s", "t"]))
    found = propose(assets[in_left], assets[~in_left])
    assert pairs(found) >= {(one, other) for one, other in pairs(propose_all(assets)) if in_left[one] != in_left[other]}
    assert all(in_left[one] != in_left[other] for one, other in pairs(found))


@some
@given(estates)
def test_new_ones_are_proposed_for_as_in_the_whole(drawn: list[dict[str, object]]) -> None:
    assets = frame(drawn)
    new = list(assets.index[::3])
    whole = {pair for pair in pairs(propose_all(assets)) if set(pair) & set(new)}
    found = pairs(propose_new(assets, new))
    assert found >= whole
    assert all(set(pair) & set(new) for pair in found)
    pd.testing.assert_frame_equal(propose_new(assets, list(assets.index)), propose_all(assets))


@some
@given(estates, st.integers(1, 4), st.integers(1, 3))
def test_what_is_proposed_does_not_depend_on_how_many_are_looked_at_together(
    drawn: list[dict[str, object]], most: int, step: int
) -> None:
    assets = frame(drawn)
    new = list(assets.index[::step])
    pd.testing.assert_frame_equal(propose_new(assets, new, most), propose_new(assets, new))


@some
@given(
    st.lists(
        st.tuples(
            st.sampled_from("rs"),
            st.booleans(),
            st.sampled_from(["Ashbourne", "Kingsgate"]),
            st.integers(-320, 320),
            st.integers(-320, 320),
        ),
        max_size=12,
    )
)
def test_rows_without_a_postcode_are_paired_with_all_that_are_near(
    drawn: list[tuple[str, bool, str, int, int]],
) -> None:
    assets = frame(
        [
            # no two have one sector
            {"register": register, "postcode": f"SE{k} 4RU" if told else "", "name": f"{name} Library"}
            | {"x_m": 537_000.0 + east, "y_m": 175_000.0 + north, "wkb": None}
            for k, (register, told, name, east, north) in enumerate(drawn)
        ]
    )
    dumb = {
        (f"asset:{a:02d}", f"asset:{b:02d}")
        for (a, one), (b, other) in combinations(enumerate(drawn), 2)
        if one[0] != other[0]
        and not (one[1] and other[1])
        and one[2] == other[2]
        and np.hypot(one[3] - other[3], one[4] - other[4]) <= NEAR_M
    }
    with pytest.MonkeyPatch.context() as patch:
        # all are shown, and not only the likeliest three of each
        patch.setattr(choose, "MOST_FOR_ONE", len(drawn))
        found = propose_all(assets)
    assert pairs(found) == dumb


@given(
    st.lists(st.fixed_dictionaries({"register": st.sampled_from("rs"), "uprn": st.sampled_from(["", "7", "8", "9"])}))
)
def test_pairs_by_uprn_are_those_of_all_with_all(drawn: list[dict[str, object]]) -> None:
    n = len(drawn)
    uprn = np.array([int(str(one["uprn"]) or -1) for one in drawn], dtype=np.int64)
    group = np.array([ord(str(one["register"])) for one in drawn], dtype=np.int64)
    every = np.ones(n, dtype=bool)
    one, other = pairs_in_blocks([uprn], group, (every, every))
    dumb = {(a, b) for a, b in combinations(range(n), 2) if uprn[a] == uprn[b] >= 0 and group[a] != group[b]}
    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == sorted(dumb)


@some
@given(st.lists(boxes, max_size=3), st.lists(boxes, max_size=3))
def test_pairs_by_overlap_are_those_of_all_with_all(one: list[object], other: list[object]) -> None:
    left = frame([{"wkb": shape, "register": "r"} for shape in one], "a")
    right = frame([{"wkb": shape, "register": "s"} for shape in other], "b")
    dumb = set()
    for (a, first), (b, second) in product(left["wkb"].items(), right["wkb"].items()):
        p, q = shapely.from_wkb(first), shapely.from_wkb(second)
        shared = p.intersection(q).area
        if shared / p.union(q).area >= MIN_IOU - 1e-12 or shared / min(p.area, q.area) >= MIN_INSIDE - 1e-12:
            dumb.add((a, b))
    assert pairs(propose(left, right)) == dumb
