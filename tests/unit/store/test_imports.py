from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

from atlas.assets import ASSET_COLUMNS
from atlas.errors import DataError, NotFoundError, QueryError
from atlas.geo.estate.match.propose import COMPARED
from atlas.geo.estate.model import FINDING_COLUMNS, MATCH_COLUMNS, REGISTER_COLUMNS, Estate
from atlas.store import ImportRecord, Store
from atlas.store.schema import asset_versions
from atlas.vocabulary.estate import Visibility
from tests.unit.store.cleaned import AT, COLUMNS, SQUARE, WHO, asset, bring, cleaned, finding, info, source

HALL, LIBRARY, PARK = asset("hall"), asset("library", land_ha=0.5), asset("park", wkb=SQUARE, placed_by="shape")


def versions(store: Store) -> int:
    with store._database.reading() as connection:
        return connection.execute(select(func.count()).select_from(asset_versions)).scalar_one()


def counts(record: ImportRecord) -> dict[str, int]:
    names = ("rows", "accepted", "repaired", "set_aside", "unchanged", "added", "changed", "gone", "on_map", "doubts")
    return {name: getattr(record, name) for name in names if getattr(record, name)}


def test_an_empty_store_shows_frames_of_the_right_columns(store: Store) -> None:
    assert list(store.assets().columns) == list(ASSET_COLUMNS)
    assert store.assets().index.name == "asset"
    assert list(store.registers().columns) == list(REGISTER_COLUMNS)
    assert list(store.matches().columns) == list(MATCH_COLUMNS)
    assert list(store.doubts().columns) == ["asset", *FINDING_COLUMNS]
    assert len(store.assets()) == len(store.registers()) == len(store.doubts()) == 0
    assert store.imports() == store.audit() == []


def test_what_is_imported_comes_back_as_it_was_cleaned(store: Store) -> None:
    chunk = cleaned(
        [PARK, asset("depot", is_sensitive=True, visibility="owner", x_m=np.nan, placed_by="nowhere"), HALL]
    )
    bring(store, chunk)
    found = store.assets()
    pd.testing.assert_frame_equal(found, chunk.assets.sort_index(), check_dtype=False, check_index_type=False)
    assert found.dtypes[["name", "row", "is_sensitive", "x_m", "wkb"]].astype(str).tolist() == [
        *("str", "int64", "bool", "float64", "object")
    ]
    assert found.loc["asset:lewisham-park", "wkb"] == SQUARE
    assert found.loc["asset:lewisham-hall", "wkb"] is None


def test_what_it_shows_makes_an_estate(store: Store) -> None:
    bring(store, cleaned([HALL, PARK]))
    estate = Estate(store.assets(), store.registers(), store.matches(), store.doubts(), store.revision())
    assert estate.outlines.area.round().tolist() == [600.0]
    assert estate.group.tolist() == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "a\n\\.\nb",
        "\\.",
        "\\N",
        "a\tb\r\nc,d;e",
        "=1+1",
        "<img onerror=alert(1)>",
        "naïve 🏛",
        " ",
        "%s",
        "{}",
        "'--",
    ],
)
def test_awkward_text_comes_back_as_it_is(store: Store, text: str) -> None:
    bring(store, cleaned([asset("hall", name=text, extra=text)], [finding(2, "doubt", before=text)], [(3, text, text)]))
    assert store.assets()[["name", "extra"]].to_numpy().tolist() == [[text, text]]
    assert store.doubts()["before"].tolist() == [text]
    assert store.report(1).set_aside[["why", "raw"]].to_numpy().tolist() == [[text, text]]


@pytest.mark.parametrize("text", ["a\0b", "a\x1fb"])
def test_what_a_database_cannot_hold_is_marked(store: Store, text: str) -> None:
    bring(store, cleaned([asset("hall", name=text, street="road")]))
    assert store.assets()[["name", "street"]].to_numpy().tolist() == [["a\N{REPLACEMENT CHARACTER}b", "road"]]


def test_half_a_pair_of_surrogates_is_marked_too(store: Store) -> None:
    chunk = cleaned([HALL])
    chunk.assets["notes"] = pd.Series(["a\ud800b"], index=chunk.assets.index, dtype=object)
    bring(store, chunk)
    assert store.assets()["notes"].tolist() == ["a?b"]


def test_nothing_known_is_empty_text_whoever_says_so(store: Store) -> None:
    chunk = cleaned([HALL])
    chunk.assets["notes"] = pd.Series([None], index=chunk.assets.index, dtype=object)
    bring(store, chunk)
    assert store.assets()["notes"].tolist() == [""]


