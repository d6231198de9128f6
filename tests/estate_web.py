"""A reader who knows the import token, and registers to send."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Cleaned
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import RegisterInfo, SourceFile, Store
from atlas.vocabulary.estate import Visibility
from tests.toy import X0, Y0
from web import create_app

TOKEN = "a token of some length"  # noqa: S105 -- of a test
ORIGIN = {"Origin": "http://localhost"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HEADER = "Organisation,Asset reference,Property name,Street,Postcode,Easting,Northing,Tenure,Use"
"""Headers that every register of a test has."""


def register(*rows: str, header: str = HEADER) -> str:
    """A register as CSV; each row is what follows the organisation."""
    return "\r\n".join([header, *(f"West Council,{row}" for row in rows), ""])


def row(reference: str, name: str, x: int = 1_500, y: int = 500, postcode: str = "E1 1BJ", more: str = "") -> str:
    """A row of a register that stands in the toy world, metres from its corner."""
    return f"{reference},{name},1 High Street,{postcode},{X0 + x},{Y0 + y},Freehold,Depot{more}"


PLAIN = register(row("A1", "North Depot"), row("A2", "South Depot", 2_500))
NEWER = register(row("A1", "=North Depot & Yard"), row("A2", "South Depot", 2_700))


def app_with(atlas: Atlas, store: Store | None, folder: Path, **given: Any) -> Flask:
    """The application over a store, with imports switched on."""
    settings = Settings(**{"workspace": folder, "import_token": TOKEN, "upload_mb": 0.2, **given})
    return create_app(settings, atlas, store=store)


@dataclass
class Holder:
    """A reader with a session."""

    client: FlaskClient
    csrf: str = ""

    def get(self, address: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(address)

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Send a form, as a page of ours would."""
        return self.client.post(address, data={"csrf": self.csrf, **fields}, headers=ORIGIN)

    def send(self, text: str | bytes, name: str = "assets.csv", **fields: str) -> TestResponse:
        """Send a file to be looked at."""
        data = text if isinstance(text, bytes) else text.encode()
        return self.post("/estate/import", **{"partner": "West Council", **fields, "file": (io.BytesIO(data), name)})

    def columns(self, address: str) -> dict[str, str]:
        """What the form of a look at columns would send, as it stands."""
        text = self.get(address).text
        fields = {one: html.unescape(value) for one, value in HIDDEN.findall(text)}
        for one, options in re.findall(r'<select[^>]* name="(column-\d+)"(.*?)</select>', text, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            fields[one] = chosen[1] if chosen else ""
        return fields

    def bring(self, text: str | bytes, **fields: str) -> str:
        """Import a file as its columns are taken; gives the address of the report."""
        looked = self.send(text, **fields)
        assert looked.status_code == 303, words(looked.text)
        done = self.post("/estate/import/look", **{**self.columns(looked.headers["Location"]), "do": "import"})
        assert done.status_code == 303, words(done.text)
        return done.headers["Location"]


def doubts(assets: pd.DataFrame) -> pd.DataFrame:
    """A doubt about each asset, which repeats its name."""
    rows = [
        (row, "Name", "name", "doubt", "odd_name", name, "", "the name is odd")
        for row, name in zip(assets["row"], assets["name"], strict=True)
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def keep(store: Store, register: str, assets: pd.DataFrame, visibility: Visibility = Visibility.PUBLIC) -> None:
    """Put land in a store as an import does: with a doubt about each asset, and a row that was set aside."""
    info = RegisterInfo(register, f"institution:{register}", register.capitalize(), f"Land of {register}", visibility)
    raw = json.dumps({"Name": "Set Aside House", "Postcode": "E1 9ZG"})
    aside = pd.DataFrame([(90, "it is a total", raw)], columns=list(SET_ASIDE_COLUMNS))
    source = SourceFile(f"{register} of Secret Street.csv", "0" * 64, 10, "CSV")
    with store.importing(info, source, (), "a test", "2026-11-28T10:00:00+00:00") as writer:
        writer.write(Cleaned(assets, doubts(assets), aside))


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def sign_in(app: Flask) -> Holder:
    """Give the token."""
    client = app.test_client()
    answer = client.post("/estate/login", data={"token": TOKEN}, headers=ORIGIN)
    assert answer.status_code == 303
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/estate/import").text)
    assert found is not None
    return Holder(client, found[1])


def words(text: str) -> str:
    """The words of a page."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))
