"""What could be done together with what partners hold: asked of an atlas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.gaps.briefs import GapArea
from atlas.geo.estate.model import Estate
from atlas.geo.estate.opportunities import available, co_locations, complements, groups, near_areas
from atlas.geo.estate.sharing import COMPATIBLE, COMPLEMENTS
from atlas.geo.estate.totals import count_places
from atlas.graph.estate import names_of
from atlas.opportunities.answer import CoLocation, Held, Help, Nearby, Opportunities, Spare, Ways
from atlas.opportunities.chains import Wanted, ways, who_can_act, words_of
from atlas.opportunities.people import InNeed
from atlas.opportunities.question import Question
from atlas.siting.answer import Answer as Sited
from atlas.siting.answer import NewSite
from atlas.siting.question import Candidates
from atlas.siting.question import Question as SitingQuestion
from atlas.siting.solve import site
from atlas.snapshot import Atlas
from atlas.vocabulary import Verdict
from atlas.vocabulary.estate import AssetStatus, PlacedBy, Use


def opportunities(atlas: Atlas, borough: str = "", question: Question | None = None) -> Opportunities:
    """Find what partners could do together: share a place, use what stands empty, help a neighbour.

    Parameters
    ----------
    atlas : Atlas
        Its estate is what a viewer may see; its choices say who is in need and where gaps are.
    borough : str
        GSS code of the borough in which the land must lie; empty for everywhere. Passed over where `question` is given.
    question : Question, optional
        Distances and lengths.

    Returns
    -------
    Opportunities
        The same for the same atlas and question, on every machine.
    """
    question = question or Question(borough=borough)
    search = _Search(atlas, question)
    pairs, sharing = search.co_locations()
    near, spare, sited = search.spare()
    neighbours, helps = search.helps()
    every = [*(row.ways for row in sharing), *(row.ways for row in spare), *(row.ways for row in helps)]
    sources, names = words_of(atlas, [chain for one in every for chain in (one.to_partner, one.to_act)])
    estate = atlas.inputs.estate
    return Opportunities(
        question=question,
        release=atlas.inputs.release,
        revision=atlas.revision,
        parameters=atlas.parameters,
        place=atlas.inputs.areaset.borough_names()[question.borough] if question.borough else "London",
        registers=len(estate.speaking),
        partners=int(estate.speaking["partner"].nunique()),
        assets=count_places(estate, np.arange(len(estate))),
        placed=count_places(estate, np.flatnonzero(np.isfinite(estate.xy).all(axis=1))),
        robust_areas=len(search.robust),
        co_locations=sharing,
        spare=spare,
        helps=helps,
        pairs=pairs,
        near=near,
        neighbours=neighbours,
        siting=sited.siting if sited else None,
        sources=sources,
        names=names,
    )


@dataclass(frozen=True)
class _Search:
    """One question put to one atlas."""

    atlas: Atlas
    question: Question

    @property
    def estate(self) -> Estate:
        return self.atlas.inputs.estate

    @property
    def robust(self) -> tuple[GapArea, ...]:
        return tuple(area for area in self.atlas.gap_areas if area.verdict is Verdict.ROBUST)

    @cached_property
    def in_need(self) -> InNeed:
        return InNeed.of(self.atlas, self.question.reach_m)

    @cached_property
    def is_inside(self) -> NDArray[np.bool_]:
        lads = self.estate.assets["lad"]
        return np.asarray((lads == self.question.borough) if self.question.borough else np.ones(len(lads), dtype=bool))

    def co_locations(self) -> tuple[int, tuple[CoLocation, ...]]:
        """How many pairs the groups are of that may share a place, and the first of the groups."""
        estate, index = self.estate, self.estate.assets.index
        pairs = co_locations(estate, self.question.walk_m)
        pairs = pairs[self.is_inside[pairs["left"]] | self.is_inside[pairs["right"]]]
        met = np.unique(pairs[["left", "right"]].to_numpy())
        weight = pd.Series(self.in_need.around(estate.assets.iloc[met]), index=index[met])
        every = groups(pairs, estate, weight)
        every.sort(key=lambda group: (-weight[group[0]], -len(group[1]), group[0]))
        found = every[: self.question.most]
        held = self._held([asset for hub, around in found for asset in (hub, *around)])
        chains = self._ways([(held[hub].partner, held[around[0]].partner, held[hub].lad, ()) for hub, around in found])
        rows = []
        for rank, ((hub, around), way) in enumerate(zip(found, chains, strict=True), 1):
            others = [held[asset] for asset in around]
            apart = tuple(round(float(np.hypot(held[hub].x_m - one.x_m, held[hub].y_m - one.y_m)), 1) for one in others)
            reasons = tuple(_reason(held[hub].use, one.use) for one in others)
            rows.append(CoLocation(rank, (held[hub], *others), apart, reasons, float(weight[hub]), way))
        return sum(len(around) for _, around in every), tuple(rows)

    def spare(self) -> tuple[int, tuple[Spare, ...], Sited | None]:
        """How many unused pieces lie near robust gap areas, the best of them, and what they do together."""
        near, question = self._near_robust(), self.question
        if near.empty:
            return 0, (), None
        near = near.assign(people=self.in_need.around(self.estate.assets.loc[near.index], waiting=True), id=near.index)
        near = near.sort_values(["people", "distance_m", "id"], ascending=[False, True, True])
        near = near[~self._place(near.index).duplicated()]
        asked = SitingQuestion(question.p, candidates=Candidates.ASSETS, radius_m=question.reach_m, time_limit_s=0)
        sited = site(self.atlas, asked, among=near.index)
        chosen = {new.id for new in sited.sites}
        # what is chosen together is shown, however little it does alone
        first = [asset for place, asset in enumerate(near.index) if place < question.most or asset in chosen]
        return len(near), self._spare_rows(near, first, {new.id: new for new in sited.sites}), sited

    def _spare_rows(self, near: pd.DataFrame, first: Sequence[str], chosen: Mapping[str, NewSite]) -> tuple[Spare, ...]:
        around = self._nearest(first)
        held = self._held([*first, *(asset for asset, _ in around.values())])
        areas = {area.id: area for area in self.robust}
        wanted = [
            (
                held[asset].partner,
                held[around[asset][0]].partner if asset in around else "",
                held[asset].lad,
                areas[near["area"][asset]].local,
            )
            for asset in first
        ]
        return tuple(
            Spare(
                rank,
                held[asset],
                area.id,
                area.name,
                float(near["distance_m"][asset]),
                float(near["people"][asset]),
                chosen[asset].order if asset in chosen else None,
                chosen[asset].adds if asset in chosen else 0.0,
                Nearby(held[around[asset][0]], around[asset][1]) if asset in around else None,
                way,
            )
            for rank, (asset, way) in enumerate(zip(first, self._ways(wanted), strict=True), 1)
            for area in (areas[near["area"][asset]],)
        )

    def _near_robust(self) -> pd.DataFrame:
        """The unused pieces by id, each with its nearest robust gap area; of areas as near the one with most people."""
        free = replace(self.estate, assets=self.estate.assets[available(self.estate) & self.is_inside])
        shapes = self.atlas.inputs.areaset.areas.geometry
        found = []
        for area in self.robust:
            apart = near_areas(free, shapely.union_all(np.asarray(shapes[list(area.lsoas)])), self.question.near_m)
            found.append(apart.to_frame().assign(area=area.id, rank=area.rank))
        if not found:
            return pd.DataFrame({"distance_m": [], "area": []})
        every = pd.concat(found).rename_axis("asset").reset_index()
        first = every.sort_values(["asset", "distance_m", "rank"]).drop_duplicates("asset")
        return first.set_index("asset")[["distance_m", "area"]].round({"distance_m": 1})

    def helps(self) -> tuple[int, tuple[Help, ...]]:
        """How many neighbours may help each other, and those with most people in need around them."""
        index, question = self.estate.assets.index, self.question
        pairs = complements(self.estate, question.beside_m)
        pairs = pairs[self.is_inside[pairs["gives"].to_numpy(int)] | self.is_inside[pairs["takes"].to_numpy(int)]]
        if pairs.empty:
            return 0, ()
        people = self.in_need.around(self.estate.assets.iloc[pairs["takes"].to_numpy(int)])
        pairs = pairs.assign(people=people).sort_values(
            ["people", "distance_m", "gives", "takes"], ascending=[False, True, True, True]
        )
        # of one place to give, its best use alone: else it would fill the list
        every = pairs[~self._place(index[pairs["gives"].to_numpy(int)]).duplicated()]
        first = every.head(question.most)
        gives, takes = ([str(asset) for asset in index[first[side].to_numpy(int)]] for side in ("gives", "takes"))
        held = self._held([*gives, *takes])
        chains = self._ways(
            [
                (held[one].partner, held[other].partner, held[one].lad, ())
                for one, other in zip(gives, takes, strict=True)
            ]
        )
        rows = zip(gives, takes, first["distance_m"], first["rule"], first["people"], chains, strict=True)
        return len(every), tuple(
            Help(
                rank,
                held[one],
                held[other],
                round(float(apart), 1),
                COMPLEMENTS[int(rule)].name,
                COMPLEMENTS[int(rule)].reason,
                float(people),
                way,
            )
            for rank, (one, other, apart, rule, people, way) in enumerate(rows, 1)
        )

    def _place(self, assets: pd.Index[str]) -> pd.Index[int]:
        """Which place each is an interest in."""
        return pd.Index(self.estate.group[self.estate.assets.index.get_indexer(assets)])

    def _nearest(self, assets: Sequence[str]) -> dict[str, tuple[str, float]]:
        """The nearest asset of another partner to each, and how far it is; equal ones by id."""
        estate = self.estate
        partner, where = pd.factorize(estate.assets["partner"])[0], np.nan_to_num(estate.xy, nan=np.inf)
        guarded = estate.assets["is_sensitive"].to_numpy(bool)
        found = {}
        for asset in assets:
            row = int(estate.assets.index.get_indexer(pd.Index([asset]))[0])
            apart = np.hypot(where[:, 0] - where[row, 0], where[:, 1] - where[row, 1])
            apart[(partner == partner[row]) | guarded] = np.inf
            nearest = int(apart.argmin())
            if np.isfinite(apart[nearest]):
                found[asset] = str(estate.assets.index[nearest]), round(float(apart[nearest]), 1)
        return found

    def _held(self, assets: Sequence[str]) -> dict[str, Held]:
        """What is said of some assets, by id."""
        rows = self.estate.assets.loc[list(dict.fromkeys(assets))]
        graph, boroughs = self.atlas.graph, self.atlas.inputs.areaset.borough_names()
        registers = self.estate.registers
        partners = dict(zip(map(str, registers["partner"]), map(str, registers["partner_name"]), strict=True))
        partners |= {node: str(graph.nodes[node]["name"]) for node in rows["partner"].unique() if node in graph}
        columns = ["partner", "use", "status", "placed_by", "postcode", "lad", "x_m", "y_m"]
        named = rows[columns].assign(name=names_of(rows))
        return {str(asset): _held_of(str(asset), row, partners, boroughs) for asset, row in named.iterrows()}

    def _ways(self, wanted: Sequence[tuple[str, str, str, Sequence[str]]]) -> list[Ways]:
        """Chains from a holder to a partner, and to who can act in a borough."""
        acting: dict[tuple[str, Sequence[str]], tuple[str, ...]] = {}
        asked: list[Wanted] = []
        for holder, partner, lad, local in wanted:
            key = lad, tuple(local)
            if key not in acting:
                acting[key] = who_can_act(self.atlas, lad, local)
            asked.append((holder, partner, acting[key]))
        return ways(self.atlas, asked)


def _held_of(asset: str, row: Any, partners: dict[str, str], boroughs: dict[str, str]) -> Held:
    lad = str(row["lad"])
    return Held(
        asset=asset,
        name=str(row["name"]),
        partner=str(row["partner"]),
        partner_name=str(partners.get(row["partner"]) or row["partner"]),
        use=Use(row["use"] or Use.UNKNOWN),
        status=AssetStatus(row["status"] or AssetStatus.UNKNOWN),
        placed_by=PlacedBy(row["placed_by"]),
        postcode=str(row["postcode"]),
        lad=lad,
        lad_name=boroughs.get(lad, ""),
        x_m=round(float(row["x_m"]), 1),
        y_m=round(float(row["y_m"]), 1),
    )


def _reason(one: Use, other: Use) -> str:
    return next(pair.reason for pair in COMPATIBLE if {pair.one, pair.other} == {one, other})
