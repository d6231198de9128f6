"""How ready a network is, by the six elements of the how-to guide: from what is on record, and from nothing else.

The guide calls its list a suggestion and not a prescription: none of the networks that it profiles included all of it.
So there is no score. An element without evidence may well be there, and nobody has written it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas.errors import NotFoundError
from atlas.graph.figures import amount, is_size, last_day
from atlas.graph.guide import ELEMENTS, MISSION, STRUCTURE, Element
from atlas.graph.measures.actors import GONE
from atlas.graph.progress import Commitment, State, Track, tracks_of
from atlas.graph.timeline import span_of
from atlas.graph.wording import date_words
from atlas.vocabulary import RELATIONS, Domain, Kind, Maturity, Relation, Status, label

_LEADS: Final = frozenset({Relation.CONVENES, Relation.HOSTS, Relation.CHAIRS})
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that answers an element.

    Parameters
    ----------
    words : str
        What it says.
    kind : {"record", "tie", "profile", "commitment", "measurement"}
        What kind of row.
    node : str
        The node that the row is about or leads to.
    source, evidence, checked_on : str
        Where that is written, and when somebody last looked.
    more : int
        Further rows that say the like.
    """

    words: str
    kind: str
    node: str
    source: str
    evidence: str
    checked_on: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is on record of one element; `found` is empty where nothing is.

    Parameters
    ----------
    element : Element
        Which.
    found : tuple of Evidence
        The rows that say so.
    """

    element: Element
    found: tuple[Evidence, ...]

    @property
    def is_evidenced(self) -> bool:
        """Whether anything on record answers it."""
        return bool(self.found)


@dataclass(frozen=True, slots=True)
class Aspect:
    """Where a network stands on one aspect of a spectrum.

    Parameters
    ----------
    name : str
        The aspect.
    rows : tuple of mapping
        Rows of its profile: `position`, `note`, `source`, `evidence`, `checked_on`; several where sources differ, none
        where nothing is on record.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """A network by the six elements, and on the two spectra.

    Parameters
    ----------
    node : str
        Its id.
    answers : tuple of Answer
        One for each element, in the guide's order.
    mission, structure : tuple of Aspect
        Fledgling to mature; informal to formal. The guide's aspects in its order, then others that are on record.
    """

    node: str
    answers: tuple[Answer, ...]
    mission: tuple[Aspect, ...]
    structure: tuple[Aspect, ...]


def readiness_of(graph: nx.MultiDiGraph[str], node: str) -> Readiness:
    """Answer the six elements for a network or a programme from what is on record.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with their fields, `commitments`, `measurements` and `profiles`; ties with theirs.
    node : str
        Id of a network or a programme.

    Raises
    ------
    NotFoundError
        If the graph has no such network or programme.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:n", kind="network", name="N", status="active")
    >>> [answer.element.value for answer in readiness_of(graph, "network:n").answers if answer.is_evidenced]
    []
    """
    record: Mapping[str, Any] = graph.nodes[node] if node in graph else {}
    if record.get("kind") not in {Kind.NETWORK, Kind.PROGRAMME}:
        raise NotFoundError("network or programme", node)
    own = [node, *_programmes(graph, node)]
    tracks = [track for each in own for track in tracks_of(graph, each)]
    found: dict[Element, list[Evidence]] = {
        Element.FOUNDATION: list(_baselines(tracks)),
        Element.AGENDA: [*_chosen(node, record), *_actions(graph, node)],
        Element.TEAM: list(_team(graph, node)),
        Element.COMMITMENTS: list(_promises(graph, node, tracks)),
        Element.MEASUREMENT: list(_measured(graph, node, tracks)),
        Element.SUCCESS: [*_growth(graph, node, record), *_reached(graph, node, tracks), *_turned(graph, node)],
    }
    answers = tuple(
        Answer(element, (*_profile(node, record, asked.aspects | {asked.name.lower()}), *found[element]))
        for element, asked in ELEMENTS.items()
    )
    mission = _spectrum(record, MISSION, {Maturity.FLEDGLING, Maturity.MATURE})
    return Readiness(node, answers, mission, _spectrum(record, STRUCTURE, {Maturity.INFORMAL, Maturity.FORMAL}))


