"""A consent that runs out soon: whoever leads is told in time, and asks for the next one."""

from datetime import date, timedelta
from uuid import UUID

from base import clock
from casework import worker
from casework.cases import store as case_store
from casework.consent import warning
from casework.notifications import actions as notifications
from engine import runtime
from tests.web.reading import addresses, said
from tests.web.world import Site

WHO, PARTY = "sara.lindqvist", "ida.rask"


def held(site: Site, case_id: UUID) -> list[tuple[str, str]]:
    with site.database.reading() as tx:
        facts = case_store.facts(tx, case_id)
        return [(one.purpose, one.status) for one in facts.consents]


def a_month_before_the_end(site: Site) -> tuple[UUID, date]:
    """Thirty days before the last day of the consent, and that day."""
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    with site.database.reading() as tx:
        [consent] = case_store.facts(tx, case_id).consents
        today = clock.today(tx, site.application.zone)
    site.pass_time(consent.valid_until - today - timedelta(days=30))
    return case_id, consent.valid_until


def waiting_for(site: Site, user_name: str) -> tuple[int, int]:
    """How many steps, and how much else, a mail would count today."""
    with site.database.reading() as tx:
        wanted = site.actor(tx, user_name).account_id
        found = notifications.digests(tx, site.application, only_urgent=False)
        return next(((d.steps, d.news) for d in found if d.account.id == wanted), (0, 0))


def test_the_lead_is_warned_in_list_case_and_mail(site: Site) -> None:
    case_id, _ = a_month_before_the_end(site)
    client = site.client(WHO)
    day_before = site.clock.now() - timedelta(days=1)

    listed, page = said(client.get("/cases")), said(client.get(f"/cases/{case_id}"))
    _, news = waiting_for(site, WHO)
    others = said(site.client(PARTY).get("/cases?view=organisation"))
    _, others_news = waiting_for(site, PARTY)

    assert "consent runs out" in listed
    assert "runs out" in page
    assert "consent runs out" in others
    assert (news, others_news) == (1, 0)
    site.clock.set(day_before)
    assert "consent runs out" not in said(client.get("/cases"))
    assert waiting_for(site, WHO)[1] == 0


def test_a_new_version_is_asked_for_while_the_old_one_holds(site: Site) -> None:
    case_id, _ = a_month_before_the_end(site)
    client = site.client(WHO)
    page = client.get(f"/cases/{case_id}")
    [renew] = addresses(page, rf"/cases/{case_id}/consents/[\w-]+/renew")

    answer = client.post(renew)
    again = client.post(renew)

    step = answer.headers["location"]
    assert step == f"/tasks/{site.open_step(case_id, 'prepare_consent')}"
    assert again.status_code == 409
    assert held(site, case_id) == [("consultation", "active")]
    assert "/renew" not in client.get(f"/cases/{case_id}").text
    sent = site.answers(WHO, UUID(step.removeprefix("/tasks/")), purpose="consultation")
    assert client.post(step, data=sent).status_code == 303
    assert held(site, case_id) == [("consultation", "active"), ("consultation", "draft")]
    assert waiting_for(site, WHO)[1] == 0


def test_a_party_cannot_ask_for_it(site: Site) -> None:
    case_id, _ = a_month_before_the_end(site)
    [renew] = addresses(
        site.client(WHO).get(f"/cases/{case_id}"), rf"/cases/{case_id}/consents/[\w-]+/renew"
    )

    assert site.client(PARTY).post(renew).status_code == 403


def test_after_the_last_day_it_is_too_late(site: Site) -> None:
    case_id, _ = a_month_before_the_end(site)
    client = site.client(WHO)
    [renew] = addresses(
        client.get(f"/cases/{case_id}"), rf"/cases/{case_id}/consents/[\w-]+/renew"
    )
    site.pass_time(timedelta(days=31))
    worker.expire_consents(site.application)
    client = site.client(WHO)

    assert client.post(renew).status_code == 404
    assert "/renew" not in client.get(f"/cases/{case_id}").text


def test_how_long_before_stands_in_the_pack(site: Site) -> None:
    with site.database.reading() as tx:
        app, today = site.application, date(2027, 2, 1)

        assert warning.warned_until(tx, app, today) == date(2027, 3, 3)
        assert runtime.day_after(tx, app.pack_id, "no_such_deadline", today) is None
