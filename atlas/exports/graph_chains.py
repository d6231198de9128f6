"""How two bodies are joined, answered: the shortest chains, and who bridges two networks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import networkx as nx

from atlas.exports.graph_answer import FACT, Answer, day_words, fact_row, stand_in
from atlas.graph.chains import LIVING, MOST_CHAINS, Bridges, Chains, Joined, bridges, chains
from atlas.graph.facts import ACTORS, name_of
from atlas.graph.wording import plural
from atlas.vocabulary import Kind, Relation


def chains_answer(
    graph: nx.MultiDiGraph[str],
    start: str,
    end: str,
    day: date,
    *,
    limit: int = MOST_CHAINS,
    through: Collection[Kind] = ACTORS,
    relations: Collection[Relation] = LIVING,
    ever: bool = False,
) -> Answer:
    """The shortest chains between two nodes; who is gone on the day is stood for by who succeeded it."""
    asked, notes = (start, end), []
    if not ever:
        (start, one), (end, other) = stand_in(graph, start, day), stand_in(graph, end, day)
        notes = [note for note in (one, other) if note]
    names = name_of(graph, start), name_of(graph, end)
    if start == end:
        found = Chains(start, end, 0, 0, ())
    else:
        found = chains(graph, start, end, day, limit=limit, through=through, relations=relations, ever=ever)
    rows = [
        {"chain": number, "step": step, **fact_row(tie)}
        for number, chain in enumerate(found.chains, 1)
        for step, facts in enumerate(chain.steps, 1)
        for tie in facts
    ]
    document = {
        "from": asked[0],
        "to": asked[1],
        "meant": [start, end],
        "as_at": day.isoformat(),
        "ever": ever,
        "length": found.length,
        "total": found.total,
        "chains": chain_documents(found),
    }
    columns = ("chain", "step", *FACT)
    shown = (("chain", ""), ("step", ""), ("sentence", "tie"))
    return Answer(_chains_words(found, names, day, ever=ever), columns, rows, tuple(notes), document, shown, found)


def chain_documents(found: Chains) -> list[dict[str, list[str]]]:
    """Chains as JSON values: their nodes, their names, and the surest tie of each step as a sentence."""
    return [{name: list(getattr(chain, name)) for name in ("nodes", "names", "sentences")} for chain in found.chains]


def _chains_words(found: Chains, names: tuple[str, str], day: date, *, ever: bool) -> str:
    when = "on any day" if ever else f"as at {day_words(day)}"
    if found.length == 0:
        return f"Both are {names[0]} {when}."
    if found.length is None:
        return f"No chain of recorded ties joins {names[0]} and {names[1]} {when}."
    if found.length == 1:
        return f"{names[0]} and {names[1]} are tied to each other {when}."
    others = plural(found.length - 1, "other body", "other bodies")
    given = "the surest is" if len(found.chains) == 1 else f"the {len(found.chains)} surest are"
    shown = f"; {given} given" if len(found.chains) < found.total else ""
    chain = plural(found.total, "shortest chain")
    verb = "joins" if found.total == 1 else "join"
    return f"{chain} of {found.length} ties, through {others}, {verb} {names[0]} and {names[1]} {when}{shown}."


def bridges_answer(graph: nx.MultiDiGraph[str], first: str, second: str, day: date, limit: int = MOST_CHAINS) -> Answer:
    """Who bridges two networks."""
    (first, one), (second, other) = stand_in(graph, first, day), stand_in(graph, second, day)
    found = bridges(graph, first, second, day, limit=limit)
    names = name_of(graph, first), name_of(graph, second)
    rows = [
        {
            "node": bridge.node,
            "name": bridge.name,
            "kind": bridge.kind,
            "is_member_of_both": bridge.is_member,
            "pairs": round(bridge.pairs, 4),
            "to_first": [tie.sentence for tie in bridge.to_first],
            "to_second": [tie.sentence for tie in bridge.to_second],
        }
        for bridge in found.bridges
    ]
    notes = [note for note in (one, other) if note]
    notes += [tie.sentence for tie in found.direct]
    if found.pairs and found.bridges:
        notes.append(
            f"Pairs: of the {found.pairs:,} of one tied only to {names[0]} and one tied only to {names[1]}, how many "
            "each stands between; where a pair has several shortest chains, the share of them that pass through it."
        )
    document: dict[str, Any] = {
        "first": first,
        "second": second,
        "as_at": day.isoformat(),
        "joined": found.joined.value,
        "pairs": found.pairs,
        "direct": [fact_row(tie) for tie in found.direct],
    }
    if found.chains:
        document["chains"] = chain_documents(found.chains)
    columns = ("node", "name", "kind", "is_member_of_both", "pairs", "to_first", "to_second")
    shown = (("name", "who"), ("kind", "what"), ("is_member_of_both", "member of both"), ("pairs", "pairs"))
    return Answer(_bridges_words(found, names, day), columns, rows, tuple(notes), document, shown, found)


def _bridges_words(found: Bridges, names: tuple[str, str], day: date) -> str:
    both, when = f"{names[0]} and {names[1]}", f"as at {day_words(day)}"
    if found.joined is Joined.MEMBERS:
        shared = sum(bridge.is_member for bridge in found.bridges)
        more = len(found.bridges) - shared
        also = f", and {plural(more, 'other is', 'others are')} tied to both in other ways" if more else ""
        return f"{both} share {plural(shared, 'member')} {when}{also}."
    if found.joined is Joined.TIES:
        return f"{both} share no member {when}; {plural(len(found.bridges), 'body is', 'bodies are')} tied to both."
    if found.joined is Joined.CHAINS and found.chains:
        chain = plural(found.chains.total, "shortest chain")
        verb = "joins" if found.chains.total == 1 else "join"
        return f"Nobody is tied to both {both} {when}; {chain} of {found.chains.length} ties {verb} them."
    return f"Nothing on record joins {both} {when}."
