"""What is asked: how near is near, and how many of each kind are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from atlas.errors import QueryError
from atlas.geo.estate.opportunities import BESIDE_M, WALK_M
from atlas.parameters import MAX_CATCHMENT_M
from atlas.siting.question import RADIUS_M

NEAR_M: Final = 1_000.0
"""How far from a gap area land may lie and still be thought of for its people."""

MOST: Final = 50
MOST_ALLOWED: Final = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; distances are metres in a straight line.

    Parameters
    ----------
    borough : str
        GSS code of the borough in which the land must lie, one piece of it at least; empty for everywhere.
    walk_m : float
        How near two may be that share a place.
    beside_m : float
        How near neighbours are.
    near_m : float
        How near to a gap area.
    reach_m : float
        How far people go to a service: who is within reach.
    p : int
        How many of the unused pieces of land are chosen together.
    most : int
        Most rows of each kind.

    Raises
    ------
    QueryError
        If a number is out of range.
    """

    borough: str = ""
    walk_m: float = WALK_M
    beside_m: float = BESIDE_M
    near_m: float = NEAR_M
    reach_m: float = RADIUS_M
    p: int = 3
    most: int = MOST

    def __post_init__(self) -> None:
        for name in ("walk_m", "beside_m", "near_m", "reach_m"):
            if not 0 < (metres := getattr(self, name)) <= MAX_CATCHMENT_M:
                raise QueryError(f"{name} must be above 0 and up to {MAX_CATCHMENT_M:g} metres, found {metres:g}")
        if not 1 <= self.most <= MOST_ALLOWED:
            raise QueryError(f"most must be from 1 to {MOST_ALLOWED} rows, found {self.most}")
        if not 1 <= self.p <= self.most:
            raise QueryError(f"p must be from 1 to {self.most}, found {self.p}")
