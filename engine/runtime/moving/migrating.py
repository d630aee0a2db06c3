"""Move one instance to another release of its pack, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotFound
from engine import store
from engine.errors import NotMoved, OtherPack
from engine.host import Host
from engine.model import InstanceStatus, Outcome, TaskKind
from engine.moving import Blocked, Crossing, MoveBlocked, Plan, Renames, crossing_of, plan
from engine.packs import Pack
from engine.runtime import stepping
from engine.runtime.addressing import listed
from engine.runtime.delivery import deliver
from engine.runtime.moving import store as moves
from engine.runtime.stepping import Context, Rest, Stepped
from engine.runtime.surroundings import prepare
from engine.spiff import Machine
from engine.store import Resting
from engine.tables import History


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a move led to, and what it meant."""

    outcome: Outcome
    plan: Plan


def migrate(
    tx: Session,
    host: Host,
    instance_id: UUID,
    *,
    release_id: int,
    by: str,
    renames: Renames | None = None,
) -> Migrated:
    """Move an instance to another release of its pack; one that is there already stays.

    Steps keep their ids, and with them drafts, claims, deadlines and addresses; waits keep their
    moments. ``renames`` gives new ids by process and old id. A resting instance goes on resting.
    The caller has locked the case. Raises MoveBlocked, OtherPack, NotFound, InstanceEnded,
    StepFailed.
    """
    resting = store.lock_instance(tx, instance_id)
    if resting is None:
        raise NotFound
    stepping.require_unended(resting.status)
    if resting.release_id == release_id:
        return Migrated(Outcome(instance_id), Plan())
    old, machine = stepping.read(tx, host, resting, by)
    prepared = prepare(tx, release_id)
    crossing = between(old.prepared.pack, prepared.pack, renames or {})
    found = plan(crossing, machine.standing)
    _require(found, resting.status)
    before = Rest.of(machine)
    context = Context.of(tx, host, prepared, resting.id, resting.case_id, by)
    with stepping.alone(tx, resting.id):
        machine = machine.move(
            crossing, prepared.library, context.outside, go_on=bool(found.fires)
        )
    _keep(tx, resting, goes_on=bool(found.fires))
    detail = f"{resting.release_id} > {release_id}"
    stepped = _write(context, machine, resting, before, "migrated", detail)
    host.moved(
        tx,
        resting.case_id,
        resting.process,
        before=resting.release_id,
        after=release_id,
        by=by,
    )
    return Migrated(deliver(tx, host, stepped, resting.case_id, by), found)


def revert_migration(tx: Session, host: Host, instance_id: UUID, *, by: str) -> Outcome:
    """Put back what was before the last move, until the next step of the instance.

    The caller has locked the case. Raises NotMoved, NotFound, InstanceEnded.
    """
    resting = store.lock_instance(tx, instance_id)
    if resting is None:
        raise NotFound
    stepping.require_unended(resting.status)
    kept = moves.get_moved(tx, instance_id)
    if kept is None or kept.rev != resting.rev:
        raise NotMoved
    _now, machine = stepping.read(tx, host, resting, by)
    earlier = replace(resting, release_id=kept.release_id, blob=kept.blob)
    context, machine_then = stepping.read(tx, host, earlier, by)
    moves.forget_moved(tx, instance_id)
    detail = f"{resting.release_id} > {kept.release_id}"
    stepped = _write(
        context, machine_then, resting, Rest.of(machine), "migration_reverted", detail
    )
    host.moved(
        tx,
        resting.case_id,
        resting.process,
        before=resting.release_id,
        after=kept.release_id,
        by=by,
    )
    return stepped.outcome


def between(before: Pack, after: Pack, renames: Renames) -> Crossing:
    """Raises OtherPack."""
    if before.id != after.id:
        raise OtherPack
    return crossing_of(
        (before.digest, before.diagrams),
        (after.digest, after.diagrams),
        renames,
    )


def _require(found: Plan, status: str) -> None:
    """Raises MoveBlocked."""
    if found.blocked:
        raise MoveBlocked(found.blocked)
    if found.fires and status == InstanceStatus.SUSPENDED:
        raise MoveBlocked(tuple(Blocked(p, id, "rests", (("name", id),)) for p, id in found.fires))


def _keep(tx: Session, resting: Resting, *, goes_on: bool) -> None:
    """What was, sealed as it lay; nothing where the move itself is a step further."""
    if goes_on:
        moves.forget_moved(tx, resting.id)
        return
    row = {
        "instance_id": resting.id,
        "release_id": resting.release_id,
        "rev": resting.rev + 1,
        "blob": resting.blob,
    }
    moves.keep_moved(tx, row)


def _write(
    context: Context,
    machine: Machine,
    resting: Resting,
    before: Rest,
    event: str,
    detail: str,
) -> Stepped:
    tx, now = context.tx, clock.now(context.tx)
    blob = context.sealed(machine)
    standing = stepping.standing_of(machine, now)
    if not machine.ended:
        standing["status"] = resting.status
    changes = {
        "rev": resting.rev + 1,
        "release_id": context.prepared.release_id,
        **standing,
    }
    store.save_instance(tx, resting.id, changes, blob)
    _place_tasks(context, machine)
    row = {
        "instance_id": resting.id,
        "case_id": resting.case_id,
        "process": resting.process,
        "element_id": "",
        "event": event,
        "by": context.by,
        "at": now,
        "token_id": resting.id,
        "detail": detail,
    }
    store.insert_rows(tx, History, [row])
    return stepping.write_rows(
        context, machine, resting.process, before, {}, troubled=resting.troubled
    )


def _place_tasks(context: Context, machine: Machine) -> None:
    """Open steps take form, purpose and categories of their element; nothing else changes."""
    alike: dict[tuple[str, str], list[UUID]] = {}
    values: dict[tuple[str, str], Mapping[str, Any]] = {}
    fresh = {step.id for step in machine.opened}
    for step in machine.open:
        if step.id in fresh:
            continue
        element, place = step.element, (step.process, step.element.id)
        alike.setdefault(place, []).append(step.id)
        kind = TaskKind.MANUAL if element.kind == "manual_task" else TaskKind.STEP
        values[place] = {
            "release_id": context.prepared.release_id,
            "process": step.process,
            "element_id": element.id,
            "kind": kind.value,
            "form": element.form,
            "purpose": element.properties.get("consent.purpose"),
            "categories": listed(element.properties.get("consent.categories", "")),
        }
    for place, ids in alike.items():
        moves.place_tasks(context.tx, ids, values[place])
