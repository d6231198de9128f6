"""Maximal covering from coordinates to a proved answer, beside spopt's MCLP with HiGHS.

Every LSOA is demand (its population) and candidate, within 2 km; seeded draws of 400 LSOAs are small enough for the
peer in any run. Its London runs take about two minutes and 1.5 GB each: they are made when ATLAS_BENCH_SLOW_PEERS is 1.

Aims: London p = 5 and 10 proved in 0.5 and 1.0 s; p = 20 in 1.0 s within 0.5% (`quick`: HiGHS not asked) or in 20 s
proved; England p = 20 (`quick`) in 2.5 s within 1.5% and 400 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.subjects import CHECKOUT, _own_peak_mb
from tests.golden.worlds import SEED, world

RADIUS_M = 2_000.0
SMALL = 400
SLOW_PEERS = os.environ.get("ATLAS_BENCH_SLOW_PEERS") == "1"
CASES = [
    ("small", 5, "proved", 3),
    ("small", 20, "proved", 3),
    ("london", 5, "proved", 5),
    ("london", 10, "proved", 5),
    ("london", 20, "quick", 5),
    ("london", 20, "proved", 1),
    ("england", 20, "quick", 3),
]


def places(shared: Path, place: str) -> tuple[np.ndarray, pd.Series[float]]:
    """Points and population of London's LSOAs as Atlas carries them, of 400 of them, or of England's."""
    if place == "england":
        w = world(shared, place, 1)
        return w.demand_xy, w.population
    from atlas.sources import embedded  # noqa: PLC0415

    areas = embedded.read_areas().areas
    if place == "small":
        areas = areas.iloc[np.sort(np.random.default_rng(SEED).choice(len(areas), SMALL, replace=False))]
    return areas[["x_m", "y_m"]].to_numpy(dtype=float), areas["population"].astype(float)


def ours(shared: Path, place: str, p: int, how: str) -> Callable[[], Any]:
    """Atlas: from coordinates to the answer."""
    from atlas.gaps.siting.covering import maximal_cover  # noqa: PLC0415

    xy, people = places(shared, place)
    candidates = pd.DataFrame(xy, index=people.index, columns=["x_m", "y_m"])
    seconds = 0.0 if how == "quick" else 60.0
    return partial(maximal_cover, xy, people, candidates, radius_m=RADIUS_M, p=p, time_limit_s=seconds)


def spopt(shared: Path, place: str, p: int) -> tuple[float, float]:
    """People covered by spopt's answer, and the seconds it took, its matrix of distances included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp  # noqa: PLC0415
        from scipy.spatial.distance import cdist  # noqa: PLC0415
        from spopt.locate import MCLP  # noqa: PLC0415

        xy, people = places(shared, place)
        begin = time.perf_counter()
        peer = MCLP.from_cost_matrix(cdist(xy, xy), people.to_numpy(), RADIUS_M, p_facilities=p)
        solved = peer.solve(pulp.HiGHS(msg=False))
        return float(solved.problem.objective.value()), time.perf_counter() - begin


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("place", "p", "how", "rounds"), CASES, ids=str)
def test_siting(benchmark: Any, shared: Path, place: str, p: int, how: str, rounds: int) -> None:
    siting = benchmark.pedantic(ours(shared, place, p, how), rounds=rounds, warmup_rounds=min(rounds - 1, 1))
    assert how == "quick" or siting.proved
    benchmark.extra_info.update(
        people=siting.after, gap=siting.gap, method=siting.method, peak_mb=peak_mb(shared, place, p, how)
    )
    if place == "small" or (place == "london" and SLOW_PEERS):
        value, peer_s = spopt(shared, place, p)
        assert how == "quick" or siting.after == pytest.approx(value, rel=1e-9)
        benchmark.extra_info.update(peer="spopt", peer_s=peer_s, ratio=peer_s / benchmark.stats.stats.median)


def peak_mb(shared: Path, place: str, p: int, how: str) -> float:
    """Peak resident memory of a process that does nothing else, imports and data included."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_siting", str(shared), place, str(p), how]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S603  # our own
    return float(done.stdout)


if __name__ == "__main__":
    folder, where, count, mode = sys.argv[1:]
    ours(Path(folder), where, int(count), mode)()
    print(_own_peak_mb())
