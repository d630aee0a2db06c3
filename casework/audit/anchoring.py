"""Tell the key store every few minutes where the chains of the audit stand.

Whoever can write to the case database can put back an older copy of it, signed heads and all.
What the key store remembers shows that.
"""

from datetime import timedelta

from base.db import Database
from base.keys import KeyRing
from casework.audit import store

_EVERY = timedelta(minutes=5)
#: Ids are given before rows are committed: look again at so many that were seen already.
_OVERLAP = 1_000


def anchor(database: Database) -> int:
    """Note where chains stand that have grown; how many. Does nothing within five minutes."""
    ring: KeyRing = database.info["keys"]
    before = ring.anchored()
    with database.reading() as tx:
        if before is not None and tx.info["now"] - before[1] < _EVERY:
            return 0
        last = store.last_id(tx)
        if last == (before[0] if before else 0):
            return 0
        heads = store.heads_since(tx, before[0] - _OVERLAP if before else 0)
    ring.anchor(heads, last)
    return len(heads)
