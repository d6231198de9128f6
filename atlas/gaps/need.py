"""Need: which measure of deprivation, and where each area stands among the people of the study area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.vocabulary import LABELS, NeedDomain, Release, label


def need_scores(scores: pd.DataFrame, domain: NeedDomain) -> pd.Series[float]:
    """The scores of one measure of need.

    Parameters
    ----------
    scores : pandas.DataFrame
        One row an LSOA, columns named by `NeedDomain` values; a higher score is more deprived.
    domain : NeedDomain
        Which measure.

    Returns
    -------
    pandas.Series
        `need`, on the index of `scores`; higher is more deprived.

    Raises
    ------
    QueryError
        If the release has no such measure; says which have.

    Examples
    --------
    >>> need_scores(pd.DataFrame({"overall": [40.0, 8.0]}, index=["a", "b"]), NeedDomain.OVERALL).tolist()
    [40.0, 8.0]
    """
    if domain.value not in scores.columns:
        whole = " and ".join(f"{LABELS[r]} ({r.value})" for r in (Release.IOD2019, Release.IOD2025))
        here = ", ".join(map(str, scores.columns))
        raise QueryError(
            f"this release does not measure {label(domain).lower()} ({domain.value}), only: {here}; {whole} have it"
        )
    return scores[domain.value].astype(float).rename("need")


def population_percentile(values: pd.Series[float], population: pd.Series[float]) -> pd.Series[float]:
    """Share of the study area's people who live where the value is lower, 0 to 100; 100 is the highest value.

    The mid-rank form: ``100 * (people below + people tied / 2) / all people``, where those tied include the area's
    own. Equal values share one percentile, and the population-weighted mean of all percentiles is 50.

    Parameters
    ----------
    values : pandas.Series
        One value an area.
    population : pandas.Series
        People in each, on the same index.

    Returns
    -------
    pandas.Series
        Percentiles on the index of `values`.

    Raises
    ------
    QueryError
        If the indexes differ, a value is not a number, a population is negative or not finite, or nobody lives there.

    Examples
    --------
    >>> population_percentile(pd.Series([5.0, 1.0, 5.0]), pd.Series([1000, 2000, 1000])).tolist()
    [75.0, 25.0, 75.0]
    """
    if not values.index.equals(population.index):
        raise QueryError("values and population must be on the same index, in the same order")
    people = np.asarray(population, dtype=np.float64)
    number = np.asarray(values, dtype=np.float64)
    check_numbers(number, values.index, "value")
    if not (np.isfinite(people) & (people >= 0)).all() or not people.sum() > 0:
        raise QueryError("populations must be finite, zero or more, and not all zero")
    return pd.Series(percentiles(number, people), index=values.index, name=values.name)


def percentiles(values: NDArray[np.float64], people: NDArray[np.float64]) -> NDArray[np.float64]:
    """`population_percentile` on arrays already checked."""
    _, at = np.unique(values, return_inverse=True)
    tied = np.bincount(at, weights=people)
    below = np.cumsum(tied) - tied
    return np.asarray(100.0 * (below + tied / 2) / tied.sum())[at]


def percentile_of(value: float, values: NDArray[np.float64], people: NDArray[np.float64]) -> float:
    """Percentile that a further value, such as the mean of several areas, has among the people of the study area."""
    weight = np.where(values < value, 1.0, np.where(values == value, 0.5, 0.0))
    return float(100.0 * (weight @ people) / people.sum())


def check_numbers(values: NDArray[np.float64], index: pd.Index[Any], name: str) -> None:
    """Raise `QueryError` naming the first areas whose value is not a finite number."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        named = ", ".join(str(index[k]) for k in bad[:3])
        raise QueryError(f"{bad.size} areas have no {name}, among them {named}; every area needs one")
