"""London's postcodes: one is found, beginnings are listed, others are not there."""

from __future__ import annotations

import pytest

from atlas.sources.london_postcodes import LondonPostcodes, is_beginning, is_whole
from atlas.sources.postcodes import read_postcodes


@pytest.fixture(scope="module")
def book() -> LondonPostcodes:
    return LondonPostcodes()


def test_a_postcode_is_where_the_package_says(book: LondonPostcodes) -> None:
    place = book.find("e11bb")
    assert place is not None
    told = read_postcodes(["E1 1BB"]).iloc[0]
    assert (place.postcode, place.lad) == ("E1 1BB", told["lad"])
    assert place.easting_m == pytest.approx(float(told["easting_m"]), abs=0.1)
    assert place.northing_m == pytest.approx(float(told["northing_m"]), abs=0.1)


@pytest.mark.parametrize("typed", ["", "E1", "CF10 1EP", "ZZ1 1ZZ", "E1 1", "é1 1bb", "E1 9ZZ9", "1234567"])
def test_what_is_no_postcode_of_london_is_none(book: LondonPostcodes, typed: str) -> None:
    assert book.find(typed) is None


def test_a_district_lists_its_own_postcodes_first(book: LondonPostcodes) -> None:
    found = book.beginning("E1", 8)
    assert len(found) == 8
    assert all(postcode.startswith("E1 ") for postcode in found)
    assert found == sorted(found)


def test_more_letters_leave_fewer(book: LondonPostcodes) -> None:
    few = book.beginning("e1 1b", 50)
    assert few
    assert all(postcode.startswith("E1 1B") for postcode in few)
    assert book.beginning("e1 1bb", 5) == ["E1 1BB"]


def test_a_district_counts_its_own_parts_and_no_other(book: LondonPostcodes) -> None:
    begun = book.counted("e1")
    assert begun is not None
    assert (begun.name, next(iter(begun.lads))) == ("E1", "E09000030")
    assert sum(begun.lads.values()) < len(book.beginning("E1", 100_000))
    assert begun.lads == dict(sorted(begun.lads.items(), key=lambda one: -one[1]))


@pytest.mark.parametrize(("typed", "name"), [("E1 6", "E1 6"), ("E16", "E16"), ("se136l", "SE13 6L"), ("ec1", "EC1")])
def test_what_begins_is_named_with_its_space(book: LondonPostcodes, typed: str, name: str) -> None:
    begun = book.counted(typed)
    assert begun is not None
    assert begun.name == name
    assert all(postcode.startswith(name) for postcode in book.beginning(typed, 8))


def test_nothing_is_counted_where_nothing_begins_so(book: LondonPostcodes) -> None:
    assert book.counted("SE13 0Z") is None
    assert book.counted("M1") is None


def test_places_outside_london_are_not_listed(book: LondonPostcodes) -> None:
    assert book.beginning("CF10", 5) == []
    assert book.beginning("Lewisham", 5) == []


@pytest.mark.parametrize(
    ("typed", "begins", "whole"),
    [
        ("SE13", True, False),
        ("se13-6lg", True, True),
        ("se13 6lg", True, True),
        ("W1A", True, False),
        ("SE", False, False),
        ("kq", False, False),
    ],
)
def test_postcodes_are_told_from_names(typed: str, *, begins: bool, whole: bool) -> None:
    assert (is_beginning(typed), is_whole(typed)) == (begins, whole)
