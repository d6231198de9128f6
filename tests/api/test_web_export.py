"""The graph can be had in every format, under a name that says which graph it is."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import networkx as nx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.exports.graph.formats import FORMATS, GraphFormat, graph_format
from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app
from web.export import bundle_of, file_of, hold_sizes
from web.visit import EXTENSION


def test_the_page_offers_every_format(client: FlaskClient, toy: Atlas) -> None:
    text = client.get("/graph/export").text
    offered = set(re.findall(r'href="/graph/export/([^"?]+)', text))
    assert offered == {file_of(one, toy.revision) for one in FORMATS} | {bundle_of(toy.revision)}
    assert "Open Government Licence v3.0" in text
    assert f"Revision {toy.revision}" in text


def test_the_sizes_are_those_of_the_files(toy: Atlas, tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path), toy).test_client()
    said = re.findall(r'data-value="(\d+)"', client.get("/graph/export").text)
    assert [int(size) for size in said] == [len(b"".join(one.pieces(toy.graph, toy.inputs))) for one in FORMATS]


def test_sizes_made_beforehand_are_not_made_again(toy: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> None:
        raise AssertionError("written again")

    app = create_app(Settings(), toy)
    hold_sizes(app.extensions[EXTENSION], toy.inputs.release, tmp_path)
    monkeypatch.setattr(GraphFormat, "pieces", again)
    for address in ("/graph/export", "/graph/export?catchment=2000"):
        assert app.test_client().get(address).status_code == 200


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_a_file_is_what_the_writer_writes(name: str, client: FlaskClient, toy: Atlas) -> None:
    one = graph_format(name)
    file = file_of(one, toy.revision)
    answer = client.get(f"/graph/export/{file}")
    assert answer.data == b"".join(one.pieces(toy.graph, toy.inputs))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}"'
    assert client.get(f"/graph/export/{file}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_bundle_is_an_archive_whose_sums_agree(client: FlaskClient, toy: Atlas) -> None:
    answer = client.get(f"/graph/export/{bundle_of(toy.revision)}")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    root = f"atlas-graph-{toy.revision}/"
    for line in archive.read(f"{root}SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(root + name)).hexdigest() == digest


def test_a_graph_of_other_choices_is_named_after_them(client: FlaskClient, toy: Atlas) -> None:
    text = client.get("/graph/export?catchment=2000").text
    file = re.search(r'href="(/graph/export/atlas-graph-[0-9a-f]{12}\.graphml\?catchment=2000)"', text)
    assert file
    assert toy.revision not in file.group(1)
    graph = nx.read_graphml(io.BytesIO(client.get(file.group(1)).data))
    assert set(graph) == set(toy.graph)


def test_a_file_of_another_revision_is_not_here(client: FlaskClient) -> None:
    answer = client.get("/graph/export/atlas-graph-000000000000.gexf")
    assert answer.status_code == 404


def test_an_attack_in_a_name_stays_text_in_every_file(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    files = re.findall(r'href="(/graph/export/[^"]+\.(?:graphml|gexf))"', client.get("/graph/export").text)
    assert len(files) == 2
    for file in files:
        data = client.get(file).data
        assert b"<img" not in data
        assert b"&lt;img" in data
