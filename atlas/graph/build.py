"""The partnership graph from its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

import networkx as nx

from atlas.records import NODE_TABLES, Partnerships, Record, Site, Tie
from atlas.vocabulary import Confidence, Kind, Relation


def _plain(value: Any) -> Any:
    """Enum members and dates as the text that the tables hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.isoformat() if hasattr(value, "isoformat") else value


def attributes(record: Record) -> dict[str, Any]:
    """Fields of a record as plain values; the column `kind` becomes `type`, since a node's `kind` is its `Kind`."""
    fields = {name: _plain(getattr(record, name)) for name in type(record).model_fields if name != "id"}
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


def _site_ties(sites: Iterable[Site]) -> Iterable[tuple[str, Relation, str, dict[str, Any]]]:
    for site in sites:
        carried = {
            "start": site.start,
            "end": site.end,
            "status": site.status.value,
            "source": site.source,
            "evidence": site.evidence,
            "checked_on": site.checked_on.isoformat(),
            "confidence": Confidence.HIGH.value,
            "note": "",
        }
        yield site.institution, Relation.OCCUPIES, site.id, carried
        yield site.id, Relation.LOCATED_IN, f"{Kind.PLACE}:{site.borough}", carried


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
    _add_nodes(graph, partnerships)
    ties = [
        (tie.subject, tie.relation, tie.object, {k: v for k, v in attributes(tie).items() if k not in _ENDS})
        for tie in partnerships.ties
    ]
    ties += _site_ties(partnerships.sites)
    for subject, relation, target, fields in sorted(ties, key=lambda tie: (*tie[:3], str(tie[3]["start"]))):
        if target not in graph:
            code = target.partition(":")[2]
            graph.add_node(target, kind=Kind.PLACE.value, name=names.get(code, code), type="district")
        key = relation.value if not graph.has_edge(subject, target, relation.value) else None
        graph.add_edge(subject, target, key=key, relation=relation.value, **fields)
    for table in ("commitments", "measurements", "profiles"):
        _hang(graph, table, getattr(partnerships, table))
    nx.freeze(graph)
    return graph


_ENDS = ("subject", "object", "relation")
