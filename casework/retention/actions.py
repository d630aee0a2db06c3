"""Cases whose time has come: put on a list, agreed to by a second person, erased.

Whoever does this sees numbers, classes and days, never what is in a case.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from base import clock, jobs
from base.db import Database, Session
from base.errors import Conflict, NotAllowed
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.audit import store as audit_store
from casework.cases import store as case_store
from casework.cases.store import NoSuchCase
from casework.cases.tables import Case
from casework.erasure import actions as erasure
from casework.naming import local_day
from casework.programmes import store as programmes
from casework.retention import rules, store
from casework.retention.model import Held, Kept, Listing, Row
from casework.retention.rules import Rule
from casework.retention.store import Cutoff, Reach
from casework.retention.tables import Disposal, Hold, RetentionOverride
from casework.voice import voice
from casework.words import Words

JOB = "case.erase"
#: Who disposes of cases: managers of what their organisation led, auditors of all.
DISPOSERS = frozenset({"manager", "auditor"})
#: Who decides on periods.
DECIDERS = frozenset({"federation", "process_owner"})
SHOWN = 50


class TooLate(Conflict):
    """This case is being erased already; nothing can hold it back."""


class NotDue(Conflict):
    """The time of one of these cases has not come, or it is held. Nothing was put on the list."""


def listing(tx: Session, app: Application, actor: Actor) -> Listing:
    """What may go, what waits for a second person, what is held, what is gone."""
    reach = _reach(actor)
    today = clock.today(tx, app.zone)
    due = _due(tx, app, reach, limit=SHOWN + 1)
    waiting = store.waiting(tx, reach, SHOWN)
    going = store.approved(tx, reach, SHOWN)
    erased = store.erased(tx, reach, SHOWN)
    names = accounts.names(tx, {each.proposed_by for each in (*waiting, *going, *erased)})
    words, say = Words(app.pack(tx), actor.language), voice(tx, app, actor.language)

    def row(each: Disposal, at: datetime | None) -> Row:
        return Row(
            case_id=each.case_id,
            number=each.number,
            kind=words.retention(each.code),
            closed=_day(each.closed, app),
            by=names.get(each.proposed_by, ""),
            at=at,
            mine=each.proposed_by == actor.account_id,
        )

    return Listing(
        due=tuple(
            Row(case.id, case.number, words.retention(code), _day(case.closed, app))
            for case, code in due[:SHOWN]
        ),
        more=len(due) > SHOWN,
        waiting=tuple(row(each, each.proposed_at) for each in waiting),
        going=tuple(row(each, each.approved_at) for each in going),
        erased=tuple(row(each, each.erased_at) for each in erased),
        held=tuple(
            Held(hold.id, number, say(rules.REASONS[hold.reason]), hold.reference, hold.until)
            for hold, number in store.held(tx, reach, today, SHOWN)
        ),
    )


def propose(tx: Session, app: Application, actor: Actor, case_ids: Collection[UUID]) -> int:
    """Put cases on the list; how many. Raises NotDue, and then puts none."""
    reach = _reach(actor)
    wanted = sorted(set(case_ids))
    for case_id in wanted:
        case_store.lock_case(tx, case_id)
    found = _due(tx, app, reach, limit=len(wanted), case_ids=wanted)
    if len(found) != len(wanted):
        raise NotDue
    for case, code in found:
        lead = case_store.lead_of(case)
        holder = lead.organisation_id if lead else case.referrer_organisation_id
        tx.add(
            Disposal(
                case_id=case.id,
                number=case.number,
                code=code,
                closed=case.closed or clock.now(tx),
                organisation_id=holder,
                proposed_by=actor.account_id,
                proposed_at=clock.now(tx),
            )
        )
        audit.write_by(tx, actor, "disposal.propose", case_id=case.id, detail={"class": code})
    return len(found)


def approve(tx: Session, actor: Actor, case_ids: Collection[UUID]) -> int:
    """Agree that cases on the list go; how many. They are erased once this has committed.

    Raises SecondPerson for one that the actor put there, NotOnTheList.
    """
    found = store.among(tx, _reach(actor), case_ids)
    for each in found:
        rules.require_second(each.proposed_by, actor.account_id)
        each.approved_by, each.approved_at = actor.account_id, clock.now(tx)
        audit.write_by(tx, actor, "disposal.approve", case_id=each.case_id)
        jobs.defer(tx, JOB, {"case": str(each.case_id)})
    return len(found)


def take_off(tx: Session, actor: Actor, case_ids: Collection[UUID]) -> None:
    """Not to be disposed of after all, before anybody agreed."""
    for each in store.among(tx, _reach(actor), case_ids):
        tx.delete(each)
        audit.write_by(tx, actor, "disposal.take_off", case_id=each.case_id)


def hold(
    tx: Session,
    actor: Actor,
    number: str,
    *,
    reason: str,
    reference: str,
    until: date | None,
) -> None:
    """Keep a case whatever its class says; one on the list comes off it.

    Raises NoSuchCase, NoReason, NoReference, TooLate.
    """
    reach = _reach(actor)
    if reason not in rules.REASONS:
        raise rules.NoReason
    if not reference.strip():
        raise rules.NoReference
    case_id = case_store.find_number(tx, number)
    if case_id is None or not store.may_reach(tx, reach, case_id):
        raise NoSuchCase
    case_store.lock_case(tx, case_id)
    listed = store.disposal(tx, case_id)
    if listed is not None and listed.begun_at is not None:
        raise TooLate
    if listed is not None:
        tx.delete(listed)
    tx.add(
        Hold(
            case_id=case_id,
            reason=reason,
            reference=reference.strip(),
            by=actor.account_id,
            at=clock.now(tx),
            until=until,
        )
    )
    audit.write_by(tx, actor, "disposal.hold", case_id=case_id, detail={"reason": reason})


def lift(tx: Session, actor: Actor, hold_id: int) -> None:
    """The reason to keep the case is gone."""
    found = store.hold_by_id(tx, hold_id)
    if found is None or not store.may_reach(tx, _reach(actor), found.case_id):
        raise NoSuchCase
    if found.lifted_at is None:
        found.lifted_by, found.lifted_at = actor.account_id, clock.now(tx)
        audit.write_by(tx, actor, "disposal.lift", case_id=found.case_id)


def carry_out(app: Application) -> Callable[[Database, jobs.Payload], None]:
    """Erase a case that two people agreed on; again after a crash, from where it stopped."""

    def erase(database: Database, payload: jobs.Payload) -> None:
        case_id = UUID(payload["case"])
        with database.transaction() as tx:
            listed = store.disposal(tx, case_id)
            if listed is None or listed.approved_at is None or listed.erased_at is not None:
                return
            listed.begun_at = listed.begun_at or clock.now(tx)
        erasure.destroy_key(database, case_id)
        with database.transaction() as tx:
            listed = store.disposal(tx, case_id)
            assert listed is not None  # noqa: S101 - begun, so that nothing takes it off
            by, code = f"account:{listed.approved_by}", listed.code
            listed.erased_at = clock.now(tx)
            erasure.remove(tx, case_id, by=by, code=code)
        erasure.scrub(app)

    return erase


def classes(tx: Session, app: Application, actor: Actor) -> tuple[Kept, ...]:
    """The classes as they hold now, in the order of the pack. For everybody who is signed in."""
    words = Words(app.pack(tx), actor.language)
    return tuple(
        Kept(words.retention(rule.retention.code), rule, rule.retention.outcomes)
        for rule in _rules(tx, app)
    )


def change(
    tx: Session, app: Application, actor: Actor, code: str, *, after: str, reference: str
) -> None:
    """The programme decides on another period for a class. Raises BadPeriod, NoReference."""
    if actor.roles.isdisjoint(DECIDERS):
        raise NotAllowed(code="role")
    rules.period(after)
    if not reference.strip():
        raise rules.NoReference
    if code not in app.pack(tx).config.retention:
        raise store.NotOnTheList
    programme = programmes.programmes(tx)[0]
    store.put_override(
        tx,
        RetentionOverride(
            programme_id=programme.id,
            code=code,
            after=after.strip().upper(),
            reference=reference.strip(),
            by=actor.account_id,
            at=clock.now(tx),
        ),
    )
    audit.write_by(
        tx, actor, "retention.change", target=f"class:{code}", detail={"after": after.strip()}
    )


def purge_looks(tx: Session, app: Application) -> None:
    """Forget who looked, once the class of the log allows it."""
    periods = [rule.after for rule in _rules(tx, app) if rule.retention.of == "log"]
    if not periods:
        return
    before = max(rules.cutoff(clock.today(tx, app.zone), after) for after in periods)
    rows = audit_store.purge_looks(tx, before)
    if rows:
        audit.write(tx, actor="clock", action="log.purge", detail={"before": before, "rows": rows})


def _reach(actor: Actor) -> Reach:
    if "auditor" in actor.roles:
        return Reach(actor.account_id, None)
    places = actor.holding({"manager"})
    if not places:
        raise NotAllowed(code="role")
    return Reach(actor.account_id, frozenset(place.organisation_id for place in places))


def _rules(tx: Session, app: Application) -> tuple[Rule, ...]:
    if not app.pack_id:
        return ()
    [programme, *_] = programmes.programmes(tx)
    pack = app.pack(tx)
    return rules.in_force(pack.config.retention.values(), store.overrides(tx, programme.id))


def _due(
    tx: Session,
    app: Application,
    reach: Reach,
    *,
    limit: int,
    case_ids: Collection[UUID] | None = None,
) -> list[tuple[Case, str]]:
    today = clock.today(tx, app.zone)
    kept = _rules(tx, app)
    consents = [rules.cutoff(today, r.after) for r in kept if r.retention.of == "consent"]
    last = min(consents, default=None)
    found = store.due(
        tx,
        reach,
        _cutoffs(kept, today, app.zone),
        consents=None if last is None else (last, _midnight(last, app.zone)),
        today=today,
        limit=limit,
        case_ids=case_ids,
    )
    return list({case.id: (case, code) for case, code in found}.values())[:limit]


def _cutoffs(kept: Sequence[Rule], today: date, zone: str) -> list[Cutoff]:
    of_cases = [rule for rule in kept if rule.retention.of == "case"]
    named = tuple(outcome for rule in of_cases for outcome in rule.retention.outcomes)
    return [
        Cutoff(
            code=rule.retention.code,
            outcomes=rule.retention.outcomes or named,
            others=not rule.retention.outcomes,
            before=_midnight(rules.cutoff(today, rule.after), zone),
        )
        for rule in of_cases
    ]


def _midnight(day: date, zone: str) -> datetime:
    """When the day ends."""
    return datetime.combine(day + timedelta(1), time(), ZoneInfo(zone))


def _day(moment: datetime | None, app: Application) -> date:
    day = local_day(moment, app.zone)
    assert day is not None  # noqa: S101 - a closed case has a day
    return day
