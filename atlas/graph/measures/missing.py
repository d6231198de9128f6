"""How sure a ranking is: what becomes of it when some of the ties are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.graph.measures._arrays import ends_of, igraph_of

if TYPE_CHECKING:
    import networkx as nx

DRAWS: Final = 200
DROPPED: Final = 0.1
SEED: Final = 1
RANKED: Final = ("degree", "betweenness")


def rank_intervals(
    ties: nx.Graph[str], *, draws: int = DRAWS, dropped: float = DROPPED, seed: int = SEED
) -> pd.DataFrame:
    """Rank nodes by degree and by betweenness, and again many times without some ties drawn at random.

    As Borgatti, Carley and Krackhardt (2006) ask how far measures hold when data are missing: if ours changed little
    by losing a tenth of the ties, it may change little by gaining those that nobody has recorded. It says nothing of
    ties that are missing for a reason, as where a sector was never looked at.

    Parameters
    ----------
    ties : networkx.Graph
        From `projection`.
    draws : int
        How often ties are drawn, at least 1.
    dropped : float
        Share of the ties that is left out each time, 0 to 1; exactly so many, rounded.
    seed : int
        Where the draws start.

    Returns
    -------
    pandas.DataFrame
        By node, in the graph's order: `degree_rank` (1 has the most ties; equal nodes share the better rank),
        `degree_low` and `degree_high`, the ranks that 5% and 95% of the draws do not exceed; and the same of
        betweenness.

    Raises
    ------
    QueryError
        If there is no draw, or the share is not between 0 and 1.

    Examples
    --------
    >>> import networkx as nx
    >>> found = rank_intervals(nx.star_graph([f"n{k}" for k in range(30)]))
    >>> found.loc["n0", ["degree_rank", "degree_low", "degree_high"]].tolist()
    [1, 1, 1]
    """
    if draws < 1 or not 0 <= dropped <= 1:
        raise QueryError(f"at least 1 draw and a share from 0 to 1 are needed, found {draws} and {dropped}")
    # who has no tie has none in any draw
    tied = np.array([bool(count) for _, count in ties.degree()], dtype=bool)
    ends = (np.cumsum(tied) - 1)[ends_of(ties)]
    n = int(tied.sum())
    rng = np.random.default_rng(seed)
    kept = len(ends) - round(dropped * len(ends))
    ranks = np.empty((draws, len(RANKED), n), dtype=np.int32)
    for draw in range(draws):
        ranks[draw] = _ranks(n, ends[np.sort(rng.permutation(len(ends))[:kept])])
    whole = _ranks(n, ends)
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0, method="inverted_cdf") if n else (whole, whole)
    columns = {}
    for k, measure in enumerate(RANKED):
        for name, values in (("rank", whole[k]), ("low", low[k]), ("high", high[k])):
            # behind all who have a tie
            column = np.full(len(tied), n + 1)
            column[tied] = values
            columns[f"{measure}_{name}"] = column
    return pd.DataFrame(columns, index=pd.Index(list(ties), name="id"))


def _ranks(n: int, ends: NDArray[np.int64]) -> NDArray[np.int32]:
    """Ranks by degree and by betweenness, shape (2, n); equal values share the better one."""
    degree = np.bincount(ends.ravel(), minlength=n)
    # shares of chains are sums of fractions: equal ones may differ in their last digits
    between = np.round(igraph_of(n, ends).betweenness(directed=False), 6)
    return np.stack([1 + n - np.searchsorted(np.sort(one), one, side="right") for one in (degree, between)])
