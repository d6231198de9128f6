"""What a reader may choose, in one frozen record: every result carries it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from atlas.errors import QueryError
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, CapacityRule, Decay, NeedDomain, Sector

MAX_CATCHMENT_M: Final = 10_000.0
"""Supply and population are loaded this far beyond London, so no catchment may be wider."""

MIN_CATCHMENT_M: Final = 1.0
"""Nobody walks less, and a far smaller one divides by nothing."""

MIN_CATCHMENT_MIN: Final = 1.0
MAX_CATCHMENT_MIN: Final = 240.0
"""Minutes; the shortest for the same reason."""

DEFAULT_SECTORS: Final = (Sector.HEALTH, Sector.HIGHER_EDUCATION, Sector.FURTHER_EDUCATION, Sector.COUNCIL)
"""Sectors whose sites count unless the reader chooses others: those surveyed most completely."""

OFFICIAL_WEIGHTS: Final[Mapping[NeedDomain, float]] = MappingProxyType(
    dict(zip(WEIGHTED_DOMAINS, (22.5, 22.5, 13.5, 13.5, 9.3, 9.3, 9.3), strict=True))
)
"""Per cent of each domain in the Index of Multiple Deprivation, 2019 and 2025 alike; they add to 99.9."""

FIRST_LOOK: Final = 64
"""Draws behind a verdict that is shown while the others are made."""

_WEIGHTS_SLACK: Final = 0.5


class Parameters(BaseModel):
    """How a gap is measured.

    Examples
    --------
    >>> Parameters().catchment_m
    4000.0
    >>> Parameters(catchment_m=2000).changed()
    {'catchment_m': 2000.0}

    A choice that changes nothing is left as it is by default:

    >>> Parameters(measure="nearest", decay="step").changed()
    {'measure': 'nearest'}
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    need_domain: NeedDomain = Field(NeedDomain.OVERALL, description="which measure of need; higher is more deprived")
    weights: tuple[float, ...] | None = Field(
        None, description="per cent of each of the seven domains, in the official order; the official ones if not given"
    )
    measure: AccessMeasure = Field(AccessMeasure.E2SFCA, description="how access is measured")
    capacity: CapacityRule = Field(CapacityRule.SITE, description="what one site weighs as supply")
    catchment_m: float = Field(
        4000.0, ge=MIN_CATCHMENT_M, le=MAX_CATCHMENT_M, description="straight-line reach of an anchor, metres"
    )
    decay: Decay = Field(Decay.GAUSSIAN, description="how reach fades with distance inside the catchment")
    sectors: tuple[Sector, ...] = Field(DEFAULT_SECTORS, min_length=1, description="sectors whose sites count")
    need_share: float = Field(0.2, gt=0, lt=1, description="share of people called most in need")
    access_share: float = Field(0.2, gt=0, lt=1, description="share of people called least served")
    robust_at: float = Field(0.9, gt=0.5, le=1, description="share of trials from which a gap is robust")
    fragile_at: float = Field(0.5, gt=0, le=0.9, description="share of trials from which a gap is fragile")
    catchment_min: float | None = Field(
        None,
        ge=MIN_CATCHMENT_MIN,
        le=MAX_CATCHMENT_MIN,
        description="reach in minutes, over a table of travel times; metres if not given",
    )
    draws: int = Field(1024, ge=16, le=65_536, description="ways of measuring that are tried, a power of two")
    seed: int = Field(1, ge=0, description="where the draws start")

    @field_validator("sectors")
    @classmethod
    def _each_once_in_order(cls, sectors: tuple[Sector, ...]) -> tuple[Sector, ...]:
        # the same choice in another order is the same revision
        return tuple(sector for sector in Sector if sector in sectors)

    @field_validator("weights")
    @classmethod
    def _weights(cls, weights: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if weights is None:
            return None
        if len(weights) != len(WEIGHTED_DOMAINS):
            raise ValueError(f"needs {len(WEIGHTED_DOMAINS)} numbers, one for each of {', '.join(WEIGHTED_DOMAINS)}")
        # a comparison that is false for what is not a number, too
        if not all(0 <= weight <= 100 for weight in weights):
            raise ValueError("weights must be from 0 to 100 per cent")
        if not abs(sum(weights) - 100) <= _WEIGHTS_SLACK:
            raise ValueError(f"weights must add to 100 per cent, and add to {sum(weights):g}")
        return None if weights == tuple(OFFICIAL_WEIGHTS.values()) else weights

    @field_validator("draws")
    @classmethod
    def _power_of_two(cls, draws: int) -> int:
        if draws & (draws - 1):
            raise ValueError("must be a power of two, such as 1024, or the draws do not balance")
        return draws

    @model_validator(mode="after")
    def _what_changes_nothing_is_as_by_default(self) -> Self:
        # the same numbers are the same revision, whatever stood in a choice that has no part in them
        idle = {"decay"} if self.measure in {AccessMeasure.TSFCA, AccessMeasure.NEAREST} else set()
        idle |= {"capacity"} if self.measure is AccessMeasure.NEAREST else set()
        idle |= {"catchment_m"} if self.catchment_min is not None else set()
        for name in idle:
            object.__setattr__(self, name, type(self).model_fields[name].default)
        return self

    @model_validator(mode="after")
    def _weights_have_what_to_weigh(self) -> Self:
        if self.weights is not None and self.need_domain is not NeedDomain.OVERALL:
            raise ValueError(f"weights belong to the overall index, not to {self.need_domain}")
        return self

    def domain_weights(self) -> dict[NeedDomain, float]:
        """Share of each domain in the overall index, adding to 1.

        Examples
        --------
        >>> round(Parameters().domain_weights()[NeedDomain.INCOME], 4)
        0.2252
        """
        given = self.weights or tuple(OFFICIAL_WEIGHTS.values())
        return dict(zip(WEIGHTED_DOMAINS, (weight / sum(given) for weight in given), strict=True))

    def changed(self) -> dict[str, object]:
        """The choices that differ from the defaults, as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)


def read_parameters(**given: object) -> Parameters:
    """Make parameters from what a reader typed.

    Raises
    ------
    QueryError
        Naming every choice that cannot be used, its value and what was expected.

    Examples
    --------
    >>> read_parameters(catchment_m=50_000)
    Traceback (most recent call last):
    ...
    atlas.errors.QueryError: catchment_m 50000: input should be less than or equal to 10000
    """
    try:
        return Parameters.model_validate(given)
    except ValidationError as error:
        raise QueryError("; ".join(_line(fault) for fault in error.errors())) from None


def _line(fault: ErrorDetails) -> str:
    message = fault["msg"].removeprefix("Value error, ")
    what = f"{'.'.join(map(str, fault['loc']))} {fault['input']}: " if fault["loc"] else ""
    return f"{what}{message[0].lower()}{message[1:]}"
