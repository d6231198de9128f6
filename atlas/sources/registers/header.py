"""Where the header of a table is, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from atlas.geo.estate.cleaning.columns import names_field
from atlas.sources.registers.headerwords import (
    counts_columns,
    has_header_word,
    is_data,
    is_guidance,
    is_unit,
    is_year,
    number_like,
)
from atlas.sources.registers.limits import Limits, refused

Rows: TypeAlias = Sequence[tuple[int, Sequence[str]]]

LOOKED_AT: Final = 60
"""Rows from the top that are looked at to find the header."""

_MOST_TITLES: Final = 30
_LONG: Final = 300
_PLAIN_GROUPS: Final = frozenset(
    {"mandatory", "recommended", "optional", "required", "general", "basic", "core", "main", "other", "further"}
    | {"asset", "assets", "property", "site", "land", "building", "buildings", "details", "detail", "information"}
    | {"info", "data", "description", "identification", "identity", "location", "address", "current", "position"}
    | {"measurements", "measurement", "size", "sizes", "area", "areas", "status", "transparency", "code", "fields"}
    | {"and", "of", "the"}
)
"""Words of groups of columns that change nothing of what stands under them."""
_SHOWN: Final = 60
_FEW: Final = 0.3
_SEVERAL: Final = 3
_GIVES_UNITS: Final = "gives units and is no data: they were put behind the names"


@dataclass(frozen=True, slots=True)
class Header:
    """A table's header.

    Parameters
    ----------
    columns : tuple of str
        Names, each of its own.
    first_row : int
        Row of its first line as a spreadsheet counts it.
    last_row : int
        Row of its last line; rows after `skip_to` are data.
    skip_to : int
        Last row that is no data: the header's last line, or a line below it of units, of numbers or letters of
        columns, or of what has to be filled in.
    notes : tuple of str
        What was done, in sentences.
    """

    columns: tuple[str, ...]
    first_row: int
    last_row: int
    skip_to: int
    notes: tuple[str, ...]


def find_header(rows: Rows, file: str, limits: Limits, merges: dict[int, dict[int, int]] | None = None) -> Header:
    """Find the header of a table in its first rows.

    Parameters
    ----------
    rows : sequence of (int, sequence of str)
        The first rows that are not blank, each with its number as a spreadsheet counts it; at most `LOOKED_AT` are
        looked at.
    file : str
        The file's name, for faults.
    limits : Limits
        How many columns there may be.
    merges : dict, optional
        Cells merged sideways: by row, the last column of the one that begins at a column. None where the file cannot
        tell, so that a cell reaches up to the next that is filled.

    Returns
    -------
    Header

    Raises
    ------
    DataError
        If the first row that fills the table is data already, or there are too many columns.

    Examples
    --------
    >>> rows = [(1, ["Land register"]), (3, ["Site", "", "UPRN"]), (4, ["Name", "Area (ha)", ""]),
    ...         (5, ["Town Hall", "0.5", "100021234567"])]
    >>> found = find_header(rows, "register.csv", Limits())
    >>> found.columns, found.last_row
    (('Site Name', 'Site Area (ha)', 'UPRN'), 4)
    """
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in rows[:LOOKED_AT]]
    at = _header_line(rows)
    if at is None:
        row = rows[_first_full(rows) or 0]
        raise refused(
            file,
            "the table has no header: its first row is data already",
            "a row of names above the data",
            row=row[0],
            value=_shown(row[1]),
        )
    first, last = at, at
    if at > 0 and _is_group_line(rows, at - 1, at):
        first = at - 1
    elif at + 1 < len(rows) and _is_second_line(rows, at, at + 1):
        last = at + 1
    notes = _title_notes(rows[:first])
    names = _joined(rows, first, last, merges)
    if last > first:
        notes.append(f"The header's two lines, rows {rows[first][0]} and {rows[last][0]}, were joined.")
    names, below = _taken_in(rows, last, names)
    skip_to = last + len(below)
    notes += below
    names = _trimmed(names, rows[skip_to + 1 :])
    if len(names) > limits.columns:
        raise refused(file, f"{len(names):,} columns", f"at most {limits.columns:,}", row=rows[last][0])
    columns = unique_names(names)
    notes += _name_notes(names, columns)
    return Header(columns, rows[first][0], rows[last][0], rows[skip_to][0], tuple(notes))


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name of its own.

    Examples
    --------
    >>> unique_names(["Organisation", "Organisation", "", "Area"])
    ('Organisation', 'Organisation (2)', 'column 3', 'Area')
    """
    given: set[str] = set()
    taken = {name for name in names if name}
    unique = []
    for place, name in enumerate(names, 1):
        base = new = name or f"column {place}"
        count = 1
        while new in given or (count > 1 and new in taken) or (not name and new in taken):
            count += 1
            new = f"{base} ({count})"
        given.add(new)
        unique.append(new)
    return tuple(unique)


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def _first_full(rows: Rows) -> int | None:
    """Position of the first row that fills as much of the table as half of the rows below it usually do."""
    for at, (_, cells) in enumerate(rows[: _MOST_TITLES + 1]):
        if _counts_header(rows, at):
            continue
        below = sorted(_filled(later) for _, later in rows[at + 1 :])
        usual = below[len(below) // 2] if below else 1
        if _filled(cells) >= max(1, (usual + 1) // 2) and not (_is_title(cells) and usual > 1):
            return at
    return None


def _counts_header(rows: Rows, at: int) -> bool:
    """Whether a line numbers or letters the columns, and the next names them."""
    if at + 1 == len(rows) or not counts_columns(rows[at][1]):
        return False
    below = [cell for cell in rows[at + 1][1] if cell]
    return sum(map(has_header_word, below)) * 2 >= len(below) and _is_header(rows, at + 1)


def _header_line(rows: Rows) -> int | None:
    """Position of the row that names the columns; None where there is none."""
    first = _first_full(rows)
    if first is None or _is_header(rows, first):
        return first
    widest = _filled(rows[first][1])
    for at in range(first + 1, min(len(rows), _MOST_TITLES)):
        if _counts_header(rows, at):
            continue
        cells = [cell for cell in rows[at][1] if cell]
        is_wider = len(cells) > widest
        if is_wider and sum(map(has_header_word, cells)) * 2 >= len(cells) and _is_header(rows, at):
            return at
        widest = max(widest, len(cells))
    return None


def _is_title(cells: Sequence[str]) -> bool:
    return _filled(cells) == 1


def _is_header(rows: Rows, at: int) -> bool:
    """Whether a row names columns: no number, postcode or date, and no value that comes again below."""
    cells = [cell for cell in rows[at][1] if cell]
    if any(is_data(cell) for cell in cells) or any(len(cell) > _LONG for cell in cells):
        known = sum(has_header_word(cell) for cell in cells)
        if known < max(2, len(cells) // 2) or sum(map(is_data, cells)) > len(cells) // 5:
            return False
    if sum(number_like(cell) and not is_year(cell) for cell in cells) > _FEW * len(cells):
        return False
    if sum(map(has_header_word, cells)) * 2 >= len(cells):
        return True
    # a header printed once more on each page is no data, but of a column or two it might be
    below = [later for _, later in rows[at + 1 :] if later != rows[at][1] or len(cells) < _SEVERAL]
    return not any(_comes_again(below, column, cell) for column, cell in enumerate(rows[at][1]) if cell)


def _comes_again(rows: Sequence[Sequence[str]], column: int, cell: str) -> bool:
    return any(column < len(row) and row[column] == cell for row in rows)


def _is_group_line(rows: Rows, above: int, at: int) -> bool:
    """Whether the line above names groups of columns, and is no title."""
    if rows[at][0] != rows[above][0] + 1:
        return False
    cells = rows[above][1]
    places = [place for place, cell in enumerate(cells) if cell]
    words = [cells[place] for place in places]
    if counts_columns(words):
        return False
    if any(is_data(cell) or number_like(cell) or len(cell) > _SHOWN or cell.endswith(":") for cell in words):
        return False
    if len(places) == 1:
        return places[0] > 0
    return places[:2] != [0, 1] or len(places) > 2


def _is_second_line(rows: Rows, at: int, below: int) -> bool:
    """Whether the line below goes on with the header: words alone, where the column below it has figures."""
    cells = rows[below][1]
    filled = [(place, cell) for place, cell in enumerate(cells) if cell]
    later = [row for _, row in rows[below + 1 :]]
    if not filled or not later or rows[below][0] != rows[at][0] + 1:
        return False
    if any(is_data(cell) or number_like(cell) or re.search(r"\d{2,}", cell) for _, cell in filled):
        return False
    top = rows[at][1]
    is_split = any(place < len(top) and not top[place] for place, _ in filled) or _repeats(top)
    if not is_split or not any(has_header_word(cell) for _, cell in filled):
        return False
    if all(is_unit(cell) for _, cell in filled):
        return False
    if any(_comes_again(later, place, cell) for place, cell in filled):
        return False
    return any(_has_figures(later, place) for place, _ in filled) or all(has_header_word(cell) for _, cell in filled)


def _repeats(cells: Sequence[str]) -> bool:
    names = [cell for cell in cells if cell]
    return len(set(names)) < len(names)


def _has_figures(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    return bool(cells) and sum(map(number_like, cells)) * 2 >= len(cells)


def _taken_in(rows: Rows, last: int, names: list[str]) -> tuple[list[str], list[str]]:
    """The names with units, and of each line below the header that is no data what it is; one of each kind."""
    notes: dict[str, str] = {}
    for number, cells in rows[last + 1 :]:
        what = _why_no_data(cells, names)
        if not what or what in notes:
            break
        notes[what] = f"Row {number} {what}."
        if what == _GIVES_UNITS:
            names = _with_units(names, cells)
    return names, [*notes.values()]


def _why_no_data(cells: Sequence[str], header: Sequence[str]) -> str:
    """What a line below the header is, where it is no data."""
    filled = [cell for cell in cells if cell]
    if filled and all(map(is_unit, filled)):
        return _GIVES_UNITS
    if counts_columns(cells) and len(filled) >= _filled(header):
        return "counts the columns and is no data"
    if is_guidance(cells):
        return "says what has to be filled in and is no data"
    return ""


def _joined(rows: Rows, first: int, last: int, merges: dict[int, dict[int, int]] | None) -> list[str]:
    bottom = [" ".join(cell.split()) for cell in rows[last][1]]
    if first == last:
        return bottom
    top_row, top = rows[first]
    width = max(len(top), len(bottom))
    bottom += [""] * (width - len(bottom))
    reach = None if merges is None else merges.get(top_row, {})
    over = _carried(list(top) + [""] * (width - len(top)), bottom, reach)
    plain = [set(group.casefold().replace(":", "").split()) <= _PLAIN_GROUPS for group in over]
    times = Counter(name for name, is_plain in zip(bottom, plain, strict=True) if is_plain)
    return [
        _own_or_joined(group, name) if is_plain and times[name] == 1 else _join(group, name)
        for group, name, is_plain in zip(over, bottom, plain, strict=True)
    ]


def _own_or_joined(group: str, name: str) -> str:
    """The words of both lines, unless the lower alone names a field and both together do not."""
    joined = _join(group, name)
    return name if not names_field(joined) and names_field(name, alone=True) else joined


def _carried(top: list[str], bottom: Sequence[str], reach: dict[int, int] | None) -> list[str]:
    """Words over each column: those of its own cell, or of the merged one that reaches over it."""
    carried, group, until = [], "", -1
    for place, cell in enumerate(top):
        if cell:
            group = " ".join(cell.split())
            until = len(top) if reach is None else reach.get(place, place)
        is_over = place <= until and (cell or bottom[place])
        carried.append(group if is_over else "")
    return carried


def _join(group: str, name: str) -> str:
    if not group or name.casefold().startswith(group.casefold()):
        return name
    return f"{group} {name}".strip()


def _with_units(names: list[str], units: Sequence[str]) -> list[str]:
    return [
        f"{name} ({units[place].strip('()')})" if place < len(units) and units[place] and name else name
        for place, name in enumerate(names)
    ]


def _trimmed(names: list[str], below: Rows) -> list[str]:
    """The names up to the last that is one, or that has something below it; one more for each column that half fill."""
    widths = sorted(max((place for place, cell in enumerate(cells, 1) if cell), default=0) for _, cells in below)
    last_name = max((place for place, name in enumerate(names, 1) if name), default=0)
    usual = widths[len(widths) // 2] if widths else 0
    width = max(last_name, usual, min(len(names), widths[-1] if widths else 0))
    return [*names, *[""] * width][:width]


def _title_notes(rows: Rows) -> list[str]:
    if not rows:
        return []
    words = "; ".join(_shown(cells) for _, cells in rows)
    numbers = [number for number, _ in rows]
    where = f"Row {numbers[0]}" if len(numbers) == 1 else f"Rows {numbers[0]} to {numbers[-1]}"
    return [f"{where} above the header {'was' if len(numbers) == 1 else 'were'} passed over: {words}."]


def _name_notes(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    notes = []
    twice = [new for name, new in zip(names, columns, strict=True) if name and new != name]
    if twice:
        notes.append(f"Columns named more than once were numbered: {', '.join(twice)}.")
    nameless = [new for name, new in zip(names, columns, strict=True) if not name]
    if nameless:
        notes.append(f"Columns without a name were given one: {', '.join(nameless)}.")
    return notes


def _shown(cells: Sequence[str]) -> str:
    text = ", ".join(" ".join(cell.split()) for cell in cells if cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
