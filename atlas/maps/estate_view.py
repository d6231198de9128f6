"""What a window of the map shows of chosen assets: clusters when far, marks and outlines when near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geo.crs import points_to_bng, points_to_wgs84
from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import index_of
from atlas.geo.estate.totals import said
from atlas.graph.estate import names_of
from atlas.maps.estate_style import ColouredBy, colouring
from atlas.maps.values import values
from atlas.vocabulary.estate import AssetStatus, PlacedBy, Tenure, Use

if TYPE_CHECKING:
    from atlas.snapshot import Atlas

Positions = NDArray[np.intp]
Numbers = NDArray[np.float64]

MOST: Final = 1_500
"""Marks of single assets that a window holds; of more it holds clusters."""

NEAR_ZOOM: Final = 14.5
"""From here on every asset is shown by itself, if they are not too many."""

CELL_PX: Final = 56.0
"""Side of the squares that assets far away are counted in, pixels."""

OUTLINE_PX: Final = 7.0
"""An outline that is smaller than this is not drawn, pixels."""

MOST_VERTICES: Final = 6_000
"""Vertices of outlines that a window holds, the largest outlines first."""

LONGEST_NAME: Final = 70
DEGREES: Final = 6
_EARTH_PX_M: Final = 156_543.034
"""Metres of a pixel at zoom 0 on the equator."""


@dataclass(frozen=True, slots=True)
class Window:
    """What of the earth the map shows.

    Parameters
    ----------
    west, south, east, north : float
        Degrees.
    zoom : float
        Of the map: one more is twice as near.

    Examples
    --------
    >>> round(Window(-0.1, 51.5, 0.0, 51.6, 10.0).pixel_m)
    95
    """

    west: float
    south: float
    east: float
    north: float
    zoom: float

    @property
    def pixel_m(self) -> float:
        """Side of a pixel, metres."""
        middle = np.radians((self.south + self.north) / 2)
        return float(_EARTH_PX_M * np.cos(middle) / 2**self.zoom)

    def box_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres (EPSG:27700) of a box that holds all of it."""
        x_m, y_m = points_to_bng(
            [self.west, self.west, self.east, self.east], [self.south, self.north, self.south, self.north]
        )
        return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())


@dataclass(frozen=True, eq=False)
class Places:
    """Chosen assets, each place once.

    Parameters
    ----------
    first : numpy.ndarray of int, shape (k,)
        Position of the interest that stands for each place: one with an outline, where there is one, and one that is
        placed by its postcode alone only where all are.
    interests : numpy.ndarray of int, shape (k,)
        How many interests in it were chosen.
    """

    first: Positions
    interests: Positions


def places(estate: Estate, positions: Positions) -> Places:
    """Bring interests in one place together; those that are nowhere are left out.

    Parameters
    ----------
    estate : Estate
        Assets.
    positions : numpy.ndarray of int, shape (n,)
        From `atlas.geo.estate.select.select`.
    """
    positions = positions[np.isfinite(estate.xy[positions, 0])]
    group = estate.group
    if len(group) and group.max() + 1 == len(group):
        return Places(positions, np.ones(len(positions), dtype=np.intp))
    is_approximate = index_of(estate).codes["placed_by"].among((PlacedBy.POSTCODE,))[positions]
    ordered = positions[np.lexsort((is_approximate, ~estate.has_outline[positions]))]
    _, at, counts = np.unique(group[ordered], return_index=True, return_counts=True)
    order = np.argsort(ordered[at])
    return Places(ordered[at][order], counts[order])


_BOXES: WeakKeyDictionary[Estate, Numbers] = WeakKeyDictionary()


def boxes(estate: Estate) -> Numbers:
    """West, south, east and north of each asset, metres, shape (n, 4): of its outline, else of its point."""
    if estate not in _BOXES:
        found = np.column_stack([estate.xy, estate.xy])
        if estate.has_outline.any():
            found[estate.has_outline] = shapely.bounds(estate.outlines.to_numpy())
        _BOXES[estate] = found
    return _BOXES[estate]


def ground(atlas: Atlas) -> dict[str, Any]:
    """What lies under the assets: JSON values of gap areas and anchor sites, as `atlas.maps.values.values` has them."""
    everything = values(atlas)
    return {name: everything[name] for name in ("geometry", "gap_areas", "sites", "institutions")}


def view(estate: Estate, chosen: Places, window: Window, by: ColouredBy) -> dict[str, Any]:
    """What a window shows.

    Parameters
    ----------
    estate : Estate
        Assets.
    chosen : Places
        Those to show.
    window : Window
        Where.
    by : ColouredBy
        What they are told apart by.

    Returns
    -------
    dict
        JSON values: `places` in the window; `clusters` as columns (`at`: longitude and latitude in turn; `box`: west,
        south, east, north in turn; `count`; `kind`: position of the largest group; `share`: its per cent) and
        `assets` as columns (`id` without its first part, `name`, `at`, `kind`, `interests`, `approximate`: positions
        of those placed by postcode, and `partner`, `use`, `tenure`, `status` as positions in `words`). `outlines` are
        closed rings, each its asset's position and steps of a millionth of a degree.
    """
    west, south, east, north = window.box_m()
    box = boxes(estate)[chosen.first]
    is_in = (box[:, 2] >= west) & (box[:, 0] <= east) & (box[:, 3] >= south) & (box[:, 1] <= north)
    here = Places(chosen.first[is_in], chosen.interests[is_in])
    if window.zoom >= NEAR_ZOOM and len(here.first) <= MOST:
        single, clusters = np.ones(len(here.first), dtype=bool), _no_clusters()
    else:
        single, clusters = _clusters(estate, here.first, window, by)
    alone = Places(here.first[single], here.interests[single])
    return {
        "places": len(here.first),
        "clusters": clusters,
        **_assets(estate, alone, by),
        "outlines": _outlines(estate, alone.first, window),
    }


