"""What the values of a column look like: whether they can be what its header says, and what they are without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from atlas.geo.estate.cleaning.areas import unit_called, unit_in
from atlas.geo.estate.cleaning.headers import area_of
from atlas.geo.estate.cleaning.words import holding_of, is_flag, status_of, tenure_of, use_of, visibility_of
from atlas.vocabulary.estate import AssetStatus, Tenure

_URL: Final = re.compile(r"^\W*(?:https?:|www\.)", re.IGNORECASE)
_CODE: Final = re.compile(r"^(?:\d\d[A-Z]{2}|[EWS]\d{8}|\d+|\d[A-Z]|[A-Z]\d)$")
_MEASURE: Final = re.compile(r"^\W*(?:c|ca|circa|approx|about)?\W*\d", re.IGNORECASE)
_DIGITS: Final = re.compile(r"^[\d\s,.]+(?:E\+?\d+)?$", re.IGNORECASE)
_UPRN: Final = re.compile(r"^0*[1-9]\d{7,11}(?:\.0+)?$")
_POSTCODE: Final = re.compile(r"^\s*[A-Z]{1,2}[0-9O][0-9A-Z]?\s*(?:[0-9O][A-Z]{2})?\s*$", re.IGNORECASE)
_FULL_POSTCODE: Final = re.compile(r"^\s*[A-Z]{1,2}[0-9O][0-9A-Z]?\s*[0-9O][A-Z]{2}\s*$", re.IGNORECASE)
_DATE: Final = re.compile(
    r"^\s*(?:\d{4}-\d\d?-\d\d?(?:[T ].*)?|\d\d?[/.-]\d\d?[/.-]\d{2,4}(?: .*)?|\d\d?(?:st|nd|rd|th)?[ -][A-Z]{3,9}"
    r"[ -]\d{2,4}|[A-Z]{3,9}[ -]\d{2,4}|\d{4}|[34]\d{4}(?:\.0)?)\s*$",
    re.IGNORECASE,
)
_GRID: Final = re.compile(r"^\s*[HJNOST][A-HJ-Z][\s,]*(?:\d\s*){4,10}$", re.IGNORECASE)
_CRS: Final = re.compile(r"wgs|etrs|osgb|\bbng\b|british|national grid|27700|4326|4258|epsg|ordnance", re.IGNORECASE)
_PAIR: Final = re.compile(r"^\W*-?\d{1,3}\.\d{3,}\s*[,; ]\s*-?\d{1,3}\.\d{3,}\W*$")
_PAIR_OF_METRES: Final = re.compile(r"^\W*\d{6}(?:\.\d+)?\s*[,; ]\s*\d{5,7}(?:\.\d+)?\W*$")
_SPOT: Final = re.compile(r"^(?:SRID=\d+;\s*)?POINT", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[A-Za-z]")
_MOST_LETTERS: Final = 8
_SHORT: Final = 24
_LONGEST_USE: Final = 60
_LEAST_UPRN: Final = 5
"""Digits; a column of shorter ones has numbers of its register's own."""
_RIGHTS_OF_HOLDING: Final = {Tenure.FREEHOLD, Tenure.LEASEHOLD, Tenure.FREEHOLD_AND_LEASEHOLD, Tenure.LICENCE}
_RIGHT: Final = re.compile(r"\b(?:free|lease)hold", re.IGNORECASE)
_COUNT: Final = re.compile(r"^(?:[2-9]|[1-9]\d+)(?:\.0+)?$")


def _is_text(value: str) -> bool:
    return bool(_LETTERS.search(value)) and not _URL.match(value)


def is_measure(value: str) -> bool:
    """Whether a value begins with a number, however it goes on.

    Examples
    --------
    >>> is_measure("c. 6.2 ha"), is_measure("Ladywell")
    (True, False)
    """
    return bool(_MEASURE.match(value))


def _is_place(value: str) -> bool:
    """Whether a value may be the name of a place: text that is no measure of area."""
    return _is_text(value) and not (is_measure(value) and area_of(value)[1])


def _is_coordinate(value: str) -> bool:
    is_number = any(digit.isdigit() for digit in value) and len(_LETTERS.findall(value)) <= _MOST_LETTERS
    return (is_number or bool(_SPOT.match(value))) and not _URL.match(value)


CAN_BE: Final[Mapping[str, Callable[[str], bool]]] = {
    "organisation": lambda value: _is_text(value) and not _CODE.match(value),
    "reference": lambda value: not _URL.match(value),
    "uprn": lambda value: bool(_DIGITS.match(value)) and len(value.lstrip("0")) >= _LEAST_UPRN,
    "name": _is_text,
    "number": lambda value: len(value) <= _SHORT and any(digit.isdigit() for digit in value),
    "street": lambda value: not _URL.match(value) and not unit_called(value),
    "town": _is_place,
    "postcode": lambda value: bool(_POSTCODE.match(value)),
    "borough": _is_place,
    "ward": _is_place,
    "tenure": lambda value: tenure_of(value) is not None,
    "tenure_detail": _is_text,
    "holding": lambda value: holding_of(value) is not None,
    "use": lambda value: _is_text(value) and not is_flag(value),
    "use_detail": lambda value: _is_text(value) and not is_flag(value),
    "status": lambda value: is_flag(value) or status_of(value) is not None,
    "land_ha": is_measure,
    "floor_m2": is_measure,
    "title_number": lambda value: not _URL.match(value),
    "occupier": lambda value: _is_text(value) and not is_flag(value),
    "as_of": lambda value: bool(_DATE.match(value)),
    "area_unit": lambda value: unit_in(value) != "",
    "crs": lambda value: bool(_CRS.search(value)),
    "x": _is_coordinate,
    "y": _is_coordinate,
    "grid_reference": lambda value: any(digit.isdigit() for digit in value) and not _URL.match(value),
    "sensitive": is_flag,
    "visibility": lambda value: visibility_of(value) is not None,
}
"""Whether a value can be one of the field."""

