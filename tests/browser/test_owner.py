"""The whole way of an owner: draw, ask, put right, try, compare, agree, move, take back.

SAMPLAN_PICTURES=1 takes the pictures of docs/bpmn/whole-way.md on the way.
"""

import os
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from casework.releases import actions
from engine.diagram import Process
from engine.tables import Instance
from tests.browser.people import Person
from tests.browser.town import Town
from tests.casework.arena import a_started_case, actor
from tests.docs.tables import DOCS
from tests.web.world import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

SIP = "joint_planning_sip"
#: A whole draft is checked, and eleven moves are played: that takes a while on a busy machine.
PATIENCE = 60_000


def keep_picture(page: Page, step: str) -> None:
    """One of the documentation's pictures, where they are wanted."""
    if "SAMPLAN_PICTURES" in os.environ:
        file = DOCS / "pictures" / f"way-{step}.png"
        page.screenshot(path=file, animations="disabled")


def in_english(person: Person) -> Person:
    person.page.set_default_timeout(PATIENCE)
    person.page.locator("details.sp-me summary").click()
    person.page.get_by_role("button", name="English").click()
    return person


# The cases


def cases_that_run(site: Site) -> tuple[list[UUID], list[UUID]]:
    """Five are about to set their planning meeting, two have just begun."""
    planning = [site.case_as_in("ac_05_sip_full", steps=11) for _ in range(5)]
    return planning, [a_started_case(site.application) for _ in range(2)]


def set_meeting(site: Site, case_id: UUID) -> set[str]:
    """Per sets the meeting of a case; what the case asks of people then."""
    step = site.open_step(case_id, "set_meeting")
    typed = site.answers("per.holm", step, meeting_date="2027-03-10", meeting_time="13:00")
    per = site.client("per.holm")
    assert per.post(f"/tasks/{step}", data={"_key": uuid4().hex, **typed}).status_code == 303
    with site.database.reading() as tx:
        return {task.element_id for task in site.open_steps(tx, case_id)}


def releases_of(site: Site, cases: list[UUID]) -> list[int]:
    """Number of the version that each of these cases runs on."""
    with site.database.reading() as tx:
        asked = select(Instance.case_id, Instance.release_id).where(
            Instance.process == "case_lifecycle"
        )
        found = dict(tx.execute(asked).all())
        return [found[case] for case in cases]


# The form editor


def make_form(person: Person, title: str, question: str) -> None:
    """A form with one question, begun on the list of forms."""
    person.open("/routines/files")
    person.open_more("Make a new form")
    person.fill_in({"What the form is to be called": title})
    person.press("Make the form")
    page = person.page
    page.locator("#editor[data-ready]").wait_for()
    page.locator(".fjs-palette-field[data-field-type=textfield]").focus()
    page.keyboard.press("Enter")
    page.locator(".fjs-element[data-field-type=textfield]").click()
    page.locator("#set-label").fill(question)
    save(page)
    keep_picture(page, "form")


# The diagram's editor


def open_diagram(person: Person) -> Page:
    person.open(f"/routines/{SIP}")
    person.page.locator("#editor[data-ready]").wait_for()
    return person.page


def save(page: Page) -> None:
    """Keep the draft and wait for what is found in it."""
    with page.expect_response("**/draft", timeout=PATIENCE):
        page.locator("#save-draft").click()
    page.locator("#editor-status[data-is=saved]").wait_for(timeout=PATIENCE)


