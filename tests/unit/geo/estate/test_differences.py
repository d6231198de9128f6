"""What a newer file says of an asset in place of what an older one said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.assets import NUMBER_COLUMNS, TEXT_COLUMNS
from atlas.geo.estate.differences import DIFFERENCE_COLUMNS, LABELS, differences, label_of


def assets(**rows: dict[str, Any]) -> pd.DataFrame:
    unsaid = dict.fromkeys(TEXT_COLUMNS, "") | dict.fromkeys(NUMBER_COLUMNS, np.nan)
    unsaid |= {"extra": "", "placed_by": "coordinates", "lad": "", "is_sensitive": False, "wkb": None}
    return pd.DataFrame([unsaid | said for said in rows.values()], index=pd.Index(list(rows), name="asset"))


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = differences(assets(a=before), assets(a=after))
    return list(found[["field", "before", "after"]].itertuples(index=False, name=None))


def test_what_is_the_same_is_not_told() -> None:
    same = {"name": "Depot", "land_ha": 0.5, "wkb": b"1", "extra": '{"Ward no": "3"}'}
    found = differences(assets(a=same), assets(a=same))
    assert len(found) == 0
    assert list(found.columns) == list(DIFFERENCE_COLUMNS)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"name": "Depot"}, {"name": "Old Depot"}, ("name", "Depot", "Old Depot")),
        ({}, {"status": "vacant"}, ("status", "", "vacant")),
        ({"land_ha": 0.5}, {}, ("land_ha", "0.5", "")),
        ({"x_m": 1.0, "y_m": 2.0}, {"x_m": 1.0, "y_m": 2.5}, ("position", "1, 2", "1, 2.5")),
        ({"x_m": 1.0, "y_m": 2.0}, {}, ("position", "1, 2", "")),
        ({"wkb": b"1"}, {"wkb": b"2"}, ("outline", "an outline", "another outline")),
        ({}, {"wkb": b"2"}, ("outline", "", "an outline")),
        ({"wkb": b"1"}, {}, ("outline", "an outline", "")),
        ({}, {"is_sensitive": True}, ("sensitive", "no", "yes")),
        ({"placed_by": "postcode"}, {"placed_by": "uprn"}, ("placed_by", "postcode", "uprn")),
        ({"extra": "kept as text"}, {}, ("cell: ", "kept as text", "")),
    ],
)
def test_each_kind_of_value_is_told_before_and_after(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert told(before, after) == [expected]


def test_cells_that_no_field_took_are_told_one_by_one() -> None:
    before, after = {"extra": '{"Tnr": "F", "Ward no": "3"}'}, {"extra": '{"Ward no": "4", "Lot": "B"}'}
    assert told(before, after) == [("cell: Tnr", "F", ""), ("cell: Ward no", "3", "4"), ("cell: Lot", "", "B")]


def test_assets_come_sorted_each_with_its_fields_in_their_order() -> None:
    before = assets(b={"name": "B", "tenure": "freehold"}, a={"name": "A"})
    after = assets(a={"name": "A", "notes": "sold"}, b={"name": "BB", "tenure": "leasehold"})
    found = differences(before, after)
    assert found[["asset", "name", "field"]].to_numpy().tolist() == [
        ["a", "A", "notes"],
        ["b", "BB", "name"],
        ["b", "BB", "tenure"],
    ]


def test_what_is_in_one_file_alone_is_no_difference() -> None:
    assert len(differences(assets(gone={"name": "A"}), assets(added={"name": "B"}))) == 0


@pytest.mark.parametrize(("before", "after"), [({"use": "refuge"}, {"use": "office"}), ({}, {"is_sensitive": True})])
def test_what_was_or_is_sensitive_is_marked(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = differences(assets(a=before, b={}), assets(a=after, b={"name": "B"}))
    assert dict(zip(found["asset"], found["is_sensitive"], strict=True)) == {"a": True, "b": False}


def test_nothing_that_was_given_is_changed() -> None:
    before, after = assets(a={"name": "A"}), assets(a={"name": "B"})
    kept = before.copy(), after.copy()
    differences(before, after)
    pd.testing.assert_frame_equal(before, kept[0])
    pd.testing.assert_frame_equal(after, kept[1])


def test_every_field_has_words() -> None:
    assert [label_of(field) for field in LABELS] == list(LABELS.values())
    assert label_of("cell: Tnr") == "Tnr (other cell)"
