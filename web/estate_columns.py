"""What a column of a register may be said to hold, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.assets import BY_NAME, FIELDS
from atlas.geo.estate.cleaning.areas import UNIT_WORDS
from atlas.geo.estate.model import ColumnMatch
from atlas.graph.wording import listed

if TYPE_CHECKING:
    from atlas.estate_import import Look

_OFFERED: Final = {"land_ha": ("ha", "acres", "m2"), "floor_m2": ("m2", "ft2")}


def column_choices() -> list[tuple[str, str]]:
    """Fields to choose from, areas once more for each unit: the value that is sent, and its words.

    Examples
    --------
    >>> [words for value, words in column_choices() if value.startswith("land_ha")]
    ['Land', 'Land, in hectares', 'Land, in acres', 'Land, in square metres']
    """
    said = [(field.name, *(f"{field.name}:{unit}" for unit in _OFFERED.get(field.name, ()))) for field in FIELDS]
    return [(value, _words(value)) for values in said for value in values]


def column_words(match: ColumnMatch) -> str:
    """What a column was taken for.

    Examples
    --------
    >>> column_words(ColumnMatch("Extent", "land_ha", 100, "given", unit="yd2"))
    'Land, in square yards'
    >>> column_words(ColumnMatch("Colour", None, 0, "none"))
    'kept as it is'
    """
    return _words(match.said) if match.said else "kept as it is"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as the look at a file shows it.

    Parameters
    ----------
    number : int
        Its place.
    match : ColumnMatch
        What it is taken for.
    said : str
        What its choice stands at.
    fault : str
        Why it cannot be imported so; empty where it can.
    """

    number: int
    match: ColumnMatch
    said: str
    fault: str


def shown_columns(seen: Look) -> list[Shown]:
    """Columns as they are shown: each as it would be imported, and a field that several are to hold said of each."""
    faults = {
        column: f"{_words(name)} is also set for the column {listed([other for other in columns if other != column])}"
        for name, columns in seen.rivals.items()
        for column in columns
    }
    shown = []
    for number, match in enumerate(seen.columns):
        fault = faults.get(match.column, "")
        said = (seen.given.get(match.column, "") or match.said) if fault else match.said
        shown.append(Shown(number, match, said, fault))
    return shown


def columns_of(fields: Mapping[str, str]) -> dict[int, str]:
    """What the fields of a form or an address set columns to, by the place of each.

    Examples
    --------
    >>> columns_of({"column-3": "uprn", "column-x": "use", "sheet": "Land"})
    {3: 'uprn'}
    """
    found = {}
    for name, value in fields.items():
        start, _, number = name.partition("-")
        if start == "column" and number.isdecimal() and len(number) < 6:
            found[int(number)] = value
    return found


def fields_of(seen: Look) -> dict[str, str]:
    """What was set to something else than it was taken for, as fields of an address."""
    numbers = {match.column: number for number, match in enumerate(seen.columns)}
    return {f"column-{numbers[column]}": said or "" for column, said in seen.given.items()}


def _words(value: str) -> str:
    name, _, unit = value.partition(":")
    return f"{BY_NAME[name].label}, in {UNIT_WORDS[unit]}" if unit else BY_NAME[name].label
