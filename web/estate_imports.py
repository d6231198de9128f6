"""Registers on the page: what is here, a file dropped in, its columns corrected, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from atlas.errors import AtlasError, DataError, Fault, NotFoundError, QueryError
from atlas.estate import files_folder
from atlas.exports.estate.report import report_csv, report_json
from atlas.sources.registers.kept import kept_file
from atlas.vocabulary import Kind
from atlas.vocabulary.estate import NOT_IN_USE, Visibility
from web.errors import respond
from web.estate_columns import column_choices, columns_of, fields_of, shown_columns
from web.estate_desk import (
    Asked,
    bring_in,
    choices,
    differences,
    look_as_shown,
    settings,
    store,
    swap,
    told,
    with_differences,
)
from web.estate_desk import look_at as seen_by_web
from web.estate_faults import FIELD_WORDS, by_field, in_words, of_cells
from web.estate_found import about
from web.estate_report import report_context
from web.estate_session import (
    COOKIE,
    WHO,
    forget_file,
    has_session,
    is_on,
    keep_troubles,
    needs_token,
    private,
    remember_file,
    troubles_of,
    waiting_files,
)
from web.estate_uploads import WaitingRoom, bound, one_file, plain_name, too_much
from web.payloads import JSON
from web.visit import address_of, digest, page_response, rendered, tag, visit

if TYPE_CHECKING:
    import pandas as pd

    from atlas.estate_import import Look, Request

blueprint = Blueprint("estate_imports", __name__)

FORM_COLUMNS: Final = 4 * 1024 * 1024
"""The largest form of corrected columns, bytes."""

NOT_YET: Final = "This cannot be imported yet"

PAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("map", "estate.index", "Map"),
    ("opportunities", "estate_opportunities.index", "Opportunities"),
    ("matches", "estate_matches.index", "Same places"),
    ("imports", "estate_imports.index", "Imports"),
)


@blueprint.app_context_processor
def furniture() -> dict[str, Any]:
    """What the pages of the estate share: links to one another, of those that are here, and words."""

    def estate_pages() -> list[tuple[str, str, str]]:
        here = current_app.view_functions
        shown = [page for page in PAGES if page[1] in here and (page[0] != "matches" or is_on())]
        return [(key, url_for(endpoint), words) for key, endpoint, words in shown]

    return {"estate_pages": estate_pages, "not_in_use": NOT_IN_USE}


@blueprint.get("/estate/imports")
def index() -> Answer:
    """Answer with the registers that are here; with every import, for whoever has shown the token."""
    visit().reader.done()
    if COOKIE in request.cookies and has_session():
        imports = store().imports(None)
        return private(
            "estate_imports.html",
            {**_registers(store().registers()), "imports": imports, "standing": _undoable(imports)},
        )
    atlas = visit().atlas
    estate = atlas.inputs.estate
    state = "on" if is_on() else "off"
    key = ("estate imports", atlas.revision, state, digest(address_of(visit().query)))

    def make() -> Any:
        return rendered("estate_imports.html", {**_registers(estate.registers), "imports": None, "csrf": ""})

    answer = page_response(key, make, tag(atlas.revision, state))
    answer.vary.add("Cookie")
    return answer


def _registers(registers: pd.DataFrame) -> dict[str, Any]:
    seen = about(visit().atlas)
    counts: dict[Any, int] = seen.counts["assets"].to_dict()
    words = dict(choices())
    rows: list[dict[str, Any]] = [
        {"id": register, "shown": counts.get(register, 0), "seen_by": words[str(row["visibility"])]}
        | {str(name): value for name, value in row.items()}
        for register, row in registers.to_dict("index").items()
    ]
    rows.sort(key=lambda row: str(row["title"]).casefold())
    return {"registers": rows, "is_on": is_on(), "assets": seen.totals.whole.assets}


def _undoable(imports: Any) -> set[int]:
    """The last import of each register that stands: what can be taken back."""
    found: dict[str, int] = {}
    for one in imports:
        if one.is_standing:
            found[one.register] = max(one.id, found.get(one.register, 0))
    return set(found.values())


@blueprint.get("/estate/import")
@needs_token
def form() -> Answer:
    """Answer with the form that takes a file."""
    return _form(Asked.of(request.args))


@blueprint.post("/estate/import")
@needs_token
def send() -> Answer:
    """Take a file, and lead to the look at its columns."""
    asked = Asked.of(request.form)
    faults = asked.faults()
    sent = [file for _, file in request.files.items(multi=True) if file.filename]
    if len(sent) != 1:
        what = "no file was chosen" if not sent else "more than one file was chosen"
        faults.insert(0, Fault("form", what, "one file", column="file"))
    if faults:
        return _form(asked, NOT_YET, faults)
    sent_file = one_file()
    name = plain_name(sent_file.filename)
    waiting = WaitingRoom.of(settings()).take(sent_file.stream, name)
    try:
        seen_by_web(asked.request(waiting.path, name))
    except AtlasError as error:
        WaitingRoom.of(settings()).drop(waiting.sha256)
        return _form(asked, *told(error))
    remember_file(waiting.sha256, name)
    return redirect(url_for("estate_imports.look_at", file=waiting.sha256, **asked.fields()), 303)


@blueprint.before_request
def _bound() -> None:
    if request.endpoint == "estate_imports.send":
        bound(settings())
    elif request.endpoint == "estate_imports.look_again":
        request.max_content_length = request.max_form_memory_size = FORM_COLUMNS


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_: RequestEntityTooLarge) -> Answer:
    return respond(too_much(settings()))


def _form(asked: Asked, problem: str = "", faults: list[Fault] | None = None) -> Answer:
    graph = visit().atlas.graph
    names = sorted(
        {str(node["name"]) for _, node in graph.nodes(data=True) if node.get("kind") == Kind.INSTITUTION},
        key=str.casefold,
    )
    registers = visit().atlas.inputs.estate.registers
    context = {
        "asked": asked,
        "problem": problem,
        "beside": by_field(faults or [], asked.sheet),
        "field_words": FIELD_WORDS,
        "in_cells": of_cells(faults or []),
        "partners": names,
        "register_names": sorted(set(registers["title"])) if len(registers) else [],
        "visibilities": choices(),
        "upload_mb": settings().upload_mb,
    }
    return private("estate_import.html", context, 400 if problem else 200)


@blueprint.get("/estate/import/look")
@needs_token
def look_at() -> Answer:
    """Answer with what each column is taken for, before anything is imported."""
    asked = Asked.of(request.args)
    try:
        wanted, seen = _asked_for(asked, request.args)
    except AtlasError as failed:
        return _form(asked, *told(failed))
    return _look(asked, wanted, seen)


@blueprint.post("/estate/import/look")
@needs_token
def look_again() -> Answer:
    """Look again with the columns that were corrected, or import with them."""
    asked = Asked.of(request.form)
    try:
        wanted, seen = _asked_for(asked, request.form)
    except AtlasError as failed:
        return _form(asked, *told(failed))
    if request.form.get("do") != "import" or seen.rivals:
        fields: dict[str, Any] = {**_carried(), **asked.fields(), **fields_of(seen)}
        return redirect(url_for("estate_imports.look_at", **fields), 303)
    try:
        done = bring_in(replace(wanted, columns=seen.given))
    except AtlasError as error:
        return _look(asked, wanted, seen, error)
    WaitingRoom.of(settings()).drop(request.form.get("file", ""))
    forget_file(request.form.get("file", ""))
    keep_troubles(done.record.id, done.troubles)
    return redirect(url_for("estate_imports.report", wanted=done.record.id), 303)


def _asked_for(asked: Asked, fields: Mapping[str, str]) -> tuple[Request, Look]:
    """What is to be imported, and its columns as they were shown."""
    wanted = asked.request(*_file(fields))
    return wanted, look_as_shown(wanted, columns_of(fields))


def _file(fields: Mapping[str, str]) -> tuple[Path, str]:
    """The file that waits in this session, or that was imported before."""
    if earlier := fields.get("again", ""):
        record = store().record(_number(earlier))
        kept = kept_file(files_folder(settings()), record.sha256)
        if kept is None:
            raise _chosen_anew(f"{record.file} is not kept any more")
        return kept, record.file
    wanted = fields.get("file", "")
    try:
        return WaitingRoom.of(settings()).find(wanted).path, waiting_files()[wanted]
    except (KeyError, QueryError):
        raise _chosen_anew("no such file waits here: it was imported, or has waited too long") from None


def _chosen_anew(problem: str) -> DataError:
    return DataError(NOT_YET, [Fault("form", problem, "the file again", column="file")])


def _number(typed: str) -> int:
    if not typed.isdigit() or len(typed) > 12:
        raise NotFoundError("import", typed)
    return int(typed)


def _carried() -> dict[str, str]:
    """What names the file that is looked at."""
    return {name: request.values[name] for name in ("file", "again") if request.values.get(name)}


def _look(asked: Asked, wanted: Request, seen: Look, error: AtlasError | None = None) -> Answer:
    problem, faults = told(error) if error else ("", [])
    nodes = visit().atlas.graph.nodes
    columns, in_cells = shown_columns(seen), of_cells(faults)
    context = {
        "asked": asked,
        "seen": seen,
        "partner": wanted.partner,
        "near": [str(nodes[node]["name"]) if node in nodes else node for node in wanted.partner.near],
        "register": wanted.register_id,
        "carried": _carried(),
        "choices": column_choices(),
        "all_columns": columns,
        "understood": [one for one in columns if one.said or one.fault],
        "others": [one for one in columns if not (one.said or one.fault)],
        "visibilities": dict(choices()),
        "problem": problem,
        "faults": in_cells,
        "sentences": [(in_words(fault, is_asked=False), "") for fault in faults if fault not in in_cells],
    }
    return private("estate_import_look.html", context, 400 if problem or seen.rivals else 200)


@blueprint.get("/estate/imports/<int:wanted>")
@needs_token
def report(wanted: int) -> Answer:
    """Answer with what became of every row of an import."""
    found = store().report(wanted)
    imports = store().imports(found.record.register)
    context = report_context(found, request.args, partial(differences, wanted), _named)
    more = {"can_undo": wanted in _undoable(imports), "troubles": troubles_of(wanted)}
    return private("estate_report.html", {**context, **more, **_seen(found.record)})


def _seen(record: Any) -> dict[str, Any]:
    """Whether the map shows what an import brought, who sees it else, and whether its partner has more registers."""
    registers = store().registers()
    level = str(registers["visibility"].get(record.register, Visibility.PUBLIC))
    is_seen = level == Visibility.PUBLIC or record.register in visit().atlas.inputs.estate.registers.index
    return {"is_seen": is_seen, "level": level, "has_more": int((registers["partner"] == record.partner).sum()) > 1}


def _named(assets: list[str]) -> dict[str, tuple[str, str]]:
    """Names of assets that stand, but of sensitive sites, and the pages of those that everybody may see."""
    public = visit().atlas.inputs.estate.assets.index
    found = store().names(assets)
    told = found[~found["is_sensitive"]]
    names = dict(zip(told.index.astype(str).tolist(), told["name"].tolist(), strict=True))
    return {
        asset: (name, url_for("estate.asset", wanted=asset.removeprefix("asset:")) if asset in public else "")
        for asset, name in names.items()
    }


@blueprint.get("/estate/imports/<int:wanted>.<any(csv, json):form>")
@needs_token
def report_file(wanted: int, form: str) -> Answer:
    """Answer with the same as a file."""
    found = with_differences(store().report(wanted))
    text = report_csv(found) if form == "csv" else report_json(found)
    headers = {"Content-Disposition": f'attachment; filename="atlas-import-{wanted}.{form}"'}
    return Response(text, content_type=JSON if form == "json" else "text/csv; charset=utf-8", headers=headers)


@blueprint.get("/estate/imports/<int:wanted>/again")
@needs_token
def again(wanted: int) -> Answer:
    """Lead to the look at the columns of a file that was imported before."""
    record = store().report(wanted).record
    fields = _asked_of(record).fields()
    return redirect(url_for("estate_imports.look_at", again=record.id, **fields), 303)


def _asked_of(record: Any) -> Asked:
    registers = store().registers()
    row = registers.loc[record.register] if record.register in registers.index else {}
    main = record.partner.partition(":")[2]
    return Asked(
        partner=record.partner,
        register="" if record.register == main else record.register,
        visibility=str(row.get("visibility", "public")),
        as_of=str(row.get("as_of", "")),
    )


@blueprint.route("/estate/imports/<int:wanted>/undo", methods=["GET", "POST"])
@needs_token
def undo(wanted: int) -> Answer:
    """Ask whether an import is to be taken back; take it back."""
    found = store().report(wanted)
    if request.method == "GET":
        undoable = _undoable(store().imports(found.record.register))
        can_undo = wanted in undoable
        newer = 0 if can_undo or not found.record.is_standing else max(undoable)
        return private("estate_import_undo.html", {"record": found.record, "can_undo": can_undo, "newer": newer})
    store().undo(wanted, WHO)
    swap()
    return redirect(url_for("estate_imports.report", wanted=wanted), 303)
