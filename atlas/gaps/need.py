"""Need: which measure of deprivation, and where each area stands among the people of the study area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.geo.deprivation import Deprivation
from atlas.vocabulary import NeedDomain, Release


def need_of(deprivation: Deprivation, domain: NeedDomain, index: pd.Index[str]) -> pd.Series[float]:
    """The scores of one measure of need, for the areas asked for.

    Parameters
    ----------
    deprivation : Deprivation
        A release; a higher score is more deprived.
    domain : NeedDomain
        Which measure.
    index : pandas.Index
        Codes of the areas, of the release's census year.

    Returns
    -------
    pandas.Series
        `need`, on `index`; higher is more deprived.

    Raises
    ------
    QueryError
        If the release has no such measure (says which have), or no score for one of the areas.

    Examples
    --------
    >>> estimate = Deprivation.from_estimate(pd.DataFrame({"overall": [40.0, 8.0]}, index=["E01000001", "E01000002"]))
    >>> need_of(estimate, NeedDomain.OVERALL, pd.Index(["E01000002"])).tolist()
    [8.0]
    >>> need_of(estimate, NeedDomain.CRIME, pd.Index(["E01000002"]))
    Traceback (most recent call last):
    atlas.errors.QueryError: estimate does not measure crime, only overall; iod2019 and iod2025 have every domain
    """
    if domain not in deprivation.domains():
        here = ", ".join(deprivation.domains())
        whole = f"{Release.IOD2019} and {Release.IOD2025}"
        raise QueryError(f"{deprivation.release} does not measure {domain}, only {here}; {whole} have every domain")
    need = deprivation.scores[domain.value].reindex(index).astype(float).rename("need")
    check_numbers(np.asarray(need), index, "need score")
    return need


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


def percentiles_of(
    wanted: NDArray[np.float64], values: NDArray[np.float64], people: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Percentiles that further values, such as means over several areas, have among the people of the study area.

    Examples
    --------
    >>> percentiles_of(np.array([1.5, 2.0]), np.array([1.0, 2.0]), np.array([300.0, 100.0])).tolist()
    [75.0, 87.5]
    """
    order = np.argsort(values, kind="stable")
    below = np.concatenate(([0.0], np.cumsum(people[order])))
    ordered = values[order]
    either = below[np.searchsorted(ordered, wanted, "left")] + below[np.searchsorted(ordered, wanted, "right")]
    return np.asarray(50.0 * either / below[-1])


def check_numbers(values: NDArray[np.float64], index: pd.Index[Any], name: str) -> None:
    """Raise `QueryError` naming the first areas whose value is not a finite number."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        named = ", ".join(str(index[k]) for k in bad[:3])
        raise QueryError(f"{bad.size} areas have no {name}, among them {named}; every area needs one")
