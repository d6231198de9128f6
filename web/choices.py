"""What a reader chose, to and from the address: every bad choice is reported at once, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from atlas.errors import NotFoundError, QueryError
from atlas.gaps.need import without
from atlas.parameters import MAX_CATCHMENT_M, MAX_CATCHMENT_MIN, MIN_CATCHMENT_M, MIN_CATCHMENT_MIN, Parameters
from atlas.vocabulary import (
    WEIGHTED_DOMAINS,
    AccessMeasure,
    CapacityRule,
    Decay,
    NeedDomain,
    Release,
    Sector,
    label,
)

Member = TypeVar("Member", bound=StrEnum)
Default = TypeVar("Default", bound=StrEnum | None)
DEFAULTS: Final = Parameters()
LONGEST: Final = 100
"""How much is told of what was given."""

GIVEN_ONCE: Final = "given once; several values are separated by commas"
NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}")


class Query(Protocol):
    """The part of `werkzeug.datastructures.MultiDict` that is read here."""

    def getlist(self, key: str) -> list[str]:
        """Every value given for a field."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One choice that cannot be granted.

    Parameters
    ----------
    field, value : str
        Name in the address, and what was given.
    allowed : str
        What would have been right, as a program has to write it.
    offered : tuple of (str, str)
        Where a few values are allowed: each, and what it is called on a page.
    words : str
        What would have been right, as a page calls it; empty where `offered` or `allowed` says it.
    """

    field: str
    value: str
    allowed: str
    offered: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def said(self) -> str:
        """What would have been right, as readers know it.

        Examples
        --------
        >>> Refusal("decay", "cubic", "one of step (None)", (("step", "None"),)).said
        'one of: None'
        """
        listed = ", ".join(words for _, words in self.offered)
        return self.words or (f"one of: {listed}" if listed else self.allowed)

    def __str__(self) -> str:
        return f"{self.field}={self.value!r} cannot be used: {self.allowed}"


class ChoiceError(QueryError):
    """Choices that cannot be granted.

    Parameters
    ----------
    refusals : sequence of Refusal
        All of them.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(map(str, refusals)))


@dataclass(frozen=True, slots=True)
class Choices:
    """A release, how gaps are measured, and the borough looked at.

    Parameters
    ----------
    release : Release
        Where need comes from.
    parameters : Parameters
        How gaps are measured.
    borough : str
        GSS code; empty for all London.
    """

    release: Release
    parameters: Parameters = DEFAULTS
    borough: str = ""

    def query(self, default: Release, *, borough: bool = True) -> dict[str, str]:
        """The choices that differ from the defaults, as fields of an address.

        Examples
        --------
        >>> Choices(Release.ESTIMATE, Parameters(catchment_m=2500)).query(Release.ESTIMATE)
        {'catchment': '2500'}
        """
        chosen = self.parameters
        fields = {
            "in": self.borough if borough else "",
            "release": self.release.value if self.release is not default else "",
            "domain": chosen.need_domain.value if chosen.need_domain is not DEFAULTS.need_domain else "",
            **_spelled_weights(chosen.weights),
            "sectors": ",".join(chosen.sectors) if chosen.sectors != DEFAULTS.sectors else "",
            "measure": chosen.measure.value if chosen.measure is not DEFAULTS.measure else "",
            "catchment": spelled(chosen.catchment_m) if chosen.catchment_m != DEFAULTS.catchment_m else "",
            "minutes": spelled(chosen.catchment_min) if chosen.catchment_min else "",
            "decay": chosen.decay.value if chosen.decay is not DEFAULTS.decay else "",
            "capacity": chosen.capacity.value if chosen.capacity is not DEFAULTS.capacity else "",
        }
        return {name: value for name, value in fields.items() if value}


def _spelled_weights(weights: tuple[float, ...] | None) -> dict[str, str]:
    """A domain left out by its name, other weights as they are."""
    if weights is None:
        return {}
    for domain in WEIGHTED_DOMAINS:
        if weights == without(DEFAULTS.domain_weights(), domain):
            return {"leave_out": domain.value}
    return {"weights": ",".join(map(spelled, weights))}


