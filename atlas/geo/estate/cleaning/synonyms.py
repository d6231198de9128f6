"""What registers call the fields of an asset: headers as data, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": (
        "organisation name", "organisation label", "organisation", "organization name", "organization",
        "holding organisation", "owning organisation", "name of organisation", "council name", "council", "trust name",
        "owner", "owner name", "owned by", "land owner", "landowner", "holder", "property owner",
        "property centre organisation", "department name", "managing organisation", "publisher label", "authority name",
        "reporting organisation", "body", "public body", "owner custodian", "proprietor name",
    ),
    "reference": (
        "unique asset id", "asset code", "unique asset identity", "unique asset identifier", "unique asset reference",
        "unique asset number", "asset reference", "asset reference number", "asset ref", "asset ref no", "asset no",
        "asset number", "asset id", "asset identifier", "site reference", "site reference number", "site ref",
        "site ref no", "la site ref", "la site reference", "site code", "site id", "site number", "site no",
        "property reference", "property reference number", "property ref", "property ref no", "property id",
        "property code", "unique property no", "unique property number",
        "property no uprn local", "holding id", "holding reference", "holding ref", "holding number",
        "land reference", "land ref", "land id", "local reference", "council reference", "estate reference",
        "estates reference", "terrier ref", "terrier reference", "terrier no", "terrier number", "unique id",
        "unique identifier", "unique reference", "unique reference number", "unique ref", "premises code",
        "premises id", "building id", "building code", "building reference", "building ref", "block code", "epims id",
        "e pims id", "e pims number", "epims number", "epims reference", "reference number", "reference", "ref",
        "ref no", "ref number", "urn", "land hub id", "plot id", "record id", "code", "asset identity", "bldg code",
        "bldg ref", "block ref", "block reference", "station no", "station number",
    ),
    "uprn": (
        "uprn", "unique property reference number", "uprn no", "uprn number", "os uprn", "nlpg uprn", "llpg uprn",
        "site uprn", "property uprn", "address uprn", "gazetteer uprn", "national uprn", "parent uprn", "nlpg",
        "llpg ref", "unique property reference no", "unique property ref no", "uprns",
    ),
    "name": (
        "property name", "name of the building land or both", "name of building land or both",
        "name of the building or land", "name of building or land", "building name", "asset name", "site name",
        "holding name", "site name address", "name and address of site", "site name and address", "name of site",
        "premises name", "land name", "estate name", "centre name", "facility name", "school name", "hospital name",
        "asset title", "property title", "property", "asset", "site", "asset description", "property description",
        "site description", "building", "premises", "location name", "name", "title", "label",
        "name of the building land", "name of building land", "establishment name", "property sold", "asset sold",
        "property disposed", "asset disposed", "name of asset", "land or property", "prop name", "name of property",
        "facility", "park name", "hall name", "library name", "station name", "car park name", "allotment name",
        "block name", "bldg name", "bldg",
    ),
    "number": (
        "property number", "street number", "house number", "building number", "house no", "number in street",
        "street no", "paon", "address number", "premises number", "house name number", "number",
    ),
    "street": (
        "street name", "street", "address", "property address", "site address", "asset address", "full address",
        "premises address", "building address", "postal address", "address line 1", "address line 2", "address line 3",
        "address line 4", "address 1", "address 2", "address 3", "address 4", "addr 1", "addr 2", "addr 3", "addr",
        "add 1", "full addr", "site addr", "property addr", "add 2", "add 3", "line 1", "line 2", "line 3",
        "street address", "thoroughfare", "road", "road name", "street descriptor", "first line of address",
        "second line of address", "address first line", "address line", "location address", "sub unit", "saon", "unit",
        "sub building", "flat", "prop address", "full address incl postcode", "full address including postcode",
        "address including postcode", "address incl postcode",
    ),
    "town": (
        "post town", "town", "city", "town city", "town or city", "posttown", "postal town", "address town",
        "town name", "county town", "address city",
    ),
    "postcode": (
        "post code", "postcode", "uk postcode", "postal code", "zip code", "zip", "pcode", "p code", "pc", "pcd",
        "pcds", "site postcode", "property postcode", "address postcode", "full postcode", "post code full",
        "asset postcode", "building postcode", "unit postcode",
    ),
    "borough": (
        "borough", "london borough", "borough name", "local authority",
        "local authority name", "local authority district", "local planning authority", "local authority area",
        "la name", "lad", "lad name", "lad code", "borough code", "lpa", "lpa name", "ladnm", "ladcd", "council area",
        "district council",
    ),
    "ward": (
        "ward", "ward name", "electoral ward", "council ward", "ward area", "pa 2 ward", "ward description",
        "administrative ward", "administrative ward name", "township", "neighbourhood", "parish", "parish name",
        "ward or parish", "ward code", "wardname", "dependent locality", "sub area", "settlement",
    ),
    "tenure": (
        "tenure type", "tenure", "property tenure", "asset tenure", "site tenure", "type of tenure", "ownership type",
        "freehold leasehold", "freehold or leasehold", "fh lh", "leasehold freehold", "ownership", "ownership status",
        "legal interest", "interest", "legal status", "title type", "land ownership", "holding tenure", "interest type",
        "nature of interest", "property interest", "ownership of land", "held as", "interest held",
        "owned leased", "freehold leasehold licence", "f h or l h", "fh or lh", "how held", "tenure cd", "tenure code",
        "tenure f l", "f l",
    ),
    "tenure_detail": (
        "tenure detail", "tenure details", "tenure description", "tenure notes", "lease type", "lease details",
        "ownership details", "tenure further detail", "occupancy type", "tenure category", "freehold detail",
        "freehold details", "leasehold detail", "leasehold details", "interest detail",
    ),
    "holding": (
        "holding type", "land building", "land or building", "land and building", "building or land", "land buildings",
        "land or buildings", "land building or both", "building land", "type of holding", "holding", "property or land",
        "asset kind",
    ),
    "use": (
        "purpose", "use", "usage", "property use", "current use", "land use", "building use", "asset use", "site use",
        "asset type", "property type", "site type", "building type", "type of property", "type of asset",
        "facility type", "primary use", "main use", "use type", "use class", "use description", "service use",
        "landuse", "land usage", "primary usage", "property usage", "premises type", "asset class",
        "asset classification", "property classification", "primary land use", "existing use", "asset sub type",
        "property category", "function", "land type", "type of use", "category of use", "type of site",
        "property group", "present use", "purpose for which held", "purpose of holding", "primary function",
        "purpose held", "held for", "meanwhile use", "type of establishment", "type of establishment name",
    ),
    "use_detail": (
        "services function label", "function label", "service function label", "function description", "service",
        "service area", "service provided", "service type", "services", "service description",
        "services offered from asset", "services offered from the asset", "services offered", "services provided",
        "services delivered",
    ),
    "status": (
        "occupied", "vacant", "asset category", "status", "curr status", "establishment status",
        "establishment status name", "asset status", "property status", "site status", "use status",
        "operational status", "occupancy status", "occupancy", "occupation status", "is vacant", "is occupied",
        "vacancy", "surplus", "is surplus", "surplus status", "disposal status", "in use", "void", "vacant y n",
        "occupied y n", "current status", "estate status", "holding status", "vacant or occupied", "operational",
        "availability", "availability status", "surplus or vacant", "disused", "for disposal", "building status",
        "vacant flag", "is the asset vacant", "is the property vacant", "is it vacant", "vacant let",
        "occupied vacant", "reason for holding", "reason for holding asset", "open closed", "op status",
        "operational non operational", "void status", "in disposal process", "status des", "status description",
        "lease status", "tenancy status",
    ),
    "land_ha": (
        "land area owned", "site area", "land area", "size land", "size of land", "land size", "plot area", "plot size",
        "surface area", "area of land", "site size", "total site area", "gross site area", "gross site size",
        "site area size", "net site area", "total land area", "land extent", "area of site", "gross area of site",
        "developable area", "size of site", "asset area", "gis area", "polygon area", "mapped area", "site footprint",
        "land hectarage", "extent", "total area of land",
    ),
    "floor_m2": (
        "building area gia", "gross internal floor area", "gross internal area", "gross internal", "net internal",
        "gia", "gifa", "building size",
        "size building", "size of building", "building floor area", "floor area", "floor space", "floorspace",
        "total floor area", "internal floor area", "gia area", "area gia", "building area", "internal area",
        "floor size", "gross floor area", "gfa", "total gia", "gross internal floor space", "property gia",
        "building gia", "building area nia", "net internal area", "nia", "net internal floor area",
        "occupied floor area", "gross external area", "gea", "total building area", "holding gia", "holding nia",
        "net lettable area", "lettable area", "demised area",
    ),
    "title_number": (
        "land registry title number", "title number", "title no", "land registry title", "land registry title no",
        "hmlr title number", "hmlr title", "land registry number", "title numbers", "lr title number", "title ref",
        "title numbers s", "land registry reference", "freehold title number",
    ),
    "occupier": (
        "occupier", "occupier name", "tenant", "tenant name", "occupied by", "lessee", "leaseholder",
        "current occupier", "occupying organisation", "occupiers", "occupying department", "operator", "user",
        "service occupier", "licensee", "tenant occupier", "leased to", "occupant", "let to",
    ),
    "as_of": (
        "applicable date", "date", "as at", "as of", "effective date", "data date", "date of data", "register date",
        "snapshot date", "extract date", "date extracted", "last updated date", "last updated", "date last updated",
        "updated", "date updated", "last update", "update date", "last modified", "modified date",
        "date of information", "published date", "date published", "report date", "date of report",
    ),
    "notes": (
        "other detail", "notes", "note", "comments", "comment", "remarks", "other details", "additional information",
        "further information", "other information", "additional notes", "further details", "site information",
        "additional comments", "general notes", "information", "property notes",
    ),
    "area_unit": (
        "area unit", "area units", "unit of area", "units of area", "unit of measure", "unit of measurement",
        "units of measure", "units of measurement", "measurement unit", "measurement units", "measure unit", "uom",
        "area uom", "size unit", "size units", "land area unit", "land area units", "land unit", "site area unit",
        "site area units", "floor area unit", "floor area units", "floor unit", "gia unit", "unit", "units", "measure",
        "measurement", "area measure", "area measurement", "size type", "type of size", "area type", "type of area",
        "size basis", "area basis", "measurement type", "type of measurement", "measurement basis", "size measure",
    ),
    "crs": (
        "coordinate reference system", "co ordinate reference system", "coordinate system", "system reference", "crs",
        "spatial reference", "spatial reference system", "projection", "geo coordinate system", "srs", "srid", "epsg",
        "co ordinate system", "coordinate type", "coordinates system", "coordinate ref system",
    ),
    "x": (
        "geo x", "easting", "longitude", "x", "x coordinate", "eastings", "long", "lon", "lng", "x coord",
        "x co ordinate", "coord x", "coordinate x", "bng easting", "bng x", "os easting", "os x", "gridref easting",
        "grid easting", "x easting", "easting x", "geo easting", "map easting", "east", "site easting",
        "property easting", "osgb easting", "osgb x", "point x", "coordx", "xcoord", "longitude wgs 84",
        "x coordinates", "centroid x", "oseast 1 m", "geox", "lon wgs 84", "geo long", "geo longitude",
        "easting coordinate", "coordinate easting", "coordinates easting", "coordinates", "co ordinates", "coordinate",
        "lat long", "lat lon", "latitude longitude", "latlng", "lat lng", "easting northing", "eastings northings",
        "x y", "xy", "geo point", "geopoint", "geo point 2 d", "geometry", "point", "geom", "wkt", "geo location",
        "location coordinates", "gps", "gps coordinates", "map coordinates",
    ),
    "y": (
        "geo y", "northing", "latitude", "y", "y coordinate", "northings", "lat", "y coord", "y co ordinate", "coord y",
        "coordinate y", "bng northing", "bng y", "os northing", "os y", "gridref northing", "grid northing",
        "y northing", "northing y", "geo northing", "map northing", "north", "site northing", "property northing",
        "osgb northing", "osgb y", "point y", "coordy", "ycoord", "latitude wgs 84", "y coordinates", "centroid y",
        "osnrth 1 m", "geoy", "lat wgs 84", "geo lat", "geo latitude", "northing coordinate", "coordinate northing",
        "coordinates northing",
    ),
    "grid_reference": (
        "grid reference", "grid ref", "os grid reference", "os grid ref", "ngr", "national grid reference", "osgr",
        "os grid", "gridref", "grid ref no", "os ref", "os reference", "grid", "map reference", "map ref",
        "osgb grid reference",
    ),
    "sensitive": (
        "sensitive", "is sensitive", "sensitive site", "confidential", "restricted", "is restricted", "sensitivity",
        "sensitive asset", "is confidential", "do not publish", "exempt from publication", "not for publication",
    ),
    "visibility": (
        "visibility", "who may see it", "publication", "access level", "share with", "shared with",
        "publication status", "visible to public", "visible to the public", "publicly visible", "show to public",
        "show on public map", "publish", "publishable", "can be published", "may be published", "ok to publish",
        "for publication", "publish on website", "public release", "release to public",
    ),
}  # fmt: skip
"""Names of columns by field, as `atlas.geo.estate.cleaning.headers.fold` writes them; a unit is taken off first."""

KINDS: Final = (
    "park", "open space", "green space", "allotment", "allotments", "allotment site", "car park", "library", "school",
    "cemetery", "hall", "community centre", "children s centre", "youth centre", "leisure centre", "playground",
    "play area", "depot", "nursery", "hospital", "clinic", "pub", "public convenience", "toilet", "fire station",
    "police station", "care home", "woodland", "nature reserve", "garage block", "station", "centre", "block",
    "farm", "farm holding", "church", "scheme name",
)  # fmt: skip
"""Kinds of places that head a column of names, in a list of that kind alone."""

LOOSE: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("organisation uri", "department", "trust", "agency", "authority"),
    "reference": ("id", "number", "no", "fid", "object id", "asset", "fields", "key", "uid", "organisation site code",
    "uprn", "parcel id", "prop ref", "property no", "property number", "prop no",
    "ods code", "place ref", "item no", "call sign"),
    "name": ("description", "location", "details", "site address", "address", "development", "place", "land",
    "scheme"),
    "street": ("location", "site location", "property location", "address details"),
    "town": ("county", "area"),
    "borough": ("district", "district name", "authority", "la", "council name", "area name"),
    "ward": ("area", "zone", "sub district", "region", "area name", "locality"),
    "number": ("no",),
    "tenure": ("lease status", "held", "title", "lease or freehold", "tenancy"),
    "holding": ("type", "category", "asset type", "property type", "land type"),
    "use": ("description", "type", "category", "asset description", "sub category", "class", "property description"),
    "use_detail": ("sub type", "subtype", "sub category", "group"),
    "status": ("category", "state", "condition of use"),
    "land_ha": ("area", "size", "extent", "total area", "gross area", "ha", "net area", "measurement"),
    "floor_m2": ("area", "size", "total area", "gross area", "net area", "sqm", "internal size",
    "demise"),
    "as_of": ("date checked", "checked", "first added date", "date entered on register", "date added"),
    "x": ("e", "location e", "grid ref e", "grid reference e"),
    "y": ("n", "location n", "grid ref n", "grid reference n"),
    "notes": ("description", "detail", "details", "additional details"),
}  # fmt: skip
"""Names that may mean a field, where nothing better does."""

FAMILIES: Final[tuple[tuple[frozenset[str], frozenset[str]], ...]] = (
    (frozenset({"geo x", "geox"}), frozenset({"geo y", "geoy"})),
    (
        frozenset({name for name in SYNONYMS["x"] if "east" in name and "north" not in name}),
        frozenset({name for name in SYNONYMS["y"] if "nor" in name or "nrth" in name}),
    ),
    (
        frozenset({name for name in SYNONYMS["x"] if ("lon" in name or "lng" in name) and "lat" not in name}),
        frozenset({name for name in SYNONYMS["y"] if "lat" in name}),
    ),
)
"""Headers of first and second coordinates that go together, the family to be preferred first."""

SEVERAL: Final = frozenset({"street", "status", "notes", "use_detail", "tenure_detail", "area_unit"})
"""Fields that more than one column may serve: lines of an address, flags of a status, details, units of two areas."""

NEVER_ALIKE: Final = frozenset(
    {
        "url", "uri", "website", "link", "plan", "map", "cost", "costs", "rent", "income", "value", "valuation",
        "price", "percent", "percentage", "dwellings", "dwelling", "planning", "permission", "backlog", "energy",
        "maintenance", "count", "rate", "rating", "epc", "date", "email", "phone", "telephone", "contact", "officer",
        "deliverable", "delivering", "licensing", "pole", "poles", "perch", "perches", "rod", "rods", "insurance",
        "photo", "deed", "policy", "polling", "church", "key", "suitability", "condition", "risk", "average", "avg",
        "mean",
    }
)  # fmt: skip
"""Words of headers that a like name does not make into a field."""

OF_OTHERS: Final = frozenset(
    [
        "landlord",
        "lessor",
        "freeholder",
        "headteacher",
        "company",
        "contact",
        "agent",
        "previous",
        "former",
        "parent",
        "tenant",
        "correspondence",
        "billing",
        "owner",
        "manager",
        "managing",
        "not",
        "non",
        "other",
        "empty",
        "under",
        "occupied",
        "leased",
    ]
)
"""Words of headers after which the last words speak of somebody or something else."""

BY_ONE_WORD: Final = frozenset({"postcode", "uprn", "x", "y", "tenure", "ward"})
"""Fields that the last word of a header tells by itself: ``Campus Postcode``."""

BY_ASIDE: Final = frozenset(
    {"x", "y", "postcode", "uprn", "tenure", "tenure_detail", "title_number", "occupier", "use", "status"}
)
"""Fields that an aside tells better than what stands outside it: ``Location (Easting)``, ``Type (Tenure)``."""

OTHER_NUMBERS: Final = frozenset(
    {
        "usrn",
        "ukprn",
        "urn",
        "street",
        "code",
        "ref",
        "reference",
        "account",
        "folder",
        "gl",
        "file",
        "cost",
        "phone",
        "telephone",
    }
)
"""Words of headers whose numbers are no UPRN, however they look."""

UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "ha": ("hectares", "hectare", "ha", "hec", "hect", "hects", "hectarage", "hectareage"),
    "acres": ("acres", "acre", "ac", "acreage"),
    "m2": (
        "square metres", "square meters", "square metre", "sq metres", "sq meters", "sq m", "sqm", "sqms", "m 2", "m2",
        "sq mtrs", "sq mts", "m sq", "msq", "sq mtr", "metres squared", "metres sq", "sq mt", "square m", "sq metre",
        "sq meter", "square meter", "square mtrs", "metre squared", "meters squared", "m squared",
    ),
    "ft2": (
        "square feet", "square foot", "sq feet", "sq ft", "sqft", "ft 2", "ft2", "sq foot", "square ft", "feet squared",
        "ft sq", "sf",
    ),
    "yd2": ("square yards", "square yard", "sq yards", "sq yard", "sq yds", "sq yd", "sqyds", "sqyd", "yd 2", "yds 2"),
    "km2": ("square kilometres", "sq km", "sqkm", "km2", "km 2"),
}  # fmt: skip
"""Words of units of area."""

HA: Final[Mapping[str, float]] = {
    "ha": 1.0,
    "acres": 0.40468564224,
    "m2": 1e-4,
    "ft2": 9.290304e-6,
    "yd2": 8.3612736e-5,
    "km2": 100.0,
}
"""Hectares in one of each."""

AREAS: Final = ("land_ha", "floor_m2")
"""Fields that are measured in them."""
