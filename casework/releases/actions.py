"""Change a pack's diagrams: draft and check. Nothing here touches a running case."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed, SamplanError
from casework import formbook
from casework import templates as element_templates
from casework.access import SHARING_PURPOSES, Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.consent.rules import CATEGORIES
from casework.news import actions as news
from casework.releases import drawn, store
from casework.releases.checks import brought, findings, findings_of, say
from casework.releases.holders import holder_findings
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
from casework.releases.telling import changed_files, news_of
from casework.words import Words
from engine import diagram, releases
from engine.check import Finding
from engine.packs import Pack, digest
from engine.releases import Draft, DraftChanged

__all__ = [
    "APPROVERS",
    "EDITORS",
    "READERS",
    "choices",
    "discard",
    "file",
    "findings",
    "routine_page",
    "routines",
    "save_draft",
    "say",
    "templates",
    "try_content",
    "upload",
]

EDITORS = frozenset({"process_owner"})
APPROVERS = frozenset({"process_owner", "preparation_group", "federation"})
READERS = EDITORS | APPROVERS
#: Whoever saved so lately is taken to be still at it: the editors save after each change.
_STILL_AT_IT = timedelta(minutes=15)


class OtherProcess(Invalid):
    """This file holds another process; the id of the process must stay as it is."""


class NothingChanged(Conflict):
    """Nothing differs from what is in use."""


class NewErrors(Invalid):
    """This file brings something that must be put right first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


def routines(tx: Session, app: Application, actor: Actor) -> list[RoutineRow]:
    """The diagrams in use and those that the draft adds, by title. Raises NotAllowed."""
    require_role(actor, READERS)
    used = drawn.in_use(tx, app.pack_id)
    pack, numbers = used.pack, used.numbers
    since = store.since(tx, pack.id)
    runs = cases_by_process(tx, pack.id)
    drafts = {draft.path: draft for draft in releases.draft(tx, pack.id)}
    rows = [
        RoutineRow(
            process=process.id,
            file=process.file,
            title=Words(pack, actor.language).process(process.id),
            version=(number := numbers.get(process.file)),
            since=since[process.file, number] if number else None,
            running=as_shown(runs.get(process.id, {})),
            has_draft=process.file in drafts,
            removed=_removes(drafts.get(process.file)),
        )
        for process in pack.diagrams.values()
    ]
    rows += _added_rows(tx, pack, drafts.values(), actor)
    return sorted(rows, key=lambda row: row.title.casefold())


def _added_rows(
    tx: Session, pack: Pack, drafts: Iterable[Draft], actor: Actor
) -> Iterable[RoutineRow]:
    added = drawn.added(pack, drafts)
    drafted = drawn.opened_draft(releases.draft_files(tx, pack.id)) if added else None
    for process in added.values():
        named = " ".join(process.name.split()) or process.id
        yield RoutineRow(
            process=process.id,
            file=process.file,
            title=Words(drafted, actor.language).process(process.id) if drafted else named,
            version=None,
            since=None,
            running=as_shown({}),
            has_draft=True,
            removed=False,
        )


def routine_page(
    tx: Session, app: Application, actor: Actor, process_id: str, *, checked: bool = True
) -> RoutinePage:
    """Not ``checked`` it has no findings: who opens the editor need not wait for them.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, READERS)
    used = drawn.in_use(tx, app.pack_id)
    pack = used.pack
    process = drawn.process(tx, pack, process_id)
    number = used.numbers.get(process.file)
    drafts = releases.draft(tx, pack.id)
    mine = next((draft for draft in drafts if draft.path == process.file), None)
    files = releases.draft_files(tx, pack.id)
    drafted = drawn.opened_draft(files)
    content = _content(tx, pack, process.file)
    shown = drawn.shown(pack, drafted, process, content)
    whole = digest(files)
    changes = changed_files(pack, drafted or pack, actor.language, first=process_id)
    return RoutinePage(
        process=process_id,
        file=process.file,
        title=Words(shown, actor.language).process(process_id),
        version=number,
        since=store.since(tx, pack.id)[process.file, number] if number else None,
        running=as_shown(cases_by_process(tx, pack.id).get(process_id, {})),
        has_draft=mine is not None,
        removed=_removes(mine),
        added=process.file not in pack.files,
        begun=used.release.is_begun,
        draft_by=name_of(tx, mine.by) if mine else None,
        draft_by_me=mine is not None and mine.by == actor.pseudonym,
        draft_at=mine.changed if mine else None,
        busy=who_else(tx, mine, actor),
        mark=content_mark(content),
        digest=whole,
        findings=tuple(_findings(tx, app, files)) if checked else (),
        readable=drafted is not None,
        changes=changes,
        news=_news(tx, pack, drafted or pack, changes, actor),
        drafts=tuple(_draft_files(drafts, pack, drafted, actor)),
        proposal=_proposal(tx, pack.id, whole, actor),
        needs_second_person=pack.config.review.second_person,
        needs_reference=pack.config.review.decision_reference,
        may_edit=bool(actor.roles & EDITORS),
        may_approve=bool(actor.roles & APPROVERS),
        drawn=shown.diagrams[process_id],
        words=Words(shown, actor.language),
    )


def _removes(draft: Draft | None) -> bool:
    return draft is not None and draft.content is None


def file(tx: Session, app: Application, actor: Actor, process_id: str) -> tuple[str, bytes]:
    """Name and content of the diagram's file: the draft, else what is in use."""
    require_role(actor, READERS)
    pack = app.pack(tx)
    path = drawn.process(tx, pack, process_id).file
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
    pack = app.pack(tx)
    path = drawn.process(tx, pack, process_id).file
    store.lock_pack(tx, pack.id)
    before = _content(tx, pack, path)
    if content_mark(before) != mark:
        raise DraftChanged
    _require_same(tx, content, pack, path)
    if content != before:
        keep_draft(tx, pack.id, path, content, actor)
    return content_mark(content)


