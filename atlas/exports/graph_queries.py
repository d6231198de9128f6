"""Questions to the partnership graph answered: members, what serves a place, who is around, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas.exports.graph_answer import FACT, FACT_SHOWN, Answer, Row, day_words, fact_row, picked
from atlas.graph.changes import Change, Changes, Event, Lineage, changes, lineage, resolve
from atlas.graph.facts import ACTORS, Fact, name_of
from atlas.graph.places import Ground, PlaceIndex, Served
from atlas.graph.query import Extent, ego, members
from atlas.graph.wording import plural
from atlas.vocabulary import Kind, Relation, Standing

MEMBER: Final = (
    *("node", "name", "what", "sector", "role", "standing", "period", "start", "end", "status"),
    *("confidence", "source", "evidence"),
)
BODIES: Final = ("body or site", "bodies or sites")
"""What changes besides ties: institutions, networks, programmes and their sites."""

CHANGE: Final = (
    *("event", "is_certain", "kind", "node", "name", "when", "earliest", "latest", "relation", "object"),
    *("source", "evidence"),
)


def members_answer(
    graph: nx.MultiDiGraph[str], network: str, day: date, *, ever: bool = False, reach: Extent | None = None
) -> Answer:
    """Who belongs to a network or programme on a day; `reach` is added where it is known."""
    found = members(graph, network, day, ever=ever)
    others = members(graph, network, day, frozenset(Relation) - {Relation.MEMBER_OF, Relation.SUCCEEDS}, ever=ever)
    rows = [
        {
            **picked(who, "node", "name", "what", "sector"),
            "role": tie.relation.value,
            "standing": tie.standing.value,
            "period": tie.period,
            **picked(tie, "start", "end", "status", "confidence", "source", "evidence"),
        }
        for who in (*found, *others)
        for tie in who.facts
    ]
    sure = sum(who.standing is Standing.STANDS for who in found)
    name = name_of(graph, network)
    sentence = f"{name} has {plural(len(found), 'member')} on record as at {day_words(day)}"
    if ever:
        sentence = f"{name} has had {plural(len(found), 'member')} on record"
    elif sure < len(found):
        sentence += f", {sure} for certain"
    document: dict[str, Any] = {"network": network, "name": name, "as_at": day.isoformat(), "ever": ever}
    notes = ["Where a tie has no recorded end and its source is old, its member may have left: such may stand."]
    if reach is not None:
        document["reach"] = {
            "footprint_kind": reach.kind.value,
            "footprint": list(reach.footprint),
            **picked(reach, "areas", "people"),
            "districts": dict(reach.districts),
        }
        notes.append(f"Its footprint takes in {plural(reach.areas, 'neighbourhood')}, home to {reach.people:,} people.")
    shown = (("name", "who"), ("role", "role"), ("period", "when"), ("standing", "stands"), ("confidence", "sure"))
    return Answer(f"{sentence}.", MEMBER, rows, tuple(notes), document, shown, (found, others))


def serves_answer(index: PlaceIndex, ground: Ground, day: date | None = None, *, ever: bool = False) -> Answer:
    """Everything that serves a place on a day."""
    found = index.serving(ground, day, ever=ever)
    when = day or index.now
    rows = [_served_row(served) for served in found]
    kinds = Counter(served.kind for served in found)
    counted = [plural(kinds[kind.value], kind.value) for kind in (Kind.NETWORK, Kind.PROGRAMME, Kind.INSTITUTION)]
    words = f"{counted[0]}, {counted[1]} and {counted[2]}"
    sentence = f"{words} on record serve {ground.name}" + ("" if ever else f" as at {day_words(when)}")
    notes = (
        "covers: whole, or part of it; site: only a site of theirs stands there.",
        "by: its footprint, a tie that says it serves the place or one around or inside it, governing it, or a site.",
    )
    document = {"place": ground.code, "name": ground.name, "kind": ground.kind, "as_at": when.isoformat(), "ever": ever}
    shown = (("name", "who"), ("what", "what"), ("extent", "covers"), ("ways", "by"), ("standing", "stands"))
    columns = ("node", "name", "kind", "what", "standing", "extent", "ways", "sites")
    return Answer(f"{sentence}.", columns, rows, notes, document, shown, found)


def _served_row(served: Served) -> Row:
    return {**served._asdict(), "standing": served.standing.value, "ways": list(served.ways)}


def ego_answer(
    graph: nx.MultiDiGraph[str],
    centre: str,
    day: date,
    radius: int = 1,
    kinds: Collection[Kind] = ACTORS,
    relations: Collection[Relation] = frozenset(Relation),
    *,
    ever: bool = False,
) -> Answer:
    """The network around a node."""
    found = ego(graph, centre, day, radius, kinds, relations, ever=ever)
    name = name_of(graph, centre)
    when = "on any day" if ever else f"as at {day_words(day)}"
    around = len(found.nodes) - 1
    among = f"{plural(len(found.facts), 'tie')} among them all"
    sentence = f"{plural(around, 'other')} within {plural(radius, 'tie')} of {name} {when}, with {among}."
    nodes = [
        {**picked(other, "node", "name", "kind", "distance"), "standing": other.standing.value} for other in found.nodes
    ]
    document = {
        "centre": centre,
        "name": name,
        "as_at": day.isoformat(),
        "ever": ever,
        "radius": radius,
        "nodes": nodes,
    }
    rows = [fact_row(tie) for tie in found.facts]
    return Answer(sentence, FACT, rows, (), document, FACT_SHOWN, found)


def changes_answer(graph: nx.MultiDiGraph[str], start: date, end: date) -> Answer:
    """What began and what ended between two days, both included."""
    found = changes(graph, start, end)
    rows = [_change_row(change) for change in found.changes]
    rows += map(_succession_row, found.successions)
    document = {
        "from": start.isoformat(),
        "to": end.isoformat(),
        **picked(found, "undated_nodes", "undated_ties", "open_nodes", "open_ties"),
    }
    shown = (("event", "event"), ("when", "when"), ("is_certain", "certain"), ("kind", "kind"), ("name", "what"))
    return Answer(_changes_words(found), CHANGE, rows, changes_notes(found), document, shown, found)


def _change_row(change: Change) -> Row:
    tie = change.fact
    return {
        "event": change.event.value,
        **picked(change, "is_certain", "kind", "node", "name", "when"),
        "earliest": change.earliest.isoformat(),
        "latest": change.latest.isoformat(),
        "relation": tie.relation.value if tie else None,
        **(picked(tie, "object", "source", "evidence") if tie else dict.fromkeys(("object", "source", "evidence"))),
    }


def _succession_row(tie: Fact) -> Row:
    return {
        "event": "succeeded",
        "is_certain": tie.standing is Standing.STANDS,
        "kind": "tie",
        "node": tie.subject,
        "name": tie.words,
        "when": tie.start,
        "earliest": None,
        "latest": None,
        "relation": tie.relation.value,
        **picked(tie, "object", "source", "evidence"),
    }


def _changes_words(found: Changes) -> str:
    counts = {(event, ties): len(found.of(event, ties=ties, certain=True)) for event in Event for ties in (False, True)}
    began = f"{plural(counts[Event.BEGUN, False], *BODIES)} and {plural(counts[Event.BEGUN, True], 'tie')} began"
    ended = f"{plural(counts[Event.ENDED, False], *BODIES)} and {plural(counts[Event.ENDED, True], 'tie')} ended"
    passed = plural(len(found.successions), "succession")
    return f"From {day_words(found.start)} to {day_words(found.end)}: {began}; {ended}; {passed}."


def changes_notes(found: Changes) -> tuple[str, ...]:
    """What cannot be told from the dates, in sentences."""
    uncertain = sum(not change.is_certain for change in found.changes)
    notes = []
    if uncertain:
        notes.append(
            f"{plural(uncertain, 'change')} may lie outside: "
            "the date is a year or a month that the period only overlaps."
        )
    if found.undated_nodes or found.undated_ties:
        bodies = plural(found.undated_nodes, *BODIES)
        notes.append(
            f"{bodies} and {plural(found.undated_ties, 'tie')} with no recorded start may have begun then; not listed."
        )
    if found.open_nodes or found.open_ties:
        bodies = plural(found.open_nodes, *BODIES)
        notes.append(
            f"{bodies} and {plural(found.open_ties, 'tie')} may have ended since they were last heard of; not listed."
        )
    return tuple(notes)


def lineage_answer(graph: nx.MultiDiGraph[str], node: str, day: date) -> Answer:
    """Where a body came from, what became of it, and whom its name stands for on a day."""
    found = lineage(graph, node, day)
    rows = [
        {"direction": direction, "steps": steps, **fact_row(tie)}
        for direction, ties in (("before", found.before), ("after", found.after))
        for steps, tie in ties
    ]
    today = resolve(graph, node, day)
    names = [name_of(graph, other) for other in today]
    document = {"node": node, "name": name_of(graph, node), "as_at": day.isoformat(), "stands_for": list(today)}
    shown = (("direction", "side"), ("steps", "steps"), ("sentence", "tie"))
    sentence = _lineage_words(graph, found, names, day)
    return Answer(sentence, ("direction", "steps", *FACT), rows, (), document, shown, found)


def _lineage_words(graph: nx.MultiDiGraph[str], found: Lineage, today: Sequence[str], day: date) -> str:
    name = name_of(graph, found.node)
    if list(today) == [name]:
        stands = f"{name} stands on {day_words(day)}"
    elif today:
        stands = f"On {day_words(day)} {name} stands for {', '.join(today)}"
    else:
        stands = f"{name} does not stand on {day_words(day)}, and nobody is recorded in its place"
    if not found.before and not found.after:
        return f"{stands}; nothing is recorded of what it came from or became."
    return f"{stands}."
