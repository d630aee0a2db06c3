"""Give the person what is held of them; write down what was told to others.

For whoever works where the case is led. Two people release what the person gets: the first
registers the request and leaves out what tells of others, the second reads it and agrees.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from base import clock, keys, lang
from base.db import Session
from base.errors import NotAllowed
from casework import access, formbook, sealing
from casework.access import Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.casefile import actions as casefile
from casework.casefile.model import CasePage
from casework.cases import store as case_store
from casework.disclosure import rules, store
from casework.disclosure.model import Asked, DisclosurePage, Told
from casework.disclosure.tables import Disclosure, PersonsRequest
from casework.printing import Block, Document, Facts, Heading, Items, Label, Text, printed
from casework.retention.rules import due
from casework.voice import voice
from casework.words import Words
from engine.packs.config import Period

#: GDPR article 12(3): within a month.
_ANSWER = Period(1, 0)


def page(tx: Session, app: Application, actor: Actor, case_id: UUID) -> DisclosurePage:
    """Raises NotFound, NotAllowed."""
    _require_lead(tx, app, actor, case_id)
    case = casefile.case_page(tx, app, actor, case_id)
    say = voice(tx, app, actor.language, case.pack_id)
    words = Words(app.pack(tx), actor.language)
    found = store.requests(tx, case_id)
    names = accounts.names(tx, {one.by for one in found})
    kinds = formbook.options(words, "consent", "categories")
    told = store.disclosures(tx, case_id)
    key = keys.of(tx).get(case_id)
    return DisclosurePage(
        case_id=case_id,
        number=case.number,
        who=case.who,
        requests=tuple(
            Asked(
                id=one.id,
                kind=one.kind,
                words=say(rules.REQUESTS[one.kind]),
                asked=one.asked,
                due=one.due,
                by=names.get(one.by, ""),
                mine=one.by == actor.account_id,
                released=one.released_at is not None,
                closed=one.closed_at is not None,
            )
            for one in found
        ),
        told=tuple(
            Told(
                on=one.on,
                to=sealing.unseal_value(key, one.recipient, _place(one.id)),
                kinds=tuple(kinds.get(kind, kind) for kind in one.kinds),
                channel=say(rules.CHANNELS[one.channel]),
                ground=one.law or say("The person's consent"),
            )
            for one in told
        ),
        entries=tuple(
            (entry.id, f"{entry.title}, {entry.organisation}") for entry in case.entries
        ),
        kinds=tuple(kinds.items()),
    )


def register(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    kind: str,
    identity: str,
    left_out: Collection[int] = (),
) -> int:
    """The person asks; the id of the request. Raises NoKind, NoIdentity."""
    case_store.lock_case(tx, case_id)
    _require_lead(tx, app, actor, case_id)
    if kind not in rules.REQUESTS:
        raise rules.NoKind
    if identity not in rules.IDENTITIES:
        raise rules.NoIdentity
    today = clock.today(tx, app.zone)
    request_id = store.add(
        tx,
        PersonsRequest(
            case_id=case_id,
            kind=kind,
            asked=today,
            due=due(today, _ANSWER),
            identity=identity,
            by=actor.account_id,
            at=clock.now(tx),
            left_out=sorted(set(left_out)),
        ),
    )
    detail: dict[str, audit.Detail] = {"request": request_id, "kind": kind, "identity": identity}
    audit.write_by(tx, actor, "request.register", case_id=case_id, detail=detail)
    return request_id


def release(tx: Session, app: Application, actor: Actor, case_id: UUID, request_id: int) -> None:
    """A second person agrees that it may be given out. Raises SecondPerson."""
    case_store.lock_case(tx, case_id)
    _require_lead(tx, app, actor, case_id)
    found = store.request(tx, case_id, request_id)
    rules.require_second(found.by, actor.account_id)
    if found.released_at is None:
        found.released_by, found.released_at = actor.account_id, clock.now(tx)
        audit.write_by(
            tx, actor, "request.release", case_id=case_id, detail={"request": request_id}
        )


def close(tx: Session, app: Application, actor: Actor, case_id: UUID, request_id: int) -> None:
    """The person has got it, or it has been put right."""
    case_store.lock_case(tx, case_id)
    _require_lead(tx, app, actor, case_id)
    found = store.request(tx, case_id, request_id)
    if found.closed_at is None:
        found.closed_by, found.closed_at = actor.account_id, clock.now(tx)
        audit.write_by(tx, actor, "request.close", case_id=case_id, detail={"request": request_id})


def held(
    tx: Session, app: Application, actor: Actor, case_id: UUID, request_id: int
) -> dict[str, Any]:
    """All that is held and may be given out, as plain data; the caller logs it.

    Whoever may release it reads it first; whoever registered it gets it once it is released.
    Raises NotReleased.
    """
    _require_lead(tx, app, actor, case_id)
    found = store.request(tx, case_id, request_id)
    if found.kind != "access":
        raise store.NoSuchRequest
    if found.released_at is None and found.by == actor.account_id:
        raise rules.NotReleased
    case = casefile.case_page(tx, app, actor, case_id)
    return _data(case, frozenset(found.left_out), ZoneInfo(app.zone))


def printed_held(
    tx: Session, app: Application, actor: Actor, case_id: UUID, request_id: int
) -> bytes:
    """The same on paper."""
    data = held(tx, app, actor, case_id, request_id)
    say = voice(tx, app, actor.language, case_store.by_id(tx, case_id).pack_id)
    blocks: list[Block] = [Heading(Label(say("Who you are")))]
    person = {key: value for key, value in data["person"].items() if value}
    blocks.append(Facts(tuple((Label(say(_PERSON[key])), value) for key, value in person.items())))
    blocks.append(Heading(Label(say("Consents"))))
    blocks.append(
        Items(tuple(f"{one['purpose']}: {', '.join(one['parties'])}" for one in data["consents"]))
    )
    if data["plan"]:
        blocks.append(Heading(Label(say("The plan"))))
        blocks.append(Text(data["plan"]["own_voice"], quoted=True))
        blocks.append(Items(tuple(data["plan"]["goals"])))
    blocks.append(Heading(Label(say("What has been written"))))
    for one in data["entries"]:
        blocks.append(Heading(Label(f"{one['title']}, {one['organisation']}"), level=2))
        rows = tuple((Label(pair["label"]), pair["text"]) for pair in one["answers"])
        blocks.append(Facts(rows) if rows else Text(say("Nothing was filled in.")))
    blocks.append(Heading(Label(say("What has happened"))))
    blocks.append(
        Items(
            tuple(f"{_day(one['on'], actor.language)}: {one['what']}" for one in data["happened"])
        )
    )
    if data["left_out"] or data["hidden"]:
        blocks.append(
            Text(
                say(
                    "Something was left out, because it tells of somebody else or is"
                    " another organisation's to give. Ask there."
                )
            )
        )
    return printed(
        Document(
            kind=Label(say("All that is held about me")),
            blocks=blocks,
            language=actor.language,
            reference=data["number"],
            logo=say.logo,
        )
    )


def tell(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    *,
    to: str,
    kinds: Collection[str],
    channel: str,
    law: str,
) -> None:
    """Write down that something was told outside Samplan: by consent, or by a rule that is named.

    Raises NotSaid, NotCovered.
    """
    case_store.lock_case(tx, case_id)
    facts = _require_lead(tx, app, actor, case_id)
    words = Words(app.pack(tx), actor.language)
    known = formbook.options(words, "consent", "categories")
    if not to.strip() or not kinds or channel not in rules.CHANNELS or set(kinds) - set(known):
        raise rules.NotSaid
    today = clock.today(tx, app.zone)
    consent_id = None if law.strip() else _covering(facts, kinds, today)
    row = Disclosure(
        case_id=case_id,
        on=today,
        channel=channel,
        kinds=sorted(kinds),
        recipient=b"",
        ground="law" if law.strip() else "consent",
        consent_id=consent_id,
        law=law.strip(),
        by=actor.account_id,
        organisation_id=actor.organisation_id,
        at=clock.now(tx),
    )
    number = store.add(tx, row)
    row.recipient = sealing.seal_value(keys.of(tx).get(case_id), to.strip(), _place(number))
    told: dict[str, audit.Detail] = {"channel": channel, "consent": consent_id}
    audit.write_by(tx, actor, "disclosure.tell", case_id=case_id, detail=told)


def _covering(facts: CaseFacts, kinds: Collection[str], on: date) -> UUID:
    """The consent in force that names all these kinds. Raises NotCovered."""
    for one in facts.consents:
        named = one.categories - one.excluded_categories
        if one.shares and one.in_force(on) and set(kinds) <= named:
            return one.consent_id
    raise rules.NotCovered


def _require_lead(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CaseFacts:
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=clock.today(tx, app.zone))
    lead = facts.acting_lead.party
    if not any(access.overlap(place, lead) for place in access.working(actor, facts)):
        raise NotAllowed("This is for whoever coordinates the case.", code="not_yours")
    return facts


def _(text: str) -> str:
    return text


_PERSON = {
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "id_number": _("Identity number"),
    "phone": _("Phone"),
    "address": _("Address"),
    "preferred_contact": _("Contact preferably"),
    "interpreter": _("Interpreter"),
}


def _data(case: CasePage, left_out: frozenset[int], zone: ZoneInfo) -> dict[str, Any]:
    """Moments and days are those of the programme's clocks."""
    person = case.person
    own = (person.id_number, person.phone) if person else ()
    shown = [entry for entry in case.entries if entry.id not in left_out]
    return {
        "number": case.number,
        "person": {key: getattr(person, key) for key in _PERSON} if person else {},
        "consents": [
            {
                "purpose": one.purpose,
                "state": one.state,
                "parties": [party.organisation for party in one.parties],
                "signed_on": one.signed_on and one.signed_on.isoformat(),
                "valid_until": one.valid_until and one.valid_until.isoformat(),
                "exclusions": one.exclusions,
            }
            for one in case.consents
        ],
        "plan": {
            "version": case.plan.version,
            "own_voice": case.plan.own_voice,
            "goals": [rules.masked(goal.text, own) for goal in case.plan.goals],
        }
        if case.plan
        else None,
        "entries": [
            {
                "title": one.title,
                "organisation": one.organisation,
                "at": one.at.astimezone(zone).isoformat(),
                "answers": [
                    {"label": label, "text": rules.masked(text, own)}
                    for label, text in one.answers
                ],
            }
            for one in shown
        ],
        "happened": [
            {"on": one.at.astimezone(zone).date().isoformat(), "what": one.text}
            for one in case.timeline
        ],
        "left_out": len(case.entries) - len(shown),
        "hidden": sum(entry.hidden for entry in case.entries),
    }


def _day(text: str, language: str) -> str:
    return lang.say_day(date.fromisoformat(text), language, date.min)


def _place(disclosure_id: int) -> str:
    return f"disclosure/{disclosure_id}"
