"""Which choice drives the result: Sobol indices of the ways of measuring that `robustness` draws.

The first-order index of a choice is the share of an output's variance that would go if that choice alone were settled;
the total index is the share that would stay if all others were. Estimators: Saltelli et al. (2010), by SALib, over the
same ranges as in `robustness`; the seven weights count as one choice. Intervals are bootstrapped, 95%.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.robustness._draws import COLUMN_CHOICES, Choice, Progress, check_draws, from_unit, readers, varied
from atlas.gaps.robustness._trials import Measured, Trials, measure
from atlas.gaps.study import Study

_Floats = NDArray[np.float64]

OUTPUTS: Final = {"people_in_gaps": "how many people live in gap areas", "rank_shift": "the order of areas"}
"""What is explained, and how a sentence calls it."""

COLUMNS: Final = ("output", "choice", "first", "first_half_width", "total", "total_half_width")

_WORDS: Final = {
    Choice.WEIGHTS: "the weights of the domains",
    Choice.NORMALISATION: "how domains are put on one scale",
    Choice.AGGREGATION: "how domains are put together",
    Choice.CATCHMENT: "the catchment",
    Choice.DECAY: "the decay",
    Choice.CAPACITY: "how sites share capacity",
}
_NEXT_TO_NOTHING: Final = 0.01
_TOGETHER: Final = 8
"""Base points measured together: those of one share most of what is measured."""


def sensitivity(study: Study, *, base: int = 256, seed: int, progress: Progress | None = None) -> pd.DataFrame:
    """Share of the results' variance that each choice accounts for.

    A study of d varied choices is measured ``base * (d + 2)`` times; access is worked out anew only where its choices
    differ, and need likewise.

    Parameters
    ----------
    study : Study
        What was read and chosen.
    base : int
        Base points, a power of two; half widths shrink with its root.
    seed : int
        Where the points start.
    progress : callable, optional
        Told now and then how many ways are measured, and of how many.

    Returns
    -------
    pandas.DataFrame
        A row for each output and varied choice. `output`: `people_in_gaps`, or `rank_shift` (mean places by which
        ranks differ from the reader's); `choice`; `first` and `total`, shares of variance, and `*_half_width`, half of
        their 95% interval. Estimates may pass 0 or 1 by their error. All four are 0 where the output never varies. No
        rows where nothing can be varied.

    Raises
    ------
    QueryError
        If `base` is not a power of two, or the seed is negative.
    """
    check_draws(base, seed)
    free = varied(study)
    if not free:
        return pd.DataFrame({name: [] for name in COLUMNS})
    kept = [k for k, choice in enumerate(COLUMN_CHOICES) if choice in free]
    groups = [COLUMN_CHOICES[k].value for k in kept]
    names, bounds = [f"u{k}" for k in kept], [[0.0, 1.0]] * len(kept)
    problem = {"num_vars": len(kept), "names": names, "bounds": bounds, "groups": groups}
    found = _measure(study, problem, kept, base, seed, progress)
    rows = []
    for output in OUTPUTS:
        indices = _indices(problem, getattr(found, output), seed)
        for choice, row in zip(dict.fromkeys(groups), indices, strict=True):
            rows.append((output, choice, *row))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measure(
    study: Study, problem: dict[str, Any], kept: list[int], base: int, seed: int, progress: Progress | None
) -> Measured:
    from SALib.sample import sobol  # noqa: PLC0415  # a second to import

    unit = np.full((base * _rows_of_base(problem), len(COLUMN_CHOICES)), 0.5)
    unit[:, kept] = sobol.sample(problem, base, calc_second_order=False, seed=np.random.default_rng(seed))
    batch = _TOGETHER * _rows_of_base(problem)
    trials = Trials.of(study)
    _, (usual,) = trials.judge(readers(study))
    return measure(trials, from_unit(study, unit), usual, keep=False, progress=progress, batch=batch)


def _rows_of_base(problem: dict[str, Any]) -> int:
    return len(set(problem["groups"])) + 2


def _indices(problem: dict[str, Any], output: _Floats, seed: int) -> _Floats:
    from SALib.analyze import sobol  # noqa: PLC0415  # a second to import

    n_choices = _rows_of_base(problem) - 2
    # to SALib an output that never varies is a division by zero
    if np.ptp(output) <= 1e-12 * np.abs(output).max():
        return np.zeros((n_choices, 4))
    # SALib takes a seed of 0 as none
    found = sobol.analyze(problem, output, calc_second_order=False, seed=seed + 1)
    return np.column_stack([np.asarray(found[name], dtype=np.float64) for name in ("S1", "S1_conf", "ST", "ST_conf")])


def driver_sentence(table: pd.DataFrame, output: str = "people_in_gaps") -> str:
    """Which choice decides the result, in one sentence.

    A choice is named alone only where the interval of its total index lies above all others'; else all those that
    might be the first are named.

    Parameters
    ----------
    table : pandas.DataFrame
        As `sensitivity` gives it.
    output : str
        One of `OUTPUTS`.

    Examples
    --------
    >>> rows = [("people_in_gaps", "catchment", 0.6, 0.1, 0.7, 0.1), ("people_in_gaps", "decay", 0.2, 0.1, 0.3, 0.1)]
    >>> table = pd.DataFrame(rows, columns=list(COLUMNS))
    >>> driver_sentence(table)
    'The catchment decides most how many people live in gap areas: it has a part in 70% of the variation (60 to 80%).'
    """
    what = OUTPUTS[output]
    some = table[table["output"] == output].sort_values("total", ascending=False, kind="stable")
    if some.empty:
        return f"No choice that was tried can change {what}."
    if not (some["total"] > _NEXT_TO_NOTHING).any():
        return f"None of the choices that were tried changes {what}."
    low, high = some["total"] - some["total_half_width"], some["total"] + some["total_half_width"]
    level = some[high >= low.iloc[0]]
    names = [_WORDS[Choice(choice)] for choice in level["choice"]]
    if len(level) == 1:
        share, least, most = (_per_cent(value) for value in (some["total"].iloc[0], low.iloc[0], high.iloc[0]))
        first = f"{names[0][0].upper()}{names[0][1:]}"
        return f"{first} decides most {what}: it has a part in {share}% of the variation ({least} to {most}%)."
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"What decides most {what} cannot be told apart: {listed} have about as large a part."


def _per_cent(value: float) -> int:
    return round(100 * min(max(value, 0.0), 1.0))
