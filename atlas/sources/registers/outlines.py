"""Outlines that stand as text in a column of a table: well-known text, its binary form in hexadecimal, GeoJSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import shapely

from atlas.geo.crs import WGS84
from atlas.sources.registers.pieces import Piece
from atlas.sources.registers.shapes import System, system_of, tidied

_STATED: Final = re.compile(r"\s*SRID=(\d{1,6})\s*;", re.IGNORECASE)
_WELL_KNOWN: Final = re.compile(
    r"\s*(SRID=\d{1,6}\s*;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(ZM|Z|M)?\s*(\(|EMPTY)",
    re.IGNORECASE,
)
_HEXADECIMAL: Final = re.compile(r"\s*(\\x)?0[01]([0-9a-f]{2}){9,}\s*", re.IGNORECASE)
_GEOJSON: Final = re.compile(r'\s*\{.*"coordinates"\s*:', re.DOTALL)
_POINT: Final = re.compile(r"\s*(SRID=\d{1,6}\s*;\s*)?POINT", re.IGNORECASE)
_MOST: Final = 0.5
_UNREADABLE: Final = b"\0"


@dataclass(frozen=True, slots=True)
class OutlineColumn:
    """A column of outlines.

    Parameters
    ----------
    name : str
        Its header.
    system : System
        How its coordinates are to be taken.
    """

    name: str
    system: System

    @property
    def notes(self) -> tuple[str, ...]:
        """What is done, in sentences."""
        words = f"Outlines were read from column {self.name}."
        return (words, self.system.note) if self.system.note else (words,)

    def taken_out_of(self, piece: Piece) -> Piece:
        """Rows with the column's outlines as their geometry, EPSG:27700, and without the column."""
        geometry, odd = tidied(_binary_of(piece.table[self.name].to_pylist()), self.system)
        ragged = dict(piece.ragged)
        for at, what in odd.items():
            row = int(piece.rows[at])
            ragged[row] = f"{ragged[row]}; {what}" if row in ragged else what
        return Piece(piece.rows, piece.table.drop_columns([self.name]), ragged, geometry)


def outline_column(rows: Piece) -> OutlineColumn | None:
    """Find the column of a table that holds outlines.

    Points as well-known text are no outlines but coordinates in one cell, and are left to be looked at as such.

    Parameters
    ----------
    rows : Piece
        The first rows.

    Returns
    -------
    OutlineColumn or None
        The column with the most of them; None where no column has a geometry in half of its cells.
    """
    best, most = None, 0
    for name in rows.table.column_names:
        texts = [text for text in rows.table[name].to_pylist() if text.strip()]
        if all(map(_POINT.match, texts)) or not any(map(_is_geometry, texts)):
            continue
        binary = _binary_of(texts)
        readable = sum(wkb.as_py() != _UNREADABLE for wkb in binary)
        if readable >= max(_MOST * len(texts), most + 1):
            best, most = OutlineColumn(name, system_of(_system_stated(texts), binary, is_default=False)), readable
    return best


def _is_geometry(text: str) -> bool:
    return any((_WELL_KNOWN.match(text), _HEXADECIMAL.fullmatch(text), _GEOJSON.match(text)))


def _binary_of(texts: Sequence[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(map(_binary, texts), pa.large_binary())])


def _binary(text: str) -> bytes | None:
    """Well-known binary of a cell; None where it is empty, what nobody reads where it is no geometry."""
    if not text.strip():
        return None
    if _WELL_KNOWN.match(text):
        shape = shapely.from_wkt(_STATED.sub("", text, count=1), on_invalid="ignore")
    elif _HEXADECIMAL.fullmatch(text):
        shape = shapely.from_wkb(text.strip().removeprefix("\\x"), on_invalid="ignore")
    elif _GEOJSON.match(text):
        shape = shapely.from_geojson(text, on_invalid="ignore")
    else:
        shape = None
    return _UNREADABLE if shape is None else bytes(shapely.to_wkb(shape, include_srid=True))


def _system_stated(texts: Sequence[str]) -> str | None:
    """Coordinate system of the first cell that is a geometry, where it says one; GeoJSON has but one."""
    first = next(text for text in texts if _is_geometry(text))
    if _GEOJSON.match(first):
        return WGS84
    words = _STATED.match(first)
    srid = int(words[1]) if words else int(shapely.get_srid(shapely.from_wkb(_binary(first), on_invalid="ignore")))
    return f"EPSG:{srid}" if srid > 0 else None
