from __future__ import annotations

import csv
import dataclasses
import io
import json

import pandas as pd

from atlas.comparison import ReleaseComparison, compare_atlases
from atlas.exports.comparison import comparison_csv, comparison_document, comparison_json
from atlas.gaps.comparison import Comparison
from atlas.vocabulary import Release
from tests.toy import toy_atlas


def found() -> ReleaseComparison:
    """The toy world beside itself; one area has no counterpart, and one is named like a formula."""
    atlas = toy_atlas()
    after = dataclasses.replace(
        atlas,
        inputs=dataclasses.replace(
            atlas.inputs,
            release=Release.IOD2019,
            areaset=dataclasses.replace(atlas.inputs.areaset, vintage=2021),
        ),
    )
    codes = list(atlas.gaps.areas.index)[1:]
    both = compare_atlases(atlas, after, pd.DataFrame({"lsoa11": codes, "lsoa21": codes, "change": "U"}))
    areas = both.comparison.areas.assign(name=["=1+1", *both.comparison.areas["name"][1:]])
    return dataclasses.replace(both, comparison=Comparison(areas, both.comparison.pairs, both.comparison.unmatched))


def test_the_document_says_how_it_was_made_and_what_is_not_compared() -> None:
    document = comparison_document(found())
    assert document["before"] == {"release": "estimate", "revision": toy_atlas().revision}
    assert document["after"]["release"] == "iod2019"
    assert document["parameters"]["catchment_m"] == 4000.0
    assert document["matches"] == {"missing": 1, "unchanged": 15}
    assert sum(fate["areas"] for fate in document["fates"].values()) == 16
    assert len(document["not_matched_before"]) == 1


def test_json_has_null_for_what_is_not_compared() -> None:
    document = json.loads(comparison_json(found()))
    first, second = document["areas"][:2]
    assert (first["match"], first["need_percentile_before"], first["fate"]) == ("missing", None, "not_compared")
    assert (second["match"], second["need_percentile_shift"]) == ("unchanged", 0.0)
    assert document["need_correlation"] == 1.0


def test_csv_has_a_row_an_area_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_csv(found()))))
    assert len(rows) == 16
    assert (rows[0]["name"], rows[0]["need_percentile_before"]) == ("'=1+1", "")
    assert rows[1]["release_after"] == "iod2019"
