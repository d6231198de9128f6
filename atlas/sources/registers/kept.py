"""Files of registers kept as they came, by their hash."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Final

from atlas.errors import UnavailableError
from atlas.sources.registers.shapefiles import parts_of

_LONGEST_ENDING: Final = 9


def keep_file(path: Path, folder: Path, sha256: str) -> Path:
    """Copy a file into a folder, whole or not at all; once, however often it comes.

    Parameters
    ----------
    path : Path
        The file. Beside a Shapefile lie its parts, which are kept with it in one zip archive.
    folder : Path
        Where files are kept; made if it is not there.
    sha256 : str
        Its hash, as `RawRegister.sha256`.

    Returns
    -------
    Path
        ``<folder>/<first two digits>/<hash><ending>``.

    Raises
    ------
    UnavailableError
        If the file cannot be read or the folder cannot be written.
    """
    there = kept_file(folder, sha256)
    if there is not None:
        return there
    parts = parts_of(path) if path.suffix.lower() == ".shp" else {}
    ending = ".zip" if parts else _ending(path)
    target = folder / sha256[:2] / f"{sha256}{ending}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=".coming-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as copy:
                if parts:
                    _zip(parts, path.stem, copy)
                else:
                    with path.open("rb") as source:
                        shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            Path(aside).replace(target)
        finally:
            Path(aside).unlink(missing_ok=True)
    except OSError as error:
        raise UnavailableError(f"cannot keep {path.name} in {folder}: {error.strerror or error}") from None
    return target


def kept_file(folder: Path, sha256: str) -> Path | None:
    """Find the file of a hash; None if it is not kept.

    Parameters
    ----------
    folder : Path
        Where files are kept.
    sha256 : str
        Its hash.
    """
    found = sorted((folder / sha256[:2]).glob(f"{sha256}*")) if sha256.isalnum() else []
    return found[0] if found else None


def _ending(path: Path) -> str:
    """The file's ending, both where it is compressed; empty where it is none that a name should bear."""
    endings = path.suffixes[-2:] if path.suffix.lower() in {".gz", ".gzip"} else path.suffixes[-1:]
    plain = [ending for ending in endings if ending[1:].isalnum() and len(ending) <= _LONGEST_ENDING]
    return "".join(plain).lower()


def _zip(parts: dict[str, Path], stem: str, target: IO[bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, part in parts.items():
            archive.write(part, f"{stem}{ending}")
