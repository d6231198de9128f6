"""Which field each column of a register holds: by what the user says, by name, by a like name, by its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from atlas.assets import FIELDS
from atlas.geo.estate.cleaning.abbreviations import spelt_out
from atlas.geo.estate.cleaning.areas import OF_LAND
from atlas.geo.estate.cleaning.by_values import claims_by_values
from atlas.geo.estate.cleaning.cells import Texts
from atlas.geo.estate.cleaning.claims import Claim, once, or_status, told
from atlas.geo.estate.cleaning.either_area import OF_EITHER
from atlas.geo.estate.cleaning.headers import area_of, fold, squeeze
from atlas.geo.estate.cleaning.looks import can_be, is_measure, looks_like, share_of_uses
from atlas.geo.estate.cleaning.persons import is_of_persons
from atlas.geo.estate.cleaning.phrases import words_of
from atlas.geo.estate.cleaning.sizes import fits, unit_by_size
from atlas.geo.estate.cleaning.synonyms import (
    AREAS,
    BY_ASIDE,
    BY_ONE_WORD,
    FAMILIES,
    KINDS,
    LOOSE,
    NEVER_ALIKE,
    OF_OTHERS,
    SEVERAL,
    SYNONYMS,
)
from atlas.geo.estate.cleaning.unit_columns import with_units
from atlas.geo.estate.cleaning.words import holding_of, is_flag
from atlas.geo.estate.model import UNIT_UNKNOWN, ColumnMatch

BY_SYNONYM: Final = 98
BY_LAST_WORDS: Final = 90
BY_KIND: Final = 80
BY_LOOSE_NAME: Final = 75
LEAST_ALIKE: Final = 87.0
"""Names less alike than this, of 100, are no match."""

_MOST_ALIKE: Final = 95
_SHORTEST: Final = 5
_EXAMPLES: Final = 3
_EXAMPLE_LETTERS: Final = 60
_LEAST_DISTINCT: Final = 0.9
_FEW: Final = 5
_LEAST_KNOWN: Final = 0.4
_NO_MARKS: Final = frozenset("%£€$")
_BARE_RANK: Final = 50
_FOREIGN: Final = frozenset({"acres", "ft2", "yd2", "km2"})
_SEEN_VALUES: Final = 50
_GROUNDS: Final = frozenset({"site", "plot", "lot", "ground", "grounds"})
_BUILDINGS: Final = frozenset({"building", "buildings", "bldg"})
"""What is land, and what floors, where a unit of area is named with it."""
_KINDS_OF_HOLDING: Final = frozenset(
    {"land", "building", "buildings", "structure", "structures", "and", "or", "only", "both", "with", "site"}
)
_LONG_NUMBER: Final = re.compile(r"\d{4,}")
_SHAPEFILE_LETTERS: Final = 10
_BRACKETS: Final = re.compile(r"[(\[]([^)\]]*)[)\]]")
_CHOICES: Final = re.compile(r"[(\[][^)\]]*/[^)\]]*[)\]]")
"""What may stand in the cells, named in the header: ``(Owned / Leased / PFI)``."""
_STROKE: Final = re.compile(r"/(?![^(\[]*[)\]])")


def _index() -> dict[str, list[tuple[str, int, int]]]:
    """Fields by squeezed name, each with the confidence and the place in its list."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for field in FIELDS:
        own = (field.name, field.code, field.label)
        names = [*SYNONYMS.get(field.name, ()), *(fold(name) for name in own if name)]
        kinds = KINDS if field.name == "name" else ()
        tables = ((names, BY_SYNONYM), (kinds, BY_KIND), (LOOSE.get(field.name, ()), BY_LOOSE_NAME))
        for table, confidence in tables:
            for rank, name in enumerate(table):
                of_name = found.setdefault(squeeze(name), [])
                if all(field.name != other for other, _, _ in of_name):
                    of_name.append((field.name, confidence, rank))
    return found


_BY_NAME: Final = _index()
_NAMES: Final = tuple((field, name) for field, names in SYNONYMS.items() for name in names if len(name) >= _SHORTEST)


