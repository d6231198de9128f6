"""Columns and cells that speak of persons, told by their words."""

from __future__ import annotations

import re
from typing import Final

from atlas.geo.estate.cleaning.headers import fold

_OF_PERSONS: Final = re.compile(
    r"\b(?:key ?holders?|keys?(?= (?:safe|location|code|no|number|held|box))|alarm"
    r"|(?:door|access|gate|entry|security) code"
    r"|pass ?word|pass ?code|mobile|tele ?phones?|phones?|tel|fax|e ?mails?|out of hours|dob|date of birth"
    r"|national insurance|contacts?(?! (?:cent(?:re|er)|type))|caretakers?|head ?teachers?|head of school|surveyors?"
    r"|(?:site|premises|building|property|estates?|facilit(?:y|ies)|centre|asset|area|case|project|park|line|duty"
    r"|responsible) managers?|managers? name"
    r"|officers?|(?:estates?|property|project|service|team) leads?|(?:first|last|fore|sur|middle|given|family) ?names?"
    r"|(?:created|edited|modified|updated|entered|inspected|surveyed|checked) (?:by|user)|creators?|editors?"
    r"|incumbents?|clerks?|valuers?|guardians?)\b"
)
_OF_TENANTS: Final = re.compile(
    r"\b(?:lessees?|licensees?|leaseholders?|residents?|occupants?|occupiers?|tenants?|landlords?|lessors?|purchasers?|buyers?"
    r"|grantees?|grantors?|agents?|vendors?|owners?)\b"
)
_FIRM: Final = re.compile(
    r"\b(?:partners?|practice|surgery|ltd|limited|llp|plc|cic|cio|inc|trust|co|company|and sons?|group|services?"
    r"|council|club|society|association|assoc|tra|church|school|college|nursery|university|nhs|charity|foundation|community"
    r"|centre|union|committee|shop|stores?|cafe|garage|bank|housing|homes|estates?|solicitors|pharmacy|dental|uk)\b|&",
    re.IGNORECASE,
)
_TITLE: Final = r"(?:mr|mrs|ms|miss|mx|dr|sir|lady|rev|revd)"
MAY_BE_TITLED: Final = rf"(?i)^{_TITLE}"
"""Nothing that does not match it is a name with a title."""
_TITLED: Final = re.compile(rf"{_TITLE}\.? [a-z]", re.IGNORECASE)
_COUPLE: Final = re.compile(r"(?:mr|mrs|ms|dr)\.? (?:&|and) (?:mr|mrs|ms|dr)\b", re.IGNORECASE)
_INITIALS: Final = re.compile(r"(?:[A-Z](?:\. ?| )){1,3}(?:O'|Mc|Mac|de )?[A-Z][a-z]+(?:-[A-Z][a-z]+)?")
_FULL: Final = re.compile(r"([A-Z][a-z]+)(?: [A-Z]\.?)?(?: (?:O'|Mc|Mac|[A-Z][a-z]*-)?[A-Z][a-z]+){1,2}")
_BRANDS: Final = frozenset({"WH Smith", "W H Smith", "B Good", "J Sainsbury", "M Local", "Q Park", "T Mobile", "E On"})
_TELEPHONE: Final = r"(?:\+44 ?|\b0)[127](?:[ -]?\d){8,9}\b"
MAY_BE_CONTACT: Final = rf"(?i)@|\b(?:mr|mrs|ms|miss)\b|{_TELEPHONE}"
"""Nothing without one of these has a telephone number, an e-mail address or a name after a title."""
_REACHED: Final = rf"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|{_TELEPHONE}"
_TITLES: Final = r"(?:Mr|Mrs|Ms|Miss)\b\.?"
_CONTACT: Final = re.compile(
    rf"\b{_TITLES}(?: (?:&|and) {_TITLES})?(?: [A-Z]\.?)*(?: [A-Z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*){{1,3}}|{_REACHED}"
)
_CONTACT_IN_NAME: Final = re.compile(rf"\([^()]*\b{_TITLES} [^()]*\)|{_REACHED}")
_BRACKET: Final = re.compile(r"\s*\(([^()]*)\)")
_GIVEN_NAMES: Final = """
    aaron abdul abigail adam ade adrian agnieszka ahmed aisha alan albert alex alexander alfred ali alice alison
    amanda amina amy andrea andrew angela ann anna anne anthony antonio arthur ayesha barbara barry ben benjamin
    bernard beth brenda brian bruce carl carol caroline catherine charles charlotte cheryl chris christine
    christopher claire clare colin craig daniel darren david dawn dean deborah debra denise dennis derek diana diane
    donald donna dorothy douglas duncan edward eileen elaine elizabeth emily emma eric esther ethan eve fatima fiona
    frances francis frank fred gareth gary geoffrey george gerald gillian gordon grace graham grzegorz hannah harold
    harry hassan heather helen henry howard hugh hussain ian ibrahim imran irene isaac ivan jack jackie jacob
    jacqueline jake james jamie jan jane janet janice jasmine jason jean jeffrey jennifer jeremy jessica joan joanna
    joanne joe john jonathan joseph joshua joyce juan judith julia julian julie justin karen kate katherine kathleen
    kathryn keith kelly kenneth kerry kevin khalid kim kofi krzysztof kwame laura lauren lawrence lee leon leonard
    lesley leslie lewis lily linda lisa liz louise lucy luke lynn maciej malcolm marcus margaret maria marie marion
    mark martin mary matthew maureen megan michael michelle miguel mike mohamed mohammad mohammed moses muhammad
    nadia natalie nathan neil nicholas nicola nigel noel norman olga olivia oliver omar oscar pamela patel patricia
    patrick paul paula pauline peter philip phillip piotr priya rachel raj ralph raymond rebecca richard rita robert
    robin roger ronald rosemary roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean shane
    sharon sheila shirley simon sophie stacey stanley stephen steven stuart sue susan suzanne sylvia tania tariq
    teresa terence thomas timothy tina toby tom tomasz tony tracey trevor valerie vanessa veronica victor victoria
    vincent wayne wendy william yasmin yusuf yvonne zainab zoe
"""
_GIVEN: Final = frozenset(_GIVEN_NAMES.split())
"""Names that people in England are given often."""


