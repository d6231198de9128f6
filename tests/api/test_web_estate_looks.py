"""The look at the columns of a register: what every choice shows is what is imported, and the way back to it."""

from __future__ import annotations

import re

import pytest

from atlas.store import Store
from tests.estate_web import PLAIN, Holder, words

AREAS = (
    "Ref,Name,Postcode,Building_Area_NIA_sqm,Building_Area_GIA_sqm\n"
    "A1,North Depot,E1 1BJ,1200,1500\n"
    "A2,South Depot,E1 1BJ,900,1100\n"
)


def floors(fields: dict[str, str]) -> set[str]:
    """Columns that are taken for floors."""
    return {name for name, said in fields.items() if said.startswith("floor_m2")}


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_a_column_shown_as_kept_is_kept_when_another_that_had_the_field_is_let_go(
    holder: Holder, store: Store, looks: int
) -> None:
    address = holder.send(AREAS).headers["Location"]
    fields = holder.columns(address)
    assert "Another column has it" in words(holder.get(address).text)
    (first,) = floors(fields)
    fields[first] = ""
    for _ in range(looks):
        address = holder.post("/estate/import/look", **fields, do="look").headers["Location"]
        assert holder.columns(address) == fields
    holder.post("/estate/import/look", **fields, do="import")
    assert store.assets()["floor_m2"].isna().all()
    taken = {one.column: one.field for one in store.report(1).columns}
    assert "floor_m2" not in taken.values()


def test_a_field_that_two_columns_are_set_to_hold_is_said_beside_both_and_nothing_is_imported(
    holder: Holder, store: Store
) -> None:
    address = holder.send(AREAS).headers["Location"]
    fields = holder.columns(address)
    (first,) = floors(fields)
    other = "column-3" if first == "column-4" else "column-4"
    fields[other] = "floor_m2"
    for do in ("import", "look"):
        answer = holder.post("/estate/import/look", **fields, do=do)
        page = holder.get(answer.headers["Location"])
        assert page.status_code == 400
        text = words(page.text)
        assert "Floor area is also set for the column Building_Area_NIA_sqm." in text
        assert "Floor area is also set for the column Building_Area_GIA_sqm." in text
        assert holder.columns(answer.headers["Location"]) == fields
        assert page.text.count('href="#column-') == 2
    assert not len(store.assets())
    fields[first] = ""
    assert holder.post("/estate/import/look", **fields, do="import").headers["Location"] == "/estate/imports/1"


def test_columns_that_were_not_touched_are_not_said_to_be_the_readers_word(holder: Holder) -> None:
    fields = {**holder.columns(holder.send(PLAIN).headers["Location"]), "column-8": ""}
    for _ in range(2):
        address = holder.post("/estate/import/look", **fields, do="look").headers["Location"]
        fields = holder.columns(address)
    assert words(holder.get(address).text).count("You said so") == 1
    assert re.findall(r"column-\d+", address) == ["column-8"]


def test_back_after_an_import_leads_to_the_form_to_choose_the_file_anew(holder: Holder) -> None:
    address = holder.send(PLAIN, as_of="2024-03-31").headers["Location"]
    holder.post("/estate/import/look", **holder.columns(address), do="import")
    back = holder.get(address)
    assert back.status_code == 400
    assert "Give the file again" in words(back.text)
    assert 'type="file"' in back.text
    assert 'value="West Council"' in back.text
    assert 'value="2024-03-31"' in back.text