def match_columns(
    columns: Sequence[str],
    sample: pd.DataFrame,
    remembered: Mapping[str, str | None] | None = None,
    given: Mapping[str, str | None] | None = None,
    *,
    has_geometry: bool = False,
) -> tuple[ColumnMatch, ...]:
    """Say which field each column of a register holds.

    The user's word counts before what is remembered, that before the table of synonyms, that before a like name, and
    a column without a telling name is judged by its values. A name that the values speak against is no match. Each
    field is held by one column, except `SEVERAL`.

    Parameters
    ----------
    columns : sequence of str
        Headers, each once.
    sample : pandas.DataFrame
        First rows as text, by header.
    remembered : mapping of str to str or None, optional
        Fields by header, as the user said them for this partner before; headers are compared folded.
    given : mapping of str to str or None, optional
        Fields by header, as the user says now; None for none.
    has_geometry : bool
        Whether the file carries outlines or points: an area without a unit is the outline's own then, in any unit.

    Returns
    -------
    tuple of ColumnMatch
        One for each column, in order.

    Examples
    --------
    >>> sample = pd.DataFrame({"Post_Code": ["SE6 4RU"], "Site_Area_Hectares": ["0.27"], "Colour": ["red"]})
    >>> [(match.field, match.confidence, match.how) for match in match_columns(list(sample), sample)]
    [('postcode', 98, 'name'), ('land_ha', 98, 'name'), (None, 0, 'none')]
    """
    said = {claim.column: claim for claim in told(columns, remembered or {}, given or {})}
    values, found = _looked_at(columns, sample, said)
    taken = once([claim for claim in said.values() if claim.field])
    held = {claim.field for claim in taken.values()}
    claims = [claim for of_column in found for claim in of_column if not _is_land_again(claim, columns)]
    if has_geometry:
        claims = [claim for claim in claims if claim.field not in AREAS or claim.confidence > BY_LOOSE_NAME]
    for claim in sorted(_one_family(claims, columns), key=lambda claim: claim.order):
        may_join = claim.field in SEVERAL and claim.confidence >= BY_SYNONYM
        if claim.column not in taken and (claim.field not in held or may_join):
            taken[claim.column] = claim
            held.add(claim.field)
    left = [at for at in range(len(columns)) if at not in said and at not in taken]
    # a right of holding is nobody's name or address
    left = [at for at in left if not is_of_others(columns[at]) or looks_like(values[at]) == "tenure"]
    for claim in claims_by_values(left, columns, values, held):
        taken[claim.column] = claim
    rivals = {at for at, claim in said.items() if claim.field}
    rivals |= {at for at, of_column in enumerate(found) if {claim.field for claim in of_column} & held}
    return tuple(
        _match(at, column, taken.get(at), said, values[at], is_rival=at in rivals) for at, column in enumerate(columns)
    )


def _looked_at(
    columns: Sequence[str], sample: pd.DataFrame, said: Mapping[int, Claim]
) -> tuple[list[list[str]], list[list[Claim]]]:
    """Values of each column, areas with the units of the columns beside them, and what it may hold by them."""
    values = [_values(sample.get(column, ())) for column in columns]
    claims = [[] if at in said else _claims(at, column, values[at], len(sample)) for at, column in enumerate(columns)]
    may_hold = [{said[at].field} if at in said else {claim.field for claim in claims[at]} for at in range(len(columns))]
    units = [column for at, column in enumerate(columns) if "area_unit" in may_hold[at] and (at in said or values[at])]
    for column, texts in _areas_with_units(columns, sample, units).items():
        at = columns.index(column)
        values[at] = _values(texts)
        claims[at] = [] if at in said else _claims(at, column, values[at], len(sample))
    return values, claims


def _is_land_again(claim: Claim, columns: Sequence[str]) -> bool:
    """Whether bare square metres stand beside hectares of the same: ``AREA_M2`` beside ``AREA_HA``."""
    measured, unit = area_of(columns[claim.column])
    if claim.field != "floor_m2" or not unit or measured not in OF_EITHER:
        return False
    return any(area_of(other)[0] == measured and area_of(other)[1] in OF_LAND for other in columns)


def _areas_with_units(columns: Sequence[str], sample: pd.DataFrame, units: Sequence[str]) -> dict[str, Texts]:
    if not units:
        return {}
    fields = {column: {field for field, *_ in _BY_NAME.get(squeeze(area_of(column)[0]), ())} for column in columns}
    measured = [column for column in columns if fields[column] & set(AREAS)]
    return with_units({column: sample[column].to_numpy(object) for column in columns}, measured, units)


def _match(
    at: int, column: str, claim: Claim | None, said: Mapping[int, Claim], values: Sequence[str], *, is_rival: bool
) -> ColumnMatch:
    """What a column is taken for; a rival may hold a field that another column has."""
    examples = tuple(value[:_EXAMPLE_LETTERS] for value in dict.fromkeys(values))[:_EXAMPLES]
    if claim is not None:
        is_unsaid = not (claim.unit or fits(claim.field, values, area_of(column)[1]))
        unit = UNIT_UNKNOWN if is_unsaid else claim.unit
        return ColumnMatch(column, claim.field, claim.confidence, claim.how, examples, unit)
    if at in said and not said[at].field:
        return ColumnMatch(column, None, 100, said[at].how, examples)
    return ColumnMatch(column, None, 0, "taken" if is_rival else "none", examples)


def _values(cells: Iterable[object]) -> list[str]:
    return [text for text in (" ".join(str(value).split()) for value in cells) if text]


