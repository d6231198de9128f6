"""The ways in which registers write coordinates: from text to a pair of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GRID: Final = "grid_reference"
"""Notation of a letter grid reference: its numbers are metres, EPSG:27700, whatever else stands in the row."""

Pair = tuple[float, float, str]
Cells = Sequence[str] | NDArray[np.object_]

_UNREAD: Final[Pair] = (np.nan, np.nan, "")
LETTERS: Final = (
    "SV SW SX SY SZ TV TW",
    "SQ SR SS ST SU TQ TR",
    "SL SM SN SO SP TL TM",
    "SF SG SH SJ SK TF TG",
    "SA SB SC SD SE TA TB",
    "NV NW NX NY NZ OV OW",
    "NQ NR NS NT NU OQ OR",
    "NL NM NN NO NP OL OM",
    "NF NG NH NJ NK OF OG",
    "NA NB NC ND NE OA OB",
    "HV HW HX HY HZ JV JW",
    "HQ HR HS HT HU JQ JR",
    "HL HM HN HO HP JL JM",
)
"""Letters of the 100 km squares, from west to east; the first row is the southernmost."""

_SQUARES: Final = {
    letters: (column * 100_000.0, row * 100_000.0)
    for row, line in enumerate(LETTERS)
    for column, letters in enumerate(line.split())
}
"""South-western corner of each 100 km square, metres."""

_QUADRANTS: Final = {"SW": (0, 0), "SE": (1, 0), "NW": (0, 1), "NE": (1, 1)}
_FEWEST_DIGITS: Final = 4
_MOST_DIGITS: Final = 10
_PLAIN_SIGNS: Final = str.maketrans(
    dict.fromkeys("\u2212\u2013\u2014", "-")
    | dict.fromkeys("\u00a0\u2009\u202f", " ")
    | dict.fromkeys("\u2018\u2019\u2032", "'")
    | dict.fromkeys("\u2033\u201c\u201d", '"')
    | dict.fromkeys("\u00ba\u02da", "°")
)
_GRID: Final = re.compile(r"([HJNOST][A-HJ-Z])[\s,/:.-]*((?:\d[\s,/:.-]*)+)(NE|NW|SE|SW)?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}([, '])\d{3}(?:\1\d{3})*(?:\.\d*)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?(?!\d{5,},\d{5,})\d+,\d+")
_ANGLE: Final = re.compile(
    r"([NSEW])?\s*([+-]?\d{1,3})\s*(?:°|:|d|deg|\s)\s*(\d{1,2}(?:\.\d+)?)\s*(?:'|:|m|min|\s)?\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|''|s|sec)?)?\s*([NSEW])?",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(r"(?:([NSEW])\s*)?([+-]?[\d.,' ]*\d)\s*(?:°|m)?\s*([NSEW])?", re.IGNORECASE)
_SPLITS: Final = tuple(
    re.compile(pattern)
    for pattern in (r"\s*[;|/&]\s*", r"\s+(?:-|and)\s+", r",\s+", r"(?<=[NSns])[,\s]*(?=\S)", r"\s+", r",")
)
_WRAPPED: Final = re.compile(r"(?:SRID=\d+;)?\s*(?:POINT\s*)?[(\[](.*)[)\]]", re.IGNORECASE)
_TWELVE: Final = re.compile(r"\d{12}")
_LABELLED: Final = re.compile(
    r"(?:x|e|eastings?|lon|long|longitude|lat|latitude)\s*[:=]?\s*(-?[\d.,' ]*\d)[\s,;/&]*"
    r"(?:y|n|northings?|lat|latitude|lon|long|longitude)\s*[:=]?\s*(-?[\d.,' ]*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Numbers:
    """Pairs of numbers as registers give them, before it is known what they are.

    Parameters
    ----------
    a, b : numpy.ndarray of float, shape (n,)
        What stands in x and in y; NaN where it is not to be read. Of a `GRID` row, easting and northing.
    notation : numpy.ndarray of object, shape (n,)
        How it was written: ``""`` for plain numbers, `GRID`, ``separators``, ``degrees_minutes_seconds``,
        ``both_in_one``.
    """

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    notation: NDArray[np.object_]


def read_numbers(x: Cells, y: Cells) -> Numbers:
    """Read pairs of cells as pairs of numbers, however they are written.

    Parameters
    ----------
    x, y : sequence of str, length n
        Cells; empty where there is nothing.

    Returns
    -------
    Numbers

    Examples
    --------
    >>> found = read_numbers(["530,030", "TQ 377 758", "51.5, -0.1"], ["180,380", "", ""])
    >>> list(zip(found.a.tolist(), found.b.tolist(), found.notation, strict=True))
    [(530030.0, 180380.0, 'separators'), (537750.0, 175850.0, 'grid_reference'), (51.5, -0.1, 'both_in_one')]
    """
    first, second = np.asarray(x, dtype=object), np.asarray(y, dtype=object)
    a, b = _plain(first), _plain(second)
    notation = np.full(len(a), "", dtype=object)
    rest = np.flatnonzero(((np.isnan(a) & (first != "")) | (np.isnan(b) & (second != ""))) | _is_twelve(a, second))
    for at in rest.tolist():
        a[at], b[at], notation[at] = read_pair(first[at], second[at])
    return Numbers(a, b, notation)


def _plain(cells: NDArray[np.object_]) -> NDArray[np.float64]:
    numbers = np.array(pd.to_numeric(pd.Series(cells), errors="coerce"), dtype=float)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _is_twelve(a: NDArray[np.float64], second: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether easting and northing may stand in one cell without anything between them."""
    return np.asarray((a >= 1e10) & (second == ""), dtype=bool)


