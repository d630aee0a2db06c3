"""Tables of the engine: releases, running instances and what they wait for."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Ref, Table

_OPEN = text("status = 'open'")


class ReleaseRow(Table):
    """An immutable version of a pack; the one with the highest number is active."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("pack_id", "number"),)

    id: Mapped[Id] = mapped_column(init=False)
    pack_id: Mapped[str]
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(comment="SHA-256 over paths and contents")
    source: Mapped[str] = mapped_column(comment="owner or disk")
    created: Mapped[Moment]
    by: Mapped[str] = mapped_column(comment="pseudonym of the account")
    reference: Mapped[str] = mapped_column(default="", comment="of the decision behind it")
    approved_by: Mapped[str | None] = mapped_column(default=None, comment="pseudonym")
    reason: Mapped[str] = mapped_column(default="", server_default="", comment="for the minutes")


class ReleaseFile(Table):
    """One file of a release; ``version`` rises only when this file changes."""

    __tablename__ = "release_file"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes]


class DraftRow(Table):
    """A file of a pack as an owner is changing it; without content it is to be removed."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("pack_id", "path"),)

    id: Mapped[Id] = mapped_column(init=False)
    pack_id: Mapped[str]
    path: Mapped[str]
    content: Mapped[bytes | None]
    rev: Mapped[int]
    by: Mapped[str] = mapped_column(comment="pseudonym of the account")
    changed: Mapped[Moment]
    release_id: Mapped[int | None] = mapped_column(comment="the release it started from")


class Imported(Table):
    """The digest of the folder that was last imported for a pack."""

    __tablename__ = "imported"

    pack_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    at: Mapped[Moment]


class Instance(Table):
    """One run of a process for a case."""

    __tablename__ = "instance"
    __table_args__ = (Index("ix_instance_release_process", "release_id", "process", "status"),)

    id: Mapped[Ref]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    process: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(index=True)
    status: Mapped[str]
    marking: Mapped[str] = mapped_column(comment="digest of where its tokens stand")
    rev: Mapped[int]
    started: Mapped[Moment]
    ended: Mapped[Moment | None] = mapped_column(default=None)
    end_event: Mapped[str | None] = mapped_column(default=None)


class InstanceState(Table):
    """The tokens and variables of an instance, sealed with the key of its case."""

    __tablename__ = "instance_state"

    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    blob: Mapped[bytes] = mapped_column(comment="personal data, sealed")


class Token(Table):
    """How many tokens of an instance stand on an element, for the overview."""

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_process_element_id", "process", "element_id"),)

    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    process: Mapped[str] = mapped_column(primary_key=True)
    element_id: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[Moment]


class Task(Table):
    """A step for a person; closed ones stay as the record of who did what when."""

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ix_task_open_address",
            "organisation_id",
            "role",
            "due",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_task_open_due",
            "due",
            "created",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_task_open_group", "group_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_task_open_assignee", "assignee_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Ref]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    process: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str]
    role: Mapped[str]
    organisation_id: Mapped[int | None]
    scope: Mapped[dict[str, Any]] = mapped_column(comment="codes of organisation, unit; item")
    status: Mapped[str]
    created: Mapped[Moment]
    form: Mapped[str | None] = mapped_column(default=None)
    unit_id: Mapped[int | None] = mapped_column(default=None)
    group_id: Mapped[int | None] = mapped_column(default=None)
    assignee_id: Mapped[int | None] = mapped_column(default=None)
    due: Mapped[Moment | None] = mapped_column(default=None)
    follow_up: Mapped[Moment | None] = mapped_column(default=None)
    priority: Mapped[int] = mapped_column(default=50)
    purpose: Mapped[str | None] = mapped_column(default=None, comment="of the consent it needs")
    categories: Mapped[list[Any]] = mapped_column(default_factory=list)
    done_by: Mapped[str | None] = mapped_column(default=None, comment="pseudonym")
    done_at: Mapped[Moment | None] = mapped_column(default=None)


class Wait(Table):
    """A token that waits for a moment, message, signal or service; deleted when that has come."""

    __tablename__ = "wait"
    __table_args__ = (
        Index("ix_wait_due", "due"),
        Index("ix_wait_kind_name_key", "kind", "name", "key"),
    )

    id: Mapped[Id] = mapped_column(init=False)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    token_id: Mapped[UUID] = mapped_column(index=True)
    process: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="timer, message, signal or service")
    name: Mapped[str]
    key: Mapped[str | None] = mapped_column(comment="what a message must name")
    due: Mapped[Moment | None]
    held: Mapped[bool] = mapped_column(default=False, comment="it failed; an incident says why")


class History(Table):
    """What happened in an instance, in order; never changed."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_instance_id_id", "instance_id", "id"),)

    id: Mapped[Id] = mapped_column(init=False)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"))
    case_id: Mapped[UUID] = mapped_column(index=True)
    process: Mapped[str]
    element_id: Mapped[str]
    event: Mapped[str]
    by: Mapped[str] = mapped_column(comment="pseudonym of the account, or clock")
    at: Mapped[Moment]
    token_id: Mapped[UUID]
    detail: Mapped[str] = mapped_column(default="", comment="names and codes, never values")


