"""Whom to call: organisations with their units and the people who hold a role today.

An organisation never stands there without a way to reach it: one that has none of its own is
reached through the programme's support (AG-15). Who is no longer there is never shown.
"""

from dataclasses import dataclass

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.organisations import store as organisations
from casework.organisations.actions import Contact
from casework.organisations.tables import Organisation

#: Roles of accounts, in the order in which the pages say who holds them.
ROLES = (
    "caseworker",
    "representative",
    "convener",
    "manager",
    "statistics_lead",
    "preparation_group",
    "federation",
    "process_owner",
    "auditor",
    "admin",
)


class NotYourContacts(NotAllowed):
    """How an organisation is reached is kept by its manager or by the federation."""

    code = "role"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on duty; ``groups`` are the local groups they sit in."""

    name: str
    role: str
    unit: str
    groups: tuple[str, ...]
    phone: str
    mail: str


@dataclass(frozen=True, slots=True)
class OrganisationContacts:
    """An organisation: never without an address, if only the ``general`` one of the programme."""

    id: int
    title: str
    phone: str
    mail: str
    address: str
    general: str
    units: tuple[str, ...]
    people: tuple[Person, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class RoleHolders:
    """Who holds a role today, by organisation; without anybody the page warns."""

    role: str
    people: tuple[tuple[str, str], ...]


def contacts(
    tx: Session, app: Application, actor: Actor | None = None
) -> list[OrganisationContacts]:
    """Every organisation by title; statements do not grow with their number.

    ``actor`` None: as the public sees it, with names only where the organisation says so.
    """
    today = clock.today(tx, app.zone)
    rows = accounts.membership_rows(tx, today)
    people = accounts.accounts(tx, {row.account_id for row in rows})
    groups = {group.id: group.title for group in organisations.groups(tx)}
    units = organisations.units(tx)
    unit_titles = {unit.id: unit.title for unit in units}
    found = []
    for organisation in organisations.organisations(tx):
        held: dict[tuple[int, str, int | None], list[str]] = {}
        shown = actor is not None or organisation.names_public
        for row in rows if shown else ():
            if row.organisation_id == organisation.id and people[row.account_id].active:
                place = (row.account_id, row.role, row.unit_id)
                held.setdefault(place, []).extend(
                    [groups[row.group_id]] if row.group_id is not None else []
                )
        found.append(
            OrganisationContacts(
                id=organisation.id,
                title=organisation.title,
                phone=organisation.phone,
                mail=organisation.mail,
                address=organisation.address,
                general="" if _reachable(organisation) else app.support_contact,
                units=tuple(u.title for u in units if u.organisation_id == organisation.id),
                people=tuple(
                    Person(
                        people[account].name,
                        role,
                        unit_titles.get(unit or 0, ""),
                        tuple(sits),
                        people[account].phone,
                        people[account].mail,
                    )
                    for (account, role, unit), sits in sorted(
                        held.items(), key=lambda item: people[item[0][0]].name
                    )
                ),
                mine=actor is not None and _may_edit(actor, organisation.id),
            )
        )
    return found


def who_does_what(tx: Session, app: Application) -> list[RoleHolders]:
    """Every role that an account can hold, also those that nobody holds."""
    rows = accounts.membership_rows(tx, clock.today(tx, app.zone))
    people = accounts.accounts(tx, {row.account_id for row in rows})
    titles = {each.id: each.title for each in organisations.organisations(tx)}
    return [
        RoleHolders(
            role,
            tuple(
                sorted(
                    {
                        (titles[row.organisation_id], people[row.account_id].name)
                        for row in rows
                        if row.role == role and people[row.account_id].active
                    }
                )
            ),
        )
        for role in ROLES
    ]


def of_organisation(tx: Session, actor: Actor, organisation_id: int) -> Organisation:
    """To change how it is reached. Raises NoSuchOrganisation, NotYourContacts."""
    found = organisations.organisations_by_id(tx, [organisation_id]).get(organisation_id)
    if found is None:
        raise organisations.NoSuchOrganisation
    if not _may_edit(actor, organisation_id):
        raise NotYourContacts
    return found


def set_contact(
    tx: Session, actor: Actor, organisation_id: int, contact: Contact, *, names_public: bool
) -> None:
    """How everybody reaches the organisation, and whether its people are named in public."""
    organisation = of_organisation(tx, actor, organisation_id)
    organisation.phone, organisation.mail = contact.phone, contact.mail
    organisation.address, organisation.names_public = contact.address, names_public
    detail = {"names_public": names_public}
    target = f"organisation:{organisation_id}"
    audit.write_by(tx, actor, "organisation.contact", target=target, detail=detail)


def _may_edit(actor: Actor, organisation_id: int) -> bool:
    return "federation" in actor.roles or any(
        held.organisation_id == organisation_id for held in actor.holding({"manager"})
    )


def _reachable(organisation: Organisation) -> bool:
    return bool(organisation.phone or organisation.mail)
