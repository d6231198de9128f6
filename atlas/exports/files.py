"""Files and folders are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from atlas.errors import QueryError, UnavailableError


def filed(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file holds; where there is none, what is made now, and filed for the next time if it can be.

    Parameters
    ----------
    path : Path
        Of the file; its folder is made.
    make : callable
        Gives the content.
    """
    if path.is_file():
        return path.read_bytes()
    data = make()
    with suppress(OSError, UnavailableError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return data


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write aside, then rename: whoever looks sees the old file or the new one, never a part.

    Parameters
    ----------
    path : Path
        Of the file.
    data : bytes or iterable of bytes
        The content, or its pieces.

    Raises
    ------
    UnavailableError
        If the folder is missing or cannot be written to; nothing is left behind.
    """
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}") from error
    finally:
        Path(aside).unlink(missing_ok=True)


def write_folder(folder: Path, files: Mapping[str, Iterable[bytes]], mark: str) -> None:
    """Write a folder aside, then rename it; an earlier one, known by a file in it, gives way.

    Parameters
    ----------
    folder : Path
        Of that name, in a folder that is there.
    files : mapping of str to iterable of bytes
        Pieces of each file, by its path within.
    mark : str
        The file by which an earlier one is known.

    Raises
    ------
    QueryError
        If something else has the name; it is left as it is.
    UnavailableError
        If it cannot be written; nothing is left behind.
    """
    if folder.exists() and not (folder / mark).is_file() and not (folder.is_dir() and not any(folder.iterdir())):
        raise QueryError(f"{folder} is there and holds something else; name a new folder")
    try:
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise UnavailableError(f"cannot write {folder}: {error.strerror}") from error
    try:
        new, old = aside / "new", aside / "old"
        new.mkdir()
        for name, pieces in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            with (new / name).open("wb") as file:
                file.writelines(pieces)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        raise UnavailableError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
