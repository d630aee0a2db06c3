"""The log check: each month somebody of the organisation goes through a part of its log."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from base import clock
from base.db import Session
from base.errors import NotAllowed
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.looks import rules, store
from casework.looks.tables import LogReview, NamesStaff
from casework.organisations import store as organisations
from casework.people import actions as people
from casework.voice import voice

CHECKERS = frozenset({"manager"})
_PAIRS = 500
_REASONS = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """Somebody of the organisation in one month; ``signals`` are sentences with a count."""

    name: str
    cases: int
    looks: int
    sampled: bool
    signals: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month that is over, and whether it was gone through."""

    month: date
    note: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Check:
    """``people`` of the month that is looked at: those who stand out or were drawn."""

    organisation: str
    names_staff: bool
    month: date | None
    people: tuple[Drawn, ...]
    reasons: tuple[tuple[str, int], ...]
    months: tuple[Month, ...]

    @property
    def missing(self) -> tuple[Month, ...]:
        return tuple(one for one in self.months if one.at is None)


def check(tx: Session, app: Application, actor: Actor, month: date | None = None) -> Check:
    """The organisation's own staff, no client named. Raises NotAllowed, NotOver."""
    place = _place(actor)
    months = _months(tx, app, place)
    over = [one.month for one in months]
    missing = [one.month for one in months if one.at is None]
    shown = month or (missing[-1] if missing else over[0] if over else None)
    if month is not None and month not in over:
        raise rules.NotOver
    people_, reasons = ((), ()) if shown is None else _people(tx, app, actor, place, shown)
    return Check(
        organisation=organisations.organisations_by_id(tx, [place])[place].title,
        names_staff=place in store.names_staff(tx),
        month=shown,
        people=people_,
        reasons=reasons,
        months=months,
    )


def review(tx: Session, app: Application, actor: Actor, month: date, note: str) -> None:
    """The month was gone through, and what came of it. Raises NoNote, NotOver."""
    place = _place(actor)
    if month not in [one.month for one in _months(tx, app, place)]:
        raise rules.NotOver
    if not note.strip():
        raise rules.NoNote
    store.add_review(
        tx,
        LogReview(
            organisation_id=place,
            month=month,
            note=note.strip(),
            by=actor.account_id,
            at=clock.now(tx),
        ),
    )
    audit.write_by(tx, actor, "log.review", detail={"month": month, "organisation": place})


def let_names_be_told(tx: Session, actor: Actor, *, told: bool) -> None:
    """Whether the person may see by name who of the organisation's staff has looked."""
    place = _place(actor)
    if told:
        row = NamesStaff(organisation_id=place, by=actor.account_id, at=clock.now(tx))
        store.set_names_staff(tx, row)
    else:
        store.unset_names_staff(tx, place)
    audit.write_by(tx, actor, "log.names", detail={"told": told, "organisation": place})


def _place(actor: Actor) -> int:
    places = actor.holding(CHECKERS)
    if not places:
        raise NotAllowed(code="role")
    return places[0].organisation_id


def _months(tx: Session, app: Application, place: int) -> tuple[Month, ...]:
    first = store.first_look(tx, place)
    if first is None:
        return ()
    done = {row.month: row for row in store.reviews(tx, place)}
    names = accounts.names(tx, {row.by for row in done.values()})
    over = rules.months_over(first, clock.today(tx, app.zone))
    return tuple(
        Month(month, row.note, names.get(row.by, ""), row.at)
        if (row := done.get(month))
        else Month(month, "", "", None)
        for month in over
    )


def _people(
    tx: Session, app: Application, actor: Actor, place: int, month: date
) -> tuple[tuple[Drawn, ...], tuple[tuple[str, int], ...]]:
    last = rules.next_month(month) - timedelta(1)
    opened = {each.account_id: each for each in store.opened(tx, place, month, last)}
    given = store.by_reason(tx, place, month, last, _REASONS)
    names = accounts.names(tx, opened)
    sampled = set(rules.sample(tuple(opened), place, month))
    found = rules.signals(
        {account: each.cases for account, each in opened.items()},
        _refusals(tx, app, place, month),
        _of_one_name(tx, place, month, last, names),
        Counter(row.account_id for row in given),
    )
    say = voice(tx, app, actor.language)
    told: dict[int, list[tuple[str, int]]] = {}
    for signal in found:
        if signal.account_id in opened:
            words = say(rules.SIGNALS[signal.code])
            told.setdefault(signal.account_id, []).append((words, signal.count))
    drawn = tuple(
        Drawn(
            name=names.get(account, ""),
            cases=opened[account].cases,
            looks=opened[account].looks,
            sampled=account in sampled,
            signals=tuple(told.get(account, ())),
        )
        for account in sorted(sampled | set(told), key=lambda id_: (id_ not in told, id_))
    )
    counted = Counter(say(rules.REASONS[row.reason]) for row in given)
    return drawn, tuple(sorted(counted.items()))


def _refusals(tx: Session, app: Application, place: int, month: date) -> dict[int, int]:
    zone = ZoneInfo(app.zone)
    start = datetime.combine(month, time(), zone).astimezone(UTC)
    end = datetime.combine(rules.next_month(month), time(), zone).astimezone(UTC)
    return {
        int(actor.removeprefix("account:")): times
        for actor, times in store.refusals(tx, place, start, end)
        if actor.startswith("account:")
    }


def _of_one_name(
    tx: Session, place: int, month: date, last: date, names: Mapping[int, str]
) -> Counter[int]:
    """Accounts that opened cases of somebody with their own family name, and of how many.

    The names of the persons do not leave this function.
    """
    pairs = store.looked_at(tx, place, month, last, _PAIRS)
    persons: Mapping[UUID, str] = people.names_to_compare(tx, {case for _, case in pairs})
    return Counter(
        account
        for account, case in pairs
        if case in persons and rules.same_family(names.get(account, ""), persons[case])
    )
