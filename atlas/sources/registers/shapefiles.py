"""A Shapefile's parts, and the encoding of its table."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from atlas.sources.registers.limits import refused
from atlas.sources.registers.survey import BLOCK, opened

PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""Endings of the files that make a Shapefile; the first three it cannot do without."""

_NEEDED: Final = PARTS[:3]


def parts_of(path: Path) -> dict[str, Path]:
    """The files that lie beside a ``.shp`` and belong to it, by ending in small letters.

    Parameters
    ----------
    path : Path
        The ``.shp`` file.
    """
    beside = {
        other.suffix.lower(): other
        for other in sorted(path.parent.iterdir())
        if other.stem == path.stem and other.suffix.lower() in PARTS
    }
    return {ending: beside[ending] for ending in PARTS if ending in beside}


def check_parts(endings: set[str], file: str) -> None:
    """Refuse a Shapefile that lacks a part.

    Raises
    ------
    DataError
        Says which are missing.
    """
    missing = [ending for ending in _NEEDED if ending not in endings]
    if missing:
        raise refused(
            file,
            f"parts of the Shapefile are missing: {', '.join(missing)}",
            "its .shp, .shx and .dbf together, best in one zip archive",
        )


def hash_of_parts(path: Path) -> tuple[str, int]:
    """Hash and size of a Shapefile: of all its parts, one after the other."""
    digest, size = hashlib.sha256(), 0
    for part in parts_of(path).values():
        with opened(part) as source:
            while block := source.read(BLOCK):
                digest.update(block)
                size += len(block)
    return digest.hexdigest(), size


def encoding_of_table(path: Path) -> str | None:
    """Encoding of a Shapefile's table where no ``.cpg`` states it; None where one does."""
    parts = parts_of(path)
    if ".cpg" in parts or ".dbf" not in parts:
        return None
    with opened(parts[".dbf"]) as source:
        size = int.from_bytes(source.read(10)[8:10], "little")
        source.seek(size)
        rows = source.read(BLOCK)
    try:
        rows[: rows.rfind(b" ") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"
