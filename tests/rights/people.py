"""Who asks: one account for each role, beside the people of the arena's directory."""

from collections.abc import Mapping
from datetime import date

from base import clock
from base.db import Session
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.cast import Cast
from casework.organisations import actions as organisations
from casework.organisations import store
from casework.programmes import actions as programmes

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
#: Who does casework, and whether tied to one local group by a seat.
WORK = {
    **dict.fromkeys(("referrer", "lead", "representative"), "in a group"),
    **dict.fromkeys(("deputy", "neighbour", "member"), "in a group"),
    **dict.fromkeys(("colleague", "other unit", "outsider"), "in no group"),
}


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


def twins(tx: Session, app: Application, known: Mapping[str, int]) -> dict[str, int]:
    """For each of these somebody with the same roles in another programme.

    But for the auditor, who audits the installation.
    """
    programme = programmes.add_programme(tx, "annan", "Annan", pack_id="arena")
    organisation = organisations.add_organisation(tx, "annan", "Annan kommun", "social_services")
    programmes.join(tx, programme.id, organisation.id)
    group = organisations.add_group(tx, "annan", "Annan", "ANN", programme_id=programme.id)
    today = clock.today(tx, app.zone)
    found = {}
    for role, account_id in known.items():
        if role == "auditor":
            continue
        name = f"annan.{role.replace(' ', '.')}"
        found[role] = accounts.add_account(tx, name, f"Siv {role.title()}", language="en").id
        for held in account_store.memberships(tx, account_id, today):
            accounts.appoint(
                tx,
                found[role],
                organisation.id,
                held.role,
                valid_from=_LONG_AGO,
                group_id=group.id if held.group_id else None,
            )
    return found