def spelled(number: float) -> str:
    """A number as an address has it: read again, it is the same to the last digit.

    Examples
    --------
    >>> spelled(2500.0), spelled(2500.1234567)
    ('2500', '2500.1234567')
    """
    return repr(float(number)).removesuffix(".0")


FIELDS: Final = (
    "in",
    "release",
    "domain",
    "weights",
    "leave_out",
    "sectors",
    "measure",
    "catchment",
    "minutes",
    "decay",
    "capacity",
)
"""The fields of an address that are choices."""


class Reader:
    """Reads fields of one address and collects what cannot be granted.

    Parameters
    ----------
    query : Query
        Fields of the address.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self.refusals: list[Refusal] = []

    def refuse(
        self, field: str, value: str, allowed: str, offered: Iterable[tuple[str, str]] = (), words: str = ""
    ) -> None:
        """Record one refusal."""
        # the word, where it is a member of a list: its repr would be told else
        self.refusals.append(Refusal(_begun(field), _begun(str(value)), allowed, tuple(offered), words))

    def last(self, field: str) -> str:
        """The last value given, which is what a form's later control means; empty where none is."""
        return ["", *self.query.getlist(field)][-1].strip()

    def member(
        self,
        field: str,
        allowed: Iterable[Member],
        default: Default,
        words: Callable[[Member], str] = label,
    ) -> Member | Default:
        """One member of a closed list; the default where none is given."""
        value = self.last(field).lower()
        allowed = tuple(allowed)
        if value and value not in allowed:
            self.refuse(field, value, one_of(allowed), offers(allowed, words))
        return next((member for member in allowed if member == value), default)

    def sectors(self) -> tuple[Sector, ...]:
        """Sectors, repeated or separated by commas, in the order of the vocabulary."""
        given = [part.strip().lower() for text in self.query.getlist("sectors") for part in text.split(",")]
        wanted = {part for part in given if part}
        for value in sorted(wanted - set(Sector)):
            self.refuse("sectors", value, "any of " + ", ".join(Sector) + ", separated by commas")
        return tuple(sector for sector in Sector if sector in wanted) or DEFAULTS.sectors

    def catchment(self) -> float:
        """Metres."""
        value = self.last("catchment")
        if not value:
            return DEFAULTS.catchment_m
        try:
            metres = float(value)
        except ValueError:
            metres = float("nan")
        if not MIN_CATCHMENT_M <= metres <= MAX_CATCHMENT_M:
            self.refuse("catchment", value, f"a number of metres from {MIN_CATCHMENT_M:g} to {MAX_CATCHMENT_M:g}")
            return DEFAULTS.catchment_m
        return metres

    def weights(self, why_not: str = "") -> tuple[float, ...] | None:
        """Per cent of each domain of the overall index; None for the official ones.

        Parameters
        ----------
        why_not : str, optional
            Why nothing is weighed under the other choices; empty where domains are.
        """
        # a form without JavaScript sends each weight by itself, changed or not
        given = self.last("weights") or ("" if why_not else ",".join(self.query.getlist("weight")))
        left_out = self.member("leave_out", WEIGHTED_DOMAINS, None)
        for field, value in (("weights", given), ("leave_out", left_out or "")):
            if value and why_not:
                self.refuse(field, value, f"nothing, {why_not}")
                return None
        if given and left_out:
            self.refuse("leave_out", left_out, "nothing beside weights, which may hold a 0")
        if left_out:
            return without(DEFAULTS.domain_weights(), left_out)
        if not given:
            return None
        try:
            return Parameters.model_validate({"weights": [float(part) for part in given.split(",")]}).weights
        except ValueError:
            order = ", ".join(WEIGHTED_DOMAINS)
            self.refuse("weights", given, f"seven numbers from 0 to 100 that add to 100, separated by commas: {order}")
            return None

    def minutes(self, *, offered: bool) -> float | None:
        """Reach in minutes; None for metres."""
        value = self.last("minutes")
        if not value:
            return None
        if not offered:
            self.refuse("minutes", value, "nothing: no table of travel times is here (ATLAS_TRAVEL_TIMES)")
            return None
        try:
            return Parameters.model_validate({"catchment_min": value}).catchment_min
        except ValueError:
            allowed = f"a number of minutes from {MIN_CATCHMENT_MIN:g} to {MAX_CATCHMENT_MIN:g}"
            self.refuse("minutes", value, allowed)
            return None

    def borough(self, find: Callable[[str], str]) -> str:
        """GSS code of a borough given by code or name; empty for all London."""
        value = self.last("in")
        try:
            return find(value) if value else ""
        except NotFoundError:
            self.refuse("in", value, "the name or GSS code of a London borough, such as Lewisham or E09000023")
            return ""

    def number(self, field: str, most: int = 99_999) -> int | None:
        """A whole number of things above 0; None where not given."""
        value = self.last(field)
        if not value:
            return None
        if not NUMBER.fullmatch(value) or int(value) > most:
            self.refuse(field, value, f"a whole number from 1 to {most}")
            return None
        return int(value)

    def done(self) -> None:
        """Report.

        Raises
        ------
        ChoiceError
            Naming every field that cannot be used, its value and what is allowed.
        """
        if self.refusals:
            raise ChoiceError(self.refusals)


