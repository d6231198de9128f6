"""Affiliations: which institution takes part in which network or programme, and what that says of pairs of either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import networkx as nx
import numpy as np
import pandas as pd

from atlas.graph.bare import without_assets
from atlas.graph.measures.actors import actor_stands, tie_stands
from atlas.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TAKES_PART: Final = frozenset(
    {
        Relation.MEMBER_OF.value,
        Relation.CONVENES.value,
        Relation.HOSTS.value,
        Relation.CHAIRS.value,
        Relation.DELIVERS.value,
        Relation.PARTNERS_WITH.value,
        Relation.PART_OF.value,
    }
)
"""Ties by which an institution takes part; giving money alone is no seat at the table."""

_JOINT: Final = frozenset({Kind.NETWORK.value, Kind.PROGRAMME.value})

Side = Literal["institutions", "networks"]


@dataclass(frozen=True, slots=True, eq=False)
class Affiliations:
    """The affiliation network: two sides, and who of the one takes part in which of the other.

    Parameters
    ----------
    institutions, networks : tuple of str
        Ids of institutions that take part in something, and of the networks and programmes, in order.
    matrix : scipy.sparse.csr_array
        Shape (institutions, networks), 1 where the institution takes part, however many ties say so.
    """

    institutions: tuple[str, ...]
    networks: tuple[str, ...]
    matrix: csr_array

    def of(self, side: Side) -> tuple[tuple[str, ...], csr_array]:
        """Ids of one side, and the matrix with that side as rows."""
        return (self.institutions, self.matrix) if side == "institutions" else (self.networks, self.matrix.T.tocsr())

    def members(self, network: str) -> tuple[str, ...]:
        """Institutions that take part in a network or programme, in order of id; none if nobody does."""
        if network not in self.networks:
            return ()
        column = self.matrix[:, [self.networks.index(network)]].tocoo()
        return tuple(self.institutions[k] for k in sorted(column.coords[0].tolist()))


def affiliations(graph: nx.MultiDiGraph[str]) -> Affiliations:
    """Who takes part in what: by any standing tie of `TAKES_PART`, whichever way it runs.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build` or `atlas.graph.timeline.as_at`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b"], kind="institution", status="active")
    >>> graph.add_node("network:n", kind="network", status="active")
    >>> for one in "ab":
    ...     _ = graph.add_edge(f"institution:{one}", "network:n", relation="member_of", status="active")
    >>> affiliations(graph).members("network:n")
    ('institution:a', 'institution:b')
    """
    from scipy.sparse import csr_array  # noqa: PLC0415

    graph = without_assets(graph)
    kinds = {node: record["kind"] for node, record in graph.nodes(data=True) if actor_stands(graph, record)}
    pairs = set()
    for one, other, tie in graph.edges(data=True):
        if tie["relation"] in TAKES_PART and one in kinds and other in kinds and tie_stands(graph, tie):
            if kinds[one] == Kind.INSTITUTION and kinds[other] in _JOINT:
                pairs.add((one, other))
            elif kinds[other] == Kind.INSTITUTION and kinds[one] in _JOINT:
                pairs.add((other, one))
    rows, columns = (tuple(sorted({pair[side] for pair in pairs})) for side in (0, 1))
    row, column = ({node: k for k, node in enumerate(nodes)} for nodes in (rows, columns))
    at = np.array([(row[one], column[other]) for one, other in sorted(pairs)], dtype=np.int64).reshape(-1, 2)
    matrix = csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(rows), len(columns)))
    return Affiliations(rows, columns, matrix)


def co_affiliations(found: Affiliations, side: Side = "institutions") -> pd.DataFrame:
    """One-mode projection: pairs of institutions that meet in some network, or of networks that share an institution.

    With B the matrix of affiliations, and n_k how many take part in k (how many k takes part in, for networks)::

        shared_ij = Σ_k B_ik B_jk          newman_ij = Σ_k B_ik B_jk / (n_k - 1)

    Newman's weight (2001) counts a meeting of many for less than one of two, so that an institution's weights add to
    the number of its networks in which it meets anybody.

    Parameters
    ----------
    found : Affiliations
        From `affiliations`.
    side : {"institutions", "networks"}
        Which side is projected.

    Returns
    -------
    pandas.DataFrame
        A row for each pair with something in common: `one`, `other` (ids, categorical, in order), `shared` (count),
        `newman`; in order of the pair.

    Raises
    ------
    ValueError
        If `side` is neither.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> found = Affiliations(("a", "b", "c"), ("n", "o"), csr_array([[1.0, 1], [1, 1], [1, 0]]))
    >>> print(co_affiliations(found).to_string(index=False))
    one other  shared  newman
      a     b       2     1.5
      a     c       1     0.5
      b     c       1     0.5
    """
    if side not in {"institutions", "networks"}:
        raise ValueError(f"side is institutions or networks, found {side!r}")
    ids, matrix = found.of(side)
    taking = np.asarray(matrix.sum(axis=0)).ravel()
    # where only one takes part there is no pair to weigh
    weighed = matrix.multiply(1.0 / np.maximum(taking - 1.0, 1.0)).tocsr()
    across = matrix.T.tocsr()
    shared, newman = matrix @ across, weighed @ across
    for product in (shared, newman):
        product.sort_indices()
    one, other = np.repeat(np.arange(len(ids)), np.diff(shared.indptr)), shared.indices
    above = other > one
    names = pd.Index(ids)
    return pd.DataFrame(
        {
            # of millions of pairs the text itself would take the most time
            "one": pd.Categorical.from_codes(one[above], names),
            "other": pd.Categorical.from_codes(other[above], names),
            "shared": shared.data[above].astype(int),
            "newman": newman.data[above],
        }
    )
