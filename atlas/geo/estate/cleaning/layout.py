"""How a register is laid out: which columns each field has, and in what units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from atlas.geo.estate.cleaning.cells import Texts, joined
from atlas.geo.estate.cleaning.either_area import OF_EITHER
from atlas.geo.estate.cleaning.headers import area_of
from atlas.geo.estate.cleaning.values import PLAIN_AREAS
from atlas.geo.estate.model import ColumnMatch


@dataclass(frozen=True)
class Layout:
    """Which headers each field has, and which have none.

    Parameters
    ----------
    of : mapping of str to tuple of str
        Headers by field.
    left : tuple of str
        Headers that no field takes.
    units : mapping of str to str
        Of the areas, as the user says them or the headers do; `UNIT_UNKNOWN` where nobody does and sizes fit none.
    either : {"", "land_ha", "floor_m2"}
        What a column of areas is taken for that does not say which of them it holds, and is both fields' then.
    """

    of: Mapping[str, tuple[str, ...]]
    left: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    either: str = ""

    @classmethod
    def from_matches(cls, matches: Sequence[ColumnMatch]) -> Layout:
        """Sort the columns of a register by field."""
        of: dict[str, tuple[str, ...]] = {}
        for match in matches:
            if match.field is not None:
                of[match.field] = (*of.get(match.field, ()), match.column)
        left = tuple(match.column for match in matches if match.field is None)
        measured = [match for match in matches if match.field in PLAIN_AREAS]
        units = {str(match.field): match.unit or area_of(match.column)[1] for match in measured}
        if len(measured) == 1 and area_of(measured[0].column)[0] in OF_EITHER and not measured[0].is_by_user:
            return cls(of | dict.fromkeys(PLAIN_AREAS, (measured[0].column,)), left, units, str(measured[0].field))
        return cls(of, left, units)

    def header(self, field: str) -> str:
        """Headers of one or more fields, comma between; empty where they have none."""
        names = [header for name in field.split(", ") for header in self.of.get(name, ())]
        return ", ".join(dict.fromkeys(names))

    def first(self, cells: Mapping[str, Texts], field: str, rows: int) -> Texts:
        """Cells of a field that one column holds."""
        header = next((header for header in self.of.get(field, ()) if header in cells), None)
        return np.full(rows, "", dtype=object) if header is None else cells[header]

    def texts(self, cells: Mapping[str, Texts], field: str, rows: int) -> Texts:
        """Cells of a field; of several columns, all that say something, comma between."""
        columns = [cells[header] for header in self.of.get(field, ()) if header in cells]
        if not columns:
            return np.full(rows, "", dtype=object)
        return joined(columns, "; " if field in {"notes", "use_detail"} else ", ")
