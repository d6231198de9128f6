"""GeoPackages, GeoJSON files and Shapefiles, through GDAL."""

from __future__ import annotations

import codecs
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from atlas.sources.registers.content import Kind, byte_order
from atlas.sources.registers.header import unique_names
from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.pieces import TEXT, Piece
from atlas.sources.registers.shapefiles import check_parts, encoding_of_table, parts_of
from atlas.sources.registers.shapes import System, system_of, tidied
from atlas.sources.registers.survey import opened
from atlas.sources.registers.text import utf8_blocks
from atlas.sources.registers.workbook import text_of

WORDS: Final = {Kind.GEOPACKAGE: "GeoPackage", Kind.GEOJSON: "GeoJSON", Kind.SHAPEFILE: "Shapefile"}
_AT_ONCE: Final = 10_000
_LOOKED_AT: Final = 2_000
# GDAL's own are RuntimeErrors
_DAMAGED: Final = (pa.ArrowInvalid, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that holds a register.

    Parameters
    ----------
    kind : Kind
        What the file is.
    name : str or None
        The layer's name; None for the only one.
    columns : tuple of str
        Its columns.
    system : System or None
        How its coordinates are to be taken; None where it has no geometry.
    notes : tuple of str
        What was done to read it.
    """

    kind: Kind
    name: str | None
    columns: tuple[str, ...]
    system: System | None
    notes: tuple[str, ...]

    @property
    def form(self) -> str:
        """What it is, in words."""
        return f"{WORDS[self.kind]}, layer {self.name}" if self.name else WORDS[self.kind]


def look_at_geodata(path: Path, kind: Kind, wanted: str | None, file: str, limits: Limits) -> Layer:
    """Choose the layer with the most rows, and find out in what system its coordinates are.

    Parameters
    ----------
    path : Path
        The file, unpacked; a Shapefile's ``.shp`` beside its parts.
    kind : Kind
        GeoPackage, GeoJSON or Shapefile.
    wanted : str or None
        Name of a GeoPackage's layer; None to choose. Other files have one alone.
    file : str
        The file's name, for faults.
    limits : Limits
        How many layers and columns there may be.

    Returns
    -------
    Layer

    Raises
    ------
    DataError
        If it is damaged, lacks a part, or has no such layer or none to choose.
    """
    if kind == Kind.SHAPEFILE:
        check_parts(set(parts_of(path)), file)
    if kind != Kind.GEOPACKAGE and wanted:
        what = "a Shapefile" if kind == Kind.SHAPEFILE else "a GeoJSON file"
        raise refused(file, f"{what} has one layer alone", "no name of a layer", value=wanted)
    with _for_gdal(path, kind, file) as (source, options):
        name, notes = _chosen(source, wanted, file, limits, options) if kind == Kind.GEOPACKAGE else (None, [])
        about, table = _beginning(source, name, file, options)
    columns = unique_names([str(field).strip() for field in about["fields"]])
    if len(columns) > limits.columns:
        raise refused(file, f"{len(columns):,} columns", f"at most {limits.columns:,}")
    system = None
    if about["geometry_type"] is not None:
        system = system_of(about["crs"], _geometry(table, about), is_default=kind == Kind.GEOJSON)
        notes.append(system.note)
    notes.append("Rows are numbered as features of the file, from 1.")
    return Layer(kind, name, columns, system, tuple(note for note in notes if note))


def pieces_of_geodata(path: Path, layer: Layer, file: str) -> Iterator[Piece]:
    """Read the features of a layer from the first to the last."""
    row = 1
    with _for_gdal(path, layer.kind, file) as (source, options):
        for about, table in _batches(source, layer.name, file, options):
            arrays = [as_text(table.column(place)) for place in range(len(layer.columns))]
            rows = np.arange(row, row + table.num_rows)
            row += table.num_rows
            geometry, ragged = None, dict[int, str]()
            if layer.system is not None:
                geometry, odd = tidied(_geometry(table, about), layer.system)
                ragged = {int(rows[at]): what for at, what in odd.items()}
            yield Piece(rows, pa.Table.from_arrays(arrays, names=list(layer.columns)), ragged, geometry)


@contextmanager
def _for_gdal(path: Path, kind: Kind, file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and options under which GDAL takes the file as what it is, and writes nothing beside it."""
    with tempfile.TemporaryDirectory(prefix="atlas-register-") as folder:
        if kind == Kind.GEOJSON:
            yield f"GeoJSON:{_plain_json(path, Path(folder), file)}", {}
        elif kind == Kind.GEOPACKAGE:
            source = path
            if path.suffix.lower() != ".gpkg":
                source = Path(folder) / "register.gpkg"
                shutil.copyfile(path, source)
            yield str(source), {"IMMUTABLE": "YES"}
        else:
            encoding = encoding_of_table(path)
            yield str(path), {} if encoding is None else {"encoding": encoding}


def _plain_json(path: Path, folder: Path, file: str) -> Path:
    """The file, or a copy in UTF-8 where it is in another encoding."""
    with opened(path) as source:
        order = byte_order(source.read(4096))
    if order is None:
        return path
    plain = folder / "register.geojson"
    with plain.open("wb") as target:
        for block in utf8_blocks(path, codecs.lookup(order[0]).name, order[1], file):
            target.write(block)
    return plain


def _chosen(
    source: str, wanted: str | None, file: str, limits: Limits, options: dict[str, Any]
) -> tuple[str, list[str]]:
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    try:
        with warnings.catch_warnings(action="ignore"):
            names = [str(name) for name, _ in pyogrio.list_layers(source)]
            if len(names) > limits.sheets:
                raise refused(file, f"{len(names):,} layers", f"at most {limits.sheets:,}")
            infos = {name: pyogrio.read_info(source, name, force_feature_count=True, **options) for name in names}
    except _DAMAGED as error:
        raise refused(file, f"the file is damaged ({_first_line(error)})", "a whole GeoPackage") from None
    if not names:
        raise refused(file, "the GeoPackage has no layers", "a layer with rows")
    if wanted is not None and wanted not in names:
        raise refused(file, "no layer of that name", f"one of {', '.join(names)}", value=wanted)
    name = wanted if wanted is not None else max(names, key=lambda name: infos[name]["features"])
    others = [other for other in names if other != name]
    return name, [f"Layer {name} was read; not read: {', '.join(others)}."] if others else []


def _beginning(source: str, name: str | None, file: str, options: dict[str, Any]) -> tuple[dict[str, Any], pa.Table]:
    for about, table in _batches(source, name, file, options, _LOOKED_AT):
        return about, table
    raise refused(file, "the file has no rows", "at least one feature")


def _batches(
    source: str, name: str | None, file: str, options: dict[str, Any], size: int = _AT_ONCE
) -> Iterator[tuple[dict[str, Any], pa.Table]]:
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    reading = pyogrio.open_arrow(source, layer=name, batch_size=size, use_pyarrow=True, **options)
    try:
        with warnings.catch_warnings(action="ignore"):
            about, reader = reading.__enter__()
    except _DAMAGED as error:
        raise refused(file, f"the file is damaged ({_first_line(error)})", "a whole file of geodata") from None
    try:
        while (table := _next(reader, file)) is not None:
            if table.num_rows:
                yield about, table
    finally:
        reading.__exit__(None, None, None)


def _next(reader: pa.RecordBatchReader, file: str) -> pa.Table | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            return pa.Table.from_batches([reader.read_next_batch()])
    except StopIteration:
        return None
    except _DAMAGED as error:
        raise refused(file, f"the file is damaged ({_first_line(error)})", "a whole file of geodata") from None


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _geometry(table: pa.Table, about: dict[str, Any]) -> pa.ChunkedArray:
    return table.column(about["geometry_name"] or "wkb_geometry")


def as_text(column: pa.ChunkedArray) -> pa.Array:
    """Write a column of any type as text; what is missing is empty.

    Examples
    --------
    >>> as_text(pa.chunked_array([[0.27, None, 3.0]])).to_pylist()
    ['0.27', '', '3']
    """
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(TEXT).fill_null("").combine_chunks()
    return pa.array([_text(value) for value in column.to_pylist()], TEXT)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return text_of(value)
