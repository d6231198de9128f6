"""Words of registers by what they mean, as data: whole words, the longest that is found counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from atlas.vocabulary.estate import AssetStatus, Holding, Tenure, Use

USES: Final[Mapping[Use, tuple[str, ...]]] = {
    Use.OFFICE: (
        "office", "offices", "office building", "administrative", "administration", "admin", "headquarters", "hq",
        "head office", "council offices", "municipal offices", "business centre", "workspace", "job centre",
        "jobcentre", "call centre", "data centre", "regional control centre", "control centre", "one stop shop",
    ),
    Use.CIVIC: (
        "town hall", "civic centre", "civic offices", "civic", "city hall", "county hall", "guildhall",
        "council chamber", "council house chamber", "registry office", "register office", "registrars", "court house",
        "courthouse", "magistrates court", "crown court", "county court", "mansion house", "monument", "war memorial",
        "memorial", "fountain", "statue", "clock tower", "customer service centre", "municipal",
    ),
    Use.LIBRARY: (
        "library", "libraries", "library and learning centre", "idea store", "discovery centre", "ideas store",
    ),
    Use.COMMUNITY: (
        "community centre", "community hall", "community building", "community", "community hub",
        "community resource centre", "village hall", "church hall", "parish hall", "youth centre", "youth club",
        "scout hut", "scout hall", "scouts", "guide hut", "scout headquarters", "scout hq", "tenants hall", "clubroom",
        "club room", "social club", "meeting hall", "tenants and residents association", "resource centre",
        "family hub", "neighbourhood centre", "meeting room", "advice centre", "citizens advice", "place of worship",
        "church", "chapel", "mosque", "temple", "gurdwara", "synagogue", "club", "hub", "assembly hall", "food bank",
        "voluntary sector", "community use", "clubhouse", "club house", "army cadets", "sea cadets", "cadets",
        "pavilion community", "public hall",
    ),
    Use.CULTURE: (
        "museum", "theatre", "gallery", "art gallery", "arts centre", "arts", "cinema", "concert hall", "archive",
        "archives", "heritage", "heritage centre", "cultural", "culture", "studio theatre", "castle", "historic house",
        "bandstand", "music venue", "record office", "artist studio", "artists studio", "artist studios",
        "local history centre",
    ),
    Use.LEISURE: (
        "leisure centre", "leisure", "sports centre", "sport", "sports", "swimming pool", "swimming baths", "swimming",
        "baths", "gym", "gymnasium", "recreation centre", "lido", "golf course", "golf", "golf club", "bowling green",
        "bowls club", "bowls", "tennis court", "tennis", "tennis club", "stadium", "athletics track", "sports ground",
        "sports hall", "football club", "football ground", "cricket club", "cricket ground", "rugby club",
        "sports pavilion", "pavilion", "changing rooms", "changing room", "skate park", "skatepark", "boathouse",
        "boat house", "boating lake", "water sports", "ice rink", "multi use games area", "muga", "leisure facility",
        "leisure facilities", "racecourse", "sports club", "fitness", "health and fitness", "bowls green", "croquet",
        "squash", "marina", "bowling club", "boxing club", "judo club", "rowing club", "sailing club",
        "gymnastics club", "swimming club", "athletics club", "martial arts",
    ),
    Use.EDUCATION: (
        "school", "schools", "primary school", "secondary school", "infant school", "junior school", "academy",
        "college", "university", "nursery", "nursery school", "children s centre", "childrens centre", "early years",
        "playgroup", "pre school", "education", "education centre", "pupil referral unit", "training centre",
        "training site", "training", "day nursery", "special school", "teaching", "playgroup building", "creche",
        "sixth form", "adult education", "adult education centre", "adult learning", "learning centre",
        "student accommodation", "campus", "preschool", "school playing field", "caretakers house",
        "schoolkeepers house", "sure start",
    ),
    Use.HEALTH: (
        "hospital", "health centre", "health", "clinic", "surgery", "gp surgery", "doctors surgery", "medical centre",
        "medical", "health clinic", "acute", "general acute hospital", "specialist hospital", "community hospital",
        "mental health", "learning disabilities", "mixed service hospital", "inpatient", "non inpatient",
        "other inpatient", "treatment centre", "dental", "dentist", "pharmacy", "walk in centre", "polyclinic",
        "health and wellbeing centre", "therapy", "chiropodist", "physiotherapy", "maternity", "hospice",
        "mortuary hospital", "infirmary", "blood donor centre", "mental health unit", "mh unit", "outpatient",
        "child development centre", "support facility", "support facilities", "gp", "gp main", "gp branch",
        "gp practice",
    ),
    Use.CARE: (
        "care home", "residential care home", "nursing home", "day centre", "day care centre", "day care",
        "residential home", "elderly persons home", "old peoples home", "old people s home", "children s home",
        "childrens home", "extra care", "extra care housing", "respite", "respite centre", "social care",
        "social services", "adult social care", "children s services", "residential care", "contact centre family",
        "family centre", "day opportunities", "care", "luncheon club", "childrens residential",
    ),
    Use.REFUGE: (
        "refuge", "women s refuge", "womens refuge", "woman s refuge", "safe house", "safehouse", "safe houses",
        "domestic violence", "domestic abuse", "domestic violence refuge", "domestic abuse refuge",
        "domestic abuse accommodation", "domestic violence accommodation", "refuge accommodation", "women s aid",
        "womens aid", "women s safe house", "emergency safe accommodation", "safe accommodation",
        "crisis accommodation", "idva", "domestic abuse service", "domestic violence service",
    ),
    Use.HOUSING: (
        "housing", "house", "houses", "flat", "flats", "dwelling", "residential", "maisonette", "bungalow", "apartment",
        "apartments", "hostel", "sheltered housing", "sheltered accommodation", "temporary accommodation", "garage",
        "garages", "garage site", "lock up garage", "lock up", "council housing", "hra", "housing estate",
        "block of flats", "tower block", "cottage", "homeless hostel", "supported housing", "supported living",
        "traveller site", "travellers site", "gypsy and traveller site", "caravan site", "caravan park",
        "residential flat", "domestic", "social housing", "shared ownership", "housing office residential", "lodge",
        "council dwelling", "homelessness", "almshouses", "staff accommodation", "residential accommodation",
        "caretakers flat", "school house", "schoolhouse", "police house", "parsonage",
        "parsonage house", "vicarage", "rectory", "sheltered", "general needs", "manse",
    ),
    Use.EMERGENCY_SERVICE: (
        "fire station", "police station", "ambulance station", "fire brigade", "police", "ambulance", "fire and rescue",
        "lifeboat station", "custody suite", "coastguard", "site for new fire station", "coroners court",
        "rescue station",
    ),
    Use.TRANSPORT: (
        "rail station", "bus station", "railway station", "train station", "underground station", "tube station",
        "highway", "highways", "highway land", "highway verge", "road", "roads", "bus depot", "bus garage",
        "interchange", "footpath", "footway", "bridge", "footbridge", "foot bridge", "subway", "underpass", "railway",
        "railway land", "railway cutting", "airport", "taxi rank", "bus shelter", "cycle path", "cycleway", "towpath",
        "pier", "wharf", "transport", "access road", "verge", "verges", "road verge", "grass verge", "street record",
        "tramway", "railway line", "adopted highway", "lay by", "part of highway", "part of highways", "bus terminus",
        "jetty", "traffic island", "pedestrian refuge", "traffic refuge", "refuge island", "roundabout", "service road",
        "public right of way", "accessway", "alleyway",
    ),
    Use.CAR_PARK: (
        "car park", "carpark", "car parks", "parking", "parking area", "multi storey car park", "surface car park",
        "parking spaces", "parking space", "lorry park", "coach park", "car parking", "off street parking",
        "parking site", "park and ride",
    ),
    Use.OPEN_SPACE: (
        "park", "parks", "open space", "public open space", "open spaces", "amenity land", "amenity area",
        "amenity space", "amenity open space", "play area", "playground", "playing field", "playing fields",
        "recreation ground", "common", "village green", "green space", "garden", "gardens", "public gardens",
        "allotment", "allotments", "allotment site", "allotment gardens", "woodland", "wood", "woods", "nature reserve",
        "local nature reserve", "pleasure ground", "adventure playground", "parkland", "heath", "country park", "lake",
        "pond", "river", "sports field", "meadow", "ecology", "landscaping", "landscaped area", "green",
        "community garden", "grass area", "grassed area", "recreation area", "recreation", "shrub bed", "planting",
        "beach", "greenspace", "parks and open spaces", "grounds", "nature area", "tree belt", "square gardens",
        "childrens play area", "children s play area", "orchard",
    ),
    Use.CEMETERY: (
        "cemetery", "cemeteries", "crematorium", "burial ground", "churchyard", "graveyard", "cemetery and crematorium",
        "cemetery chapel", "cemetery chapels", "closed churchyard", "mortuary", "garden of remembrance", "cremation",
        "cemetery lodge", "burial", "bereavement services",
    ),
    Use.DEPOT: (
        "depot", "depots", "council depot", "store", "stores", "storage", "warehouse", "workshop", "workshops", "yard",
        "salt barn", "salt store", "highways depot", "parks depot", "nursery depot", "vehicle workshop", "storage unit",
        "store room", "parks store", "distribution centre", "storage compound", "compound", "mess room", "goods yard",
    ),
    Use.INDUSTRIAL: (
        "industrial", "industrial unit", "industrial estate", "industrial units", "factory", "light industrial",
        "business park", "trading estate", "workshop unit", "business unit", "enterprise centre", "units industrial",
        "works", "business units", "employment land", "commercial unit industrial", "incubator",
    ),
    Use.RETAIL: (
        "shop", "shops", "retail", "retail unit", "cafe", "caf", "restaurant", "kiosk", "market", "public house", "pub",
        "hotel", "bank", "shopping centre", "commercial", "shop unit", "supermarket", "post office", "hairdressers",
        "takeaway", "market hall", "shopping parade", "retail premises", "commercial premises", "shop and flat",
        "betting shop", "convenience store", "retail parade",
        "parade of shops", "petrol station", "garden centre", "commercial unit", "bakery", "launderette", "cafeteria",
        "ice cream kiosk", "commercial property", "tea room", "bar", "nightclub", "advertising hoarding", "hoarding",
        "market stall",
    ),
    Use.AGRICULTURE: (
        "farm", "farmland", "agricultural", "agriculture", "grazing", "grazing land", "smallholding", "county farm",
        "stables", "agricultural land", "farm building", "paddock", "pasture", "arable", "grazing rights", "barn",
    ),
    Use.UTILITY: (
        "sub station", "substation", "electricity substation", "electricity sub station", "pumping station", "toilet",
        "toilets", "public toilet", "public toilets", "public convenience", "public conveniences", "wc", "recycling",
        "recycling centre", "recycling site", "waste", "waste transfer station", "household waste recycling centre",
        "civic amenity site", "tip", "landfill", "landfill site", "sewage works", "sewage treatment works", "reservoir",
        "water tower", "telecoms mast", "mast", "telecommunications", "telecoms", "gas holder", "gasworks",
        "boiler house", "district heating", "energy centre", "cctv control room", "cctv", "incinerator", "refuse",
        "refuse store", "refuse tip", "bin store", "drainage", "waterworks", "sewer", "culvert", "flood defence",
        "balancing pond", "attenuation pond", "ditch", "conveniences", "disused toilets", "power station",
        "electricity generating station", "transfer station", "reuse and recycling centre",
    ),
    Use.LAND: (
        "land", "vacant land", "development site", "development land", "site", "plot", "plots", "ransom strip",
        "land only", "strip of land", "vacant site", "cleared site", "former site", "piece of land", "pieces of land",
        "parcel of land", "undeveloped land", "surplus land", "brownfield", "scrubland", "garden land", "ransom strips",
        "vacant plot", "development", "regeneration site", "backland", "waste land", "wasteland", "plot of land",
        "bare land",
    ),
    Use.OTHER: ("other", "miscellaneous", "misc", "mixed use", "various", "mixed", "investment", "investment property"),
}  # fmt: skip
"""Words of uses and of names."""

LETTINGS: Final = (
    "on lease to", "lease granted", "ground lease granted", "let", "let out", "let to", "leased out", "lease out",
    "leased to", "rented out", "rented to", "subject to lease", "subject to a lease", "subject to long lease",
    "subject to tenancy",
)  # fmt: skip
"""Words of what its owner has let to others."""

AS_LANDLORD: Final = (
    "as landlord", "as lessor", "is landlord", "is lessor", "landlord s interest", "landlord interest",
    "lessor s interest", "freehold reversion", "reversion", "reversionary interest",
)  # fmt: skip
"""Words of the right of who has let, wherever they stand: ``Ground lease (council as landlord)``."""

TENURES: Final[Mapping[Tenure, tuple[str, ...]]] = {
    Tenure.FREEHOLD: (
        *LETTINGS, *AS_LANDLORD,
        "fh", "f h", "freehold", "free hold", "freeholder", "owner occupied", "owned", "freehold owned",
        "freehold interest", "free", "freehold title", "own", "own freehold", "flying freehold", "absolute freehold",
        "title absolute", "owner", "f", "fee simple", "fee farm grant", "fee farm", "feuhold", "feu", "heritable",
        "heritable title", "outright ownership", "commonhold", "fully owned", "wholly owned", "council owned",
        "nhs owned", "trust owned",
    ),
    Tenure.LEASEHOLD: (
        "lh", "l h", "llh", "leasehold", "lease hold", "lease", "leased", "long leasehold", "long lease", "leaseholder",
        "leased in", "lease in", "leasehold in", "ground leasehold", "ground lease", "ground leasehold in",
        "sub leasehold", "sub lease", "sublease", "sub leasehold in", "under lease", "underlease", "head lease",
        "headlease", "rented", "rented in", "short lease", "short leasehold", "slh", "tenancy", "let in", "l",
        "leasehold interest", "full repairing lease", "peppercorn lease", "virtual freehold", "leasehold title",
        "leased from others", "rent", "pfi lease", "fri lease", "sublet", "sub let", "lease in", "leased in and sublet",
    ),
    Tenure.FREEHOLD_AND_LEASEHOLD: (
        "mixed tenure", "both", "freehold part leasehold", "leasehold part freehold", "freehold with leasehold",
    ),
    Tenure.LICENCE: (
        "licence", "license", "licensed", "licence in", "licensee", "licence to occupy", "under licence", "lic",
        "licence held", "occupied under licence",
    ),
    Tenure.OTHER: (
        "other", "tenancy at will", "easement", "wayleave", "trust", "held on trust", "custodian", "charitable trust",
        "trustee", "management agreement", "managed", "managed only", "right of way", "rights", "adverse possession",
        "possessory", "possessory title", "squatters title", "dedication", "adopted", "agency", "pfi", "crown",
        "rent free", "pps only", "memorandum of terms of occupation", "moto", "service level agreement", "mixed",
        "option", "rentcharge", "commonwealth", "social rent", "affordable rent", "market rent", "intermediate rent",
        "target rent", "london affordable rent",
    ),
    Tenure.NOT_HELD: (
        "not owned by a public authority", "not owned by public authority", "non public authority", "private",
        "third party owned", "owned by third party", "owned by a third party", "owned by others",
        "owned by academy trust", "owned by the diocese", "owned by diocese", "owned by church",
        "owned by network rail", "nr owned", "privately owned", "private ownership", "third party", "not owned",
        "no interest",
    ),
    Tenure.UNKNOWN: (
        "unknown", "not known", "unregistered", "tbc", "to be confirmed", "not stated", "unknown ownership",
        "mixed ownership", "owned by a public authority", "public authority", "local authority", "public",
        "public ownership", "owned by public authority", "occupied by local authority", "vacant", "leasehold out",
        "ground leasehold out", "sub leasehold out", "licence out", "licensed out", "to let", "to be let",
        "available to let",
    ),
}  # fmt: skip
"""Words of tenures; those of ownership say at most that it is not the partner's."""

