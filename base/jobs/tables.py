"""Table of background work."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Job(Table):
    """Something to be done after a transaction; deleted when done, kept when it keeps failing."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "due"),)

    id: Mapped[Id] = mapped_column(init=False)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(comment="ids and codes only")
    due: Mapped[Moment]
    created: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(default=None, comment="name of the error type")
