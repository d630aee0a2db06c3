"""Change a pack's diagrams: draft, check, propose, approve. Nothing here moves a running case."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed, NotFound, SamplanError
from casework import formbook
from casework import templates as element_templates
from casework.access import SHARING_PURPOSES, Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.consent.rules import CATEGORIES
from casework.hooks import events as hooks
from casework.news import actions as news
from casework.releases import store
from casework.releases.checks import brought, errors, findings, findings_of, opened, say
from casework.releases.model import (
    ChangedFile,
    Choice,
    DraftFile,
    Proposal,
    RoleNews,
    RoutinePage,
    RoutineRow,
)
from casework.releases.running import as_shown, cases_by_process
from casework.releases.tables import ProposalRow
from casework.releases.telling import changed_files, news_of
from casework.words import Words
from engine import diagram, releases
from engine.check import Finding
from engine.diagram import Process
from engine.packs import Pack, digest
from engine.releases import Draft, DraftChanged

__all__ = [
    "APPROVERS",
    "EDITORS",
    "READERS",
    "approve",
    "choices",
    "discard",
    "file",
    "findings",
    "propose",
    "routine_page",
    "routines",
    "save_draft",
    "say",
    "send_back",
    "templates",
    "try_content",
    "upload",
]

EDITORS = frozenset({"process_owner"})
APPROVERS = frozenset({"process_owner", "preparation_group", "federation"})
READERS = EDITORS | APPROVERS
#: Whoever saved so lately is taken to be still at it: the editors save after each change.
_STILL_AT_IT = timedelta(minutes=15)
LONGEST_REFERENCE = 200
LONGEST_REASON = 2_000


class NoSuchRoutine(NotFound):
    """There is no such diagram."""


class OtherProcess(Invalid):
    """This file holds another process; the id of the process must stay as it is."""


class NothingChanged(Conflict):
    """Nothing differs from what is in use."""


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


class NewErrors(Invalid):
    """This file brings something that must be put right first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


def routines(tx: Session, app: Application, actor: Actor) -> list[RoutineRow]:
    """The diagrams in use, by title. Raises NotAllowed."""
    require_role(actor, READERS)
    pack, numbers = _in_use(tx, app)
    since = store.since(tx, pack.id)
    runs = cases_by_process(tx, pack.id)
    changed = {draft.path for draft in releases.draft(tx, pack.id)}
    words = Words(pack, actor.language)
    rows = [
        RoutineRow(
            process=process.id,
            title=words.process(process.id),
            version=numbers[process.file],
            since=since[process.file, numbers[process.file]],
            running=as_shown(runs.get(process.id, {})),
            has_draft=process.file in changed,
        )
        for process in pack.diagrams.values()
    ]
    return sorted(rows, key=lambda row: row.title.casefold())


def routine_page(tx: Session, app: Application, actor: Actor, process_id: str) -> RoutinePage:
    """Raises NoSuchRoutine, NotAllowed."""
    require_role(actor, READERS)
    pack, numbers = _in_use(tx, app)
    process = _process(pack, process_id)
    number = numbers[process.file]
    drafts = releases.draft(tx, pack.id)
    mine = next((draft for draft in drafts if draft.path == process.file), None)
    files = releases.draft_files(tx, pack.id)
    drafted = opened_draft(files)
    drawn = _drafted(drafted, process)
    content = files.get(process.file, pack.files[process.file])
    whole = digest(files)
    changes = changed_files(pack, drafted or pack, actor.language, first=process_id)
    return RoutinePage(
        process=process_id,
        file=process.file,
        title=Words(drafted or pack, actor.language).process(process_id),
        version=number,
        since=store.since(tx, pack.id)[process.file, number],
        running=as_shown(cases_by_process(tx, pack.id).get(process_id, {})),
        has_draft=mine is not None,
        draft_by=name_of(tx, mine.by) if mine else None,
        draft_by_me=mine is not None and mine.by == actor.pseudonym,
        draft_at=mine.changed if mine else None,
        busy=who_else(tx, mine, actor),
        mark=content_mark(content),
        digest=whole,
        findings=tuple(findings_of(files)),
        readable=drafted is not None,
        changes=changes,
        news=_news(tx, pack, drafted or pack, changes, actor),
        drafts=tuple(_draft_files(drafts, pack, actor)),
        proposal=_proposal(tx, pack.id, whole, actor),
        needs_second_person=pack.config.review.second_person,
        needs_reference=pack.config.review.decision_reference,
        may_edit=bool(actor.roles & EDITORS),
        may_approve=bool(actor.roles & APPROVERS),
        drawn=drawn,
        words=Words(drafted or pack, actor.language),
    )


def file(tx: Session, app: Application, actor: Actor, process_id: str) -> tuple[str, bytes]:
    """Name and content of the diagram's file: the draft, else what is in use."""
    require_role(actor, READERS)
    pack, _ = _in_use(tx, app)
    path = _process(pack, process_id).file
    return path, _content(tx, pack, path)


