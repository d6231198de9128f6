"""Headings of a register's sections, and the rows under them."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.geo.estate.cleaning.clean import Cleaner
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import Cleaned
from tests.registers import chunk_of, cleaned, context

COLUMNS = ("Property", "Address", "Postcode", "Size")


def register(*names: str) -> list[dict[str, str]]:
    """A row for each name; in capitals it stands alone, a sum has but an area."""
    filled = [
        (name, "", "", "4 ha")
        if name.startswith("Total")
        else (name, "", "", "")
        if name.isupper() or name in {"Leased in", "Lee Green Ward", "Surplus / for disposal"}
        else (name, f"{at} Catford Road", "SE6 4RU", "0.2 ha")
        for at, name in enumerate(names)
    ]
    return [dict(zip(COLUMNS, row, strict=True)) for row in filled]


def told(found: Cleaned, *fields: str) -> list[tuple[str, ...]]:
    rows = found.assets.sort_values("row")
    return list(rows[["name", *fields]].itertuples(index=False, name=None))


def test_rows_have_the_tenure_and_status_that_their_section_is_headed_by() -> None:
    found = cleaned(register("FREEHOLD", "Holbeach", "Leased in", "Slagrove", "Surplus / for disposal", "Ravensbourne"))
    assert told(found, "tenure", "status") == [
        ("Holbeach", "freehold", "unknown"),
        ("Slagrove", "leasehold", "in_use"),
        ("Ravensbourne", "unknown", "subject_to_disposal"),
    ]
    assert found.set_aside["row"].tolist() == [2, 4, 6]
    repairs = found.findings.query("code == 'from_heading'")
    assert repairs[["row", "field", "after", "why"]].to_numpy().tolist()[0] == [
        3,
        "tenure",
        "freehold",
        "stands under FREEHOLD",
    ]


def test_headings_of_rows_that_follow_each_other_hold_together_and_the_next_takes_their_place() -> None:
    found = cleaned(register("FREEHOLD", "DEPOTS", "Slagrove", "LIBRARIES", "Holbeach"))
    assert told(found, "tenure", "use") == [("Slagrove", "freehold", "depot"), ("Holbeach", "unknown", "library")]


def test_a_heading_that_says_nothing_known_and_a_sum_end_a_section() -> None:
    found = cleaned(register("SURPLUS", "Slagrove", "ACQUIRED IN YEAR", "Holbeach", "VACANT", "Lee", "Total", "Hither"))
    assert [status for _, status in told(found, "status")] == ["surplus", "unknown", "vacant", "unknown"]


def test_what_a_row_says_itself_stands_before_its_heading() -> None:
    rows = register("SURPLUS", "Catford Library")
    rows[1]["Status"] = "In use"
    rows.append(dict(zip(COLUMNS, ("Vacant depot", "2 Catford Road", "SE6 4RU", "1 ha"), strict=True)))
    assert told(cleaned(rows), "status", "use") == [
        ("Catford Library", "in_use", "library"),
        ("Vacant depot", "vacant", "depot"),
    ]


def test_a_ward_is_that_of_the_rows_under_it() -> None:
    assert told(cleaned(register("Lee Green Ward", "Holbeach")), "ward") == [("Holbeach", "Lee Green")]


def test_refuges_and_what_was_sold_are_so_under_their_headings() -> None:
    found = cleaned(register("WOMEN'S REFUGES", "Holbeach", "PROPERTIES SOLD", "Slagrove"))
    assert told(found, "visibility", "is_sensitive") == [("Holbeach", "owner", True), ("Slagrove", "public", False)]
    assert found.findings.query("code == 'sold'")["row"].tolist() == [5]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_sections_go_on_from_chunk_to_chunk(size: int) -> None:
    rows = register(
        "FREEHOLD", "DEPOTS", "Slagrove", "Bell", "LIBRARIES", "Holbeach", "Total", "Lee", "VACANT", "Hither"
    )
    whole = chunk_of(rows).cells
    matches = match_columns(list(whole.columns), whole)
    cleaner = Cleaner(context(), matches)
    parts = []
    for at in range(0, len(rows), size):
        chunk = chunk_of(rows[at : at + size])
        chunk.cells.index = whole.index[at : at + size]
        parts.append(cleaner.clean(chunk).assets)
    together = Cleaner(context(), matches).clean(chunk_of(rows)).assets
    pd.testing.assert_frame_equal(pd.concat(parts), together)
