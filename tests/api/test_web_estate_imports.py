"""Registers on the page: who may, a file looked at and imported, its report, and what was wrong with it."""

from __future__ import annotations

import io
import json
import re
import socket
from pathlib import Path

import pytest
import shapely
from flask import Flask

from atlas import estate_import
from atlas.errors import UnavailableError
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import Store
from tests.estate_web import (
    BEARER,
    ORIGIN,
    PLAIN,
    TOKEN,
    Holder,
    register,
    row,
    sign_in,
    words,
)
from tests.toy import HOSTILE, X0, Y0
from web import create_app
from web.estate_uploads import MOST_AGE_S, MOST_FILES, WaitingRoom
from web.serve import bounds_of, listen
from web.server import serving

# a file


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


NEWER = register(row("A1", "=North Depot & Yard"), row("A2", "South Depot", 2_700))


def test_a_newer_file_says_which_values_it_changed(holder: Holder) -> None:
    holder.bring(PLAIN)
    report = holder.bring(NEWER)
    for address in (report, f"{report}?kind=change&code=changed"):
        text = words(holder.get(address).text)
        assert "Name: North Depot → became =North Depot & Yard" in text
        assert f"Position (m): {X0 + 2_500}, {Y0 + 500} → became {X0 + 2_700}, {Y0 + 500}" in text
    found = json.loads(holder.get(report + ".json").text)["differences"]
    assert [(one["field"], one["after"]) for one in found] == [
        ("name", "=North Depot & Yard"),
        ("position", f"{X0 + 2_700}, {Y0 + 500}"),
    ]
    assert ",changed,changed,name,North Depot,'=North Depot & Yard," in holder.get(report + ".csv").text


def test_what_an_import_that_is_undone_had_changed_is_not_told(holder: Holder) -> None:
    holder.bring(PLAIN)
    report = holder.bring(NEWER)
    holder.post(report + "/undo")
    text = words(holder.get(report).text)
    assert "This import was taken back: what stood before it stands again." in text
    assert "The import is undone: which values it had changed is not kept." in text
    assert "North Depot" in text
    assert "North Depot & Yard" not in text


def test_what_changed_in_a_sensitive_site_is_not_on_the_page_nor_in_its_files(
    holder: Holder, estate_app: Flask, store: Store
) -> None:
    holder.bring(register(row("A1", "North House"), row("A2", "South Depot")))
    report = holder.bring(register(row("A1", "North Refuge").replace("Depot", "Refuge"), row("A2", "South Yard")))
    assert set(store.differences(2)["after"]) >= {"North Refuge", "South Yard"}
    program = estate_app.test_client()
    shown = [holder.get(f"{report}{ending}").text for ending in ("", "?kind=change", ".csv", ".json")]
    shown += [program.get(f"/api/v1{report}{ending}", headers=BEARER).text for ending in ("", ".csv")]
    for text in shown:
        assert "South Yard" in text
        assert "North House" not in text
    assert "a sensitive site: the command line says what" in words(shown[0])


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


def test_a_report_says_the_day_who_may_see_and_the_names_of_what_was_added(holder: Holder) -> None:
    page = holder.get(holder.bring(PLAIN, as_of="2024-03-31")).text
    assert "The register speaks of 31 March 2024. Its assets may be seen by everybody" in words(page)
    assert 'href="/estate/assets/council-a1">North Depot</a>' in page
    kept = holder.get(holder.bring(register(row("B1", "Back Office")), register="Mine", visibility="owner")).text
    assert "may be seen by its owner alone" in words(kept)
    assert "Back Office" in words(kept.partition('id="changes"')[2])
    assert 'href="/estate/assets/' not in kept


def test_a_list_of_doubts_is_headed_in_words(holder: Holder) -> None:
    report = holder.bring(register(row("A1", "North Depot", postcode="E1"), row("A2", "South Depot")))
    text = words(holder.get(f"{report}?kind=doubt&code=postcode_incomplete").text)
    assert "1 doubt: postcode incomplete" in text