def _claims(at: int, column: str, values: Sequence[str], rows: int = 0) -> list[Claim]:
    """Every field that a column may hold by its name, as far as its values allow."""
    if is_of_persons(column):
        return []
    named = [or_status(claim, values, BY_LAST_WORDS) for claim in _named(at, column, values)]
    found = [claim for claim in named if _may_be(claim, values)]
    for further in (_in_parts, _abbreviated, _last_words, _cut_short, _alike):
        if not found:
            found = [claim for claim in further(at, column) if _may_be(claim, values)]
    return [replace(claim, is_empty=not values, is_sparse=2 * len(values) < rows) for claim in found]


def names_field(header: str, *, alone: bool = False) -> bool:
    """Whether a header tells of a field, and not of somebody else's.

    Parameters
    ----------
    header : str
        As in the file.
    alone : bool
        Whether it must be the field's whole name, and no more.

    Examples
    --------
    >>> names_field("Site (Ha)", alone=True), names_field("Measurements Site (Ha)"), names_field("Contact name")
    (True, False, False)
    """
    claims = _named(0, header) if alone else _claims(0, header, ())
    least = BY_LOOSE_NAME if alone else 0
    return not is_of_others(header) and any(claim.confidence >= least for claim in claims)


def _may_be(claim: Claim, values: Sequence[str]) -> bool:
    """Whether values allow a claim; a name that is no more than a hint needs more of them."""
    if claim.field == "use" and 2 * sum(_is_holding(value) for value in values) > len(values):
        return False
    if claim.field == "number" and len(set(values)) == len(values) >= _FEW and all(map(_LONG_NUMBER.fullmatch, values)):
        return False
    is_hint = claim.how == "name" and claim.confidence < BY_LAST_WORDS
    return can_be(claim.field, values) and (not is_hint or _hints(claim.field, values))


def _is_holding(value: str) -> bool:
    """Whether a value says no more than that something is land or a building."""
    return holding_of(value) is not None and _KINDS_OF_HOLDING.issuperset(words_of(value))


def _hints(field: str, values: Sequence[str]) -> bool:
    """Whether values bear out a name that is no more than a hint: references are various, uses are known words."""
    if field == "reference" and len(values) >= _FEW:
        return len(set(values)) >= _LEAST_DISTINCT * len(values)
    if field == "name":
        return 2 * len(set(values)) >= len(values) and not all(map(is_flag, values))
    if field == "ward":
        return len(values) < _FEW or len(set(values)) > 1
    if field == "number":
        return list(values) != [str(place) for place in range(1, len(values) + 1)]
    if field == "use":
        return not values or share_of_uses(values) >= _LEAST_KNOWN
    return True


def _named(at: int, column: str, values: Sequence[str] = (), unit_beside: str = "") -> Iterator[Claim]:
    """Fields of that name; an area without a unit in its header is that of the unit beside it, or of its values."""
    if set(column) & _NO_MARKS:
        return
    folded = fold(column)
    for field, confidence, rank in _BY_NAME.get(squeeze(folded), ()):
        if field not in AREAS:
            yield Claim(at, field, confidence, "name", rank)
    measured, unit = area_of(column)
    stated = unit or unit_beside or _unit_of(values)
    borne = stated or unit_by_size(values[:_SEEN_VALUES])
    for field, confidence, rank in _BY_NAME.get(squeeze(measured), ()):
        if field in AREAS and (confidence == BY_SYNONYM or (borne in OF_LAND) == (field == "land_ha")):
            surer = bool(stated) and confidence < BY_SYNONYM
            # the same area in the field's own unit needs no conversion
            yield Claim(at, field, confidence + 10 * surer, "name", 2 * rank + (unit in _FOREIGN))
    if unit and measured in _GROUNDS | _BUILDINGS:
        field = "land_ha" if measured in _GROUNDS else "floor_m2"
        yield Claim(at, field, BY_LAST_WORDS, "name", unit in _FOREIGN)
    if not measured and unit:
        rank = 2 * _BARE_RANK + (unit in _FOREIGN)
        yield Claim(at, "land_ha" if unit in OF_LAND else "floor_m2", BY_SYNONYM, "name", rank)


def _unit_of(values: Sequence[str]) -> str:
    """Hectares or square metres, as most of the values bear units of land or of floors; empty where most bear none."""
    seen = values[:_SEEN_VALUES]
    units = [unit for unit in (area_of(value)[1] for value in seen if is_measure(value)) if unit]
    if 2 * len(units) <= len(seen):
        return ""
    return "ha" if 2 * sum(unit in OF_LAND for unit in units) > len(units) else "m2"


