"""What is seen at once: an administrator in a case, a withdrawal nobody heard, others' eyes."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from base import clock
from casework.access import Party
from casework.accounts.store import by_user_name
from casework.alarms import actions as alarms
from casework.audit import store as audit_store
from casework.audit.tables import AccessLog
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.notifications.tables import Mail
from casework.organisations import store as organisations
from tests.web.reading import addresses, heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

WHO, MANAGER, ADMIN, ELSEWHERE = "sara.lindqvist", "eva.lund", "tove.lilja", "ida.rask"
AUDITOR = "mats.ode"
WHY = "Personen hotas, och ingen som arbetar med ärendet går att nå."


def a_case(site: Site) -> UUID:
    return site.case_as_in("ac_01_arena_straight", steps=8)


def looking_in(site: Site, case_id: UUID, reason: str = WHY):
    client = site.client(ADMIN)
    sent = {"number": site.number_of(case_id), "reason": reason}
    return client, client.post("/emergency", data=sent)


def test_an_administrator_looks_in_with_a_reason_for_two_hours(site: Site) -> None:
    case_id = a_case(site)
    place = f"/emergency/{case_id}"
    before = site.client(ADMIN).get(place)
    _, silent = looking_in(site, case_id, "därför")
    client, answer = looking_in(site, case_id)

    page = client.get(place)
    usual = client.get(f"/cases/{case_id}")
    site.clock.move(timedelta(hours=2, minutes=1))
    after = site.client(ADMIN).get(place)

    assert (before.status_code, silent.status_code, after.status_code) == (404, 422, 404)
    assert answer.headers["location"] == place
    assert "You read this case in an emergency" in said(page)
    assert heading(page) == "Example Example"
    assert "/tasks/" not in page.text.partition("<main")[2]
    assert usual.status_code == 404
    with site.database.reading() as tx:
        kinds = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
        own = [row.action for row in audit_store.links(tx, "emergency")]
    assert "emergency" in kinds
    assert own == ["emergency.begin", "emergency.look"]


def test_lead_and_manager_are_told_at_once_and_say_that_they_have_seen_it(site: Site) -> None:
    case_id = a_case(site)
    looking_in(site, case_id)
    lead, manager = site.client(WHO), site.client(MANAGER)

    tasks, overview, case = (
        lead.get("/tasks"),
        manager.get("/overview"),
        lead.get(f"/cases/{case_id}"),
    )
    [seen] = addresses(overview, r"/alarms/\d+/seen")
    stranger = site.client(ELSEWHERE).post(seen, data={"back": "tasks"})
    manager.post(seen, data={"back": "overview"})

    told = f"has looked into a case. {site.number_of(case_id)}"
    assert told in said(tasks)
    assert told in said(overview)
    assert WHY in said(case)
    assert stranger.status_code == 404
    assert told not in said(manager.get("/overview"))
    assert "has looked into a case." in said(lead.get(f"/cases/{case_id}"))
    assert {"emergency.begin", "alarm.see"} <= {what for what, _ in site.written_down(case_id)}


def test_nobody_else_looks_in(site: Site) -> None:
    case_id = a_case(site)

    answers = [
        site.client(name).post("/emergency", data={"number": "VMO-2027-001", "reason": WHY})
        for name in (WHO, MANAGER)
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    refused = site.client(WHO).get(f"/emergency/{case_id}")
    assert refused.status_code == 403
    assert "The attempt is noted in the log." in said(refused)
    assert "refused.emergency-case" in {what for what, _ in site.written_down(case_id)}


def test_a_look_is_told_by_mail_at_once_in_the_words_of_any_mail(site: Site) -> None:
    case_id = a_case(site)
    looking_in(site, case_id)

    with site.database.reading() as tx:
        mails = tx.scalars(select(Mail)).all()
        people = {name: by_user_name(tx, name) for name in (WHO, MANAGER, AUDITOR)}

    assert {mail.address for mail in mails} == {one.mail for one in people.values() if one}
    assert {mail.subject for mail in mails} == {"Arenasamverkan GGVV: 1 sak väntar på dig"}
    said_of = " ".join(mail.body for mail in mails)
    assert site.number_of(case_id) not in said_of
    assert WHY not in said_of


def test_a_withdrawal_that_no_diagram_hears_is_seen_by_somebody(site: Site) -> None:
    """0.5c: it stands on the overview until somebody has looked."""
    case_id = a_case(site)
    with site.database.transaction() as tx:
        case_store.lock_case(tx, case_id)
        alarms.withdrawal_unheard(tx, case_id, by=site.actor(tx, WHO))

    page = site.client(MANAGER).get("/overview")

    assert "nothing in the case has reacted. Access has ended" in said(page)
    assert f"look at what is still open. {site.number_of(case_id)}" in said(page)
    assert ("alarm.withdrawal_unheard", "") in site.written_down(case_id)


def test_whoever_leads_sees_the_case_through_others_eyes(site: Site) -> None:
    case_id = a_case(site)
    place = f"/cases/{case_id}/as"
    client = site.client(WHO)

    chosen = client.get(place, params={"organisation": "fk"})
    real = site.client(ELSEWHERE).get(f"/cases/{case_id}")
    others = [site.client(ELSEWHERE).get(place), site.client("jonas.wik").get(place)]
    unknown = client.get(place, params={"organisation": "gislaved"})

    assert "This is how Försäkringskassan sees the case today." in said(chosen)
    hidden = re.compile(r"(?:One kind|\d+ kinds) of information here")
    assert hidden.findall(said(chosen)) == hidden.findall(said(real))
    assert [other.status_code for other in others] == [403, 404]
    assert unknown.status_code == 404
    assert "<form method" not in said(chosen)
    with site.database.reading() as tx:
        kinds = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
    assert "as another organisation" in kinds


def test_others_eyes_see_nothing_once_consent_has_ended(site: Site) -> None:
    case_id = a_case(site)
    with site.database.transaction() as tx:
        sara, today = site.actor(tx, WHO), clock.today(tx, site.application.zone)
        place = organisations.organisation(tx, "fk").id
        leaving = Party(place)
        facts = case_store.facts(tx, case_id)
        consent.withdraw(tx, sara, facts, on=today, leaving=None)
        assert leaving in {party for one in facts.consents for party in one.parties}

    page = site.client(WHO).get(f"/cases/{case_id}/as", params={"organisation": "fk"})

    assert "For Försäkringskassan this case does not exist today. There is no consent" in said(
        page
    )
    assert "What has been written" not in said(page)


def test_lists_ask_the_same_however_many_alarms(site: Site) -> None:
    case_id = a_case(site)
    client = site.client(WHO)
    looking_in(site, case_id)
    client.get("/tasks")
    with listening(site) as one:
        client.get("/tasks")
    looking_in(site, case_id)
    looking_in(site, case_id)

    with listening(site) as three:
        client.get("/tasks")

    assert len(three.statements) == len(one.statements)
