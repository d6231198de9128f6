"""Registers' words as members of closed lists."""

from __future__ import annotations

import pytest

from atlas.geo.estate.cleaning.lexicon import HOLDINGS, STATUSES, TENURES, USES
from atlas.geo.estate.cleaning.sensitive import is_guarded, is_sensitive_name
from atlas.geo.estate.cleaning.words import (
    flag_status_of,
    holding_of,
    is_disused,
    status_of,
    tenure_of,
    use_of,
    use_of_class,
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


@pytest.mark.parametrize("dash", ["-", "\N{EN DASH}"])
@pytest.mark.parametrize("right", [Tenure.FREEHOLD, Tenure.LEASEHOLD])
@pytest.mark.parametrize("said", ["Occupied by the local authority", "Vacant", "Ground leasehold", "Sub leasehold"])
def test_a_right_stands_before_what_is_said_of_its_occupation(right: Tenure, said: str, dash: str) -> None:
    assert tenure_of(f"{right.capitalize()} {dash} {said}") is right


@pytest.mark.parametrize(
    ("words", "tenure"),
    [
        ("Freehold (unregistered)", Tenure.FREEHOLD),
        ("Freehold, unregistered", Tenure.FREEHOLD),
        ("Freehold with vacant possession", Tenure.FREEHOLD),
        ("FH - vacant", Tenure.FREEHOLD),
        ("Freehold \N{EN DASH} Leasehold", Tenure.FREEHOLD),
        ("Leasehold from freeholder (Network Rail)", Tenure.LEASEHOLD),
        ("Leasehold, owner occupied", Tenure.LEASEHOLD),
        ("Unregistered", Tenure.UNKNOWN),
        ("Vacant, to let", Tenure.UNKNOWN),
    ],
)
def test_the_first_right_counts_and_unknown_only_alone(words: str, tenure: Tenure) -> None:
    assert tenure_of(words) is tenure


@pytest.mark.parametrize(
    ("words", "tenure"),
    [
        ("Freehold - leased to Mencap", Tenure.FREEHOLD),
        ("Freehold and let", Tenure.FREEHOLD),
        ("Owned (let on 125 year lease)", Tenure.FREEHOLD),
        ("Freehold (let to Marks and Spencer and leasehold)", Tenure.FREEHOLD),
        ("Freehold subject to leases", Tenure.FREEHOLD),
        ("Leased out", Tenure.FREEHOLD),
        ("Leasehold and let", Tenure.LEASEHOLD),
        ("Sub-let", Tenure.LEASEHOLD),
    ],
)
def test_what_is_let_is_held_by_another_right_or_freehold(words: str, tenure: Tenure) -> None:
    assert tenure_of(words) is tenure


@pytest.mark.parametrize(
    ("words", "tenure"),
    [
        ("Ground lease (Council as landlord)", Tenure.FREEHOLD),
        ("Long lease - LBL is landlord", Tenure.FREEHOLD),
        ("Lease, landlord's interest", Tenure.FREEHOLD),
        ("Freehold reversion", Tenure.FREEHOLD),
        ("Ground lease", Tenure.LEASEHOLD),
        ("Lease from private landlord", Tenure.LEASEHOLD),
        ("On lease to bowls club", Tenure.FREEHOLD),
        ("Third party owned", Tenure.NOT_HELD),
    ],
)
def test_who_has_granted_a_lease_holds_more_than_it(words: str, tenure: Tenure) -> None:
    assert tenure_of(words) is tenure


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("A1", Use.RETAIL),
        ("Class B8", Use.DEPOT),
        ("B1 (c)", Use.INDUSTRIAL),
        ("Use Class E(e)", Use.HEALTH),
        ("F1(a)", Use.EDUCATION),
        ("F.2(b)", Use.COMMUNITY),
        ("Library (D1)", Use.LIBRARY),
        ("D1", None),
        ("C2", None),
        ("E", None),
    ],
)
def test_classes_of_one_use_each(code: str, use: Use | None) -> None:
    assert use_of_class(code) is use


@pytest.mark.parametrize(
    "words",
    [
        "Freehold and leasehold",
        "FH/LH",
        "F/H & L/H (garden)",
        "Freehold land + leasehold building",
        "Freehold and part leasehold",
        "Part leasehold; part freehold",
    ],
)
def test_both_rights_are_held_only_where_they_are_joined(words: str) -> None:
    assert tenure_of(words) is Tenure.FREEHOLD_AND_LEASEHOLD


@pytest.mark.parametrize(
    "words",
    ["Heritable", "Heritable title", "Outright ownership", "Feuhold", "Fee Farm Grant", "Fee simple"],
)
def test_ownership_in_scotland_and_northern_ireland_is_freehold(words: str) -> None:
    assert tenure_of(words) is Tenure.FREEHOLD


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
        ("Lease out", AssetStatus.IN_USE),
        ("Sold STC", AssetStatus.SUBJECT_TO_DISPOSAL),
        ("Sold subject to contract", AssetStatus.SUBJECT_TO_DISPOSAL),
        ("Under offer", AssetStatus.SUBJECT_TO_DISPOSAL),
        ("red", None),
    ],
)
def test_words_of_status(words: str, status: AssetStatus | None) -> None:
    assert status_of(words) is status


