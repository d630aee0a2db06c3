"""Webhooks: who may write them down, what is sent, to whom, and what never leaves."""

import json
import re
import runpy
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from base import jobs
from base.settings import Settings
from casework import errands
from casework.accounts import store as accounts
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.hooks import events, rules, store
from casework.hooks.tables import HookDelivery
from casework.scenarios import Play
from tests.arena import SCENARIOS
from tests.web.reading import addresses, said
from tests.web.world import Site, open_site

DOCS = Path(__file__).parents[2] / "docs/howto/webhooks.md"
TOWN, CLINIC, OTHER = "eva.lund", "stefan.grund", "karin.holt"
RAISER, SURGERY = "berit.ny", "gun.sten"
ALL = list(rules.EVENTS)
Verify = Callable[..., bool]


@dataclass
class Systems:
    """The organisations' own systems, behind one server; each has a path of its own."""

    address: str = ""
    status: int = 204
    heard: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def told(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(body) for at, _headers, body in self.heard if at == path]


@pytest.fixture
def systems() -> Iterator[Systems]:
    found = Systems()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append((self.path, dict(self.headers.items()), body))
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        found.address = f"http://127.0.0.1:{server.server_port}"
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def site(arena_settings: Settings) -> Iterator[Site]:
    site = open_site(arena_settings.model_copy(update={"webhooks_here": True}))
    yield site
    site.close()


def place_of(site: Site, who: str) -> str:
    with site.database.reading() as tx:
        return site.actor(tx, who).memberships[0].organisation_code


def made(site: Site, who: str, address: str, events: list[str]) -> str:
    """The secret."""
    sent = {"place": place_of(site, who), "address": address, "event": events}
    page = site.client(who).post("/webhooks", data=sent)
    found = re.search(r"samplan_hook_[\w-]{43}", page.text)
    assert found is not None, said(page)
    return found[0]


def work_off(site: Site) -> jobs.Done:
    return jobs.work_off(site.database, errands.staff(site.application))


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """As the docs show it."""
    [block] = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.S)
    file = tmp_path_factory.mktemp("docs") / "verify.py"
    file.write_text(block)
    found: Verify = runpy.run_path(str(file))["is_from_samplan"]
    return found


@pytest.mark.both("wide")
def test_a_party_hears_of_its_own_and_nobody_else_does(
    site: Site, systems: Systems, verify: Verify
) -> None:
    """Before consent nobody; then each of its own steps, by ids and codes alone."""
    secret = made(site, TOWN, f"{systems.address}/town", ALL)
    made(site, CLINIC, f"{systems.address}/outside", ALL)

    case_id = site.case_as_in("ac_05_sip_full", steps=10)
    assert work_off(site).failed == 0

    told = systems.told("/town")
    assert {one["event"] for one in told} == {rules.STEP, rules.MILESTONE}
    assert {one["case"] for one in told} == {str(case_id)}
    assert "planning" in {one.get("milestone") for one in told}
    assert "referral" not in {one.get("milestone") for one in told}
    assert {key for one in told for key in one} <= {
        "id",
        "event",
        "at",
        "case",
        "step",
        "milestone",
    }
    with site.database.reading() as tx:
        organisation = site.actor(tx, TOWN).organisation_id
        steps = {
            str(task.id)
            for task in site.open_steps(tx, case_id)
            if task.organisation_id == organisation
        }
    heard = {one["step"] for one in told if one["event"] == rules.STEP}
    assert heard >= steps
    assert systems.told("/outside") == []
    number = site.number_of(case_id)
    assert all(number.encode() not in body for *_, body in systems.heard)

    _, headers, body = systems.heard[0]
    now = int(headers["Samplan-Timestamp"])
    assert verify(secret, headers, body, now)
    assert not verify(secret + "x", headers, body, now)
    assert not verify(secret, headers, body + b" ", now)
    assert not verify(secret, headers, body, now + 301)
    assert not verify(secret, {**headers, "Samplan-Delivery": "another"}, body, now)


def test_without_consent_nothing_of_a_case_is_even_noted(site: Site, systems: Systems) -> None:
    """Whoever raised the case and leads it hears no more than anybody, not of its end either."""
    made(site, TOWN, f"{systems.address}/town", ALL)

    case_id = play(site, told_in("declined_by_person"))

    work_off(site)
    with site.database.reading() as tx:
        facts = case_store.facts(tx, case_id)
        assert facts.acting_lead.organisation_id == site.actor(tx, TOWN).organisation_id
        assert store.is_closed(tx, case_id)
        assert tx.scalars(select(HookDelivery)).all() == []
    assert systems.heard == []


