"""Passkeys: added, signed in with, removed; and what must not get anybody in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

from base.settings import Settings
from casework.account_register import actions as register
from casework.accounts import queries
from casework.accounts import store as account_store
from casework.notifications import store as mails
from tests.arena import PASSWORD
from tests.device import Device
from tests.web.reading import said
from tests.web.world import Site, open_site

ORIGIN, HOST = "http://localhost:8000", "localhost"


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings.model_copy(update={"public_url": ORIGIN}))
    yield site
    site.close()


@dataclass
class Asked:
    """A browser that has been asked for a passkey by the page to sign in."""

    client: TestClient
    options: dict[str, object]

    def answer(self, text: str) -> Response:
        return self.client.post("/sign-in/passkey", data={"answer": text, "next": "/contacts"})


def a_device() -> Device:
    return Device(ORIGIN, HOST)


def asked(site: Site) -> Asked:
    client = site.client()
    return Asked(client, client.post("/sign-in/passkey/options").json())


def half_in(site: Site, who: str) -> TestClient:
    """A browser after the password, asked for the second proof."""
    client = site.client()
    answer = client.post("/sign-in", data={"user_name": who, "password": PASSWORD, "next": "/"})
    assert answer.headers["location"].startswith("/sign-in/code")
    return client


def added(client: TestClient, device: Device, name: str = "The blue key") -> Response:
    options = client.post("/me/passkeys/options").json()
    return client.post("/me/passkeys", data={"name": name, "answer": device.made(options)})


def owner(site: Site, who: str, device: Device) -> TestClient:
    """Somebody who has just added this device."""
    client = site.client(who)
    answer = added(client, device)
    assert answer.status_code in {200, 303}, said(answer)
    return client


def account_of(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        account = account_store.by_user_name(tx, user_name)
        assert account is not None
        return account.id


def is_in(client: TestClient) -> bool:
    return client.get("/me").status_code == 200


def paths(page: Response, what: str) -> list[str]:
    return re.findall(rf'action="(/me/passkeys/\d+/{what})"', page.text)


def test_the_life_of_a_passkey(site: Site) -> None:
    device, client = a_device(), site.client("per.holm")
    other = site.client("per.holm")

    codes = added(client, device)

    assert len(set(re.findall(r"(?:[B-Z]{4}-){2}[B-Z]{4}", codes.text))) == 10
    browser = asked(site)
    answer = browser.answer(device.shown(browser.options))
    assert (answer.status_code, answer.headers["location"]) == (303, "/contacts")
    second = half_in(site, "per.holm")
    assert "One of your recovery codes." in said(second.get("/sign-in/code"))
    shown = device.shown(second.post("/sign-in/code/options").json())
    assert second.post("/sign-in/code/passkey", data={"answer": shown}).status_code == 303
    assert is_in(second)

    page = client.get("/me/passkeys")
    [named], [removed] = paths(page, "name"), paths(page, "remove")
    assert client.post(named, data={"name": " Laptop  at work "}).status_code == 303
    assert "Laptop at work" in said(client.get("/me/passkeys"))
    assert client.post(removed).headers["location"] == "/me/passkeys?said=passkey-removed"

    assert [is_in(one) for one in (client, other, second, browser.client)] == [True] + [False] * 3
    browser = asked(site)
    assert browser.answer(device.shown(browser.options)).status_code == 422
    assert is_in(site.client("per.holm"))
    told = [one.partition(": ")[2] for one in subjects(site, "per.holm")]
    assert sorted(told) == ["a passkey was added", "a passkey was removed"]
    rows = [action for action, _ in site.written_down() if action.startswith("account.passkey")]
    assert rows == ["account.passkey", "account.passkey.name", "account.passkey.remove"]


def subjects(site: Site, who: str) -> list[str]:
    with site.database.reading() as tx:
        address = account_store.by_id(tx, account_of(site, who)).mail
        return [one.subject for one in mails.mails(tx, 50) if one.address == address]


def test_what_is_asked_says_nothing_of_anybody(site: Site) -> None:
    options = asked(site).options

    assert options.pop("challenge")
    assert options == {
        "rpId": HOST,
        "timeout": 120_000,
        "allowCredentials": [],
        "userVerification": "required",
    }


@pytest.fixture(scope="module")
def nils(site: Site) -> Device:
    device = a_device()
    owner(site, "nils.ek", device)
    return device


def tampered(text: str) -> str:
    return re.sub(
        r'("signature": ")(.{20})(.)', lambda m: m[1] + m[2] + ("A" if m[3] != "A" else "B"), text
    )


def late(site: Site, device: Device) -> Response:
    browser = asked(site)
    site.pass_time(timedelta(minutes=5))
    return browser.answer(device.shown(browser.options))


def twice(site: Site, device: Device) -> Response:
    browser = asked(site)
    text = device.shown(browser.options)
    assert browser.answer(text).status_code == 303
    browser.client.post("/sign-out")
    return browser.answer(text)


def by_another_browser(site: Site, device: Device) -> Response:
    return asked(site).answer(device.shown(asked(site).options))


def at_the_other_page(site: Site, device: Device) -> Response:
    """What was asked as a second proof stands for no password."""
    client, browser = half_in(site, "nils.ek"), asked(site)
    options = client.post("/sign-in/code/options").json()
    client.cookies.set("samplan-passkey", client.cookies["samplan-half"])
    browser.client.cookies = client.cookies
    return browser.answer(device.shown(options))


def counting_back(site: Site, device: Device) -> Response:
    return now(site, device.but(count=0))


def with_anothers_name(site: Site, device: Device) -> Response:
    owner(site, "eva.lund", another := a_device())
    return now(site, device.but(handle=another.handle))


def now(site: Site, device: Device) -> Response:
    browser = asked(site)
    return browser.answer(device.shown(browser.options))


Attack = Callable[[Site, Device], Response]
ATTACKS: dict[str, tuple[Attack, str, str]] = {
    "wrong origin": (
        lambda site, device: now(site, device.but(origin="http://localhost:8001")),
        "passkey_elsewhere",
        "opened at another address",
    ),
    "wrong host": (
        lambda site, device: now(site, device.but(host="samplan.example")),
        "passkey_wrong",
        "not accepted",
    ),
    "replayed": (twice, "passkey_late", "answered before"),
    "too late": (late, "passkey_late", "took too long"),
    "another browser": (by_another_browser, "passkey_late", "answered before"),
    "another page": (at_the_other_page, "passkey_late", "answered before"),
    "another's name": (with_anothers_name, "passkey_foreign", "not accepted"),
    "not verified": (
        lambda site, device: now(site, device.but(verifies=False)),
        "passkey_unverified",
        "did not ask who you are",
    ),
    "a copy": (counting_back, "passkey_copied", "a copy of this passkey"),
    "unknown": (lambda site, _: now(site, a_device()), "passkey_unknown", "not accepted"),
    "other key": (
        lambda site, device: now(site, device.but(key=a_device().key)),
        "passkey_wrong",
        "not accepted",
    ),
    "tampered": (
        lambda site, device: (one := asked(site)).answer(tampered(device.shown(one.options))),
        "passkey_wrong",
        "not accepted",
    ),
    "nonsense": (lambda site, _: asked(site).answer("{"), "passkey_wrong", "not accepted"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_must_not_get_in_is_refused_logged_and_explained(
    site: Site, nils: Device, name: str
) -> None:
    attack, code, words = ATTACKS[name]

    with capture_logs() as lines:
        answer = attack(site, nils)

    assert answer.status_code == 422
    assert words in said(answer)
    assert [one["code"] for one in lines if one["event"] == "passkey refused"] == [code]
    assert "samplan" not in answer.cookies
    assert now(site, nils).status_code == 303


def test_guessing_with_one_passkey_is_slowed_down(site: Site) -> None:
    device = a_device()
    owner(site, "karin.holt", device)
    for _ in range(6):
        now(site, device.but(key=a_device().key))

    early = now(site, device)
    site.pass_time(timedelta(seconds=30))

    assert (early.status_code, "wrong too often" in said(early)) == (422, True)
    assert now(site, device).status_code == 303


def test_anothers_passkey_is_no_second_proof_and_guessing_ends_the_half_session(
    site: Site, nils: Device
) -> None:
    own = a_device()
    owner(site, "jonas.wik", own)
    client = half_in(site, "jonas.wik")

    def answered(device: Device) -> Response:
        options = client.post("/sign-in/code/options").json()
        return client.post("/sign-in/code/passkey", data={"answer": device.shown(options)})

    with capture_logs() as lines:
        answers = [answered(device) for device in (nils, nils.but(handle=own.handle))]
    codes = [one["code"] for one in lines if one["event"] == "passkey refused"]
    for _ in range(3):
        client.post("/sign-in/code/passkey", data={"answer": "{"})

    assert [answer.status_code for answer in answers] == [422, 422]
    assert codes == ["passkey_foreign"] * 2
    assert ("refused.sign_in", "passkey_foreign") in site.written_down()
    over = client.post("/sign-in/code/passkey", data={"answer": "{"})
    assert "said=half-over" in over.headers["location"]
    assert not is_in(client)


@pytest.mark.soak
def test_a_second_proof_needs_no_pin_and_a_recovery_code_does_as_well(site: Site) -> None:
    device, client = a_device(), site.client("maria.sandell")
    [code, *_] = re.findall(r"(?:[B-Z]{4}-){2}[B-Z]{4}", added(client, device).text)
    touched, lost = half_in(site, "maria.sandell"), half_in(site, "maria.sandell")

    shown = device.but(verifies=False).shown(touched.post("/sign-in/code/options").json())
    by_touch = touched.post("/sign-in/code/passkey", data={"answer": shown})
    by_code = lost.post("/sign-in/code", data={"code": code})

    assert (by_touch.status_code, by_code.status_code) == (303, 303)


def test_passkeys_change_only_shortly_after_signing_in(site: Site) -> None:
    device, client = a_device(), site.client("stefan.grund")
    added(client, device)
    options = client.post("/me/passkeys/options").json()
    [removed] = paths(client.get("/me/passkeys"), "remove")
    site.pass_time(timedelta(minutes=10))

    late = client.post("/me/passkeys", data={"name": "b", "answer": a_device().made(options)})
    kept = client.post(removed)

    assert (late.status_code, kept.status_code) == (422, 422)
    assert "Sign in again" in said(late)
    assert client.post("/me/passkeys/options").status_code == 422
    assert paths(client.get("/me/passkeys"), "remove") == []
    again = client.post("/sign-out", data={"next": "/me/passkeys"})
    assert again.headers["location"] == "/sign-in?next=%2Fme%2Fpasskeys"


def test_a_passkey_that_is_not_right_is_not_added(site: Site, nils: Device) -> None:
    client, device = site.client("leo.park"), a_device()
    options = client.post("/me/passkeys/options").json()
    answers = {
        "": device.made(options),
        "wrong origin": device.but(origin="https://localhost:8000").made(options),
        "used up": device.made(options),
        "wrong host": device.but(host="example").made(asked_anew(client)),
        "never asked": device.made({**options, "challenge": "AAAA"}),
        "taken": nils.but(handle=b"").made(asked_anew(client)),
    }

    refused = {
        name: client.post("/me/passkeys", data={"name": name, "answer": answer}).status_code
        for name, answer in answers.items()
    }

    assert set(refused.values()) == {422}
    codes = [code for action, code in site.written_down() if action == "refused.account.passkey"]
    assert [one.removeprefix("passkey_") for one in codes] == [
        "elsewhere",
        "late",
        "wrong",
        "late",
        "there",
    ]
    assert paths(client.get("/me/passkeys"), "remove") == []
    assert is_in(site.client("leo.park"))


def asked_anew(client: TestClient) -> dict[str, str]:
    options: dict[str, str] = client.post("/me/passkeys/options").json()
    return options


def test_others_passkeys_do_not_exist(site: Site, nils: Device) -> None:
    with site.database.reading() as tx:
        [key] = queries.passkeys(tx, account_of(site, "nils.ek"))
    client = site.client("leo.park")

    for what in ("name", "remove"):
        path = f"/me/passkeys/{key.id}/{what}"
        assert client.post(path, data={"name": "Mine"}).status_code == 404
    assert now(site, nils).status_code == 303


def test_whoever_begins_anew_begins_without_passkeys(site: Site) -> None:
    device = a_device()
    owner(site, "berit.ny", device)

    with site.database.transaction() as tx:
        register.close_all_doors(tx, account_of(site, "berit.ny"))

    assert now(site, device).status_code == 422
    with site.database.reading() as tx:
        assert not queries.has_factor(tx, account_of(site, "berit.ny"))


def test_without_a_password_here_a_passkey_is_no_way_in(site: Site) -> None:
    """Whoever signs in elsewhere goes on doing so: there it is known when they leave."""
    device = a_device()
    owner(site, "gun.sten", device)
    with site.database.transaction() as tx:
        account_store.by_id(tx, account_of(site, "gun.sten")).password_hash = None

    with capture_logs() as lines:
        answer = now(site, device)

    assert answer.status_code == 422
    codes = [one["code"] for one in lines if one["event"] == "passkey refused"]
    assert codes == ["passkey_closed"]


@pytest.mark.soak
def test_ten_new_recovery_codes_only_when_none_is_left(site: Site) -> None:
    client = site.client("lena.ask")
    added(client, a_device())
    early = client.post("/me/passkeys/codes")
    with site.database.transaction() as tx:
        queries.drop_recovery_codes(tx, account_of(site, "lena.ask"))

    page, done = client.get("/me/passkeys"), client.post("/me/passkeys/codes")

    assert early.status_code == 422
    assert "No recovery code is left" in said(page)
    assert len(set(re.findall(r"(?:[B-Z]{4}-){2}[B-Z]{4}", done.text))) == 10


@pytest.mark.soak
def test_where_browsers_know_no_passkeys_none_is_offered(site: Site) -> None:
    settings = site.application.settings
    bare = settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})
    client = site.client("ida.rask")
    offered = "data-passkey" in client.get("/me/passkeys").text
    site.application.settings = site.app.state.settings = bare
    try:
        page, sign_in = client.get("/me/passkeys"), site.client().get("/sign-in")
        refused = client.post("/me/passkeys/options")
    finally:
        site.application.settings = site.app.state.settings = settings

    assert offered
    assert "data-passkey" not in page.text + sign_in.text
    assert "encrypted address with a name" in said(page)
    assert refused.status_code == 422
