"""Integrated care systems: the list, the page of each, and what Atlas is."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.snapshot import Atlas
from tests.toy import HOSTILE
from web.boroughs import borough_rows
from web.icss import system_name, system_row, systems_of


@pytest.fixture
def london_client(london_app: Flask) -> FlaskClient:
    return london_app.test_client()


def read(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def test_every_system_is_listed_those_that_stand_first(london_client: FlaskClient, london: Atlas) -> None:
    systems = systems_of(london)
    assert [one.name for one in systems if not one.end] == [
        "North East London", "South East London", "South West London", "West and North London",
    ]  # fmt: skip
    text = read(london_client, "/icss")
    places = [text.index(f'href="/icss/{one.slug}"') for one in systems]
    assert places == sorted(places)


def test_a_systems_boroughs_add_up_to_it(london: Atlas) -> None:
    rows = {row.code: row for row in borough_rows(london)}
    for system in systems_of(london):
        whole, parts = system_row(london, system), [rows[code] for code in system.boroughs]
        assert whole.population == sum(part.population for part in parts)
        assert whole.gap_people == sum(part.gap_people for part in parts)
        assert whole.sites == sum(part.sites for part in parts)
        assert whole.gap_areas <= sum(part.gap_areas for part in parts)
    standing = [system.boroughs for system in systems_of(london) if not system.end]
    assert sorted(code for codes in standing for code in codes) == sorted(rows)


def test_a_page_has_its_board_boroughs_and_ties(london_client: FlaskClient, london: Atlas) -> None:
    text = read(london_client, "/icss/west-and-north-london")
    system = next(one for one in systems_of(london) if one.slug == "west-and-north-london")
    assert (system.network, system.institution) == (
        "network:ics-west-and-north-london", "institution:nhs-west-and-north-london-icb",
    )  # fmt: skip
    assert 'href="/institutions/nhs-west-and-north-london-icb"' in text
    for code in system.boroughs:
        assert html.escape(london.inputs.areaset.boroughs.loc[code, "name"]) in text
    assert 'id="ties"' in text
    assert "since 1 April 2026" in text


@pytest.mark.parametrize("wanted", ["north-east-london", "E54000029", "nhs-north-east-london-integrated-care-board"])
def test_a_system_is_found_by_name_code_and_board(london_client: FlaskClient, wanted: str) -> None:
    assert "<h1>North East London, integrated care system</h1>" in read(london_client, f"/icss/{wanted}")


def test_one_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/icss/middle-earth").status_code == 404


def test_a_system_that_the_graph_does_not_have_still_has_its_facts(client: FlaskClient) -> None:
    text = read(client, "/icss")
    first = re.findall(r'href="(/icss/[a-z-]+)"', text)[0]
    page = read(client, first)
    assert 'id="boroughs"' in page
    assert 'id="ties"' not in page


def test_the_name_of_a_system_is_its_boards_without_the_board() -> None:
    assert system_name("NHS South West London Integrated Care Board") == "South West London"
    assert system_name("Middle Board") == "Middle Board"


def test_names_are_text(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    for address in ("/icss", "/about"):
        assert HOSTILE not in read(client, address)


def test_about_says_how_old_the_data_are_and_what_pages_are_made_with(client: FlaskClient, toy: Atlas) -> None:
    text = read(client, "/about")
    for file in toy.inputs.provenance:
        assert html.escape(file.title) in text
    assert "govuk-frontend" in text
    assert toy.revision in text
