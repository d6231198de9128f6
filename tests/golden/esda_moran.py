"""Write moran.json: bivariate local Moran by `esda` on real London, for `test_significance.py` to compare with.

Run from the checkout, with the path of the real data (about a minute)::

    .venv/bin/python -m tests.golden.esda_moran ../shared/data
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.gaps.access import e2sfca_from_points
from atlas.geo.contiguity import queen
from atlas.vocabulary import Decay
from tests.golden.worlds import CODE, FILES, world

SITES: Final = 2_000
SEED: Final = 7
PERMUTATIONS: Final = 999
EVERY: Final = 20
SCORE: Final = "Index of Multiple Deprivation (IMD) Score"


def subject(shared: Path, place: str) -> tuple[pd.Series[float], pd.Series[float], Any]:
    """IMD 2019 score, E2SFCA (10 km) of strewn sites, and queen contiguity of `london` or `england`."""
    here = world(shared, place, SITES)
    choices = {"catchment_m": 10_000.0, "decay": Decay.GAUSSIAN}
    access = e2sfca_from_points(here.population, here.demand_xy, here.capacity, here.supply_xy, **choices)
    file, code, _ = FILES[place]
    shapes = gpd.read_parquet(shared / "boundaries" / f"{file}.parquet").set_index(code).sort_index()
    scores = pd.read_csv(shared / "deprivation" / "iod2019_file7_england.csv.gz", usecols=[CODE, SCORE])
    return scores.set_index(CODE)[SCORE].reindex(shapes.index), access, queen(shapes.geometry)


def weights_of(links: Any) -> Any:
    """The same links as PySAL keeps them."""
    from libpysal.weights import WSP  # noqa: PLC0415  # slow to import, and it warns

    return WSP(links.astype(np.float64)).to_W(silence_warnings=True)


def moran_by_esda(need: Any, access: Any, weights: Any, permutations: int, *, keep: bool = False) -> Any:
    """Bivariate local Moran by `esda`."""
    from esda.moran import Moran_Local_BV  # noqa: PLC0415  # slow to import, and it warns

    values = need.to_numpy(), access.to_numpy()
    return Moran_Local_BV(*values, weights, permutations=permutations, seed=SEED, keep_simulations=keep)


def main(shared: Path) -> None:
    """Write the file."""
    warnings.simplefilter("ignore")
    need, access, links = subject(shared, "london")
    found = moran_by_esda(need, access, weights_of(links), PERMUTATIONS, keep=True)
    table = pd.DataFrame({"moran": found.Is, "quadrant": found.q, "p": found.p_sim}, index=need.index)
    document = {
        "by": "PySAL esda, Moran_Local_BV",
        "permutations": PERMUTATIONS,
        "seed": SEED,
        "areas": len(table),
        "sum": float(table["moran"].sum()),
        "quadrants": [int((table["quadrant"] == k).sum()) for k in (1, 2, 3, 4)],
        "sample": {
            code: [float(row.moran), int(row.quadrant), float(row.p)] for code, row in table.iloc[::EVERY].iterrows()
        },
    }
    text = json.dumps(document).replace("], ", "],\n")
    Path(__file__).with_name("moran.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
