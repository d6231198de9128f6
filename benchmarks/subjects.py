"""What is measured, each a function that prepares its data and returns the work; runnable alone to read its memory.

``python -m benchmarks.subjects NAME SHARED`` prepares, does the work once, and prints the peak resident memory in MB.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

CATCHMENT_M: Final = 10_000.0
CHECKOUT: Final = Path(__file__).resolve().parents[1]
Work = Callable[[], Any]


def atlas_points(shared: Path, place: str, n_sites: int) -> Work:
    """E2SFCA from coordinates, no table kept."""
    from atlas.gaps.access import e2sfca_from_points  # noqa: PLC0415  # each subject imports only what it needs
    from atlas.vocabulary import Decay  # noqa: PLC0415
    from tests.golden.worlds import world  # noqa: PLC0415

    w = world(shared, place, n_sites)
    return partial(
        e2sfca_from_points, w.population, w.demand_xy, w.capacity, w.supply_xy,
        catchment_m=CATCHMENT_M, decay=Decay.GAUSSIAN,
    )  # fmt: skip


def atlas_table(shared: Path, place: str, n_sites: int) -> Work:
    """E2SFCA from coordinates by way of a table of costs."""
    from atlas.gaps.access import e2sfca, pairs_within  # noqa: PLC0415
    from atlas.vocabulary import Decay  # noqa: PLC0415
    from tests.golden.worlds import world  # noqa: PLC0415

    w = world(shared, place, n_sites)

    def work() -> Any:
        costs = pairs_within(w.demand_xy, w.supply_xy, CATCHMENT_M)
        return e2sfca(w.population, w.capacity, costs, catchment_m=CATCHMENT_M, decay=Decay.GAUSSIAN)

    return work


def pysal_points(shared: Path, place: str, n_sites: int) -> Work:
    """PySAL `access`, its own distances."""
    from tests.golden.pysal_access import WEIGHTS, pysal  # noqa: PLC0415
    from tests.golden.worlds import world  # noqa: PLC0415

    return partial(pysal, world(shared, place, n_sites), WEIGHTS["gaussian"])


def pysal_table(shared: Path, place: str, n_sites: int) -> Work:
    """PySAL `access`, given a ready table of the pairs in reach: what it can still do at England's size."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from access import fca  # noqa: PLC0415

    from atlas.gaps.access import pairs_within  # noqa: PLC0415
    from tests.golden.pysal_access import WEIGHTS  # noqa: PLC0415
    from tests.golden.worlds import world  # noqa: PLC0415

    w = world(shared, place, n_sites)
    costs = pairs_within(w.demand_xy, w.supply_xy, CATCHMENT_M)
    destination = np.repeat(np.arange(costs.n_destinations), np.diff(costs.start))
    table = pd.DataFrame({"origin": costs.origin, "dest": destination, "cost": costs.cost})
    demand = pd.DataFrame({"geoid": range(len(w.population)), "demand": w.population.to_numpy()})
    supply = pd.DataFrame({"geoid": range(len(w.capacity)), "supply": w.capacity.to_numpy()})

    def work() -> Any:
        access = fca.two_stage_fca(demand, supply, table, max_cost=CATCHMENT_M, weight_fn=WEIGHTS["gaussian"])
        # it leaves out areas that no site reaches
        return access.reindex(demand["geoid"], fill_value=0.0)

    return work


def atlas_queen(shared: Path, file: str, _: int) -> Work:
    """Queen contiguity."""
    from atlas.geo.contiguity import queen  # noqa: PLC0415

    return partial(queen, _shapes(shared, file))


def libpysal_queen(shared: Path, file: str, _: int) -> Work:
    """Queen contiguity by libpysal."""
    from libpysal.weights import Queen  # noqa: PLC0415

    return partial(Queen.from_iterable, _shapes(shared, file), silence_warnings=True)


def _shapes(shared: Path, file: str) -> Any:
    import geopandas as gpd  # noqa: PLC0415
    from shapely import MultiPolygon  # noqa: PLC0415

    shapes = gpd.read_parquet(shared / "boundaries" / f"{file}.parquet").geometry
    # libpysal knows no collections: keep the polygons of the one that there is
    mixed = shapes.geom_type == "GeometryCollection"
    shapes[mixed] = [MultiPolygon([p for p in shape.geoms if p.geom_type == "Polygon"]) for shape in shapes[mixed]]
    return shapes


def atlas_gaps(shared: Path, _: str, n_sites: int) -> Work:
    """The whole gap run over London's 4,835 LSOAs and their surroundings, from loaded frames to described areas."""
    import networkx as nx  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    from atlas.gaps.analysis import find_gaps  # noqa: PLC0415
    from atlas.gaps.briefs import gap_areas  # noqa: PLC0415
    from atlas.gaps.robustness.monte_carlo import robustness  # noqa: PLC0415
    from atlas.gaps.study import make_study  # noqa: PLC0415
    from atlas.parameters import DEFAULT_SECTORS, FIRST_LOOK, Parameters  # noqa: PLC0415
    from atlas.sources import embedded  # noqa: PLC0415
    from tests.golden.worlds import world  # noqa: PLC0415

    areaset, scores = embedded.read_areas(), embedded.read_estimate()
    xy = world(shared, "london", n_sites).supply_xy
    sectors = [sector.value for sector in DEFAULT_SECTORS]
    ids = [f"site:{k:04d}" for k in range(n_sites)]
    sites = pd.DataFrame(
        {"x_m": xy[:, 0], "y_m": xy[:, 1], "capacity": 1.0, "status": "active", "name": ids, "institution_name": ids},
        index=ids,
    ).assign(
        sector=[sectors[k % len(sectors)] for k in range(n_sites)],
        institution=[f"institution:{k // 2:04d}" for k in range(n_sites)],
    )
    surveys = pd.DataFrame(
        [(borough, sector, "complete") for borough in areaset.boroughs.index for sector in sectors],
        columns=["borough", "sector", "status"],
    )
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for k, borough in enumerate(areaset.boroughs.index):
        common = {"status": "active", "scale": "borough", "domains": ("workforce",), "footprint_kind": "places"}
        graph.add_node(f"network:{k}", kind="network", footprint=(borough,), **common)
        graph.add_node(f"programme:{k}", kind="programme", footprint=("E12000007",), **common)

    def work() -> Any:
        study = make_study(areaset, scores["overall"], sites, Parameters(draws=FIRST_LOOK))
        tried = robustness(study, draws=FIRST_LOOK, seed=1)
        gaps = find_gaps(study, tried, surveys, areaset.areas.index)
        return gap_areas(gaps, areaset, graph, scores)

    return work


SUBJECTS: Final[dict[str, Callable[[Path, str, int], Work]]] = {
    function.__name__: function
    for function in (atlas_points, atlas_table, pysal_points, pysal_table, atlas_queen, libpysal_queen, atlas_gaps)
}


def median_s(work: Work, rounds: int) -> float:
    """Median time of some rounds, after one that does not count."""
    took = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return statistics.median(took[1:])


def peak_mb(name: str, shared: Path, place: str, n: int) -> float:
    """Peak resident memory of a process that does nothing else, imports and data included."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.subjects", name, str(shared), place, str(n)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S603  # our own
    return float(done.stdout)


def _own_peak_mb() -> float:
    # not ru_maxrss: a child keeps its parent's there
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    subject, folder, where, size = sys.argv[1:]
    SUBJECTS[subject](Path(folder), where, int(size))()
    print(_own_peak_mb())
