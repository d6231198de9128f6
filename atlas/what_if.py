"""A scenario run: the atlas without it, the atlas with it, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from atlas.errors import QueryError
from atlas.gaps.scenario.apply import SOURCE, apply_scenario, uncounted
from atlas.gaps.scenario.changes import Scenario
from atlas.gaps.scenario.effects import Effects, Side, compare_sides
from atlas.gaps.scenario.plan import Plan
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs, Provenance
from atlas.vocabulary import AccessMeasure

PER: Final = 100_000
"""Access is shown per this many people."""


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioResult:
    """What a scenario was asked of, and what came of it.

    Parameters
    ----------
    scenario : Scenario
        The question; its `sha256` names it.
    before, after : Atlas
        Without it and with it, under the same choices and draws; `before.revision` is the base.
    effects : Effects
        What differs.
    notes : tuple of str
        What the author should know: changes that change nothing, names taken for new ones.
    """

    scenario: Scenario
    before: Atlas
    after: Atlas
    effects: Effects
    notes: tuple[str, ...]


def run_scenario(
    inputs: Inputs,
    parameters: Parameters,
    scenario: Scenario,
    *,
    before: Atlas | None = None,
    measure: Callable[[Inputs, Parameters], Atlas] = analyse,
    most_draws: int | None = None,
) -> ScenarioResult:
    """Measure without a scenario and with it.

    Both sides are measured under the reader's choices with those of the scenario in their place, with the same seed,
    so that whatever differs is the changes' doing. `inputs` stays as it is; the derived inputs have a fingerprint of
    their own, since the scenario's hash stands among their provenance.

    Parameters
    ----------
    inputs : Inputs
        What was read.
    parameters : Parameters
        The reader's choices.
    scenario : Scenario
        Read by `atlas.sources.scenarios`, which turns postcodes into coordinates.
    before : Atlas, optional
        The atlas of these inputs and choices, where it has been made already.
    measure : callable, optional
        Makes an atlas; by default without keeping anything.
    most_draws : int, optional
        A first look rests on at most so many draws on either side, a power of two.

    Raises
    ------
    DataError
        With every change that cannot be made.
    QueryError
        If the choices cannot stand together, or minutes were chosen and the scenario adds sites, to which the table
        of travel times has no minutes.
    """
    chosen = scenario.parameters_over(parameters)
    if most_draws is not None and chosen.draws > most_draws:
        chosen = chosen.model_copy(update={"draws": most_draws})
    # what cannot be done is said before anything is measured
    derived, plan = derive(inputs, scenario)
    if plan.sites and chosen.catchment_min is not None:
        raise QueryError(
            f"the scenario {scenario.name!r} adds sites, and the table of travel times has no minutes to them; "
            f"choose a catchment in metres (catchment_m, without catchment_min)"
        )
    if before is None or before.inputs is not inputs or before.parameters != chosen:
        before = measure(inputs, chosen)
    after = before if derived is inputs else measure(derived, chosen)
    was, now = (Side(atlas.gaps, atlas.gap_areas, atlas.graph) for atlas in (before, after))
    effects = compare_sides(was, now, inputs.areaset, tuple(plan.footprints))
    return ScenarioResult(scenario, before, after, effects, (*plan.notes, *uncounted(plan, inputs.sites, chosen)))


def derive(inputs: Inputs, scenario: Scenario) -> tuple[Inputs, Plan]:
    """Inputs as the scenario would have them, and its changes resolved; the inputs themselves if nothing changes.

    Raises
    ------
    DataError
        With every change that cannot be made.
    """
    applied = apply_scenario(scenario, inputs.sites, inputs.graph, inputs.areaset)
    plan = applied.plan
    if not (plan.sites or plan.closed or plan.footprints or plan.ties):
        return inputs, plan
    row = Provenance(
        name=SOURCE,
        title=scenario.name,
        publisher="The scenario's author",
        licence="",
        attribution="",
        vintage="what if",
        sha256=scenario.sha256,
    )
    return replace(inputs, sites=applied.sites, graph=applied.graph, provenance=(*inputs.provenance, row)), plan


def london_rows(result: ScenarioResult) -> list[tuple[str, str, str]]:
    """London before and after: what is counted, and its value on either side, in words."""
    before, after, effects = result.before.summary, result.after.summary, result.effects
    people = result.before.inputs.areaset.areas["population"].sum()
    access = [f"{PER * effects.mean_access(side):.3g}" for side in ("before", "after")]
    is_distance = result.before.parameters.measure is AccessMeasure.NEAREST
    beyond = [f"{side.out_of_reach * people:,.0f}" for side in (before, after)]
    return [
        ("sites counted", f"{before.sites:,}", f"{after.sites:,}"),
        # what the nearest distance gives is no amount of anything per person
        *([] if is_distance else [(f"mean access, per {PER:,} people", access[0], access[1])]),
        ("people with no anchor in reach", beyond[0], beyond[1]),
        ("gap areas", f"{before.areas:,}", f"{after.areas:,}"),
        ("of these robust", f"{before.robust:,}", f"{after.robust:,}"),
        ("people in them", f"{before.people:,}", f"{after.people:,}"),
        ("gap areas not known for want of a survey", f"{before.unknown:,}", f"{after.unknown:,}"),
    ]


@dataclass(frozen=True, slots=True)
class BoroughEffect:
    """What a scenario changes in one borough, as its map shows it.

    Parameters
    ----------
    lad, name : str
        GSS code and name.
    rising, falling : int
        Neighbourhoods whose access rises, and falls.
    people : int
        People of these.
    access_before, access_after : float
        Mean access of everybody in the borough; higher is better served.
    nearest_before_m, nearest_after_m : float
        Mean distance to the nearest anchor of everybody there; NaN where some have none.
    leaving, entering : int
        People who leave gap areas, and enter them.
    reached : int
        Neighbourhoods that a network or programme reaches anew.
    """

    lad: str
    name: str
    rising: int
    falling: int
    people: int
    access_before: float
    access_after: float
    nearest_before_m: float
    nearest_after_m: float
    leaving: int
    entering: int
    reached: int


def borough_rows(result: ScenarioResult, reached: pd.Series[bool]) -> list[BoroughEffect]:
    """Boroughs where anything changes that a map shows, by name.

    Parameters
    ----------
    result : ScenarioResult
        Of a run.
    reached : pandas.Series of bool
        Which areas a network or programme reaches anew, on the areas' index.
    """
    areaset = result.before.inputs.areaset
    names = areaset.borough_names()
    lsoas = result.effects.lsoas
    moved = (lsoas["access_change"] != 0) | (lsoas["in_gap_before"] != lsoas["in_gap_after"]) | reached
    lads = areaset.areas.loc[lsoas.index, "lad"]
    found = [_in_borough(lad, names[lad], lsoas[lads == lad], reached[lads == lad]) for lad in lads[moved].unique()]
    return sorted(found, key=lambda row: row.name)


def _in_borough(lad: str, name: str, inside: pd.DataFrame, reached: pd.Series[bool]) -> BoroughEffect:
    people, change = inside["population"], inside["access_change"]
    means = {
        f"{column}_{side}{unit}": float(np.average(inside[f"{held}_{side}"], weights=people))
        for column, held, unit in (("access", "access", ""), ("nearest", "nearest_anchor_m", "_m"))
        for side in ("before", "after")
    }
    was, now = inside["in_gap_before"], inside["in_gap_after"]
    return BoroughEffect(
        lad,
        name,
        rising=int((change > 0).sum()),
        falling=int((change < 0).sum()),
        people=int(people[change != 0].sum()),
        leaving=int(people[was & ~now].sum()),
        entering=int(people[now & ~was].sum()),
        reached=int(reached.sum()),
        **means,
    )
