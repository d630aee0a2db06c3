"""Write down, renew and end webhooks; try again what was given up. The caller commits."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from base import clock, jobs
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.hooks import rules, store
from casework.hooks.sending import JOB, goes_here, seal
from casework.hooks.tables import Hook
from casework.organisations import store as organisations

#: Tells people and machines that look for secrets what was found.
PREFIX = "samplan_hook_"


class NoSuchHook(NotFound):
    """There is no such webhook."""


class NotYoursToHook(NotAllowed):
    """Webhooks are the business of an organisation's manager, and of the federation."""

    code = "role"


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation for which the actor writes down webhooks, and what these may be told."""

    organisation_id: int
    code: str
    title: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A secret, shown this once."""

    address: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that was given up; ``answered``: status of the last answer, if there was one."""

    id: UUID
    event: str
    at: datetime
    answered: int | None


@dataclass(frozen=True, slots=True)
class HookLine:
    """A webhook as the page shows it; ``renewed_until``: the former secret signs until then."""

    id: UUID
    organisation: str
    address: str
    events: tuple[str, ...]
    last_taken: datetime | None
    renewed_until: datetime | None
    failed: tuple[Failed, ...]


def places(tx: Session, actor: Actor) -> tuple[Place, ...]:
    """A manager's organisations, and the federation's own, which no case concerns.

    Raises NotYoursToHook.
    """
    found: dict[int, tuple[str, ...]] = {
        each.organisation_id: (rules.RELEASE,) for each in actor.holding({"federation"})
    }
    found |= {each.organisation_id: tuple(rules.EVENTS) for each in actor.holding({"manager"})}
    if not found:
        raise NotYoursToHook
    known = organisations.organisations_by_id(tx, list(found))
    return tuple(
        Place(each, known[each].code, known[each].title, events) for each, events in found.items()
    )


def hooks(tx: Session, actor: Actor) -> tuple[HookLine, ...]:
    """Those of the actor's organisations that tell no more than the actor may have told.

    Raises NotYoursToHook.
    """
    mine = {place.organisation_id: place for place in places(tx, actor)}
    rows = [row for row in store.of_organisations(tx, mine) if _is_for(row, mine)]
    failed: dict[UUID, list[Failed]] = {}
    for row in store.given_up(tx, [hook.id for hook in rows]):
        failed.setdefault(row.hook_id, []).append(Failed(row.id, row.event, row.at, row.answered))
    now = clock.now(tx)
    return tuple(
        HookLine(
            hook.id,
            mine[hook.organisation_id].title,
            hook.address,
            tuple(hook.events),
            hook.last_taken,
            hook.former_until if hook.former_until and now < hook.former_until else None,
            tuple(failed.get(hook.id, ())),
        )
        for hook in rows
    )


def make_hook(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    place: str,
    address: str,
    events: Collection[str],
) -> Fresh:
    """Raises NotYoursToHook, BadHookAddress, NoEvent, TooManyHooks, NoSuchHook."""
    there = next((each for each in places(tx, actor) if each.code == place), None)
    if there is None:
        raise NoSuchHook
    address = address.strip()
    rules.require_address(address, here=goes_here(app))
    rules.require_events(events, there.events)
    organisations.lock_organisations(tx)
    if len(store.of_organisations(tx, [there.organisation_id])) >= rules.MOST:
        raise rules.TooManyHooks
    hook_id, secret = uuid4(), _new_secret()
    tx.add(
        Hook(
            id=hook_id,
            organisation_id=there.organisation_id,
            address=address,
            events=[event for event in rules.EVENTS if event in events],
            secret=seal(tx, hook_id, secret),
            created=clock.now(tx),
        )
    )
    tx.flush()
    detail: dict[str, audit.Detail] = {
        "organisation": there.organisation_id,
        "events": sorted(events),
    }
    audit.write_by(tx, actor, "hook.make", target=f"hook:{hook_id}", detail=detail)
    return Fresh(address, secret)


def renew_secret(tx: Session, actor: Actor, hook_id: UUID) -> Fresh:
    """The former one signs as well for a week. Raises NotYoursToHook, NoSuchHook."""
    hook, secret = _own(tx, actor, hook_id), _new_secret()
    hook.former_secret, hook.former_until = hook.secret, clock.now(tx) + rules.OVERLAP
    hook.secret = seal(tx, hook.id, secret)
    audit.write_by(tx, actor, "hook.renew", target=f"hook:{hook_id}")
    return Fresh(hook.address, secret)


def end_hook(tx: Session, actor: Actor, hook_id: UUID) -> None:
    """What still waits is not sent. Raises NotYoursToHook, NoSuchHook."""
    _own(tx, actor, hook_id)
    store.remove(tx, hook_id)
    audit.write_by(tx, actor, "hook.end", target=f"hook:{hook_id}")


def try_again(tx: Session, actor: Actor, delivery_id: UUID) -> None:
    """Raises NotYoursToHook, NoSuchHook unless it was given up."""
    places(tx, actor)
    found = store.delivery(tx, delivery_id)
    if found is None or found[0].state != "given_up":
        raise NoSuchHook
    row, hook = found
    _own(tx, actor, hook.id)
    row.state, payload = "waiting", {"delivery": str(delivery_id)}
    kept = [one.id for one in jobs.given_up(tx) if one.kind == JOB and one.payload == payload]
    for job_id in kept:
        jobs.again(tx, job_id)
    if not kept:
        jobs.defer(tx, JOB, payload)
    audit.write_by(tx, actor, "hook.again", target=f"hook:{hook.id}")


def _own(tx: Session, actor: Actor, hook_id: UUID) -> Hook:
    """Locked. Raises NotYoursToHook, NoSuchHook."""
    mine = {place.organisation_id: place for place in places(tx, actor)}
    hook = store.hook(tx, hook_id)
    if hook is None or not _is_for(hook, mine):
        raise NoSuchHook
    return hook


def _is_for(hook: Hook, mine: Mapping[int, Place]) -> bool:
    """What is told of cases is the manager's, also where both work for one organisation."""
    place = mine.get(hook.organisation_id)
    return place is not None and set(hook.events) <= set(place.events)


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)
