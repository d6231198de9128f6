"""What a search of London finds first: what is called so, is known as that, or was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from atlas.pipeline import load
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.vocabulary import Release
from tests.land import land
from web.names import Name
from web.search_found import search_all


@pytest.fixture(scope="module")
def london(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    workspace: Path = tmp_path_factory.mktemp("workspace")
    return load(Settings(workspace=workspace), Release.ESTIMATE)


def found(atlas: Atlas, typed: str, limit: int = 8) -> list[Name]:
    return [name for _, name in search_all(atlas, typed, limit)]


MISSPELT = {
    "lewishm": "Lewisham",
    "lewihsam": "Lewisham",
    "hackeny": "Hackney",
    "haringay": "Haringey",
    "islignton": "Islington",
    "southwalk": "Southwark",
    "towerhamlets": "Tower Hamlets",
    "kings colege": "King's College London",
    "kings college": "King's College London",
    "king's college": "King's College London",
    "king\N{RIGHT SINGLE QUOTATION MARK}s colege": "King's College London",
    "barts helth": "Barts Health NHS Trust",
    "queen mery": "Queen Mary University of London",
    "gldsmiths": "Goldsmiths, University of London",
    "knowledge quater": "Knowledge Quarter",
    "British libary": "British Library",
}
ABBREVIATED = {
    "LAIN": "London Anchor Institutions' Network",
    "KQ": "Knowledge Quarter",
    "UCL": "University College London",
    "GLA": "Greater London Authority",
    "QMUL": "Queen Mary University of London",
    "KCL": "King's College London",
    "LSBU": "London South Bank University",
    "RVC": "Royal Veterinary College",
    "GOSH": "Great Ormond Street Hospital for Children NHS Foundation Trust",
    "TfL": "Transport for London",
    "LSE": "London School of Economics and Political Science",
    "ELFT": "East London NHS Foundation Trust",
    "SLaM": "South London and Maudsley NHS Foundation Trust",
    "CNWL": "Central and North West London NHS Foundation Trust",
    "V&A": "Victoria and Albert Museum",
    "v and a": "Victoria and Albert Museum",
    "UCLH": "University College London Hospitals NHS Foundation Trust",
    "GSTT": "Guy's and St Thomas' NHS Foundation Trust",
    "NELFT": "North East London NHS Foundation Trust",
    "LGT": "Lewisham and Greenwich NHS Trust",
    "SWLSTG": "South West London and St George's Mental Health NHS Trust",
    "UAL": "University of the Arts London",
    "LSHTM": "London School of Hygiene & Tropical Medicine",
    "RBKC": "Royal Borough of Kensington and Chelsea",
    "h&f": "Hammersmith and Fulham",
    "NHS": "NHS England",
    "NHSE": "NHS England",
    "BHRUT": "Barking, Havering and Redbridge University Hospitals NHS Trust",
    "LBTH": "Tower Hamlets Council",
    "LBHF": "Hammersmith & Fulham Council",
    "CLCH": "Central London Community Healthcare NHS Trust",
    "LFB": "London Fire Brigade",
    "gesh": "St George's, Epsom and St Helier University Hospitals and Health Group (gesh)",
}
CALLED = {
    "ucl hospital": "University College London Hospitals NHS Foundation Trust",
    "met": "Metropolitan Police Service",
    "met police": "Metropolitan Police Service",
    "barts": "Barts Health NHS Trust",
    "bart's": "Barts Health NHS Trust",
    "barts hospital": "Barts Health NHS Trust",
    "whittington hospital": "Whittington Hospital",
    "lewisham hospital": "University Hospital Lewisham",
    "imperal college": "Imperial College London",
    "imperial": "Imperial College London",
    "kings": "King's College London",
    "richmond": "Richmond upon Thames",
    "kingston": "Kingston upon Thames",
    "city": "City of London",
    "lewisham lewisham lewisham": "Lewisham",
    "lb lambeth": "Lambeth Council",
    "London Borough of Lambeth": "Lambeth Council",
    "greenwich council": "Royal Borough of Greenwich",
    "kings hospital": "King's College Hospital NHS Foundation Trust",
    "Guys hospital": "Guy's Hospital",
    "St. Georges": "St George's University Hospitals NHS Foundation Trust",
    "lewisham college": "Lewisham College (NCG)",
    "NHS croydon": "Croydon Health Services NHS Trust",
    "kensington & chelsea": "Kensington and Chelsea",
    "kensington and chelsea": "Kensington and Chelsea",
    "hammersmith & fulham": "Hammersmith and Fulham",
}
POSTCODES = {
    "E1": "E1",
    "SE13": "SE13",
    "n1": "N1",
    "W1": "W1",
    "EC1": "EC1",
    "se13 6": "SE13 6",
    "E1 6": "E1 6",
    "se13 6lg": "SE13 6LG",
    "SE136LG": "SE13 6LG",
    "Se13 6Lg": "SE13 6LG",
    "se13-6lg": "SE13 6LG",
    "SE13.6LG": "SE13 6LG",
    "SEI3 6LG": "SE13 6LG",
    "sel3 6lg": "SE13 6LG",
    "n1 oaa": "N1 0AA",
    "SE13 6L0": "SE13 6LA",
    "SWIA 0AA": "SW1A 0AA",
}


@pytest.mark.parametrize(("typed", "wanted"), {**MISSPELT, **ABBREVIATED, **CALLED, **POSTCODES}.items())
def test_what_is_meant_comes_first(london: Atlas, typed: str, wanted: str) -> None:
    assert found(london, typed)[0].name == wanted


@pytest.mark.parametrize("typed", ["tfl", "elft", "v&a", "ucl", "barts", "imperial", "guys", "met"])
def test_an_institution_comes_before_its_sites_and_programmes(london: Atlas, typed: str) -> None:
    assert found(london, typed)[0].kind == "institution"


@pytest.mark.parametrize("typed", ["met office", "asdf", "x", "0", "123", "port authority", "pizza"])
def test_what_shares_a_word_or_some_letters_is_not_found(london: Atlas, typed: str) -> None:
    assert found(london, typed) == []


def test_land_called_after_a_place_hides_nothing(london: Atlas) -> None:
    plain = london.inputs
    estate = land(*({"id": name, "name": name, "at": (530_000, 180_000)} for name in ("HOMERTON", "GUY'S HOSPITAL")))
    atlas = replace(london, inputs=replace(plain, estate=estate))
    first, *others = found(atlas, "homerton")
    assert (first.name, first.kind) == ("Homerton Healthcare NHS Foundation Trust", "institution")
    assert "HOMERTON" in [name.name for name in others]
    assert [name.kind for name in found(atlas, "guys hospital")][:2] == ["site", "asset"]


def test_a_ward_is_found_by_name_and_code_and_shown_on_its_borough(london: Atlas) -> None:
    plain = london.inputs
    wards = {"ward": "E05013714", "ward_name": "Catford South"}
    areas = plain.areaset.areas.loc[plain.areaset.areas["lad_name"] == "Lewisham"].iloc[:3].assign(**wards)
    atlas = replace(london, inputs=replace(plain, areaset=replace(plain.areaset, areas=areas)))
    for typed in ("catford south", "E05013714", "e05013714"):
        first = found(atlas, typed)[0]
        assert (first.kind, first.name, first.what, first.page) == (
            "ward",
            "Catford South",
            "ward in Lewisham",
            "lewisham",
        )
        assert first.areas == tuple(areas.index)


@pytest.mark.parametrize("typed", ["richmond", "kingston", "lewisham", "north west london", "croydon", "cnwl"])
def test_what_has_ended_comes_after_what_stands(london: Atlas, typed: str) -> None:
    living = [not name.is_over for name in found(london, typed)]
    assert living == sorted(living, reverse=True)


def test_what_has_ended_is_told_so_and_found_by_its_name(london: Atlas) -> None:
    first = found(london, "Hackney Community College")[0]
    assert (first.name, first.what) == ("Hackney Community College", "further education college, until July 2016")


def test_north_east_london_is_of_that_name_alone(london: Atlas) -> None:
    assert all("North East London" in name.name for name in found(london, "NEL", 4))


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("SE13", "postcode district, mostly in Lewisham; "),
        ("SE13 6", "postcode sector, in Lewisham; "),
        ("SE13 6L", "part of a postcode sector, in Lewisham; "),
    ],
)
def test_the_beginning_of_a_postcode_says_where_and_how_many(london: Atlas, typed: str, what: str) -> None:
    first, *others = found(london, typed, 20)
    assert first.what.startswith(what)
    assert first.what.endswith(" postcodes, the first of them below")
    assert [name.kind for name in others] == ["postcode"] * 8


def test_a_postcode_that_is_nearly_right_is_offered_as_such(london: Atlas) -> None:
    (only,) = search_all(london, "SEI3 6LG")
    assert only[0] < 100
    assert only[1].what.startswith("did you mean: postcode in Lewisham")
    assert all(name.name.startswith("SE13 6L") for name in found(london, "SE13 6L0"))


@pytest.mark.parametrize("typed", ["M1 1AE", "CF10 1EP"])
def test_a_postcode_elsewhere_is_not_found(london: Atlas, typed: str) -> None:
    assert found(london, typed) == []
