"""The report of an import: what became of every row, and what the file changed."""

from __future__ import annotations

import json
import re

from flask import Flask

from atlas.store import Store
from tests.estate_web import BEARER, HEADER, NEWER, PLAIN, Holder, register, row, words
from tests.toy import X0, Y0


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


def test_how_a_file_was_read_stands_above_what_came_of_it(holder: Holder) -> None:
    page = holder.get(holder.bring("Land register of <b>2025</b>,,\n\n" + PLAIN)).text
    told = "Row 1 above the header was passed over: Land register of &lt;b&gt;2025&lt;/b&gt;."
    assert 0 < page.index(told) < page.index('class="estate-sum"')


def test_the_report_says_how_many_blank_rows_were_left_out_and_of_none_nothing(holder: Holder) -> None:
    header, first, second = PLAIN.splitlines()
    report = holder.bring(f"{header}\n{first}\n ,,,,,,,,\n\n{second}\n,,,,,,,,\n")
    assert "2 blank rows between the others were left out." in words(holder.get(report).text)
    report = holder.bring(PLAIN)
    assert "blank" not in words(holder.get(report).text)


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


def test_headers_of_the_file_stand_in_doubts_as_they_are(holder: Holder) -> None:
    text = register(
        "A1,Hall,1 High Street,E1 1BJ,0,0,Freehold,Depot", header=HEADER.replace("Northing", "Grid Northing")
    )
    assert "Easting, Grid Northing" in words(holder.get(holder.bring(text)).text)


def test_an_import_is_said_to_come_from_this_site_in_its_report_and_in_the_list(holder: Holder) -> None:
    report = holder.bring(PLAIN)
    assert "from this site." in words(holder.get(report).text)
    page = holder.get("/estate/imports").text
    assert '<td data-words="From">this site</td>' in page
    assert "import token" not in words(page)
