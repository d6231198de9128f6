"""`atlas estate list | totals | show | export | opportunities | visibility | audit`: what there is, and for whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.estate_app import WHO, ViewerOption, borough_called, estate_app, estate_for, opened, viewer_of
from atlas.cli.output import Format, FormatOption, InsideOption, OutOption, format_of, settings, show, table, write
from atlas.errors import NotFoundError, QueryError
from atlas.vocabulary.estate import AssetStatus, Tenure, Use, Visibility

if TYPE_CHECKING:
    from atlas.geo.estate.model import Estate
    from atlas.geo.estate.select import Selection

OwnerOption = Annotated[list[str] | None, typer.Option(help="Only this partner's; repeat for several.", metavar="ID")]
UseOption = Annotated[list[Use] | None, typer.Option(help="Only this use; repeat for several.")]
TenureOption = Annotated[list[Tenure] | None, typer.Option(help="Only this tenure; repeat for several.")]
StatusOption = Annotated[list[AssetStatus] | None, typer.Option(help="Only this status; repeat for several.")]
TextOption = Annotated[str, typer.Option(help="Words in the name, street, postcode, UPRN or reference.")]


def _selection(
    inside: str | None,
    owner: list[str] | None,
    use: list[Use] | None,
    tenure: list[Tenure] | None,
    status: list[AssetStatus] | None,
    text: str,
) -> Selection:
    from atlas.cli.estate_app import partner_called
    from atlas.geo.estate.select import Selection
    from atlas.sources import embedded

    return Selection(
        partners=tuple(partner_called(wanted).id for wanted in owner or ()),
        uses=tuple(use or ()),
        tenures=tuple(tenure or ()),
        statuses=tuple(status or ()),
        text=text,
        lads=() if inside is None else (borough_called(inside, embedded.read_areas().boroughs),),
    )


@estate_app.command("list")
def list_() -> None:
    """List the registers: whose, as of when, and how complete."""
    from atlas.geo.estate.completeness import completeness

    estate = estate_for()
    registers = estate.registers
    rows = [
        [
            str(register),
            str(row["partner_name"]),
            str(row["as_of"] or "not said"),
            str(row["visibility"]),
            *(f"{int(row[name]):,}" for name in ("rows", "assets", "set_aside")),
        ]
        for register, row in registers.iterrows()
    ]
    headers = ("register", "partner", "as of", "seen by", "rows", "assets", "set aside")
    show(table("Registers", headers, rows, left=4), _completeness(completeness(estate)))


def _completeness(found: Any) -> Any:
    """Share of rows that say each field, one column a register."""
    rows = [[str(name), *(f"{share:.0%}" for share in shares)] for name, shares in found.iterrows()]
    return table("Share of rows that say", ["", *map(str, found.columns)], rows)


@estate_app.command()
def totals(
    *,
    inside: InsideOption = None,
    owner: OwnerOption = None,
    use: UseOption = None,
    tenure: TenureOption = None,
    status: StatusOption = None,
    text: TextOption = "",
    viewer: ViewerOption = Visibility.OWNER,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Add a selection up: how many, how much land and floor, by owner and use."""
    from atlas.exports.estate.totals import totals_json
    from atlas.geo.estate.select import select
    from atlas.geo.estate.totals import totals as add_up

    chosen = format_of(fmt, out)
    if chosen not in (Format.TABLE, Format.JSON):
        raise QueryError(f"totals are written as table or json, not as {chosen}")
    estate = estate_for(viewer)
    found = add_up(estate, select(estate, _selection(inside, owner, use, tenure, status, text)))
    if chosen is Format.JSON:
        write(totals_json(found), out)
    else:
        show(*totals_page(found), out=out)


@estate_app.command("export")
def export_(
    *,
    out: Annotated[Path, typer.Option(help="File to write: .gpkg, .geojson or .csv.")],
    inside: InsideOption = None,
    owner: OwnerOption = None,
    use: UseOption = None,
    tenure: TenureOption = None,
    status: StatusOption = None,
    text: TextOption = "",
    viewer: ViewerOption = Visibility.OWNER,
) -> None:
    """Write a selection as GeoPackage, GeoJSON or CSV."""
    from atlas.exports.estate.assets import WRITERS
    from atlas.exports.files import write_whole
    from atlas.geo.estate.select import select

    form = out.suffix.lower().removeprefix(".")
    if form not in WRITERS:
        raise QueryError(f"{out} must end in one of {', '.join(f'.{name}' for name in WRITERS)}")
    estate = estate_for(viewer)
    chosen = select(estate, _selection(inside, owner, use, tenure, status, text))
    write_whole(out, WRITERS[form](estate, chosen))
    typer.echo(f"wrote {out}: {len(chosen):,} of {len(estate):,} assets, as {viewer} may see them")


