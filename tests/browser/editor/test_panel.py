"""What the panel offers is chosen by its name and written as the notation has it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor.diagrams import BPMN, SAMPLE, condition_of, parsed, with_gateway
from tests.browser.editor.studio import Studio, open_studio, saved, shape

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]


@pytest.mark.wide
def test_settings_of_our_own_are_written_as_properties(page: Page, studio: Studio):
    open_studio(page, studio)

    page.locator("[data-element-id=lane_party] .djs-hit").last.click(position={"x": 8, "y": 60})
    role = page.locator("#panel select[name='samplan-role']")
    expect(role.locator("option:checked")).to_have_text("party (okänd)")
    role.select_option("case_lead")
    tree = parsed(saved(page, studio))

    values = [it.get("value") for it in tree.iter("{*}property") if it.get("name") == "role"]
    assert values == ["case_lead", "case_lead"]

    shape(page, "prepare").click()
    page.get_by_text("Blad att lämna ut").click()
    for name in ("leaflet", "map", "leaflet"):
        page.locator(f"#panel input[name='samplan-documents-{name}']").click()
    tree = parsed(saved(page, studio))

    named = {it.get("name"): it.get("value") for it in tree.iter("{*}property")}
    assert named["documents"] == "map"


@pytest.mark.wide
def test_what_a_step_names_is_chosen_by_its_name(page: Page, studio: Studio):
    open_studio(page, studio)

    shape(page, "prepare").click()
    groups = page.locator("#panel .bio-properties-panel-group-header-title")
    assert groups.all_inner_texts()[:6] == [
        "Vem gör det",
        "Formulär",
        "Senast, och om det blir sent",
        "Vägledning",
        "Det senare steg får veta",
        "Samtycke som krävs",
    ]
    role = page.get_by_label("Roll", exact=True)
    expect(role.locator("option:checked")).to_have_text("Samordnare")
    role.select_option(label="Som banan säger: Samordnare")
    switches = page.locator("#panel .bio-properties-panel-feel-icon")
    titles = [each.get_attribute("title") for each in switches.all()]
    assert {str(title)[:14] for title in titles} == {"Klicka för att", "Här måste ett "}
    form = page.get_by_label("Formulär: vad steget frågar")
    form.select_option(label="Väg framåt?")
    tree = parsed(saved(page, studio))

    assert [it.get("formId") for it in tree.iter("{*}formDefinition")] == ["way_on"]
    assert list(tree.iter("{*}assignmentDefinition")) == []
    form.select_option(label="Inte valt")
    role.select_option(label="Samordnare")
    tree = parsed(saved(page, studio))
    assert list(tree.iter("{*}formDefinition")) == []
    assigned = [it.get("candidateGroups") for it in tree.iter("{*}assignmentDefinition")]
    assert assigned == ["case_lead"]


@pytest.mark.wide
def test_when_a_way_is_taken_is_picked_from_the_answers_known_there(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.source, studio.more = with_gateway(SAMPLE), 'data-known-url="known"'
    open_studio(page, studio)

    shape(page, "on").click(force=True)
    answer = page.get_by_label("Svar", exact=True)
    answer.select_option(label="Vilken plan?")
    page.get_by_label("Värde", exact=True).select_option(label="En kort")
    page.get_by_label("Hur det ska vara").select_option(label="är inte")
    xml = saved(page, studio)
    assert condition_of(xml, "on") == '=plan_form != "short"'
    written = page.get_by_label("Villkor (FEEL)")
    expect(written).to_have_text('plan_form != "short"')

    answer.select_option(label="Hur många kommer?")
    page.get_by_label("Hur det ska vara").select_option(label="är minst")
    page.get_by_label("Värde", exact=True).fill("2")
    page.keyboard.press("Tab")
    xml = saved(page, studio)
    assert condition_of(xml, "on") == "=parties_there >= 2"

    written.fill("")
    written.press_sequentially("parties_t")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("parties_there")
    written.fill("count(parties) > 2 and parties_there > 1")
    expect(answer.locator("option:checked")).to_have_text("Som det står nedanför")
    xml = saved(page, studio)
    assert condition_of(xml, "on") == "=count(parties) > 2 and parties_there > 1"

    answer.select_option(label="Annars: där ingen annan väg gäller")
    xml = saved(page, studio)
    assert condition_of(xml, "on") == ""
    (gateway,) = parsed(xml).iter(f"{BPMN}exclusiveGateway")
    assert gateway.get("default") == "on"
    assert complaints == []
