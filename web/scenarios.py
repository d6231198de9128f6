"""What if: a form that builds a scenario, and the page of what it would change. Only finished answers are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, g, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as Answer

from atlas.errors import Fault, NotFoundError, QueryError
from atlas.exports.scenario import scenario_csv, scenario_json
from atlas.gaps.scenario.changes import Scenario
from atlas.gaps.scenario.effects import AreaFate
from atlas.gaps.scenario.words import change_words, effect_sentences
from atlas.sources.scenarios import Draft, parse_draft
from atlas.vocabulary import AccessMeasure
from atlas.what_if import PER, ScenarioResult, london_rows
from web.api import refuse_unknown
from web.choices import FIELDS as CHOICES
from web.choices import ChoiceError, Reader, Refusal
from web.payloads import IMMUTABLE, JSON, REVALIDATE, Body
from web.scenario_address import MOST_BYTES, MOST_CHARACTERS, packed
from web.scenario_desk import Asked, Desk, ScenarioError, enter, most_draws, read, read_examples, sent
from web.scenario_form import FIELDS, WORDS, beside, change_of, node_names, offer, title_of, wrong
from web.scenario_map import by_borough, inside, map_words, result_map
from web.scenario_map import values as map_values
from web.visit import digest, house, page_response, rendered, tag, visit

blueprint = Blueprint("scenarios", __name__)

DESK: Final = "atlas-scenarios"
SHOWN_FAULTS: Final = 200
TAKES: Final = ("scenario", *dict.fromkeys(name for fields in FIELDS.values() for name in fields))
"""Fields of the form's address besides the choices: other pages fill it in so."""

ORDER: Final = tuple(AreaFate(fate) for fate in ("gone", "merged", "new", "split", "changed", "same"))
FATES: Final[Mapping[AreaFate, str]] = {
    AreaFate.SAME: "Stays",
    AreaFate.CHANGED: "Changes",
    AreaFate.NEW: "Appears",
    AreaFate.GONE: "Goes",
    AreaFate.SPLIT: "Splits off",
    AreaFate.MERGED: "Merges",
}
WRITERS: Final[Mapping[str, tuple[Callable[[ScenarioResult], str], str]]] = {
    "json": (lambda r: scenario_json(r.scenario, r.before, r.after, r.effects, r.notes), JSON),
    "csv": (lambda r: scenario_csv(r.scenario, r.before, r.after, r.effects), "text/csv; charset=utf-8"),
}


@blueprint.record_once
def _open(state: BlueprintSetupState) -> None:
    state.app.extensions[DESK] = Desk(read_examples())


def _desk() -> Desk:
    return cast("Desk", current_app.extensions[DESK])


@blueprint.before_request
def _bound() -> None:
    # what surrounds a file in a form is not the file's
    request.max_content_length = MOST_BYTES + 8192


@blueprint.get("/scenarios")
def index() -> Answer:
    """Answer with the form, and with the scenario in the address, which may still be without changes."""
    if not request.args.get("scenario"):
        enter().reader.done()
        return form_page()
    try:
        asked = read(*sent())
    except ScenarioError as error:
        return form_page(faults=error.faults, draft=error.draft)
    asked.visit.reader.done()
    return form_page(asked.scenario)


@blueprint.get("/scenarios/change")
def change() -> Answer:
    """Add a change to the scenario in the address, or take one away, or name it; then show it, or run it."""
    here = enter()
    here.reader.done()
    typed = Reader(request.args)
    do, removed = typed.last("do"), typed.number("remove")
    typed.done()
    document: dict[str, Any] = {"name": "What if", "changes": []}
    if request.args.get("scenario"):
        try:
            read(*sent())
        except ScenarioError as error:
            if error.draft is None:
                return form_page(faults=error.faults)
        document = json.loads(sent()[0])
    auto = _title(document)
    changes = document["changes"] if isinstance(document.get("changes"), list) else []
    if do in FIELDS:
        changes = [*changes, change_of(do, typed, here.atlas)]
    elif do:
        raise ChoiceError([Refusal("do", do, "one of " + ", ".join(FIELDS), offered=tuple(WORDS.items()))])
    if removed:
        changes = [one for number, one in enumerate(changes, 1) if number != removed]
    name = typed.last("name") if not do else ""
    document |= {"changes": changes, "name": name or document.get("name", "")}
    if "about" in request.args:
        document["about"] = typed.last("about").replace("\r", "")
    if document["name"] in {auto, "", "What if"}:
        document["name"] = _title(document)
    return _changed(document, do, typed)


