"""Atlas: the frozen whole that every page, map, export and answer is read from."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import networkx as nx
import pandas as pd

from atlas import __version__
from atlas.errors import Fault, NotFoundError
from atlas.gaps.analysis import Gaps
from atlas.gaps.assurance import Assurance
from atlas.gaps.briefs import GapArea
from atlas.gaps.costs import TravelTimes
from atlas.gaps.need import domain_scores
from atlas.gaps.reach import Reach, reaches
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import Deprivation
from atlas.geo.estate.model import Estate
from atlas.geo.estate.opportunities import areas_at
from atlas.graph.elsewhere import elsewhere
from atlas.graph.places import PlaceIndex
from atlas.graph.query import Extent, extent
from atlas.parameters import FIRST_LOOK, Parameters
from atlas.records import slug
from atlas.vocabulary import Release, Sector, Verdict


@dataclass(frozen=True, slots=True)
class Provenance:
    """One file that the atlas rests on.

    Parameters
    ----------
    name, title, publisher, licence, attribution : str
        What it is, whose, and on what terms.
    vintage : str
        What time it speaks of, in words.
    sha256 : str
        Hash of the bytes that were read.
    """

    name: str
    title: str
    publisher: str
    licence: str
    attribution: str
    vintage: str
    sha256: str


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that is read from files, before anything is chosen.

    Parameters
    ----------
    release : Release
        Where need comes from.
    areaset : AreaSet
        Areas of the release's census year.
    deprivation : Deprivation
        Need, indexed by LSOA; higher scores are more deprived.
    sites : geopandas.GeoDataFrame
        Anchor sites indexed by node id, EPSG:27700: `name`, `institution`, `institution_name`, `sector`, `kind`,
        `postcode`, `lad`, `status`, `x_m`, `y_m`, `capacity`, `in_london`.
    graph : networkx.MultiDiGraph
        Institutions, sites, networks, programmes, places and assets with their ties; frozen.
    surveys : pandas.DataFrame
        `borough`, `sector`, `status`: how completely anchors were looked for.
    travel_times : TravelTimes, optional
        Minutes from areas and surroundings to sites.
    provenance : tuple of Provenance
        The files behind it all.
    warnings : tuple of Fault
        What is doubtful in them.
    estate : Estate
        What one viewer may see of all partners' land and property.
    """

    release: Release
    areaset: AreaSet
    deprivation: Deprivation
    sites: gpd.GeoDataFrame
    graph: nx.MultiDiGraph[str]
    surveys: pd.DataFrame
    travel_times: TravelTimes | None = None
    provenance: tuple[Provenance, ...] = ()
    warnings: tuple[Fault, ...] = ()
    estate: Estate = field(default_factory=Estate.empty)

    @cached_property
    def domain_scores(self) -> pd.DataFrame | None:
        """Scores of every weighted domain for each area; None where the release has no domains."""
        return domain_scores(self.deprivation, self.areaset.areas.index)

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """The areas that each active network and programme reaches."""
        return reaches(self.graph, self.areaset)

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """Active networks and programmes that are known to be of other places than the study area."""
        reaching = [reach.node for reach in self.reaches if reach.inside.any()]
        return elsewhere(self.graph, self.areaset.boroughs.index, reaching)

    @cached_property
    def place_index(self) -> PlaceIndex:
        """Who serves each place, ready to be asked."""
        return PlaceIndex.of(self.graph)

    @cached_property
    def asset_areas(self) -> pd.Series[str]:
        """Code of the small area that each asset stands in, by asset id; empty outside them and where it is nowhere."""
        return areas_at(self.estate, self.areaset.areas)

    def extent(self, node: str) -> Extent | None:
        """Whom the footprint of a network or programme takes in; None where it has none, or has ended."""
        reach = next((found for found in self.reaches if found.node == node), None)
        if reach is None:
            return None
        areas = self.areaset.areas.sort_index()
        return extent(reach.record, reach.inside, areas["population"].to_numpy(), [*map(str, areas["lad"])])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all that was read and of the code's version, as 64 hexadecimal digits."""
        if not self.estate.revision:
            return self.measured
        return hashlib.sha256(f"{self.measured}:{self.estate.fingerprint}".encode()).hexdigest()

    @cached_property
    def measured(self) -> str:
        """Hash of the files that the measures follow from, which land does not change, and of the code's version."""
        names = sorted(f"{source.name}:{source.sha256}" for source in self.provenance)
        text = json.dumps([__version__, self.release, names])
        return hashlib.sha256(text.encode()).hexdigest()


def revision_of(inputs: Inputs, parameters: Parameters) -> str:
    """Twelve hexadecimal digits that change with the inputs, the parameters or the code's version."""
    return _short(inputs.fingerprint, parameters)


def measured_revision_of(inputs: Inputs, parameters: Parameters) -> str:
    """The same for the measures alone: twelve hexadecimal digits that land does not change."""
    return _short(inputs.measured, parameters)


