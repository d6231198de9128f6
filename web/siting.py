"""Where more sites would do most: the page, and the same as CSV, JSON and GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from atlas.exports.siting import siting_csv, siting_geojson, siting_json
from atlas.parameters import MAX_CATCHMENT_M
from atlas.siting.answer import Answer
from atlas.siting.question import RADIUS_M, Candidates, Demand, Objective, Question
from atlas.siting.solve import site, why_not_worst
from atlas.siting.words import added_words, basis, not_surveyed, proof, row_words, sentence, totals
from atlas.snapshot import Atlas
from web.api import refuse_unknown
from web.choices import FIELDS, Reader, offers, spelled
from web.land_drawing import Ground
from web.memo import Memo
from web.payloads import JSON, Body
from web.siting_map import draw
from web.text import kilometres
from web.visit import address_of, house, page, tag, visit

blueprint = Blueprint("siting", __name__)

MOST: Final = 20
"""Sites that a page may ask for."""

MOST_NAMED: Final = 4
"""Gap areas that are named beside a place; the rest are counted."""

TIME_LIMIT_S: Final = {Candidates.SITES: 0.5, Candidates.AREAS: 0.0, Candidates.ASSETS: 0.0}
"""What HiGHS may take while a reader waits; of thousands of places the bound alone says enough, and says it at once."""

WIDEST_M: Final = 4_000.0
"""A page chooses among all neighbourhoods up to this reach: beyond it their pairs are too many to wait for."""

KEPT: Final = 16
"""Answers kept, each below 1 MB; the page and its downloads are one answer."""

OWN: Final = ("p", "objective", "radius", "candidates", "demand")
EXTENSION: Final = "atlas siting"
RADII_M: Final = (500.0, 1000.0, 1500.0, 2000.0, 3000.0, 4000.0)
NUMBERS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)
OFFERED: Final = (Candidates.SITES, Candidates.AREAS, Candidates.ASSETS)
WORDS: Final = {
    Objective.COVER: "Reach people in need",
    Objective.WORST: "Raise the worst served",
    Candidates.SITES: "Other sites on record",
    Candidates.AREAS: "Any neighbourhood",
    Candidates.ASSETS: "Partners' land not in use",
    Demand.MOST_IN_NEED: "Areas most in need",
    Demand.WEIGHTED: "Everybody, by need",
}
DEFAULT: Final = Question()

WRITERS: Final[dict[str, tuple[Callable[[Answer], str], str]]] = {
    "json": (siting_json, JSON),
    "csv": (siting_csv, "text/csv; charset=utf-8"),
    "geojson": (siting_geojson, "application/geo+json"),
}


TAKES: Final = ("p", "objective", "radius", "demand", "candidates")
"""Fields of the address besides the choices, as `read_question` reads them."""


@blueprint.record
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[EXTENSION] = Memo[Answer](KEPT)


def offered(atlas: Atlas) -> tuple[Candidates, ...]:
    """What may be chosen from: partners' land where any register is here."""
    return OFFERED if len(atlas.inputs.estate) else OFFERED[:-1]


def read_question(reader: Reader) -> Question:
    """Read what is asked; `Reader.done` reports what was wrong with it.

    A form without JavaScript sends every field, so that those of the other objective are passed over.
    """
    here = visit()
    p = reader.last("p")
    if p and not (p.isascii() and p.isdecimal() and len(p) < 3 and 1 <= int(p) <= MOST):
        reader.refuse("p", p, f"a whole number of sites from 1 to {MOST}")
        p = ""
    objective = reader.member("objective", Objective, Objective.COVER, WORDS.__getitem__)
    if objective is Objective.WORST and (reason := why_not_worst(here.choices.parameters)):
        words = f"“{WORDS[Objective.COVER]}”; “{WORDS[Objective.WORST]}” needs {reason}"
        reader.refuse(
            "objective", objective.value, f"cover; worst needs {reason}", offers(Objective, WORDS.__getitem__), words
        )
    covers = objective is Objective.COVER
    radius_m = _radius(reader)
    demand = reader.member("demand", Demand, Demand.MOST_IN_NEED, WORDS.__getitem__)
    among = offered(here.library.default)
    candidates = reader.member("candidates", among, Candidates.SITES, WORDS.__getitem__)
    if candidates is not Candidates.SITES and (radius_m if covers else here.choices.parameters.catchment_m) > WIDEST_M:
        reach = f"needs a reach of at most {WIDEST_M:g} metres on a page, any with `atlas site`"
        words = f"“{WORDS[Candidates.SITES]}”; “{WORDS[candidates]}” {reach}"
        reader.refuse(
            "candidates", candidates.value, f"sites; {candidates} {reach}", offers(among, WORDS.__getitem__), words
        )
    return Question(
        p=int(p) if p else DEFAULT.p,
        objective=objective,
        candidates=candidates,
        radius_m=radius_m if covers else RADIUS_M,
        demand=demand if covers else Demand.MOST_IN_NEED,
        borough=here.choices.borough,
        time_limit_s=TIME_LIMIT_S[candidates],
    )


