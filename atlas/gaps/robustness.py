"""How sure: the share of a fixed set of ways of measuring in which an area is a gap.

The trials cross five catchments (0.5, 0.75, 1, 1.5 and 2 times the reader's, none beyond `MAX_CATCHMENT_M`, to which
surroundings are loaded) with four decays (step, gaussian, exponential, uniform): twenty trials. Where the cap makes
two catchments the same, the trials that would repeat are left out, so that no way of measuring counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.gaps.access import access_from_weights
from atlas.gaps.costs import CostTable
from atlas.gaps.need import percentiles
from atlas.gaps.rule import is_low_access
from atlas.parameters import MAX_CATCHMENT_M, Parameters
from atlas.vocabulary import Decay

CATCHMENT_FACTORS: Final = (0.5, 0.75, 1.0, 1.5, 2.0)
DECAYS: Final = (Decay.STEP, Decay.GAUSSIAN, Decay.EXPONENTIAL, Decay.UNIFORM)


@dataclass(frozen=True, slots=True)
class Trial:
    """One way of measuring access.

    Parameters
    ----------
    catchment_m : float
        Where reach ends, metres.
    decay : Decay
        How it fades up to there.
    """

    catchment_m: float
    decay: Decay


def trials(parameters: Parameters) -> tuple[Trial, ...]:
    """The ways of measuring that are tried beside the reader's own, narrowest catchment first.

    Examples
    --------
    >>> len(trials(Parameters())), trials(Parameters())[0]
    (20, Trial(catchment_m=2000.0, decay=<Decay.STEP: 'step'>))
    >>> sorted({trial.catchment_m for trial in trials(Parameters(catchment_m=8000))})
    [4000.0, 6000.0, 8000.0, 10000.0]
    """
    catchments = sorted({min(factor * parameters.catchment_m, MAX_CATCHMENT_M) for factor in CATCHMENT_FACTORS})
    return tuple(Trial(catchment_m, decay) for catchment_m in catchments for decay in DECAYS)


def gap_share(
    costs: CostTable,
    people: NDArray[np.float64],
    supply: NDArray[np.float64],
    high_need: NDArray[np.bool_],
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Share of the trials in which each area of the study area is a gap.

    Parameters
    ----------
    costs : CostTable
        Distances in metres from all demand to all supply, to the widest catchment tried.
    people : numpy.ndarray of float, shape (n_demand,)
        People; the study area's own areas come first, its surroundings after.
    supply : numpy.ndarray of float, shape (n_supply,)
        Capacity.
    high_need : numpy.ndarray of bool, shape (n_areas,)
        Whether need is high in each area of the study area; no trial changes this.
    parameters : Parameters
        The reader's choices.

    Returns
    -------
    numpy.ndarray of float, shape (n_areas,)
        From 0 (never) to 1 (in every trial).
    """
    n = len(high_need)
    count = np.zeros(n)
    chosen = trials(parameters)
    for catchment_m in sorted({trial.catchment_m for trial in chosen}, reverse=True):
        costs = costs.within(catchment_m)
        for trial in chosen:
            if trial.catchment_m == catchment_m:
                access = access_from_weights(people, supply, costs.weights(catchment_m, trial.decay))[:n]
                count += high_need & is_low_access(access, percentiles(access, people[:n]), parameters)
    return count / len(chosen)
