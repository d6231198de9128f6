"""What a reader may choose, in one frozen record: every result carries it."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from atlas.errors import QueryError
from atlas.vocabulary import Decay, NeedDomain, Sector

MAX_CATCHMENT_M: Final = 10_000.0
"""Supply and population are loaded this far beyond London, so no catchment may be wider."""

DEFAULT_SECTORS: Final = (Sector.HEALTH, Sector.HIGHER_EDUCATION, Sector.FURTHER_EDUCATION, Sector.COUNCIL)
"""Sectors whose sites count unless the reader chooses others: those surveyed most completely."""


class Parameters(BaseModel):
    """How a gap is measured.

    Examples
    --------
    >>> Parameters().catchment_m
    4000.0
    >>> Parameters(catchment_m=2000).changed()
    {'catchment_m': 2000.0}
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    need_domain: NeedDomain = Field(NeedDomain.OVERALL, description="which measure of need; higher is more deprived")
    catchment_m: float = Field(4000.0, gt=0, le=MAX_CATCHMENT_M, description="straight-line reach of an anchor, metres")
    decay: Decay = Field(Decay.GAUSSIAN, description="how reach fades with distance inside the catchment")
    sectors: tuple[Sector, ...] = Field(DEFAULT_SECTORS, min_length=1, description="sectors whose sites count")
    need_share: float = Field(0.2, gt=0, lt=1, description="share of people called most in need")
    access_share: float = Field(0.2, gt=0, lt=1, description="share of people called least served")
    robust_at: float = Field(0.9, gt=0.5, le=1, description="share of trials from which a gap is robust")
    fragile_at: float = Field(0.5, gt=0, le=0.9, description="share of trials from which a gap is fragile")

    @field_validator("sectors")
    @classmethod
    def _each_once_in_order(cls, sectors: tuple[Sector, ...]) -> tuple[Sector, ...]:
        # the same choice in another order is the same revision
        return tuple(sector for sector in Sector if sector in sectors)

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
        faults = [(".".join(map(str, fault["loc"])), fault["input"], fault["msg"]) for fault in error.errors()]
        lines = [f"{name} {value}: {message[0].lower()}{message[1:]}" for name, value, message in faults]
        raise QueryError("; ".join(lines)) from None
