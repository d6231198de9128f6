"""The map as one file: opens from a folder, offline, and asks nobody for anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader

from atlas.errors import UnavailableError
from atlas.gaps.sentences import distance_words, share_words
from atlas.maps import text
from atlas.maps.geometry import topology
from atlas.maps.page import SCRIPTS, STYLES, Urls, build_map, fragments
from atlas.maps.values import values
from atlas.vocabulary import label

if TYPE_CHECKING:
    from atlas.snapshot import Atlas

STATIC: Final = Path(__file__).resolve().parents[2] / "web" / "static"
"""Our script and style sheets: beside this package in a checkout as in an installation."""

_ADDRESSES: Final = re.compile(r"url\((?!data:)[^)]*\)|//# sourceMappingURL=\S*")
"""What Leaflet's files name besides themselves: pictures that this map does not use, and maps of their source."""


def standalone(atlas: Atlas, static: Path = STATIC) -> str:
    """The map with its list of gap areas as one HTML page that holds everything it needs.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    static : Path
        Folder of the script and the style sheets.

    Returns
    -------
    str
        The same page for the same atlas. Its policy forbids every request.

    Raises
    ------
    UnavailableError
        If Leaflet has not been vendored.
    """
    pieces = fragments(build_map(atlas, Urls("#geometry", "#values", pages={})))
    templates = Environment(loader=PackageLoader("atlas.maps"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.filters |= {"distance": _distance, "verdict": label}
    return templates.get_template("standalone.html").render(
        atlas=atlas,
        headline=headline(atlas),
        sure=sure(atlas),
        map=pieces.html,
        script=text.as_block(pieces.script, "script"),
        scripts=[_read(static, path, "script") for path in SCRIPTS],
        styles=[_read(static, path, "style") for path in STYLES],
        data={"geometry": text.as_json(json.loads(topology(atlas.inputs.areaset))), "values": text.as_json(values(atlas))},
        places=atlas.inputs.areaset.boroughs["name"].to_dict(),
        unsurveyed={label(sector): codes for sector, codes in atlas.unsurveyed().items()},
        sectors=", ".join(label(sector).lower() for sector in atlas.parameters.sectors),
        release=label(atlas.inputs.release),
    )


def headline(atlas: Atlas) -> str:
    """The answer in one sentence."""
    summary, parameters = atlas.summary, atlas.parameters
    meant = (
        f"need is among the highest {share_words(parameters.need_share)} "
        f"and anchor institutions among the fewest {share_words(parameters.access_share)}"
    )
    if not summary.areas:
        return f"In no area of London {meant}."
    where = "one area" if summary.areas == 1 else f"{summary.areas:,} areas"
    return f"In {where} of London, home to {summary.people:,} people, {meant}."


def sure(atlas: Atlas) -> str:
    """How sure that is."""
    summary = atlas.summary
    known = f"{summary.robust:,} robust, {summary.fragile:,} fragile."
    if not summary.unknown:
        return known
    return f"{known} {summary.unknown:,} more ({summary.unknown_people:,} people) unknown: not all anchors are surveyed."


def _distance(metres: float | None) -> str:
    return "not known" if metres is None else distance_words(metres)


def _read(static: Path, path: str, tag: str) -> str:
    try:
        code = (static / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnavailableError(f"{static / path} is not here: run `npm ci --ignore-scripts && npm run vendor`") from None
    return text.as_block(_ADDRESSES.sub("none" if tag == "style" else "", code), tag)

