"""Which markers were planted where, and who may see them: a small model beside the gate."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from base import keys
from base.db import Session
from casework import sealing
from casework.cases import store as case_store
from casework.organisations import store as organisations
from tests.rights.guests import GUESTS
from tests.rights.planting import STEM
from tests.rights.table import standing
from tests.rights.worlds import KINDS, Base

#: A marker, a planted telephone number, an identity number however it is written.
MARK = re.compile(rf"{STEM}[a-z]{{3}}|0370-91 ?\d{{4}}|(?:19)?870412-?1238|(?:19)?780823-?4566")
#: Where a role does casework: organisation, or organisation and unit.
PLACES = {
    "referrer": "psykiatri",
    "lead": "vc_vaster",
    "representative": "varnamo/eko",
    "deputy": "varnamo/eko",
    "colleague": "varnamo/eko",
    "other unit": "varnamo/vuxen",
    "member": "af",
}
_EVERYBODY = ("psykiatri", "vc_vaster", "varnamo")
#: Per world: whom a consent in force names, which kinds, and for which purpose ("": as planned).
_CONSENTS: Mapping[str, tuple[tuple[str, ...], frozenset[str], str]] = {
    "agreed": (_EVERYBODY, KINDS, ""),
    "other purpose": (_EVERYBODY, KINDS, "handover"),
    "excluded": (_EVERYBODY, KINDS - {"health_function"}, ""),
    "left out": (_EVERYBODY[:2], KINDS, ""),
    "unit named": ((*_EVERYBODY[:2], "varnamo/eko"), KINDS, ""),
    "restricted": (_EVERYBODY, KINDS, ""),
    "closed": (_EVERYBODY, KINDS, ""),
    "closing only": (_EVERYBODY, KINDS, ""),
    "read only": (_EVERYBODY, KINDS, ""),
    "taken up": (_EVERYBODY, KINDS, ""),
}
_USUAL = {"planned": "planning", "placed": "consultation", "waiting": "consultation"}


@dataclass(frozen=True, slots=True)
class Planted:
    """A marker in the file of a case: written by whom, of which kinds, in a step for what."""

    case: str
    form: str
    author: str
    kinds: frozenset[str]
    purpose: str | None


def planted(tx: Session, base: Base) -> Mapping[str, Planted]:
    """Read with the cases' keys from what was sealed."""
    found: dict[str, Planted] = {}
    for name, case_id in base.cases.items():
        key = keys.of(tx).get(case_id)
        for stored in case_store.entries(tx, case_id):
            entry = stored.entry
            author = _place(tx, entry.author_organisation_id, entry.author_unit_id)
            for part, sealed in stored.parts.items():
                place = f"case_entry/{entry.id}/{part}"
                said = json.dumps(sealing.unseal_value(key, sealed, place), ensure_ascii=False)
                kinds = frozenset(part.split(",")) - {""}
                for mark in MARK.findall(said):
                    found[plain(mark)] = Planted(name, entry.form, author, kinds, entry.purpose)
    return found


def plain(mark: str) -> str:
    """An identity number one way, and a telephone number, in which paper keeps no space."""
    if mark.startswith("0370"):
        return f"0370-91 {mark[-4:]}"
    digits = mark.replace("-", "")
    return digits[-10:] if digits.isdigit() else mark


def marks_in(text: str) -> set[str]:
    return {plain(mark) for mark in MARK.findall(text)}


def may_see(role: str, world: str, one: Planted) -> bool:
    """Whether this role may read this marker somewhere in this world."""
    if role in GUESTS:
        return one.case == GUESTS[role] and _told_in_meeting(one)
    if one.case == "foreign" or role not in PLACES:
        return False
    if standing(role, world) not in {"holder", "party"} and not _own(role, world, one):
        return False
    return _own(role, world, one) or _shared(role, world, one) or _who_it_is(role, world, one)


def _told_in_meeting(one: Planted) -> bool:
    """What a named party wrote for the consultation, and who it is about."""
    written = one.purpose == "consultation" and one.author.partition("/")[0] in _EVERYBODY
    return one.kinds <= KINDS and (written or one.form == "record_person")


def _own(role: str, world: str, one: Planted) -> bool:
    """What one's own organisation wrote, while one has to do with the case."""
    known = standing(role, world) in {"holder", "party"}
    return known and one.author != "" and overlap(PLACES[role], one.author)


def _shared(role: str, world: str, one: Planted) -> bool:
    if world not in _CONSENTS:
        return False
    named, kinds, purpose = _CONSENTS[world]
    agreed_for = purpose or _USUAL[one.case]
    return (
        one.kinds <= kinds | ({"plan"} if agreed_for == "planning" else set())
        and one.purpose in (None, agreed_for)
        and all(
            any(overlap(each, place) for each in named) for place in (PLACES[role], one.author)
        )
    )


def _who_it_is(role: str, world: str, one: Planted) -> bool:
    """The person, their words on what not to share, and where their paper lies, stay with who
    raised or leads."""
    kept = {"record_person", "prepare_consent", "register_signature"}
    return standing(role, world) == "holder" and one.form in kept


def overlap(one: str, other: str) -> bool:
    """Whether two places are of one organisation, and not two different units of it."""
    first, _, unit = one.partition("/")
    second, _, other_unit = other.partition("/")
    return first == second and (not unit or not other_unit or unit == other_unit)


def _place(tx: Session, organisation_id: int, unit_id: int | None) -> str:
    code = organisations.organisations_by_id(tx, [organisation_id])[organisation_id].code
    units = organisations.units_by_id(tx, [unit_id]) if unit_id is not None else {}
    return f"{code}/{units[unit_id].code}" if unit_id is not None else code
