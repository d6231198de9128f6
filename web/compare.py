"""Two releases side by side: the page, and the same as CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from atlas.comparison import ReleaseComparison
from atlas.errors import UnavailableError
from atlas.exports.comparison import comparison_csv, comparison_json
from atlas.snapshot import Atlas
from atlas.then_and_now import FATES, fate_rows, headline, limits, match_rows, movement, then_and_now, within
from atlas.vocabulary import Release, label
from web.api import refuse_unknown
from web.choices import FIELDS, Choices, Reader, offers
from web.compare_map import anchor_of, patches
from web.land_drawing import Ground
from web.library import Library
from web.payloads import JSON, Body
from web.visit import address_of, digest, house, page_response, rendered, tag, visit_of

blueprint = Blueprint("compare", __name__)

BEFORE: Final = Release.IOD2019
AFTER: Final = Release.IOD2025
OWN: Final = ("before", "after", *(field for field in FIELDS if field != "release"))
"""The fields of an address that are choices here: two releases instead of one."""

WRITERS: Final[dict[str, tuple[Callable[[ReleaseComparison], str], str]]] = {
    "json": (comparison_json, JSON),
    "csv": (comparison_csv, "text/csv; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a comparison needs and that is not here.

    Parameters
    ----------
    what, command : str
        What it is, and what fetches it.
    """

    what: str
    command: str

    def __str__(self) -> str:
        return f"{self.what} is not here: fetch it with `{self.command}`"


@dataclass(frozen=True)
class Asked:
    """Which two releases a reader compares, by which choices.

    Parameters
    ----------
    library : Library
        Every atlas.
    before, after : Release
        The earlier and the later; they may not be here.
    choices : Choices
        All other choices; their release is the later, where it is here.
    """

    library: Library
    before: Release
    after: Release
    choices: Choices

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """What the comparison needs and is not here; empty where nothing is missing."""
        absent = [release for release in (self.before, self.after) if release not in self.library.releases]
        if absent:
            return tuple(Missing(f"The {label(release)}", "atlas data pull") for release in absent)
        vintages = {self.library.inputs(release).areaset.vintage for release in (self.before, self.after)}
        if len(vintages) > 1 and self.library.changes is None:
            what = "The lookup of what the neighbourhoods of 2011 became in 2021"
            return (Missing(what, "atlas data pull lsoa11_lsoa21"),)
        return ()

    @cached_property
    def sides(self) -> tuple[Atlas, Atlas]:
        """The two atlases.

        Raises
        ------
        UnavailableError
            If something is not here; says how to get it.
        """
        if self.missing:
            raise UnavailableError("; ".join(map(str, self.missing)))
        return self.library.sides(self.before, self.after, self.choices.parameters)

    def found(self) -> ReleaseComparison:
        """The comparison, of one borough where one was chosen."""
        found = self.library.comparison(*self.sides)
        return within(found, self.choices.borough) if self.choices.borough else found

    @property
    def working_on(self) -> Release | None:
        """The first of both that is still a first look, with more of it on the way."""
        for release in (self.before, self.after):
            atlas = self.library.atlas(release, self.choices.parameters)
            if atlas.parameters != self.choices.parameters:
                return None if self.library.progress(release, self.choices.parameters).is_over else release
        return None

    def query(self, *, borough: bool = True) -> dict[str, str]:
        """The fields of the shortest address that asks for this."""
        chosen = self.choices.query(self.choices.release, borough=borough)
        chosen |= {"before": self.before.value} if self.before is not BEFORE else {}
        return chosen | ({"after": self.after.value} if self.after is not AFTER else {})

    def address(self) -> str:
        """The shortest address of this very page."""
        return address_of(self.query())


