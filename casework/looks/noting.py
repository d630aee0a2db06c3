"""Note which cases stood in a list, and ask why somebody opens one without a step there."""

from collections.abc import Collection
from uuid import UUID

from base import clock
from base.db import Database, Session
from casework import access
from casework.access import Actor
from casework.application import Application
from casework.cases import store as case_store
from casework.looks import store

#: A meeting explains why its group opens a case, until so many days after it.
_AFTER_MEETING = 14


def note_listed(app: Application, actor: Actor, case_ids: Collection[UUID]) -> None:
    """Note that lines of these cases were shown, once a day each.

    Looks first: most lists have been seen before that day, and then nothing is written. Commits
    before the answer leaves.
    """
    if not case_ids:
        return
    database: Database = app.database
    with database.reading() as tx:
        today = clock.today(tx, app.zone)
        new = store.not_listed_yet(tx, actor.account_id, today, case_ids)
    if not new:
        return
    with database.transaction() as tx:
        store.add_listed(
            tx,
            [
                {
                    "case_id": case_id,
                    "day": today,
                    "account_id": actor.account_id,
                    "organisation_id": actor.organisation_id,
                }
                for case_id in sorted(new)
            ],
        )


def why(
    tx: Session, app: Application, actor: Actor, case_id: UUID, *, has_step: bool
) -> str | None:
    """Why the actor opens this case: a step, an order, the lead, a meeting, what they said today.

    None: nothing explains it; ask them. The gate has been asked.
    """
    if has_step:
        return "task"
    facts = case_store.facts(tx, case_id)
    order = access.ordered(actor, facts, on=clock.today(tx, app.zone))
    if order is not None:
        return f"order:{order.order_id}"
    if any(holder.account_id == actor.account_id for holder in facts.holders):
        return "lead"
    today = clock.today(tx, app.zone)
    groups = [m.group_id for m in actor.memberships if m.group_id is not None]
    if groups and store.on_agenda(tx, case_id, groups, since=today, days_after=_AFTER_MEETING):
        return "meeting"
    return store.reason(tx, case_id, actor.account_id, today)
