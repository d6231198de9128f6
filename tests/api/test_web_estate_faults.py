"""What is wrong with a register that is sent, or with its form: told beside the field, all at once."""

from __future__ import annotations

import json
import re

import pytest

from atlas.store import Store
from tests.estate_web import PLAIN, Holder, register, row, words
from tests.toy import HOSTILE


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


def test_markup_and_formulas_in_a_register_stay_text(holder: Holder) -> None:
    report = holder.bring(register(row("=1+1", HOSTILE), row("A2", "=cmd()", 2_500)), register=HOSTILE)
    for address in ("/estate/imports", report, report + "?kind=change", "/estate/matches"):
        assert "<img" not in holder.get(address).text
    cells = [cell for line in holder.get(report + ".csv").text.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
