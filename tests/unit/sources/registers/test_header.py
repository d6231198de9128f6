from __future__ import annotations

import pytest

from atlas.errors import DataError
from atlas.sources.registers.header import Header, find_header, unique_names
from atlas.sources.registers.limits import Limits

DATA = [["Town Hall", "100021234567", "0.5"], ["Library", "100021234568", "0.25"], ["Depot", "100021234569", "1.75"]]


def found(
    *rows: list[str], merges: dict[int, dict[int, int]] | None = None, data: list[list[str]] | None = None
) -> Header:
    lines = [
        (number, cells) for number, cells in enumerate([*rows, *(DATA if data is None else data)], 1) if any(cells)
    ]
    return find_header(lines, "register.csv", Limits(), merges)


def test_a_header_in_the_first_row_needs_no_note() -> None:
    header = found(["Name", "UPRN", "Area (ha)"])
    assert (header.columns, header.last_row, header.skip_to, header.notes) == (("Name", "UPRN", "Area (ha)"), 1, 1, ())


def test_title_rows_are_passed_over_and_told() -> None:
    header = found(
        ["Land register 2021", "", ""], ["Published 31 March", "", ""], ["", "", ""], ["Name", "UPRN", "Area"]
    )
    assert header.columns == ("Name", "UPRN", "Area")
    assert header.last_row == 4
    assert header.notes == ("Rows 1 to 2 above the header were passed over: Land register 2021; Published 31 March.",)


def test_metadata_of_two_cells_is_no_header() -> None:
    header = found(["Published", "31/03/2021", ""], ["Name", "UPRN", "Area (ha)"])
    assert (header.columns, header.last_row) == (("Name", "UPRN", "Area (ha)"), 2)


def test_a_line_of_groups_is_carried_right_and_joined() -> None:
    header = found(["Site", "", "Size"], ["Name", "UPRN", "Area (ha)"])
    assert header.columns == ("Site Name", "Site UPRN", "Size Area (ha)")
    assert "The header's two lines, rows 1 and 2, were joined." in header.notes


def test_merged_groups_reach_as_far_as_they_are_merged() -> None:
    header = found(["", "Keys", ""], ["Name", "UPRN", "Area (ha)"], merges={1: {1: 1}})
    assert header.columns == ("Name", "Keys UPRN", "Area (ha)")


def test_a_second_line_that_fills_gaps_of_the_first_is_joined() -> None:
    header = found(["Site", "", "Area"], ["Name", "UPRN", "(ha)"])
    assert header.columns == ("Site Name", "Site UPRN", "Area (ha)")


def test_a_first_row_of_words_under_a_full_header_is_data() -> None:
    header = found(["Name", "UPRN", "Area"], ["Town House", "unknown", "not known"])
    assert (header.columns, header.skip_to) == (("Name", "UPRN", "Area"), 1)


def test_a_line_of_units_is_put_behind_the_names() -> None:
    header = found(["Name", "UPRN", "Area"], ["", "", "(ha)"])
    assert header.columns == ("Name", "UPRN", "Area (ha)")
    assert (header.last_row, header.skip_to) == (1, 2)
    assert any("units" in note for note in header.notes)


NAMES = ["Name", "UPRN", "Area (ha)", "Tenure"]


@pytest.mark.parametrize("line", [["1", "2", "3", "4"], ["(1)", "(2)", "(3)", "(4)"], ["A", "B", "C", "D"]])
def test_a_line_that_counts_the_columns_is_no_data(line: list[str]) -> None:
    header = found(NAMES, line)
    assert (header.columns, header.last_row, header.skip_to) == (tuple(NAMES), 1, 2)
    assert header.notes == ("Row 2 counts the columns and is no data.",)


@pytest.mark.parametrize("line", [["1", "2", "3", "4"], ["A", "B", "C", "D"]])
def test_a_line_that_counts_the_columns_is_no_header(line: list[str]) -> None:
    header = found(["Published", "31/03/2021"], line, NAMES)
    assert (header.columns, header.first_row) == (tuple(NAMES), 3)


def test_letters_are_the_names_of_columns_that_have_no_others() -> None:
    assert found(list("ABCD"), data=[["Hall", "x", "1", "2"], ["Depot", "x", "3", "4"]]).columns == tuple("ABCD")


def test_a_line_of_what_is_mandatory_is_no_data() -> None:
    header = found(NAMES, ["Mandatory", "Optional", "Mandatory", "Freehold or Leasehold"])
    assert header.skip_to == 2
    assert header.notes == ("Row 2 says what has to be filled in and is no data.",)


def test_numbers_that_count_fewer_cells_than_the_header_has_are_data() -> None:
    assert found([*NAMES, "Notes"], ["1", "2", "3", "4", ""]).skip_to == 1


def test_years_may_name_columns() -> None:
    header = found(["Name", "Reference", "2019", "2020"], data=[["Hall", "A1", "5", "6"], ["Depot", "A2", "7", "8"]])
    assert header.columns == ("Name", "Reference", "2019", "2020") or header.last_row == 1


def test_names_without_a_known_word_are_a_header_where_no_value_comes_again() -> None:
    assert found(["Alpha", "Beta", "Gamma"]).columns == ("Alpha", "Beta", "Gamma")


@pytest.mark.parametrize(
    "first",
    [
        ["Town Hall", "100021234560", "2.5"],
        ["Town Hall", "SE6 4RU", ""],
        ["Town Hall", "31/03/2021", "Freehold"],
        ["Depot", "", "1.75"],
    ],
)
def test_a_first_row_that_is_data_is_refused(first: list[str]) -> None:
    with pytest.raises(DataError, match=r"row 1: the table has no header"):
        found(first)


def test_a_table_of_words_that_repeat_has_no_header() -> None:
    rows = [["Freehold", "Lewisham"], ["Freehold", "Catford"], ["Leasehold", "Lewisham"]]
    with pytest.raises(DataError, match="no header"):
        found(["Freehold", "Lewisham"], data=rows)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(DataError, match="5 columns, expected at most 4"):
        find_header([(1, list("abcde")), (2, list("12345"))], "wide.csv", Limits(columns=4))


def test_a_name_never_takes_another_columns_name() -> None:
    names = unique_names(["A", "A", "A (2)", "", "column 4", "A"])
    assert len(set(names)) == 6
    assert (names[0], names[2], names[4]) == ("A", "A (2)", "column 4")


def test_a_group_that_only_says_what_is_told_of_the_names_under_it_is_left_out() -> None:
    groups = ["Mandatory", "", "", "Measurements", "", "Landlord", "Size"]
    names = ["Name", "No", "Street", "Site (Ha)", "GIA", "Name", "Building"]
    header = found(groups, names)
    assert header.columns == (*("Name", "No", "Street", "Site (Ha)", "GIA", "Landlord Name", "Size Building"),)
