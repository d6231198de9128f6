"""Cells of a register, read as the values of fields: what is certain is mended, what is impossible is emptied and said.

Each reader takes one tidied cell and gives a `Reading`; `read_column` puts it to each distinct cell of a column once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.areas import (
    OF_LAND,
    UNIT_WORDS,
    Amount,
    UnclearAreaError,
    amounts_in,
    are_one,
    nearest_to,
    unit_called,
)
from atlas.geo.estate.cleaning.cells import EMPTY_WORDS, Texts, bytes_of, matching, says_nothing
from atlas.geo.estate.model import UNIT_UNKNOWN
from atlas.geo.estate.noted import Notes


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell, read.

    Parameters
    ----------
    value : str
        As the field has it; empty where the cell says nothing that can be.
    kind : {"", "repair", "doubt"}
        What there is to say of it.
    code : str
        Short name of the rule.
    why : str
        What was found, in a few words.
    """

    value: str
    kind: Literal["", "repair", "doubt"] = ""
    code: str = ""
    why: str = ""


def read_column(texts: Texts, read: Callable[[str], Reading], field: str, notes: Notes, plain: str = "") -> Texts:
    """Read every cell of a column, each distinct one once.

    Parameters
    ----------
    texts : numpy.ndarray of object, shape (n,)
        Tidied cells.
    read : callable
        Reads one that is not empty.
    field : str
        Name of the field, for the findings.
    notes : Notes
        Of the same rows; takes the findings.
    plain : str
        Regular expression (RE2) of cells that are as they should be, and need no reading.

    Returns
    -------
    numpy.ndarray of object, shape (n,)
        Texts.
    """
    if plain:
        values = texts.copy()
        rest = np.flatnonzero((texts != "") & ~matching(texts, plain))
    else:
        values, rest = np.full(len(texts), "", dtype=object), np.flatnonzero(texts != "")
    codes, distinct = pd.factorize(texts[rest])
    readings = [read(text) for text in distinct]
    values[rest] = np.array([reading.value for reading in readings] or [""], dtype=object)[codes]
    by_rule: dict[tuple[str, str], list[int]] = {}
    for number, reading in enumerate(readings):
        if reading.kind:
            by_rule.setdefault((reading.kind, reading.code), []).append(number)
    for (kind, code), numbers in by_rule.items():
        among = np.flatnonzero(np.isin(codes, numbers))
        at = rest[among]
        why = [readings[number].why for number in codes[among]]
        if kind == "repair":
            notes.repair(at, field, code, texts[at].tolist(), values[at].tolist(), why)
        else:
            notes.doubt(at, field, code, texts[at].tolist(), why)
    return values


# text ---------------------------------------------------------------------------------------------------------

_BREAKS: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROLS: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
)
_BREAK: Final = re.compile(f"[ {_BREAKS}]+")
_CONTROL: Final = re.compile(f"[{_CONTROLS}]")
_ODD: Final = f"^ | $|  |[{_BREAKS}{_CONTROLS}]"


def tidy(texts: pd.Series) -> Texts:
    r"""Texts with one space where there are spaces or line breaks of any kind, none outside, and no control characters.

    Parameters
    ----------
    texts : pandas.Series of str
        Cells; missing ones count as empty.

    Examples
    --------
    >>> tidy(pd.Series(["  GL50 1DY\n", "Town\x00 Hall", "10 Mews\r \rHigh Street", None])).tolist()
    ['GL50 1DY', 'Town Hall', '10 Mews High Street', '']
    """
    trimmed = pc.utf8_trim_whitespace(pa.array(texts.fillna("").astype("str"), pa.string(), from_pandas=True))
    values = np.array(trimmed.to_numpy(zero_copy_only=False), dtype=object)
    letters = bytes_of(trimmed)
    # in printable ASCII two spaces are all that can be odd, which is seen in a tenth of the time
    is_plain = bool(((letters >= ord(" ")) & (letters <= ord("~"))).all())
    found = pc.match_substring(trimmed, "  ") if is_plain else pc.match_substring_regex(trimmed, _ODD)
    odd = np.flatnonzero(found.to_numpy(zero_copy_only=False))
    values[odd] = [tidy_text(text) for text in values[odd].tolist()]
    return values