def test_numbers_of_a_report_have_their_commas(holder: Holder) -> None:
    lines = [row(f"A{number}", f"Depot {number}", 10 * number % 900, postcode="E1") for number in range(1_040)]
    page = holder.get(holder.bring(register(*lines))).text
    assert re.search('id="doubts">Doubts <span class="of">[0-9],[0-9]{3}</span>', page)
    assert re.search('href="#changes">Changes</a> <span class="of">1,040</span>', page)


@pytest.mark.parametrize("address", ["/estate/imports/999", "/estate/assets/nothing"])
def test_what_is_not_there_leads_to_the_estate(holder: Holder, address: str) -> None:
    answer = holder.get(address)
    assert answer.status_code == 404
    onward = answer.text.partition("Where to go from here")[2]
    assert 'href="/estate/imports">Imports</a>' in onward
    assert 'href="/estate">Map</a>' in onward


def test_how_a_file_was_read_stands_above_what_came_of_it(holder: Holder) -> None:
    page = holder.get(holder.bring("Land register of <b>2025</b>,,\n\n" + PLAIN)).text
    told = "Row 1 above the header was passed over: Land register of &lt;b&gt;2025&lt;/b&gt;."
    assert 0 < page.index(told) < page.index('class="estate-sum"')


def test_the_report_is_the_same_as_a_page_as_csv_and_as_json(holder: Holder) -> None:
    report = holder.bring(PLAIN)
    found = json.loads(holder.get(report + ".json").text)
    assert found["rows"] == found["accepted"] + found["repaired"] + found["set_aside"] + found["unchanged"] == 2
    lines = holder.get(report + ".csv").text.splitlines()
    assert {line.partition(",")[0] for line in lines[1:]} >= {"2", "3"}


def test_long_lists_come_by_the_page(holder: Holder) -> None:
    many = register(*(row(f"A{number}", f"Depot {number}", 10 * number) for number in range(130)))
    report = holder.bring(many)
    first = words(holder.get(report + "?kind=change&code=added").text)
    assert "130 assets added" in first
    assert "page 2 of 2" in first
    assert "page 1 of 2" in words(holder.get(report + "?kind=change&code=added&page=99").text)
    for wrong in ("kind=nothing", "kind=change&code=zzz", "kind=doubt&code=zzz", "kind=change&page=x"):
        assert holder.get(f"{report}?{wrong}").status_code == 400
    listed = holder.get(report + "?kind=change&code=added").text
    landmarks = re.findall(r'<nav [^>]*aria-label="([^"]*list[^"]*)"', listed)
    assert len(landmarks) == len(set(landmarks)) == 2


def test_a_partner_who_is_not_on_record_is_said_with_who_may_have_been_meant(holder: Holder) -> None:
    page = words(holder.get(holder.send(PLAIN, partner="Wset Council").headers["Location"]).text)
    assert "not on record" in page
    assert "Did you mean West Council" in page


# bad input


@pytest.mark.parametrize("text", ["", "\r\n \r\n", "PK\x03\x04 no such archive", "%PDF-1.7"])
def test_a_file_that_cannot_be_read_is_told_beside_the_form(holder: Holder, store: Store, text: str) -> None:
    answer = holder.send(text)
    assert answer.status_code == 400
    assert '<a href="#file">The file: ' in answer.text
    assert 'id="file-error"' in answer.text
    assert 'value="West Council"' in answer.text
    assert store.imports() == []


def test_everything_that_is_wrong_with_a_form_is_told_at_once(holder: Holder) -> None:
    fields = {"partner": " ", "as_of": "last year", "visibility": "all", "register": "?!"}
    page = holder.post("/estate/import", **fields).text
    for name, said in (
        ("file", "The file: No file was chosen. Give one file."),
        ("partner", "Whose register it is: It was not said whose register it is. Give a partner."),
        ("register", "Name of the register: That is no name of a register."),
        ("as_of", "The day that it speaks of: That is no day. Give a day such as 2021-03-31."),
        ("visibility", "Who may see its assets: No such visibility."),
    ):
        assert f'<a href="#{name}">{said}' in page
        assert f'id="{name}-error"' in page


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("sheet", {"sheet": "Sheet9"}, "A text table has no sheets."),
        ("as_of", {"as_of": "2099-01-01"}, "That day is still to come. Give a day that has been."),
    ],
)
def test_a_sheet_of_a_text_table_and_a_day_to_come_are_said_beside_their_fields(
    holder: Holder, name: str, given: dict[str, str], said: str
) -> None:
    answer = holder.send(PLAIN, **given)
    assert answer.status_code == 400
    assert f'<a href="#{name}">' in answer.text
    assert said in re.sub(r"<[^>]+>", "", answer.text.partition(f'id="{name}-error"')[2])
    assert "Choose the file again" in words(answer.text)


