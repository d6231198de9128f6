"""Two releases side by side, as CSV and JSON."""

from __future__ import annotations

from typing import Any, Final

from atlas.comparison import ReleaseComparison
from atlas.exports.text import csv_text, json_text, plain, records
from atlas.gaps.comparison import Fate

_ROUNDED: Final = 4


def comparison_document(found: ReleaseComparison) -> dict[str, Any]:
    """The comparison as JSON values, with all that a reader needs to rerun it.

    Percentiles are of London's people, and `england_percentile` of England's areas: need 100 is the most deprived,
    access 100 the best served. Where `match` says that an area cannot be compared, its earlier figures are null.
    """
    comparison = found.comparison
    return {
        "before": {"release": found.before.inputs.release.value, "revision": found.before.revision},
        "after": {"release": found.after.inputs.release.value, "revision": found.after.revision},
        "parameters": found.after.parameters.model_dump(mode="json"),
        "sentence": found.sentence,
        "matches": comparison.count("match"),
        "fates": {
            fate: {"areas": areas, "people": comparison.people(Fate(fate))}
            for fate, areas in comparison.count("fate").items()
        },
        "need_correlation": plain(comparison.correlation, _ROUNDED),
        "need_mean_shift": plain(comparison.mean_shift, _ROUNDED),
        "not_matched_before": list(comparison.unmatched),
        "gap_areas": records(found.gap_areas, _ROUNDED),
        "areas": records(comparison.areas.rename_axis("lsoa").reset_index(), _ROUNDED),
    }


def comparison_json(found: ReleaseComparison) -> str:
    """`comparison_document` as text; refuses NaN."""
    return json_text(comparison_document(found))


def comparison_csv(found: ReleaseComparison) -> str:
    """A row for each area of the later release; earlier figures are empty where `match` says there are none."""
    rows = comparison_document(found)
    releases = {"release_before": rows["before"]["release"], "release_after": rows["after"]["release"]}
    return csv_text([*rows["areas"][0], *releases], [{**row, **releases} for row in rows["areas"]])