def test_every_row_is_counted_once(store: Store) -> None:
    first = cleaned([HALL, asset("library", outcome="repaired")], [finding(3, "repair"), finding(3, "doubt")])
    second = cleaned([asset("depot", placed_by="nowhere")], set_aside=[(5, "a total", "{}")], first_row=4)
    record = bring(store, first, second)
    wanted = {"rows": 4, "accepted": 2, "repaired": 1, "set_aside": 1, "added": 3, "on_map": 2, "doubts": 1}
    assert counts(record) == wanted


def test_the_report_has_every_row_and_all_that_was_found(store: Store) -> None:
    chunk = cleaned([HALL, asset("library", outcome="repaired")], [finding(3, "repair")], [(4, "a total", "{}")])
    with store.importing(info(), source(), COLUMNS, WHO, AT) as writer:
        writer.write(chunk)
        writer.doubt(cleaned([], [finding(0, "doubt", column="", field=""), finding(2, "doubt")]).findings)
    report = store.report(writer.id)
    assert report.rows.to_numpy().tolist() == [
        [2, "accepted", "asset:lewisham-hall", "added"],
        [3, "repaired", "asset:lewisham-library", "added"],
        [4, "set_aside", "", ""],
    ]
    assert report.findings[["row", "kind"]].to_numpy().tolist() == [[0, "doubt"], [2, "doubt"], [3, "repair"]]
    assert report.set_aside.to_numpy().tolist() == [[4, "a total", "{}"]]
    assert report.columns == COLUMNS
    assert (report.record.file, report.record.notes, report.record.at) == ("register.csv", source().notes, AT)
    again = store.report(report.record.id)
    assert again.record == report.record
    pd.testing.assert_frame_equal(again.rows, report.rows)


def test_doubts_and_repairs_are_shown_by_asset(store: Store) -> None:
    found = [finding(3, "repair"), finding(2, "doubt"), finding(4, "set_aside"), finding(0, "doubt")]
    bring(store, cleaned([HALL, LIBRARY], found, [(4, "a total", "{}")]))
    assert store.doubts()[["asset", "row", "kind"]].to_numpy().tolist() == [
        ["asset:lewisham-library", 3, "repair"],
        ["asset:lewisham-hall", 2, "doubt"],
    ]


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    chunk = cleaned([HALL, asset("library", outcome="repaired")], [finding(3, "repair")], [(4, "a total", "{}")])
    bring(store, chunk)
    before, held = store.assets(), versions(store)
    assert counts(bring(store, chunk)) == {"rows": 3, "set_aside": 1, "unchanged": 2, "on_map": 2}
    pd.testing.assert_frame_equal(store.assets(), before)
    assert versions(store) == held
    assert store.report(2).rows["outcome"].tolist() == ["unchanged", "unchanged", "set_aside"]
    assert store.doubts()["asset"].tolist() == ["asset:lewisham-library"]


def test_a_file_that_only_moves_rows_changes_nothing_but_where_they_are(store: Store) -> None:
    bring(store, cleaned([HALL, LIBRARY]))
    record = bring(store, cleaned([LIBRARY, HALL], [finding(9, "doubt")], first_row=9))
    assert counts(record) == {"rows": 2, "unchanged": 2, "on_map": 2, "doubts": 1}
    assert store.assets()["row"].tolist() == [10, 9]
    assert store.doubts()["asset"].tolist() == ["asset:lewisham-library"]
    store.undo(record.id, WHO)
    assert store.assets()["row"].tolist() == [2, 3]


def test_a_newer_file_shows_what_was_added_changed_and_gone(store: Store) -> None:
    bring(store, cleaned([HALL, LIBRARY, PARK]))
    record = bring(store, cleaned([HALL, asset("library", land_ha=0.25), asset("depot")]), file="newer.csv")
    assert counts(record) == {
        "rows": 3,
        "accepted": 2,
        "unchanged": 1,
        "added": 1,
        "changed": 1,
        "gone": 1,
        "on_map": 3,
    }
    assert store.assets().index.tolist() == ["asset:lewisham-depot", "asset:lewisham-hall", "asset:lewisham-library"]
    assert store.assets()["land_ha"].tolist()[2] == 0.25
    report = store.report(record.id)
    assert report.rows["change"].tolist() == ["", "changed", "added"]
    assert report.gone.to_numpy().tolist() == [["asset:lewisham-park", "Park"]]
    assert record.supersedes == 1


@pytest.mark.parametrize(
    "said",
    [{"name": "Other"}, {"land_ha": 1.0}, {"wkb": SQUARE}, {"is_sensitive": True}, {"extra": "{}"}, {"x_m": np.nan}],
)
def test_anything_that_an_asset_says_is_a_change(store: Store, said: dict[str, object]) -> None:
    bring(store, cleaned([HALL]))
    assert bring(store, cleaned([asset("hall", **said)])).changed == 1


