"""Reading what a client of OGC API Features asks, as far as it is not asked of `/api/v1` in the same way."""

from __future__ import annotations

from datetime import UTC, date, datetime
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

_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_DAY: Final = DAY.replace("[12]", r"\d")
_TIME: Final = rf"{_DAY}(?:[Tt]{_CLOCK}(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?"
_OPEN: Final = r"(?:\.\.)?"
_EDGES: Final = {"0000": date.min, "0001": date.min, "9999": date.max}
"""By year: QGIS asks for all up to a day as from 0000-01-01, and for all since one as to 9999-12-31."""

LIMIT: Final = Parameter(
    "limit",
    f"Features in one answer; {LISTED.schema['maximum']} at most, whatever is asked for.",
    LISTED.schema,
    "a whole number of at least 1",
    is_capped=True,
)
BBOX: Final = Parameter(
    "bbox",
    "Only features that touch a box: west, south, east, north in degrees (CRS84); heights are passed over.",
    {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 4,
        "maxItems": 6,
        "not": {"minItems": 5, "maxItems": 5},
    },
    "west,south,east,north in degrees, south below north; or six numbers with heights after south and north",
)
DATETIME: Final = Parameter(
    "datetime",
    "Only features that stood, or may have stood, at a time or between two; those without dates are all there.",
    {"type": "string", "pattern": f"^(?:{_TIME}|(?:{_TIME}|{_OPEN})/(?:{_TIME}|{_OPEN}))$"},
    "a day such as 2024-06-30, a time such as 2024-06-30T12:00:00Z, or two of them divided by /, the earlier first; "
    ".. for open",
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
    try:
        start, end = (_moment(one) for one in (first, last if "/" in value else first))
    except ValueError:
        raise ChoiceError([Refusal("datetime", value, DATETIME.allowed)]) from None
    days = (_day(start) or date.min, _day(end) or date.max)
    is_back = isinstance(start, datetime) and isinstance(end, datetime) and start > end
    if is_back or days[0] > days[1]:
        raise ChoiceError([Refusal("datetime", value, DATETIME.allowed)])
    return days


def _moment(text: str) -> date | datetime | None:
    """A day, or a time by the clock of Greenwich; None of an open end."""
    if not text.strip("."):
        return None
    if text[:4] in _EDGES:
        return _EDGES[text[:4]]
    if len(text) == len("2024-06-30"):
        return date.fromisoformat(text)
    # the calendar here has no leap seconds
    return datetime.fromisoformat(text.upper().replace(":60", ":59")).astimezone(UTC)


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


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
