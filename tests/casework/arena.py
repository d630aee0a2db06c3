"""People of the arena, and what they have begun."""

from datetime import date
from uuid import UUID, uuid4

from base.db import Session
from casework import start
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.organisations import store as organisations


def actor(tx: Session, user_name: str) -> Actor:
    """Somebody of the directory."""
    account = account_store.by_user_name(tx, user_name)
    assert account is not None, user_name
    return accounts.actor_of(tx, account)


def a_started_case(app: Application, user_name: str = "sara.lindqvist") -> UUID:
    """Raised by this person for their local group, by the action of the page."""
    with app.database.transaction() as tx:
        who = actor(tx, user_name)
        group = next(m.group_id for m in who.memberships if m.group_id is not None)
        assert organisations.group_by_id(tx, group)
        case_id, _ = start.start_case(tx, app, who, group_id=group, key=uuid4().hex)
    return case_id


def a_colleague(app: Application, user_name: str, name: str) -> int:
    """Somebody new who holds what this person holds."""
    with app.database.transaction() as tx:
        model = actor(tx, user_name)
        account = accounts.add_account(tx, name.lower().replace(" ", "."), name, language="sv")
        for held in model.memberships:
            accounts.appoint(
                tx,
                account.id,
                held.organisation_id,
                held.role,
                valid_from=date(2026, 1, 1),
                unit_id=held.unit_id,
                group_id=held.group_id,
            )
        return account.id
