"""How sure, beyond the draws: tests of chance, what drives the result, and whether other areas would say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd
import shapely

from atlas.gaps.analysis import Gaps
from atlas.gaps.robustness.maup import maup
from atlas.gaps.robustness.sensitivity import driver_sentence, sensitivity
from atlas.gaps.scan import Scan, scan_low_provision
from atlas.gaps.significance import HIGH_NEED_LOW_ACCESS, bivariate_local_moran
from atlas.gaps.study import Study
from atlas.geo.contiguity import queen
from atlas.geo.neighbours import k_nearest

NEIGHBOURS: Final = 8
"""Nearest areas that stand beside queen contiguity as the second idea of who is a neighbour."""

ALPHA: Final = 0.05
"""Share of false discoveries that is borne, and the chance of a false cluster anywhere."""

MERGED: Final = {"msoa": "MSOAs", "ward": "wards"}
"""Larger areas that the analysis is repeated on, where the areas' table has them."""


@dataclass(frozen=True, slots=True, eq=False)
class Assurance:
    """Tests and checks of one analysis.

    Parameters
    ----------
    areas : pandas.DataFrame
        In order of code: `moran_p`, `moran_q` (bivariate local Moran of need against neighbouring access by queen
        contiguity; q by Benjamini-Hochberg), `is_unlikely` (high need beside low access, q at most `ALPHA`),
        `quadrant`, the same four with `_nearest` (the `NEIGHBOURS` nearest as neighbours), `scan` (rank of the spatial
        scan's cluster of low provision, 0 for none), `scan_p`, and `is_gap_msoa`, `is_gap_ward` where those are known.
    choices : pandas.DataFrame
        Sobol indices: which choice drives the result.
    facts : mapping of str to Any
        Sentences: `driver` (which choice decides), and for `msoa` and `ward` how far gaps agree.
    """

    areas: pd.DataFrame
    choices: pd.DataFrame
    facts: Mapping[str, Any]

    def tables(self) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
        """Its tables by name, and its facts."""
        return {"areas": self.areas, "choices": self.choices}, dict(self.facts)

    @classmethod
    def of_tables(cls, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> Self:
        """What `tables` gave, put together again."""
        return cls(tables["areas"], tables["choices"], facts)


def assure(study: Study, gaps: Gaps, progress: Callable[[int, int], None] | None = None) -> Assurance:
    """Test and check an analysis.

    Parameters
    ----------
    study : Study
        What the analysis was made of.
    gaps : Gaps
        The analysis.
    progress : callable, optional
        Told how many steps are done, of how many.
    """
    say = progress or (lambda *_: None)
    steps = 4 + sum(name in study.areas for name in MERGED)
    measures = gaps.areas.reindex(study.areas.index)
    columns: dict[str, Any] = {}
    near = k_nearest(study.demand_xy[: study.n_areas], min(NEIGHBOURS, study.n_areas - 1))
    links = {"": queen(study.areas.geometry), "_nearest": near}
    for done, (name, neighbours) in enumerate(links.items(), start=1):
        beside = bivariate_local_moran(
            measures["need"], measures["access"], neighbours, seed=study.parameters.seed, alpha=ALPHA
        )
        unlikely = beside["is_significant"] & (beside["quadrant"] == HIGH_NEED_LOW_ACCESS)
        columns |= {f"moran_p{name}": beside["p"], f"moran_q{name}": beside["q"], f"is_unlikely{name}": unlikely}
        columns |= {f"quadrant{name}": beside["quadrant"]}
        say(done, steps)
    scan = _scan(study)
    columns |= {"scan": scan.areas["cluster"], "scan_p": scan.areas["p"]}
    say(3, steps)
    facts: dict[str, Any] = {}
    for done, name in enumerate((name for name in MERGED if name in study.areas), start=4):
        merged = maup(study, study.areas[name])
        columns[f"is_gap_{name}"] = merged.is_group_gap
        facts[name] = merged.sentence(MERGED[name])
        say(done, steps)
    choices = sensitivity(study, seed=study.parameters.seed)
    facts["driver"] = driver_sentence(choices)
    say(steps, steps)
    return Assurance(pd.DataFrame(columns, index=study.areas.index), choices, facts)


def _scan(study: Study) -> Scan:
    """Cases are the counted sites that stand in each area; those outside the study area are nobody's."""
    tree = shapely.STRtree(np.asarray(study.areas.geometry))
    site, area = tree.query(shapely.points(study.supply_xy), predicate="intersects")
    # on a shared border a site is in both: it counts once, in the first by code
    area = pd.Series(area).groupby(site).min()
    cases = pd.Series(np.bincount(area, minlength=study.n_areas), study.areas.index)
    people = pd.Series(study.residents, study.areas.index)
    here = study.demand_xy[: study.n_areas]
    return scan_low_provision(here, people, cases, seed=study.parameters.seed, alpha=ALPHA)
