"""Vector tiles in one PMTiles archive: written by GDAL zoom by zoom, and read tile by tile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
from pmtiles.reader import MemorySource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from atlas.errors import DataError, Fault, UnavailableError
from atlas.geo.crs import WGS84
from atlas.geo.england import STEPS, WEB_MERCATOR, for_zoom

LAYER: Final = "areas"
"""Name of the layer in every tile; each of its features has the one attribute `ID`."""

ID: Final = "id"
BUFFER_STEPS: Final = 32
"""What a tile shows of its neighbours, so that no line is seen where they meet."""

UNBOUNDED: Final = {"MAX_SIZE": 100_000_000, "MAX_FEATURES": 10_000_000}
"""The driver leaves out features of tiles that are larger: none may be."""


def write_tiles(areas: gpd.GeoSeries, path: Path, zooms: Iterable[int]) -> None:
    """Write areas as an archive of vector tiles.

    Parameters
    ----------
    areas : geopandas.GeoSeries, shape (n,)
        Polygons that cover the land once, in any coordinate system. Their places in it are the ids in the tiles.
    path : Path
        The archive, Mapbox vector tiles in PMTiles version 3, each compressed with gzip.
    zooms : iterable of int
        For which it has tiles: all between the least and the greatest.
    """
    shapes = np.asarray(areas.to_crs(WEB_MERCATOR))
    west, south, east, north = (round(1e7 * float(edge)) for edge in areas.to_crs(WGS84).total_bounds)
    wanted = sorted(zooms)
    tiles: dict[int, bytes] = {}
    for zoom in wanted:
        tiles |= _of_zoom(shapes, zoom)
    with path.open("wb") as file:
        writer = Writer(file)
        for tile_id in sorted(tiles):
            writer.write_tile(tile_id, tiles[tile_id])
        header: dict[str, Any] = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": wanted[0],
            "center_lon_e7": (west + east) // 2,
            "center_lat_e7": (south + north) // 2,
        }
        fields = {"id": LAYER, "fields": {ID: "Number"}, "minzoom": wanted[0], "maxzoom": wanted[-1]}
        writer.finalize(header, {"vector_layers": [fields]})


def _of_zoom(shapes: np.ndarray[Any, Any], zoom: int) -> dict[int, bytes]:
    """Tiles of one zoom by their place in the archive."""
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    frame = gpd.GeoDataFrame(
        {ID: np.arange(len(shapes), dtype="int32")}, geometry=for_zoom(shapes, zoom), crs=WEB_MERCATOR
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zoom.pmtiles"
        pyogrio.write_dataframe(
            frame,
            path,
            driver="PMTiles",
            layer=LAYER,
            NAME=LAYER,
            MINZOOM=zoom,
            MAXZOOM=zoom,
            EXTENT=STEPS,
            BUFFER=BUFFER_STEPS,
            SIMPLIFICATION=0,
            **UNBOUNDED,
        )
        source = MemorySource(path.read_bytes())
    return {zxy_to_tileid(*place): data for place, data in all_tiles(source)}


@dataclass(frozen=True, slots=True)
class Archive:
    """The tiles of one archive, held in memory: a few megabytes, and no file is open while readers wait.

    Parameters
    ----------
    least_zoom, greatest_zoom : int
        Zooms that it has.
    tiles : mapping of (int, int, int) to bytes
        By zoom, column and row; each compressed with gzip, as it is kept.
    """

    least_zoom: int
    greatest_zoom: int
    tiles: Mapping[tuple[int, int, int], bytes]

    def has(self, zoom: int, column: int, row: int) -> bool:
        """Whether there can be such a tile: of one of the archive's zooms, and on the earth."""
        return self.least_zoom <= zoom <= self.greatest_zoom and 0 <= column < 2**zoom and 0 <= row < 2**zoom


def read_tiles(path: Path) -> Archive:
    """Read an archive made by `write_tiles`.

    Raises
    ------
    UnavailableError
        If there is no such file.
    DataError
        If it is no such archive, or cut short.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnavailableError(f"there is no file {path}") from error
    try:
        source = MemorySource(data)
        header = Reader(source).header()
        tiles = dict(all_tiles(source))
    except Exception:  # noqa: BLE001 -- the library names what it finds in no one way
        tiles = {}
    if not tiles or header["tile_data_offset"] + header["tile_data_length"] > len(data):
        fault = Fault(path.name, "no whole archive of tiles", "a PMTiles archive, version 3")
        raise DataError(f"{path.name} cannot be used", [fault])
    return Archive(header["min_zoom"], header["max_zoom"], tiles)
