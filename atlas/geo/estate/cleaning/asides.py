"""Rows of a register that are no assets: sums, headings, notes, headers, other tables, and what nothing identifies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import EMPTY_WORDS, Flags, Texts, lengths, mapped, matching, says_nothing
from atlas.geo.estate.cleaning.looks import CAN_BE
from atlas.geo.estate.cleaning.tables import AGAIN, ANOTHER, WIDE, headers_among
from atlas.geo.estate.cleaning.words import is_use

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
_PART_SUM: Final = r"(?i)^(?:sub[- ]?|grand )totals?\b"
_SAYS_TOTAL: Final = r"(?i)^(?:grand |sub[- ]?|overall )?totals?\b|\b(?:sub-?)?totals?[\s:.=]*$"
_IS_BRAND: Final = r"(?i)^total (?:garage|petrol|filling|fuel|service|fitness|gym|energ)"
_AMOUNT: Final = (
    r"(?i)^(?:\W*\d[\d.,]*\W*(?:ha|hectares?|acres?|ac|m2|m²|sq\.? ?(?:m|ft|feet|yds?|metres?)\.?|ft2|ft²|km2|k|m|"
    r"sites?|assets?|properties|plots?|units?|no\.?)?\W*)+$"
)
_ADDRESS: Final = r"(?i)(?:^|[\s,])\d{1,4}[a-z]?,?\s+[a-z]\S*\s+[a-z]|\b[a-z]{1,2}\d[0-9a-z]?\s?\d[a-z]{2}\b"
_CODE: Final = r"^\S+$|^(?:[A-Za-z]{0,3}[^A-Za-z]+)*[A-Za-z]{0,3}$|\d{5}|\d\.\d\d"
_NOTE: Final = (
    r"(?i)^(?:\*|©|# |\(c\) |notes?\b|sources?\b|n\.?b\.?\b|disclaimer|contains |data (?:as|correct|source)|this (?:"
    r"report|list|register|data|file)|(?:crown )?copyright|please note|produced by|end of |key:|licen[cs]ed under|"
    r"correct (?:as )?at\b|as at \d|report (?:run|date|produced|generated)\b|"
    r"(?:printed|generated|run) (?:on|at|by)\b.*\d|"
    r"signed\b|contact\b.*@|\(\d\) [a-z]|[a-z]{1,5} = |"
    r"for (?:further|more) information|for (?:queries|enquiries)|last updated|page \d+(?: of \d+)?$)"
)
_WORD: Final = re.compile(r"[^\W_]+")
_LONG: Final = 120
_SHORT: Final = 60
_HEADING_WORDS: Final = frozenset(
    {"surplus", "vacant", "empty", "operational", "held", "disposal", "disposed", "sold", "declared", "acquired"}
    | {"year", "freehold", "freeholds", "leasehold", "leaseholds", "leased", "leases", "licensed", "licences", "let"}
    | {"owned", "occupied", "tenanted", "transferred", "construction", "investment", "commercial", "portfolio"}
    | {"estate", "other", "property", "properties", "buildings", "assets", "sites", "land", "short", "long", "not"}
    | {"non", "under", "for", "to", "of", "in", "out", "and", "or", "the", "by"}
)
"""Words of which headings of sections are made, and names of places are not alone."""
_RIGHTS: Final = frozenset({"fh freehold", "lh leasehold"})
_MOVABLE: Final = {
    *("vehicle", "vehicles", "furniture", "equipment", "machinery", "software", "hardware", "intangible"),
    *("intangibles", "regalia", "vessels"),
}
_ASIDE_MOVABLE: Final = {
    *("plant", "fittings", "fixtures", "assets", "asset", "and", "other", "office", "computer", "it", "ict", "civic"),
}
_MOVABLE_NAMES: Final = (
    r"(?i)\b(?:laptops?|computers?|printers?|(?:lawn ?)?mowers?|strimmers?|defibrillators?|projectors?|photocopiers?"
    r"|chains? of office|regalia)(?: \(?x? ?\d+\)?)?$"
)
HEADING: Final = "a heading or a note: one cell alone in its row"
SUM: Final = "a sum of other rows"


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
    first = first_filled(cells, rows)
    labels = [by_field.get(name, np.full(rows, "", dtype=object)) for name in _LABELS]
    bare = _bare(by_field, has_shape)
    is_lone = (filled == 1) & ~has_shape
    is_again, is_another = headers_among(cells, bare, filled)
    is_sum = (
        _is_named(_PART_SUM, by_field, first, has_shape, _PLACES)
        | _only(_is_sum, cells, by_field, bare, rows)
        | _is_total(by_field, first, has_shape)
    )
    reasons = (
        (_shifted(by_field, ragged, rows), ""),
        (_only(_is_heading, cells, by_field, bare[is_lone[bare]], rows), HEADING),
        (~_identified(by_field, has_shape), "nothing in it names or places an asset"),
        (is_lone & (matching(first, _NOTE) | (lengths(first) > _LONG)), "a note and not an asset"),
        (is_sum, SUM),
        (_is_aggregate(labels), "several sites added up, and not one asset"),
        (_is_movable(by_field, rows), "no land or property, but what can be moved or is nowhere"),
        (is_another, ANOTHER),
        (is_again | ((repeated == filled) & (filled > 1)), AGAIN),
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


def first_filled(cells: Mapping[str, Texts], rows: int) -> Texts:
    """The first cell of each row that is filled, in the order of the columns."""
    first = np.full(rows, "", dtype=object)
    for texts in cells.values():
        open_rows = first == ""
        if not open_rows.any():
            break
        first[open_rows] = texts[open_rows]
    return first


def _identified(by_field: Mapping[str, Texts], has_shape: Flags) -> Flags:
    is_identified = has_shape.copy()
    for texts in _of(by_field, IDENTIFYING):
        is_identified |= ~says_nothing(texts)
    return is_identified


def _is_aggregate(labels: Sequence[Texts]) -> Flags:
    reference, *others = labels
    is_code = np.array([text.lower() in _AGGREGATE_CODES for text in reference.tolist()], dtype=bool)
    for texts in others:
        is_code |= matching(texts, _AGGREGATE)
    return np.asarray(is_code)


def _is_movable(by_field: Mapping[str, Texts], rows: int) -> Flags:
    """Whether the use is a class of vehicles, equipment and the like, as registers of all fixed assets have it."""
    uses = by_field.get("use", np.full(rows, "", dtype=object))
    is_of_class = mapped(uses, lambda text: "yes" if _is_movable_class(text) else "", "", "") == "yes"
    is_named = matching(by_field.get("name", uses), _MOVABLE_NAMES)
    for texts in _of(by_field, ("uprn", "x", "grid_reference")):
        is_named &= says_nothing(texts)
    return np.asarray(is_of_class | is_named)


def _is_movable_class(text: str) -> bool:
    """Whether a class of assets is of movable things alone: ``Vehicles, plant & equipment``."""
    words = set(_WORD.findall(text.casefold()))
    return bool(words & _MOVABLE) and words <= _MOVABLE | _ASIDE_MOVABLE


def _is_code(texts: Texts) -> Flags:
    """Whether a cell is a number, a code or a place, and no words."""
    return matching(texts, r"\d") & matching(texts, _CODE)


def _bare(by_field: Mapping[str, Texts], has_shape: Flags) -> NDArray[np.int64]:
    """Positions of rows that have no place, no reference and no address; words where one should be are none."""
    at = np.flatnonzero(~has_shape)
    for texts in _of(by_field, _PLACES):
        at = at[~_is_code(texts[at])]
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
    """Whether a kind of places stands alone in its row, in a table of several columns, or words where a place should.

    A name alone may be an asset of which no more is known.
    """
    rows = len(next(iter(cells.values())))
    if len(cells) < WIDE:
        return np.zeros(rows, dtype=bool)
    words = first_filled(cells, rows)
    is_kind = np.array([_is_kind(text) for text in words.tolist()], dtype=bool)
    for texts in _of(by_field, _PLACES):
        is_kind |= texts != ""
    is_heading = is_kind & matching(words, r"[A-Za-z]") & ~matching(words, _ADDRESS)
    return is_heading & _identified(by_field, np.zeros(rows, dtype=bool))


def _is_kind(text: str) -> bool:
    """Whether a text names a kind of places, as many, or a section: ``Car parks``, ``Leased in``, ``LEE GREEN``."""
    words = text.strip(" :").casefold()
    if words in _RIGHTS or (words.endswith("s") and is_use(words)):
        return True
    is_of_section = words.endswith(" ward") or text.isupper() or set(_WORD.findall(words)) <= _HEADING_WORDS
    return is_of_section and not re.search(r"\d", words)


def _is_total(by_field: Mapping[str, Texts], first: Texts, has_shape: Flags) -> Flags:
    """Whether a row is named a total, has a number or a count for a reference, and no place and no address."""
    flags = _is_named(_TOTAL, by_field, first, has_shape, ("street", *_PLACES))
    for texts in _of(by_field, ("reference",)):
        flags &= says_nothing(texts) | matching(texts, _AMOUNT)
    return flags


def _is_named(
    pattern: str, by_field: Mapping[str, Texts], first: Texts, has_shape: Flags, empty: Sequence[str]
) -> Flags:
    """Whether the first cell or the name of a row is like a pattern, and some of its fields are empty."""
    flags = np.any([matching(texts, pattern) for texts in (first, *_of(by_field, ("name",)))], axis=0) & ~has_shape
    for texts in _of(by_field, empty):
        flags &= says_nothing(texts)
    return np.asarray(flags)


def _of(by_field: Mapping[str, Texts], names: Sequence[str]) -> list[Texts]:
    return [by_field[name] for name in names if name in by_field]


def _is_sum(cells: Mapping[str, Texts], by_field: Mapping[str, Texts]) -> Flags:
    """Whether a cell of rows without a place, a reference or an address says total."""
    rows = len(next(iter(cells.values())))
    is_sum = matching(first_filled(cells, rows), _TOTAL)
    for texts in _of(by_field, ("reference", "name", "street", *_PLACES)):
        is_sum |= matching(texts, _TOTAL)
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
    here = texts[at]
    flags[at] = ~matching(here, _ADDRESS) & ~matching(here, _IS_BRAND) & (lengths(here) <= _SHORT)
    return flags


def _shifted(by_field: Mapping[str, Texts], ragged: Mapping[int, str], rows: int) -> Flags:
    """Ragged rows with something under a column of numbers, postcodes or UPRNs that cannot be one."""
    flags = np.zeros(rows, dtype=bool)
    for at in ragged:
        texts = {name: by_field[name][at] for name in _ESSENTIAL if name in by_field}
        flags[at] = any(
            text and text.lower() not in EMPTY_WORDS and not CAN_BE[name](text) for name, text in texts.items()
        )
    return flags


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
