"""`atlas import`: a graph from another tool, or from another Atlas, as a folder of partnership tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.cli.output import complain, write
from atlas.errors import DataError, QueryError


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help="GraphML, GEXF, JSON (node-link, JGF, Kumu), or CSV: nodes and edges; or a folder."
        ),
    ],
    *,
    mapping: Annotated[Path | None, typer.Option(help="What the file's attributes mean: TOML or JSON.")] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Write a first mapping instead, to be looked at and corrected.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder of tables to write; with --suggest, a TOML file.", metavar="DIR")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="Folder of tables to add to.", metavar="DIR")] = None,
) -> None:
    """Read a graph and write it as partnership tables, checked whole; or list every fault, and write nothing."""
    from atlas.sources import embedded
    from atlas.sources.graph_import import import_graph

    areaset = embedded.read_areas()
    places = {**embedded.read_districts(), **areaset.borough_names()}
    if suggest:
        from atlas.sources.graph_suggest import suggest_mapping

        if mapping is not None:
            raise QueryError("--suggest writes a mapping: give --mapping once it has been looked at")
        write(suggest_mapping(files, into, places), out)
        return
    if out is None:
        raise QueryError("say with --out DIR where the tables are to be written")
    found = import_graph(files, mapping, into, places=places, codes=frozenset(areaset.icbs.index))
    complain(found.faults)
    errors = [fault for fault in found.faults if fault.severity == "error"]
    if errors:
        raise DataError(f"nothing was written: {_count(len(errors), 'fault')}")
    _write(found.partnerships, out, " and ".join(file.name for file in files), into)
    _tell(found, out)


def _write(partnerships: Any, out: Path, names: str, into: Path | None) -> None:
    from atlas.exports.files import write_folder
    from atlas.exports.partnerships import PACKAGE, package_files
    from atlas.records import TABLES

    words = f"Imported from {names}" + (f" into the tables of {into.name}" if into else "")
    made = package_files(partnerships, "Partnership tables", f"{words}.")
    if out.is_dir():
        ours = {PACKAGE, *(f"{table}.csv" for table in TABLES)}
        others = sorted(path.name for path in out.iterdir() if path.name not in ours)
        if others:
            raise QueryError(f"{out} holds other files as well ({', '.join(others[:5])}); name a new folder")
    write_folder(out, {name: [data] for name, data in made.items()}, PACKAGE)


def _tell(found: Any, out: Path) -> None:
    typer.echo(f"read {found.form}; new: {_counts(found.added)}")
    if found.known:
        typer.echo(f"there before, and agreeing: {_counts(found.known)}")
    if any(found.left_out.values()):
        typer.echo(f"left out, as the mapping says: {_counts(found.left_out)}")
    for what, names in found.unused.items():
        if names:
            typer.echo(f"attributes of {what} that were not taken: {', '.join(names)}")
    typer.echo(
        f"wrote {out}; `atlas check --partnerships {out}` checks it, `ATLAS_PARTNERSHIPS={out} atlas serve` shows it"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count) or "nothing"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
