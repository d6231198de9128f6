"""Imports for programs: a register sent with the token as bearer, its report, and taking it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from atlas.errors import DataError, QueryError
from atlas.exports.estate.report import report_csv, report_json
from web.choices import ChoiceError, Refusal
from web.errors import respond
from web.estate_desk import FIELDS, Asked, bring_in, settings, store, swap, with_differences
from web.estate_session import WHO, needs_bearer
from web.estate_uploads import WaitingRoom, bound, one_file, plain_name, too_much
from web.payloads import JSON

blueprint = Blueprint("estate_imports_api", __name__)

ALSO: tuple[str, ...] = ("columns", "file")


@blueprint.post("/api/v1/estate/imports")
@needs_bearer
def bring() -> Answer:
    """Import the register in the body, or in the one file of a form; answer with its report."""
    bound(settings())
    fields = _fields()
    asked, columns = Asked.of(fields), _columns(fields.get("columns", ""))
    if request.mimetype == "multipart/form-data":
        file = one_file()
        stream, name = file.stream, plain_name(file.filename)
    else:
        stream, name = request.stream, plain_name(fields.get("file", ""))
    room = WaitingRoom.of(settings())
    waiting = room.take(stream, name)
    try:
        done = bring_in(asked.request(waiting.path, name, columns))
    except DataError as error:
        raise _refused(error) from error
    finally:
        room.drop(waiting.sha256)
    where = {"Location": url_for("estate_imports_api.report", wanted=done.record.id)}
    return Response(report_json(with_differences(store().report_of(done))), 201, content_type=JSON, headers=where)


def _fields() -> Mapping[str, str]:
    is_form = request.mimetype == "multipart/form-data"
    fields = {**request.args.to_dict(), **(request.form.to_dict() if is_form else {})}
    unknown = [name for name in fields if name not in (*FIELDS, *ALSO)]
    if unknown:
        raise ChoiceError([Refusal(name, fields[name], "no such field") for name in unknown])
    return fields


def _columns(typed: str) -> dict[str, str | None]:
    """Fields of columns, a JSON object by header."""
    if not typed:
        return {}
    try:
        found: Any = json.loads(typed)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        raise QueryError('columns are a JSON object of headers and fields, such as {"Tnr": "tenure", "Ward no": null}')
    return {str(name): value or None for name, value in found.items()}


def _refused(error: DataError) -> ChoiceError:
    """What is wrong with a file is the sender's to mend: each fault as a refusal."""
    refusals = [
        Refusal(
            " ".join(filter(None, [fault.file, f"row {fault.row}" if fault.row else "", fault.column])),
            "" if fault.value is None else str(fault.value),
            f"{fault.problem}; expected {fault.expected}",
        )
        for fault in error.faults
    ]
    return ChoiceError(refusals or [Refusal("file", "", error.what)])


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_: RequestEntityTooLarge) -> Answer:
    return respond(too_much(settings()))


@blueprint.get("/api/v1/estate/imports")
@needs_bearer
def index() -> Answer:
    """Answer with every import, the newest first."""
    names = ("id", "register", "file", "at", "who", "rows", "accepted", "repaired", "set_aside", "unchanged")
    rows = [
        {**{name: getattr(one, name) for name in names}, "is_standing": one.is_standing} for one in store().imports()
    ]
    return Response(json.dumps({"imports": rows}, ensure_ascii=False), content_type=JSON)


@blueprint.get("/api/v1/estate/imports/<int:wanted>")
@needs_bearer
def report(wanted: int) -> Answer:
    """Answer with what became of every row of an import."""
    return Response(report_json(with_differences(store().report(wanted))), content_type=JSON)


@blueprint.get("/api/v1/estate/imports/<int:wanted>.csv")
@needs_bearer
def report_as_csv(wanted: int) -> Answer:
    """Answer with the same as CSV."""
    headers = {"Content-Disposition": f'attachment; filename="atlas-import-{wanted}.csv"'}
    text = report_csv(with_differences(store().report(wanted)))
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.post("/api/v1/estate/imports/<int:wanted>/undo")
@needs_bearer
def undo(wanted: int) -> Answer:
    """Take an import back."""
    if request.content_length:
        raise BadRequest("Nothing is sent with this.")
    store().undo(wanted, WHO)
    swap()
    return Response(report_json(with_differences(store().report(wanted))), content_type=JSON)
