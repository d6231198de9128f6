"""A siting answer as JSON, CSV and GeoJSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, Final

from atlas.exports.text import csv_text, json_text, plain
from atlas.geo.crs import points_to_wgs84
from atlas.siting.answer import Answer, NewSite
from atlas.siting.question import Objective
from atlas.siting.words import basis, proof, sentence

CSV_COLUMNS: Final = (
    "order",
    "id",
    "name",
    "stands",
    "institution",
    "institution_name",
    "sector",
    "lad",
    "lad_name",
    "x_m",
    "y_m",
    "adds",
    "people_in_reach",
    "nearest_anchor_m",
    "gap_areas",
    "objective",
    "reach_m",
    "before",
    "after",
    "total",
    "upper_bound",
    "gap",
    "proved",
    "method",
    "release",
    "revision",
)

_ROUNDED: Final = 6
_COVER_ONLY: Final = ("radius_m", "demand", "max_people")


def siting_document(answer: Answer) -> dict[str, Any]:
    """The answer with all that a reader needs to rerun it, as JSON values.

    Amounts (`before`, `after`, `total`, `upper_bound`, each site's `adds`) are people in need for the objective
    `cover`, and capacity for `worst`: people served worst times their access, at most London's mean. `gap` is the share
    of the most that could be added, which the answer may miss; 0 where `proved`.
    """
    asked = asdict(answer.question)
    if answer.question.objective is Objective.WORST:
        asked = {key: value for key, value in asked.items() if key not in _COVER_ONLY}
    file = None if answer.file is None else {"name": answer.file.name, "sha256": answer.file.sha256}
    return {
        "release": answer.release.value,
        "revision": answer.revision,
        "parameters": answer.parameters.model_dump(mode="json"),
        "question": {**asked, "file": file},
        "sentence": sentence(answer),
        "proof": proof(answer),
        "basis": basis(answer),
        "places": answer.candidates,
        "reach_m": answer.reach_m,
        "people": plain(answer.people, _ROUNDED),
        "mean_access": answer.mean_access,
        **_bounds(answer),
        "sites": [site_document(site) for site in answer.sites],
    }


def site_document(site: NewSite) -> dict[str, Any]:
    """One chosen place as JSON values; `x_m` and `y_m` are eastings and northings (EPSG:27700)."""
    return {field.name: plain(getattr(site, field.name), _ROUNDED) for field in fields(site)}


def siting_json(answer: Answer) -> str:
    """`siting_document` as text; refuses NaN."""
    return json_text(siting_document(answer))


def siting_csv(answer: Answer) -> str:
    """A row for each chosen place, lists separated by semicolons; what holds for all is in every row."""
    constant = {
        "objective": answer.question.objective.value,
        "reach_m": answer.reach_m,
        **_bounds(answer),
        "release": answer.release.value,
        "revision": answer.revision,
    }
    return csv_text(CSV_COLUMNS, [{**site_document(site), **constant} for site in answer.sites])


def siting_geojson(answer: Answer) -> str:
    """The chosen places as GeoJSON points (RFC 7946: WGS84), properties as in `siting_document`."""
    document = siting_document(answer)
    longitude, latitude = points_to_wgs84([site.x_m for site in answer.sites], [site.y_m for site in answer.sites])
    features = [
        {
            "type": "Feature",
            "id": site["id"],
            "properties": site,
            "geometry": {"type": "Point", "coordinates": [round(float(east), 6), round(float(north), 6)]},
        }
        for site, east, north in zip(document.pop("sites"), longitude, latitude, strict=True)
    ]
    document = {"type": "FeatureCollection", **document, "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"


def _bounds(answer: Answer) -> dict[str, Any]:
    siting = answer.siting
    amounts = {name: getattr(siting, name) for name in ("before", "after", "total", "upper_bound", "gap")}
    return {
        **{name: plain(amount, _ROUNDED) for name, amount in amounts.items()},
        "proved": siting.proved,
        "method": siting.method,
    }