HOLDINGS: Final[Mapping[Holding, tuple[str, ...]]] = {
    Holding.LAND_AND_BUILDINGS: (
        "land and buildings", "land and building", "land buildings", "land building", "buildings and land",
        "building and land", "land with buildings", "land with building", "both", "building land", "buildings land",
        "land and property", "l and b", "lb", "land and premises", "property and land", "land and structures",
        "land and structure", "l b",
    ),
    Holding.LAND: ("land", "land only", "lands", "open land", "site only", "bare land", "vacant land", "l", "plot"),
    Holding.BUILDINGS: (
        "building", "buildings", "buildings only", "building only", "premises", "property", "structure", "structures",
        "built", "b", "part of building", "part building", "room", "building part", "floor",
    ),
    Holding.UNKNOWN: ("unknown", "other", "not known"),
}  # fmt: skip
"""Words of holding types."""

STATUSES: Final[Mapping[AssetStatus, tuple[str, ...]]] = {
    AssetStatus.IN_USE: (
        "in use", "occupied", "operational", "operational asset", "active", "open", "let", "tenanted", "leased",
        "leased out", "used", "let out", "in operation", "owner occupied", "occupied by local authority",
        "leasehold out", "licence out", "fully occupied", "partly occupied", "part occupied", "partially occupied",
        "ground leasehold out", "sub leasehold out", "leasehold", "ground leasehold", "licence", "not vacant",
        "not surplus in use", "retained", "core", "live", "current", "licensed", "occupied by tenant", "leasehold in",
        "ground leasehold in", "sub leasehold in", "licence in", "in service", "sub leasehold", "part vacant",
        "partly vacant", "partially vacant", "part void", "partly void", "not void", "existing", "self occupied",
        "retain", "to be vacated", "vacating", "leased in", "occupied by council", "functional", "lease out",
        "rented out",
        "sublet", "sub let",
    ),
    AssetStatus.VACANT: (
        "vacant", "void", "unoccupied", "empty", "empty property", "disused", "derelict", "closed", "mothballed",
        "not in use", "not occupied", "unused", "not used", "vacant possession", "unlet", "idle", "redundant",
        "vacated", "boarded up", "out of use", "available to let", "to let", "vacant land", "available",
        "not operational", "temporarily closed", "not tenanted", "not let", "to be let", "no longer in use",
        "no longer used", "abandoned", "decommissioned", "not currently in use", "not currently used",
        "not currently occupied", "no longer occupied", "no longer operational",
    ),
    AssetStatus.SURPLUS: (
        "surplus", "surplus to requirements", "declared surplus", "saleable asset", "saleable", "surplus asset",
        "surplus land", "surplus property", "surplus to requirement", "potentially surplus", "surplus assets",
        "vacant and surplus", "surplus not for disposal", "surplus vacant", "surplus held for disposal pending",
    ),
    AssetStatus.SUBJECT_TO_DISPOSAL: (
        "contracts exchanged", "exchanged", "marketing", "in contract", "development agreement signed",
        "conditional contract", "subject to disposal process", "subject to disposal", "for disposal", "disposal",
        "for sale", "under offer",
        "to be sold", "disposal in progress", "being sold", "on the market", "held for sale", "asset held for sale",
        "assets held for sale", "sale agreed", "subject to contract", "marketed", "for auction", "disposal agreed",
        "approved for disposal", "identified for disposal", "in disposal", "sold subject to contract", "sstc",
        "surplus for disposal", "to be disposed", "to be disposed of", "held for disposal", "surplus held for disposal",
        "disposal process", "pending disposal", "disposing", "pending sale", "earmarked for disposal",
        "planned disposal", "sold stc", "stc", "marketing", "exchanged",
    ),
    AssetStatus.UNDER_CONSTRUCTION: (
        "under construction", "in construction", "being built", "in development", "under development", "construction",
        "asset under construction", "assets under construction", "under refurbishment", "on site construction",
        "being redeveloped", "refurbishment", "under redevelopment", "new build",
    ),
    AssetStatus.UNKNOWN: (
        "unknown", "not known", "other", "construction complete", "construction completed", "proposed to open",
        "closed to new burials", "closed to burials", "closed for burials", "closed to new interments",
        "closed churchyard", "closed burial ground", "closed cemetery", "not surplus", "non operational",
        "not applicable", "not for disposal", "not for sale", "community asset", "investment asset",
        "infrastructure asset", "heritage asset", "investment", "disposed", "sold", "non operational asset",
        "not held for sale",
    ),
}  # fmt: skip
"""Words of statuses; `atlas.geo.estate.cleaning.words.flag_status_of` reads yes and no by their header."""

