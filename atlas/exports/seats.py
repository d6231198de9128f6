"""Who is missing, and how ready a network is, as JSON and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import networkx as nx

from atlas.exports.text import csv_text
from atlas.graph.guide import ELEMENTS
from atlas.graph.introductions import Introduction
from atlas.graph.readiness import Readiness
from atlas.graph.seats import Seat, Seats
from atlas.vocabulary import label

_SEAT: Final = (
    *("sector", "is_held", "domains", "levers", "institution", "name", "is_certain", "site", "distance_m"),
    *("introduction", "is_surveyed"),
)
_ANSWER: Final = ("element", "is_evidenced", "words", "kind", "node", "source", "evidence", "checked_on", "more")


def seats_document(graph: nx.MultiDiGraph[str], found: Seats, about: Mapping[str, Any]) -> dict[str, Any]:
    """Who sits at a table and who is missing, as JSON values.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph, for names.
    found : Seats
        From `atlas.graph.seats`.
    about : mapping
        What stands first in the document: `network` or `gap_area`, `revision` ….
    """
    return {
        **about,
        "domains": [domain.value for domain in found.domains],
        "is_complete": not found.doubts,
        "doubts": list(found.doubts),
        "has": [_seat(graph, seat) for seat in found.has],
        "also": [one.node for one in found.also],
        "lacks": [_seat(graph, seat) for seat in found.lacks],
    }


def _seat(graph: nx.MultiDiGraph[str], seat: Seat) -> dict[str, Any]:
    document: dict[str, Any] = {
        "sector": seat.sector.value,
        "label": label(seat.sector),
        "levers": [
            {"domain": domain.value, "lever": lever.words, "source": lever.source, "section": lever.section}
            for domain, lever in seat.levers
        ],
        "holders": [
            {
                "id": one.node,
                "name": graph.nodes[one.node].get("name", one.node),
                "is_certain": one.is_certain,
                "through": one.through,
            }
            for one in seat.holders
        ],
    }
    if seat.holders:
        return document
    document["candidates"] = [
        {
            "id": one.node,
            "name": one.name,
            "site": one.site,
            "site_name": one.site_name,
            "distance_m": None if one.distance_m is None else round(one.distance_m),
            "introduction": _introduction(one.introduction),
        }
        for one in seat.candidates
    ]
    return document | {"other_candidates": seat.others, "is_surveyed": seat.is_surveyed}


def _introduction(found: Introduction | None) -> dict[str, Any] | None:
    return None if found is None else {"sentence": found.sentence, "ties": [asdict(step) for step in found.steps]}


def seats_csv(graph: nx.MultiDiGraph[str], found: Seats) -> str:
    """A row for each institution that holds a seat or could take one; a row without for a seat that nobody could."""
    rows: list[dict[str, Any]] = []
    for seat in found.seats:
        shared = {
            "sector": seat.sector.value,
            "is_held": bool(seat.holders),
            "domains": "; ".join(domain.value for domain, _ in seat.levers),
            "levers": "; ".join(lever.words for _, lever in seat.levers),
            "is_surveyed": seat.is_surveyed,
        }
        held = [
            {"institution": one.node, "name": graph.nodes[one.node].get("name", ""), "is_certain": one.is_certain}
            for one in seat.holders
        ]
        free = [
            {
                "institution": one.node,
                "name": one.name,
                "site": one.site_name,
                "distance_m": None if one.distance_m is None else round(one.distance_m),
                "introduction": one.introduction.sentence if one.introduction else "",
            }
            for one in seat.candidates
        ]
        rows += [{**shared, **row} for row in (held or free or [{}])]
    return csv_text(_SEAT, rows)


def readiness_document(found: Readiness, about: Mapping[str, Any]) -> dict[str, Any]:
    """The six elements with their evidence and the two spectra, as JSON values; there is no score."""
    return {
        **about,
        "elements": [
            {
                "element": answer.element.value,
                "question": ELEMENTS[answer.element].question,
                "section": ELEMENTS[answer.element].section,
                "is_evidenced": answer.is_evidenced,
                "evidence": [asdict(row) for row in answer.found],
            }
            for answer in found.answers
        ],
        "fledgling_to_mature": [{"aspect": one.name, "rows": list(map(dict, one.rows))} for one in found.mission],
        "informal_to_formal": [{"aspect": one.name, "rows": list(map(dict, one.rows))} for one in found.structure],
    }


def readiness_csv(found: Readiness) -> str:
    """A row for each piece of evidence; a row without any for an element that has none on record."""
    rows: list[dict[str, Any]] = []
    for answer in found.answers:
        shared = {"element": answer.element.value, "is_evidenced": answer.is_evidenced}
        rows += [{**shared, **row} for row in ([asdict(one) for one in answer.found] or [{}])]
    return csv_text(_ANSWER, rows)
