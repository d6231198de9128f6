"""Which rows of several registers are one place, and in what those rows differ."""

from __future__ import annotations

from atlas.geo.estate.match.conflicts import CONFLICT_COLUMNS, INTERESTS, conflicts
from atlas.geo.estate.match.propose import ACCEPT_SCORE, LIKELY_SCORE, propose, propose_all, propose_new

__all__ = [
    "ACCEPT_SCORE",
    "CONFLICT_COLUMNS",
    "INTERESTS",
    "LIKELY_SCORE",
    "conflicts",
    "propose",
    "propose_all",
    "propose_new",
]
