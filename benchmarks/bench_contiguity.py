"""Queen contiguity, beside libpysal. Aim: England's 32,844 LSOAs in at most 0.10 s."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.subjects import SUBJECTS, median_s, peak_mb


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", ["lsoa11_london_27700", "lsoa11_england_generalised_4326"])
def test_queen(benchmark: Any, shared: Path, file: str) -> None:
    benchmark(SUBJECTS["atlas_queen"](shared, file, 0))
    peer_s = median_s(SUBJECTS["libpysal_queen"](shared, file, 0), 3)
    benchmark.extra_info.update(
        peak_mb=peak_mb("atlas_queen", shared, file, 0),
        peer="libpysal_queen",
        peer_s=peer_s,
        peer_peak_mb=peak_mb("libpysal_queen", shared, file, 0),
        ratio=peer_s / benchmark.stats.stats.median,
    )
