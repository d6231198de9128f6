"""Whether a cell is a name of a column, a unit or data, by its form alone."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Final

# fmt: off
_WORDS: Final = frozenset((
    "address", "area", "asset", "borough", "building", "category", "class", "code", "comments", "council",
    "county", "coordinate", "coordinates", "crs", "date", "department", "description", "directorate",
    "district", "easting", "eastings", "floor", "function", "gia", "geometry", "geox", "geoy",
    "grid", "ha", "hectares", "holding", "id", "identifier", "interest", "label", "land", "lat", "latitude",
    "lease", "local", "locality", "location", "lon", "long", "longitude", "name", "nia", "no",
    "northing", "northings", "notes", "number", "occupied", "occupier", "organisation", "organization",
    "owner", "ownership", "parcel", "postcode", "property", "provider", "purpose", "ref", "reference",
    "region", "remarks", "road", "site", "size", "sqm", "status", "street", "tenancy", "tenure", "title",
    "toid", "town", "type", "unique", "uprn", "uri", "url", "usage", "use", "usrn", "value", "ward",
    "x", "y", "year", "zip",
))
_UNITS: Final = frozenset((
    "ha", "hectare", "hectares", "acre", "acres", "m", "m2", "m²", "sqm", "sq.m", "sq.m.", "metre", "metres",
    "meters", "sqft", "sqmetres", "squaremetres", "ft2", "ft²", "km", "km2", "km²", "£", "gbp", "£m", "£k",
    "%", "percent", "no", "no.", "number", "yyyy", "dd/mm/yyyy", "yyyy-mm-dd", "ddmmyyyy", "y/n", "yes/no",
    "text",
))
# fmt: on
_GUIDES: Final = frozenset(("mandatory", "optional", "required", "not required", "conditional", "recommended"))
_MEASURES: Final = re.compile(
    r"£|%|(?<![a-z])(area|acres?|acreage|ha|hectares?|size|extent|gia|nia|gea|gifa|sq ?m|sq ?ft|m2|m²|floor ?space|"
    r"rent|value|valuation|cost|income|price|total|no\.? of|number|units|plots|spaces|dwellings)(?![a-z])"
)
_LETTERS: Final = string.ascii_uppercase
_COUNTED: Final = 4
_POSTCODE: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}")
_NUMBER: Final = re.compile(r"[£$€+-]?\s?[\d,]*\.?\d+\s?%?")
_BIG: Final = re.compile(r"[£$€+-]?\s?\d[\d,]{4,}(\.\d+)?|[+-]?\d*\.\d+|-\d+")
_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?")
_ADDRESS: Final = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\S+")


def number_like(cell: str) -> bool:
    """Tell whether a cell is a number.

    Examples
    --------
    >>> number_like("1,250.5"), number_like("2021"), number_like("Area (m2)")
    (True, True, False)
    """
    return _NUMBER.fullmatch(cell) is not None


def is_year(cell: str) -> bool:
    """Tell whether a cell is a year, which may name a column.

    Examples
    --------
    >>> is_year("2021"), is_year("1250")
    (True, False)
    """
    return re.fullmatch(r"(19|20)\d\d", cell) is not None


def is_data(cell: str) -> bool:
    """Tell whether a cell cannot name a column: a long number or a fraction, a postcode, a date, an address of the web.

    Examples
    --------
    >>> [is_data(cell) for cell in ("100021234567", "0.27", "SE6 4RU", "31/03/2021", "2021", "Postcode")]
    [True, True, True, True, False, False]
    """
    return any(form.fullmatch(cell) for form in (_BIG, _POSTCODE, _DATE, _ADDRESS))


def has_header_word(cell: str) -> bool:
    """Tell whether a cell has a word in it that names columns of land registers.

    Examples
    --------
    >>> has_header_word("GeoX"), has_header_word("Site_Area_Hectares"), has_header_word("Catford")
    (True, True, False)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell)
    words = re.findall(r"[A-Za-z]+", spaced.replace("_", " "))
    return cell.casefold() in _WORDS or any(word.casefold() in _WORDS for word in words)


def is_unit(cell: str) -> bool:
    """Tell whether a cell is a unit and nothing else.

    Examples
    --------
    >>> is_unit("(ha)"), is_unit("sq m"), is_unit("Town Hall")
    (True, True, False)
    """
    return "".join(cell.split()).strip("()[]").casefold() in _UNITS


def counts_columns(cells: Sequence[str]) -> bool:
    """Tell whether a line numbers its columns 1, 2, 3 or letters them A, B, C, at least four.

    Examples
    --------
    >>> counts_columns(["1", "2", "3", "4"]), counts_columns(["", "A", "B", "C", "D"]), counts_columns(["1", "2"])
    (True, True, False)
    """
    filled = [cell.strip("()[].") for cell in cells if cell]
    if len(filled) < _COUNTED:
        return False
    return filled in ([str(place) for place in range(1, len(filled) + 1)], [_letters(n) for n in range(len(filled))])


def _letters(place: int) -> str:
    """Letters that a spreadsheet gives a column, the first being 0."""
    before, last = divmod(place, len(_LETTERS))
    return (_letters(before - 1) if before else "") + _LETTERS[last]


def is_guidance(cells: Sequence[str]) -> bool:
    """Tell whether a line says what has to be filled in: its first cell and half of them or more, as ``Mandatory``.

    Examples
    --------
    >>> is_guidance(["Mandatory", "Optional", "Free text"]), is_guidance(["Town Hall", "Optional", "Freehold"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    is_guide = [cell.casefold() in _GUIDES for cell in filled]
    is_usual = sum(is_guide) > 1 and is_guide[0] and sum(is_guide) * 2 >= len(filled)
    return is_usual and not any(is_data(cell) or number_like(cell) for cell in filled)


def is_measure(name: str) -> bool:
    """Tell whether a column's name speaks of amounts, which add up: areas, money, shares.

    Examples
    --------
    >>> [is_measure(name) for name in ("Site Area (ha)", "Rent", "GIA m2", "Postcode", "Tenure")]
    [True, True, True, False, False]
    """
    return _MEASURES.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").casefold()) is not None
