"""Bivariate local Moran (IMD 2019 against E2SFCA of 2,000 sites, queen) beside `esda`, and the scan statistic.

Aims: England's 32,844 LSOAs at 9,999 permutations in at most 0.10 s with no compile wait over 1 s, at 99,999 in at most
1.2 s; London's 4,835 x 380 sites scanned with 999 replicates in at most 2 s.

`esda` is timed at 9,999 (warm, and its first call in a process of its own, compiling included); ATLAS_BENCH_SLOW=1
times it at 99,999 too, which takes minutes. ``python -m benchmarks.bench_significance NAME SHARED PLACE N`` does the
work once in a process of its own and prints the seconds of that first call, its imports included, and the peak MB.
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
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from benchmarks.subjects import CHECKOUT, _own_peak_mb, median_s
from tests.golden.esda_moran import moran_by_esda, subject, weights_of
from tests.golden.worlds import world

SLOW: Final = os.environ.get("ATLAS_BENCH_SLOW") == "1"
SITES: Final = 380


def atlas_moran(shared: Path, place: str, permutations: int) -> Callable[[], Any]:
    inputs = subject(shared, place)

    def work() -> Any:
        from atlas.gaps.significance import bivariate_local_moran  # noqa: PLC0415  # its import is part of a first call

        return bivariate_local_moran(*inputs, permutations=permutations)

    return work


def esda_moran(shared: Path, place: str, permutations: int) -> Callable[[], Any]:
    need, access, links = subject(shared, place)
    return partial(moran_by_esda, need, access, weights_of(links), permutations)


def atlas_scan(shared: Path, place: str, replicates: int) -> Callable[[], Any]:
    here = world(shared, place, SITES)
    rng = np.random.default_rng(1)
    cases = pd.Series(np.bincount(rng.integers(len(here.population), size=SITES), minlength=len(here.population)))
    cases.index = here.population.index

    def work() -> Any:
        from atlas.gaps.scan import scan_low_provision  # noqa: PLC0415  # its import is part of a first call

        return scan_low_provision(here.demand_xy, here.population, cases, replicates=replicates)

    return work


WORKS: Final = {work.__name__: work for work in (atlas_moran, esda_moran, atlas_scan)}


def first_call(name: str, shared: Path, place: str, n: int, **env: str) -> tuple[float, float]:
    """Seconds and peak MB of the first call in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_significance", name, str(shared), place, str(n)]
    done = subprocess.run(  # noqa: S603  # our own
        command, cwd=CHECKOUT, check=True, capture_output=True, text=True, env=os.environ | env
    )
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("place", "permutations"), [("london", 9_999), ("london", 99_999), ("england", 9_999), ("england", 99_999)], ids=str
)
def test_moran(benchmark: Any, shared: Path, place: str, permutations: int) -> None:
    found = benchmark(atlas_moran(shared, place, permutations))
    seconds, megabytes = first_call("atlas_moran", shared, place, permutations)
    benchmark.extra_info.update(first_call_s=seconds, peak_mb=megabytes)
    if permutations > 9_999 and not SLOW:
        return
    work = esda_moran(shared, place, permutations)
    peer_s = median_s(work, 1)
    # two sets of draws: five standard errors of the difference, and the one that is added to each count
    p, peer = found["p"].to_numpy(), work().p_sim
    assert (np.abs(p - peer) <= 5 * np.sqrt(2 * p * (1 - p) / permutations) + 5 / permutations).mean() > 0.999
    peer_first_s, peer_mb = first_call("esda_moran", shared, place, permutations)
    benchmark.extra_info.update(
        peer="esda",
        peer_s=peer_s,
        peer_first_call_s=peer_first_s,
        peer_peak_mb=peer_mb,
        ratio=peer_s / benchmark.stats.stats.median,
    )


def test_scan(benchmark: Any, shared: Path, tmp_path: Path) -> None:
    benchmark(atlas_scan(shared, "london", 999))
    seconds, megabytes = first_call("atlas_scan", shared, "london", 999, NUMBA_CACHE_DIR=str(tmp_path))
    cached, _ = first_call("atlas_scan", shared, "london", 999, NUMBA_CACHE_DIR=str(tmp_path))
    benchmark.extra_info.update(first_call_compiling_s=seconds, first_call_cached_s=cached, peak_mb=megabytes)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    subject_name, folder, where, size = sys.argv[1:]
    prepared = WORKS[subject_name](Path(folder), where, int(size))
    begin = time.perf_counter()
    prepared()
    print(time.perf_counter() - begin, _own_peak_mb())
