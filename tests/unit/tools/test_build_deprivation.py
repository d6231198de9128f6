from __future__ import annotations

import pandas as pd
import pytest

from tools.build_deprivation import estimate_of

SCORES = pd.Series({"3A1": 34.617, "4C1": 13.528})


def test_the_estimate_is_the_mean_over_postcodes() -> None:
    lsoa = pd.Series({"E1 1AA": "E01", "E1 1AB": "E01", "E1 1AD": "E01", "E1 1AE": "E02"})
    subgroup = pd.Series({"E1 1AA": "3A1", "E1 1AB": "3A1", "E1 1AD": "4C1", "E1 1AE": "4C1"})
    estimate = estimate_of(lsoa, subgroup, SCORES)
    assert estimate.index.name == "lsoa"
    assert estimate["score"].to_dict() == {"E01": 27.587, "E02": 13.528}  # (2 · 34.617 + 13.528) / 3
    assert estimate["postcodes"].to_dict() == {"E01": 3, "E02": 1}


def test_a_subgroup_without_a_score_stops_the_build() -> None:
    with pytest.raises(SystemExit, match=r"no score for 9Z9"):
        estimate_of(pd.Series({"E1 1AA": "E01"}), pd.Series({"E1 1AA": "9Z9"}), SCORES)
