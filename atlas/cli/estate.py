"""`atlas estate import | columns | imports | report | undo`: registers come in, and what was made of each row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.estate_app import WHO, PartnerOption, columns_given, estate_app, opened, partner_called
from atlas.cli.output import Format, FormatOption, OutOption, drawn, format_of, settings, show, table, write
from atlas.errors import QueryError
from atlas.graph.wording import plural
from atlas.vocabulary.estate import Change, FindingKind, Visibility

if TYPE_CHECKING:
    from atlas.estate_import import Request
    from atlas.geo.estate.imports import Report
    from atlas.geo.estate.model import ColumnMatch
    from atlas.store import Store

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV, XLSX, XLS, ODS, GeoPackage, GeoJSON, zipped Shapefile.")
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        help="What a column holds, remembered for that partner; an empty field for none.", metavar="HEADER=FIELD"
    ),
]
SheetOption = Annotated[str | None, typer.Option(help="Sheet or layer to read, where the file has several.")]

_MOST_SHOWN = 12


@estate_app.command("import")
def import_(
    file: FileArgument,
    *,
    partner: PartnerOption,
    register: Annotated[str, typer.Option(help="Name of the register, where the partner has several.")] = "",
    title: Annotated[str, typer.Option(help="What it is called; default: the partner's name.")] = "",
    visibility: Annotated[Visibility, typer.Option(help="Who may see assets that do not say.")] = Visibility.PUBLIC,
    as_of: Annotated[str, typer.Option(help="Day that it speaks of, ISO.", metavar="DAY")] = "",
    column: ColumnOption = None,
    sheet: SheetOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Bring a register in: every row is accepted, repaired or set aside, and the report says which and why."""
    from atlas.estate_import import import_register
    from atlas.sources import embedded

    chosen = _report_format(fmt, out)
    request = _request(file, partner, register, title, visibility, as_of, column, sheet)
    boroughs = embedded.read_areas().boroughs
    with opened() as store, drawn("reading, cleaning and keeping") as counted:
        done = import_register(settings(), store, request, boroughs, lambda rows, _what: counted(rows, 0))
        found = _with_differences(store, store.report_of(done), chosen)
    _say(found, chosen, out)


@estate_app.command()
def columns(
    file: FileArgument,
    *,
    partner: PartnerOption,
    column: ColumnOption = None,
    sheet: SheetOption = None,
) -> None:
    """Say what each column of a register is taken for, and how sure that is; nothing is imported."""
    from atlas.estate_import import look

    request = _request(file, partner, "", "", Visibility.PUBLIC, "", column, sheet)
    with opened() as store:
        found = look(request, store)
        if request.columns:
            store.remember(request.partner.id, request.columns, WHO)
    typer.echo(f"{found.raw.file}: {found.raw.form}")
    for note in found.raw.notes:
        typer.echo(note)
    show(columns_table(found.columns))
    for sentence in found.missing:
        typer.echo(f"missing: {sentence}")
    typer.echo(
        "correct one with --column 'HEADER=FIELD', or 'HEADER=land_ha:acres' to say the unit too; fields: "
        + ", ".join(_fields())
    )


@estate_app.command()
def imports(register: Annotated[str | None, typer.Argument(help="Id of a register; default: all.")] = None) -> None:
    """List the imports, the newest first."""
    with opened() as store:
        found = store.imports(register)
    headers = ("import", "register", "file", "when", "who", "rows", "accepted", "repaired", "set aside", "unchanged")
    rows = [
        [
            f"{one.id}{'' if one.is_standing else ' (undone)'}",
            one.register,
            one.file,
            one.at,
            one.who,
            *(f"{count:,}" for count in (one.rows, one.accepted, one.repaired, one.set_aside, one.unchanged)),
        ]
        for one in found
    ]
    show(table("Imports", headers, rows, left=5))


