"""Whether dates and status agree: within a row, and of a tie with the bodies that it joins.

Only what cannot be is told: a tie of 2021 may have begun after a body that began in June 2021, so nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from atlas.errors import Faults
from atlas.graph.consistency.rows import Rows
from atlas.graph.consistency.ties import FILE, same_ends
from atlas.graph.tie_columns import TieColumns
from atlas.graph.timeline import bounds
from atlas.vocabulary import Relation, Status

DATED: Final = ("institutions", "sites", "networks", "programmes")
_NEVER, _ALWAYS = date.min.toordinal(), date.max.toordinal()
_YEAR: Final = 365
Days = NDArray[np.int64]


def first_day(text: str | None) -> int:
    """Number (`date.toordinal`) of the first day that a partial date may mean; unknown is the first of all.

    Examples
    --------
    >>> first_day("2021-02") == date(2021, 2, 1).toordinal(), first_day(None)
    (True, 1)
    """
    return bounds(text)[0].toordinal() if text else _NEVER


def last_day(text: str | None) -> int:
    """Number (`date.toordinal`) of the last day that a partial date may mean; unknown is the last of all.

    Examples
    --------
    >>> last_day("2021-02") == date(2021, 2, 28).toordinal(), last_day(None) == date.max.toordinal()
    (True, True)
    """
    return bounds(text)[1].toordinal() if text else _ALWAYS


def doubt_status(rows: Rows, ties: TieColumns, faults: Faults) -> None:
    """Warn where a row's status cannot be true of its dates on the day that somebody last looked."""
    for table in DATED:
        for row, record in rows.get(table, ()):
            _say_status(f"{table}.csv", row, record, faults)
    start, end, status, checked = (ties.columns[name] for name in ("start", "end", "status", "checked_on"))
    looked = checked.take([day.toordinal() for day in checked.values], np.int64)
    over = end.take([last_day(day) for day in end.values], np.int64) < looked
    ahead = end.take([first_day(day) for day in end.values], np.int64) > looked
    begun = start.take([last_day(day) for day in start.values], np.int64) < looked
    wrong = (
        (over & status.where(lambda word: word is Status.ACTIVE))
        | (ahead & status.where(lambda word: word is Status.ENDED))
        | (begun & status.where(lambda word: word is Status.PLANNED))
    )
    for place in np.flatnonzero(wrong).tolist():
        _say_status(FILE, int(ties.rows[place]), ties[place], faults)


def _say_status(file: str, row: int, record: Any, faults: Faults) -> None:
    looked = record.checked_on.toordinal()
    wrong = None
    if record.status is Status.ACTIVE and last_day(record.end) < looked:
        wrong = f"status active though it ended ({record.end})", "ended, or no end"
    if record.status is Status.ENDED and first_day(record.end) > looked:
        wrong = f"status ended though its end ({record.end}) was still to come", "active, or the day it ended"
    if record.status is Status.PLANNED and last_day(record.start) < looked:
        wrong = f"status planned though it began ({record.start})", "active, ended or unknown"
    if wrong:
        problem, expected = wrong
        faults.add(file, problem, expected, row=row, column="status", value=record.status.value, severity="warning")


def doubt_lives(rows: Rows, ties: TieColumns, faults: Faults) -> None:
    """Warn of ties that begin before, end after or go on after one of the bodies that they join."""
    names, subjects, objects = ties.ends()
    lives = {record.id: record for table in DATED for _, record in rows.get(table, ())}
    bodies = [lives.get(name) for name in names]
    start, end, status = (ties.columns[name] for name in ("start", "end", "status"))
    succeeds = ties.columns["relation"].where(lambda verb: verb is Relation.SUCCEEDS)
    open_today = status.where(lambda word: word is Status.ACTIVE) & end.where(lambda day: day is None)
    for column, places in (("subject", subjects), ("object", objects)):
        begins = _of(bodies, [first_day(body.start) if body else _NEVER for body in bodies], places)
        ends = _of(bodies, [last_day(body.end) if body else _ALWAYS for body in bodies], places)
        gone = _of(bodies, [body is not None and body.status is Status.ENDED for body in bodies], places).astype(bool)
        past = succeeds if column == "object" else np.zeros(len(ties), dtype=bool)
        told = {
            "begins before": start.take([last_day(day) for day in start.values], np.int64) < begins,
            "begins after the end of": (start.take([first_day(day) for day in start.values], np.int64) > ends) & ~past,
            "ends after": (end.take([first_day(day) for day in end.values], np.int64) > ends) & ~past,
            "goes on after the end of": open_today & gone & ~succeeds,
        }
        for words, wrong in told.items():
            for place in np.flatnonzero(wrong).tolist():
                _say_life(ties, place, bodies[places[place]], (column, words), faults)


