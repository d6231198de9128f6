"""Two boroughs side by side, with London beside them: as a page, and as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from atlas.errors import NotFoundError
from atlas.graph.places import Served
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Standing, label
from atlas.vocabulary.estate import NOT_IN_USE
from web.api import refuse_unknown
from web.boroughs import BoroughRow, borough_rows, place_row, serving
from web.choices import FIELDS
from web.land import borough_land
from web.payloads import JSON, Body
from web.text import count, percent
from web.visit import digest, house, page, tag, version_of, visit

blueprint = Blueprint("compare_boroughs", __name__)

KINDS: Final = {Kind.NETWORK: "networks", Kind.PROGRAMME: "programmes", Kind.INSTITUTION: "institutions"}


MOST_NEED: Final = "mean percentile, 100 most deprived"
BEST_SERVED: Final = "mean percentile, 100 best served"
OF_PEOPLE: Final = "share of people"
EACH: Final = "for every 100,000 people"
NOT_SURVEYED: Final = "anchors not surveyed"
STANDS: Final = "today, on record"
MAY_STAND: Final = "no date on record says whether today"


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of two boroughs and of London.

    Parameters
    ----------
    key : str
        Its name for programs.
    words, hint : str
        Its name for readers, and how it is to be read.
    values : tuple of float or None
        Of the first borough, the second and London; None where not known.
    shown : tuple of str
        The same as readers see them.
    """

    key: str
    words: str
    hint: str
    values: tuple[float | None, float | None, float | None]
    shown: tuple[str, str, str]


@dataclass(frozen=True)
class Pair:
    """Two boroughs to be compared.

    Parameters
    ----------
    first, second : str
        GSS codes.
    """

    first: str
    second: str


def read_pair(atlas: Atlas) -> Pair:
    """The boroughs in the address, by name or code; those with most people in gaps where it names none.

    What cannot be used is refused; `Reader.done` reports it.
    """
    here, codes = visit(), []
    for field in ("a", "b"):
        wanted = here.reader.last(field)
        try:
            codes.append(atlas.borough(wanted) if wanted else "")
        except NotFoundError:
            here.reader.refuse(field, wanted, "the name or GSS code of a London borough, such as Lewisham or E09000023")
            codes.append("")
    if codes[0] and codes[0] == codes[1]:
        here.reader.refuse("b", here.reader.last("b"), "another borough than the first")
    here.reader.done()
    others = iter([row.code for row in borough_rows(atlas) if row.code not in codes])
    first, second = (code or next(others) for code in codes)
    return Pair(first, second)


def facts_of(atlas: Atlas, pair: Pair) -> list[Fact]:
    """What can be said of both in numbers."""
    [first], [second] = (borough_rows(atlas, [code]) for code in (pair.first, pair.second))
    rows = [first, second, place_row(atlas, "", "London", tuple(atlas.inputs.areaset.borough_names()))]
    served = [serving_today(atlas, code) for code in (pair.first, pair.second)]

    def of(
        key: str, words: str, value: Callable[[BoroughRow], float], show: Callable[[float], str], hint: str = ""
    ) -> Fact:
        found = [value(row) for row in rows]
        return Fact(key, words, hint, (found[0], found[1], found[2]), (show(found[0]), show(found[1]), show(found[2])))

    def one_place(number: float) -> str:
        return count(number, 1)

    def people(row: BoroughRow) -> float:
        return max(row.population, 1)

    return [
        of("population", "People", lambda row: row.population, count),
        of("need_percentile", "Need", lambda row: row.need_percentile, count, MOST_NEED),
        of("access_percentile", "Access to anchors", lambda row: row.access_percentile, count, BEST_SERVED),
        of("most_in_need", "In London's fifth of greatest need", lambda row: row.most_in_need, percent, OF_PEOPLE),
        of("gap_areas", "Gap areas", lambda row: row.gap_areas, count),
        of("unknown_areas", "Areas that cannot be judged", lambda row: row.unknown_areas, count, NOT_SURVEYED),
        of("gap_people", "People in gap neighbourhoods", lambda row: row.gap_people, count),
        of("gap_share", "In gap neighbourhoods", lambda row: row.gap_people / people(row), percent, OF_PEOPLE),
        of("sites", "Anchor sites counted", lambda row: row.sites, count),
        of("sites_per_100000", "Anchor sites", lambda row: 1e5 * row.sites / people(row), one_place, EACH),
        *(fact for kind in KINDS for fact in _served(kind, served)),
        *_land(atlas, pair),
    ]


def serving_today(atlas: Atlas, code: str) -> dict[str, list[Served]]:
    """Who serves a borough today, or may, by kind."""
    found = serving(atlas, code)
    return {kind: [row for row in rows if row.standing is not Standing.DOES_NOT] for kind, rows in found.items()}


