"""Read lookups: which larger areas each LSOA lies in, and what the codes of 2011 became in 2021."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from atlas.errors import Faults, UnavailableError
from atlas.sources.catalogue import official_path
from atlas.sources.textfiles import Table, read_table

KINDS: Final = ("oa", "lsoa", "msoa", "ward", "lad", "sicbl", "icb")
"""Areas, the smallest first."""

CHANGES: Final = {"U": "unchanged", "S": "split", "M": "merged", "X": "changed otherwise"}

CHANGES_FILE: Final = "lsoa11_lsoa21.csv"
"""What the catalogue's `lsoa11_lsoa21` becomes in a workspace."""

_SAME: Final = {"wd": "ward", "ltla": "lad"}
_PARTS: Final = {"cd": "code", "code": "code", "nm": "name", "name": "name", "hclnm": "everyday_name"}
_HEADER: Final = re.compile(r"(?:f_)?(oa|lsoa|msoa|wd|ward|lad|ltla|sicbl|icb)(\d{2})?_?(cd|code|nm|name|hclnm)")
_CODE: Final = {
    "oa": r"[EW]00\d{6}",
    "lsoa": r"[EW]01\d{6}",
    "msoa": r"[EW]02\d{6}",
    "ward": r"[EWSN]\d{8}",
    "lad": r"[EWSN]\d{8}",
    "sicbl": r"E38\d{6}",
    "icb": r"E54\d{6}",
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a header says of its column.

    Parameters
    ----------
    title : str
        The header itself.
    kind : str
        One of `KINDS`.
    vintage : int or None
        Year of the codes, where the header has one.
    part : {"code", "name", "everyday_name"}
        What the column holds.
    """

    title: str
    kind: str
    vintage: int | None
    part: str


def parse_header(title: str) -> Column | None:
    """Read a header as the ONS writes them, whatever its case; None where it is no area's code or name.

    Examples
    --------
    >>> parse_header("LSOA21CD")
    Column(title='LSOA21CD', kind='lsoa', vintage=2021, part='code')
    >>> parse_header("ltla24_name")
    Column(title='ltla24_name', kind='lad', vintage=2024, part='name')
    >>> parse_header("lat") is None
    True
    """
    found = _HEADER.fullmatch(title.strip().casefold())
    if found is None:
        return None
    kind, year, part = found.groups()
    return Column(title, _SAME.get(kind, kind), 2000 + int(year) if year else None, _PARTS[part])


def area_columns(header: Sequence[str]) -> dict[tuple[str, str], Column]:
    """Find the columns of each kind of area, by kind and part; of two alike, the one of the latest year.

    Examples
    --------
    >>> found = area_columns(["lsoa21cd", "ladcd", "lad24cd", "lad24nm", "lat"])
    >>> [(key, column.title) for key, column in found.items()]
    [(('lsoa', 'code'), 'lsoa21cd'), (('lad', 'code'), 'lad24cd'), (('lad', 'name'), 'lad24nm')]
    """
    found: dict[tuple[str, str], Column] = {}
    for title in header:
        column = parse_header(title)
        if column is not None:
            held = found.get((column.kind, column.part))
            if held is None or (column.vintage or 0) > (held.vintage or 0):
                found[column.kind, column.part] = column
    return found


def check_codes(codes: pd.Series[str], kind: str, file: str, title: str, faults: Faults) -> None:
    """Collect codes that are not of their kind; the series is indexed by row."""
    wrong = codes[~codes.str.fullmatch(_CODE[kind]).to_numpy(dtype=bool, na_value=False)]
    for row, value in wrong.items():
        place = int(row) if isinstance(row, int) else None
        faults.add(
            file, f"not a code of its kind ({kind})", f"like {_CODE[kind]}", row=place, column=title, value=value
        )


def read_lookup(path: Path, vintage: int, kind: str = "lsoa") -> pd.DataFrame:
    """Read which larger areas each small one lies in.

    Parameters
    ----------
    path : Path
        CSV file with headers as the ONS writes them, in any order and case.
    vintage : int
        Census year that the small areas must be of: 2011 or 2021.
    kind : str
        What the rows are: one of `KINDS`.

    Returns
    -------
    pandas.DataFrame
        Indexed by the code of the small area (index name `kind`), sorted: `name`; and for each larger kind that the
        file has, its code (`lad`), name (`lad_name`) and everyday name (`msoa_everyday_name`). Blanks are "".

    Raises
    ------
    DataError
        Naming all that is wrong: no code column or one of another year, codes there twice or of another kind.
    UnavailableError
        If there is no such file.
    """
    faults = Faults()
    table = read_table(path, faults) or Table(path.name, (), (), ())
    columns = area_columns(table.header)
    key = columns.get((kind, "code"))
    if table.header and key is None:
        faults.add(path.name, "a column is missing", f"a header like {kind}{vintage % 100}cd", row=1)
    elif key is not None and key.vintage != vintage:
        faults.add(path.name, "codes of another year", f"codes of {vintage}", row=1, column=key.title)
    faults.raise_errors(f"the lookup {path.name} cannot be used")
    frame = _frame(table, {_column_name(column, kind): column.title for column in columns.values()})
    for column in columns.values():
        codes = frame[_column_name(column, kind)]
        if column.part == "code":
            check_codes(codes[codes != ""], column.kind, path.name, column.title, faults)
    for row, code in frame.loc[frame[kind].duplicated(), kind].items():
        faults.add(path.name, "the code is there twice", "each code once", row=_int(row), value=code)
    faults.raise_errors(f"the lookup {path.name} cannot be used")
    return frame.set_index(kind).sort_index()


def read_changes(path: Path) -> pd.DataFrame:
    """Read what the LSOAs of 2011 became in 2021.

    Parameters
    ----------
    path : Path
        CSV file: the ONS exact-fit lookup of LSOA 2011 to LSOA 2021.

    Returns
    -------
    pandas.DataFrame
        `lsoa11`, `lsoa21` and `change`, a key of `CHANGES`; a row for each pair that shares ground.

    Raises
    ------
    DataError
        Naming all that is wrong: missing columns, codes of another kind, unknown changes.
    UnavailableError
        If there is no such file.
    """
    faults = Faults()
    table = read_table(path, faults) or Table(path.name, (), (), ())
    titles: dict[str, str] = {}
    for title in table.header:
        column = parse_header(title)
        if column is not None and (column.kind, column.part) == ("lsoa", "code"):
            titles[f"lsoa{(column.vintage or 0) % 100}"] = title
        elif title.casefold() in ("chgind", "change_code"):
            titles["change"] = title
    for name in ("lsoa11", "lsoa21", "change"):
        if table.header and name not in titles:
            faults.add(path.name, "a column is missing", "as in the ONS exact-fit lookup", row=1, column=name)
    faults.raise_errors(f"the lookup {path.name} cannot be used")
    frame = _frame(table, {name: titles[name] for name in ("lsoa11", "lsoa21", "change")})
    for name in ("lsoa11", "lsoa21"):
        check_codes(frame[name], "lsoa", path.name, titles[name], faults)
    for row, code in frame.loc[frame.duplicated(["lsoa11", "lsoa21"]), "lsoa21"].items():
        faults.add(path.name, "the pair is there twice", "each pair once", row=_int(row), value=code)
    for row, change in frame.loc[~frame["change"].isin(list(CHANGES)), "change"].items():
        expected = f"one of {', '.join(CHANGES)}"
        faults.add(path.name, "unknown change", expected, row=_int(row), column=titles["change"], value=change)
    faults.raise_errors(f"the lookup {path.name} cannot be used")
    return frame.reset_index(drop=True)


def read_changes_of(workspace: Path) -> pd.DataFrame:
    """Read the changes of LSOAs that were pulled into a workspace, as `read_changes` does.

    Raises
    ------
    DataError
        Naming all that is wrong.
    UnavailableError
        If they have not been pulled; says how to.
    """
    path = official_path(workspace, CHANGES_FILE)
    if not path.is_file():
        raise UnavailableError(
            f"what the LSOAs of 2011 became in 2021 is not here ({path}): fetch it with "
            f"`atlas data pull lsoa11_lsoa21`, or from a folder with `atlas data pull lsoa11_lsoa21 --from DIR`"
        )
    return read_changes(path)


def _column_name(column: Column, kind: str) -> str:
    if column.part == "code":
        return column.kind
    return column.part if column.kind == kind else f"{column.kind}_{column.part}"


def _frame(table: Table, titles: dict[str, str]) -> pd.DataFrame:
    """Take columns of a table under new names, spaces removed, indexed by row."""
    turned = list(zip(*table.rows, strict=True))
    held = {name: [cell.strip() for cell in turned[table.header.index(title)]] for name, title in titles.items()}
    return pd.DataFrame(held, index=list(table.numbers), dtype="str")


def _int(row: object) -> int | None:
    return row if isinstance(row, int) else None
