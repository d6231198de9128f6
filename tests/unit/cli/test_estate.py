from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from atlas import cli

HEADER = "Asset Ref,Property,Address,Post Code,Main use,Tnr,In use?,X,Y"
ROWS = (
    "A1,Town Hall,Catford Road,SE6 4RU,Town hall,F,Yes,537684,173666",
    "A2,Library,9 Giffin Street,se84rj,Library,F,Yes,537350,177243",
    "A3,=1+1,1 High Street,SE13 6LG,Depot,F,No,175241,538232",
    "A4,Refuge,,,Refuge,L,Yes,,",
)


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ATLAS_DATABASE_URL", "ATLAS_PARTNERSHIPS", "ATLAS_UPRNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "workspace"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["atlas", "estate", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def written(folder: Path, rows: tuple[str, ...] = ROWS, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture
def imported(run: Any, register: Path) -> dict[str, Any]:
    code, out, _ = run("import", register, "--partner", "lewisham-council", "--format", "json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_counts_add_up_to_the_rows_of_the_file(imported: dict[str, Any]) -> None:
    assert imported["rows"] == len(ROWS)
    assert imported["rows"] == sum(imported[name] for name in ("accepted", "repaired", "set_aside", "unchanged"))
    assert imported["repaired"] == 1
    assert imported["on_map"] == 3
    assert imported["partner"] == "institution:lewisham-council"


def test_the_same_file_twice_changes_nothing(run: Any, register: Path, imported: dict[str, Any]) -> None:
    _, out, _ = run("import", register, "--partner", "lewisham-council", "--format", "json")
    again = json.loads(out)
    assert (again["rows"], again["unchanged"]) == (imported["rows"], imported["rows"])
    assert [again[name] for name in ("accepted", "repaired", "set_aside", "added", "changed", "gone")] == [0] * 6


@pytest.mark.usefixtures("imported")
def test_a_newer_file_says_what_was_added_changed_and_gone(run: Any, tmp_path: Path) -> None:
    newer = (ROWS[0], ROWS[1].replace("Library,9", "Deptford Lounge,9"), "A9,Park,,SE13 7XD,Park,F,Yes,537610,174708")
    _, out, _ = run("import", written(tmp_path, newer), "--partner", "lewisham-council", "--format", "json")
    found = json.loads(out)
    assert (found["added"], found["changed"], found["gone"]) == (1, 1, 2)
    (changed,) = found["differences"]
    assert (changed["field"], changed["before"], changed["after"]) == ("name", "Library", "Deptford Lounge")
    _, table, _ = run("report", found["import"])
    told = table.partition("Changed assets: 1")[2].splitlines()
    assert told[-1].split() == ["Deptford", "Lounge", "Name", "Library", "Deptford", "Lounge"]


def test_how_a_file_was_read_is_told_with_its_counts(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("\n".join(["Land register [draft],,", "", HEADER, *ROWS]) + "\n", encoding="utf-8")
    code, out, _ = run("import", path, "--partner", "lewisham-council")
    assert code == 0
    assert "Row 1 above the header was passed over: Land register [draft]." in out


@pytest.mark.usefixtures("imported")
def test_undo_brings_back_what_stood_before(run: Any, tmp_path: Path) -> None:
    _, before, _ = run("totals", "--format", "json")
    _, out, _ = run("import", written(tmp_path, ROWS[:1]), "--partner", "lewisham-council", "--format", "json")
    assert run("undo", json.loads(out)["import"])[0] == 0
    assert run("totals", "--format", "json")[1] == before


@pytest.mark.usefixtures("imported")
def test_a_column_that_is_corrected_is_remembered(run: Any, register: Path) -> None:
    assert run("columns", register, "--partner", "lewisham-council", "--column", "Tnr=tenure")[0] == 0
    _, out, _ = run("import", register, "--partner", "lewisham-council", "--format", "json")
    found = json.loads(out)
    assert [one["how"] for one in found["columns"] if one["column"] == "Tnr"] == ["remembered"]
    _, out, _ = run("totals", "--tenure", "freehold", "--format", "json")
    assert json.loads(out)["assets"] == 3


def test_a_partner_nobody_knows_is_taken_and_said(run: Any, register: Path) -> None:
    code, out, err = run("import", register, "--partner", "cheltenham-borough-council", "--format", "json")
    assert code == 0
    assert json.loads(out)["partner"] == "institution:cheltenham-borough-council"
    assert "no institution on record is called 'cheltenham-borough-council'" in err


def test_a_column_that_is_not_there_is_refused_and_nothing_is_imported(run: Any, register: Path) -> None:
    code, _, err = run("import", register, "--partner", "lewisham-council", "--column", "Tenure=tenure")
    assert code == 2
    assert "has no column 'Tenure'" in err
    assert run("list")[0] == 2


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"%PDF-1.7 x", "PDF"), (b"a,b\n", "no rows")])
def test_a_file_that_cannot_be_read_is_refused_in_words(run: Any, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    code, _, err = run("import", path, "--partner", "lewisham-council")
    assert code == 1
    assert said.casefold() in err.casefold()


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg"])
def test_an_export_for_the_public_holds_nothing_of_a_refuge(run: Any, tmp_path: Path, ending: str) -> None:
    for viewer, count in (("owner", 4), ("public", 3)):
        path = tmp_path / f"{viewer}.{ending}"
        assert run("export", "--out", path, "--for", viewer)[0] == 0
        assert (b"Refuge" in path.read_bytes()) == (viewer == "owner")
        if ending == "csv":
            assert len(list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))) == count + 1
        else:
            assert sum(int(pyogrio.read_info(path, layer=one)["features"]) for one in layers(path)) == count


