"""Gap areas as a working group needs them: a name, who lives there, the nearest anchors, and who already reaches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.analysis import Gaps
from atlas.gaps.clusters import Cluster
from atlas.gaps.costs import points_of
from atlas.gaps.need import percentiles_of
from atlas.gaps.reach import Reach, reaches
from atlas.gaps.sentences import gap_sentence
from atlas.geo.areas import AreaSet
from atlas.graph.wording import listed
from atlas.records import slug
from atlas.vocabulary import WEIGHTED_DOMAINS, Domain, Kind, Scale, Sector, Verdict

N_NEAREST: Final = 5
COVERED_SHARE: Final = 0.5
"""A footprint reaches a gap area when more than this share of its people live inside it."""


_AREA: Final = ("msoa_name", "lad", "lad_name", "name", "population", "x_m", "y_m")
_ANCHOR: Final = ("site", "name", "institution", "institution_name", "sector")
_SAME: Final = (
    "lads",
    "lsoas",
    "population",
    "need",
    "need_percentile",
    "access",
    "access_percentile",
    "p_gap",
    "verdict",
    "bounds",
)
"""What a gap area takes from its cluster as it is."""


@dataclass(frozen=True, slots=True)
class NearestAnchor:
    """One institution's site nearest to a gap area.

    Parameters
    ----------
    site, site_name : str
        Node id and name of the site.
    institution, institution_name : str
        Node id and name of who works there.
    sector : Sector
        What the institution does.
    distance_m : float
        Straight-line distance from the area's people to the site: the population-weighted mean over its LSOAs, metres.
    """

    site: str
    site_name: str
    institution: str
    institution_name: str
    sector: Sector
    distance_m: float


@dataclass(frozen=True, slots=True)
class GapArea:
    """Contiguous LSOAs with a gap, named and described; every mean is weighted by people.

    Parameters
    ----------
    id : str
        Slug of its name and borough, unique among the gap areas; the same as long as its name is.
    rank : int
        1 has the most people.
    name : str
        Of the MSOA where at least half of its people live, else of the first two by people; where two gap areas would
        share a name, the smaller one adds the name of its largest LSOA in brackets.
    lad, lad_name : str
        Borough with most of its people.
    lads, lad_names : tuple of str
        Codes and names of all its boroughs, most people first.
    lsoas : tuple of str
        Codes, sorted.
    population : int
        People.
    need, need_percentile : float
        Mean score and percentile; higher is more deprived, 100 the most.
    access, access_percentile : float
        Mean capacity per person and percentile; 100 is best served.
    nearest_anchor_m : float or None
        Mean distance to the nearest anchor site, metres; None where no site is counted.
    p_gap : float
        Mean share of trials in which it is a gap, 0 to 1.
    verdict : Verdict
        How sure.
    nearest_anchors : tuple of NearestAnchor
        The five nearest institutions, each by its nearest site, nearest first.
    networks, programmes : tuple of str
        Node ids of the active ones whose footprint holds more than half of its people, narrowest scale first.
    local : tuple of str
        Those of both that reach less than all of London: the ones that tell this area from others.
    domains, domains_missing : tuple of Domain
        What the networks and programmes act on, those across London included, and what none of them does.
    local_domains_missing : tuple of Domain
        What none of the local ones acts on, whatever those across London do.
    need_by_domain : dict of str to float
        By `NeedDomain` value, where the release has domains: the percentile among the study area's people of the
        area's mean score; 100 is the most deprived.
    sentence : str
        All this in plain words.
    bounds : tuple of float
        West, south, east, north, metres (EPSG:27700).
    centre : tuple of float
        Easting and northing of its people's mean position, metres (EPSG:27700); may lie outside it.
    """

    id: str
    rank: int
    name: str
    lad: str
    lad_name: str
    lads: tuple[str, ...]
    lad_names: tuple[str, ...]
    lsoas: tuple[str, ...]
    population: int
    need: float
    need_percentile: float
    access: float
    access_percentile: float
    nearest_anchor_m: float | None
    p_gap: float
    verdict: Verdict
    nearest_anchors: tuple[NearestAnchor, ...]
    networks: tuple[str, ...]
    programmes: tuple[str, ...]
    local: tuple[str, ...]
    domains: tuple[Domain, ...]
    domains_missing: tuple[Domain, ...]
    local_domains_missing: tuple[Domain, ...]
    need_by_domain: dict[str, float]
    sentence: str
    bounds: tuple[float, float, float, float]
    centre: tuple[float, float]

    @property
    def boroughs(self) -> str:
        """All its boroughs in words, the one with most of its people first."""
        return listed(self.lad_names)


def gap_areas(
    gaps: Gaps,
    areaset: AreaSet,
    graph: nx.MultiDiGraph[str],
    scores: pd.DataFrame | None = None,
    reached: Sequence[Reach] | None = None,
) -> tuple[GapArea, ...]:
    """Describe every cluster of gaps, in order of rank.

    Parameters
    ----------
    gaps : Gaps
        The analysis; its sites have, besides, `name`, `institution`, `institution_name`.
    areaset : AreaSet
        The areas it was made on.
    graph : networkx.MultiDiGraph
        Networks and programmes with `kind`, `status`, `scale`, `domains`, `footprint_kind` and `footprint`.
    scores : pandas.DataFrame, optional
        By LSOA code, columns named by `NeedDomain` values, higher is more deprived; for need by domain.
    reached : sequence of Reach, optional
        What `reaches` gives for this graph and these areas, where it is known already.

    Returns
    -------
    tuple of GapArea
        Most people first.

    Raises
    ------
    QueryError
        If a footprint has a code that cannot be placed.
    """
    everywhere = pd.DataFrame({name: areaset.areas[name] for name in _AREA}).sort_index()
    people = np.asarray(everywhere["population"], dtype=np.float64)
    codes = [code for cluster in gaps.clusters for code in cluster.lsoas]
    ends = np.cumsum([len(cluster.lsoas) for cluster in gaps.clusters])
    places = np.split(everywhere.index.get_indexer(pd.Index(codes, dtype="str")), ends[:-1])[: len(gaps.clusters)]
    # only areas in a cluster matter from here on
    kept = np.unique(np.concatenate([np.empty(0, np.intp), *places]))
    areas = everywhere.iloc[kept]
    shares = [np.bincount(np.searchsorted(kept, at), people[at], kept.size) / people[at].sum() for at in places]
    names = _names(gaps.clusters, areas)
    by_domain = _need_by_domain(shares, kept, everywhere["population"], scores)
    supply = gaps.supply
    xy, supply_xy = points_of(areas, "areas"), points_of(supply, "sites")
    sites = pd.DataFrame(supply).reset_index(names="site")
    anchors = list(zip(*(sites[name].tolist() for name in _ANCHOR), strict=True))
    reached = reaches(graph, areaset) if reached is None else reached
    inside = np.array([one.inside[kept] for one in reached], dtype=np.float64).reshape(len(reached), kept.size)
    found = []
    for k, (cluster, share) in enumerate(zip(gaps.clusters, shares, strict=True)):
        east, north = (share @ xy).tolist()
        parts = {
            "rank": k + 1,
            "nearest_anchors": _nearest(share, xy, supply_xy, anchors),
            "need_by_domain": by_domain[k],
            "sentence": gap_sentence(cluster, gaps.parameters, gaps.unsurveyed_in(cluster.lads)),
            "centre": (east, north),
        }
        covering = [reached[at] for at in np.flatnonzero(inside @ share > COVERED_SHARE).tolist()]
        found.append(_gap_area(cluster, covering, names[k] | parts))
    return tuple(found)


def _gap_area(cluster: Cluster, covering: Sequence[Reach], parts: Mapping[str, Any]) -> GapArea:
    missing = _no_domain_of(covering)
    near = [one for one in covering if one.record["scale"] not in {Scale.LONDON, Scale.NATIONAL}]
    same = {name: getattr(cluster, name) for name in _SAME}
    return GapArea(
        lad=cluster.lads[0],
        nearest_anchor_m=None if np.isnan(cluster.nearest_anchor_m) else cluster.nearest_anchor_m,
        networks=tuple(one.node for one in covering if one.record["kind"] == Kind.NETWORK),
        programmes=tuple(one.node for one in covering if one.record["kind"] == Kind.PROGRAMME),
        local=tuple(one.node for one in near),
        domains=tuple(domain for domain in Domain if domain not in missing),
        domains_missing=missing,
        local_domains_missing=_no_domain_of(near),
        **same,
        **parts,
    )


def _no_domain_of(reached: Sequence[Reach]) -> tuple[Domain, ...]:
    """The domains that none of them acts on."""
    # a member of a list is equal to its own spelling
    acted_on = {domain for one in reached for domain in one.record.get("domains", ())}
    return tuple(domain for domain in Domain if domain not in acted_on)


def _names(clusters: Sequence[Cluster], areas: pd.DataFrame) -> list[dict[str, Any]]:
    """Name, id and boroughs' names of each cluster."""
    columns = _AREA[:5]
    rows = dict(zip(areas.index, zip(*(areas[column].tolist() for column in columns), strict=True), strict=True))
    taken: set[str] = set()
    names: list[dict[str, Any]] = []
    for cluster in clusters:
        inside = [rows[code] for code in cluster.lsoas]
        people: Counter[str] = Counter()
        for msoa_name, *_, population in inside:
            people[msoa_name] += population
        first, *others = sorted(people, key=lambda name: (-people[name], name))
        name = first if 2 * people[first] >= people.total() else f"{first} and {others[0]}"
        by_lad = {row[1]: row[2] for row in inside}
        lad_name = by_lad[cluster.lads[0]]
        identity = slug(f"{name} {lad_name}")
        if identity in taken:
            largest = min(inside, key=lambda row: (-row[4], row[3]))
            name = f"{name} ({largest[3]})"
            identity = slug(name)
        taken.add(identity)
        names.append(
            {
                "id": identity,
                "name": name,
                "lad_name": lad_name,
                "lad_names": tuple(by_lad[lad] for lad in cluster.lads),
            }
        )
    return names


