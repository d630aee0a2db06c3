"""Mails that were not sent are seen by those who keep the programme, not what stood in them."""

from datetime import date, timedelta

from sqlalchemy import update

from casework.accounts import store as account_store
from casework.notifications import actions as notifications
from casework.notifications.tables import Mail
from engine.tables import Task
from tests.web.reading import said
from tests.web.world import BEGIN, Site


def test_a_refused_mail_is_seen_without_what_stood_in_it(site: Site) -> None:
    with site.database.transaction() as tx:
        tx.add(
            Mail(
                day=date(2027, 2, 1),
                address="fk@fk.example",
                subject="About Anna",
                body="19870412-1234",
                written=BEGIN,
                refused="identity_number name",
            )
        )

    page = site.client("karin.holt").get("/mails/refused")
    other = site.client("sara.lindqvist").get("/mails/refused")

    assert "an organisation identity number, name" in said(page)
    assert not any(secret in page.text for secret in ("Anna", "1987", "fk.example"))
    assert other.status_code == 403


def test_whose_address_takes_no_mail_is_told_to_those_who_keep_addresses(site: Site) -> None:
    with site.database.transaction() as tx:
        account = account_store.by_user_name(tx, "per.holm")
        assert account is not None
        mail = {"subject": "", "body": "", "written": BEGIN, "bounced": "550"}
        day = date(2027, 2, 1)
        tx.add(Mail(day=day, address="old@varnamo.example", account_id=account.id, **mail))

    page = site.client("karin.holt").get("/mails/refused")

    assert f"{account.name} old@varnamo.example Monday 1 February 09:00 550" in said(page)


def test_a_menu_leads_to_the_page_those_whom_it_opens_for(site: Site) -> None:
    link = 'href="/mails/refused"'

    assert link in site.client("karin.holt").get("/contacts").text
    assert link not in site.client("sara.lindqvist").get("/contacts").text


def test_a_refused_mail_is_not_among_those_that_would_have_been_sent(site: Site) -> None:
    mail = {"day": date(2027, 2, 1), "address": "fk@fk.example", "written": BEGIN}
    with site.database.transaction() as tx:
        tx.add(Mail(**mail, subject="Something waits", body="Sign in."))
        tx.add(Mail(**mail, subject="About Anna", body="19870412-1234", refused="name"))

    page = site.client("sara.lindqvist").get("/demo/mail")

    assert "Something waits" in said(page)
    assert not any(secret in page.text for secret in ("Anna", "1987"))


def test_who_wishes_it_is_told_on_mondays_and_of_what_is_urgent(site: Site) -> None:
    who, client = "sara.lindqvist", site.client("sara.lindqvist")
    site.case_as_in("ac_01_arena_straight", steps=1)

    def told(day: int, *, due: timedelta = timedelta(days=9)) -> bool:
        """Whether a mail would go out on that day of February 2027; the first is a Monday."""
        site.clock.set(BEGIN.replace(day=day))
        with site.database.transaction() as tx:
            tx.execute(update(Task).values(due=site.clock.now() + due))
            found = notifications.digests(tx, site.application, only_urgent=False)
            return who in {one.account.user_name for one in found}

    assert (told(8), told(9)) == (True, True)
    site.clock.set(BEGIN)
    client.post("/me/mails", data={"mails": "never"})
    assert told(9)
    site.clock.set(BEGIN)
    answer = client.post("/me/mails", data={"mails": "weekly"})

    assert answer.headers["location"] == "/me?said=own-saved"
    assert (told(8), told(9)) == (True, False)
    assert told(9, due=timedelta(days=1))
