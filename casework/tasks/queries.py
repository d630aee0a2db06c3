"""Which steps somebody may see and do, as SQL for lists.

A step that needs consent vanishes with the consent, whether or not its diagram has reacted: the
predicate asks for a consent in force on the day, for the step's purpose, that names the step's
organisation. `tasks.rules` asks the gate the same for a single step; a test holds them equal.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    and_,
    exists,
    false,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.selectable import TableValuedAlias

from casework.access import (
    DECIDING_PURPOSES,
    WORKING_ROLES,
    WRITTEN_PURPOSES,
    Actor,
    Membership,
)
from casework.cases.tables import Case, CaseAccess
from casework.consent.queries import Day
from casework.consent.rules import WRITTEN_FORMS
from casework.consent.tables import Consent, ConsentCategory, ConsentParty
from casework.programmes.tables import Programme
from casework.tasks.rules import Held, places
from engine.tables import Instance, Task


def open_now(actor: Actor, on: Day, step: type[Task] = Task) -> ColumnElement[bool]:
    """Steps that wait, that the gate lets this actor's side work on."""
    return and_(waiting_now(actor, on, step), _named(actor, on, step))


def waiting_now(actor: Actor, on: Day, step: type[Task] = Task) -> ColumnElement[bool]:
    """Steps that are open, of running instances, that the gate lets whoever has them work on."""
    return and_(
        is_open(step),
        exists().where(Instance.id == step.instance_id, Instance.status == "running"),
        _consented(on, step),
        not_restricted(actor, _goes_on(on), step=step),
    )


def is_open(step: type[Task] = Task) -> ColumnElement[bool]:
    """Written out, not given beside the statement: its indices are of open steps alone, and a plan
    for any status could not use them."""
    return step.status == literal("open", literal_execute=True)


def addressed_to(actor: Actor, held: Held) -> ColumnElement[bool]:
    """Steps for this very account, or for a role it holds and nobody has taken.

    An account has steps only where it holds a role that reaches them.
    """
    within = reachable(actor, held)
    return or_(
        and_(Task.assignee_id == actor.account_id, within | of_organisations(actor)),
        and_(Task.assignee_id.is_(None), within),
    )


def reachable(actor: Actor, held: Held) -> ColumnElement[bool]:
    """Steps for a role the actor holds there, whoever has taken them."""
    return or_(
        false(),
        *(and_(Task.role.in_(sorted(roles)), _at(place)) for place, roles in places(actor, held)),
    )


def of_organisations(actor: Actor) -> ColumnElement[bool]:
    """Steps of the organisations in which the actor does casework, within their units."""
    working = {
        "": frozenset(
            number
            for number, membership in enumerate(actor.memberships)
            if membership.role in WORKING_ROLES
        )
    }
    return or_(false(), *(_at(place) for place, _ in places(actor, working)))


def known_steps(actor: Actor, known: ColumnElement[bool]) -> ColumnElement[bool]:
    """Steps of cases the actor may see; ``known`` is a predicate over few cases.

    These are found first: the planner would rather look at every open step there is.
    """
    few = select(Case.id).where(known).cte("few").prefix_with("MATERIALIZED")
    return Task.case_id.in_(select(few.c.id))