def _spectrum(record: Mapping[str, Any], aspects: Sequence[str], ends: set[Maturity]) -> tuple[Aspect, ...]:
    elements = {asked.name.lower() for asked in ELEMENTS.values()}
    rows = [row for row in record.get("profiles", ()) if row["position"] in ends and row["aspect"] not in elements]
    names = dict.fromkeys([*aspects, *sorted(row["aspect"] for row in rows)])
    return tuple(Aspect(name, tuple(row for row in rows if row["aspect"] == name)) for name in names)


def _of(words: str, kind: str, node: str, row: Mapping[str, Any], more: int = 0) -> Evidence:
    return Evidence(
        words, kind, node, row.get("source") or "", row.get("evidence") or "", row.get("checked_on") or "", more
    )


def _profile(node: str, record: Mapping[str, Any], aspects: frozenset[str]) -> Iterator[Evidence]:
    for row in sorted(record.get("profiles", ()), key=lambda row: (row["aspect"], row["position"], row["source"])):
        # a fledgling goal or an informal structure is a stage, not an absence: it counts, and says what it is
        if row["aspect"] in aspects:
            note = f": {row['note']}" if row["note"] else ""
            yield _of(f"{row['aspect']}, {row['position']}{note}", "profile", node, row)


def _programmes(graph: nx.MultiDiGraph[str], node: str) -> list[str]:
    """Programmes that are a network's own: it delivers them, or they are part of it; ended ones count as history."""
    delivered = [
        (other, tie) for _, other, tie in graph.out_edges(node, data=True) if tie["relation"] == Relation.DELIVERS
    ]
    parts = [(other, tie) for other, _, tie in graph.in_edges(node, data=True) if tie["relation"] == Relation.PART_OF]
    return sorted(
        {
            other
            for other, tie in (*delivered, *parts)
            if graph.nodes[other].get("kind") == Kind.PROGRAMME and tie.get("status") != Status.PLANNED
        }
    )


def _baselines(tracks: Iterable[Track]) -> Iterator[Evidence]:
    for track in tracks:
        for one in track.commitments:
            if one.baseline is not None:
                words = f"Baseline of {one.metric}: {amount(one.baseline, one.unit)}"
                yield Evidence(words, "commitment", one.node, one.source, one.evidence, one.checked_on)


def _chosen(node: str, record: Mapping[str, Any]) -> Iterator[Evidence]:
    if record.get("domains"):
        domains = ", ".join(label(Domain(domain)).lower() for domain in record["domains"])
        yield _of(f"Works on {domains}", "record", node, record)


def _actions(graph: nx.MultiDiGraph[str], node: str) -> Iterator[Evidence]:
    yield from _some(graph, _programmes(graph, node), lambda name: f"Acts through {name}")


def _some(graph: nx.MultiDiGraph[str], nodes: Sequence[str], say: Any) -> Iterator[Evidence]:
    """Evidence for the first few nodes, by their own records; the last of them says how many more there are."""
    for place, other in enumerate(nodes[:_MOST], start=1):
        record = graph.nodes[other]
        more = max(len(nodes) - _MOST, 0) if place == _MOST else 0
        yield _of(say(record.get("name", other)), "record", other, record, more)


def _team(graph: nx.MultiDiGraph[str], node: str) -> Iterator[Evidence]:
    ties = sorted(
        (
            (tie["relation"], other, tie)
            for other, _, tie in graph.in_edges(node, data=True)
            if _stands(graph, other, tie)
        ),
        key=lambda row: (row[0], row[1], str(row[2].get("start"))),
    )
    for wanted in (_LEADS, {Relation.MEMBER_OF, Relation.DELIVERS}, {Relation.FUNDS}):
        rows = [row for row in ties if row[0] in wanted]
        for place, (relation, other, tie) in enumerate(rows[:_MOST], start=1):
            name = graph.nodes[other].get("name", other)
            words = f"{name} {RELATIONS[Relation(relation)].label.replace('is a member of', 'is a member')}"
            yield _of(
                f"{words} of it" if relation == Relation.MEMBER_OF else f"{words} it",
                "tie",
                other,
                tie,
                max(len(rows) - _MOST, 0) if place == _MOST else 0,
            )


