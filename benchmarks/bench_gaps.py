"""The whole gap run over London, a first look of 64 draws and descriptions included. Aim: at most 0.15 s."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.subjects import SUBJECTS, peak_mb


def test_gap_run(benchmark: Any, shared: Path) -> None:
    benchmark(SUBJECTS["atlas_gaps"](shared, "london", 350))
    benchmark.extra_info.update(peak_mb=peak_mb("atlas_gaps", shared, "london", 350))
