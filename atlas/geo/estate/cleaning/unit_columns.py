"""Units of area that stand in a column of their own, beside the numbers that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from atlas.geo.estate.cleaning.areas import unit_in
from atlas.geo.estate.cleaning.cells import Texts, matching
from atlas.geo.estate.cleaning.headers import area_of

_NUMBER: Final = r"^\s*[0-9][0-9.,]*\s*$"


def with_units(cells: Mapping[str, Texts], measured: Collection[str], units: Collection[str]) -> dict[str, Texts]:
    """Areas with the units that stand in columns of their own.

    Parameters
    ----------
    cells : mapping of str to numpy.ndarray of object, shape (n,)
        Cells by header, in the order of the file; left as they are.
    measured, units : collection of str
        As `units_beside` takes them.

    Returns
    -------
    dict of str to numpy.ndarray of object, shape (n,)
        Cells of those areas alone that have such a unit.
    """
    return {area: with_unit(cells[area], cells[unit]) for area, unit in units_beside(list(cells), measured, units)}


def units_beside(
    columns: Sequence[str], measured: Collection[str], units: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Pair each area with the column of its unit: a unit is of the nearest area before it, else of the next.

    Parameters
    ----------
    columns : sequence of str
        Headers in the order of the file.
    measured : collection of str
        Those of areas; one with a unit in its header needs no other.
    units : collection of str
        Those of units.

    Yields
    ------
    measured, unit : str
        Headers; each area once.

    Examples
    --------
    >>> columns = ["Land Area", "Unit", "Floor Area", "Floor Unit", "GIA (sqm)"]
    >>> dict(units_beside(columns, {"Land Area", "Floor Area", "GIA (sqm)"}, {"Unit", "Floor Unit"}))
    {'Land Area': 'Unit', 'Floor Area': 'Floor Unit'}
    """
    place = {column: at for at, column in enumerate(columns)}
    open_places = sorted(place[column] for column in measured if column in place and not area_of(column)[1])
    for unit in sorted((column for column in units if column in place), key=place.__getitem__):
        before = [at for at in open_places if at < place[unit]]
        found = before[-1] if before else next(iter(open_places), None)
        if found is not None:
            open_places.remove(found)
            yield columns[found], unit


def with_unit(numbers: Texts, units: Texts) -> Texts:
    """Put units to the numbers that have none; anything else stays as it is.

    Parameters
    ----------
    numbers, units : numpy.ndarray of object, shape (n,)
        Cells.

    Examples
    --------
    >>> numbers, units = (np.array(texts, dtype=object) for texts in (["2.5", "1 ha", ""], ["acres", "m2", "ha"]))
    >>> with_unit(numbers, units).tolist()
    ['2.5 acres', '1 ha', '']
    """
    joined = numbers.copy()
    for at in np.flatnonzero(matching(numbers, _NUMBER)).tolist():
        if unit_in(str(units[at]).strip()):
            joined[at] = f"{numbers[at].strip()} {units[at].strip()}"
    return joined
