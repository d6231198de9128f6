"""Build data/deprivation from the packages and the curated scores of the area classification."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from tools.build_boundaries import london_areas
from tools.formats import csv_bytes
from tools.inputs import areas_of, read_census, read_lsoas, read_postcodes, read_subgroups

SCORES = Path(__file__).parents[1] / "data" / "deprivation" / "oac2011_mean_imd2019.csv"


def build(packages: Path) -> dict[str, bytes]:
    """Every file of data/deprivation that is built, by its path under data/.

    Parameters
    ----------
    packages : Path
        Folder of the wheels.
    """
    areas = london_areas(read_lsoas(packages).join(read_census(packages), how="inner"))
    postcodes = read_postcodes(packages, areas.total_bounds.tolist())
    lsoa = areas_of(postcodes, areas)
    subgroup = read_subgroups(packages, lsoa.index).dropna()
    scores = pd.read_csv(SCORES, index_col="subgroup")["score"]
    estimate = estimate_of(lsoa[subgroup.index], subgroup, scores)
    if missing := sorted(set(areas.index) - set(estimate.index)):
        sys.exit(f"no postcode lies in {', '.join(missing)}")
    return {"deprivation/estimate.csv": csv_bytes(estimate)}


def estimate_of(lsoa: pd.Series, subgroup: pd.Series, scores: pd.Series) -> pd.DataFrame:
    """Each LSOA's mean score over its postcodes.

    Parameters
    ----------
    lsoa, subgroup : pandas.Series of str, shape (n,)
        LSOA and Output Area Classification subgroup of each postcode, on the same index.
    scores : pandas.Series of float
        Score of each subgroup, to three decimals; higher is more deprived.

    Returns
    -------
    pandas.DataFrame
        `score` (three decimals, higher is more deprived) and `postcodes` (how many), indexed by `lsoa`.
    """
    if unscored := sorted(set(subgroup) - set(scores.index)):
        sys.exit(f"{SCORES.name} has no score for {', '.join(unscored)}")
    # sums of integers are exact, whatever order a processor adds them in
    thousandths = subgroup.map((scores * 1000).round().astype("int64"))
    sums = thousandths.groupby(lsoa.rename("lsoa")).agg(["sum", "count"])
    return pd.DataFrame({"score": (sums["sum"] / sums["count"]).round() / 1000, "postcodes": sums["count"]})
