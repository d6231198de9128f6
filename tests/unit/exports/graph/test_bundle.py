from __future__ import annotations

import hashlib
import json
from pathlib import Path

import frictionless
import pytest
import yaml
from rocrate.rocrate import ROCrate

from atlas.exports.files import write_folder
from atlas.exports.graph.bundle import SUMS, bundle
from atlas.exports.graph.codebook import COLUMNS, codebook
from atlas.exports.graph.deposit import AUTHORS
from atlas.exports.graph.fields import NODE_FIELDS, TIE_FIELDS
from atlas.exports.graph.formats import FORMATS
from atlas.parameters import Parameters
from atlas.snapshot import revision_of
from tests.unit.exports.graph.worlds import nasty_inputs


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    inputs = nasty_inputs()
    return bundle(inputs.graph, inputs, Parameters())


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    write_folder(tmp_path / "bundle", {name: [data] for name, data in files.items()}, SUMS)
    return tmp_path / "bundle"


def test_a_bundle_made_again_is_the_same_bytes(files: dict[str, bytes]) -> None:
    inputs = nasty_inputs()
    assert bundle(inputs.graph, inputs, Parameters()) == files


def test_a_bundle_has_every_format_and_what_describes_it(files: dict[str, bytes]) -> None:
    beside = {"LICENCE.md", "CITATION.cff", "datacite.json", "README.md", "parameters.json", "ro-crate-metadata.json"}
    assert beside | {"codebook.csv", "codebook.md", "datapackage.json", SUMS} <= files.keys()
    for one in FORMATS:
        assert any(name.startswith(f"{one.name}/") if one.is_many else name == f"graph.{one.ending}" for name in files)


def test_checksums_are_those_of_every_other_file(files: dict[str, bytes]) -> None:
    lines = [line.split("  ") for line in files[SUMS].decode().splitlines()]
    assert {name: digest for digest, name in lines} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != SUMS
    }


def test_the_package_is_valid(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["taskNumber", "note"])


def test_the_crate_opens(folder: Path, files: dict[str, bytes]) -> None:
    crate = ROCrate(str(folder))
    parts = {entity.id for entity in crate.get_entities() if entity.type == "File"}
    assert parts == files.keys() - {SUMS, "ro-crate-metadata.json"}
    assert crate.root_dataset["license"].id.startswith("https://www.nationalarchives.gov.uk/")
    assert crate.root_dataset["creator"]["name"] == AUTHORS


def test_no_person_is_named_and_the_author_is_the_projects(files: dict[str, bytes], checkout: Path) -> None:
    ours = yaml.safe_load(files["CITATION.cff"])
    theirs = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    assert ours["authors"] == theirs["authors"]
    assert ours["type"] == "dataset"
    deposited = json.loads(files["datacite.json"])
    assert deposited["creators"] == [{"name": theirs["authors"][0]["name"], "nameType": "Organizational"}]
    required = {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"}
    assert required <= deposited.keys()


def test_parameters_and_seeds_name_the_revision(files: dict[str, bytes]) -> None:
    found = json.loads(files["parameters.json"])
    assert found["revision"] == revision_of(nasty_inputs(), Parameters())
    assert found["seeds"] == {"draws": Parameters().seed}
    assert [one["sha256"] for one in found["inputs"]] == ["0" * 64]


def test_the_codebook_has_every_attribute() -> None:
    named = {(row[0], row[1]) for row in codebook()}
    assert all(len(row) == len(COLUMNS) for row in codebook())
    assert {("node", field.name) for field in NODE_FIELDS} | {("tie", field.name) for field in TIE_FIELDS} <= named
    assert ("node", "commitments.target") in named