def asked() -> Asked:
    """Read the address, and make the visit one to the later release, so that every link leads on to it.

    Raises
    ------
    ChoiceError
        Naming every field that cannot be used.
    """
    library, first = house().library, Reader(request.args)
    before, after = first.member("before", Release, BEFORE), first.member("after", Release, AFTER)
    shown = after if after in library.releases else library.releases[0]
    # one release alone is no choice here, and a link from another page may carry one
    reader = Reader(MultiDict([*request.args.items(multi=True), ("release", shown.value)]))
    g.visit = visit_of(reader)
    reader.refusals[:0] = first.refusals
    _refuse_order(reader, library, before, after)
    return Asked(library, before, after, g.visit.choices)


def _refuse_order(reader: Reader, library: Library, before: Release, after: Release) -> None:
    here = offers(library.releases)

    def refuse(field: str, release: Release, allowed: str) -> None:
        reader.refuse(field, release.value, allowed, here, allowed)

    if before is after:
        refuse("after", after, "another release than the one before")
    elif before in library.releases and after in library.releases:
        years = [library.inputs(release).areaset.vintage for release in (before, after)]
        if years[0] > years[1]:
            # both are offered: who took them the wrong way round changes both
            refuse("before", before, f"a release no later than the one after ({label(after)})")
            refuse("after", after, f"a release no earlier than the one before ({label(before)})")


@blueprint.get("/compare")
def index() -> Response:
    """Answer with the comparison as a page; where something is not here, with how to get it."""
    here = asked()
    g.visit.reader.done()
    working_on = None if here.missing else here.working_on
    version = () if here.missing else tuple(side.revision for side in here.sides)
    states = (*version, working_on.value if working_on else "")
    key = ("compare", *states, digest(here.address()))
    marks = tag("compare", *filter(None, states), g.visit.atlas.revision)
    return page_response(
        key, lambda: rendered("compare.html", page_context(here, working_on)), marks, ("before", "after")
    )


def page_context(here: Asked, working_on: Release | None) -> Mapping[str, Any]:
    """What the page shows."""
    fields = here.query()
    shared: dict[str, Any] = {
        "asked": here,
        "releases": sorted(here.library.releases, key=list(Release).index),
        "kept_fields": {name: value for name, value in fields.items() if name not in {"before", "after", "in"}},
        "comparison_link": {"release": None, "before": fields.get("before"), "after": fields.get("after")},
        "working_on": working_on,
    }
    if here.missing:
        return shared
    found = here.found()
    rows = then_and_now(found)
    ground = Ground.of(house(), here.after, here.choices.borough)
    return shared | {
        "before": here.sides[0],
        "after": here.sides[1],
        "headline": headline(found),
        "movement": movement(found),
        "limits": limits(found),
        "rows": rows,
        "ground": ground,
        "patches": patches(ground, found, rows),
        "fates_shown": [fate.value for fate in FATES if fate in {row.fate for row in rows}],
        "anchor_of": anchor_of,
        "fates": fate_rows(found),
        "matches": match_rows(found),
        "fate_words": {fate: words for fate, (words, _) in FATES.items()},
    }


@blueprint.get("/api/v1/compare")
def comparison() -> Response:
    """Answer with the comparison as JSON or CSV, as `atlas compare` prints it.

    Raises
    ------
    UnavailableError
        If a release, or the lookup between two censuses, is not here.
    """
    here = asked()
    refuse_unknown(*OWN, "format")
    form = g.visit.reader.last("format").lower() or "json"
    if form not in WRITERS:
        g.visit.reader.refuse("format", form, "one of " + ", ".join(WRITERS))
    g.visit.reader.done()
    write, mimetype = WRITERS[form]
    version = tuple(side.revision for side in here.sides)
    name = "-".join(["atlas-compare", *version, here.choices.borough]).removesuffix("-")
    headers = {} if form == "json" else {"Content-Disposition": f'attachment; filename="{name}.{form}"'}

    def make() -> Body:
        return Body(write(here.found()).encode(), mimetype, headers)

    key = ("api compare", *version, here.choices.borough, form)
    return house().payloads.respond(request, key, make, tag=tag(*version))
