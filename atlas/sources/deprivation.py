"""Read the Indices of Deprivation in their official layout, File 7: scores, ranks, deciles and populations by LSOA."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from atlas.errors import Faults
from atlas.geo.deprivation import LSOAS_IN_ENGLAND, Deprivation
from atlas.sources.textfiles import (
    check_header,
    decode,
    is_comma_separated,
    parse_table,
    read_bytes,
    split_header,
    to_number,
    trim_header,
)
from atlas.vocabulary import WEIGHTED_DOMAINS, NeedDomain, Release

FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]
Key = tuple[str, str]
"""A table of `Deprivation` and a column of it."""

RELEASES: Final[Mapping[tuple[int, int], Release]] = MappingProxyType(
    {(2011, 2019): Release.IOD2019, (2021, 2024): Release.IOD2025}
)
"""The release, by the years in its headers: of the LSOA codes and of the district codes."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        NeedDomain.OVERALL.value: "Index of Multiple Deprivation (IMD)",
        NeedDomain.INCOME.value: "Income",
        NeedDomain.EMPLOYMENT.value: "Employment",
        NeedDomain.EDUCATION.value: "Education, Skills and Training",
        NeedDomain.HEALTH.value: "Health Deprivation and Disability",
        NeedDomain.CRIME.value: "Crime",
        NeedDomain.HOUSING_AND_SERVICES.value: "Barriers to Housing and Services",
        NeedDomain.LIVING_ENVIRONMENT.value: "Living Environment",
        NeedDomain.IDACI.value: "Income Deprivation Affecting Children Index (IDACI)",
        NeedDomain.IDAOPI.value: "Income Deprivation Affecting Older People (IDAOPI)",
        "children_and_young_people": "Children and Young People Sub-domain",
        "adult_skills": "Adult Skills Sub-domain",
        "geographical_barriers": "Geographical Barriers Sub-domain",
        "wider_barriers": "Wider Barriers Sub-domain",
        "indoors": "Indoors Sub-domain",
        "outdoors": "Outdoors Sub-domain",
    }
)
"""How the official headers begin; "Score", "Rank" or "Decile" follows."""

POPULATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "total": "Total population",
        "children": "Dependent Children aged 0-15",
        "aged_16_59": "Population aged 16-59",
        "older": "Older population aged 60 and over",
        "working_age": "Working age population",
    }
)
"""How the official headers begin; the year follows."""

