"""What a column of a register may be said to hold, in words."""

from __future__ import annotations

from typing import Final

from atlas.assets import BY_NAME, FIELDS
from atlas.geo.estate.cleaning.areas import UNIT_WORDS
from atlas.geo.estate.model import ColumnMatch

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


def _words(value: str) -> str:
    name, _, unit = value.partition(":")
    return f"{BY_NAME[name].label}, in {UNIT_WORDS[unit]}" if unit else BY_NAME[name].label
