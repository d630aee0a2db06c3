"""An owner changes a diagram with the mouse; a second person says yes; running cases stay."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from casework.releases import actions
from tests.browser.people import Person
from tests.browser.town import Town
from tests.casework.arena import actor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

SIP = "joint_planning_sip"
TITLE = "Planera tillsammans med personen"


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


def open_editor(person: Person) -> Page:
    person.open(f"/routines/{SIP}")
    person.page.locator("#editor[data-ready]").wait_for()
    expect(person.page.locator("#findings h2")).to_have_text("Inget att rätta.")
    return person.page


def a_case_about_to_be_invited_to(town: Town) -> UUID:
    """It waits for the planning meeting to be set; the next step is the one after the change."""
    return town.site.case_as_in("ac_05_sip_full", steps=11)


def step_after_the_meeting_is_set(town: Town, per: Person, case_id: UUID) -> str:
    """Per sets the meeting; the title of what the case asks of him then."""
    per.open(f"/tasks/{town.site.open_step(case_id, 'set_meeting')}")
    per.fill_in(
        {
            "Hur ses ni?": "Per telefon",
            "Vilken dag?": date(2027, 3, 10),
            "Vilken tid?": "13:00",
            "Hur länge?": 60,
            "Vem leder mötet?": "Per Holm",
        }
    )
    per.send()
    return per.heading()


def names_of_steps(town: Town) -> dict[str, str]:
    """Of the diagram in use: name by id."""
    app = town.site.application
    with town.site.database.reading() as tx:
        drawn = app.pack(tx).diagrams[SIP]
    return {element.id: element.name for element in drawn.elements.values()}


def test_an_owner_draws_a_task_and_a_second_person_brings_it_into_use(town: Town):
    running = a_case_about_to_be_invited_to(town)
    jonas, asa = town.person("jonas.wik"), town.person("asa.kvist")
    page = open_editor(jonas)

    draw_task_on(page, "set_meeting_to_invite_parties", "Boka tolk")
    page.locator("#save-draft").click()
    page.locator("#editor-status[data-is=saved]").wait_for()
    expect(page.locator("#findings")).to_contain_text("Boka tolk")
    assert "Boka tolk" not in names_of_steps(town).values()

    jonas.follow("Granska och lägg fram")
    jonas.reads("Boka tolk")
    jonas.press("Be om ett ja")
    expect(page.locator("#reference-problem")).to_be_visible()
    jonas.fill_in({"Beslutets beteckning": "SF 2027/14 § 6"})
    jonas.press("Be om ett ja")
    expect(page.get_by_role("button", name="Ja, ta det i bruk")).to_have_count(0)

    asa.open(f"/routines/{SIP}/review")
    asa.reads("SF 2027/14 § 6", "Jonas Wik", "Boka tolk")
    asa.press("Ja, ta det i bruk")

    fresh = a_case_about_to_be_invited_to(town)
    asa.open("/routines")
    row = asa.page.locator(f"[data-process={SIP}]")
    expect(row).to_contain_text("version 2")
    expect(row).to_contain_text("< 5 på version 2")
    expect(row).to_contain_text("< 5 på version 1")
    assert "Boka tolk" in names_of_steps(town).values()
    per = town.person("per.holm")
    assert step_after_the_meeting_is_set(town, per, running) == "Svara på inbjudan"
    assert step_after_the_meeting_is_set(town, per, fresh) == "Boka tolk"


def test_the_new_task_lies_between_the_two_steps(town: Town):
    jonas = town.person("jonas.wik")
    page = open_editor(jonas)

    draw_task_on(page, "set_meeting_to_invite_parties", "Boka tolk")
    page.locator("#save-draft").click()
    page.locator("#editor-status[data-is=saved]").wait_for()

    app = town.site.application
    with town.site.database.reading() as tx:
        drawn = actions.routine_page(tx, app, actor(tx, "jonas.wik"), SIP).drawn
    (new,) = (each.id for each in drawn.elements.values() if each.name == "Boka tolk")
    pairs = {(flow.source, flow.target) for flow in drawn.flows.values()}
    assert {("set_meeting", new), (new, "invite_parties")} <= pairs
    assert ("set_meeting", "invite_parties") not in pairs
    assert drawn.elements[new].kind == "user_task"


def test_who_approves_reads_without_a_script(town: Town):
    karin = town.person("karin.holt", script=False)

    karin.open("/routines")
    karin.follow(TITLE)

    karin.reads("Det finns inget utkast att lägga fram.")
    assert karin.page.locator("svg.sp-flow").count() == 1


def test_a_file_that_cannot_be_used_gets_a_page_that_says_why(town: Town, tmp_path: Path):
    jonas = town.person("jonas.wik")
    file = tmp_path / "bad.bpmn"
    file.write_text("<!DOCTYPE x><x/>")

    jonas.open(f"/routines/{SIP}")
    jonas.page.locator("#upload").set_input_files(file)
    jonas.page.get_by_role("button", name="Läs in", exact=True).click()

    jonas.reads("Filen togs inte över", "DOCTYPE", "Inget har ändrats.")