def tidy_text(text: str) -> str:
    """One text, as `tidy` writes it."""
    return _CONTROL.sub("", _BREAK.sub(" ", text)).strip()


def with_controls(texts: pd.Series, tidied: Texts) -> NDArray[np.int64]:
    """Positions of texts that had characters that nobody can see and that are no space."""
    values = texts.fillna("").to_numpy(object)
    changed = np.flatnonzero(values != tidied)
    return changed[matching(values[changed], f"[{_CONTROLS}]")]


def read_texts(texts: Texts) -> Texts:
    """Read texts: words for nothing are nothing, and quotation marks round the whole are none.

    Examples
    --------
    >>> read_texts(np.array(["N/A", '"BMW site, Lee Terrace "', "=1+1"], dtype=object)).tolist()
    ['', 'BMW site, Lee Terrace', '=1+1']
    """
    values = np.where(says_nothing(texts), "", texts).astype(object)
    quoted = np.flatnonzero(matching(values, '^"[^"]*"$'))
    values[quoted] = [text[1:-1].strip() for text in values[quoted].tolist()]
    return values


def shown(text: str) -> str:
    r"""Text with the characters that nobody can see written as escapes.

    Examples
    --------
    >>> shown("Town\x00 Hall")
    'Town\\x00 Hall'
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


# UPRN ---------------------------------------------------------------------------------------------------------

_DIGITS: Final = re.compile(r"(\d+)(?:\.0*)?")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_MOST_DIGITS: Final = 12
_ROUNDED: Final = re.compile(r"[1-9]\d{3,5}0{6,8}")
_SEVERAL_UPRNS: Final = re.compile(r"(0*[1-9]\d{5,11})(?:(?:\s*[,;/|&]\s*|\s+and\s+|\s+)0*[1-9]\d{5,11})+")


PLAIN_UPRN: Final = "^[1-9][0-9]{0,4}$|^[1-9][0-9]{4,10}[1-9]$"


def read_uprn(text: str) -> Reading:
    """Read a UPRN: 1 to 12 digits without leading zeros.

    Examples
    --------
    >>> read_uprn("100 020 003 456.0").value, read_uprn("010012809147").value
    ('100020003456', '10012809147')
    >>> read_uprn("1.00021E+11").why
    'rounded by a spreadsheet: its last digits are lost'
    >>> read_uprn("100020003456; 100020003457").value
    '100020003456'
    """
    if text.lower() in EMPTY_WORDS:
        return Reading("")
    several = _SEVERAL_UPRNS.fullmatch(text)
    if several and len(text.replace(" ", "")) > _MOST_DIGITS:
        return Reading(several[1].lstrip("0"), "doubt", "several_uprns", "more than one UPRN: the first is taken")
    packed = text.replace(" ", "").replace(",", "").lstrip("'").removeprefix("UPRN").lstrip(":")
    if _SCIENTIFIC.fullmatch(packed) or _ROUNDED.fullmatch(packed):
        return Reading("", "doubt", "uprn_rounded", "rounded by a spreadsheet: its last digits are lost")
    found = _DIGITS.fullmatch(packed)
    if not found:
        return Reading("", "doubt", "uprn_unreadable", "no UPRN: 1 to 12 digits")
    digits = found[1].lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return Reading("", "doubt", "uprn_too_long", f"{len(digits)} digits; a UPRN has 12 at most")
    # zeros before it are how it is written to twelve digits, and change nothing
    return Reading(digits)


# postcode -----------------------------------------------------------------------------------------------------

_UNIT: Final = r"(?:GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9][0-9]?|[0-9][A-HJKPS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y]))"
_POSTCODE: Final = re.compile(rf"({_UNIT})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_IN_TEXT: Final = re.compile(rf"(?<![A-Z0-9])({_UNIT})\s?([0-9][ABD-HJLNP-UW-Z]{{2}})(?![A-Z0-9])")
_OUTWARD: Final = re.compile(rf"{_UNIT}[0-9]?")
_LIKE: Final = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}
_MARKS: Final = re.compile(r"[^A-Z0-9]")
_PACKED: Final = range(5, 8)


PLAIN_POSTCODE: Final = f"^{_UNIT} [0-9][ABD-HJLNP-UW-Z]{{2}}$"


def read_postcode(text: str) -> Reading:  # noqa: PLR0911 -- as above
    """Read a unit postcode: capitals and one space; letters and digits that look alike put right where one way is left.

    Examples
    --------
    >>> read_postcode("gl501dy").value, read_postcode("SE6 4RU").kind
    ('GL50 1DY', '')
    >>> read_postcode("SE1O OAA")
    Reading(value='SE10 0AA', kind='repair', code='postcode_letters', why='O and 0, I and 1 put right')
    >>> read_postcode("SE13").why
    'only the first part of a postcode'
    """
    if text.lower() in EMPTY_WORDS:
        return Reading("")
    packed = _MARKS.sub("", text.upper())
    if found := _POSTCODE.fullmatch(packed):
        return Reading(f"{found[1]} {found[2]}")
    within = postcodes_in(text)
    if len(within) == 1:
        return Reading(within[0], "repair", "postcode_among_words", "taken out of other words")
    if len(within) > 1:
        return Reading(within[0], "doubt", "postcodes_several", f"{len(within)} postcodes; the first is taken")
    if len(packed) in _PACKED:
        tried = {"".join(letters) for letters in product(*(_LIKE.get(letter, letter) for letter in packed))}
        right = [found for one in tried if (found := _POSTCODE.fullmatch(one))]
        if len(right) == 1:
            return Reading(f"{right[0][1]} {right[0][2]}", "repair", "postcode_letters", "O and 0, I and 1 put right")
    if _OUTWARD.fullmatch(packed):
        return Reading("", "doubt", "postcode_incomplete", "only the first part of a postcode")
    return Reading("", "doubt", "postcode_impossible", "no postcode looks like this")


def postcodes_in(text: str) -> list[str]:
    """Distinct unit postcodes in a text, in capitals with one space.

    Examples
    --------
    >>> postcodes_in("Jethro's Motel, Lewdown, EX20 4DS"), postcodes_in("12 High Street")
    (['EX20 4DS'], [])
    """
    return list(dict.fromkeys(f"{outward} {inward}" for outward, inward in _IN_TEXT.findall(text.upper())))


# numbers ------------------------------------------------------------------------------------------------------

_PLAIN_NUMBER: Final = re.compile(
    r"(?P<number>[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d+)?|\d{1,12}(?:\.\d+)?)(?P<words>\s*[^\W\d].{,20})?"
)
_TOTALLY: Final = {"land_ha": "hectares", "floor_m2": "square metres"}
_LARGEST: Final = {"land_ha": 3_000.0, "floor_m2": 2_000_000.0}
_LARGEST_UNSTATED: Final = {"land_ha": 100.0}
"""More than all but a few parks of London: square metres, most likely."""

_VERY_LARGE: Final = {"land_ha": 300.0}
"""No more than a few of London's parks and commons are larger."""

