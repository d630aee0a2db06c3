"""Erase a case. Its key goes first, in the key store: from then on no copy can be read.

A crash in between leaves a case that nobody can read, and is gone on with.
"""

from uuid import UUID

from base import clock
from base.db import Database, Session
from base.keys import KeyRing
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import store as case_store
from casework.erasure import store
from casework.programmes import store as programmes


def destroy_key(database: Database, case_id: UUID) -> None:
    """Whatever is sealed with it cannot be read any more, here or in any backup."""
    ring: KeyRing = database.info["keys"]
    ring.destroy(case_id)


def remove(tx: Session, case_id: UUID, *, by: str, code: str) -> None:
    """Delete every row that tells of the case; one for counts stays, and its trace.

    ``code``: under which class it was disposed of, or why. The caller has destroyed the key.
    """
    if store.present(tx, [case_id]):
        case = case_store.lock_case(tx, case_id)
        store.count(tx, case, programmes.zone(tx), clock.now(tx))
    rows = store.remove(tx, case_id)
    audit.write(
        tx, actor=by, action="case.erase", case_id=case_id, code=code, detail={"rows": rows}
    )


def scrub(app: Application) -> None:
    """Have the files forget what was deleted."""
    app.database.scrub(store.emptied())
    app.keys_database.scrub(["case_key"])


def again(app: Application) -> int:
    """Erase cases that a restored copy has brought back without their keys; how many."""
    ring: KeyRing = app.database.info["keys"]
    erased = 0
    for batch in ring.destroyed():
        with app.database.reading() as tx:
            back = store.present(tx, batch)
        for case_id in back:
            with app.database.transaction() as tx:
                remove(tx, case_id, by="clock", code="restored")
            erased += 1
    if erased:
        scrub(app)
    return erased