def _served(kind: Kind, served: list[dict[str, list[Served]]]) -> list[Fact]:
    """How many are known to serve each today, and how many may."""
    facts = []
    for standing, suffix, verb, hint in (
        (Standing.STANDS, "", "serve", STANDS),
        (Standing.MAY_STAND, "_may_stand", "may serve", MAY_STAND),
    ):
        first, second = (sum(row.standing is standing for row in rows[kind.value]) for rows in served)
        words = f"{KINDS[kind].capitalize()} that {verb} it"
        facts.append(
            Fact(f"{KINDS[kind]}{suffix}", words, hint, (first, second, None), (count(first), count(second), ""))
        )
    return facts


def _land(atlas: Atlas, pair: Pair) -> list[Fact]:
    held = [borough_land(atlas, code)["land"] for code in (pair.first, pair.second)]
    if held[0] is None:
        return []
    rows = (
        ("assets", "Assets", "land and property on the registers that are here", [land.assets for land in held], 0),
        ("available", "Of them not in use", NOT_IN_USE, [land.available for land in held], 0),
        ("land_ha", "Land, hectares", "where the area is known", [land.land_ha for land in held], 1),
    )
    return [
        Fact(key, words, hint, (one, two, None), (count(one, places), count(two, places), ""))
        for key, words, hint, (one, two), places in rows
    ]


def shared_of(atlas: Atlas, pair: Pair) -> list[dict[str, Any]]:
    """Networks and programmes that serve both, only the first, and only the second, by name; and which only may."""
    first, second = (serving_today(atlas, code) for code in (pair.first, pair.second))
    rows = []
    for kind in (Kind.NETWORK, Kind.PROGRAMME):
        both = [*first[kind.value], *second[kind.value]]
        doubtful = {row.node for row in both if row.standing is Standing.MAY_STAND}
        by_node = [{row.node: row.name for row in served[kind.value]} for served in (first, second)]
        for words, nodes in (
            ("both", by_node[0].keys() & by_node[1].keys()),
            ("first", by_node[0].keys() - by_node[1].keys()),
            ("second", by_node[1].keys() - by_node[0].keys()),
        ):
            ordered = sorted(nodes, key=lambda node: (by_node[0] | by_node[1])[node].casefold())
            may_stand = [node for node in ordered if node in doubtful]
            rows.append({"kind": kind.value, "who": words, "nodes": ordered, "may_stand": may_stand})
    return rows


@blueprint.get("/compare/boroughs")
def index() -> Response:
    """Answer with two boroughs side by side."""
    atlas = visit().atlas
    pair = read_pair(atlas)

    def context() -> dict[str, Any]:
        names = atlas.inputs.areaset.borough_names()
        return {
            "pair": pair,
            "names": (names[pair.first], names[pair.second]),
            "facts": facts_of(atlas, pair),
            "areas": [atlas.gap_areas_in(code) for code in (pair.first, pair.second)],
            "shared": shared_of(atlas, pair),
            "sectors": sectors_of(atlas, pair),
        }

    return page("compare_boroughs.html", context, f"{visit().address()} {pair.first} {pair.second}", ("a", "b"))


def sectors_of(atlas: Atlas, pair: Pair) -> list[tuple[str, int, int]]:
    """Anchor sites counted in each, by sector in words."""
    sites = atlas.counted_sites
    numbers = [sites.loc[sites["lad"] == code, "sector"].value_counts() for code in (pair.first, pair.second)]
    chosen = atlas.parameters.sectors
    return [(label(sector), int(numbers[0].get(sector, 0)), int(numbers[1].get(sector, 0))) for sector in chosen]


@blueprint.get("/api/v1/compare/boroughs")
def comparison() -> Response:
    """Answer with the facts of two boroughs and of London as JSON or CSV."""
    refuse_unknown("a", "b", "format", *FIELDS)
    here = visit()
    form = here.reader.last("format").lower() or "json"
    if form not in {"json", "csv"}:
        here.reader.refuse("format", form, "one of json, csv")
    atlas = here.atlas
    pair = read_pair(atlas)
    version = version_of(atlas)

    def make() -> Body:
        facts = facts_of(atlas, pair)
        if form == "csv":
            name = f"atlas-boroughs-{pair.first}-{pair.second}-{atlas.revision}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Body(_as_csv(facts, pair).encode(), "text/csv; charset=utf-8", headers)
        document = {
            "revision": atlas.revision,
            "boroughs": [pair.first, pair.second],
            "facts": [{name: value for name, value in asdict(fact).items() if name != "shown"} for fact in facts],
            "served": shared_of(atlas, pair),
        }
        return Body(json.dumps(document, ensure_ascii=False).encode(), JSON)

    key = ("api compare boroughs", *version, digest(f"{pair.first} {pair.second} {form}"))
    return house().payloads.respond(request, key, make, tag=tag(*version))


def _as_csv(facts: list[Fact], pair: Pair) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["fact", "about", "hint", pair.first, pair.second, "london"])
    for fact in facts:
        writer.writerow([fact.key, fact.words, fact.hint, *("" if value is None else value for value in fact.values)])
    return out.getvalue()
