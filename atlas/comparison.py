"""Two atlases of different releases, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from atlas.errors import QueryError
from atlas.gaps.comparison import COMPARED, NARROW, Comparison, Fate, compare, compare_gap_areas
from atlas.gaps.sentences import rounded
from atlas.snapshot import Atlas
from atlas.vocabulary import label

_MEASURED: Final = ["need_percentile", "access_percentile", "p_gap", "verdict"]
_TOLD: Final = (Fate.REMAINS, Fate.NEW, Fate.GONE, Fate.UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseComparison:
    """What changed from one release to the next, on the areas of the later.

    Parameters
    ----------
    before, after : Atlas
        The earlier and the later, measured by the same choices.
    comparison : Comparison
        Area by area; besides its own columns, `name`, `lad` and `lad_name` come first.
    gap_areas : pandas.DataFrame
        As `compare_gap_areas` gives them.
    """

    before: Atlas
    after: Atlas
    comparison: Comparison
    gap_areas: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The comparison in plain words, from its numbers."""
        found, fates = self.comparison, self.comparison.count("fate")
        then, now = (_named(atlas) for atlas in (self.before, self.after))
        remain, new, gone, unknown = (fates.get(fate, 0) for fate in _TOLD)
        people = rounded(found.people(Fate.REMAINS) + found.people(Fate.NEW))
        by_need = int(((found.areas["fate"] == Fate.NEW) & (found.areas["because"] == "need")).sum())
        # an estimate beside an index is another measurement, not another time
        is_guess = any(atlas.inputs.deprivation.is_estimate for atlas in (self.before, self.after))
        rose = "is put higher" if is_guess else "rose"
        answer = (
            f"Of the {remain + new:,} neighbourhoods, home to {people} people, that are gaps by {now} and can be "
            f"compared, {remain:,} were gaps by {then} too, and {new:,} are new: {by_need:,} because need there {rose} "
            f"among London's ({found.narrow(Fate.NEW):,} of them by fewer than {NARROW:g} places in 100), "
            f"{new - by_need:,} through access or how sure it is. {gone:,} are gaps no longer."
        )
        if unknown:
            answer += f" Of {unknown:,} it is not known, because anchors there are not all surveyed."
        return f"{answer} {self._limits()}"

    def _limits(self) -> str:
        matches = self.comparison.count("match")
        unchanged, split, merged = (f"{matches.get(match, 0):,}" for match in COMPARED)
        left_out = sum(matches.values()) - sum(matches.get(match, 0) for match in COMPARED)
        left = f"{left_out:,} cannot be compared" if left_out else "none is left out"
        return (
            f"{unchanged} neighbourhoods have one boundary in both; {split} are pieces of one that was split, and take "
            f"its earlier place; {merged} were merged, and take the mean of their parts; {left}. "
            f"Places among London's people are compared, never scores: each release measures other things "
            f"in other ways. The anchors are today's both times."
        )


def compare_atlases(before: Atlas, after: Atlas, changes: pd.DataFrame) -> ReleaseComparison:
    """Compare two atlases measured by the same choices.

    Parameters
    ----------
    before, after : Atlas
        The earlier release and the later.
    changes : pandas.DataFrame
        `lsoa11`, `lsoa21`, `change`: what the areas of 2011 became in 2021; not looked at where both are of one year.

    Raises
    ------
    QueryError
        If the choices differ, the later comes first, both are the same release, or no area has a counterpart.
    """
    _check(before, after)
    if before.inputs.areaset.vintage == after.inputs.areaset.vintage:
        codes = list(after.inputs.areaset.areas.index)
        changes = pd.DataFrame({"lsoa11": codes, "lsoa21": codes, "change": "U"})
    found = compare(_side(before), _side(after), changes, after.parameters)
    areas = after.inputs.areaset.areas[["name", "lad", "lad_name"]]
    named = Comparison(pd.DataFrame(areas).join(found.areas), found.pairs, found.unmatched)
    return ReleaseComparison(before, after, named, compare_gap_areas(found, before.gap_areas, after.gap_areas))


def _named(atlas: Atlas) -> str:
    words = label(atlas.inputs.release)
    return f"the {words.lower() if atlas.inputs.deprivation.is_estimate else words}"


def _check(before: Atlas, after: Atlas) -> None:
    if before.parameters != after.parameters:
        raise QueryError("the two releases are measured by different choices; measure both by the same")
    if before.inputs.release is after.inputs.release:
        raise QueryError(f"both are {before.inputs.release}; choose two releases")
    if before.inputs.areaset.vintage > after.inputs.areaset.vintage:
        raise QueryError(
            f"{before.inputs.release} is on later areas than {after.inputs.release}; give the earlier first"
        )


def _side(atlas: Atlas) -> pd.DataFrame:
    side = atlas.gaps.areas[_MEASURED].join(atlas.inputs.areaset.areas["population"])
    deprivation, domain = atlas.inputs.deprivation, atlas.parameters.need_domain
    if not deprivation.is_estimate and atlas.parameters.weights is None and domain in deprivation.ranks:
        ranks = deprivation.ranks[domain.value].reindex(side.index)
        side["england_percentile"] = 100 * (deprivation.ranked - ranks + 0.5) / deprivation.ranked
    return side