@estate_app.command("show")
def show_(wanted: Annotated[str, typer.Argument(metavar="ASSET", help="Id of an asset, asset:…")]) -> None:
    """Show an asset with everything that is said of it."""
    from atlas.assets import FIELDS

    estate = estate_for()
    asset = _asset(estate, wanted)
    row = estate.assets.loc[asset]
    rows = [[field.label, f"{row[field.name]} {field.unit}".strip()] for field in FIELDS if _is_said(row, field.name)]
    rows += [["Placed by", str(row["placed_by"])], ["Register", f"{row['register']}, row {row['row']}"]]
    said = estate.findings[estate.findings["asset"] == asset]
    findings = [
        [str(cell) for cell in cells] for cells in said[["kind", "column", "before", "after", "why"]].to_numpy()
    ]
    parts = [table(asset, ("", ""), rows, left=2)]
    if findings:
        parts.append(table("Findings", ("", "column", "from", "to", "why"), findings, left=5))
    show(*parts)


def _asset(estate: Estate, wanted: str) -> str:
    import difflib

    if wanted not in estate.assets.index:
        raise NotFoundError("asset", wanted, difflib.get_close_matches(wanted, list(estate.assets.index), n=3))
    return wanted


def _is_said(row: Any, name: str) -> bool:
    return name in row.index and str(row[name]) not in {"", "nan", "None"}


@estate_app.command()
def visibility(
    target: Annotated[str, typer.Argument(help="Id of an asset (asset:…) or of a register.")],
    level: Annotated[Visibility, typer.Argument(help="Who may see it.")],
) -> None:
    """Say who may see an asset or a register; a sensitive asset stays with its owner whatever is said."""
    with opened() as store:
        store.set_visibility(target, level, WHO)
    typer.echo(f"{target}: {level}")


@estate_app.command()
def audit(*, limit: Annotated[int, typer.Option(help="How many, the newest first.", min=1)] = 50) -> None:
    """List who changed what, when, from which file."""
    with opened() as store:
        entries = store.audit(limit)
    rows = [[one.at, one.who, one.action, one.register, one.file, one.sha256[:12]] for one in entries]
    show(table("Changes", ("when", "who", "what", "register", "file", "hash"), rows, left=6))


@estate_app.command()
def opportunities(
    *,
    inside: InsideOption = None,
    viewer: ViewerOption = Visibility.OWNER,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Say what partners could do together: share a place, use what stands empty near gap areas, help a neighbour."""
    from atlas import pipeline
    from atlas.exports import opportunities as written
    from atlas.opportunities import opportunities as find

    chosen = format_of(fmt, out)
    atlas = pipeline.load(settings(), viewer=viewer_of(viewer))
    found = find(atlas, "" if inside is None else atlas.borough(inside))
    writers = {
        Format.CSV: written.opportunities_csv,
        Format.JSON: written.opportunities_json,
        Format.GEOJSON: written.opportunities_geojson,
    }
    if chosen in writers:
        write(writers[chosen](found), out)
    else:
        show(
            *(table(title, headers, rows, left=len(headers)) for title, headers, rows in written.tables(found)), out=out
        )


def totals_page(found: Any) -> list[Any]:
    """Totals as a sentence and small tables."""
    from atlas.geo.estate.totals import sentence

    parts: list[Any] = [sentence(found)]
    for title, rows in (("By owner", found.by_owner), ("By use", found.by_use)):
        cells = []
        for row in rows:
            land = "\N{EN DASH}" if row.no_land == row.assets else f"{row.land_ha:,.2f}"
            floor = "\N{EN DASH}" if row.no_floor == row.assets else f"{row.floor_m2:,.0f}"
            cells.append([str(row.label), f"{row.assets:,}", land, floor])
        parts.append(table(title, ("", "assets", "hectares", "floor m²"), cells))
    return parts
