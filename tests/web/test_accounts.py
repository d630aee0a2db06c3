"""Invitations, roles that end, lost passwords, one's own account; and what must not work."""

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from base import jobs
from casework import errands
from casework.accounts import actions as accounts
from casework.accounts import codes
from casework.accounts import store as account_store
from casework.notifications import store as mails
from tests.arena import PASSWORD
from tests.web.reading import addresses, fields, said
from tests.web.world import Site

NEW = "another long password"
NEWCOMER = {
    "name": "Nya Namn",
    "user_name": "nya",
    "mail": "nya@fk.example",
    "place": "fk",
    "role": "caseworker",
    "valid_from": "2027-02-01",
}


def code_on(page: Response) -> str:
    found = re.search(r"(?:[B-Z]{4}-){5}[B-Z]{4}", page.text)
    assert found is not None, said(page)
    return found[0]


def invited(site: Site, who: str = "stefan.grund", **changes: str) -> Response:
    return site.client(who).post("/accounts/new", data=NEWCOMER | changes)


def redeem(site: Site, code: str, password: str = NEW) -> Response:
    return site.client().post("/code", data={"code": code, "new": password})


def enters(site: Site, user_name: str, password: str) -> bool:
    sent = {"user_name": user_name, "password": password}
    return site.client().post("/sign-in", data=sent).status_code == 303


def account_of(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        account = account_store.by_user_name(tx, user_name)
        assert account is not None
        return account.id


def test_somebody_is_invited_and_comes_in_once(site: Site) -> None:
    code = code_on(invited(site))

    first, again = redeem(site, code.lower().replace("-", " ")), redeem(site, code)

    assert "Your user name is nya." in said(first)
    assert again.status_code == 422
    assert "This code has been used, is too old, or was never given." in said(again)
    assert enters(site, "nya", NEW)
    assert ("account.invite", "") in site.written_down()
    assert ("account.invitation", "") in site.written_down()


def test_the_database_keeps_no_code_and_the_mail_gets_it(site: Site) -> None:
    code = code_on(invited(site))

    with site.database.reading() as tx:
        [mail] = [mail for mail in mails.mails(tx, 10) if "/code/" in mail.body]
        assert mail.address == "nya@fk.example"
        assert code not in mail.body
        digest = account_store.codes_of(tx, account_of(site, "nya"))[0].digest
        assert codes.for_mail(tx, digest.hex()) == code
    assert jobs.work_off(site.database, errands.staff(site.application)).failed == 0


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_bad_password_does_not_use_the_code_up(site: Site, password: str) -> None:
    code = code_on(invited(site))

    assert redeem(site, code, password).status_code == 422

    assert redeem(site, code).status_code == 200


def test_codes_that_open_nothing(site: Site) -> None:
    """Guessed, replaced by a newer one, too old, of a closed account."""
    first = code_on(invited(site))
    manager = site.client("stefan.grund")
    second = code_on(manager.post(f"/accounts/{account_of(site, 'nya')}/code"))

    assert redeem(site, "BCDF-" * 6).status_code == 422
    assert redeem(site, "").status_code == 422
    assert redeem(site, first).status_code == 422
    with site.database.transaction() as tx:
        accounts.close_account(tx, account_of(site, "nya"))
    assert redeem(site, second).status_code == 422
    other = code_on(invited(site, user_name="more"))
    site.pass_time(timedelta(days=7))
    assert redeem(site, other).status_code == 422
    assert not enters(site, "more", NEW)


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        ("sara.lindqvist", {}),
        ("eva.lund", {}),
        ("stefan.grund", {"role": "federation"}),
        ("stefan.grund", {"role": "representative"}),
        ("stefan.grund", {"role": "auditor"}),
        ("karin.holt", {"role": "caseworker"}),
        ("karin.holt", {"role": "representative"}),
    ],
)
def test_nobody_gives_what_is_not_theirs_to_give(
    site: Site, who: str, changes: dict[str, str]
) -> None:
    """What opens cases is given by the organisation itself; seats are GG-07's."""
    page = invited(site, who, **changes)

    assert page.status_code == 403
    assert ("refused.invite", "appoints") in site.written_down()
    with site.database.reading() as tx:
        assert account_store.by_user_name(tx, "nya") is None


def test_nobody_gives_themselves_a_role_or_takes_over_an_account(site: Site) -> None:
    client, own = site.client("stefan.grund"), account_of(site, "stefan.grund")
    given = {"place": "fk", "role": "caseworker", "valid_from": "2027-02-01"}

    assert client.post(f"/accounts/{own}/roles", data=given).status_code == 403
    assert client.post(f"/accounts/{own}/code").status_code == 403
    ida = client.post(f"/accounts/{account_of(site, 'ida.rask')}/code")
    assert "asks for a new one themselves" in said(ida)
    sara = client.post(f"/accounts/{account_of(site, 'sara.lindqvist')}/code")
    assert sara.status_code == 404


