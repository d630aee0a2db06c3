"""Who would do it: the people of the directory, for playing scenarios and demonstrations."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotFound
from casework.access import Actor, CaseFacts, Holder
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.accounts.tables import MembershipRow
from casework.application import Application
from casework.cases import store as case_store
from casework.organisations import store as organisations
from casework.tasks import actions as tasks
from casework.tasks import opening
from engine.tables import Task

_RAISING = ("representative", "caseworker")


class NobodyThere(NotFound):
    """Nobody in the directory would do this."""


class NobodyWorks(NobodyThere):
    """Nobody works for this organisation in this group.

    ``place`` is the organisation's code, with the unit's where one is meant.
    """

    def __init__(self, place: str) -> None:
        super().__init__(f"Nobody works for {place} in this group.")
        self.place = place


@dataclass(frozen=True, slots=True)
class Cast:
    """The directory in one transaction, asked who acts."""

    tx: Session
    app: Application

    @property
    def today(self) -> date:
        return clock.today(self.tx, self.app.zone)

    def actor(self, account_id: int) -> Actor:
        return accounts.actor_of(self.tx, account_store.by_id(self.tx, account_id))

    def named(self, user_name: str) -> Actor:
        """Raises NobodyThere."""
        account = account_store.by_user_name(self.tx, user_name)
        if account is None:
            raise NobodyThere(user_name)
        return accounts.actor_of(self.tx, account)

    def holder_of(self, task: Task) -> Actor | None:
        """Who could do the step now: who has it, else the first who holds its role there."""
        return next(self.holders_of(task), None)

    def holders_of(self, task: Task) -> Iterator[Actor]:
        """Who could do the step now: who has it, else all who hold its role there."""
        facts = case_store.facts(self.tx, task.case_id)
        people = [task.assignee_id] if task.assignee_id is not None else []
        people = people or sorted(one for one, _ in tasks.colleagues(self.tx, self.app, task))
        for account_id in people:
            actor = self.actor(account_id)
            if opening.may_open(self.tx, self.app, actor, task, facts):
                yield actor

    def doers_of(self, open_: Sequence[Task]) -> list[Actor | None]:
        """`holder_of` each step; as many statements for one step of a case as for many."""
        config = self.app.pack(self.tx).config.roles
        members = {
            task.role: config[task.role].members if task.role in config else () for task in open_
        }
        asked = {role for each in members.values() for role in each}
        held = account_store.all_holding(self.tx, asked, self.today)
        able = [
            [task.assignee_id]
            if task.assignee_id is not None
            else sorted({row.account_id for row in held if _does(row, task, members[task.role])})
            for task in open_
        ]
        people = accounts.actors(self.tx, {id for ids in able for id in ids})
        return opening.first_who_may_open(
            self.tx,
            self.app,
            [(task, [people[id] for id in ids]) for task, ids in zip(open_, able, strict=True)],
        )

    def lead(self, case_id: UUID) -> Actor:
        """Whoever coordinates the case now. Raises NobodyThere."""
        facts = case_store.facts(self.tx, case_id)
        return self._one_of(facts.acting_lead, facts)

    def referrer(self, case_id: UUID) -> Actor:
        """Whoever raised the case. Raises NobodyThere."""
        facts = case_store.facts(self.tx, case_id)
        return self._one_of(facts.referrer, facts)

    def _one_of(self, holder: Holder, facts: CaseFacts) -> Actor:
        """The person who is named, else somebody of the organisation."""
        if holder.account_id is not None:
            return self.actor(holder.account_id)
        found = organisations.organisations_by_id(self.tx, [holder.organisation_id])
        return self.worker_of(found[holder.organisation_id].code, facts.group_id or 0)

    def worker_of(self, code: str, group_id: int) -> Actor:
        """Somebody who raises cases for an organisation (``varnamo`` or ``varnamo/eko``) in this
        group. Raises NobodyWorks.
        """
        organisation_code, _, unit_code = code.partition("/")
        organisation = organisations.organisation(self.tx, organisation_code)
        unit = organisations.unit(self.tx, organisation.id, unit_code) if unit_code else None
        found = account_store.holders(
            self.tx,
            _RAISING,
            self.today,
            organisation_id=organisation.id,
            unit_id=unit.id if unit else None,
            group_id=group_id,
        )
        if not found:
            raise NobodyWorks(code)
        return self.actor(found[0])

    def workers(
        self, seats: Sequence[tuple[int, int | None]], group_id: int
    ) -> list[Actor | None]:
        """`worker_of` for each organisation and unit; None where nobody works for it.

        As many statements for one as for many.
        """
        held = account_store.holding(
            self.tx,
            _RAISING,
            self.today,
            organisation_ids={organisation_id for organisation_id, _ in seats},
            group_id=group_id,
        )
        found = [
            next((row.account_id for row in held if _works_for(row, *seat)), None)
            for seat in seats
        ]
        people = accounts.actors(self.tx, {id for id in found if id is not None})
        return [people[id] if id is not None else None for id in found]

    def convener(self, group_id: int) -> Actor:
        """Raises NobodyThere."""
        convener_id = organisations.group_by_id(self.tx, group_id).convener_account_id
        if convener_id is None:
            raise NobodyThere("The group has no convener.")
        return self.actor(convener_id)

    def place_of(self, task: Task) -> str:
        """The code of the step's organisation; of the group where it has none."""
        return self.places_of([task])[0]

    def places_of(self, open_: Sequence[Task]) -> list[str]:
        """`place_of` each step; at most two statements."""
        ids = {task.organisation_id for task in open_ if task.organisation_id is not None}
        places = organisations.organisations_by_id(self.tx, ids) if ids else {}
        grouped = any(task.organisation_id is None and task.group_id for task in open_)
        groups = {one.id: one for one in organisations.groups(self.tx)} if grouped else {}
        return [
            places[task.organisation_id].code
            if task.organisation_id is not None
            else groups[task.group_id].code
            if task.group_id is not None
            else ""
            for task in open_
        ]


def _does(held: MembershipRow, task: Task, members: Collection[str]) -> bool:
    """Whether it is held where the step waits; what is held for all counts for each."""
    return (
        held.role in members
        and task.organisation_id in (None, held.organisation_id)
        and (task.unit_id is None or held.unit_id in (None, task.unit_id))
        and (task.group_id is None or held.group_id in (None, task.group_id))
    )


def _works_for(held: MembershipRow, organisation_id: int, unit_id: int | None) -> bool:
    """Whoever works for the whole organisation works for each unit."""
    in_unit = unit_id is None or held.unit_id in (None, unit_id)
    return held.organisation_id == organisation_id and in_unit
