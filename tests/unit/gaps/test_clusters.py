from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from atlas.gaps.clusters import find_clusters
from atlas.parameters import Parameters
from atlas.vocabulary import Verdict

ROBUST, FRAGILE, UNKNOWN, NONE = (
    v.value for v in (Verdict.ROBUST, Verdict.FRAGILE, Verdict.UNKNOWN, Verdict.NOT_A_GAP)
)


def row_of(verdicts: list[str], people: list[int], p_gap: list[float]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Squares side by side, the first half in borough A."""
    n = len(verdicts)
    index = pd.Index([f"E{k}" for k in range(n)], name="lsoa")
    lads = ["A" if 2 * k < n else "B" for k in range(n)]
    squares = [box(k, 0, k + 1, 1) for k in range(n)]
    areas = gpd.GeoDataFrame({"lad": lads, "population": people}, geometry=squares, index=index)
    columns = {name: np.arange(n, dtype=float) for name in ("need", "access", "access_percentile", "nearest_anchor_m")}
    measures = pd.DataFrame(columns | {"need_percentile": 80.0, "p_gap": p_gap, "verdict": verdicts}, index=index)
    return areas, measures


def test_neighbours_join_and_unknown_ones_stay_apart() -> None:
    verdicts = [ROBUST, FRAGILE, NONE, FRAGILE, UNKNOWN, UNKNOWN]
    clusters, rank = find_clusters(*row_of(verdicts, [10, 30, 99, 20, 5, 6], [1, 0.5, 0, 0.6, 0.9, 0.9]), Parameters())
    assert [cluster.lsoas for cluster in clusters] == [("E0", "E1"), ("E3",), ("E4", "E5")]
    assert [cluster.population for cluster in clusters] == [40, 20, 11]
    assert [cluster.verdict for cluster in clusters] == [Verdict.FRAGILE, Verdict.FRAGILE, Verdict.UNKNOWN]
    assert rank.tolist() == [1, 1, 0, 2, 3, 3]


def test_means_are_weighted_by_people_and_boroughs_stand_by_people() -> None:
    verdicts = [NONE, ROBUST, ROBUST, NONE]
    (cluster,), _ = find_clusters(*row_of(verdicts, [1, 10, 30, 1], [0, 0.8, 1.0, 0]), Parameters())
    assert cluster.need == pytest.approx(1.75)
    assert cluster.p_gap == pytest.approx(0.95)
    assert cluster.verdict is Verdict.ROBUST
    assert cluster.lads == ("B", "A")
    assert cluster.bounds == (1.0, 0.0, 3.0, 1.0)


def test_equal_populations_rank_by_need_then_code() -> None:
    areas, measures = row_of([ROBUST, NONE, ROBUST, NONE, ROBUST], [10] * 5, [1.0] * 5)
    measures.loc["E4", "need_percentile"] = 99.0
    clusters, _ = find_clusters(areas, measures, Parameters())
    assert [cluster.lsoas[0] for cluster in clusters] == ["E4", "E0", "E2"]


def test_no_gap_makes_no_cluster() -> None:
    clusters, rank = find_clusters(*row_of([NONE, NONE], [1, 1], [0, 0]), Parameters())
    assert clusters == ()
    assert rank.tolist() == [0, 0]
