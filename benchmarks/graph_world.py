"""A synthetic national graph: as many institutions and ties as a country has, drawn from a seed.

Nothing in it is real: words are made of syllables, identifiers have the right form only. Shares of relations, dates,
notes and confidence are about those of `data/partnerships`; memberships are skewed, a few networks being very large.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import networkx as nx
import numpy as np

from atlas.records import TABLES
from atlas.vocabulary import RELATIONS, Domain, Kind, Origin, Relation, Scale, Sector, SiteKind

INSTITUTIONS: Final = 50_000
TIES: Final = 1_000_000
TODAY: Final = date(2026, 11, 21)

_SHARES: Final = {
    Relation.MEMBER_OF: 0.48,
    Relation.SERVES: 0.16,
    Relation.PARTNERS_WITH: 0.14,
    Relation.FUNDS: 0.08,
    Relation.DELIVERS: 0.06,
    Relation.PART_OF: 0.03,
    Relation.CONVENES: 0.02,
    Relation.HOSTS: 0.01,
    Relation.CHAIRS: 0.01,
    Relation.OWNS: 0.005,
    Relation.SUCCEEDS: 0.005,
}
_TREES: Final = (Relation.PART_OF, Relation.SUCCEEDS)
"""Relations that must not run in circles: they point to an institution that comes earlier, or has ended."""

_TRIES: Final = 200

_TYPES: Final = {
    Sector.HEALTH: "NHS Trust",
    Sector.HIGHER_EDUCATION: "University",
    Sector.FURTHER_EDUCATION: "College",
    Sector.COUNCIL: "Council",
    Sector.HOUSING: "Housing Association",
    Sector.CULTURE: "Museum",
    Sector.SCHOOLS: "Primary School",
    Sector.BUSINESS: "Limited",
    Sector.FAITH: "Church",
    Sector.VOLUNTARY: "Community Trust",
}

Columns = dict[str, Any]


class _World:
    """Sizes and the stream of draws that all tables share."""

    def __init__(self, institutions: int, ties: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n_ties = ties
        self.n = {
            Kind.INSTITUTION: institutions,
            Kind.NETWORK: max(institutions // 25, 4),
            Kind.PROGRAMME: max(institutions // 15, 4),
            Kind.PLACE: min(max(institutions // 100, 10), 350),
            Kind.SITE: max(institutions // 2, 4),
        }
        self.codes = [f"E07{k:06d}" for k in range(1, self.n[Kind.PLACE] + 1)]
        self.sources = [f"s{k:05d}" for k in range(max(institutions // 10, 4))]
        self.days = [(TODAY - timedelta(days=k)).isoformat() for k in range(365)]

    def ids(self, kind: Kind) -> np.ndarray:
        """Ids of a kind, in the order of their table."""
        names = self.codes if kind is Kind.PLACE else [f"{k:06d}" for k in range(self.n[kind])]
        return np.array([f"{kind}:{name}" for name in names], dtype=object)

    def pick(self, choices: Any, n: int, p: Any = None) -> np.ndarray:
        """Draw with replacement."""
        return np.array(list(map(str, choices)), dtype=object)[self.rng.choice(len(choices), n, p=p)]

    def names(self, n: int, endings: np.ndarray) -> list[str]:
        """Two made-up words and what the body is; no two alike."""
        onsets, vowels, codas = list("bdfghklmnprstvw"), list("aeiou"), ["ck", "ld", "ll", "m", "n", "rd", "st", "x"]

        def words(count: int) -> list[str]:
            parts = [self.rng.choice(letters, count) for letters in (onsets, vowels, onsets, vowels, codas)]
            return ["".join(letters).capitalize() for letters in zip(*parts, strict=True)]

        towns, saints = self.pick(words(1_200), n), words(n)
        return [f"{town} {saint} {ending}" for town, saint, ending in zip(towns, saints, endings, strict=True)]

    @property
    def gone(self) -> int:
        """How many institutions have ended: the first ones, which only successions speak of."""
        return max(self.n[Kind.INSTITUTION] // 50, 1)

    def dates(self, n: int, years_ago: tuple[int, int]) -> Columns:
        """Starts as exact as sources are, a seventh unknown."""
        first, last = (365 * years for years in years_ago)
        days = [(TODAY - timedelta(days=int(k))).isoformat() for k in self.rng.integers(first, last, n)]
        length = np.array([0, 4, 7, 10])[self.rng.choice(4, n, p=[0.15, 0.45, 0.15, 0.25])]
        start = np.array([day[:k] for day, k in zip(days, length, strict=True)], dtype=object)
        status = np.where(self.rng.random(n) < 0.05, "unknown", "active")
        return {"start": start, "end": np.full(n, "", dtype=object), "status": status.astype(object)}

    def ended(self, n: int) -> Columns:
        """Dates of ties: one in ten has ended, most of them on a day that is known."""
        dates = self.dates(n, (3, 25))
        ended = self.rng.random(n) < 0.1
        last = self.pick([(TODAY - timedelta(days=365 + k)).isoformat() for k in range(365)], n)
        end = np.where(ended & (self.rng.random(n) < 0.8), last, "")
        return {"start": dates["start"], "end": end, "status": np.where(ended, "ended", dates["status"])}

    def sourced(self, n: int) -> Columns:
        """Source, evidence and the day of the last look."""
        pages = self.rng.integers(1, 400, n)
        sections = self.rng.integers(1, 120, n)
        evidence = [f"section {s}, page {p}" for s, p in zip(sections, pages, strict=True)]
        sources = self.pick(self.sources, n)
        # every source is cited, as far as there are rows
        sources[: len(self.sources)] = self.sources[:n]
        return {"source": sources, "evidence": evidence, "checked_on": self.pick(self.days, n)}

    def footprints(self, n: int) -> Columns:
        """Seven in ten are places, two a circle, one is not known."""
        kinds = self.pick(["places", "radius", "none"], n, [0.7, 0.2, 0.1])
        places = [";".join(sorted({*self.pick(self.codes, k)})) for k in self.rng.integers(1, 9, n)]
        circles = [
            f"{x};{y};{r}"
            for x, y, r in zip(
                self.rng.integers(300_000, 600_000, n),
                self.rng.integers(100_000, 600_000, n),
                self.rng.integers(3, 60, n) * 100,
                strict=True,
            )
        ]
        footprint = np.where(kinds == "places", places, np.where(kinds == "radius", circles, ""))
        domains = [";".join(sorted({*self.pick(list(Domain), k)})) for k in self.rng.integers(1, 4, n)]
        return {"domains": domains, "footprint_kind": kinds, "footprint": footprint}


def _institutions(w: _World) -> Columns:
    n = w.n[Kind.INSTITUTION]
    sectors = w.pick(list(_TYPES), n)
    councils = np.flatnonzero(sectors == "council")
    sectors[councils[len(w.codes) :]] = "schools"
    gss = np.full(n, "", dtype=object)
    gss[councils[: len(w.codes)]] = w.codes[: len(councils)]
    k = np.arange(n)
    numbers = {"ods_code": ("R", 5), "ukprn": ("1", 7), "company_number": ("0", 7), "charity_number": ("1", 6)}
    dates = w.dates(n, (30, 80))
    dates["end"][: w.gone], dates["status"][: w.gone] = "2020", "ended"
    has = {
        "ods_code": sectors == "health",
        "ukprn": np.isin(sectors, ["higher_education", "further_education"]),
        "company_number": sectors == "business",
        "charity_number": np.isin(sectors, ["voluntary", "faith"]),
    }
    return {
        "id": w.ids(Kind.INSTITUTION),
        "name": w.names(n, np.array([_TYPES[Sector(sector)] for sector in sectors], dtype=object)),
        "sector": sectors,
        "kind": [_TYPES[Sector(sector)].lower() for sector in sectors],
        "is_anchor": w.pick(["true", "false"], n),
        "gss_code": gss,
        **{
            column: np.where(has[column], [f"{first}{j:0{width}d}" for j in k], "")
            for column, (first, width) in numbers.items()
        },
        "website": [f"https://body-{j:06d}.example.org" for j in k],
        **dates,
        **w.sourced(n),
    }


def _sites(w: _World) -> Columns:
    n = w.n[Kind.SITE]
    return {
        "id": w.ids(Kind.SITE),
        "institution": w.ids(Kind.INSTITUTION)[w.rng.integers(w.gone, w.n[Kind.INSTITUTION], n)],
        "name": w.names(n, np.full(n, "Site", dtype=object)),
        "kind": w.pick(list(SiteKind), n),
        "postcode": [f"E{k % 18 + 1} {k % 9}AB" for k in range(n)],
        "borough": w.pick(w.codes, n),
        "easting_m": w.rng.integers(300_000, 600_000, n),
        "northing_m": w.rng.integers(100_000, 600_000, n),
        "position": np.full(n, "surveyed"),
        "staff_fte": np.where(w.rng.random(n) < 0.5, w.rng.integers(1, 5_000, n).astype(str), ""),
        **w.dates(n, (30, 80)),
        **w.sourced(n),
    }


def _joint(w: _World, kind: Kind) -> Columns:
    n = w.n[kind]
    of_network = {"kind": np.full(n, "anchor network"), "origin": w.pick(list(Origin), n)}
    return {
        "id": w.ids(kind),
        "name": w.names(n, np.full(n, str(kind).capitalize(), dtype=object)),
        **(of_network if kind is Kind.NETWORK else {}),
        "scale": w.pick(list(Scale), n),
        "description": [f"Brings bodies together for purpose {k}." for k in range(n)],
        "website": [""] * n,
        **w.footprints(n),
        **w.dates(n, (30, 80)),
        **w.sourced(n),
    }


def _ends(w: _World, relation: Relation, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Ends of ties that the relation allows; targets skewed, so that degrees have a long tail."""
    rule = RELATIONS[relation]
    kinds = list(Kind)
    if relation in _TREES:
        ids = w.ids(Kind.INSTITUTION)
        later = w.rng.integers(w.gone + 1, len(ids), n)
        earlier = w.gone + ((later - w.gone) * w.rng.random(n)).astype(int)
        return ids[later], ids[w.rng.integers(0, w.gone, n) if relation is Relation.SUCCEEDS else earlier]
    standing = {kind: w.ids(kind)[w.gone if kind is Kind.INSTITUTION else 0 :] for kind in kinds}
    sources = np.concatenate([standing[k] for k in kinds if k in rule.sources and k is not Kind.PLACE])
    targets = np.concatenate([standing[k] for k in kinds if k in rule.targets])
    skewed = (len(targets) * w.rng.random(n) ** 2).astype(int)
    return sources[w.rng.integers(0, len(sources), n)], w.rng.permutation(targets)[skewed]


