from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import DataError, Faults, UnavailableError
from atlas.gaps.access import measure_access, pairs_within
from atlas.sources.traveltimes import read_travel_times
from atlas.vocabulary import AccessMeasure, Decay

AREAS = pd.Index(["E01000001", "E01000002", "E01000003"], name="lsoa")
SITES = pd.Index(["site:a", "site:b"])
GOOD = "origin,destination,minutes\nE01000001,site:a,12\nE01000001,site:b,30.5\nE01000003,site:a,0\n"
PAIRS = [("E01000001", "site:a", 12.0), ("E01000001", "site:b", 30.5), ("E01000003", "site:a", 0.0)]


def write(folder: Path, held: str | bytes, name: str = "times.csv") -> Path:
    path = folder / name
    path.write_bytes(held if isinstance(held, bytes) else held.encode())
    return path


def parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def frame(**changed: Any) -> pd.DataFrame:
    origins, destinations, minutes = zip(*PAIRS, strict=True)
    return pd.DataFrame({"minutes": minutes, "destination": destinations, "origin": origins}).assign(**changed)


def pairs_of(path: Path, faults: Faults | None = None) -> list[tuple[str, str, float]]:
    costs = read_travel_times(path, AREAS, SITES, faults).costs
    assert (costs.n_origins, costs.n_destinations) == (3, 2)
    site = np.repeat(np.arange(2), np.diff(costs.start))
    found = zip(AREAS[costs.origin], SITES[site], costs.cost.tolist(), strict=True)
    return sorted(found)


def faults_of(folder: Path, held: str | bytes) -> list[str]:
    with pytest.raises(DataError, match=r"cannot use times\.csv as a table of travel times") as caught:
        read_travel_times(write(folder, held), AREAS, SITES)
    return [str(fault) for fault in caught.value.faults]


def rows(*lines: str) -> str:
    return "\n".join(["origin,destination,minutes", *lines, ""])


@pytest.mark.parametrize(
    "held",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.rstrip(),
        "\ufeff" + GOOD,
        GOOD.encode("utf-16"),
        gzip.compress(GOOD.encode()),
        GOOD.replace("origin,destination,minutes", " Origin ,DESTINATION,Minutes"),
        GOOD.replace("\nE01000003", "\n\n,,\n E01000003 ") + "\n,,\n\n",
        "n,minutes,by,destination,origin\n1,12,bus,site:a,E01000001\n2,30.5,,site:b,E01000001\n,0,,site:a,E01000003\n",
        GOOD.replace("E01000001,site:b", '"E01000001","site:b"'),
        parquet(frame()),
        parquet(frame(minutes=["12", "30.5", "0"])),
        parquet(frame().astype({"origin": "category", "minutes": "float32"})),
    ],
    ids=[
        "plain", "crlf", "cr", "no_last_line_end", "mark", "utf16", "gzip", "header", "blank_rows", "order_and_more",
        "quoted", "parquet", "parquet_text", "parquet_dictionary",
    ],
)  # fmt: skip
def test_reads_the_table_as_it_comes(tmp_path: Path, held: str | bytes) -> None:
    assert pairs_of(write(tmp_path, held)) == PAIRS


def test_says_which_file_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    times = read_travel_times(path, AREAS, SITES)
    assert (times.file, times.sha256) == ("times.csv", hashlib.sha256(GOOD.encode()).hexdigest())
    assert times.origins is AREAS
    assert times.destinations is SITES


def test_whole_minutes_in_parquet_are_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, parquet(frame(minutes=[12, 31, 0])))
    assert [minutes for *_, minutes in pairs_of(path)] == [12.0, 31.0, 0.0]


def test_areas_and_sites_that_no_row_names_are_told(tmp_path: Path) -> None:
    faults = Faults()
    read_travel_times(write(tmp_path, rows("E01000002,site:b,5")), AREAS, SITES, faults)
    assert [str(fault) for fault in faults.warnings] == [
        (
            "times.csv, column origin: 2 of 3 areas have no travel time, found 'E01000001, E01000003', "
            "expected a row for every one of the areas"
        ),
        (
            "times.csv, column destination: 1 of 2 sites have no travel time, found 'site:a', "
            "expected a row for every one of the sites"
        ),
    ]
    assert not faults.errors


