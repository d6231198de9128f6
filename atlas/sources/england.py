"""All of England from the official files: need of every area, its districts, and tiles that a process of its own makes.

Run as a module (``python -m atlas.sources.england WORKSPACE YEAR``) it makes the tiles of a census year.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.errors import AtlasError, DataError, Fault, UnavailableError
from atlas.geo.deprivation import CENSUS_YEARS, Deprivation
from atlas.geo.england import district_shapes
from atlas.sources.areacache import CACHE, written_whole
from atlas.sources.areas import read_shapes
from atlas.sources.catalogue import official_path
from atlas.sources.deprivation import read_file7
from atlas.sources.embedded import read_areas
from atlas.sources.tiles import Archive, read_tiles, write_tiles
from atlas.vocabulary import Release

SHAPES: Final = {2011: "lsoa11_england.parquet", 2021: "lsoa21_england.parquet"}
"""The official file of England's areas for each census year."""

BOARDS: Final = ("icb26.parquet", "icb23.parquet", "icb22.parquet")
"""Official files of integrated care boards, the one to use first; the map does without where none is here."""

ZOOMS: Final = range(5, 11)
"""From all of England on a telephone to streets; nearer in, the last are stretched: the shapes have no more to show."""

_FORM: Final = 2
_TILES: Final = "tiles.pmtiles"
_DISTRICTS: Final = "districts.parquet"
_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class England:
    """All of England under one release.

    Parameters
    ----------
    key : str
        Sixteen hexadecimal digits that change with the boundaries.
    need : Deprivation
        Need of every area, sorted by code; an area's place in it is its id in the tiles.
    districts : geopandas.GeoDataFrame
        By GSS code (index name ``lad``), EPSG:27700: `name`, `x_m`, `y_m`, `icb`, `icb_name` ("" where not known),
        `geometry`.
    archive : Archive
        The areas as vector tiles.
    boards_year : int
        Year that the integrated care boards are of, many of which have ended since; 0 where they are not known.
    """

    key: str
    need: Deprivation
    districts: gpd.GeoDataFrame
    archive: Archive
    boards_year: int = 0


def missing_for(workspace: Path, release: Release) -> tuple[str, ...]:
    """Return the official files that a workspace lacks for a map of England, as `atlas data pull` names them.

    An estimate has none of England at all: it lacks those of the newest release.
    """
    release = Release.IOD2025 if release is Release.ESTIMATE else release
    files = (f"{release}.csv", SHAPES[CENSUS_YEARS[release]])
    return tuple(Path(file).stem for file in files if not official_path(workspace, file).is_file())


