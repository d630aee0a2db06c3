"""Time that passes for whoever waits."""

from datetime import timedelta

from sqlalchemy import text

from base.clock import Fixed
from base.db import Database


def later(database: Database, clock: Fixed, by: timedelta) -> None:
    """Let time pass for jobs that wait; Procrastinate goes by the server's clock."""
    clock.move(by)
    if database.on_postgresql:
        with database.transaction() as tx:
            tx.execute(
                text("update procrastinate_jobs set scheduled_at = scheduled_at - :by"),
                {"by": by},
            )
