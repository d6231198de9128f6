"""Commitments against measurements as JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import networkx as nx

from atlas.exports.text import csv_text
from atlas.graph.progress import Commitment, Track, commitments_in, count_states

_COLUMNS: Final = (
    *("node", "name", "metric", "unit", "baseline", "target", "due", "direction", "is_direction_assumed", "state"),
    *("share", "silent_since", "reached_on", "is_overdue", "value", "period_start", "period_end", "is_disputed"),
    *("source", "evidence", "checked_on"),
)


def progress_document(graph: nx.MultiDiGraph[str], tracks: Sequence[Track], about: Mapping[str, Any]) -> dict[str, Any]:
    """Every metric with its targets and reports, as JSON values.

    `share` is the part of the way to the target that the latest report has come, 1 is all of it; null where that
    cannot be said. `states` counts the commitments.
    """
    return {
        **about,
        "states": {state.value: count for state, count in count_states(commitments_in(tracks)).items()},
        "metrics": [
            {
                "node": track.node,
                "name": graph.nodes[track.node].get("name", track.node),
                "metric": track.metric,
                "unit": track.unit,
                "commitments": [_commitment(one) for one in track.commitments],
                "reports": [asdict(report) for report in track.reports],
            }
            for track in tracks
        ],
    }


def progress_csv(graph: nx.MultiDiGraph[str], tracks: Iterable[Track]) -> str:
    """A row for each commitment, with empty values, and a row for each report; `target` or `value` says which."""
    rows: list[dict[str, Any]] = []
    for track in tracks:
        name = graph.nodes[track.node].get("name", track.node)
        about = {"node": track.node, "name": name, "metric": track.metric}
        rows += [{**about, **_commitment(one)} for one in track.commitments]
        rows += [{**about, **asdict(report)} for report in track.reports]
    return csv_text(_COLUMNS, rows)


def _commitment(one: Commitment) -> dict[str, Any]:
    left_out = {"node", "metric", "reports"}
    fields = {name: value for name, value in asdict(one).items() if name not in left_out}
    fields |= {"direction": one.direction.value, "state": one.state.value}
    return fields | {"share": None if one.share is None else round(one.share, 4)}
