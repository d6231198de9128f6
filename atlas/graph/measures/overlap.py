"""Overlap of networks: how far the same institutions take part in both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from atlas.graph.measures.affiliation import Affiliations, co_affiliations


def overlap(found: Affiliations) -> pd.DataFrame:
    """Compare every two networks or programmes that share an institution.

    ::

        jaccard = |A ∩ B| / (|A| + |B| - |A ∩ B|)          of_smaller = |A ∩ B| / min(|A|, |B|)

    (Jaccard 1901; Szymkiewicz-Simpson). A small network that lies wholly inside a large one has a low Jaccard index,
    and an `of_smaller` of 1.

    Parameters
    ----------
    found : Affiliations
        From `atlas.graph.measures.affiliation.affiliations`.

    Returns
    -------
    pandas.DataFrame
        `one`, `other` (ids), `members_one`, `members_other`, `shared` (institutions), `jaccard`, `of_smaller`
        (0 to 1); the largest Jaccard index first, then the most shared. Pairs that share nobody are left out.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> both = csr_array([[1.0, 1], [1, 1], [1, 0]])
    >>> print(overlap(Affiliations(("a", "b", "c"), ("n", "o"), both)).round(2).to_string(index=False))
    one other  members_one  members_other  shared  jaccard  of_smaller
      n     o            3              2       2     0.67         1.0
    """
    pairs = co_affiliations(found, "networks")
    members = pd.Series(np.asarray(found.matrix.sum(axis=0)).ravel().astype(int), index=list(found.networks))
    one, other = (members.to_numpy()[pairs[side].cat.codes] for side in ("one", "other"))
    shared = pairs["shared"].to_numpy()
    table = pd.DataFrame(
        {
            "one": pairs["one"].astype(str),
            "other": pairs["other"].astype(str),
            "members_one": one,
            "members_other": other,
            "shared": shared,
            "jaccard": shared / (one + other - shared),
            "of_smaller": shared / np.minimum(one, other),
        }
    )
    order = np.lexsort((table["other"], table["one"], -shared, -table["jaccard"]))
    return table.iloc[order].reset_index(drop=True)
