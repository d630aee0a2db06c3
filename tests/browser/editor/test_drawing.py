"""What is drawn in the editor is what is saved, and nothing else changes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import BPMN, SAMPLE, canonical, new_ids, parsed, without
from tests.browser.editor.studio import (
    Studio,
    append,
    open_studio,
    saved,
    saved_by_itself,
    shape,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


def test_a_user_task_is_drawn_named_and_saved_and_nothing_else_changes(
    page: Page, studio: Studio, complaints: list[str]
):
    open_studio(page, studio)

    shape(page, "prepare").click()
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.keyboard.type("Boka tolk")
    shape(page, "begun").click()
    xml = saved_by_itself(page, studio, "Boka tolk")

    tree = parsed(xml)
    added = [task for task in tree.iter(f"{BPMN}userTask") if task.get("name") == "Boka tolk"]
    flows = [
        (flow.get("sourceRef"), flow.get("targetRef"))
        for flow in tree.iter(f"{BPMN}sequenceFlow")
        if flow.get("id") in new_ids(tree)
    ]
    assert flows == [("prepare", added[0].get("id"))]
    assert without(tree, new_ids(tree)) == canonical(parsed(SAMPLE))
    assert complaints == []


@pytest.mark.wide
def test_the_keyboard_alone_draws_and_names_a_user_task(page: Page, studio: Studio):
    open_studio(page, studio)

    page.locator("#canvas svg").first.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    append(page, "Uppgift för en person")
    page.keyboard.type("Boka tolk")
    page.keyboard.press("Enter")
    tree = parsed(saved(page, studio))

    names = [task.get("name") for task in tree.iter(f"{BPMN}userTask")]
    assert names == ["Förbered med personen", "Boka tolk"]
    assert without(tree, new_ids(tree)) == canonical(parsed(SAMPLE))


@pytest.mark.wide
def test_a_packs_templates_are_offered_and_the_watermark_stays(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.more = 'data-templates-url="templates"'
    studio.templates = [
        {
            "$schema": "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json",
            "name": "Fråga varje part",
            "id": "samplan.ask_each_party",
            "version": 1,
            "appliesTo": ["bpmn:CallActivity"],
            "elementType": {"value": "bpmn:CallActivity"},
            "properties": [
                {
                    "type": "Hidden",
                    "value": "ask_party",
                    "binding": {"type": "zeebe:calledElement", "property": "processId"},
                }
            ],
        }
    ]
    open_studio(page, studio)

    shape(page, "prepare").click()
    append(page, "Fråga varje part")
    page.keyboard.press("Enter")
    tree = parsed(saved(page, studio))

    called = [it.get("processId") for it in tree.iter("{*}calledElement")]
    assert called == ["ask_party"]
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert complaints == []


@pytest.mark.wide
def test_a_pattern_is_drawn_whole_and_undone_in_one_step(
    page: Page, studio: Studio, complaints: list[str]
):
    open_studio(page, studio)

    shape(page, "prepare").click()
    append(page, "Påminn, eskalera sedan")
    tree = parsed(saved(page, studio))

    timers = [it.get("cancelActivity") for it in tree.iter(f"{BPMN}boundaryEvent")]
    assert timers.count("false") == len(list(parsed(SAMPLE).iter(f"{BPMN}boundaryEvent"))) + 2
    assert {it.text for it in tree.iter(f"{BPMN}timeDuration")} >= {"P7D", "P14D"}
    asked = [it.get("type") for it in tree.iter("{*}taskDefinition")]
    assert asked == ["party.remind"]
    page.keyboard.press("Control+z")
    assert canonical(parsed(saved(page, studio))) == canonical(parsed(SAMPLE))

    for pattern in ("Fråga varje organisation", "Personen har flyttat"):
        shape(page, "begun").click()
        shape(page, "prepare").click()
        append(page, pattern)
    tree = parsed(saved(page, studio))

    (items,) = tree.iter("{*}loopCharacteristics")
    assert (items.get("inputCollection"), items.get("inputElement")) == ("=parties", "party")
    passed = [it.get("target") for it in tree.iter("{*}input")]
    assert passed[-2:] == ["organisation", "unit"]
    (message,) = tree.iter(f"{BPMN}message")
    heard = [it.get("messageRef") for it in tree.iter(f"{BPMN}messageEventDefinition")]
    assert (message.get("name"), heard) == ("person_moved", [message.get("id")])
    assert complaints == []
