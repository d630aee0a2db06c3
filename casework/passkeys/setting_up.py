"""A passkey as the first second factor: of somebody who must have one and is half signed in."""

from typing import Any

from base.db import Session
from casework.accounts import actions as accounts
from casework.accounts import factors, half
from casework.accounts import store as account_store
from casework.accounts.actions import SignedIn
from casework.application import Application
from casework.passkeys import actions, asking, rules
from casework.passkeys.rules import PasskeyRefused


def ask(tx: Session, app: Application, token: str) -> dict[str, Any]:
    """What the browser is asked. Raises HalfOver where there is a factor, PasskeyRefused."""
    account_id = factors.without(tx, half.found(tx, token))
    challenge = asking.challenge(tx, token, asking.ADD)
    return actions.to_make(tx, app, account_id, challenge=challenge, there=[])


def set_up_and_enter(
    app: Application, token: str, *, name: str, text: str
) -> tuple[SignedIn, tuple[str, ...]]:
    """The browser has answered: whoever waited is signed in, with ten recovery codes.

    Opens a transaction of its own. Raises HalfOver, PasskeyNameless, PasskeyRefused.
    """
    with app.database.transaction() as tx:
        row = half.locked(tx, token)
        account = account_store.by_id(tx, factors.without(tx, row))
        name = rules.require_name(name)
        somebody = accounts.actor_of(tx, account)
        try:
            answer = asking.answered(tx, app, token, asking.ADD, text)
            codes = actions.keep(tx, app, somebody, name, answer)
            return factors.complete(tx, row), codes
        except PasskeyRefused as error:
            actions.note_refused(tx, somebody.pseudonym, error)
            refused = error
    raise refused
