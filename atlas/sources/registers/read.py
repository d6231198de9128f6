"""Open a register, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from atlas.errors import QueryError
from atlas.geo.estate.model import RawChunk, RawRegister
from atlas.sources.registers.content import ENDINGS, WHAT_IS_READ, Kind, kind_of, lie
from atlas.sources.registers.geodata import look_at_geodata, pieces_of_geodata
from atlas.sources.registers.guard import BOOK_ENDINGS, Book, book_of, check_book, check_ole
from atlas.sources.registers.limits import Limits, refused
from atlas.sources.registers.outlines import outline_column
from atlas.sources.registers.pieces import Piece, first_rows, rechunked
from atlas.sources.registers.shapefiles import PARTS, check_parts, hash_of_parts
from atlas.sources.registers.survey import Survey, survey
from atlas.sources.registers.text import look_at_text, pieces_of_text
from atlas.sources.registers.unpack import archive, gunzipped, is_archive, unzipped
from atlas.sources.registers.workbook import look_at_workbook, pieces_of_workbook

SAMPLE_ROWS: Final = 200

_Pieces: TypeAlias = Callable[[Path], Iterator[Piece]]
_INSIDE: Final = (
    *ENDINGS[Kind.TEXT],
    *ENDINGS[Kind.GEOJSON],
    ".gpkg",
    ".shp",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
)


@dataclass(frozen=True, eq=False)
class _Reading:
    """How a file is read: what `RawRegister` says of it, and its rows from its path."""

    form: str
    columns: tuple[str, ...]
    header_row: int
    notes: tuple[str, ...]
    pieces: _Pieces


def open_register(
    path: Path, *, sheet: str | None = None, limits: Limits | None = None, name: str | None = None
) -> RawRegister:
    """Open a register of land and property as it comes.

    What the file is, is told by what is in it, not by its name: a text table in any encoding and with any of the
    usual delimiters, an Excel or OpenDocument workbook, a GeoPackage, GeoJSON, a Shapefile, or one of them in a zip
    archive or compressed by gzip.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str, optional
        Sheet of a workbook, layer of a GeoPackage or file in an archive; otherwise the one that looks most like a
        register is chosen.
    limits : Limits, optional
        How large it may be; the command line's unless given.
    name : str, optional
        What the file is called where it came from.

    Returns
    -------
    RawRegister
        Its chunks are read from the file again each time they are asked for.

    Raises
    ------
    DataError
        If it is empty, too large, damaged, locked, has macros, has no header or no rows, or is nothing that is read.
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    limits = limits or Limits()
    file = PurePosixPath((name or path.name).replace("\\", "/")).name or "register"
    about = survey(path, file, limits)
    reading = _look(path, about, file, sheet, limits)
    sha256, size = about.sha256, about.size_bytes
    if about.head.startswith(b"\x00\x00\x27\x0a"):
        sha256, size = hash_of_parts(path)
    beginning = first_rows(reading.pieces(path), SAMPLE_ROWS)
    if beginning is None:
        raise refused(file, "the file has no rows", "at least one row under the header")
    reading, beginning = _with_outlines(reading, beginning)
    first = next(rechunked([beginning], SAMPLE_ROWS, file, limits))
    return RawRegister(
        file=file,
        sha256=sha256,
        size_bytes=size,
        form=reading.form,
        columns=reading.columns,
        header_row=reading.header_row,
        notes=reading.notes,
        sample=first.cells,
        chunks=partial(_chunks, path, about.size_bytes, reading, file, limits),
        sample_geometry=first.geometry,
    )


def _with_outlines(reading: _Reading, beginning: Piece) -> tuple[_Reading, Piece]:
    """The same, with outlines that stand as text in a column as geometry."""
    found = outline_column(beginning) if beginning.geometry is None else None
    if found is None:
        return reading, beginning

    def pieces(path: Path) -> Iterator[Piece]:
        return map(found.taken_out_of, reading.pieces(path))

    columns = tuple(name for name in reading.columns if name != found.name)
    with_outlines = replace(reading, columns=columns, notes=(*reading.notes, *found.notes), pieces=pieces)
    return with_outlines, found.taken_out_of(beginning)


def _chunks(path: Path, size_bytes: int, reading: _Reading, file: str, limits: Limits, size: int) -> Iterator[RawChunk]:
    if size < 1:
        raise QueryError(f"a chunk has at least one row, not {size}")
    try:
        is_same = path.stat().st_size == size_bytes
    except OSError:
        is_same = False
    if not is_same:
        raise refused(file, "the file has changed since it was opened", "the same file")
    yield from rechunked(reading.pieces(path), size, file, limits)