class Moved(Table):
    """What an instance was before it was moved to another release; void once it has stepped."""

    __tablename__ = "moved"

    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    rev: Mapped[int] = mapped_column(comment="of the instance right after the move")
    blob: Mapped[bytes] = mapped_column(comment="personal data, sealed")


class MoveBatch(Table):
    """Instances of one process that are moved, or moved back, one after the other."""

    __tablename__ = "move_batch"
    __table_args__ = (Index("ix_move_batch_status", "status"),)

    id: Mapped[Id] = mapped_column(init=False)
    process: Mapped[str]
    from_release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    to_release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    renames: Mapped[list[Any]] = mapped_column(comment="process, old id and new id of each")
    reverts: Mapped[bool] = mapped_column(comment="it takes moves back")
    status: Mapped[str] = mapped_column(comment="running, stopped or done")
    by: Mapped[str] = mapped_column(comment="pseudonym of the account")
    created: Mapped[Moment]


class MoveItem(Table):
    """One instance of a batch, and what became of it."""

    __tablename__ = "move_item"
    __table_args__ = (Index("ix_move_item_batch_id_status", "batch_id", "status"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("move_batch.id"), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    case_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(comment="todo, done, blocked or failed")
    reasons: Mapped[list[Any]] = mapped_column(
        default_factory=list, comment="process, element, code and facts of the diagram"
    )
    at: Mapped[Moment | None] = mapped_column(default=None)


class Command(Table):
    """The answer to a command that must not be done twice."""

    __tablename__ = "command"
    __table_args__ = (
        UniqueConstraint("account_id", "command", "target", "key"),
        Index("ix_command_at", "at"),
    )

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int]
    command: Mapped[str]
    target: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]
    at: Mapped[Moment]
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)


class Incident(Table):
    """A step that failed where no person could be told; somebody must look at it."""

    __tablename__ = "incident"

    id: Mapped[Id] = mapped_column(init=False)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("instance.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    process: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="timer, signal, service, unaddressed or stuck")
    why: Mapped[str] = mapped_column(comment="for the process owner; no values")
    at: Mapped[Moment]
    token_id: Mapped[UUID | None]
    wait_id: Mapped[int | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=1)
    solved: Mapped[Moment | None] = mapped_column(default=None)


class ServiceAnswer(Table):
    """A remote service's answer that could not be taken yet: the case rests, or a step failed."""

    __tablename__ = "service_answer"

    token_id: Mapped[Ref]
    case_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[Moment]
    answer: Mapped[bytes] = mapped_column(comment="sealed with the key of the case")


class Undelivered(Table):
    """A message that nobody waited for; kept so that somebody can look at it."""

    __tablename__ = "undelivered"

    id: Mapped[Id] = mapped_column(init=False)
    case_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    key: Mapped[str]
    by: Mapped[str] = mapped_column(comment="pseudonym of the account")
    at: Mapped[Moment]
    variables: Mapped[bytes] = mapped_column(comment="sealed with the key of the case")
