from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.comparison import Fate, Match, compare, compare_gap_areas
from atlas.parameters import Parameters
from atlas.vocabulary import Verdict

COLUMNS = ["need_percentile", "access_percentile", "verdict", "population"]
ROBUST, FRAGILE, NOT, UNKNOWN = (verdict.value for verdict in Verdict)


def side(**rows: tuple[float, float, str, float]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)


def lookup(*pairs: str) -> pd.DataFrame:
    """Pairs written as "A>B:S"."""
    rows = [(pair[0], pair[2], pair[4]) for pair in pairs]
    return pd.DataFrame(rows, columns=["lsoa11", "lsoa21", "change"])


#: unchanged A; B split into C and D; E and F merged into G; H changed with X into I
BEFORE = side(
    A=(90.0, 10.0, ROBUST, 100),
    B=(60.0, 20.0, NOT, 200),
    E=(90.0, 10.0, FRAGILE, 100),
    F=(50.0, 30.0, NOT, 300),
    H=(10.0, 90.0, NOT, 50),
)
AFTER = side(
    A=(70.0, 12.0, NOT, 110),
    C=(85.0, 15.0, ROBUST, 30),
    D=(40.0, 25.0, NOT, 90),
    G=(82.0, 10.0, FRAGILE, 400),
    I=(20.0, 80.0, NOT, 60),
)
CHANGES = lookup("A>A:U", "B>C:S", "B>D:S", "E>G:M", "F>G:M", "H>I:X", "Y>Z:U")


def test_each_kind_of_change_has_its_own_earlier_figures() -> None:
    found = compare(BEFORE, AFTER, CHANGES)
    areas = found.areas
    assert areas.index.tolist() == list(AFTER.index)
    assert areas["match"].tolist() == ["unchanged", "split", "split", "merged", "changed_otherwise"]
    assert areas["lsoas_before"].tolist() == ["A", "B", "B", "E F", "H"]
    assert areas["population_before"].tolist()[:4] == [100, 50, 150, 400]
    assert areas["need_percentile_before"].tolist()[:4] == [90, 60, 60, 60]
    assert areas["access_percentile_shift"].tolist()[:4] == [2, -5, 5, -15]
    assert areas["verdict_before"].tolist() == [ROBUST, NOT, NOT, NOT, ""]
    assert areas["fate"].tolist() == ["gone", "new", "neither", "new", "not_compared"]
    assert areas["because"].tolist() == ["need", "need", "", "need", ""]
    assert found.unmatched == ("H",)


def test_what_is_not_compared_has_no_earlier_figures_and_says_why() -> None:
    areas = compare(BEFORE, AFTER, CHANGES).areas
    row = areas.loc["I"]
    assert row["match"] == Match.CHANGED
    assert all(math.isnan(row[name]) for name in areas if name.endswith("_shift"))
    assert math.isnan(row["population_before"])
    assert row["need_percentile_after"] == 20


def test_a_relative_that_is_not_here_leaves_the_whole_family_out() -> None:
    without_f, without_d = BEFORE.drop("F"), AFTER.drop("D")
    assert compare(without_f, AFTER, CHANGES).areas.loc["G", "match"] == Match.MISSING
    found = compare(BEFORE, without_d, CHANGES)
    assert found.areas.loc["C", "match"] == Match.MISSING
    assert found.unmatched == ("B", "H")
    without_lookup = compare(BEFORE, AFTER, CHANGES[CHANGES["lsoa21"] != "A"])
    assert without_lookup.areas.loc["A", ["match", "lsoas_before", "fate"]].tolist() == ["missing", "", "not_compared"]


def test_pieces_of_areas_that_also_merged_are_not_compared() -> None:
    tangled = lookup("A>A:U", "B>C:S", "B>G:S", "E>G:M", "F>D:U", "H>I:X")
    assert compare(BEFORE, AFTER, tangled).areas["match"].tolist() == [
        "unchanged",
        "changed_otherwise",
        "unchanged",
        "changed_otherwise",
        "changed_otherwise",
    ]


def test_pieces_where_nobody_lives_share_alike() -> None:
    empty = AFTER.assign(population=[110, 0, 0, 400, 60])
    assert compare(BEFORE, empty, CHANGES).areas["population_before"].tolist()[1:3] == [100, 100]


def test_merged_areas_where_nobody_lived_share_alike() -> None:
    empty = BEFORE.assign(population=[100, 200, 0, 0, 50])
    row = compare(empty, AFTER, CHANGES).areas.loc["G"]
    assert (row["need_percentile_before"], row["verdict_before"]) == (70, FRAGILE)


@pytest.mark.parametrize(
    ("then", "now", "fate"),
    [
        (ROBUST, FRAGILE, Fate.REMAINS),
        (NOT, ROBUST, Fate.NEW),
        (FRAGILE, NOT, Fate.GONE),
        (NOT, NOT, Fate.NEITHER),
        (UNKNOWN, ROBUST, Fate.UNKNOWN),
        (NOT, UNKNOWN, Fate.UNKNOWN),
    ],
)
def test_the_fate_of_a_gap(then: str, now: str, fate: Fate) -> None:
    before, after = side(A=(90, 10, then, 9)), side(A=(90, 10, now, 9))
    assert compare(before, after, lookup("A>A:U")).areas["fate"].tolist() == [fate]


