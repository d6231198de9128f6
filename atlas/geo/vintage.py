"""Keep census years apart: a code without its vintage names two areas."""

from __future__ import annotations

from typing import Final

from atlas.errors import Fault, VintageError
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import Deprivation
from atlas.vocabulary import Release, label

_WAYS_OUT: Final = {
    2011: "choose --release iod2019 (to fetch it: atlas data pull iod2019) or --release estimate",
    2021: "choose --release iod2025 (to fetch it with its areas: atlas data pull iod2025 lsoa21_london lsoa21_england)",
}
_MOST_SHOWN: Final = 20


def require_vintage(deprivation: Deprivation, areaset: AreaSet) -> None:
    """Refuse need of one census year on areas of another, and areas that the release says nothing of.

    Codes alone cannot tell: 31,810 of England's LSOA codes exist in both 2011 and 2021.

    Parameters
    ----------
    deprivation : Deprivation
        Need, indexed by LSOA code.
    areaset : AreaSet
        Areas, indexed by LSOA code.

    Raises
    ------
    VintageError
        If the census years differ, or an area has no need; says why, how many codes match, and the way out.
    """
    codes, held = areaset.areas.index, deprivation.scores.index
    missing = codes.difference(held)
    if deprivation.vintage == areaset.vintage and missing.empty:
        return
    release = label(deprivation.release) if deprivation.release in Release else str(deprivation.release)
    match = len(codes) - len(missing)
    if deprivation.vintage != areaset.vintage:
        what = (
            f"{release} is published for LSOAs of {deprivation.vintage}, but the areas are LSOAs of "
            f"{areaset.vintage}: {match:,} of their {len(codes):,} codes exist in both, yet need not be the same "
            f"places, and {len(missing):,} have no score. "
        )
        expected = f"LSOAs of {deprivation.vintage}"
    else:
        what = f"{release} has no score for {len(missing):,} of the {len(codes):,} areas. "
        expected = f"a code of the release (LSOAs of {deprivation.vintage})"
    way_out = f"For areas of {areaset.vintage}, {_WAYS_OUT.get(areaset.vintage, 'choose another release')}."
    if deprivation.vintage == areaset.vintage:
        way_out = f"Fetch the release anew: atlas data pull {deprivation.release}."
    shown = [
        Fault("areas", "no such code in the release", expected, column="lsoa", value=code)
        for code in missing[:_MOST_SHOWN]
    ]
    if len(missing) > _MOST_SHOWN:
        shown.append(Fault("areas", f"and {len(missing) - _MOST_SHOWN:,} more such codes", expected, column="lsoa"))
    raise VintageError(what + way_out, shown)
