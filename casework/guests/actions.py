"""Invite a guest to an item, let them in, and show them that item. Source: AC-04, GG-22, GG-23."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from base import clock, crypto, keys
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import access, formbook, sealing
from casework.access import Action, Actor, CaseFacts, Party
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.actions import Entry
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.documents import party_titles
from casework.guests import asking, rules, store
from casework.guests.asking import Filled
from casework.guests.model import GuestRow, GuestsPage, Invited, ItemPage, Written
from casework.guests.rules import Invitation
from casework.guests.tables import GuestAccess
from casework.meetings import store as meetings
from casework.meetings.rules import MeetingOver
from casework.meetings.tables import AgendaItem, Meeting
from casework.organisations import store as organisations
from casework.people import actions as people
from casework.words import Words
from engine import releases

_OPEN = frozenset({"placed", "in_session"})
_PERSON = "person:"


class NoSuchGuest(NotFound):
    """A guest's link works while the item is being taken up, neither before nor after."""

    told = True


class NotNamed(NotAllowed):
    """The consent names no such guest."""

    code = "party_not_named"


def guests_page(
    tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int
) -> GuestsPage:
    """For the convener and for whoever leads the case. Raises NotFound, NotAllowed."""
    meeting, item, facts = _item(tx, app, actor, meeting_id, item_id)
    return GuestsPage(
        meeting_id=meeting.id,
        item_id=item.id,
        number=item.number,
        case_number=case_store.by_id(tx, facts.case_id).number,
        on=meeting.on,
        guests=_rows(tx, actor, facts, store.of_item(tx, item.id), meeting.on),
        choices=_choices(tx, actor, facts, meeting),
    )


def invite(
    tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int, choice: str
) -> Invited:
    """Invite an organisation (its code) or a person whom consent names; an earlier link dies.

    Raises NotNamed, MeetingOver, NotFound, NotAllowed.
    """
    meeting, item, facts = _item(tx, app, actor, meeting_id, item_id, lock=True)
    today = clock.today(tx, app.zone)
    access.require_open(actor, facts, on=today)
    if item.state not in _OPEN or meeting.on < today:
        raise MeetingOver
    offered = dict(_choices(tx, actor, facts, meeting))
    if choice not in offered:
        raise NotNamed
    for earlier in store.of_item(tx, item.id):
        if earlier.ended_at is None and _key(tx, earlier) == choice:
            earlier.ended_at = clock.now(tx)
    link, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**rules.CODE_DIGITS):06d}"
    person = choice.startswith(_PERSON)
    guest = GuestAccess(
        case_id=facts.case_id,
        item_id=item.id,
        organisation_id=None if person else organisations.organisation(tx, choice).id,
        name=None,
        link_digest=crypto.digest(link.encode()),
        code_digest=b"",
        invited_by=actor.account_id,
        invited_at=clock.now(tx),
    )
    tx.add(guest)
    tx.flush()
    if person:
        name = choice.removeprefix(_PERSON)
        guest.name = sealing.seal_value(keys.of(tx).get(facts.case_id), name, _place(guest))
    guest.code_digest = _code_digest(tx, guest, code)
    audit.write_by(
        tx,
        actor,
        "guest.invite",
        case_id=facts.case_id,
        target=f"guest:{guest.id}",
        detail={"item": item.id, "organisation": guest.organisation_id},
    )
    return Invited(offered[choice], f"{app.settings.public_url}/guest/{link}", code)


def end(
    tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int, guest_id: int
) -> None:
    """The guest's link is dead from now on."""
    _, item, facts = _item(tx, app, actor, meeting_id, item_id, lock=True)
    guest = store.locked(tx, guest_id)
    if guest is None or guest.item_id != item.id:
        raise NotFound
    guest.ended_at = guest.ended_at or clock.now(tx)
    audit.write_by(tx, actor, "guest.end", case_id=facts.case_id, target=f"guest:{guest.id}")


def with_session(tx: Session, token: str) -> GuestAccess:
    """Whose browser this is. Raises NoSuchGuest."""
    guest = store.with_session(tx, crypto.digest(token.encode()))
    if guest is None:
        raise NoSuchGuest
    return guest


def expected(tx: Session, app: Application, link: str) -> None:
    """Whether somebody with this link may come in now. Raises NoSuchGuest."""
    guest = store.with_link(tx, crypto.digest(link.encode()))
    if guest is None:
        raise NoSuchGuest
    require(tx, app, guest)