_KEPT: Final = 6


_UP_TO_99: Final = r"^(?:[1-9][0-9]?(?:\.[0-9]{1,6})?|0\.[0-9]{0,5}[1-9])$"
_UP_TO_9999: Final = r"^(?:[1-9][0-9]{0,3}(?:\.[0-9]{1,6})?|0\.[0-9]{0,5}[1-9])$"
PLAIN_AREAS: Final = {
    "land_ha": {"ha": _UP_TO_99, "": _UP_TO_99},
    "floor_m2": {"m2": _UP_TO_9999, "": _UP_TO_9999},
}
"""What needs no reading, by the unit of the header."""
_OWN: Final = {"land_ha": "ha", "floor_m2": "m2"}
"""Unit of each field of areas."""


def read_area(text: str, field: str, unit: str) -> Reading:  # noqa: PLR0911 -- as above
    """Read an area in the field's unit, whatever unit the cell or the header gives.

    A number is taken only with its unit and words that change nothing, such as ``approx`` or ``GIA``. Where one area
    stands in several units, the field's own is taken, if the others agree.

    Parameters
    ----------
    text : str
        Cell.
    field : {"land_ha", "floor_m2"}
        What it measures.
    unit : str
        Of the column, as `atlas.geo.estate.cleaning.headers.area_of` names it; empty for the field's own,
        `UNIT_UNKNOWN` where a number without its unit says nothing.

    Examples
    --------
    >>> read_area("0.27 ha", "land_ha", "").value, read_area("1,234", "floor_m2", "m2").value
    ('0.27', '1234.0')
    >>> read_area("2.5", "land_ha", "acres")
    Reading(value='1.011714', kind='repair', code='converted', why='acres into hectares')
    >>> read_area("111m2 / 1200sqft", "floor_m2", "")
    Reading(value='111.0', kind='', code='', why='')
    >>> read_area("-3", "land_ha", "ha").why
    'an area cannot be negative'
    """
    own = _OWN[field]
    plain = _PLAIN_NUMBER.fullmatch(text)
    if plain and not plain["words"] and unit == UNIT_UNKNOWN:
        return _unit_unknown(field)
    if plain and (given := unit_called(plain["words"]) if plain["words"] else unit or own):
        size = float(plain["number"].replace(",", ""))
        return _read_amount(Amount(size, given), field, unit, is_stated=bool(plain["words"] or unit))
    if text.lower() in EMPTY_WORDS:
        return Reading("")
    try:
        said = amounts_in(text)
    except UnclearAreaError as unclear:
        return Reading("", "doubt", "number_unreadable", str(unclear))
    if unit == UNIT_UNKNOWN and not all(amount.unit for amount in said):
        return _unit_unknown(field)
    amounts = [replace(amount, unit=amount.unit or unit or own) for amount in said]
    if any(amount.size < 0 for amount in amounts):
        return Reading("", "doubt", "negative", "an area cannot be negative")
    if not are_one(amounts):
        return Reading("", "doubt", "areas_differ", "several areas, and not one in several units")
    is_stated = bool(unit) or any(amount.unit for amount in said)
    reading = _read_amount(nearest_to(amounts, own), field, unit, is_stated=is_stated)
    is_among_words = not any(amount.unit for amount in said) and not text.rstrip(" .()")[-1:].isnumeric()
    if is_among_words and not reading.kind:
        return replace(reading, kind="repair", code="number_among_words", why="taken out of other words")
    return reading