def _radius(reader: Reader) -> float:
    value = reader.last("radius")
    if not value:
        return RADIUS_M
    try:
        metres = float(value)
    except ValueError:
        metres = float("nan")
    if not 0 < metres <= MAX_CATCHMENT_M:
        reader.refuse("radius", value, f"a number of metres above 0, up to {MAX_CATCHMENT_M:g}")
        return RADIUS_M
    return metres


def own_fields(question: Question) -> dict[str, str]:
    """What is asked, where it differs from the default, as fields of an address."""
    fields = {
        "p": str(question.p) if question.p != DEFAULT.p else "",
        "objective": question.objective.value if question.objective is not DEFAULT.objective else "",
        "radius": spelled(question.radius_m) if question.radius_m != DEFAULT.radius_m else "",
        "candidates": question.candidates.value if question.candidates is not DEFAULT.candidates else "",
        "demand": question.demand.value if question.demand is not DEFAULT.demand else "",
    }
    return {name: value for name, value in fields.items() if value}


def answered(question: Question) -> Answer:
    """The answer under the choices of the request at work, worked out once for its page and its downloads."""
    atlas = visit().atlas
    kept = cast("Memo[Answer]", current_app.extensions[EXTENSION])
    return kept.get((atlas.revision, question), lambda: site(atlas, question))


@blueprint.get("/siting")
def index() -> Response:
    """Answer with the chosen places: in words, on a drawing and in a table."""
    here = visit()
    question = read_question(here.reader)
    address = address_of({**here.choices.query(here.library.releases[0]), **own_fields(question)})
    return page("siting.html", lambda: context(question), address, TAKES)


def context(question: Question) -> Mapping[str, Any]:
    """What the page shows."""
    here, answer = visit(), answered(question)
    atlas = here.atlas
    ground = Ground.of(house(), here.choices.release)
    own = own_fields(question)
    return {
        "answer": answer,
        "sentence": sentence(answer),
        "proof": proof(answer),
        "basis": [*basis(answer), *not_surveyed(atlas)],
        "added": added_words(answer),
        "rows": [(site, row_words(answer, site.adds)) for site in answer.sites],
        "totals": totals(answer),
        "most_named": MOST_NAMED,
        "gap_areas": {area.id: area for area in atlas.gap_areas},
        "covers": question.objective is Objective.COVER,
        "ground": ground,
        "drawing": draw(ground, atlas.counted_sites, answer),
        "own": own,
        "asked": {**own, **({"in": question.borough} if question.borough else {})},
        "form": form(question),
    }


def form(question: Question) -> Mapping[str, Any]:
    """The controls and what each offers, the chosen ones marked."""
    covers = question.objective is Objective.COVER
    radii = sorted({*RADII_M, question.radius_m}) if covers else []
    boroughs = visit().atlas.inputs.areaset.borough_names()
    return {
        "numbers": [(number, number == question.p) for number in sorted({*NUMBERS, question.p})],
        "radii": [(spelled(metres), kilometres(metres), metres == question.radius_m) for metres in radii],
        "selects": [
            (name, words, [(member.value, WORDS[member], member is chosen) for member in members])
            for name, words, members, chosen in (
                ("objective", "In order to", Objective, question.objective),
                ("candidates", "To choose from", offered(visit().atlas), question.candidates),
                ("demand", "Who is counted", Demand, question.demand),
            )
            if covers or name != "demand"
        ],
        "boroughs": sorted(boroughs.items(), key=lambda item: item[1]),
    }


@blueprint.get("/api/v1/siting")
def siting() -> Response:
    """Answer with the chosen places as JSON, CSV or GeoJSON, as `atlas site` prints them."""
    refuse_unknown(*FIELDS, *OWN, "format")
    here = visit()
    question = read_question(here.reader)
    shape = here.reader.last("format").lower() or "json"
    if shape not in WRITERS:
        here.reader.refuse("format", shape, "one of " + ", ".join(WRITERS))
    atlas = here.atlas
    write, mimetype = WRITERS[shape]
    name = f"atlas-siting-{atlas.revision}.{shape}"
    headers = {} if shape == "json" else {"Content-Disposition": f'attachment; filename="{name}"'}

    def make() -> Body:
        return Body(write(answered(question)).encode(), mimetype, headers)

    key = ("api siting", atlas.revision, question, shape)
    return house().payloads.respond(request, key, make, tag=tag("siting", atlas.revision))
