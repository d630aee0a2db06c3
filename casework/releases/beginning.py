"""Drafts that a second person has agreed to come into use on their day."""

from base import clock
from base.db import Session
from base.errors import SamplanError
from casework.application import Application
from casework.audit import actions as audit
from casework.releases import drawn, store
from casework.releases.proposing import publish, require_fit
from casework.releases.tables import ProposalRow
from engine import releases


def begin_agreed(app: Application) -> int:
    """Bring into use what was agreed to for today or earlier; how many."""
    with app.database.reading() as tx:
        today = clock.today(tx, app.zone)
        due = [row.pack_id for row in store.agreed(tx, today)]
    for pack_id in due:
        with app.database.transaction() as tx:
            store.lock_pack(tx, pack_id)
            for row in store.agreed(tx, today):
                if row.pack_id == pack_id:
                    _begin(tx, row)
    return len(due)


def _begin(tx: Session, agreed: ProposalRow) -> None:
    """What does not fit what is in use any more is put forward anew; the draft stays."""
    used = drawn.in_use(tx, agreed.pack_id)
    files = releases.draft_files(tx, agreed.pack_id)
    try:
        require_fit(used, files, agreed.digest)
    except SamplanError:
        store.remove_proposal(tx, agreed.pack_id)
        target = f"pack:{agreed.pack_id}"
        audit.write(tx, actor="clock", action="routine.lapse", target=target)
        return
    second = agreed.agreed_by_account_id
    alone = second == agreed.by_account_id
    publish(tx, agreed, files, None, approved_by=None if alone else f"account:{second}")