def _short(hashed: str, parameters: Parameters) -> str:
    return hashlib.sha256((hashed + parameters.model_dump_json()).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer in numbers.

    Parameters
    ----------
    areas, people : int
        Gap areas (robust or fragile) and the people who live in them.
    robust, fragile, unknown : int
        Gap areas by verdict; unknown ones are not among `areas`.
    unknown_people : int
        People in areas that would be gaps, had the anchors there been surveyed.
    sites : int
        Anchor sites in London that were counted.
    out_of_reach : float
        Share of London's people, 0 to 1, who have no counted site within the catchment.
    """

    areas: int
    people: int
    robust: int
    fragile: int
    unknown: int
    unknown_people: int
    sites: int
    out_of_reach: float


@dataclass(frozen=True, eq=False)
class Atlas:
    """The frozen whole: inputs, choices, and all that follows from them.

    Parameters
    ----------
    inputs : Inputs
        What was read.
    parameters : Parameters
        What was chosen.
    gaps : Gaps
        The measures of every area.
    gap_areas : tuple of GapArea
        Contiguous gaps, ranked by population.
    assurance : Assurance, optional
        Tests and checks that take longer; None until they are made.
    """

    inputs: Inputs
    parameters: Parameters
    gaps: Gaps
    gap_areas: tuple[GapArea, ...]
    assurance: Assurance | None = None

    @cached_property
    def revision(self) -> str:
        """Twelve hexadecimal digits that change with the inputs, the parameters or the code's version."""
        return revision_of(self.inputs, self.parameters)

    @property
    def is_first_look(self) -> bool:
        """Whether its verdicts rest on so few draws that the rest should follow."""
        return self.parameters.draws <= FIRST_LOOK

    @property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The partnership graph, frozen."""
        return self.inputs.graph

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """Every anchor site, in and around London."""
        return self.inputs.sites

    @property
    def counted_sites(self) -> gpd.GeoDataFrame:
        """The anchor sites that count as supply: active, and of the chosen sectors."""
        return gpd.GeoDataFrame(self.gaps.supply)

    @cached_property
    def summary(self) -> Summary:
        """The answer in numbers."""
        people = self.inputs.areaset.areas["population"]
        known = [area for area in self.gap_areas if area.verdict is not Verdict.UNKNOWN]
        unknown = [area for area in self.gap_areas if area.verdict is Verdict.UNKNOWN]
        return Summary(
            areas=len(known),
            people=sum(area.population for area in known),
            robust=sum(area.verdict is Verdict.ROBUST for area in known),
            fragile=sum(area.verdict is Verdict.FRAGILE for area in known),
            unknown=len(unknown),
            unknown_people=sum(area.population for area in unknown),
            sites=int(self.counted_sites["in_london"].sum()),
            out_of_reach=float(people[~self.gaps.areas["is_reached"]].sum() / people.sum()),
        )

    def people_of(self, areas: Iterable[GapArea], borough: str | None = None) -> int:
        """How many people live in gap areas; of one borough alone, if one is named by its GSS code."""
        return self._people([code for area in areas for code in area.lsoas], borough)

    def people_left_out(self, borough: str | None = None) -> int:
        """How many live where the rule of gaps holds under these parameters, but in less than half of the draws."""
        found = self.gaps.areas
        return self._people(found.index[found["is_gap_here"] & (found["verdict"] == Verdict.NOT_A_GAP)], borough)

    def _people(self, lsoas: Iterable[str], borough: str | None) -> int:
        places = self.inputs.areaset.areas.loc[list(lsoas)]
        return int(places.loc[places["lad"] == borough if borough else slice(None), "population"].sum())

    def gap_area(self, wanted: str) -> GapArea:
        """Return the gap area of this id, or of this name in any case.

        Raises
        ------
        NotFoundError
            If no gap area has it under these parameters.
        """
        for area in self.gap_areas:
            if wanted == area.id or slug(wanted) in {area.id, slug(area.name)}:
                return area
        near = difflib.get_close_matches(slug(wanted), [area.id for area in self.gap_areas], n=3, cutoff=0.4)
        raise NotFoundError("gap area", wanted, near)

    def borough(self, wanted: str) -> str:
        """Return the GSS code of a borough given by its code, its name or its name as an address has it.

        Raises
        ------
        NotFoundError
            With the names that come nearest.
        """
        names = self.inputs.areaset.borough_names()
        by_name = {slug(name): code for code, name in names.items()}
        code = wanted.upper() if wanted.upper() in names else by_name.get(slug(wanted))
        if code is None:
            near = difflib.get_close_matches(slug(wanted), by_name, n=3)
            raise NotFoundError("borough", wanted, (names[by_name[name]] for name in near))
        return code

    def gap_areas_in(self, borough: str | None = None) -> tuple[GapArea, ...]:
        """Return the gap areas of which any part lies in a borough (GSS code); all of them without one."""
        return tuple(area for area in self.gap_areas if borough is None or borough in area.lads)

    def unsurveyed(self) -> dict[Sector, tuple[str, ...]]:
        """Return, for each chosen sector, the boroughs whose anchors have not been surveyed completely."""
        missing = {
            sector: tuple(code for code, sectors in self.gaps.unsurveyed.items() if sector in sectors)
            for sector in self.parameters.sectors
        }
        return {sector: codes for sector, codes in missing.items() if codes}
