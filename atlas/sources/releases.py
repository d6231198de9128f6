"""Releases of need: which are here, and each with its areas and where they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atlas.errors import Fault, Faults
from atlas.gaps.costs import TravelTimes
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import CENSUS_YEARS, Deprivation
from atlas.geo.vintage import require_vintage
from atlas.snapshot import Provenance
from atlas.sources import embedded
from atlas.sources.areas import NEEDED, WELCOME, missing_files, read_official_areas
from atlas.sources.catalogue import Catalogue, official_path, read_catalogue
from atlas.sources.deprivation import read_file7
from atlas.sources.partnerships import PartnershipFiles
from atlas.vocabulary import Release

ONS: Final = (
    "Office for National Statistics",
    "Open Government Licence v3.0",
    (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
        "Contains OS data © Crown copyright and database right 2026."
    ),
)
CARRIED: Final = {
    "areas": ("boundaries/lsoa11_london.parquet", "LSOA boundaries and population of London", "Census 2011", ONS),
    "surroundings": ("boundaries/lsoa11_surroundings.csv", "Population around London", "Census 2011", ONS),
    "icbs": ("boundaries/icbs.parquet", "Boroughs and integrated care boards", "2022 and since 1 April 2026", ONS),
    "estimate": (
        "deprivation/estimate.csv",
        "Estimate of need, from the Output Area Classification",
        "2011 classification, 2019 index, January 2026 postcodes",
        (
            "Atlas, from the Office for National Statistics and MHCLG",
            "Open Government Licence v3.0",
            ONS[2] + " Contains Royal Mail data © Royal Mail copyright and database right 2026.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """A release with the areas it speaks of.

    Parameters
    ----------
    deprivation : Deprivation
        Need by LSOA; a higher score is more deprived.
    areaset : AreaSet
        The areas, with the release's own population.
    provenance : tuple of Provenance
        The files behind both.
    warnings : tuple of Fault
        What is doubtful in them.
    """

    deprivation: Deprivation
    areaset: AreaSet
    provenance: tuple[Provenance, ...]
    warnings: tuple[Fault, ...]


def catalogue() -> Catalogue:
    """Read the catalogue that Atlas carries."""
    return read_catalogue(embedded.data_folder() / "catalogue.toml")


def available(workspace: Path) -> tuple[Release, ...]:
    """Return the releases whose files are here, the newest official one first and the estimate last."""
    official = (Release.IOD2025, Release.IOD2019)
    return (*(r for r in official if not missing_files(workspace, CENSUS_YEARS[r])), Release.ESTIMATE)


def read_release(workspace: Path, release: Release) -> Need:
    """Read a release and its areas, and see that both speak of the same census year.

    Raises
    ------
    DataError
        With every fault of the files.
    VintageError
        If scores and areas are of different census years.
    UnavailableError
        If a file is not there; says how to pull it.
    """
    if release is Release.ESTIMATE:
        areaset, deprivation = embedded.read_areas(), Deprivation.from_estimate(embedded.read_estimate())
        return Need(deprivation, areaset, _carried(CARRIED), ())
    faults = Faults()
    vintage = CENSUS_YEARS[release]
    areaset = read_official_areas(workspace, vintage, faults)
    deprivation = read_file7(official_path(workspace, f"{release}.csv"), faults)
    faults.raise_errors(f"release {release} cannot be used")
    require_vintage(deprivation, areaset)
    carried = _carried(("icbs",) if vintage == 2021 else ("areas", "surroundings", "icbs"))
    return Need(deprivation, areaset, (*_official(workspace, vintage), *carried), faults.warnings)


def partnership_provenance(files: PartnershipFiles) -> Provenance:
    """Describe the partnership tables."""
    return Provenance(
        name="partnerships",
        title="Institutions, sites, networks, programmes and their ties",
        publisher="Atlas, from the sources that each row names",
        licence="Open Government Licence v3.0",
        attribution="Compiled by Atlas; each row names its source.",
        vintage=f"checked {files.last_checked or 'never'}",
        sha256=files.sha256,
    )


def travel_time_provenance(times: TravelTimes) -> Provenance:
    """Where a table of travel times comes from: only its giver knows more."""
    return Provenance(
        name="travel_times",
        title=f"Travel times ({times.file})",
        publisher="whoever runs this atlas",
        licence="not stated",
        attribution="",
        vintage="not stated",
        sha256=times.sha256,
    )


def _carried(names: Iterable[str]) -> tuple[Provenance, ...]:
    folder = embedded.data_folder()
    return tuple(
        Provenance(name, title, *whose, vintage, _sha256(folder / file))
        for name, (file, title, vintage, whose) in CARRIED.items()
        if name in set(names)
    )


def _official(workspace: Path, vintage: int) -> tuple[Provenance, ...]:
    entries = {entry.filename: entry for entry in catalogue()}
    paths = [official_path(workspace, file) for file in (*NEEDED[vintage], *WELCOME[vintage])]
    return tuple(
        Provenance(
            entry.name, entry.title, entry.publisher, entry.licence, entry.attribution, entry.vintage, _sha256(path)
        )
        for path in paths
        if path.is_file() and (entry := entries.get(path.name)) is not None
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
