"""Registers' words as members of closed lists."""

from __future__ import annotations

import pytest

from atlas.geo.estate.cleaning.lexicon import HOLDINGS, STATUSES, TENURES, USES
from atlas.geo.estate.cleaning.words import (
    flag_status_of,
    holding_of,
    is_guarded,
    is_sensitive_name,
    status_of,
    tenure_of,
    use_of,
    use_of_name,
    words_of,
)
from atlas.vocabulary.estate import AssetStatus, Holding, Tenure, Use


@pytest.mark.parametrize(
    ("words", "tenure"),
    [
        ("FH", Tenure.FREEHOLD),
        ("LH", Tenure.LEASEHOLD),
        ("LLH", Tenure.LEASEHOLD),
        ("FH & LH", Tenure.FREEHOLD_AND_LEASEHOLD),
        ("Part freehold, part leasehold", Tenure.FREEHOLD_AND_LEASEHOLD),
        ("Freehold\xa0", Tenure.FREEHOLD),
        ("Owner occupied", Tenure.FREEHOLD),
        ("Licence", Tenure.LICENCE),
        ("Tenancy at will", Tenure.OTHER),
        ("not owned by a public authority", Tenure.NOT_HELD),
        ("red", None),
    ],
)
def test_words_of_tenure(words: str, tenure: Tenure | None) -> None:
    assert tenure_of(words) is tenure


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Subject to disposal process", AssetStatus.SUBJECT_TO_DISPOSAL),
        ("Saleable asset", AssetStatus.SURPLUS),
        ("under construction", AssetStatus.UNDER_CONSTRUCTION),
        ("Vacant", AssetStatus.VACANT),
        ("void", AssetStatus.VACANT),
        ("Not in use", AssetStatus.VACANT),
        ("Not vacant", AssetStatus.IN_USE),
        ("Occupied by Local Authority", AssetStatus.IN_USE),
        ("Surplus to requirements", AssetStatus.SURPLUS),
        ("not surplus", AssetStatus.UNKNOWN),
        ("red", None),
    ],
)
def test_words_of_status(words: str, status: AssetStatus | None) -> None:
    assert status_of(words) is status


@pytest.mark.parametrize(
    ("flag", "header", "status"),
    [
        ("Yes", "Occupied", AssetStatus.IN_USE),
        ("N", "Occupied", AssetStatus.VACANT),
        ("Y", "Vacant?", AssetStatus.VACANT),
        ("no", "Is vacant", AssetStatus.IN_USE),
        ("Yes", "Surplus", AssetStatus.SURPLUS),
        ("No", "Surplus", AssetStatus.UNKNOWN),
        ("Yes", "For disposal", AssetStatus.SUBJECT_TO_DISPOSAL),
    ],
)
def test_yes_and_no_mean_what_the_header_asks(flag: str, header: str, status: AssetStatus) -> None:
    assert flag_status_of(flag, header) is status


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("Deptford Lounge Library", Use.LIBRARY),
        ("Downham Health & Leisure Centre", Use.LEISURE),
        ("Car Park, St James Street", Use.CAR_PARK),
        ("Catford Town Hall", Use.CIVIC),
        ("Public Toilets", Use.UTILITY),
        ("Welch Road Allotments", Use.OPEN_SPACE),
        ("Hither Green Cemetery", Use.CEMETERY),
        ("Women's Refuge", Use.REFUGE),
        ("Fire Station", Use.EMERGENCY_SERVICE),
        ("Land adjacent to the library", Use.LAND),
        ("12 Church Street", None),
        ("Library Road", None),
        ("Former petrol station", None),
        ("Victoria House", None),
    ],
)
def test_a_name_tells_a_use(name: str, use: Use | None) -> None:
    assert use_of_name(name) is use


def test_words_of_use_are_taken_whole_before_they_are_searched() -> None:
    assert use_of("House") is Use.HOUSING
    assert use_of("7. Community hospital (with inpatient beds)") is Use.HEALTH
    assert use_of("Red") is None


@pytest.mark.parametrize("name", ["Women's refuge", "Safe house, 3 High Street", "Domestic Abuse Accommodation"])
def test_a_refuge_is_known_by_name(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize("name", ["Refuse store", "Pedestrian refuge", "Safe route to school"])
def test_what_sounds_like_a_refuge_is_none(name: str) -> None:
    assert not is_sensitive_name(name)


def test_flags_of_sensitive_sites() -> None:
    assert [is_guarded(flag) for flag in ("Yes", "Sensitive", "No", "not sensitive", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_words_of_holdings() -> None:
    said = ("Land/Buildings", "Buildings Only", "Land Only", "Land & buildings ", "red")
    found = [holding_of(words) for words in said]
    assert found == [Holding.LAND_AND_BUILDINGS, Holding.BUILDINGS, Holding.LAND, Holding.LAND_AND_BUILDINGS, None]


@pytest.mark.parametrize("table", [USES, TENURES, HOLDINGS, STATUSES])
def test_no_word_has_two_meanings(table: dict[str, tuple[str, ...]]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    pairs = [(phrase, member) for member, phrases in table.items() for phrase in phrases]
    twice = [phrase for phrase, member in pairs if seen.setdefault(words_of(phrase), member) is not member]
    assert twice == []
