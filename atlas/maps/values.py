"""What the map says of each area: plain arrays in the order of the areas, small enough to send at every choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from atlas.gaps.shares import share_bounds, whole_shares
from atlas.geo.crs import points_to_wgs84
from atlas.geo.footprints import covers
from atlas.graph.bare import without_assets
from atlas.maps.geometry import corners, geometry_id
from atlas.maps.style import VERDICT_DIGITS
from atlas.maps.text import as_json
from atlas.vocabulary import FootprintKind, Kind, NeedDomain, Status, label

if TYPE_CHECKING:
    from atlas.gaps.briefs import GapArea
    from atlas.geo.areas import AreaSet
    from atlas.snapshot import Atlas, Inputs


_DIGITS: Final = {verdict.value: str(digit) for verdict, digit in VERDICT_DIGITS.items()}

_FIXED: WeakKeyDictionary[Inputs, str] = WeakKeyDictionary()

_SHAPES: WeakKeyDictionary[AreaSet, dict[tuple[str, tuple[str, ...]], dict[str, Any]]] = WeakKeyDictionary()

MOST_SHAPES: Final = 1_000
"""Footprints of one set of areas that are kept; what scenarios ask for has no end."""

WITH_FOOTPRINTS: Final = (Kind.NETWORK, Kind.PROGRAMME)


def values(atlas: Atlas) -> dict[str, Any]:
    """Everything that the map needs besides the shapes.

    Parameters
    ----------
    atlas : Atlas
        Inputs, choices and what follows from them.

    Returns
    -------
    dict
        JSON values. `geometry` is the id of the shapes that they belong to. Of each area, in the order of
        `areaset.areas`: `classes` (a digit each: need third + 3 * access third, 8 is most need and fewest anchors),
        `verdicts` (a digit each, `VERDICT_DIGITS`), `need` (percentile, 100 is most deprived), `access` (percentile,
        100 is best served), `population` (people), `nearest_100m` (hundreds of metres; -1 where no site counts),
        `nearest` (position of that site in `sites`, or -1), `p_gap` (`whole_shares`), `rank`, `rank_low`, `rank_high`
        (by gap index, 1 is most of a gap, and between which nine ways of ten put it; those of areas that are a gap in
        no way to two figures, the interval outwards). `p_gap_from` are `share_bounds`, of as many as `ways` ways of
        measuring. `gap_areas`, `sites` (columns), `institutions` and `footprints` are what lies over them; `sectors`
        are those that count.
    """
    return {**_chosen(atlas), **_fixed(atlas.inputs)}


def _chosen(atlas: Atlas) -> dict[str, Any]:
    """What follows from the choices."""
    measures = atlas.gaps.areas
    sites = shown_sites(atlas.inputs)
    positions = pd.Index(sites.index).get_indexer(pd.Index(measures["nearest_site"].astype(object)))
    hundreds = measures["nearest_anchor_m"].div(100).round().fillna(-1).astype(int)
    return {
        "revision": atlas.revision,
        "need_label": need_label(atlas),
        "sectors": [sector.value for sector in atlas.parameters.sectors],
        "classes": "".join(map(str, measures["bivariate_class"].astype(int).tolist())),
        "verdicts": "".join(map(_DIGITS.__getitem__, measures["verdict"].tolist())),
        "need": _whole(measures["need_percentile"]),
        "access": _whole(measures["access_percentile"]),
        "nearest_100m": hundreds.tolist(),
        "nearest": positions.tolist(),
        "ways": atlas.gaps.robustness.draws,
        "p_gap_from": share_bounds(atlas.parameters),
        "p_gap": whole_shares(np.asarray(measures["p_gap"]), atlas.parameters).tolist(),
        **ranks(measures),
        **_gap_areas(atlas),
    }


def _fixed(inputs: Inputs) -> dict[str, Any]:
    """What follows from the inputs alone."""
    return {
        "geometry": geometry_id(inputs.areaset),
        "population": _whole(inputs.areaset.areas["population"]),
        **_sites(shown_sites(inputs)),
        "footprints": footprints(inputs),
    }


def values_json(atlas: Atlas) -> str:
    """`values` as `text.as_json` writes it; what follows from the inputs alone is written once for each."""
    if atlas.inputs not in _FIXED:
        _FIXED[atlas.inputs] = as_json(_fixed(atlas.inputs))
    return f"{as_json(_chosen(atlas))[:-1]},{_FIXED[atlas.inputs][1:]}"


def need_label(atlas: Atlas) -> str:
    """What need is measured by, in words; says so where it is an estimate."""
    domain = atlas.parameters.need_domain
    words = "Need" if domain is NeedDomain.OVERALL else f"Need ({label(domain).lower()})"
    return f"{words}, estimated" if atlas.inputs.deprivation.is_estimate else words


def ranks(measures: pd.DataFrame) -> dict[str, list[int]]:
    """The rank of each area and between which nine ways of ten put it, to no more figures than anybody reads.

    All of them to the last figure would be a third of what is sent.

    Parameters
    ----------
    measures : pandas.DataFrame
        `Gaps.areas`.

    Returns
    -------
    dict
        `rank`, `rank_low`, `rank_high` as they are where the area is a gap in any way; of the others two figures, the
        interval rounded outwards.

    Examples
    --------
    >>> rows = {"p_gap": [0.2, 0.0], "rank": [117, 117], "rank_low": [108, 108], "rank_high": [121, 121]}
    >>> ranks(pd.DataFrame(rows))["rank_low"]
    [108, 100]
    """
    found = {}
    for name, towards in (("rank", np.rint), ("rank_low", np.floor), ("rank_high", np.ceil)):
        exact = np.asarray(measures[name], dtype=float)
        step = 10.0 ** np.maximum(np.floor(np.log10(exact)) - 1, 0)
        rounded = np.minimum(towards(exact / step) * step, max(len(exact), exact.max(initial=0)))
        found[name] = np.where(measures["p_gap"] > 0, exact, rounded).astype(int).tolist()
    return found


def shown_sites(inputs: Inputs) -> pd.DataFrame:
    """Sites that stand today, in and around London, by id."""
    sites = pd.DataFrame(inputs.sites)
    return sites[sites["status"] == Status.ACTIVE].sort_index()


def _whole(numbers: pd.Series[float]) -> list[int]:
    whole: list[int] = np.rint(np.asarray(numbers, dtype=float)).astype(int).tolist()
    return whole


def _gap_areas(atlas: Atlas) -> dict[str, Any]:
    at = {code: position for position, code in enumerate(atlas.gaps.areas.index.tolist())}
    return {"gap_areas": [_gap_area(area, sorted(at[code] for code in area.lsoas)) for area in atlas.gap_areas]}


def _gap_area(area: GapArea, inside: list[int]) -> dict[str, Any]:
    longitude, latitude = points_to_wgs84([area.centre[0]], [area.centre[1]])
    return {
        "id": area.id,
        "rank": area.rank,
        "name": area.name,
        "borough": area.boroughs,
        "population": int(area.population),
        "verdict": VERDICT_DIGITS[area.verdict],
        "bounds": corners(area.bounds),
        "centre": [round(float(latitude[0]), 4), round(float(longitude[0]), 4)],
        "areas": np.diff(inside, prepend=0).tolist(),
    }


def _sites(sites: pd.DataFrame) -> dict[str, Any]:
    owners = sites[["institution", "institution_name"]].drop_duplicates("institution").sort_values("institution")
    longitudes, latitudes = points_to_wgs84(sites["x_m"], sites["y_m"])
    return {
        "sites": {
            "lon": np.round(longitudes, 5).tolist(),
            "lat": np.round(latitudes, 5).tolist(),
            "sector": sites["sector"].astype(str).tolist(),
            "name": sites["name"].tolist(),
            "london": "".join("1" if inside else "0" for inside in sites["in_london"]),
            "institution": pd.Index(owners["institution"]).get_indexer(pd.Index(sites["institution"])).tolist(),
        },
        "institutions": {"id": owners["institution"].tolist(), "name": owners["institution_name"].tolist()},
    }


def footprints(inputs: Inputs) -> list[dict[str, Any]]:
    """Where networks and programmes work, by name; those whose footprint is not known or not in London are left out.

    Returns
    -------
    list of dict
        `id`, `name`, `kind`, and either `circle` (longitude, latitude, radius in metres), `boroughs` (positions, where
        whole boroughs make the footprint) or `areas` (steps from one position to the next).
    """
    areaset = inputs.areaset
    found = []
    for node, fields in without_assets(inputs.graph).nodes(data=True):
        if fields["kind"] not in WITH_FOOTPRINTS or fields.get("status") == Status.ENDED:
            continue
        shape = footprint_shape(fields["footprint_kind"], fields["footprint"], areaset)
        if shape:
            found.append({"id": node, "name": fields["name"], "kind": fields["kind"], **shape})
    return sorted(found, key=lambda one: (one["kind"], one["name"].casefold(), one["id"]))


def footprint_shape(kind: str, parts: tuple[str, ...], areaset: AreaSet) -> dict[str, Any]:
    """A footprint as the map draws it: a circle, whole boroughs, or areas; empty where it covers nothing."""
    # a scenario's inputs have the areas of those that it was asked of, and nearly all their footprints
    held = _SHAPES.setdefault(areaset, {})
    key = kind, parts
    found = held.get(key)
    if found is None:
        found = _footprint_shape(kind, parts, areaset)
        if len(held) < MOST_SHAPES:
            held[key] = found
    return found


def _footprint_shape(kind: str, parts: tuple[str, ...], areaset: AreaSet) -> dict[str, Any]:
    inside = covers(FootprintKind(kind), parts, areaset.areas, areaset.boroughs, areaset.icbs)
    if not inside.any():
        return {}
    if kind == FootprintKind.RADIUS:
        longitude, latitude = points_to_wgs84([float(parts[0])], [float(parts[1])])
        return {"circle": [round(float(longitude[0]), 5), round(float(latitude[0]), 5), float(parts[2])]}
    share = inside.groupby(areaset.areas["lad"]).mean()
    if share.isin([0, 1]).all():
        return {"boroughs": np.flatnonzero(areaset.boroughs.index.isin(share.index[share == 1])).tolist()}
    return {"areas": np.diff(np.flatnonzero(inside), prepend=0).tolist()}
