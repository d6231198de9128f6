"""Measures of the graph in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.graph.measures.actors import is_dated
from atlas.graph.measures.missing import DRAWS, DROPPED
from atlas.graph.measures.words import MEASURES
from atlas.graph.wording import listed, plural
from atlas.vocabulary import Relation

if TYPE_CHECKING:
    import pandas as pd

    from atlas.graph.measures.answer import Measured
    from atlas.graph.measures.resilience import Departure

LEAST: Final = 3
"""Nodes that a community has at the least to be worth a name."""

ROLE_WORDS: Final = {
    Relation.CONVENES: "convenor",
    Relation.HOSTS: "host",
    Relation.CHAIRS: "chair",
    Relation.DELIVERS: "deliverer",
    Relation.FUNDS: "funder",
}


def ordered(table: pd.DataFrame, by: str = "betweenness") -> pd.DataFrame:
    """The table in the order of a measure: its first end first, then the most ties, then by name; what has none, last.

    Raises
    ------
    QueryError
        If there is no such measure.
    """
    if by not in MEASURES:
        raise QueryError(f"no measure called {by!r}; there are {', '.join(MEASURES)}")
    sign = 1 if MEASURES[by].first == "lowest" else -1
    names = [str(name).casefold() for name in table["name"]]
    keyed = table.assign(_key=sign * table[by], _ties=-table["degree"], _name=names)
    # no community is no first community
    keyed["_none"] = (table["degree"] == 0) | table[by].isna()
    found = keyed.sort_values(["_none", "_key", "_ties", "_name"], kind="stable")
    return found.drop(columns=["_key", "_ties", "_name", "_none"])


def headline(measured: Measured) -> str:
    """Who stands between the most others, in a sentence."""
    first = ordered(measured.table)
    names = first.loc[first["betweenness"] > 0, "name"].head(3).tolist()
    if not names:
        return "Nobody stands between others"
    return f"{listed(names)} {'stands' if len(names) == 1 else 'stand'} between the most others"


def size_words(measured: Measured) -> str:
    """What was measured: how many nodes and ties, in how many parts."""
    ties, parts = measured.ties, measured.parts
    alone = len(ties) - sum(parts)
    words = f"{plural(len(ties), 'institution, network or programme', 'institutions, networks and programmes')} "
    standing = "that stand or may stand" if is_dated(measured.graph) else "not known to have ended"
    words += f"{standing}, {plural(ties.number_of_edges(), 'pair')} of them tied"
    if parts:
        words += f"; {parts[0]:,} hang together in the largest of {plural(len(parts), 'part')}"
    return f"{words}; {alone:,} {'has' if alone == 1 else 'have'} no tie that is known to stand."


def doubt_words(measured: Measured) -> str:
    """Of a graph as at a day: how many of the ties are only not known to be absent; else nothing."""
    ties = measured.ties
    sure: set[tuple[str, str]] = {
        (min(one, other), max(one, other))
        for one, other, tie in without_assets(measured.graph).edges(data=True)
        if tie.get("standing") == "stands"
    }
    doubtful = sum((min(pair), max(pair)) not in sure for pair in ties.edges)
    if "as_at" not in measured.graph.graph or not doubtful:
        return ""
    return (
        f"Of these ties {doubtful:,} may have stood on {measured.graph.graph['as_at']}: their sources do not say when "
        "they began or ended. They are counted."
    )


def sure_words(measured: Measured) -> str:
    """How far the first ranks by betweenness hold when ties are missing."""
    first = ordered(measured.table)
    if not first["betweenness"].gt(0).any():
        return ""
    row = measured.intervals.loc[first.index[0]]
    low, high = int(row["betweenness_low"]), int(row["betweenness_high"])
    where = f"stays at rank {low}" if low == high else f"ranks between {low} and {high}"
    return (
        f"With {DROPPED:.0%} of the ties left out at random, {DRAWS} times, {first['name'].iloc[0]} {where} "
        "in nine draws of ten."
    )


def community_words(measured: Measured) -> str:
    """How many communities, how marked, and how sure."""
    found = measured.communities
    large = sum(len(group.nodes) >= LEAST for group in found.groups)
    if not large:
        return f"No group of {LEAST} or more is tied to each other more than chance would have it."
    return (
        f"{plural(large, 'group')} of {LEAST} or more. Modularity {found.modularity:.2f} (0 is no structure, above "
        f"0.3 is strong); {found.trials} trials agree to {found.agreement:.2f} (adjusted Rand index, 1 is wholly)."
    )


def departure_words(measured: Measured, found: Departure) -> list[str]:
    """What breaks, a sentence for each kind of thing; the first says how the graph holds together."""
    name = measured.name(found.node)
    if found.pairs_cut:
        parts = plural(len(found.parts), "part")
        first = (
            f"Without {name}, {found.pairs_cut:,} of {plural(found.pairs_before, 'pair')} of others have no chain of "
            f"ties left: what hung together falls into {parts}."
        )
    elif found.ties:
        first = f"Without {name} everybody else still hangs together as before."
    else:
        first = f"{name} has no tie on record, so that nothing hangs on it."
    words = [first]
    for role, one in ROLE_WORDS.items():
        nodes = [measured.name(lost.node) for lost in found.roles_lost if lost.role is role]
        if nodes:
            verb = "loses its" if len(nodes) == 1 else "lose their"
            words.append(f"{listed(nodes)} {verb} only {one} on record.")
    if found.without_network:
        who = plural(len(found.without_network), "institution")
        verb = "takes" if len(found.without_network) == 1 else "take"
        words.append(f"{who} that took part {verb} part in no other network or programme.")
    if found.without_tie:
        verb = "is" if len(found.without_tie) == 1 else "are"
        words.append(f"{len(found.without_tie):,} {verb} left without any tie.")
    return words


def interval_words(row: Any, measure: str) -> str:
    """A rank and its interval.

    Examples
    --------
    >>> import pandas as pd
    >>> interval_words(pd.Series({"degree_rank": 3, "degree_low": 2, "degree_high": 5}), "degree")
    '3 (2 to 5)'
    """
    rank, low, high = (int(row[f"{measure}_{part}"]) for part in ("rank", "low", "high"))
    return f"{rank} ({low} to {high})" if low != high else f"{rank}"


def figure(value: float, key: str) -> str:
    """A measure's value as a table has it: whole numbers whole, shares with three places, "none" for NaN.

    Examples
    --------
    >>> figure(6971.34, "betweenness"), figure(0.14745, "closeness"), figure(float("nan"), "constraint")
    ('6,971', '0.147', 'none')
    """
    if np.isnan(value):
        return "none"
    return f"{value:.3f}" if key in {"closeness", "eigenvector", "constraint"} else f"{value:,.0f}"
