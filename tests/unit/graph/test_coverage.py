from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from atlas.errors import QueryError
from atlas.graph.build import build
from atlas.graph.coverage import Coverage, coverage, whole_percent
from atlas.records import Commitment, Measurement, Partnerships, Source
from atlas.vocabulary import Confidence, Status
from tests.toy import EVIDENCE, toy_partnerships

TODAY = date(2026, 11, 21)


def covered(years: float = 3, **changes: Any) -> Coverage:
    return coverage(build(toy_partnerships().model_copy(update=changes)), TODAY, years)


def test_identifiers_are_counted_by_kind_and_sector() -> None:
    one, *others = toy_partnerships().institutions
    found = covered(institutions=(one.model_copy(update={"ods_code": "RJ1", "website": "https://x.org"}), *others))
    rows = {(row.kind, row.sector): row for row in found.identified}
    assert set(rows) == {
        ("institution", "council"),
        ("institution", "health"),
        ("institution", "higher_education"),
        ("network", ""),
        ("programme", ""),
    }
    health = rows["institution", "health"]
    assert (health.nodes, health.identified, health.by_identifier["ods_code"]) == (1, 1, 1)
    assert rows["institution", "council"].identified == 0


def test_a_website_is_no_number() -> None:
    one, *others = toy_partnerships().institutions
    found = covered(institutions=(one.model_copy(update={"website": "https://x.org"}), *others))
    health = next(row for row in found.identified if row.sector == "health")
    assert (health.identified, health.by_identifier["website"]) == (0, 1)


def test_ties_are_dated_sourced_and_sure() -> None:
    a, b, c, d = toy_partnerships().ties
    ties = (
        a.model_copy(update={"start": "2021", "confidence": Confidence.LOW}),
        b.model_copy(update={"start": "2020", "end": "2022", "status": Status.ENDED}),
        c.model_copy(update={"status": Status.ENDED}),
        d.model_copy(update={"end": "2030"}),
    )
    found = covered(ties=ties)
    assert (found.ties.ties, found.ties.started, found.ties.ended, found.ties.spanned) == (4, 2, 3, 1)
    assert found.ties.sourced == 4
    assert found.ties.confidence == {"high": 3, "medium": 0, "low": 1}
    assert [(row.relation, row.ties) for row in found.dated[1:]] == [("convenes", 1), ("delivers", 1), ("member_of", 2)]


def test_a_tie_without_its_source_is_not_sourced() -> None:
    a, *others = toy_partnerships().ties
    assert covered(ties=(a.model_copy(update={"source": "gone"}), *others)).ties.sourced == 3


@pytest.mark.parametrize(
    ("published", "years", "old", "undated"),
    [
        ("2022", 3, 4, 0),
        ("2023", 3, 0, 0),
        ("2023-10", 3, 4, 0),
        ("2023-11", 3, 0, 0),
        ("2023-11-20", 3, 4, 0),
        ("2023-11", 2, 4, 0),
        (None, 3, 0, 4),
    ],
)
def test_a_source_is_as_old_as_the_last_day_it_may_be_of(
    published: str | None, years: float, old: int, undated: int
) -> None:
    source = Source(id="toy", title="A toy", publisher="Nobody", licence="none", published=published)
    ties = next(row for row in covered(years, sources=(source,)).ages if row.what == "ties")
    assert (ties.rows, ties.old_source, ties.undated_source) == (4, old, undated)


def test_what_nobody_has_checked_for_long() -> None:
    a, *others = toy_partnerships().ties
    ages = {
        row.what: row for row in covered(ties=(a.model_copy(update={"checked_on": date(2023, 1, 1)}), *others)).ages
    }
    assert (ages["ties"].not_checked, ages["site"].not_checked, ages["network"].not_checked) == (1, 0, 0)
    assert set(ages) == {"ties", "institution", "site", "network", "programme"}


def test_what_hangs_on_each_network() -> None:
    commitment = Commitment(node="network:west", metric="jobs", target=5, unit="people", **EVIDENCE)
    measured = Measurement(node="network:west", metric="jobs", value=5, unit="people", **EVIDENCE)
    found = covered(commitments=(commitment,), measurements=(measured, measured))
    rows = {row.node: (row.members, row.profiles, row.commitments, row.measurements) for row in found.networks}
    assert rows == {"network:all": (1, 0, 0, 0), "network:west": (1, 0, 1, 2), "programme:east": (0, 0, 0, 0)}


def test_years_are_not_below_zero() -> None:
    for years in (-1.0, float("nan")):
        with pytest.raises(QueryError, match="expected 0 or more"):
            covered(years)


def test_very_long_ago_is_before_all() -> None:
    assert {row.not_checked for row in covered(9_999).ages} == {0}


def test_an_empty_graph_has_nothing_to_cover() -> None:
    found = coverage(build(Partnerships()), TODAY)
    assert (found.identified, found.networks, found.ties.ties) == ((), (), 0)
    assert whole_percent(0, 0) == 0
