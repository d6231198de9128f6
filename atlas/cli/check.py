"""`atlas check`: whether the tables agree, what in them is to be looked at, and how much of them is known."""

from __future__ import annotations

import json
from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.output import Format, FormatOption, OutOption, complain, format_of, settings, show, table, write
from atlas.errors import QueryError

if TYPE_CHECKING:
    from atlas.errors import Faults
    from atlas.graph.coverage import Coverage
    from atlas.sources.partnerships import PartnershipFiles


def check(
    partnerships: Annotated[
        Path | None, typer.Option(help="Folder of partnership tables; default: the embedded ones.")
    ] = None,
    older_than: Annotated[
        float, typer.Option(min=0, help="Evidence is old after so many years.", metavar="YEARS")
    ] = 3.0,
    *,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Check every table: ids, ties, dates, postcodes, numbers and names; report all faults at once, and coverage."""
    from atlas import pipeline
    from atlas.graph.consistency import doubts

    chosen = format_of(fmt, out)
    if chosen not in (Format.TABLE, Format.JSON):
        raise QueryError(f"a check is written as table or json, not as {chosen}")
    here = settings()
    if partnerships is not None:
        here = here.model_copy(update={"partnerships": partnerships})
    faults, files = pipeline.check(here)
    counts = {table: len(rows) for table, rows in files.rows.items()}
    faults.extend(doubts(files.rows, is_whole=not faults.errors))
    found = None if faults.errors else _coverage(files, older_than)
    if chosen is Format.JSON:
        write(report_json(faults, counts, found), out)
    else:
        complain(faults)
        counted = "; ".join(f"{count:,} {table}" for table, count in counts.items())
        tables = coverage_page(found) if found else []
        if out is None:
            typer.echo(counted)
            show(*tables)
        else:
            show(counted, *tables, out=out)
    if faults.errors:
        typer.echo(f"{count_of(faults.errors, 'error')}, {count_of(faults.warnings, 'warning')}", err=True)
        raise typer.Exit(1)
    if chosen is Format.TABLE:
        typer.echo(f"all is well ({count_of(faults.warnings, 'warning')})")


def _coverage(files: PartnershipFiles, older_than: float) -> Coverage:
    from datetime import UTC, datetime

    from atlas.graph.build import build
    from atlas.graph.coverage import coverage

    return coverage(build(files.partnerships), datetime.now(UTC).date(), older_than)


def report_json(faults: Faults, counts: dict[str, int], found: Coverage | None) -> str:
    """Faults, rows by table and coverage, as JSON; no coverage where the data cannot be used."""
    from dataclasses import asdict

    report = {
        "faults": [asdict(fault) for fault in faults],
        "rows": counts,
        "coverage": asdict(found) if found else None,
    }
    return json.dumps(report, ensure_ascii=False, indent=2, default=str) + "\n"


def count_of(things: Sized, name: str) -> str:
    """How many, in words.

    Examples
    --------
    >>> count_of([1], "error"), count_of([], "warning")
    ('1 error', '0 warnings')
    """
    return f"{len(things):,} {name}" if len(things) == 1 else f"{len(things):,} {name}s"


def coverage_page(found: Coverage) -> list[Any]:
    """Coverage as small tables."""
    return [_identified(found), _dated(found), _ages(found), _told(found)]


def _identified(found: Coverage) -> Any:
    from atlas.graph.coverage import IDENTIFIERS
    from atlas.vocabulary import Sector, label

    rows = [
        [
            label(Sector(row.sector)) if row.sector else f"{row.kind}s",
            _number(row.nodes),
            _share(row.identified, row.nodes),
            *(_number(row.by_identifier[name]) for name in IDENTIFIERS),
        ]
        for row in found.identified
    ]
    return table("Identifiers: nodes that carry one", ["", "nodes", "numbered", *IDENTIFIERS.values()], rows)


def _dated(found: Coverage) -> Any:
    rows = [
        [
            (row.relation or "all ties").replace("_", " "),
            _number(row.ties),
            _share(row.started, row.ties),
            _number(row.ended),
            _share(row.spanned, row.ended),
            _share(row.sourced, row.ties),
            *(_share(count, row.ties) for count in row.confidence.values()),
        ]
        for row in found.dated
    ]
    columns = ["", "ties", "with a start", "ended", "of these, start and end", "sourced", *found.ties.confidence]
    return table("Ties: dated, sourced and how sure", columns, rows)


def _ages(found: Coverage) -> Any:
    rows = [
        [
            row.what if row.what == "ties" else f"{row.what}s",
            _number(row.rows),
            _share(row.not_checked, row.rows),
            _share(row.old_source, row.rows),
            _share(row.undated_source, row.rows),
        ]
        for row in found.ages
    ]
    columns = ["", "rows", "not checked since", "source older", "source undated"]
    return table(f"Evidence older than {found.older_than_years:g} years", columns, rows)


def _told(found: Coverage) -> Any:
    from atlas.graph.coverage import HANGING

    told_of = ("members", *HANGING)
    rows = []
    for kind in ("network", "programme"):
        nodes = [row for row in found.networks if row.node.startswith(f"{kind}:")]
        shares = [_share(sum(bool(getattr(row, what)) for row in nodes), len(nodes)) for what in told_of]
        rows.append([f"{kind}s", _number(len(nodes)), *shares])
    return table("Networks and programmes with", ["", "nodes", *told_of], rows)


def _number(count: int) -> str:
    return f"{count:,}" if count else "-"


def _share(part: int, whole: int) -> str:
    from atlas.graph.coverage import whole_percent

    return f"{whole_percent(part, whole)}%" if whole else "-"
