"""Days as registers write them, read as ISO."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from atlas.geo.estate.cleaning.cells import EMPTY_WORDS
from atlas.geo.estate.cleaning.values import Reading

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_BRITISH: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[T ].*)?")
_NAMED: Final = re.compile(
    r"(?:[A-Z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[-/. ]([A-Z]{3,9})[-/., ]+(\d{2}|\d{4})(?: .*)?", re.IGNORECASE
)
_SERIAL: Final = re.compile(r"([2-6]\d{4})(?:\.\d+)?")
_PARTIAL: Final = re.compile(r"\d{4}|\d{4}-\d{2}|(?:[A-Z]{3,9}[-/. ])\d{2,4}|\d{1,2}/\d{4}", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_DAY_0: Final = date(1899, 12, 30)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_CENTURY_FROM: Final = 50


def read_date(text: str) -> Reading:  # noqa: PLR0911 -- one way out for each way to write a day
    """Read a day as ISO: the British order where it is open.

    Examples
    --------
    >>> [read_date(text).value for text in ("30/11/2017", "30-Nov-17", "2018-07-05T00:00:00", "43069")]
    ['2017-11-30', '2017-11-30', '2018-07-05', '2017-11-30']
    >>> read_date("31/02/2017").why
    'there is no such day'
    """
    if text.lower() in EMPTY_WORDS:
        return Reading("")
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(*map(int, found.groups()))
    if found := _BRITISH.fullmatch(text):
        day, month, year = map(int, found.groups())
        if month > len(_MONTHS) >= day:
            american = _day(_year(year), day, month)
            return (
                Reading(american.value, "repair", "month_first", "the month stands first")
                if american.value
                else american
            )
        return _day(_year(year), month, day)
    if found := _NAMED.fullmatch(text):
        month_name = found[2][:3].lower()
        if month_name in _MONTHS:
            return _day(_year(int(found[3])), _MONTHS.index(month_name) + 1, int(found[1]))
    if found := _SERIAL.fullmatch(text):
        day_of = _EXCEL_DAY_0 + timedelta(days=int(found[1]))
        return Reading(day_of.isoformat(), "repair", "date_serial", "a spreadsheet's number of a day")
    if _PARTIAL.fullmatch(text):
        return Reading("", "doubt", "date_incomplete", "names no day")
    return Reading("", "doubt", "date_unreadable", "no date")


def _year(year: int) -> int:
    return year if year > 99 else year + (1900 if year > _CENTURY_FROM else 2000)


def _day(year: int, month: int, day: int) -> Reading:
    try:
        found = date(year, month, day)
    except ValueError:
        return Reading("", "doubt", "date_impossible", "there is no such day")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Reading("", "doubt", "date_impossible", f"no register speaks of {year}")
    return Reading(found.isoformat())


def is_far_after(day: str, than: str) -> bool:
    """Whether one ISO day is more than a year after another; an empty one is after none.

    Examples
    --------
    >>> is_far_after("2027-12-15", "2018-07-05"), is_far_after("2018-12-15", "2018-07-05")
    (True, False)
    """
    return bool(day and than) and day > f"{int(than[:4]) + 1}{than[4:]}"