STATUS_ORDER: Final = (
    AssetStatus.SUBJECT_TO_DISPOSAL,
    AssetStatus.SURPLUS,
    AssetStatus.UNDER_CONSTRUCTION,
    AssetStatus.VACANT,
    AssetStatus.IN_USE,
    AssetStatus.UNKNOWN,
)
"""Of two columns that say different things the first of these counts."""

DISUSED: Final[Mapping[AssetStatus, tuple[str, ...]]] = {
    AssetStatus.VACANT: (
        "disused", "vacant", "empty", "derelict", "unoccupied", "boarded", "closed toilet", "closed toilets",
        "closed school", "closed public toilets", "closed public conveniences", "closed library", "closed depot",
        "closed centre",
    ),
    AssetStatus.UNKNOWN: ("part vacant", "partly vacant", "partially vacant", "part void", "partly void"),
}  # fmt: skip
"""Words in a name or a use that tell a status, and kinds of places that are called so while they are kept."""

ONLY_WHOLE: Final = frozenset(
    {
        "house", "houses", "lodge", "bar", "bank", "care", "domestic", "wood", "woods", "site", "green", "river",
        "works", "wharf", "yard", "temple", "castle", "mast", "tip", "hub", "cottage", "lake", "heath",
    }
)  # fmt: skip
"""Words of a use that are parts of names as well: ``Victoria House`` may be anything."""

