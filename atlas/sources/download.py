"""Fetch official files, or take them from a folder, into the workspace: whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeAlias

from atlas.errors import DataError, Fault, UnavailableError
from atlas.sources.arcgis import Service, read_layer
from atlas.sources.areas import read_shapes
from atlas.sources.catalogue import Catalogue, Entry, official_path
from atlas.sources.deprivation import read_file7
from atlas.sources.fetch import fetch
from atlas.sources.repack import find_in_folder, layer_to_file, measure, repack

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told a name, how much is done and how much there is (0 where unknown): bytes of a file, rows of a layer."""

RECORD: Final = "pulled.json"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was pulled.

    Parameters
    ----------
    name : str
        The catalogue's name.
    filename : str
        Its name in the workspace.
    source : str
        The address or the file it came from.
    sha256 : str
        Hash of the file in the workspace.
    rows : int
        Rows in it.
    bytes : int
        Its size.
    pulled_at : str
        When, ISO 8601, UTC.
    """

    name: str
    filename: str
    source: str
    sha256: str
    rows: int
    bytes: int
    pulled_at: str


@dataclass(frozen=True, slots=True)
class Status:
    """How an entry of the catalogue stands in a workspace.

    Parameters
    ----------
    entry : Entry
        The entry.
    state : {"absent", "pulled", "changed", "unrecorded"}
        "changed": its size or place is not what was recorded; "unrecorded": it was put there by other means.
    pulled : Pulled or None
        The record, where there is one.
    """

    entry: Entry
    state: Literal["absent", "pulled", "changed", "unrecorded"]
    pulled: Pulled | None

    @property
    def is_here(self) -> bool:
        """Whether there is such a file at all."""
        return self.state != "absent"


def pull(
    entries: Iterable[Entry],
    workspace: Path,
    *,
    from_folder: Path | None = None,
    progress: Progress | None = None,
    timeout_s: float = 30.0,
    leave_out: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> list[Pulled]:
    """Bring official files into the workspace.

    A file that is there as recorded is not fetched again; one from a folder is always taken. A file takes its place
    only when it is whole and checked; a download that broke off goes on where it stopped.

    Parameters
    ----------
    entries : iterable of Entry
        What to bring.
    workspace : Path
        Where to; made where it is missing.
    from_folder : Path, optional
        Take the files from here instead of their addresses.
    progress : callable, optional
        Told the name, how much is done and how much there is.
    timeout_s : float
        Seconds to wait for an address to answer.
    leave_out : bool
        True leaves out what the folder has not, unless it has nothing; False calls that an error.
    wait : callable
        Waits between attempts to fetch; takes seconds.

    Returns
    -------
    list of Pulled
        In the order of `entries`.

    Raises
    ------
    UnavailableError
        If an address does not answer, a file is not in the folder, or the workspace cannot be written to; says what
        to do.
    DataError
        If files are not what the catalogue says: every one of them, with what was expected and found. Those that are
        right have been brought all the same.
    """
    wanted = tuple(entries)
    sources = None if from_folder is None else _find_all(wanted, from_folder, leave_out=leave_out)
    pulled: list[Pulled] = []
    faults: list[Fault] = []
    for entry in wanted:
        try:
            if sources is None:
                pulled.append(_fetch_one(entry, workspace, progress, timeout_s, wait))
            elif entry.name in sources:
                pulled.append(_accept(entry, workspace, sources[entry.name], str(sources[entry.name]), progress))
        except DataError as error:
            faults += error.faults or (Fault(entry.name, error.what, "a whole file"),)
        except OSError as error:
            reason = f"{error.strerror or error}: {error.filename or workspace}"
            raise UnavailableError(f"{entry.name} cannot be kept in the workspace {workspace}: {reason}") from error
    if faults:
        raise DataError("some official files are not what they should be, and were left alone", faults)
    return pulled


def status(catalogue: Catalogue, workspace: Path) -> list[Status]:
    """Say how each entry stands in the workspace.

    Raises
    ------
    DataError
        If the record of what was pulled is damaged.
    UnavailableError
        If the workspace cannot be read.
    """
    record = read_record(workspace)
    states: list[Status] = []
    for entry in catalogue:
        path, pulled = entry.path(workspace), record.get(entry.name)
        if not path.is_file():
            states.append(Status(entry, "absent", None))
        elif pulled is None:
            states.append(Status(entry, "unrecorded", None))
        else:
            same = path.stat().st_size == pulled.bytes and path.name == pulled.filename
            states.append(Status(entry, "pulled" if same else "changed", pulled))
    return states


def read_record(workspace: Path) -> dict[str, Pulled]:
    """Read what was pulled into a workspace, by name; empty where nothing was.

    Raises
    ------
    DataError
        If the record is damaged.
    UnavailableError
        If it cannot be opened.
    """
    path = official_path(workspace, RECORD)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {name: Pulled(name=name, **fields) for name, fields in raw.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UnavailableError(f"the workspace {workspace} cannot be read: {error.strerror}: {path}") from None
    except (ValueError, TypeError, AttributeError) as error:
        fault = Fault(path.name, f"damaged ({error})", "the record that `atlas data pull` writes")
        raise DataError(f"delete {path} and pull again", [fault]) from None


def _find_all(entries: tuple[Entry, ...], folder: Path, *, leave_out: bool) -> dict[str, Path]:
    if not folder.is_dir():
        raise UnavailableError(f"there is no folder {folder}")
    found = {entry.name: path for entry in entries if (path := find_in_folder(entry, folder)) is not None}
    missing = [entry for entry in entries if entry.name not in found]
    if missing and not (leave_out and found):
        lines = "".join(f"\n  {entry.name}: {', '.join((*entry.aliases, entry.published_name))}" for entry in missing)
        raise UnavailableError(
            f"{folder} has no file for {len(missing)} of {len(entries)}; they were looked for as{lines}"
        )
    return found


def _fetch_one(
    entry: Entry,
    workspace: Path,
    progress: Progress | None,
    timeout_s: float,
    wait: Callable[[float], None],
) -> Pulled:
    there = read_record(workspace).get(entry.name)
    path = entry.path(workspace)
    if there is not None and path.is_file() and _sha256(path) == there.sha256:
        return there
    told = None if progress is None else partial(progress, entry.name)
    scratch = official_path(workspace, ".downloads")
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        if entry.format == "arcgis":
            where = entry.keep.where() if entry.keep else "1=1"
            shapes = path.suffix == ".parquet"
            features = read_layer(Service(entry.address, where, entry.fields, shapes, timeout_s, wait), told)
            source = scratch / entry.filename
            layer_to_file(features, source, entry.name)
        else:
            source = fetch(entry.address, scratch, entry.sha256, timeout_s, told, wait)
    except UnavailableError as error:
        raise UnavailableError(
            f"cannot fetch {entry.name} from its publisher, the {entry.publisher}: {error}. Connect to the internet, "
            f"or take it from a folder that has it: atlas data pull {entry.name} --from DIR"
        ) from None
    try:
        return _accept(entry, workspace, source, entry.address, None)
    finally:
        source.unlink(missing_ok=True)


def _accept(entry: Entry, workspace: Path, source: Path, said: str, progress: Progress | None) -> Pulled:
    """Check a file and put it in its place, repacked where it comes in another form."""
    size = source.stat().st_size
    if progress is not None:
        progress(entry.name, 0, size)
    if entry.sha256 is not None and source.name == entry.published_name and (found := _sha256(source)) != entry.sha256:
        fault = Fault(source.name, "another file than the one published", f"sha256 {entry.sha256}", value=found)
        raise DataError(f"{entry.name} cannot be used", [fault])
    path = entry.path(workspace)
    with _aside(path) as aside:
        repack(entry, source, aside)
        rows = measure(entry, aside, source.name)
        _check_contents(entry, aside, source.name)
        pulled = Pulled(
            name=entry.name,
            filename=entry.filename,
            source=said,
            sha256=_sha256(aside),
            rows=rows,
            bytes=aside.stat().st_size,
            pulled_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        aside.replace(path)
    _write_record(workspace, pulled)
    if progress is not None:
        progress(entry.name, size, size)
    return pulled


def _check_contents(entry: Entry, aside: Path, file: str) -> None:
    """Read a file as it will be read, so that one that cannot be used never takes the place of one that can."""
    try:
        if entry.kind == "deprivation":
            read_file7(aside)
        elif aside.suffix == ".parquet":
            read_shapes(aside)
    except DataError as error:
        named = [replace(fault, file=file) for fault in error.faults]
        raise DataError(f"{entry.name} cannot be used", named) from None


def _write_record(workspace: Path, pulled: Pulled) -> None:
    record = {**read_record(workspace), pulled.name: pulled}
    fields = {name: {key: value for key, value in asdict(one).items() if key != "name"} for name, one in record.items()}
    path = official_path(workspace, RECORD)
    with _aside(path) as aside:
        aside.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        aside.replace(path)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, which is gone afterwards unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(path)
    aside = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def _clear_abandoned(path: Path) -> None:
    """Delete what pulls that were killed left beside a file."""
    if os.name != "posix":  # elsewhere signal 0 is no question
        return
    for left in path.parent.glob(f".*.{path.name}"):
        owner = left.name[1:].removesuffix(f".{path.name}")
        if owner.isdecimal() and not _is_running(int(owner)):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
