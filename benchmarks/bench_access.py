"""E2SFCA (Gaussian, 10 km) from coordinates to access, beside PySAL `access` where it can run.

Aim: England's 32,844 LSOAs x 20,000 sites in at most 0.30 s and 600 MB.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.subjects import SUBJECTS, median_s, peak_mb

CASES = [
    ("london", 200, "pysal_points", 3),
    ("england", 2_000, "pysal_points", 1),
    ("england", 20_000, "pysal_table", 1),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("place", "sites", "peer", "rounds"), CASES, ids=str)
@pytest.mark.parametrize("path", ["atlas_points", "atlas_table"])
def test_access(benchmark: Any, shared: Path, path: str, place: str, sites: int, peer: str, rounds: int) -> None:
    access = benchmark(SUBJECTS[path](shared, place, sites))
    peers = SUBJECTS[peer](shared, place, sites)
    peer_s = median_s(peers, rounds)
    np.testing.assert_allclose(np.asarray(access), np.asarray(peers()), rtol=1e-9)
    benchmark.extra_info.update(
        peak_mb=peak_mb(path, shared, place, sites),
        peer=peer,
        peer_s=peer_s,
        peer_peak_mb=peak_mb(peer, shared, place, sites),
        ratio=peer_s / benchmark.stats.stats.median,
    )