def _look(path: Path, about: Survey, file: str, sheet: str | None, limits: Limits, *, inside: bool = False) -> _Reading:
    kind = kind_of(about.head, about.tail, file)
    if kind == Kind.ZIP:
        return _look_at_zip(path, file, sheet, limits, inside=inside)
    notes = () if inside else lie(file, kind, ENDINGS[kind])
    if kind == Kind.GZIP:
        if inside:
            raise refused(file, "an archive in an archive", "the register itself, or one archive around it")
        with gunzipped(path, file, limits) as unpacked:
            found = _look(unpacked, survey(unpacked, file, _unpacked(limits)), file, sheet, limits, inside=True)
        form = f"{found.form}, compressed"
        return replace(found, form=form, notes=(*notes, *found.notes), pieces=partial(_of_gzip, found, file, limits))
    if kind == Kind.OLE:
        check_ole(path, file)
        return _of_book(path, "Excel workbook", notes, sheet, file, limits)
    if kind == Kind.TEXT:
        if sheet:
            raise refused(file, "a text table has no sheets", "no name of a sheet", value=sheet)
        table = look_at_text(path, about.head, file, limits)
        pieces = partial(pieces_of_text, table=table, file=file, limits=limits)
        return _Reading(table.form, table.header.columns, table.header.last_row, (*notes, *table.notes), pieces)
    layer = look_at_geodata(path, kind, sheet, file, limits)
    pieces = partial(pieces_of_geodata, layer=layer, file=file)
    return _Reading(layer.form, layer.columns, 0, (*notes, *layer.notes), pieces)


def _unpacked(limits: Limits) -> Limits:
    """Limits of a file that has come out of an archive."""
    return replace(limits, bytes=limits.unpacked_bytes)


def _of_gzip(found: _Reading, file: str, limits: Limits, path: Path) -> Iterator[Piece]:
    with gunzipped(path, file, limits) as unpacked:
        yield from found.pieces(unpacked)


def _of_book(path: Path, words: str, notes: tuple[str, ...], sheet: str | None, file: str, limits: Limits) -> _Reading:
    table = look_at_workbook(path, sheet, file, limits)
    header = table.header

    def pieces(_path: Path) -> Iterator[Piece]:
        return pieces_of_workbook(table)

    form = f"{words}, sheet {table.sheet}"
    return _Reading(form, header.columns, header.last_row, (*notes, *table.notes), pieces)


def _look_at_zip(path: Path, file: str, sheet: str | None, limits: Limits, *, inside: bool) -> _Reading:
    with archive(path, file, limits) as found:
        book = book_of(found, file)
        if book is not None:
            check_book(found, book, file, limits)
        names = found.names
    if book is not None:
        words = {Book.XLSX: "Excel workbook", Book.XLSB: "binary Excel workbook", Book.ODS: "OpenDocument spreadsheet"}
        notes = () if inside else lie(file, book, BOOK_ENDINGS[book])
        return _of_book(path, words[book], notes, sheet, file, limits)
    if inside:
        raise refused(file, "an archive in an archive", "the register itself, or one archive around it")
    member = _member(names, sheet, file)
    wanted = _parts(names, member, file)
    with _member_of(path, file, limits, wanted, member) as unpacked:
        about = survey(unpacked, file, _unpacked(limits))
        # desktop programs call the layer of a Shapefile as the file is called
        is_named = sheet == member or (member.lower().endswith(".shp") and sheet == PurePosixPath(member).stem)
        within = None if is_named else sheet
        reading = _look(unpacked, about, file, within, limits, inside=True)
    lies = lie(file, Kind.ZIP, ENDINGS[Kind.ZIP])
    others = [name for name in names if name not in wanted]
    if others:
        lies = (*lies, f"{member} in the archive was read; not read: {', '.join(others[:20])}.")
    pieces = partial(_of_zip, reading, file, limits, wanted, member)
    return replace(reading, form=f"{reading.form}, zipped", notes=(*lies, *reading.notes), pieces=pieces)


def _of_zip(
    reading: _Reading, file: str, limits: Limits, wanted: dict[str, str], member: str, path: Path
) -> Iterator[Piece]:
    with _member_of(path, file, limits, wanted, member) as unpacked:
        yield from reading.pieces(unpacked)


@contextmanager
def _member_of(path: Path, file: str, limits: Limits, wanted: dict[str, str], member: str) -> Iterator[Path]:
    with unzipped(path, file, limits, wanted) as folder:
        yield folder / wanted[member]


def _member(names: list[str], wanted: str | None, file: str) -> str:
    """The file in an archive that is the register."""
    found = [name for name in names if PurePosixPath(name).suffix.lower() in _INSIDE]
    shapes = [name for name in found if name.lower().endswith(".shp")]
    if wanted is not None and wanted in found:
        return wanted
    if len(shapes) == 1:
        return shapes[0]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        tables = [name for name in found if not name.lower().endswith((".txt", ".json"))]
        if len(tables) == 1:
            return tables[0]
        raise refused(
            file, "several files in the archive could be the register", f"one of them: {', '.join(sorted(found)[:20])}"
        )
    if any(map(is_archive, names)):
        raise refused(file, "an archive in an archive", "the register itself, or one archive around it")
    if any(name.lower().endswith(PARTS) for name in names):
        check_parts({PurePosixPath(name).suffix.lower() for name in names}, file)
    raise refused(file, "nothing in the archive is a register", WHAT_IS_READ)


def _parts(names: list[str], member: str, file: str) -> dict[str, str]:
    """Files of the archive that are needed, and the plain name that each gets."""
    whole = PurePosixPath(member)
    if whole.suffix.lower() != ".shp":
        return {member: f"register{whole.suffix.lower()}"}
    parts = {
        name: f"register{PurePosixPath(name).suffix.lower()}"
        for name in names
        if PurePosixPath(name).with_suffix("") == whole.with_suffix("") and PurePosixPath(name).suffix.lower() in PARTS
    }
    check_parts({PurePosixPath(plain).suffix for plain in parts.values()}, file)
    return parts