def test_a_sheet_of_a_geojson_file_is_said_beside_its_field_and_nothing_is_read(holder: Holder) -> None:
    feature = {"type": "Feature", "properties": {"Name": "Hall"}, "geometry": None}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    answer = holder.send(text, name="a.geojson", sheet="Sheet9")
    assert answer.status_code == 400
    said = re.sub(r"<[^>]+>", "", answer.text.partition('id="sheet-error"')[2])
    assert "A GeoJSON file has one layer alone. Give no name of a layer." in said


def test_the_report_says_how_many_blank_rows_were_left_out_and_of_none_nothing(holder: Holder) -> None:
    header, first, second = PLAIN.splitlines()
    report = holder.bring(f"{header}\n{first}\n ,,,,,,,,\n\n{second}\n,,,,,,,,\n")
    assert "2 blank rows between the others were left out." in words(holder.get(report).text)
    report = holder.bring(PLAIN)
    assert "blank" not in words(holder.get(report).text)


def test_markup_and_formulas_in_a_register_stay_text(holder: Holder) -> None:
    report = holder.bring(register(row("=1+1", HOSTILE), row("A2", "=cmd()", 2_500)), register=HOSTILE)
    for address in ("/estate/imports", report, report + "?kind=change", "/estate/matches"):
        assert "<img" not in holder.get(address).text
    cells = [cell for line in holder.get(report + ".csv").text.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/assets.csv", "a\x00b\n.csv"])
def test_the_name_of_a_file_is_a_text_and_never_a_path(holder: Holder, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    holder.send(PLAIN, name=name)
    assert before == {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    assert all("etc" not in str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


def test_a_file_that_is_too_large_is_refused_in_words_and_not_kept(holder: Holder, tmp_path: Path) -> None:
    answer = holder.send(b"a,b\r\n" * 60_000)
    assert (answer.status_code, "A register may have up to 0.2 MB." in words(answer.text)) == (413, True)
    assert not list(tmp_path.glob("uploads/*"))


def test_other_routes_keep_their_small_limit(estate_app: Flask) -> None:
    answer = estate_app.test_client().post("/api/v1/scenario", data=b"a" * 900_000)
    assert answer.status_code in {400, 413}
    login = estate_app.test_client().post("/estate/login", data={"token": "x" * 100_000}, headers=ORIGIN)
    assert login.status_code == 413


def test_a_form_of_many_parts_or_files_is_refused(holder: Holder) -> None:
    parts = {f"field-{number}": "x" for number in range(40)}
    assert holder.send(PLAIN, **parts).status_code == 413
    two = {"file": (io.BytesIO(b"a,b"), "a.csv"), "other": (io.BytesIO(b"a,b"), "b.csv"), "partner": "West Council"}
    answer = holder.post("/estate/import", **two)
    assert (answer.status_code, "More than one file was chosen" in answer.text) == (400, True)


def test_two_gigabytes_are_refused_by_their_stated_length_before_any_of_them_is_read(
    estate_app: Flask, tmp_path: Path
) -> None:
    settings = Settings(workspace=tmp_path, import_token=TOKEN, upload_mb=0.2)
    with listen("127.0.0.1", 0) as listener, serving(listener, bounds_of(settings)) as server:
        server.open(estate_app)
        with socket.create_connection(listener.getsockname(), timeout=60) as client:
            client.sendall(b"POST /estate/import HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483648\r\n\r\n")
            said = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "A register may have up to 0.2 MB." in said


def test_the_file_of_another_session_cannot_be_gone_on_with(estate_app: Flask, holder: Holder) -> None:
    address = holder.send(PLAIN).headers["Location"]
    other = sign_in(estate_app).get(address)
    assert (other.status_code, "Give the file again" in other.text) == (400, True)


def test_files_that_wait_are_few_and_do_not_wait_for_long(tmp_path: Path) -> None:
    moment = [1_000_000.0]
    room = WaitingRoom(tmp_path, 10_000, clock=lambda: moment[0])
    for number in range(2 * MOST_FILES):
        moment[0] += 1
        room.take(io.BytesIO(f"file {number}".encode()), "a.csv")
    assert len([*tmp_path.iterdir()]) <= MOST_FILES
    moment[0] += MOST_AGE_S + 1
    room.tidy()
    assert not [*tmp_path.iterdir()]


def test_files_that_wait_take_bounded_room(tmp_path: Path) -> None:
    moment = [1_000_000.0]
    room = WaitingRoom(tmp_path, 1_000, clock=lambda: moment[0])
    for number in range(12):
        moment[0] += 1
        room.take(io.BytesIO(bytes([number]) * 900), "a.csv")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5_000


# programs


def test_a_program_imports_with_the_token_and_gets_the_report(estate_app: Flask, store: Store) -> None:
    client = estate_app.test_client()
    answer = client.post("/api/v1/estate/imports?partner=institution:council", data=PLAIN, headers=BEARER)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/estate/imports/1")
    assert answer.get_json()["rows"] == 2
    assert client.get("/api/v1/estate/imports/1", headers=BEARER).get_json() == answer.get_json()
    assert client.get("/api/v1/estate/imports", headers=BEARER).get_json()["imports"][0]["id"] == 1
    assert "A1" not in client.get("/api/v1/estate/imports/1.csv", headers=BEARER).text.partition("\n")[0]
    undone = client.post("/api/v1/estate/imports/1/undo", headers=BEARER)
    assert (undone.status_code, undone.get_json()["is_standing"]) == (200, False)
    assert len(store.assets()) == 0


def test_a_program_may_send_a_form_and_say_what_columns_hold(estate_app: Flask, store: Store) -> None:
    data = {
        "partner": "West Council",
        "register": "Surplus land",
        "visibility": "owner",
        "columns": json.dumps({"Use": None}),
        "file": (io.BytesIO(PLAIN.encode()), "mine.csv"),
    }
    answer = estate_app.test_client().post("/api/v1/estate/imports", data=data, headers=BEARER)
    assert answer.status_code == 201, answer.text
    found = answer.get_json()
    assert (found["register"], found["file"], found["visibility"]) == ("surplus-land", "mine.csv", "owner")
    assert {"column": "Use", "field": None, "unit": "", "confidence": 100, "how": "given"} in found["columns"]
    assert set(store.assets()["visibility"]) == {"owner"}


@pytest.mark.parametrize(
    ("query", "body", "said"),
    [
        ("partner=institution:council", "", "empty"),
        ("visibility=public", PLAIN, "partner"),
        ("partner=institution:council&columns=[]", PLAIN, "Columns are a JSON object"),
        ('partner=institution:council&columns={"Use":"nothing"}', PLAIN, "No field"),
        ("partner=institution:council&colour=red", PLAIN, "colour"),
    ],
)
def test_a_program_is_told_what_is_wrong(estate_app: Flask, query: str, body: str, said: str) -> None:
    answer = estate_app.test_client().post(f"/api/v1/estate/imports?{query}", data=body, headers=BEARER)
    assert answer.status_code == 400
    assert said in answer.text
    assert answer.content_type == "application/problem+json"


def test_an_application_without_a_store_takes_nothing(toy: Atlas, tmp_path: Path) -> None:
    app = create_app(Settings(workspace=tmp_path, import_token=TOKEN), toy)
    assert app.test_client().post("/api/v1/estate/imports", headers=BEARER).status_code == 403
