from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import DataError
from atlas.sources.graph_mapping import Column, parse_mapping, read_mapping


def faults_of(document: Any) -> str:
    with pytest.raises(DataError) as error:
        parse_mapping(document, "m.toml")
    return str(error.value)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[source]\nid = "a"\n[nodes]\nname = "Label"\n', encoding="utf-8")
    document = {"source": [{"id": "a"}], "nodes": {"name": "Label"}}
    (tmp_path / "m.json").write_text(json.dumps(document), encoding="utf-8")
    assert read_mapping(tmp_path / "m.toml") == read_mapping(tmp_path / "m.json")


def test_columns_are_an_attribute_several_or_a_column() -> None:
    nodes = {"name": "A", "start": ["Since", "From"], "end": {"from": "Until", "date": "%d/%m/%Y"}}
    mapping = parse_mapping({"nodes": nodes, "sites": {"name": "B"}}, "m.toml")
    assert mapping.column_of("sites", "name") == Column(attribute="B")
    assert [mapping.column_of("networks", one).attributes for one in nodes] == [("A",), ("Since", "From"), ("Until",)]  # type: ignore[union-attr]
    assert mapping.column_of("ties", "start") is None


def test_every_fault_is_told() -> None:
    found = faults_of(
        {
            "nodes": {"colour": "c"},
            "ties": {"sector": "s"},
            "source": {"isbn": "1"},
            "defaults": {"colour": "c", "networks": {"sector": "health"}, "status": "active"},
            "values": {"kind": {"Org": "organisation"}, "relation": {"Likes": "likes", "X": "is hosted by"}, "zz": {}},
            "ids": {"A": "a"},
        }
    )
    for words in (
        "column nodes: no such column, found 'colour'",
        "column ties: no such column, found 'sector'",
        "column source: no such column, found 'isbn'",
        "column defaults: no such column, found 'colour'",
        "column defaults.networks: no such column, found 'sector'",
        "column values: no such column, found 'zz'",
        "column values.kind.Org: no such value, found 'organisation'",
        "column values.relation.Likes: no such value, found 'likes'",
        "column ids.A: no id, found 'a'",
    ):
        assert words in found
    assert found.count("\n") == 9


@pytest.mark.parametrize("document", [{"node": {}}, {"nodes": 3}, {"nodes": {"name": {"form": "x"}}}, [1]], ids=str)
def test_what_has_no_form(document: Any) -> None:
    assert "m.toml cannot be used as a mapping" in faults_of(document)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [("m.toml", "[nodes", "not TOML"), ("m.json", "{", "not JSON"), ("m.toml", "", "the file is empty")],
)
def test_files_that_are_no_mapping(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        read_mapping(tmp_path / name)
