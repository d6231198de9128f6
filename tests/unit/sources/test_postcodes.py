from __future__ import annotations

import pytest

from atlas.sources.postcodes import read_postcodes, tidy


def test_postcodes_are_found_in_any_spacing_and_case() -> None:
    found = read_postcodes(["n10aa", "N1 0AA ", "N9 9ZZ"])
    assert list(found.index) == ["N1 0AA"]
    assert found.loc["N1 0AA", "lad"] == "E09000019"
    assert found.loc["N1 0AA", "easting_m"] == pytest.approx(530_626, abs=200)


def test_asking_for_none_reads_none() -> None:
    assert read_postcodes([]).empty


def test_tidy_leaves_fragments_alone() -> None:
    assert tidy("N1") == "N1"
