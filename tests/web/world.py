"""A whole site on a small database: the arena's pack, its fictional people, real commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

from base.clock import Fixed
from base.db import Database, Session
from base.settings import Settings
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit import store as audit_store
from casework.cases import store as case_store
from casework.roles import local_now
from casework.tasks import opening
from casework.tasks import store as task_store
from engine.tables import Task
from forms import posted, sample
from tests import stories
from tests.arena import PASSWORD, opened
from web.app import create_app

BEGIN = datetime(2027, 2, 1, 8, tzinfo=UTC)


@dataclass
class Site:
    """The site, its clock, and ways to have something happen on it."""

    application: Application
    clock: Fixed
    app: FastAPI

    @property
    def database(self) -> Database:
        return self.application.database

    def client(self, user_name: str | None = None, language: str = "en") -> TestClient:
        """A browser, signed in if a name is given; it does not follow redirects."""
        client = TestClient(self.app, base_url="http://testserver", follow_redirects=False)
        client.headers["accept-language"] = language
        if user_name:
            answer = client.post(
                "/sign-in", data={"user_name": user_name, "password": PASSWORD, "next": "/tasks"}
            )
            assert answer.status_code == 303, answer.text
            client.post("/language", data={"language": language})
        return client

    def case_as_in(self, scenario: str, *, steps: int = 0) -> UUID:
        """A case to which the first steps of one of the pack's scenarios have happened.

        The clock moves on to the scenario's day, never back.
        """
        return stories.case_as_in(self.application, self.clock, scenario, steps=steps)

    def pass_time(self, by: timedelta) -> None:
        self.clock.move(by)

    def answers(self, user_name: str, task_id: UUID, **named: object) -> dict[str, list[str]]:
        """What the form takes: the named answers, and an example for whatever else it asks."""
        with self.database.reading() as tx:
            step = opening.step_for(tx, self.application, self.actor(tx, user_name), task_id)
            assert step.form is not None
            now = local_now(tx, self.application.zone)
            made = sample(step.form, step.choices, now, step.context, named=named)
            return {name: list(values) for name, values in posted(step.form, made).items()}

    def actor(self, tx: Session, user_name: str) -> Actor:
        account = account_store.by_user_name(tx, user_name)
        assert account is not None
        return accounts.actor_of(tx, account)

    def open_steps(self, tx: Session, case_id: UUID) -> Sequence[Task]:
        return task_store.open_of_case(tx, case_id)

    def open_step(self, case_id: UUID, element: str) -> UUID:
        """The one open step of the case at this element."""
        with self.database.reading() as tx:
            [step] = [
                task.id for task in self.open_steps(tx, case_id) if task.element_id == element
            ]
            return step

    def processes_at_work(self, case_id: UUID) -> set[str]:
        """The diagrams in which a step of the case is open."""
        with self.database.reading() as tx:
            return {task.process for task in self.open_steps(tx, case_id)}

    def written_down(self, chain: UUID | None = None) -> list[tuple[str, str]]:
        """Action and code of each row of a case's audit (None: the system's), in order."""
        with self.database.reading() as tx:
            rows = audit_store.links(tx, "system" if chain is None else str(chain))
            return [(row.action, row.code) for row in rows]

    def number_of(self, case_id: UUID) -> str:
        with self.database.reading() as tx:
            return case_store.by_id(tx, case_id).number

    def close(self) -> None:
        self.application.close()


def open_site(settings: Settings) -> Site:
    """On these databases, with a clock that can be pushed."""
    clock = Fixed(BEGIN)
    settings = settings.model_copy(update={"demo": True})
    application = opened(settings, clock, pool_size=10)
    return Site(application, clock, create_app(application, settings))
