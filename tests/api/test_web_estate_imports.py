"""Registers on the page: a file looked at and imported, again and with other columns, and taken back."""

from __future__ import annotations

import re

import pytest
import shapely
from flask import Flask

from atlas import estate_import
from atlas.errors import UnavailableError
from atlas.store import Store
from tests.estate_web import NEWER, PLAIN, Holder, register, row, words
from tests.toy import X0, Y0


def test_a_file_is_looked_at_imported_and_reported(holder: Holder) -> None:
    looked = holder.send(PLAIN)
    assert looked.status_code == 303
    page = words(holder.get(looked.headers["Location"]).text)
    assert "columns of assets.csv are understood" in page
    assert "West Council" in page
    report = words(holder.get(holder.bring(PLAIN)).text)
    assert "2 rows: " in report
    assert "2 on the map." in report
    assert "= 2 rows" in report


def test_what_only_its_owner_sees_is_said_to_be_so_and_leads_to_no_map(holder: Holder) -> None:
    text = holder.get(holder.bring(PLAIN, visibility="owner")).text
    assert "Nobody but their owner sees these assets: the map here leaves them out." in words(text)
    assert "on the map</a>" not in text
    mine = words(holder.get("/estate/imports").text)
    assert "1 register of land and property is here, with 0 assets that everybody may see" in mine
    assert "West Council seen by: its owner alone" in mine
    assert "seen by" not in words(holder.client.application.test_client().get("/estate/imports").text)


def test_a_second_register_of_a_partner_is_seen_with_the_first(holder: Holder) -> None:
    first = holder.bring(PLAIN)
    assert ">See it on the map</a>" in holder.get(first).text
    second = holder.get(holder.bring(PLAIN, register="Surplus land")).text
    assert ">See it with all else that its partner has on the map</a>" in second


def test_what_was_imported_is_on_the_public_page_at_once(holder: Holder, estate_app: Flask) -> None:
    public = estate_app.test_client()
    assert "No register of land and property is here yet." in words(public.get("/estate/imports").text)
    holder.bring(PLAIN)
    text = words(public.get("/estate/imports").text)
    assert "1 register of land and property is here, with 2 assets that everybody may see." in text
    assert "assets.csv" not in text


def test_a_column_that_was_corrected_is_read_so_and_remembered_for_the_partner(holder: Holder, store: Store) -> None:
    strange = register(row("A1", "North Depot", more=",surplus"), header=HEADER_WITH_QQ)
    address = holder.send(strange).headers["Location"]
    fields = holder.columns(address)
    number = max(int(name.partition("-")[2]) for name in fields if name.startswith("column-"))
    again = holder.post("/estate/import/look", **{**fields, f"column-{number}": "status", "do": "look"})
    assert again.status_code == 303
    page = holder.get(again.headers["Location"])
    assert words(page.text).count("You said so") == 1
    assert holder.columns(again.headers["Location"])[f"column-{number}"] == "status"
    done = holder.post("/estate/import/look", **{**fields, f"column-{number}": "status", "do": "import"})
    assert done.status_code == 303
    assert [*store.assets()["status"]] == ["surplus"]
    assert "As said before" in words(holder.get(holder.send(strange).headers["Location"]).text)


HEADER_WITH_QQ = "Organisation,Asset reference,Property name,Street,Postcode,Easting,Northing,Tenure,Use,Qq"


def test_an_earlier_file_is_imported_again_with_other_columns(holder: Holder) -> None:
    report = holder.bring(PLAIN)
    address = holder.get(report + "/again").headers["Location"]
    assert "again=1" in address
    fields = {**holder.columns(address), "column-8": "", "do": "import"}
    done = holder.post("/estate/import/look", **fields)
    assert done.headers["Location"] == "/estate/imports/2"
    assert "0 added, 2 changed, 0 gone since the file before" in words(holder.get("/estate/imports/2").text)


def test_the_same_file_twice_changes_nothing(holder: Holder) -> None:
    holder.bring(PLAIN)
    text = words(holder.get(holder.bring(PLAIN)).text)
    assert "2 unchanged since the file before" in text
    assert "Nothing: it says what the file before said." in text


