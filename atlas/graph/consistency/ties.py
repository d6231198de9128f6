"""Whether ties join what they may, once each; asked of distinct values, so that a million ties take a second."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.errors import Faults
from atlas.graph.consistency.rows import Ids, resolve
from atlas.graph.tie_columns import TieColumns, joined
from atlas.vocabulary import RELATIONS

FILE = "ties.csv"


def check_ties(ties: TieColumns, ids: Ids, faults: Faults) -> None:
    """Collect ends that do not resolve or may not be joined so, ties of a node to itself, and repeated ties."""
    _, subjects, objects = ties.ends()
    wrong = {
        "subject": _wrong_ends(ties, "subject", ids),
        "object": _wrong_ends(ties, "object", ids),
    }
    itself = subjects == objects
    first = _first_alike(ties)
    repeated = first != np.arange(len(ties))
    for place in np.flatnonzero(wrong["subject"] | wrong["object"] | itself | repeated):
        tie, row = ties[int(place)], int(ties.rows[place])
        rule = RELATIONS[tie.relation]
        resolve(faults, ids, rule.sources, (FILE, row, "subject"), tie.subject)
        resolve(faults, ids, rule.targets, (FILE, row, "object"), tie.object)
        if itself[place]:
            faults.add(FILE, "tie to itself", "two different nodes", row=row, column="object", value=tie.object)
        if repeated[place]:
            expected = f"each tie once (first in row {ties.rows[first[place]]})"
            faults.add(FILE, "repeated tie", expected, row=row, column="subject", value=tie.subject)


def check_sources_of_ties(ties: TieColumns, known: Collection[str], faults: Faults) -> None:
    """Collect ties whose source is not among those known."""
    source = ties.columns["source"]
    for place in np.flatnonzero(source.where(lambda name: name not in known)):
        value = source.values[source.codes[place]]
        row = int(ties.rows[place])
        faults.add(FILE, "no such source", "an id of sources.csv", row=row, column="source", value=value)


def _wrong_ends(ties: TieColumns, name: str, ids: Ids) -> NDArray[np.bool_]:
    """Tell which ties have an end that cannot be told right at once, asked once for each relation and node."""
    relation, end = ties.columns["relation"], ties.columns[name]
    allowed = [RELATIONS[verb].sources if name == "subject" else RELATIONS[verb].targets for verb in relation.values]
    kinds: list[Any] = [ids.kinds.get(node) for node in end.values]
    pairs, place = np.unique(
        joined((relation.codes, len(relation.values)), (end.codes, len(end.values))), return_inverse=True
    )
    n = max(len(end.values), 1)
    bad = np.array([kinds[pair % n] not in allowed[pair // n] for pair in pairs.tolist()], dtype=bool)
    return bad[place.reshape(-1)] if len(ties) else np.zeros(0, dtype=bool)


def same_ends(ties: TieColumns) -> tuple[NDArray[np.int64], int]:
    """Number ties by what they say: equal where relation and ends are, backwards too where that means the same.

    Returns
    -------
    numbers : numpy.ndarray of int, shape (n_ties,)
    size : int
        One above the largest possible.
    """
    names, subjects, objects = ties.ends()
    relation = ties.columns["relation"]
    symmetric = relation.where(lambda verb: RELATIONS[verb].symmetric)
    swap = symmetric & (objects < subjects)
    one, other = np.where(swap, objects, subjects), np.where(swap, subjects, objects)
    n = max(len(names), 1)
    return joined((one, n), (other, n), (relation.codes, len(relation.values) or 1)), n * n * len(relation.values)


def _first_alike(ties: TieColumns) -> NDArray[np.int64]:
    """Give each tie the place of the first that says the same from the same day on."""
    key, _ = same_ends(ties)
    start = ties.columns["start"]
    _, key = np.unique(key, return_inverse=True)
    whole = joined((key.reshape(-1), len(ties) or 1), (start.codes, len(start.values) or 1))
    _, first, place = np.unique(whole, return_index=True, return_inverse=True)
    return first[place.reshape(-1)] if len(ties) else np.zeros(0, dtype=np.int64)
