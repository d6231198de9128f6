"""Commitments against measurements: what a node said it would reach, and what has been reported since.

A commitment and a measurement belong together where they have the same node and the same words for the metric. Nothing
is filled in: what nobody reported is "not reported", and reports that disagree stand side by side.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import networkx as nx

from atlas.errors import NotFoundError
from atlas.graph.bare import without_assets
from atlas.graph.figures import last_day
from atlas.graph.timeline import bounds
from atlas.graph.wording import date_words
from atlas.vocabulary import Kind

SILENT_DAYS: Final = 366
"""Nothing reported for longer than this is said to be silence: LAIN reports twice a year, most others yearly."""

_LOSS: Final = re.compile(
    r"\b(absence|crime|deaths?|emissions|gap|journeys by car|rough sleep\w*|turnover|unemploy\w+|vacanc\w+|waste)\b",
    re.IGNORECASE,
)
_UNDOING: Final = re.compile(
    r"\b(avoided|closed|cut|filled|made zero-emission|prevented|reduc\w+|saved)\b", re.IGNORECASE
)


class Direction(StrEnum):
    """Which way a metric should go."""

    MORE = "more"
    LESS = "less"


class State(StrEnum):
    """How a commitment stands by what is on record."""

    REACHED = "reached"
    UNDER_WAY = "under_way"
    MISSED = "missed"
    NOT_REPORTED = "not_reported"
    NOT_COMPARABLE = "not_comparable"


STATE_WORDS: Final = {
    State.REACHED: "Reached",
    State.UNDER_WAY: "Under way",
    State.MISSED: "Not reached when due",
    State.NOT_REPORTED: "Not reported",
    State.NOT_COMPARABLE: "Reported in another unit",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One measurement.

    Parameters
    ----------
    value : float
        How many, of `unit`.
    unit, source, evidence, checked_on : str
        As in the table of measurements.
    period_start, period_end : str or None
        What it speaks of: ISO day, month or year.
    is_disputed : bool
        Whether another report of the same metric and period says otherwise.
    """

    value: float
    unit: str
    period_start: str | None
    period_end: str | None
    source: str
    evidence: str
    checked_on: str
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Commitment:
    """One target, and how it stands.

    Parameters
    ----------
    node, metric, unit : str
        Who committed, to what, counted in what.
    baseline : float or None
        Value at the start; None where none is on record.
    target : float
        Value aimed for.
    due : str or None
        ISO day, month or year; None where no date is on record.
    source, evidence, checked_on : str
        As in the table of commitments.
    direction : Direction
        Which way it should go.
    is_direction_assumed : bool
        True where no baseline says which way.
    share : float or None
        Of the way to the target that the latest report has come, 1 is all of it; None where that cannot be said.
    state : State
        How it stands.
    silent_since : str or None
        End of the last reported period, where the target has not been reached and nothing newer is on record: when that
        is more than a year before somebody last looked, or the due date has passed since; None otherwise.
    reached_on : str or None
        End of the earliest reported period at whose end the target was reached; None where it was not, or is undated.
    is_overdue : bool
        Whether the due date had passed, unreached by what is on record, when somebody last looked.
    reports : tuple of Report
        Of the same metric, earliest period first; undated ones before all.
    """

    node: str
    metric: str
    unit: str
    baseline: float | None
    target: float
    due: str | None
    source: str
    evidence: str
    checked_on: str
    direction: Direction
    is_direction_assumed: bool
    share: float | None
    state: State
    silent_since: str | None
    reached_on: str | None
    is_overdue: bool
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """Everything on record of one metric of one node.

    Parameters
    ----------
    node, metric, unit : str
        Whose, what, counted in what.
    commitments : tuple of Commitment
        Its targets, the earliest due first; none where nothing was promised.
    reports : tuple of Report
        Earliest period first; undated ones before all.
    """

    node: str
    metric: str
    unit: str
    commitments: tuple[Commitment, ...]
    reports: tuple[Report, ...]


def direction_of(metric: str, baseline: float | None, target: float) -> Direction:
    """Say which way a metric should go: from its baseline to its target, else by its words, else more.

    Examples
    --------
    >>> direction_of("schools in the hub", 180, 209).value, direction_of("vacancy rate", None, 5).value
    ('more', 'less')
    >>> direction_of("carbon emissions saved", None, 100).value
    'more'
    """
    if baseline is not None and baseline != target:
        return Direction.MORE if target > baseline else Direction.LESS
    return Direction.LESS if _LOSS.search(metric) and not _UNDOING.search(metric) else Direction.MORE


def share_reached(value: float, target: float, baseline: float | None, direction: Direction) -> float | None:
    """Return the share of the way to a target that a value has come.

    With a baseline b, ``(v - b) / (t - b)``; without, ``v / t`` where more is better (from nothing). Below 0 the value
    has moved away. None where less is better and no baseline is known, or baseline and target are one, or it is 0.

    Examples
    --------
    >>> share_reached(214, 209, 180, Direction.MORE), share_reached(1.75e9, 1.17e9, None, Direction.MORE)
    (1.1724137931034482, 1.4957264957264957)
    >>> share_reached(4, 5, None, Direction.LESS)
    """
    if baseline is not None and baseline != target:
        return (value - baseline) / (target - baseline)
    return value / target if baseline is None and direction is Direction.MORE and target > 0 else None


