"""Other tables that stand in a register's sheet: their headers, and the rows under them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import Flags, Texts, matching
from atlas.geo.estate.cleaning.headers import fold, squeeze
from atlas.geo.estate.cleaning.synonyms import LOOSE, SYNONYMS, UNITS
from atlas.geo.estate.cleaning.words import holding_of, is_flag, status_of, tenure_of, use_of

WIDE: Final = 4
"""Fewer cells than these in a row tell too little."""

AGAIN: Final = "the header once more"
ANOTHER: Final = "the header of another table"

_PLACED: Final = {
    "uprn": r"^\d{6,12}$",
    "postcode": r"(?i)^[a-z]{1,2}\d[0-9a-z]?\s?\d[a-z]{2}$",
    "x": r"\d{5}|\d\.\d{3}",
    "grid_reference": r"(?i)^[a-z]{2}\s?\d{3}",
}
"""What is a place in a column of places, beyond doubt."""

_ALSO_HEADERS: Final = frozenset(
    {"landlord", "lessor", "rent", "annualrent", "rentpa", "passingrent", "expiry", "expirydate", "leaseexpiry"}
    | {"applicant", "stage", "group", "organisation", "progress", "outcome", "transferredto", "purchaser", "price"}
    | {"leasestart", "leaseend", "startdate", "enddate", "term", "reviewdate", "rentreview", "usrn", "telephone"}
)
"""Names of columns of tables that stand beside a register and of which it takes no field."""

_ALSO_VALUES: Final = frozenset(
    {"council", "parish", "town", "tenant", "owner", "operator", "trust", "property", "site", "estate", "road"}
    | {"street", "service", "north", "east", "land", "building", "asset", "ward", "area", "location", "school"}
    | {"name", "city", "premises", "department", "agency", "district", "borough", "flat", "unit", "body", "user"}
    | {"scheme", "place", "station", "centre", "block", "extent"}
)
"""Names of columns that a row may well have as values."""


@cache
def _header_names() -> pa.Array:
    """Names of columns that are no value that a cell of a register may have, without spaces."""
    names = {name for table in (SYNONYMS, LOOSE) for of_field in table.values() for name in of_field}
    meanings = (holding_of, status_of, tenure_of, use_of, is_flag)
    squeezed = {squeeze(name) for name in names if not any(of(name) for of in meanings)}
    areas = {squeeze(name) for field in ("land_ha", "floor_m2") for name in (*SYNONYMS[field], *LOOSE[field])}
    units = {squeeze(phrase) for phrases in UNITS.values() for phrase in phrases}
    with_unit = {area + unit for area in areas for unit in units}
    return pa.array(sorted(_ALSO_HEADERS | _ALSO_VALUES | squeezed | with_unit))


def headers_among(
    cells: Mapping[str, Texts], bare: NDArray[np.int64], filled: NDArray[np.int64]
) -> tuple[Flags, Flags]:
    """Which rows are the header in almost the same words, and which are that of another table."""
    is_again, is_another = np.zeros(len(filled), dtype=bool), np.zeros(len(filled), dtype=bool)
    at = bare[filled[bare] >= WIDE]
    for header, texts in cells.items():
        here = texts[at]
        at = at[(here == "") | _names_column(here, header)]
        if not len(at):
            break
    for row in at.tolist():
        told = {header: str(texts[row]) for header, texts in cells.items() if texts[row]}
        values = set(told.values())
        sure = {text for text in values if text.casefold() not in _ALSO_VALUES}
        if len(values) < WIDE or 2 * len(sure) < len(values):
            continue
        own = sum(text.casefold() in header.casefold() for header, text in told.items())
        (is_again if own * 2 >= len(told) else is_another)[row] = True
    return is_again, is_another


def _names_column(texts: Texts, header: str) -> Flags:
    """Whether a cell is the header's own name or another column's, and no value; brackets do not count."""
    lower = pc.utf8_lower(pa.array(texts, pa.string()))
    bare = pc.replace_substring_regex(lower, r"\(.*\)|[^a-z0-9]", "")
    is_name = pc.or_(pc.is_in(bare, value_set=_header_names()), pc.equal(lower, header.lower()))
    return np.array(is_name.to_numpy(zero_copy_only=False), dtype=bool)


def set_other_tables_aside(whys: Texts, rows: NDArray[np.int64], by_field: Mapping[str, Texts], began: int) -> int:
    """Set rows aside that stand under the header of another table.

    They end where the register's own header comes again, or a row has a place in a column of the register's own that
    the other table has no column in.

    Parameters
    ----------
    whys : numpy.ndarray of object, shape (n,)
        As `why_aside` gives them; written to.
    rows : numpy.ndarray of int, shape (n,)
        Rows of the file.
    by_field : mapping of str to numpy.ndarray of object, shape (n,)
        Tidied cells by the field that takes them.
    began : int
        Row of the header of the table that goes on from the rows before, negative where it has columns of places under
        the register's own; 0 for the register's own table.

    Returns
    -------
    int
        The same for the rows after.

    Examples
    --------
    >>> whys = np.array(["", "the header of another table", ""], dtype=object)
    >>> set_other_tables_aside(whys, np.array([7, 8, 9]), {}, 0), whys[[0, 2]].tolist()
    (8, ['', 'belongs to another table, which begins in row 8'])
    """
    is_another = whys == ANOTHER
    if not began and not is_another.any():
        return 0
    has_place = np.zeros(len(whys), dtype=bool)
    for name, form in _PLACED.items():
        if name in by_field:
            has_place |= matching(by_field[name], form)
    marks = np.flatnonzero(is_another | (whys == AGAIN) | has_place).tolist()
    for at, end in zip([-1, *marks], [*marks, len(whys)], strict=True):
        if at >= 0 and is_another[at]:
            began = -int(rows[at]) if _names_place(by_field, at) else int(rows[at])
        elif at >= 0 and (whys[at] == AGAIN or began > 0):
            began = 0
        if began:
            below = whys[max(at, 0) : end]
            below[below == ""] = f"belongs to another table, which begins in row {abs(began)}"
    return began


def _names_place(by_field: Mapping[str, Texts], at: int) -> bool:
    """Whether the header of another table has a column of places where the register has the same."""
    said = ((name, squeeze(fold(by_field[name][at]))) for name in _PLACED if name in by_field)
    return any(text in map(squeeze, SYNONYMS[name]) for name, text in said)
