"""Every page in a real browser: axe finds nothing, nothing sticks out, no script is needed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from base import clock
from base.settings import Settings
from casework.agenda import actions as agenda
from casework.hooks import actions as hooks
from casework.hooks import rules as hook_rules
from casework.hooks import store as hook_store
from casework.hooks.tables import HookDelivery
from casework.meetings import protocol
from casework.notifications.tables import Mail
from casework.participants import actions as participants
from casework.report_register import actions as register
from casework.reports.filing import Pin
from casework.seats import actions as seats
from casework.trials import beginning
from casework.trials.beginning import Begin
from engine import releases
from tests.arena import PASSWORD
from tests.browser.addresses import LOOKED_AT, PAGES
from tests.browser.looking import violations
from tests.browser.town import served as serve
from tests.casework.releases.changes import with_interpreter
from tests.web.world import Site, open_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

#: Where pictures of the pages go, if anywhere.
PICTURES = os.environ.get("SAMPLAN_PICTURES", "")


#: Rules of axe that colours and width can break where the page itself is right.
OF_LOOKS = ("color-contrast", "target-size", "scrollable-region-focusable", "html-has-lang")


STICKING_OUT = "document.documentElement.scrollWidth - innerWidth"


@dataclass
class Served:
    """A site with four cases at different stages, and where it is served."""

    site: Site
    address: str
    case: UUID
    task: UUID
    planned: UUID
    states: dict[str, StorageState]
    today: int
    trial: int


@pytest.fixture(scope="module")
def served(shared_settings: Settings) -> Iterator[Served]:
    site = open_site(shared_settings)
    site.case_as_in("ac_01_arena_straight", steps=1)
    site.case_as_in("ac_01_arena_straight", steps=3)
    case = site.case_as_in("ac_01_arena_straight", steps=8)
    planned = site.case_as_in("ac_05_sip_full", steps=21)
    task = site.open_step(case, "write_brief")
    ask_for_statistics(site, planned)
    appoint_somebody(site)
    tell_other_systems(site)
    change_a_routine(site)
    trial = play_a_draft(site)
    with serve(site) as address:
        yield Served(site, address, case, task, planned, {}, meet_today(site), trial)
    site.close()


def meet_today(site: Site) -> int:
    """A meeting, whose id this is, goes on; something is reported, two mails have not left."""
    app = site.application
    with site.database.transaction() as tx:
        maria = site.actor(tx, "maria.sandell")
        [(group, _)] = agenda.convened_groups(tx, maria)
        day = clock.today(tx, app.zone)
        meeting = agenda.plan_meeting(
            tx, app, maria, group_id=group, on=day, time="13:00", place="Stadshuset"
        )
        protocol.call_roll(tx, app, maria, meeting, range(3))
        protocol.write_minutes(tx, app, maria, meeting, "Höstens mötesdagar är bestämda.")
        protocol.add_note(tx, app, maria, meeting, "Fråga vårdcentralen först.")
        sara = site.actor(tx, "sara.lindqvist")
        named = {"happened": "Två regler låser varandra.", "area": "varnamo"}
        pin = Pin(group_id=group)
        sent = register.sample_answers(tx, app, sara, "dilemma", pin, named)
        register.file_report(tx, app, sara, "dilemma", pin, sent, key="pages")
        mail = {"day": day, "address": "fk@fk.example", "written": clock.now(tx)}
        tx.add(Mail(**mail, subject="Arena: något väntar på er", body="Hej!\n\nLogga in."))
        tx.add(Mail(**mail, subject="", body="", refused="identity_number name"))
        tx.add(Mail(**mail, subject="", body="", bounced="550"))
    return meeting


def ask_for_statistics(site: Site, case_id: UUID) -> None:
    """The question waits for an answer."""
    with site.database.transaction() as tx:
        participants.ask(tx, site.application, site.actor(tx, "per.holm"), case_id)


def change_a_routine(site: Site) -> None:
    """A second version is in use, and a draft of a third has begun."""
    app = site.application
    with site.database.transaction() as tx:
        files = dict(app.pack(tx).files)
        files["joint_planning_sip.bpmn"] = with_interpreter(files["joint_planning_sip.bpmn"])
        releases.publish(tx, files, by="account:1", reference="SF 2027/14 § 6", reason="Många.")
    renamed = files["joint_planning_sip.bpmn"].replace(b"Boka tolk", b"Boka tolk vid behov")
    with site.database.transaction() as tx:
        path = "joint_planning_sip.bpmn"
        releases.save_draft(tx, "arena", path, renamed, by="account:1", expected_rev=0)


def play_a_draft(site: Site) -> int:
    """A trial, whose id this is, in which a meeting is about to be set."""
    with site.database.reading() as tx:
        jonas = site.actor(tx, "jonas.wik")
    asked = Begin("scenarios/ac_05_sip_full.toml", 11, "", "", None)
    return beginning.begin(site.application, jonas, asked)


def appoint_somebody(site: Site) -> None:
    """Moa Wall is to represent her organisation in another group; others hear of it."""
    with site.database.transaction() as tx:
        moa = site.actor(tx, "moa.wall").account_id
        day = clock.today(tx, site.application.zone)
        by = site.actor(tx, "stefan.grund")
        seats.appoint(tx, site.application, by, 4, moa, valid_from=day)


def tell_other_systems(site: Site) -> None:
    """Three webhooks: one works, one is being given another secret, one fails."""
    works = "https://hooks.fk.example/samplan"
    changes = "https://integrationsplattform.fk.example/eingang/zusammenarbeit?strecke=vermerk"
    fails = "https://old.fk.example/in"
    with site.database.transaction() as tx:
        by = site.actor(tx, "stefan.grund")
        for address in (works, changes, fails):
            told = hook_rules.EVENTS
            hooks.make_hook(tx, site.application, by, place="fk", address=address, events=told)
        ids = {line.address: line.id for line in hooks.hooks(tx, by)}
        hook = hook_store.hook(tx, ids[works])
        assert hook is not None
        hook.last_taken = clock.now(tx)
        hooks.renew_secret(tx, by, ids[changes])
        for event, answered in ((hook_rules.STEP, 500), (hook_rules.RELEASE, None)):
            given_up = {"state": "given_up", "event": event, "at": clock.now(tx)}
            tx.add(HookDelivery(id=uuid4(), hook_id=ids[fails], answered=answered, **given_up))


@dataclass
class Windows:
    """A window for each person; it stays open from page to page."""

    browser: Browser
    served: Served
    opened: dict[str | None, Page] = field(default_factory=dict)

    def of(self, who: str | None) -> Page:
        if who not in self.opened:
            self.opened[who] = a_window(self.browser, self.served, who, language="de").new_page()
        return self.opened[who]

    def close(self) -> None:
        for page in self.opened.values():
            page.context.close()


@pytest.fixture(scope="module")
def windows(browser: Browser, served: Served) -> Iterator[Windows]:
    found = Windows(browser, served)
    yield found
    found.close()


@pytest.mark.parametrize(("name", "who", "path"), PAGES, ids=[name for name, _, _ in PAGES])
def test_a_page_is_accessible_and_fits(
    windows: Windows, served: Served, name: str, who: str | None, path: str
) -> None:
    """In German, whose words are long: at a desk by day, on a telephone by night."""
    page = windows.of(who)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    go(page, served, path)

    keep_picture(page, f"{name}-1280-light")
    looked_at = name in LOOKED_AT
    found = violations(page) if looked_at else []
    sticking_out = [page.evaluate(STICKING_OUT)]
    filled = page.locator("main .ds-button[data-variant=primary]:visible").count()
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme="dark")
    keep_picture(page, f"{name}-360-dark")
    found += violations(page, *OF_LOOKS) if looked_at else []
    sticking_out += [page.evaluate(STICKING_OUT)]

    assert found == []
    assert max(sticking_out) <= 0
    assert filled <= 1


@pytest.mark.wide
@pytest.mark.parametrize(
    ("name", "who", "path"), PAGES[1::2], ids=[name for name, _, _ in PAGES[1::2]]
)
def test_every_page_is_accessible(
    windows: Windows, served: Served, name: str, who: str | None, path: str
) -> None:
    """Those that are not looked at with every change."""
    page = windows.of(who)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    go(page, served, path)

    found = violations(page)
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme="dark")
    found += violations(page, *OF_LOOKS)

    assert found == []


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_a_step_is_done_without_script(browser: Browser, served: Served) -> None:
    context = a_window(browser, served, "sara.lindqvist", script=False, language="sv")
    page = context.new_page()
    page.goto(f"{served.address}/cases/new")
    page.get_by_role("button", name="Lyft ärendet").click()

    page.get_by_label("Vad ska ärendet kallas").fill("Blå cykel")
    page.get_by_role("button", name="Spara och fortsätt senare").click()

    assert page.get_by_label("Vad ska ärendet kallas").input_value() == "Blå cykel"
    page.get_by_role("button", name="Skicka").click()
    assert page.title().startswith("Fel: ")
    assert page.get_by_label("Vad ska ärendet kallas").input_value() == "Blå cykel"
    context.close()


def test_the_keyboard_alone_reaches_the_content(browser: Browser, served: Served) -> None:
    context = a_window(browser, served, "sara.lindqvist", language="sv")
    page = context.new_page()
    page.goto(f"{served.address}/tasks")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def a_window(
    browser: Browser, served: Served, who: str | None, *, language: str, script: bool = True
) -> BrowserContext:
    """A browser of its own, signed in through the site if somebody is named."""
    context = browser.new_context(
        storage_state=served.states.get(who or ""),
        viewport={"width": 1280, "height": 900},
        locale=language,
        java_script_enabled=script,
    )
    if who and who not in served.states:
        typed = {"user_name": who, "password": PASSWORD, "next": "/help"}
        context.request.post(f"{served.address}/sign-in", form=typed)
        served.states[who] = context.storage_state()
    if who:
        chosen = {"language": language, "next": "/help"}
        context.request.post(f"{served.address}/language", form=chosen)
    return context


def go(page: Page, served: Served, path: str) -> None:
    """To the page; ``#send`` sends its form as it is."""
    place, _, what = path.partition("#")
    page.goto(
        served.address
        + place.format(
            case=served.case,
            task=served.task,
            planned=served.planned,
            today=served.today,
            trial=served.trial,
        )
    )
    if what == "send":
        page.locator("main .ds-button[data-variant=primary]").click()
        page.wait_for_selector(".sp-error")
