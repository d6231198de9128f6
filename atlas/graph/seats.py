"""Who is missing: the sectors whose levers a network's domains need, those it has, and who could take the seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd

from atlas.graph.figures import amount, latest_size
from atlas.graph.introductions import Introduction, introductions
from atlas.graph.levers import LEVERS, Lever
from atlas.graph.wording import date_words
from atlas.vocabulary import Domain, Kind, Relation, Sector, Status

N_CANDIDATES: Final = 3

_CARRIED: Final = ["name", "institution", "institution_name", "sector", "x_m", "y_m"]

SEATED: Final = frozenset(
    {Relation.MEMBER_OF, Relation.CONVENES, Relation.HOSTS, Relation.CHAIRS, Relation.DELIVERS, Relation.PARTNERS_WITH}
)
"""Ties by which an institution sits at the table; who only funds it does not."""

_LEADS: Final = frozenset({Relation.CONVENES, Relation.HOSTS, Relation.CHAIRS, Relation.DELIVERS})


@dataclass(frozen=True, slots=True)
class Holder:
    """An institution at the table.

    Parameters
    ----------
    node : str
        Its id.
    sector : Sector
        What it does.
    is_certain : bool
        False where it is only known that it once sat there: the status of its ties is unknown.
    through : str
        Id of the network that convenes, hosts, chairs or delivers this one, where it sits there only by that; else "".
    """

    node: str
    sector: Sector
    is_certain: bool
    through: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution that could take a seat.

    Parameters
    ----------
    node, name : str
        Its id and name.
    site, site_name : str
        Its site nearest to the middle of the footprint.
    distance_m : float or None
        From that middle to the site in a straight line, metres; None where there is no middle.
    introduction : Introduction or None
        The shortest chain of ties that leads there; None where there is none on record.
    """

    node: str
    name: str
    site: str
    site_name: str
    distance_m: float | None
    introduction: Introduction | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A sector whose lever one or more of the domains need.

    Parameters
    ----------
    sector : Sector
        Which.
    levers : tuple of (Domain, Lever)
        What it would bring, to which domain, and where the source says so.
    holders : tuple of Holder
        Who of the sector sits at the table.
    candidates : tuple of Candidate
        Nearest first; only where nobody holds the seat.
    others : int
        How many more institutions of the sector have a site inside.
    is_surveyed : bool
        Whether the sector's institutions have been looked for completely here: where not, none on record is not none.
    """

    sector: Sector
    levers: tuple[tuple[Domain, Lever], ...]
    holders: tuple[Holder, ...]
    candidates: tuple[Candidate, ...] = ()
    others: int = 0
    is_surveyed: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits at a table, and who is missing.

    Parameters
    ----------
    domains : tuple of Domain
        What is worked on, or what nobody works on.
    seats : tuple of Seat
        A seat for each sector that the domains need, those that most of them need first.
    also : tuple of Holder
        Who else sits at the table: of sectors of which the guide names no lever for these domains.
    doubts : tuple of str
        Sentences: why the list of those at the table is known to be incomplete; empty where nothing says so.
    """

    domains: tuple[Domain, ...]
    seats: tuple[Seat, ...]
    also: tuple[Holder, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def has(self) -> tuple[Seat, ...]:
        """Seats that somebody holds."""
        return tuple(seat for seat in self.seats if seat.holders)

    @property
    def lacks(self) -> tuple[Seat, ...]:
        """Seats that nobody is on record as holding."""
        return tuple(seat for seat in self.seats if not seat.holders)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Where candidates are looked for.

    Parameters
    ----------
    sites : pandas.DataFrame
        Indexed by node id: `name`, `institution`, `institution_name`, `sector`, `x_m`, `y_m` (EPSG:27700, metres);
        active sites inside the footprint.
    middle : tuple of float or None
        Easting and northing that distances are taken from, metres; None where there is none.
    surveyed : frozenset of Sector
        Sectors that have been looked for completely here.
    """

    sites: pd.DataFrame
    middle: tuple[float, float] | None = None
    surveyed: frozenset[Sector] = frozenset()


def sectors_for(domains: Collection[Domain]) -> dict[Sector, tuple[tuple[Domain, Lever], ...]]:
    """Return the sectors whose levers some domains need, with the levers; those that most domains need first.

    Examples
    --------
    >>> list(sectors_for([Domain.LOCAL_INNOVATION]))[:2]
    [<Sector.HIGHER_EDUCATION: 'higher_education'>, <Sector.RESEARCH: 'research'>]
    """
    found: defaultdict[Sector, list[tuple[Domain, Lever]]] = defaultdict(list)
    for domain in Domain:
        for lever in LEVERS[domain] if domain in set(domains) else ():
            found[lever.sector].append((domain, lever))
    return {sector: tuple(levers) for sector, levers in sorted(found.items(), key=lambda pair: -len(pair[1]))}


def holders(graph: nx.MultiDiGraph[str], tables: Iterable[str]) -> tuple[Holder, ...]:
    """Return the institutions that sit at any of the tables, by id.

    They are tied to it as members, convenors, hosts, chairs, partners or by delivering it, and neither they nor the
    tie have ended or are only planned. Where a network convenes, hosts, chairs or delivers it, those who sit in that
    network sit here through it; the members of a network that is only a member do not.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Institutions with `sector` and `status`, ties with `relation` and `status`.
    tables : iterable of str
        Ids of networks and programmes.
    """
    wanted = list(tables)
    leading = [
        (other, is_certain)
        for table in wanted
        for other, relation, is_certain in _seated(graph, table)
        if graph.nodes[other].get("kind") == Kind.NETWORK and relation in _LEADS
    ]
    found: dict[str, tuple[bool, str]] = {}
    for table, is_sure, through in (
        *((table, True, "") for table in wanted),
        *((table, is_sure, table) for table, is_sure in sorted(leading)),
    ):
        for other, _, is_certain in _seated(graph, table):
            if graph.nodes[other].get("kind") == Kind.INSTITUTION and (other not in found or not found[other][0]):
                sure = is_certain and is_sure
                if other not in found or sure:
                    found[other] = (sure, through)
    return tuple(
        Holder(node, Sector(graph.nodes[node]["sector"]), is_certain, through)
        for node, (is_certain, through) in sorted(found.items())
    )


def _seated(graph: nx.MultiDiGraph[str], table: str) -> list[tuple[str, Relation, bool]]:
    """Who is tied to a table in a way that gives a seat, by which relation, and whether it is known to be so still."""
    ties = [(other, tie) for other, _, tie in graph.in_edges(table, data=True)]
    ties += [
        (other, tie) for _, other, tie in graph.out_edges(table, data=True) if tie["relation"] == Relation.PARTNERS_WITH
    ]
    found = []
    for other, tie in ties:
        states = {tie.get("status", Status.ACTIVE), graph.nodes[other].get("status", Status.ACTIVE)}
        if tie["relation"] in SEATED and states <= {Status.ACTIVE, Status.UNKNOWN}:
            found.append((other, Relation(tie["relation"]), Status.UNKNOWN not in states))
    return sorted(found, key=lambda row: (row[0], row[1], not row[2]))


def find_seats(
    graph: nx.MultiDiGraph[str],
    domains: Collection[Domain],
    seated: Collection[Holder],
    starts: Collection[str],
    around: Surroundings,
    doubts: Iterable[str] = (),
) -> Seats:
    """Find the sectors that domains need, who of them sits at the table, and who nearby could take what is free.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph.
    domains : collection of Domain
        What the table works on.
    seated : collection of Holder
        Who sits there.
    starts : collection of str
        Nodes from which introductions begin.
    around : Surroundings
        Where candidates are looked for.
    doubts : iterable of str, optional
        Why the list of those seated is known to be incomplete.

    Returns
    -------
    Seats
        For each free seat the three institutions of the sector whose sites are nearest to the middle.
    """
    needed = sectors_for(domains)
    at_table = {holder.node for holder in seated}
    near, counts = _nearest_sites(around, {sector.value for sector in needed}, at_table)
    held = {sector: tuple(holder for holder in seated if holder.sector is sector) for sector in needed}
    chosen = {sector: near.get(sector.value, []) for sector in needed if not held[sector]}
    ends = {row["institution"]: row["site"] for rows in chosen.values() for row in rows}
    led = introductions(graph, starts, ends) if ends else {}
    found = []
    for sector, levers in needed.items():
        candidates = tuple(_candidate(row, led) for row in chosen.get(sector, ()))
        more = counts.get(sector.value, 0) - len(candidates) if candidates else 0
        found.append(Seat(sector, levers, held[sector], candidates, more, sector in around.surveyed))
    also = tuple(holder for holder in seated if holder.sector not in needed)
    return Seats(tuple(domain for domain in Domain if domain in set(domains)), tuple(found), also, tuple(doubts))


def network_seats(graph: nx.MultiDiGraph[str], node: str, around: Surroundings) -> Seats:
    """Find who is missing from a network or programme.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph.
    node : str
        Id of a network or a programme, with `domains`.
    around : Surroundings
        Sites inside its footprint, and the footprint's middle.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:n", kind="network", name="N", status="active", domains=("procurement",))
    >>> graph.add_node("institution:a", kind="institution", name="A", status="active", sector="health")
    >>> _ = graph.add_edge("institution:a", "network:n", relation="member_of", status="active")
    >>> found = network_seats(graph, "network:n", Surroundings(pd.DataFrame()))
    >>> [seat.sector.value for seat in found.has], len(found.lacks)
    (['health'], 6)
    """
    record = graph.nodes[node]
    seated = holders(graph, [node])
    domains = [Domain(domain) for domain in record.get("domains", ())]
    return find_seats(graph, domains, seated, [node], around, membership_doubts(graph, node, seated))


def membership_doubts(graph: nx.MultiDiGraph[str], node: str, seated: Collection[Holder]) -> tuple[str, ...]:
    """Say why the list of those at a table is known to be incomplete or old; nothing where nothing says so."""
    record = graph.nodes[node]
    said = []
    size = latest_size(record)
    known = {
        other
        for other, _, tie in graph.in_edges(node, data=True)
        if tie["relation"] == Relation.MEMBER_OF and tie.get("status") in {Status.ACTIVE, Status.UNKNOWN}
    }
    if size is not None and size["value"] > len(known):
        when = f" ({date_words(size['period_end'])})" if size.get("period_end") else ""
        named = f"{len(known)} members are" if len(known) > 1 else f"{'one' if known else 'no'} member is"
        said.append(f"{amount(size['value'], size['unit'])} are reported{when}, and {named} on record by name.")
    elif not known and not seated:
        said.append("No member is on record by name.")
    unsure = sum(not holder.is_certain for holder in seated)
    if unsure:
        those = f"{unsure} are" if unsure > 1 else "one is"
        whole = f"Of {len(seated)} institutions on record, {those}" if len(seated) > 1 else "The only one on record is"
        said.append(f"{whole} not known to be there still.")
    if record.get("status") == Status.UNKNOWN:
        said.append("Whether it still stands is not known.")
    return tuple(said)


def _nearest_sites(
    around: Surroundings, sectors: set[str], at_table: set[str]
) -> tuple[Mapping[str, list[dict[str, Any]]], Mapping[str, int]]:
    """By sector, the nearest institutions by their nearest site, and how many there are; equal ones by id."""
    if around.sites.empty:
        return {}, {}
    mine = around.sites["sector"].isin(sectors) & ~around.sites["institution"].isin(at_table)
    sites = pd.DataFrame(around.sites.loc[mine, _CARRIED]).rename_axis("site").reset_index()
    if around.middle is None:
        sites["distance_m"] = np.nan
    else:
        sites["distance_m"] = np.hypot(sites["x_m"] - around.middle[0], sites["y_m"] - around.middle[1])
    first = sites.sort_values(["distance_m", "institution", "site"]).drop_duplicates("institution")
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in first.groupby("sector").head(N_CANDIDATES).to_dict("records"):
        rows[row["sector"]].append({str(name): value for name, value in row.items()})
    return rows, {str(sector): int(count) for sector, count in first["sector"].value_counts().items()}


def _candidate(row: Mapping[str, Any], led: Mapping[str, Introduction]) -> Candidate:
    distance_m = None if np.isnan(row["distance_m"]) else float(row["distance_m"])
    return Candidate(
        row["institution"], row["institution_name"], row["site"], row["name"], distance_m, led.get(row["institution"])
    )
