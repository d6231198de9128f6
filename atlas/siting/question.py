"""What is asked: how many sites more, for what, and where they may stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from atlas.errors import QueryError
from atlas.parameters import MAX_CATCHMENT_M

RADIUS_M: Final = 2_000.0
"""About half an hour on foot, the streets' bends counted: what a service that is walked to can reach."""

MOST_SITES: Final = 100
"""More sites than this are a plan for all London and no longer a question of where the next should stand."""


class Objective(StrEnum):
    """What the new sites are for: people in need within reach, or more access for those served worst."""

    COVER = "cover"
    WORST = "worst"


class Candidates(StrEnum):
    """Where new sites may stand: sites that do not count, any neighbourhood, what partners hold unused, or a file's."""

    SITES = "sites"
    AREAS = "areas"
    ASSETS = "assets"
    FILE = "file"


class Demand(StrEnum):
    """Who is to be reached: everybody in the areas most in need, or everybody by their area's need."""

    MOST_IN_NEED = "most_in_need"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Parameters
    ----------
    p : int
        How many sites more.
    objective : Objective
        What they are for.
    candidates : Candidates
        Where they may stand.
    radius_m : float
        What is within reach of a site, metres in a straight line; for `Objective.COVER`. The worst served are measured
        by the reader's catchment and decay.
    demand : Demand
        Who is to be reached; for `Objective.COVER`.
    max_people : float, optional
        The most people that one new site can serve; for `Objective.COVER`.
    borough : str
        GSS code of the borough in which they may stand; empty for all London. People count wherever they live.
    time_limit_s : float
        Most seconds that HiGHS may take; with 0 the answer is the same on every machine.

    Raises
    ------
    QueryError
        If a number is out of range.
    """

    p: int = 3
    objective: Objective = Objective.COVER
    candidates: Candidates = Candidates.SITES
    radius_m: float = RADIUS_M
    demand: Demand = Demand.MOST_IN_NEED
    max_people: float | None = None
    borough: str = ""
    time_limit_s: float = 5.0

    def __post_init__(self) -> None:
        if not 1 <= self.p <= MOST_SITES:
            raise QueryError(f"p must be from 1 to {MOST_SITES} sites, found {self.p}")
        if not 0 < self.radius_m <= MAX_CATCHMENT_M:
            raise QueryError(f"the radius must be above 0 and up to {MAX_CATCHMENT_M:g} metres, found {self.radius_m}")
        if self.max_people is not None and not self.max_people > 0:
            raise QueryError(f"the most people that a site can serve must be above 0, found {self.max_people}")
        if self.max_people is not None and self.objective is Objective.WORST:
            raise QueryError("max_people limits whom a site covers; the objective worst has no such limit")