def test_nobody_gives_a_role_to_somebody_they_do_not_see(site: Site) -> None:
    """Whether an account exists is not told, by a role that is given or by how it is refused."""
    client, given = site.client("stefan.grund"), {"place": "fk", "role": "caseworker"}
    given["valid_from"] = "2027-02-01"
    unseen, seen = account_of(site, "sara.lindqvist"), account_of(site, "ida.rask")

    answers = [client.post(f"/accounts/{one}/roles", data=given) for one in (unseen, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert said(answers[0]) == said(answers[1])
    assert "Sara" not in said(client.get("/accounts"))
    given["role"] = "manager"
    assert client.post(f"/accounts/{seen}/roles", data=given).status_code == 303


def test_an_ended_role_closes_what_it_opened_at_once(site: Site) -> None:
    redeem(site, code_on(invited(site)))
    client = site.client()
    client.post("/sign-in", data={"user_name": "nya", "password": NEW})
    assert client.get("/tasks").status_code == 200
    manager = site.client("stefan.grund")
    page = manager.get(f"/accounts/{account_of(site, 'nya')}")
    [end] = re.findall(r"/accounts/roles/\d+/end", page.text)

    # Whom a manager's list does not show has no roles for them; nobody else ends any.
    assert site.client("eva.lund").post(end).status_code == 404
    assert site.client("sara.lindqvist").post(end).status_code == 403
    assert manager.post(end).status_code == 303

    assert client.get("/tasks").headers["location"].startswith("/sign-in")
    assert manager.post(end).status_code == 404


def test_a_lost_password_is_replaced_by_mail(site: Site) -> None:
    client = site.client()
    known = client.post("/forgotten", data={"user_name": "per.holm"})
    unknown = client.post("/forgotten", data={"user_name": "nobody"})

    assert said(known) == said(unknown)
    with site.database.reading() as tx:
        [code] = account_store.codes_of(tx, account_of(site, "per.holm"))
        letters = codes.in_letters(tx, code)
    old = site.client("per.holm")
    assert fields(client.get(f"/code/{letters}"))["code"] == letters
    assert redeem(site, letters).status_code == 200
    assert old.get("/tasks").status_code == 303
    assert enters(site, "per.holm", NEW)
    assert not enters(site, "per.holm", PASSWORD)


def test_a_link_for_a_lost_password_lasts_an_hour(site: Site) -> None:
    site.client().post("/forgotten", data={"user_name": "per.holm"})
    with site.database.reading() as tx:
        [code] = account_store.codes_of(tx, account_of(site, "per.holm"))
        letters = codes.in_letters(tx, code)
    site.pass_time(timedelta(hours=1))

    assert redeem(site, letters).status_code == 422
    assert enters(site, "per.holm", PASSWORD)


def test_asking_again_and_again_sends_few_mails(site: Site) -> None:
    for _ in range(9):
        site.client().post("/forgotten", data={"user_name": "per.holm"})

    with site.database.reading() as tx:
        assert len([mail for mail in mails.mails(tx, 50) if "/code/" in mail.body]) == 5


def test_another_password_ends_all_other_sessions(site: Site) -> None:
    here, there = site.client("per.holm"), site.client("per.holm")
    wrong = here.post("/me/password", data={"now": "a guess", "new": NEW})
    assert "The present password is wrong." in said(wrong)
    assert addresses(wrong, r"\"#(?:now|new)") == ['"#now']
    short = here.post("/me/password", data={"now": PASSWORD, "new": "short"})
    assert addresses(short, r"\"#(?:now|new)") == ['"#new']

    changed = here.post("/me/password", data={"now": PASSWORD, "new": NEW})

    assert changed.status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert enters(site, "per.holm", NEW)


def test_guessing_the_present_password_takes_longer_and_longer(site: Site) -> None:
    client = site.client("per.holm")
    for _ in range(6):
        client.post("/me/password", data={"now": "a guess", "new": NEW})

    page = client.post("/me/password", data={"now": PASSWORD, "new": NEW})

    assert "That was wrong too often." in said(page)


def test_other_sessions_are_seen_and_ended(site: Site) -> None:
    here, there = site.client("per.holm"), site.client("per.holm")
    assert "Another browser" in said(here.get("/me"))

    here.post("/me/sessions")

    assert there.get("/me").status_code == 303
    assert "Another browser" not in said(here.get("/me"))


def test_a_list_is_shown_first_and_written_after_the_yes(site: Site) -> None:
    manager = site.client("stefan.grund")
    table = "user_name,name,organisation,role\nnya,<b>Nya</b>,fk,caseworker\n"

    shown = manager.post("/accounts/list", files={"file": ("list.csv", table.encode())})
    none = account_there(site, "nya")
    written = manager.post("/accounts/list/write", data={"kept": fields(shown)["kept"]})

    assert "2 new account nya <b>Nya</b> fk caseworker" in said(shown)
    assert "<b>Nya" not in shown.text
    assert not none
    assert written.headers["location"] == "/accounts?said=staff-list"
    assert account_there(site, "nya")
    again = manager.post("/accounts/list", files={"file": ("list.csv", table.encode())})
    assert "Everything in it is so already." in said(again)
    wrong = table.replace("fk,caseworker", "fk,auditor")
    seen = manager.post("/accounts/list", files={"file": ("list.csv", wrong.encode())})
    assert "This role is not yours to give there." in said(seen)
    assert "kept" not in fields(seen)
    assert manager.post("/accounts/list/write", data={"kept": "not base64"}).status_code == 422


def account_there(site: Site, user_name: str) -> bool:
    with site.database.reading() as tx:
        return account_store.by_user_name(tx, user_name) is not None
