"""Move running cases to the version in use: look first, move, take back. For process owners.

Nobody sees here which cases they are: counts that are too small are hidden, places are named as
the diagram names them.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from base.db import Session
from base.errors import Conflict, NotAllowed, NotFound
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.host import CaseHost
from casework.releases import rules, store
from casework.releases.actions import READERS, require_role
from casework.releases.impact import as_shown
from casework.releases.model import MoveGroup, MoveProgress
from casework.statistics.rules import show, show_all
from casework.words import Words
from engine import moves, releases, runtime
from engine.moves import Batch
from engine.moving import REASONS, Blocked, Renames
from engine.releases import Release

__all__ = [
    "MOVERS",
    "move",
    "move_progress",
    "preview_move",
    "resume_move",
    "revert_move",
    "say_why",
    "stop_move",
]

MOVERS = frozenset({"process_owner"})
#: The newest moves are shown.
_SHOWN = 10


class NothingToMove(Conflict):
    """No case runs on that version of the diagram."""


class NoSuchVersion(NotFound):
    """There is no such version."""


class VersionChanged(Conflict):
    """Another version has come into use meanwhile; look again at what a move would mean."""


class NoSuchMove(NotFound):
    """These cases were never moved."""


def preview_move(
    tx: Session,
    app: Application,
    actor: Actor,
    process_id: str,
    *,
    number: int,
    renames: Renames | None = None,
) -> list[MoveGroup]:
    """What moving the runs of a process from a release to the one in use would mean.

    ``number`` is the release's; the groups of runs that stand alike come largest first. Raises
    NoSuchVersion, NotAllowed.
    """
    _require(actor)
    before, after = _versions(tx, app, number)
    groups = runtime.plan_migration(
        tx,
        CaseHost(app),
        release_id=before.id,
        process=process_id,
        to_release_id=after.id,
        renames=renames,
    )
    old = Words(releases.load(tx, before.id), actor.language)
    new = Words(releases.load(tx, after.id), actor.language)
    shown = show_all({str(n): len(group.cases) for n, group in enumerate(groups)})
    return [as_shown(group, shown[str(n)], old, new) for n, group in enumerate(groups)]


def move(
    tx: Session,
    app: Application,
    actor: Actor,
    process_id: str,
    *,
    number: int,
    groups: Collection[str] | None = None,
    seen: int | None = None,
    renames: Renames | None = None,
) -> int:
    """Have the runs of a process moved to the version in use; the id of the batch.

    ``groups`` are the marks of those that are to be moved, None for all; ``seen`` is the number of
    the version that was in use when they were looked at. The worker moves them one by one. Raises
    NothingToMove, NoSuchVersion, VersionChanged, NotAllowed.
    """
    _require(actor)
    before, after = _versions(tx, app, number)
    if seen is not None and seen != after.number:
        raise VersionChanged
    batch_id = moves.begin(
        tx,
        process=process_id,
        from_release_id=before.id,
        to_release_id=after.id,
        instances=_chosen(tx, app, process_id, before, after, groups, renames),
        renames=renames,
        by=actor.pseudonym,
    )
    found = moves.get(tx, batch_id)
    if not found.todo:
        raise NothingToMove
    _note(tx, actor, "routine.move", found, {"before": before.number, "after": after.number})
    return batch_id


def _chosen(
    tx: Session,
    app: Application,
    process_id: str,
    before: Release,
    after: Release,
    marks: Collection[str] | None,
    renames: Renames | None,
) -> list[UUID] | None:
    """The runs that stand in one of these ways now; None for all."""
    if marks is None:
        return None
    groups = runtime.plan_migration(
        tx,
        CaseHost(app),
        release_id=before.id,
        process=process_id,
        to_release_id=after.id,
        renames=renames,
    )
    return [id for group in groups if group.mark in marks for id in group.instances]


def revert_move(tx: Session, app: Application, actor: Actor, batch_id: int) -> int:
    """Have moved runs put back that have not gone on since; the id of the batch that does it.

    Raises NoSuchMove, NotAllowed.
    """
    _require(actor)
    found = _batch(tx, app, batch_id)
    back = moves.revert(tx, found.id, by=actor.pseudonym)
    _note(tx, actor, "routine.revert_move", found, {"batch": back})
    return back


def stop_move(tx: Session, app: Application, actor: Actor, batch_id: int) -> None:
    """Move no more; what has been moved stays. Raises NoSuchMove, NotAllowed."""
    _require(actor)
    found = _batch(tx, app, batch_id)
    moves.stop(tx, found.id)
    _note(tx, actor, "routine.stop_move", found, {})


def resume_move(tx: Session, app: Application, actor: Actor, batch_id: int) -> None:
    """Go on, and try again what was blocked or failed. Raises NoSuchMove, NotAllowed."""
    _require(actor)
    found = _batch(tx, app, batch_id)
    moves.resume(tx, found.id)
    _note(tx, actor, "routine.resume_move", found, {})


def move_progress(
    tx: Session, app: Application, actor: Actor, process_id: str
) -> list[MoveProgress]:
    """How far the newest moves are of all processes that come to this diagram, newest first.

    Raises NotAllowed.
    """
    require_role(actor, READERS)
    reached = rules.reaches(app.pack(tx).diagrams)
    roots = [root for root, found in reached.items() if process_id in found]
    numbers = {release.id: release.number for release in releases.history(tx, app.pack_id)}
    found = [each for each in moves.batches(tx, roots, _SHOWN) if each.to_release_id in numbers]
    kept = moves.kept_back(tx, [each.id for each in found])
    return [_progress(each, numbers, kept[each.id]) for each in found]


def say_why(blocked: Blocked, translate: Callable[[str], str]) -> str:
    """Why a run cannot be moved, in a language."""
    return translate(REASONS[blocked.code]).format_map(dict(blocked.facts))


def _require(actor: Actor) -> None:
    if not actor.roles & MOVERS:
        raise NotAllowed(code="role")


def _versions(tx: Session, app: Application, number: int) -> tuple[Release, Release]:
    """The release of that number, and the one in use."""
    known = releases.history(tx, app.pack_id)
    found = next((release for release in known if release.number == number), None)
    if found is None:
        raise NoSuchVersion
    return found, known[0]


def _batch(tx: Session, app: Application, batch_id: int) -> Batch:
    """Raises NoSuchMove, also for a batch of another pack."""
    try:
        found = moves.get(tx, batch_id)
    except NotFound as error:
        raise NoSuchMove from error
    store.lock_pack(tx, app.pack_id)
    if found.to_release_id not in {r.id for r in releases.history(tx, app.pack_id)}:
        raise NoSuchMove
    return found


def _note(
    tx: Session, actor: Actor, action: str, batch: Batch, detail: Mapping[str, audit.Detail]
) -> None:
    target = f"process:{batch.process}"
    told = {"batch": batch.id, **detail}
    audit.write_by(tx, actor, action, target=target, detail=told)


def _progress(
    batch: Batch, numbers: Mapping[int, int], kept: Mapping[Blocked, int]
) -> MoveProgress:
    counts = {
        "todo": batch.todo,
        "done": batch.done,
        "blocked": batch.blocked,
        "failed": batch.failed,
    }
    return MoveProgress(
        id=batch.id,
        before=numbers.get(batch.from_release_id, 0),
        after=numbers[batch.to_release_id],
        reverts=batch.reverts,
        status=batch.status,
        at=batch.created,
        counts=show_all(counts),
        report=tuple((reason, show(count)) for reason, count in kept.items()),
    )
