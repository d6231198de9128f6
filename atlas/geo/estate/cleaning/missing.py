"""What no column of a register tells."""

from __future__ import annotations

from collections.abc import Sequence

from atlas.geo.estate.cleaning.looks import looks_like
from atlas.geo.estate.model import ColumnMatch


def missing(matches: Sequence[ColumnMatch], *, has_geometry: bool = False) -> tuple[str, ...]:
    """Say what no column of a register tells.

    Parameters
    ----------
    matches : sequence of ColumnMatch
        As `match_columns` gives them.
    has_geometry : bool
        Whether the file carries outlines or points besides its columns.

    Returns
    -------
    tuple of str
        Sentences; empty where nothing of weight is missing.

    Examples
    --------
    >>> missing((ColumnMatch("Asset", "name", 98, "name"),))[0]
    'nothing says where the assets are'
    """
    held = {match.field for match in matches}
    said = []
    if not has_geometry:
        pairs = [match for match in matches if match.field in {"x", "y"} and looks_like(match.examples) == "pair"]
        half = next(
            (one for one, other in (("x", "y"), ("y", "x")) if one in held and other not in held and not pairs), ""
        )
        if not held & {"x", "y", "grid_reference", "postcode", "uprn"}:
            said.append("nothing says where the assets are")
        elif half and not held & {"grid_reference"}:
            column = next(match.column for match in matches if match.field == half)
            said.append(f"{column!r} is taken for one half of the coordinates, and nothing for the other")
        elif not held & {"x", "grid_reference"}:
            by = " and ".join(word for name, word in (("postcode", "postcode"), ("uprn", "UPRN")) if name in held)
            said.append(f"nothing says where the assets are but their {by}")
    if not held & {"reference", "uprn"}:
        said.append("nothing names an asset from one file to the next: no reference and no UPRN")
    if not held & {"name", "street"}:
        said.append("nothing says what the assets are called or their address")
    for field, what in (
        ("tenure", "by what right the assets are held"),
        ("status", "which assets are vacant or surplus"),
    ):
        if not held & {field, "tenure_detail"}:
            said.append(f"nothing says {what}")
    return tuple(said)
