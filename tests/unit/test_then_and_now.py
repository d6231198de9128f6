from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from atlas.comparison import ReleaseComparison, compare_atlases
from atlas.gaps.comparison import Fate
from atlas.geo.deprivation import Deprivation
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas
from atlas.then_and_now import fate_rows, headline, limits, match_rows, movement, release_words, then_and_now, within
from atlas.vocabulary import Release
from tests.toy import EAST, WEST, code_of, toy_atlas, toy_inputs


def other(scores: dict[str, float], vintage: int = 2011) -> Atlas:
    """The toy world as another release has it: some scores differ."""
    inputs = toy_inputs()
    table = inputs.deprivation.scores.copy()
    for code, score in scores.items():
        table.loc[code, "overall"] = score
    return analyse(
        dataclasses.replace(
            inputs,
            release=Release.IOD2019,
            areaset=dataclasses.replace(inputs.areaset, vintage=vintage),
            deprivation=dataclasses.replace(Deprivation.from_estimate(table), release=Release.IOD2019),
        ),
        Parameters(),
    )


def compared(after: Atlas, changes: pd.DataFrame | None = None) -> ReleaseComparison:
    return compare_atlases(toy_atlas(), after, pd.DataFrame() if changes is None else changes)


@pytest.fixture(scope="module")
def same() -> ReleaseComparison:
    return compared(other({}))


@pytest.fixture(scope="module")
def eased() -> ReleaseComparison:
    """Need in the far east is gone, so that the gap there is."""
    return compared(other({code_of(column, row): 0.5 for column in (6, 7) for row in (0, 1)}))


def test_an_area_that_stays_is_told_once_with_both_sides(same: ReleaseComparison) -> None:
    (row,) = then_and_now(same)
    then, now = same.before.gap_areas[0], same.after.gap_areas[0]
    assert (row.area, row.is_later, row.fate, row.shared) == (now, True, Fate.REMAINS, 1.0)
    assert row.need == pytest.approx((then.need_percentile, now.need_percentile))
    assert row.access == pytest.approx((then.access_percentile, now.access_percentile))
    assert row.verdicts == (then.verdict, now.verdict)
    assert row.others == (then,)
    assert row.shared_percent == 100
    assert dataclasses.replace(row, shared=0.4975, fate=Fate.PARTLY).shared_percent == 49
    assert dataclasses.replace(row, shared=math.nan).shared_percent is None
    assert "the only gap area of London" in headline(same)
    assert "one was a gap by the estimate of need too and none is new; of the earlier ones, none is gone." in (
        headline(same)
    )


def test_an_area_that_is_gone_is_told_from_its_own_side(eased: ReleaseComparison) -> None:
    gone = [row for row in then_and_now(eased) if not row.is_later]
    assert [row.fate for row in gone] == [Fate.GONE]
    (row,) = gone
    assert row.area in eased.before.gap_areas
    assert row.verdicts == (row.area.verdict.value, "not_a_gap")
    assert row.need[0] == row.area.need_percentile > row.need[1]
    assert "of the earlier ones, one is gone" in headline(eased)
    assert "Of the gone, 3 because need there fell among London's, 0 through access" in movement(eased)


def test_words_and_tables_are_made_of_the_same_numbers(eased: ReleaseComparison) -> None:
    fates, matches = fate_rows(eased), match_rows(eased)
    areas = eased.after.inputs.areaset.areas
    assert sum(number for _, _, number, *_ in fates) == len(areas)
    assert sum(people for _, _, _, people, _ in fates) == areas["population"].sum()
    assert [(words, number) for words, _, number, _ in matches][:2] == [("Same boundary", 16), ("Split", 0)]
    assert release_words(eased.before) == "the estimate of need"


def test_a_borough_is_narrowed_and_says_so(eased: ReleaseComparison) -> None:
    east, west = within(eased, EAST), within(eased, WEST)
    assert set(east.comparison.areas["lad"]) == {EAST}
    assert east.sentence.startswith("In East: of the ")
    assert "East" in headline(east)
    assert [row.area.id for row in then_and_now(east)] == [row.area.id for row in then_and_now(eased)]
    assert then_and_now(west) == ()
    assert headline(west).startswith("West has no known gap area by ")
    assert headline(west).endswith(", and had none by the estimate of need.")


def test_what_is_left_out_is_said_with_its_reason() -> None:
    codes = list(toy_inputs().areaset.areas.index)
    rows = pd.DataFrame({"lsoa11": codes[2:], "lsoa21": codes[2:], "change": ["X", *["U"] * 13]})
    found = compared(other({}, vintage=2021), rows)
    said = " ".join(limits(found))
    assert "1 (nobody counted the people on the ground that moved)" in said
    assert "2 (the other release has none, or not all of it)" in said
    assert "3 of the earlier ones" in said
    assert "The estimate of need is Atlas's own" in said


def test_a_gap_without_counterpart_has_no_figures_then() -> None:
    codes = list(toy_inputs().areaset.areas.index)
    gap = set(toy_atlas().gap_areas[0].lsoas)
    kept = [code for code in codes if code not in gap]
    found = compared(other({}, vintage=2021), pd.DataFrame({"lsoa11": kept, "lsoa21": kept, "change": "U"}))
    rows = then_and_now(found)
    assert [(row.is_later, row.fate) for row in rows] == [(True, Fate.NOT_COMPARED), (False, Fate.NOT_COMPARED)]
    assert math.isnan(rows[0].shared)
    assert math.isnan(rows[0].need[0])
    assert rows[0].verdicts[0] == ""
    assert "London has no known gap area" in headline(found)
