"""Settings: environment variables, checked once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from atlas.errors import QueryError

PREFIX: Final = "ATLAS_"
_SECRET: Final = ("database_url", "import_token")


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
            Naming every variable that is unknown or has a wrong value, and what was expected.
        """
        environment = os.environ if environment is None else environment
        known = {PREFIX + name.upper(): name for name in cls.model_fields}
        given = {known[key]: value for key, value in environment.items() if key in known and value != ""}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            lines = [
                f"{PREFIX}{str(fault['loc'][0]).upper()}={_shown(fault)!r}: {fault['msg']}" for fault in error.errors()
            ]
            raise QueryError("settings cannot be used: " + "; ".join(lines)) from None


def _shown(fault: ErrorDetails) -> object:
    """What was given, unless it is a secret."""
    return "…" if str(fault["loc"][0]) in _SECRET else fault["input"]