def middle(page: Page, element: str) -> tuple[float, float]:
    """Where an element of the diagram is on the screen."""
    box = page.locator(f"[data-element-id='{element}'] .djs-hit").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def roll_to(page: Page, element: str) -> None:
    """Turn the wheel sideways until the element is well inside the canvas."""
    canvas = page.locator("#canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame is not None
    centre = frame["x"] + frame["width"] / 2
    page.mouse.move(centre, frame["y"] + frame["height"] - 40)
    for _ in range(60):
        ahead = middle(page, element)[0] - centre
        if abs(ahead) < 120:
            return
        page.mouse.wheel(max(-200.0, min(200.0, ahead)), 0)
        page.wait_for_timeout(50)
    raise AssertionError(f"{element} does not come into view")


def draw_task_on(page: Page, flow: str, name: str) -> None:
    """Take a task from the palette, drop it on the flow, and write its name."""
    roll_to(page, flow)
    page.locator(".djs-palette [data-action='create.task']").click()
    x, y = middle(page, flow)
    page.mouse.move(x - 30, y - 60)
    page.mouse.move(x, y, steps=4)
    page.mouse.down()
    page.mouse.up()
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    drag_down(page, x, y)


def drag_down(page: Page, x: float, y: float) -> None:
    """Out of the way of its neighbours."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 100, steps=6)
    page.mouse.up()


def setting(page: Page, label: str) -> Locator:
    """A field of the panel."""
    return page.locator("#panel").get_by_label(label, exact=True)


def drafted(site: Site) -> Process:
    """The diagram as the draft has it."""
    with site.database.reading() as tx:
        owner = actor(tx, "jonas.wik")
        return actions.routine_page(tx, site.application, owner, SIP).drawn


def draw_step(person: Person) -> None:
    """A step between two others; its due date is written as nothing but a duration."""
    page = open_diagram(person)
    draw_task_on(page, "set_meeting_to_invite_parties", "Boka tolk")
    keep_picture(page, "draw")
    setting(page, "Form: what the step asks").select_option(label="Bokning av tolk")
    setting(page, "Due date").fill("P5D")
    save(page)


def put_right(person: Person) -> None:
    """What is found leads to its step, and is gone once the field is right."""
    page = person.page
    wrong = page.locator("#findings .sp-finding[data-is=error]")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("which is no date")
    page.locator("#canvas svg").first.focus()
    page.keyboard.press("Escape")
    wrong.get_by_role("button", name="Boka tolk").click()
    keep_picture(page, "found")
    field = setting(page, "Due date")
    field.fill('=now() + duration("P5D")')
    save(page)
    expect(wrong).to_have_count(0)


def lies_between(drawn: Process, name: str, before: str, after: str) -> bool:
    """Whether the step of this name takes the place of the flow between two others."""
    (new,) = (each.id for each in drawn.elements.values() if each.name == name)
    flows = {(flow.source, flow.target) for flow in drawn.flows.values()}
    return {(before, new), (new, after)} <= flows and (before, after) not in flows


# Into use


def try_it(person: Person) -> None:
    """The draft with fictional people, from where a scenario comes to the changed place."""
    person.open("/routines/trials")
    person.page.get_by_label("Which one").select_option("scenarios/ac_05_sip_full.toml")
    person.page.get_by_label("How many of its moves").fill("11")
    person.press("Begin like this")
    person.press("Do it with test data – Set the meeting")
    waits = person.page.get_by_role("main").locator("section[aria-labelledby=waits] .sp-row")
    expect(waits).to_have_count(1)
    expect(waits).to_contain_text("Boka tolk")
    keep_picture(person.page, "try")


def put_forward(person: Person) -> None:
    """Read what changes and whom it meets; without a reference nobody is asked."""
    person.open(f"/routines/{SIP}/impact")
    person.reads("can be moved without anything changing")
    keep_picture(person.page, "impact")
    person.follow("Show in the diagram")
    expect(person.page.locator("#shown svg.sp-flow").first).to_be_visible()
    person.open(f"/routines/{SIP}/review")
    person.follow("Everything, with both diagrams, to print")
    person.reads("Boka tolk", "Bokning av tolk", "=now() + 5 days")
    keep_picture(person.page, "differences")
    person.open(f"/routines/{SIP}/review")
    person.press("Ask for a yes")
    expect(person.page.locator("#reference-problem")).to_be_visible()
    person.fill_in({"Reference of the decision": "SF 2027/14 § 6"})
    person.press("Ask for a yes")
    expect(person.page.get_by_role("button", name="Yes, put it into use")).to_have_count(0)


def say_yes(person: Person) -> None:
    person.open(f"/routines/{SIP}/review")
    person.reads("SF 2027/14 § 6", "Jonas Wik", "Boka tolk")
    person.page.get_by_role("button", name="Yes, put it into use").scroll_into_view_if_needed()
    keep_picture(person.page, "yes")
    person.press("Yes, put it into use")


def move_all_but_those_at(town: Town, person: Person, place: str) -> None:
    """Choose on the page, and let the worker do it."""
    person.open(f"/routines/{SIP}/move")
    rows = person.page.locator(".sp-row:has(input[name=group])")
    expect(rows).to_have_count(2)
    rows.filter(has_text=place).get_by_role("checkbox").uncheck()
    keep_picture(person.page, "choose")
    person.press("Move the chosen ones to version 2")
    town.let_worker_run()


def take_back(town: Town, person: Person) -> None:
    person.open(f"/routines/{SIP}/move")
    person.press("Take back, where a case has not gone on")
    town.let_worker_run()
    person.open(f"/routines/{SIP}/move")
    person.page.locator("[data-move]").first.scroll_into_view_if_needed()
    keep_picture(person.page, "back")


def test_an_owner_draws_a_step_and_five_of_seven_cases_go_on_with_it(town: Town):
    site = town.site
    planning, begun = cases_that_run(site)
    jonas, asa = in_english(town.person("jonas.wik")), in_english(town.person("asa.kvist"))

    make_form(jonas, "Bokning av tolk", "Vilket språk?")
    draw_step(jonas)
    put_right(jonas)
    assert lies_between(drafted(site), "Boka tolk", "set_meeting", "invite_parties")
    try_it(jonas)
    put_forward(jonas)
    assert releases_of(site, [a_started_case(site.application)]) == [1]
    say_yes(asa)

    assert releases_of(site, [a_started_case(site.application)]) == [2]
    assert releases_of(site, planning + begun) == [1] * 7
    move_all_but_those_at(town, jonas, "Describe the need")
    assert releases_of(site, planning + begun) == [2] * 5 + [1] * 2

    [new] = {step for case in planning[:4] for step in set_meeting(site, case)}
    take_back(town, jonas)
    assert releases_of(site, planning + begun) == [2] * 4 + [1] * 3
    assert set_meeting(site, planning[4]) == {"answer_invitation"}
    drawn = site.application
    with site.database.reading() as tx:
        step = drawn.pack(tx).diagrams[SIP].elements[new]
    assert (step.name, step.form) == ("Boka tolk", "bokning_av_tolk")
