from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from atlas.comparison import compare_atlases
from atlas.errors import QueryError
from atlas.geo.deprivation import Deprivation
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas
from atlas.vocabulary import Release
from tests.toy import code_of, toy_atlas, toy_inputs

NOTHING = pd.DataFrame({"lsoa11": [], "lsoa21": [], "change": []}, dtype="str")


def later(parameters: Parameters | None = None) -> Atlas:
    """The toy world where need in the far east has eased, and has risen beside it."""
    inputs = toy_inputs()
    scores = inputs.deprivation.scores.copy()
    scores.loc[[code_of(7, 0), code_of(7, 1)], "overall"] = 1.5
    eased = dataclasses.replace(Deprivation.from_estimate(scores), release=Release.IOD2019)
    return analyse(dataclasses.replace(inputs, release=Release.IOD2019, deprivation=eased), parameters or Parameters())


def test_two_atlases_of_one_census_year_need_no_lookup() -> None:
    found = compare_atlases(toy_atlas(), later(), NOTHING)
    areas = found.comparison.areas
    assert areas.columns.tolist()[:3] == ["name", "lad", "lad_name"]
    assert set(areas["match"]) == {"unchanged"}
    assert areas.loc[code_of(7, 0), "need_percentile_shift"] < 0
    assert set(areas.loc[areas["fate"] == "gone"].index) <= {code_of(7, 0), code_of(7, 1)}
    assert set(found.gap_areas["release"]) == {"before", "after"} or not later().gap_areas


def test_the_sentence_is_made_of_the_numbers() -> None:
    found = compare_atlases(toy_atlas(), later(), NOTHING)
    fates = found.comparison.count("fate")
    assert f"{fates.get('gone', 0)} are gaps no longer" in found.sentence
    assert "by the estimate of need too" in found.sentence
    assert "16 neighbourhoods have one boundary in both" in found.sentence
    assert "none is left out" in found.sentence
    assert "never scores" in found.sentence


def test_a_lookup_is_used_between_census_years() -> None:
    after = later()
    areaset = dataclasses.replace(after.inputs.areaset, vintage=2021)
    after = dataclasses.replace(after, inputs=dataclasses.replace(after.inputs, areaset=areaset))
    codes = list(areaset.areas.index)
    changes = pd.DataFrame({"lsoa11": codes[1:], "lsoa21": codes[1:], "change": "U"})
    found = compare_atlases(toy_atlas(), after, changes)
    assert found.comparison.areas["match"].tolist() == ["missing"] + ["unchanged"] * 15
    assert found.comparison.unmatched == (codes[0],)
    assert "1 cannot be compared" in found.sentence
    with pytest.raises(QueryError, match="give the earlier first"):
        compare_atlases(after, dataclasses.replace(toy_atlas()), changes)


def test_what_cannot_be_set_side_by_side() -> None:
    with pytest.raises(QueryError, match="different choices"):
        compare_atlases(toy_atlas(), later(Parameters(catchment_m=2000)), NOTHING)
    with pytest.raises(QueryError, match="both are estimate"):
        compare_atlases(toy_atlas(), toy_atlas(), NOTHING)
