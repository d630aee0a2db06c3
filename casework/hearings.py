"""What a case can hear: a button for each message that it waits for and that this role may send.

An event that an owner draws gets its button without code: the pack declares the message with its
words, form and roles; the engine says which messages are waited for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import structlog

import feel
from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed, NotFound
from casework import access, casefacts, choices, formbook, messages, naming, records
from casework.access import Action, Actor, CaseFacts, Holder
from casework.alarms import actions as alarms
from casework.application import Application
from casework.attachments.asked import Brought, Place, bring, of_form, told_at
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.consent import actions as consent
from casework.host import CaseHost
from casework.roles import local_now
from casework.sending import digest_of, grouped, type_sent
from casework.voice import saying
from casework.words import Words
from engine import commands, runtime
from engine.errors import NotWaiting
from engine.packs import Action as Message
from forms import Checked, Form, Row, check, draw, posted, sample, typed
from forms import change as change_rows
from forms import read as read_answers

_log = structlog.get_logger()
_RARE = frozenset({"person_moved", "person_died", "case_handed_over"})


@dataclass(frozen=True, slots=True)
class Hearing:
    """Something the case waits to hear, as a button."""

    message: str
    title: str
    rare: bool


@dataclass(frozen=True, slots=True)
class HearingPage:
    """The page on which somebody tells a case that something has happened.

    ``spoken``: the language that title, guidance and form are in.
    """

    case_id: UUID
    case_number: str
    pack_id: str
    who: str | None
    message: str
    title: str
    guidance: str
    rows: tuple[Row, ...]
    errors: Mapping[str, str]
    key: str
    spoken: str


def available(
    tx: Session, app: Application, actor: Actor, case: Case, facts: CaseFacts, words: Words
) -> tuple[Hearing, ...]:
    """The messages this case waits for and this actor may send, in the pack's order."""
    return available_to(tx, app, [actor], case, facts, words)[0]


def available_to(
    tx: Session,
    app: Application,
    actors: Sequence[Actor],
    case: Case,
    facts: CaseFacts,
    words: Words,
) -> list[tuple[Hearing, ...]]:
    """`available` for each of them; the same statements for one and for many."""
    awaited = runtime.heard(tx, case.id)
    today = clock.today(tx, app.zone)
    return [_available(actor, awaited, today, case, facts, words) for actor in actors]


def _available(
    actor: Actor,
    awaited: Collection[str],
    today: date,
    case: Case,
    facts: CaseFacts,
    words: Words,
) -> tuple[Hearing, ...]:
    return tuple(
        Hearing(message.message, words.action(message.message), message.message in _RARE)
        for message in words.pack.config.actions.values()
        if message.button
        and message.message in awaited
        and _may_send(actor, message, facts)
        and access.may(actor, Action.ACT, facts, on=today).allowed
        and _holds_when(message, case)
        and (not _withdraws(words, message) or _something_to_withdraw(facts))
    )


def hearing(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    name: str,
    *,
    sent: type_sent | None = None,
    key: str = "",
    left: Collection[str] = (),
) -> HearingPage:
    """The page for a message. ``left``: fields for which a file was chosen and not attached.

    Raises NotFound, NotAllowed, NotWaiting.
    """
    asked = _asked(tx, app, actor, case_id, name, key)
    values: Mapping[str, Any] = {}
    if sent is not None and asked.form is not None:
        values = change_rows(asked.form, grouped(sent))
    say = _saying(asked)
    wrong = {field: say("Attach the file that you chose, or choose none.") for field in left}
    return _page(asked, values, wrong)


def attach_file(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    name: str,
    file: Brought,
    sent: type_sent,
    *,
    key: str,
) -> HearingPage:
    """Keep a file for a file picker of the form: the page with it, and with all that was typed.

    The page with an error where the file cannot be taken: the caller rolls back. What is told
    with the same key may name it. Raises as `hearing`, NotFound for another field.
    """
    case_store.lock_case(tx, case_id)
    asked = _asked(tx, app, actor, case_id, name, key)
    today, most = clock.today(tx, app.zone), app.settings.attachment_megabytes
    answers, wrong = grouped(sent), {}
    try:
        kept = bring(tx, actor, asked.facts, asked.place, file, sent, on=today, megabytes=most)
        answers.setdefault(file.to, []).append(str(kept))
    except (Invalid, Conflict) as error:
        wrong = {file.to: _saying(asked)(str(error))}
    values = read_answers(asked.form, answers) if asked.form else {}
    return _page(asked, values, wrong)


