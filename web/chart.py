"""A metric over time as a chart: where every line and point goes; the template draws it as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from atlas.graph.figures import amount, short
from atlas.graph.progress import Commitment, Report, Track
from atlas.graph.timeline import bounds
from atlas.graph.wording import date_words

WIDTH: Final = 460
HEIGHT: Final = 220
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 22, 26
"""Room around the plot, in the drawing's own units."""

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_MOST_YEARS: Final = 7
_LEAST_SILENCE_DAYS: Final = 366
_WIDE: Final = 90.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick, or a target: where it is and what it says."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One report: its end, the start of its period, and its figure.

    Parameters
    ----------
    x, y : float
        The end of its period, and its value.
    since : float
        Where its period begins; the same as `x` for a day.
    words : str
        Its figure.
    anchor : {"start", "middle", "end"}
        How the figure stands to the point.
    is_disputed : bool
        Whether another report of the same period says otherwise.
    """

    x: float
    y: float
    since: float
    words: str
    anchor: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A line across the plot, up to the due date and a diamond there where one is known."""

    y: float
    due: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn of one metric, in a drawing of `WIDTH` by `HEIGHT`.

    Parameters
    ----------
    title, description : str
        For those who do not see it.
    years, values : tuple of Mark
        Ticks below and beside the plot.
    points : tuple of Point
        Dated reports, in order.
    path : str
        The line through them, as SVG has it.
    targets : tuple of Target
        Lines.
    baseline : float or None
        Height of the baseline.
    silence : tuple of float or None
        From where to where nothing is reported.
    undated : int
        Reports that have no place on it.
    """

    title: str
    description: str
    years: tuple[Mark, ...]
    values: tuple[Mark, ...]
    points: tuple[Point, ...]
    path: str
    targets: tuple[Target, ...]
    baseline: float | None
    silence: tuple[float, float] | None
    undated: int


def chart_of(track: Track) -> Chart | None:
    """Lay a metric out as a chart; None without a dated report, or with neither a target nor a second."""
    unit = track.unit
    dated = [report for report in track.reports if report.unit == unit and _end(report)]
    promised = [one for one in track.commitments if one.unit == unit]
    if not dated or not (promised or len(dated) > 1):
        return None
    days = [*map(_last, dated), *map(_first, dated), *(bounds(one.due)[1] for one in promised if one.due)]
    checked = [*(one.checked_on for one in dated), *(one.checked_on for one in promised)]
    looked = max(map(date.fromisoformat, checked))
    first, last = min(days).year, max(*days, looked).year + 1
    span = (date(last, 1, 1) - date(first, 1, 1)).days
    ticks = _ticks([*(report.value for report in dated), *(one.target for one in promised)])

    def across(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min((day - date(first, 1, 1)).days / span, 1.0), 1)

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * max(value, 0.0) / ticks[-1], 1)

    points = tuple(
        Point(
            across(_last(report)),
            up(report.value),
            across(_first(report)),
            short(report.value, unit),
            _anchor(across(_last(report)), after),
            report.is_disputed,
        )
        for report, after in zip(dated, [*(across(_last(other)) for other in dated[1:]), math.inf], strict=True)
    )
    quiet = (looked - _last(dated[-1])).days > _LEAST_SILENCE_DAYS
    baselines = [one.baseline for one in promised if one.baseline is not None]
    return Chart(
        title=f"{track.metric}, {first} to {last - 1}",
        description=describe(track, dated),
        years=tuple(Mark(across(date(year, 1, 1)), str(year)) for year in _years(first, last)),
        values=tuple(Mark(up(value), short(value, unit)) for value in ticks),
        points=points,
        path=" ".join(_path(points)),
        targets=tuple(_target(one, across, up) for one in promised),
        baseline=up(baselines[0]) if baselines else None,
        silence=(points[-1].x, across(looked)) if quiet else None,
        undated=len([report for report in track.reports if report.unit == unit]) - len(dated),
    )


def describe(track: Track, dated: Iterable[Report]) -> str:
    """The chart in words: every report with its period, then every target.

    Examples
    --------
    >>> describe(Track("n", "jobs", "jobs", (), ()), [Report(4.0, "jobs", None, "2024", "s", "e", "2026-11-21")])
    'Reported: 4 jobs (2024). No target is on record.'
    """
    reports = "; ".join(f"{amount(one.value, one.unit)} ({date_words(_end(one) or '')})" for one in dated)
    targets = "; ".join(
        amount(one.target, one.unit) + (f" by {date_words(one.due)}" if one.due else "") for one in track.commitments
    )
    return f"Reported: {reports}. " + (f"Target: {targets}." if targets else "No target is on record.")


def _end(report: Report) -> str | None:
    return report.period_end or report.period_start


def _last(report: Report) -> date:
    return bounds(_end(report) or "")[1]


def _first(report: Report) -> date:
    return bounds(report.period_start or report.period_end or "")[0]


def _target(one: Commitment, across: Callable[[date], float], up: Callable[[float], float]) -> Target:
    words = f"target {short(one.target, one.unit)}" + (f", due {date_words(one.due)}" if one.due else "")
    return Target(up(one.target), across(bounds(one.due)[1]) if one.due else None, words)


def _anchor(x: float, after: float) -> str:
    """How a figure stands to its point: inside the plot, and out of the way of a point soon after it."""
    if x < LEFT + _WIDE / 2:
        return "start"
    return "end" if x > WIDTH - RIGHT - _WIDE / 2 or x < after < x + _WIDE / 2 else "middle"


def _ticks(values: Iterable[float]) -> tuple[float, ...]:
    """Round numbers from 0 to one above all values, three to six of them."""
    most = max(*values, 0.0) * 1.12 or 1.0
    scale = 10.0 ** math.floor(math.log10(most / 4))
    step = next(part * scale for part in _STEPS if part * scale >= most / 4)
    return tuple(step * part for part in range(math.ceil(most / step) + 1))


def _years(first: int, last: int) -> range:
    return range(first, last, max(math.ceil((last - first) / _MOST_YEARS), 1))


def _path(points: tuple[Point, ...]) -> Iterator[str]:
    for one, other in pairwise(points):
        # reports of one period that disagree are not a course of events
        if one.x != other.x:
            yield f"M{one.x} {one.y}L{other.x} {other.y}"
