"""Examples of the interface for programs: each that is shown is answered, by the data that come with Atlas."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from web.programs.operations import Operation, of_collections
from web.programs.others import OTHERS

READ = [one for one in (*of_collections(), *OTHERS) if one.method == "get"]
WITHOUT = {"gap", "gap_seats", "scenario", "asset"}
"""What is found under some choices alone, or brought by others."""


@pytest.mark.parametrize("operation", [one for one in READ if one.name not in WITHOUT], ids=lambda one: one.name)
def test_an_example_is_answered(london_app: Flask, operation: Operation) -> None:
    assert operation.example
    # two releases are compared, and none comes with Atlas: the answer says how to get them
    expected = 503 if operation.name == "compare" else 200
    assert london_app.test_client().get(operation.example).status_code == expected, operation.example


def test_what_has_no_example_is_as_expected() -> None:
    assert {one.name for one in READ if not one.example} == WITHOUT


def test_features_have_the_same_examples(london_app: Flask) -> None:
    client = london_app.test_client()
    paths = client.get("/ogc/api").get_json(force=True)["paths"]
    found = {}
    for path, operations in paths.items():
        for one in operations["get"]["parameters"]:
            if one.get("in") == "path" and "example" in one["schema"]:
                found[path] = path.replace("{wanted}", one["schema"]["example"])
    assert len(found) == 5
    for address in found.values():
        assert client.get(f"/ogc{address}").status_code == 200, address


def test_the_page_has_each_as_a_link(london_app: Flask) -> None:
    page = london_app.test_client().get("/api").text
    shown = {unescape(one) for one in re.findall(r'For example: <a href="([^"]+)"', page)}
    assert shown == {one.example for one in READ if one.example}
    assert "a text, such as lewisham-council" in page
    assert "`" not in page.partition("<main")[2]