def _ties(w: _World) -> Columns:
    counts = {relation: round(share * w.n_ties) for relation, share in _SHARES.items()}
    counts[Relation.MEMBER_OF] += w.n_ties - sum(counts.values())
    triples: dict[tuple[str, str, str], None] = {}
    for relation, count in counts.items():
        wanted = len(triples) + count
        for _ in range(_TRIES):
            for a, b in zip(*_ends(w, relation, wanted - len(triples)), strict=True):
                if a != b and (relation is not Relation.PARTNERS_WITH or (b, relation.value, a) not in triples):
                    triples[a, relation.value, b] = None
            if len(triples) == wanted:
                break
        else:
            raise ValueError(f"so few nodes have no {count} different ties of {relation}")
    ends = np.array(list(triples), dtype=object)[w.rng.permutation(w.n_ties)]
    dates = w.ended(w.n_ties)
    succession = ends[:, 1] == Relation.SUCCEEDS.value
    dates["start"][succession], dates["end"][succession], dates["status"][succession] = "2020", "", "active"
    noted = np.where(w.rng.random(w.n_ties) < 0.1, [f"see also minute {k % 5_000}" for k in range(w.n_ties)], "")
    return {
        "subject": ends[:, 0],
        "relation": ends[:, 1],
        "object": ends[:, 2],
        "confidence": w.pick(["high", "medium", "low"], w.n_ties, [0.7, 0.25, 0.05]),
        "note": noted,
        **dates,
        **w.sourced(w.n_ties),
    }


