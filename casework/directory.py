"""Reading a directory from a file: organisations, units, groups, accounts, seats.

The file's format stands at the top of a pack's ``demonstration/directory.toml``. What exists
already, by code or user name, is left as it is: loading the same file twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.organisations import actions as organisations
from casework.organisations import store
from casework.organisations.actions import Contact
from casework.programmes import actions as programmes
from casework.programmes import store as programme_store

Row = Mapping[str, Any]

#: Roles that somebody holds for one local group; all others for the organisation.
GROUP_ROLES = frozenset({"representative", "convener", "statistics_lead"})


class BadDirectory(Invalid):
    """The directory names somebody or something that is not in it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the file does not say: for which programme, from which day, with which password.

    ``password_hash`` None: nobody of the file can sign in with a password.
    """

    programme_id: int
    valid_from: date
    language: str = "sv"
    password_hash: str | None = None


def load_directory(tx: Session, data: Mapping[str, Any], terms: Terms) -> None:
    """Add what is missing. Raises BadDirectory for a reference to what is not there."""
    try:
        for row in data.get("organisations", ()):
            _load_organisation(tx, row)
        for row in data.get("groups", ()):
            _load_group(tx, row, terms)
        for row in data.get("accounts", ()):
            _load_account(tx, row, terms)
        for row in data.get("seats", ()):
            _load_seat(tx, row, terms)
        for row in data.get("groups", ()):
            _set_convener(tx, row)
    except (KeyError, store.NoSuchOrganisation, store.NoSuchUnit, store.NoSuchGroup) as error:
        raise BadDirectory(f"The directory cannot be loaded: {error}") from error


def _load_organisation(tx: Session, row: Row) -> None:
    try:
        organisation = store.organisation(tx, row["code"])
    except store.NoSuchOrganisation:
        contact = Contact(*(row.get(key, "") for key in ("phone", "mail", "address")))
        organisation = organisations.add_organisation(
            tx, row["code"], row["title"], row["kind"], contact
        )
    known = {unit.code for unit in store.units(tx, [organisation.id])}
    for code, title in row.get("units", {}).items():
        if code not in known:
            organisations.add_unit(tx, organisation.id, code, title)


def _load_group(tx: Session, row: Row, terms: Terms) -> None:
    if row["code"] not in {group.code for group in store.groups(tx)}:
        organisations.add_group(
            tx, row["code"], row["title"], row["prefix"], programme_id=terms.programme_id
        )


def _load_account(tx: Session, row: Row, terms: Terms) -> None:
    """Group roles once per group, the others once."""
    if account_store.by_user_name(tx, row["user_name"]) is not None:
        return
    account = accounts.add_account(
        tx,
        row["user_name"],
        row["name"],
        language=row.get("language", terms.language),
        password_hash=terms.password_hash,
        mail=row.get("mail", ""),
        phone=row.get("phone", ""),
    )
    organisation = store.organisation(tx, row["organisation"])
    unit_id = _unit_id(tx, organisation.id, row)
    for role in row["roles"]:
        for code in row["groups"] if role in GROUP_ROLES else [None]:
            accounts.appoint(
                tx,
                account.id,
                organisation.id,
                role,
                valid_from=terms.valid_from,
                unit_id=unit_id,
                group_id=store.group(tx, code).id if code else None,
            )


def _load_seat(tx: Session, row: Row, terms: Terms) -> None:
    """The organisation takes part in the programme from its first seat on."""
    group = store.group(tx, row["group"])
    organisation = store.organisation(tx, row["organisation"])
    unit_id = _unit_id(tx, organisation.id, row)
    if organisation.id not in programme_store.participants(tx, terms.programme_id):
        programmes.join(tx, terms.programme_id, organisation.id)
    taken = {(seat.organisation_id, seat.unit_id) for seat in store.all_seats_of(tx, group.id)}
    if (organisation.id, unit_id) in taken:
        return
    seat = organisations.add_seat(
        tx, group.id, organisation.id, valid_from=terms.valid_from, unit_id=unit_id
    )
    for key in ("account", "deputy"):
        if row.get(key):
            representative = organisations.seat_somebody(
                tx,
                seat,
                _account_id(tx, row[key]),
                valid_from=terms.valid_from,
                deputy=key == "deputy",
            )
            # The file gives roles of its own: nobody has anything left to acknowledge.
            representative.acknowledged = clock.now(tx)
    tx.flush()


def _set_convener(tx: Session, row: Row) -> None:
    group = store.group(tx, row["code"])
    if group.convener_account_id is None and row.get("convener"):
        group.convener_account_id = _account_id(tx, row["convener"])
        tx.flush()


def _unit_id(tx: Session, organisation_id: int, row: Row) -> int | None:
    code = row.get("unit")
    return store.unit(tx, organisation_id, code).id if code else None


def _account_id(tx: Session, user_name: str) -> int:
    account = account_store.by_user_name(tx, user_name)
    if account is None:
        raise KeyError(user_name)
    return account.id
