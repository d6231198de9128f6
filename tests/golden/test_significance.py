"""Bivariate local Moran against PySAL `esda` on real London: its figures, and its p from its own draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.significance import _standardised, _tails, _whole, bivariate_local_moran
from tests.golden.esda_moran import subject

FILE = json.loads(Path(__file__).with_name("moran.json").read_text(encoding="utf-8"))
SAMPLE = pd.DataFrame.from_dict(FILE["sample"], orient="index", columns=["moran", "quadrant", "p"])

London = tuple["pd.Series[float]", "pd.Series[float]", Any]


@pytest.fixture(scope="module")
def london(shared: Path) -> London:
    return subject(shared, "london")


def test_moran_and_quadrants_are_esdas(london: London) -> None:
    found = bivariate_local_moran(*london, permutations=9)
    np.testing.assert_allclose(found.loc[SAMPLE.index, "moran"], SAMPLE["moran"], rtol=1e-9, atol=1e-12)
    assert found.loc[SAMPLE.index, "quadrant"].tolist() == SAMPLE["quadrant"].tolist()
    assert len(found) == FILE["areas"]
    assert found["moran"].sum() == pytest.approx(FILE["sum"], rel=1e-9)
    assert [(found["quadrant"] == k).sum() for k in (1, 2, 3, 4)] == FILE["quadrants"]


def test_p_is_esdas_given_its_draws(london: London) -> None:
    need, access, links = london
    n, permutations = len(need), FILE["permutations"]
    degree = np.diff(links.indptr).astype(np.int64)
    y = _whole(_standardised(access.to_numpy()))
    lag = links.astype(np.int64) @ y
    # esda's table, made by the generator that it asks: positions among the others
    generator = np.random.RandomState(FILE["seed"])
    drawn = np.array([generator.choice(n - 1, degree.max(), replace=False) for _ in range(permutations)]).T
    p = []
    for area in need.index.get_indexer(SAMPLE.index):
        others = (drawn + (drawn >= area)).astype(np.int32)
        at_least, at_most = _tails(y, lag, degree, np.vstack([others, others[:1]]))
        p.append((min(at_least[area], at_most[area]) + 1) / (permutations + 1))
    np.testing.assert_array_equal(p, SAMPLE["p"])


def test_own_draws_say_the_same_as_esdas(london: London) -> None:
    found = bivariate_local_moran(*london, permutations=99_999)
    p, esda = found.loc[SAMPLE.index, "p"], SAMPLE["p"]
    # esda's p is a share of 999 draws: five standard errors, and the one that is added to both counts
    slack = 5 * np.sqrt(p * (1 - p) / FILE["permutations"]) + 2 / FILE["permutations"]
    assert (np.abs(p - esda) <= slack).all()
    assert np.corrcoef(p, esda)[0, 1] > 0.99
