"""What a move would mean for all instances of a process, without moving any."""

from dataclasses import dataclass, replace
from uuid import UUID

from base.db import Session
from engine import releases
from engine.host import Host
from engine.model import InstanceStatus
from engine.moving import Crossing, Frame, Place, Plan, Renames, plan
from engine.packs import Pack
from engine.runtime.moving import store as moves
from engine.runtime.moving.migrating import between
from engine.runtime.stepping import Context, place_of
from engine.runtime.surroundings import Prepared, prepare
from engine.spiff import Machine

_SUSPENDED = InstanceStatus.SUSPENDED.value


@dataclass(frozen=True, slots=True)
class Group:
    """Instances that stand alike: where, what the move would mean for them, and which they are.

    ``resting`` of them are suspended; ``mark`` names the way they stand, the same at each look.
    """

    places: tuple[Place, ...]
    plan: Plan
    instances: tuple[UUID, ...]
    cases: tuple[UUID, ...]
    resting: int = 0
    mark: str = ""


def plan_migration(
    tx: Session,
    host: Host,
    *,
    release_id: int,
    process: str,
    to_release_id: int,
    renames: Renames | None = None,
) -> tuple[Group, ...]:
    """`foresee_migration` to a release. Raises OtherPack, NoRelease."""
    after = releases.load(tx, to_release_id)
    return foresee_migration(
        tx, host, release_id=release_id, process=process, after=after, renames=renames
    )


def foresee_migration(
    tx: Session,
    host: Host,
    *,
    release_id: int,
    process: str,
    after: Pack,
    renames: Renames | None = None,
) -> tuple[Group, ...]:
    """What moving each instance of a process would mean, largest groups first; takes no locks.

    ``after`` need not be published. One state is read for each marking. Raises OtherPack,
    NoRelease.
    """
    old = prepare(tx, release_id)
    crossing = between(old.pack, after, renames or {})
    found: dict[Frame, Group] = {}
    alike = list(_by_marking(tx, release_id, process).values())
    states = moves.states(tx, [rows[0][0] for rows in alike])
    for rows in alike:
        instance_id, case_id, _ = rows[0]
        frame = _frame(tx, host, old, process, instance_id, case_id, states[instance_id])
        found[frame] = _group(crossing, frame, rows, found.get(frame))
    return tuple(sorted(found.values(), key=lambda group: -len(group.instances)))


_Rows = list[tuple[UUID, UUID, str]]


def _by_marking(tx: Session, release_id: int, process: str) -> dict[str, _Rows]:
    alike: dict[str, _Rows] = {}
    for marking, instance_id, case_id, status in moves.standing(tx, release_id, process):
        alike.setdefault(marking, []).append((instance_id, case_id, status))
    return alike


def _frame(
    tx: Session,
    host: Host,
    old: Prepared,
    process: str,
    instance_id: UUID,
    case_id: UUID,
    blob: bytes,
) -> Frame:
    context = Context.of(tx, host, old, instance_id, case_id, "")
    state = host.unseal(tx, case_id, blob, place_of(instance_id))
    return Machine.decode(old.library, process, state, context.outside).standing


def _group(crossing: Crossing, frame: Frame, rows: _Rows, earlier: Group | None) -> Group:
    group = earlier or Group(
        tuple(sorted(frame.places)), plan(crossing, frame), (), (), mark=frame.signature
    )
    return replace(
        group,
        instances=(*group.instances, *(row[0] for row in rows)),
        cases=tuple(dict.fromkeys((*group.cases, *(row[1] for row in rows)))),
        resting=group.resting + sum(row[2] == _SUSPENDED for row in rows),
    )
