"""Who asks: one account for each role, beside the people of the arena's directory."""

from datetime import date

from base.db import Session
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.cast import Cast
from casework.organisations import actions as organisations
from casework.organisations import store

_LONG_AGO = date(2020, 1, 1)

#: Roles of the table whose account the directory has already.
KNOWN = {
    "referrer": "per.holm",
    "lead": "lena.ask",
    "representative": "sara.lindqvist",
    "member": "tomas.bly",
    "manager": "eva.lund",
    "owner": "jonas.wik",
    "administrator": "tove.lilja",
    "auditor": "mats.ode",
}
#: The others: role of the account, organisation, unit, local group.
ADDED = {
    "deputy": ("representative", "varnamo", "eko", "varnamo"),
    "colleague": ("caseworker", "varnamo", "eko", None),
    "other unit": ("caseworker", "varnamo", "vuxen", None),
    "neighbour": ("representative", "varnamo", "eko", "gislaved"),
    "outsider": ("caseworker", "utanfor", None, None),
    "convener": ("convener", "varnamo", "ame", "varnamo"),
    "coordinator": ("federation", "finnveden", None, None),
    "approver": ("preparation_group", "finnveden", None, None),
}
"""A neighbour sits for the party's unit in another local group."""


def settle(app: Application) -> dict[str, int]:
    """Add who is missing; each role's account."""
    with app.database.transaction() as tx:
        organisations.add_organisation(tx, "utanfor", "Utanför kommun", "social_services")
        found = {role: _known(tx, name) for role, name in KNOWN.items()}
        found |= {role: _added(tx, role) for role in ADDED}
        for account_id in found.values():
            accounts.set_language(tx, Cast(tx, app).actor(account_id), "en")
        return found


def _known(tx: Session, user_name: str) -> int:
    account = account_store.by_user_name(tx, user_name)
    assert account is not None, user_name
    return account.id


def _added(tx: Session, role: str) -> int:
    held, code, unit, group = ADDED[role]
    organisation = store.organisation(tx, code)
    name = role.replace(" ", ".")
    account = accounts.add_account(tx, name, f"Rut {role.title()}", language="en")
    accounts.appoint(
        tx,
        account.id,
        organisation.id,
        held,
        valid_from=_LONG_AGO,
        unit_id=store.unit(tx, organisation.id, unit).id if unit else None,
        group_id=store.group(tx, group).id if group else None,
    )
    return account.id
