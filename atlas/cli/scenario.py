"""`atlas scenario …`: what would change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.options import ReleaseOption
from atlas.cli.output import Format, FormatOption, OutOption, complain, drawn, format_of, settings, show, write
from atlas.errors import QueryError

if TYPE_CHECKING:
    from atlas.gaps.scenario.effects import AreaEffect
    from atlas.what_if import ScenarioResult

scenario_app = typer.Typer(help="What if: add or close sites, extend a network, add a tie.", no_args_is_help=True)

_ORDER: Final = ("gone", "merged", "new", "split", "changed", "same")


@scenario_app.callback()
def _scenario() -> None:
    """Keep `run` a word of its own while it is the only command."""


@scenario_app.command("run")
def run(
    *,
    file: Annotated[Path, typer.Argument(help="Scenario file (JSON).")],
    release: ReleaseOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Measure without a scenario and with it, and say what differs."""
    from atlas import pipeline
    from atlas.exports.scenario import scenario_csv, scenario_json
    from atlas.parameters import Parameters
    from atlas.sources.scenarios import complete, read_draft
    from atlas.what_if import run_scenario

    chosen = format_of(fmt, out)
    if chosen is Format.GEOJSON:
        raise QueryError("a scenario is written as table, csv or json, not as geojson")
    found, draft = settings(), read_draft(file)
    inputs = pipeline.load_inputs(found, release or draft.release)
    complain(inputs.warnings)
    scenario = complete(draft, inputs)
    with drawn("trying other ways of measuring") as counted:
        result = run_scenario(
            inputs,
            Parameters(),
            scenario,
            measure=lambda given, parameters: pipeline.measure(given, parameters, found.workspace, counted),
        )
    parts = (result.scenario, result.before, result.after, result.effects)
    if chosen is Format.JSON:
        write(scenario_json(*parts, result.notes), out)
    elif chosen is Format.CSV:
        write(scenario_csv(*parts), out)
    else:
        show(*page(result), out=out)


def page(result: ScenarioResult) -> list[Any]:
    """The answer in words, then a table of London and one of the gap areas that differ."""
    from rich.markup import escape

    from atlas.gaps.scenario.words import effect_sentence
    from atlas.vocabulary import label

    scenario, effects = result.scenario, result.effects
    lines = [scenario.name, *([scenario.about] if scenario.about else []), "", effect_sentence(effects), *result.notes]
    if result.before.inputs.deprivation.is_estimate:
        lines.append("Need: Atlas's own estimate, not an official index.")
    else:
        lines.append(f"Need: {label(result.before.inputs.release)}.")
    lines.append(
        f"Scenario {scenario.sha256[:12]}; revision {result.before.revision}, with it {result.after.revision}."
    )
    changed = [area for area in effects.areas if area.differs]
    tables = [_london(result), *([_areas(changed)] if changed else [])]
    if effects.brokerage.movers:
        tables.append(_movers(result))
    return [escape("\n".join(lines)), *tables]


def _table(right: Iterable[str], left: Iterable[str] = (), title: str = "") -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for column in left:
        table.add_column(column)
    for column in right:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _london(result: ScenarioResult) -> Any:
    from atlas.what_if import london_rows

    table = _table(("before", "after"), ("London",))
    for row in london_rows(result):
        table.add_row(*row)
    return table


def _areas(areas: Iterable[AreaEffect]) -> Any:
    from rich.markup import escape

    from atlas.vocabulary import label
    from atlas.what_if import PER

    table = _table(("rank", "people", "access", "networks"), ("gap area", "fate", "verdict"))
    for area in sorted(areas, key=lambda area: _ORDER.index(area.fate)):
        sides = [side for side in (area.before, area.after) if side is not None]
        table.add_row(
            escape(sides[0].name),
            area.fate.value,
            _change([label(side.verdict) for side in sides]),
            _change([str(side.rank) for side in sides]),
            f"{sides[0].population:,}",
            _change([f"{PER * access:.3g}" for access in (area.access_before, area.access_after)]),
            _change([str(len(nodes)) for nodes in (area.networks_before, area.networks_after)]),
        )
    table.caption = f"access, per {PER:,} people, and networks: of the land that the gap area had before"
    return table


def _movers(result: ScenarioResult) -> Any:
    from rich.markup import escape

    table = _table(("before", "after"), ("stands between pairs of others",))
    for mover in result.effects.brokerage.movers:
        table.add_row(escape(mover.name), f"{mover.before:,.1f}", f"{mover.after:,.1f}")
    return table


def _change(sides: list[str]) -> str:
    return " → ".join(dict.fromkeys(sides))
