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
