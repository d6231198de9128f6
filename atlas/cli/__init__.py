"""The command line: `atlas …`."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterable, Sized
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from atlas import __version__
from atlas.errors import AtlasError, DataError, Fault, QueryError
from atlas.parameters import DEFAULT_SECTORS, MAX_CATCHMENT_M
from atlas.vocabulary import Decay, NeedDomain, Release, Sector

app = typer.Typer(
    name="atlas",
    help="The partnership atlas for anchor institutions: where need is high, anchors are few, and who could act.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="Official files: what there is, what is here, fetch it.", no_args_is_help=True)
app.add_typer(data_app, name="data")


MOST_ALIKE: Final = 20
"""Faults of one kind in one column that are said one by one."""


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


ReleaseOption = Annotated[Release | None, typer.Option(help="Where need comes from; default: the best that is here.")]
CatchmentOption = Annotated[
    float, typer.Option(help=f"Straight-line reach of an anchor in metres, at most {MAX_CATCHMENT_M:.0f}.")
]
DecayOption = Annotated[Decay, typer.Option(help="How reach fades with distance inside the catchment.")]
SectorOption = Annotated[
    list[Sector] | None,
    typer.Option(help=f"Sector whose sites count; repeat for several. Default: {', '.join(DEFAULT_SECTORS)}."),
]
DomainOption = Annotated[NeedDomain, typer.Option(help="Which measure of need.")]
OutOption = Annotated[Path | None, typer.Option(help="File to write; default: the terminal.")]


@app.callback(invoke_without_command=True)
def _root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"atlas {__version__}")
        raise typer.Exit


@app.command()
def gaps(
    *,
    inside: Annotated[str | None, typer.Option("--in", help="Borough, by name or GSS code.")] = None,
    release: ReleaseOption = None,
    catchment: CatchmentOption = 4000.0,
    decay: DecayOption = Decay.GAUSSIAN,
    sector: SectorOption = None,
    domain: DomainOption = NeedDomain.OVERALL,
    top: Annotated[int | None, typer.Option(min=1, help="How many, the most people first.")] = None,
    fmt: Annotated[
        Format | None,
        typer.Option("--format", help="How to write them.", show_default="by the ending of --out, else table"),
    ] = None,
    out: OutOption = None,
) -> None:
    """List gap areas: where need is among the highest fifth and anchors among the fewest."""
    from atlas.exports import gaps as written
    from atlas.terminal import gaps_table, whole_answer

    atlas = _load(release, catchment, decay, sector, domain)
    borough = None if inside is None else atlas.borough(inside)
    areas = atlas.gap_areas_in(borough)[:top]
    fmt = fmt or _format_of(out)
    writers = {Format.CSV: written.gaps_csv, Format.JSON: written.gaps_json, Format.GEOJSON: written.gaps_geojson}
    if fmt in writers:
        _write(writers[fmt](atlas, areas), out)
        return
    from rich.console import Console

    page = io.StringIO() if out else None
    console = Console(file=page, width=120 if out else None)
    console.print(whole_answer(atlas, borough))
    if areas:
        console.print(gaps_table(areas))
    if page:
        _write(page.getvalue(), out)


@app.command("map")
def map_(
    out: Annotated[Path, typer.Option(help="HTML file to write.")],
    release: ReleaseOption = None,
    catchment: CatchmentOption = 4000.0,
    decay: DecayOption = Decay.GAUSSIAN,
    sector: SectorOption = None,
    domain: DomainOption = NeedDomain.OVERALL,
) -> None:
    """Write the map as one HTML file that opens offline."""
    from atlas.maps.page import standalone

    _write(standalone(_load(release, catchment, decay, sector, domain)), out)
    typer.echo(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)")


@app.command()
def check(
    partnerships: Annotated[
        Path | None, typer.Option(help="Folder of partnership tables; default: the embedded ones.")
    ] = None,
) -> None:
    """Check every table: ids, ties, dates, postcodes and boroughs; report all faults at once."""
    from atlas import pipeline

    settings = _settings()
    if partnerships is not None:
        settings = settings.model_copy(update={"partnerships": partnerships})
    faults, counts = pipeline.check(settings)
    _complain(faults)
    typer.echo("; ".join(f"{count:,} {table}" for table, count in counts.items()))
    if faults.errors:
        counted = f"{_count(faults.errors, 'error')}, {_count(faults.warnings, 'warning')}"
        typer.echo(counted, err=True)
        raise typer.Exit(1)
    typer.echo(f"all is well ({_count(faults.warnings, 'warning')})")


@data_app.command("list")
def data_list() -> None:
    """List the official files, and which of them are here."""
    from rich.console import Console

    from atlas.sources.download import status
    from atlas.sources.releases import catalogue
    from atlas.terminal import catalogue_table

    settings = _settings()
    Console().print(catalogue_table(status(catalogue(), settings.workspace)))
    typer.echo(f"workspace: {settings.workspace}")


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

    settings = _settings()
    entries = catalogue().choose(names or [])
    console = Console(stderr=True)
    with Progress(transient=True, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total or None)
            bars.update(tasks[name], completed=done, total=total or None)

        pulled = pull(entries, settings.workspace, from_folder=from_folder, progress=progress, leave_out=not names)
    for item in pulled:
        typer.echo(f"{item.name}: {item.rows:,} rows, {item.bytes / 1e6:.1f} MB")
    brought = {item.name for item in pulled}
    for entry in entries:
        if entry.name not in brought:
            typer.echo(f"{entry.name}: not in {from_folder}", err=True)


def _settings() -> Any:
    from atlas.settings import Settings

    return Settings.from_environment()


def _load(
    release: Release | None, catchment: float, decay: Decay, sectors: list[Sector] | None, domain: NeedDomain
) -> Any:
    from atlas import pipeline
    from atlas.parameters import read_parameters

    parameters = read_parameters(
        catchment_m=catchment,
        decay=decay,
        sectors=tuple(sectors or DEFAULT_SECTORS),
        need_domain=domain,
    )
    atlas = pipeline.load(_settings(), release, parameters)
    _complain(atlas.inputs.warnings)
    return atlas


def _format_of(out: Path | None) -> Format:
    ending = out.suffix.lower().removeprefix(".") if out else ""
    return Format(ending) if ending in set(Format) else Format.TABLE


def _write(text: str, out: Path | None) -> None:
    if out is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # An answer sent to a file is the same file on every machine: UTF-8, its line ends as they are.
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from atlas.exports.files import write_whole

    write_whole(out, text.encode())


def _complain(faults: Iterable[Fault]) -> None:
    """Say every fault; where a column has the same fault in very many rows, the first of them and how many more."""
    alike: Counter[tuple[str, str | None, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.column, fault.problem)
        alike[kind] += 1
        if alike[kind] <= MOST_ALIKE:
            typer.echo(f"{fault.severity}: {fault}", err=True)
    for (file, column, problem), count in alike.items():
        if count > MOST_ALIKE:
            place = f"{file}, column {column}" if column else file
            typer.echo(f"{place}: {problem} in {count - MOST_ALIKE:,} more rows", err=True)


def _count(things: Sized, name: str) -> str:
    return f"{len(things):,} {name}" if len(things) == 1 else f"{len(things):,} {name}s"


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
        _complain(error.faults)
        sys.exit(1)
    except QueryError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except (AtlasError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