def test_of_many_areas_without_a_row_some_are_named(tmp_path: Path) -> None:
    areas, faults = pd.Index([f"E0100{k:04d}" for k in range(9)]), Faults()
    read_travel_times(write(tmp_path, rows("E01000000,site:a,5")), areas, SITES[:1], faults)
    (warning,) = faults.warnings
    assert warning.value == "E01000001, E01000002, E01000003, E01000004, E01000005 and others"


def test_every_fault_is_told_at_once_with_its_row(tmp_path: Path) -> None:
    held = rows(
        "E01000001,site:a,1",
        "",
        "E01000001,site:a,2",
        "E01999999,site:a,1",
        "E01999999,site:b,1",
        "E01000002,site:q,1",
        "E01000002,site:b,-2",
        "E01000003,site:a,",
        "E01000003,site:b,soon",
        "E01000002",
        ",site:a,3",
        "E01000002,site:a,inf",
    )
    area = "expected one of the 3 areas of this analysis, like E01000001"
    site = "expected one of the 2 sites of this analysis, like site:a"
    assert sorted(faults_of(tmp_path, held)) == sorted(
        [
            "times.csv, row 4: the pair comes twice, found 'E01000001 to site:a', expected each pair once",
            f"times.csv, row 5, column origin: no such area, found 'E01999999 (2 rows)', {area}",
            f"times.csv, row 7, column destination: no such site, found 'site:q', {site}",
            "times.csv, row 8, column minutes: cannot be a travel time, found '-2', expected zero or more minutes",
            "times.csv, row 9, column minutes: cannot be a travel time, expected zero or more minutes",
            "times.csv, row 10, column minutes: cannot be a travel time, found 'soon', expected zero or more minutes",
            "times.csv, row 11: 1 values, found 'E01000002', expected 3, as in the header",
            f"times.csv, row 12, column origin: the code is empty, {area}",
            "times.csv, row 13, column minutes: cannot be a travel time, found 'inf', expected zero or more minutes",
        ]
    )


@pytest.mark.parametrize("minutes", ["nan", "-0.5", "inf", "-inf", '""', ""])
def test_minutes_that_are_none_are_refused(tmp_path: Path, minutes: str) -> None:
    (fault,) = faults_of(tmp_path, rows("E01000001,site:a,3", f"E01000001,site:b,{minutes}"))
    assert fault.startswith("times.csv, row 3, column minutes: cannot be a travel time")


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    found = faults_of(tmp_path, rows(*(f"E02{k:06d},site:a,3" for k in range(50)), "E01000001,site:a,1"))
    assert len(found) == 21
    assert found[-1].startswith("times.csv, column origin: no such area: 30 more")
    found = faults_of(tmp_path, rows(*["E01000001,site:a,3,4"] * 30))
    assert "times.csv: too many or too few values in 10 more rows, expected 3, as in the header" in found
    found = faults_of(tmp_path, rows(*["E01000001,site:a,3"] * 30))
    assert found[-1] == "times.csv: the pair comes twice: 9 more, expected each pair once"


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        ("", "times.csv: the file is empty, expected a header and rows"),
        (rows(), "times.csv: the file has no rows, expected at least one row under the header"),
        (rows("", ",,"), "times.csv: the file has no rows, expected at least one row under the header"),
        (
            "origin,minutes\nE01000001,3\n",
            ("times.csv, row 1, column destination: a column is missing, "
            "expected columns origin, destination, minutes, each once"),
        ),
        (
            "origin,destination,minutes,Minutes\nE01000001,site:a,3,4\n",
            ("times.csv, row 1, column minutes: the column is there twice, "
            "expected columns origin, destination, minutes, each once"),
        ),
        (
            "origin;destination;minutes\nE01000001;site:a;3\n",
            ("times.csv, row 1: columns separated by semicolons, found 'origin;destination;minutes', "
            "expected commas: save it as CSV UTF-8"),
        ),
        (
            rows("E01000001,site:a,caf\u00e9").encode("cp1252"),
            r"times.csv, row 2: not UTF-8, found b'E01000001,site:a,caf\xe9', expected UTF-8 text",
        ),
        (
            b"PK\x03\x04workbook",
            "times.csv: a workbook or a zip archive, expected a CSV file: save it as CSV UTF-8, with commas",
        ),
        (
            parquet(frame().drop(columns="minutes")),
            ("times.csv, row 1, column minutes: a column is missing, "
            "expected columns origin, destination, minutes, each once"),
        ),
        (parquet(frame()[:0]), "times.csv: the file has no rows, expected at least one row under the header"),
        (
            parquet(frame(minutes=[1.0, 2.0, -3.0])),
            "times.csv, row 4, column minutes: cannot be a travel time, found -3.0, expected zero or more minutes",
        ),
        (
            parquet(frame(minutes=[1.0, None, 3.0])),
            "times.csv, row 3, column minutes: cannot be a travel time, expected zero or more minutes",
        ),
    ],
    ids=[
        "empty", "no_rows", "blank_rows", "missing", "twice", "semicolons", "cp1252", "workbook", "parquet_missing",
        "parquet_no_rows", "parquet_negative", "parquet_null",
    ],
)  # fmt: skip
def test_one_fault_is_told_once(tmp_path: Path, held: str | bytes, fault: str) -> None:
    assert faults_of(tmp_path, held) == [fault]


