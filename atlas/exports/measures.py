"""Measures of the partnership graph as CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from atlas.exports.text import csv_text, json_text, records
from atlas.graph.measures.affiliation import Side
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.missing import DRAWS, DROPPED, SEED
from atlas.graph.measures.resilience import Departure
from atlas.graph.measures.sentences import ordered
from atlas.graph.measures.words import MEASURES

_ROUNDED: Final = 6


def measures_document(measured: Measured, by: str = "betweenness", top: int | None = None) -> dict[str, Any]:
    """Every measure as JSON values, with the words for each; `constraint` is null for a node without a tie."""
    rows = ordered(measured.table, by)[:top]
    return {
        **_about(measured),
        "ranks": {"draws": DRAWS, "dropped": DROPPED, "seed": SEED, "interval": [0.05, 0.95]},
        "measures": [asdict(measure) for measure in MEASURES.values()],
        "nodes": records(rows.join(measured.intervals).reset_index(), _ROUNDED),
    }


def measures_json(measured: Measured, by: str = "betweenness", top: int | None = None) -> str:
    """`measures_document` as text; refuses NaN."""
    return json_text(measures_document(measured, by, top))


def measures_csv(measured: Measured, by: str = "betweenness", top: int | None = None) -> str:
    """A row for each node."""
    columns = ["id", *map(str, [*measured.table, *measured.intervals])]
    return csv_text(columns, measures_document(measured, by, top)["nodes"])


def communities_json(measured: Measured) -> str:
    """The communities, with modularity and how far trials agree."""
    found = measured.communities
    return json_text({**_about(measured), **asdict(found)})


def communities_csv(measured: Measured) -> str:
    """A row for each node with a tie."""
    rows = [
        {"community": group.number, "centre": group.centre, "id": node, "name": measured.name(node)}
        for group in measured.communities.groups
        for node in group.nodes
    ]
    return csv_text(["community", "centre", "id", "name"], rows)


def overlap_json(measured: Measured, least: int = 1, top: int | None = None, side: Side = "networks") -> str:
    """Pairs of networks and programmes that share so many institutions, or of institutions that meet in so many."""
    return json_text({**_about(measured), "pairs": records(measured.overlapping(least, side)[:top], _ROUNDED)})


def overlap_csv(measured: Measured, least: int = 1, top: int | None = None, side: Side = "networks") -> str:
    """A row for each pair."""
    pairs = measured.overlapping(least, side)
    return csv_text(list(map(str, pairs)), records(pairs[:top], _ROUNDED))


def departure_json(measured: Measured, found: Departure) -> str:
    """What breaks when a node leaves."""
    return json_text({**_about(measured), **asdict(found)})


def departure_csv(found: Departure) -> str:
    """A row for each thing that breaks: what happens, and to which node; who stays in the largest part is left out."""
    cut_off = [
        {"what": f"cut off in part {k}", "node": node} for k, part in enumerate(found.parts[1:], 2) for node in part
    ]
    rows = [
        *({"what": f"loses its only: {lost.role}", "node": lost.node} for lost in found.roles_lost),
        *({"what": "left without a network or programme", "node": node} for node in found.without_network),
        *({"what": "left without a tie", "node": node} for node in found.without_tie),
        *cut_off,
    ]
    return csv_text(["what", "node"], rows)


def _about(measured: Measured) -> dict[str, Any]:
    return {
        "as_at": measured.graph.graph.get("as_at"),
        "size": {"nodes": len(measured.ties), "ties": measured.ties.number_of_edges(), "parts": list(measured.parts)},
    }
