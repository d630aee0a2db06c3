"""Put a token elsewhere, change what a process knows: for those who must help a case on."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import Invalid, NotFound
from engine import store
from engine.host import Host
from engine.model import Outcome
from engine.moving import MoveBlocked
from engine.runtime import stepping
from engine.runtime.delivery import deliver
from engine.runtime.surroundings import prepare
from engine.spiff import BadValue, Machine, clean
from engine.tables import History
from feel.values import YearsMonthsDuration

_NAME = re.compile(r"[^\W\d]\w{0,99}")
_CODE = re.compile(r"[\w.:@/+-]{0,100}")
_OWN = {"case_ref"}
_KINDS: tuple[type | tuple[type, ...], ...] = (
    bool,
    (int, Decimal),
    str,
    datetime,
    date,
    time,
    (timedelta, YearsMonthsDuration),
    Mapping,
    list,
)


class NotAVariable(Invalid):
    """A process knows codes, numbers, dates and times under plain names, of one kind each."""


def move_token(
    tx: Session, host: Host, instance_id: UUID, token_id: UUID, to: str, *, by: str
) -> Outcome:
    """Cancel a step, or what else a token stands on, and put the token on another element.

    ``token_id`` is the step's id or that of a wait; what runs inside it goes, what it knew stays.
    The caller has locked the case. Raises MoveBlocked for what makes no sense or would never
    end, NotWaiting if there is no such token, NotFound, Suspended, InstanceEnded, StepFailed.
    """
    resting = store.lock_instance(tx, instance_id)
    if resting is None:
        raise NotFound
    prepared = prepare(tx, resting.release_id)

    def put(machine: Machine) -> None:
        refused = machine.put(token_id, to, prepared.library)
        if refused:
            raise MoveBlocked(tuple(refused))

    stepped = stepping.step(tx, host, resting, by, put)
    return deliver(tx, host, stepped, resting.case_id, by)


def set_variables(
    tx: Session, host: Host, instance_id: UUID, variables: Mapping[str, Any], *, by: str
) -> None:
    """Change routing data of an instance; history keeps the names, never the values.

    A value keeps the kind that it had. The caller has locked the case. Raises NotAVariable,
    TooMuch, NotFound, InstanceEnded.
    """
    resting = store.lock_instance(tx, instance_id)
    if resting is None:
        raise NotFound
    stepping.require_unended(resting.status)
    context, machine = stepping.read(tx, host, resting, by)
    _require_variables(variables, machine.variables)
    machine.set_variables(variables)
    blob = context.sealed(machine)
    store.save_instance(tx, instance_id, {"rev": resting.rev + 1}, blob)
    row = {
        "instance_id": instance_id,
        "case_id": resting.case_id,
        "process": resting.process,
        "element_id": "",
        "event": "variables",
        "by": by,
        "at": clock.now(tx),
        "token_id": instance_id,
        "detail": ", ".join(sorted(variables)),
    }
    store.insert_rows(tx, History, [row])


def _require_variables(variables: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for name, given in variables.items():
        if not _NAME.fullmatch(name) or name in _OWN:
            raise NotAVariable
        before, value = known.get(name), _cleaned(given)
        if None not in (before, value) and _kind(before) != _kind(value):
            raise NotAVariable
        if not _is_data(value):
            raise NotAVariable


def _cleaned(value: Any) -> Any:
    """Raises NotAVariable."""
    try:
        return clean(value)
    except BadValue as error:
        raise NotAVariable from error


def _kind(value: Any) -> int:
    """Which kind of value it is; -1 for what cannot be one."""
    found = (n for n, kind in enumerate(_KINDS) if isinstance(value, kind))
    return next(found, -1)


def _is_data(value: Any) -> bool:
    """Whether all text in it are codes; sentences are no routing data."""
    match value:
        case str():
            return _CODE.fullmatch(value) is not None
        case Mapping():
            return all(_is_data(each) for pair in value.items() for each in pair)
        case list():
            return all(_is_data(each) for each in value)
    return True