_TABLES: Final = {"scores": "Score", "ranks": "Rank", "deciles": "Decile"}
_CODE: Final = ("names", "lsoa")
_NAMES: Final = {
    _CODE: "LSOA code",
    ("names", "name"): "LSOA name",
    ("names", "lad"): "Local Authority District code",
    ("names", "lad_name"): "Local Authority District name",
}
_LAYOUT: Final[dict[Key, str]] = {
    **_NAMES,
    **{(table, key): f"{label} {word}" for key, label in LABELS.items() for table, word in _TABLES.items()},
    **{("populations", key): label for key, label in POPULATIONS.items()},
}
_MEASURES: Final = (NeedDomain.OVERALL, *WEIGHTED_DOMAINS)
_REQUIRED: Final = frozenset(
    {*_NAMES, ("populations", "total"), *((table, key.value) for key in _MEASURES for table in ("scores", "ranks"))}
)
_PATTERNS: Final = {
    _CODE: (r"E01\d{6}", "an LSOA code of England, E01 and six digits"),
    ("names", "lad"): (r"E0[6-9]\d{6}", "a district code of England, E06 to E09 and six digits"),
}
_MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column of the layout is in a file."""

    file: str
    header: tuple[str, ...]
    places: dict[Key, int]

    def title(self, key: Key) -> str:
        return self.header[self.places[key]]


def read_file7(path: Path, faults: Faults | None = None) -> Deprivation:
    """Read File 7 of the Indices of Deprivation 2019 (LSOA 2011) or 2025 (LSOA 2021).

    Parameters
    ----------
    path : Path
        CSV file, compressed or not: any columns' order, with or without a byte-order mark and thousands separators.
    faults : Faults, optional
        Collects warnings: areas without people.

    Returns
    -------
    Deprivation
        Sorted by LSOA code. A higher score is more deprived; rank 1 and decile 1 are most deprived. Columns of the
        layout that the file has not are named in `missing`.

    Raises
    ------
    DataError
        Naming all that is wrong by row, column and value: missing columns, codes there twice, cells that are no
        numbers or out of range, an empty or truncated file, text that is not UTF-8.
    UnavailableError
        If there is no such file.
    """
    faults = Faults() if faults is None else faults
    what = f"cannot use {path.name} as File 7 of the Indices of Deprivation"
    data = read_bytes(path, faults)
    text = None if data is None else decode(data, path.name, faults)
    if text is None:
        faults.raise_errors(what)
    cells_of_header, body = split_header(text or "")
    if not is_comma_separated(cells_of_header, path.name, faults):
        faults.raise_errors(what)
    header = trim_header(cells_of_header)
    check_header(header, path.name, faults)
    columns = _locate(path.name, header, faults)
    release, vintage = _release(columns, faults)
    cells, rows = _read_cells(columns, body, text or "", faults)
    _check_cells(columns, cells, rows, vintage, faults)
    faults.raise_errors(what)
    return _assemble(release, vintage, columns, cells)


def _locate(file: str, header: Sequence[str], faults: Faults) -> _Columns:
    # Some published headers are cut off at the end, so that only how they begin can be relied on.
    spaced = [" ".join(title.casefold().split()) + " " for title in header]
    places: dict[Key, int] = {}
    for key, label in _LAYOUT.items():
        start = re.compile(re.escape(label.casefold()) + r"(?![\w/-])")
        found = [place for place, title in enumerate(spaced) if start.match(title)]
        if len(found) > 1:
            titles = " and ".join(repr(header[place]) for place in found)
            faults.add(file, f"two columns are the {label}", "one", row=1, column=header[found[0]], value=titles)
        if found:
            places[key] = found[0]
        elif key in _REQUIRED:
            expected = "a header that begins so, as in the official layout"
            faults.add(file, "a column is missing", expected, row=1, column=label)
    return _Columns(file, tuple(header), places)


def _release(columns: _Columns, faults: Faults) -> tuple[Release, int]:
    years = []
    for key in (_CODE, ("names", "lad")):
        title = columns.title(key) if key in columns.places else ""
        year = re.search(r"\((\d{4})\)", title)
        years.append(int(year[1]) if year else 0)
    release = RELEASES.get((years[0], years[1]))
    if release is None and _CODE in columns.places and ("names", "lad") in columns.places:
        found = f"{columns.title(_CODE)}, {columns.title(('names', 'lad'))}"
        expected = "LSOA codes of 2011 with districts of 2019 (IoD 2019), or of 2021 with districts of 2024 (IoD 2025)"
        faults.add(columns.file, "not a release that Atlas knows", expected, row=1, value=found)
    return release or Release.IOD2019, years[0]


def _read_cells(
    columns: _Columns, body: str, text: str, faults: Faults
) -> tuple[dict[Key, Any], Sequence[int] | range]:
    """Return each column's cells, text or numbers (NaN where a fault was added), and their rows."""
    fast = _read_fast(columns, body)
    if fast is not None:
        rows = range(2, 2 + len(next(iter(fast.values()), ())))
        return fast, rows
    found = Faults()
    table = parse_table(text, columns.file, found)
    faults.extend(fault for fault in found if fault not in faults.found)
    if table is None or not table.rows:
        return {}, range(0)
    turned = list(zip(*table.rows, strict=True))
    cells: dict[Key, Any] = {}
    for key, place in columns.places.items():
        if key[0] == "names":
            cells[key] = np.array([cell.strip() for cell in turned[place]], dtype=object)
        else:
            cells[key] = _numbers(columns, key, turned[place], table.numbers, faults)
    return cells, table.numbers


def _read_fast(columns: _Columns, body: str) -> dict[Key, Any] | None:
    """Read a flawless file; None where it has anything to explain or to clean."""
    names = [str(place) for place in range(len(columns.header))]
    types = {str(place): pa.string() if key[0] == "names" else pa.float64() for key, place in columns.places.items()}
    if not body.strip() or not types:
        return None
    try:
        table = pa_csv.read_csv(
            io.BytesIO(body.encode()),
            read_options=pa_csv.ReadOptions(column_names=names),
            convert_options=pa_csv.ConvertOptions(column_types=types, include_columns=list(types)),
        )
    except pa.ArrowInvalid:
        return None
    cells: dict[Key, Any] = {}
    for key, place in columns.places.items():
        column = table.column(str(place))
        if key[0] == "names":
            cells[key] = pc.utf8_trim_whitespace(column).to_pandas().to_numpy(dtype=object)
        else:
            cells[key] = column.to_numpy()
        if column.null_count or (key[0] != "names" and not np.isfinite(cells[key]).all()):
            return None
    return cells


