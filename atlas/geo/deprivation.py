"""Need: a release of the Indices of Deprivation, or the estimate that stands in for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from atlas.vocabulary import NeedDomain, Release

CENSUS_YEARS: Final[Mapping[Release, int]] = MappingProxyType(
    {Release.ESTIMATE: 2011, Release.IOD2019: 2011, Release.IOD2025: 2021}
)
"""Which LSOA codes each release speaks of."""

LSOAS_IN_ENGLAND: Final[Mapping[int, int]] = MappingProxyType({2011: 32_844, 2021: 33_755})
"""How many LSOAs each census made: what official ranks are among."""

DECILES: Final = 10


@dataclass(frozen=True, slots=True)
class Deprivation:
    """One release, every table indexed by LSOA code (index name ``lsoa``) in the same order.

    Parameters
    ----------
    release : Release
        Which it is.
    vintage : int
        Census year of its LSOA codes: 2011 or 2021.
    is_estimate : bool
        True where it is Atlas's own estimate: say so wherever it shows.
    scores : pandas.DataFrame
        A column for the index and each of its seven domains; where the file has them, for `idaci`, `idaopi` and the
        sub-domains too. A higher score is more deprived; income, employment, IDACI and IDAOPI are shares of people,
        the others have no unit.
    ranks : pandas.DataFrame
        The same columns: rank 1 is most deprived. Official ranks are among all of England's LSOAs, whichever are held
        here; an estimate's are among its own.
    deciles : pandas.DataFrame
        The same columns: decile 1 is the most deprived tenth.
    populations : pandas.DataFrame
        People, excluding prisoners: `total`, and where published `children`, `aged_16_59`, `older` and `working_age`
        (as the employment domain counts it).
    names : pandas.DataFrame
        `name` of the LSOA, `lad` and `lad_name` of its district.
    missing : tuple of str
        What the official layout has and this file has not, in the layout's words.
    """

    release: Release
    vintage: int
    is_estimate: bool
    scores: pd.DataFrame
    ranks: pd.DataFrame
    deciles: pd.DataFrame
    populations: pd.DataFrame
    names: pd.DataFrame
    missing: tuple[str, ...] = ()

    @classmethod
    def from_estimate(
        cls, scores: pd.DataFrame, populations: pd.DataFrame | None = None, names: pd.DataFrame | None = None
    ) -> Deprivation:
        """Wrap an estimate of need; ranks and deciles are among the LSOAs given, equal scores sharing the best rank.

        Parameters
        ----------
        scores : pandas.DataFrame
            Indexed by LSOA 2011 code, with a column `overall` at least; a higher score is more deprived.
        populations, names : pandas.DataFrame, optional
            As in the class, on the same index; empty where not given.

        Examples
        --------
        >>> scores = pd.DataFrame({"overall": [9.5, 30.0]}, index=["E01000001", "E01000002"])
        >>> estimate = Deprivation.from_estimate(scores)
        >>> estimate.ranks["overall"].tolist(), estimate.is_estimate
        ([2, 1], True)
        """
        scores = scores.rename_axis("lsoa")
        ranks = scores.rank(ascending=False, method="min").astype("int64")
        empty = pd.DataFrame(index=scores.index)
        return cls(
            release=Release.ESTIMATE,
            vintage=CENSUS_YEARS[Release.ESTIMATE],
            is_estimate=True,
            scores=scores,
            ranks=ranks,
            deciles=deciles_of(ranks, len(scores)),
            populations=empty if populations is None else populations.reindex(scores.index),
            names=empty if names is None else names.reindex(scores.index),
        )

    @property
    def ranked(self) -> int:
        """How many areas the ranks are among: England's for a release, however few are held here.

        Examples
        --------
        >>> Deprivation.from_estimate(pd.DataFrame({"overall": [9.5, 30.0]}, index=["E01000001", "E01000002"])).ranked
        2
        """
        return len(self.ranks) if self.is_estimate else LSOAS_IN_ENGLAND[self.vintage]

    def domains(self) -> tuple[NeedDomain, ...]:
        """Return the domains that have a score here, the overall index first."""
        return tuple(domain for domain in NeedDomain if domain in self.scores.columns)

    def ranked_domains(self) -> tuple[NeedDomain, ...]:
        """Return the domains whose ranks are here too: some files give scores alone for children and older people.

        Examples
        --------
        >>> scores = pd.DataFrame({"overall": [9.5, 30.0]}, index=["E01000001", "E01000002"])
        >>> Deprivation.from_estimate(scores).ranked_domains()
        (<NeedDomain.OVERALL: 'overall'>,)
        """
        return tuple(domain for domain in self.domains() if domain in self.ranks.columns)


def deciles_of(ranks: pd.DataFrame, among: int) -> pd.DataFrame:
    """Turn ranks into deciles as the official releases do: decile = ceil(10 · rank / n).

    Parameters
    ----------
    ranks : pandas.DataFrame
        Rank 1 is most deprived.
    among : int
        How many areas were ranked (n).

    Returns
    -------
    pandas.DataFrame
        Decile 1 is the most deprived tenth; the same index and columns.

    Examples
    --------
    >>> deciles_of(pd.DataFrame({"overall": [1, 3284, 3285, 32844]}), 32844)["overall"].tolist()
    [1, 1, 2, 10]
    """
    return pd.DataFrame(
        np.ceil(ranks.to_numpy() * DECILES / among).astype("int64"), index=ranks.index, columns=ranks.columns
    )
