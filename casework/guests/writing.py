"""A guest writes their part of the item. Source: domain.md S3, U3, §5 (a guest's own part)."""

from base import clock
from base.db import Session
from casework import casefacts
from casework.access import Holder
from casework.application import Application
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.guests import actions, asking, rules, store
from casework.guests.actions import NoSuchGuest
from casework.guests.asking import Filled
from casework.sending import type_sent


def contribute(
    tx: Session, app: Application, token: str, sent: type_sent, language: str
) -> Filled | None:
    """Keep it in the case file as the entry of the organisation that the guest comes for.

    None when kept; what was typed if it is not right: the caller rolls back. Sent twice it is kept
    once. Raises NoSuchGuest, EnoughWritten.
    """
    found = actions.with_session(tx, token)
    case_store.lock_case(tx, found.case_id)
    guest = store.locked(tx, found.id)
    if guest is None:
        raise NoSuchGuest
    invitation, facts, _, _ = actions.require(tx, app, guest)
    form = asking.form_for(tx, app, invitation, facts)
    if form is None or guest.organisation_id is None:
        raise NoSuchGuest
    checked = asking.checked(tx, app, form, sent, language)
    if checked.errors:
        return asking.filled(form, sent, checked.errors)
    parts = casefacts.by_category(form, checked.values)
    today = clock.today(tx, app.zone)
    kinds = {kind for part in parts for kind in part.split(",") if kind}
    if not all(rules.may_write(invitation, facts, today, kind) for kind in kinds):
        raise NoSuchGuest
    own = Holder(guest.organisation_id)
    earlier = cases.entries_for(tx, facts.case_id, lambda author, *_: author == own.party)
    if any(entry.form == form.id and entry.answers == checked.values for entry in earlier):
        return None
    if guest.written >= rules.MOST_WRITTEN:
        raise rules.EnoughWritten
    guest.written += 1
    cases.add_entry(tx, facts.case_id, parts, form=form.id, author=own, purpose=rules.PURPOSE)
    actions.note(tx, guest, "guest.write")
    return None
