"""Pairs of nodes that one tie makes relatives: likeness between them is no fault."""

from __future__ import annotations

from typing import Final

import numpy as np

from atlas.graph.tie_columns import TieColumns
from atlas.vocabulary import Relation

KINSHIP: Final = frozenset({Relation.SUCCEEDS, Relation.PART_OF})
"""A body may carry on the number and the name of the one that it succeeds, or share those of the one it is part of."""

Pairs = frozenset[tuple[str, str]]


def kin_of(ties: TieColumns) -> Pairs:
    """Pairs of ids, each in order, that `succeeds` or `part_of` joins in either direction."""
    chosen = np.flatnonzero(ties.columns["relation"].where(lambda verb: verb in KINSHIP))
    subject, target = ties.columns["subject"], ties.columns["object"]
    ends = zip(subject.codes[chosen].tolist(), target.codes[chosen].tolist(), strict=True)
    pairs = ((subject.values[a], target.values[b]) for a, b in ends)
    return frozenset((min(pair), max(pair)) for pair in pairs)
