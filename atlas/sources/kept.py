"""Results that took long, kept in the workspace by the revision that they follow from; they may be deleted any time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pandas as pd

import atlas
from atlas.sources.areacache import CACHE, written_whole

_TABLES: Final = "tables"
LIBRARIES: Final = ("numpy", "scipy", "pandas", "salib", "networkx", "pyogrio", "pyarrow")
"""What results are counted and written with."""

MOST_KEPT = 64
"""Results of one kind; the longest unused go first."""


def read(workspace: Path, kind: str, revision: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]] | None:
    """Tables and facts of a result; None where it is not here or cannot be read.

    Parameters
    ----------
    workspace : Path
        Where things are kept.
    kind, revision : str
        What it is, and what it follows from.
    """
    return _read(_folder(workspace, kind, revision))


def write(
    workspace: Path, kind: str, revision: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> None:
    """Keep a result, whole or not at all; where the workspace cannot be written to, it is not kept."""
    folder = _folder(workspace, kind, revision)
    with contextlib.suppress(OSError):
        with written_whole(folder) as aside:
            for name, table in tables.items():
                table.to_parquet(aside / f"{name}.parquet")
            (aside / "facts.json").write_text(json.dumps({**facts, _TABLES: list(tables)}), encoding="utf-8")
        _forget(folder.parent, kind)


def table(workspace: Path, kind: str, revision: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A result of one table: as it is kept, else made now and kept."""
    if found := read(workspace, kind, revision):
        return found[0][kind]
    made = make()
    write(workspace, kind, revision, {kind: made}, {})
    return made


def latest(workspace: Path, kind: str) -> pd.DataFrame | None:
    """The table last made or used of those `table` keeps, whatever it follows from and whichever code made it."""
    for folder in _newest_first(workspace / CACHE, kind):
        if found := _read(folder):
            return found[0].get(kind)
    return None


def _read(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]] | None:
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in facts.pop(_TABLES)}
    except (OSError, ValueError, KeyError, TypeError):
        # What is damaged costs time and nothing else, and makes room for what is made anew.
        shutil.rmtree(folder, ignore_errors=True)
        return None
    # a workspace that can only be read serves all the same
    with contextlib.suppress(OSError):
        os.utime(folder)
    return tables, facts


def _folder(workspace: Path, kind: str, revision: str) -> Path:
    return workspace / CACHE / f"{kind}-{revision}-{method()}"


def _forget(folder: Path, kind: str) -> None:
    for path in _newest_first(folder, kind)[MOST_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _newest_first(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime, reverse=True)


@cache
def method() -> str:
    """Eight hexadecimal digits that change with the code, and with the libraries that it counts and writes with."""
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    digest = hashlib.sha256(" ".join(libraries).encode())
    for file in sorted(Path(next(iter(atlas.__path__))).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
