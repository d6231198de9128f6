"""Fields of columns without a telling name, by their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from atlas.assets import BY_NAME
from atlas.geo.estate.cleaning.claims import Claim
from atlas.geo.estate.cleaning.headers import fold
from atlas.geo.estate.cleaning.looks import looks_like, share_of_uses
from atlas.geo.estate.cleaning.synonyms import OTHER_NUMBERS

BY_VALUES: Final = 70

_FEW: Final = 5
_MOSTLY_USES: Final = 0.6
_OF_KINDS: Final = frozenset({"type", "category", "class", "group", "portfolio", "kind", "function", "classification"})
"""Words of headers under which uses may stand."""


def _column_of_uses(columns: Sequence[str], values: Mapping[int, Sequence[str]]) -> int | None:
    """The first column that is headed as a kind of something, and has uses in most of its cells."""
    for at, said in values.items():
        is_of_kinds = bool(_OF_KINDS & set(fold(columns[at]).split()))
        if is_of_kinds and len(said) >= _FEW and share_of_uses(said) >= _MOSTLY_USES:
            return at
    return None


def claims_by_values(
    left: Sequence[int], columns: Sequence[str], values: Sequence[Sequence[str]], held: set[str]
) -> Iterator[Claim]:
    """Find fields that nothing claims yet in columns whose values speak for themselves.

    Parameters
    ----------
    left : sequence of int
        Positions of the columns that may be taken.
    columns : sequence of str
        Headers.
    values : sequence of sequences of str
        Cells of each column that are not empty.
    held : set of str
        Fields that are taken; written to.

    Yields
    ------
    Claim
        Each field once.
    """
    looks = {at: looks_like(values[at]) for at in left}
    no_place = not held & {"x", "y"}
    for at, look in looks.items():
        if look == "uprn" and OTHER_NUMBERS & set(fold(columns[at]).split()):
            continue
        field = "x" if look == "pair" and no_place else look
        if field in {"x", "y"} and not no_place:
            continue
        if field in BY_NAME and field not in held:
            held.add(field)
            yield Claim(at, field, BY_VALUES, "values")
    of_uses = _column_of_uses(columns, {at: values[at] for at in looks})
    if "use" not in held and of_uses is not None:
        held.add("use")
        yield Claim(of_uses, "use", BY_VALUES, "values")
    metres = [at for at, look in looks.items() if look == "metres"]
    pair = next((at for at in metres if at + 1 in metres), None)
    if no_place and not held & {"x", "y"} and pair is not None:
        held.update(("x", "y"))
        yield Claim(pair, "x", BY_VALUES, "values")
        yield Claim(pair + 1, "y", BY_VALUES, "values")
