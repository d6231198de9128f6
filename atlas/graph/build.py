"""The partnership graph from its records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from atlas.graph.tie_columns import Column, TieColumns, collector_at_rest
from atlas.records import NODE_TABLES, Partnerships, Record, Site, Tie
from atlas.vocabulary import Confidence, Kind, Relation

_CARRIED: Final = ("start", "end", "status", "source", "evidence", "checked_on")
"""What a site's own ties take from it."""


def _plain(value: Any) -> Any:
    """Enum members and dates as the text that the tables hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.isoformat() if hasattr(value, "isoformat") else value


@cache
def _names(record: type[Record]) -> tuple[str, ...]:
    return tuple(name for name in record.model_fields if name != "id")


def attributes(record: Record) -> dict[str, Any]:
    """Fields of a record as plain values; the column `kind` becomes `type`, since a node's `kind` is its `Kind`."""
    fields = {name: _plain(getattr(record, name)) for name in _names(type(record))}
    if "kind" in fields and not isinstance(record, Tie):
        fields["type"] = fields.pop("kind")
    return fields


def _add_nodes(graph: nx.MultiDiGraph[str], partnerships: Partnerships) -> None:
    rows = [
        (record.id, {"kind": kind.value, **attributes(record)})
        for table, kind in NODE_TABLES.items()
        for record in getattr(partnerships, table)
    ]
    graph.add_nodes_from(sorted(rows, key=lambda row: row[0]))


def _site_ties(sites: Iterable[Site]) -> Iterator[Tie]:
    """What each site says of itself: who occupies it, and which borough it is in."""
    for site in sites:
        carried = {name: getattr(site, name) for name in _CARRIED} | {"confidence": Confidence.HIGH, "note": ""}
        yield Tie.model_construct(subject=site.institution, relation=Relation.OCCUPIES, object=site.id, **carried)
        yield Tie.model_construct(
            subject=site.id, relation=Relation.LOCATED_IN, object=f"{Kind.PLACE}:{site.borough}", **carried
        )


def _whole(partnerships: Partnerships) -> TieColumns:
    """Ties and those of the sites, in order of subject, relation, object and start; the relation is the first field."""
    ties = TieColumns.of_ties(partnerships.ties).with_those(TieColumns.of_ties([*_site_ties(partnerships.sites)]))
    _, subjects, objects = ties.ends()
    keys = [_ranks(ties.columns["start"], str), objects, _ranks(ties.columns["relation"], str), subjects]
    ordered = ties.reordered(np.lexsort(keys))
    return TieColumns({"relation": ordered.columns["relation"], **ordered.columns}, ordered.rows)


def _ranks(column: Column, key: Callable[[Any], str]) -> NDArray[np.int64]:
    order = sorted({key(value) for value in column.values})
    places = {value: place for place, value in enumerate(order)}
    return column.take([places[key(value)] for value in column.values], np.int64)


def _add_ties(graph: nx.MultiDiGraph[str], ties: TieColumns, names: Mapping[str, str]) -> None:
    """Add ties as `add_edge` would one by one, without asking for each what is known to hold of all."""
    plain = {name: list(map(_plain, column.values)) for name, column in ties.columns.items()}
    cells = {name: map(plain[name].__getitem__, column.codes.tolist()) for name, column in ties.columns.items()}
    subjects, objects = cells.pop("subject"), cells.pop("object")
    carried = tuple(cells)
    relations = ties.columns["relation"]
    keys = map(plain["relation"].__getitem__, relations.codes.tolist())
    successors, predecessors = graph._succ, graph._pred  # type: ignore[attr-defined]  # noqa: SLF001
    for subject, relation, target, values in zip(
        subjects, keys, objects, zip(*cells.values(), strict=True), strict=True
    ):
        if target not in successors:
            code = target.partition(":")[2]
            graph.add_node(target, kind=Kind.PLACE.value, name=names.get(code, code), type="district")
        if subject not in successors:
            graph.add_node(subject)
        tie = dict(zip(carried, values))  # noqa: B905  # as long as each other: a million times
        between = successors[subject].get(target)
        if between is None:
            successors[subject][target] = predecessors[target][subject] = {relation: tie}
        else:
            between[graph.new_edge_key(subject, target) if relation in between else relation] = tie


def _hang(graph: nx.MultiDiGraph[str], table: str, records: Iterable[Record]) -> None:
    """Put rows about a node on that node, as a tuple of dictionaries."""
    for record in records:
        fields = attributes(record)
        node = graph.nodes[fields.pop("node")]
        node[table] = (*node.get(table, ()), fields)


def build(partnerships: Partnerships, place_names: Mapping[str, str] | None = None) -> nx.MultiDiGraph[str]:
    """Build the graph, frozen.

    Nodes carry the fields of their records, with `kind` (institution, network, programme, place, site) and, where
    the record has a kind of its own, `type`. Ties are keyed by their relation and carry the fields of `Tie`. Each
    site is occupied by its institution and located in its borough. Commitments, measurements and profiles hang on
    their nodes; `graph.graph["sources"]` has the sources by id.

    Parameters
    ----------
    partnerships : Partnerships
        Checked tables.
    place_names : mapping of str to str, optional
        GSS code to name, for places that only sites speak of.

    Returns
    -------
    networkx.MultiDiGraph
        In an order that depends on the ids alone.

    Examples
    --------
    >>> build(Partnerships()).number_of_nodes()
    0
    """
    names = place_names or {}
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph["sources"] = {source.id: attributes(source) for source in partnerships.sources}
    with collector_at_rest():
        _add_nodes(graph, partnerships)
        _add_ties(graph, _whole(partnerships), names)
    for table in ("commitments", "measurements", "profiles"):
        _hang(graph, table, getattr(partnerships, table))
    nx.freeze(graph)
    return graph
