"""Graphs that are hard to write, and a plain form in which two graphs can be compared."""

from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx

from atlas.graph.build import build
from atlas.records import Commitment, Measurement, Partnerships, Profile, Tie
from atlas.vocabulary import Confidence, Maturity, Relation, Status
from tests.toy import EVIDENCE, toy_inputs, toy_partnerships

NASTY = (
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "'tis; \"quoted\", it's 5 o'clock",
    "two\nlines\r\nand\ta tab\r",
    "\U0001d538 \U0001f3e5 Ş é \u2028 \u00a0",
    "]]> &amp; <!-- & -->",
    r"back\slash \u0041 \n",
    "-5; a|b",
)
"""Texts that one format or another takes for its own syntax."""


def nasty_partnerships() -> Partnerships:
    """The toy world with such texts in every free text, parallel ties, and rows that hang on nodes."""
    plain = toy_partnerships()

    def renamed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        words = ("name", "description", "evidence", "title", "publisher")
        return tuple(
            row.model_copy(
                update={
                    word: NASTY[(i + j) % len(NASTY)] for j, word in enumerate(words) if word in type(row).model_fields
                }
            )
            for i, row in enumerate(rows)
        )

    def tie(**changes: Any) -> Tie:
        fields: dict[str, Any] = {
            "subject": "institution:hospital",
            "relation": Relation.MEMBER_OF,
            "object": "network:west",
            "confidence": Confidence.LOW,
            **EVIDENCE,
        }
        return Tie(**(fields | changes))

    tables = ("sources", "institutions", "sites", "networks", "programmes", "places")
    west = plain.networks[0].model_copy(update={"status": Status.PLANNED, "start": None, "domains": ()})
    named = {table: renamed(getattr(plain, table)) for table in tables}
    return plain.model_copy(
        update={
            **named,
            "networks": (*named["networks"][1:], west),
            "ties": (
                *plain.ties,
                tie(start="2019", end="2021-06", status=Status.ENDED, note=NASTY[3]),
                tie(start="2022-02-03", note=NASTY[0]),
                tie(subject="institution:council", status=Status.UNKNOWN, note=NASTY[5]),
            ),
            "commitments": (
                Commitment(node="network:west", metric=NASTY[2], target=0.1, unit=NASTY[6], due="2027", **EVIDENCE),
                Commitment(node="network:west", metric="jobs", baseline=-3, target=40, unit="jobs", **EVIDENCE),
            ),
            "measurements": (Measurement(node="programme:east", metric="jobs", value=1e-9, unit="%", **EVIDENCE),),
            "profiles": (Profile(node="network:west", aspect="vision", position=Maturity.MATURE, **EVIDENCE),),
        }
    )


def nasty_graph() -> nx.MultiDiGraph[str]:
    """The graph of `nasty_partnerships`."""
    return build(nasty_partnerships())


def nasty_inputs() -> Any:
    """Everything about the nasty world that an atlas of it is made from."""
    return toy_inputs(nasty_partnerships())


Plain = tuple[dict[str, Any], dict[tuple[str, str, str], Any], dict[str, Any]]


def plain(graph: nx.MultiDiGraph[str]) -> Plain:
    """Nodes, ties and sources by id; keys as text, since no file tells 1 from "1"."""
    nodes = {node: dict(record) for node, record in graph.nodes(data=True)}
    ties = {(u, str(key), v): dict(tie) for u, v, key, tie in graph.edges(keys=True, data=True)}
    return nodes, ties, {name: dict(source) for name, source in graph.graph.get("sources", {}).items()}


DAY = date(2021, 3, 1)