def _unit_unknown(field: str) -> Reading:
    why = f"the column is not like {_TOTALLY[field]}: say its unit"
    return Reading("", "doubt", "unit_unknown", why)


def _read_amount(amount: Amount, field: str, unit: str, *, is_stated: bool) -> Reading:  # noqa: PLR0911 -- as above
    """Read an amount in the field's own unit, unless no asset is so large, or none is where no unit is stated."""
    own = _OWN[field]
    value = round(amount.into(own), _KEPT)
    if amount.size == 0:
        return Reading("")
    is_of_land = field == "floor_m2" and amount.unit in OF_LAND and unit not in OF_LAND
    if not is_stated and value > _LARGEST_UNSTATED.get(field, value):
        return Reading(
            "", "doubt", "unit_unknown", f"no unit is stated, and {value:,.0f} {_TOTALLY[field]} are too many"
        )
    if value > _LARGEST[field]:
        return Reading("", "doubt", "too_large", f"{value:,.0f} {_TOTALLY[field]} cannot be one asset's")
    if is_of_land:
        return Reading(
            "", "doubt", "unit_of_land", f"{UNIT_WORDS[amount.unit]} measure land, and the column holds floors"
        )
    if value > _VERY_LARGE.get(field, value):
        return Reading(str(value), "doubt", "very_large", f"few parks are larger: are these {_TOTALLY[field]}?")
    if amount.unit != own:
        return Reading(str(value), "repair", "converted", f"{UNIT_WORDS[amount.unit]} into {_TOTALLY[field]}")
    if amount.has_decimal_comma:
        return Reading(str(value), "repair", "decimal_comma", "a comma for the decimal point")
    return Reading(str(value))