def _changed(document: dict[str, Any], do: str, typed: Reader) -> Answer:
    try:
        asked = read(json.dumps(document).encode(), "scenario")
    except ScenarioError as error:
        return form_page(faults=error.faults, draft=_without_last(error.draft, document, do), do=do, typed=typed)
    if not asked.address:
        long = f"more than {MOST_CHARACTERS:,} characters in an address"
        fault = Fault("scenario", f"it has grown too long: {long}", "fewer changes, or a file")
        draft = parse_draft(json.dumps(document).encode())
        return form_page(faults=(fault,), draft=_without_last(draft, document, do), do=do, typed=typed)
    run_it = typed.last("then") == "run" and asked.scenario.changes
    endpoint = "scenarios.run" if run_it else "scenarios.index"
    kept = {"scenario": asked.address} if asked.scenario.changes else {}
    return redirect(visit().link(endpoint, **kept), 303)


def _without_last(draft: Draft | None, document: Mapping[str, Any], do: str) -> Draft | None:
    """What the scenario was before a change was added that cannot be made."""
    if draft is None or not do:
        return draft
    last = len(document["changes"])
    return replace(draft, changes=tuple((number, one) for number, one in draft.changes if number != last))


def _title(document: Mapping[str, Any]) -> str:
    draft = parse_draft(json.dumps({**document, "name": "x"}).encode())
    return title_of([change for _, change in draft.changes], node_names(visit().atlas))


@blueprint.route("/scenarios/run", methods=["GET", "POST"])
def run() -> Answer:
    """Answer with what a scenario changes; a file that is short enough gets an address to share."""
    try:
        asked = read(*sent())
        look = most_draws(asked)
        if request.method == "POST" and asked.address:
            draws = {} if look else {"draws": str(asked.all_draws)}
            return redirect(visit().link("scenarios.run", scenario=asked.address, **draws), 303)
    except ScenarioError as error:
        return form_page(faults=error.faults, draft=error.draft)
    try:
        found = _desk().run(asked, look)
    except QueryError as error:
        # the scenario's own choices are at fault, and the form is shown under the reader's
        g.visit = asked.visit
        return form_page(faults=(Fault("scenario", str(error), "a scenario that can be measured"),))
    context = result_context(asked, found, look)
    return _answer(
        "scenario.html", ("scenario", found.after.revision, str(look)), lambda: context, ("scenario", "draws")
    )


