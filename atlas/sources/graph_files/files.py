"""Files from outside as bytes: not larger than can be read, unpacked with care."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

from atlas.errors import Faults, UnavailableError
from atlas.sources.graph_files.model import MOST_BYTES

_GZIP: Final = b"\x1f\x8b"
_AS_GZIP: Final = 31
_MEMBERS: Final = ("nodes.csv", "ties.csv", "sources.csv")


def read_capped(path: Path, faults: Faults, most: int = MOST_BYTES) -> bytes | None:
    """Read a file whole, unpacking gzip; None where a fault was added: too large, empty, damaged.

    Raises
    ------
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnavailableError(f"cannot open {path}: {error.strerror or error}") from None
    if data.startswith(_GZIP) and len(data) <= most:
        unpacked = zlib.decompressobj(_AS_GZIP)
        try:
            data = unpacked.decompress(data, most + 1)
        except zlib.error as error:
            faults.add(path.name, f"the compressed file is damaged ({error})", "a whole gzip file")
            return None
        if not unpacked.eof and len(data) <= most:
            faults.add(path.name, "the compressed file is cut short", "a whole gzip file")
            return None
    if len(data) > most:
        faults.add(path.name, "the file is too large", f"at most {most / 1e6:,.0f} MB, unpacked")
        return None
    if not data.strip():
        faults.add(path.name, "the file is empty", "a graph")
        return None
    return data


def unzipped(data: bytes, file: str, faults: Faults, most: int = MOST_BYTES) -> dict[str, bytes] | None:
    """Tables of a ZIP archive that Atlas wrote, by name; None where a fault was added."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in _MEMBERS if name in archive.namelist()]
            found: dict[str, bytes] = {}
            for name in names:
                with archive.open(name) as member:
                    found[name] = member.read(most + 1)
                if sum(map(len, found.values())) > most:
                    faults.add(file, "the archive is too large", f"at most {most / 1e6:,.0f} MB, unpacked")
                    return None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        faults.add(file, f"the archive is damaged ({error})", "a whole ZIP archive")
        return None
    if set(_MEMBERS[:2]) - set(found):
        faults.add(file, "an archive without nodes.csv and ties.csv", "what `atlas export csv` writes")
        return None
    return found
