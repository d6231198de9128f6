from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import DataError, UnavailableError
from atlas.gaps.scenario.changes import AddSite
from atlas.gaps.scenario.words import change_words
from atlas.sources.scenarios import complete, parse_draft, read_draft, read_scenario
from atlas.vocabulary import Release
from tests.toy import toy_inputs

CLOSE = {"do": "close_site", "site": "site:council"}


def written(*changes: Any, **given: Any) -> bytes:
    return json.dumps({"name": "A question", "changes": list(changes), **given}).encode()


def faults_of(data: bytes) -> list[str]:
    with pytest.raises(DataError) as error:
        complete(parse_draft(data, "asked.json"), toy_inputs())
    return [str(fault) for fault in error.value.faults]


def test_a_file_is_read_with_its_release_and_choices(tmp_path: Path) -> None:
    path = tmp_path / "asked.json"
    path.write_bytes(b"\xef\xbb\xbf" + written(CLOSE, release="estimate", parameters={"catchment_m": 800}))
    assert read_draft(path).release is Release.ESTIMATE
    scenario = read_scenario(path, toy_inputs())
    assert scenario.parameters is not None
    assert scenario.parameters.catchment_m == 800
    assert scenario.document()["parameters"] == {"catchment_m": 800}


def test_every_fault_of_form_and_of_meaning_is_said_at_once_in_order() -> None:
    data = written(
        {"do": "close_site", "sight": "site:council"},
        CLOSE,
        {"do": "close_site", "site": "site:nowhere"},
        {"do": "demolish", "site": "site:council"},
        {"do": "add_site", "name": "Hub", "institution": "institution:hospital", "postcode": "ZZ1 1ZZ"},
        {"do": "add_tie", "source": "institution:hospital", "relation": "likes", "target": "network:west"},
        {"do": "add_site", "name": "Hub", "institution": "institution:hospital", "easting_m": "far", "capacity": -1},
        "close",
        parameters={"catchment_m": 99_000, "colour": "red"},
        release="iod1066",
    )
    found = faults_of(data)
    places = [fault.partition(":")[0] for fault in found]
    assert places == [
        "asked.json, field release",
        "asked.json, field catchment_m",
        "asked.json, field colour",
        "asked.json, change 1, field site",
        "asked.json, change 1, field sight",
        "asked.json, change 3, field site",
        "asked.json, change 4, field do",
        "asked.json, change 5, field postcode",
        "asked.json, change 6, field relation",
        "asked.json, change 7, field easting_m",
        "asked.json, change 7, field capacity",
        "asked.json, change 8",
    ]
    assert "found 'demolish', expected add_site, close_site, extend_network, add_tie" in found[6]
    assert "no such postcode, found 'ZZ1 1ZZ'" in found[7]
    assert "'member_of'" in found[8]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b'{"name": "x",\n "changes": [}', "row 2: not JSON"),
        (b"[1, 2]", "not an object, found 'list'"),
        (b'"x"', "not an object"),
        (b'{"name": "Caf\xe9"}', "not UTF-8"),
        (b"PK\x03\x04rest", "a workbook"),
        (b'{"name": "x", "name": "y", "changes": []}', "a field is there twice, found 'name'"),
        (b'{"name": "x", "changes": [{"do": "add_site", "capacity": Infinity}]}', "not a number that JSON has"),
        (b"[" * 100_000, "not JSON"),
        (b'{"name": "x", "changes": ' + b"9" * 5_000 + b"}", "not JSON"),
    ],
    ids=["empty", "cut", "list", "text", "latin", "zip", "twice", "infinity", "deep", "long number"],
)
def test_what_is_no_scenario_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "asked.json"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"asked\.json cannot be read as a scenario") as error:
        read_draft(path)
    assert words in str(error.value.faults[0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"format": 2}, "field format: wrong value, found 2"),
        ({"changes": 3}, "field changes: wrong value, found 3"),
        ({"changes": [CLOSE] * 1_001}, "field changes"),
        ({"name": " "}, "field name: wrong value"),
        ({"parameters": {"weights": [1, 2]}}, "field weights: needs 7 numbers"),
        ({"parameters": {"need_domain": "health", "weights": [25, 25, 15, 15, 10, 0, 10]}}, "field parameters"),
        ({"name": "\ud800"}, "cannot be"),
        ({"name": "\x1b[31mred"}, "field name: wrong value"),
    ],
    ids=["format", "changes", "too many", "no name", "weights", "choices at odds", "half a letter", "escape"],
)
def test_faults_outside_the_changes_are_said(given: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as error:
        complete(parse_draft(written(**{"changes": [CLOSE], **given}), "asked.json"), toy_inputs())
    assert words in str(error.value)


def test_a_postcode_becomes_coordinates() -> None:
    data = written({"do": "add_site", "name": "Hub", "institution": "institution:hospital", "postcode": "e11bj"})
    (change,) = complete(parse_draft(data), toy_inputs()).changes
    assert isinstance(change, AddSite)
    assert change.postcode == "E1 1BJ"
    assert change.easting_m is not None
    assert 534_000 < change.easting_m < 536_000


E1_1BJ = {"do": "add_site", "name": "Hub", "institution": "institution:hospital", "postcode": "e1 1bj"}


def located(**given: Any) -> AddSite:
    (change,) = complete(parse_draft(written({**E1_1BJ, **given})), toy_inputs()).changes
    assert isinstance(change, AddSite)
    return change


def test_coordinates_stand_where_they_agree_with_the_postcode() -> None:
    posted = located()
    assert posted.easting_m is not None
    assert posted.northing_m is not None
    both = located(easting_m=posted.easting_m + 400, northing_m=posted.northing_m)
    assert both.easting_m == posted.easting_m + 400
    assert f"E1 1BJ (measured at easting {both.easting_m:.0f}, northing" in change_words(both, {})


def test_coordinates_and_a_postcode_that_disagree_are_told_with_both_places() -> None:
    (fault,) = faults_of(written(CLOSE, {**E1_1BJ, "easting_m": 530_000, "northing_m": 181_000}))
    assert fault.startswith("asked.json, change 2, field postcode: is ")
    assert " km from easting 530000, northing 181000" in fault
    assert "found 'E1 1BJ', expected the postcode, or easting_m and northing_m, or both within 500 m" in fault


@pytest.mark.parametrize("postcode", ["Q1 1AA", "nowhere", "E1", "1"])
def test_a_postcode_that_is_none_is_said(postcode: str) -> None:
    data = written({"do": "add_site", "name": "Hub", "institution": "institution:hospital", "postcode": postcode})
    (fault,) = faults_of(data)
    assert fault.startswith(f"asked.json, change 1, field postcode: no such postcode, found '{postcode}', expected ")


def test_a_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        read_draft(tmp_path / "none.json")