def hear(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    name: str,
    sent: type_sent,
    *,
    key: str,
) -> HearingPage | None:
    """Tell the case; a page with errors if the answers are not right: the caller rolls back.

    A withdrawal takes effect here, before any diagram reacts. Raises NotFound, NotAllowed,
    NotWaiting, Conflict.
    """
    case_store.lock_case(tx, case_id)
    target = f"{case_id}/{name}"
    earlier = commands.once(
        tx,
        account_id=actor.account_id,
        command="hear",
        target=target,
        key=key,
        digest=digest_of(sent),
    )
    if earlier is not None:
        return None
    asked = _asked(tx, app, actor, case_id, name, key)
    checked = _checked(asked, sent)
    if checked.errors:
        values = read_answers(asked.form, grouped(sent)) if asked.form else {}
        return _page(asked, values, checked.errors)
    _carry_out(asked, checked)
    case_store.drop_closed_drafts(tx, case_id)
    commands.answer(
        tx, account_id=actor.account_id, command="hear", target=target, key=key, result={}
    )
    return None


def form_of(tx: Session, app: Application, actor: Actor, case_id: UUID, name: str) -> Form | None:
    """What a message asks, if anything. Raises as `hearing`."""
    return _asked(tx, app, actor, case_id, name).form


def sample_answers(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    name: str,
    named: Mapping[str, Any],
) -> list[tuple[str, str]]:
    """Valid answers for a message's form as a browser sends them; for playing scenarios."""
    asked = _asked(tx, app, actor, case_id, name)
    if asked.form is None:
        return []
    now = local_now(tx, app.zone)
    made = sample(asked.form, _choices(asked), now, _context(asked), named=named)
    return [(key, v) for key, values in posted(asked.form, made).items() for v in values]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message that the actor may send to a case now."""

    tx: Session
    app: Application
    actor: Actor
    case: Case
    facts: CaseFacts
    message: Message
    words: Words
    form: Form | None
    #: Of the page on which it is told, once.
    key: str

    @property
    def place(self) -> Place:
        """Of the files that are attached on the page."""
        at = told_at(self.case.id, self.message.message, self.actor.account_id, self.key)
        return Place(at, None, self.form)


def _asked(
    tx: Session, app: Application, actor: Actor, case_id: UUID, name: str, key: str = ""
) -> _Asked:
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=clock.today(tx, app.zone))
    case = case_store.by_id(tx, case_id)
    words = Words(app.pack(tx), actor.language)
    message = words.pack.config.actions.get(name)
    if message is None or not message.button:
        raise NotFound
    if not _may_send(actor, message, facts):
        raise NotAllowed(code="not_yours")
    if not _holds_when(message, case):
        raise NotAllowed(access.WHY["not_written"], code="not_written")
    if name not in runtime.heard(tx, case_id):
        raise NotWaiting
    form = formbook.form(words.pack, message.form) if message.form else None
    return _Asked(tx, app, actor, case, facts, message, words, form, key or uuid4().hex)


def _may_send(actor: Actor, message: Message, facts: CaseFacts) -> bool:
    """Whether the actor holds one of the message's roles in this case."""
    places = access.working(actor, facts)
    holders = {"referrer": facts.referrer.party, "case_lead": facts.acting_lead.party}
    for role in message.roles:
        holder = holders.get(role)
        if holder is not None and any(access.overlap(place, holder) for place in places):
            return True
        if role == "party" and places:
            return True
    return False


def _holds_when(message: Message, case: Case) -> bool:
    """The owner's condition over what the case is; a condition that fails counts as no."""
    if message.when is None:
        return True
    source = message.when.removeprefix("=")
    try:
        return feel.compile(source).evaluate({"procedure": case.procedure}) is True
    except feel.FeelError:
        return False


def _withdraws(words: Words, message: Message) -> bool:
    """Whether the message takes consent back."""
    if message.form is None:
        return False
    return formbook.form(words.pack, message.form).record == "withdrawal"


def _saying(asked: _Asked) -> Callable[[str], str]:
    return saying(asked.tx, asked.app, asked.actor.language, asked.case.pack_id)


def _something_to_withdraw(facts: CaseFacts) -> bool:
    return any(consent.status == "active" for consent in facts.consents)


def _checked(asked: _Asked, sent: type_sent) -> Checked:
    if asked.form is None:
        return Checked({}, {}, frozenset())
    return check(
        asked.form,
        grouped(sent),
        _context(asked),
        choices=_choices(asked),
        now=local_now(asked.tx, asked.app.zone),
        language=asked.actor.language,
        translate=_saying(asked),
        words=asked.words.form(asked.form.id),
    )


