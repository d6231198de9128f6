"""Need: which measure of deprivation, and where each area stands among the people of the study area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError
from atlas.geo.deprivation import Deprivation
from atlas.parameters import OFFICIAL_WEIGHTS, Parameters
from atlas.vocabulary import WEIGHTED_DOMAINS, NeedDomain, Release

SPREAD: Final = 23.0
"""The constant of the official method: a domain's score falls from 100 to about 50 over the most deprived tenth."""

PUBLISHED_SCALE: Final = sum(OFFICIAL_WEIGHTS.values()) / 100.0
"""Published scores are sums with the official per cents as they stand, which add to 99.9 and not to 100."""


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
        raise QueryError(_lacking(deprivation, domain))
    need = deprivation.scores[domain.value].reindex(index).astype(float).rename("need")
    check_numbers(np.asarray(need), index, "need score")
    return need


def need_for(deprivation: Deprivation, parameters: Parameters, index: pd.Index[str]) -> pd.Series[float]:
    """Need at a reader's choices: one measure, the published index, or the index by weights of the reader's own.

    Parameters
    ----------
    deprivation : Deprivation
        A release; a higher score is more deprived.
    parameters : Parameters
        `need_domain` and `weights` count here.
    index : pandas.Index
        Codes of the areas, of the release's census year.

    Returns
    -------
    pandas.Series
        `need`, on `index`; higher is more deprived.

    Raises
    ------
    QueryError
        If the release has no such measure, no domains to weigh, or no score for one of the areas.

    Examples
    --------
    >>> estimate = Deprivation.from_estimate(pd.DataFrame({"overall": [40.0, 8.0]}, index=["E01000001", "E01000002"]))
    >>> need_for(estimate, Parameters(), pd.Index(["E01000002"])).tolist()
    [8.0]
    """
    if parameters.need_domain is not NeedDomain.OVERALL or parameters.weights is None:
        return need_of(deprivation, parameters.need_domain, index)
    return weighted_need(deprivation, parameters.domain_weights(), index)


def weighted_need(
    deprivation: Deprivation, weights: Mapping[NeedDomain, float], index: pd.Index[str]
) -> pd.Series[float]:
    """The index by any weights of its domains, as the official method makes it.

    ``need = 0.999 * sum(w_d * X_d) / sum(w_d)``, with `X_d` from `domain_scores`. Only the ratios of the weights count.
    The official weights give back the published score of every LSOA, to its rounding: 0.999 is there because they add
    to 99.9 per cent.

    Parameters
    ----------
    deprivation : Deprivation
        A release with ranks of the seven domains.
    weights : mapping of NeedDomain to float
        Zero or more for any of `WEIGHTED_DOMAINS`; those not given weigh nothing.
    index : pandas.Index
        Codes of the areas, of the release's census year.

    Returns
    -------
    pandas.Series
        `need`, on `index`, from 0 to 99.9; higher is more deprived.

    Raises
    ------
    QueryError
        If weights are negative, not finite, all zero or of something else, the release has no domains, or an area has
        no rank.

    Examples
    --------
    >>> ranked = pd.DataFrame({domain.value: [2.0, 1.0] for domain in WEIGHTED_DOMAINS}, index=["A", "B"])
    >>> weighted_need(Deprivation.from_estimate(ranked), OFFICIAL_WEIGHTS, pd.Index(["A", "B"])).round(3).tolist()
    [99.9, 15.631]
    """
    share = _shares(weights)
    scores = domain_scores(deprivation, index)
    if scores is None:
        missing = next(domain for domain in WEIGHTED_DOMAINS if domain not in deprivation.ranks)
        raise QueryError(f"weights need the seven domains: {_lacking(deprivation, missing)}")
    # a sum along each row, so that no score depends on which other areas are asked for
    need = PUBLISHED_SCALE * (scores.to_numpy() * share).sum(axis=1)
    return pd.Series(need, index=index, name="need")