def tracks_of(graph: nx.MultiDiGraph[str], node: str) -> tuple[Track, ...]:
    """Return every metric of a node: those promised first, then those only reported, by name.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with `commitments` and `measurements`.
    node : str
        Id of an institution, a network or a programme.

    Raises
    ------
    NotFoundError
        If the graph has no such node.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> said = {"source": "s", "evidence": "page 1", "checked_on": "2026-11-21"}
    >>> jobs = {"metric": "jobs", "unit": "jobs", **said}
    >>> graph.add_node("network:n", commitments=({**jobs, "baseline": None, "target": 40.0, "due": "2027"},),
    ...     measurements=({**jobs, "value": 10.0, "period_start": None, "period_end": "2026-06"},))
    >>> track = tracks_of(graph, "network:n")[0]
    >>> track.commitments[0].share, track.commitments[0].state.value
    (0.25, 'under_way')
    """
    if node not in graph:
        raise NotFoundError("institution, network or programme", node)
    record = graph.nodes[node]
    measured: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    promised: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in record.get("measurements", ()):
        measured[row["metric"]].append(row)
    for row in record.get("commitments", ()):
        promised[row["metric"]].append(row)
    metrics = [*sorted(promised), *sorted(set(measured) - set(promised))]
    return tuple(_track(node, metric, promised[metric], measured[metric]) for metric in metrics)


def all_tracks(graph: nx.MultiDiGraph[str]) -> tuple[Track, ...]:
    """Return every metric of every institution, network and programme, in order of their names."""
    kinds = {Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME}
    nodes = [
        (str(record.get("name", node)).casefold(), node)
        for node, record in without_assets(graph).nodes(data=True)
        if record.get("kind") in kinds and (record.get("commitments") or record.get("measurements"))
    ]
    return tuple(track for _, node in sorted(nodes) for track in tracks_of(graph, node))


def commitments_in(tracks: Iterable[Track]) -> tuple[Commitment, ...]:
    """Return the commitments among tracks, in their order."""
    return tuple(commitment for track in tracks for commitment in track.commitments)


def count_states(commitments: Iterable[Commitment]) -> dict[State, int]:
    """Count commitments by how they stand; a state that none has counts 0."""
    counts = Counter(commitment.state for commitment in commitments)
    return {state: counts[state] for state in State}


def state_words(one: Commitment) -> str:
    """Say how a commitment stands, with the day since when nothing has been reported."""
    since = date_words(one.silent_since) if one.silent_since else ""
    words = STATE_WORDS[one.state]
    if since:
        words += f" since {since}" if one.state is State.NOT_REPORTED else f", nothing reported since {since}"
    return words


def _track(node: str, metric: str, promised: list[Mapping[str, Any]], measured: list[Mapping[str, Any]]) -> Track:
    reports = _reports(measured)
    commitments = sorted((_commitment(node, row, reports) for row in promised), key=lambda one: (_due(one), one.target))
    unit = (promised or measured)[0]["unit"]
    return Track(node, metric, unit, tuple(commitments), reports)


def _due(commitment: Commitment) -> date:
    return bounds(commitment.due)[1] if commitment.due else date.max


def _reports(rows: Iterable[Mapping[str, Any]]) -> tuple[Report, ...]:
    found = sorted(rows, key=lambda row: (last_day(row), row.get("period_end") or "", row["value"], row["source"]))
    said: defaultdict[tuple[str | None, str | None, str], set[float]] = defaultdict(set)
    for row in found:
        said[row.get("period_start"), row.get("period_end"), row["unit"]].add(row["value"])
    return tuple(
        Report(
            row["value"],
            row["unit"],
            row.get("period_start"),
            row.get("period_end"),
            row["source"],
            row["evidence"],
            row["checked_on"],
            len(said[row.get("period_start"), row.get("period_end"), row["unit"]]) > 1,
        )
        for row in found
    )


def _commitment(node: str, row: Mapping[str, Any], reports: tuple[Report, ...]) -> Commitment:
    baseline, target = row.get("baseline"), row["target"]
    direction = direction_of(row["metric"], baseline, target)
    alike = [report for report in reports if report.unit == row["unit"]]
    # of reports that disagree, the one farthest from the target decides: no success on the better of two figures
    sign = 1 if direction is Direction.MORE else -1
    last = min((r for r in alike if _same_period(r, alike[-1])), key=lambda r: sign * r.value) if alike else None
    reached = [report for report in alike if sign * (report.value - target) >= 0]
    state, silent_since = _state(row, last, is_reached=last in reached)
    if last is None and reports:
        state = State.NOT_COMPARABLE
    passed = bool(row.get("due")) and bounds(row["due"])[1] < date.fromisoformat(row["checked_on"])
    return Commitment(
        node,
        row["metric"],
        row["unit"],
        baseline,
        target,
        row.get("due"),
        row["source"],
        row["evidence"],
        row["checked_on"],
        direction,
        is_direction_assumed=baseline is None or baseline == target,
        share=share_reached(last.value, target, baseline, direction) if last else None,
        state=state,
        silent_since=silent_since,
        reached_on=_end(reached[0]) if state is State.REACHED else None,
        is_overdue=passed and state is not State.REACHED,
        reports=reports,
    )


def _end(report: Report) -> str | None:
    return report.period_end or report.period_start


def _same_period(one: Report, other: Report) -> bool:
    return (one.period_start, one.period_end) == (other.period_start, other.period_end)


def _state(row: Mapping[str, Any], last: Report | None, *, is_reached: bool) -> tuple[State, str | None]:
    if last is None:
        return State.NOT_REPORTED, None
    if is_reached:
        return State.REACHED, None
    end = _end(last)
    # known as of the day somebody last looked, so that a page says the same until somebody looks again
    looked, spoke = date.fromisoformat(row["checked_on"]), bounds(end)[1] if end else None
    due = bounds(row["due"])[1] if row.get("due") else None
    if due and due < looked:
        return (State.MISSED, None) if spoke and spoke >= due else (State.NOT_REPORTED, end)
    return State.UNDER_WAY, end if spoke and (looked - spoke).days > SILENT_DAYS else None
