"""Answers as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from atlas.gaps.briefs import GapArea
from atlas.snapshot import Atlas
from atlas.vocabulary import label

if TYPE_CHECKING:
    from atlas.sources.download import Status


def whole_answer(atlas: Atlas, borough: str | None = None) -> str:
    """Say the answer in words: where, on what data, and what is not known."""
    names = atlas.inputs.areaset.borough_names()
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
    need = f"Need: {label(atlas.inputs.release)}{caveat}."
    anchors = f"Anchors: {atlas.summary.sites} sites ({sectors}); catchment {reach_km:g} km. Revision {atlas.revision}."
    lines = [f"{found} {meant}", need, anchors]
    for sector, codes in atlas.unsurveyed().items():
        known_names = ", ".join(names[code] for code in codes)
        lines.append(f"Unknown: {label(sector).lower()} not completely surveyed in {known_names}.")
    return escape("\n".join(lines))


def gaps_table(areas: Sequence[GapArea]) -> Table:
    """One line for each gap area."""
    table = Table(box=None, pad_edge=False)
    for column in ("", "people", "need", "access", "nearest"):
        table.add_column(column, justify="right", no_wrap=True)
    for column in ("verdict", "borough", "area"):
        table.add_column(column)
    for area in areas:
        table.add_row(
            str(area.rank),
            f"{area.population:,}",
            f"{area.need_percentile:.0f}",
            f"{area.access_percentile:.0f}",
            "none" if area.nearest_anchor_m is None else f"{area.nearest_anchor_m / 1000:.1f} km",
            label(area.verdict),
            escape(area.lad_name),
            escape(area.name),
        )
    table.caption = "need: 100 most deprived; access: 100 best served; percentiles of London's people"
    return table


def catalogue_table(statuses: Iterable[Status]) -> Table:
    """One line for each official file."""
    table = Table(box=None, pad_edge=False)
    for column in ("name", "title", "publisher", "vintage", "here"):
        table.add_column(column, overflow="fold")
    for status in statuses:
        entry = status.entry
        table.add_row(entry.name, entry.title, entry.publisher, str(entry.vintage), "yes" if status.is_here else "no")
    return table