def test_each_party_hears_once_that_a_case_is_closed(
    site: Site, systems: Systems, verify: Verify
) -> None:
    """Though the consent ends with the case; whoever raised it hears of nothing before consent."""
    parties = {"/raiser": RAISER, "/town": TOWN, "/surgery": SURGERY}
    secrets = {at: made(site, who, systems.address + at, ALL) for at, who in parties.items()}
    made(site, CLINIC, f"{systems.address}/outside", ALL)
    told = told_in("single_party")
    told["step"][2]["do"]["answers"]["ends_when"] = "case_closed"

    case_id = play(site, told)

    with site.database.reading() as tx:
        assert store.is_closed(tx, case_id)
        own = {site.actor(tx, who).organisation_id or 0 for who in parties.values()}
        assert store.hearing(tx, case_id, own, site.clock.now().date()) == set()
    assert work_off(site).failed == 0
    heard = {at: [(one["at"][11:16], one["event"]) for one in systems.told(at)] for at in parties}
    assert heard == {
        "/raiser": [("09:08", rules.STEP), ("09:09", rules.CLOSED)],
        "/town": [("09:06", rules.STEP), ("09:09", rules.CLOSED)],
        "/surgery": [("09:06", rules.STEP), ("09:09", rules.CLOSED)],
    }
    assert systems.told("/outside") == []
    ends = [one for one in systems.heard if b"case.closed" in one[2]]
    for at, headers, body in ends:
        assert verify(secrets[at], headers, body, int(headers["Samplan-Timestamp"]))
        assert list(json.loads(body)) == ["id", "event", "at", "case"]
        assert json.loads(body)["case"] == str(case_id)


def told_in(scenario: str) -> dict[str, Any]:
    return tomllib.loads((SCENARIOS / f"{scenario}.toml").read_text())


def play(site: Site, told: dict[str, Any]) -> UUID:
    """All of a scenario, a minute for each of its steps, each told before the next."""
    site.clock.set(datetime.combine(told["given"]["on"], time(9), UTC))
    played = Play(site.application, site.clock, told)
    played.begin(told["given"])
    for step in told["step"]:
        work_off(site)
        played.step(step)
        site.pass_time(timedelta(minutes=1))
    return played.case()


def test_a_plain_federation_account_has_to_do_with_versions_alone(
    site: Site, systems: Systems
) -> None:
    """What the systems of its own organisation are told of cases is the manager's."""
    made(site, TOWN, "https://hooks.example/town", [rules.RELEASE])
    made(site, OTHER, "https://hooks.example/cases", ALL)
    every = addresses(site.client(OTHER).get("/webhooks"), r"/webhooks/[^/\"]+/(?:renew|end)")
    made(site, OTHER, f"{systems.address}/versions", [rules.RELEASE])
    no_longer_manager(site, OTHER)
    client, bare = site.client(OTHER), {"address": "https://hooks.example/in"}
    bare["place"] = place_of(site, OTHER)

    page = client.get("/webhooks")
    of_cases = [client.post(address).status_code for address in every]
    more = client.post("/webhooks", data=bare | {"event": [rules.RELEASE, rules.CLOSED]})
    other = client.post("/webhooks", data=bare | {"place": "varnamo", "event": rules.RELEASE})
    publish(site)
    work_off(site)

    assert re.findall(r'name="event"[^>]* value="([^"]+)"', page.text) == [rules.RELEASE]
    assert re.findall(r"<h3><code[^>]*>([^<]+)", page.text) == [f"{systems.address}/versions"]
    assert of_cases == [404, 404]
    assert (more.status_code, other.status_code) == (422, 404)
    assert [one["event"] for one in systems.told("/versions")] == [rules.RELEASE]


def no_longer_manager(site: Site, who: str) -> None:
    with site.database.transaction() as tx:
        account = accounts.by_user_name(tx, who)
        assert account is not None
        for row in accounts.roles_of_many(tx, [account.id]):
            if row.role == "manager":
                row.valid_until = row.valid_from


def test_what_may_not_be_told_any_more_is_not_sent(site: Site, systems: Systems) -> None:
    """It happened while the consent was in force; it leaves when it is not."""
    made(site, TOWN, f"{systems.address}/town", ALL)
    case_id = site.case_as_in("ac_05_sip_full", steps=10)

    site.pass_time(timedelta(days=300))
    work_off(site)

    assert systems.heard == []
    with site.database.reading() as tx:
        assert store.hearing(tx, case_id, {1, 2, 3, 4, 5, 6}, site.clock.now().date()) == set()


def test_where_the_identity_is_protected_nothing_leaves(site: Site, systems: Systems) -> None:
    made(site, TOWN, f"{systems.address}/town", ALL)
    case_id = site.case_as_in("ac_05_sip_full", steps=10)
    with site.database.transaction() as tx:
        cases.restrict(tx, site.actor(tx, TOWN), case_id, [])

    assert work_off(site).failed == 0

    assert systems.heard == []


