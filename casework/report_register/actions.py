"""Report what does not work or what was learned; see to it, and tell the one who reported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework import formbook, impersonal, parts, personal
from casework.access import Actor, Holder
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.choices import ProgrammeChoices
from casework.host import CaseHost
from casework.organisations import store as organisations
from casework.parts import Part
from casework.report_register.model import NewReport, Register, ReportPage, ReportRow
from casework.reports import filing, rules, store
from casework.reports.filing import NoSuchKind, Pin
from casework.reports.rules import CannotReport, Seen
from casework.reports.tables import Report
from casework.roles import local_now
from casework.sending import digest_of, grouped, type_sent
from casework.voice import saying
from casework.words import Words
from engine import commands
from engine.packs.config import ReportKind
from forms import Checked, Form, Row, check, draw, posted, sample
from forms import change as change_rows
from forms import read as read_answers

#: How long a report may wait to be acknowledged before the register calls it late.
ACKNOWLEDGED_IN = timedelta(days=7)
_RECORD = "report"


@dataclass(frozen=True, slots=True)
class _Asked:
    tx: Session
    app: Application
    actor: Actor
    kind: ReportKind
    form: Form
    words: Words
    pin: Pin


def new_report(
    tx: Session,
    app: Application,
    actor: Actor,
    kind: str,
    pin: Pin,
    *,
    sent: type_sent | None = None,
    key: str = "",
) -> NewReport:
    """The empty page, or one with answers as they were typed. Raises NoSuchKind, CannotReport."""
    asked = _asked(tx, app, actor, kind, pin)
    values = change_rows(asked.form, grouped(sent)) if sent is not None else {}
    return _page(asked, values, {}, key)


def file_report(
    tx: Session,
    app: Application,
    actor: Actor,
    kind: str,
    pin: Pin,
    sent: type_sent,
    *,
    key: str,
) -> int | NewReport:
    """Take the report and begin to see to it; its id, or the page with errors.

    The same key and answers again give the first answer. Raises NoSuchKind, CannotReport.
    """
    asked = _asked(tx, app, actor, kind, pin)
    earlier = commands.once(
        tx,
        account_id=actor.account_id,
        command="report",
        target=kind,
        key=key,
        digest=digest_of(sent),
    )
    if earlier is not None:
        return int(earlier.result["report"])
    checked = _checked(asked, sent)
    if checked.errors:
        return _page(asked, read_answers(asked.form, grouped(sent)), checked.errors, key)
    holder = Holder(_organisation(actor), actor.unit_id, actor.account_id)
    report = filing.keep(
        tx, CaseHost(app), asked.kind, asked.pin, checked.values, holder, by=actor.pseudonym
    )
    target = f"report:{report.number}"
    audit.write_by(tx, actor, "report.file", case_id=report.case_id, target=target)
    commands.answer(
        tx,
        account_id=actor.account_id,
        command="report",
        target=kind,
        key=key,
        result={"report": report.id},
    )
    return report.id


def sample_answers(
    tx: Session, app: Application, actor: Actor, kind: str, pin: Pin, named: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Valid answers as a browser sends them; for playing scenarios."""
    asked = _asked(tx, app, actor, kind, pin)
    now = local_now(tx, app.zone)
    context = {"kind": kind}
    made = sample(asked.form, ProgrammeChoices(tx), now, context, named=named)
    return [(key, v) for key, values in posted(asked.form, made).items() for v in values]


def register(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    kind: str = "",
    status: str = "",
    part: int = 1,
) -> Register:
    """A part of what the actor may see, newest first; statements do not grow with it."""
    start = Part(part).start
    found = store.listed(tx, actor, kind=kind, status=status, limit=parts.SHOWN + 1, start=start)
    words = Words(app.pack(tx), actor.language)
    return Register(
        rows=tuple(_rows(tx, app, actor, found[: parts.SHOWN])),
        part=Part(part, len(found) > parts.SHOWN),
        kinds=tuple((code, words.report(code)) for code in words.pack.config.reports),
        kind=kind,
        status=status,
        whole=rules.keeps(actor),
    )


def all_rows(
    tx: Session, app: Application, actor: Actor, *, kind: str = "", status: str = ""
) -> list[ReportRow]:
    """The whole register, for a file. Raises NotAllowed for who does not keep it."""
    if not rules.keeps(actor):
        raise NotAllowed("Your role does not open this page.", code="role")
    found = store.listed(tx, actor, kind=kind, status=status, limit=parts.LAST)
    return _rows(tx, app, actor, found)


