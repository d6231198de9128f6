"""Everything that serves a place: by its footprint, by a tie, by what it governs, or by a site that stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from atlas.graph.bare import without_assets
from atlas.graph.facts import ACTORS, name_of
from atlas.graph.timeline import ALWAYS, Span, last_checked, span_of
from atlas.vocabulary import FootprintKind, Kind, Relation, Scale, Standing

FOOTPRINT, SERVES, GOVERNS, SITE = 1, 2, 4, 8
WAYS: Final = {FOOTPRINT: "footprint", SERVES: "serves", GOVERNS: "governs", SITE: "site"}
"""How a body may serve a place."""

_SETS: Final = tuple(tuple(word for bit, word in WAYS.items() if bits & bit) for bits in range(16))
_EXTENTS: Final = ("site", "part", "whole")
_STANDING: Final = (Standing.DOES_NOT, Standing.MAY_STAND, Standing.STANDS)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A place with what lies around and inside it.

    Parameters
    ----------
    code, name, kind : str
        GSS code, or the last part of a place's id where it has none; its name; and what it is, in words.
    around : tuple of str
        Codes of the places that it lies in, itself left out.
    inside : tuple of str
        Codes of the places that lie in it.
    points_m : numpy.ndarray of float, shape (n, 2)
        Easting and northing of a point in each small area of it (the area's own, where it is one); may be empty.
    sites : tuple of str
        Ids of sites that stand in it and that no place of the graph says so of: those of a small area.
    """

    code: str
    name: str
    kind: str
    around: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    points_m: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    sites: tuple[str, ...] = ()


class Served(NamedTuple):
    """Somebody who serves a place.

    Parameters
    ----------
    node, name, kind, what : str
        Id, name, kind, and what it is in words.
    standing : Standing
        Whether it, and what makes it serve the place, stood on the day.
    extent : str
        "whole", "part" of the place, or "site": only a site of it stands there.
    ways : tuple of str
        Any of "footprint", "serves", "governs", "site".
    sites : int
        How many of its sites stand there.
    """

    node: str
    name: str
    kind: str
    what: str
    standing: Standing
    extent: str
    ways: tuple[str, ...]
    sites: int