def test_a_unit_that_the_outlines_tell_is_shown_as_such(holder: Holder) -> None:
    lines = ["Ref,Name,Site area,Outline"]
    for wide_m in (30, 45, 60, 80, 150):
        outline = shapely.box(X0 + 2_500, Y0 + 500, X0 + 2_500 + wide_m, Y0 + 500 + wide_m)
        lines.append(f'{wide_m},Yard {wide_m},{wide_m**2 / 4_047:.3f},"{outline.wkt}"')
    look = holder.get(holder.send("\n".join(lines)).headers["Location"]).text
    assert re.search('value="land_ha:acres" selected', look)
    for page in (look, holder.get(holder.bring("\n".join(lines))).text):
        assert "its unit by the outlines" in words(page)


def test_a_later_day_of_the_register_changes_no_row_and_is_known_of_the_register(holder: Holder, store: Store) -> None:
    holder.bring(PLAIN, as_of="2024-03-31")
    text = words(holder.get(holder.bring(PLAIN, as_of="2025-03-31")).text)
    assert "0 added, 0 changed, 0 gone since the file before" in text
    assert [*store.assets()["as_of"]] == ["", ""]
    assert "31 March 2025" in words(holder.get("/estate/imports").text)
    asset = words(holder.get(f"/estate/assets/{store.assets().index[0]}").text)
    assert "as of 31 March 2025" in asset
    assert "Date" in asset.partition("The register does not say")[2]


def test_a_register_whose_places_could_not_be_matched_is_in_and_the_page_says_what_failed(
    holder: Holder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise UnavailableError("another import is being written")

    monkeypatch.setattr(estate_import, "match_register", fails)
    report = holder.bring(PLAIN)
    assert len(store.assets()) == 2
    for _ in range(2):
        text = words(holder.get(report).text)
        assert "The register is in, and this failed afterwards" in text
        assert "were not looked for in other registers" in text
        assert "another import is being written" in text
    monkeypatch.undo()
    assert "failed afterwards" not in words(holder.get(holder.bring(NEWER)).text)


def test_an_import_is_undone_after_a_question(holder: Holder, store: Store) -> None:
    report = holder.bring(PLAIN)
    assert "Take back the import of assets.csv?" in words(holder.get(report + "/undo").text)
    assert len(store.assets()) == 2
    assert holder.post(report + "/undo").headers["Location"] == report
    assert len(store.assets()) == 0
    assert "This import was taken back" in words(holder.get(report).text)
    assert "Undo the import" not in holder.get(report + "/undo").text
    assert "It was taken back already" in words(holder.get(report + "/undo").text)
    assert store.audit()[0].who == "import token"
    again = holder.post(report + "/undo")
    assert again.status_code == 400


def test_an_import_that_a_newer_one_has_replaced_is_not_offered_to_be_taken_back(holder: Holder) -> None:
    first, second = holder.bring(PLAIN), holder.bring(NEWER)
    page = holder.get(first + "/undo").text
    assert "Undo the import" not in page
    assert f'<a href="{second}">import 2</a> has to be taken back first' in page
    asked = words(holder.get(second + "/undo").text)
    assert "before it stands again: 2 assets that it changed are as before. The file" in asked


@pytest.mark.parametrize("address", ["/estate/imports/999", "/estate/assets/nothing"])
def test_what_is_not_there_leads_to_the_estate(holder: Holder, address: str) -> None:
    answer = holder.get(address)
    assert answer.status_code == 404
    onward = answer.text.partition("Where to go from here")[2]
    assert 'href="/estate/imports">Imports</a>' in onward
    assert 'href="/estate">Map</a>' in onward


def test_a_partner_who_is_not_on_record_is_said_with_who_may_have_been_meant(holder: Holder) -> None:
    page = words(holder.get(holder.send(PLAIN, partner="Wset Council").headers["Location"]).text)
    assert "not on record" in page
    assert "Did you mean West Council" in page
