"""A register is dropped in, its columns are corrected, its report is read, and it is taken back, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from atlas.store import open_store
from tests.browser.conftest import overflow, serving
from tests.estate_web import TOKEN, app_with

OpenPage = Callable[..., Page]

REGISTER = (
    "Organisation,Asset reference,Property name,Street,Post code,Easting,Northing,Tenure,Use,UPRN,Qq\r\n"
    "Lewisham Council,A1,Laurence House,1 Catford Road,SE6 4RU,537649,173618,Freehold,Office,100021978,in use\r\n"
    "Lewisham Council,A2,Old Depot,2 Catford Road,SE6 4RU,173700,537700,Freehold,Depot,100021979,surplus\r\n"
)

DROP = """([text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  const box = document.getElementById("drop");
  for (const kind of ["dragenter", "dragover", "drop"])
    box.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def estate_server(london: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of London with a store, and imports switched on."""
    folder: Path = tmp_path_factory.mktemp("estate")
    with open_store(f"sqlite:///{folder}/atlas.db") as store, serving(app_with(london, store, folder)) as address:
        yield address


def signed_in(open_estate: OpenPage, **given: object) -> Page:
    """The form that takes a file."""
    page = open_estate("/estate/import", **given)
    page.get_by_label("Import token").fill(TOKEN)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Drop a register in, as it is.")
    # its heading is there before its script is, which takes what is dropped
    page.wait_for_load_state()
    return page


def test_a_register_is_dropped_in_corrected_imported_and_taken_back(open_estate: OpenPage) -> None:
    page = signed_in(open_estate)
    page.evaluate(DROP, [REGISTER, "assets.csv"])
    expect(page.locator("#file-said")).to_contain_text("assets.csv, 1 kB")
    page.get_by_label("Whose register it is").fill("Lewisham Council")
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.locator("h1")).to_contain_text("10 of 11 columns of assets.csv are understood")
    page.get_by_label("Qq").select_option("status")
    expect(page.get_by_label("Qq")).to_contain_class("is-changed")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h1")).to_contain_text("2 rows: 1 accepted, 1 repaired, none set aside; 2 on the map.")
    expect(page.locator(".estate-findings").first).to_contain_text("173700")
    assert overflow(page) == 0
    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").click()
    assert found.value.suggested_filename == "atlas-import-1.csv"
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator("h1")).to_have_text("This import was taken back: what stood before it stands again.")


def test_what_was_typed_is_there_after_a_session_has_ended(open_estate: OpenPage) -> None:
    page = signed_in(open_estate)
    page.evaluate(DROP, [REGISTER, "assets.csv"])
    page.get_by_label("Whose register it is").fill("Lewisham Council")
    page.context.clear_cookies()
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.locator("h1")).to_have_text("Your session has ended: give the import token again")
    page.get_by_label("Import token").fill(TOKEN)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Whose register it is")).to_have_value("Lewisham Council")
    expect(page.locator("#faults")).to_have_count(0)


def test_the_unit_of_an_area_is_asked_for_and_said(open_estate: OpenPage) -> None:
    page = signed_in(open_estate, width=390)
    rows = [f"S{at},Site {at},SE6 4RU,{size}\r\n" for at, size in enumerate((640, 320, 85, 980))]
    page.evaluate(DROP, ["Asset reference,Property name,Post code,Site area\r\n" + "".join(rows), "sites.csv"])
    page.get_by_label("Whose register it is").fill("Lewisham Council")
    page.get_by_label("Name of the register").fill("Sites")
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.locator("h1")).to_contain_text("4 of 4 columns of sites.csv are understood; 1 should be looked at.")
    expect(page.locator("tr", has_text="Site area")).to_contain_text("In what unit?")
    page.get_by_label("Site area").select_option("Land, in square metres")
    page.get_by_role("button", name="Look again with these columns").click()
    expect(page.locator("h1")).to_have_text("4 of 4 columns of sites.csv are understood.")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".estate-group", has_text="Converted in Land")).to_contain_text("0.064")
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_newer_file_shows_what_changed_field_by_field(open_estate: OpenPage, width: int) -> None:
    page = signed_in(open_estate, width=width)
    for number, text in enumerate((REGISTER, REGISTER.replace("Laurence House", "Laurence House & Annexe"))):
        page.goto(page.url.partition("/estate")[0] + "/estate/import")
        page.evaluate(DROP, [text, f"assets{number}.csv"])
        page.get_by_label("Whose register it is").fill("Lewisham Council")
        page.get_by_label("Name of the register").fill(f"Changes {width}")
        page.get_by_role("button", name="Look at its columns").click()
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator("h1")).to_contain_text("2 rows: ")
    expect(page.locator(".estate-differences")).to_have_text(
        "Name: Laurence House →became Laurence House & Annexe", use_inner_text=False
    )
    assert overflow(page) == 0


def test_what_is_too_large_is_told_before_it_is_sent(open_estate: OpenPage) -> None:
    page = signed_in(open_estate)
    page.evaluate(DROP, ["x" * 300_000, "large.csv"])
    expect(page.locator("#file-said")).to_contain_text("large.csv has 300 kB: a register may have up to 0.2 MB.")
    assert not page.evaluate("document.getElementById('file').checkValidity()")


@pytest.mark.parametrize("width", [1280, 390])
def test_without_javascript_a_file_is_sent_all_the_same(open_estate: OpenPage, tmp_path: Path, width: int) -> None:
    file = tmp_path / "plain.csv"
    file.write_text(REGISTER, encoding="utf-8")
    page = signed_in(open_estate, width=width, javascript=False)
    page.locator("#file").set_input_files(file)
    page.get_by_label("Whose register it is").fill("Lewisham Council")
    page.get_by_label("Name of the register").fill(f"Register {width}")
    page.get_by_role("button", name="Look at its columns").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h1")).to_contain_text("2 rows: ")
    page.get_by_role("link", name="Imports", exact=True).click()
    expect(page.locator("main")).to_contain_text("plain.csv")
