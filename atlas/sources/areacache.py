"""Keep areas that took long to build in the workspace, under the hash of all that they were built from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from atlas import __version__
from atlas.errors import Fault, Faults
from atlas.geo.areas import AreaSet

CACHE: Final = "cache"
"""Folder of the workspace that derived files are kept in; it may be deleted at any time."""

_FORM: Final = 2
_FRAMES: Final = ("areas", "boroughs", "icbs")


def cached(
    workspace: Path, vintage: int, files: Iterable[Path], build: Callable[[Faults], AreaSet], faults: Faults
) -> AreaSet:
    """Take areas from the cache, or build them and keep them there.

    Parameters
    ----------
    workspace : Path
        Whose cache.
    vintage : int
        Census year.
    files : iterable of Path
        All that the areas are built from.
    build : callable
        Builds them, collecting faults.
    faults : Faults
        Collects the warnings of the build, be it now or then.

    Returns
    -------
    AreaSet
        The same either way.
    """
    folder = workspace / CACHE / f"areas-{vintage}-{fingerprint(files)}"
    # A cache that is damaged, or that something else deletes meanwhile, costs time and nothing else.
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        areaset, warnings = _read(folder, vintage)
        faults.extend(warnings)
        return areaset
    found = Faults()
    try:
        areaset = build(found)
    finally:
        faults.extend(found.warnings)
    with contextlib.suppress(OSError):
        _write(folder, areaset, found.warnings)
    return areaset


def fingerprint(files: Iterable[Path]) -> str:
    """Hash files' names and contents, and the code's version, to sixteen hexadecimal digits."""
    digest = hashlib.sha256(f"{__version__} {_FORM}".encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _read(folder: Path, vintage: int) -> tuple[AreaSet, list[Fault]]:
    warnings = [Fault(**fault) for fault in json.loads((folder / "warnings.json").read_text(encoding="utf-8"))]
    areas, boroughs, icbs = (gpd.read_parquet(folder / f"{name}.parquet") for name in _FRAMES)
    return AreaSet(vintage, areas, pd.read_parquet(folder / "surroundings.parquet"), boroughs, icbs), warnings


def _write(folder: Path, areaset: AreaSet, warnings: Iterable[Fault]) -> None:
    with written_whole(folder) as aside:
        for name in (*_FRAMES, "surroundings"):
            getattr(areaset, name).to_parquet(aside / f"{name}.parquet")
        text = json.dumps([asdict(fault) for fault in warnings], default=str)
        (aside / "warnings.json").write_text(text, encoding="utf-8")


@contextlib.contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes its name when all is written; where that fails, nothing is left.

    Raises
    ------
    OSError
        If it cannot be written, or the name is taken.
    """
    aside = folder.with_name(f".{os.getpid()}.{folder.name}")
    try:
        aside.mkdir(parents=True)
        yield aside
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
