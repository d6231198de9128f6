"""Assets in the graph: each piece of land and each building hangs on who owns it and on who occupies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import networkx as nx
import pandas as pd

from atlas.graph.bare import remember, without_assets
from atlas.graph.tie_columns import collector_at_rest
from atlas.graph.timeline import last_checked
from atlas.records import slug
from atlas.vocabulary import Confidence, Kind, Relation, Status
from atlas.vocabulary.estate import PlacedBy, Tenure

_RIGHT: Final = {
    Tenure.FREEHOLD.value: (Relation.OWNS, Confidence.HIGH),
    Tenure.FREEHOLD_AND_LEASEHOLD.value: (Relation.OWNS, Confidence.HIGH),
    Tenure.LEASEHOLD.value: (Relation.OCCUPIES, Confidence.HIGH),
    Tenure.LICENCE.value: (Relation.OCCUPIES, Confidence.HIGH),
    Tenure.OTHER.value: (Relation.OCCUPIES, Confidence.LOW),
    Tenure.UNKNOWN.value: (Relation.OWNS, Confidence.LOW),
}
"""What a partner does with what is in its register, by tenure, and how firmly the register says so."""

_BY_NAME: Final = Confidence.MEDIUM
"""Of an occupier that is known by its name alone."""

_WORDS: Final = {
    "type": "use",
    "postcode": "postcode",
    "borough": "lad",
    "placed_by": "placed_by",
    "uprn": "uprn",
    "reference": "reference",
    "tenure": "tenure",
    "holding": "holding",
    "asset_status": "status",
    "register_id": "register",
    "occupier": "occupier",
}
"""Text attributes of a node, by the column that they come from."""

_UNSAID: Final = ("tenure", "holding", "type", "asset_status")
"""Choices that are unknown where the register says nothing."""


def source_of(register: str) -> str:
    """Id among the graph's sources of a register.

    Examples
    --------
    >>> source_of("lewisham-council")
    'register-lewisham-council'
    """
    return f"register-{register}"


def folded(name: str) -> str:
    """A name as it is compared with another: letters and digits alone, "&" as "and", without a leading "the".

    Examples
    --------
    >>> folded("The Barts Health NHS Trust ") == folded("Barts Health N.H.S. Trust"), folded("Barts-Health NHS Trust")
    (False, 'barts-health-nhs-trust')
    """
    return slug(name).removeprefix("the-")


def occupiers_on_record(graph: nx.MultiDiGraph[str], names: Iterable[str]) -> dict[str, str]:
    """Return the institutions that are called exactly as occupiers in registers are.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    names : iterable of str
        What registers call the occupiers of assets.

    Returns
    -------
    dict of str to str
        Id of an institution by name; a name that none or several bear is not there.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("institution:a", kind="institution", name="Alpha & Co")
    >>> occupiers_on_record(graph, ["ALPHA AND CO", "Alpha"])
    {'ALPHA AND CO': 'institution:a'}
    """
    bearers: dict[str, list[str]] = {}
    for node, record in without_assets(graph).nodes(data=True):
        if record.get("kind") == Kind.INSTITUTION and record.get("status") != Status.ENDED:
            bearers.setdefault(folded(str(record.get("name", ""))), []).append(node)
    found = ((name, bearers.get(folded(name), [])) for name in names if name)
    return {name: nodes[0] for name, nodes in found if len(nodes) == 1}


def left_out(graph: nx.MultiDiGraph[str], assets: pd.DataFrame) -> dict[str, int]:
    """Return how many assets `with_assets` leaves out, by partner: those whose partner the graph does not have.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    assets : pandas.DataFrame
        `atlas.assets.ASSET_COLUMNS`.

    Examples
    --------
    >>> left_out(nx.MultiDiGraph(), pd.DataFrame({"partner": ["institution:a", "institution:a"]}))
    {'institution:a': 2}
    """
    counts = assets["partner"].value_counts().sort_index()
    return {str(partner): int(count) for partner, count in counts.items() if partner not in graph}


def with_assets(graph: nx.MultiDiGraph[str], assets: pd.DataFrame, registers: pd.DataFrame) -> nx.MultiDiGraph[str]:
    """Hang assets on who owns and who occupies them.

    A partner owns what its register calls freehold, or of which it does not say by what right it is held (with low
    confidence then), and occupies what it holds by lease, licence or otherwise. What it only lists is nobody's.
    An occupier that the register names occupies it too, where exactly one institution on record is called so. An asset
    with a borough is located in it.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`; not changed.
    assets : pandas.DataFrame
        `atlas.assets.ASSET_COLUMNS`, indexed by asset id. Those whose partner the graph does not have are left out:
        `left_out` counts them.
    registers : pandas.DataFrame
        `atlas.geo.estate.model.REGISTER_COLUMNS`, indexed by id: the sources of what is said.

    Returns
    -------
    networkx.MultiDiGraph
        Frozen: all that the graph has, then the assets and their ties in order of their ids. Nodes carry the fields of
        `atlas.records.Asset`, ties those of `atlas.records.Tie`; `atlas.graph.bare.without_assets` takes them off.

    Examples
    --------
    >>> from atlas.geo.estate.model import Estate
    >>> empty = Estate.empty()
    >>> with_assets(nx.MultiDiGraph(), empty.assets, empty.registers).number_of_nodes()
    0
    """
    graph = without_assets(graph)
    known = assets[assets["partner"].isin(list(graph)).to_numpy(bool)].sort_index()
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.graph.update(graph.graph)
    found.graph["sources"] = {**graph.graph.get("sources", {}), **_sources(known, registers)}
    with collector_at_rest():
        found.add_nodes_from((node, record.copy()) for node, record in graph.nodes(data=True))
        for subject, target, key, tie in graph.edges(keys=True, data=True):
            found.add_edge(subject, target, key=key, **tie)
        records = _records(known, registers, last_checked(graph).isoformat())
        _add_places(found, known["lad"])
        _hang(found, records, known["partner"].tolist(), _occupiers(known, graph))
    nx.freeze(found)
    remember(found, graph)
    return found


def _sources(assets: pd.DataFrame, registers: pd.DataFrame) -> dict[str, dict[str, Any]]:
    used = registers[registers.index.isin(assets["register"].unique())].sort_index()
    return {
        source_of(str(register)): {
            "title": f"Land and property register of {row['title'] or row['partner_name']}",
            "publisher": row["partner_name"] or row["partner"],
            "url": "",
            "published": row["as_of"] or None,
            "licence": "as its publisher states",
        }
        for register, row in used.iterrows()
    }


def _records(assets: pd.DataFrame, registers: pd.DataFrame, day: str) -> dict[str, dict[str, Any]]:
    """What the nodes carry, by id, in the order of the assets."""
    columns: dict[str, Sequence[Any]] = {"kind": [Kind.ASSET.value] * len(assets), "name": names_of(assets).tolist()}
    for name, column in _WORDS.items():
        words = assets[column].fillna("").astype(str)
        columns[name] = (words.where(words != "", "unknown") if name in _UNSAID else words).tolist()
    for name, column in (("easting_m", "x_m"), ("northing_m", "y_m")):
        columns[name] = _numbers(assets[column].round(), int)
    for name in ("land_ha", "floor_m2"):
        columns[name] = _numbers(assets[name], float)
    columns["start"] = columns["end"] = [None] * len(assets)
    columns["status"] = [Status.ACTIVE.value] * len(assets)
    columns["source"] = ("register-" + assets["register"].astype(str)).tolist()
    columns["evidence"] = _evidence(assets)
    columns["checked_on"] = _checked_on(assets, registers, day)
    fields = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    return dict(zip(assets.index.tolist(), [dict(zip(fields, row)) for row in rows], strict=True))  # noqa: B905


def names_of(assets: pd.DataFrame) -> pd.Series[str]:
    """What each asset is called: its name, else its address, else the partner's code, else its id.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["", "Hall"], "number": ["1", ""], "street": ["High Street", ""],
    ...                       "postcode": "", "reference": ""}, index=["asset:a-1", "asset:a-2"])
    >>> names_of(frame).tolist()
    ['1 High Street', 'Hall']
    """
    address = (assets["number"].astype(str) + " " + assets["street"].astype(str)).str.strip()
    has_street = assets["street"].astype(str) != ""
    found = assets["name"].astype(str)
    for other in (
        address.where(has_street, ""),
        assets["postcode"].astype(str),
        assets["reference"].astype(str),
        assets.index.to_series(),
    ):
        found = found.where(found != "", other)
    return found


def _numbers(values: pd.Series[float], kind: type) -> list[Any]:
    return [None if value != value else kind(value) for value in values.tolist()]  # noqa: PLR0124 -- NaN alone


def _evidence(assets: pd.DataFrame) -> list[str]:
    titled = assets["title_number"].astype(str)
    rows = "row " + assets["row"].astype(int).astype(str)
    return (rows + (", title " + titled).where(titled != "", "")).tolist()


def _checked_on(assets: pd.DataFrame, registers: pd.DataFrame, day: str) -> list[str]:
    """The day of which the row speaks, else its register, else that of the import; else the graph's own last day."""
    said = assets["as_of"].astype(str)
    for name in ("as_of", "imported_at"):
        whole = assets["register"].map(registers[name].astype(str).str[:10]).fillna("").astype(str)
        said = said.where(said.str.len() == len("2026-01-01"), whole)
    return said.where(said.str.len() == len("2026-01-01"), day).tolist()


def _add_places(graph: nx.MultiDiGraph[str], lads: pd.Series[str]) -> None:
    for code in sorted(set(lads.astype(str).unique()) - {""}):
        if (place := f"{Kind.PLACE}:{code}") not in graph:
            graph.add_node(place, kind=Kind.PLACE.value, name=code, type="district")


def _occupiers(assets: pd.DataFrame, graph: nx.MultiDiGraph[str]) -> list[str]:
    """Id of the institution that occupies each asset, by its name; empty where none is called so."""
    names = assets["occupier"].astype(str)
    matched = occupiers_on_record(graph, names.unique())
    return cast("list[str]", names.map(matched).fillna("").tolist() if matched else [""] * len(names))


def _hang(
    graph: nx.MultiDiGraph[str],
    records: Mapping[str, dict[str, Any]],
    partners: Sequence[str],
    occupiers: Sequence[str],
) -> None:
    """Add assets and their ties as `add_node` and `add_edge` would, without asking for each what holds of all."""
    nodes, successors, predecessors = graph._node, graph._succ, graph._pred  # type: ignore[attr-defined]  # noqa: SLF001
    rights = {tenure: (relation.value, firm.value) for tenure, (relation, firm) in _RIGHT.items()}
    by_name, high, postcode = _BY_NAME.value, Confidence.HIGH.value, PlacedBy.POSTCODE.value
    occupies, located_in = Relation.OCCUPIES.value, Relation.LOCATED_IN.value
    unknown, not_held = rights[Tenure.UNKNOWN.value], Tenure.NOT_HELD.value
    for (asset, record), partner, occupier in zip(records.items(), partners, occupiers, strict=True):
        nodes[asset] = record
        out, into = successors[asset], predecessors[asset] = {}, {}
        relation, firm = rights.get(record["tenure"], unknown)
        if record["tenure"] != not_held:
            into[partner] = successors[partner][asset] = {relation: _tie(relation, firm, record)}
        if occupier and not (occupier == partner and relation == occupies):
            between = into.setdefault(occupier, {})
            between[occupies] = _tie(occupies, by_name, record, f"named as {record['occupier']}")
            successors[occupier][asset] = between
        if record["borough"]:
            firm = by_name if record["placed_by"] == postcode else high
            place = f"place:{record['borough']}"
            out[place] = predecessors[place][asset] = {located_in: _tie(located_in, firm, record)}


def _tie(relation: str, confidence: str, record: Mapping[str, Any], note: str = "") -> dict[str, Any]:
    return {
        "relation": relation,
        "start": None,
        "end": None,
        "status": record["status"],
        "source": record["source"],
        "evidence": record["evidence"],
        "checked_on": record["checked_on"],
        "confidence": confidence,
        "note": note,
    }
