"""`atlas graph …`: the command that every query of the partnership graph is registered on, and what they share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atlas.cli.output import Format, complain, format_of, settings
from atlas.errors import QueryError
from atlas.vocabulary import Release

if TYPE_CHECKING:
    from atlas.snapshot import Inputs

graph_app = typer.Typer(
    help="The partnership graph: who works with whom, where, since when, and how we know.", no_args_is_help=True
)


def loaded(release: Release | None = Release.ESTIMATE) -> Inputs:
    """What the graph is read from; says every warning.

    The graph is the same whatever need is measured by, and the estimate is always here; who asks what lies inside a
    footprint wants the areas of the best release, None.
    """
    from atlas import pipeline

    inputs = pipeline.load_inputs(settings(), release)
    complain(inputs.warnings)
    return inputs


def format_asked(fmt: Format | None, out: Path | None) -> Format:
    """The format asked for.

    Raises
    ------
    QueryError
        If it is GeoJSON.
    """
    chosen = format_of(fmt, out)
    if chosen is Format.GEOJSON:
        raise QueryError("an answer of the graph is written as table, csv or json, not as geojson")
    return chosen
