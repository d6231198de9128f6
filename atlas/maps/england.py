"""The map of England: areas as vector tiles through Folium's `VectorGridProtobuf`, values and names apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.plugins import VectorGridProtobuf
from folium.template import Template

from atlas.geo.crs import BNG, WGS84, points_to_wgs84
from atlas.geo.deprivation import DECILES, Deprivation
from atlas.maps import text
from atlas.maps.geometry import corners, geometries, written
from atlas.maps.page import STYLES, AtlasMap, Urls
from atlas.vocabulary import NeedDomain

SCRIPTS: Final = (
    "js/atlas-topology.js",
    "js/atlas-shapes.js",
    "vendor/leaflet/leaflet.js",
    "js/atlas-canvas.js",
    "js/england-tiles.js",
    "js/atlas-hash.js",
    "js/england-address.js",
    "js/england-choices.js",
    "js/england-controls.js",
    "js/england-map.js",
)
"""Scripts of this map, in the order in which they must run."""

DECILE_COLOURS: Final = (
    "#2d0a4e", "#4a1f78", "#6a3a97", "#8757ab", "#a377bd",
    "#bc96cc", "#d1b3d9", "#e2cce4", "#efe2ee", "#f8f3f6",
)  # fmt: skip
"""Colour of each decile, the most deprived tenth first: darker is more need, to every kind of eye."""

FORM: Final = 3
"""Raised whenever `districts_json` changes for the same districts, so that no file of an earlier form is taken."""

STEPS: Final = 20_000
"""Steps of the grid of districts across the longer side: some 33 m."""

TOLERANCE_M: Final = 120.0
"""What their lines may lose: square root of the area of the triangle that a vertex adds."""

_NAME: Final = r"^(?P<place>.*?) ?(?P<number>\d{3})(?P<letter>[A-Z])$"


@dataclass(frozen=True, slots=True)
class EnglandUrls:
    """Where the map of England finds things.

    Parameters
    ----------
    tiles : str
        Address of the tiles, with ``{z}``, ``{x}`` and ``{y}`` in it.
    districts, names, measure : str
        Addresses of the districts, of the names of areas, and of one measure's values.
    asset : callable
        Address of a static file, given its path.
    scripts, styles : tuple of str
        Paths of static files, in order.
    raster, attribution : str
        Address of picture tiles to lie under the areas, and whose they are; empty where there are none.
    """

    tiles: str
    districts: str
    names: str
    measure: str
    asset: Callable[[str], str] = "/static/{}".format
    scripts: tuple[str, ...] = SCRIPTS
    styles: tuple[str, ...] = STYLES
    raster: str = ""
    attribution: str = ""


class AreaTiles(VectorGridProtobuf):
    """Folium's layer of vector tiles; what it calls is our own, and nothing is loaded from another origin.

    Parameters
    ----------
    address : str
        Of the tiles, with ``{z}``, ``{x}`` and ``{y}``.
    zooms : range
        Zooms that there are tiles for; others are stretched.
    """

    def __init__(self, address: str, zooms: range) -> None:
        options = {
            "layer": "areas",
            "palette": list(DECILE_COLOURS),
            "minNativeZoom": zooms[0],
            "maxNativeZoom": zooms[-1],
            "maxZoom": 14,
        }
        super().__init__(address, options=text.as_json(options))
        # Folium's own list is its class's, and names another host
        self.default_js = []

    def get_name(self) -> str:
        """The same name in every run, where the library draws one by lot."""
        return f"{self._parent.get_name()}_areas" if self._parent else "areas"


class EnglandMap(AtlasMap):
    """A map of all of England: need by small area, with the lines and names of districts over it.

    Parameters
    ----------
    districts : geopandas.GeoDataFrame
        By GSS code, EPSG:27700: `geometry`.
    zooms : range
        Zooms that there are tiles for.
    count : int
        How many areas there are.
    urls : EnglandUrls
        Where the page finds things.
    boards_year : int, optional
        Year that the integrated care boards are of; 0 where they are not known.

    Examples
    --------
    Any of Folium's own elements can be added: ``folium.Marker([52.5, -1.9]).add_to(map_)``.
    """

    words = "Map of need in England"

    _template = Template(
        """
        {%- macro header(this, kwargs) -%}{{ this.links() }}{%- endmacro -%}
        {%- macro html(this, kwargs) -%}{{ this.frame() }}{%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        const {{ this.get_name() }} = atlas.englandMap("{{ this.get_name() }}", {{ this.json }});
        {%- endmacro -%}
        """
    )

    def __init__(
        self, districts: gpd.GeoDataFrame, zooms: range, count: int, urls: EnglandUrls, boards_year: int = 0
    ) -> None:
        self._fixed_name = "england_map"
        # past AtlasMap, which adds the layers of London
        folium.Map.__init__(self, location=None, tiles=None)
        self.default_js, self.default_css = [], []
        self.urls = Urls(urls.districts, urls.measure, urls.asset, {}, urls.scripts, urls.styles)
        self.settings = {
            "districts": urls.districts,
            "names": urls.names,
            "values": urls.measure,
            "bounds": corners(districts.total_bounds),
            "count": count,
            "boardsYear": boards_year,
            "raster": {"url": urls.raster, "attribution": urls.attribution} if urls.raster else None,
        }
        self.legend, self.keys = _legend(), ""
        self.add_child(AreaTiles(urls.tiles, zooms))


def _legend() -> str:
    cells = "".join(
        f'<rect x="{20 * place}" width="20" height="16" fill="{colour}"><title>{_tenth(place + 1)}</title></rect>'
        for place, colour in enumerate(DECILE_COLOURS)
    )
    words = "Tenths of England&rsquo;s areas: darkest, left, is most deprived (decile 1)"
    return (
        '<details class="atlas-legend" open>\n<summary>Need</summary>\n'
        f'<svg class="atlas-tenths" viewBox="0 0 200 34" role="img" aria-label="{words}">{cells}'
        '<text x="0" y="30">1, most deprived</text><text x="200" y="30" text-anchor="end">10, least</text></svg>\n'
        "<p>Tenths of England&rsquo;s areas</p>\n</details>"
    )


def _tenth(decile: int) -> str:
    ends = {1: ", the most deprived tenth", DECILES: ", the least deprived tenth"}
    return f"Decile {decile}{ends.get(decile, '')}"


def districts_json(key: str, need: Deprivation, districts: gpd.GeoDataFrame) -> bytes:
    """The districts as TopoJSON that `atlas-topology.js` reads, with where to write their names.

    Parameters
    ----------
    key : str
        Names the boundaries.
    need : Deprivation
        Gives the people of each district: the name of a large one is written first.
    districts : geopandas.GeoDataFrame
        By GSS code, EPSG:27700, sorted: `name`, `icb`, `icb_name`, `x_m`, `y_m`, `geometry`.

    Returns
    -------
    bytes
        UTF-8 JSON, the same for the same districts. The member `atlas` holds `id`; `people`, `label` (longitude and
        latitude) and `box` of each district; `icbs`, names of integrated care boards.
    """
    from topojson.core.topology import Topology  # noqa: PLC0415 -- slow, and needed only where no cache has the answer

    plain = shapely.coverage_simplify(np.asarray(districts.geometry), TOLERANCE_M)
    shapes = gpd.GeoSeries(plain, crs=BNG).to_crs(WGS84)
    found = Topology(gpd.GeoDataFrame(geometry=shapes), prequantize=STEPS, shared_coords=True, object_name="areas")
    topology = found.to_dict()
    codes = [int(str(code)[1:]) for code in districts.index]
    boards, names = pd.factorize(districts["icb_name"], sort=True)
    longitudes, latitudes = points_to_wgs84(districts["x_m"], districts["y_m"])
    people = need.populations["total"].groupby(need.names["lad"]).sum().reindex(districts.index)
    about = {
        "id": key,
        "vintage": need.vintage,
        "icbs": list(names),
        "people": people.astype(int).tolist(),
        "label": np.column_stack([longitudes, latitudes]).round(3).tolist(),
        "stems": {"name": districts["name"].tolist(), "place": [""] * len(codes), "borough": boards.tolist()},
        "areas": {
            "code": np.diff(codes, prepend=0).tolist(),
            "stem": list(range(len(codes))),
            "letter": [""] * len(codes),
        },
    }
    return _bytes(written(topology, geometries(topology), {}, about))


def names_json(key: str, need: Deprivation) -> bytes:
    """Codes and names of all areas, in the order of their ids.

    Returns
    -------
    bytes
        UTF-8 JSON: `key`; `codes` as steps from one to the next; `places` and `place` (what a name begins with),
        `numbers` and `letters` (how it ends); `lads` (GSS codes) and `lad`, the position of each area's district.
    """
    parts = need.names["name"].str.extract(_NAME)
    whole = parts["number"].isna()
    place, places = pd.factorize(parts["place"].where(~whole, need.names["name"]))
    lad, lads = pd.factorize(need.names["lad"], sort=True)
    numbers = need.names.index.str[1:].astype(int).to_numpy()
    return _bytes(
        {
            "key": key,
            "codes": np.diff(numbers, prepend=0).tolist(),
            "places": list(places),
            "place": place.tolist(),
            "numbers": parts["number"].fillna("0").astype(int).tolist(),
            "letters": "".join(parts["letter"].fillna("-")),
            "lads": list(lads),
            "lad": lad.tolist(),
        }
    )


def values_json(key: str, need: Deprivation, domain: NeedDomain) -> bytes:
    """One measure of need for all areas, in the order of their ids.

    Returns
    -------
    bytes
        UTF-8 JSON: `key`, `release`, `domain`, and `ranks`; rank 1 is the most deprived of all. Deciles and percentiles
        follow from them.
    """
    ranks = need.ranks[domain.value].astype(int).tolist()
    return _bytes({"key": key, "release": need.release, "domain": domain, "ranks": ranks})


def _bytes(payload: dict[str, Any]) -> bytes:
    return text.as_json(payload).encode()
