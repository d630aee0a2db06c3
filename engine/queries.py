"""Statements of one step, written once: on tables and with parameters, so that nothing is built
and compiled anew for each step. A statement on mapped classes costs about ten times as much.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    Insert,
    Integer,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Table, core
from engine.model import InstanceStatus, TaskStatus
from engine.tables import Command, Incident, Instance, InstanceState, Task, Token, Wait

#: The parameter that names the row; columns are named after themselves.
OF = "of"
_of: Any = bindparam(OF)


_instance, _state, _task = core(Instance), core(InstanceState), core(Task)
_token, _wait, _command = core(Token), core(Wait), core(Command)

# Whoever waits for a lock on PostgreSQL sees the newest version of the locked rows alone: all
# rows that a command goes by are locked, or it would step a state that is already history.
_RESTING = (
    Instance.id,
    Instance.release_id,
    Instance.process,
    Instance.case_id,
    Instance.status,
    Instance.rev,
    InstanceState.blob,
    exists().where(Incident.instance_id == Instance.id, Incident.solved.is_(None)),
)


READ_INSTANCE = (
    select(*_RESTING)
    .join(InstanceState, InstanceState.instance_id == Instance.id)
    .where(Instance.id == _of)
)
LOCK_INSTANCE = READ_INSTANCE.with_for_update(of=(Instance, InstanceState))
READ_TASK = (
    select(Task, *_RESTING)
    .join(Instance, Instance.id == Task.instance_id)
    .join(InstanceState, InstanceState.instance_id == Instance.id)
    .where(Task.id == _of)
    .execution_options(populate_existing=True)
)
LOCK_TASK = READ_TASK.with_for_update(of=(Instance, InstanceState, Task))
LOCK_WAIT = (
    select(Wait, *_RESTING)
    .join(Instance, Instance.id == Wait.instance_id)
    .join(InstanceState, InstanceState.instance_id == Instance.id)
    .where(Wait.id == _of)
    .with_for_update(of=(Instance, InstanceState, Wait))
    .execution_options(populate_existing=True)
)
FIRST_LISTENER = (
    select(Wait.id, Wait.instance_id)
    .join(Instance, Instance.id == Wait.instance_id)
    .where(
        Instance.status == InstanceStatus.RUNNING.value,
        Wait.kind == "message",
        Wait.name == bindparam("name"),
        Wait.key == bindparam("key"),
        Wait.case_id == bindparam("case_id"),
    )
    .order_by(Wait.id)
    .limit(1)
)
DUE_WAITS = (
    select(_wait.c.id, _wait.c.instance_id, _wait.c.case_id, _wait.c.due)
    .join(_instance, _instance.c.id == _wait.c.instance_id)
    .where(
        _wait.c.due <= bindparam("now"),
        _wait.c.held.is_(False),
        _instance.c.status == InstanceStatus.RUNNING.value,
    )
    .order_by(_wait.c.due, _wait.c.id)
    .limit(bindparam("most", type_=Integer))
)

SAVE_INSTANCE = update(_instance).where(
    _instance.c.id == _of, _instance.c.rev == bindparam("before")
)
SAVE_STATE = update(_state).where(_state.c.instance_id == _of)
SET_OPEN_TASK = update(_task).where(_task.c.id == _of, _task.c.status == TaskStatus.OPEN.value)
REMOVE_TOKEN = delete(_token).where(
    _token.c.instance_id == _of,
    _token.c.process == bindparam("process"),
    _token.c.element_id == bindparam("element_id"),
)
REMOVE_WAIT = delete(_wait).where(_wait.c.token_id == _of)

#: What makes a command the same as an earlier one.
SAME = ("account_id", "command", "target", "key")
_SAME = [_command.c[name] == bindparam(f"same_{name}") for name in SAME]
EARLIER_COMMAND = select(Command).where(
    *(getattr(Command, name) == bindparam(name) for name in SAME)
)
ANSWER_COMMAND = update(_command).where(*_SAME)


@cache
def enter_command(dialect: str) -> Any:
    """Insert a command unless there is one like it; its id if it was inserted."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    entered = make(_command).on_conflict_do_nothing(index_elements=SAME)
    return entered.returning(_command.c.id)


@cache
def insert_into(mapped: type[Table]) -> Insert:
    """Insert rows whose ids nobody asks for."""
    return insert(core(mapped)).inline()
