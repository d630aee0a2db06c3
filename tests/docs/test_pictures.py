"""The pictures of the documentation are pages of the real site; SAMPLAN_PICTURES=1 takes them."""

import os
import struct
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from base.settings import Settings
from casework import worker
from engine import releases
from tests import stories
from tests.arena import PASSWORD, SCENARIOS
from tests.browser.town import served
from tests.casework.releases.changes import with_interpreter
from tests.docs.tables import DOCS
from tests.web.world import Site, open_site

PICTURES = DOCS / "pictures"
LARGEST = 150_000
WIDTH, HEIGHT = 1280, 800
#: Alias, scenario, and how many of its steps have happened.
CASES = (
    ("Björken", "ac_01_arena_straight", 9),
    ("Fyren", "ac_01_arena_straight", 5),
    ("Strömmen", "ac_02_no_consent_no_agenda", 3),
    ("Ängen", "ac_05_sip_full", 11),
    ("Lyktan", "ac_05_sip_full", 14),
    ("Tranan", "ac_11_overdue", 12),
    ("Rönnen", "withdrawal_in_planning", 12),
    ("Kajen", "ac_01_arena_straight", 3),
    ("Stigen", "ac_01_arena_straight", 1),
    ("Linden", "no_joint_planning", 2),
    ("Bron", "declined_by_person", 1),
    ("Sjön", "consent_refused", 0),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as somebody sees it; ``show`` is what must be there before the picture is taken."""

    name: str
    who: str
    path: str
    show: str


SIP = "/routines/joint_planning_sip"
SHOTS = (
    Shot("tasks", "sara.lindqvist", "/tasks", "Begin here"),
    Shot("task", "sara.lindqvist", "", "How to do it"),
    Shot("studio", "jonas.wik", "/routines/consent", "Review and put forward"),
    Shot("differences", "jonas.wik", f"{SIP}/differences", "Not written yet"),
    Shot("impact", "jonas.wik", f"{SIP}/impact", "Whose cases they are"),
    Shot("deadlines", "jonas.wik", "/routines/deadlines", "How long"),
    Shot("form-editor", "jonas.wik", "/routines/files/report.form", "Written answers"),
    Shot("decision-editor", "jonas.wik", "/routines/files/lead_organisation.dmn", "Hit policy"),
    Shot("overview", "eva.lund", "/overview", "Where the cases are"),
)


@pytest.fixture(scope="module")
def busy_site(shared_settings: Settings) -> Iterator[Site]:
    """A site on which a dozen cases stand at different steps."""
    site = open_site(shared_settings)
    for alias, scenario, steps in CASES:
        play(site, alias, scenario, steps)
        site.pass_time(timedelta(days=1))
    worker.run_round(site.application)
    begin_a_draft(site)
    yield site
    site.close()


def begin_a_draft(site: Site) -> None:
    """Jonas Wik has drawn a step into joint planning."""
    path = "joint_planning_sip.bpmn"
    with site.database.transaction() as tx:
        content = with_interpreter(site.application.pack(tx).files[path])
        by = site.actor(tx, "jonas.wik").pseudonym
        releases.save_draft(tx, "arena", path, content, by=by, expected_rev=0)


def play(site: Site, alias: str, scenario: str, steps: int) -> None:
    """A case of that alias to which the first steps of a scenario have happened."""
    told = tomllib.loads((SCENARIOS / f"{scenario}.toml").read_text())
    told["step"][0]["do"].setdefault("answers", {})["alias"] = alias
    begins = datetime.combine(told["given"]["on"], time(9), UTC)
    site.clock.set(max(begins, site.clock.now()))
    stories.play(site.application, site.clock, told, steps)


@pytest.fixture(scope="module")
def address(busy_site: Site) -> Iterator[str]:
    """Where the site is served."""
    with served(busy_site) as found:
        yield found


def signed_in(browser: Browser, address: str, who: str) -> Page:
    size = {"width": WIDTH, "height": HEIGHT}
    page = browser.new_context(viewport=size, locale="en-GB").new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("User name").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("details.sp-me summary").click()
    page.get_by_role("button", name="English").click()
    return page


@pytest.mark.browser
@pytest.mark.xdist_group("pictures")
@pytest.mark.wide
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_page_of_the_documentation_looks_as_it_is_shown(
    shot: Shot, address: str, browser: Browser
):
    page = signed_in(browser, address, shot.who)
    if shot.path:
        page.goto(f"{address}{shot.path}")
    else:
        page.goto(f"{address}/tasks")
        page.locator(".sp-first a").click()

    expect(page.get_by_text(shot.show).first).to_be_visible()
    if shot.name == "studio":
        expect(page.locator("#canvas svg [data-element-id=prepare_consent]")).to_be_visible()
        page.locator("[data-element-id=prepare_consent]").first.click()
    if shot.name == "form-editor":
        page.locator("[data-id=f_area]").click()
    if "SAMPLAN_PICTURES" in os.environ:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{shot.name}.png", animations="disabled")
    page.context.close()


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_as_wide_as_a_window_and_small(picture: Path):
    content = picture.read_bytes()

    assert struct.unpack(">II", content[16:24]) == (WIDTH, HEIGHT)
    assert len(content) <= LARGEST
