"""Headers of registers: folded to plain words, and the unit of area that they name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from atlas.geo.estate.cleaning.synonyms import UNITS

_AGAIN: Final = re.compile(r"\s*\(\d+\)\s*$")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS: Final = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_WORD: Final = re.compile(r"[^\W_]+")
_ASIDE: Final = {"in", "of", "approx", "approximate", "total"}
UNIT_PHRASES: Final = sorted(
    ((" ".join(_DIGITS.sub(" ", phrase).split()), unit) for unit, phrases in UNITS.items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
"""Folded words of units of area, each with its unit, the longest first."""


@lru_cache(maxsize=4096)
def fold(header: str) -> str:
    """Write a header as plain words: no case, no camels, no marks.

    Parameters
    ----------
    header : str
        As in the file; the number that tells a second of the same name apart is taken off.

    Examples
    --------
    >>> fold("SiteNameAddress"), fold("Post_Code"), fold("OrganisationLabel (2)"), fold("Area (m²)")
    ('site name address', 'post code', 'organisation label', 'area m 2')
    """
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", _AGAIN.sub("", header)))
    return " ".join(_WORD.findall(_DIGITS.sub(" ", text.casefold())))


def squeeze(folded: str) -> str:
    """Take the spaces out of a folded header, so that ``postcode`` and ``post code`` are one."""
    return folded.replace(" ", "")


@lru_cache(maxsize=4096)
def area_of(header: str) -> tuple[str, str]:
    """Split a header into what is measured and the unit: ``ha``, ``acres``, ``m2``, ``ft2``, ``yd2``, ``km2`` or none.

    Examples
    --------
    >>> area_of("Site_Area_Hectares"), area_of("Building_Area_GIA_sqm"), area_of("Hectares"), area_of("GIA")
    (('site area', 'ha'), ('building area gia', 'm2'), ('', 'ha'), ('gia', ''))
    >>> area_of("Site Area (Ha/Acres)")[1]
    'ha'
    """
    words = f" {fold(header)} "
    found = [(words.find(f" {phrase} "), phrase, unit) for phrase, unit in UNIT_PHRASES if f" {phrase} " in words]
    if not found:
        return words.strip(), ""
    # of two units the first is meant, and of two that begin there the longer
    _, phrase, unit = min(found, key=lambda place: place[0])
    kept = words.replace(f" {phrase} ", " ", 1).split()
    while kept and kept[-1] in _ASIDE:
        kept.pop()
    return " ".join(kept), unit
