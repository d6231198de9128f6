"""What the data page says of how much of the graph is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from atlas.graph.coverage import HANGING, IDENTIFIERS, OfNetwork, coverage, whole_percent
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation, Sector, label


def coverage_context(atlas: Atlas) -> dict[str, Any]:
    """Return what the template `_coverage.html` shows.

    Parameters
    ----------
    atlas : Atlas
        The graph is the one of its inputs.

    Returns
    -------
    dict
        `coverage`, and the words and shares that it is shown with.
    """
    found = coverage(atlas.inputs.graph, datetime.now(UTC).date())
    kinds = {kind.value: f"{kind.value}s" for kind in Kind}
    networks = {kind: [row for row in found.networks if row.node.startswith(f"{kind}:")] for kind in _TOLD_OF}
    return {
        "coverage": found,
        "identifiers": IDENTIFIERS,
        "told_of": ("members", *HANGING),
        "told": [(kinds[kind].capitalize(), len(rows), _told(rows)) for kind, rows in networks.items()],
        "group_words": lambda row: label(Sector(row.sector)) if row.sector else kinds[row.kind].capitalize(),
        "relation_words": lambda row: label(Relation(row.relation)) if row.relation else "All ties",
        "age_words": lambda row: kinds.get(row.what, row.what).capitalize(),
        "whole_percent": whole_percent,
    }


_TOLD_OF = (Kind.NETWORK.value, Kind.PROGRAMME.value)


def _told(rows: Sequence[OfNetwork]) -> list[int]:
    return [sum(bool(getattr(row, what)) for row in rows) for what in ("members", *HANGING)]
