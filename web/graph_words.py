"""The graph as at a day in words, its ties through the years as a drawing, and what became of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

import networkx as nx

from atlas.graph.evolutions import Evolution
from atlas.graph.timeline import span_of, standing
from atlas.graph.wording import listed, plural
from atlas.maps.graph_values import FIRST, last_day
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation, Standing
from web.graph_view import JOINT, Count, GraphView, JointRow, Wanted, count, partners, tally
from web.text import day as day_words
from web.visit import visit

WIDE: Final = 1000
"""Width of the drawing of ties through the years, in its own units."""

TALL: Final = 44
"""Its height."""

_TALLIES: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def answer(atlas: Atlas, wanted: Wanted, found: GraphView) -> dict[str, str]:
    """What stands on the day, in two sentences."""
    when = day_words(wanted.day.isoformat())
    now = wanted.day >= last_day(atlas.graph)
    if wanted.node:
        return _answer_of_node(atlas, wanted, found, when, now=now)
    joint, ties = found.joint, found.ties
    stood = f"{plural(joint.certain, 'network or programme', 'networks and programmes')} {_stand(joint, now=now)}"
    head = f"On {when}, {stood}{_more(joint, '' if now else 'have')}."
    verb = "joins" if ties.certain == 1 else "join"
    joined = institutions_joined(found.graph)
    sure = f"{plural(ties.certain, 'tie')} {verb} them and {plural(joined, 'institution')} for certain."
    return {"sentence": head, "sure": f"{sure}{_doubt(ties.possible, now=now)}"}


def institutions_joined(graph: nx.MultiDiGraph[str]) -> int:
    """How many institutions a certain tie joins: others are shown too, by ties that only may stand."""
    certain = [ends for *ends, tie in graph.edges(data=True) if tie["standing"] == Standing.STANDS]
    return len({end for ends in certain for end in ends if graph.nodes[end]["kind"] == Kind.INSTITUTION})


def answer_of_place(atlas: Atlas, wanted: Wanted, rows: Sequence[JointRow]) -> dict[str, str]:
    """Who works in a borough on the day, in two sentences."""
    name = atlas.inputs.areaset.borough_names()[wanted.place]
    when, now = day_words(wanted.day.isoformat()), wanted.day >= last_day(atlas.graph)
    number = count(row.record for row in rows)
    said = plural(number.certain, "network or programme", "networks and programmes")
    verb = ("works" if number.certain == 1 else "work") if now else "worked"
    head = f"On {when}, {said} {verb} in {name}{_more(number, '' if now else 'have')}."
    return {"sentence": head, "sure": "Those that work in every borough of London are not among them."}


def _stand(number: Count, *, now: bool) -> str:
    return ("stands" if number.certain == 1 else "stand") if now else "stood"


def _more(number: Count, verb: str) -> str:
    return f", and {number.possible:,} more may {verb}".rstrip() if number.possible else ""


def _answer_of_node(atlas: Atlas, wanted: Wanted, found: GraphView, when: str, *, now: bool) -> dict[str, str]:
    record = atlas.graph.nodes[wanted.node]
    name = record["name"]
    if standing(span_of(record), wanted.day) is Standing.DOES_NOT:
        return {"sentence": f"{name} did not stand on {when}.", "sure": _why_not(atlas.graph, wanted)}
    if wanted.node not in found.graph:
        return {"sentence": f"{name} had no tie on record on {when}.", "sure": "No tie of the kinds chosen stood then."}
    others = partners(found.graph, wanted.node)
    ties = count(
        tie
        for _, _, tie in [*found.graph.out_edges(wanted.node, data=True), *found.graph.in_edges(wanted.node, data=True)]
    )
    certain = (
        f"{'is' if now else 'was'} tied to {plural(others.certain, 'other')} for certain"
        f"{_more(others, 'be' if now else 'have been')}"
    )
    possible = f"may {'be' if now else 'have been'} tied to {plural(others.possible, 'other')}"
    head = certain if others.certain else possible
    one, many = ("is", "are") if now else ("was", "were")
    sure = f"{plural(ties.certain, 'tie')} {one if ties.certain == 1 else many} certain on that day."
    return {"sentence": f"On {when}, {name} {head}.", "sure": f"{sure}{_doubt(ties.possible, now=now)}"}


def _why_not(graph: nx.MultiDiGraph[str], wanted: Wanted) -> str:
    record = graph.nodes[wanted.node]
    ended = record.get("end") and wanted.day > span_of(record).end_by
    began = f"It began in {day_words(record['start'])}." if record.get("start") else "When it began is not on record."
    said = f"It ended in {day_words(record['end'])}." if ended else began
    after = [
        str(graph.nodes[one]["name"])
        for one, _, tie in graph.in_edges(wanted.node, data=True)
        if tie["relation"] == Relation.SUCCEEDS
    ]
    before = [
        str(graph.nodes[other]["name"])
        for _, other, tie in graph.out_edges(wanted.node, data=True)
        if tie["relation"] == Relation.SUCCEEDS
    ]
    if ended and after:
        return f"{said} {listed(sorted(after))} took its place."
    return f"{said} It took the place of {listed(sorted(before))}." if not ended and before else said


def _doubt(possible: int, *, now: bool) -> str:
    if not possible:
        return ""
    return (
        f" {possible:,} more may {'stand' if now else 'have stood'}: their dates are not on record, or not to the day."
    )


def months_between(first: date, last: date) -> int:
    """Steps of the slider: months from the first to the last.

    Examples
    --------
    >>> months_between(date(1990, 1, 1), date(1991, 3, 5))
    14
    """
    return 12 * (last.year - first.year) + last.month - first.month


def chart(graph: nx.MultiDiGraph[str], last: date) -> dict[str, Any]:
    """Ties by month, as paths of a drawing `WIDE` by `TALL`: the certain, and with them what may stand."""
    if graph not in _TALLIES:
        _TALLIES[graph] = _chart(graph, last)
    return _TALLIES[graph]


def _chart(graph: nx.MultiDiGraph[str], last: date) -> dict[str, Any]:
    steps = months_between(FIRST, last)
    days = [date(FIRST.year + month // 12, month % 12 + 1, 1) for month in range(steps)] + [last]
    certain, possible = tally(graph, days)
    most = max(1, int((certain + possible).max()))

    def area(counts: Any) -> str:
        tops = [
            f"{month * WIDE / max(1, steps):.1f} {TALL - TALL * number / most:.1f}"
            for month, number in enumerate(counts)
        ]
        return f"M0 {TALL}L{'L'.join(tops)}V{TALL}Z"

    years = [(year, (year - FIRST.year) * 12 * WIDE / max(1, steps)) for year in range(FIRST.year, last.year + 1, 5)]
    return {"certain": area(certain), "all": area(certain + possible), "years": years, "most": most}


def story(atlas: Atlas, one: Evolution, last: date) -> dict[str, Any]:
    """An evolution in words, with the addresses of the day before and the day after."""
    graph, here = atlas.graph, visit()
    nodes = graph.nodes

    def at(day: date | None, node: str) -> dict[str, str] | None:
        if day is None or not FIRST <= day <= last:
            return None
        fields = {"at": day.isoformat(), "node": node}
        return {**fields, "address": here.link("graph.index", **fields), "words": day_words(day.isoformat())}

    kind = nodes[one.successor]["kind"]
    return {
        "after_name": nodes[one.successor]["name"],
        "before_names": [nodes[node]["name"] for node in one.predecessors],
        "what": nodes[one.successor].get("type") or kind,
        "when": day_words(one.start) if one.start else "",
        "before": at(one.before, one.predecessors[0]),
        "after": at(one.after, one.successor),
        "kept": len(one.kept),
        "joined": [nodes[node]["name"] for node in one.joined],
        "left": [nodes[node]["name"] for node in one.left],
        "likes": one.likes,
        "is_joint": kind in JOINT,
        "nodes": [*one.predecessors, one.successor],
    }
