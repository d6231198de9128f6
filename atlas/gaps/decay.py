"""How an anchor's reach fades with distance: a weight for each distance, relative to the catchment.

Every weight depends on ``t = distance / catchment`` alone, so any unit of cost will do (metres, minutes). It is 1 at
no distance, never rises with distance, and is 0 beyond the catchment.

=========== ============================================ =================================================
decay       weight for 0 <= t <= 1                       source
=========== ============================================ =================================================
step        1 to t = 1/3, 0.68 to 2/3, 0.22 to 1         Luo & Qi (2009): zones of a third, Gaussian weights
gaussian    (exp(-t²/2) - exp(-1/2)) / (1 - exp(-1/2))   Dai (2010): continuous, 0 at the catchment
exponential exp(-t ln 100)                               Kwan (1998); falls to 0.01 at the catchment
power       min(1, 0.01 / t)                             Kwan (1998), 1/distance; 1 up to 0.01 of the catchment
uniform     1                                            Luo & Wang (2003): the original 2SFCA
=========== ============================================ =================================================

The 0.01 of `exponential` and `power` is Atlas's choice: both meet the edge of the catchment at one hundredth.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError
from atlas.vocabulary import Decay

STEP_WEIGHTS: Final = (1.0, 0.68, 0.22)
EDGE_WEIGHT: Final = 0.01
LOG_EDGE: Final = math.log(EDGE_WEIGHT)
GAUSSIAN_SCALE: Final = math.expm1(0.5)


def weights(distance_m: ArrayLike, catchment_m: float, decay: Decay) -> NDArray[np.float64]:
    """Weight of each distance.

    Parameters
    ----------
    distance_m : array_like of float
        Distances, or any other cost in the unit of the catchment, of any shape; infinity is out of reach.
    catchment_m : float
        Where reach ends, metres; a distance of exactly this is still inside.
    decay : Decay
        Which curve; the module's table has the formulas and their sources.

    Returns
    -------
    numpy.ndarray of float
        Weights in [0, 1], of the same shape: 1 at no distance, non-increasing, 0 beyond the catchment.

    Raises
    ------
    QueryError
        If the catchment is not a positive finite number, or a distance is negative or not a number.

    Examples
    --------
    >>> weights([0, 1000, 1500, 3000, 3001], 3000, Decay.STEP).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0]
    >>> weights([0, 1500, 3000], 3000, Decay.GAUSSIAN).round(3).tolist()
    [1.0, 0.701, 0.0]
    """
    distance = np.asarray(distance_m, dtype=np.float64)
    check_catchment(catchment_m)
    if not (distance >= 0).all():
        raise QueryError("distances must be zero or more; found a negative one or one that is not a number")
    t = np.minimum(distance / catchment_m, 1.0)
    return np.where(distance <= catchment_m, _curve(t, decay), 0.0)


def check_catchment(catchment_m: float) -> None:
    """Raise `QueryError` unless the catchment is a positive finite number."""
    if not (math.isfinite(catchment_m) and catchment_m > 0):
        raise QueryError(f"catchment must be a positive number of metres, found {catchment_m!r}")


def _curve(t: NDArray[np.float64], decay: Decay) -> NDArray[np.float64]:
    match decay:
        case Decay.STEP:
            near, middle, far = STEP_WEIGHTS
            return np.where(t <= 1 / 3, near, np.where(t <= 2 / 3, middle, far))
        case Decay.GAUSSIAN:
            # the same curve by expm1: never negative, and exact at both ends
            return np.expm1(0.5 * (1.0 - t) * (1.0 + t)) / GAUSSIAN_SCALE
        case Decay.EXPONENTIAL:
            return np.exp(LOG_EDGE * t)
        case Decay.POWER:
            return EDGE_WEIGHT / np.maximum(t, EDGE_WEIGHT)
        case Decay.UNIFORM:
            return np.ones_like(t)