def shown_from(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Steps that are not put off until a later day."""
    return or_(Task.follow_up.is_(None), Task.follow_up <= now)


def _at(membership: Membership) -> ColumnElement[bool]:
    place = or_(
        Task.organisation_id == membership.organisation_id,
        and_(Task.organisation_id.is_(None), Task.group_id == membership.group_id),
    )
    if membership.unit_id is not None:
        place &= or_(Task.unit_id.is_(None), Task.unit_id == membership.unit_id)
    if membership.group_id is not None:
        in_group = exists().where(Case.id == Task.case_id, Case.group_id == membership.group_id)
        place &= or_(Task.group_id == membership.group_id, in_group)
    return place


class _Each(GenericFunction[Any]):
    """The texts in a JSON list, as rows with the one column ``value``."""

    name = "json_each"
    inherit_cache = True


@compiles(_Each, "postgresql")
def _each_on_postgresql(element: _Each, compiler: SQLCompiler, **named: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clause_expr, **named)})"


def _consented(on: Day, step: type[Task]) -> ColumnElement[bool]:
    """Consent covers the step's organisation, and each kind of information that it names."""
    needed = _Each(step.categories).table_valued("value")
    here = or_(
        ConsentParty.unit_id.is_(None),
        step.unit_id.is_(None),
        ConsentParty.unit_id == step.unit_id,
    )
    told = exists().where(*_covering(on, step), here, *_telling(needed)).correlate(step, needed)
    lacking = exists(select(needed.c.value).where(~told)).correlate(step)
    covered = exists().where(*_covering(on, step), here)
    whole = or_(step.categories == [], ~lacking)
    return or_(step.purpose.is_(None), and_(covered, whole))


def _covering(on: Day, step: type[Task]) -> tuple[ColumnElement[bool], ...]:
    """A consent in force for the step's purpose that names its organisation."""
    written = or_(
        Consent.form.in_(WRITTEN_FORMS),
        and_(Case.written_only.is_(False), Consent.purpose.not_in(WRITTEN_PURPOSES)),
    )
    return (
        Case.id == step.case_id,
        Consent.case_id == step.case_id,
        Consent.purpose == step.purpose,
        Consent.status == "active",
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        written,
        ConsentParty.consent_id == Consent.id,
        ConsentParty.dropped_at.is_(None),
        ConsentParty.organisation_id == step.organisation_id,
    )


def _named(actor: Actor, on: Day, step: type[Task]) -> ColumnElement[bool]:
    """Consent names where the actor works: it may name one unit of the step's organisation."""
    whole = {each.organisation_id for each in actor.memberships if each.unit_id is None}
    units = {each.unit_id for each in actor.memberships if each.unit_id is not None}
    parted = {each.organisation_id for each in actor.memberships} - whole
    there = or_(ConsentParty.unit_id.is_(None), ConsentParty.unit_id.in_(sorted(units)))
    return or_(
        step.purpose.is_(None),
        step.organisation_id.in_(sorted(whole)),
        and_(
            step.organisation_id.in_(sorted(parted)),
            exists().where(*_covering(on, step), there).correlate(step),
        ),
    )


def _telling(needed: TableValuedAlias) -> tuple[ColumnElement[bool], ...]:
    """That consent names this kind of information, or implies it, and does not exclude it."""
    kind = needed.c.value.cast(Text)
    asked = and_(
        ConsentCategory.consent_id == Consent.id,
        ConsentCategory.category == kind,
        ConsentCategory.teller_id.is_(None),
    )
    named, excluded = (
        exists().where(asked, ConsentCategory.excluded.is_(yes)).correlate(Consent, needed)
        for yes in (False, True)
    )
    implied = and_(kind == "plan", Consent.purpose.in_(DECIDING_PURPOSES))
    return or_(implied, named), ~excluded


def not_restricted(
    actor: Actor, *more: ColumnElement[bool], step: type[Task] = Task
) -> ColumnElement[bool]:
    """Steps of cases that are open to all, or whose list names the actor; ``more`` on the case."""
    named = exists().where(
        CaseAccess.case_id == Case.id, CaseAccess.account_id == actor.account_id
    )
    # One question per step: as two, PostgreSQL reads the unrestricted cases all at once.
    return exists().where(Case.id == step.case_id, or_(Case.restricted.is_(False), named), *more)


def _goes_on(on: Day) -> ColumnElement[bool]:
    """A case with steps to do: its programme is not only read, or no longer read."""
    ended = or_(Programme.read_only_from <= on, Programme.archived_from <= on)
    return Case.programme_id.not_in(select(Programme.id).where(ended))
