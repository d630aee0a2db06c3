"""Passkeys: added, signed in with, removed; and what must not get anybody in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

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

RECOVERY = re.compile(r"(?:[B-Z]{4}-){2}[B-Z]{4}")
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

    assert len(set(RECOVERY.findall(codes.text))) == 10
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


def test_a_passkey_does_for_whoever_must_have_a_second_factor(site: Site, required: None) -> None:
    device, client, other = (
        a_device(),
        required_of(site, "hanna.frid"),
        required_of(site, "hanna.frid"),
    )
    before = site.written_down().count(("account.passkey", ""))
    page = client.get("/sign-in/set-up?next=/contacts")
    late = other.post("/sign-in/set-up/options").json()
    forged = device.but(origin="http://localhost:8001").made(asked_to_set_up(client))

    wrong = client.post("/sign-in/set-up/passkey", data={"name": "Key", "answer": forged})
    answer = device.made(asked_to_set_up(client))
    nameless = client.post("/sign-in/set-up/passkey", data={"name": " ", "answer": answer})
    outside = is_in(client)
    done = client.post(
        "/sign-in/set-up/passkey", data={"name": "Key", "answer": answer, "next": "/contacts"}
    )

    assert 'data-passkey="/sign-in/set-up/options"' in page.text
    assert (wrong.status_code, nameless.status_code, outside) == (422, 422, False)
    assert 'value="Key"' in wrong.text
    assert (done.status_code, len(set(RECOVERY.findall(done.text)))) == (200, 10)
    assert 'href="/contacts"' in done.text
    assert is_in(client)
    # A half session of the same password adds nothing to it any more.
    another = {"name": "Key", "answer": a_device().made(late)}
    assert other.post("/sign-in/set-up/options").status_code == 422
    over = other.post("/sign-in/set-up/passkey", data=another)
    assert "said=half-over" in over.headers["location"]
    assert not is_in(other)
    again = required_of(site, "hanna.frid")
    shown = device.shown(again.post("/sign-in/code/options").json())
    assert again.post("/sign-in/code/passkey", data={"answer": shown}).status_code == 303
    assert site.written_down().count(("account.passkey", "")) == before + 1


@pytest.fixture
def required(site: Site) -> Iterator[None]:
    with settings_of(site, second_factor="required"):
        yield


def required_of(site: Site, who: str) -> TestClient:
    client = site.client()
    client.post("/sign-in", data={"user_name": who, "password": PASSWORD, "next": "/"})
    return client


def asked_to_set_up(client: TestClient) -> dict[str, object]:
    options: dict[str, object] = client.post("/sign-in/set-up/options").json()
    return options


@contextmanager
def settings_of(site: Site, **otherwise: object) -> Iterator[None]:
    settings = site.application.settings
    changed = settings.model_copy(update=otherwise)
    site.application.settings = site.app.state.settings = changed
    try:
        yield
    finally:
        site.application.settings = site.app.state.settings = settings


@pytest.mark.parametrize(
    ("asked_here", "words"),
    [(True, "instead of the code"), (False, "A passkey here would open nothing")],
)
def test_whom_an_organisation_lets_in_a_passkey_serves_as_second_proof_or_not_at_all(
    site: Site, tmp_path: Path, asked_here: bool, words: str
) -> None:
    client, file = site.client("ida.rask"), tmp_path / "providers.toml"
    (tmp_path / "secret").write_text("of the client")
    file.write_text(
        f"""[provider.town]
title = "Försäkringskassan"
organisation = "fk"
issuer = "https://login.fk.example"
client_id = "samplan"
client_secret_file = "{tmp_path}/secret"
second_factor = {str(asked_here).lower()}
"""
    )

    with settings_of(site, providers=file):
        page, options = client.get("/me/passkeys"), client.post("/me/passkeys/options")
        sent = client.post("/me/passkeys", data={"name": "Key", "answer": "{}"})
        mine = client.get("/me")
        own, factor = said(mine), client.get("/me/second-factor")

    assert "You sign in at your organisation." in own
    assert "Present password" not in own + said(factor)
    assert "with the password alone" not in said(factor)
    assert 'href="/me/second-factor"' not in mine.text
    assert 'action="/me/second-factor' not in factor.text
    assert ("It asks for every proof itself." in own) is not asked_here
    assert words in said(page)
    assert ("data-passkey=" in page.text) is asked_here
    assert options.status_code == (200 if asked_here else 422)
    assert sent.status_code == 422
    assert (words in said(sent), paths(client.get("/me/passkeys"), "remove")) == (True, [])


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
    [code, *_] = RECOVERY.findall(added(client, device).text)
    touched, lost = half_in(site, "maria.sandell"), half_in(site, "maria.sandell")

    shown = device.but(verifies=False).shown(touched.post("/sign-in/code/options").json())
    by_touch = touched.post("/sign-in/code/passkey", data={"answer": shown})
    wrong = said(lost.post("/sign-in/code", data={"code": "BBBB-BBBB-BBBB"}))
    by_code = lost.post("/sign-in/code", data={"code": code})

    assert (by_touch.status_code, by_code.status_code) == (303, 303)
    assert "Compare it with your list" in wrong
    assert "clock" not in wrong, "there is no telephone"


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
    before = len(refused_to_add(site))
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
    codes = refused_to_add(site)[before:]
    assert [one.removeprefix("passkey_") for one in codes] == [
        "elsewhere",
        "late",
        "wrong",
        "late",
        "there",
    ]
    assert paths(client.get("/me/passkeys"), "remove") == []
    assert is_in(site.client("leo.park"))


def refused_to_add(site: Site) -> list[str]:
    return [code for action, code in site.written_down() if action == "refused.account.passkey"]


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
    assert len(set(RECOVERY.findall(done.text))) == 10


@pytest.mark.soak
def test_where_browsers_know_no_passkeys_none_is_offered(site: Site) -> None:
    client = site.client("ida.rask")
    offered = "data-passkey" in client.get("/me/passkeys").text
    with settings_of(site, public_url="http://127.0.0.1:8000"):
        page, sign_in = client.get("/me/passkeys"), site.client().get("/sign-in")
        refused = client.post("/me/passkeys/options")

    assert offered
    assert "data-passkey" not in page.text + sign_in.text
    assert "encrypted address with a name" in said(page)
    assert refused.status_code == 422
