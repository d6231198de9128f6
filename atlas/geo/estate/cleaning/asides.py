"""Rows of a register that are no assets: sums, headings, notes, headers, other tables, and what nothing identifies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import EMPTY_WORDS, Flags, Texts, lengths, matching, says_nothing
from atlas.geo.estate.cleaning.headers import squeeze
from atlas.geo.estate.cleaning.looks import CAN_BE
from atlas.geo.estate.cleaning.synonyms import LOOSE, SYNONYMS
from atlas.geo.estate.cleaning.words import holding_of, is_flag, status_of, tenure_of, use_of

IDENTIFYING: Final = ("reference", "uprn", "name", "number", "street", "postcode", "x", "y", "grid_reference")
"""Fields of which a row needs one, where it has no outline."""

_ESSENTIAL: Final = ("uprn", "postcode", "land_ha", "floor_m2", "x", "y")
_PLACES: Final = ("uprn", "postcode", "x", "y", "grid_reference")
_LABELS: Final = ("reference", "name", "use")
_AGGREGATE_CODES: Final = frozenset({"aggre", "aggr", "aggregate"})
_AGGREGATE: Final = r"(?i)^(?:aggregated? ?sites?|aggregated?|all other sites|other sites \(aggregated?\))$"
_TOTAL: Final = (
    r"(?i)^(?:grand |sub[- ]?|overall )?(?:totals?|sum|average|mean|count)(?: (?:number|area|sites?|assets|land|"
    r"properties|hectares|ha|floor area|count|for|of|no)\b.*)?[\s:.=\d,]*$"
)
_SAYS_TOTAL: Final = r"(?i)^(?:grand |sub[- ]?|overall )?totals?\b|\b(?:sub-?)?totals?[\s:.=]*$"
_AMOUNT: Final = (
    r"(?i)^(?:\W*\d[\d.,]*\W*(?:ha|hectares?|acres?|ac|m2|m²|sq\.? ?(?:m|ft|feet|yds?|metres?)\.?|ft2|ft²|km2|k|m|"
    r"sites?|assets?|properties|plots?|units?|no\.?)?\W*)+$"
)
_ADDRESS: Final = r"(?i)(?:^|[\s,])\d{1,4}[a-z]?,?\s+[a-z]\S*\s+[a-z]|\b[a-z]{1,2}\d[0-9a-z]?\s?\d[a-z]{2}\b"
_CODE: Final = r"^\S+$|^(?:[A-Za-z]{0,3}[^A-Za-z]+)*[A-Za-z]{0,3}$|\d{5}|\d\.\d\d"
_NOTE: Final = (
    r"(?i)^(?:\*|©|# |\(c\) |notes?\b|sources?\b|n\.?b\.?\b|disclaimer|contains |data (?:as|correct|source)|this (?:"
    r"report|list|register|data|file)|(?:crown )?copyright|please note|produced by|end of |key:|licen[cs]ed under|"
    r"correct (?:as )?at\b|as at \d|report (?:run|date|produced|generated)\b|(?:printed|generated|run) (?:on|at|by)\b|"
    r"for (?:further|more) information|for (?:queries|enquiries)|last updated|page \d+(?: of \d+)?$)"
)
_LONG: Final = 120
_SHORT: Final = 60
_WIDE: Final = 4
_SEVERAL: Final = 3
_ALSO_HEADERS: Final = frozenset(
    {"landlord", "lessor", "rent", "annualrent", "rentpa", "passingrent", "expiry", "expirydate", "leaseexpiry"}
    | {"leasestart", "leaseend", "startdate", "enddate", "term", "reviewdate", "rentreview", "usrn", "telephone"}
)
"""Names of columns of tables that stand beside a register and of which it takes no field."""

_HEADING: Final = "a heading or a note: one cell alone in its row"
_AGAIN: Final = "the header once more"
_ANOTHER: Final = "the header of another table"


def _header_names() -> pa.Array:
    """Names of columns that are no value that a cell of a register may have, without spaces."""
    names = {name for table in (SYNONYMS, LOOSE) for of_field in table.values() for name in of_field}
    meanings = (holding_of, status_of, tenure_of, use_of, is_flag)
    return pa.array(sorted(_ALSO_HEADERS | {squeeze(name) for name in names if not any(of(name) for of in meanings)}))


_HEADERS: Final = _header_names()


def why_aside(
    cells: Mapping[str, Texts], by_field: Mapping[str, Texts], has_shape: Flags, ragged: Mapping[int, str]
) -> Texts:
    """Say of each row why it is no asset.

    Parameters
    ----------
    cells : mapping of str to numpy.ndarray of object, shape (n,)
        Tidied cells by header, in order.
    by_field : mapping of str to numpy.ndarray of object, shape (n,)
        Tidied cells by the field that takes them; a missing field is empty.
    has_shape : numpy.ndarray of bool, shape (n,)
        Whether each row has an outline or a point of the file's own.
    ragged : mapping of int to str
        Positions of rows of which the number of cells is wrong, and what is.

    Returns
    -------
    numpy.ndarray of object, shape (n,)
        A sentence; empty for an asset.
    """
    rows = len(has_shape)
    whys = np.full(rows, "", dtype=object)
    filled = np.zeros(rows, dtype=int)
    repeated = np.zeros(rows, dtype=int)
    for header, texts in cells.items():
        filled += texts != ""
        repeated += (texts == " ".join(header.split())) & (texts != "")
    first = _first(cells, rows)
    labels = [by_field.get(name, np.full(rows, "", dtype=object)) for name in _LABELS]
    bare = _bare(by_field, has_shape)
    is_lone = (filled == 1) & ~has_shape
    is_again, is_another = _headers(cells, bare, filled)
    is_sum = _only(_is_sum, cells, by_field, bare, rows) | _is_total(by_field, first, has_shape)
    reasons = (
        (_shifted(by_field, ragged, rows), ""),
        (_only(_is_heading, cells, by_field, bare[is_lone[bare]], rows), _HEADING),
        (~_identified(by_field, has_shape), "nothing in it names or places an asset"),
        (is_lone & (matching(first, _NOTE) | (lengths(first) > _LONG)), "a note and not an asset"),
        (is_sum, "a sum of other rows"),
        (_is_aggregate(labels), "several sites added up, and not one asset"),
        (is_another, _ANOTHER),
        (is_again | ((repeated == filled) & (filled > 1)), _AGAIN),
        (filled == 0, "empty"),
    )
    for flags, why in reasons:
        whys[np.flatnonzero(flags)] = why
    for at, what in ragged.items():
        if reasons[0][0][at] and not whys[at]:
            whys[at] = f"{what}, and what is in it does not fit its columns"
    lone = np.flatnonzero((filled == 0) & has_shape)
    whys[lone] = ""
    return whys


def _first(cells: Mapping[str, Texts], rows: int) -> Texts:
    """The first cell of each row that is filled."""
    first = np.full(rows, "", dtype=object)
    for texts in cells.values():
        open_rows = first == ""
        if not open_rows.any():
            break
        first[open_rows] = texts[open_rows]
    return first


def _identified(by_field: Mapping[str, Texts], has_shape: Flags) -> Flags:
    is_identified = has_shape.copy()
    for name in IDENTIFYING:
        if name in by_field:
            is_identified |= ~says_nothing(by_field[name])
    return is_identified


def _is_aggregate(labels: Sequence[Texts]) -> Flags:
    reference, *others = labels
    is_code = np.array([text.lower() in _AGGREGATE_CODES for text in reference.tolist()], dtype=bool)
    for texts in others:
        is_code |= matching(texts, _AGGREGATE)
    return np.asarray(is_code)


def _is_code(texts: Texts) -> Flags:
    """Whether a cell is a number, a code or a place, and no words."""
    return matching(texts, r"\d") & matching(texts, _CODE)


def _bare(by_field: Mapping[str, Texts], has_shape: Flags) -> NDArray[np.int64]:
    """Positions of rows that have no place, no reference and no address; words where one should be are none."""
    at = np.flatnonzero(~has_shape)
    for name in _PLACES:
        if name in by_field:
            at = at[~_is_code(by_field[name][at])]
    if "reference" in by_field:
        texts = by_field["reference"][at]
        at = at[~_is_code(texts) | matching(texts, _TOTAL)]
    if "street" in by_field:
        at = at[~matching(by_field["street"][at], _ADDRESS)]
    return at


def _only(
    test: Callable[[Mapping[str, Texts], Mapping[str, Texts]], Flags],
    cells: Mapping[str, Texts],
    by_field: Mapping[str, Texts],
    at: NDArray[np.int64],
    rows: int,
) -> Flags:
    """Flags of all rows, of which some alone are looked at."""
    flags = np.zeros(rows, dtype=bool)
    if len(at):
        here, fields = ({name: texts[at] for name, texts in table.items()} for table in (cells, by_field))
        flags[at] = test(here, fields)
    return flags


def _is_heading(cells: Mapping[str, Texts], by_field: Mapping[str, Texts]) -> Flags:
    """Whether words alone in their row under a column that names assets, in a table of several, are no address."""
    rows = len(next(iter(cells.values())))
    if len(cells) < _WIDE:
        return np.zeros(rows, dtype=bool)
    words = _first(cells, rows)
    is_heading = matching(words, r"[A-Za-z]") & ~matching(words, _ADDRESS)
    return is_heading & _identified(by_field, np.zeros(rows, dtype=bool))


def _is_total(by_field: Mapping[str, Texts], first: Texts, has_shape: Flags) -> Flags:
    """Whether a row is named a total, has a number or a count for a reference, and no place and no address."""
    flags = np.any([matching(texts, _TOTAL) for texts in (first, *_of(by_field, ("name",)))], axis=0) & ~has_shape
    for texts in _of(by_field, ("street", *_PLACES)):
        flags &= says_nothing(texts)
    for texts in _of(by_field, ("reference",)):
        flags &= says_nothing(texts) | matching(texts, _AMOUNT)
    return np.asarray(flags)


def _of(by_field: Mapping[str, Texts], names: Sequence[str]) -> list[Texts]:
    return [by_field[name] for name in names if name in by_field]


def _is_sum(cells: Mapping[str, Texts], by_field: Mapping[str, Texts]) -> Flags:
    """Whether a cell of rows without a place, a reference or an address says total."""
    rows = len(next(iter(cells.values())))
    is_sum = matching(_first(cells, rows), _TOTAL)
    for name in ("reference", "name", "street", *_PLACES):
        if name in by_field:
            is_sum |= matching(by_field[name], _TOTAL)
    return is_sum | _totals_of_amounts(cells)


def _totals_of_amounts(cells: Mapping[str, Texts]) -> Flags:
    """Whether a cell begins or ends with total, as in ``Depots Total``, and the others have amounts alone."""
    says = {header: _says_total(texts) for header, texts in cells.items()}
    flags = np.any([*says.values()], axis=0)
    at = np.flatnonzero(flags)
    for header, texts in cells.items():
        here = texts[at]
        flags[at] &= says[header][at] | says_nothing(here) | matching(here, _AMOUNT)
    return np.asarray(flags)


def _says_total(texts: Texts) -> Flags:
    flags = matching(texts, _SAYS_TOTAL)
    at = np.flatnonzero(flags)
    flags[at] = ~matching(texts[at], _ADDRESS) & (lengths(texts[at]) <= _SHORT)
    return flags


def _headers(cells: Mapping[str, Texts], bare: NDArray[np.int64], filled: NDArray[np.int64]) -> tuple[Flags, Flags]:
    """Which rows are the header in almost the same words, and which are that of another table."""
    is_again, is_another = np.zeros(len(filled), dtype=bool), np.zeros(len(filled), dtype=bool)
    at = bare[filled[bare] >= _SEVERAL]
    others = np.zeros(len(at), dtype=np.int64)
    for texts in cells.values():
        here = texts[at]
        others += (here != "") & ~_names_column(here)
        is_open = others * _SEVERAL <= filled[at]
        at, others = at[is_open], others[is_open]
        if not len(at):
            break
    for row in at.tolist():
        told = {header: str(texts[row]) for header, texts in cells.items() if texts[row]}
        if len(set(told.values())) < _SEVERAL or _has_figures(np.array([*told.values()], dtype=object)):
            continue
        own = sum(text.casefold() in header.casefold() for header, text in told.items())
        (is_again if own * 2 >= len(told) else is_another)[row] = True
    return is_again, is_another


def _has_figures(texts: Texts) -> bool:
    return bool(((_is_code(texts) | matching(texts, _AMOUNT)) & ~_names_column(texts)).any())


def _names_column(texts: Texts) -> Flags:
    """Whether a cell is a name of a column, and no value; what stands in brackets does not count."""
    bare = pc.replace_substring_regex(pc.utf8_lower(pa.array(texts, pa.string())), r"\(.*\)|[^a-z0-9]", "")
    return np.array(pc.is_in(bare, value_set=_HEADERS).to_numpy(zero_copy_only=False), dtype=bool)


def _shifted(by_field: Mapping[str, Texts], ragged: Mapping[int, str], rows: int) -> Flags:
    """Ragged rows with something under a column of numbers, postcodes or UPRNs that cannot be one."""
    flags = np.zeros(rows, dtype=bool)
    for at in ragged:
        texts = {name: by_field[name][at] for name in _ESSENTIAL if name in by_field}
        flags[at] = any(
            text and text.lower() not in EMPTY_WORDS and not CAN_BE[name](text) for name, text in texts.items()
        )
    return flags


def set_other_tables_aside(whys: Texts, rows: NDArray[np.int64], began: int) -> int:
    """Set rows aside that stand under the header of another table, up to where the register's own comes again.

    Parameters
    ----------
    whys : numpy.ndarray of object, shape (n,)
        As `why_aside` gives them; written to.
    rows : numpy.ndarray of int, shape (n,)
        Rows of the file.
    began : int
        Row of the header of the table that goes on from the rows before; 0 for the register's own.

    Returns
    -------
    int
        The same for the rows after.

    Examples
    --------
    >>> whys = np.array(["", "the header of another table", ""], dtype=object)
    >>> set_other_tables_aside(whys, np.array([7, 8, 9]), 0), whys[[0, 2]].tolist()
    (8, ['', 'belongs to another table, which begins in row 8'])
    """
    marks = np.flatnonzero((whys == _ANOTHER) | (whys == _AGAIN)).tolist()
    for at, end in zip([-1, *marks], [*marks, len(whys)], strict=True):
        if at >= 0:
            began = int(rows[at]) if whys[at] == _ANOTHER else 0
        if began:
            below = whys[at + 1 : end]
            below[below == ""] = f"belongs to another table, which begins in row {began}"
    return began


def as_json(cells: pd.DataFrame, at: NDArray[np.int64]) -> list[str]:
    """The filled cells of some rows, each row a JSON object by header.

    Examples
    --------
    >>> as_json(pd.DataFrame({"Asset": ["Town Hall"], "Ward": [""]}), np.array([0]))
    ['{"Asset": "Town Hall"}']
    """
    rows = cells.iloc[at].fillna("").to_dict("records")
    return [
        json.dumps({str(name): str(text) for name, text in row.items() if str(text)}, ensure_ascii=False)
        for row in rows
    ]


def joined_json(cells: Mapping[str, Texts], rows: int) -> Texts:
    """Filled cells of every row as a JSON object by header; empty text where there are none.

    Examples
    --------
    >>> joined_json({"Ward": np.array(["Lee", ""], dtype=object)}, 2).tolist()
    ['{"Ward": "Lee"}', '']
    """
    parts = []
    for header, texts in cells.items():
        codes, distinct = pd.factorize(texts)
        key = encode_basestring(header)
        written = [f"{key}: {encode_basestring(text)}" if text else "" for text in distinct]
        if any(written):
            parts.append(np.array(written, dtype=object)[codes])
    if not parts:
        return np.full(rows, "", dtype=object)
    joined = (", ".join(filter(None, row)) for row in zip(*parts, strict=True))
    return np.array([f"{{{text}}}" if text else "" for text in joined], dtype=object)