def _need_by_domain(
    shares: Sequence[NDArray[np.float64]],
    kept: NDArray[np.intp],
    population: pd.Series[float],
    scores: pd.DataFrame | None,
) -> list[dict[str, float]]:
    found: list[dict[str, float]] = [{} for _ in shares]
    if scores is None or not shares:
        return found
    people = np.asarray(population, dtype=np.float64)
    scores = scores.reindex(population.index)
    for domain in WEIGHTED_DOMAINS:
        if domain.value not in scores:
            continue
        score = np.asarray(scores[domain.value], dtype=np.float64)
        means = np.array([share @ score[kept] for share in shares])
        for row, percentile in zip(found, percentiles_of(means, score, people).tolist(), strict=True):
            row[domain.value] = percentile
    return found


def _nearest(
    share: NDArray[np.float64],
    xy: NDArray[np.float64],
    supply_xy: NDArray[np.float64],
    anchors: Sequence[tuple[str, str, str, str, str]],
) -> tuple[NearestAnchor, ...]:
    at = np.flatnonzero(share)
    step = xy[at][:, None, :] - supply_xy[None, :, :]
    distance = share[at] @ np.hypot(step[:, :, 0], step[:, :, 1])
    found: dict[str, NearestAnchor] = {}
    # sites stand in order of id, so a stable sort settles ties by id
    for k in np.argsort(distance, kind="stable").tolist():
        site, name, institution, institution_name, sector = anchors[k]
        if len(found) == N_NEAREST:
            break
        if institution not in found:
            found[institution] = NearestAnchor(
                site, name, institution, institution_name, Sector(sector), float(distance[k])
            )
    return tuple(found.values())
