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
from web.text import first_up
from web.visit import names_of

ACTORS: Final = frozenset({Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME})

TIES: Final = tuple(
    relation
    for relation, rule in RELATIONS.items()
    if rule.sources & ACTORS and rule.targets & ACTORS and relation is not Relation.SUCCEEDS
)
"""Verbs that may join two institutions, networks or programmes."""

WORDS: Final[Mapping[str, str]] = {
    "add_site": "Open a site",
    "close_site": "Close a site",
    "extend_network": "Let a network reach further",
    "add_tie": "Make a tie",
}
"""Kinds of change, in words."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "add_site": ("name", "institution", "sector", "kind", "postcode", "easting", "northing"),
    "close_site": ("site",),
    "extend_network": ("network", "place"),
    "add_tie": ("source", "relation", "target"),
}
"""Fields of the form for each kind of change."""

_NUMBERS: Final = {"easting": "easting_m", "northing": "northing_m"}

_FORM_FIELDS: Final = {field: name for name, field in _NUMBERS.items()} | {"places": "place"}

LABELS: Final[Mapping[str, str]] = {
    "name": "Name of the site",
    "institution": "Institution",
    "sector": "Sector",
    "kind": "What would stand there",
    "postcode": "Postcode",
    "easting": "Easting",
    "northing": "Northing",
    "site": "Site",
    "network": "Network or programme",
    "place": "Borough",
    "source": "Who",
    "relation": "Does what",
    "target": "With whom",
}
"""What the fields of the form are called beside their boxes."""

_WANTED: Final[Mapping[str, str]] = {
    "name": "Give the site a name",
    "institution": "Say which institution would run it",
    "site": "Choose a site",
    "network": "Choose a network or programme",
    "place": "Say how far it would reach: a borough, or the code of an MSOA or LSOA",
    "source": "Say who would make the tie",
    "relation": "Choose what the tie would be",
    "target": "Say with whom the tie would be",
}
"""What is asked for beside a field that was left empty."""

_CODES: Final[Mapping[str, str]] = {
    **{field: name for name, field in _NUMBERS.items()},
    **{sector.value: label(sector).lower() for sector in Sector if "_" in sector},
}
"""What the form says in place of the words of a scenario file."""

_CODE: Final = re.compile(rf"\b(?:{'|'.join(_CODES)})\b")

_VERB: Final = re.compile(rf"^({'|'.join(RELATIONS)})(?= takes no )")

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
        Ids and names of networks and programmes that are active and not of other places.
    elsewhere : tuple of str
        Names of those that are of other places, and not offered.
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
    elsewhere: tuple[str, ...]
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
    away = atlas.inputs.elsewhere
    return Offer(
        institutions=_sorted(r["name"] for _, r in nodes if r["kind"] == Kind.INSTITUTION and r.get("is_anchor")),
        sites=dict(sorted(sites.items())),
        networks=tuple(sorted((one for one in reaching if one[0] not in away), key=_last)),
        elsewhere=_sorted(name for node, name in reaching if node in away),
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

    @property
    def label(self) -> str:
        """What the form calls the field."""
        name = _FORM_FIELDS.get(self.field, self.field)
        return LABELS.get(name, name)


def wrong(fault: Fault, names: Mapping[str, str] | None = None) -> Wrong:
    """Take a fault apart; with names of nodes, the form's words take the place of ids, fields and codes.

    Examples
    --------
    >>> found = wrong(Fault("x.json, change 2, field site", "no such site", "an id", value="site:a"))
    >>> found.change, found.field, found.value
    ('2', 'site', 'site:a')
    >>> fault = Fault("x", "no such node", "the id of a network; did you mean network:a?")
    >>> wrong(fault, {"network:a": "The A Network"}).expected
    'a network; did you mean The A Network?'
    >>> wrong(Fault("x", "has no position", "a postcode, or easting_m and northing_m"), {}).expected
    'a postcode, or easting and northing'
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
        problem = _VERB.sub(lambda found: f"“{RELATIONS[Relation(found[0])].label}”", problem)
        problem, expected = (_CODE.sub(lambda found: _CODES[found[0]], words) for words in (problem, expected))
    return Wrong(change, field, "" if fault.value is None else str(fault.value), problem, expected)


def beside(told: Sequence[Wrong], do: str) -> dict[str, str]:
    """What stands beside each field of the form, of the faults of the change that was to be added: the last.

    Examples
    --------
    >>> earlier = Wrong("1", "site", "", "no such site", "a site")
    >>> beside([earlier, Wrong("2", "easting_m", "x", "wrong value", "a number")], "add_site")
    {'easting': 'Wrong value; expected a number'}
    >>> beside([Wrong("1", "site", "", "is missing", "an active site")], "close_site")
    {'site': 'Choose a site'}
    """
    last = max((int(one.change) for one in told if one.change), default=0)
    found: dict[str, str] = {}
    for one in told:
        if not one.change or int(one.change) != last:
            continue
        field = _FORM_FIELDS.get(one.field, one.field) or WHOLE.get(do, "")
        if field in FIELDS.get(do, ()):
            words = f"{one.problem}; expected {one.expected}"
            is_empty = one.problem == "is missing" and field in _WANTED
            found.setdefault(field, _WANTED[field] if is_empty else first_up(words))
    return found
