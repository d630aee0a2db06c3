"""Tell who has looked at a case. The caller logs this look too."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from uuid import UUID

from base import clock, lang
from base.db import Session
from base.errors import NotAllowed
from casework import access, naming
from casework.access import Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.application import Application
from casework.cases import store as case_store
from casework.looks import rules, store
from casework.looks.model import Day, Group, Line, Looks
from casework.looks.store import Looked
from casework.looks.tables import LookReason
from casework.organisations import store as organisations
from casework.printing import Document, Grid, Heading, Label, Text, printed
from casework.voice import voice

SHOWN = 2_000
_REFUSED = 1_000


def looks(tx: Session, app: Application, actor: Actor, case_id: UUID) -> Looks:
    """For whoever leads the case to show the person, and for auditors.

    Raises NotFound, NotAllowed. Statements do not grow with the number of looks.
    """
    today = clock.today(tx, app.zone)
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    _require_lead(actor, facts)
    case = case_store.by_id(tx, case_id)
    found = store.of_case(tx, case_id, SHOWN + 1)
    refused = Counter(place for _, place in store.refused(tx, str(case_id), _REFUSED))
    ids = {each.organisation_id for each in found} | set(refused)
    titles = _titles(tx, ids)
    named = store.names_staff(tx)
    staff = accounts.names(
        tx, {each.account_id for each in found if each.organisation_id in named}
    )
    say = voice(tx, app, actor.language, case.pack_id)
    words = {kind: say(text) for kind, text in rules.KINDS.items()}
    nameless = say("Without organisation")
    return Looks(
        case_id=case_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        days=_days(found[:SHOWN], titles, words, staff, (nameless, say(rules.OTHER))),
        refused=tuple(
            sorted((titles.get(place or 0, nameless), count) for place, count in refused.items())
        ),
        more=len(found) > SHOWN,
    )


def printed_looks(tx: Session, app: Application, actor: Actor, case_id: UUID) -> bytes:
    """The same on paper; no name of the person stands on it."""
    found = looks(tx, app, actor, case_id)
    say = voice(tx, app, actor.language, case_store.by_id(tx, case_id).pack_id)
    blocks: list[Heading | Grid | Text] = [Text(say("What an organisation saw, day by day."))]
    head = (Label(say("Organisation")), Label(say("What")), Label(say("Times")))
    for day in found.days:
        blocks.append(Heading(Label(lang.say_day(day.day, actor.language, date.min))))
        rows = [
            (group.organisation, _what(line), str(line.times))
            for group in day.groups
            for line in group.lines
        ]
        blocks.append(Grid(head, tuple(rows)))
    if not found.days:
        blocks.append(Text(say("Nobody has looked yet.")))
    if found.refused:
        blocks.append(Heading(Label(say("Tries that were refused"))))
        refused = tuple((place, str(count)) for place, count in found.refused)
        blocks.append(Grid((head[0], head[2]), refused))
    return printed(
        Document(
            kind=Label(say("Who has looked at my case")),
            blocks=blocks,
            language=actor.language,
            reference=found.number,
            logo=say.logo,
        )
    )


def give_reason(tx: Session, app: Application, actor: Actor, case_id: UUID, reason: str) -> None:
    """Say why one opens a case in which nothing waits for one; holds for the day.

    Raises NotFound, NoReason.
    """
    today = clock.today(tx, app.zone)
    access.require(actor, Action.SEE_CASE, case_store.facts(tx, case_id), on=today)
    if reason not in rules.REASONS:
        raise rules.NoReason
    store.add_reason(
        tx,
        LookReason(
            case_id=case_id,
            account_id=actor.account_id,
            day=today,
            reason=reason,
            at=clock.now(tx),
        ),
    )


def _what(line: Line) -> str:
    return f"{line.what} ({line.who})" if line.who else line.what


def _require_lead(actor: Actor, facts: CaseFacts) -> None:
    if "auditor" in actor.roles:
        return
    lead = facts.acting_lead.party
    if not any(access.overlap(place, lead) for place in access.working(actor, facts)):
        raise NotAllowed("This is for whoever coordinates the case.", code="not_yours")


def _titles(tx: Session, ids: Iterable[int | None]) -> Mapping[int, str]:
    known = organisations.organisations_by_id(tx, {id_ for id_ in ids if id_ is not None})
    return {id_: organisation.title for id_, organisation in known.items()}


def _days(
    found: Iterable[Looked],
    titles: Mapping[int, str],
    words: Mapping[str, str],
    staff: Mapping[int, str],
    others: tuple[str, str],
) -> tuple[Day, ...]:
    """``others``: words for no organisation, and for a kind without words."""
    nameless, other = others

    def group(place: int | None, seen: Iterable[Looked]) -> Group:
        counted: Counter[tuple[str, str]] = Counter()
        for each in seen:
            counted[words.get(each.kind, other), staff.get(each.account_id, "")] += each.times
        lines = (Line(what, times, who) for (what, who), times in counted.items())
        return Group(titles.get(place or 0, nameless), tuple(lines))

    return tuple(
        Day(
            day,
            tuple(
                group(place, seen)
                for place, seen in groupby(on_day, key=lambda each: each.organisation_id)
            ),
        )
        for day, on_day in groupby(found, key=lambda each: each.day)
    )