def test_a_gap_that_did_not_cross_the_line_of_need_came_by_access() -> None:
    before, after = side(A=(90, 30, NOT, 9)), side(A=(82, 10, ROBUST, 9))
    assert compare(before, after, lookup("A>A:U")).areas["because"].tolist() == ["access"]
    narrower = Parameters(need_share=0.15)
    assert compare(before, after, lookup("A>A:U"), narrower).areas["because"].tolist() == ["need"]


def test_counts_people_and_narrow_crossings() -> None:
    found = compare(BEFORE, AFTER, CHANGES)
    assert found.count("match") == {"changed_otherwise": 1, "merged": 1, "split": 2, "unchanged": 1}
    assert found.people(Fate.NEW) == 430
    assert found.narrow(Fate.NEW) == 0
    near = AFTER.assign(need_percentile=[79.0, 80.0, 40.0, 82.0, 20.0])
    assert compare(BEFORE.assign(need_percentile=79.0), near, CHANGES).narrow(Fate.NEW) == 2
    assert found.mean_shift == pytest.approx((110 * 20 + 30 * 25 + 90 * 20 + 400 * 22) / 630)


def test_correlation_is_of_people_and_none_without_spread() -> None:
    assert compare(BEFORE, BEFORE, lookup(*(f"{code}>{code}:U" for code in BEFORE.index))).correlation == pytest.approx(
        1
    )
    flat = AFTER.assign(need_percentile=50.0)
    assert compare(BEFORE, flat, CHANGES).correlation is None
    assert compare(BEFORE, AFTER.assign(population=0), CHANGES).correlation is None
    assert compare(BEFORE, AFTER.assign(population=0), CHANGES).mean_shift == 0


def test_other_measures_are_carried_where_both_have_them() -> None:
    found = compare(
        BEFORE.assign(england_percentile=[1.0, 2, 3, 7, 5], p_gap=0.5), AFTER.assign(england_percentile=9.0), CHANGES
    )
    assert found.areas["england_percentile_before"].tolist()[:4] == [1, 2, 2, 6]
    assert "p_gap_before" not in found.areas


def area(name: str, verdict: Verdict, *lsoas: str) -> Any:
    return SimpleNamespace(
        id=name, name=name, lad_name="Toy", lad_names=("Toy",), population=9, verdict=verdict, lsoas=lsoas
    )


def test_gap_areas_remain_by_the_share_of_their_people() -> None:
    before = side(A=(90, 9, ROBUST, 100), B=(90, 9, ROBUST, 100), E=(90, 9, ROBUST, 50), F=(9, 9, NOT, 50))
    after = side(
        A=(90, 9, ROBUST, 70), B=(90, 9, NOT, 30), E=(90, 9, NOT, 50), F=(90, 9, ROBUST, 50), I=(90, 9, ROBUST, 50)
    )
    same = lookup(*(f"{code}>{code}:U" for code in "ABEF"))
    found = compare(before, after, same)
    table = compare_gap_areas(
        found,
        [
            area("two", Verdict.ROBUST, "A", "B"),
            area("one", Verdict.ROBUST, "B", "E"),
            area("who", Verdict.UNKNOWN, "A"),
        ],
        [
            area("old", Verdict.ROBUST, "A", "I"),
            area("few", Verdict.FRAGILE, "A", "F", "E"),
            area("fresh", Verdict.ROBUST, "F"),
            area("none", Verdict.ROBUST, "I"),
        ],
    )
    assert table[["release", "id", "fate"]].to_numpy().tolist() == [
        ["after", "old", "remains"],
        ["after", "few", "remains"],
        ["after", "fresh", "new"],
        ["after", "none", "not_compared"],
        ["before", "two", "remains"],
        ["before", "one", "gone"],
        ["before", "who", "unknown"],
    ]
    assert table["shared"].tolist()[:3] == [1.0, pytest.approx(120 / 170), 0.0]
    partly = compare_gap_areas(
        found, [], [area("mixed", Verdict.ROBUST, "E", "F", "B", "F"), area("bit", Verdict.ROBUST, "F", "A", "I")]
    )
    assert partly["fate"].tolist() == ["remains", "remains"]


def test_a_gap_area_with_fewer_than_half_its_people_in_the_same_gap_remains_partly() -> None:
    before = side(A=(90, 9, ROBUST, 100), B=(90, 9, ROBUST, 300))
    after = side(A=(90, 9, ROBUST, 100), B=(50, 9, NOT, 300))
    found = compare(before, after, lookup("A>A:U", "B>B:U"))
    table = compare_gap_areas(found, [area("both", Verdict.ROBUST, "A", "B")], [])
    assert table[["shared", "fate"]].to_numpy().tolist() == [[0.25, "partly"]]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (BEFORE.drop(columns="verdict"), AFTER, "earlier release has no column verdict"),
        (BEFORE, pd.concat([AFTER, AFTER]), "later release has A twice"),
        (BEFORE.assign(need_percentile=math.nan), AFTER, "5 areas have no need_percentile in the earlier release"),
        (BEFORE, AFTER.assign(population=-1.0), "population of the later release is negative"),
        (BEFORE, AFTER.rename(index=str.lower), "no area of one release has a counterpart"),
    ],
)
def test_sides_that_cannot_be_used(before: pd.DataFrame, after: pd.DataFrame, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        compare(before, after, CHANGES)


def test_nothing_given_is_changed() -> None:
    before, after, changes = BEFORE.copy(), AFTER.copy(), CHANGES.copy()
    compare(before, after, changes)
    pd.testing.assert_frame_equal(before, BEFORE)
    pd.testing.assert_frame_equal(after, AFTER)
    pd.testing.assert_frame_equal(changes, CHANGES)
