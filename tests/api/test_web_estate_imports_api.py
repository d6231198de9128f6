"""Registers that a program brings in."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask

from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import Store
from tests.estate_web import BEARER, PLAIN, TOKEN
from web import create_app


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