def test_columns_of_another_type_are_told(tmp_path: Path) -> None:
    assert faults_of(tmp_path, parquet(frame(origin=[1, 2, 3], minutes=[True, False, True]))) == [
        "times.csv, column origin: a column of another type, found 'int64', expected text",
        "times.csv, column minutes: a column of another type, found 'bool', expected numbers",
    ]


@pytest.mark.parametrize("cut", [6, 60, 400])
def test_a_parquet_file_cut_short_is_told(tmp_path: Path, cut: int) -> None:
    (fault,) = faults_of(tmp_path, parquet(frame())[:-cut])
    assert fault.startswith("times.csv: cut short or damaged (")


@pytest.mark.parametrize(
    "lines",
    [
        ('E01000001,"site:a,3', "E01000001,site:b,4", "E01000002,site:b,4"),
        ("E01000001,site:a,3", 'E01000001,"site:b,4'),
        ('E01000001,site:a,"3', "E01000001,site:b,4", "E01000002,site:b,4"),
    ],
    ids=["first", "last", "first_row_last_cell"],
)
def test_a_quote_that_never_closes_loses_no_row_in_silence(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert faults_of(tmp_path, rows(*lines))


def test_a_gzip_file_cut_short_is_told(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, gzip.compress(GOOD.encode())[:-9])
    assert "cut short" in fault


def test_no_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open"):
        read_travel_times(tmp_path / "none.csv", AREAS, SITES)


@pytest.mark.parametrize("name", ["times.csv", "times.parquet"])
@pytest.mark.parametrize("measure", AccessMeasure)
def test_minutes_take_the_place_of_distance(tmp_path: Path, name: str, measure: AccessMeasure) -> None:
    rng = np.random.default_rng(11)
    areas, sites = (pd.Index([f"{kind}{k:02d}" for k in range(n)]) for kind, n in (("E", 40), ("site:", 12)))
    places, offers = rng.uniform(0, 9_000, (40, 2)), rng.uniform(0, 9_000, (12, 2))
    straight = pairs_within(places, offers, 4_000)
    site = np.repeat(np.arange(12), np.diff(straight.start))
    # eighty metres a minute, on foot
    table = {"origin": areas[straight.origin], "destination": sites[site], "minutes": straight.cost / 80}
    held = pd.DataFrame(table).sample(frac=1, random_state=1)
    text = held.to_csv(index=False)
    times = read_travel_times(write(tmp_path, parquet(held) if name.endswith("t") else text, name), areas, sites)
    people, supply = rng.integers(0, 99, 40).astype(float), rng.integers(1, 9, 12).astype(float)
    by_time = measure_access(measure, people, supply, times.costs, 37.5, Decay.GAUSSIAN)
    by_distance = measure_access(measure, people, supply, straight, 3_000, Decay.GAUSSIAN)
    scale = 80 if measure is AccessMeasure.NEAREST else 1
    known = by_distance.reached | (measure is not AccessMeasure.NEAREST)
    np.testing.assert_allclose((scale * by_time.value)[known], by_distance.value[known], rtol=1e-9)
    assert by_time.reached.tolist() == by_distance.reached.tolist()
