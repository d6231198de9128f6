"""Which areas each network and programme reaches: it follows from what was read, whatever is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.areas import AreaSet
from atlas.geo.footprints import covers
from atlas.graph.bare import without_assets
from atlas.vocabulary import FootprintKind, Kind, Scale, Status


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The areas that one network or programme reaches.

    Parameters
    ----------
    node : str
        Its id.
    record : mapping
        Its fields in the graph.
    inside : numpy.ndarray of bool, shape (n_areas,)
        Whether each area lies in its footprint, in order of code.
    """

    node: str
    record: Mapping[str, Any]
    inside: NDArray[np.bool_]


def reaches(graph: nx.MultiDiGraph[str], areaset: AreaSet) -> tuple[Reach, ...]:
    """Active networks and programmes with the areas that they reach, narrowest scale first.

    Raises
    ------
    QueryError
        If a footprint has a code that cannot be placed.
    """
    kinds, scales = {Kind.NETWORK, Kind.PROGRAMME}, list(Scale)
    nodes = [
        (node, record)
        for node, record in without_assets(graph).nodes(data=True)
        if record.get("kind") in kinds and record.get("status") == Status.ACTIVE
    ]
    nodes.sort(key=lambda pair: (scales.index(Scale(pair[1]["scale"])), pair[0]))
    areas = pd.DataFrame(areaset.areas.drop(columns="geometry")).sort_index()
    found = []
    for node, record in nodes:
        kind = FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
        inside = covers(kind, record.get("footprint", ()), areas, areaset.boroughs, areaset.icbs)
        found.append(Reach(node, record, np.asarray(inside)))
    return tuple(found)
