"""Scenarios as requests carry them, and the results that are kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final

from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from atlas.errors import DataError, Fault, QueryError
from atlas.gaps.scenario.changes import Scenario
from atlas.parameters import FIRST_LOOK, Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs
from atlas.sources.scenarios import Draft, complete, parse_draft
from atlas.what_if import ScenarioResult, run_scenario
from web.choices import DEFAULTS, Reader
from web.choices import FIELDS as CHOICES
from web.memo import Memo
from web.scenario_address import MOST_BYTES, MOST_CHARACTERS, packed, unpacked
from web.visit import Visit, house, visit_of

KEPT: Final = 8
"""Results kept, and first looks to set them against; each result holds about 5 MB."""

ADDRESSED: Final = (
    "need_domain",
    "weights",
    "measure",
    "capacity",
    "catchment_m",
    "catchment_min",
    "decay",
    "sectors",
)
"""Choices that an address can carry."""


@dataclass(frozen=True)
class Desk:
    """What the pages of scenarios hold: examples read at start, and finished answers.

    Parameters
    ----------
    examples : tuple of Scenario
        Those that come with Atlas.
    results : Memo
        Results by inputs, choices and scenario.
    bases : Memo
        Atlases without a scenario, by inputs and choices.
    working : threading.Lock
        Held by the one result that is being worked out.
    """

    examples: tuple[Scenario, ...]
    results: Memo[ScenarioResult] = field(default_factory=lambda: Memo(KEPT))
    bases: Memo[Atlas] = field(default_factory=lambda: Memo(KEPT))
    working: Lock = field(default_factory=Lock)

    def examples_for(self, inputs: Inputs) -> list[Scenario]:
        """The examples whose sites, networks and ties are in these data."""
        found = []
        for example in self.examples:
            with suppress(DataError):
                complete(Draft(example.name, example, tuple(enumerate(example.changes, 1)), None, ()), inputs)
                found.append(example)
        return found

    def run(self, asked: Asked, most_draws: int | None) -> ScenarioResult:
        """What a scenario changes, worked out once for its inputs, choices and hash."""
        here, scenario = asked.visit, asked.scenario
        inputs = here.library.inputs(here.choices.release)

        def measure(given: Inputs, parameters: Parameters) -> Atlas:
            if given is not inputs:
                return analyse(given, parameters)
            return self.bases.get((given.fingerprint, parameters), lambda: analyse(given, parameters))

        def work() -> ScenarioResult:
            # one at a time: many at once would leave nothing for other readers
            with self.working:
                return run_scenario(
                    inputs,
                    here.choices.parameters,
                    scenario,
                    before=here.atlas,
                    measure=measure,
                    most_draws=most_draws,
                )

        key = (inputs.fingerprint, here.choices.parameters, scenario.sha256, most_draws)
        return self.results.get(key, work)


def read_examples() -> tuple[Scenario, ...]:
    """The scenarios that come with Atlas; none where they were not installed."""
    here = Path(__file__).parent
    for folder in (here / "_docs" / "scenarios", here.parent / "docs" / "scenarios"):
        if folder.is_dir():
            drafts = [parse_draft(path.read_bytes(), path.name) for path in sorted(folder.glob("*.json"))]
            return tuple(draft.scenario for draft in drafts if draft.scenario)
    return ()


class ScenarioError(QueryError):
    """A scenario that cannot be run.

    Parameters
    ----------
    faults : tuple of Fault
        All that is wrong.
    draft : Draft or None
        What could be read of it.
    """

    def __init__(self, faults: tuple[Fault, ...], draft: Draft | None = None) -> None:
        self.faults, self.draft = faults, draft
        super().__init__("; ".join(map(str, faults)))


@dataclass(frozen=True)
class Asked:
    """A scenario that can be run, and the request that asks for it.

    Parameters
    ----------
    visit : Visit
        The reader's choices, with the scenario's release.
    scenario : Scenario
        Postcodes turned into coordinates.
    address : str
        The scenario as an address carries it; empty where it is too long.
    """

    visit: Visit
    scenario: Scenario
    address: str

    @property
    def all_draws(self) -> int:
        """Draws behind verdicts that are no first look."""
        return self.scenario.parameters_over(self.visit.choices.parameters).draws


def enter(draft: Draft | None = None) -> Visit:
    """Read the choices of the request, the scenario's release in place of one that the address does not name."""
    library = house().library
    fields = [(name, str(value)) for name, value in request.values.items(multi=True) if name in {*CHOICES, "draws"}]
    if draft and draft.release in library.releases and not request.values.get("release"):
        fields.append(("release", str(draft.release)))
    here = g.visit = visit_of(Reader(MultiDict(fields)))
    return here


