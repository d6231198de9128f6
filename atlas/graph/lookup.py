"""Finding nodes by what people call them: by id, name or code, and the nearest where nothing is called so."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from math import log1p
from typing import Any, Final

import networkx as nx
from rapidfuzz import fuzz, process

from atlas.errors import NotFoundError, QueryError
from atlas.graph.bare import without_assets
from atlas.graph.facts import ACTORS, name_of
from atlas.graph.initials import initials
from atlas.records import slug
from atlas.vocabulary import Kind, Sector, Status

CODES: Final = ("gss_code", "ods_code", "ukprn", "company_number", "charity_number")
"""Fields that name a node as well as its name does."""

NEAR: Final = 60.0
"""Least likeness (0 to 100) of a name worth suggesting."""

LETTERS: Final = 100
"""How much of what was typed is compared: the time grows with its length, and no name is longer."""

_PARTLY: Final = 0.8
"""What a likeness to a part of a name counts against one to the whole."""

BY_TIES: Final = 0.6
"""What the logarithm of its ties adds to the likeness of a name: of two equally near the better tied is meant."""

OVER: Final = 12.0
"""What is taken from the likeness of what has ended."""

_LOOKED_AT: Final = 10
_BOROUGH: Final = r"(?:the )?(?:(?:london |royal )?borough (?:council )?of |(?:lb|rb)(?: of)? |city of )"
_COUNCIL: Final = r" (?:(?:london )?borough |city |district |county )?(?:council|corporation)"


def find_node(graph: nx.MultiDiGraph[str], wanted: str, kinds: Collection[Kind] = ACTORS) -> str:
    """Return the id of the node called so: by id, name, name as an address has it, code or initials, in any case.

    Where nodes of several kinds are called the same, institutions come first, then networks, programmes and places. An
    asset is found by its id alone: there are a hundred thousand, and many are called the same. What has ended is meant
    only where nothing that stands is called so.

    Raises
    ------
    NotFoundError
        If there is none; with the names that come nearest.
    QueryError
        If several nodes of one kind are called so; with their ids.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:lain", kind="network", name="London Anchor Institutions' Network")
    >>> find_node(graph, "LAIN"), find_node(graph, "london anchor institutions network")
    ('network:lain', 'network:lain')
    """
    typed, plain = wanted.strip(), slug(wanted)
    if graph.nodes.get(typed, {}).get("kind") in kinds:
        return typed
    among = [(node, record) for node, record in without_assets(graph).nodes(data=True) if record.get("kind") in kinds]
    for is_it in (_is_called, _is_coded, _is_council, _has_initials):
        found = [node for node, record in among if is_it(node, record, typed.casefold(), plain)]
        if found:
            standing = [node for node in found if graph.nodes[node].get("status") != Status.ENDED]
            return _one(standing or found, wanted)
    raise NotFoundError(_either(kinds), wanted, (name_of(graph, node) for node in nearest(graph, wanted, kinds)))


def nearest(
    graph: nx.MultiDiGraph[str], wanted: str, kinds: Collection[Kind] = ACTORS, limit: int = 3
) -> tuple[str, ...]:
    """Return the ids of the nodes whose names, or names as an address has them, come nearest to what was typed.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:lain", kind="network", name="London Anchor Institutions' Network")
    >>> nearest(graph, "lian"), nearest(graph, "zebra")
    (('network:lain',), ())
    """
    among = [(node, record) for node, record in without_assets(graph).nodes(data=True) if record.get("kind") in kinds]
    keys = [str(record.get("name") or node).casefold() for node, record in among]
    keys += [node.partition(":")[2] for node, _ in among]
    typed = wanted.strip().casefold()[:LETTERS]
    found = process.extract(typed, keys, scorer=likeness, limit=_LOOKED_AT * limit, score_cutoff=NEAR)
    scores: dict[str, float] = {}
    for _, score, place in found:
        node, record = among[place % len(among)]
        worth = score + BY_TIES * log1p(graph.degree(node)) - OVER * (record.get("status") == Status.ENDED)
        scores[node] = max(worth, scores.get(node, 0.0))
    return tuple(sorted(scores, key=lambda node: -scores[node]))[:limit]


def likeness(typed: str, key: str, *, score_cutoff: float | None = None, **_: object) -> float:
    """Likeness to the whole of a name, or, counting less, to words or a part of it; 0 to 100.

    Examples
    --------
    >>> likeness("lian", "lain") > likeness("lian", "west london alliance")
    True
    """
    found = max(fuzz.ratio(typed, key), _PARTLY * fuzz.WRatio(typed, key))
    return found if score_cutoff is None or found >= score_cutoff else 0.0


def _is_called(node: str, record: Mapping[str, Any], typed: str, plain: str) -> bool:
    identity = node.casefold()
    return identity == typed or plain in {identity.partition(":")[2], slug(str(record.get("name", "")))} - {""}


def _is_coded(_node: str, record: Mapping[str, Any], typed: str, _plain: str) -> bool:
    return any(str(record.get(field) or "").casefold() == typed for field in CODES if typed)


def _is_council(_node: str, record: Mapping[str, Any], typed: str, _plain: str) -> bool:
    return record.get("sector") == Sector.COUNCIL and governed(typed) == governed(str(record.get("name", ""))) != ""


def governed(name: str) -> str:
    """The place that the name of a council says it governs, in lower case; empty for what is no council's name.

    Examples
    --------
    >>> [governed(name) for name in ("London Borough of Lewisham", "LB Lewisham", "Lewisham Council", "Lewisham")]
    ['lewisham', 'lewisham', 'lewisham', '']
    """
    plain = _spelt(name.casefold())
    core = re.sub(rf"^{_BOROUGH}|{_COUNCIL}$", "", plain)
    return core if core != plain else ""


def _has_initials(_node: str, record: Mapping[str, Any], typed: str, _plain: str) -> bool:
    return _spelt(typed) in initials(str(record.get("name", "")))


def _spelt(words: str) -> str:
    return " ".join(words.replace("&", " and ").split())


def _one(found: Sequence[str], wanted: str) -> str:
    kinds = [node.partition(":")[0] for node in found]
    first = next(kind for kind in Kind if kind in kinds)
    if kinds.count(first) > 1:
        raise QueryError(f"several are called {wanted!r}; name one by its id: {', '.join(sorted(found))}")
    return found[kinds.index(first)]


def _either(kinds: Collection[Kind]) -> str:
    words = [kind.value for kind in Kind if kind in kinds]
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
