"""A map that needs no browser: a gap area with its surroundings as SVG, for a page that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import shapely
from markupsafe import escape
from numpy.typing import NDArray

from atlas.gaps.briefs import GapArea
from atlas.maps.style import BAND, INK, MARKS, PALETTE, PAPER
from atlas.snapshot import Atlas

UNIT_M: Final = 5.0
"""One unit of the drawing."""

LEAST_M: Final = 3_000.0
"""A small area still shows where it lies."""

_AROUND: Final = 0.45
_SHAPE: Final = 0.95
_MARK: Final = 0.011
_LEGIBLE: Final = 0.028
_SCALES_M: Final = (250, 500, 1_000, 2_000, 5_000, 10_000)


def window_of(area: GapArea) -> tuple[float, float, float, float]:
    """West, south, east and north of what is drawn, metres: a little wider than high, the area in its middle."""
    west, south, east, north = area.bounds
    half = max((east - west) * (0.5 + _AROUND), (north - south) * (0.5 + _AROUND) / _SHAPE, LEAST_M / 2)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half * _SHAPE, x + half, y + half * _SHAPE


def brief_svg(atlas: Atlas, area: GapArea) -> str:
    """Draw a gap area: neighbourhoods by need and anchors, boroughs, the area's outline, the sites that count.

    Returns
    -------
    str
        SVG without style sheets, scripts and links; names in it are escaped.
    """
    box = window_of(area)
    frame = shapely.box(*box)
    areas = atlas.inputs.areaset.areas
    near = np.sort(areas.sindex.query(frame, predicate="intersects"))
    shapes = np.asarray(areas.geometry)[near]
    classes = atlas.gaps.areas["bivariate_class"].reindex(areas.index).to_numpy(int)[near]
    colours = np.array(PALETTE, dtype=object)[classes]
    mine = shapely.union_all(np.asarray(areas.geometry.loc[list(area.lsoas)]))
    boroughs = shapely.boundary(np.asarray(atlas.inputs.areaset.boroughs.geometry))
    width, height = (box[2] - box[0]) / UNIT_M, (box[3] - box[1]) / UNIT_M
    line = width / 400
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#eceff3"/>',
        *(
            f'<path d="{_path(shape, box)}" fill="{colour}" stroke="{PAPER}" stroke-width="{line / 2:.2f}"/>'
            for shape, colour in zip(shapely.intersection(shapes, frame), colours, strict=True)
        ),
        *(
            f'<path d="{_path(edge, box)}" fill="none" stroke="{BAND}" stroke-width="{1.6 * line:.2f}"/>'
            for edge in shapely.intersection(boroughs, frame)
            if not edge.is_empty
        ),
        *(
            f'<path d="{_path(mine, box)}" fill="none" stroke="{colour}" stroke-width="{wide * line:.2f}"/>'
            for colour, wide in ((PAPER, 6), (INK, 3.2))
        ),
        *_sites(atlas, box, width),
        *_names(atlas, box, width),
        _scale(width, height),
        "</svg>",
    ]
    return "".join(parts)


def _at(xy: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    return np.asarray(np.column_stack([(xy[:, 0] - box[0]) / UNIT_M, (box[3] - xy[:, 1]) / UNIT_M]))


def _path(shape: Any, box: tuple[float, float, float, float]) -> str:
    paths = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings: Iterable[Any] = (part.exterior, *part.interiors)
        elif part.geom_type in {"LineString", "LinearRing"}:
            rings = (part,)
        else:
            continue
        for ring in rings:
            points = "L".join(f"{x:.0f} {y:.0f}" for x, y in _at(shapely.get_coordinates(ring), box).tolist())
            paths.append(f"M{points}" + ("Z" if part.geom_type == "Polygon" else ""))
    return "".join(paths)


def _sites(atlas: Atlas, box: tuple[float, float, float, float], width: float) -> list[str]:
    sites = atlas.counted_sites
    x, y = sites["x_m"].to_numpy(float), sites["y_m"].to_numpy(float)
    is_in = (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])
    size = width * _MARK / 11
    places = _at(np.column_stack([x[is_in], y[is_in]]), box).tolist()
    return [
        f'<path d="{MARKS[sector]}" transform="translate({east:.0f} {south:.0f}) scale({size:.3f})" fill="{PAPER}" '
        f'stroke="{INK}" stroke-width="2.6"/>'
        for (east, south), sector in zip(places, sites["sector"][is_in], strict=True)
    ]


def _names(atlas: Atlas, box: tuple[float, float, float, float], width: float) -> list[str]:
    """Names of the boroughs, each in the middle of what of it is drawn; small pieces have none."""
    boroughs = atlas.inputs.areaset.boroughs
    pieces = shapely.intersection(np.asarray(boroughs.geometry), shapely.box(*box))
    size = width * _LEGIBLE
    written = []
    for name, piece in zip(boroughs["name"], pieces, strict=True):
        if piece.area < 0.04 * (box[2] - box[0]) * (box[3] - box[1]):
            continue
        middle = shapely.get_coordinates(shapely.get_point(shapely.maximum_inscribed_circle(piece, 25.0), 0))
        (east, south), half = _at(middle, box)[0].tolist(), 0.29 * size * len(name)
        east = min(max(east, half + size / 2), width - half - size / 2)
        text = f'<text x="{east:.0f}" y="{south:.0f}" font-size="{size:.1f}" text-anchor="middle" font-weight="700" font-family="Liberation Sans, Arial, sans-serif"'  # noqa: E501 -- one element
        halo = f'stroke="{PAPER}" stroke-width="{size / 4:.1f}" stroke-linejoin="round" fill="{PAPER}"'
        written += [f"{text} {halo}>{escape(name)}</text>", f'{text} fill="{INK}">{escape(name)}</text>']
    return written


def _scale(width: float, height: float) -> str:
    metres = max((step for step in _SCALES_M if step / UNIT_M < 0.3 * width), default=_SCALES_M[0])
    long, size, edge = metres / UNIT_M, width * _LEGIBLE, width * 0.02
    words = f"{metres / 1000:g} km" if metres >= 1_000 else f"{metres} m"
    y = height - edge
    return (
        f'<rect x="{edge:.0f}" y="{y - 2.2 * size:.0f}" width="{long + size:.0f}" height="{2.2 * size:.0f}" '
        f'fill="{PAPER}" fill-opacity="0.85"/>'
        f'<path d="M{edge + size / 2:.0f} {y - size:.0f}v{size / 2:.0f}h{long:.0f}v-{size / 2:.0f}" fill="none" '
        f'stroke="{INK}" stroke-width="{size / 8:.1f}"/>'
        f'<text x="{edge + size / 2 + long / 2:.0f}" y="{y - size:.0f}" font-size="{0.85 * size:.1f}" '
        f'text-anchor="middle" fill="{INK}" font-family="Liberation Sans, Arial, sans-serif">{words}</text>'
    )