def _begun(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def one_of(members: Iterable[StrEnum]) -> str:
    """What is allowed, in words.

    Examples
    --------
    >>> one_of((Release.IOD2025,))
    'one of iod2025 (Indices of Deprivation 2025)'
    """
    return "one of " + ", ".join(f"{member} ({label(member)})" for member in members)


def offers(members: Iterable[Member], words: Callable[[Member], str] = label) -> list[tuple[str, str]]:
    """Members of a closed list to choose from: as an address has them, and what a page calls them.

    Examples
    --------
    >>> offers((Release.IOD2025,))
    [('iod2025', 'Indices of Deprivation 2025')]
    """
    return [(member.value, words(member)) for member in members]


def read_choices(
    reader: Reader,
    releases: Sequence[Release],
    domains: Callable[[Release], Sequence[NeedDomain]],
    borough: Callable[[str], str],
    *,
    minutes: Callable[[Release], bool] = lambda _: False,
) -> Choices:
    """Read the choices of an address; `Reader.done` reports what was wrong with them.

    Parameters
    ----------
    reader : Reader
        The address.
    releases : sequence of Release
        Those that are here, the default first.
    domains : callable
        The domains that a release measures.
    borough : callable
        Finds a borough's GSS code by code or name; raises `NotFoundError`.
    minutes : callable, optional
        Whether a table of travel times of a release's areas is here.
    """
    value = reader.last("release").lower()
    release = next((here for here in releases if here == value), releases[0])
    if value and value != release:
        way_out = "; others come with `atlas data pull`" if value in set(Release) else ""
        offered = offers(releases)
        words = f"one of: {', '.join(said for _, said in offered)}{way_out}"
        reader.refuse("release", value, one_of(releases) + way_out, offered, words)
    domain = reader.member("domain", domains(release), NeedDomain.OVERALL)
    parameters = Parameters(
        need_domain=domain,
        weights=reader.weights(_why_no_weights(release, domain, domains(release))),
        sectors=reader.sectors(),
        measure=reader.member("measure", AccessMeasure, DEFAULTS.measure),
        catchment_m=reader.catchment(),
        catchment_min=reader.minutes(offered=minutes(release)),
        decay=reader.member("decay", Decay, DEFAULTS.decay),
        capacity=reader.member("capacity", CapacityRule, DEFAULTS.capacity),
    )
    return Choices(release, parameters, reader.borough(borough))


def _why_no_weights(release: Release, domain: NeedDomain, measured: Sequence[NeedDomain]) -> str:
    if len(measured) == 1:
        return f"since release {release} does not measure the domains that are weighed"
    if domain is not NeedDomain.OVERALL:
        return "unless domain is overall: it is the overall index that weighs domains"
    return ""
