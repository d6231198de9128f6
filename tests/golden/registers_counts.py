"""Write registers.json: what cleaning makes of the real registers, for `test_registers.py` to hold to.

Run from the checkout, with the path of the real data; look at what changed before it is kept::

    .venv/bin/python tests/golden/registers_counts.py ../shared/data
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from atlas.geo.estate.cleaning.clean import Cleaner, CleaningContext
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.placing.borders import Borders
from atlas.sources import embedded
from atlas.sources.postcodes import PostcodeBook
from atlas.sources.registers.read import open_register
from atlas.vocabulary.estate import Visibility

LEWISHAM: Final = "E09000023"

FILES: Final[dict[str, tuple[str, str | None, str]]] = {
    "lfb": ("lfb_property_register.csv", None, ""),
    "cheltenham": ("cheltenham_2021.csv", None, ""),
    "lewisham_brownfield": ("lewisham_brownfield_register_2017.csv", None, LEWISHAM),
    "eric_london": ("nhs_eric_sites_2016_17_london.csv", None, ""),
    "eric": ("nhs_eric_2016_17.xls", "Site Data", ""),
    "fylde": ("brownfield/083bcaab201ec76562ca96c13b687b249e16fbe9372966078d9f870e722a365b.csv", None, ""),
    "worcester": ("brownfield/3b08e37cd8d9263627609d72c3b2b2c6c0cfb3a120e42f0504ef45d158d674ea.csv", None, ""),
    "new_forest": ("brownfield/45e645b8570f5dd8b7f8775e032047d98ff2b61de6ac4f14ebea3ef8c771acba.csv", None, ""),
    "rochdale": ("brownfield/5ed5da3ec0f3a94a214b1d119b5904625058f5834ca2c5afedaf66df2c19f4bb.csv", None, ""),
    "west_devon_2021": ("brownfield/66012b17982030d63e3e2c1d2f54b916046488c074a39ccb9db9f036aaf120c8.csv", None, ""),
    "london_legacy": ("brownfield/a6f17c3bc674d60391fc9a1ec361a45627435357916b3d707759bca130b8bc28.csv", None, ""),
    "preston": ("brownfield/c0f874ac423d633e2fb43f9c547cdd2642338e96ec4e10d746987ac4a04d0df4.csv", None, ""),
    "old_oak": ("brownfield/cd5ea36ba52b11b51f6b9bab380710646daf8607bd210758168d8bdfbcf74504.csv", None, ""),
    "west_devon_2018": ("brownfield/e30b4383fed7f88ab2ed9586bae5cda32d4f25d1c1e2bd19544dd640c006dbf8.csv", None, ""),
}
"""Files by a short name, with the sheet, and the borough whose council publishes it."""

_CHUNK_ROWS: Final = 200
_MOST_ROWS: Final = 40
_AROUND_M: Final = 500.0


@cache
def _lookups() -> tuple[PostcodeBook, gpd.GeoDataFrame, Borders]:
    boroughs = embedded.read_areas().boroughs
    west, south, east, north = boroughs.total_bounds
    around = (west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)
    return PostcodeBook(), boroughs, Borders(boroughs, lambda: PostcodeBook().around_london(around))


def result_of(name: str, registers: Path) -> dict[str, Any]:
    """What cleaning makes of one register: counts, fields by column, rows by what was found in them."""
    file, sheet, home = FILES[name]
    raw = open_register(registers / file, sheet=sheet)
    matches = match_columns(raw.columns, raw.sample, has_geometry=raw.has_geometry)
    book, boroughs, borders = _lookups()
    context = CleaningContext(
        "institution:any", name.replace("_", "-"), Visibility.PUBLIC, "", book.find, None, boroughs, home, borders
    )
    cleaner = Cleaner(context, matches)
    chunks = [cleaner.clean(chunk) for chunk in raw.chunks(_CHUNK_ROWS)]
    assets = pd.concat([chunk.assets for chunk in chunks])
    aside = pd.concat([chunk.set_aside for chunk in chunks])
    findings = pd.concat([*(chunk.findings for chunk in chunks), cleaner.finish()])
    found = {
        f"{kind} {code}": _rows(group["row"]) for (kind, code), group in findings.groupby(["kind", "code"], sort=True)
    }
    return {
        "columns": {match.column: match.field for match in matches if match.field},
        "rows": len(assets) + len(aside),
        "accepted": int((assets["outcome"] == "accepted").sum()),
        "repaired": int((assets["outcome"] == "repaired").sum()),
        "set_aside": {why: _rows(group) for why, group in aside.groupby(aside["why"])["row"]},
        "on_map": int((assets["placed_by"] != "nowhere").sum()),
        "in_london": int((assets["lad"] != "").sum()),
        "found": found,
        "tenure": assets["tenure"].value_counts().sort_index().to_dict(),
        "status": assets["status"].value_counts().sort_index().to_dict(),
        "use": assets["use"].value_counts().sort_index().to_dict(),
        "land_ha": round(float(assets["land_ha"].sum()), 3),
        "floor_m2": round(float(assets["floor_m2"].sum()), 1),
    }


def _rows(rows: pd.Series) -> list[int] | int:
    """Rows by number, or how many they are where they are many."""
    numbers = sorted({int(row) for row in rows})
    return numbers if len(numbers) <= _MOST_ROWS else len(numbers)


def main(data: Path) -> None:
    """Write registers.json."""
    results = {name: result_of(name, data / "registers") for name in FILES}
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    Path(__file__).with_name("registers.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
