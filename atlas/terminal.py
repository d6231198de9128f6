"""Answers as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.table import Table

from atlas.gaps.briefs import GapArea
from atlas.snapshot import Atlas
from atlas.vocabulary import label

if TYPE_CHECKING:
    from atlas.sources.download import Status


_HERE: Final = {"absent": "no", "pulled": "yes", "changed": "changed since", "unrecorded": "yes, not by pull"}
"""The state of an official file, in words."""


def whole_answer(atlas: Atlas, borough: str | None = None) -> str:
    """Say the answer in words: where, on what data, and what is not known."""
    names = atlas.inputs.areaset.borough_names()
    areas = atlas.gap_areas_in(borough)
    sectors = ", ".join(label(sector).lower() for sector in atlas.parameters.sectors)
    measure = label(atlas.parameters.need_domain).lower()
    release = "Atlas's own estimate, not an official index" if atlas.inputs.deprivation.is_estimate else None
    reach_km = atlas.parameters.catchment_m / 1000
    need = f"Need: {release or label(atlas.inputs.release)} ({measure})."
    anchors = f"Anchors: {atlas.summary.sites} sites ({sectors}); catchment {reach_km:g} km. Revision {atlas.revision}."
    lines = [_found(areas, f"touching {names[borough]}" if borough else "in London"), need, anchors]
    for sector, codes in atlas.unsurveyed().items():
        known_names = "any borough" if len(codes) == len(names) else ", ".join(names[code] for code in codes)
        lines.append(f"Unknown: {label(sector).lower()} not completely surveyed in {known_names}.")
    return escape("\n".join(lines))


def _found(areas: Sequence[GapArea], where: str) -> str:
    known = [area for area in areas if area.verdict != "unknown"]
    robust = sum(area.verdict == "robust" for area in known)
    words = [f"{_people(known, where)}; {robust} of them robust." if known else f"No gap areas {where}."]
    if known:
        words.append("Need is among London's highest fifth there, and anchors among the fewest.")
    if len(areas) > len(known):
        unknown = [area for area in areas if area.verdict == "unknown"]
        words.append(f"Not known: {_people(unknown)}, where anchors were not completely surveyed.")
    return " ".join(words)


def _people(areas: Sequence[GapArea], where: str = "") -> str:
    count = "1 gap area" if len(areas) == 1 else f"{len(areas)} gap areas"
    return f"{count}{where and ' '}{where}, home to {sum(area.population for area in areas):,} people"


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
        table.add_row(entry.name, entry.title, entry.publisher, str(entry.vintage), _HERE[status.state])
    return table