def report_page(tx: Session, app: Application, actor: Actor, report_id: int) -> ReportPage:
    """Raises NoSuchReport for what the actor may not see."""
    report = _seen(tx, actor, report_id)
    words = Words(app.pack(tx), actor.language)
    [row] = _rows(tx, app, actor, [report])
    answers = store.answers(tx, [report.id])
    concerned = organisations.organisations(tx)
    titles = {one.id: one.title for one in concerned}
    codes = {one.code: one.title for one in concerned}
    texts = {
        "consequence": report.consequence,
        "proposal": report.proposal,
        "agreed": report.agreed,
        "pattern": report.pattern,
        "feedback": report.feedback,
        "lesson": report.lesson,
    }
    step = words.element(report.process, report.element or "") if report.process else None
    return ReportPage(
        row=row,
        said=tuple((name, text) for name, text in texts.items() if text),
        organisations=tuple(codes.get(code, code) for code in report.organisations),
        answers=tuple((titles[one.organisation_id], one.text, one.at) for one in answers),
        step=step,
        anonymous=report.anonymous,
        acknowledged=report.acknowledged,
        closed=report.closed,
        keeper=not actor.roles.isdisjoint(rules.TOLD),
    )


def refer(tx: Session, actor: Actor, report_id: int, reference: str) -> None:
    """Note under which number an outside register has it. Raises NotAllowed, PointsAtSomebody."""
    report = _seen(tx, actor, report_id)
    if actor.roles.isdisjoint(rules.TOLD):
        raise NotAllowed("Your role does not open this page.", code="role")
    personal.require_nobody(reference)
    report.reference = reference.strip()
    audit.write_by(tx, actor, "report.refer", case_id=report.case_id)


def _asked(tx: Session, app: Application, actor: Actor, kind: str, pin: Pin) -> _Asked:
    words = Words(app.pack(tx), actor.language)
    found = words.pack.config.reports.get(kind)
    if found is None:
        raise NoSuchKind
    _organisation(actor)
    return _Asked(
        tx, app, actor, found, formbook.form(words.pack, found.form), words, _known(words, pin)
    )


def _organisation(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise CannotReport
    return actor.organisation_id


def _known(words: Words, pin: Pin) -> Pin:
    """Without a step that the pack does not have."""
    process = words.pack.diagrams.get(pin.process)
    if process is None or pin.element not in process.elements:
        return Pin(group_id=pin.group_id)
    return pin


def _saying(asked: _Asked) -> Callable[[str], str]:
    return saying(asked.tx, asked.app, asked.actor.language, asked.words.pack.id)


def _checked(asked: _Asked, sent: type_sent) -> Checked:
    say = _saying(asked)
    checked = check(
        asked.form,
        grouped(sent),
        {"kind": asked.kind.code},
        choices=ProgrammeChoices(asked.tx),
        now=local_now(asked.tx, asked.app.zone),
        language=asked.actor.language,
        translate=say,
        words=asked.words.form(asked.form.id),
    )
    today = clock.today(asked.tx, asked.app.zone)
    return impersonal.check_nobody(
        asked.tx, asked.actor, asked.form, checked, on=today, translate=say
    )


def _page(asked: _Asked, values: Any, errors: Any, key: str) -> NewReport:
    rows: tuple[Row, ...] = tuple(
        draw(
            asked.form,
            values=values,
            errors=errors,
            context={"kind": asked.kind.code},
            choices=ProgrammeChoices(asked.tx),
            now=local_now(asked.tx, asked.app.zone),
            language=asked.actor.language,
            translate=_saying(asked),
            words=asked.words.form(asked.form.id),
        )
    )
    words = asked.words
    return NewReport(
        kind=asked.kind.code,
        title=words.report(asked.kind.code),
        help=words.report_help(asked.kind.code),
        kinds=tuple((code, words.report(code)) for code in words.pack.config.reports),
        rows=rows,
        errors=errors,
        about=words.element(asked.pin.process, asked.pin.element) if asked.pin.process else None,
        key=key or uuid4().hex,
    )


def _seen(tx: Session, actor: Actor, report_id: int) -> Report:
    report = store.by_id(tx, report_id)
    if not rules.may_see(actor, _as_seen(report)):
        raise store.NoSuchReport
    return report


def _as_seen(report: Report) -> Seen:
    return Seen(report.reporter_account_id, report.group_id, report.kind, report.anonymous)


def _rows(
    tx: Session, app: Application, actor: Actor, reports: Sequence[Report]
) -> list[ReportRow]:
    words = Words(app.pack(tx), actor.language)
    types = formbook.options(words, _RECORD, "type")
    areas = formbook.options(words, _RECORD, "area")
    known = {
        report.id: report.reporter_account_id
        for report in reports
        if rules.may_know_reporter(actor, _as_seen(report))
    }
    names = accounts.names(tx, {one for one in known.values() if one is not None})
    now: datetime = clock.now(tx)
    return [
        ReportRow(
            id=report.id,
            number=report.number,
            kind=words.report(report.kind),
            type=types.get(report.type, report.type),
            area=areas.get(report.area, report.area),
            happened=report.happened,
            status=report.status,
            filed=report.filed,
            reporter=names.get(known.get(report.id) or 0),
            reference=report.reference,
            late=report.status == "filed" and now - report.filed > ACKNOWLEDGED_IN,
        )
        for report in reports
    ]