NOT_THERE: Final = frozenset(
    {
        "former", "formerly", "adjacent", "adjoining", "adj", "near", "opposite", "opp", "behind", "rear", "between",
        "site", "ro", "off", "outside", "beside", "abutting", "fronting", "above", "over",
    }
)  # fmt: skip
"""Words after which a name speaks of another place or another time."""

STREETS: Final = frozenset(
    {
        "road", "rd", "street", "st", "lane", "ln", "avenue", "ave", "close", "drive", "way", "walk", "place", "grove",
        "crescent", "square", "row", "court", "rise", "mews", "parade", "hill", "terrace", "view", "approach", "gate",
        "end", "broadway", "promenade", "embankment", "vale", "villas", "gardens", "green", "park",
    }
)  # fmt: skip
"""Words that make a street of the word before: ``Library Road`` is no library."""

YES: Final = frozenset({"yes", "y", "true", "t", "1", "x", "✓", "✔"})
NO: Final = frozenset({"no", "n", "false", "f", "0"})

USE_CLASSES: Final[Mapping[str, Use]] = {
    **dict.fromkeys(("a1", "a2", "a3", "a4", "a5", "c1", "ea", "eb", "ec", "f2a"), Use.RETAIL),
    **dict.fromkeys(("b1", "b1a", "b1b", "egi", "egii"), Use.OFFICE),
    **dict.fromkeys(("b1c", "b2", "egiii"), Use.INDUSTRIAL),
    "b8": Use.DEPOT,
    **dict.fromkeys(("c3", "c3a", "c3b", "c3c", "c4"), Use.HOUSING),
    **dict.fromkeys(("d2", "ed", "f2c", "f2d"), Use.LEISURE),
    **dict.fromkeys(("f1e", "f1f", "f2b"), Use.COMMUNITY),
    **dict.fromkeys(("f1b", "f1c"), Use.CULTURE),
    "ee": Use.HEALTH,
    **dict.fromkeys(("ef", "f1a"), Use.EDUCATION),
    "f1d": Use.LIBRARY,
    "f1g": Use.CIVIC,
}
"""Classes of the Town and Country Planning (Use Classes) Order 1987, before and after 2020, that are of one use each.

C2 is care and boarding schools, D1 clinics and libraries, E as a whole nearly anything: those stay other.
"""

SENSITIVE_FLAGS: Final = frozenset({"sensitive", "confidential", "restricted", "private", "secret", "high", "owner"})
"""Words of a flag, besides yes, that only the owner may know of an asset."""
