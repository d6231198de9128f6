"""How much of the graph is identified, dated, sourced and fresh: the gaps in what is known, counted.

A share says nothing of truth: a dated tie may be wrong, an undated one right. What no register numbers (many voluntary
bodies) lacks nothing; read identifiers by sector.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas.errors import QueryError
from atlas.graph.bare import without_assets
from atlas.graph.timeline import bounds
from atlas.vocabulary import Confidence, Kind, Relation, Status

OLDER_THAN_YEARS: Final = 3

IDENTIFIERS: Final = {
    "ods_code": "ODS",
    "ukprn": "UKPRN",
    "company_number": "Company",
    "charity_number": "Charity",
    "gss_code": "GSS",
    "website": "Website",
}
"""Fields that tell which body a node is, and their words."""

HANGING: Final = ("profiles", "commitments", "measurements")

_OF_SITES: Final = frozenset({Relation.OCCUPIES.value, Relation.LOCATED_IN.value})
"""Ties that follow from a site's own row."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Nodes of one kind and, for institutions, one sector.

    Parameters
    ----------
    kind, sector : str
        As the nodes carry them; no sector is "".
    nodes : int
        How many there are.
    identified : int
        How many carry a register's number: any identifier but a website.
    by_identifier : dict of str to int
        How many carry each, every one of `IDENTIFIERS`.
    """

    kind: str
    sector: str
    nodes: int
    identified: int
    by_identifier: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dated:
    """Ties of one relation, or all of them.

    Parameters
    ----------
    relation : str
        "" for all.
    ties, started : int
        How many there are, and how many of them have a start.
    ended, spanned : int
        How many have ended (by status or by an end on record), and how many of these have a start and an end.
    sourced : int
        How many name a source that is there, and evidence in it.
    confidence : dict of str to int
        How many of each.
    """

    relation: str
    ties: int
    started: int
    ended: int
    spanned: int
    sourced: int
    confidence: dict[str, int]


@dataclass(frozen=True, slots=True)
class Age:
    """How old the evidence is of one kind of node, or of ties.

    Parameters
    ----------
    what : str
        "ties", or a kind of node.
    rows : int
        How many rest on evidence.
    not_checked : int
        Nobody has looked for longer than the years given.
    old_source : int
        The source was published longer ago than that.
    undated_source : int
        When the source was published is not known.
    """

    what: str
    rows: int
    not_checked: int
    old_source: int
    undated_source: int


@dataclass(frozen=True, slots=True)
class OfNetwork:
    """What is on record of one network or programme: members that it has or had, and numbers of rows."""

    node: str
    name: str
    members: int
    profiles: int
    commitments: int
    measurements: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole report; `older_than_years` and `today` are what `ages` was counted with."""

    today: date
    older_than_years: float
    identified: tuple[Identified, ...]
    dated: tuple[Dated, ...]
    ages: tuple[Age, ...]
    networks: tuple[OfNetwork, ...]

    @property
    def ties(self) -> Dated:
        """All ties together."""
        return self.dated[0]


def whole_percent(part: int, whole: int) -> int:
    """A share in whole per cent: 100 only where it is all, 0 only where it is none.

    Examples
    --------
    >>> whole_percent(1, 3), whole_percent(999, 1000), whole_percent(1, 1000), whole_percent(5, 5)
    (33, 99, 1, 100)
    """
    if part in (0, whole):
        return 100 if part else 0
    return min(max(round(100 * part / whole), 1), 99)


