"""E2SFCA (Gaussian, 10 km) from coordinates to access, beside PySAL `access` where it can run.

Aims: England's 32,844 LSOAs x 20,000 sites in at most 0.10 s and 350 MB; 188,880 output areas x 100,000 sites (some
200 million pairs, for which there is no peer) in at most 1.0 s and 400 MB. Then each of the five measures on a ready
table of London x 400 to 8 km, as an analysis or a draw of the robustness check asks for it.

The first call compiles, which no round counts: about two seconds, once for each version of the code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from atlas.gaps.access import measure_access, pairs_within
from atlas.vocabulary import AccessMeasure, Decay
from benchmarks.subjects import SUBJECTS, median_s, peak_mb
from tests.golden.worlds import world

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


def test_output_areas(benchmark: Any, shared: Path) -> None:
    here = world(shared, "output_areas", 100_000)
    access = benchmark(SUBJECTS["atlas_points"](shared, "output_areas", 100_000))
    # every site stands near somebody, so that all supply is given out
    np.testing.assert_allclose((access * here.population).sum(), here.capacity.sum(), rtol=1e-9)
    benchmark.extra_info["peak_mb"] = peak_mb("atlas_points", shared, "output_areas", 100_000)


@pytest.mark.parametrize("measure", AccessMeasure)
def test_measures(benchmark: Any, shared: Path, measure: AccessMeasure) -> None:
    here = world(shared, "london", 400)
    costs = pairs_within(here.demand_xy, here.supply_xy, 8_000)
    people, supply = here.population.to_numpy(), here.capacity.to_numpy()
    access = benchmark(measure_access, measure, people, supply, costs, 8_000, Decay.GAUSSIAN)
    assert access.reached.all()
    benchmark.extra_info["pairs"] = costs.n_pairs
