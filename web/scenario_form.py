"""The form that builds a scenario: what it offers, and the change that its fields make."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from atlas.errors import Fault
from atlas.gaps.scenario.changes import AddSite, Change
from atlas.gaps.scenario.words import change_words
from atlas.geo.footprints import LONDON
from atlas.graph.bare import without_assets
from atlas.records import slug
from atlas.snapshot import Atlas
from atlas.vocabulary import RELATIONS, Kind, Relation, Sector, SiteKind, Status, label
from web.choices import Reader
from web.visit import names_of

ACTORS: Final = frozenset({Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME})

TIES: Final = tuple(
    relation
    for relation, rule in RELATIONS.items()
    if rule.sources & ACTORS and rule.targets & ACTORS and relation is not Relation.SUCCEEDS
)
"""Verbs that may join two institutions, networks or programmes."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "add_site": ("name", "institution", "sector", "kind", "postcode", "easting", "northing"),
    "close_site": ("site",),
    "extend_network": ("network", "place"),
    "add_tie": ("source", "relation", "target"),
}
"""Fields of the form for each kind of change."""

_NUMBERS: Final = {"easting": "easting_m", "northing": "northing_m"}

_FORM_FIELDS: Final = {field: name for name, field in _NUMBERS.items()} | {"places": "place"}

WHOLE: Final = {"add_site": "postcode", "add_tie": "target"}
"""The field beside which stands what is wrong with a change as a whole."""

_ID: Final = re.compile(r"\b[a-z]+:[a-z0-9][a-z0-9-]*")

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form offers.

    Parameters
    ----------
    institutions : tuple of str
        Names of anchor institutions.
    sites : dict of str to list of (str, str)
        By borough, the ids and names of the sites that count.
    networks : tuple of (str, str)
        Ids and names of networks and programmes that are active.
    actors : tuple of str
        Names of what a tie may join.
    boroughs : tuple of str
        Names.
    relations, sectors, kinds : tuple of (str, str)
        Spellings and words.
    """

    institutions: tuple[str, ...]
    sites: Mapping[str, Sequence[tuple[str, str]]]
    networks: tuple[tuple[str, str], ...]
    actors: tuple[str, ...]
    boroughs: tuple[str, ...]
    relations: tuple[tuple[str, str], ...]
    sectors: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def offer(atlas: Atlas) -> Offer:
    """What the form offers under the choices of an atlas."""
    nodes = [(node, record) for node, record in without_assets(atlas.graph).nodes(data=True) if record.get("name")]
    counted = atlas.counted_sites
    boroughs = names_of(atlas.inputs.areaset.boroughs)
    sites: dict[str, list[tuple[str, str]]] = {}
    for identity, lad, name in sorted(zip(counted.index, counted["lad"], counted["name"], strict=True), key=_last):
        sites.setdefault(boroughs.get(lad, "Outside London"), []).append((str(identity), str(name)))
    reaching = [
        (node, record["name"])
        for node, record in nodes
        if record["kind"] in {Kind.NETWORK, Kind.PROGRAMME} and record.get("status") == Status.ACTIVE
    ]
    return Offer(
        institutions=_sorted(r["name"] for _, r in nodes if r["kind"] == Kind.INSTITUTION and r.get("is_anchor")),
        sites=dict(sorted(sites.items())),
        networks=tuple(sorted(reaching, key=_last)),
        actors=_sorted(record["name"] for _, record in nodes if record["kind"] in ACTORS),
        boroughs=_sorted(boroughs.values()),
        relations=tuple((relation.value, RELATIONS[relation].label) for relation in TIES),
        sectors=tuple((sector.value, label(sector)) for sector in Sector),
        kinds=tuple((kind.value, label(kind)) for kind in SiteKind),
    )


def _last(row: tuple[str, ...]) -> str:
    return row[-1].casefold()


def _sorted(found: Any) -> tuple[str, ...]:
    return tuple(sorted(set(found), key=str.casefold))


def change_of(do: str, reader: Reader, atlas: Atlas) -> dict[str, Any]:
    """The change that the fields of a form make, as a scenario file has it; what is wrong with it is found later."""
    change: dict[str, Any] = {"do": do}
    for field in FIELDS[do]:
        typed = reader.last(field)
        if not typed:
            continue
        match field:
            case "easting" | "northing":
                change[_NUMBERS[field]] = _number(typed)
            case "place":
                change["places"] = [typed]
            case "source" | "target":
                change[field] = _node(typed, atlas)
            case _:
                change[field] = typed
    return change


def _number(typed: str) -> float | str:
    try:
        value = float(typed.replace(",", ""))
    except ValueError:
        return typed
    return value if math.isfinite(value) else typed


def _node(typed: str, atlas: Atlas) -> str:
    """Id of what is typed by name; as it is where none, or more than one, has that name."""
    found = [
        node
        for node, record in without_assets(atlas.graph).nodes(data=True)
        if record.get("kind") in ACTORS and slug(str(record.get("name", ""))) == slug(typed)
    ]
    return found[0] if len(found) == 1 else typed


def node_names(atlas: Atlas) -> dict[str, str]:
    """Names by node id and by GSS code."""
    nodes = without_assets(atlas.graph).nodes(data=True)
    found = {node: str(record["name"]) for node, record in nodes if record.get("name")}
    areaset = atlas.inputs.areaset
    return {**found, **names_of(areaset.icbs), **names_of(areaset.boroughs), LONDON: "all of London"}


def title_of(changes: Sequence[Change], names: Mapping[str, str]) -> str:
    """A name for a scenario whose author gave none: its first change."""
    if not changes:
        return "What if"
    one = changes[0]
    first = f"{one.name} opens" if isinstance(one, AddSite) else change_words(one, names).removesuffix(".")
    more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
    return first[: _LONGEST_NAME - len(more)] + more


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault of a scenario, as the page shows it.

    Parameters
    ----------
    change, field : str
        Number of the change, empty for the scenario itself; and the field of it.
    value, problem, expected : str
        What was found, what is wrong with it, and what would have been right.
    """

    change: str
    field: str
    value: str
    problem: str
    expected: str


