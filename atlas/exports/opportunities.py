"""What could be done together as JSON, CSV, GeoJSON, and rows for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any, Final

import numpy as np

from atlas.exports.text import csv_text, json_text, plain
from atlas.geo.crs import points_to_wgs84
from atlas.graph.introductions import Introduction
from atlas.opportunities.answer import CoLocation, Held, Help, Opportunities, Spare
from atlas.opportunities.words import (
    TITLES,
    basis,
    first,
    others,
    reasons,
    sentence,
    to_act,
    to_partner,
    together,
    what,
)

Row = CoLocation | Spare | Help

CSV_COLUMNS: Final = (
    "kind",
    "rank",
    "asset",
    "name",
    "what",
    "partner",
    "partner_name",
    "postcode",
    "lad",
    "lad_name",
    "x_m",
    "y_m",
    "other_assets",
    "other_names",
    "other_partners",
    "other_partner_names",
    "distances_m",
    "reasons",
    "people_in_need",
    "gap_area",
    "gap_distance_m",
    "chosen",
    "adds",
    "rule",
    "to_partner",
    "to_act",
    "release",
    "revision",
)
_ROUNDED: Final = 6
_DEGREES: Final = 6


def rows_of(found: Opportunities) -> Iterator[tuple[str, Row]]:
    """Every row with its kind: co_location, spare or help."""
    yield from (("co_location", row) for row in found.co_locations)
    yield from (("spare", row) for row in found.spare)
    yield from (("help", row) for row in found.helps)


def opportunities_document(found: Opportunities) -> dict[str, Any]:
    """All of it as JSON values, with what a reader needs to ask again; every number beside the assets it is of."""
    siting = found.siting
    return {
        "release": found.release.value,
        "revision": found.revision,
        "parameters": found.parameters.model_dump(mode="json"),
        "question": asdict(found.question),
        "place": found.place,
        "sentence": sentence(found),
        "together": together(found),
        "basis": basis(found),
        **{name: getattr(found, name) for name in ("registers", "partners", "assets", "placed", "robust_areas")},
        "co_locations": {"pairs": found.pairs, "rows": [row_document(row, found) for row in found.co_locations]},
        "spare": {
            "places": found.near,
            "siting": None
            if siting is None
            else {field.name: plain(getattr(siting, field.name), _ROUNDED) for field in fields(siting)},
            "rows": [row_document(row, found) for row in found.spare],
        },
        "helps": {"pairs": found.neighbours, "rows": [row_document(row, found) for row in found.helps]},
    }


def row_document(row: Row, found: Opportunities) -> dict[str, Any]:
    """One row as JSON values; the first of `assets` is the one that it begins from."""
    near = others(row)
    document: dict[str, Any] = {
        "rank": row.rank,
        "people_in_need": plain(row.people_in_need, _ROUNDED),
        "reasons": list(reasons(row)),
        "assets": [held_document(first(row)), *(held_document(held) | {"distance_m": apart} for held, apart in near)],
        "to_partner": chain_document(row.ways.to_partner, to_partner(row), found),
        "to_act": chain_document(row.ways.to_act, to_act(row, found), found),
    }
    if isinstance(row, Spare):
        names = ("gap_area", "gap_area_name", "distance_m", "chosen", "adds")
        document |= {name: plain(getattr(row, name), _ROUNDED) for name in names}
    if isinstance(row, Help):
        document["rule"] = row.rule
    return document


def held_document(held: Held) -> dict[str, Any]:
    """A piece of land as JSON values; `x_m` and `y_m` are eastings and northings (EPSG:27700)."""
    return {field.name: plain(getattr(held, field.name), 1) for field in fields(held)}


def chain_document(chain: Introduction | None, words: str, found: Opportunities) -> dict[str, Any]:
    """A chain as JSON values: its words, and each tie with its evidence; no ties where none are on record."""
    steps = [] if chain is None else [asdict(step) for step in chain.steps]
    return {
        "words": words,
        "is_joined": chain is not None,
        "end": None if chain is None else chain.end,
        "steps": [{**step, "source_title": found.sources.get(step["source"], step["source"])} for step in steps],
    }


def opportunities_json(found: Opportunities) -> str:
    """Write the document."""
    return json_text(opportunities_document(found))


def opportunities_csv(found: Opportunities) -> str:
    """Write one line for each row, the three kinds below one another."""
    return csv_text(CSV_COLUMNS, (_flat(kind, row, found) for kind, row in rows_of(found)))


def _flat(kind: str, row: Row, found: Opportunities) -> dict[str, Any]:
    held, near = first(row), others(row)
    flat: dict[str, Any] = held_document(held) | {
        "kind": kind,
        "rank": row.rank,
        "what": what(held),
        "other_assets": [one.asset for one, _ in near],
        "other_names": [one.name for one, _ in near],
        "other_partners": [one.partner for one, _ in near],
        "other_partner_names": [one.partner_name for one, _ in near],
        "distances_m": [f"{apart:.1f}" for _, apart in near],
        "reasons": list(reasons(row)),
        "people_in_need": plain(row.people_in_need, _ROUNDED),
        "to_partner": to_partner(row),
        "to_act": to_act(row, found),
        "release": found.release.value,
        "revision": found.revision,
    }
    if isinstance(row, Spare):
        flat |= {"gap_area": row.gap_area, "gap_distance_m": row.distance_m, "chosen": row.chosen, "adds": row.adds}
    return flat | ({"rule": row.rule} if isinstance(row, Help) else {})


def opportunities_geojson(found: Opportunities) -> str:
    """Write one feature for each row, WGS84: the points of all its assets, the one that it begins from first."""
    features = [
        {"type": "Feature", "geometry": _points(row), "properties": {"kind": kind, **row_document(row, found)}}
        for kind, row in rows_of(found)
    ]
    head = {"type": "FeatureCollection", "revision": found.revision, "sentence": sentence(found)}
    return json.dumps({**head, "features": features}, ensure_ascii=False, allow_nan=False) + "\n"


def _points(row: Row) -> dict[str, Any]:
    held = [first(row), *(one for one, _ in others(row))]
    longitude, latitude = points_to_wgs84([one.x_m for one in held], [one.y_m for one in held])
    points = np.column_stack([longitude, latitude]).round(_DEGREES).tolist()
    return {"type": "MultiPoint", "coordinates": points}


def tables(found: Opportunities) -> list[tuple[str, tuple[str, ...], list[list[str]]]]:
    """Rows for a terminal: for each kind its title, headers and cells; kinds without rows are left out."""
    kinds: list[tuple[str, tuple[Row, ...]]] = [
        (TITLES["co_locations"], found.co_locations),
        (TITLES["spare"], found.spare),
        (TITLES["helps"], found.helps),
    ]
    headers = ("", "what and whose", "others", "why", "people in need", "who leads there")
    return [(title, headers, [_cells(row) for row in rows]) for title, rows in kinds if rows]


def _cells(row: Row) -> list[str]:
    near = "; ".join(f"{held.name}, {held.partner_name} ({apart:,.0f} m)" for held, apart in others(row))
    return [
        str(row.rank),
        f"{first(row).name} ({what(first(row))}), {first(row).partner_name}",
        near,
        " ".join(reasons(row)),
        f"{row.people_in_need:,.0f}",
        to_partner(row),
    ]