def save_draft(
    tx: Session, app: Application, actor: Actor, process_id: str, content: bytes, *, mark: str
) -> str:
    """Keep a change of one diagram; the mark of what is kept now.

    ``mark`` names the content the change was made to. A proposal of the draft is void. Raises
    DraftChanged if it is not that content any more, SamplanError if nothing can be drawn of it,
    OtherProcess.
    """
    require_role(actor, EDITORS)
    pack, _ = _in_use(tx, app)
    path = _process(pack, process_id).file
    store.lock_pack(tx, pack.id)
    before = _content(tx, pack, path)
    if content_mark(before) != mark:
        raise DraftChanged
    _require_same(content, pack, path)
    if content != before:
        keep_draft(tx, pack.id, path, content, actor)
    return content_mark(content)


def upload(tx: Session, app: Application, actor: Actor, process_id: str, content: bytes) -> None:
    """Take over a whole file, if it brings no error that was not there before.

    Raises NewErrors, NothingChanged, and as `save_draft`.
    """
    require_role(actor, EDITORS)
    pack, _ = _in_use(tx, app)
    path = _process(pack, process_id).file
    store.lock_pack(tx, pack.id)
    if content == _content(tx, pack, path):
        raise NothingChanged
    _require_same(content, pack, path)
    files = releases.draft_files(tx, pack.id)
    new = brought(findings_of(files), findings_of({**files, path: content}))
    if new:
        raise NewErrors(new)
    keep_draft(tx, pack.id, path, content, actor)


def try_content(
    tx: Session, app: Application, actor: Actor, process_id: str, content: bytes | None = None
) -> list[Finding]:
    """What the check finds in the whole draft, with this content of one file; keeps nothing."""
    require_role(actor, READERS)
    pack, _ = _in_use(tx, app)
    path = _process(pack, process_id).file
    files = releases.draft_files(tx, pack.id)
    if content is not None:
        _require_same(content, pack, path)
        files[path] = content
    return findings_of(files)


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
    pack, _ = _in_use(tx, app)
    _process(pack, process_id)
    store.lock_pack(tx, pack.id)
    files = releases.draft_files(tx, pack.id)
    reference, reason = reference.strip(), reason.strip()
    require_fit(pack, files, digest)
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
    pack, _ = _in_use(tx, app)
    _process(pack, process_id)
    store.lock_pack(tx, pack.id)
    proposed = store.proposal(tx, pack.id)
    if proposed is None or proposed.digest != digest or proposed.agreed_by_account_id:
        raise ProposalChanged
    if proposed.by_account_id == actor.account_id:
        raise OwnProposal
    files = releases.draft_files(tx, pack.id)
    require_fit(pack, files, digest)
    if proposed.begins is not None and proposed.begins > clock.today(tx, app.zone):
        proposed.agreed_by_account_id = actor.account_id
        audit.write_by(tx, actor, "routine.agree", target=f"pack:{pack.id}")
        return False
    publish(tx, proposed, files, actor, approved_by=actor.pseudonym)
    return True


def send_back(tx: Session, app: Application, actor: Actor, process_id: str) -> None:
    """Not yet: the proposal is gone, the draft stays."""
    require_role(actor, APPROVERS)
    pack, _ = _in_use(tx, app)
    _process(pack, process_id)
    store.lock_pack(tx, pack.id)
    if store.remove_proposal(tx, pack.id):
        audit.write_by(tx, actor, "routine.send_back", target=f"pack:{pack.id}")


def discard(tx: Session, app: Application, actor: Actor, process_id: str) -> None:
    """Forget the draft of one diagram; a proposal with it is void."""
    require_role(actor, EDITORS)
    pack, _ = _in_use(tx, app)
    path = _process(pack, process_id).file
    store.lock_pack(tx, pack.id)
    releases.discard_draft(tx, pack.id, path)
    store.remove_proposal(tx, pack.id)
    audit.write_by(tx, actor, "routine.discard", target=f"pack:{pack.id}/{path}")


def choices(tx: Session, app: Application, actor: Actor) -> dict[str, list[Choice]]:
    """What the editor offers by name: roles, milestones, purposes, kinds, what a case hears."""
    require_role(actor, READERS)
    pack, _ = _in_use(tx, app)
    words = Words(pack, actor.language)
    milestones = sorted(pack.config.milestones, key=lambda milestone: milestone.order)
    return {
        "roles": [Choice(code, words.role(code)) for code in pack.config.roles],
        "milestones": [Choice(each.code, words.milestone(each.code)) for each in milestones],
        "purposes": _named(words, "purpose", sorted(SHARING_PURPOSES)),
        "categories": _named(words, "categories", CATEGORIES),
        "messages": [Choice(code, words.action(code)) for code in pack.config.actions],
    }


def templates(tx: Session, app: Application, actor: Actor) -> list[Any]:
    """The element templates that the editor offers: the pack's own and those of its services."""
    require_role(actor, READERS)
    pack, _ = _in_use(tx, app)
    return element_templates.templates(pack, app.translator(actor.language))


