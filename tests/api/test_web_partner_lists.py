"""Lists of institutions, networks and programmes, narrowed in the address."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.vocabulary import Scale
from web.partner_lists import said


def listed(client: FlaskClient, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2]
    return set(re.findall(r'<th scope="row"><a href="/(\w+/[\w-]+)[^"]*">', main))


def test_each_kind_has_a_list(client: FlaskClient) -> None:
    assert listed(client, "/institutions") == {f"institutions/{one}" for one in ("council", "hospital", "university")}
    assert listed(client, "/programmes") == {"programmes/east"}
    assert listed(client, "/networks") == {"networks/all", "networks/west", "programmes/east"}


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/institutions?sector=health", {"institutions/hospital"}),
        ("/institutions?find=univ", {"institutions/university"}),
        ("/institutions?find=zebra", set()),
        ("/networks?find=west", {"networks/west"}),
        ("/networks?standing=planned", set()),
    ],
)
def test_what_is_asked_for_is_shown_alone(client: FlaskClient, address: str, wanted: set[str]) -> None:
    assert listed(client, address) == wanted


def test_every_choice_offered_is_as_long_as_it_says(client: FlaskClient) -> None:
    page = client.get("/networks").text
    for field in ("works_on", "scale", "standing"):
        control = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL)
        assert control is not None
        offered = re.findall(r'<option value="(\w+)"[^>]*>[^<(]*\((\d+)\)', control[0])
        assert offered
        for value, number in offered:
            assert len(listed(client, f"/networks?{field}={value}")) == int(number)


def test_a_scale_is_spelt_as_the_table_spells_it(client: FlaskClient) -> None:
    assert said(Scale.SUB_REGIONAL) == "Sub-regional"
    page = client.get("/networks").text
    assert "Sub regional" not in page


def test_the_column_of_institutions_says_which_ties_it_counts(client: FlaskClient) -> None:
    page = client.get("/networks").text
    assert "tied to it, ended ties left out" in page
    assert "ever tied to it" not in page  # nothing in this world has ended


def test_what_cannot_be_asked_is_refused(client: FlaskClient) -> None:
    assert client.get("/networks?scale=galactic").status_code == 400
    assert client.get("/institutions?sector=magic").status_code == 400


def test_other_choices_are_kept(client: FlaskClient) -> None:
    page = client.get("/institutions?sector=health&catchment=2000").text
    assert '<input type="hidden" name="catchment" value="2000">' in page
    assert 'href="/institutions/hospital?catchment=2000"' in page


def test_lists_of_partners_say_what_they_hold(london_app: Flask) -> None:
    client = london_app.test_client()
    assert "most of them of London" in client.get("/institutions").text
    networks = client.get("/networks").text
    assert "most of them in London" in networks
    shown = re.findall(r"<td[^>]*>(Active|Unknown) <small>([^<]*)</small>", networks)
    assert shown
    assert all(day.startswith("until ") for _, day in shown)
    assert "Further education college</td>" in client.get("/institutions/capel-manor-college").text