@estate_app.command()
def report(
    wanted: Annotated[int, typer.Argument(metavar="IMPORT", help="Number of the import.")],
    *,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Say what became of every row of an import."""
    chosen = _report_format(fmt, out)
    with opened() as store:
        found = _with_differences(store, store.report(wanted), chosen)
    _say(found, chosen, out)


@estate_app.command()
def undo(wanted: Annotated[int, typer.Argument(metavar="IMPORT", help="Number of the import.")]) -> None:
    """Take an import back: what stood before it stands again."""
    with opened() as store:
        record = store.undo(wanted, WHO)
    typer.echo(f"import {record.id} of {record.file} is undone: {record.register} is as it was before")


def _request(
    file: Path,
    partner: str,
    register: str,
    title: str,
    visibility: Visibility,
    as_of: str,
    column: list[str] | None,
    sheet: str | None,
) -> Request:
    from atlas.estate_import import Request

    return Request(
        path=file,
        partner=partner_called(partner),
        register=register,
        title=title,
        visibility=visibility,
        as_of=as_of,
        columns=columns_given(column),
        sheet=sheet,
        who=WHO,
    )


def _fields() -> tuple[str, ...]:
    from atlas.assets import BY_NAME

    return tuple(BY_NAME)


def _report_format(fmt: Format | None, out: Path | None) -> Format:
    chosen = format_of(fmt, out)
    if chosen is Format.GEOJSON:
        raise QueryError("a report is written as table, csv or json, not as geojson")
    return chosen


def _with_differences(store: Store, found: Report, chosen: Format) -> Report:
    """A report with all that it changed, or as much of that as a table shows."""
    if chosen in {Format.CSV, Format.JSON}:
        return store.with_differences(found)
    changed = found.rows.loc[found.rows["change"] == Change.CHANGED, "asset"].head(_MOST_SHOWN)
    return replace(found, differences=store.differences(found.record.id, list(changed)))


def _say(found: Report, chosen: Format, out: Path | None) -> None:
    from atlas.exports.estate.report import report_csv, report_json

    if chosen is Format.JSON:
        write(report_json(found), out)
    elif chosen is Format.CSV:
        write(report_csv(found), out)
    else:
        show(*report_page(found), out=out)


def report_page(found: Report) -> list[Any]:
    """A report as sentences and small tables."""
    from rich.markup import escape

    record = found.record
    lines = [
        (
            f"{record.file}: {record.rows:,} rows = {record.accepted:,} accepted + {record.repaired:,} repaired + "
            f"{record.set_aside:,} set aside + {record.unchanged:,} unchanged"
        ),
        f"{record.on_map:,} on the map; {plural(record.doubts, 'doubt')} to look at",
        f"{record.added:,} added, {record.changed:,} changed, {record.gone:,} gone since the import before",
        f"import {record.id} into {record.register}; `atlas estate undo {record.id}` takes it back",
    ]
    parts: list[Any] = [escape("\n".join([*lines, *record.notes])), columns_table(found.columns)]
    for kind, title in ((FindingKind.REPAIR, "Repaired"), (FindingKind.DOUBT, "Doubtful")):
        findings = found.findings[found.findings["kind"] == kind]
        if len(findings):
            parts.append(_findings_table(title, findings))
    if len(found.set_aside):
        rows = [[str(row), str(why)] for row, why in found.set_aside[["row", "why"]].head(_MOST_SHOWN).to_numpy()]
        parts.append(table(_headed("Set aside", len(found.set_aside)), ("row", "why"), rows, left=2))
    if found.differences is not None and len(found.differences):
        parts.append(_differences_table(found.differences, record.changed))
    parts += [escape(f"The register is in, but: {sentence}") for sentence in found.troubles]
    return parts


def _differences_table(differences: Any, changed: int) -> Any:
    from atlas.geo.estate.differences import label_of

    lines = differences[["name", "field", "before", "after"]].head(_MOST_SHOWN).to_numpy().tolist()
    rows = [[name[:40], label_of(field), before[:60], after[:60]] for name, field, before, after in lines]
    more = (
        ""
        if len(differences) <= _MOST_SHOWN
        else f", the first {_MOST_SHOWN} fields of them here: all with --format csv or json"
    )
    return table(f"Changed assets: {changed:,}{more}", ("asset", "field", "from", "to"), rows, left=4)


def _findings_table(title: str, findings: Any) -> Any:
    shown = findings[["row", "column", "before", "after", "why"]].head(_MOST_SHOWN)
    rows = [[str(value)[:60] for value in row] for row in shown.to_numpy()]
    return table(_headed(title, len(findings)), ("row", "column", "from", "to", "why"), rows, left=5)


def _headed(title: str, count: int) -> str:
    more = f", the first {_MOST_SHOWN} of them here: all with --format csv or json" if count > _MOST_SHOWN else ""
    return f"{title}: {count:,}{more}"


def columns_table(found: tuple[ColumnMatch, ...]) -> Any:
    """What each column is taken for."""
    from atlas.assets import BY_NAME

    rows = [
        [
            one.column,
            BY_NAME[one.field].label if one.field else "-",
            f"{one.field}, unit?" if one.lacks_unit else one.said or "kept as it is",
            f"{one.confidence}%" if one.field else "",
            (f"{one.how}, outlines" if one.has_drawn_unit else one.how) if one.field else "",
            "; ".join(one.examples)[:50],
        ]
        for one in found
    ]
    return table("Columns", ("column", "is", "field", "sure", "by", "such as"), rows, left=6)