def coverage(graph: nx.MultiDiGraph[str], today: date, older_than_years: float = OLDER_THAN_YEARS) -> Coverage:
    """Count what is identified, dated, sourced, fresh, and described.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        As `atlas.graph.build.build` gives it. Ties that follow from a site's own row are not counted as ties, and
        assets not at all: how complete registers are is said of each register.
    today : datetime.date
        The day from which age is counted.
    older_than_years : float
        Evidence is old after that many years of 365.25 days. A source published in a year or a month is as old as its
        last day.

    Raises
    ------
    QueryError
        If the years are below 0.

    Examples
    --------
    >>> from datetime import date
    >>> from atlas.graph.build import build
    >>> from atlas.records import Partnerships
    >>> coverage(build(Partnerships()), date(2026, 11, 21)).ties.ties
    0
    """
    if not older_than_years >= 0:
        raise QueryError(f"older than {older_than_years:g} years: expected 0 or more")
    graph = without_assets(graph)
    ties = [tie for _, _, tie in graph.edges(data=True) if tie["relation"] not in _OF_SITES]
    nodes = [node for _, node in graph.nodes(data=True)]
    sources: Mapping[str, Any] = graph.graph["sources"]
    limit = date.fromordinal(max(today.toordinal() - round(older_than_years * 365.25), 1)).isoformat()
    by_kind: dict[str, list[Any]] = {"ties": ties}
    for node in nodes:
        if node.get("source"):
            by_kind.setdefault(node["kind"], []).append(node)
    return Coverage(
        today,
        older_than_years,
        _identified(nodes),
        _dated(ties, sources),
        tuple(_age(what, rows, sources, limit) for what, rows in by_kind.items()),
        _networks(graph),
    )


def _identified(nodes: Iterable[Mapping[str, Any]]) -> tuple[Identified, ...]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes:
        if node["kind"] in (Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME):
            groups[node["kind"], node.get("sector", "")].append(node)
    numbers = [name for name in IDENTIFIERS if name != "website"]
    return tuple(
        Identified(
            kind,
            sector,
            len(group),
            sum(any(node.get(name) for name in numbers) for node in group),
            {name: sum(bool(node.get(name)) for node in group) for name in IDENTIFIERS},
        )
        for (kind, sector), group in sorted(groups.items())
    )


def _dated(ties: Sequence[Mapping[str, Any]], sources: Mapping[str, Any]) -> tuple[Dated, ...]:
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for tie in ties:
        groups[tie["relation"]].append(tie)
    return tuple(_dated_group(relation, group, sources) for relation, group in [("", ties), *sorted(groups.items())])


def _dated_group(relation: str, ties: Sequence[Mapping[str, Any]], sources: Mapping[str, Any]) -> Dated:
    over = [tie for tie in ties if tie["end"] or tie["status"] == Status.ENDED]
    confidence = Counter(tie["confidence"] for tie in ties)
    return Dated(
        relation,
        len(ties),
        sum(bool(tie["start"]) for tie in ties),
        len(over),
        sum(bool(tie["start"] and tie["end"]) for tie in over),
        sum(tie["source"] in sources and bool(tie["evidence"]) for tie in ties),
        {word.value: confidence[word.value] for word in Confidence},
    )


def _age(what: str, rows: Sequence[Mapping[str, Any]], sources: Mapping[str, Any], limit: str) -> Age:
    published = {name: source.get("published") for name, source in sources.items()}
    old = {name for name, day in published.items() if day and bounds(day)[1].isoformat() < limit}
    undated = {name for name, day in published.items() if not day}
    return Age(
        what,
        len(rows),
        sum(row["checked_on"] < limit for row in rows),
        sum(row["source"] in old for row in rows),
        sum(row["source"] in undated for row in rows),
    )


def _networks(graph: nx.MultiDiGraph[str]) -> tuple[OfNetwork, ...]:
    found = []
    for node, record in graph.nodes(data=True):
        if record["kind"] in (Kind.NETWORK, Kind.PROGRAMME):
            members = {
                member
                for member, _, tie in graph.in_edges(node, data=True)
                if tie["relation"] == Relation.MEMBER_OF and tie["status"] != Status.PLANNED
            }
            found.append(
                OfNetwork(node, record["name"], len(members), *(len(record.get(table, ())) for table in HANGING))
            )
    return tuple(sorted(found, key=lambda row: row.node))