def _stands(graph: nx.MultiDiGraph[str], other: str, tie: Mapping[str, Any]) -> bool:
    return not {tie.get("status"), graph.nodes[other].get("status")} & GONE


def _whose(graph: nx.MultiDiGraph[str], node: str, other: str) -> str:
    return "" if other == node else f" ({graph.nodes[other].get('name', other)})"


def _promises(graph: nx.MultiDiGraph[str], node: str, tracks: Iterable[Track]) -> Iterator[Evidence]:
    for one in _commitments(tracks):
        due = f" by {date_words(one.due)}" if one.due else ""
        words = f"{one.metric}: {amount(one.target, one.unit)}{due}{_whose(graph, node, one.node)}"
        yield Evidence(words, "commitment", one.node, one.source, one.evidence, one.checked_on)


def _commitments(tracks: Iterable[Track]) -> Iterator[Commitment]:
    for track in tracks:
        yield from track.commitments


def _measured(graph: nx.MultiDiGraph[str], node: str, tracks: Iterable[Track]) -> Iterator[Evidence]:
    for track in tracks:
        reports = [report for report in track.reports if track.commitments or not is_size({"unit": report.unit})]
        periods = {(report.period_start, report.period_end) for report in reports}
        if not reports or not (track.commitments or len(periods) > 1):
            continue
        last = reports[-1]
        times = f", reported for {len(periods)} periods" if len(periods) > 1 else ""
        when = f", {date_words(last.period_end)}" if last.period_end else ""
        words = f"{track.metric}: {amount(last.value, last.unit)}{when}{times}"
        words += _whose(graph, node, track.node)
        yield Evidence(words, "measurement", track.node, last.source, last.evidence, last.checked_on)


def _growth(graph: nx.MultiDiGraph[str], node: str, record: Mapping[str, Any]) -> Iterator[Evidence]:
    metrics = sorted({row["metric"] for row in record.get("measurements", ()) if is_size(row)})
    for metric in metrics:
        rows = sorted((row for row in record["measurements"] if row["metric"] == metric), key=last_day)
        first, last = rows[0], rows[-1]
        if date.min < last_day(first) < last_day(last) and first["value"] < last["value"]:
            days = [date_words(row["period_end"] or row["period_start"]) for row in (first, last)]
            grown = f"{first['value']:,.10g} ({days[0]}) to {last['value']:,.10g} ({days[1]})"
            yield _of(f"Grew in {metric}: {grown}", "measurement", node, last)
    if not record.get("start"):
        return
    begun = span_of(record).start_by
    later = sorted(
        (str(tie["start"]), other, tie)
        for other, _, tie in graph.in_edges(node, data=True)
        if tie["relation"] == Relation.MEMBER_OF and tie.get("start") and (span_of(tie).start_from - begun).days > 365
    )
    for place, (start, other, tie) in enumerate(later[:_MOST], start=1):
        more = max(len(later) - _MOST, 0) if place == _MOST else 0
        yield _of(f"{graph.nodes[other].get('name', other)} joined later, {date_words(start)}", "tie", other, tie, more)


def _reached(graph: nx.MultiDiGraph[str], node: str, tracks: Iterable[Track]) -> Iterator[Evidence]:
    for one in _commitments(tracks):
        if one.state is State.REACHED:
            last = next(report for report in reversed(one.reports) if report.unit == one.unit)
            figures = f"{amount(last.value, last.unit)} of {amount(one.target, one.unit)}"
            words = f"Target reached in {one.metric}: {figures}"
            words += _whose(graph, node, one.node)
            yield Evidence(words, "measurement", one.node, last.source, last.evidence, last.checked_on)


def _turned(graph: nx.MultiDiGraph[str], node: str) -> Iterator[Evidence]:
    for _, other, tie in sorted(graph.out_edges(node, data=True), key=lambda row: row[1]):
        if tie["relation"] == Relation.SUCCEEDS:
            yield _of(f"Grew out of {graph.nodes[other].get('name', other)}", "tie", other, tie)
    for other, _, tie in sorted(graph.in_edges(node, data=True), key=lambda row: row[0]):
        if tie["relation"] == Relation.SUCCEEDS:
            yield _of(f"Turned into {graph.nodes[other].get('name', other)}", "tie", other, tie)