LEAST: Final[Mapping[str, float]] = {"status": 0.3, "tenure": 0.3, "holding": 0.3}
"""Share of values that must be able to be the field's; half, where nothing else is said."""


def can_be(field: str, values: Sequence[str]) -> bool:
    """Whether enough of a column's values can be those of a field; nothing speaks against an empty column.

    Examples
    --------
    >>> can_be("postcode", ["SE6 4RU", "se13"]), can_be("land_ha", ["Lewisham", "0.2"]), can_be("uprn", [])
    (True, True, True)
    >>> can_be("status", ["1", "0"]), can_be("status", ["1", "0", "12"])
    (True, False)
    """
    test = CAN_BE.get(field)
    if test is None or not values:
        return True
    if field == "status" and any(map(_COUNT.match, values)):
        # how many stand empty, where one and none would be yes and no
        return False
    if field == "status" and 2 * sum(map(bool, map(_RIGHT.search, values))) >= len(values):
        return False
    return sum(map(test, values)) >= LEAST.get(field, 0.5) * len(values)


_DEGREES: Final = re.compile(r"^-?\d{1,2}\.\d{3,}$")
_METRES: Final = re.compile(r"^\d{4,7}(?:\.\d+)?$")
_LATITUDES: Final = (49.7, 61.1)
_LONGITUDES: Final = (-9.0, 2.1)
_SURE: Final = 0.8
_FEWEST: Final = 3


def looks_like(values: Sequence[str]) -> str:
    """What a column's values look like whatever its header: a field, ``metres`` for half a grid position, or nothing.

    Examples
    --------
    >>> looks_like(["GL50 1DY", "GL52 5NA", "GL51 9JZ"]), looks_like(["51.47", "red"])
    ('postcode', '')
    >>> looks_like(["-0.013006", "0.000704", "-0.010774"]), looks_like(["530030", "531200", "529998"])
    ('x', 'metres')
    """
    if len(values) < _FEWEST and not all(_CRS.search(v) or _GRID.match(v) or _PAIR.match(v) for v in values):
        return ""
    tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("crs", lambda value: bool(_CRS.search(value)) and len(value) <= _SHORT),
        ("grid_reference", lambda value: bool(_GRID.match(value))),
        ("postcode", lambda value: bool(_FULL_POSTCODE.match(value))),
        ("uprn", lambda value: bool(_UPRN.match(value))),
        ("pair", lambda value: any(form.match(value) for form in (_PAIR, _PAIR_OF_METRES, _SPOT))),
        ("y", lambda value: _degrees_in(value, _LATITUDES)),
        ("x", lambda value: _degrees_in(value, _LONGITUDES)),
        ("tenure", _is_right),
        ("metres", lambda value: bool(_METRES.match(value)) and float(value) < 1_300_000),
    )
    for name, test in tests:
        if values and sum(map(test, values)) >= _SURE * len(values):
            return name
    return ""


def share_of_uses(values: Sequence[str]) -> float:
    """Share of values that name a use in a few words; 0 for none.

    Examples
    --------
    >>> share_of_uses(["Library", "Depot", "red", "blue"]), share_of_uses([])
    (0.5, 0.0)
    """
    known = sum(use_of(value) is not None and len(value) <= _LONGEST_USE for value in values)
    return known / max(len(values), 1)


def are_statuses(values: Sequence[str]) -> bool:
    """Whether values say whether something is in use, and none by what right it is held.

    Examples
    --------
    >>> are_statuses(["Operational", "Vacant", "tbc"]), are_statuses(["Leasehold", "Vacant"]), are_statuses(["Yes"])
    (True, False, False)
    """
    if any(tenure_of(value) not in {None, Tenure.UNKNOWN} for value in values):
        return False
    unsaid = {None, AssetStatus.UNKNOWN}
    said = sum(status_of(value) not in unsaid and not is_flag(value) for value in values)
    return said > 0 and said >= LEAST["status"] * len(values)


def _is_right(value: str) -> bool:
    """Whether a value is a right of holding and little more: ``Freehold``, ``Leased in``."""
    return len(value) <= _SHORT and tenure_of(value) in _RIGHTS_OF_HOLDING and not is_flag(value)


def _degrees_in(value: str, bounds: tuple[float, float]) -> bool:
    return bool(_DEGREES.match(value)) and bounds[0] <= float(value) <= bounds[1]
