"""Whom a step is for: a pack's role, found in the directory and on the case.

A role's scope says where its organisation comes from (`notation`: “Who gets a task”); seats,
deputies and dated memberships then say which people hold it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from base import clock
from base.db import Session
from casework.access import Actor, Holder
from casework.accounts import store as accounts
from casework.accounts.tables import MembershipRow
from casework.cases import store as cases
from casework.cases.tables import Case
from casework.organisations import store as organisations
from casework.programmes import store as programmes
from engine.errors import Unaddressed
from engine.model import Address, Wanted
from engine.packs import PackConfig
from engine.packs.config import Role


def find_address(tx: Session, wanted: Wanted, members: frozenset[str]) -> Address:
    """A unit where nobody works stands back for its organisation's list.

    Raises Unaddressed if nobody holds the role today.
    ``members`` are the account roles that hold the pack's role.
    """
    case = cases.by_id(tx, wanted.case_id)
    address = _places[wanted.scope](tx, wanted, case)
    if address.assignee_id is not None or _anybody(tx, address, members):
        return address
    wider = replace(address, unit_id=None)
    if address.unit_id is not None and _anybody(tx, wider, members):
        return wider
    raise Unaddressed


def _anybody(tx: Session, address: Address, members: frozenset[str]) -> bool:
    found = accounts.holders(
        tx,
        members,
        clock.today(tx, programmes.zone(tx)),
        organisation_id=address.organisation_id,
        unit_id=address.unit_id,
        group_id=address.group_id,
    )
    return bool(found)


def held_by(config: PackConfig, actor: Actor) -> Mapping[str, frozenset[int]]:
    """Per role of the pack, the places in ``actor.memberships`` that hold it."""
    return {
        role.code: frozenset(
            place
            for place, membership in enumerate(actor.memberships)
            if membership.role in role.members
        )
        for role in config.roles.values()
    }


def _on_case(tx: Session, wanted: Wanted, case: Case) -> Address:
    """The referrer or the acting lead: an organisation, a unit and usually a person."""
    holder = _holder(wanted.role, case)
    return Address(
        role=wanted.role,
        organisation_id=holder.organisation_id,
        unit_id=holder.unit_id,
        assignee_id=_still_there(tx, holder),
    )


def _holder(role: str, case: Case) -> Holder:
    referrer = Holder(
        case.referrer_organisation_id, case.referrer_unit_id, case.referrer_account_id
    )
    if role == "referrer":
        return referrer
    return cases.lead_of(case) or referrer


def _still_there(tx: Session, holder: Holder) -> int | None:
    """The person, unless they have left: then the step goes to the organisation's list."""
    if holder.account_id is None:
        return None
    today = clock.today(tx, programmes.zone(tx))
    held = accounts.memberships(tx, holder.account_id, today)
    there = any(membership.organisation_id == holder.organisation_id for membership in held)
    return holder.account_id if there else None


def _party(tx: Session, wanted: Wanted, case: Case) -> Address:
    """The organisation in scope; the unit where the diagram names one, else its seat's."""
    if wanted.organisation is None:
        raise Unaddressed
    organisation = organisations.organisation(tx, wanted.organisation)
    unit = organisations.unit(tx, organisation.id, wanted.unit) if wanted.unit else None
    return Address(wanted.role, organisation.id, unit.id if unit else None)


def _manager(tx: Session, wanted: Wanted, case: Case) -> Address:
    """The manager of the organisation in scope, else of the leading one."""
    if wanted.organisation is not None:
        return Address(wanted.role, organisations.organisation(tx, wanted.organisation).id)
    return Address(wanted.role, _holder("case_lead", case).organisation_id)


def _group(tx: Session, wanted: Wanted, case: Case) -> Address:
    """The convener of the case's local group."""
    if case.group_id is None:
        raise Unaddressed
    group = organisations.group_by_id(tx, case.group_id)
    return Address(wanted.role, None, group_id=group.id, assignee_id=group.convener_account_id)


def _programme(tx: Session, wanted: Wanted, case: Case) -> Address:
    """The programme's carrier."""
    carrier = programmes.by_id(tx, case.programme_id).carrier_organisation_id
    if carrier is None:
        raise Unaddressed
    return Address(wanted.role, carrier)


_places = {
    "case": _on_case,
    "party": _party,
    "manager": _manager,
    "group": _group,
    "programme": _programme,
}


def local_now(tx: Session, zone: str) -> datetime:
    """The transaction's moment in the programme's time zone."""
    return clock.now(tx).astimezone(ZoneInfo(zone))


class Spot(Protocol):
    """Where a step waits: role, organisation, unit, group, the case's group, and who has it."""

    @property
    def role(self) -> str: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def group_id(self) -> int | None: ...
    @property
    def case_group_id(self) -> int | None: ...
    @property
    def assignee_id(self) -> int | None: ...


def holds(
    account_id: int, held: Iterable[MembershipRow], roles: Mapping[str, Role], spot: Spot
) -> bool:
    """Whether a step that waits there waits for this account; the list's predicate in Python."""
    if spot.assignee_id is not None:
        return spot.assignee_id == account_id
    role = roles.get(spot.role)
    return role is not None and any(
        membership.role in role.members and _there(membership, spot) for membership in held
    )


def _there(membership: MembershipRow, spot: Spot) -> bool:
    at = membership.organisation_id == spot.organisation_id or (
        spot.organisation_id is None and membership.group_id == spot.group_id
    )
    in_unit = membership.unit_id is None or spot.unit_id in (None, membership.unit_id)
    in_group = membership.group_id is None or membership.group_id in (
        spot.group_id,
        spot.case_group_id,
    )
    return at and in_unit and in_group
