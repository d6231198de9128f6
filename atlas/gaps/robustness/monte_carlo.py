"""How sure: a study measured again in many ways, and how far each area's answer holds.

Ways of measuring are drawn over domain weights, normalisation, aggregation, catchment, decay and capacity, as
`robustness` says: scrambled Sobol points, which fill the space more evenly than chance would. The first 64 of 1,024
draws are those of a run of 64, so that a first look is part of the whole.

Sources: Saisana, Saltelli & Tarantola (2005), uncertainty analysis of composite indicators; OECD & JRC (2008), Handbook
on Constructing Composite Indicators, steps 5 to 7; Owen (1998), scrambled Sobol points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.robustness._draws import Choice, Progress, check_draws, from_unit, readers, sobol_points
from atlas.gaps.robustness._trials import Trials, measure
from atlas.gaps.study import Study

_Floats = NDArray[np.float64]
_Ranks = NDArray[np.int32]

INTERVAL: Final = (0.05, 0.95)
"""Between which shares of the draws `rank_low` and `rank_high` lie."""

_BY_AREA: Final = ("p_gap", "rank", "rank_low", "rank_high", "p_top")


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """How far each area's answer holds when it is measured otherwise; arrays in the order of `Study.areas`.

    Ranks are by gap index among all areas: 1 is most of a gap, and equal values share the best rank.

    Parameters
    ----------
    p_gap : numpy.ndarray of float, shape (n_areas,)
        Share of the draws in which the area is a gap.
    rank : numpy.ndarray of int, shape (n_areas,)
        At the reader's choice.
    rank_low, rank_high : numpy.ndarray of int, shape (n_areas,)
        5th and 95th percentile of the rank over the draws: the lowest rank that at least so many draws do not pass.
    p_top : numpy.ndarray of float, shape (n_areas,)
        Share of the draws in which the area's rank is at most `top`.
    top : int
        How many areas are gaps at the reader's choice; where it is 0, so is every `p_top`.
    mean_rank_shift : float
        Mean over areas and draws of how many places the rank is from the reader's.
    table : pandas.DataFrame
        A row for each draw: its choices (`weight_*` adding to 1, `normalisation`, `aggregation`, `catchment_m` or
        `catchment_min`, `decay`, `sharing` from 0, each site counts in full, to 1, an institution's sites share one)
        and what it finds: `n_gaps` (areas), `people_in_gaps`, `rank_shift` (mean over areas).
    varied : tuple of str
        The choices that were varied: those that can change anything in this study.
    seed : int
        Where the draws started.
    """

    p_gap: _Floats
    rank: _Ranks
    rank_low: _Ranks
    rank_high: _Ranks
    p_top: _Floats
    top: int
    mean_rank_shift: float
    table: pd.DataFrame
    varied: tuple[str, ...]
    seed: int

    @property
    def draws(self) -> int:
        """How many ways of measuring were tried."""
        return len(self.table)

    def standard_error(self) -> _Floats:
        """Standard error of `p_gap`, shape (n_areas,): ``sqrt(p (1 - p) / draws)``.

        That of independent draws, at most 0.016 for 1,024 and 0.063 for 64. Sobol points are more even: over sixteen
        seeds on London the true error was 0.64 of this for 64 draws and 0.50 of it for 256.
        """
        return np.asarray(np.sqrt(self.p_gap * (1.0 - self.p_gap) / self.draws))

    def tables(self) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
        """Its tables by name, `areas` and `draws`, and its facts as JSON values."""
        areas = pd.DataFrame({name: getattr(self, name) for name in _BY_AREA})
        facts = {name: getattr(self, name) for name in ("top", "mean_rank_shift", "seed")}
        return {"areas": areas, "draws": self.table}, {**facts, "varied": list(self.varied)}

    @classmethod
    def of_tables(cls, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> Self:
        """What `tables` gave, put together again."""
        areas: dict[str, Any] = {name: tables["areas"][name].to_numpy() for name in _BY_AREA}
        return cls(**areas, table=tables["draws"], **{**facts, "varied": tuple(facts["varied"])})


def robustness(study: Study, *, draws: int, seed: int, progress: Progress | None = None) -> Robustness:
    """Measure a study in many other ways.

    In each draw the need percentile, the access percentile and the rule of gaps are worked out anew, with people,
    sites and costs as they are. What is drawn, each independently:

    - *weights*: Dirichlet around the reader's, concentration 50, so that a weight w has the standard deviation
      sqrt(w (1 - w) / 51): 22.5% becomes 13.6% to 32.7% in nine draws of ten; a weight of 0 stays 0;
    - *normalisation*: exponential (official), linear rank, z-score; *aggregation*: arithmetic or geometric mean;
    - *catchment*: from half to twice the reader's, uniform in its logarithm, no wider than `Study.most`;
    - *decay*: step, Gaussian, exponential, none, equally likely;
    - *capacity*: how far an institution's sites share one capacity, uniform from 0 to 1.

    The measure of access stays the reader's. Choices of need are not varied where the release has no domains, nor any
    choice that can change nothing (`Robustness.varied` has those that were).

    Parameters
    ----------
    study : Study
        What was read and chosen.
    draws : int
        How many, a power of two.
    seed : int
        Where they start: the same seed gives the same draws.
    progress : callable, optional
        Told now and then how many draws are done, and of how many.

    Returns
    -------
    Robustness
        The same however many threads there are.

    Raises
    ------
    QueryError
        If `draws` is not a power of two, or the seed is negative.

    Examples
    --------
    Two towns, nine kilometres apart; the poorer has no anchor, however it is measured:

    >>> from geopandas import GeoDataFrame
    >>> from atlas.gaps.study import make_study
    >>> from atlas.geo.areas import AreaSet
    >>> from atlas.parameters import Parameters
    >>> towns = {"population": [8000, 2000], "x_m": [0.0, 9000.0], "y_m": 0.0}
    >>> areas = GeoDataFrame(towns, geometry=[None, None], index=["E01000001", "E01000002"])
    >>> around, nothing = pd.DataFrame({"population": [], "x_m": [], "y_m": []}), GeoDataFrame(geometry=[])
    >>> site = {"x_m": 0.0, "y_m": 0.0, "capacity": 1, "sector": "health", "status": "active", "institution": "i:a"}
    >>> areaset, sites = AreaSet(2011, areas, around, nothing, nothing), pd.DataFrame(site, index=["site:a"])
    >>> study = make_study(areaset, pd.Series([9.0, 40.0], areas.index), sites, Parameters())
    >>> found = robustness(study, draws=64, seed=1)
    >>> found.p_gap.tolist(), found.rank.tolist(), found.varied
    ([0.0, 1.0], [2, 1], ('catchment', 'decay'))
    """
    check_draws(draws, seed)
    trials, drawn = Trials.of(study), from_unit(study, sobol_points(draws, seed))
    (here,), (rank,) = trials.judge(readers(study))
    top = int(here.sum())
    found = measure(trials, drawn, rank, keep=True, progress=progress)
    low, high = _interval(found.rank)
    summary = {"n_gaps": found.n_gaps, "people_in_gaps": found.people_in_gaps, "rank_shift": found.rank_shift}
    return Robustness(
        p_gap=found.is_gap.mean(axis=0),
        rank=rank,
        rank_low=low,
        rank_high=high,
        p_top=(found.rank <= top).mean(axis=0),
        top=top,
        mean_rank_shift=float(found.rank_shift.mean()),
        table=drawn.frame(in_minutes=study.parameters.catchment_min is not None).assign(**summary),
        varied=tuple(choice.value for choice in Choice if choice in drawn.varied),
        seed=seed,
    )


def _interval(rank: _Ranks) -> tuple[_Ranks, _Ranks]:
    # whole sorts of small numbers are vector instructions, partitions are not
    ordered = np.sort(rank, axis=0)
    low, high = (int(np.ceil(share * len(rank))) - 1 for share in INTERVAL)
    return ordered[low].copy(), ordered[high].copy()
