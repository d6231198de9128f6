"""Answers as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from atlas.gaps.briefs import GapArea
from atlas.snapshot import Atlas
from atlas.vocabulary import LABELS, label

if TYPE_CHECKING:
    from atlas.sources.download import Status


def whole_answer(atlas: Atlas, borough: str | None = None) -> str:
    """Say the answer in words: where, on what data, and what is not known."""
    names = atlas.inputs.areaset.boroughs["name"]
    areas = atlas.gap_areas_in(borough)
    where = f"touching {names[borough]}" if borough else "in London"
    known = [area for area in areas if area.verdict != "unknown"]
    robust = sum(area.verdict == "robust" for area in known)
    people = sum(area.population for area in known)
    sectors = ", ".join(label(sector).lower() for sector in atlas.parameters.sectors)
    caveat = ", an estimate, not an official index" if atlas.inputs.deprivation.is_estimate else ""
    reach_km = atlas.parameters.catchment_m / 1000
    found = f"{len(known)} gap areas {where}, home to {people:,} people; {robust} of them robust."
    meant = "Need is among London's highest fifth there, and anchors among the fewest."
    need = f"Need: {LABELS[atlas.inputs.release]}{caveat}."
    anchors = f"Anchors: {atlas.summary.sites} sites ({sectors}); catchment {reach_km:g} km. Revision {atlas.revision}."
    lines = [f"{found} {meant}", need, anchors]
    for sector, codes in atlas.unsurveyed().items():
        known_names = ", ".join(names[code] for code in codes)
        lines.append(f"Unknown: {label(sector).lower()} not completely surveyed in {known_names}.")
    return escape("\n".join(lines))


def gaps_table(areas: Sequence[GapArea]) -> Table:
    """One line for each gap area."""
    table = Table(box=None, pad_edge=False)
    for column, justify in _COLUMNS:
        table.add_column(column, justify=justify, overflow="fold")
    for area in areas:
        nearest = area.nearest_anchors[0] if area.nearest_anchors else None
        table.add_row(
            str(area.rank),
            escape(area.name),
            escape(area.lad_name),
            f"{area.population:,}",
            label(area.verdict),
            f"{area.need_percentile:.0f}",
            f"{area.access_percentile:.0f}",
            escape(f"{nearest.site_name}, {nearest.distance_m / 1000:.1f} km") if nearest else "none in reach",
            str(len(area.networks)),
            str(len(area.programmes)),
        )
    table.caption = "need percentile: 100 most deprived; access percentile: 100 best served; in London, by people"
    return table


_COLUMNS = (
    ("", "right"),
    ("area", "left"),
    ("borough", "left"),
    ("people", "right"),
    ("verdict", "left"),
    ("need", "right"),
    ("access", "right"),
    ("nearest anchor", "left"),
    ("networks", "right"),
    ("programmes", "right"),
)


def catalogue_table(statuses: Iterable[Status]) -> Table:
    """One line for each official file."""
    table = Table(box=None, pad_edge=False)
    for column in ("name", "title", "publisher", "vintage", "here"):
        table.add_column(column, overflow="fold")
    for status in statuses:
        entry = status.entry
        table.add_row(entry.name, entry.title, entry.publisher, str(entry.vintage), "yes" if status.is_here else "no")
    return table
