"""Planted faults are all found, whatever the tables and wherever the rows stand."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import Fault
from atlas.graph.consistency import Rows, check, doubts
from atlas.records import TABLES, Institution, Measurement, Network, Place, Source, Tie
from atlas.vocabulary import Relation

EVIDENCE = {"source": "s", "evidence": "page 1", "checked_on": "2026-11-21"}
CODES = ["E09000001", "E09000002"]
Tables = dict[str, list[Any]]


def world(n: int) -> Tables:
    """Institutions that are all members of one network, without fault or doubt."""
    tables: Tables = {table: [] for table in TABLES}
    tables["sources"] = [Source(id="s", title="T", publisher="P", licence="L")]
    tables["places"] = [Place(id=f"place:{code}", name=code, kind="borough") for code in CODES]
    fields: dict[str, Any] = {"sector": "health", "kind": "toy", "is_anchor": True, "start": "1990", **EVIDENCE}
    tables["institutions"] = [
        Institution(id=f"institution:{k}", name=f"Body {k}", ods_code=f"R{k:03d}", **fields) for k in range(n)
    ]
    joint: dict[str, Any] = {"origin": "council", "scale": "borough", "description": "Helps.", "start": "1990"}
    places = {"footprint_kind": "places", "footprint": CODES[:1]}
    tables["networks"] = [Network(id="network:n", name="N", kind="toy", **joint, **places, **EVIDENCE)]
    tables["ties"] = [tie(k, "member_of", "network:n") for k in range(n)]
    return tables


def tie(k: int, relation: str, target: str, start: str | None = "2001") -> Tie:
    subject = f"institution:{k}"
    return Tie(subject=subject, relation=relation, object=target, confidence="high", start=start, **EVIDENCE)


def change(tables: Tables, table: str, place: int, **fields: Any) -> None:
    tables[table][place] = tables[table][place].model_copy(update=fields)


def circle(tables: Tables) -> None:
    tables["ties"] += [tie(a, "part_of", f"institution:{b}") for a, b in ((5, 6), (6, 7), (7, 5))]


PLANTED: dict[str, Callable[[Tables], Any]] = {
    "no such node": lambda tables: change(tables, "ties", 0, object="network:gone"),
    "node of the wrong kind": lambda tables: change(tables, "ties", 1, relation=Relation.OWNS),
    "no such source": lambda tables: change(tables, "ties", 2, source="gone"),
    "repeated tie": lambda tables: tables["ties"].append(tables["ties"][3]),
    "duplicate id": lambda tables: tables["institutions"].append(
        tables["institutions"][0].model_copy(update={"ods_code": "", "name": "Quite Different"})
    ),
    "ties of part_of run in a circle": circle,
    "shared number": lambda tables: change(tables, "institutions", 3, ods_code="R004"),
    "not of the right form": lambda tables: change(tables, "institutions", 5, ukprn="123"),
    "unknown place": lambda tables: change(tables, "networks", 0, footprint=("E09000099",)),
    "tied to nothing": lambda tables: tables["institutions"].append(
        tables["institutions"][0].model_copy(update={"id": "institution:x", "ods_code": "", "name": "Elsewhere"})
    ),
    "name much like another": lambda tables: change(tables, "institutions", 1, name="the body, 0"),
    "tie (1980 to) begins before its subject": lambda tables: change(tables, "ties", 4, start="1980"),
    "succeeded but still active": lambda tables: tables["ties"].append(tie(5, "succeeds", "institution:4", None)),
    "nobody cites it": lambda tables: tables["sources"].append(
        Source(id="silent", title="T", publisher="P", licence="L")
    ),
    "no such node, of a measurement": lambda tables: tables["measurements"].append(
        Measurement(node="network:none", metric="m", value=1, unit="u", **EVIDENCE)
    ),
}


def found(rows: Rows) -> list[Fault]:
    return [*check(rows, CODES), *doubts(rows)]


def numbered(tables: Tables, random: Random | None = None) -> Rows:
    rows: dict[str, list[tuple[int, Any]]] = {}
    for table, records in tables.items():
        rows[table] = list(enumerate(records, 2))
        if random:
            random.shuffle(rows[table])
    return rows


@pytest.mark.parametrize("n", [0, 6, 30])
def test_a_world_without_faults_has_none(n: int) -> None:
    tables = world(n)
    assert {fault.problem for fault in found(numbered(tables))} == (set() if n else {"tied to nothing"})


@given(st.integers(8, 12), st.sets(st.sampled_from(sorted(PLANTED)), min_size=1))
def test_every_planted_fault_is_found(n: int, planted: set[str]) -> None:
    tables = world(n)
    for fault in sorted(planted):
        PLANTED[fault](tables)
    problems = {fault.problem for fault in found(numbered(tables))}
    assert {fault.partition(",")[0] for fault in planted} <= problems


@given(st.integers(8, 12), st.sets(st.sampled_from(sorted(PLANTED))), st.randoms(use_true_random=False))
def test_the_order_of_rows_read_changes_nothing(n: int, planted: set[str], random: Random) -> None:
    tables = world(n)
    for fault in sorted(planted - {"duplicate id"}):
        PLANTED[fault](tables)

    def told(rows: Rows) -> set[tuple[str, str, str | None]]:
        return {(fault.file, fault.problem, fault.column) for fault in found(rows)}

    assert told(numbered(tables)) == told(numbered(tables, random))