def require_role(actor: Actor, roles: frozenset[str]) -> None:
    if not actor.roles & roles:
        raise NotAllowed(code="role")


def require_fit(pack: Pack, files: Mapping[str, bytes], seen: str) -> None:
    """That the draft is the one that was seen, differs from what is in use, and has no errors."""
    now = digest(files)
    if now == pack.digest:
        raise NothingChanged
    if now != seen:
        raise ProposalChanged
    if errors(findings_of(files)):
        raise DraftHasErrors


def _require_same(content: bytes, pack: Pack, path: str) -> None:
    """That the file can be read and still holds the processes it held."""
    wanted = {process.id for process in pack.diagrams.values() if process.file == path}
    if {process.id for process in diagram.read(content, path)} != wanted:
        raise OtherProcess


def _in_use(tx: Session, app: Application) -> tuple[Pack, Mapping[str, int]]:
    """The pack in use, and the number of each of its files."""
    release = releases.active(tx, app.pack_id)
    return releases.load(tx, release.id), releases.versions(tx, release.id)


def routine(tx: Session, app: Application, process_id: str) -> Pack:
    """The pack in use, which has this diagram. Raises NoSuchRoutine."""
    pack = app.pack(tx)
    _process(pack, process_id)
    return pack


def _process(pack: Pack, process_id: str) -> Process:
    try:
        return pack.diagrams[process_id]
    except KeyError as error:
        raise NoSuchRoutine from error


def opened_draft(files: Mapping[str, bytes]) -> Pack | None:
    """The draft as a pack; None where it cannot be one."""
    try:
        pack = opened(files)
        readable = bool(pack.diagrams) and pack.words is not None
    except SamplanError:
        return None
    return pack if readable else None


def _drafted(drafted: Pack | None, process: Process) -> Process:
    return drafted.diagrams.get(process.id, process) if drafted else process


def _content(tx: Session, pack: Pack, path: str) -> bytes:
    return releases.draft_files(tx, pack.id).get(path, pack.files[path])


def content_mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def keep_draft(tx: Session, pack_id: str, path: str, content: bytes | None, actor: Actor) -> None:
    """None takes the file out."""
    drafts = {draft.path: draft.rev for draft in releases.draft(tx, pack_id)}
    releases.save_draft(
        tx, pack_id, path, content, by=actor.pseudonym, expected_rev=drafts.get(path, 0)
    )
    store.remove_proposal(tx, pack_id)


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


def _news(
    tx: Session, pack: Pack, drafted: Pack, changes: tuple[ChangedFile, ...], actor: Actor
) -> tuple[RoleNews, ...]:
    """What the owner has written for each role, else what can be told from the changes."""
    written = news.drafted(tx, pack.id)
    suggested = news_of(changes, drafted, actor.language)
    words = Words(drafted, actor.language)
    return tuple(
        RoleNews(code, words.role(code), written.get(code, suggested.get(code, "")))
        for code in drafted.config.roles
        if code in written or code in suggested
    )


def _proposal(tx: Session, pack_id: str, whole: str, actor: Actor) -> Proposal | None:
    row = store.proposal(tx, pack_id)
    if row is None or row.digest != whole:
        return None
    names = accounts.names(tx, [row.by_account_id, row.agreed_by_account_id or 0])
    return Proposal(
        reference=row.reference,
        by=names.get(row.by_account_id, ""),
        by_me=row.by_account_id == actor.account_id,
        at=row.at,
        begins=row.begins,
        agreed_by=names.get(row.agreed_by_account_id or 0, ""),
    )


def _draft_files(drafts: Iterable[Draft], pack: Pack, actor: Actor) -> Iterable[DraftFile]:
    words = Words(pack, actor.language)
    by_path = {process.file: process.id for process in pack.diagrams.values()}
    for draft in drafts:
        process = by_path.get(draft.path)
        title = words.process(process) if process else draft.path
        yield DraftFile(draft.path, title, process)


def _named(words: Words, field: str, codes: Iterable[str]) -> list[Choice]:
    """Codes as the form of the consent words them."""
    labels = formbook.options(words, "consent", field)
    return [Choice(code, labels.get(code, code)) for code in codes]


def name_of(tx: Session, pseudonym: str) -> str:
    """Whose pseudonym it is; a word for the system itself."""
    prefix, _, number = pseudonym.partition(":")
    if prefix != "account" or not number.isdigit():
        return pseudonym
    return accounts.names(tx, [int(number)]).get(int(number), pseudonym)


def who_else(tx: Session, draft: Draft | None, actor: Actor) -> str:
    """Who saved this moments ago, if that was somebody else; else empty."""
    if draft is None or draft.by == actor.pseudonym:
        return ""
    return name_of(tx, draft.by) if clock.now(tx) - draft.changed < _STILL_AT_IT else ""
