"""The command line: `atlas …`."""

from __future__ import annotations

import io
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas import __version__
from atlas.cli import estate, estate_land, estate_matches, graph, graph_measures, graph_seats  # noqa: F401 -- registers
from atlas.cli.check import check
from atlas.cli.compare import compare
from atlas.cli.estate_app import estate_app
from atlas.cli.export import export
from atlas.cli.graph_app import graph_app
from atlas.cli.import_ import import_
from atlas.cli.options import Choices, with_choices
from atlas.cli.output import Format, FormatOption, InsideOption, OutOption, complain, format_of, settings, show, write
from atlas.cli.prepare import prepare
from atlas.cli.scenario import scenario_app
from atlas.cli.siting import site
from atlas.errors import AtlasError, DataError, QueryError
from atlas.records import slug

app = typer.Typer(
    name="atlas",
    help="The partnership atlas for anchor institutions: where need is high, anchors are few, and who could act.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="Official files: what there is, what is here, fetch it.", no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(estate_app, name="estate")
app.add_typer(graph_app, name="graph")
app.add_typer(scenario_app, name="scenario")
app.command()(check)
app.command()(compare)
app.command()(export)
app.command("import")(import_)
app.command()(prepare)
app.command()(site)


@app.callback(invoke_without_command=True)
def _root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"atlas {__version__}")
        raise typer.Exit


@app.command()
@with_choices()
def gaps(
    *,
    choices: Choices,
    inside: InsideOption = None,
    top: Annotated[int | None, typer.Option(min=1, help="How many, the most people first.")] = None,
    explain: Annotated[
        str | None, typer.Option(help="One gap area, by name or id: how sure we are of it, and why.", metavar="AREA")
    ] = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """List gap areas: where need is among the highest fifth and anchors among the fewest."""
    from atlas.exports import gaps as written
    from atlas.terminal import gaps_table, whole_answer

    atlas = choices.load()
    if explain is not None:
        explained(choices.assured(atlas), explain, format_of(fmt, out), out)
        return
    borough = None if inside is None else atlas.borough(inside)
    areas = atlas.gap_areas_in(borough)[:top]
    chosen = format_of(fmt, out)
    writers = {Format.CSV: written.gaps_csv, Format.JSON: written.gaps_json, Format.GEOJSON: written.gaps_geojson}
    if chosen in writers:
        write(writers[chosen](atlas, areas), out)
        return
    show(whole_answer(atlas, borough), *([gaps_table(areas)] if areas else []), out=out)


def explained(atlas: Any, wanted: str, fmt: Format, out: Path | None) -> None:
    """Say how sure one gap area is, and why; as JSON with the numbers."""
    from atlas.exports.gaps import explanation_json
    from atlas.terminal import explanation_table

    # the beginning of a name will do where only one begins so
    begun = [area.id for area in atlas.gap_areas if area.id.startswith(slug(wanted) or "-")]
    area = atlas.gap_area(begun[0] if len(begun) == 1 else wanted)
    if fmt is Format.JSON:
        write(explanation_json(atlas, area), out)
    elif fmt is Format.TABLE:
        show(*explanation_table(atlas, area), out=out)
    else:
        raise QueryError(f"an explanation is written as table or json, not as {fmt}")


@app.command("map")
@with_choices()
def map_(*, choices: Choices, out: Annotated[Path, typer.Option(help="HTML file to write.")]) -> None:
    """Write the map as one HTML file that opens offline."""
    from atlas.maps.page import standalone

    write(standalone(choices.load()), out)
    typer.echo(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)")


@data_app.command("list")
def data_list() -> None:
    """List the official files, and which of them are here."""
    from rich.console import Console

    from atlas.sources.download import status
    from atlas.sources.releases import catalogue
    from atlas.terminal import catalogue_table

    here = settings()
    Console().print(catalogue_table(status(catalogue(), here.workspace)))
    typer.echo(f"workspace: {here.workspace}")


@data_app.command("pull")
def data_pull(
    names: Annotated[list[str] | None, typer.Argument(help="Files by name; default: what the releases need.")] = None,
    from_folder: Annotated[Path | None, typer.Option("--from", help="Folder to take them from, offline.")] = None,
) -> None:
    """Fetch official files, checked; from their publishers or from a folder."""
    from rich.console import Console
    from rich.progress import Progress

    from atlas.sources.download import pull
    from atlas.sources.releases import catalogue

    here = settings()
    entries = catalogue().choose(names or [])
    console = Console(stderr=True)
    with Progress(transient=True, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total or None)
            bars.update(tasks[name], completed=done, total=total or None)

        pulled = pull(entries, here.workspace, from_folder=from_folder, progress=progress, leave_out=not names)
    for item in pulled:
        typer.echo(f"{item.name}: {item.rows:,} rows, {item.bytes / 1e6:.1f} MB")
    brought = {item.name for item in pulled}
    for entry in entries:
        if entry.name not in brought:
            typer.echo(f"{entry.name}: not in {from_folder}", err=True)


def main() -> None:
    """Run the command line; what Atlas raises on purpose becomes words and an exit code."""
    for command in entry_points(group="atlas.commands"):
        if command.name in sys.argv[1:2] or sys.argv[1:2] in ([], ["--help"]):
            app.command(command.name)(command.load())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        app()
    except DataError as error:
        typer.echo(f"error: {error.what}", err=True)
        complain(error.faults)
        sys.exit(1)
    except QueryError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except (AtlasError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
