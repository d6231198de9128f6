from __future__ import annotations

from typing import Any

import pytest

from atlas.graph.consistency import check
from atlas.records import TABLES, Partnerships, Record
from atlas.vocabulary import Relation
from tests.toy import EAST, WEST, toy_partnerships

CODES = {WEST, EAST, "E12000007"}


def rows_of(partnerships: Partnerships) -> dict[str, list[tuple[int, Record]]]:
    return {table: list(enumerate(getattr(partnerships, table), start=2)) for table in TABLES}


def changed(table: str, index: int, **fields: Any) -> dict[str, list[tuple[int, Record]]]:
    rows = rows_of(toy_partnerships())
    row, record = rows[table][index]
    rows[table][index] = (row, record.model_copy(update=fields))
    return rows


def test_the_toy_world_agrees_with_itself() -> None:
    assert list(check(rows_of(toy_partnerships()), CODES)) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (changed("ties", 0, object="network:none"), ("ties.csv", 2, "object", "network:none")),
        (changed("ties", 0, subject="site:hospital"), ("ties.csv", 2, "subject", "site:hospital")),
        (changed("ties", 0, source="nowhere"), ("ties.csv", 2, "source", "nowhere")),
        (
            changed("ties", 1, subject="institution:hospital", relation=Relation.MEMBER_OF),
            ("ties.csv", 3, "subject", "institution:hospital"),
        ),
        (changed("ties", 0, object="institution:hospital"), ("ties.csv", 2, "object", "institution:hospital")),
        (changed("sites", 1, institution="network:west"), ("sites.csv", 3, "institution", "network:west")),
        (changed("sites", 0, borough="E09000099"), ("sites.csv", 2, "borough", "E09000099")),
        (changed("sites", 1, id="site:hospital"), ("sites.csv", 3, "id", "site:hospital")),
        (changed("networks", 0, id="programme:west"), ("networks.csv", 2, "id", "programme:west")),
        (changed("networks", 0, footprint=("E09000099",)), ("networks.csv", 2, "footprint", "E09000099")),
        (changed("surveys", 0, borough="E09000099"), ("surveys.csv", 2, "borough", "E09000099")),
        (changed("surveys", 4, borough=WEST), ("surveys.csv", 6, "sector", "health")),
    ],
)
def test_each_disagreement_is_named(rows: Any, expected: tuple[str, int, str, str]) -> None:
    faults = check(rows, CODES)
    assert expected in [(f.file, f.row, f.column, f.value) for f in faults.errors]


def test_what_was_not_read_is_not_missing() -> None:
    rows = changed("ties", 0, object="network:none", source="nowhere")
    assert len(check(rows, CODES, {"networks": {"network:none"}, "sources": {"nowhere"}})) == 0
    assert len(check(rows, CODES, {}, {"networks", "sources"})) == 0
    assert len(check(rows, CODES, {}, {"programmes"})) == 2


def test_all_faults_are_found_at_once() -> None:
    rows = changed("ties", 0, object="network:none")
    rows["sites"] = changed("sites", 0, borough="E09000099")["sites"]
    assert len(check(rows, CODES)) == 2


def test_a_symmetric_tie_is_the_same_read_backwards() -> None:
    toy = toy_partnerships()
    there = toy.ties[0].model_copy(
        update={"subject": "network:all", "relation": Relation.PARTNERS_WITH, "object": "network:west"}
    )
    back = there.model_copy(update={"subject": "network:west", "object": "network:all"})
    faults = check(rows_of(toy.model_copy(update={"ties": (there, back)})), CODES)
    assert [fault.problem for fault in faults] == ["repeated tie"]
