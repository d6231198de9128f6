"""Two releases side by side, as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any, Final

from atlas.comparison import ReleaseComparison
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
        "need_correlation": _plain(comparison.correlation),
        "need_mean_shift": _plain(comparison.mean_shift),
        "not_matched_before": list(comparison.unmatched),
        "gap_areas": _records(found.gap_areas),
        "areas": _records(comparison.areas.rename_axis("lsoa").reset_index()),
    }


def comparison_json(found: ReleaseComparison) -> str:
    """`comparison_document` as text; refuses NaN."""
    return json.dumps(comparison_document(found), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def comparison_csv(found: ReleaseComparison) -> str:
    """A row for each area of the later release; earlier figures are empty where `match` says there are none."""
    rows = comparison_document(found)
    releases = {"release_before": rows["before"]["release"], "release_after": rows["after"]["release"]}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*rows["areas"][0], *releases], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in {**row, **releases}.items()} for row in rows["areas"])
    return out.getvalue()


def _records(frame: Any) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, _ROUNDED)
    return value


def _cell(value: Any) -> Any:
    # a spreadsheet would run a name that begins like a formula
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