def _in_parts(at: int, column: str) -> Iterator[Claim]:
    """Fields of a header in two languages, with two words for one thing, or with an aside in brackets.

    Words around a stroke that name fields must agree; a unit alone, or the number of something, is no field.
    """
    if is_of_others(_CHOICES.sub(" ", column)):
        return
    parts = _STROKE.split(column)
    found = [claims for claims in (_of_part(at, part) for part in parts) if claims]
    for first in found[0] if found else ():
        same = [claim for claims in found for claim in claims if claim.field == first.field]
        if all(first.field in {claim.field for claim in claims} for claims in found):
            most = BY_LAST_WORDS if len(parts) > 1 else BY_SYNONYM
            yield replace(first, confidence=min(most, *(claim.confidence for claim in same)))


def _of_part(at: int, part: str) -> list[Claim]:
    """Fields that a part of a header names: as it is, by an aside that tells more, or without its asides."""
    asides = [claim for aside in _BRACKETS.findall(part) for claim in _named(at, aside)]
    told = [claim for claim in asides if claim.confidence >= BY_SYNONYM and claim.field in BY_ASIDE]
    outside = list(_named(at, _BRACKETS.sub(" ", part), (), area_of(part)[1]))
    if told:
        outside = [replace(claim, confidence=min(BY_LAST_WORDS, claim.confidence)) for claim in outside]
    claims = list(_named(at, part)) or [*told, *outside]
    return [claim for claim in claims if claim.field != "number" and claim.rank < 2 * _BARE_RANK]


def _last_words(at: int, column: str) -> Iterator[Claim]:
    """Fields by the last words of a header, under which a title stands that is common to several."""
    measured, unit = area_of(column)
    words = measured.split() if unit else fold(column).split()
    if _is_something_else(column) or OF_OTHERS & set(words):
        return
    for start in range(1, len(words)):
        for field, confidence, rank in _BY_NAME.get("".join(words[start:]), ()):
            is_telling = len(words) - start > 1 or field in BY_ONE_WORD or unit != ""
            if confidence == BY_SYNONYM and is_telling and (field in AREAS or not unit):
                yield Claim(at, field, BY_LAST_WORDS, "fuzzy", rank)


def _abbreviated(at: int, column: str) -> Iterator[Claim]:
    """Fields of a header of which words are cut short: ``PROP_DESCR``."""
    spelt = spelt_out(column)
    if spelt and not _is_something_else(column):
        yield from (replace(claim, confidence=min(claim.confidence, BY_LAST_WORDS)) for claim in _named(at, spelt))


def _cut_short(at: int, column: str) -> Iterator[Claim]:
    """Fields of a header of ten letters, all that a Shapefile leaves of a longer one."""
    if len(column) == _SHAPEFILE_LETTERS:
        begun = column.casefold()
        fields = {field for field, name in _NAMES if name.replace(" ", "_").startswith(begun)}
        if len(fields) == 1:
            yield Claim(at, fields.pop(), BY_LAST_WORDS, "fuzzy")


def _is_something_else(column: str) -> bool:
    """Whether a header speaks of money, shares, planning or the like."""
    return bool(set(column) & _NO_MARKS or NEVER_ALIKE & set(fold(column).split()))


def is_of_others(column: str) -> bool:
    """Whether a header speaks of something else, of persons, or of somebody else's address.

    Examples
    --------
    >>> is_of_others("Landlord address"), is_of_others("Rateable value"), is_of_others("Mandatory")
    (True, True, False)
    """
    return _is_something_else(column) or is_of_persons(column) or bool(OF_OTHERS & set(fold(column).split()))


def _alike(at: int, column: str) -> Iterator[Claim]:
    folded = fold(column)
    measured, unit = area_of(column)
    if len(squeeze(folded)) < _SHORTEST or _is_something_else(column):
        return
    wanted = measured if unit else folded
    near = process.extract(
        wanted, [name for _, name in _NAMES], scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_ALIKE, limit=3
    )
    for _, score, place in near:
        field = _NAMES[place][0]
        if not unit or field == "land_ha" or (field == "floor_m2" and unit not in OF_LAND):
            yield Claim(at, field, min(int(score), _MOST_ALIKE), "fuzzy")


def _one_family(claims: Sequence[Claim], columns: Sequence[str]) -> list[Claim]:
    """Leave the two coordinates to one pair of headers, so that an easting is not put beside a latitude."""
    by_axis = {axis: [claim for claim in claims if claim.field == axis] for axis in ("x", "y")}
    if min(map(len, by_axis.values())) == 0 or max(map(len, by_axis.values())) == 1:
        return list(claims)
    for first, second in FAMILIES:
        pairs = [
            [claim for claim in by_axis[axis] if fold(columns[claim.column]) in names and not claim.is_empty]
            for axis, names in (("x", first), ("y", second))
        ]
        if all(pairs):
            return [claim for claim in claims if claim.field not in by_axis or claim in (pairs[0][0], pairs[1][0])]
    return list(claims)
