"""Put a draft into use: one proposes, another agrees. Nothing here moves a running case."""

from collections.abc import Mapping
from datetime import date

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.hooks import events as hooks
from casework.news import actions as news
from casework.releases import drawn, store
from casework.releases.actions import APPROVERS, EDITORS, NothingChanged, require_role
from casework.releases.checks import errors, findings_of
from casework.releases.drawn import InUse
from casework.releases.tables import ProposalRow
from engine import releases
from engine.packs import digest

LONGEST_REFERENCE = 200
LONGEST_REASON = 2_000


class DraftHasErrors(Conflict):
    """Something must be put right first."""


class ReferenceMissing(Invalid):
    """Write the reference of the decision."""


class ReferenceTooLong(Invalid):
    """The reference of the decision is too long."""


class ReasonTooLong(Invalid):
    """Write why in fewer words; longer texts belong in the minutes."""


class ProposalChanged(Conflict):
    """The draft has been changed since it was put forward; look at it again."""


class BeginsInThePast(Invalid):
    """Choose today or a later day, or leave the day out."""


class OwnProposal(NotAllowed):
    """Somebody else must say yes to what you have put forward."""

    code = "own_proposal"


def propose(
    tx: Session,
    app: Application,
    actor: Actor,
    process_id: str,
    *,
    reference: str,
    digest: str,
    reason: str = "",
    begins: date | None = None,
    told: Mapping[str, str] | None = None,
) -> bool:
    """Ask a second person to approve the pack's draft; True if none is needed and it is in use.

    ``digest`` names the draft that the actor has seen; ``begins`` is its first day in use, None
    for at once; ``told`` says by role what is new. Raises DraftHasErrors, ReferenceMissing,
    ReferenceTooLong, ReasonTooLong, BeginsInThePast, NewsTooLong, PointsAtSomebody,
    NothingChanged, ProposalChanged.
    """
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    drawn.process(tx, pack, process_id)
    store.lock_pack(tx, pack.id)
    files = releases.draft_files(tx, pack.id)
    reference, reason = reference.strip(), reason.strip()
    require_fit(drawn.in_use(tx, app.pack_id), files, digest)
    if pack.config.review.decision_reference and not reference:
        raise ReferenceMissing
    if len(reference) > LONGEST_REFERENCE:
        raise ReferenceTooLong
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    later = _is_later(tx, app, begins)
    news.write(tx, pack, told or {})
    alone = not pack.config.review.second_person
    row = ProposalRow(
        pack_id=pack.id,
        process=process_id,
        reference=reference,
        reason=reason,
        by_account_id=actor.account_id,
        at=clock.now(tx),
        digest=digest,
        begins=begins if later else None,
        agreed_by_account_id=actor.account_id if alone and later else None,
    )
    if alone and not later:
        publish(tx, row, files, actor, approved_by=None)
        return True
    store.put_proposal(tx, row)
    audit.write_by(tx, actor, "routine.propose", target=f"pack:{pack.id}")
    return False


def approve(tx: Session, app: Application, actor: Actor, process_id: str, *, digest: str) -> bool:
    """The second person's yes; True if the draft is in use now, False if from its day on.

    Running cases keep what they have. ``digest`` names the draft that the actor has seen. Raises
    OwnProposal, ProposalChanged, DraftHasErrors.
    """
    require_role(actor, APPROVERS)
    pack = app.pack(tx)
    drawn.process(tx, pack, process_id)
    store.lock_pack(tx, pack.id)
    proposed = store.proposal(tx, pack.id)
    if proposed is None or proposed.digest != digest or proposed.agreed_by_account_id:
        raise ProposalChanged
    if proposed.by_account_id == actor.account_id:
        raise OwnProposal
    files = releases.draft_files(tx, pack.id)
    require_fit(drawn.in_use(tx, app.pack_id), files, digest)
    if proposed.begins is not None and proposed.begins > clock.today(tx, app.zone):
        proposed.agreed_by_account_id = actor.account_id
        audit.write_by(tx, actor, "routine.agree", target=f"pack:{pack.id}")
        return False
    publish(tx, proposed, files, actor, approved_by=actor.pseudonym)
    return True


def send_back(tx: Session, app: Application, actor: Actor, process_id: str) -> None:
    """Not yet: the proposal is gone, the draft stays."""
    require_role(actor, APPROVERS)
    pack = app.pack(tx)
    drawn.process(tx, pack, process_id)
    store.lock_pack(tx, pack.id)
    if store.remove_proposal(tx, pack.id):
        audit.write_by(tx, actor, "routine.send_back", target=f"pack:{pack.id}")


def require_fit(used: InUse, files: Mapping[str, bytes], seen: str) -> None:
    """That the draft is the one that was seen, differs from what is in use, and has no errors."""
    now = digest(files)
    if now == used.pack.digest and not used.release.is_begun:
        raise NothingChanged
    if now != seen:
        raise ProposalChanged
    if errors(findings_of(files)):
        raise DraftHasErrors


def publish(
    tx: Session,
    proposed: ProposalRow,
    files: Mapping[str, bytes],
    actor: Actor | None,
    *,
    approved_by: str | None,
) -> None:
    """Bring the files into use as they were put forward; without an actor the clock does it."""
    by = f"account:{proposed.by_account_id}"
    release = releases.publish(
        tx,
        files,
        by=by,
        reference=proposed.reference,
        reason=proposed.reason,
        approved_by=approved_by,
    )
    store.remove_proposal(tx, release.pack_id)
    store.keep_comments(tx, release.pack_id, release.number)
    news.publish(tx, release.pack_id, release.number)
    hooks.release_in_use(tx, release.pack_id, release.number)
    audit.write(
        tx,
        actor=actor.pseudonym if actor else "clock",
        organisation_id=actor.organisation_id if actor else None,
        action="routine.publish",
        target=f"pack:{release.pack_id}",
        detail={"release": release.number, "digest": release.digest, "proposed_by": by},
    )


def _is_later(tx: Session, app: Application, begins: date | None) -> bool:
    """Raises BeginsInThePast."""
    today = clock.today(tx, app.zone)
    if begins is not None and begins < today:
        raise BeginsInThePast
    return begins is not None and begins > today
