"""Postcodes in the search: whole, begun, or nearly one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from shapely import Point

from atlas.errors import UnavailableError
from atlas.snapshot import Atlas
from atlas.sources.london_postcodes import LondonPostcodes, is_beginning, is_whole, packed
from atlas.sources.postcodes import tidy
from web.names import Name

POSTCODES: Final = LondonPostcodes()
"""One for the whole process: postcodes follow from nothing that is chosen."""

POSTCODES_BEGUN: Final = "postcodes"
"""Kind of what more postcodes begin with than are shown."""

SHOWN: Final = 8
OFFERED: Final = 4

_CONFUSED: Final[Mapping[str, str]] = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}
_SHORTEST, _LONGEST = 5, 7
_MOST: Final = 0.5
_NAMED: Final = 3


def postcode_names(atlas: Atlas, typed: str) -> list[Name]:
    """The postcode typed, or those that begin so and the first of them; none where the package is not installed."""
    if not is_beginning(typed):
        return []
    try:
        names = [name for one in POSTCODES.beginning(typed, SHOWN) if (name := _postcode(atlas, one))]
        return names if is_whole(typed) else [*_all_begun(atlas, typed), *names]
    except UnavailableError:
        return []


def meant_names(atlas: Atlas, typed: str) -> list[Name]:
    """The postcodes that may be meant by what is none; none where the package is not installed."""
    try:
        return [name for one in _meant(typed) if (name := _postcode(atlas, one, "did you mean: "))]
    except UnavailableError:
        return []


def not_in_london(typed: str) -> str:
    """That a whole postcode is none of London's, in words; empty where it is one, or nobody can tell.

    Examples
    --------
    >>> not_in_london("m1 1ae"), not_in_london("N1 0AA"), not_in_london("Lewisham")
    ('M1 1AE is not a postcode in London', '', '')
    """
    try:
        is_other = is_whole(typed) and POSTCODES.find(typed) is None
    except UnavailableError:
        return ""
    return f"{tidy(packed(typed))} is not a postcode in London" if is_other else ""


def confused(typed: str) -> list[str]:
    """What postcodes are written like what was typed, where O is taken for 0, and I or L for 1, or the other way.

    Examples
    --------
    >>> confused("SEI3 6LG"), confused("Lewisham"), confused("solo")
    (['SE13 6LG'], [], [])
    """
    wanted = packed(typed)
    if not _SHORTEST <= len(wanted) <= _LONGEST or not any(map(str.isdecimal, wanted)):
        return []
    written = ("".join(letters) for letters in product(*(_CONFUSED.get(letter, letter) for letter in wanted)))
    return [tidy(one) for one in written if one != wanted and is_whole(one)]


def _meant(typed: str) -> Sequence[str]:
    """Postcodes that may be meant: letters and figures confused, else the last letter wrong."""
    wanted = packed(typed)
    if POSTCODES.beginning(wanted, 1):
        return []
    if found := [one for one in confused(typed) if POSTCODES.find(one)]:
        return found[:OFFERED]
    begun = wanted[:-1]
    if not _SHORTEST <= len(wanted) <= _LONGEST or not is_whole(f"{begun}A"):
        return []
    return [one for one in POSTCODES.beginning(begun, OFFERED) if len(packed(one)) == len(wanted)]


def _all_begun(atlas: Atlas, typed: str) -> Iterator[Name]:
    """What begins as typed, all together, where that is more than is shown."""
    begun, names = POSTCODES.counted(typed), atlas.inputs.areaset.borough_names()
    boroughs = [names[lad] for lad in begun.lads if lad in names] if begun else []
    count = sum(begun.lads.values()) if begun else 0
    if begun and boroughs and count > SHOWN:
        first = next(lad for lad in begun.lads if lad in names)
        where = f"{_part_words(begun.name)}, {_within(boroughs, begun.lads[first] / count)}"
        what = f"{where}; {count:,} postcodes, the first of them below"
        yield Name(POSTCODES_BEGUN, begun.name, begun.name, what, (), first, (first,))


def _part_words(begun: str) -> str:
    """What the beginning of a postcode is called.

    Examples
    --------
    >>> _part_words("SE13"), _part_words("SE13 6"), _part_words("SE13 6L")
    ('postcode district', 'postcode sector', 'part of a postcode sector')
    """
    inward = begun.partition(" ")[2]
    return ("postcode district", "postcode sector", "part of a postcode sector")[len(inward)]


def _within(boroughs: Sequence[str], share: float) -> str:
    """Where postcodes lie.

    Examples
    --------
    >>> _within(["Lewisham"], 1), _within(["Lewisham", "Greenwich"], 0.9), _within(["Camden", "Brent", "Barnet"], 0.4)
    ('in Lewisham', 'mostly in Lewisham', 'in Camden, Brent and Barnet')
    """
    if len(boroughs) == 1 or share >= _MOST:
        return f"{'in' if len(boroughs) == 1 else 'mostly in'} {boroughs[0]}"
    named = boroughs[:_NAMED]
    return f"{'in' if len(boroughs) <= _NAMED else 'mostly in'} {', '.join(named[:-1])} and {named[-1]}"


def _postcode(atlas: Atlas, postcode: str, before: str = "") -> Name | None:
    place = POSTCODES.find(postcode)
    if place is None:
        return None
    areaset = atlas.inputs.areaset
    borough = areaset.borough_names().get(place.lad, "")
    inside = areaset.areas.sindex.query(Point(place.easting_m, place.northing_m), predicate="intersects")
    if not borough or not len(inside):
        return None
    area = areaset.areas.iloc[int(inside[0])]
    code = str(areaset.areas.index[int(inside[0])])
    called = area["name"] if area["msoa_name"] in area["name"] else f"{area['msoa_name']} ({area['name']})"
    what = f"{before}postcode in {called}, {borough}"
    return Name("postcode", postcode, postcode, what, (), place.lad, (code,))
