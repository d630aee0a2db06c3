"""Domain records that a form can be bound to by name (form property ``record``).

A bound form's answers go through the record's action besides the case file: it writes tables and
versions. Owners may add, reword and reorder fields; bound required ones may not be dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from base import clock
from base.db import Session
from casework import choices, restriction
from casework.access import Actor, CaseFacts, Withheld
from casework.application import Application
from casework.cases import actions as cases
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.consent.rules import ORAL, SPOKEN, Scope, Signature, Texts, WrongState, takes_oral
from casework.guests import rules as guests
from casework.people import actions as people
from casework.people.rules import Person
from casework.plans import actions as plans
from casework.reports import steps as reports
from engine.packs import Pack
from forms import RecordField

Answers = Mapping[str, Any]
_SIGNATURE_FORMS = {SPOKEN: ORAL}
_MEASURE_STATES = {"confirm": "confirmed", "change": "change", "refuse": "refused"}


@dataclass(frozen=True, slots=True)
class Sent:
    """Answers that somebody sent for a case, and where they stand."""

    tx: Session
    app: Application
    actor: Actor
    facts: CaseFacts
    #: Whom the step was for; None for what a case hears.
    organisation_id: int | None
    answers: Answers

    @property
    def today(self) -> date:
        return clock.today(self.tx, self.app.zone)


@dataclass(frozen=True, slots=True)
class Record:
    """What a form must hold to be this record, and what becomes of its answers."""

    fields: tuple[RecordField, ...]
    keep: Callable[[Sent], None]
    #: Every text is looked through: nobody may be pointed at.
    impersonal: bool = False


def required(record: str | None) -> frozenset[str]:
    """Fields without which a record cannot be written."""
    fields = RECORDS[record].fields if record is not None else ()
    return frozenset(field.name for field in fields if field.required)


def written_only(pack: Pack, procedure: str) -> bool:
    """Whether the pack takes nothing but written consent in a procedure; so where it is silent."""
    found = pack.config.procedures.get(procedure)
    return found is None or not takes_oral(found.consent_forms)


def only_filed(record: str | None) -> bool:
    """Whether answers go to the case file and nothing else follows from them."""
    return record is None or RECORDS[record].keep is _file_only


def keep(record: str | None, sent: Sent) -> None:
    """Write the record; a form without one only goes to the case file."""
    if record is not None:
        RECORDS[record].keep(sent)


def names_nobody(record: str | None) -> bool:
    """Whether a form with this record may point at no person."""
    return record is not None and record in RECORDS and RECORDS[record].impersonal


def _referral(sent: Sent) -> None:
    procedure = sent.answers["procedure"]
    cases.set_procedure(
        sent.tx,
        sent.facts.case_id,
        procedure,
        written_only=written_only(sent.app.pack(sent.tx), procedure),
    )
    cases.set_alias(sent.tx, sent.facts.case_id, sent.answers["alias"])
    if sent.answers.get("protected_identity") == "yes":
        restriction.protect(sent.tx, sent.app, sent.actor, sent.facts.case_id, [])


def _consent(sent: Sent) -> None:
    scope = Scope(
        purpose=sent.answers["purpose"],
        parties=frozenset(choices.party_of(sent.tx, code) for code in sent.answers["parties"]),
        categories=frozenset(sent.answers["categories"]),
        valid_from=_day(sent.answers["valid_from"]),
        valid_until=_day(sent.answers["valid_until"]),
        excluded_categories=frozenset(sent.answers.get("excluded_categories") or ()),
        ends_when=sent.answers.get("ends_when") or "date",
        exceptions=frozenset(
            Withheld(
                choices.party_of(sent.tx, row["teller"]).organisation_id,
                choices.party_of(sent.tx, row["reader"]).organisation_id,
                "" if row["category"] == "all" else row["category"],
            )
            for row in sent.answers.get("exceptions") or ()
        ),
    )
    texts = Texts(
        exclusions=sent.answers.get("exclusions") or "",
        necessity=sent.answers.get("necessity_reason") or "",
        representative=str(sent.answers.get("representative") or ""),
        guests=tuple(row["name"] for row in sent.answers.get("guests") or ()),
    )
    consent.prepare(sent.tx, sent.actor, sent.facts, scope, texts, on=sent.today)


def _consent_signature(sent: Sent) -> None:
    waiting = consents.with_status(sent.tx, sent.facts.case_id, ["presented"])
    if not waiting:
        raise WrongState
    answers = sent.answers
    signature = Signature(
        form=_SIGNATURE_FORMS.get(str(answers["form"])) or str(answers["form"]),
        signed_on=_day(answers["signed_on"]),
        matches_document=answers["matches_document"] == "yes",
        signed_by=answers.get("signed_by") or "person",
        proof=answers.get("proof") or "",
        original_location=answers.get("original_location") or "",
        oral_note=answers.get("oral_note") or "",
        information_given=tuple(answers.get("information_given") or ()),
        scan_id=next((UUID(str(one)) for one in answers.get("scan") or ()), None),
    )
    consent.register_signature(
        sent.tx, sent.actor, sent.facts, waiting[-1].id, signature, on=sent.today
    )


def _person(sent: Sent) -> None:
    fields = ("given_name", "family_name", "id_kind", "id_number", "phone", "address")
    known = {name: sent.answers.get(name) or "" for name in fields}
    preferred = sent.answers.get("preferred_contact") or ""
    person = Person(**known, preferred_contact=preferred)
    people.record_person(sent.tx, sent.actor, sent.facts, person, on=sent.today)


def _plan(sent: Sent) -> None:
    plans.record_plan(sent.tx, sent.facts.case_id, sent.actor.account_id, sent.answers)


def _measure_confirmation(sent: Sent) -> None:
    if sent.organisation_id is not None:
        state = _MEASURE_STATES[sent.answers["answer"]]
        plans.answer_measures(sent.tx, sent.facts.case_id, sent.organisation_id, state)


def _measure_report(sent: Sent) -> None:
    for report in sent.answers.get("measures") or ():
        plans.report_measure(sent.tx, sent.facts.case_id, int(report["measure"]), report["status"])


def _plan_approval(sent: Sent) -> None:
    if sent.answers["agrees"] != "yes":
        plans.decline_plan(sent.tx, sent.facts.case_id)


def _report_acknowledgement(sent: Sent) -> None:
    reports.acknowledge(sent.tx, sent.facts.case_id)


def _report_contact(sent: Sent) -> None:
    reports.agree(sent.tx, sent.facts.case_id, agreed=str(sent.answers["agreed"]))


def _report_analysis(sent: Sent) -> None:
    reports.analyse(sent.tx, sent.facts.case_id, pattern=str(sent.answers["pattern"]))


def _report_answer(sent: Sent) -> None:
    if sent.organisation_id is not None:
        text = str(sent.answers["answer"])
        reports.answer(sent.tx, sent.facts.case_id, sent.organisation_id, text)


def _report_feedback(sent: Sent) -> None:
    answers = sent.answers
    reports.close(
        sent.tx,
        sent.facts.case_id,
        status=str(answers["outcome"]),
        feedback=str(answers["feedback"]),
        lesson=str(answers.get("lesson") or ""),
    )


def _file_only(sent: Sent) -> None:
    """The answers lie in the case file; nothing else follows from them here."""


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _fields(required: str, optional: str = "") -> tuple[RecordField, ...]:
    return tuple(RecordField(name, required=True) for name in required.split()) + tuple(
        RecordField(name) for name in optional.split()
    )


RECORDS: Mapping[str, Record] = {
    "referral": Record(_fields("procedure alias", "protected_identity"), _referral),
    "consent": Record(
        _fields(
            "purpose parties categories valid_from valid_until",
            "excluded_categories exclusions exceptions guests necessity_reason ends_when"
            " representative",
        ),
        _consent,
    ),
    "consent_signature": Record(
        _fields(
            "form signed_on matches_document",
            "signed_by proof original_location scan oral_note information_given",
        ),
        _consent_signature,
    ),
    "person": Record(
        _fields("given_name family_name id_kind", "id_number phone address preferred_contact"),
        _person,
    ),
    "brief": Record(_fields("questions", "info_material_given info_given_on"), _file_only),
    "consultation": Record(_fields("parts"), _file_only),
    guests.RECORD: Record(_fields(" ".join(guests.FIELDS)), _file_only),
    "outcome": Record(
        _fields("joint_planning_needed", "who_meets follow_up_meeting none_reason"), _file_only
    ),
    "plan_meeting": Record(_fields("meeting_date", "meeting_time place leader"), _file_only),
    "plan": Record(
        _fields(
            "own_voice goals measures overall_responsible coordinator follow_up_on",
            "crisis_plan contacts present",
        ),
        _plan,
    ),
    "measure_confirmation": Record(_fields("answer", "reason"), _measure_confirmation),
    "measure_report": Record(_fields("measures"), _measure_report),
    "plan_approval": Record(_fields("agrees", "comment copy_given_on"), _plan_approval),
    "follow_up": Record(_fields("decision", "next_follow_up_on"), _file_only),
    "closure": Record((), _file_only),
    "report": Record(
        _fields(
            "happened", "type area organisations consequence proposal anonymous solved_locally"
        ),
        _file_only,
        impersonal=True,
    ),
    "report_acknowledgement": Record(_fields("handling"), _report_acknowledgement),
    "report_contact": Record(_fields("solved agreed"), _report_contact, impersonal=True),
    "report_analysis": Record(_fields("pattern"), _report_analysis, impersonal=True),
    "report_answer": Record(_fields("answer"), _report_answer, impersonal=True),
    "report_feedback": Record(
        _fields("outcome feedback", "lesson"), _report_feedback, impersonal=True
    ),
    "withdrawal": Record(_fields("received_on received_how scope", "party"), _file_only),
}
