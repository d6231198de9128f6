"""Great Britain, drawn roughly: enough to tell a place on land from one at sea."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

_MARGIN_M: Final = 5_000.0
"""How far beyond the rough coast a place still counts."""

# fmt: off
_COAST_KM: Final = (
    (78, 3), (95, 3), (132, 20), (170, 10), (182, 20), (200, 38), (242, 47), (262, 44), (277, 35), (284, 37),
    (297, 56), (304, 78), (330, 88), (345, 88), (368, 67), (396, 74), (410, 80), (430, 84), (450, 74), (467, 85),
    (485, 91), (505, 98), (535, 100), (559, 94), (580, 105), (594, 117), (609, 116), (625, 133), (638, 142),
    (642, 172), (625, 182), (612, 200), (625, 214), (646, 250), (656, 293), (650, 320), (623, 344), (590, 348),
    (566, 343), (557, 358), (555, 385), (542, 410), (537, 428), (522, 455), (528, 470), (510, 490), (492, 513),
    (470, 523), (453, 532), (443, 550), (440, 570), (430, 600), (426, 638), (405, 655), (394, 670), (362, 690),
    (366, 710), (362, 728), (376, 757), (393, 785), (399, 805), (416, 845), (413, 860), (400, 870), (360, 870),
    (322, 874), (297, 890), (306, 915), (330, 930), (342, 955), (343, 975), (363, 998), (372, 1030), (382, 1058),
    (424, 1068), (444, 1106), (452, 1140), (475, 1172), (470, 1220), (458, 1222), (425, 1190), (392, 1142),
    (400, 1072), (350, 1060), (316, 1005), (318, 985), (225, 978), (150, 972), (92, 945), (60, 880), (48, 775),
    (85, 735), (110, 645), (155, 603), (200, 610), (195, 573), (199, 553), (213, 528), (245, 532), (298, 550),
    (291, 514), (312, 460), (330, 455), (325, 405), (300, 388), (273, 386), (248, 395), (230, 395), (217, 383),
    (235, 355), (208, 320), (225, 318), (257, 310), (254, 280), (213, 254), (168, 226), (168, 207), (197, 190),
    (237, 185), (275, 172), (275, 153), (247, 152), (210, 150), (210, 128), (218, 105), (184, 80), (148, 44),
    (130, 28), (82, 20),
)
# fmt: on


@cache
def _land() -> shapely.Geometry:
    """The rough coast with its margin, prepared."""
    outline = shapely.Polygon(np.array(_COAST_KM, dtype=float) * 1_000.0)
    land = outline.buffer(_MARGIN_M, quad_segs=4)
    shapely.prepare(land)
    return land


def in_britain(x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.bool_]:
    """Tell which places lie in Great Britain or within a few kilometres of its coast.

    Parameters
    ----------
    x_m, y_m : array_like of float, shape (n,)
        Metres, EPSG:27700.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        False where either is not finite.

    Examples
    --------
    >>> in_britain([530000, 180000, 100000], [180000, 530000, 400000]).tolist()
    [True, False, False]
    """
    return np.asarray(shapely.contains_xy(_land(), np.asarray(x_m, float), np.asarray(y_m, float)), dtype=bool)
