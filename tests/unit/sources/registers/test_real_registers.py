"""Every register in the folder of real data is read whole: rows, columns, encoding, header."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import DataError
from atlas.sources.registers.read import open_register

REAL = {
    "lfb_property_register.csv": (124, 17, "CSV, utf-8, separated by commas", 1),
    "cheltenham_2021.csv": (498, 15, "CSV, cp1252, separated by commas", 1),
    "lewisham_brownfield_register_2017.csv": (113, 31, "CSV, cp1252, separated by commas", 1),
    "nhs_eric_sites_2016_17_london.csv": (172, 18, "CSV, utf-8, separated by commas", 1),
    "nhs_eric_2016_17.xls": (1_213, 126, "Excel workbook, sheet Site Data", 2),
    "brownfield/083bcaab": (47, 17, "CSV, utf-8, separated by commas", 1),
    "brownfield/3b08e37c": (37, 25, "CSV, utf-8, separated by commas", 1),
    "brownfield/45e645b8": (56, 21, "CSV, cp1252, separated by commas", 1),
    "brownfield/5ed5da3e": (128, 21, "CSV, utf-8, separated by commas", 1),
    "brownfield/66012b17": (4, 28, "CSV, utf-8, separated by commas", 1),
    "brownfield/a6f17c3b": (2, 34, "CSV, utf-8, separated by commas", 1),
    "brownfield/c0f874ac": (58, 17, "CSV, utf-8, separated by commas", 1),
    "brownfield/cd5ea36b": (38, 28, "CSV, utf-8, separated by commas", 1),
    "brownfield/e30b4383": (4, 27, "CSV, utf-8, separated by commas", 1),
}


def real(shared: Path, name: str) -> Path:
    (path,) = (shared / "registers").glob(f"{name}*")
    return path


@pytest.mark.parametrize("name", REAL)
def test_a_real_register_is_read_whole(shared: Path, name: str) -> None:
    rows, columns, form, header_row = REAL[name]
    register = open_register(real(shared, name))
    chunks = list(register.chunks(50))
    assert sum(len(chunk.cells) for chunk in chunks) == rows
    assert (len(register.columns), register.form, register.header_row) == (columns, form, header_row)
    assert len(set(register.columns)) == columns
    assert [chunk.ragged for chunk in chunks if chunk.ragged] == []
    assert all(tuple(chunk.cells.columns) == register.columns for chunk in chunks)
    assert len(register.sample) == min(rows, 200)


def test_every_real_register_is_looked_at(shared: Path) -> None:
    folder = shared / "registers"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    known = {path for path in files if any(path.startswith(name) for name in REAL)}
    assert files - known == {"lgtc_land_and_building_schema_utf16.json"}


def test_cheltenhams_second_organisation_and_line_breaks_are_kept(shared: Path) -> None:
    register = open_register(real(shared, "cheltenham_2021"))
    assert register.columns[:4] == ("Organisation", "OrganisationLabel", "Organisation (2)", "OrganisationLabel (2)")
    assert register.sample.loc[2, "PostCode"] == "GL50 1DY\n"
    assert any("named more than once" in note for note in register.notes)
    last = [chunk.cells.index[-1] for chunk in register.chunks(1_000)][-1]
    assert last == 499


def test_a_missing_comma_in_a_header_leaves_a_column_without_a_name(shared: Path) -> None:
    register = open_register(real(shared, "brownfield/3b08e37c"))
    assert register.columns[6] == "column 7"
    assert register.notes == ("Columns without a name were given one: column 7.",)


def test_erics_groups_stand_before_its_names(shared: Path) -> None:
    register = open_register(real(shared, "nhs_eric_2016_17"))
    assert register.columns[:7] == (
        *("Organisation Code", "Organisation Name", "Commissioning Region", "Organisation Type"),
        *("Site Code", "Site Name", "Site Type"),
    )
    assert "Areas Gross internal floor area (m²)" in register.columns
    assert register.notes[0] == "Sheet Site Data was read; not read: Trust Data, PFI Data, Disclaimer."
    assert register.sample.loc[3, "Site Code"] == "AGGRE"


def test_the_codes_schema_is_no_register(shared: Path) -> None:
    with pytest.raises(DataError, match="a JSON file that is no GeoJSON"):
        open_register(real(shared, "lgtc_land_and_building_schema_utf16"))