class _Entry(NamedTuple):
    """One reason why a node serves a place."""

    node: int
    way: int
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class PlaceIndex:
    """Who serves each place, ready to be asked; make it with `PlaceIndex.of`.

    Reasons are rows of arrays, grouped by the code of their place, so that a question touches only those of its place
    and of what lies around and inside it; circles are compared with the place's points.
    """

    nodes: tuple[tuple[str, str, str, str], ...]
    spans: NDArray[np.int32]
    slices: dict[str, tuple[int, int]]
    entry_node: NDArray[np.int32]
    entry_way: NDArray[np.int8]
    entry_span: NDArray[np.int32]
    entry_is_vague: NDArray[np.bool_]
    circles: NDArray[np.float64]
    circle_node: NDArray[np.int32]
    parents: dict[str, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]
    now: date

    @classmethod
    def of(cls, graph: nx.MultiDiGraph[str]) -> PlaceIndex:
        """Read the graph once; land that a body holds somewhere does not make it serve the place.

        Nodes are put in the order in which they are answered: networks and programmes of the narrowest scale first,
        then institutions, each by name.
        """
        graph = without_assets(graph)
        actors = sorted(
            ((node, record) for node, record in graph.nodes(data=True) if record.get("kind") in ACTORS), key=_order
        )
        position = {node: place for place, (node, _) in enumerate(actors)}
        reasons: defaultdict[str, list[_Entry]] = defaultdict(list)
        circles = []
        for place, (_, record) in enumerate(actors):
            kind, footprint = record.get("footprint_kind"), record.get("footprint") or ()
            if kind == FootprintKind.RADIUS:
                circles.append((place, *map(float, footprint)))
            elif kind == FootprintKind.PLACES:
                for code in footprint:
                    reasons[code].append(_Entry(place, FOOTPRINT, ALWAYS))
            if record.get("gss_code"):
                reasons[record["gss_code"]].append(_Entry(place, GOVERNS, ALWAYS))
        for code, entry in _from_ties(graph, position):
            reasons[code].append(entry)
        return cls._packed(graph, actors, reasons, circles)

    @classmethod
    def _packed(
        cls,
        graph: nx.MultiDiGraph[str],
        actors: Sequence[tuple[str, dict[str, Any]]],
        reasons: dict[str, list[_Entry]],
        circles: Sequence[tuple[float, ...]],
    ) -> PlaceIndex:
        slices: dict[str, tuple[int, int]] = {}
        entries: list[_Entry] = []
        for code, found in reasons.items():
            slices[code] = len(entries), len(entries) + len(found)
            entries += found
        ways = np.array([entry.way for entry in entries], dtype=np.int8)
        known = np.array([bool(record.get("footprint")) for _, record in actors], dtype=np.bool_)
        of = np.array([entry.node for entry in entries], dtype=np.int32)
        parents = _part_of(graph)
        children: defaultdict[str, list[str]] = defaultdict(list)
        for child, above in parents.items():
            for parent in above:
                children[parent].append(child)
        return cls(
            nodes=tuple(
                (node, name_of(graph, node), str(record["kind"]), str(record.get("type") or record["kind"]))
                for node, record in actors
            ),
            spans=_ordinals(span_of(record) for _, record in actors),
            slices=slices,
            entry_node=of,
            entry_way=ways,
            entry_span=_ordinals(entry.span for entry in entries),
            entry_is_vague=(ways == SERVES) & known[of] if entries else np.empty(0, dtype=np.bool_),
            circles=np.array([circle[1:] for circle in circles], dtype=np.float64).reshape(-1, 3),
            circle_node=np.array([circle[0] for circle in circles], dtype=np.int32),
            parents=parents,
            children={parent: tuple(found) for parent, found in children.items()},
            now=last_checked(graph),
        )

    def serving(self, ground: Ground, day: date | None = None, *, ever: bool = False) -> tuple[Served, ...]:
        """Return everything that serves a place on a day.

        A network or programme serves it by a footprint that covers the place, some of it or all around it (a circle,
        where it holds any of the place's points); anybody by a `serves` tie to such a place; a council by governing
        it; an institution by a site inside it. Who has a footprint is said by it, not by a tie to something wider, to
        serve a place; and where a tie names the very place and the footprint does not cover it, to serve part of it.

        Parameters
        ----------
        ground : Ground
            The place.
        day : datetime.date, optional
            The day; the latest on which anybody looked unless given.
        ever : bool
            Whether to keep what does not stand on the day.

        Returns
        -------
        tuple of Served
            The narrowest networks and programmes first, institutions after them, by name.

        Examples
        --------
        >>> graph = nx.MultiDiGraph()
        >>> graph.add_node(
        ...     "network:n", kind="network", name="N", footprint_kind="places", footprint=("E09000007",), start="2021"
        ... )
        >>> index = PlaceIndex.of(graph)
        >>> ward = Ground("E01000842", "Camden 001A", "neighbourhood", around=("E09000007",))
        >>> [(found.name, found.extent, found.ways) for found in index.serving(ward, date(2026, 1, 1))]
        [('N', 'whole', ('footprint',))]
        >>> index.serving(ward, date(2020, 1, 1))
        ()
        """
        nodes, ways, extents, spans = self._reasons(ground)
        when = (day or self.now).toordinal()
        stands = _standing(spans, when)
        own = _standing(self.spans[nodes], when)
        # what is a matter of its footprint stands as it does itself; a tie says so of itself, while both ends stand
        said = np.where(own == 0, 0, np.where(ways & (FOOTPRINT | GOVERNS), own, stands))
        if not ever:
            kept = said > 0
            nodes, ways, extents, said = nodes[kept], ways[kept], extents[kept], said[kept]
        found, group = np.unique(nodes, return_inverse=True)
        n = len(found)
        best, widest, how = np.zeros(n, np.int8), np.zeros(n, np.int8), np.zeros(n, np.int8)
        np.maximum.at(best, group, said.astype(np.int8))
        np.maximum.at(widest, group, extents)
        np.bitwise_or.at(how, group, ways)
        sites = np.bincount(group[ways == SITE], minlength=n)
        rows = zip(found.tolist(), best.tolist(), widest.tolist(), how.tolist(), sites.tolist(), strict=True)
        return tuple(
            Served(node, name, kind, what, _STANDING[stand], _EXTENTS[extent], _SETS[bits], count)
            for place, stand, extent, bits, count in rows
            for node, name, kind, what in (self.nodes[place],)
        )

    def _reasons(
        self, ground: Ground
    ) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int8], NDArray[np.int32]]:
        """Nodes, ways, extents and spans of every reason, whenever it held."""
        around = self._closure((ground.code, *ground.around), self.parents) - {ground.code}
        inside = self._closure((ground.code, *ground.inside), self.children) - around - {ground.code}
        wider, own, within = self._rows(sorted(around)), self._rows([ground.code]), self._rows(sorted(inside))
        # sites of what lies around stand elsewhere; a footprint says how much of a wide place is served, a tie does not
        wider = wider[(self.entry_way[wider] != SITE) & ~self.entry_is_vague[wider]]
        sites = self._rows(ground.sites)
        rows = np.concatenate([wider, own, within, sites])
        ways = self.entry_way[rows]
        extents = np.repeat(np.array([2, 2, 1, 0], np.int8), [len(wider), len(own), len(within), len(sites)])
        extents[self.entry_is_vague[rows]] = 1
        extents[ways == SITE] = 0
        circle_nodes, covers_all = self._circles(ground.points_m)
        n = len(circle_nodes)
        return (
            np.concatenate([self.entry_node[rows], circle_nodes]),
            np.concatenate([ways, np.full(n, FOOTPRINT, dtype=np.int8)]),
            np.concatenate([extents, np.where(covers_all, 2, 1).astype(np.int8)]),
            np.concatenate([self.entry_span[rows], np.repeat(_ordinals([ALWAYS]), n, axis=0)]),
        )

    @staticmethod
    def _closure(codes: Iterable[str], onward: dict[str, tuple[str, ...]]) -> set[str]:
        found: set[str] = set()
        todo = list(codes)
        while todo:
            code = todo.pop()
            if code not in found:
                found.add(code)
                todo += onward.get(code, ())
        return found

    def _rows(self, codes: Iterable[str]) -> NDArray[np.int64]:
        found = [np.arange(*self.slices[code]) for code in codes if code in self.slices]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def _circles(self, points_m: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Nodes whose circle holds any of the points, and whether it holds them all."""
        if not len(points_m) or not len(self.circles):
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.bool_)
        low, high = points_m.min(axis=0), points_m.max(axis=0)
        centres, radii = self.circles[:, :2], self.circles[:, 2]
        near = np.flatnonzero(((centres + radii[:, None] >= low) & (centres - radii[:, None] <= high)).all(axis=1))
        holds = np.hypot(*(centres[near, None, :] - points_m[None, :, :]).transpose(2, 0, 1)) <= radii[near, None]
        some = holds.any(axis=1)
        return self.circle_node[near[some]], holds[some].all(axis=1)


def _order(actor: tuple[str, dict[str, Any]]) -> tuple[int, int, str, str]:
    node, record = actor
    scales = [scale.value for scale in Scale]
    is_body = record["kind"] == Kind.INSTITUTION
    scale = scales.index(record["scale"]) if record.get("scale") in scales else len(scales)
    return int(is_body), scale, str(record.get("name") or node).casefold(), node


def _from_ties(graph: nx.MultiDiGraph[str], position: dict[str, int]) -> Iterator[tuple[str, _Entry]]:
    """Reasons by `serves` ties to places, and by the sites that are located in them."""
    for place, record in graph.nodes(data=True):
        kind = record.get("kind")
        if kind == Kind.PLACE:
            code = place.partition(":")[2]
            for subject, _, tie in graph.in_edges(place, data=True):
                if tie["relation"] == Relation.SERVES and subject in position:
                    yield code, _Entry(position[subject], SERVES, span_of(tie))
                elif tie["relation"] == Relation.LOCATED_IN:
                    yield from ((code, entry) for entry in _holders(graph, subject, position))
        elif kind == Kind.SITE:
            yield from ((place, entry) for entry in _holders(graph, place, position))


def _holders(graph: nx.MultiDiGraph[str], site: str, position: dict[str, int]) -> Iterator[_Entry]:
    seen = set()
    for subject, _, tie in graph.in_edges(site, data=True):
        if tie["relation"] in {Relation.OCCUPIES, Relation.OWNS} and subject in position and subject not in seen:
            seen.add(subject)
            yield _Entry(position[subject], SITE, span_of(tie))


def _part_of(graph: nx.MultiDiGraph[str]) -> dict[str, tuple[str, ...]]:
    return {
        place.partition(":")[2]: above
        for place, record in graph.nodes(data=True)
        if record.get("kind") == Kind.PLACE
        and (
            above := tuple(
                target.partition(":")[2]
                for _, target, tie in graph.out_edges(place, data=True)
                if tie["relation"] == Relation.PART_OF
            )
        )
    }


def _ordinals(spans: Iterable[Span]) -> NDArray[np.int32]:
    """Spans as day numbers, shape (n, 4)."""
    return np.array([[day.toordinal() for day in span] for span in spans], dtype=np.int32).reshape(-1, 4)


def _standing(spans: NDArray[np.int32], day: int) -> NDArray[np.int8]:
    """0 does not stand, 1 may, 2 stands: `atlas.graph.timeline.standing` of many at once."""
    start_from, start_by, end_from, end_by = spans.T
    possible = (day >= start_from) & (day <= end_by)
    certain = possible & (start_by <= day) & (day <= end_from)
    return np.asarray(possible.astype(np.int8) + certain, dtype=np.int8)
