"""What a pack's table of deadlines says where no instance asks."""

from datetime import date

import feel
from base import clock
from base.db import Session
from engine import releases
from engine.runtime.surroundings import prepare

_SUM = feel.compile("day + length")


def day_after(tx: Session, pack_id: str, key: str, day: date) -> date | None:
    """The day that lies a deadline of the active release after this one.

    None where the table has no such length of time, or needs an instance's variables for it.
    """
    prepared = prepare(tx, releases.active(tx, pack_id).id)
    if prepared.deadlines is None:
        return None
    table = prepared.deadlines.of({}, now=clock.now(tx), calendar=prepared.pack.config.calendar)
    try:
        found = _SUM.evaluate({"day": day, "length": table.get(key)})
    except feel.FeelError:
        return None
    return found if isinstance(found, date) else None
