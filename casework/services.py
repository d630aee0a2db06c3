"""The services that a diagram may ask for.

A local one runs inside the command's transaction. A remote one is carried out by a worker once
that has committed, at least once and with the same key each time; its answer is a command again.

Inputs are what the step's input mappings name; results are visible to its output mappings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import SamplanError
from casework import documents
from casework.access import REGISTER_PURPOSES, Holder, Party
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.hooks import events as hooks
from casework.meetings import terms as meetings
from casework.notifications import actions as notifications
from casework.notifications.post import MailBounced, MailRefused
from casework.organisations import store as organisations
from casework.people import actions as people
from casework.plans import actions as plans
from casework.reports import filing
from engine import runtime
from engine.errors import ErrorThrown
from engine.host import Host
from engine.model import Answer, Call, Request


class NoSuchService(SamplanError):
    """There is no such service."""


class NothingPresented(SamplanError):
    """No consent of this purpose waits for the person's answer."""


#: The error of an organisation that has no general address.
NO_ADDRESS = "no_address"
#: The error of a mail that points at a person.
MAIL_REFUSED = "mail_contains_personal_data"

#: The kind of report that a dilemma in a diagram becomes, where the pack has it.
_DILEMMA = "dilemma"

Result = Mapping[str, Any]
Doer = Callable[[Session, "Caller", Call], Result]
#: Holds no transaction while it waits for the world. Raises ErrorThrown for what a diagram may
#: catch; whatever else it raises is tried again.
Carrier = Callable[[Application, Request], Result]


