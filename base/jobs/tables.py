"""Tables of background work."""

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Job(Table):
    """Something to be done after a transaction; deleted when done, kept when it keeps failing.

    On PostgreSQL only what was given up lies here; what is to be done lies with Procrastinate.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "due"),)

    id: Mapped[Id] = mapped_column(init=False)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(comment="ids and codes only")
    due: Mapped[Moment]
    created: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    most: Mapped[int] = mapped_column(
        default=8, server_default="8", comment="attempts after which it is given up"
    )
    last_error: Mapped[str | None] = mapped_column(default=None, comment="name of the error type")


class Chore(Table):
    """Work that is done once a day, and the day on which it was done last."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
