"""Write data/examples: two registers of places in Lewisham, from public facts, with the usual mess put in on purpose.

Run from the checkout: ``python -m tools.build_examples [--check]``. Names, streets and postcodes are public; positions
are those of the postcodes, from the postcode package.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Final

from atlas.geo.crs import points_to_wgs84
from atlas.sources.postcodes import read_postcodes

FOLDER: Final = Path(__file__).parents[1] / "data" / "examples"

COUNCIL_HEADER: Final = (
    "Asset Ref",
    "Property",
    "Address",
    "Post Code",
    "Main use",
    "Tnr",
    "In use?",
    "Site area (ha)",
    "X",
    "Y",
    "Remarks",
)

COUNCIL: Final = (
    ("LC001", "Lewisham Town Hall", "Catford Road, Catford", "SE6 4RU", "Town hall", "F", "Yes", "", ""),
    ("LC002", "Laurence House", "1 Catford Road, Catford", "SE6 4RU", "Offices", "F", "Yes", "", ""),
    ("LC003", "Broadway Theatre", "Catford Road, Catford", "SE6 4RU", "Theatre", "F", "Yes", "", ""),
    (
        "LC010",
        "Lewisham Library",
        "199-201 Lewisham High Street",
        "SE13 6LG",
        "Library",
        "F",
        "No",
        "",
        "Closed for works",
    ),
    ("LC011", "Deptford Lounge", "9 Giffin Street, Deptford", "SE8 4RJ", "Library", "F", "Yes", "", ""),
    ("LC012", "Manor House Library", "34 Old Road, Lee", "SE13 5SY", "Library", "F", "Yes", "", "Grade II* listed"),
    (
        "LC013",
        "Forest Hill Library",
        "Dartmouth Road, Forest Hill",
        "SE23 3HZ",
        "Library",
        "F",
        "Yes",
        "",
        "Run by the community",
    ),
    ("LC014", "Torridon Road Library", "103 Torridon Road, Catford", "SE6 1RQ", "Library", "F", "Yes", "", ""),
    ("LC015", "Sydenham Library", "Sydenham Road", "SE26 5SE", "Library", "F", "Yes", "", "Run by the community"),
    (
        "LC016",
        "New Cross Learning",
        "283-285 New Cross Road",
        "SE14 6AS",
        "Library",
        "L",
        "Yes",
        "",
        "Run by the community",
    ),
    ("LC017", "Crofton Park Library", "375 Brockley Road", "SE4 2AG", "Library", "F", "Yes", "", "Ground rent £1"),
    ("LC020", "Glass Mill Leisure Centre", "41 Loampit Vale", "SE13 7FT", "Leisure centre", "L", "Yes", "", ""),
    ("LC021", "Wavelengths Leisure Centre", "Giffin Street, Deptford", "SE8 4RJ", "Leisure centre", "F", "Yes", "", ""),
    ("LC022", "Forest Hill Pools", "Dartmouth Road, Forest Hill", "SE23 3HZ", "Swimming pool", "F", "Yes", "", ""),
    ("LC023", "Ladywell Arena", "Silvermere Road, Catford", "SE6 4QX", "Sports ground", "F", "Yes", "", ""),
    (
        "LC024",
        "Bellingham Leisure and Lifestyle Centre",
        "5 Randlesdown Road",
        "SE6 3BT",
        "Leisure centre",
        "F",
        "Yes",
        "",
        "",
    ),
    (
        "LC025",
        "The Bridge Leisure Centre",
        "Kangley Bridge Road, Lower Sydenham",
        "SE26 5AQ",
        "Leisure centre",
        "F",
        "No",
        "",
        "Closed in 2020",
    ),
    (
        "LC026",
        "Downham Health and Leisure Centre",
        "7-9 Moorside Road, Downham",
        "BR1 5EP",
        "Leisure centre",
        "F",
        "Yes",
        "",
        "Shared with health services",
    ),
    ("LC030", "Wearside Service Centre", "Wearside Road, Ladywell", "SE13 7EZ", "Depot", "F", "Yes", "", ""),
    ("LC031", "Reuse and Recycling Centre", "Landmann Way, New Cross", "SE14 5RS", "Waste site", "F", "Yes", "", ""),
    ("LC032", "Holbeach Car Park", "Holbeach Road, Catford", "SE6 4TW", "Car park", "F", "Yes", "", ""),
    ("LC040", "Beckenham Place Park", "Beckenham Hill Road", "BR3 1SY", "Park", "F", "Yes", "96", "Rounded"),
    ("LC041", "Hilly Fields", "Montague Avenue, Brockley", "SE4 1QF", "Park", "F", "Yes", "18", "Rounded"),
    ("LC042", "Mountsfield Park", "Stainton Road, Hither Green", "SE6 1AN", "Park", "F", "Yes", "13", "Rounded"),
    ("LC043", "Ladywell Fields", "Ladywell Road", "SE13 7XD", "Park", "F", "Yes", "22", "Rounded"),
    ("LC044", "Deptford Park", "Scawen Road, Deptford", "SE8 3AA", "Park", "F", "Yes", "7", "Rounded"),
    ("LC045", "Manor House Gardens", "Old Road, Lee", "SE13 5SY", "Park", "F", "Yes", "3.5", "Rounded"),
    ("LC046", "Chinbrook Meadows", "Amblecote Road, Grove Park", "SE12 9PU", "Park", "F", "Yes", "12", "Rounded"),
)
"""Reference, name, address, postcode, use, tenure, in use, hectares, remarks. Tenure and use are illustrations."""

IN_DEGREES: Final = frozenset({"LC012", "LC024", "LC043"})
SWAPPED: Final = frozenset({"LC014"})
WITHOUT_COORDINATES: Final = frozenset({"LC016", "LC023"})
ELSEWHERE: Final = {"LC030": (537_684, 187_666)}
"""A northing with one digit wrong puts it in another borough."""

HEALTH_HEADER: Final = (
    "Site code",
    "Site name",
    "Street",
    "Postcode",
    "Tenure",
    "Function",
    "Status",
    "Easting",
    "Northing",
)

HEALTH: Final = (
    ("UHL", "University Hospital Lewisham", "Lewisham High Street", "SE13 6LH", "Freehold", "Hospital", "In use"),
    ("DHL", "Downham Health & Leisure Centre", "7-9 Moorside Rd", "BR1 5EP", "Leasehold", "Health centre", "In use"),
    ("WHC", "Waldron Health Centre", "Stanley Street", "SE14 6LD", "Leasehold", "Health centre", "In use"),
    (
        "SLH",
        "South Lewisham Health Centre",
        "50 Conisborough Crescent",
        "SE6 2SP",
        "Leasehold",
        "Health centre",
        "In use",
    ),
    ("SGH", "Sydenham Green Health Centre", "26 Holmshaw Close", "SE26 4TH", "Leasehold", "Health centre", "In use"),
    ("JHC", "Jenner Health Centre", "201-203 Stanstead Road", "SE23 1HU", "Leasehold", "Health centre", "In use"),
    ("LHC", "Lee Health Centre", "2 Handen Road", "SE12 8NP", "Leasehold", "Health centre", "Vacant"),
)


def main(arguments: list[str] | None = None) -> int:
    """Write, or with ``--check`` compare; 1 where a file differs."""
    differing = 0
    for name, content in build().items():
        path = FOLDER / name
        if "--check" not in (sys.argv[1:] if arguments is None else arguments):
            path.write_bytes(content)
        elif not path.is_file() or path.read_bytes() != content:
            print(f"differs: {path}")
            differing = 1
    return differing


def build() -> dict[str, bytes]:
    """Every example, by its name."""
    places = read_postcodes([row[3] for row in (*COUNCIL, *HEALTH)])
    positions = {str(code): (int(east), int(north)) for code, _, east, north in places.itertuples()}
    return {
        "lewisham_council_register.csv": council(positions).encode("cp1252"),
        "lewisham_health_register.csv": health(positions).encode("utf-8-sig"),
    }


def council(positions: dict[str, tuple[int, int]]) -> str:
    """The council's: titles above the header, coordinates of two kinds, repeats, a total."""
    rows: list[tuple[object, ...]] = []
    for ref, name, address, postcode, use, tenure, in_use, hectares, remarks in COUNCIL:
        x, y = coordinates(ref, *positions[postcode])
        rows.append((ref, name, address, postcode, use, tenure, in_use, hectares, x, y, remarks))
    rows[4] = (*rows[4][:3], "se8 4rj", *rows[4][4:])
    rows[7] = (*rows[7][:3], "SE61RQ", *rows[7][4:])
    rows[10] = (*rows[10][:2], "375 Brockley Road\nCrofton Park", *rows[10][3:])
    rows.insert(12, rows[11])
    rows.append(
        ("LC031", "Household waste site", "Landmann Way", "SE14 5RS", "Waste site", "F", "Yes", "", "", "", "N/A")
    )
    rows.append(
        ("LC050", "Garages", "N/A", "", "Garages", "F", "", "", "", "", "Where\N{RIGHT SINGLE QUOTATION MARK}s this?")
    )
    rows.append(("LC051", "Refuge", "", "", "Refuge", "L", "Yes", "", "", "", ""))
    rows.append(("", "Total", "", "", "", "", "", "=SUM(H4:H34)", "", "", ""))
    blank = ("",) * (len(COUNCIL_HEADER) - 1)
    titles = [("Land and property: an example", *blank), ("As of 1 April 2026", *blank)]
    return text([*titles, COUNCIL_HEADER, *rows], ",", "\r\n")


def coordinates(ref: str, east: int, north: int) -> tuple[object, object]:
    """What the register says of a place: right, in degrees, swapped, wrong or nothing."""
    if ref in WITHOUT_COORDINATES:
        return "", ""
    if ref in IN_DEGREES:
        (longitude,), (latitude,) = points_to_wgs84([east], [north])
        return f"{longitude:.5f}", f"{latitude:.5f}"
    if ref in SWAPPED:
        return north, east
    return ELSEWHERE.get(ref, (east, north))


def health(positions: dict[str, tuple[int, int]]) -> str:
    """The health partners': tidy, and separated by semicolons."""
    return text([HEALTH_HEADER, *((*row, *positions[row[3]]) for row in HEALTH)], ";", "\n")


def text(rows: list[tuple[object, ...]], mark: str, end: str) -> str:
    """Rows as separated text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