def _numbers(columns: _Columns, key: Key, cells: Sequence[str], rows: Sequence[int], faults: Faults) -> FloatArray:
    numbers = np.array([to_number(cell) for cell in cells], dtype=np.float64)
    wrong = np.flatnonzero(np.isnan(numbers))
    _report(columns, key, wrong, rows, cells, "not a number", "a number", faults)
    return numbers


def _check_cells(
    columns: _Columns, cells: Mapping[Key, Any], rows: Sequence[int], vintage: int, faults: Faults
) -> None:
    for key, values in cells.items():
        if key[0] == "names":
            _check_names(columns, key, values, rows, faults)
        elif key[0] != "scores":
            _check_whole(columns, key, values, rows, vintage, faults)
    if _CODE in cells:
        codes = pd.Series(cells[_CODE])
        again = np.flatnonzero(codes.duplicated().to_numpy())
        _report(columns, _CODE, again, rows, cells[_CODE], "the code is there twice", "each LSOA once", faults)


def _check_names(columns: _Columns, key: Key, values: Any, rows: Sequence[int], faults: Faults) -> None:
    pattern, expected = _PATTERNS.get(key, (r".*\S.*", "a name"))
    wrong = np.flatnonzero(~pd.Series(values, dtype="str").str.fullmatch(pattern).to_numpy(dtype=bool))
    _report(columns, key, wrong, rows, values, "not as expected", expected, faults)


def _check_whole(
    columns: _Columns, key: Key, values: FloatArray, rows: Sequence[int], vintage: int, faults: Faults
) -> None:
    ranked = LSOAS_IN_ENGLAND.get(vintage, max(LSOAS_IN_ENGLAND.values()))
    low, high = {"ranks": (1, ranked), "deciles": (1, 10)}.get(key[0], (0, 10**6))
    known = ~np.isnan(values)
    wrong = np.flatnonzero(known & ((values < low) | (values > high) | (values != np.floor(values))))
    _report(columns, key, wrong, rows, values, "out of range", f"a whole number, {low} to {high:,}", faults)
    if key == ("populations", "total"):
        expected = "people: the area is used, and weighs nothing"
        title = columns.title(key)
        for place in np.flatnonzero(values == 0).tolist():
            faults.add(
                columns.file, "nobody lives here", expected, row=rows[place], column=title, value=0, severity="warning"
            )


def _report(
    columns: _Columns,
    key: Key,
    wrong: np.ndarray[tuple[int], np.dtype[np.intp]],
    rows: Sequence[int],
    values: Any,
    problem: str,
    expected: str,
    faults: Faults,
) -> None:
    """Add a fault for each wrong cell of a column; past the twentieth, one that counts the rest."""
    title = columns.title(key)
    for place in wrong[:_MOST_SHOWN].tolist():
        value = values[place]
        shown = int(value) if isinstance(value, float) and value.is_integer() else value
        faults.add(columns.file, problem, expected, row=rows[place], column=title, value=shown)
    if len(wrong) > _MOST_SHOWN:
        rest = f"{problem} in {len(wrong) - _MOST_SHOWN:,} more rows"
        faults.add(columns.file, rest, expected, column=title)


def _assemble(release: Release, vintage: int, columns: _Columns, cells: Mapping[Key, Any]) -> Deprivation:
    codes = pd.Index(cells[_CODE], name="lsoa", dtype="str")
    order = np.argsort(codes.to_numpy(), kind="stable")
    codes = codes[order]
    tables: dict[str, pd.DataFrame] = {}
    for name in ("scores", "ranks", "deciles", "populations"):
        kind = np.float64 if name == "scores" else np.int64
        held = {
            key: cells[name, key].astype(kind)[order]
            for table, key in _LAYOUT
            if (name, key) in cells and table == name
        }
        tables[name] = pd.DataFrame(held, index=codes)
    names = {key: pd.array(cells["names", key][order], dtype="str") for key in ("name", "lad", "lad_name")}
    missing = tuple(label for key, label in _LAYOUT.items() if key not in columns.places)
    return Deprivation(
        release=release,
        vintage=vintage,
        is_estimate=False,
        names=pd.DataFrame(names, index=codes),
        missing=missing,
        **tables,
    )
