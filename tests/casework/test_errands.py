"""What diagrams ask of the world, through the worker and a real mail server."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from base import clock as base_clock
from base import jobs
from base.clock import Fixed
from base.db import Database
from base.settings import Settings
from casework import worker
from casework.application import Application
from casework.host import CaseHost
from casework.notifications.actions import bounced_mails, refused_mails, sent_mails
from casework.notifications.tables import Mail
from casework.organisations.tables import Organisation
from engine import releases, runtime, store
from engine.errors import StepFailed
from engine.tables import Instance
from tests.casework.builders import a_case, a_world, an_actor
from tests.casework.post_office import PostOffice, post_office
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    catch,
    end,
    error,
    event,
    flow,
    path,
    service,
    signal,
    start,
    xor,
)
from tests.engine.hosting import a_pack

MAIL = service(
    "tell",
    "organisation.mail",
    retries="2",
    inputs={"organisation": "=place"},
    outputs={"told_on": "=mailed_on"},
)
TELLING = a_file(
    a_process(
        "p",
        start(),
        MAIL,
        boundary("unknown", "tell", event("error", "no_address")),
        boundary("unsent", "tell", event("error", "mail_contains_personal_data")),
        end("told"),
        end("nobody"),
        end("kept_here"),
        path("start", "tell", "told"),
        path("unknown", "nobody"),
        path("unsent", "kept_here"),
    ),
    declared=error("no_address") + error("mail_contains_personal_data"),
)
HEARING = a_file(
    a_process(
        "q",
        start(),
        catch("w", event("signal", "wind_down")),
        xor("x"),
        end(),
        path("start", "w", "x"),
        flow("x", "end", '=place = "fk"'),
    ),
    declared=signal("wind_down"),
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        yield found


class Town:
    """An application with a case, whose mails go to a post office."""

    def __init__(self, database: Database, office: PostOffice) -> None:
        settings = Settings(
            smtp_host="127.0.0.1", smtp_port=office.port, mail_from="arena@samplan.example"
        )
        self.app = Application(database, database, settings)
        self.database = database
        with database.transaction() as tx:
            world = a_world(tx)
            sara = an_actor(tx, world.municipality)
            self.case_id: UUID = a_case(tx, world, sara).id
            tx.execute(
                update(Organisation)
                .where(Organisation.code == "fk")
                .values(mail="general@fk.example")
            )
            files = a_pack(p=TELLING, q=HEARING)
            files["pack.toml"] = files["pack.toml"].replace(b'"test"', b'"arena"')
            releases.publish(tx, files, by="owner")

    def start(self, process: str, place: str) -> UUID:
        with self.database.transaction() as tx:
            return runtime.start(
                tx,
                CaseHost(self.app),
                pack_id="arena",
                process=process,
                case_id=self.case_id,
                variables={"place": place},
                by="sara",
            ).instance_id

    def end_event(self, instance_id: UUID) -> str | None:
        with self.database.reading() as tx:
            return tx.get_one(Instance, instance_id).end_event

    def later(self, clock: Fixed, by: timedelta) -> None:
        clock.move(by)
        if self.database.on_postgresql:
            with self.database.transaction() as tx:
                tx.execute(
                    text("update procrastinate_jobs set scheduled_at = scheduled_at - :by"),
                    {"by": by},
                )


@pytest.fixture
def town(database: Database, office: PostOffice) -> Town:
    return Town(database, office)


@pytest.mark.both
def test_an_organisation_is_told_at_its_general_address(town: Town, office: PostOffice):
    instance_id = town.start("p", "fk")

    worker.run_round(town.app)

    (mail,) = office.mails
    assert (mail["To"], mail["From"]) == ("general@fk.example", "arena@samplan.example")
    assert town.end_event(instance_id) == "told"
    with town.database.reading() as tx:
        (row,) = tx.scalars(select(Mail))
    assert row.day == date(2027, 2, 1)
    assert row.sent is not None


def test_what_has_left_is_known_by_a_digest_alone(town: Town, office: PostOffice):
    town.start("p", "fk")

    worker.run_round(town.app)

    assert len(office.mails) == 1
    with town.database.reading() as tx:
        (mail,) = sent_mails(tx)
        assert (mail.address, mail.subject, mail.body) == ("general@fk.example", "", "")
        assert len(mail.digest or b"") == 32


@pytest.mark.both
def test_an_address_that_takes_no_mail_is_told_and_not_tried_again(
    town: Town, office: PostOffice, clock: Fixed
):
    office.moved = True
    with town.database.transaction() as tx:
        told = {"address": "gone@fk.example", "subject": "Arena", "body": "Something waits"}
        staff = Mail(day=date(2027, 2, 1), written=base_clock.now(tx), **told)
        tx.add(staff)
        tx.flush()
        jobs.defer(tx, "mail", {"mail": staff.id})
    instance_id = town.start("p", "fk")

    worker.run_round(town.app)
    town.later(clock, timedelta(days=1))

    assert (office.mails, town.end_event(instance_id)) == ([], "nobody")
    with town.database.reading() as tx:
        assert {(mail.bounced, whose) for mail, whose in bounced_mails(tx)} == {
            ("550", "gone@fk.example"),
            ("550", "Försäkringskassan"),
        }
        assert jobs.pile(tx).waiting == jobs.pile(tx).given_up == 0


def test_the_mail_says_nothing_of_the_case(town: Town, office: PostOffice):
    town.start("p", "fk")
    worker.run_round(town.app)

    (mail,) = office.mails
    said = mail.as_string()
    assert "/tasks" in str(mail.get_payload(decode=True))
    assert str(town.case_id) not in said
    assert "VMO" not in said


def test_an_organisation_is_told_once_a_day(town: Town, office: PostOffice, clock: Fixed):
    ended = [town.start("p", "fk"), town.start("p", "fk")]
    worker.run_round(town.app)
    assert len(office.mails) == 1

    clock.move(timedelta(days=1))
    ended.append(town.start("p", "fk"))
    worker.run_round(town.app)

    assert len(office.mails) == 2
    assert [town.end_event(instance_id) for instance_id in ended] == ["told"] * 3
    assert office.mails[0]["Message-ID"] != office.mails[1]["Message-ID"]


def test_an_organisation_without_address_is_an_error_that_the_diagram_catches(
    town: Town, office: PostOffice
):
    instance_id = town.start("p", "vc")

    worker.run_round(town.app)

    assert (office.mails, town.end_event(instance_id)) == ([], "nobody")


POINTING = [
    ("subject", "It is about 19870412-1234", "identity_number"),
    ("body", "Ring her: 070-123 45 67", "phone"),
    ("body", "VMO-2027-001 waits for you", "case_number"),
    ("address", "about anna@example.org <fk@fk.example>", "mail"),
]


@pytest.mark.both
@pytest.mark.parametrize(("part", "text", "kind"), POINTING)
def test_a_mail_that_points_at_somebody_never_leaves(
    town: Town, office: PostOffice, part: str, text: str, kind: str
):
    told = {"address": "fk@fk.example", "subject": "Arena", "body": "Something waits", part: text}
    with town.database.transaction() as tx:
        fk = tx.scalars(select(Organisation.id).where(Organisation.code == "fk")).one()
        day = date(2027, 2, 1)
        letter = Mail(day=day, written=base_clock.now(tx), organisation_id=fk, **told)
        staff = Mail(day=day, written=base_clock.now(tx), **told)
        tx.add_all([letter, staff])
        tx.flush()
        jobs.defer(tx, "mail", {"mail": staff.id})
    instance_id = town.start("p", "fk")

    with capture_logs() as logs:
        worker.run_round(town.app)
        worker.run_round(town.app)

    assert (office.mails, town.end_event(instance_id)) == ([], "kept_here")
    with town.database.reading() as tx:
        kept = refused_mails(tx)
        assert [(mail.refused, mail.sent) for mail in kept] == [(kind, None)] * 2
        assert {(mail.address, mail.subject, mail.body) for mail in kept} == {("", "", "")}
        assert {len(mail.digest or b"") for mail in kept} == {32}
    assert {entry["kinds"] for entry in logs if entry["event"] == "mail refused"} == {(kind,)}
    assert text not in repr(logs)


@pytest.mark.both
def test_a_closed_post_office_is_tried_again_then_an_incident_then_asked_anew(
    town: Town, office: PostOffice, clock: Fixed
):
    office.closed = True
    instance_id = town.start("p", "fk")
    worker.run_round(town.app)
    assert incidents(town) == []
    town.later(clock, timedelta(minutes=1))
    worker.run_round(town.app)

    (found,) = incidents(town)
    assert found[1:] == ("service", "tell")
    office.closed = False
    with town.database.transaction() as tx:
        runtime.retry(tx, CaseHost(town.app), found[0])
    worker.run_round(town.app)

    assert (len(office.mails), town.end_event(instance_id)) == (1, "told")
    assert incidents(town) == []


@pytest.mark.both
def test_one_case_that_cannot_hear_a_signal_keeps_no_other_from_it(town: Town):
    well, broken = town.start("q", "fk"), town.start("q", "vc")
    with town.database.transaction() as tx:
        jobs.defer(tx, runtime.SIGNAL_JOB, {"name": "wind_down", "from": None})

    worker.run_round(town.app)

    assert (town.end_event(well), town.end_event(broken)) == ("end", None)
    (found,) = incidents(town)
    assert found[1:] == ("signal", "x")
    with pytest.raises(StepFailed), town.database.transaction() as tx:
        runtime.retry(tx, CaseHost(town.app), found[0])
    assert incidents(town) == [found]


def incidents(town: Town) -> list[tuple[int, str, str]]:
    with town.database.reading() as tx:
        found = store.open_incidents(tx, case_id=town.case_id)
        return [(row.id, row.kind, row.element_id) for row in found]
