"""What a scenario's changes mean in the data at hand; all that cannot be is collected, with what comes near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process, utils

from atlas.errors import Faults
from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork
from atlas.geo.areas import AreaSet
from atlas.geo.footprints import LONDON, covers
from atlas.parameters import MAX_CATCHMENT_M
from atlas.records import slug
from atlas.vocabulary import RELATIONS, FootprintKind, Kind, Sector, Status

_NEAR: Final = 75.0
"""A likeness of 100 is the same; below this a name is no help."""

Numbered: TypeAlias = Sequence[tuple[int, Change]]
"""Changes with their place in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes resolved: ids, codes and positions that all exist.

    Parameters
    ----------
    sites : dict of str to dict
        New sites by id: the columns of the sites' frame.
    institutions : dict of str to (str, Sector)
        New institutions by id: name and sector.
    closed : tuple of str
        Sites that close.
    footprints : dict of str to tuple of str
        By network or programme, the GSS codes that it then reaches, those of before included.
    ties : tuple of (str, str, str)
        Subject, relation, object.
    notes : tuple of str
        What the author should know, in sentences.
    """

    sites: Mapping[str, Mapping[str, Any]]
    institutions: Mapping[str, tuple[str, Sector]]
    closed: tuple[str, ...]
    footprints: Mapping[str, tuple[str, ...]]
    ties: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def make_plan(
    changes: Numbered, sites: pd.DataFrame, graph: nx.MultiDiGraph[str], areaset: AreaSet, file: str = "scenario"
) -> tuple[Plan, Faults]:
    """Resolve every change, whatever order they stand in.

    Parameters
    ----------
    changes : sequence of (int, Change)
        With their place in the file, from 1; postcodes already turned into coordinates.
    sites : pandas.DataFrame
        Indexed by site id: `sector`, `status`.
    graph : networkx.MultiDiGraph
        The partnership graph.
    areaset : AreaSet
        The study area and its surroundings.
    file : str
        Name of the file, for the faults.

    Returns
    -------
    Plan
        Of the changes that can be made.
    Faults
        Everything that cannot.
    """
    planner = _Planner(sites, graph, areaset, file)
    # a tie may name an institution that a later change makes
    for kind in (AddSite, CloseSite, ExtendNetwork, AddTie):
        for number, change in changes:
            if isinstance(change, kind):
                planner.take(number, change)
    return planner.plan(), planner.faults


@dataclass(slots=True)
class _Planner:
    frame: pd.DataFrame
    graph: nx.MultiDiGraph[str]
    areaset: AreaSet
    file: str
    faults: Faults = field(default_factory=Faults)
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    institutions: dict[str, tuple[str, Sector]] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    places: dict[str, set[str]] = field(default_factory=dict)
    ties: dict[tuple[str, str, str], int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    codes: set[str] = field(init=False)
    boroughs: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names, areas = self.areaset.borough_names(), self.areaset.areas
        self.codes = {LONDON, *names, *self.areaset.icbs.index, *areas.index, *areas["msoa"]}
        self.boroughs = {"london": LONDON, **{slug(name): code for code, name in names.items()}}

    def take(self, number: int, change: Change) -> None:
        match change:
            case AddSite():
                self._add_site(number, change)
            case CloseSite():
                self._close_site(number, change)
            case ExtendNetwork():
                self._extend_network(number, change)
            case AddTie():
                self._add_tie(number, change)

    def plan(self) -> Plan:
        footprints = {network: self._footprint(network, self.places[network]) for network in sorted(self.places)}
        return Plan(
            sites=dict(sorted(self.sites.items())),
            institutions=dict(sorted(self.institutions.items())),
            closed=tuple(sorted(self.closed)),
            footprints={network: codes for network, codes in footprints.items() if codes},
            ties=tuple(sorted(self.ties)),
            notes=tuple(sorted(set(self.notes))),
        )

    def _fault(self, number: int, name: str, value: object, problem: str, expected: str) -> None:
        self.faults.add(f"{self.file}, change {number}, field {name}", problem, expected, value=value)

    def _of_kind(self, *kinds: Kind) -> dict[str, str]:
        wanted = {kind.value for kind in kinds}
        nodes = self.graph.nodes(data=True)
        return {node: str(record.get("name", "")) for node, record in nodes if record.get("kind") in wanted}

    # sites

    def _add_site(self, number: int, change: AddSite) -> None:
        owner = self._owner(number, change)
        position = self._position(number, change)
        if change.site in self.first:
            expected = f"each new site once (first in change {self.first[change.site]})"
            self._fault(number, "name", change.name, "a new site of this name is there already", expected)
            return
        self.first[change.site] = number
        if owner is None or position is None:
            return
        identity, name, sector = owner
        lad, in_london = self._district(*position)
        self.sites[change.site] = {
            "name": change.name,
            "institution": identity,
            "institution_name": name,
            "sector": sector,
            "kind": change.kind.value,
            "postcode": change.postcode or "",
            "lad": lad,
            "status": Status.ACTIVE.value,
            "x_m": position[0],
            "y_m": position[1],
            "capacity": change.capacity,
            "in_london": in_london,
        }

    def _owner(self, number: int, change: AddSite) -> tuple[str, str, str] | None:
        known = self._of_kind(Kind.INSTITUTION)
        by_name = {slug(name): node for node, name in known.items()}
        wanted = change.institution
        node = wanted if wanted in known else by_name.get(slug(wanted))
        if node is None:
            return self._new_institution(number, change, known)
        record = self.graph.nodes[node]
        if change.sector is not None and change.sector.value != record["sector"]:
            expected = f"{record['sector']}, which {record['name']} is of, or no sector"
            self._fault(number, "sector", change.sector.value, "not the institution's sector", expected)
            return None
        if not record.get("is_anchor"):
            expected = "an anchor institution, or the name of a new one"
            self._fault(number, "institution", wanted, "not counted as an anchor institution", expected)
            return None
        return node, str(record["name"]), str(record["sector"])

    def _new_institution(self, number: int, change: AddSite, known: Mapping[str, str]) -> tuple[str, str, str] | None:
        wanted, near = change.institution, _near(change.institution, known)
        if wanted.startswith(f"{Kind.INSTITUTION}:") or not slug(wanted):
            expected = f"the id of an institution, or the name of a new one{near}"
            self._fault(number, "institution", wanted, "no such institution", expected)
            return None
        if change.sector is None:
            expected = f"the sector of the new institution {wanted!r}{near}"
            self._fault(number, "sector", None, "a new institution has no sector", expected)
            return None
        identity = f"{Kind.INSTITUTION}:scenario-{slug(wanted)}"
        name, sector = self.institutions.setdefault(identity, (wanted, change.sector))
        if sector is not change.sector:
            expected = f"{sector.value}, as in an earlier change"
            self._fault(number, "sector", change.sector.value, f"another sector for {name}", expected)
            return None
        if near:
            self.notes.append(f"{wanted} is taken for a new institution{near}.".replace("?.", "?"))
        return identity, name, sector.value

    def _position(self, number: int, change: AddSite) -> tuple[float, float] | None:
        if change.easting_m is None or change.northing_m is None:
            self._fault(
                number, "postcode", change.postcode, "has not been looked up", "easting_m and northing_m as well"
            )
            return None
        x, y = change.easting_m, change.northing_m
        away_m = float(shapely.distance(np.asarray(self.areaset.boroughs.geometry), shapely.Point(x, y)).min())
        if away_m > MAX_CATCHMENT_M:
            expected = (
                f"a point within {MAX_CATCHMENT_M / 1000:.0f} km of London (EPSG:27700); it is {away_m:,.0f} m off"
            )
            self._fault(number, "easting_m", f"{x:.0f}; {y:.0f}", "lies beyond reach of the study area", expected)
            return None
        return x, y

    def _district(self, x: float, y: float) -> tuple[str, bool]:
        boroughs, around = self.areaset.boroughs, self.areaset.surroundings
        away = shapely.distance(np.asarray(boroughs.geometry), shapely.Point(x, y))
        if away.min() == 0 or not len(around):
            return str(boroughs.index[int(away.argmin())]), bool(away.min() == 0)
        return str(around["lad"].iloc[int(np.hypot(around["x_m"] - x, around["y_m"] - y).argmin())]), False

    def _close_site(self, number: int, change: CloseSite) -> None:
        record = self.graph.nodes.get(change.site, {})
        if record.get("kind") != Kind.SITE:
            near = _near(change.site, self._of_kind(Kind.SITE))
            self._fault(number, "site", change.site, "no such site", f"the id of an active site{near}")
        elif record.get("status") != Status.ACTIVE:
            self._fault(number, "site", change.site, f"the site is {record.get('status')}", "an active site")
        elif change.site in self.closed:
            expected = f"each site once (first in change {self.closed[change.site]})"
            self._fault(number, "site", change.site, "closes twice", expected)
        else:
            self.closed[change.site] = number
            if change.site not in self.frame.index:
                self.notes.append(f"{record.get('name')} is no anchor institution's: closing it changes no access.")

    # networks

    def _extend_network(self, number: int, change: ExtendNetwork) -> None:
        known = self._of_kind(Kind.NETWORK, Kind.PROGRAMME)
        if change.network not in known:
            expected = f"the id of a network or a programme{_near(change.network, known)}"
            self._fault(number, "network", change.network, "no such network", expected)
        elif self.graph.nodes[change.network].get("status") != Status.ACTIVE:
            self.notes.append(f"{known[change.network]} is not active, so that it counts as covering nothing.")
        codes = [self._place(number, place) for place in change.places]
        if change.network in known:
            self.places.setdefault(change.network, set()).update(code for code in codes if code)

    def _place(self, number: int, place: str) -> str | None:
        found = place.upper() if place.upper() in self.codes else self.boroughs.get(slug(place))
        if found:
            return found
        near = _near(place, {name: name for name in self.areaset.borough_names().values()})
        expected = (
            f"the name or GSS code of a London borough, or the code of a board, an MSOA or an LSOA in London "
            f"({self.areaset.vintage} codes){near}"
        )
        self._fault(number, "places", place, "no such place", expected)
        return None

    def _footprint(self, network: str, added: set[str]) -> tuple[str, ...]:
        record = self.graph.nodes[network]
        kind = FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
        written = tuple(record.get("footprint", ()))
        boroughs, icbs, areas = self.areaset.boroughs, self.areaset.icbs, self.areaset.areas
        before = covers(kind, written, areas, boroughs, icbs)
        if kind is FootprintKind.RADIUS:
            # a footprint is written one way only, so a circle becomes the LSOAs that it holds
            written = tuple(areas.index[before].sort_values())
        if not covers(FootprintKind.PLACES, sorted(added), areas, boroughs, icbs)[~before].any():
            self.notes.append(f"{record.get('name')} reaches there already: extending it changes nothing.")
            return ()
        return (*written, *sorted(added - set(written)))

    # ties

    def _add_tie(self, number: int, change: AddTie) -> None:
        rule = RELATIONS[change.relation]
        source = self._end(number, "source", change.source, rule.sources, change.relation)
        target = self._end(number, "target", change.target, rule.targets, change.relation)
        if source is None or target is None:
            return
        if source == target:
            self._fault(number, "target", change.target, "a tie to itself", "two different nodes")
            return
        ends = [(source, target), (target, source)] if rule.symmetric else [(source, target)]
        taken = [self.ties[a, change.relation.value, b] for a, b in ends if (a, change.relation.value, b) in self.ties]
        if taken:
            expected = f"each tie once (first in change {taken[0]})"
            self._fault(number, "target", change.target, "repeated tie", expected)
        elif any(self._is_tied(a, b, change.relation.value) for a, b in ends):
            self._fault(number, "target", change.target, "the tie is there already", "a tie that is not in the data")
        else:
            self.ties[source, change.relation.value, target] = number

    def _is_tied(self, source: str, target: str, relation: str) -> bool:
        ties = (self.graph.get_edge_data(source, target) or {}).values()
        return any(tie["relation"] == relation and tie["status"] == Status.ACTIVE for tie in ties)

    def _end(self, number: int, name: str, wanted: str, allowed: Iterable[Kind], relation: str) -> str | None:
        new = {slug(label): node for node, (label, _) in self.institutions.items()}
        node = new.get(slug(wanted), wanted)
        kinds = sorted(allowed)
        if node in self.institutions or node in self.sites:
            found = Kind.INSTITUTION if node in self.institutions else Kind.SITE
        elif node in self.graph:
            found = Kind(self.graph.nodes[node]["kind"])
        else:
            expected = f"the id of a node: {' or '.join(kinds)}{_near(wanted, self._of_kind(*kinds))}"
            self._fault(number, name, wanted, "no such node", expected)
            return None
        if found not in kinds:
            self._fault(number, name, wanted, f"{relation} takes no {found} here", f"{' or '.join(kinds)}")
            return None
        return node


def _near(wanted: str, known: Mapping[str, str]) -> str:
    """Up to three ids whose name or own part comes near, as the end of a sentence; nothing where none does."""
    tail = wanted.partition(":")[2] or wanted
    words = {node: f"{node.partition(':')[2]}" for node in known}
    found: dict[str, float] = {}
    for choices in (words, dict(known)):
        for _, score, node in process.extract(
            tail, choices, scorer=fuzz.ratio, processor=utils.default_process, limit=3, score_cutoff=_NEAR
        ):
            found[node] = max(score, found.get(node, 0.0))
    near = sorted(found, key=lambda node: (-found[node], node))[:3]
    return f"; did you mean {', '.join(near)}?" if near else ""
