"""Rows of a register that are no assets: sums, notes, repeated headers, and what nothing identifies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import EMPTY_WORDS, Flags, Texts, lengths, matching, says_nothing
from atlas.geo.estate.cleaning.looks import CAN_BE

IDENTIFYING: Final = ("reference", "uprn", "name", "number", "street", "postcode", "x", "y", "grid_reference")
"""Fields of which a row needs one, where it has no outline."""

_ESSENTIAL: Final = ("uprn", "postcode", "land_ha", "floor_m2", "x", "y")
_AGGREGATE_CODES: Final = frozenset({"aggre", "aggr", "aggregate"})
_AGGREGATE: Final = r"(?i)^(?:aggregated? ?sites?|aggregated?|all other sites|other sites \(aggregated?\))$"
_TOTAL: Final = (
    r"(?i)^(?:grand |sub[- ]?|overall )?(?:totals?|sum|average|mean|count)(?: (?:number|area|sites|assets|land|"
    r"properties|hectares|ha|floor area|count|for|of|no)\b.*)?[\s:.=\d,]*$"
)
_NOTE: Final = (
    r"(?i)^(?:\*|©|\(c\) |notes?\b|sources?\b|n\.?b\.?\b|disclaimer|contains |data (?:as|correct|source)|this (?:"
    r"report|list|register|data|file)|(?:crown )?copyright|please note|produced by|end of |key:|licen[cs]ed under)"
)
_LONG: Final = 120


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
    labels = [by_field.get(name, np.full(rows, "", dtype=object)) for name in ("reference", "name", "use")]
    reasons = (
        (_shifted(by_field, ragged, rows), ""),
        (~_identified(by_field, has_shape), "nothing in it names or places an asset"),
        ((filled == 1) & (matching(first, _NOTE) | (lengths(first) > _LONG)) & ~has_shape, "a note and not an asset"),
        (_is_total(by_field, [first, *labels[:2]]) & ~has_shape, "a sum of other rows"),
        (_is_aggregate(labels), "several sites added up, and not one asset"),
        ((repeated == filled) & (filled > 1), "the header once more"),
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


def _is_total(by_field: Mapping[str, Texts], labels: Sequence[Texts]) -> Flags:
    """Whether one of the cells that name a row says total, and nothing says where it is."""
    flags = np.zeros(len(labels[0]), dtype=bool)
    for texts in labels:
        flags |= matching(texts, _TOTAL)
    for name in ("postcode", "uprn", "x"):
        if name in by_field and flags.any():
            flags &= says_nothing(by_field[name])
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
