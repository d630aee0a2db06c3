"""Messages: to one waiting instance of the case, or to a new one, or kept to be looked at."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from engine import store
from engine.errors import Runaway
from engine.host import Host
from engine.model import InstanceStatus, Outcome
from engine.reasons import reason
from engine.runtime import stepping
from engine.runtime.starting import begin_by_message
from engine.runtime.stepping import Stepped
from engine.spiff import clean
from engine.spiff.values import pack

_MOST_MESSAGES = 50


def send(
    tx: Session,
    host: Host,
    *,
    name: str,
    case_id: UUID,
    key: str,
    variables: Mapping[str, Any],
    by: str,
) -> Stepped | None:
    """Deliver one message: to whoever waits, else to what it sets off; None if it was kept."""
    found = store.first_listener(tx, name, key, case_id)
    locked = store.lock_wait(tx, found[0]) if found is not None else None
    if locked is None or locked[1].status != InstanceStatus.RUNNING:
        begun = None
        if locked is None and key == str(case_id):
            begun = begin_by_message(tx, host, name, case_id=case_id, variables=variables, by=by)
        if begun is None:
            _keep(tx, host, name, case_id, key, variables, by)
        return begun
    wait, resting = locked
    return stepping.step(
        tx, host, resting, by, lambda machine: machine.catch(wait.token_id, variables)
    )


def deliver(tx: Session, host: Host, stepped: Stepped, case_id: UUID, by: str) -> Outcome:
    """Deliver what a step has thrown, and what that throws in turn.

    Raises Runaway if instances never stop writing to each other.
    """
    outcome = stepped.outcome
    waiting = deque(stepped.messages)
    count = 0
    while waiting:
        thrown = waiting.popleft()
        count += 1
        if count > _MOST_MESSAGES:
            raise Runaway(thrown.element, reason("too_many_messages", most=_MOST_MESSAGES))
        answer = send(
            tx,
            host,
            name=thrown.name,
            case_id=case_id,
            key=str(case_id),
            variables=thrown.variables,
            by=by,
        )
        if answer is not None:
            waiting.extend(answer.messages)
            outcome = _joined(outcome, answer.outcome)
    return outcome


def _joined(first: Outcome, second: Outcome) -> Outcome:
    """The outcome of a command with what its messages led to."""
    gone = {*first.withdrawn, *second.withdrawn}
    opened = [id for id in (*first.opened, *second.opened) if id not in gone]
    own = first.instance_id == second.instance_id
    return replace(
        first,
        opened=tuple(opened),
        withdrawn=tuple(dict.fromkeys((*first.withdrawn, *second.withdrawn))),
        ended=second.ended if own else first.ended,
        end_event=second.end_event if own else first.end_event,
    )


def _keep(
    tx: Session,
    host: Host,
    name: str,
    case_id: UUID,
    key: str,
    variables: Mapping[str, Any],
    by: str,
) -> None:
    row = {
        "case_id": case_id,
        "name": name,
        "key": key,
        "by": by,
        "at": clock.now(tx),
        "variables": host.seal(tx, case_id, pack(clean(variables)), f"undelivered/{name}"),
    }
    store.keep_undelivered(tx, row)
