"""Our own static files under addresses that change with their content."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from web.assets import Assets
from web.payloads import Payloads


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    folder = tmp_path / "static"
    for path, text in {
        "js/one.js": "one()",
        "js/two.js": "two()",
        "css/one.css": "a {}",
        "css/two.css": "b {}",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    joined = {
        "js/both.js": ("js/two.js", "js/one.js"),
        "css/both.css": ("css/one.css", "css/not_there.css", "css/two.css"),
    }
    app = Flask("test", static_folder=None)
    app.extensions["assets"] = Assets(folder, Payloads(), joined)
    app.extensions["assets"].register(app)
    return app


def test_files_are_joined_in_their_order(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/static/js/both.js").text.endswith("two()\none()")
    assert client.get("/static/css/both.css").text == "a {}\nb {}"


def test_a_joined_script_asks_to_be_compiled_at_once(app: Flask) -> None:
    client = app.test_client()
    # only on a line before all code is it read
    assert client.get("/static/js/both.js").text.startswith("//# allFunctionsCalledOnLoad\n")
    assert client.get("/static/js/one.js").text == "one()"


def test_an_address_lasts_only_with_the_hash_of_its_content(app: Flask) -> None:
    client, address = app.test_client(), app.extensions["assets"].url("js/both.js")
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get(address[:-1] + "x").headers["Cache-Control"]
    assert client.get("/static/js/three.js").status_code == 404
