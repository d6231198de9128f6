"""Answers as tables for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.table import Table

from atlas.gaps.briefs import GapArea
from atlas.gaps.explain import explain
from atlas.gaps.sentences import (
    boroughs_words,
    changed_words,
    distance_words,
    headline,
    left_out_words,
    reach_words,
    rounded,
)
from atlas.graph.wording import listed
from atlas.snapshot import Atlas
from atlas.vocabulary import Verdict, label

if TYPE_CHECKING:
    from atlas.sources.download import Status


_HERE: Final = {"absent": "no", "pulled": "yes", "changed": "changed since", "unrecorded": "yes, not by pull"}
"""The state of an official file, in words."""


def whole_answer(atlas: Atlas, borough: str | None = None) -> str:
    """Say the answer in words: where, on what data, and what is not known."""
    names = atlas.inputs.areaset.borough_names()
    areas = atlas.gap_areas_in(borough)
    release = "Atlas's own estimate, not an official index" if atlas.inputs.deprivation.is_estimate else None
    sectors = listed([label(sector).lower() for sector in atlas.parameters.sectors])
    sites = "1 site" if atlas.summary.sites == 1 else f"{atlas.summary.sites} sites"
    known = [area for area in areas if area.verdict is not Verdict.UNKNOWN]
    lines = [
        headline(
            len(known), atlas.people_of(known, borough), atlas.parameters, names[borough] if borough else "London"
        ),
        *_sure(atlas, areas, borough),
        f"Need: {release or label(atlas.inputs.release)} ({label(atlas.parameters.need_domain).lower()}).",
        f"Anchors: {sites} ({sectors}) {reach_words(atlas.parameters)}. Revision {atlas.revision}.",
    ]
    lines += [f"{words}." for words in changed_words(atlas.parameters)]
    if atlas.summary.out_of_reach > atlas.parameters.access_share:
        lines.append(f"At this catchment {atlas.summary.out_of_reach:.0%} of London's people have no anchor in reach.")
    for sector, codes in atlas.unsurveyed().items():
        lines.append(f"{label(sector)}: not surveyed completely in {boroughs_words(codes, names)}.")
    return escape("\n".join(lines))


def _sure(atlas: Atlas, areas: Sequence[GapArea], borough: str | None) -> list[str]:
    counts = Counter(area.verdict for area in areas)
    unknown = [area for area in areas if area.verdict is Verdict.UNKNOWN]
    words = []
    if len(areas) > len(unknown):
        words.append(f"{counts[Verdict.ROBUST]} robust, {counts[Verdict.FRAGILE]} fragile.")
    if left_out := left_out_words(atlas.people_left_out(borough)):
        words.append(left_out)
    if unknown:
        people = rounded(atlas.people_of(unknown, borough))
        words.append(f"Not known: {len(unknown)} more ({people} people), where anchors are not all surveyed.")
    return [" ".join(words)] if words else []


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
            distance_words(area.nearest_anchor_m),
            label(area.verdict),
            escape(area.boroughs),
            escape(area.name),
        )
    table.caption = (
        "need: 100 most deprived; access: 100 best served; percentiles of London's people; nearest: in a straight line"
    )
    return table


def explanation_table(atlas: Atlas, area: GapArea) -> tuple[str, Table]:
    """A gap area in a sentence, and the questions about it with their answers."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("question", ratio=1, style="bold")
    table.add_column("answer", ratio=3)
    for reason in explain(atlas.gaps, atlas.inputs.areaset.areas, area, atlas.assurance):
        table.add_row(escape(reason.question), escape(reason.answer) + "\n")
    verdict = label(area.verdict).lower()
    words = f"{area.rank}. {area.name}, {area.boroughs}: {verdict}.\n{area.sentence}\nRevision {atlas.revision}.\n"
    return escape(words), table


def catalogue_table(statuses: Iterable[Status]) -> Table:
    """One line for each official file."""
    table = Table(box=None, pad_edge=False)
    for column in ("name", "title", "publisher", "vintage", "here"):
        table.add_column(column, overflow="fold")
    for status in statuses:
        entry = status.entry
        table.add_row(entry.name, entry.title, entry.publisher, str(entry.vintage), _HERE[status.state])
    return table