@pytest.mark.parametrize(
    "words",
    [
        "Not planned for disposal",
        "No longer for sale",
        "Not currently vacant",
        "Previously vacant",
        "Disposal cancelled",
        "Proposed disposal rejected",
        "Disposal (withdrawn)",
    ],
)
def test_what_is_denied_or_called_off_is_no_status(words: str) -> None:
    assert status_of(words) is AssetStatus.UNKNOWN


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Previously vacant, now let", AssetStatus.IN_USE),
        ("Previously vacant now let", AssetStatus.IN_USE),
        ("No longer required and surplus", AssetStatus.SURPLUS),
        ("Not required - surplus", AssetStatus.SURPLUS),
        ("Not in use for sale", AssetStatus.SUBJECT_TO_DISPOSAL),
        ("Surplus - withdrawn from disposal", AssetStatus.SURPLUS),
        ("Vacant and abandoned", AssetStatus.VACANT),
        ("Not currently in use", AssetStatus.VACANT),
        ("Part void", AssetStatus.IN_USE),
    ],
)
def test_a_denial_ends_with_its_clause(words: str, status: AssetStatus) -> None:
    assert status_of(words) is status


@pytest.mark.parametrize("words", ["Vacant", "Vacant land", "Derelict", "Disused", "Closed toilets"])
def test_a_use_may_say_that_nothing_uses_it(words: str) -> None:
    assert is_disused(words)


@pytest.mark.parametrize("words", ["Closed churchyard", "Partly vacant", "No longer vacant", "Office"])
def test_what_is_kept_is_not_disused(words: str) -> None:
    assert not is_disused(words)


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
        ("Yes - declared", "Surplus?", AssetStatus.SURPLUS),
        ("No: let to a club", "Occupied", AssetStatus.IN_USE),
        ("No (since 2021)", "Occupied", AssetStatus.VACANT),
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
        ("Leisure Centre Car Park", Use.CAR_PARK),
        ("Health Centre Car Park", Use.CAR_PARK),
        ("Rogate village hall car park", Use.CAR_PARK),
        ("Rogate village hall and car park", Use.COMMUNITY),
        ("Access road to Health Centre", Use.TRANSPORT),
        ("School House", Use.HOUSING),
        ("Police House", Use.HOUSING),
        ("School House Lane", None),
    ],
)
def test_a_name_tells_a_use(name: str, use: Use | None) -> None:
    assert use_of_name(name) is use


def test_words_of_use_are_taken_whole_before_they_are_searched() -> None:
    assert use_of("House") is Use.HOUSING
    assert use_of("7. Community hospital (with inpatient beds)") is Use.HEALTH
    assert use_of("Red") is None


@pytest.mark.parametrize("words", ["Non-residential", "Non Office", "Former school site", "Ex-depot"])
def test_a_use_that_is_denied_or_past_is_none(words: str) -> None:
    assert use_of(words) is None


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("Former school, now offices", Use.OFFICE),
        ("Office, former school", Use.OFFICE),
        ("Ex-servicemen's club", Use.COMMUNITY),
        ("Old people's home", Use.CARE),
        ("Non inpatient", Use.HEALTH),
        ("Former site", Use.LAND),
    ],
)
def test_a_use_of_today_stands_beside_one_that_is_past(words: str, use: Use) -> None:
    assert use_of(words) is use


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


@pytest.mark.parametrize("words", ["Former women's refuge", "Ex-refuge", "Old refuge", "Non refuge"])
def test_what_was_a_refuge_is_guarded_as_one(words: str) -> None:
    assert use_of(words) is Use.REFUGE
    assert is_sensitive_name(words)


@pytest.mark.parametrize(
    ("words", "tenure"),
    [
        ("FH LH", Tenure.FREEHOLD_AND_LEASEHOLD),
        ("Freehold; Leasehold", Tenure.FREEHOLD_AND_LEASEHOLD),
        ("Freehold plus leasehold", Tenure.FREEHOLD_AND_LEASEHOLD),
        ("Freehold, leasehold out", Tenure.FREEHOLD),
        ("Former leasehold, now freehold", Tenure.FREEHOLD),
        ("Unknown - possibly freehold", Tenure.UNKNOWN),
    ],
)
def test_rights_side_by_side_are_both_and_past_or_guessed_ones_none(words: str, tenure: Tenure) -> None:
    assert tenure_of(words) is tenure


@pytest.mark.parametrize(
    "words", ["Cemetery closed to new burials", "Car park (closed Sundays)", "Closed Parish Churchyard"]
)
def test_what_is_closed_in_part_is_not_disused(words: str) -> None:
    assert not is_disused(words)