class Caller(Host, Protocol):
    """The engine's host, with the application behind it."""

    @property
    def app(self) -> Application: ...


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it needs, what it gives, which errors it throws; local or remote."""

    inputs: frozenset[str]
    outputs: frozenset[str]
    errors: frozenset[str] = frozenset()
    do: Doer | None = None
    carry: Carrier | None = None

    @property
    def remote(self) -> bool:
        return self.carry is not None


def call(tx: Session, host: Caller, asked: Call) -> Result | None:
    """None for a remote service. Raises NoSuchService, or whatever the service refuses with."""
    service = _find(asked.service)
    return service.do(tx, host, asked) if service.do is not None else None


def carry_out(app: Application, asked: Request) -> Answer:
    """Have a remote service do what a diagram asks for; open no transaction around it.

    Raises NoSuchService, or whatever keeps it from being done now.
    """
    service = _find(asked.service)
    if service.carry is None:
        raise NoSuchService
    try:
        return Answer(service.carry(app, asked))
    except ErrorThrown as error:
        return Answer(error=error.code)


def _find(name: str) -> Service:
    try:
        return CATALOGUE[name]
    except KeyError as error:
        raise NoSuchService from error


def _consent_present(tx: Session, host: Caller, call: Call) -> Result:
    purpose = call.inputs["purpose"]
    draft = consents.latest(tx, call.case_id, purpose)
    if draft is None:
        raise NothingPresented
    presented = documents.present(tx, host.app, draft.id, by=call.by)
    return {
        "consent_id": str(presented.consent_id),
        "person_known": people.recorded(tx, call.case_id),
        "requested_on": presented.requested_on,
    }


def _consent_activate(tx: Session, host: Caller, call: Call) -> Result:
    held = consent.activate(tx, UUID(call.inputs["consent_id"]), by=call.by)
    return {
        "consent_id": str(held.consent_id),
        "parties": [_party(tx, party) for party in held.parties],
        "until": held.until,
    }


def _consent_refuse(tx: Session, host: Caller, call: Call) -> Result:
    consent.refuse(tx, UUID(call.inputs["consent_id"]), by=call.by)
    return {}


def _consent_lapse_request(tx: Session, host: Caller, call: Call) -> Result:
    consent.lapse_request(tx, UUID(call.inputs["consent_id"]), by=call.by)
    return {}


def _consent_remind(tx: Session, host: Caller, call: Call) -> Result:
    case = case_store.by_id(tx, call.case_id)
    holder = case_store.lead_of(case) or Holder(
        case.referrer_organisation_id, case.referrer_unit_id, case.referrer_account_id
    )
    notifications.remind(tx, call.case_id, holder.party, reason="consent_unanswered")
    return {}


def _consent_informed(tx: Session, host: Caller, call: Call) -> Result:
    """Everybody whom a consent of this case ever let know something, in force or not."""
    named = {
        party
        for version in consents.of_case(tx, call.case_id)
        if version.activated_at is not None and version.purpose not in REGISTER_PURPOSES
        for party in consents.scope(tx, version).parties
    }
    return {"parties": [_party(tx, party) for party in sorted(named)]}


def _consent_status(tx: Session, host: Caller, call: Call) -> Result:
    today = clock.today(tx, host.app.zone)
    held = consent.in_force(tx, call.case_id, call.inputs["purpose"], on=today)
    if held is None:
        return {"in_force": False, "parties": [], "kinds": [], "until": None}
    found = organisations.organisations_by_id(tx, [p.organisation_id for p in held.parties])
    return {
        "in_force": True,
        "parties": [_party(tx, party) for party in held.parties],
        "kinds": sorted({organisation.kind for organisation in found.values()}),
        "until": held.until,
    }


def _case_set_lead(tx: Session, host: Caller, call: Call) -> Result:
    """The organisation's representative in the case's group leads, if there is one."""
    code, _, unit_code = str(call.inputs["organisation"]).partition("/")
    organisation = organisations.organisation(tx, code)
    unit = organisations.unit(tx, organisation.id, unit_code) if unit_code else None
    case = case_store.by_id(tx, call.case_id)
    today = clock.today(tx, host.app.zone)
    unit_id = unit.id if unit else None
    seat = (
        organisations.seat_of(tx, case.group_id, organisation.id, unit_id, today)
        if case.group_id is not None
        else None
    )
    account_id = seat.account_id if seat else None
    if organisation.id == case.referrer_organisation_id:
        account_id, unit_id = case.referrer_account_id, case.referrer_unit_id
    lead = Holder(organisation.id, unit_id, account_id)
    cases.set_lead(tx, call.case_id, lead, by=call.by)
    return {"organisation": code}


def _case_close(tx: Session, host: Caller, call: Call) -> Result:
    # Consents end with the case: who hears of it is asked before.
    hooks.case_closes(tx, host.app, call.case_id)
    cases.close(tx, call.case_id, str(call.inputs["path"]), by=call.by)
    return {}


def _case_resume(tx: Session, host: Caller, call: Call) -> Result:
    cases.wake(tx, call.case_id, by=call.by)
    runtime.resume(tx, host, call.case_id)
    return {}


def _case_cancel_running(tx: Session, host: Caller, call: Call) -> Result:
    runtime.cancel_case(tx, call.case_id, besides=call.instance_id, by=call.by)
    return {}


def _case_set_priority(tx: Session, host: Caller, call: Call) -> Result:
    cases.set_priority(tx, call.case_id, str(call.inputs["priority"]))
    return {}


def _meeting_standing(tx: Session, host: Caller, call: Call) -> Result:
    """How many meetings of the group were held in a term, and how many lie ahead (GG-17)."""
    group_id = case_store.by_id(tx, call.case_id).group_id or 0
    first, last = call.inputs["begins"], call.inputs["ends"]
    today = clock.today(tx, host.app.zone)
    held, booked = meetings.counted(tx, group_id, first, last, today)
    return {"held": held, "booked": booked}


def _plan_adopt(tx: Session, host: Caller, call: Call) -> Result:
    plan = plans.adopt_plan(tx, call.case_id)
    return {"version": plan.version, "follow_up_on": plan.follow_up_on}


def _dilemma_report(tx: Session, host: Caller, call: Call) -> Result:
    """A dilemma for the preparation group, pinned to the step, without the person (AC-06)."""
    code = str(call.inputs["kind"])
    audit.write(tx, actor=call.by, action="dilemma.report", case_id=call.case_id, code=code)
    case = case_store.by_id(tx, call.case_id)
    holder = case_store.lead_of(case) or Holder(case.referrer_organisation_id)
    pack = host.app.pack(tx)
    drawn = (one.id for one in pack.diagrams.values() if call.element in one.elements)
    pin = filing.Pin(next(drawn, ""), call.element, case.group_id)
    kind = pack.config.reports.get(_DILEMMA)
    if kind is not None:
        filing.arise(tx, host, kind, code, holder, pin)
    return {}


def _party_remind(tx: Session, host: Caller, call: Call) -> Result:
    organisation = organisations.organisation(tx, str(call.inputs["organisation"]))
    code = call.inputs.get("unit")
    unit = organisations.unit(tx, organisation.id, str(code)) if code else None
    party = Party(organisation.id, unit.id if unit else None)
    notifications.remind(tx, call.case_id, party, reason="step_waits")
    return {}


def _party(tx: Session, party: Party) -> dict[str, str | None]:
    """As variables hold a party: codes."""
    organisation = organisations.organisations_by_id(tx, [party.organisation_id])
    unit = organisations.units_by_id(tx, [party.unit_id]) if party.unit_id else {}
    return {
        "organisation": organisation[party.organisation_id].code,
        "unit": unit[party.unit_id].code if party.unit_id else None,
    }


def _organisation_mail(app: Application, asked: Request) -> Result:
    """Tell an organisation at its general address that something waits; once a day at most.

    Where identity is protected no mail goes out, and where the address is not taken none arrives:
    the diagram goes on as where there is no address.
    """
    code = str(asked.inputs["organisation"])
    with app.database.reading() as tx:
        if case_store.by_id(tx, asked.case_id).restricted:
            raise ErrorThrown(NO_ADDRESS)
    try:
        day = notifications.mail_organisation(app, code, key=asked.key)
    except MailRefused as refused:
        raise ErrorThrown(MAIL_REFUSED) from refused
    except MailBounced as bounced:
        raise ErrorThrown(NO_ADDRESS) from bounced
    if day is None:
        raise ErrorThrown(NO_ADDRESS)
    return {"mailed_on": day}


def _service(do: Doer, inputs: str = "", outputs: str = "") -> Service:
    return Service(frozenset(inputs.split()), frozenset(outputs.split()), do=do)


def _remote(carry: Carrier, inputs: str, outputs: str, errors: str) -> Service:
    needs, gives, throws = (frozenset(each.split()) for each in (inputs, outputs, errors))
    return Service(needs, gives, throws, carry=carry)


CATALOGUE: Mapping[str, Service] = {
    "consent.present": _service(
        _consent_present, "purpose", "consent_id person_known requested_on"
    ),
    "consent.activate": _service(_consent_activate, "consent_id", "consent_id parties until"),
    "consent.refuse": _service(_consent_refuse, "consent_id"),
    "consent.lapse_request": _service(_consent_lapse_request, "consent_id"),
    "consent.remind": _service(_consent_remind, "consent_id"),
    "consent.status": _service(_consent_status, "purpose", "in_force parties kinds until"),
    "consent.informed": _service(_consent_informed, "", "parties"),
    "case.set_lead": _service(_case_set_lead, "organisation", "organisation"),
    "case.set_priority": _service(_case_set_priority, "priority"),
    "case.close": _service(_case_close, "path"),
    "case.resume": _service(_case_resume),
    "case.cancel_running": _service(_case_cancel_running),
    "meeting.standing": _service(_meeting_standing, "begins ends", "held booked"),
    "plan.adopt": _service(_plan_adopt, "", "version follow_up_on"),
    "dilemma.report": _service(_dilemma_report, "kind"),
    "party.remind": _service(_party_remind, "organisation unit"),
    "organisation.mail": _remote(
        _organisation_mail, "organisation", "mailed_on", errors=f"{NO_ADDRESS} {MAIL_REFUSED}"
    ),
}
