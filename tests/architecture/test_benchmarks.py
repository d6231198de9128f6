"""The benchmarks are run by hand: a name that has moved must not wait for that to be seen."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

NAMES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "benchmarks").glob("bench_*.py"))


def test_there_are_benchmarks() -> None:
    assert len(NAMES) > 15


@pytest.mark.parametrize("name", NAMES)
def test_what_it_imports_is_there(name: str) -> None:
    importlib.import_module(f"benchmarks.{name}")
