"""Results that took long, kept in the workspace by the revision that they follow from; they may be deleted any time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from atlas import gaps
from atlas.sources.areacache import CACHE

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
    folder = _folder(workspace, kind, revision)
    # A cache that is damaged costs time and nothing else.
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        tables = {file.stem: pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}
        os.utime(folder)
        return tables, facts
    return None


def write(
    workspace: Path, kind: str, revision: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> None:
    """Keep a result, whole or not at all; where the workspace cannot be written to, it is not kept."""
    folder = _folder(workspace, kind, revision)
    aside = folder.with_name(f".{os.getpid()}.{folder.name}")
    with contextlib.suppress(OSError):
        try:
            aside.mkdir(parents=True)
            for name, table in tables.items():
                table.to_parquet(aside / f"{name}.parquet")
            (aside / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
            aside.rename(folder)
            _forget(folder.parent, kind)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _folder(workspace: Path, kind: str, revision: str) -> Path:
    return workspace / CACHE / f"{kind}-{revision}-{method()}"


def _forget(folder: Path, kind: str) -> None:
    kept = sorted(folder.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


@cache
def method() -> str:
    """Eight hexadecimal digits that change with the code of the analysis."""
    digest = hashlib.sha256()
    for file in sorted(Path(next(iter(gaps.__path__))).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