@lru_cache(maxsize=4096)
def read_pair(x: str, y: str) -> Pair:
    r"""Read two cells as two numbers, and say how they were written; NaN for what cannot be read.

    Examples
    --------
    >>> read_pair("51° 30' 36\" N", "0° 7' 12\" W")
    (51.51, -0.12, 'degrees_minutes_seconds')
    >>> read_pair("somewhere", "180380")
    (nan, 180380.0, '')
    """
    x, y = _tidy(x), _tidy(y)
    for whole in (x, f"{x} {y}" if x and y else y):
        if np.isfinite((found := read_grid_reference(whole))[0]):
            return *found, GRID
    if x and (not y or (x == y and np.isnan(_number(x)[0]))):
        return _both_in_one(x)
    if y and not x:
        return _both_in_one(y) if np.isnan(_number(y)[0]) else (np.nan, _number(y)[0], "")
    (a, how_a), (b, how_b) = _number(x), _number(y)
    if "decimal_comma" in {how_a, how_b}:
        a, b = (_with_decimal_comma(cell, read) for cell, read in ((x, a), (y, b)))
        return a, b, "separators"
    return a, b, how_a or how_b


def read_grid_reference(text: str) -> tuple[float, float]:
    """Middle of the square that a letter grid reference names, metres; NaN where it names none of 1 km or less.

    Examples
    --------
    >>> read_grid_reference("TQ 37700 75800"), read_grid_reference("tq3775")
    ((537700.0, 175800.0), (537500.0, 175500.0))
    """
    # most cells are numbers, and the pattern is slow to say so
    found = _GRID.fullmatch(text.strip().upper()) if text[:1].isalpha() else None
    if not found or found[1] not in _SQUARES:
        return np.nan, np.nan
    parts = re.findall(r"\d+", found[2])
    digits = "".join(parts)
    uneven = len(parts) == 2 and len(parts[0]) != len(parts[1])
    if len(digits) % 2 or not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS or uneven:
        return np.nan, np.nan
    half = len(digits) // 2
    side_m = 10.0 ** (5 - half)
    corner = _SQUARES[found[1]]
    east_m, north_m = (corner[axis] + int(digits[axis * half : (axis + 1) * half]) * side_m for axis in (0, 1))
    if found[3]:
        side_m /= 2
        east_m, north_m = (
            at_m + step * side_m for at_m, step in zip((east_m, north_m), _QUADRANTS[found[3]], strict=True)
        )
    middle_m = 0.0 if side_m <= 1 else side_m / 2
    return east_m + middle_m, north_m + middle_m


def _tidy(cell: str) -> str:
    return " ".join(cell.translate(_PLAIN_SIGNS).split())


def _both_in_one(cell: str) -> Pair:
    """Two numbers out of one cell; one number, or none, where there are not two."""
    if wrapped := _WRAPPED.fullmatch(cell):
        cell = wrapped[1].strip()
    digits = "".join(cell.split()).replace(",", "")
    if _TWELVE.fullmatch(digits):
        return float(digits[:6]), float(digits[6:]), "both_in_one"
    alone = _number(cell)
    if np.isfinite(alone[0]):
        return alone[0], np.nan, alone[1]
    labelled = _LABELLED.fullmatch(cell)
    split = ([part for part in pattern.split(cell) if part] for pattern in _SPLITS)
    for parts in ([*labelled.groups()] if labelled else [], *split):
        if len(parts) != 2:
            continue
        (a, _), (b, _) = (_number(part) for part in parts)
        if np.isfinite(a) and np.isfinite(b):
            return a, b, "both_in_one"
    return _UNREAD


def _number(cell: str) -> tuple[float, str]:
    """A number and how it was written."""
    try:
        value = float(cell) if "_" not in cell else np.nan
    except ValueError:
        pass
    else:
        return (value, "") if np.isfinite(value) else (np.nan, "")
    lettered = _LETTERED.fullmatch(cell)
    if lettered:
        value, how = _separated(lettered[2])
        if np.isfinite(value):
            letter = (lettered[1] or lettered[3] or "").upper()
            return (-abs(value) if letter in {"W", "S"} else value), how or "separators"
    return _angle(cell)


def _separated(digits: str) -> tuple[float, str]:
    if _THOUSANDS.fullmatch(digits) and not re.match(r"[+-]?0|-", digits):
        return float(re.sub(r"[, ']", "", digits)), "separators"
    if _DECIMAL_COMMA.fullmatch(digits):
        return float(digits.replace(",", ".")), "decimal_comma"
    try:
        return float(digits), ""
    except ValueError:
        return np.nan, ""


def _with_decimal_comma(cell: str, read: float) -> float:
    """A cell beside one with a decimal comma, where a comma is one too."""
    return float(cell.replace(",", ".")) if _DECIMAL_COMMA.fullmatch(cell) else read


def _angle(cell: str) -> tuple[float, str]:
    found = _ANGLE.fullmatch(cell)
    if not found or not (found[1] or found[5] or re.search(r"[°:'\"d]", cell, re.IGNORECASE)):
        return np.nan, ""
    degrees, minutes, seconds = abs(float(found[2])), float(found[3]), float(found[4] or 0)
    if minutes >= 60 or seconds >= 60:
        return np.nan, ""
    letter = (found[1] or found[5] or "").upper()
    is_negative = letter in {"W", "S"} or (not letter and found[2].startswith("-"))
    value = round(degrees + minutes / 60 + seconds / 3600, 9)
    return (-value if is_negative else value), "degrees_minutes_seconds"