@pytest.mark.sqlite("the other's queue tries again by its own clock")
def test_what_is_not_taken_is_given_up_and_tried_again(site: Site, systems: Systems) -> None:
    made(site, TOWN, f"{systems.address}/town", ALL)
    site.case_as_in("ac_05_sip_full", steps=8)
    systems.status = 500

    for _ in range(jobs.MAX_ATTEMPTS):
        work_off(site)
        site.pass_time(timedelta(hours=13))
    tries = len(systems.heard)
    work_off(site)
    assert len(systems.heard) == tries
    ids = [one["id"] for one in systems.told("/town")]
    assert len(ids) == jobs.MAX_ATTEMPTS * len(set(ids))

    page = site.client(TOWN).get("/webhooks")
    assert "the system answered 500" in said(page)
    again = re.findall(r'action="(/webhooks/deliveries/[^"]+/again)"', page.text)
    assert len(again) == len(set(ids))
    assert site.client(CLINIC).post(again[0]).status_code == 404
    systems.status = 204
    assert site.client(TOWN).post(again[0]).status_code == 303
    assert site.client(TOWN).post(again[0]).status_code == 404
    work_off(site)
    assert len(systems.heard) == tries + 1
    assert systems.told("/town")[-1]["id"] == again[0].split("/")[3]
    left = re.findall(r"/again\"", site.client(TOWN).get("/webhooks").text)
    assert len(left) == len(again) - 1


def test_a_renewed_secret_signs_beside_the_former_one_for_a_week(
    site: Site, systems: Systems, verify: Verify
) -> None:
    former = made(site, OTHER, f"{systems.address}/other", [rules.RELEASE])
    client = site.client(OTHER)
    [renew] = re.findall(r'action="(/webhooks/[^"]+/renew)"', client.get("/webhooks").text)
    found = re.search(r"samplan_hook_[\w-]{43}", client.post(renew).text)
    assert found is not None
    for days in (0, 8):
        site.pass_time(timedelta(days=days))
        publish(site)
        work_off(site)

    good = [
        [verify(secret, headers, body, int(headers["Samplan-Timestamp"])) for secret in keys]
        for keys in [(former, found[0])]
        for _path, headers, body in systems.heard
    ]
    assert good == [[True, True], [False, True]]
    assert systems.told("/other")[0]["version"] == "7"
    client = site.client(OTHER)
    shown = client.get("/webhooks").text
    assert former not in shown
    assert found[0] not in shown
    [end] = re.findall(r'action="(/webhooks/[^"]+/end)"', shown)
    assert site.client(TOWN).post(end).status_code == 404
    assert client.post(end).status_code == 303
    publish(site)
    work_off(site)
    assert len(systems.heard) == 2


def publish(site: Site) -> None:
    """As a version comes into use, and one of a pack that no programme follows; which files they
    have does not matter here.
    """
    with site.database.transaction() as tx:
        events.release_in_use(tx, "arena", 7)
        events.release_in_use(tx, "followed-by-nobody", 8)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://hooks.example/",
        "http://127.0.0.1.example:80/",
        "https://",
        "https://anna:secret@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example:99999/",
        "https://[/",
        "ftp://hooks.example/",
        "https://hooks.example/ a",
        "https://hooks.example/" + "a" * 500,
    ],
)
def test_bad_addresses_are_refused(address: str) -> None:
    with pytest.raises(rules.BadHookAddress):
        rules.require_address(address, here=True)


def test_an_address_and_an_event_are_needed_and_typed_words_stay(site: Site) -> None:
    client, place = site.client(TOWN), place_of(site, TOWN)
    bare = {"place": place, "address": "https://hooks.example/in"}
    first = client.post("/webhooks", data=bare)
    second = client.post("/webhooks", data={**bare, "event": "everything"})
    third = client.post("/webhooks", data={**bare, "place": "nowhere", "event": rules.STEP})
    fourth = client.post("/webhooks", data=bare | {"address": "http://a.example/", "event": ALL})

    assert [first.status_code, second.status_code, fourth.status_code] == [422, 422, 422]
    assert third.status_code == 404
    assert "https://hooks.example/in" in first.text
    assert site.client("sara.lindqvist").get("/webhooks").status_code == 403


def test_the_signature_is_that_of_the_id_the_moment_and_the_body() -> None:
    found = rules.headers(UUID(int=1), datetime(2027, 2, 1, tzinfo=UTC), b"{}", ["a", "b"])

    assert found["Samplan-Timestamp"] == "1801440000"
    assert re.fullmatch(r"v1=[0-9a-f]{64},v1=[0-9a-f]{64}", found["Samplan-Signature"])
