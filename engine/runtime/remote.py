"""Remote services: asked for with the step, carried out after the commit, answered by a command.

A service task that waits is the request itself: where its token is gone, nobody asks any more.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from engine import store as engine_store
from engine.host import Host
from engine.model import Answer, InstanceStatus, Outcome, Request
from engine.runtime import stepping, store
from engine.runtime.asking import ask
from engine.runtime.delivery import deliver
from engine.runtime.surroundings import prepare
from engine.spiff import Machine, clean
from engine.spiff.values import pack, unpack
from engine.tables import History, Wait

_BY = "service"


def request(tx: Session, host: Host, token_id: UUID) -> Request | None:
    """What a token asks a service for; None if it is gone, rests or waits for somebody to look.

    Takes no locks.
    """
    found = store.read_wait(tx, token_id)
    if found is None or found[0].held or found[1].status != InstanceStatus.RUNNING:
        return None
    wait, resting = found
    _context, machine = stepping.read(tx, host, resting, _BY)
    return Request(
        key=str(token_id),
        service=wait.name,
        case_id=resting.case_id,
        instance_id=resting.id,
        element=wait.element_id,
        inputs=machine.asked(token_id),
    )


def answer(
    tx: Session, host: Host, asked: Request, answer: Answer, *, by: str = _BY
) -> Outcome | None:
    """Go on with what the service answered; None if nobody waits for it any more, or not now.

    The caller has locked the case. An answer that comes too late is noted in the history; one
    that comes while the case rests is kept for `resume`. Raises StepFailed.
    """
    token_id = UUID(asked.key)
    waiting = store.wait_of(tx, token_id)
    locked = engine_store.lock_wait(tx, waiting.id) if waiting is not None else None
    if locked is None:
        _note_late(tx, asked)
        store.drop_answer(tx, token_id)
        return None
    wait, resting = locked
    if resting.status != InstanceStatus.RUNNING:
        keep_answer(tx, host, asked, answer)
        return None

    def go_on(machine: Machine) -> None:
        if answer.error is not None:
            machine.fail(wait.token_id, answer.error)
        else:
            machine.catch(wait.token_id, answer.result)

    stepped = stepping.step(tx, host, resting, by, go_on)
    store.drop_answer(tx, token_id)
    return deliver(tx, host, stepped, resting.case_id, by)


def keep_answer(tx: Session, host: Host, asked: Request, answer: Answer) -> None:
    """Keep an answer, so that the service is not asked again; the first one counts."""
    plain = pack(clean({"result": dict(answer.result), "error": answer.error}))
    row = {
        "token_id": UUID(asked.key),
        "case_id": asked.case_id,
        "at": clock.now(tx),
        "answer": host.seal(tx, asked.case_id, plain, _place(asked.key)),
    }
    store.keep_answer(tx, row)


def kept_answer(tx: Session, host: Host, asked: Request) -> Answer | None:
    """An earlier answer that could not be taken then."""
    row = store.answer_of(tx, UUID(asked.key))
    if row is None:
        return None
    found: dict[str, Any] = unpack(host.unseal(tx, row.case_id, row.answer, _place(asked.key)))
    return Answer(found["result"], found["error"])


def purge_answers(tx: Session) -> int:
    """Forget kept answers that nobody waits for any more; how many there were."""
    return store.purge_answers(tx)


def ask_again(tx: Session, instance_ids: Collection[UUID]) -> None:
    """Ask anew for everything that these instances wait for, whether it was asked or not."""
    for wait in store.waits_of(tx, instance_ids):
        ask_for(tx, wait)


def ask_for(tx: Session, wait: Wait) -> None:
    """Ask anew for what one token waits for."""
    instance = engine_store.get_instance(tx, wait.instance_id)
    if instance is not None:
        diagram = prepare(tx, instance.release_id).pack.diagrams[wait.process]
        ask(tx, wait.token_id, diagram.elements[wait.element_id])


def _note_late(tx: Session, asked: Request) -> None:
    row = {
        "instance_id": asked.instance_id,
        "case_id": asked.case_id,
        "process": "",
        "element_id": asked.element,
        "event": "late",
        "by": _BY,
        "at": clock.now(tx),
        "token_id": UUID(asked.key),
        "detail": asked.service,
    }
    engine_store.insert_rows(tx, History, [row])


def _place(key: str) -> str:
    return f"service/{key}"
