"""From files to atlas: the whole flow on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import networkx as nx
import pandas as pd

from atlas.comparison import ReleaseComparison, compare_atlases
from atlas.errors import DataError, Faults, QueryError
from atlas.exports.files import filed
from atlas.gaps.analysis import find_gaps
from atlas.gaps.assurance import Assurance, assure
from atlas.gaps.briefs import gap_areas
from atlas.gaps.costs import TravelTimes
from atlas.gaps.need import need_for
from atlas.gaps.robustness.monte_carlo import Robustness, robustness
from atlas.gaps.study import Study, make_study
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import CENSUS_YEARS
from atlas.geo.estate.model import Estate, Viewer
from atlas.geo.locate import check_positions, check_sites, site_frame
from atlas.graph.bare import without_assets
from atlas.graph.build import build
from atlas.graph.estate import with_assets
from atlas.graph.layout import layout_id, positions
from atlas.parameters import Parameters
from atlas.records import Site
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs, measured_revision_of
from atlas.sources import embedded, kept, releases
from atlas.sources.areacache import CACHE
from atlas.sources.lookups import read_changes_of
from atlas.sources.partnerships import PartnershipFiles, read_partnerships
from atlas.sources.postcodes import read_postcodes
from atlas.sources.traveltimes import read_travel_times
from atlas.vocabulary import NeedDomain, Release

Progress: TypeAlias = Callable[[str], None]
Counted: TypeAlias = Callable[[int, int], None]


def load(
    settings: Settings,
    release: Release | None = None,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
    counted: Counted | None = None,
    viewer: Viewer | None = None,
    estate: Estate | None = None,
) -> Atlas:
    """Read, check, measure: everything from files to the atlas.

    What takes long is kept in the workspace by its revision.

    Parameters
    ----------
    settings : Settings
        Where the files are.
    release : Release, optional
        Where need comes from; the newest official one that is here, else the estimate.
    parameters : Parameters, optional
        How a gap is measured.
    progress : callable, optional
        Told each step's name.
    counted : callable, optional
        Told how many ways of measuring have been tried, of how many.
    viewer : Viewer, optional
        Who will look: land that they may not see is not in the atlas. Everybody, if not given.
    estate : Estate, optional
        Land that has been read already.
    """
    parameters = parameters or Parameters()
    in_minutes = parameters.catchment_min is not None
    inputs = load_inputs(settings, release, progress, in_minutes=in_minutes, viewer=viewer, estate=estate)
    return measure(inputs, parameters, settings.workspace, counted)


def load_inputs(
    settings: Settings,
    release: Release | None = None,
    progress: Progress | None = None,
    *,
    in_minutes: bool = False,
    viewer: Viewer | None = None,
    estate: Estate | None = None,
) -> Inputs:
    """Read everything that a release needs; a table of travel times of other areas is refused `in_minutes` only.

    Land is what `viewer` may see (what everybody may, if not given), or the `estate` that has been read already.

    Raises
    ------
    DataError
        With every fault of the files.
    QueryError
        If the release has not been pulled; says how to.
    """
    say = progress or (lambda _: None)
    release = _choose(settings, release)
    say("areas and need")
    need = _read_need(settings, release)
    say("partnerships")
    files = read_partnerships(_partnership_folder(settings), _known_codes(need.areaset))
    postcodes = read_postcodes(site.postcode for site in files.partnerships.sites if site.easting_m is None)
    faults = Faults(list(files.faults))
    faults.extend(check_positions(_sites(files), postcodes, need.areaset.boroughs))
    faults.raise_errors("the partnership data cannot be used")
    sites = site_frame(files.partnerships, postcodes, need.areaset.boroughs.index)
    times = _read_travel_times(settings, need.areaset, sites.index, faults, in_minutes=in_minutes)
    say("graph")
    surveys = [(survey.borough, survey.sector.value, survey.status.value) for survey in files.partnerships.surveys]
    inputs = Inputs(
        release=release,
        areaset=need.areaset,
        deprivation=need.deprivation,
        sites=sites,
        graph=build(files.partnerships, _place_names(need.areaset)),
        surveys=pd.DataFrame(surveys, columns=["borough", "sector", "status"]),
        travel_times=times,
        provenance=(
            *need.provenance,
            releases.partnership_provenance(files),
            *([releases.travel_time_provenance(times)] if times else []),
        ),
        warnings=(*need.warnings, *faults.warnings),
    )
    say("land")
    return with_estate(inputs, _read_estate(settings, viewer or Viewer.public()) if estate is None else estate)


def with_estate(inputs: Inputs, estate: Estate) -> Inputs:
    """The same inputs with other land: in the estate, and hung on its owners in the graph."""
    if not estate.revision and not inputs.estate.revision:
        return inputs
    return replace(inputs, estate=estate, graph=with_assets(inputs.graph, estate.assets, estate.registers))


def _read_estate(settings: Settings, viewer: Viewer) -> Estate:
    if settings.database_url is None and not settings.database_file.is_file():
        return Estate.empty()
    from atlas.estate import load_estate  # noqa: PLC0415 -- most commands have no land, and need no database

    return load_estate(settings, viewer)


def study_of(inputs: Inputs, parameters: Parameters) -> Study:
    """Put inputs and choices into the arrays that every measure starts from.

    Raises
    ------
    QueryError
        If the release has no such domain of need, or minutes were chosen and no travel times are here.
    """
    codes = inputs.areaset.areas.index
    need = need_for(inputs.deprivation, parameters, codes)
    domains = inputs.domain_scores if parameters.need_domain is NeedDomain.OVERALL else None
    return make_study(inputs.areaset, need, inputs.sites, parameters, domains, inputs.travel_times)


def analyse(
    inputs: Inputs, parameters: Parameters, tried: Robustness | None = None, counted: Counted | None = None
) -> Atlas:
    """Measure access, need and gaps: everything that follows from inputs and choices, without reading a file.

    Parameters
    ----------
    inputs : Inputs
        What was read.
    parameters : Parameters
        What was chosen.
    tried : Robustness, optional
        The other ways of measuring, where they have been tried before under the same revision.
    counted : callable, optional
        Told how many ways have been tried, of how many.

    Raises
    ------
    QueryError
        If the release has no such domain of need, or minutes were chosen and no travel times are here.
    """
    study = study_of(inputs, parameters)
    tried = tried or robustness(study, draws=parameters.draws, seed=parameters.seed, progress=counted)
    gaps = find_gaps(study, tried, inputs.surveys, inputs.areaset.areas.index)
    areas = gap_areas(gaps, inputs.areaset, inputs.graph, inputs.deprivation.scores, inputs.reaches)
    return Atlas(inputs, parameters, gaps, areas)


def measure(inputs: Inputs, parameters: Parameters, workspace: Path, counted: Counted | None = None) -> Atlas:
    """`analyse`, with the ways of measuring that were tried kept in the workspace."""
    revision = measured_revision_of(inputs, parameters)
    found = kept.read(workspace, "robustness", revision)
    atlas = analyse(inputs, parameters, Robustness.of_tables(*found) if found else None, counted)
    if found is None:
        kept.write(workspace, "robustness", revision, *atlas.gaps.robustness.tables())
    return atlas


def laid_out(graph: nx.MultiDiGraph[str], workspace: Path) -> pd.DataFrame:
    """`positions` of the graph's actors, kept in the workspace; a graph that has changed starts from the one before.

    What lays out a thousand is large, and slow to load. Deleting what is kept lays everything out anew.
    """
    return kept.table(workspace, "layout", layout_id(graph), lambda: positions(graph, kept.latest(workspace, "layout")))


def shapes_of(areaset: AreaSet, workspace: Path) -> bytes:
    """The topology of areas, as `atlas.maps.geometry.topology` gives it; kept in the workspace."""
    from atlas.maps.geometry import geometry_id, topology  # noqa: PLC0415 -- most commands draw nothing

    return filed(workspace / CACHE / f"shapes-{geometry_id(areaset)}.json", lambda: topology(areaset))


def graph_sizes(inputs: Inputs, workspace: Path) -> dict[str, int]:
    """Bytes of the graph, without land, in each format, by the format's name; kept in the workspace.

    To tell them every file is made once, which takes seconds.
    """
    from atlas.exports.graph.formats import FORMATS  # noqa: PLC0415 -- most commands write no graph

    def measured() -> pd.DataFrame:
        graph = without_assets(inputs.graph)
        sizes = {one.name: sum(map(len, one.pieces(graph, inputs))) for one in FORMATS}
        return pd.DataFrame({"bytes": sizes})

    sizes = kept.table(workspace, "sizes", inputs.measured[:12], measured)["bytes"]
    return {str(name): int(size) for name, size in sizes.items()}


def prepare(settings: Settings, release: Release) -> None:
    """Make and keep all that follows from the default choices of a release; nothing that is kept is made again."""
    atlas = load(settings, release)
    assured(atlas, settings.workspace)
    laid_out(atlas.inputs.graph, settings.workspace)
    graph_sizes(atlas.inputs, settings.workspace)
    shapes_of(atlas.inputs.areaset, settings.workspace)


def finish(inputs: Inputs, parameters: Parameters, counted: Counted, *, workspace: Path) -> Iterator[Atlas]:
    """Make ever more complete atlases of the same choices: with all draws, then with the tests and checks."""
    atlas = measure(inputs, parameters, workspace, counted)
    yield atlas
    yield assured(atlas, workspace, counted)


def assured(atlas: Atlas, workspace: Path, counted: Counted | None = None) -> Atlas:
    """The same atlas with the tests and checks that take longer, kept in the workspace."""
    revision = measured_revision_of(atlas.inputs, atlas.parameters)
    found = kept.read(workspace, "assurance", revision)
    if found:
        return replace(atlas, assurance=Assurance.of_tables(*found))
    study = study_of(atlas.inputs, atlas.parameters)
    assurance = assure(study, atlas.gaps, counted)
    kept.write(workspace, "assurance", revision, *assurance.tables())
    return replace(atlas, assurance=assurance)


def compare_releases(
    settings: Settings,
    before: Release = Release.IOD2019,
    after: Release = Release.IOD2025,
    parameters: Parameters | None = None,
    counted: Counted | None = None,
) -> ReleaseComparison:
    """Measure two releases by the same choices, and put them side by side.

    Raises
    ------
    UnavailableError
        If the lookup between the areas of two censuses is not here; says how to pull it.
    QueryError
        If a release is not here.
    """
    if parameters and parameters.catchment_min and CENSUS_YEARS[before] != CENSUS_YEARS[after]:
        raise QueryError(
            f"{before} and {after} speak of areas of two censuses, and a table of travel times of one: "
            "compare them by a catchment in metres"
        )
    earlier, later = (load(settings, release, parameters, counted=counted) for release in (before, after))
    return compare_atlases(earlier, later, changes_between(earlier.inputs, later.inputs, settings.workspace))


def changes_between(before: Inputs, after: Inputs, workspace: Path) -> pd.DataFrame:
    """What became of each area from one census to the next; no rows where both speak of the same areas."""
    if before.areaset.vintage == after.areaset.vintage:
        return pd.DataFrame(columns=["lsoa11", "lsoa21", "change"])
    return read_changes_of(workspace)


def check(settings: Settings) -> tuple[Faults, PartnershipFiles]:
    """Check every file that an atlas would be built from, all together, postcodes included.

    Returns
    -------
    faults : Faults
        Everything wrong or doubtful.
    files : PartnershipFiles
        The partnership tables as read.
    """
    faults = Faults()
    for release in releases.available(settings.workspace):
        try:
            faults.extend(releases.read_release(settings.workspace, release).warnings)
        except DataError as error:
            faults.extend(error.faults)
    areaset = embedded.read_areas()
    files = read_partnerships(_partnership_folder(settings), _known_codes(areaset))
    faults.extend(files.faults)
    sites = _sites(files)
    faults.extend(check_sites(sites, read_postcodes(site.postcode for _, site in sites), _place_names(areaset)))
    return faults, files


def _read_need(settings: Settings, release: Release) -> releases.Need:
    try:
        return releases.read_release(settings.workspace, release)
    except DataError as error:
        if release is Release.ESTIMATE:  # it is carried, not pulled
            raise
        ways_out = f"pull it anew (`atlas data pull {release}`), or do without it (`--release {Release.ESTIMATE}`)"
        raise type(error)(f"{error.what}; {ways_out}", error.faults) from None


def _read_travel_times(
    settings: Settings, areaset: AreaSet, sites: pd.Index[str], faults: Faults, *, in_minutes: bool
) -> TravelTimes | None:
    if settings.travel_times is None:
        return None
    origins = areaset.areas.index.append(areaset.surroundings.index)
    try:
        return read_travel_times(settings.travel_times, origins, sites, faults)
    except DataError as error:
        # one table is of one census's areas: another release than the one that is asked for does without it
        if in_minutes or any(fault.column != "origin" for fault in error.faults):
            raise
        file, problem = settings.travel_times.name, "codes of other areas than this release's"
        faults.add(file, problem, f"codes of {areaset.vintage}, for minutes to be chosen with it", severity="warning")
        return None


def _sites(files: PartnershipFiles) -> list[tuple[int, Site]]:
    return [(row, record) for row, record in files.rows["sites"] if isinstance(record, Site)]


def _choose(settings: Settings, release: Release | None) -> Release:
    here = releases.available(settings.workspace)
    if release is None:
        return here[0]
    if release not in here:
        raise QueryError(
            f"release {release} is not here (here now: {', '.join(here)}); "
            f"fetch it with `atlas data pull`, or from a folder with `atlas data pull --from DIR`"
        )
    return release


def _partnership_folder(settings: Settings) -> Path:
    return settings.partnerships or embedded.data_folder() / "partnerships"


def _place_names(areaset: AreaSet) -> dict[str, str]:
    return {**embedded.read_districts(), **areaset.borough_names()}


def _known_codes(areaset: AreaSet) -> set[str]:
    return {*_place_names(areaset), *areaset.icbs.index}
