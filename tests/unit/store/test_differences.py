"""What an import changed, field by field, as long as it stands."""

from __future__ import annotations

from atlas.store import Store
from tests.unit.store.cleaned import SQUARE, WHO, asset, bring, cleaned

HALL, LIBRARY, PARK = asset("hall"), asset("library", land_ha=0.5), asset("park", wkb=SQUARE, placed_by="shape")


def told(store: Store, import_id: int, assets: list[str] | None = None) -> list[tuple[str, str, str, str]]:
    found = store.differences(import_id, assets)[["asset", "field", "before", "after"]]
    return list(found.itertuples(index=False, name=None))


def test_a_first_import_changes_nothing_that_stood(store: Store) -> None:
    bring(store, cleaned([HALL, LIBRARY]))
    assert told(store, 1) == []


def test_a_newer_file_says_what_it_changed_in_each_asset(store: Store) -> None:
    bring(store, cleaned([HALL, LIBRARY, PARK]))
    bring(store, cleaned([asset("hall", name="Old Hall"), asset("library", status="vacant"), asset("depot")]))
    assert told(store, 2) == [
        ("asset:lewisham-hall", "name", "Hall", "Old Hall"),
        ("asset:lewisham-library", "status", "", "vacant"),
        ("asset:lewisham-library", "land_ha", "0.5", ""),
    ]


def test_some_assets_can_be_asked_for(store: Store) -> None:
    bring(store, cleaned([HALL, PARK]))
    bring(store, cleaned([asset("hall", name="Old Hall"), asset("park", name="Green")]))
    assert [one[1:] for one in told(store, 2, ["asset:lewisham-park"])] == [
        ("name", "Park", "Green"),
        ("outline", "an outline", ""),
        ("placed_by", "shape", "coordinates"),
    ]
    assert told(store, 2, []) == []


def test_it_is_told_of_an_earlier_import_after_a_later_one(store: Store) -> None:
    for name in ("Hall", "Old Hall", "New Hall"):
        bring(store, cleaned([asset("hall", name=name)]))
    assert told(store, 2) == [("asset:lewisham-hall", "name", "Hall", "Old Hall")]
    assert told(store, 3) == [("asset:lewisham-hall", "name", "Old Hall", "New Hall")]


def test_it_is_not_told_of_an_import_that_is_undone(store: Store) -> None:
    bring(store, cleaned([HALL]))
    bring(store, cleaned([asset("hall", name="Old Hall")]))
    store.undo(2, WHO)
    assert told(store, 2) == []


def test_a_report_has_it_where_it_is_asked_for(store: Store) -> None:
    bring(store, cleaned([HALL]))
    bring(store, cleaned([asset("hall", name="Old Hall")]))
    report = store.report(2)
    assert report.differences is None
    found = store.with_differences(report).differences
    assert found is not None
    assert found["after"].tolist() == ["Old Hall"]