def test_words_that_move_from_one_column_to_the_next_are_a_change(store: Store) -> None:
    bring(store, cleaned([asset("hall", number="1", street="")]))
    assert bring(store, cleaned([asset("hall", number="", street="1")])).changed == 1


def test_zero_is_zero_however_it_is_signed(store: Store) -> None:
    bring(store, cleaned([asset("hall", land_ha=0.0)]))
    assert bring(store, cleaned([asset("hall", land_ha=-0.0)])).unchanged == 1


def test_an_asset_that_was_gone_comes_back_as_added(store: Store) -> None:
    bring(store, cleaned([HALL, PARK]))
    bring(store, cleaned([HALL]))
    assert bring(store, cleaned([HALL, PARK])).added == 1
    assert len(store.assets()) == 2


def test_registers_say_what_stands(store: Store) -> None:
    bring(store, cleaned([HALL, PARK], set_aside=[(4, "a total", "{}")]), as_of="2025-12-01")
    bring(store, cleaned([asset("yard", "camden")]), register="camden", visibility=Visibility.PARTNERS)
    found = store.registers()
    assert found.index.tolist() == ["camden", "lewisham"]
    assert found.loc["lewisham"].tolist() == [
        *("institution:lewisham", "Lewisham", "Land and buildings", "public", "2025-12-01", AT, "register.csv", 3, 2, 1)
    ]
    assert found.loc["camden", "visibility"] == "partners"


def test_one_register_leaves_another_alone(store: Store) -> None:
    bring(store, cleaned([asset("yard", "camden")]), register="camden")
    bring(store, cleaned([HALL]))
    assert bring(store, cleaned([PARK])).gone == 1
    assert store.assets().index.tolist() == ["asset:camden-yard", "asset:lewisham-park"]
    assert [one.id for one in store.imports("lewisham")] == [3, 2]
    assert [one.id for one in store.imports()] == [3, 2, 1]


def test_an_import_that_fails_leaves_nothing_behind(store: Store) -> None:
    bring(store, cleaned([HALL]))
    before, revision = store.assets(), store.revision()

    def interrupted() -> None:
        with store.importing(info(title="Other"), source("newer.csv"), COLUMNS, WHO, AT) as writer:
            writer.write(cleaned([PARK], [finding(2, "doubt")], [(3, "a total", "{}")]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    pd.testing.assert_frame_equal(store.assets(), before)
    assert store.revision() == revision
    assert store.registers()["title"].tolist() == ["Land and buildings"]
    assert len(store.imports()) == len(store.audit()) == 1
    assert versions(store) == 1


def test_an_id_that_two_rows_bear_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match=r"row 3.*the id is taken, found 'asset:lewisham-hall'"):
        bring(store, cleaned([HALL, HALL]))
    with pytest.raises(DataError, match=r"row 7.*the id is taken"):
        bring(store, cleaned([HALL]), cleaned([HALL], first_row=7))
    assert store.imports() == []


def test_an_id_that_comes_again_in_a_newer_file_is_refused(store: Store) -> None:
    bring(store, cleaned([HALL]))
    with pytest.raises(DataError, match=r"row 7.*the id is taken"):
        bring(store, cleaned([HALL]), cleaned([HALL], first_row=7))


def test_an_id_of_another_register_is_refused(store: Store) -> None:
    bring(store, cleaned([asset("a-b", "lewisham")]))
    clash = asset("b", "lewisham-a")
    assert clash["asset"] == "asset:lewisham-a-b"
    with pytest.raises(DataError, match=r"no other register has"):
        bring(store, cleaned([clash]), register="lewisham-a")
    assert store.registers().index.tolist() == ["lewisham"]


def test_assets_of_another_register_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="other registers than lewisham"):
        bring(store, cleaned([asset("yard", "camden")]))


def test_a_register_is_one_partners(store: Store) -> None:
    bring(store, cleaned([HALL]))
    with pytest.raises(QueryError, match=r"the register lewisham is of Lewisham \(institution:lewisham\)"):
        bring(store, cleaned([HALL]), partner="institution:camden")
    store.undo(1, WHO)
    assert bring(store, cleaned([HALL]), partner="institution:camden").added == 1


def test_an_empty_file_takes_all_away_and_undo_brings_it_back(store: Store) -> None:
    bring(store, cleaned([HALL, PARK]))
    before = store.assets()
    assert counts(bring(store, cleaned([]))) == {"gone": 2}
    assert len(store.assets()) == 0
    assert len(store.registers()) == 1
    store.undo(2, WHO)
    pd.testing.assert_frame_equal(store.assets(), before)


