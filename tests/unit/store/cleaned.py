"""Registers after cleaning, as small as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import shapely

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS
from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Cleaned, ColumnMatch
from atlas.store import ImportRecord, RegisterInfo, SourceFile, Store
from atlas.vocabulary.estate import Outcome, PlacedBy, Visibility

COLUMNS: Final = (ColumnMatch("Name", "name", 100, "name", ("Town Hall",)), ColumnMatch("Odd", None, 0, "none"))
AT: Final = "2026-01-02T03:04:05+00:00"
WHO: Final = "command line"
SQUARE: Final = shapely.to_wkb(shapely.box(537000.0, 173000.0, 537020.0, 173030.0))


def asset(key: str, register: str = "lewisham", **said: Any) -> dict[str, Any]:
    """One asset: on the map, public, and nothing else known unless it is said."""
    unknown: dict[str, Any] = dict.fromkeys(TEXT_COLUMNS, "") | dict.fromkeys(NUMBER_COLUMNS, float("nan"))
    usual = {
        "partner": f"institution:{register}",
        "register": register,
        "name": key.replace("-", " ").capitalize(),
        "tenure": "freehold",
        "use": "office",
        "visibility": Visibility.PUBLIC.value,
        "is_sensitive": False,
        "placed_by": PlacedBy.COORDINATES.value,
        "lad": "E09000023",
        "x_m": 537000.25,
        "y_m": 173000.75,
        "wkb": None,
        "extra": "",
        "outcome": Outcome.ACCEPTED.value,
    }
    return unknown | usual | said | {"asset": f"asset:{register}-{key}"}


def finding(row: int, kind: str, **said: Any) -> dict[str, Any]:
    """One finding."""
    usual = {"column": "Name", "field": "name", "code": "odd", "before": "a", "after": "b", "why": "it looks odd"}
    return usual | {"row": row, "kind": kind} | said


def cleaned(
    assets: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]] = (),
    set_aside: Sequence[tuple[int, str, str]] = (),
    first_row: int = 2,
) -> Cleaned:
    """A chunk; rows that do not say where they are follow one another."""
    numbered = [{"row": first_row + at} | dict(one) for at, one in enumerate(assets)]
    frame = pd.DataFrame(numbered, columns=["asset", *ASSET_COLUMNS]).set_index("asset")
    return Cleaned(
        frame.astype(dict.fromkeys(NUMBER_COLUMNS, "float64") | {"row": "int64", "is_sensitive": "bool"}),
        pd.DataFrame(list(findings), columns=list(FINDING_COLUMNS)),
        pd.DataFrame(list(set_aside), columns=list(SET_ASIDE_COLUMNS)),
    )


def info(register: str = "lewisham", **said: Any) -> RegisterInfo:
    """What is said of a register."""
    usual = {"partner": f"institution:{register}", "partner_name": register.title(), "title": "Land and buildings"}
    return RegisterInfo(register, **usual | said)


def source(name: str = "register.csv") -> SourceFile:
    """A file, whose hash follows from its name."""
    return SourceFile(name, name.encode().hex().ljust(64, "0"), 1_234, "CSV, UTF-8", ("a title row was passed over",))


def bring(
    store: Store, *chunks: Cleaned, register: str = "lewisham", file: str = "register.csv", **said: Any
) -> ImportRecord:
    """Import chunks as one register."""
    with store.importing(info(register, **said), source(file), COLUMNS, WHO, AT) as writer:
        for chunk in chunks:
            writer.write(chunk)
    return writer.record
