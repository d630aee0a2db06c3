"""Whom to call: organisations with their units and the people who hold a role today."""

from dataclasses import dataclass

from base import clock
from base.db import Session
from casework.accounts import store as accounts
from casework.application import Application
from casework.organisations import store as organisations


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on duty; ``groups`` are the local groups they sit in."""

    name: str
    role: str
    unit: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationContacts:
    """An organisation: never without an address, if only its general one."""

    title: str
    phone: str
    mail: str
    units: tuple[str, ...]
    people: tuple[Person, ...]


def contacts(tx: Session, app: Application) -> list[OrganisationContacts]:
    """Every organisation by title; statements do not grow with their number."""
    today = clock.today(tx, app.zone)
    rows = accounts.membership_rows(tx, today)
    names = accounts.names(tx, {row.account_id for row in rows})
    groups = {group.id: group.title for group in organisations.groups(tx)}
    units = organisations.units(tx)
    unit_titles = {unit.id: unit.title for unit in units}
    found = []
    for organisation in organisations.organisations(tx):
        held: dict[tuple[int, str, int | None], list[str]] = {}
        for row in rows:
            if row.organisation_id == organisation.id and row.account_id in names:
                place = (row.account_id, row.role, row.unit_id)
                held.setdefault(place, []).extend(
                    [groups[row.group_id]] if row.group_id is not None else []
                )
        found.append(
            OrganisationContacts(
                title=organisation.title,
                phone=organisation.phone,
                mail=organisation.mail,
                units=tuple(u.title for u in units if u.organisation_id == organisation.id),
                people=tuple(
                    Person(names[account], role, unit_titles.get(unit or 0, ""), tuple(sits))
                    for (account, role, unit), sits in sorted(
                        held.items(), key=lambda item: names[item[0][0]]
                    )
                ),
            )
        )
    return found