@blueprint.get("/scenarios/file")
def file() -> Response:
    """Answer with the file of the scenario in the address."""
    asked = _for_programs()
    text = json.dumps(asked.scenario.document(), ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="atlas-scenario-{asked.scenario.sha256[:12]}.json"'}
    return Response(text, content_type=JSON, headers=headers)


@blueprint.get("/scenarios/<revision>/<build>/values.json")
def values(revision: str, build: str) -> Response:
    """Answer with the values of a result's map, which never change under one build of the code.

    Raises
    ------
    NotFoundError
        If the scenario and choices in the address are not that revision's.
    """
    asked = _for_programs()
    found = _desk().run(asked, most_draws(asked))
    if found.after.revision != revision:
        raise NotFoundError("revision", revision, [found.after.revision])
    key = ("scenario values", revision)
    cache = IMMUTABLE if build == house().build else REVALIDATE
    return house().payloads.respond(request, key, lambda: map_values(found), tag=tag(*key[1:], "values"), cache=cache)


@blueprint.route("/api/v1/scenario", methods=["GET", "POST"])
def api() -> Response:
    """Answer with what a scenario changes as JSON or CSV, as `atlas scenario run` prints it."""
    asked = _for_programs()
    refuse_unknown(*CHOICES, "scenario", "draws", "format")
    typed = Reader(request.values)
    form = typed.last("format").lower() or "json"
    if form not in WRITERS:
        asked.visit.reader.refuse("format", form, "one of " + ", ".join(WRITERS))
    look = most_draws(asked)
    found = _desk().run(asked, look)
    write, mimetype = WRITERS[form]
    name = f"atlas-scenario-{found.after.revision}.{form}"
    headers = {} if form == "json" else {"Content-Disposition": f'attachment; filename="{name}"'}
    version = (found.before.revision, found.after.revision, form)
    key, marks = ("api scenario", *version), tag(*version)
    return _for_sender(
        house().payloads.respond(request, key, lambda: Body(write(found).encode(), mimetype, headers), tag=marks)
    )


def _for_programs() -> Asked:
    try:
        return read(*sent())
    except ScenarioError as error:
        told = [(wrong(fault), fault) for fault in error.faults[:SHOWN_FAULTS]]
        raise ChoiceError(
            [
                Refusal(
                    ", ".join(filter(None, [one.change and f"change {one.change}", one.field])) or fault.file,
                    one.value,
                    f"{one.problem}; expected {one.expected}",
                )
                for one, fault in told
            ]
        ) from None


def form_page(
    scenario: Scenario | None = None,
    *,
    faults: tuple[Fault, ...] = (),
    draft: Draft | None = None,
    do: str = "",
    typed: Reader | None = None,
) -> Response:
    """The form; with faults, their table and what was typed."""
    if "visit" not in g:
        enter()
    atlas = visit().atlas
    names = node_names(atlas)
    numbered = tuple(enumerate(scenario.changes, 1)) if scenario else draft.changes if draft else ()
    shown = scenario or (draft.scenario if draft else None)
    typed = typed or Reader(request.args)
    opened = do or ("add_site" if typed.last("easting") or not numbered else "")
    # a file has ids, the form has names
    told = [wrong(fault, names if do else None) for fault in faults]

    def context() -> dict[str, Any]:
        return {
            "scenario": shown,
            "address": packed(scenario) if scenario else request.args.get("scenario", "") if draft else "",
            "changes": [(number, change_words(one, names)) for number, one in numbered],
            "do": do,
            "change_words": WORDS,
            "faults": told[:SHOWN_FAULTS],
            "beside": beside(told, do),
            "more_faults": max(0, len(faults) - SHOWN_FAULTS),
            "offer": offer(atlas),
            "opened": opened,
            "typed": {name: typed.last(name) for fields in FIELDS.values() for name in fields},
            "examples": [(one, packed(one)) for one in _desk().examples_for(atlas.inputs)],
            "most_kb": MOST_BYTES // 1024,
        }

    if faults:
        response = rendered("scenarios.html", context())
        answer = Response(response.data, 400, headers=dict(response.headers), content_type=response.mimetype)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return _answer("scenarios.html", ("scenarios",), context, TAKES)


def result_context(asked: Asked, found: ScenarioResult, look: int | None) -> Mapping[str, Any]:
    """What the page of a result shows."""
    names = node_names(found.after)
    sentences = effect_sentences(found.effects)
    areas = sorted((area for area in found.effects.areas if area.differs), key=lambda area: ORDER.index(area.fate))
    whole = asked.all_draws
    own = asked.scenario.parameters
    draws = {} if look else {"draws": whole}
    return {
        "scenario": asked.scenario,
        "result": found,
        "address": asked.address,
        "text": "" if asked.address else json.dumps(asked.scenario.document(), ensure_ascii=False),
        "headline": sentences[0],
        "sentences": sentences[1:],
        "changes": [change_words(one, names) for one in asked.scenario.changes],
        "own_choices": own.model_dump(mode="json", exclude_unset=True) if own else {},
        "london": london_rows(found),
        "areas": areas,
        "unchanged": len(found.effects.areas) - len(areas),
        "fates": FATES,
        "names": names,
        "per": PER,
        "all_draws": whole if look and whole > look else 0,
        "draws": draws,
        "boroughs": by_borough(found),
        "is_amount": found.before.parameters.measure is not AccessMeasure.NEAREST,
        "where": map_words(found),
        **_map(asked, found, draws),
    }


def _map(asked: Asked, found: ScenarioResult, draws: Mapping[str, int]) -> dict[str, Any]:
    """The map of a result; its values are in the page where no address carries the scenario."""
    if not asked.address:
        return {"map": result_map(found, "#map-values"), "map_values": inside(found)}
    # under the reader's choices, as the page itself: so that one result serves both
    version = {"revision": found.after.revision, "build": house().build}
    where = asked.visit.link("scenarios.values", **version, scenario=asked.address, **draws)
    return {"map": result_map(found, where), "map_values": ""}


def _answer(
    template: str, version: tuple[str, ...], context: Callable[[], Mapping[str, Any]], takes: Sequence[str]
) -> Response:
    """A page, made once for each revision and address."""
    atlas = visit().atlas
    asked = repr((sorted(visit().query.items()), request.method, sorted(request.values.items(multi=True))))
    key = (*version, atlas.revision, digest(asked))
    marks = tag(*version, atlas.revision)
    return _for_sender(page_response(key, lambda: rendered(template, context()), marks, takes))


def _for_sender(response: Response) -> Response:
    """What was posted is for the one who sent it."""
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response