def test_an_import_undone_leaves_what_stood_before(store: Store) -> None:
    bring(store, cleaned([HALL, LIBRARY, PARK], [finding(2, "doubt")]), title="Old", as_of="2025-01-01")
    before = (store.assets(), store.registers(), store.doubts())
    bring(store, cleaned([asset("hall", name="New"), LIBRARY, asset("depot")]), title="New", file="newer.csv")
    record = store.undo(2, "a person")
    assert not record.is_standing
    for frame, old in zip((store.assets(), store.registers(), store.doubts()), before, strict=True):
        pd.testing.assert_frame_equal(frame, old)
    assert [one.is_standing for one in store.imports()] == [False, True]
    assert store.report(2).gone["name"].tolist() == ["Park"]
    assert store.report(2).rows["change"].tolist() == ["changed", "", "added"]


def test_the_first_import_undone_takes_the_register_away(store: Store) -> None:
    bring(store, cleaned([HALL]))
    store.undo(1, WHO)
    assert len(store.registers()) == len(store.assets()) == len(store.doubts()) == versions(store) == 0
    assert bring(store, cleaned([HALL])).supersedes is None


def test_imports_are_undone_the_newest_first(store: Store) -> None:
    bring(store, cleaned([HALL]))
    bring(store, cleaned([PARK]))
    bring(store, cleaned([asset("yard", "camden")]), register="camden")
    with pytest.raises(QueryError, match="import 2 of lewisham is newer than import 1: undo it first"):
        store.undo(1, WHO)
    store.undo(2, WHO)
    with pytest.raises(QueryError, match="import 2 is undone already"):
        store.undo(2, WHO)
    store.undo(1, WHO)
    assert store.assets().index.tolist() == ["asset:camden-yard"]


def test_an_import_after_an_undone_one_follows_the_one_before(store: Store) -> None:
    bring(store, cleaned([HALL]))
    bring(store, cleaned([PARK]))
    store.undo(2, WHO)
    assert bring(store, cleaned([HALL])).supersedes == 1
    store.undo(3, WHO)
    assert store.assets().index.tolist() == ["asset:lewisham-hall"]


def test_an_unknown_import_is_said_to_be_unknown(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no import called '7'$"):
        store.report(7)
    bring(store, cleaned([HALL]))
    with pytest.raises(NotFoundError, match=r"no import called '7'; did you mean 1\?"):
        store.undo(7, WHO)


def test_each_change_is_in_the_audit_trail_with_its_file(store: Store) -> None:
    bring(store, cleaned([HALL]))
    bring(store, cleaned([asset("yard", "camden")]), register="camden")
    store.undo(1, "a person")
    found = store.audit()
    assert [(one.action, one.who, one.register, one.import_id, one.file) for one in found] == [
        ("undo", "a person", "lewisham", 1, "register.csv"),
        ("import", WHO, "camden", 2, "register.csv"),
        ("import", WHO, "lewisham", 1, "register.csv"),
    ]
    assert found[2].sha256 == source().sha256
    assert found[2].at == AT
    assert found[2].details["added"] == 1
    assert [one.import_id for one in store.audit(register="camden")] == [2]
    assert len(store.audit(limit=1)) == 1
    assert json.dumps(found[2].details)


def test_the_revision_moves_with_every_change_and_with_nothing_else(store: Store) -> None:
    seen = [store.revision()]
    bring(store, cleaned([HALL]))
    seen.append(store.revision())
    store.assets()
    assert store.revision() == seen[-1]
    store.undo(1, WHO)
    seen.append(store.revision())
    assert [one.partition("-")[2] for one in seen] == ["0", "1", "2"]
    assert len({one.partition("-")[0] for one in seen}) == 1
    assert len(seen[0].partition("-")[0]) == 8


def test_what_matching_reads_leaves_one_register_out(store: Store) -> None:
    bring(store, cleaned([HALL, PARK]))
    bring(store, cleaned([asset("clinic", "trust", wkb=SQUARE)]), register="trust")
    whole, others = pd.concat(store.compared()), pd.concat(store.compared(without="lewisham"))
    expected = store.assets()[list(COMPARED)]
    pd.testing.assert_frame_equal(whole.sort_index(), expected, check_dtype=False, check_index_type=False)
    assert others.index.tolist() == ["asset:trust-clinic"]
    assert others.loc["asset:trust-clinic", "wkb"] == SQUARE


def test_columns_that_say_nothing_are_kept_as_nothing(store: Store) -> None:
    bring(store, cleaned([asset("hall", use="", x_m=np.nan, y_m=np.nan, placed_by="nowhere", lad="")]))
    found = store.assets().loc["asset:lewisham-hall"]
    assert (found["use"], found["lad"], found["uprn"]) == ("", "", "")
    assert np.isnan(found["x_m"])
    assert found["wkb"] is None