def wrong(fault: Fault, names: Mapping[str, str] | None = None) -> Wrong:
    """Take a fault apart; with names of nodes, those take the place of ids, which nobody has to know.

    Examples
    --------
    >>> found = wrong(Fault("x.json, change 2, field site", "no such site", "an id", value="site:a"))
    >>> found.change, found.field, found.value
    ('2', 'site', 'site:a')
    >>> fault = Fault("x", "no such node", "the id of a network; did you mean network:a?")
    >>> wrong(fault, {"network:a": "The A Network"}).expected
    'a network; did you mean The A Network?'
    """
    place, _, field = fault.file.partition(", field ")
    change = place.rpartition(", change ")[2] if ", change " in place else ""
    if fault.row is not None:
        field = f"line {fault.row}"
    problem, expected = fault.problem, fault.expected
    if names is not None:
        problem = problem.replace("no such node", "nothing is called so")
        expected = expected.replace("the id of a node: ", "").replace("the id of ", "")
        expected = _ID.sub(lambda found: names.get(found[0], found[0]), expected)
    return Wrong(change, field, "" if fault.value is None else str(fault.value), problem, expected)


def beside(told: Sequence[Wrong], do: str) -> dict[str, str]:
    """What stands beside each field of the form, of the faults of the change that was to be added: the last.

    Examples
    --------
    >>> earlier = Wrong("1", "site", "", "no such site", "a site")
    >>> beside([earlier, Wrong("2", "easting_m", "x", "wrong value", "a number")], "add_site")
    {'easting': 'Wrong value: a number'}
    """
    last = max((int(one.change) for one in told if one.change), default=0)
    found: dict[str, str] = {}
    for one in told:
        if not one.change or int(one.change) != last:
            continue
        field = _FORM_FIELDS.get(one.field, one.field) or WHOLE.get(do, "")
        if field in FIELDS.get(do, ()):
            words = f"{one.problem}: {one.expected}"
            found.setdefault(field, words[:1].upper() + words[1:])
    return found
