"""What a register holds of persons, or asks to be kept back."""

from __future__ import annotations

import json

import pytest

from tests.registers import ROW, cleaned


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Tenancy Type", "Women's refuge"),
        ("Client group", "IDVA refuge"),
        ("Comments", "Do not publish"),
        ("Comments", "Sensitive location - not for public release"),
        ("Security", "OFFICIAL-SENSITIVE"),
        ("Publication status", "Restricted"),
        ("Use", "DV crisis accommodation"),
    ],
)
def test_what_is_to_be_kept_back_is_its_owners_in_whatever_column_that_stands(header: str, words: str) -> None:
    assets = cleaned([ROW | {header: words}, ROW | {"Asset Code": "A/2", header: "Published library"}]).assets
    assert assets["visibility"].iloc[0] == "owner"
    assert not assets["is_sensitive"].iloc[1]


def test_columns_about_persons_are_not_kept() -> None:
    told = {"Alarm code": "4471", "Keyholder mobile": "07700 900123", "Date of birth": "1950-01-01", "Colour": "red"}
    assert json.loads(cleaned([ROW | told]).assets["extra"].iloc[0]) == {"Colour": "red"}


def test_an_occupier_that_is_a_person_is_not_kept_and_that_is_said_without_the_name() -> None:
    names = ["Mr A Example", "Dr Example & Partners Surgery", "Mencap"]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Tenant": name} for at, name in enumerate(names)])
    assert found.assets["occupier"].tolist() == ["", *names[1:]]
    assert found.findings.query("code == 'person'")[["row", "before", "after"]].to_numpy().tolist() == [[2, "", ""]]


@pytest.mark.parametrize(
    "header",
    [
        *("Contact Tel", "Tel No.", "Out of Hours", "Tenant Contact", "Site Manager", "Caretaker", "Head Teacher"),
        *("Surveyor", "Lead Officer", "Alarm", "Key safe code", "Key Location", "Gate Code", "E-mail"),
    ],
)
def test_a_column_about_persons_is_neither_kept_nor_taken_for_anything(header: str) -> None:
    rows = [ROW | {"Asset Code": f"A/{at}", header: value} for at, value in enumerate(["530030", "531200", "529998"])]
    found = cleaned(rows)
    assert set(found.assets["extra"]) == {""}
    assert found.findings.empty


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Mr & Mrs Example", ""),
        ("A Example", ""),
        ("J.K. Example-Smith", ""),
        ("Amina Example", ""),
        ("Little Stars (S. Example)", "Little Stars"),
        ("Ladbrokes", "Ladbrokes"),
        ("Costa Coffee", "Costa Coffee"),
        ("John Lewis Partnership plc", "John Lewis Partnership plc"),
        ("St John Ambulance", "St John Ambulance"),
        ("A & B Motors", "A & B Motors"),
    ],
)
def test_persons_are_told_from_firms_among_occupiers_and_lessees(name: str, kept: str) -> None:
    assert cleaned([ROW | {"Tenant": name}]).assets["occupier"].tolist() == [kept]
    extra = cleaned([ROW | {"Tenant": "Somebody", "Leaseholder": name}]).assets["extra"].iloc[0]
    assert (json.loads(extra) if extra else {}).get("Leaseholder", "") == kept


def test_a_person_with_a_title_is_kept_in_no_column() -> None:
    extra = cleaned([ROW | {"Booked by": "Mrs A Example", "Colour": "red"}]).assets["extra"].iloc[0]
    assert json.loads(extra) == {"Colour": "red"}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Protective Marking", "SECRET"),
        ("Property Name", "HMP Approved Premises (Confidential)"),
        ("Address", "Exempt \N{EN DASH} s.31(1)"),
        ("Comments", "Sensitive: Y"),
        ("Comments", "Withheld under s.38 FOIA"),
        ("Occupancy note", "Confidential"),
    ],
)
def test_words_of_withholding_are_obeyed(header: str, words: str) -> None:
    rows = [ROW | {header: words}, ROW | {"Asset Code": "A/2", header: "Exempt from rates, not sensitive"}]
    assert cleaned(rows).assets["visibility"].tolist() == ["owner", "public"]


@pytest.mark.parametrize(
    "header",
    [
        "HeadFirstName",
        "HeadLastName",
        "Editor",
        "created_user",
        "last_edited_user",
        "Patch / Housing Officer",
        "Estates lead",
    ],
)
def test_columns_of_those_who_wrote_the_register_are_not_kept(header: str) -> None:
    assert cleaned([ROW | {header: "Example"}]).assets["extra"].tolist() == [""]


def test_how_to_reach_anybody_is_kept_in_no_words() -> None:
    row = ROW | {"Remarks": "ring Tom on 07700 900123", "Building info": "Key with Mrs Example, 12 Whitefoot Lane"}
    found = cleaned([row | {"Owner": "Dr A Example", "Landlord": "J Example"}])
    assert found.assets["notes"].tolist() == ["ring Tom on [not kept]"]
    assert found.assets["organisation"].tolist() == [""]
    assert json.loads(found.assets["extra"].iloc[0]) == {"Building info": "Key with [not kept], 12 Whitefoot Lane"}
    assert found.findings.query("code == 'person'")["before"].tolist() == ["", ""]


def test_a_number_of_twelve_digits_is_no_telephone() -> None:
    numbers = ["010012809147", "020 7946 0123", "+44 7700 900123", "07700900123", "020-7946-0123"]
    found = [
        json.loads(extra) for extra in cleaned([ROW | {"Other number": number} for number in numbers]).assets["extra"]
    ]
    assert [row["Other number"] for row in found] == ["010012809147", *["[not kept]"] * 4]


def test_a_place_named_after_a_person_keeps_its_name() -> None:
    rows = [
        ROW
        | {
            "Property Name": "Mr Example's Caf\N{LATIN SMALL LETTER E WITH ACUTE}",
            "Address": "1 Lee Road (Mrs A Example)",
        }
    ]
    found = cleaned(rows).assets.iloc[0]
    assert found["name"] == "Mr Example's Caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert found["street"] == "1 Lee Road [not kept]"
