"""Who does which kind of background work; see `base.jobs`."""

from uuid import UUID

from base import jobs
from base.db import Database, Session
from base.errors import SamplanError
from casework import services
from casework.application import Application
from casework.cases import store as case_store
from casework.hooks import sending as hooks
from casework.host import CaseHost
from casework.notifications import actions as notifications
from casework.retention import actions as retention
from engine import runtime
from engine.errors import StepFailed
from engine.model import Answer, Request

_HEAR = "signal.hear"


def staff(app: Application, also: jobs.Staff | None = None) -> jobs.Staff:
    """Everybody who does background work; ``also`` those whom only a whole site has."""
    signals, requests = _Signals(app), _Requests(app)
    also = also or jobs.Staff({})
    return jobs.Staff(
        {
            **also.doers,
            "mail": jobs.Errand(notifications.deliver(app)),
            "code_mail": jobs.Errand(notifications.deliver_code(app)),
            runtime.SIGNAL_JOB: signals.spread,
            _HEAR: jobs.Errand(signals.hear),
            runtime.SERVICE_JOB: jobs.Errand(requests.carry_out),
            retention.JOB: jobs.Errand(retention.carry_out(app)),
            hooks.JOB: jobs.Errand(hooks.send(app)),
        },
        {
            **also.given_up,
            _HEAR: signals.given_up,
            runtime.SERVICE_JOB: requests.given_up,
            hooks.JOB: hooks.given_up,
        },
    )


class _Signals:
    """Each instance hears a signal in a transaction of its own; one that fails stops no other."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def spread(self, tx: Session, payload: jobs.Payload) -> None:
        """Ask for each instance that waits for it."""
        thrower = UUID(payload["from"]) if payload.get("from") else None
        for case_id, instance_id in runtime.signal_targets(tx, payload["name"], besides=thrower):
            asked = {"name": payload["name"], "case": str(case_id), "instance": str(instance_id)}
            jobs.defer(tx, _HEAR, asked)

    def hear(self, database: Database, payload: jobs.Payload) -> None:
        """What the diagram cannot do will not go better later: somebody must look at it."""
        try:
            with database.transaction() as tx:
                case_store.lock_case(tx, UUID(payload["case"]))
                runtime.signal(
                    tx,
                    CaseHost(self._app),
                    payload["name"],
                    instance_id=UUID(payload["instance"]),
                    by="engine",
                )
        except SamplanError as error:
            element = error.element if isinstance(error, StepFailed) else ""
            with database.transaction() as tx:
                self._record(tx, payload, str(error), element)

    def given_up(self, tx: Session, payload: jobs.Payload, why: str) -> None:
        self._record(tx, payload, why)

    def _record(self, tx: Session, payload: jobs.Payload, why: str, element: str = "") -> None:
        instance_id = UUID(payload["instance"])
        runtime.add_incident(
            tx,
            instance_id=instance_id,
            case_id=UUID(payload["case"]),
            element=element,
            why=why,
            kind="signal",
            wait_id=runtime.signal_wait(tx, instance_id, payload["name"]),
        )


class _Requests:
    """What service tasks ask of the world: carried out without a lock, answered with one."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._host = CaseHost(app)

    def carry_out(self, database: Database, payload: jobs.Payload) -> None:
        """An answer that came before and could not be taken is not asked for again."""
        with database.reading() as tx:
            asked = runtime.request(tx, self._host, UUID(payload["token"]))
            kept = runtime.kept_answer(tx, self._host, asked) if asked is not None else None
        if asked is not None:
            answer = kept or services.carry_out(self._app, asked)
            self._answer(database, asked, answer)

    def _answer(self, database: Database, asked: Request, answer: Answer) -> None:
        """Where the diagram cannot go on with it, asking again would not help."""
        try:
            with database.transaction() as tx:
                case_store.lock_case(tx, asked.case_id)
                runtime.answer(tx, self._host, asked, answer)
        except SamplanError as error:
            with database.transaction() as tx:
                case_store.lock_case(tx, asked.case_id)
                runtime.keep_answer(tx, self._host, asked, answer)
                runtime.fail_request(tx, UUID(asked.key), str(error))

    def given_up(self, tx: Session, payload: jobs.Payload, why: str) -> None:
        runtime.fail_request(
            tx, UUID(payload["token"]), f"The service could not be reached: {why}"
        )
