"""Other tables that stand in a register's sheet."""

from __future__ import annotations

import pytest

from atlas.geo.estate.cleaning.clean import Cleaner
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import RawChunk
from tests.registers import ASSET, WIDE, chunk_of, cleaned, context

OTHER = dict(zip(WIDE, ("Landlord", "Property", "Rent (£)", "Expiry", "Location", ""), strict=True))


@pytest.mark.parametrize("size", [1, 2, 10])
def test_rows_under_the_header_of_another_table_are_set_aside_until_the_own_comes_again(size: int) -> None:
    let = dict(zip(WIDE, ("Network Rail", "Station Yard", "1200", "2030", "Staplehurst Road", ""), strict=True))
    again = {name: name.upper() for name in WIDE}
    cells = chunk_of([ASSET, OTHER, let, again, ASSET | {"Asset Code": "A/2"}]).cells
    cleaner = Cleaner(context(), match_columns(list(cells.columns), cells.iloc[:1]))
    parts = [cleaner.clean(RawChunk(cells.iloc[at : at + size])) for at in range(0, len(cells), size)]
    assert [row for part in parts for row in part.assets["row"]] == [2, 6]
    assert [why for part in parts for why in part.set_aside["why"]] == [
        "the header of another table",
        "belongs to another table, which begins in row 3",
        "the header once more",
    ]


def test_a_row_with_a_place_of_its_own_ends_another_table() -> None:
    found = cleaned([ASSET, OTHER, ASSET | {"Asset Code": "A/2"}, ASSET | {"Asset Code": "A/3"}])
    assert found.assets["row"].tolist() == [2, 4, 5]


@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_place_where_the_other_table_has_one_too_does_not_end_it(size: int) -> None:
    other = dict(zip(WIDE, ("Applicant", "Stage", "Asset", "Post code", "", "Area sqm"), strict=True))
    rows = [dict(zip(WIDE, ("Friends", "EOI", name, "SE6 4RU", "", "500"), strict=True)) for name in ("Hall", "Lodge")]
    cells = chunk_of([ASSET, other, *rows, dict(zip(WIDE, WIDE, strict=True)), ASSET | {"Asset Code": "A/2"}]).cells
    cleaner = Cleaner(context(), match_columns(list(cells.columns), cells.iloc[:1]))
    parts = [cleaner.clean(RawChunk(cells.iloc[at : at + size])) for at in range(0, len(cells), size)]
    assert [row for part in parts for row in part.assets["row"]] == [2, 7]
    whys = [why for part in parts for why in part.set_aside["why"]]
    assert whys[:3] == ["the header of another table", *["belongs to another table, which begins in row 3"] * 2]


@pytest.mark.parametrize("words", [("North Field", "Parish", "Council"), ("Land", "Ward", "Parish", "Town")])
def test_values_that_are_names_of_columns_too_are_no_header(words: tuple[str, ...]) -> None:
    row = dict(zip(WIDE, ("", *words), strict=False))
    assert len(cleaned([ASSET, row, ASSET | {"Asset Code": "A/2"}]).assets) == 3


def test_an_asset_in_words_that_columns_have_too_is_an_asset() -> None:
    words = dict(zip(WIDE, ("", "Council", "Road", "", "", ""), strict=True))
    found = cleaned([ASSET, words | {"Land or Building": "Building", "Status": "Vacant", "Use": "Office"}])
    assert len(found.assets) == 2
