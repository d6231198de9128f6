"""Other ways of measuring London: 4,835 LSOAs, 350 seeded sites, 4 km, with domains (Indices of Deprivation 2019).

Aims: 1,024 draws at most 1.5 s (the issue's: 10 s), 64 draws 60 ms. No tool that we know does this; what stands beside
is the same work by the library's own plain functions, 16 draws of it scaled up. The second test is what a Sobol
analysis of them takes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.access import measure_access
from atlas.gaps.need import domain_scores, percentiles
from atlas.gaps.robustness.maup import maup
from atlas.gaps.robustness.monte_carlo import robustness
from atlas.gaps.robustness.sensitivity import sensitivity
from atlas.gaps.rule import gap_index, is_high_need, is_low_access
from atlas.gaps.study import Study, make_study
from atlas.parameters import Parameters
from atlas.sources import embedded
from atlas.sources.deprivation import read_file7
from atlas.vocabulary import Decay
from benchmarks.subjects import median_s
from tests.golden.worlds import world

SITES, PLAIN_DRAWS = 350, 16


@pytest.fixture(scope="module")
def london(shared: Path) -> Study:
    areaset = embedded.read_areas()
    release = read_file7(shared / "deprivation" / "iod2019_file7_england.csv.gz")
    xy = world(shared, "london", SITES).supply_xy
    sites = pd.DataFrame({"x_m": xy[:, 0], "y_m": xy[:, 1], "capacity": 1.0, "sector": "health", "status": "active"})
    sites["institution"] = np.arange(SITES) // 3
    scores = domain_scores(release, areaset.areas.index)
    return make_study(areaset, release.scores["overall"], sites, Parameters(), scores)


def plain(study: Study, table: pd.DataFrame) -> None:
    """Gaps and ranks of some draws by the functions that the reader's own choice goes through; need at one scale."""
    rule, people = study.parameters, study.residents
    weights = table.filter(like="weight_").to_numpy()
    for k, row in enumerate(table.itertuples()):
        need = percentiles(study.domain_scores @ weights[k], people)
        capacity = study.capacity(row.sharing)
        found = measure_access(rule.measure, study.people, capacity, study.costs, row.catchment_m, Decay(row.decay))
        access = percentiles(found.value[: study.n_areas], people)
        is_high_need(need, people, rule) & is_low_access(found.reached[: study.n_areas], access, rule)
        pd.Series(gap_index(need, access)).rank(ascending=False, method="min")


@pytest.mark.parametrize("draws", [64, 1024])
def test_draws(benchmark: Any, london: Study, draws: int) -> None:
    found = benchmark(lambda: robustness(london, draws=draws, seed=1))
    beside = median_s(lambda: plain(london, found.table.iloc[:PLAIN_DRAWS]), 3) * draws / PLAIN_DRAWS
    benchmark.extra_info.update(plain_s=beside, ratio=beside / benchmark.stats.stats.median)


def test_sobol_indices(benchmark: Any, london: Study) -> None:
    benchmark(lambda: sensitivity(london, base=256, seed=1))


def test_merged_areas(benchmark: Any, london: Study) -> None:
    benchmark(lambda: maup(london, london.areas["msoa"]))
