"""The fields of an asset, declared once: what registers, the store, exports and pages all read.

Canonical fields are those of the Local Government Transparency Code 2015 (land and building assets), and a few that
the single map needs besides. Coordinates are EPSG:27700.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from atlas.vocabulary.estate import AssetStatus, Holding, PlacedBy, Tenure, Use, Visibility

FieldKind = Literal["text", "number", "date", "choice", "flag"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a register may say of an asset.

    Parameters
    ----------
    name : str
        Column of the frames, with its unit.
    label : str
        Words shown to people.
    kind : {"text", "number", "date", "choice", "flag"}
        What its values are.
    unit : str
        Of a number; empty otherwise.
    code : str
        Name in the Transparency Code's schema; empty where it has none.
    description : str
        What it holds.
    choices : type of StrEnum, optional
        The closed list of a choice.
    is_told : bool
        Whether a register is asked for it, so that its completeness says something of the register.
    """

    name: str
    label: str
    kind: FieldKind
    unit: str
    code: str
    description: str
    choices: type[StrEnum] | None = None
    is_told: bool = True


FIELDS: Final = (
    Field("organisation", "Organisation", "text", "", "OrganisationLabel", "who the register says holds it"),
    Field("reference", "Reference", "text", "", "AssetCode", "the partner's own code for the asset"),
    Field("uprn", "UPRN", "text", "", "UPRN", "unique property reference number, 1 to 12 digits, no leading zero"),
    Field("name", "Name", "text", "", "PropertyName", "name of the building or land"),
    Field("number", "Number", "text", "", "PropertyNumber", "number in the street"),
    Field("street", "Street", "text", "", "StreetName", "street, or the whole address where it is in one cell"),
    Field("town", "Town", "text", "", "PostTown", "post town"),
    Field("postcode", "Postcode", "text", "", "PostCode", "unit postcode, one space"),
    Field("borough", "Borough", "text", "", "", "borough or district as the register states it"),
    Field("ward", "Ward", "text", "", "", "ward or locality as the register states it"),
    Field("tenure", "Tenure", "choice", "", "TenureType", "by what right it is held", Tenure),
    Field("tenure_detail", "Tenure detail", "text", "", "TenureDetail", "the register's words for it"),
    Field("holding", "Holding", "choice", "", "HoldingType", "land, buildings or both", Holding),
    Field("use", "Use", "choice", "", "Purpose", "what it is for", Use),
    Field("use_detail", "Use, in its words", "text", "", "FunctionLabel", "the register's words for the use"),
    Field("status", "Status", "choice", "", "", "in use, vacant, surplus, subject to disposal", AssetStatus),
    Field("land_ha", "Land", "number", "ha", "LandArea", "area of the land, hectares"),
    Field("floor_m2", "Floor area", "number", "m²", "BuildingSize", "gross internal floor area, square metres"),
    Field("area_unit", "Unit of area", "text", "", "", "of the area beside it, such as ha or sq m", is_told=False),
    Field("title_number", "Title number", "text", "", "LandRegistryTitleNumber", "Land Registry title"),
    Field("occupier", "Occupier", "text", "", "", "who uses it, where that is another than its holder"),
    Field("as_of", "Date", "date", "", "ApplicableDate", "day that the row bears of its own, ISO"),
    Field("notes", "Notes", "text", "", "OtherDetail", "anything else, in the register's words"),
    Field("crs", "Coordinate system", "text", "", "CoordinateReferenceSystem", "as stated", is_told=False),
    Field("x", "Easting or longitude", "number", "", "GeoX", "as given, in whatever system", is_told=False),
    Field("y", "Northing or latitude", "number", "", "GeoY", "as given, in whatever system", is_told=False),
    Field("grid_reference", "Grid reference", "text", "", "", "such as TQ 37700 75800", is_told=False),
    Field("sensitive", "Sensitive", "flag", "", "", "whether only its owner may know of it", is_told=False),
    Field("visibility", "Visibility", "choice", "", "", "who may see it", Visibility, is_told=False),
)
"""What a column of a register may be matched to, in the order in which pages and files show it."""

BY_NAME: Final = {field.name: field for field in FIELDS}

_READ_ONLY: Final = ("area_unit", "crs", "x", "y", "grid_reference", "sensitive")
"""What is used to place or to guard an asset and not kept as such."""

TEXT_COLUMNS: Final = tuple(
    field.name for field in FIELDS if field.kind in {"text", "choice", "date"} and field.name not in _READ_ONLY
)
"""Text columns of a frame of assets; empty where nothing is known."""

NUMBER_COLUMNS: Final = ("land_ha", "floor_m2", "x_m", "y_m")
"""Columns of floats; NaN where nothing is known."""

ASSET_COLUMNS: Final = (
    "partner",  # id of the institution whose register it is in
    "register",  # id of the register
    "row",  # row of the file as a spreadsheet counts it (int)
    *TEXT_COLUMNS,
    "is_sensitive",  # bool: by use or by flag; its visibility is then owner
    "placed_by",  # PlacedBy
    "lad",  # GSS code of the London borough that it stands in; empty elsewhere
    *NUMBER_COLUMNS,  # x_m, y_m: EPSG:27700, of a point inside its outline where it has one
    "wkb",  # bytes: its outline in EPSG:27700 as WKB; None for a point
    "extra",  # text: JSON object of the cells that no field took, by header; empty where there are none
    "outcome",  # Outcome: accepted or repaired
)
"""Columns of a frame of assets, indexed by its id (index name ``asset``): ``asset:`` register ``-`` key."""


def placed(placed_by: PlacedBy | str) -> bool:
    """Tell whether an asset has a place on the map.

    Examples
    --------
    >>> placed(PlacedBy.POSTCODE), placed("nowhere")
    (True, False)
    """
    return placed_by != PlacedBy.NOWHERE
