"""Settings: environment variables, checked once at start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from atlas.errors import QueryError

PREFIX: Final = "ATLAS_"
_SECRET: Final = ("database_url", "import_token")
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.*-]+(:(?P<port>\d{1,5}))?")
_LAST_PORT: Final = 65_535
_LIKE: Final = 0.8
"""How like a known name a variable must be to be a misspelling of it; others are not ours."""


class Settings(BaseModel):
    """Where Atlas keeps things and answers; each field is the variable ``ATLAS_`` and its name in capitals.

    Examples
    --------
    >>> Settings.from_environment({"ATLAS_PORT": "8080"}).port
    8080
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workspace: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("atlas", appauthor=False)),
        description="folder of pulled data and caches",
    )
    partnerships: Path | None = Field(None, description="folder of partnership tables, in place of the embedded ones")
    travel_times: Path | None = Field(
        None,
        description="CSV or Parquet file of travel times (origin, destination, minutes), for catchments in minutes",
    )
    database_url: SecretStr | None = Field(
        None,
        description="database of what users add: SQLAlchemy's address of a SQLite file or a PostgreSQL with PostGIS",
    )
    import_token: SecretStr | None = Field(
        None, min_length=16, description="whoever knows it may import registers and decide matches on the page"
    )
    upload_mb: float = Field(200.0, gt=0, le=2_000, description="largest register that the page takes, megabytes")
    uprns: Path | None = Field(
        None, description="OS Open UPRN file (CSV or Parquet): places assets that have a UPRN and no coordinates"
    )
    host: str = Field("127.0.0.1", description="address that `atlas serve` listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that `atlas serve` listens on; 0 takes a free one")
    reach_s: float = Field(2.0, gt=0, le=60, description="seconds to wait for official addresses at start")
    public_url: str | None = Field(
        None, description="address that readers know this atlas by; if it is https, browsers are told to keep to that"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=8, description="proxies in front of `atlas serve` whose X-Forwarded headers are believed"
    )
    embed_origins: str = Field(
        "*", description="sites whose pages may frame the views below /embed/, divided by spaces; * for all"
    )
    rate: int = Field(
        600, ge=0, le=1_000_000, description="requests a minute that one client may have computed; 0 for no limit"
    )
    client_s: float = Field(
        30.0, gt=0, le=600, description="seconds that a client may take over the head of a request, or be silent in it"
    )
    tiles_url: str | None = Field(
        None, description="picture tiles to lie under the map of England, with {z}, {x} and {y} in the address"
    )
    tiles_attribution: str | None = Field(
        None,
        validate_default=True,
        description="whose those tiles are, as their terms ask for it; needed with ATLAS_TILES_URL",
    )
    log: Literal["plain", "json"] = Field(
        "plain", description="what is written to stderr: warnings as lines, or every request and warning as JSON"
    )

    @field_validator("partnerships")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise PydanticCustomError("folder", "expected a folder that is here")
        return value

    @field_validator("travel_times", "uprns")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise PydanticCustomError("file", "expected a file that is here")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not _is_below_origin(value, r"(/[^\s?#]*)?"):
            said = "expected an address such as https://atlas.example.org, without ? or #"
            raise PydanticCustomError("address", said)
        return value

    @field_validator("tiles_url")
    @classmethod
    def _are_tiles(cls, value: str | None) -> str | None:
        is_whole = value is None or all(part in value for part in ("{z}", "{x}", "{y}"))
        if value is not None and not (is_whole and _is_below_origin(value, r"/[^\s\"']+")):
            said = "expected an address such as https://tiles.example.org/{z}/{x}/{y}.png"
            raise PydanticCustomError("tiles", said)
        return value

    @field_validator("tiles_attribution")
    @classmethod
    def _is_there_with_tiles(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("tiles_url") and not value:
            raise PydanticCustomError("attribution", "expected whose the tiles of ATLAS_TILES_URL are")
        return value

    @field_validator("embed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        origins = value.split()
        if not origins or not all(_is_below_origin(origin) for origin in origins if value != "*"):
            said = "expected * or addresses such as https://www.example.org, divided by spaces"
            raise PydanticCustomError("origins", said)
        return " ".join(origins)

    @property
    def is_https(self) -> bool:
        """Whether readers come by https, whatever the last stretch of the way is."""
        return (self.public_url or "").startswith("https:")

    @property
    def database(self) -> str:
        """Address of the database; a file in the workspace unless another is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """The database in the workspace, where no other is set."""
        return self.workspace / "atlas.db"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        Raises
        ------
        QueryError
            Naming every variable that is misspelt or has a wrong value, and what was expected.
        """
        environment = os.environ if environment is None else environment
        known = {PREFIX + name.upper(): name for name in cls.model_fields}
        lines = list(_misspelt(environment, known))
        given = {known[key]: value for key, value in environment.items() if key in known and value != ""}
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            lines = [_said(fault) for fault in error.errors()] + lines
        if lines:
            raise QueryError("settings cannot be used: " + "; ".join(lines))
        return settings


def _is_below_origin(value: str, rest: str = "") -> bool:
    """Whether a text is the address of a site, and what may follow it."""
    found = re.fullmatch(_ORIGIN.pattern + rest, value)
    return found is not None and 0 < int(found["port"] or 1) <= _LAST_PORT


_OF_TESTS: Final = (f"{PREFIX}TEST_", f"{PREFIX}BENCH_")


def _misspelt(environment: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Say which variables look like settings and are none; what others call alike, such as test folders, is theirs."""
    said = []
    ours = {key for key in environment if not key.startswith(_OF_TESTS)}
    names = [name.removeprefix(PREFIX) for name in known]
    for key in sorted(ours - set(known)):
        typed = key.removeprefix(PREFIX)
        near = [name for name in names if _is_swapped(typed, name)] or get_close_matches(typed, names, 1, _LIKE)
        if key.startswith(PREFIX) and near:
            said.append(f"{key} is no setting: did you mean {PREFIX}{near[0]}?")
    return said


def _is_swapped(typed: str, name: str) -> bool:
    """Whether two neighbouring letters of a name changed places; short names are not alike enough otherwise."""
    pairs = range(len(name) - 1)
    return typed != name and typed in {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in pairs}


def _said(fault: ErrorDetails) -> str:
    name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
    given = " is not set" if fault["input"] is None else f"={_shown(fault)!r}"
    return f"{name}{given}: {fault['msg']}"


def _shown(fault: ErrorDetails) -> object:
    """What was given, unless it is a secret."""
    if str(fault["loc"][0]) in _SECRET:
        return "…"
    return str(fault["input"]) if isinstance(fault["input"], Path) else fault["input"]


def settings_table() -> list[tuple[str, str, str, str]]:
    """Every setting in order, as `docs/reference/settings.md` has it.

    Returns
    -------
    list of tuple of str
        Variable, default, what it takes, and what it means.

    Examples
    --------
    >>> [row for row in settings_table() if row[0] == "ATLAS_PORT"][0][1:3]
    ('8000', 'whole number, 0 to 65535')
    """
    properties = Settings.model_json_schema()["properties"]
    return [
        (PREFIX + name.upper(), _default(name), _takes(properties[name]), properties[name]["description"])
        for name in Settings.model_fields
    ]


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return "chosen for the system"
    if field.default is None:
        return "none"
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def _takes(schema: Mapping[str, object]) -> str:
    """What values a schema takes, in words."""
    options = schema.get("anyOf")
    if isinstance(options, list):
        schema = options[0]
    if isinstance(schema.get("enum"), list):
        return " or ".join(map(str, schema["enum"]))  # type: ignore[call-overload]  # a list, as asked above
    form = {"path": "path", "password": "secret"}.get(str(schema.get("format")), str(schema["type"]))
    words = {"integer": "whole number", "number": "number", "string": "text"}.get(form, form)
    if "minLength" in schema:
        return f"{words}, at least {schema['minLength']} characters"
    if "maximum" not in schema:
        return words
    if "exclusiveMinimum" in schema:
        return f"{words}, above {schema['exclusiveMinimum']:g}, at most {schema['maximum']:g}"
    return f"{words}, {schema['minimum']} to {schema['maximum']}"