def _page(asked: _Asked, values: Mapping[str, Any], errors: Mapping[str, str]) -> HearingPage:
    rows: tuple[Row, ...] = ()
    if asked.form is not None:
        rows = tuple(
            draw(
                asked.form,
                values=values,
                errors=errors,
                context=_context(asked),
                choices=_choices(asked),
                now=local_now(asked.tx, asked.app.zone),
                language=asked.actor.language,
                translate=_saying(asked),
                words=asked.words.form(asked.form.id),
            )
        )
    today = clock.today(asked.tx, asked.app.zone)
    who = naming.who_in(asked.tx, asked.actor, {asked.case.id: asked.case}, on=today)
    return HearingPage(
        case_id=asked.case.id,
        case_number=asked.case.number,
        pack_id=asked.case.pack_id,
        who=who.get(asked.case.id),
        message=asked.message.message,
        title=asked.words.action(asked.message.message),
        guidance=asked.words.action_help(asked.message.message),
        rows=rows,
        errors=errors,
        key=asked.key,
        spoken=asked.words.spoken,
    )


def _carry_out(asked: _Asked, checked: Checked) -> None:
    tx, actor, case_id = asked.tx, asked.actor, asked.case.id
    if asked.form is not None:
        _keep(asked, checked)
    audit.write_by(
        tx, actor, "case.hear", case_id=case_id, target=f"message:{asked.message.message}"
    )
    variables = _variables(asked, checked)
    if asked.form is not None and asked.form.record == "withdrawal":
        if not _goes_on(asked, checked):
            _tell_of_withdrawal(asked, variables)
        return
    messages.tell(tx, asked.app, case_id, asked.message.message, variables, by=actor.pseudonym)


def _tell_of_withdrawal(asked: _Asked, variables: Mapping[str, Any]) -> None:
    """Consent has ended whether or not the diagram reacts; if it does not, that is an alarm."""
    outcome = runtime.message(
        asked.tx,
        CaseHost(asked.app),
        name=asked.message.message,
        case_id=asked.case.id,
        variables=variables,
        by=asked.actor.pseudonym,
    )
    if outcome is None:
        _log.error("withdrawal not heard", case=str(asked.case.id))
        alarms.withdrawal_unheard(asked.tx, asked.case.id, by=asked.actor)


def _keep(asked: _Asked, checked: Checked) -> None:
    form = asked.form
    assert form is not None  # noqa: S101
    records.keep(
        form.record,
        records.Sent(asked.tx, asked.app, asked.actor, asked.facts, None, checked.values),
    )
    organisation_id = asked.actor.organisation_id
    if organisation_id is not None:
        cases.add_entry(
            asked.tx,
            asked.case.id,
            casefacts.by_category(form, checked.values),
            form=form.id,
            author=Holder(organisation_id, asked.actor.unit_id, asked.actor.account_id),
        )


def _goes_on(asked: _Asked, checked: Checked) -> bool:
    """Take consent back now; True when the rest of it still holds and the case goes on.

    A party that leaves has its open items completed with ``party_left``.
    """
    answers = checked.values
    code = answers.get("party") if answers.get("scope") == "party" else None
    leaving = choices.party_of(asked.tx, str(code)) if code else None
    today = clock.today(asked.tx, asked.app.zone)
    withdrawal = consent.withdraw(asked.tx, asked.actor, asked.facts, on=today, leaving=leaving)
    if not withdrawal.goes_on or leaving is None:
        return False
    runtime.leave(
        asked.tx,
        CaseHost(asked.app),
        case_id=asked.case.id,
        organisation=str(code).partition("/")[0],
        by=asked.actor.pseudonym,
    )
    return True


def _variables(asked: _Asked, checked: Checked) -> dict[str, Any]:
    """What the message brings: the pack's mappings over the answers."""
    if asked.form is None:
        return {}
    answers = typed(asked.form, checked.values, local_now(asked.tx, asked.app.zone))
    return {
        name: feel.compile(source.removeprefix("=")).evaluate(answers, now=clock.now(asked.tx))
        for name, source in asked.message.outputs.items()
    }


def _context(asked: _Asked) -> Mapping[str, Any]:
    today = clock.today(asked.tx, asked.app.zone)
    reader = casefacts.Reader(asked.tx, asked.actor, asked.case, asked.facts, today)
    return casefacts.case_context(reader)


def _choices(asked: _Asked) -> choices.CaseChoices:
    today = clock.today(asked.tx, asked.app.zone)
    files = of_form(asked.tx, asked.actor, asked.facts, asked.place, on=today)
    return choices.CaseChoices(asked.tx, asked.app, asked.case, everyone=False, files=files)
