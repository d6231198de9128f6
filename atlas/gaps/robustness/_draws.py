"""Other ways of measuring the same study: what is varied, by how much, and how a point of the unit cube becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.gaps.robustness._sobol import scrambled_sobol
from atlas.gaps.study import WIDEST, Study
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, CapacityRule, Decay

_Floats = NDArray[np.float64]
_Codes = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


class Choice(StrEnum):
    """What a way of measuring decides."""

    WEIGHTS = "weights"
    NORMALISATION = "normalisation"
    AGGREGATION = "aggregation"
    CATCHMENT = "catchment"
    DECAY = "decay"
    CAPACITY = "capacity"


class Normalisation(StrEnum):
    """What puts the domains on one scale before they are added."""

    EXPONENTIAL = "exponential"
    RANK = "rank"
    Z_SCORE = "z_score"


class Aggregation(StrEnum):
    """How the domains are put together."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


CONCENTRATION: Final = 50.0
"""Of the weights' Dirichlet distribution: a weight w has the standard deviation sqrt(w * (1 - w) / 51)."""

DECAYS: Final = (Decay.STEP, Decay.GAUSSIAN, Decay.EXPONENTIAL, Decay.UNIFORM)
"""Equally likely, whichever the reader chose."""

NEED_CHOICES: Final = (Choice.WEIGHTS, Choice.NORMALISATION, Choice.AGGREGATION)
NORMALISATIONS: Final = tuple(Normalisation)
AGGREGATIONS: Final = tuple(Aggregation)

COLUMN_CHOICES: Final = (*(Choice.WEIGHTS for _ in WEIGHTED_DOMAINS), *(c for c in Choice if c is not Choice.WEIGHTS))
"""The choice that each coordinate of the unit cube decides."""

_SMALLEST: Final = 2.0**-33
"""Less than a step of the Sobol points: 0 would give a weight of nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Ways of measuring, one a row.

    Parameters
    ----------
    weights : numpy.ndarray of float, shape (n, 7)
        Share of each of `WEIGHTED_DOMAINS`, adding to 1.
    normalisation, aggregation : numpy.ndarray of int, shape (n,)
        Positions in `NORMALISATIONS` and `AGGREGATIONS`.
    catchment : numpy.ndarray of float, shape (n,)
        In the unit of the study's costs.
    decay : numpy.ndarray of int, shape (n,)
        Positions in `decays`.
    sharing : numpy.ndarray of float, shape (n,)
        As `Study.capacity` takes it.
    decays : tuple of Decay
        What is drawn from.
    varied : frozenset of Choice
        The choices that differ between rows; the others are the reader's.
    """

    weights: _Floats
    normalisation: _Codes
    aggregation: _Codes
    catchment: _Floats
    decay: _Codes
    sharing: _Floats
    decays: tuple[Decay, ...]
    varied: frozenset[Choice]

    def __len__(self) -> int:
        return len(self.catchment)

    def take(self, rows: slice | NDArray[np.intp]) -> Draws:
        """Some of the draws."""
        columns = ("weights", "normalisation", "aggregation", "catchment", "decay", "sharing")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})

    def frame(self, *, in_minutes: bool) -> pd.DataFrame:
        """A row for each draw, in words; without the choices of need where those are not varied."""
        table: dict[str, object] = {}
        if Choice.WEIGHTS in self.varied:
            table |= {f"weight_{domain}": self.weights[:, k] for k, domain in enumerate(WEIGHTED_DOMAINS)}
            table["normalisation"] = [NORMALISATIONS[k].value for k in self.normalisation]
            table["aggregation"] = [AGGREGATIONS[k].value for k in self.aggregation]
        table["catchment_min" if in_minutes else "catchment_m"] = self.catchment
        table["decay"] = [self.decays[k].value for k in self.decay]
        table["sharing"] = self.sharing
        return pd.DataFrame(table, index=pd.RangeIndex(len(self), name="draw"))


