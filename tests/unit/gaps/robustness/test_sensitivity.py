from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.robustness import _trials
from atlas.gaps.robustness import sensitivity as module
from atlas.gaps.robustness._draws import Choice, Draws
from atlas.gaps.robustness._trials import Measured, Trials
from atlas.gaps.robustness.sensitivity import COLUMNS, OUTPUTS, driver_sentence, sensitivity
from atlas.gaps.study import Study
from tests.unit.gaps.robustness.studies import random_study

NUMBERS = ["first", "first_half_width", "total", "total_half_width"]


def test_every_varied_choice_has_a_row_for_each_output() -> None:
    table = sensitivity(random_study(3, catchment_m=2_500), base=16, seed=1)
    assert tuple(table.columns) == COLUMNS
    assert list(zip(table["output"], table["choice"], strict=True)) == [
        (output, choice.value) for output in OUTPUTS for choice in Choice
    ]
    assert np.isfinite(table[NUMBERS]).all(axis=None)
    assert (table["total"] >= 0).all()


def test_choices_that_are_not_varied_are_left_out() -> None:
    table = sensitivity(random_study(3, domains=False, measure="2sfca"), base=16, seed=0)
    assert table["choice"].unique().tolist() == ["catchment", "capacity"]


@pytest.mark.parametrize(
    ("study", "choices"),
    [
        (random_study(3, domains=False, measure="nearest"), ["catchment"]),
        (random_study(3, n_sites=0), ["weights", "normalisation", "aggregation"]),
    ],
    ids=["one", "need-only"],
)
def test_few_choices_are_enough(study: Study, choices: list[str]) -> None:
    table = sensitivity(study, base=16, seed=1)
    assert table["choice"].unique().tolist() == choices
    assert np.isfinite(table[NUMBERS]).all(axis=None)


def test_shares_of_a_sum_of_two_choices_are_those_of_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    def made_up(_: Trials, draws: Draws, *__: object, **___: object) -> Measured:
        log = np.log2(draws.catchment / 2_000)
        output = 3 * log / 2 + draws.sharing
        return Measured(np.zeros(0, np.int64), output, np.ones(len(draws)), *[np.zeros((0, 0))] * 2)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "measure", made_up)
    table = sensitivity(random_study(3, domains=False), base=1024, seed=1).set_index(["output", "choice"])
    # variances of 3u and of u, each uniform from 0 to 1, are as 9 to 1
    for name in ("first", "total"):
        assert table.loc[("people_in_gaps", "catchment"), name] == pytest.approx(0.9, abs=0.05)
        assert table.loc[("people_in_gaps", "capacity"), name] == pytest.approx(0.1, abs=0.03)
        assert table.loc[("people_in_gaps", "decay"), name] == pytest.approx(0, abs=0.01)
    assert (table.loc["rank_shift", NUMBERS] == 0).all(axis=None)


def test_an_output_that_never_varies_has_shares_of_nothing() -> None:
    equal = dataclasses.replace(random_study(3, domains=False), need=np.full(40, 2.0))
    table = sensitivity(equal, base=16, seed=1)
    assert (table.loc[table["output"] == "people_in_gaps", NUMBERS] == 0).all(axis=None)
    assert driver_sentence(table) == "None of the choices that were tried changes how many people live in gap areas."


def test_with_nothing_to_vary_there_are_no_rows() -> None:
    table = sensitivity(random_study(3, n_sites=0, domains=False), base=16, seed=1)
    assert table.empty
    assert tuple(table.columns) == COLUMNS
    assert driver_sentence(table, "rank_shift") == "No choice that was tried can change the order of areas."


def test_what_rows_share_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"need": 0, "access": 0}
    study, plain = random_study(3), {name: getattr(Trials, name) for name in ("need", "access")}
    for name in counted:

        def count(self: Trials, draws: Draws, name: str = name) -> object:
            counted[name] += len(draws)
            return plain[name](self, draws)

        monkeypatch.setattr(Trials, name, count)
    monkeypatch.setattr(_trials, "cpu_count", lambda: 1)
    sensitivity(study, base=16, seed=1)
    # of the 8 ways of a base point, at most 5 differ in need, and 5 in access; one more is the reader's
    assert counted["need"] <= 16 * 5 + 1
    assert counted["access"] <= 16 * 5 + 1


def test_seeds_start_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    study = random_study(3)
    one = sensitivity(study, base=16, seed=4, progress=lambda done, of: told.append((done, of)))
    assert told == [(64, 128), (128, 128)]
    assert one.equals(sensitivity(study, base=16, seed=4))
    assert not one.equals(sensitivity(study, base=16, seed=5))
    with pytest.raises(QueryError, match="power of two"):
        sensitivity(study, base=100, seed=1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("catchment", 0.8, 0.1), ("decay", 0.3, 0.1)],
            (
                "The catchment decides most how many people live in gap areas: "
                "it has a part in 80% of the variation (70 to 90%)."
            ),
        ),
        (
            [("decay", 0.5, 0.1), ("catchment", 0.6, 0.1), ("weights", 0.1, 0.1)],
            (
                "What decides most how many people live in gap areas cannot be told apart: "
                "the catchment and the decay have about as large a part."
            ),
        ),
        (
            [("catchment", 1.05, 0.2)],
            (
                "The catchment decides most how many people live in gap areas: "
                "it has a part in 100% of the variation (85 to 100%)."
            ),
        ),
    ],
    ids=["one", "level", "alone"],
)
def test_the_sentence_names_one_choice_only_where_intervals_part(
    rows: list[tuple[str, float, float]], said: str
) -> None:
    table = pd.DataFrame(
        [("people_in_gaps", choice, 0.0, 0.0, total, width) for choice, total, width in rows], columns=list(COLUMNS)
    )
    assert driver_sentence(table) == said
