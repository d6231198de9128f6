"""Amounts of area in a cell: each number with the unit that stands with it, where nothing more is said that matters."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from atlas.geo.estate.cleaning.headers import UNIT_PHRASES
from atlas.geo.estate.cleaning.synonyms import HA

HECTARES: Final = {**HA, "roods": HA["acres"] / 4, "perches": HA["acres"] / 160}
"""Hectares in one of each unit that a cell may have: 40 perches are a rood, and 4 roods an acre."""

UNIT_WORDS: Final = {
    "ha": "hectares",
    "acres": "acres",
    "m2": "square metres",
    "ft2": "square feet",
    "km2": "square kilometres",
    "yd2": "square yards",
    "roods": "roods",
    "perches": "perches",
}
"""What each of them is called."""

OF_LAND: Final = frozenset({"ha", "acres", "km2", "roods", "perches"})
"""Units in which land is measured, and no floor."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit.

    Parameters
    ----------
    size : float
        In `unit`.
    unit : str
        A key of `HECTARES`; empty where none stands with the number.
    has_decimal_comma : bool
        Whether a comma stands for its decimal point.
    within : float
        How far off it may be by rounding, in `unit`: half of its last decimal place.
    """

    size: float
    unit: str
    has_decimal_comma: bool = False
    within: float = 0.0

    def into(self, unit: str) -> float:
        """Size in another unit.

        Examples
        --------
        >>> Amount(40.0, "perches").into("roods")
        1.0
        """
        return self.size * HECTARES[self.unit] / HECTARES[unit]


class UnclearAreaError(ValueError):
    """A cell has no number, several that do not belong together, or words that may change what they mean."""


# numbers --------------------------------------------------------------------------------------------------------

_SIGN: Final = r"[-\N{MINUS SIGN}]"
_NUMBER: Final = (
    rf"(?:^{_SIGN}\s*|(?<![\w)]){_SIGN})?"
    r"(?:(?:\d+(?:\s+|-))?\d+[/\N{FRACTION SLASH}]\d+(?![\d/])|(?:(?<![^\W\d_])\.)?\d(?:[\d.,]*\d)?(?:E[-+]?\d+)?)"
)
_FRACTION: Final = re.compile(
    rf"(?P<sign>{_SIGN}?)(?:(?P<whole>\d{{1,6}})[\s-]+)?(?P<top>\d\d?)[/\N{{FRACTION SLASH}}](?P<bottom>\d\d?)"
)
_BARE_FRACTION: Final = re.compile(rf"{_SIGN}?\d+/\d+")
_LARGEST_BOTTOM: Final = 16
_POINTED: Final = re.compile(rf"{_SIGN}?(?:[1-9]\d{{0,2}}(?:,\d{{3}})+|\d*)(?:\.\d+)?(?:E[-+]?\d+)?", re.IGNORECASE)
# not 0,350: a spreadsheet writes 350 so where it shows four digits
_DECIMAL_COMMA: Final = re.compile(rf"{_SIGN}?(?:0,(?!\d{{3}}$)\d+|[1-9]\d*,\d\d?)")


def _number(digits: str) -> Amount:
    """Read a number that has no unit yet."""
    if found := _FRACTION.fullmatch(digits):
        whole, top, bottom = (int(found[part] or 0) for part in ("whole", "top", "bottom"))
        if top < bottom <= _LARGEST_BOTTOM:
            return Amount((whole + top / bottom) * (-1 if found["sign"] else 1), "")
    signed = re.sub(r"\s", "", digits).replace("\N{MINUS SIGN}", "-")
    if _DECIMAL_COMMA.fullmatch(signed):
        return Amount(float(signed.replace(",", ".")), "", has_decimal_comma=True, within=_half_of_last(signed, ","))
    if _POINTED.fullmatch(signed):
        return Amount(float(signed.replace(",", "")), "", within=_half_of_last(signed, "."))
    raise UnclearAreaError(f"{digits} can be read in more than one way")


def _half_of_last(digits: str, point: str) -> float:
    """Half of the last place of a number that has decimals; a whole one is taken as exact."""
    decimals = digits.partition(point)[2]
    return 0.5 * 10.0 ** -len(decimals) if decimals.isdigit() else 0.0


# parts of a cell ------------------------------------------------------------------------------------------------

_VULGAR: Final = map(chr, (*range(0xBC, 0xBF), *range(0x2150, 0x215F)))
_SPELLED: Final = str.maketrans(
    {sign: f" {unicodedata.normalize('NFKC', sign)}" for sign in (*_VULGAR, "\N{SQUARE M SQUARED}")}
)
_ROODS: Final = re.compile(r"\b(\d+)\s*a\b[\s.,]*(\d+)\s*r\b", re.IGNORECASE)
_PERCHES: Final = re.compile(r"(?<= roods)[\s.,]*(\d+(?:\.\d+)?)\s*p\b", re.IGNORECASE)
_HARMLESS: Final = (
    r"approx(?:imate(?:ly)?)?|about|around|circa|ca?(?=[\s.]*\d)|roughly|est(?:imated?)?|measured"
    r"|gi[fa]?a|nia|gea|gross|net|internal|external|total|area|gis|scaled|desktop|tbc|ipms\s?\d|whole site|in total"
    r"|or thereabouts|more or less|or(?=\W*\d)|of(?=\s+(?:land|woodland|grazing|meadow|pasture))"
    r"|(?:not )?owned by a public authority|(?:unknown|mixed|public|private) ownership"
)
_COUNTABLE: Final = r"sites?|land|woodland|grazing|meadow|pasture|plots?|floor(?:space)?|space|buildings?"
_MARKS: Final = (
    r"(?!^\([\d.,]+\)$)[\s.,;:()\[\]/=~*#?|'\"\N{ALMOST EQUAL TO}\N{DAGGER}\N{DOUBLE DAGGER}\N{EN DASH}\N{EM DASH}-]"
)
_NO_MORE_LETTERS: Final = r"(?![^\W\d_])"


def _pattern(unit: str) -> str:
    """What a cell may call a unit: dots and spaces may stand between and after its words, and digits be raised."""
    phrases = [phrase for phrase, of in (*UNIT_PHRASES, ("roods?", "roods"), ("perch(?:es)?", "perches")) if of == unit]
    words = "|".join(phrase.replace("2", "[2\N{SUPERSCRIPT TWO}]").replace(" ", r"[\s.^]*") for phrase in phrases)
    return rf"(?P<{unit}>(?:{words})(?![^\W_]))"


_UNIT: Final = "|".join(map(_pattern, HECTARES))
_UNIT_ALONE: Final = re.compile(rf"\s*(?:{_UNIT})\.?", re.IGNORECASE)
_PART: Final = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<mark>{_MARKS})|{_UNIT}|(?P<harmless>(?:{_HARMLESS}){_NO_MORE_LETTERS})"
    rf"|(?P<countable>(?:{_COUNTABLE}){_NO_MORE_LETTERS})|(?P<other>[^\W\d_]+|.)",
    re.IGNORECASE | re.DOTALL,
)
_UNITS_BEHIND: Final = re.compile("n?(?:nu)*")
_UNITS_BEFORE: Final = re.compile("(?:un)+")


@lru_cache(maxsize=4096)
def unit_called(words: str) -> str:
    """Which unit of `HECTARES` a text names, and nothing else; empty where it does not.

    Examples
    --------
    >>> unit_called("sq. yds"), unit_called(" m\N{SUPERSCRIPT TWO}"), unit_called("m"), unit_called("ha approx")
    ('yd2', 'm2', '', '')
    """
    found = _UNIT_ALONE.fullmatch(words)
    return str(found.lastgroup) if found else ""


@lru_cache(maxsize=4096)
def unit_in(words: str) -> str:
    """Which unit a text names beside words that change nothing, such as ``GIA`` or ``site area``; empty for no one.

    Examples
    --------
    >>> unit_in("GIA m2"), unit_in("Site area (ha)"), unit_in("sq ft"), unit_in("per m2"), unit_in("GIA")
    ('m2', 'ha', 'ft2', '', '')
    """
    try:
        amounts = amounts_in(f"1 {words}")
    except UnclearAreaError:
        return ""
    return amounts[0].unit if len(amounts) == 1 else ""


def amounts_in(text: str) -> list[Amount]:
    """Take a cell apart into amounts of area: a unit is of the number before it, or after it where a unit is first.

    Parameters
    ----------
    text : str
        Cell.

    Returns
    -------
    list of Amount
        One or more. The first has no unit where none stands with it; acres, roods and perches are one amount.

    Raises
    ------
    UnclearAreaError
        Where it is not certain what the numbers measure.

    Examples
    --------
    >>> [(amount.size, amount.unit) for amount in amounts_in("approx 0.40 ha (0.99 acres)")]
    [(0.4, 'ha'), (0.99, 'acres')]
    >>> [(amount.size, amount.unit) for amount in amounts_in("7a 2r 10p")]
    [(7.5625, 'acres')]
    >>> amounts_in("14 garages")
    Traceback (most recent call last):
    atlas.geo.estate.cleaning.areas.UnclearAreaError: 'garages' is no part of an area
    """
    spelled = _PERCHES.sub(r" \1 perches", _ROODS.sub(r"\1 acres \2 roods", text.translate(_SPELLED))).strip()
    parts = [(str(found.lastgroup), found[0]) for found in _PART.finditer(spelled)]
    numbers = [part for kind, part in parts if kind == "number"]
    units = [kind for kind, _ in parts if kind in HECTARES]
    unclear = {"other"} if units else {"other", "countable"}
    if not numbers:
        raise UnclearAreaError("no number")
    if strange := next((part for kind, part in parts if kind in unclear), ""):
        raise UnclearAreaError(f"{strange!r} is no part of an area")
    order = "".join("u" if kind in HECTARES else "n" for kind, _ in parts if kind == "number" or kind in HECTARES)
    if not (_UNITS_BEHIND.fullmatch(order) or _UNITS_BEFORE.fullmatch(order)):
        raise UnclearAreaError("more than one number")
    if not units and _BARE_FRACTION.fullmatch(numbers[0]):
        raise UnclearAreaError("a fraction of no unit")
    given = [*[""] * (len(numbers) - len(units)), *units]
    return _summed([replace(_number(digits), unit=unit) for digits, unit in zip(numbers, given, strict=True)])


# several amounts ------------------------------------------------------------------------------------------------

_PARTS_OF: Final = {"roods": (("acres",), 4.0), "perches": (("acres", "roods"), 40.0)}
"""Units of which a larger one may stand before, and how many of them make the next larger."""
_MOST_APART: Final = 0.03
_METRIC: Final = ("ha", "m2", "km2")


def _summed(amounts: Sequence[Amount]) -> list[Amount]:
    """Add roods and perches to the acres before them."""
    sums = list(amounts[:1])
    for before, amount in pairwise(amounts):
        larger, most = _PARTS_OF.get(amount.unit, ((), 0.0))
        if before.unit in larger and before.size.is_integer() and amount.size < most:
            sums[-1] = replace(sums[-1], size=sums[-1].size + amount.into(sums[-1].unit))
        else:
            sums.append(amount)
    return sums


def are_one(amounts: Sequence[Amount]) -> bool:
    """Whether amounts say one area in several units: within 3 %, or as far apart as rounding may set them.

    Parameters
    ----------
    amounts : sequence of Amount
        With units.

    Examples
    --------
    >>> are_one([Amount(12.4, "acres"), Amount(5.02, "ha")]), are_one([Amount(12.4, "acres"), Amount(12.4, "ha")])
    (True, False)
    >>> are_one([Amount(0.25, "ha"), Amount(0.251, "ha")]), are_one(amounts_in("0.4 ha (4,321 sq m)"))
    (False, True)
    """
    return all(_agree(one, other) for one, other in pairwise(amounts))


def _agree(one: Amount, other: Amount) -> bool:
    if one.unit == other.unit:
        return math.isclose(one.size, other.size)
    within_ha = sum(replace(amount, size=amount.within).into("ha") for amount in (one, other))
    return math.isclose(one.into("ha"), other.into("ha"), rel_tol=_MOST_APART, abs_tol=within_ha)


def nearest_to(amounts: Sequence[Amount], unit: str) -> Amount:
    """Of amounts that say one area, the one in a unit; else the first in a metric unit; else the first.

    Examples
    --------
    >>> nearest_to([Amount(0.99, "acres"), Amount(0.4, "ha")], "ha").size
    0.4
    >>> nearest_to([Amount(1200, "ft2"), Amount(111, "m2")], "ha").unit
    'm2'
    """
    return min(amounts, key=lambda amount: (amount.unit != unit, amount.unit not in _METRIC))