def is_of_persons(header: str) -> bool:
    """Whether a header speaks of persons, of how to reach them, or of how to get in.

    Examples
    --------
    >>> is_of_persons("Keyholder mobile"), is_of_persons("Alarm_Code"), is_of_persons("Contact centre")
    (True, True, False)
    >>> is_of_persons("Tel No."), is_of_persons("Site Manager"), is_of_persons("Managing department")
    (True, True, False)
    """
    return bool(_OF_PERSONS.search(fold(header)))


def is_of_tenants(header: str) -> bool:
    """Whether a header speaks of those who rent or occupy, who may be persons or not.

    Examples
    --------
    >>> is_of_tenants("Lessee Name"), is_of_tenants("Tenure")
    (True, False)
    """
    return bool(_OF_TENANTS.search(fold(header)))


def without_person(text: str) -> str:
    """The name of somebody who rents or occupies; empty for a person, and without one in brackets.

    Examples
    --------
    >>> [without_person(text) for text in ("Mrs J Example", "J. Example", "John Q Example", "Dr Example & Partners")]
    ['', '', '', 'Dr Example & Partners']
    >>> [without_person(text) for text in ("Little Stars (S. Example)", "Costa Coffee", "EE Ltd", "WH Smith")]
    ['Little Stars', 'Costa Coffee', 'EE Ltd', 'WH Smith']
    >>> [without_person(text) for text in ("LBL Libraries", "BT Openreach", "TfL Buses", "HM Courts")]
    ['LBL Libraries', 'BT Openreach', 'TfL Buses', 'HM Courts']
    """
    bare = _BRACKET.sub(lambda found: "" if _is_person(found[1].strip()) else found[0], text).strip()
    return "" if _is_person(bare) else bare


def without_contacts(text: str) -> str:
    """A text without telephone numbers, e-mail addresses and names after a title.

    Examples
    --------
    >>> without_contacts("Key with Mrs A Example, ring Tom on 07700 900123 (a@example.org)")
    'Key with [not kept], ring Tom on [not kept] ([not kept])'
    """
    return _CONTACT.sub("[not kept]", text)


def without_contacts_in_name(text: str) -> str:
    """The name of a place, or an address, without how to reach anybody; a place may be named after a person.

    Examples
    --------
    >>> without_contacts_in_name("Home of the clerk (Mrs A Example, 1 High Street)")
    'Home of the clerk [not kept]'
    >>> without_contacts_in_name("Miss Example's Nursery")
    "Miss Example's Nursery"
    """
    return _CONTACT_IN_NAME.sub("[not kept]", text)


def is_titled(text: str) -> bool:
    """Whether a text is the name of a person with a title: ``Ms Example``.

    Examples
    --------
    >>> [is_titled(text) for text in ("Ms A Example", "Mr & Mrs Example", "Dr Example & Partners", "Drill hall")]
    [True, True, False, False]
    """
    return bool(_COUPLE.match(text) or (_TITLED.match(text) and not _FIRM.search(text)))


def _is_person(text: str) -> bool:
    if is_titled(text):
        return True
    if _FIRM.search(text) or text in _BRANDS:
        return False
    named = _FULL.fullmatch(text)
    return bool(_INITIALS.fullmatch(text) or (named and named[1].casefold() in _GIVEN))