def enter(tx: Session, app: Application, link: str, code: str) -> str | None:
    """What the guest's browser keeps; None for a wrong code, the fifth of which ends the link.

    Raises NoSuchGuest.
    """
    found = store.with_link(tx, crypto.digest(link.encode()))
    if found is None:
        raise NoSuchGuest
    case_store.lock_case(tx, found.case_id)
    guest = store.locked(tx, found.id)
    if guest is None:
        raise NoSuchGuest
    require(tx, app, guest)
    typed = "".join(character for character in code if character.isdigit())
    if not hmac.compare_digest(_code_digest(tx, guest, typed), guest.code_digest):
        guest.failures += 1
        if guest.failures >= rules.MOST_FAILURES:
            guest.ended_at = clock.now(tx)
        note(tx, guest, "refused.guest.enter", code="wrong_code")
        return None
    token = secrets.token_urlsafe(32)
    guest.session_digest = crypto.digest(token.encode())
    guest.entered_at = clock.now(tx)
    note(tx, guest, "guest.enter")
    return token


def look(
    tx: Session,
    app: Application,
    token: str,
    language: str,
    *,
    filled: Filled | None = None,
) -> ItemPage:
    """The item, as far as consent lets this guest know; ``filled``: what was typed and is wrong.

    Raises NoSuchGuest.
    """
    guest = with_session(tx, token)
    invitation, facts, meeting, item = require(tx, app, guest)
    today = clock.today(tx, app.zone)
    parties = sorted(
        {party for held in rules.admitting(invitation, facts, today) for party in held.parties}
    )
    return ItemPage(
        case_id=facts.case_id,
        pack_id=case_store.by_id(tx, facts.case_id).pack_id,
        organisation_id=guest.organisation_id,
        guest=_label(tx, guest),
        group=organisations.group_by_id(tx, meeting.group_id).title,
        on=meeting.on,
        time=meeting.time,
        place=meeting.place,
        number=item.number,
        who=_who(tx, invitation, facts, today),
        until=meeting.on,
        organisations=tuple(party_titles(tx, parties)),
        written=_written(tx, app, invitation, facts, today, language),
        asked=asking.asked(tx, app, invitation, facts, language, filled or Filled()),
    )


def _item(
    tx: Session,
    app: Application,
    actor: Actor,
    meeting_id: int,
    item_id: int,
    *,
    lock: bool = False,
) -> tuple[Meeting, AgendaItem, CaseFacts]:
    """Case first, then what hangs on it; of an individual item that the actor may speak for."""
    meeting = meetings.meeting(tx, meeting_id)
    item = meetings.item(tx, meeting_id, item_id)
    if item.case_id is None:
        raise NotFound
    if lock:
        case_store.lock_case(tx, item.case_id)
        tx.refresh(item)
    facts = case_store.facts(tx, item.case_id)
    if not access.knows(actor, facts, on=clock.today(tx, app.zone)):
        raise NotFound
    convenes = any(m.group_id == meeting.group_id for m in actor.holding({"convener"}))
    if not convenes and not access.concerned(actor, facts):
        raise NotAllowed(code="not_yours")
    return meeting, item, facts


def _choices(
    tx: Session, actor: Actor, facts: CaseFacts, meeting: Meeting
) -> tuple[tuple[str, str], ...]:
    """Whom consent on the meeting day names beside those who sit in the group.

    Persons only for whom may know whom the case is about.
    """
    if facts.restricted:
        return ()
    held = [
        one
        for one in facts.consents
        if one.in_force(meeting.on) and one.written and one.purpose == rules.PURPOSE
    ]
    seated = {
        seat.organisation_id for seat in organisations.seats(tx, meeting.group_id, meeting.on)
    }
    named = {party.organisation_id for one in held for party in one.parties} - seated
    found = organisations.organisations_by_id(tx, named)
    offered = [(each.code, each.title) for each in found.values()]
    if access.may(actor, Action.READ_IDENTITY, facts, on=meeting.on).allowed:
        names = {name for one in held for name in _guests_named(tx, one.consent_id)}
        offered += [(f"{_PERSON}{name}", name) for name in names]
    return tuple(sorted(offered, key=lambda pair: pair[1].casefold()))


def _guests_named(tx: Session, consent_id: UUID) -> tuple[str, ...]:
    return consent.guests_of(tx, consents.by_id(tx, consent_id))


