"""All of England from the official files: the tiles hold every area at every zoom, and the table its people."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import mapbox_vector_tile
import pandas as pd
import pytest

from atlas.errors import UnavailableError
from atlas.geo.england import district_table
from atlas.sources.catalogue import official_path, read_catalogue
from atlas.sources.england import ZOOMS, England, Maker, key_of, missing_for, read_england
from atlas.vocabulary import NeedDomain, Release

AREAS = 33_755


@pytest.fixture(scope="module")
def england(england_workspace: Path) -> England:
    return read_england(england_workspace, Release.IOD2025)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_area_is_in_the_tiles_of_every_zoom_and_once_in_each(england: England, zoom: int) -> None:
    seen: set[int] = set()
    for (each, _, _), data in england.archive.tiles.items():
        if each != zoom:
            continue
        features = mapbox_vector_tile.decode(gzip.decompress(data))["areas"]["features"]
        counts = Counter(feature["properties"]["id"] for feature in features)
        assert max(counts.values()) == 1
        seen |= set(counts)
    assert seen == set(range(AREAS))


def test_the_tiles_of_a_view_are_small(england: England) -> None:
    sizes = pd.Series({place: len(data) for place, data in england.archive.tiles.items()})
    assert sizes.groupby(level=0).sum().max() < 1_600_000
    assert sizes.max() < 450_000


def test_the_districts_are_the_releases_and_their_people_add_up(england: England) -> None:
    table = district_table(england.need, NeedDomain.OVERALL)
    assert len(table) == len(england.districts) == 296
    assert set(table.index) == set(england.districts.index)
    assert table["areas"].sum() == AREAS
    assert table["people"].sum() == england.need.populations["total"].sum()
    assert table["worst_areas"].sum() == 3_375
    assert table.loc["E08000025", "name"] == "Birmingham"


def test_a_district_is_in_a_board_unless_the_outlines_divide_it(england: England) -> None:
    names = england.districts.set_index("name")["icb_name"]
    assert 240 < (names != "").sum() < 296
    assert names["Leeds"] == "NHS West Yorkshire Integrated Care Board"
    assert names["Lambeth"] == "NHS South East London Integrated Care Board"


def test_tiles_that_are_kept_are_not_made_again(england_workspace: Path, england: England) -> None:
    def refuse(_workspace: Path, _vintage: int) -> None:
        pytest.fail("they are kept")

    again = read_england(england_workspace, Release.IOD2025, refuse)
    assert (again.key, again.archive) == (england.key, england.archive)
    assert re.fullmatch("[0-9a-f]{16}", again.key)


def test_the_key_follows_the_boundaries_and_nothing_else(england_workspace: Path, england: England) -> None:
    need = england.need
    path = official_path(england_workspace, "lsoa21_england.parquet")
    held = path.read_bytes()
    try:
        path.write_bytes(held + b" ")
        assert key_of(england_workspace, need) != england.key
    finally:
        path.write_bytes(held)
    official_path(england_workspace, "another.parquet").write_bytes(b"")
    assert key_of(england_workspace, need) == england.key


def test_files_that_are_not_here_are_named_as_they_are_pulled(tmp_path: Path) -> None:
    assert missing_for(tmp_path, Release.IOD2025) == ("iod2025", "lsoa21_england")
    assert missing_for(tmp_path, Release.ESTIMATE) == ("iod2025", "lsoa21_england")
    assert missing_for(tmp_path, Release.IOD2019) == ("iod2019", "lsoa11_england")
    assert set(missing_for(tmp_path, Release.IOD2019)) <= {entry.name for entry in read_catalogue()}
    with pytest.raises(UnavailableError, match="atlas data pull iod2025 lsoa21_england"):
        read_england(tmp_path, Release.IOD2025)


def test_a_map_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"could not be made: .*iod2025\.csv"):
        Maker().make(tmp_path, 2021)


def test_what_is_closed_makes_nothing_more(tmp_path: Path) -> None:
    maker = Maker()
    maker.close()
    with pytest.raises(UnavailableError, match="Atlas is ending"):
        maker.make(tmp_path, 2021)
