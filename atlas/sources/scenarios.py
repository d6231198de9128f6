"""Scenario files: read whole, with every fault of every change."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from atlas.errors import DataError, Fault, Faults
from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork, Scenario
from atlas.gaps.scenario.plan import Numbered, make_plan
from atlas.parameters import Parameters
from atlas.records import POSTCODE
from atlas.snapshot import Inputs
from atlas.sources.postcodes import PostcodeBook, tidy
from atlas.sources.textfiles import decode, read_bytes
from atlas.vocabulary import Release

_KINDS: Final[dict[str, type[BaseModel]]] = {
    "add_site": AddSite,
    "close_site": CloseSite,
    "extend_network": ExtendNetwork,
    "add_tie": AddTie,
}
_CHANGE: Final[TypeAdapter[Change]] = TypeAdapter(Change)
TOGETHER_M: Final = 500.0
"""A postcode and coordinates further apart than this are two places: a postcode's addresses lie round its point."""

_BOOK: Final = PostcodeBook()
"""Kept, since a letter takes a moment to read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario file as read, before it is held against the data.

    Parameters
    ----------
    file : str
        Its name.
    scenario : Scenario or None
        None where its form has faults.
    changes : tuple of (int, Change)
        Those whose form has none, with their place in the file from 1.
    release : Release or None
        Where it wants need from.
    faults : tuple of Fault
        Of its form.
    """

    file: str
    scenario: Scenario | None
    changes: Numbered
    release: Release | None
    faults: tuple[Fault, ...]


def read_scenario(path: Path, inputs: Inputs) -> Scenario:
    """Read a scenario file and hold it against the data: `read_draft`, then `complete`."""
    return complete(read_draft(path), inputs)


