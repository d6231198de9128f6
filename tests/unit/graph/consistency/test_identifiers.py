from __future__ import annotations

from typing import Any

import pytest

from atlas.errors import Faults
from atlas.graph.consistency.identifiers import FORMS, check_identifiers
from atlas.records import Institution
from tests.toy import EVIDENCE


def body(name: str, **numbers: str) -> Institution:
    fields: dict[str, Any] = {"sector": "health", "kind": "toy", "is_anchor": True, **numbers}
    return Institution(id=f"institution:{name}", name=name, **fields, **EVIDENCE)


def found(*bodies: Institution, kin: frozenset[tuple[str, str]] = frozenset()) -> list[tuple[Any, ...]]:
    faults = Faults()
    check_identifiers(list(enumerate(bodies, 2)), kin, faults)
    return [(fault.problem, fault.row, fault.column, fault.value) for fault in faults.errors]


@pytest.mark.parametrize(
    ("column", "number"),
    [
        ("gss_code", "E09000028"),
        ("ods_code", "RJ1"),
        ("ods_code", "A1B2C"),
        ("ukprn", "10007784"),
        ("company_number", "00102498"),
        ("company_number", "RC000123"),
        ("company_number", "IP27436R"),
        ("charity_number", "207329"),
        ("charity_number", "1158414"),
        ("charity_number", "SC005336"),
    ],
)
def test_numbers_as_registers_write_them(column: str, number: str) -> None:
    assert found(body("a", **{column: number})) == []


@pytest.mark.parametrize(
    ("column", "number"),
    [
        ("gss_code", "E0900028"),
        ("ods_code", "rj1"),
        ("ukprn", "20007784"),
        ("ukprn", "1000778"),
        ("company_number", "102498"),
        ("charity_number", "20732"),
        ("charity_number", "charity"),
    ],
)
def test_numbers_of_another_form(column: str, number: str) -> None:
    assert found(body("a", **{column: number})) == [("not of the right form", 2, column, number)]


@pytest.mark.parametrize("column", sorted(FORMS))
def test_a_number_that_two_carry_is_told_at_each_but_the_first(column: str) -> None:
    number = {"gss_code": "E09000028", "ods_code": "RJ1", "ukprn": "10007784"}.get(column, "1234567")
    number = "01234567" if column == "company_number" else number
    three = [body(name, **{column: number}) for name in "abc"]
    assert found(*three) == [("shared number", 3, column, number), ("shared number", 4, column, number)]
    assert found(three[0], body("b")) == []


def test_kin_may_share_a_number() -> None:
    two = [body(name, ukprn="10007784") for name in "ba"]
    assert found(*two, kin=frozenset({("institution:a", "institution:b")})) == []
    third = body("c", ukprn="10007784")
    kin = frozenset({("institution:a", "institution:b"), ("institution:b", "institution:c")})
    assert found(*two, third, kin=kin) == [("shared number", 4, "ukprn", "10007784")]
