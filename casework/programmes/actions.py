"""What changes programmes. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from base.db import Session
from base.errors import Conflict, NotAllowed
from casework.access import Actor, Phases, State
from casework.audit import actions as audit
from casework.programmes import rules, store
from casework.programmes.rules import Part, Told
from casework.programmes.tables import Participation, Programme


class IntakeClosed(Conflict):
    """The programme takes no new cases."""


class NotYourProgramme(NotAllowed):
    """The federation that coordinates the programme changes it."""

    code = "role"


@dataclass(frozen=True, slots=True)
class Ending:
    """How far the programme has been wound up, and what comes next, for every page's banner."""

    state: State
    next_state: State | None
    next_on: date | None


FIELDS = tuple(field.name for field in fields(Told))


def add_programme(
    tx: Session,
    code: str,
    title: str,
    *,
    pack_id: str,
    time_zone: str = "Europe/Stockholm",
    carrier_organisation_id: int | None = None,
) -> Programme:
    programme = Programme(
        code=code,
        title=title,
        pack_id=pack_id,
        time_zone=time_zone,
        carrier_organisation_id=carrier_organisation_id,
    )
    tx.add(programme)
    tx.flush()
    return programme


def join(tx: Session, programme_id: int, organisation_id: int, part: Part = Part.WORKS) -> None:
    tx.add(
        Participation(
            programme_id=programme_id,
            organisation_id=organisation_id,
            works=part.works,
            carries=part.carries,
        )
    )


def phases_of(programme: Programme) -> Phases:
    return Phases(programme.closing_from, programme.read_only_from, programme.archived_from)


def require_open(programme: Programme, today: date) -> None:
    """Raises IntakeClosed unless new cases may come on that day (AG-09)."""
    if phases_of(programme).on(today) is not State.OPEN:
        raise IntakeClosed


def ending(programme: Programme, today: date) -> Ending | None:
    """None while nothing of the kind is planned."""
    phases = phases_of(programme)
    coming = next(((state, day) for state, day in phases.planned if day > today), None)
    state = phases.on(today)
    if state is State.OPEN and coming is None:
        return None
    return Ending(state, *(coming or (None, None)))


def change(
    tx: Session, actor: Actor, programme_id: int, told: Told, parts: Mapping[int, Part]
) -> None:
    """What the programme is and how it ends, as its coordinator says.

    ``parts``: how each organisation takes part; those left out do not. Raises NotYourProgramme,
    BadProgramme.
    """
    require_coordinator(actor)
    programme = store.by_id(tx, programme_id)
    rules.require_right(told, carriers=sum(part.carries for part in parts.values()))
    before = {field: getattr(programme, field) for field in FIELDS}
    for field in FIELDS:
        setattr(programme, field, getattr(told, field))
    changed = [field for field in FIELDS if before[field] != getattr(told, field)]
    if _take_part(tx, programme, parts):
        changed.append("participations")
    tx.flush()
    tx.info.pop("phases", None)
    target = f"programme:{programme.code}"
    detail: dict[str, audit.Detail] = {"changed": changed}
    detail |= {f"{state}_from": day for state, day in phases_of(programme).planned}
    audit.write_by(tx, actor, "programme.change", target=target, detail=detail)


def require_coordinator(actor: Actor) -> None:
    """Raises NotYourProgramme."""
    if "federation" not in actor.roles:
        raise NotYourProgramme


def _take_part(tx: Session, programme: Programme, parts: Mapping[int, Part]) -> bool:
    """Whether anything has changed; the first carrier is who diagrams call the programme."""
    now = {each.organisation_id: each for each in store.participations(tx, programme.id)}
    before = {key: Part.of(works=one.works, carries=one.carries) for key, one in now.items()}
    for organisation_id, part in parts.items():
        if organisation_id not in now:
            join(tx, programme.id, organisation_id, part)
        else:
            now[organisation_id].works = part.works
            now[organisation_id].carries = part.carries
    for organisation_id, gone in now.items():
        if organisation_id not in parts:
            store.leave(tx, gone)
    carriers = [key for key, part in parts.items() if part.carries]
    if programme.carrier_organisation_id not in carriers:
        programme.carrier_organisation_id = carriers[0]
    return before != dict(parts)