def domain_scores(deprivation: Deprivation, index: pd.Index[str]) -> pd.DataFrame | None:
    """Every weighted domain on the scale on which the official method adds them up.

    Parameters
    ----------
    deprivation : Deprivation
        A release.
    index : pandas.Index
        Codes of the areas, of the release's census year.

    Returns
    -------
    pandas.DataFrame or None
        On `index`, a column for each of `WEIGHTED_DOMAINS` in their order, above 0 to 100: `exponential` of the ranks
        among all the areas that the release ranks; higher is more deprived. None where the release has no domains, as
        the estimate has none.

    Raises
    ------
    QueryError
        If an area has no rank, or a rank is out of range.
    """
    columns = [domain.value for domain in WEIGHTED_DOMAINS]
    if not set(columns) <= set(deprivation.ranks.columns):
        return None
    ranks = deprivation.ranks[columns].reindex(index).to_numpy(np.float64)
    check_numbers(ranks.sum(axis=1), index, "rank of need")
    return pd.DataFrame(exponential(ranks, deprivation.ranked), index=index, columns=columns)


def exponential(ranks: ArrayLike, n: int) -> NDArray[np.float64]:
    """Ranks on the exponential scale of the Indices of Deprivation, 100 for the most deprived.

    ``X = -23 * ln(1 - R * (1 - exp(-100 / 23)))`` with ``R = (n - rank + 1) / n``, 1 for the most deprived area and
    1/n for the least. The most deprived tenth takes up the upper half of the scale, so that much of one deprivation is
    not made good by little of another. Source: English Indices of Deprivation, technical report (2019, 2025).

    Parameters
    ----------
    ranks : array_like
        Rank 1 is most deprived; of any shape.
    n : int
        How many areas were ranked.

    Returns
    -------
    numpy.ndarray of float
        Of the same shape, above 0 to 100; higher is more deprived.

    Raises
    ------
    QueryError
        If a rank is below 1, above `n`, or not a number.

    Examples
    --------
    >>> exponential([1, 3284, 32844], 32844).round(3).tolist()
    [100.0, 50.435, 0.001]
    """
    rank = np.asarray(ranks, dtype=np.float64)
    outside = rank[~((rank >= 1) & (rank <= n))]
    if outside.size:
        raise QueryError(f"ranks must be from 1, the most deprived, to {n:,}; found {outside[0]:g}")
    share = (n - rank + 1.0) / n
    return np.asarray(-SPREAD * np.log1p(share * np.expm1(-100.0 / SPREAD)))


def without(weights: Mapping[NeedDomain, float], domain: NeedDomain) -> tuple[float, ...]:
    """Weights with one domain left out and the others scaled up, as `Parameters.weights` takes them.

    "Barriers to housing and services" measures in part how far services are: beside a measure of access it may count
    the same thing twice, and so is the one that a reader may wish to leave out.

    Parameters
    ----------
    weights : mapping of NeedDomain to float
        Zero or more for any of `WEIGHTED_DOMAINS`.
    domain : NeedDomain
        The one to leave out.

    Returns
    -------
    tuple of float
        Seven per cents in the order of `WEIGHTED_DOMAINS`, adding to 100.

    Raises
    ------
    QueryError
        If it is none of the weighted domains, or nothing is left.

    Examples
    --------
    >>> [round(weight, 2) for weight in without(OFFICIAL_WEIGHTS, NeedDomain.HOUSING_AND_SERVICES)]
    [24.83, 24.83, 14.9, 14.9, 10.26, 0.0, 10.26]
    """
    if domain not in WEIGHTED_DOMAINS:
        raise QueryError(f"{domain} is not weighed in the index; the seven are {', '.join(WEIGHTED_DOMAINS)}")
    left = {**weights, domain: 0.0}
    return tuple((100.0 * _shares(left)).tolist())


def _shares(weights: Mapping[NeedDomain, float]) -> NDArray[np.float64]:
    """Weights in the order of `WEIGHTED_DOMAINS`, adding to 1."""
    strange = [str(key) for key in weights if key not in WEIGHTED_DOMAINS]
    if strange:
        raise QueryError(f"{strange[0]} is not weighed in the index; the seven are {', '.join(WEIGHTED_DOMAINS)}")
    given = np.array([weights.get(domain, 0.0) for domain in WEIGHTED_DOMAINS], dtype=np.float64)
    if not (np.isfinite(given) & (given >= 0)).all() or not 0 < given.sum() < np.inf:
        raise QueryError(f"weights must be zero or more, and not all zero; found {given.tolist()}")
    return np.asarray(given / given.sum())


def _lacking(deprivation: Deprivation, domain: NeedDomain) -> str:
    here = ", ".join(deprivation.domains())
    lacks = f"{deprivation.release} does not measure {domain}, only {here}"
    if not deprivation.is_estimate:
        return f"{lacks}: the file that is here has no such columns"
    return f"{lacks}; {Release.IOD2019} and {Release.IOD2025} have every domain"


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