def _hanging(w: _World, table: str) -> Columns:
    nodes = w.ids(Kind.NETWORK)
    n = len(nodes)
    own: dict[str, Columns] = {
        "commitments": {
            "metric": np.full(n, "apprentices"),
            "baseline": w.rng.integers(0, 100, n),
            "target": w.rng.integers(100, 999, n),
            "unit": np.full(n, "people"),
            "due": w.pick(["2027", "2028-03", "2030-12-31", ""], n),
        },
        "measurements": {
            "metric": np.full(n, "apprentices"),
            "value": w.rng.integers(0, 999, n),
            "unit": np.full(n, "people"),
            "period_start": np.full(n, "2025-04-01"),
            "period_end": np.full(n, "2026-03-31"),
        },
        "profiles": {
            "aspect": w.pick(["vision", "membership", "meetings"], n),
            "position": w.pick(["fledgling", "mature"], n),
            "note": np.full(n, ""),
        },
    }
    return {"node": nodes, **own[table], **w.sourced(n)}


def national_tables(institutions: int = INSTITUTIONS, ties: int = TIES, seed: int = 1) -> dict[str, Columns]:
    """Draw every table: columns of text or numbers by table.

    Parameters
    ----------
    institutions : int
        How many; networks are a twenty-fifth, programmes a fifteenth, sites half as many; places at most 350.
    ties : int
        Rows of ties.csv; each site brings two more to the graph (occupied by, located in).
    seed : int
        The same seed and sizes give the same tables.
    """
    w = _World(institutions, ties, seed)
    n_sources = len(w.sources)
    surveys = len(w.codes)
    return {
        "sources": {
            "id": w.sources,
            "title": [f"Report {k}" for k in range(n_sources)],
            "publisher": [f"Publisher {k % 300}" for k in range(n_sources)],
            "url": [f"https://reports.example.org/{k}" for k in range(n_sources)],
            "published": w.pick(["2019", "2023-05", "2025-01-31", ""], n_sources),
            "licence": ["none"] * n_sources,
        },
        "institutions": _institutions(w),
        "sites": _sites(w),
        "networks": _joint(w, Kind.NETWORK),
        "programmes": _joint(w, Kind.PROGRAMME),
        "places": {
            "id": w.ids(Kind.PLACE),
            "name": w.names(surveys, np.full(surveys, "District", dtype=object)),
            "kind": ["district"] * surveys,
        },
        "ties": _ties(w),
        **{table: _hanging(w, table) for table in ("commitments", "measurements", "profiles")},
        "surveys": {
            "borough": w.codes,
            "sector": ["health"] * surveys,
            "status": ["complete"] * surveys,
            **w.sourced(surveys),
        },
    }


def write_national_tables(
    folder: Path, institutions: int = INSTITUTIONS, ties: int = TIES, seed: int = 1
) -> dict[str, int]:
    """Write the tables of `national_tables` as CSV; return the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = national_tables(institutions, ties, seed)
    for table, columns in tables.items():
        assert set(columns) <= set(TABLES[table].model_fields), table
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    return {table: len(next(iter(columns.values()))) for table, columns in tables.items()}


def national_graph(institutions: int = INSTITUTIONS, ties: int = TIES, seed: int = 1) -> nx.MultiDiGraph[str]:
    """The graph of `national_tables`, frozen, as `atlas.graph.build.build` gives it.

    Examples
    --------
    >>> graph = national_graph(institutions=100, ties=1_000)
    >>> sum(tie["relation"] not in ("occupies", "located_in") for *_, tie in graph.edges(data=True))
    1000
    """
    from atlas.graph.build import build  # noqa: PLC0415  # writing the tables needs none of it
    from atlas.sources.partnerships import read_partnerships  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_national_tables(Path(folder), institutions, ties, seed)
        files = read_partnerships(Path(folder))
    assert not [fault for fault in files.faults if fault.severity == "error"]
    return build(files.partnerships)