def read_draft(path: Path) -> Draft:
    """Read a scenario file.

    Raises
    ------
    DataError
        If it is empty, not UTF-8 or not a JSON object; faults of its content are kept in the draft.
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    faults = Faults()
    data = read_bytes(path, faults)
    faults.raise_errors(f"{path.name} cannot be read as a scenario")
    return parse_draft(data or b"", path.name)


def parse_draft(data: bytes, file: str = "scenario") -> Draft:
    r"""Read a scenario from the bytes of its JSON.

    Raises
    ------
    DataError
        As `read_draft`.

    Examples
    --------
    >>> parse_draft(b'{"name": "One fewer", "changes": [{"do": "close_site", "site": "site:a"}]}').scenario.name
    'One fewer'
    >>> draft = parse_draft(b'{"name": "x", "changes": [{"do": "close_site", "sight": "site:a"}]}', "x.json")
    >>> print(*draft.faults, sep="\n")
    x.json, change 1, field site: is missing, expected id of an active site
    x.json, change 1, field sight: unknown field, found 'site:a', expected do, site
    """
    faults = Faults()
    document = _parse(data, file, faults)
    faults.raise_errors(f"{file} cannot be read as a scenario")
    changes: list[tuple[int, Change]] = []
    text = json.dumps(document)
    scenario, bad = None, set()
    try:
        scenario = Scenario.model_validate_json(text, strict=True)
    except ValidationError as error:
        for fault in error.errors():
            bad.add(fault["loc"][1] if fault["loc"][:1] == ("changes",) and len(fault["loc"]) > 1 else None)
            faults.add(*_told(fault, file), value=_found(fault))
    written = document.get("changes")
    for at, change in enumerate(written if isinstance(written, list) else []):
        if at not in bad:
            changes.append((at + 1, _CHANGE.validate_json(json.dumps(change), strict=True)))
    release = document.get("release")
    wanted = Release(release) if isinstance(release, str) and release in set(Release) else None
    return Draft(file, scenario, tuple(changes), wanted, tuple(faults))


def complete(draft: Draft, inputs: Inputs) -> Scenario:
    """Hold a draft against the data, and turn its postcodes into coordinates.

    Raises
    ------
    DataError
        With every fault: of its form, of its postcodes, and of what it names.
    UnavailableError
        If it has postcodes and the postcode package is not installed.
    """
    faults = Faults(list(draft.faults))
    changes = _located(draft, faults)
    plan_faults = make_plan(changes, inputs.sites, inputs.graph, inputs.areaset, draft.file)[1]
    # what is wrong with a postcode has been said, and better
    faults.extend(fault for fault in plan_faults if not fault.file.endswith(", field postcode"))
    faults.found.sort(key=lambda fault: _place(fault.file))
    faults.raise_errors(f"{draft.file} cannot be run")
    if draft.scenario is None:
        raise DataError(f"{draft.file} cannot be run", draft.faults)
    return draft.scenario.model_copy(update={"changes": tuple(change for _, change in changes)})


def _place(file: str) -> int:
    number = file.partition(", change ")[2].partition(",")[0]
    return int(number) if number.isdecimal() else 0


def _located(draft: Draft, faults: Faults) -> list[tuple[int, Change]]:
    """Changes with coordinates for every postcode; one that does not exist stays as it is, with a fault."""
    wanted = {
        number: tidy(change.postcode)
        for number, change in draft.changes
        if isinstance(change, AddSite) and change.postcode is not None
    }
    formed = {number: postcode for number, postcode in wanted.items() if POSTCODE.fullmatch(postcode)}
    positions = _positions(list(set(formed.values())))
    found: list[tuple[int, Change]] = []
    for number, change in draft.changes:
        if not isinstance(change, AddSite) or number not in wanted:
            found.append((number, change))
            continue
        postcode = wanted[number]
        if postcode not in positions:
            place = f"{draft.file}, change {number}, field postcode"
            faults.add(place, "no such postcode", "a live postcode, such as SE1 2QH", value=change.postcode)
            found.append((number, change))
            continue
        update: dict[str, Any] = {"postcode": postcode}
        if change.easting_m is None or change.northing_m is None:
            update |= dict(zip(("easting_m", "northing_m"), positions[postcode], strict=True))
        elif (apart_m := math.dist((change.easting_m, change.northing_m), positions[postcode])) > TOGETHER_M:
            problem = (
                f"is {apart_m / 1000:.1f} km from easting {change.easting_m:.0f}, northing {change.northing_m:.0f}, "
                f"so that the site would be in two places"
            )
            expected = f"the postcode, or easting_m and northing_m, or both within {TOGETHER_M:.0f} m of each other"
            faults.add(f"{draft.file}, change {number}, field postcode", problem, expected, value=postcode)
        found.append((number, change.model_copy(update=update)))
    return found


def _positions(postcodes: Sequence[str]) -> dict[str, tuple[float, float]]:
    found = _BOOK.find(postcodes)
    metres = found[["easting_m", "northing_m"]].to_numpy(float).tolist()
    return {str(postcode): (east, north) for postcode, (east, north) in zip(found.index, metres, strict=True)}


def _parse(data: bytes, file: str, faults: Faults) -> dict[str, Any]:
    text = decode(data, file, faults)
    if text is None:
        return {}
    expected = "a JSON object with name and changes"

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for name, count in Counter(name for name, _ in pairs).items():
            if count > 1:
                faults.add(file, "a field is there twice", "each field once", value=name)
        return dict(pairs)

    def not_a_number(value: str) -> None:
        faults.add(file, "not a number that JSON has", "a finite number", value=value)

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=not_a_number)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1 : error.lineno]
        faults.add(file, f"not JSON ({error.msg})", expected, row=error.lineno, value="".join(line).strip()[:60])
        return {}
    except (RecursionError, ValueError) as error:
        faults.add(file, f"not JSON that can be read ({type(error).__name__})", expected)
        return {}
    if not isinstance(document, dict):
        faults.add(file, "not an object", expected, value=type(document).__name__)
        return {}
    return document


def _told(fault: ErrorDetails, file: str) -> tuple[str, str, str]:
    """Place, problem and expectation of one fault of form."""
    loc, place = list(fault["loc"]), file
    record: type[BaseModel] = Scenario
    if loc[:1] == ["changes"] and len(loc) > 1:
        place += f", change {int(loc[1]) + 1}"
        record, loc = _KINDS.get(str(loc[2]) if len(loc) > 2 else "", Scenario), loc[3:]
    elif loc[:1] == ["parameters"] and len(loc) > 1:
        record, loc = Parameters, loc[1:]
    name = str(loc[0]) if loc else "do" if fault["type"].startswith("union_tag") else None
    place += f", field {name}" if name else ""
    field = record.model_fields.get(name) if name else None
    meaning = (field.description if field else None) or ", ".join(record.model_fields)
    match fault["type"]:
        case "missing":
            return place, "is missing", meaning
        case "extra_forbidden":
            return place, "unknown field", ", ".join(record.model_fields)
        case "value_error":
            problem, _, expected = fault["msg"].removeprefix("Value error, ").partition(": ")
            return (place, problem, expected) if expected else (place, problem, meaning)
        case "union_tag_invalid" | "union_tag_not_found":
            return place, "no such change", ", ".join(_KINDS)
        case _:
            return place, "wrong value", f"{meaning} ({fault['msg'][0].lower()}{fault['msg'][1:]})"


def _found(fault: ErrorDetails) -> object:
    """What was found, in short; nothing for a whole record."""
    value = fault["input"]
    if fault["type"].startswith("union_tag") and isinstance(value, dict):
        return value.get("do")
    return None if isinstance(value, dict) else value if not isinstance(value, str) else value[:80]