def upload(tx: Session, app: Application, actor: Actor, process_id: str, content: bytes) -> None:
    """Take over a whole file, if it brings no error that was not there before.

    Raises NewErrors, NothingChanged, and as `save_draft`.
    """
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    path = drawn.process(tx, pack, process_id).file
    store.lock_pack(tx, pack.id)
    if content == _content(tx, pack, path):
        raise NothingChanged
    _require_same(tx, content, pack, path)
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
    pack = app.pack(tx)
    path = drawn.process(tx, pack, process_id).file
    files = releases.draft_files(tx, pack.id)
    if content is not None:
        _require_same(tx, content, pack, path)
        files[path] = content
    return _findings(tx, app, files)


def discard(tx: Session, app: Application, actor: Actor, process_id: str) -> None:
    """Forget the draft of one diagram; a proposal with it is void."""
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    path = drawn.process(tx, pack, process_id).file
    store.lock_pack(tx, pack.id)
    releases.discard_draft(tx, pack.id, path)
    store.remove_proposal(tx, pack.id)
    audit.write_by(tx, actor, "routine.discard", target=f"pack:{pack.id}/{path}")


def choices(tx: Session, app: Application, actor: Actor) -> dict[str, list[Choice]]:
    """What the editor offers by name: roles, milestones, purposes, kinds, what a case hears."""
    require_role(actor, READERS)
    pack = app.pack(tx)
    words = Words(pack, actor.language)
    milestones = sorted(pack.config.milestones, key=lambda milestone: milestone.order)
    return {
        "roles": [Choice(code, words.role(code)) for code in pack.config.roles],
        "milestones": [Choice(each.code, words.milestone(each.code)) for each in milestones],
        "purposes": _purposes(words),
        "categories": _named(words, "categories", CATEGORIES),
        "messages": [Choice(code, words.action(code)) for code in pack.config.actions],
    }


def templates(tx: Session, app: Application, actor: Actor) -> list[Any]:
    """The element templates that the editor offers: the pack's own and those of its services."""
    require_role(actor, READERS)
    pack = app.pack(tx)
    return element_templates.templates(pack, app.translator(actor.language))


def require_role(actor: Actor, roles: frozenset[str]) -> None:
    if not actor.roles & roles:
        raise NotAllowed(code="role")


def _require_same(tx: Session, content: bytes, pack: Pack, path: str) -> None:
    """That the file can be read and still holds the processes it held."""
    known = pack.diagrams if path in pack.files else drawn.added(pack, releases.draft(tx, pack.id))
    wanted = {process.id for process in known.values() if process.file == path}
    if {process.id for process in diagram.read(content, path)} != wanted:
        raise OtherProcess


def _findings(tx: Session, app: Application, files: Mapping[str, bytes]) -> list[Finding]:
    """What the check finds, and which roles nobody holds now: of people, not of files."""
    drafted = drawn.opened_draft(files)
    return [*findings_of(files), *(holder_findings(tx, app, drafted) if drafted else ())]


def _content(tx: Session, pack: Pack, path: str) -> bytes:
    """What is in use where the draft takes it out."""
    return releases.draft_files(tx, pack.id).get(path) or pack.files[path]


def content_mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def keep_draft(tx: Session, pack_id: str, path: str, content: bytes | None, actor: Actor) -> None:
    """None takes the file out."""
    drafts = {draft.path: draft.rev for draft in releases.draft(tx, pack_id)}
    releases.save_draft(
        tx, pack_id, path, content, by=actor.pseudonym, expected_rev=drafts.get(path, 0)
    )
    store.remove_proposal(tx, pack_id)


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


def _draft_files(
    drafts: Iterable[Draft], pack: Pack, drafted: Pack | None, actor: Actor
) -> Iterable[DraftFile]:
    """By what they are called in the draft; what it takes out, as it is in use."""
    titles: dict[str, tuple[str, str | None]] = {
        path: (title, None)
        for known in filter(None, (pack, drafted))
        for path, title in _part_titles(Words(known, actor.language))
    }
    titles |= {
        process.file: (Words(known, actor.language).process(process.id), process.id)
        for known in filter(None, (pack, drafted))
        for process in known.diagrams.values()
    }
    for draft in drafts:
        title, process = titles.get(draft.path, (draft.path, None))
        yield DraftFile(draft.path, title, process)


def _part_titles(words: Words) -> Iterator[tuple[str, str]]:
    """What forms and decision tables are called, by path; nothing where one cannot be read."""
    pack = words.pack
    with suppress(SamplanError):
        yield from ((path, formbook.step_title(words, id)) for id, path in pack.forms.items())
    with suppress(SamplanError):
        yield from ((read.name, words.decision(read, id)) for id, read in pack.decisions.items())


def _named(words: Words, field: str, codes: Iterable[str]) -> list[Choice]:
    """Codes as the form of the consent words them."""
    labels = formbook.options(words, "consent", field)
    return [Choice(code, labels.get(code, code)) for code in codes]


def _purposes(words: Words) -> list[Choice]:
    """Those that the form of the consent offers: no consent can name another."""
    offered = SHARING_PURPOSES & formbook.options(words, "consent", "purpose").keys()
    return _named(words, "purpose", sorted(offered or SHARING_PURPOSES))


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