def _no_clusters() -> dict[str, list[Any]]:
    return {"at": [], "box": [], "count": [], "kind": [], "share": []}


def _clusters(
    estate: Estate, here: Positions, window: Window, by: ColouredBy
) -> tuple[NDArray[np.bool_], dict[str, list[Any]]]:
    """Which assets stand alone in their square, and the squares with several."""
    cell = np.floor(estate.xy[here] / (window.pixel_m * CELL_PX)).astype(np.int64)
    number = (cell[:, 0] << 32) + cell[:, 1]
    _, which, counts = np.unique(number, return_inverse=True, return_counts=True)
    several = np.flatnonzero(counts > 1)
    if not len(several):
        return np.ones(len(here), dtype=bool), _no_clusters()
    x, y = estate.xy[here, 0], estate.xy[here, 1]
    middle = [np.bincount(which, weights=of)[several] / counts[several] for of in (x, y)]
    kinds = colouring(estate, by)
    table = np.zeros((len(counts), len(kinds.groups)), dtype=np.int64)
    np.add.at(table, (which, kinds.of[here]), 1)
    largest = table.argmax(axis=1)[several]
    clusters = {
        "at": _degrees(*middle),
        "box": _boxes_of(x, y, which, len(counts), several),
        "count": counts[several].tolist(),
        "kind": largest.tolist(),
        "share": np.rint(100 * table[several, largest] / counts[several]).astype(int).tolist(),
    }
    return counts[which] == 1, clusters


def _boxes_of(x: Numbers, y: Numbers, which: Positions, cells: int, several: Positions) -> list[float]:
    corners = []
    for of, take, start in (
        (x, np.minimum, np.inf),
        (y, np.minimum, np.inf),
        (x, np.maximum, -np.inf),
        (y, np.maximum, -np.inf),
    ):
        found = np.full(cells, start)
        take.at(found, which, of)
        corners.append(found[several])
    low, high = points_to_wgs84(*corners[:2]), points_to_wgs84(*corners[2:])
    listed: list[float] = np.column_stack([*low, *high]).round(5).ravel().tolist()
    return listed


def _degrees(x_m: Numbers, y_m: Numbers) -> list[float]:
    listed: list[float] = np.column_stack(points_to_wgs84(x_m, y_m)).round(5).ravel().tolist()
    return listed


def _assets(estate: Estate, here: Places, by: ColouredBy) -> dict[str, Any]:
    rows = estate.assets.iloc[here.first]
    words: dict[str, list[str]] = {}
    columns: dict[str, Any] = {
        "id": [asset.removeprefix("asset:") for asset in rows.index],
        "name": [name[:LONGEST_NAME] for name in names_of(rows)],
        "at": _degrees(rows["x_m"].to_numpy(float), rows["y_m"].to_numpy(float)),
        "kind": colouring(estate, by).of[here.first].tolist(),
        "interests": here.interests.tolist() if (here.interests > 1).any() else [],
        "approximate": np.flatnonzero(rows["placed_by"] == PlacedBy.POSTCODE).tolist(),
    }
    names = estate.partner_names
    for name, members in (("partner", None), ("use", Use), ("tenure", Tenure), ("status", AssetStatus)):
        codes = index_of(estate).codes[name]
        used, at = np.unique(codes.of[here.first], return_inverse=True)
        keys = [codes.names[code] for code in used]
        words[name] = [names.get(key, key) if members is None else said(members(key)) for key in keys]
        columns[name] = at.tolist()
    return {"assets": columns, "words": words}


def _outlines(estate: Estate, here: Positions, window: Window) -> list[list[int]]:
    box = boxes(estate)[here]
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    asked = np.flatnonzero(estate.has_outline[here] & (size >= OUTLINE_PX * window.pixel_m))
    asked = asked[np.argsort(-size[asked], kind="stable")]
    shapes = shapely.from_wkb(estate.assets["wkb"].to_numpy(object)[here[asked]])
    simple = shapely.simplify(shapes, window.pixel_m * 0.6, preserve_topology=True)
    asked = asked[np.cumsum(shapely.get_num_coordinates(simple)) <= MOST_VERTICES]
    if not len(asked):
        return []
    parts, of = shapely.get_parts(simple[: len(asked)], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint(np.column_stack(points_to_wgs84(xy[:, 0], xy[:, 1])) * 10**DEGREES).astype(np.int64)
    found = []
    for at, own in enumerate(np.split(steps, np.flatnonzero(np.diff(ring)) + 1)):
        own[1:] = np.diff(own, axis=0)
        found.append([int(asked[of[part[at]]]), *own.ravel().tolist()])
    return found