def varied(study: Study) -> frozenset[Choice]:
    """The choices that can change anything in this study."""
    measure = study.parameters.measure
    found: set[Choice] = set()
    if study.domain_scores is not None and np.count_nonzero(_weights(study)) > 1:
        found.update(NEED_CHOICES)
    if len(study.supply):
        found.add(Choice.CATCHMENT)
        if measure not in (AccessMeasure.TSFCA, AccessMeasure.NEAREST):
            found.add(Choice.DECAY)
        if measure is not AccessMeasure.NEAREST and np.bincount(study.institution).max() > 1:
            found.add(Choice.CAPACITY)
    return frozenset(found)


def readers(study: Study, n: int = 1) -> Draws:
    """The reader's own way of measuring, `n` times."""
    decay = Decay.UNIFORM if study.parameters.measure is AccessMeasure.TSFCA else study.parameters.decay
    nothing = np.zeros(n, dtype=np.int64)
    return Draws(
        weights=np.tile(_weights(study), (n, 1)),
        normalisation=nothing,
        aggregation=nothing,
        catchment=np.full(n, float(study.catchment)),
        decay=nothing,
        sharing=np.full(n, float(study.parameters.capacity is CapacityRule.INSTITUTION)),
        decays=(decay,),
        varied=frozenset(),
    )


def from_unit(study: Study, unit: _Floats) -> Draws:
    """Make ways of measuring from points of the unit cube.

    Parameters
    ----------
    study : Study
        Whose choices that are not varied stay the reader's.
    unit : numpy.ndarray of float, shape (n, len(COLUMN_CHOICES))
        From 0 to 1.

    Returns
    -------
    Draws
        Row by row: no draw depends on another.
    """
    free, draws = varied(study), readers(study, len(unit))
    point = np.clip(unit, _SMALLEST, 1 - _SMALLEST)
    normalisation, aggregation, catchment, decay, sharing = point[:, len(WEIGHTED_DOMAINS) :].T
    if Choice.WEIGHTS in free:
        draws = replace(
            draws,
            weights=dirichlet(point[:, : len(WEIGHTED_DOMAINS)], _weights(study)),
            normalisation=_pick(normalisation, len(NORMALISATIONS)),
            aggregation=_pick(aggregation, len(AGGREGATIONS)),
        )
    if Choice.CATCHMENT in free:
        low, high = study.catchment / WIDEST, study.most
        draws = replace(draws, catchment=np.minimum(low * (high / low) ** catchment, high))
    if Choice.DECAY in free:
        draws = replace(draws, decay=_pick(decay, len(DECAYS)), decays=DECAYS)
    if Choice.CAPACITY in free:
        draws = replace(draws, sharing=sharing)
    return replace(draws, varied=free)


def sobol_points(n: int, seed: int) -> _Floats:
    """Scrambled Sobol points of the unit cube; the first of many are those of few.

    Raises
    ------
    QueryError
        If `n` is not a power of two, or the seed is negative.
    """
    check_draws(n, seed)
    return scrambled_sobol(n, len(COLUMN_CHOICES), seed)


def check_draws(n: int, seed: int) -> None:
    """Raise `QueryError` unless so many can be drawn."""
    if n < 1 or n & (n - 1):
        raise QueryError(f"draws must be a power of two, such as 1024, or they do not balance; found {n}")
    if seed < 0:
        raise QueryError(f"a seed must be zero or more, found {seed}")


def dirichlet(point: _Floats, centre: _Floats) -> _Floats:
    """Weights with the mean `centre`, from independent uniform numbers; a weight of 0 stays 0.

    Each is a gamma variable of shape `CONCENTRATION` times its mean, by the inverse of its distribution function; those
    of one row are divided by their sum.

    Examples
    --------
    >>> dirichlet(np.array([[0.5, 0.5, 0.5]]), np.array([0.5, 0.5, 0.0])).tolist()
    [[0.5, 0.5, 0.0]]
    """
    from scipy.special import gammaincinv  # noqa: PLC0415  # only runs that draw

    shape = CONCENTRATION * centre
    gamma = np.zeros_like(point)
    some = shape > 0
    gamma[:, some] = gammaincinv(shape[some], point[:, some])
    return np.asarray(gamma / gamma.sum(axis=1, keepdims=True))


def _weights(study: Study) -> _Floats:
    return np.array(list(study.parameters.domain_weights().values()))


def _pick(point: _Floats, n: int) -> _Codes:
    return (point * n).astype(np.int64)
