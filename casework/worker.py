"""What happens without anybody: timers, background work, consents that run out, mails.

Each piece of work is one transaction; one that fails becomes an incident and never stops the rest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

from base import clock, jobs
from base.db import Session
from casework import errands
from casework.application import Application
from casework.audit import anchoring
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.erasure import actions as erasure
from casework.hooks import store as hooks
from casework.host import CaseHost
from casework.notifications import actions as notifications
from casework.organisations import store as organisations
from casework.rekeying import actions as rekeying
from casework.releases import beginning
from casework.releases import store as releases
from casework.retention import actions as retention
from casework.seats import actions as seats
from engine import commands, moves, runtime, waits

_BATCH = 50
_DIGEST_HOUR = 7
_LAPSE = "consent_lapse"
_TIDY = "tidy"
_SEATS = "seats"


def run_round(app: Application, also: jobs.Staff | None = None) -> int:
    """Everything that is due now; how many pieces of work were done.

    ``also``: who does the background work of a whole site, beside that of cases.
    """
    done = sweep(app) + jobs.work_off(app.database, errands.staff(app, also)).succeeded
    return done + write_mails(app)


@contextmanager
def rounds(app: Application, also: jobs.Staff | None = None) -> Iterator[Callable[[], int]]:
    """What to call again and again; on PostgreSQL jobs are done beside it, as they come."""
    if not app.database.on_postgresql:
        yield lambda: run_round(app, also)
        return
    with jobs.working(app.database, errands.staff(app, also)):
        yield lambda: sweep(app) + write_mails(app)


def sweep(app: Application) -> int:
    """What no job asks for: timers, consents that run out, the day's work, lost workers' jobs."""
    done = expire_consents(app) + fire_timers(app) + move_cases(app) + tidy(app)
    done += turn_seats(app) + beginning.begin_agreed(app)
    done += anchoring.anchor(app.database)
    return done + jobs.rescue(app.database)


def tidy(app: Application) -> int:
    """Once a day, whichever worker comes first: forget what nobody will ask for again."""
    with app.database.reading() as tx:
        today = clock.today(tx, app.zone)
        if not jobs.chore_due(tx, _TIDY, today):
            return 0
    with app.database.transaction() as tx:
        if not jobs.take_chore(tx, _TIDY, today):
            return 0
        commands.purge(tx)
        moves.purge(tx)
        runtime.purge_answers(tx)
        retention.purge_looks(tx, app)
        releases.purge_trials(tx, today)
        hooks.purge(tx, clock.now(tx))
    erasure.again(app)
    rekeying.sweep(app)
    return 1


def turn_seats(app: Application) -> int:
    """Once a day: steps of whoever has left a seat go on, and long vacancies are told of."""
    with app.database.reading() as tx:
        today = clock.today(tx, app.zone)
        if not app.pack_id or not jobs.chore_due(tx, _SEATS, today):
            return 0
    with app.database.transaction() as tx:
        if not jobs.take_chore(tx, _SEATS, today):
            return 0
        return 1 + seats.hand_over_ended(tx, app) + seats.warn_of_vacancies(tx, app)


def fire_timers(app: Application) -> int:
    """Fire what is due, oldest first, until nothing is; how many."""
    fired = 0
    while True:
        swept = waits.sweep(app.database, CaseHost(app), case_store.try_lock, limit=_BATCH)
        fired += swept.fired
        if not swept.fired:
            return fired


def move_cases(app: Application) -> int:
    """Move some of the cases that are to be moved; timers come between; how many."""
    return moves.sweep(app.database, CaseHost(app), case_store.try_lock, limit=_BATCH)


def expire_consents(app: Application) -> int:
    """Consents whose last day has passed: the case rests with one step, renew or close."""
    with app.database.reading() as tx:
        today = clock.today(tx, app.zone)
        overdue = [(c.id, c.case_id) for c in consents.overdue(tx, today)]
    return sum(_expire(app, consent_id, case_id) for consent_id, case_id in overdue)


def _expire(app: Application, consent_id: UUID, case_id: UUID) -> bool:
    with app.database.transaction() as tx:
        case = case_store.lock_case(tx, case_id)
        expired = consent.expire(tx, consent_id, on=clock.today(tx, app.zone))
        if expired is None or not expired.carries or case.status != "open":
            return expired is not None
        if _covered(tx, app, case_id):
            return True
        cases.rest(tx, case_id)
        runtime.suspend(tx, case_id)
        runtime.start(
            tx,
            CaseHost(app),
            pack_id=case.pack_id,
            process=_LAPSE,
            case_id=case_id,
            variables=_lapse_variables(tx, case_id, expired.purpose),
            by="clock",
        )
    return True


def _covered(tx: Session, app: Application, case_id: UUID) -> bool:
    """Whether another consent still carries the case."""
    today = clock.today(tx, app.zone)
    consents_ = case_store.facts(tx, case_id).consents
    return any(fact.shares and fact.in_force(today) for fact in consents_)


def _lapse_variables(tx: Session, case_id: UUID, purpose: str) -> dict[str, str | None]:
    facts = case_store.facts(tx, case_id)
    lead = facts.acting_lead
    organisation = organisations.organisations_by_id(tx, [lead.organisation_id])
    return {
        "organisation": organisation[lead.organisation_id].code,
        "unit": None,
        "purpose": purpose,
        "procedure": facts.procedure,
    }


def write_mails(app: Application) -> int:
    """In the morning for all for whom something waits; later that day only what is urgent.

    Looks without the write lock first: most rounds have nothing to write.
    """
    with app.database.reading() as tx:
        hour = clock.now(tx).astimezone(ZoneInfo(app.zone)).hour
        urgent = hour > _DIGEST_HOUR
        if hour < _DIGEST_HOUR or not notifications.digests(tx, app, only_urgent=urgent):
            return 0
    with app.database.transaction() as tx:
        return notifications.write_digests(tx, app, only_urgent=urgent)