def _of(bodies: Sequence[Any], values: Sequence[int | bool], places: Days) -> Days:
    return np.array(values, dtype=np.int64)[places] if bodies else np.zeros(0, dtype=np.int64)


def _say_life(ties: TieColumns, place: int, body: Any, what: tuple[str, str], faults: Faults) -> None:
    column, words = what
    tie = ties[place]
    span = f"{tie.start or ''} to {tie.end or ''}".strip()
    life = f"{body.start or 'unknown'} to {body.end or ('an unknown end' if body.status is Status.ENDED else 'today')}"
    faults.add(
        FILE,
        f"tie ({span}) {words} its {column}",
        f"dates within its life, {life}",
        row=int(ties.rows[place]),
        column=column,
        value=body.id,
        severity="warning",
    )


def doubt_successions(rows: Rows, ties: TieColumns, faults: Faults) -> None:
    """Warn of a succession more than a year from the end of what is succeeded, or of what is still active."""
    lives = {record.id: record for table in DATED for _, record in rows.get(table, ())}
    chosen = ties.columns["relation"].where(lambda verb: verb is Relation.SUCCEEDS)
    for place in np.flatnonzero(chosen).tolist():
        tie, row = ties[place], int(ties.rows[place])
        gone = lives.get(tie.object)
        if gone is None:
            continue
        late = first_day(tie.start) > last_day(gone.end) + _YEAR
        early = last_day(tie.start) + _YEAR < first_day(gone.end)
        if late or early:
            expected = f"a start within a year of the end of what it succeeds ({gone.end})"
            faults.add(FILE, "dates disagree", expected, row=row, column="start", value=tie.start, severity="warning")
        if gone.status is Status.ACTIVE and gone.end is None and tie.status is Status.ACTIVE:
            expected = "the end and status of what is succeeded"
            faults.add(
                FILE,
                "succeeded but still active",
                expected,
                row=row,
                column="object",
                value=gone.id,
                severity="warning",
            )


def doubt_repeats(ties: TieColumns, faults: Faults) -> None:
    """Warn of two rows that say the same tie of one time: with other dates, where one row would do."""
    key, _ = same_ends(ties)
    order = np.argsort(key, kind="stable")
    alike = np.flatnonzero(key[order][1:] == key[order][:-1])
    groups: dict[int, list[int]] = {}
    for place in alike.tolist():
        group = groups.setdefault(int(key[order[place]]), [int(order[place])])
        group.append(int(order[place + 1]))
    for group in groups.values():
        several = sorted(group, key=lambda place: (first_day(ties[place].start), int(ties.rows[place])))
        for one, other in pairwise(several):
            if ties[one].start != ties[other].start and _overlap(ties[one], ties[other]):
                expected = f"one row with the dates of both (also row {ties.rows[one]})"
                row, value = int(ties.rows[other]), ties[other].subject
                problem = "the same tie twice at one time"
                faults.add(FILE, problem, expected, row=row, column="subject", value=value, severity="warning")


def _overlap(one: Any, other: Any) -> bool:
    if one.end is None and other.end is None:
        return one.status is Status.ACTIVE and other.status is Status.ACTIVE
    still_on = first_day(one.end) if one.end else (_ALWAYS if one.status is Status.ACTIVE else _NEVER)
    return still_on > last_day(other.start)
