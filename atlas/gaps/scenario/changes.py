"""What if: changes to sites, networks and ties, as a record that can be shared and run again.

A scenario is data, never an edit: it is applied to what was read (`atlas.gaps.scenario.apply`), which stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from atlas.errors import QueryError
from atlas.parameters import Parameters, read_parameters
from atlas.records import slug
from atlas.vocabulary import Relation, Release, Sector, SiteKind

FORMAT: Final = 1
"""The form that scenario files have today."""

MOST_CHANGES: Final = 1_000

MOST_PLACES: Final = 1_000

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")
]
"""A line of text: what moves a terminal's cursor is no part of a name."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AddSite(_Plain):
    """A new site of an anchor institution, by coordinates or by postcode."""

    do: Literal["add_site"] = "add_site"
    name: Name = Field(description="name of the new site")
    institution: Name = Field(description="id or name of the institution that works there, or the name of a new one")
    sector: Sector | None = Field(None, description="sector of a new institution; an existing one has its own")
    kind: SiteKind = Field(SiteKind.OTHER, description="what would stand there")
    easting_m: float | None = Field(None, description="metres (EPSG:27700), with northing_m")
    northing_m: float | None = Field(None, description="metres (EPSG:27700), with easting_m")
    postcode: Name | None = Field(None, description="a live postcode, in place of coordinates or beside them")
    capacity: float = Field(1.0, gt=0, le=1_000_000, description="what it weighs as supply: 1, or staff")

    @model_validator(mode="after")
    def _has_one_position(self) -> Self:
        # what is wrong stands before the colon, what would be right after it
        if (self.easting_m is None) != (self.northing_m is None):
            raise ValueError("one coordinate alone: easting_m and northing_m, or neither")
        if self.easting_m is None and self.postcode is None:
            raise ValueError("has no position: a postcode, or easting_m and northing_m")
        if not slug(self.name):
            raise ValueError("a name without letter or digit: a name from which an id can be made")
        return self

    @property
    def site(self) -> str:
        """Id of the new site: its own kind of id, so that it never meets a real one.

        Examples
        --------
        >>> AddSite(name="The Hub", institution="Hub Trust", sector="health", postcode="N9 0TN").site
        'site:scenario-the-hub'
        """
        return f"site:scenario-{slug(self.name)}"


class CloseSite(_Plain):
    """A site that is no longer there."""

    do: Literal["close_site"] = "close_site"
    site: Name = Field(description="id of an active site")


class ExtendNetwork(_Plain):
    """A network or a programme that reaches further places, besides those it reaches already."""

    do: Literal["extend_network"] = "extend_network"
    network: Name = Field(description="id of a network or a programme")
    places: tuple[Name, ...] = Field(
        min_length=1,
        max_length=MOST_PLACES,
        description="GSS codes of boroughs, boards, MSOAs or LSOAs in London, or boroughs' names",
    )


class AddTie(_Plain):
    """A tie that would be made."""

    do: Literal["add_tie"] = "add_tie"
    source: Name = Field(description="id of the node that the verb starts from")
    relation: Relation = Field(description="the verb")
    target: Name = Field(description="id of the node that the verb points to")


Change: TypeAlias = Annotated[AddSite | CloseSite | ExtendNetwork | AddTie, Field(discriminator="do")]


class Scenario(_Plain):
    """Changes with a name, and the choices under which their author looked at them.

    Examples
    --------
    >>> scenario = Scenario(name="One fewer", changes=(CloseSite(site="site:town-hall"),))
    >>> scenario.document()["changes"]
    [{'do': 'close_site', 'site': 'site:town-hall'}]
    >>> Scenario.model_validate_json(json.dumps(scenario.document())).sha256 == scenario.sha256
    True
    """

    format: Literal[1] = Field(FORMAT, description="form of the file")
    name: Name = Field(description="name of the scenario")
    about: str = Field(
        "",
        max_length=4_000,
        pattern=r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$",
        description="what it asks, in a sentence or two",
    )
    release: Release | None = Field(None, description="where need comes from; the reader's if not given")
    parameters: Parameters | None = Field(None, description="choices that differ from the reader's")
    changes: tuple[Change, ...] = Field(max_length=MOST_CHANGES, description="what would change")

    def document(self) -> dict[str, Any]:
        """The scenario as its file has it: without what was not said."""
        found = self.model_dump(mode="json", exclude={"parameters"}, exclude_none=True)
        if self.parameters is not None:
            found["parameters"] = self.parameters.model_dump(mode="json", exclude_unset=True)
        return found

    @property
    def sha256(self) -> str:
        """Hash of what is said, whatever the order of the keys and the spaces: 64 hexadecimal digits."""
        text = json.dumps(self.document(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def parameters_over(self, chosen: Parameters) -> Parameters:
        """The reader's choices with those of the scenario in their place.

        Raises
        ------
        QueryError
            If they cannot stand together.

        Examples
        --------
        >>> Scenario(name="Near", changes=(), parameters=Parameters(catchment_m=800)).parameters_over(Parameters())
        ... # doctest: +ELLIPSIS
        Parameters(..., catchment_m=800.0, ...)
        """
        if self.parameters is None:
            return chosen
        said = {name: getattr(self.parameters, name) for name in self.parameters.model_fields_set}
        try:
            return read_parameters(**{**chosen.model_dump(), **said})
        except QueryError as error:
            raise QueryError(f"parameters of the scenario {self.name!r}: {error}") from None