def key_of(workspace: Path, need: Deprivation) -> str:
    """Sixteen hexadecimal digits that change with the boundaries of areas, districts and boards."""
    digest = hashlib.sha256(f"{_FORM} {need.vintage} {ZOOMS}".encode())
    digest.update(need.names["lad"].to_csv().encode())
    for file in (SHAPES[need.vintage], *_boards_here(workspace)):
        with official_path(workspace, file).open("rb") as opened:
            digest.update(file.encode() + hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()[:16]


def read_england(workspace: Path, release: Release, make: Callable[[Path, int], None] | None = None) -> England:
    """Read a release for all of England; its tiles are made if the workspace has none of these boundaries.

    Parameters
    ----------
    workspace : Path
        Where the official files were pulled to, and the tiles are kept.
    release : Release
        An official one.
    make : callable, optional
        Makes the tiles of a workspace and a census year; in a process of its own, unless given.

    Raises
    ------
    UnavailableError
        If a file is not here, or the tiles could not be kept; says what to do.
    DataError
        With every fault of the files.
    """
    missing = missing_for(workspace, release)
    if missing:
        names = " ".join(missing)
        raise UnavailableError(f"a map of England needs {', '.join(missing)}, not pulled yet: atlas data pull {names}")
    need = read_file7(official_path(workspace, f"{release}.csv"))
    key = key_of(workspace, need)
    folder = _folder(workspace, key)
    if not folder.is_dir():
        (make or Maker().make)(workspace, need.vintage)
    try:
        districts = gpd.read_parquet(folder / _DISTRICTS)
    except (OSError, ValueError) as error:
        way_out = f"delete {folder} to have it made anew" if folder.is_dir() else "can the workspace be written to?"
        raise UnavailableError(f"the map of England is not in {folder}: {way_out}") from error
    return England(key, need, districts, read_tiles(folder / _TILES), _boards_year(workspace))


def make_england(workspace: Path, vintage: int) -> None:
    """Make the tiles and districts of a census year and keep them in the workspace's cache.

    Raises
    ------
    DataError
        If the boundaries lack areas that have need, or have more.
    """
    release = next(one for one, year in CENSUS_YEARS.items() if year == vintage and one is not Release.ESTIMATE)
    need = read_file7(official_path(workspace, f"{release}.csv"))
    file = SHAPES[vintage]
    areas = read_shapes(official_path(workspace, file), "lsoa").frame
    differ = areas.index.symmetric_difference(need.names.index)
    if not differ.empty:
        fault = Fault(file, f"{len(differ):,} LSOAs are in one file only", f"those of {release}.csv", value=differ[0])
        raise DataError(f"{file} cannot be used for a map of England", [fault])
    boards = _read_boards(workspace)
    districts = district_shapes(areas, need.names["lad"], None if boards is None else boards.geometry)
    districts.insert(0, "name", need.names.groupby("lad")["lad_name"].first().reindex(districts.index))
    # of London's boroughs it is known; Lambeth lies in another board by the published outline
    known = read_areas().boroughs["icb22"]
    names = pd.Series(dtype="str") if boards is None else boards["name"]
    is_named = known.isin(names.index) & known.index.isin(districts.index)
    districts.loc[known.index[is_named], "icb"] = known[is_named]
    districts["icb_name"] = districts["icb"].map(names).fillna("").astype("str")
    districts["geometry"] = shapely.set_precision(np.asarray(districts.geometry), 1.0)
    with written_whole(_folder(workspace, key_of(workspace, need))) as aside:
        write_tiles(areas.geometry, aside / _TILES, ZOOMS)
        districts.to_parquet(aside / _DISTRICTS)


class Maker:
    """Makes tiles in a process of its own: GDAL would keep this one from answering for seconds at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False

    def make(self, workspace: Path, vintage: int) -> None:
        """Make the tiles of a census year, and wait for them.

        Raises
        ------
        UnavailableError
            If that failed, with the last line that was said.
        """
        if self._is_closed:
            raise UnavailableError("Atlas is ending")
        command = [sys.executable, "-m", __name__, str(workspace), str(vintage)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- our own module
        self._process = process
        if self._is_closed:
            process.terminate()
        _, said = process.communicate()
        if process.returncode:
            raise UnavailableError(
                f"the map of England could not be made: {(said.strip() or 'ended').splitlines()[-1]}"
            )

    def close(self) -> None:
        """Give up what is being made; nothing of it is left."""
        self._is_closed = True
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _boards_here(workspace: Path) -> tuple[str, ...]:
    return tuple(file for file in BOARDS if official_path(workspace, file).is_file())[:1]


def _boards_year(workspace: Path) -> int:
    return next((2000 + int(Path(file).stem.removeprefix("icb")) for file in _boards_here(workspace)), 0)


def _read_boards(workspace: Path) -> gpd.GeoDataFrame | None:
    here = _boards_here(workspace)
    return read_shapes(official_path(workspace, here[0]), "icb").frame if here else None


def _folder(workspace: Path, key: str) -> Path:
    return workspace / CACHE / f"england-{key}"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _main(workspace: str, vintage: str) -> None:
    signal.signal(signal.SIGTERM, _stop)
    with contextlib.suppress(AttributeError, OSError):
        # who reads pages comes first
        os.nice(10)
    try:
        make_england(Path(workspace), int(vintage))
    except (AtlasError, OSError) as error:
        sys.stderr.write(f"{error}".replace("\n", " ") + "\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    _main(*sys.argv[1:])
