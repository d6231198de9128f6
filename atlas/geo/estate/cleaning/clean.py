"""A register's rows made into assets, chunk after chunk: every row is kept, and what was done to it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.assets import ASSET_COLUMNS, TEXT_COLUMNS
from atlas.geo.estate.cleaning.asides import as_json, joined_json, why_aside
from atlas.geo.estate.cleaning.keys import HASHED, keys_of
from atlas.geo.estate.cleaning.layout import Layout
from atlas.geo.estate.cleaning.memory import Memory
from atlas.geo.estate.cleaning.reading import Read, read_fields
from atlas.geo.estate.cleaning.sections import Sections
from atlas.geo.estate.cleaning.synonyms import HA
from atlas.geo.estate.cleaning.tables import set_other_tables_aside
from atlas.geo.estate.cleaning.values import shown, tidy, with_controls
from atlas.geo.estate.model import (
    FINDING_COLUMNS,
    SET_ASIDE_COLUMNS,
    Cleaned,
    ColumnMatch,
    RawChunk,
    empty_findings,
    findings_of,
)
from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.borders import Borders
from atlas.geo.estate.placing.place import PLACING_FIELDS, PlacingContext, place
from atlas.vocabulary.estate import FindingKind, Outcome, Visibility

Texts = NDArray[np.object_]
Positions = NDArray[np.int64]

_KEYED: Final = tuple(dict.fromkeys(("reference", *HASHED, *PLACING_FIELDS)))
"""Fields that keys and places are made of."""

_POSITION: Final = ("x", "y", "grid_reference", "postcode", "uprn")
_UNSEEN: Final = "characters taken out that nobody can see"
_TIMES_APART: Final = 2
_FRAGMENT: Final = "a name without a reference or a place: it may be part of the row before or after"


@dataclass(frozen=True, eq=False)
class CleaningContext:
    """Whose register it is, and what its places are looked up in.

    Parameters
    ----------
    partner : str
        Id of the institution.
    register : str
        Id of the register: lower-case letters, digits and hyphens.
    visibility : Visibility
        Of assets that do not say otherwise.
    as_of : str
        Day that the register speaks of, ISO; empty where unknown.
    postcodes : callable
        From postcodes (in capitals, one space) to a frame indexed by those that live: `lad`, `easting_m`, `northing_m`.
    uprns : callable or None
        From UPRNs to a frame indexed by those that are known: `easting_m`, `northing_m`; None without a look-up.
    boroughs : geopandas.GeoDataFrame
        London's boroughs by GSS code: `name`, outlines in EPSG:27700.
    home : str
        GSS code of the partner's own borough; empty for none.
    borders : Borders, optional
        What tells on which side of a border a place lies, where outlines are rounded off.
    """

    partner: str
    register: str
    visibility: Visibility
    as_of: str
    postcodes: Callable[[pd.Series], pd.DataFrame]
    uprns: Callable[[pd.Series], pd.DataFrame] | None
    boroughs: gpd.GeoDataFrame
    home: str = ""
    borders: Borders | None = None


class Cleaner:
    """Makes assets of a register's rows, chunk after chunk in the order of the file.

    Every row becomes an asset or is set aside with the reason, never both. What a cell plainly means is a *reading* and
    is not noted: spaces and line breaks, the case and the space of a postcode, how a date is written, ``FH`` for
    freehold. A *repair* is a value that the register has otherwise: moved, swapped, converted, put right or looked up;
    it is noted with what stood before. What cannot be is emptied, or left, with a *doubt*.

    The outcome is the same for chunks of any size. Keys follow the reference, else the UPRN, else name, address and
    place, so that a newer file keeps them whatever rows were added.

    Parameters
    ----------
    context : CleaningContext
        Whose register it is.
    matches : sequence of ColumnMatch
        Which field each column holds.
    """

    def __init__(self, context: CleaningContext, matches: Sequence[ColumnMatch]) -> None:
        self._context = context
        self._layout = Layout.from_matches(matches)
        self._memory = Memory()
        self._sections = Sections()
        self._other_table = 0

    def clean(self, chunk: RawChunk) -> Cleaned:
        """Clean some rows.

        Parameters
        ----------
        chunk : RawChunk
            The next rows of the file; left as they are.

        Returns
        -------
        Cleaned
            As many assets and rows set aside, together, as the chunk has rows.
        """
        rows = chunk.cells.index
        cells = {str(header): tidy(chunk.cells[header]) for header in chunk.cells.columns}
        outlines = _wkb(chunk.geometry, len(rows))
        position = {int(row): at for at, row in enumerate(rows)} if chunk.ragged else {}
        ragged = {position[row]: what for row, what in chunk.ragged.items() if row in position}
        by_field = {name: self._layout.texts(cells, name, len(rows)) for name in self._layout.of}
        whys = why_aside(cells, by_field, np.array([wkb is not None for wkb in outlines], dtype=bool), ragged)
        self._other_table = set_other_tables_aside(whys, rows.to_numpy(np.int64), by_field, self._other_table)
        self._memory.note_same_rows(cells, outlines, rows.to_numpy(np.int64), whys)
        above = self._sections.under(cells, whys)
        kept, aside = np.flatnonzero(whys == ""), np.flatnonzero(whys != "")
        columns = (rows.to_numpy(np.int64)[aside], whys[aside].astype(str), as_json(chunk.cells, aside))
        set_aside = pd.DataFrame(dict(zip(SET_ASIDE_COLUMNS, columns, strict=True)))
        assets, findings = self._assets(cells, kept, outlines[kept], above[kept], chunk)
        return Cleaned(assets, findings, set_aside.astype({"row": "int64", "why": "str", "raw": "str"}))

    def finish(self) -> pd.DataFrame:
        """Say what only the whole register shows, after the last chunk.

        Returns
        -------
        pandas.DataFrame
            `FINDING_COLUMNS`, doubts only: first rows of repeated references, one UPRN at different places, another
            row's coordinates, rows far from their street or ward.
        """
        return self._with_headers(self._memory.doubts())

    def _assets(
        self, cells: Mapping[str, Texts], kept: Positions, outlines: Texts, above: Texts, chunk: RawChunk
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        context = self._context
        rows = chunk.cells.index[kept]
        notes = Notes(rows)
        told = {header: texts[kept] for header, texts in cells.items()}
        read = read_fields(told, self._layout, above, context.as_of, context.visibility, notes)
        fields = pd.DataFrame({name: read.texts[name] for name in _KEYED}, index=rows, dtype="str")
        geometry = None if chunk.geometry is None else gpd.GeoSeries(chunk.geometry.iloc[kept])
        placed = place(fields[list(PLACING_FIELDS)], geometry, self._placing(fields))
        keys, basis = keys_of(fields, outlines.tolist())
        given = self._memory.note_rows(keys, basis, fields, placed.frame, notes)
        self._note_oddities(fields, outlines, chunk.ragged, notes)
        _note_sizes(read.land_ha, placed.frame["wkb"].to_numpy(object), notes)
        parts = (notes.frame(), placed.findings)
        findings = _together([*map(self._with_headers, parts), self._controls(chunk.cells, cells, kept)])
        ids = [f"asset:{context.register}-{key}" for key in given]
        return self._frame(ids, fields, read, placed.frame, findings), findings

    def _frame(
        self, ids: Sequence[str], fields: pd.DataFrame, read: Read, placed: pd.DataFrame, findings: pd.DataFrame
    ) -> pd.DataFrame:
        """Lay out the assets, `ASSET_COLUMNS`."""
        rows = fields.index.to_numpy(np.int64)
        is_mended = np.isin(rows, findings.loc[findings["kind"] == FindingKind.REPAIR.value, "row"].to_numpy(np.int64))
        columns: dict[str, Any] = {
            "partner": self._context.partner,
            "register": self._context.register,
            "row": rows,
            **{name: fields[name].array if name in fields else read.texts[name] for name in TEXT_COLUMNS},
            "is_sensitive": read.is_sensitive,
            "placed_by": placed["placed_by"].to_numpy(object),
            "lad": placed["lad"].to_numpy(object),
            "land_ha": read.land_ha,
            "floor_m2": read.floor_m2,
            "x_m": placed["x_m"].to_numpy(float),
            "y_m": placed["y_m"].to_numpy(float),
            "wkb": placed["wkb"].to_numpy(object),
            "extra": joined_json(read.extra, len(rows)),
            "outcome": np.where(is_mended, Outcome.REPAIRED.value, Outcome.ACCEPTED.value),
        }
        texts = {"partner", "register", *TEXT_COLUMNS, "placed_by", "lad", "extra", "outcome"}
        index = pd.Index(list(ids), name="asset", dtype="str")
        laid = {
            name: pd.Series(columns[name], index=index, dtype="str") if name in texts else columns[name]
            for name in ASSET_COLUMNS
        }
        return pd.DataFrame(laid, index=index)

    def _placing(self, fields: pd.DataFrame) -> PlacingContext:
        """What these rows are looked up in; boroughs that the register states count before the partner's own."""
        context = self._context
        postcodes, uprns = (pd.Series(pd.unique(fields[name]), dtype="str") for name in ("postcode", "uprn"))
        return PlacingContext(
            context.postcodes(postcodes[postcodes != ""]),
            None if context.uprns is None else context.uprns(uprns[uprns != ""]),
            context.boroughs,
            "" if "borough" in self._layout.of else context.home,
            context.borders,
        )

    def _note_oddities(self, fields: pd.DataFrame, outlines: Texts, ragged: Mapping[int, str], notes: Notes) -> None:
        """Doubts about rows as wholes: too few cells or too many, and names that stand alone."""
        rows = fields.index.to_numpy(np.int64)
        at = np.flatnonzero(np.isin(rows, list(ragged)))
        notes.doubt(at, "", "ragged", "", [ragged[int(row)] for row in rows[at]])
        if "reference" not in self._layout.of:
            return
        has_place = (fields[list(_POSITION)] != "").to_numpy(bool).any(axis=1)
        has_place |= np.array([wkb is not None for wkb in outlines], dtype=bool)
        lone = np.flatnonzero((fields["reference"] == "").to_numpy(bool) & ~has_place)
        notes.doubt(lone, "name", "fragment", fields["name"].to_numpy(object)[lone].tolist(), _FRAGMENT)

    def _controls(self, raw: pd.DataFrame, cells: Mapping[str, Texts], kept: Positions) -> pd.DataFrame:
        """Repairs of cells that had characters that nobody can see."""
        field_of = {header: field for field, headers in self._layout.of.items() for header in headers}
        found, kind = [], FindingKind.REPAIR.value
        for header in raw.columns:
            odd = with_controls(raw[header], cells[header])
            for at in odd[np.isin(odd, kept)].tolist():
                row, before, after = int(raw.index[at]), shown(str(raw[header].iloc[at])), cells[header][at]
                found.append(
                    (row, header, field_of.get(header, ""), kind, "control_characters", before, after, _UNSEEN)
                )
        return findings_of(found)

    def _with_headers(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Findings with the file's header where they name a field."""
        names = {field: self._layout.header(str(field)) for field in pd.unique(findings["field"])}
        return findings.assign(column=[names[field] for field in findings["field"].tolist()])


def _note_sizes(land_ha: NDArray[np.float64], outlines: Texts, notes: Notes) -> None:
    """Doubt an area of land over twice its row's outline, or under half of it: of another unit, or another place."""
    at = np.flatnonzero(land_ha > 0)
    drawn_ha = shapely.area(shapely.from_wkb(outlines[at])) * HA["m2"]
    is_drawn = drawn_ha > 0
    at, drawn_ha = at[is_drawn], drawn_ha[is_drawn]
    apart = np.abs(np.log(land_ha[at] / drawn_ha)) > np.log(_TIMES_APART)
    whys = [f"its outline holds {area:.3g} ha" for area in drawn_ha[apart].tolist()]
    notes.doubt(at[apart], "land_ha", "area_not_of_outline", [f"{ha:.4g}" for ha in land_ha[at[apart]].tolist()], whys)


def _wkb(geometry: gpd.GeoSeries | None, rows: int) -> Texts:
    """Outlines and points of the file's own as WKB, None where there are none."""
    found = np.full(rows, None, dtype=object)
    if geometry is not None:
        found[:] = shapely.to_wkb(geometry.to_numpy())
    return found


def _together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All findings in the order of the rows."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return empty_findings()
    found = pd.concat(filled, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
    return found.astype({"row": "int64"} | dict.fromkeys(FINDING_COLUMNS[1:], "str"))