def require(
    tx: Session, app: Application, guest: GuestAccess
) -> tuple[Invitation, CaseFacts, Meeting, AgendaItem]:
    """Asked in the same transaction as each look. Raises NoSuchGuest."""
    facts = case_store.facts(tx, guest.case_id)
    item = tx.get_one(AgendaItem, guest.item_id)
    meeting = meetings.meeting(tx, item.meeting_id)
    name = _name(tx, guest)
    named_in = frozenset(
        one.consent_id
        for one in facts.consents
        if name is not None
        and any(rules.same_guest(name, other) for other in _guests_named(tx, one.consent_id))
    )
    invitation = Invitation(
        organisation_id=guest.organisation_id,
        named_in=named_in,
        item_state=item.state,
        meeting_on=meeting.on,
        ended=guest.ended_at is not None,
    )
    if not rules.admits(invitation, facts, clock.today(tx, app.zone)):
        raise NoSuchGuest
    return invitation, facts, meeting, item


def _who(tx: Session, invitation: Invitation, facts: CaseFacts, today: date) -> str | None:
    if not rules.may_read(invitation, facts, today, "identity", facts.referrer.party):
        return None
    return people.name_of(tx, facts.case_id)


def _written(
    tx: Session,
    app: Application,
    invitation: Invitation,
    facts: CaseFacts,
    today: date,
    language: str,
) -> tuple[Written, ...]:
    """What was written for the consultation, oldest first; of the rest not even that it exists."""

    def allowed(author: Party, category: str | None, purpose: str | None) -> bool:
        return purpose == rules.PURPOSE and rules.may_read(
            invitation, facts, today, category, author
        )

    entries = [entry for entry in cases.entries_for(tx, facts.case_id, allowed) if entry.answers]
    places = organisations.organisations_by_id(
        tx, {entry.author.organisation_id for entry in entries}
    )
    return tuple(
        Written(
            title=_title(tx, app, entry, language),
            organisation=places[entry.author.organisation_id].title,
            answers=tuple(
                formbook.answered(_words(tx, app, entry, language), entry.form, entry.answers)
            ),
        )
        for entry in entries
    )


def _title(tx: Session, app: Application, entry: Entry, language: str) -> str:
    return formbook.step_title(_words(tx, app, entry, language), entry.form)


def _words(tx: Session, app: Application, entry: Entry, language: str) -> Words:
    pack = releases.load(tx, entry.release_id) if entry.release_id else app.pack(tx)
    return Words(pack, language)


def _rows(
    tx: Session, actor: Actor, facts: CaseFacts, found: Sequence[GuestAccess], on: date
) -> tuple[GuestRow, ...]:
    knows = access.may(actor, Action.READ_IDENTITY, facts, on=on).allowed
    titles = organisations.organisations_by_id(tx, {g.organisation_id or 0 for g in found})
    return tuple(
        GuestRow(
            id=guest.id,
            guest=titles[guest.organisation_id].title
            if guest.organisation_id is not None
            else (_name(tx, guest) or "") * knows,
            state="ended" if guest.ended_at else "entered" if guest.entered_at else "waiting",
            entered_at=guest.entered_at,
        )
        for guest in found
    )


def _label(tx: Session, guest: GuestAccess) -> str:
    if guest.organisation_id is not None:
        found = organisations.organisations_by_id(tx, [guest.organisation_id])
        return found[guest.organisation_id].title
    return _name(tx, guest) or ""


def _key(tx: Session, guest: GuestAccess) -> str:
    if guest.organisation_id is not None:
        found = organisations.organisations_by_id(tx, [guest.organisation_id])
        return found[guest.organisation_id].code
    return f"{_PERSON}{_name(tx, guest)}"


def _name(tx: Session, guest: GuestAccess) -> str | None:
    if guest.name is None:
        return None
    key = keys.of(tx).get(guest.case_id)
    name: str = sealing.unseal_value(key, guest.name, _place(guest))
    return name


def note(tx: Session, guest: GuestAccess, action: str, *, code: str = "") -> None:
    """Write down what a guest did, under a pseudonym."""
    audit.write(
        tx,
        actor=f"guest:{guest.id}",
        organisation_id=guest.organisation_id,
        action=action,
        case_id=guest.case_id,
        target=f"item:{guest.item_id}",
        code=code,
    )


def _code_digest(tx: Session, guest: GuestAccess, code: str) -> bytes:
    """Under a key outside the database: so short a code could be guessed from a bare digest."""
    return crypto.blind_index(keys.of(tx).index_key, f"guest/{guest.id}/{code}")


def _place(guest: GuestAccess) -> str:
    return f"guest_access/{guest.id}/name"
