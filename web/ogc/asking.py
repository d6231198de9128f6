"""Reading what a client of OGC API Features asks, as far as it is not asked of `/api/v1` in the same way."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from flask import current_app, request

from atlas.graph.timeline import span_of
from atlas.settings import Settings
from web.choices import ChoiceError, Refusal
from web.programs.asking import LIMIT as LISTED
from web.programs.asking import Asked, read
from web.programs.describe import DAY, Parameter
from web.programs.rows import Mask, Positions, Rows
from web.programs.table import Collection

_TIME: Final = rf"{DAY}(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{1,6}})?(?:Z|[+-][01]\d:[0-5]\d))?"
_OPEN: Final = r"(?:\.\.)?"
_NUMBERS: Final = {"type": "array", "items": {"type": "number", "minimum": -180, "maximum": 180}}

LIMIT: Final = Parameter(
    "limit",
    f"Features in one answer; {LISTED.schema['maximum']} at most, whatever is asked for.",
    {"type": "integer", "minimum": 1, "default": LISTED.schema["default"]},
)
BBOX: Final = Parameter(
    "bbox",
    "Only features that touch a box: west, south, east, north in degrees (CRS84); heights are passed over.",
    {**_NUMBERS, "minItems": 4, "maxItems": 6, "not": {"minItems": 5, "maxItems": 5}},
    "west,south,east,north in degrees, south below north; or six numbers with heights after south and north",
)
DATETIME: Final = Parameter(
    "datetime",
    "Only features that stood, or may have stood, at a time or between two; those without dates are all there.",
    {"type": "string", "pattern": f"^(?:{_TIME}|(?:{_TIME}|{_OPEN})/(?:{_TIME}|{_OPEN}))$"},
    "a day such as 2024-06-30, a time such as 2024-06-30T12:00:00Z, or two of them divided by /, .. for open",
)
F: Final = Parameter("f", "Form of the answer.", {"type": "string", "enum": ["json"]})


def base() -> str:
    """Address of this server as clients know it, without a slash at the end."""
    settings: Settings = current_app.config["ATLAS_SETTINGS"]
    return (settings.public_url or request.url_root).rstrip("/")


def read_items(collection: Collection) -> Asked:
    """What the address at work asks of the features of a collection.

    Raises
    ------
    ChoiceError
        Naming every field that cannot be used.
    """
    asked, values = read(collection, BBOX, DATETIME, F, limit=LIMIT)
    if "bbox" in values:
        box = values["bbox"]
        west, south, east, north = box if len(box) == 4 else (*box[:2], *box[-3:-1])
        if len(box) == 5 or south > north:
            raise ChoiceError([Refusal("bbox", request.args["bbox"], BBOX.allowed)])
        values["bbox"] = (west, south, east, north)
    if "datetime" in values:
        values["datetime"] = _between(values["datetime"])
    return asked


def _between(value: str) -> tuple[date, date]:
    """First and last day of a time or an interval."""
    first, _, last = value.partition("/")
    ends = (first, last if "/" in value else first)
    bounds = (date.min, date.max)
    try:
        found = [
            date.fromisoformat(end[:10]) if end.strip(".") else bound for end, bound in zip(ends, bounds, strict=True)
        ]
    except ValueError:
        raise ChoiceError([Refusal("datetime", value, DATETIME.allowed)]) from None
    return found[0], found[1]


def positions(asked: Asked, rows: Rows) -> Positions:
    """Positions of the features that are asked for, of all pages."""
    found = asked.positions(rows)
    if "datetime" not in asked.chosen or not asked.collection.has_day:
        return found
    return found[_stood(rows, asked.chosen["datetime"])[found]]


def _stood(rows: Rows, between: tuple[date, date]) -> Mask:
    records = rows.frame[["start", "end", "status", "checked_on"]].to_dict("records")
    spans = [span_of({str(name): value for name, value in record.items()}) for record in records]
    first, last = between
    return np.asarray([span.start_from <= last and span.end_by >= first for span in spans], dtype=bool)