def read(data: bytes, file: str) -> Asked:
    """Hold a scenario against the data, and make the visit one under its choices.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    try:
        draft = parse_draft(data, file)
    except DataError as error:
        raise ScenarioError(tuple(error.faults)) from None
    here = enter(draft)
    try:
        scenario = complete(draft, here.library.inputs(here.choices.release))
    except DataError as error:
        raise ScenarioError((*_beyond(draft, here), *error.faults), draft) from None
    faults = _beyond(draft, here)
    if faults:
        raise ScenarioError(faults, draft)
    try:
        chosen = scenario.parameters_over(here.choices.parameters)
    except QueryError as error:
        raise ScenarioError((Fault(f"{file}, field parameters", str(error), "choices that agree"),), draft) from None
    # links lead on under the scenario's own choices, so far as an address can carry them
    lead = Parameters(**{name: getattr(chosen, name) for name in ADDRESSED})
    g.visit = here if scenario.parameters is None else replace(here, choices=replace(here.choices, parameters=lead))
    address = packed(scenario)
    return Asked(here, scenario, address if len(address) <= MOST_CHARACTERS else "")


def _beyond(draft: Draft, here: Visit) -> tuple[Fault, ...]:
    """What the file may ask for and this server does not do."""
    faults = []
    releases = here.library.releases
    if draft.release and draft.release not in releases and not here.reader.last("release"):
        place = f"{draft.file}, field release"
        faults.append(Fault(place, "is not here", f"one of {', '.join(releases)}, or none", value=draft.release))
    own = draft.scenario.parameters if draft.scenario else None
    if own is not None and own.draws > DEFAULTS.draws:
        expected = f"at most {DEFAULTS.draws} here; `atlas scenario run` takes more"
        faults.append(Fault(f"{draft.file}, field parameters", "too many draws", expected, value=own.draws))
    return tuple(faults)


def posted() -> tuple[bytes, str]:
    """The scenario that a request carries, and its name: in the address, as a file, as text, or as the body itself."""
    if request.method == "GET":
        return unpacked(request.args.get("scenario", "")), "scenario"
    too_long = f"A scenario may have up to {MOST_BYTES // 1024} kB, and this one has more."
    try:
        file = request.files.get("file")
        name = (file.filename if file else "") or "scenario"
        if request.is_json:
            data = request.get_data()
        else:
            data = file.read() if file and file.filename else request.form.get("text", "").encode()
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(too_long) from None
    if len(data) > MOST_BYTES:
        raise RequestEntityTooLarge(too_long)
    return data, name


def most_draws(asked: Asked) -> int | None:
    """Draws of a first look, or None for all of them, as the address chooses."""
    whole = asked.all_draws
    typed = asked.visit.reader.last("draws") or str(FIRST_LOOK)
    if typed not in {str(FIRST_LOOK), str(whole)}:
        asked.visit.reader.refuse("draws", typed, f"{FIRST_LOOK} for a first look, or {whole} for all")
    asked.visit.reader.done()
    return None if typed == str(whole) else FIRST_LOOK


def sent() -> tuple[bytes, str]:
    """`posted`, with an address that cannot be read as a fault of the scenario.

    Raises
    ------
    ScenarioError
        If the address cannot be read.
    """
    try:
        return posted()
    except QueryError as error:
        raise ScenarioError((Fault("scenario", str(error), "a scenario"),)) from None
