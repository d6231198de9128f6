"""From files to atlas: the whole flow on one screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from atlas.errors import DataError, Faults, QueryError
from atlas.gaps.analysis import find_gaps
from atlas.gaps.briefs import gap_areas
from atlas.gaps.need import need_of
from atlas.geo.areas import AreaSet
from atlas.geo.locate import check_positions, check_sites, site_frame
from atlas.graph.build import build
from atlas.parameters import Parameters
from atlas.records import Site
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs
from atlas.sources import embedded, releases
from atlas.sources.partnerships import PartnershipFiles, read_partnerships
from atlas.sources.postcodes import read_postcodes
from atlas.vocabulary import Release

Progress: TypeAlias = Callable[[str], None]


def load(
    settings: Settings,
    release: Release | None = None,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Atlas:
    """Read, check, measure: everything from files to the atlas.

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
    """
    return analyse(load_inputs(settings, release, progress), parameters or Parameters())


def load_inputs(settings: Settings, release: Release | None = None, progress: Progress | None = None) -> Inputs:
    """Read everything that a release needs.

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
    say("graph")
    surveys = [(survey.borough, survey.sector.value, survey.status.value) for survey in files.partnerships.surveys]
    return Inputs(
        release=release,
        areaset=need.areaset,
        deprivation=need.deprivation,
        sites=site_frame(files.partnerships, postcodes, need.areaset.boroughs.index),
        graph=build(files.partnerships, _place_names(need.areaset)),
        surveys=pd.DataFrame(surveys, columns=["borough", "sector", "status"]),
        provenance=(*need.provenance, releases.partnership_provenance(files)),
        warnings=(*need.warnings, *faults.warnings),
    )


def analyse(inputs: Inputs, parameters: Parameters) -> Atlas:
    """Measure access, need and gaps: everything that follows from inputs and choices, without reading a file.

    Raises
    ------
    QueryError
        If the release has no such domain of need.
    """
    need = need_of(inputs.deprivation, parameters.need_domain, inputs.areaset.areas.index)
    gaps = find_gaps(inputs.areaset, need, inputs.sites, parameters, inputs.surveys)
    areas = gap_areas(gaps, inputs.areaset, inputs.sites, inputs.graph, inputs.deprivation.scores)
    return Atlas(inputs, parameters, gaps, areas)


def check(settings: Settings) -> tuple[Faults, dict[str, int]]:
    """Check every file that an atlas would be built from, all together, postcodes included.

    Returns
    -------
    faults : Faults
        Everything wrong or doubtful.
    counts : dict
        Rows by table.
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
    return faults, {table: len(rows) for table, rows in files.rows.items()}


def _read_need(settings: Settings, release: Release) -> releases.Need:
    try:
        return releases.read_release(settings.workspace, release)
    except DataError as error:
        if release is Release.ESTIMATE:  # it is carried, not pulled
            raise
        ways_out = f"pull it anew (`atlas data pull {release}`), or do without it (`--release {Release.ESTIMATE}`)"
        raise type(error)(f"{error.what}; {ways_out}", error.faults) from None


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