def layers(path: Path) -> list[str]:
    return [str(name) for name, _ in pyogrio.list_layers(path)]


@pytest.mark.usefixtures("imported")
def test_an_exported_cell_is_no_formula(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "land.csv"
    run("export", "--out", path)
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("imported")
def test_visibility_of_one_asset_outlasts_the_next_import(run: Any, register: Path) -> None:
    assert run("visibility", "asset:lewisham-council-a1", "owner")[0] == 0
    run("import", register, "--partner", "lewisham-council")
    _, out, _ = run("totals", "--for", "public", "--format", "json")
    assert json.loads(out)["interests"] == 2


def test_every_change_is_in_the_audit_trail(run: Any, imported: dict[str, Any]) -> None:
    run("undo", imported["import"])
    _, out, _ = run("audit")
    assert "command line" in out
    assert "undo" in out
    assert imported["sha256"][:12] in out


@pytest.mark.usefixtures("imported")
def test_an_asset_shows_what_was_repaired(run: Any) -> None:
    _, out, _ = run("show", "asset:lewisham-council-a3")
    assert "in each other's place" in out


@pytest.mark.usefixtures("imported")
def test_an_unknown_asset_is_answered_with_near_ones(run: Any) -> None:
    code, _, err = run("show", "asset:lewisham-council-a7")
    assert code == 2
    assert "did you mean asset:lewisham-council-a" in err


@pytest.mark.usefixtures("imported")
def test_two_partners_rows_of_one_place_are_matched(run: Any, tmp_path: Path) -> None:
    path = written(tmp_path, ("X,Library,9 Giffin St,SE8 4RJ,Library,Leasehold,Yes,537350,177243",), "other.csv")
    run("import", path, "--partner", "lewisham-and-greenwich")
    _, out, _ = run("matches", "--format", "json")
    (match,) = json.loads(out)["matches"]
    assert {match["left"], match["right"]} == {"asset:lewisham-and-greenwich-x", "asset:lewisham-council-a2"}
    assert match["rule"] == "address"
    waiting = f"atlas estate accept {match['left']} {match['right']}"
    assert waiting in run("matches")[1].splitlines()
    assert run("accept", match["left"], match["right"])[0] == 0
    assert waiting not in run("matches")[1].splitlines()
    _, out, _ = run("totals", "--format", "json")
    found = json.loads(out)
    assert found["interests"] - found["assets"] == 1


@pytest.mark.usefixtures("imported")
def test_an_area_that_no_row_states_is_a_dash_and_no_nought(run: Any) -> None:
    _, out, _ = run("totals")
    (owner,) = [line for line in out.splitlines() if line.startswith("Lewisham Council")]
    assert owner.split()[-1] == "\N{EN DASH}"
