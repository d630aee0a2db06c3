"""Forms and decision tables in a real browser: changed, kept, found wrong, and nothing lost."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import releases
from forms import write_form
from forms.model import Kind
from tests.browser.editor.diagrams import canonical, parsed
from tests.browser.looking import violations
from tests.browser.town import Town
from web.assets import Assets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

PACK = Path(__file__).parents[2] / "processes" / "arena"
FORM, TABLE = "report.form", "lead_organisation.dmn"
#: Each file through the editor and out again, in the browser.
_FORMS_THROUGH = """async ([url, texts]) => {
  const {openForm} = await (await import(url)).forming();
  const kinds = ['textfield', 'textarea', 'number', 'datetime', 'checkbox', 'checklist', 'taglist',
    'radio', 'select', 'group', 'dynamiclist', 'expression', 'text', 'separator', 'spacer',
    'filepicker'];
  const types = Object.fromEntries(kinds.map(kind => [kind, kind]));
  const words = {types, groups: {}, remove: '', add: ''};
  const found = {};
  for (const [name, text] of Object.entries(texts)) {
    const container = document.createElement('div');
    const form = await openForm({container, schema: JSON.parse(text), words});
    found[name] = JSON.stringify(form.saveSchema());
    form.destroy();
  }
  return found;
}"""
_TABLES_THROUGH = """async ([url, texts]) => {
  const {openTables} = await (await import(url)).tables();
  const container = document.createElement('div');
  document.body.append(container);
  const found = {};
  for (const [name, text] of Object.entries(texts)) {
    const tables = openTables({container, words: {}});
    await tables.importXML(text);
    found[name] = (await tables.saveXML({format: true})).xml;
    tables.destroy();
  }
  container.remove();
  return found;
}"""

_DIAGRAMS_THROUGH = """async ([url, texts]) => {
  const {openEditor} = await (await import(url)).editing();
  const [container, panel] = [document.createElement('div'), document.createElement('div')];
  document.body.append(container);
  const known = {at: () => [], getVariablesForElement: () => []};
  const words = {drawing: {}, screen: {}};
  const modeler = await openEditor({container, panel, words, known});
  const found = {};
  for (const [name, text] of Object.entries(texts)) {
    const {warnings} = await modeler.importXML(text);
    if (warnings.length) throw new Error(name + ': ' + warnings[0].message);
    found[name] = (await modeler.saveXML({format: true})).xml;
  }
  modeler.destroy();
  container.remove();
  return found;
}"""
#: What another tool may have left in a file, on an element that we know.
_FOREIGN = (
    b'<bpmn:extensionElements><other:note xmlns:other="https://other.example/" kind="k">'
    b"<other:line>kept</other:line></other:note>"
)


def through_editor(page: Page, script: str, entry: str, files: list[Path]) -> dict[str, str]:
    return passed(page, script, entry, {file.name: file.read_text() for file in files})


def passed(page: Page, script: str, entry: str, texts: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(script, [Assets().url(entry), texts])
    assert found.keys() == texts.keys()
    return found


def draft(town: Town, path: str) -> bytes:
    with town.site.database.reading() as tx:
        return releases.draft_files(tx, "arena")[path]


def open_editor(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#editor[data-ready]").wait_for()
    expect(page.locator("#findings h2")).to_have_text("Inget att rätta.")


def saved(page: Page) -> None:
    page.locator("#save-draft").click()
    page.locator("#editor-status[data-is=saved]").wait_for()


def looks_wrong(page: Page) -> list[str]:
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.wide
def test_a_form_is_changed_found_wrong_put_right_and_nothing_else_changes(town: Town):
    page = town.person("jonas.wik").page
    before = (PACK / "forms" / FORM).read_bytes()
    open_editor(page, f"{town.address}/routines/files/{FORM}")
    assert looks_wrong(page) == []

    offered = page.locator(".fjs-palette-field:visible")
    kinds = {each.get_attribute("data-field-type") for each in offered.all()}
    assert kinds - {"datetime"} <= set(Kind)
    page.locator(".fjs-element[data-id=f_area]").click()
    page.locator("#set-label").fill("Var händer det?")
    saved(page)
    asked = ("Var gäller det?".encode(), "Var händer det?".encode())
    assert draft(town, f"forms/{FORM}") == before.replace(*asked)

    page.locator("#set-hide").fill("=nothing_such")
    saved(page)
    page.locator(".fjs-element[data-id=f_happened]").click()
    expect(page.locator("#set-label")).to_have_value("Vad är det som händer?")
    page.locator("#findings .sp-link").first.click()
    expect(page.locator("#set-label")).to_have_value("Var händer det?")
    assert page.locator(".fjs-element[data-id=f_area]").get_attribute("data-found") == "error"
    assert looks_wrong(page) == []

    page.get_by_role("button", name="Flytta upp", exact=True).click()
    radios = page.locator(".fjs-element[data-field-type=radio]")
    there = radios.count()
    page.locator(".fjs-palette-field[data-field-type=radio]").focus()
    page.keyboard.press("Enter")
    expect(radios).to_have_count(there + 1)
    radios.last.click()
    assert page.locator("#set-label").input_value() == "Ett ur en lista"
    page.locator(".fjs-element[data-id=f_area]").focus()
    for _ in range(6):
        page.keyboard.press("Control+z")
    saved(page)
    assert draft(town, f"forms/{FORM}") == before
    expect(page.locator("#findings h2")).to_have_text("Inget att rätta.")

    forms = sorted((PACK / "forms").glob("*.form"))
    for name, text in through_editor(page, _FORMS_THROUGH, "form.js", forms).items():
        as_it_was = (PACK / "forms" / name).read_bytes()
        assert write_form(text.encode(), as_it_was) == as_it_was, name
        assert json.loads(text) == json.loads(as_it_was), name


@pytest.mark.wide
def test_a_table_is_changed_and_what_is_found_leads_to_its_rule(town: Town):
    page = town.person("jonas.wik").page
    before = (PACK / TABLE).read_bytes()
    open_editor(page, f"{town.address}/routines/files/{TABLE}")
    assert looks_wrong(page) == []

    cell = page.locator("[data-element-id=lead_organisation_rule_2_out_organisation]")
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("organisation +")
    saved(page)
    assert draft(town, TABLE) == before.replace(b"<text>organisation<", b"<text>organisation +<")
    page.locator("#canvas").get_by_text("Vem samordnar?").first.click()
    page.locator("#findings .sp-link").first.click()
    row = "[data-row-id=lead_organisation_rule_2]"
    expect(page.locator(f"{row}[data-found=error]").first).to_be_visible()
    expect(page.locator(f"{row}:focus-within, {row}:focus").first).to_be_visible()

    tables = sorted(PACK.glob("*.dmn"))
    for name, text in through_editor(page, _TABLES_THROUGH, "decision.js", tables).items():
        assert text.encode() == (PACK / name).read_bytes(), name


@pytest.mark.wide
def test_every_diagram_comes_out_of_the_editor_as_it_went_in(town: Town):
    page = town.person("jonas.wik").page
    page.goto(f"{town.address}/routines")
    files = {file.name: file.read_bytes() for file in PACK.glob("*.bpmn")}
    files["foreign"] = files["consent.bpmn"].replace(b"<bpmn:extensionElements>", _FOREIGN, 1)

    sent = {name: content.decode() for name, content in files.items()}
    once = passed(page, _DIAGRAMS_THROUGH, "modeler.js", sent)
    twice = passed(page, _DIAGRAMS_THROUGH, "modeler.js", once)

    # Only the order of what is drawn is the editor's own: once, then not a byte changes.
    for name, text in once.items():
        assert canonical(parsed(text.encode())) == canonical(parsed(files[name])), name
    assert twice == once
    assert "kept</other:line>" in once["foreign"]
