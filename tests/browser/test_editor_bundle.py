"""The built editor in a real browser: draw, name, save, hear findings, and lose nothing."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Thread
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser.looking import violations
from web.assets import Assets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("editor")]

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "web" / "static"
SAMPLE = (HERE / "editor_sample.bpmn").read_bytes()
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

ADVICE = {
    "element": "prepare",
    "rule": "no_scenario",
    "severity": "advice",
    "message": "provas inte av något scenario.",
    "remedy": "Skriv ett scenario som går igenom steget.",
}
ERROR = {
    "element": "escalated",
    "rule": "no_end",
    "severity": "error",
    "message": "leder ingenstans.",
    "remedy": "Dra en pil vidare eller till ett slut.",
}
#: What the server says of the variables at the gateway of `with_gateway`.
KNOWN = {
    "variables": {
        "plan_form": {
            "name": "plan_form",
            "label": "Vilken plan?",
            "value": "choice",
            "choices": [{"value": "sip", "label": "SIP"}, {"value": "short", "label": "En kort"}],
        },
        "parties_there": {
            "name": "parties_there",
            "label": "Hur många kommer?",
            "value": "number",
            "choices": [],
        },
    },
    "at": {"which": ["parties_there", "plan_form"]},
}


def with_gateway(diagram: bytes) -> bytes:
    """The sample where a gateway leads to the end, or back."""
    flows = (
        b'<bpmn:exclusiveGateway id="which" name="Vilken?"><bpmn:incoming>to_planned'
        b"</bpmn:incoming><bpmn:outgoing>on</bpmn:outgoing><bpmn:outgoing>back</bpmn:outgoing>"
        b"</bpmn:exclusiveGateway>"
        b'<bpmn:sequenceFlow id="on" sourceRef="which" targetRef="planned" />'
        b'<bpmn:sequenceFlow id="back" sourceRef="which" targetRef="prepare" />'
    )
    drawn = (
        b'<bpmndi:BPMNShape id="which_shape" bpmnElement="which" isMarkerVisible="true">'
        b'<dc:Bounds x="550" y="135" width="50" height="50" /></bpmndi:BPMNShape>'
        b'<bpmndi:BPMNEdge id="on_edge" bpmnElement="on"><di:waypoint x="600" y="160" />'
        b'<di:waypoint x="742" y="160" /></bpmndi:BPMNEdge>'
        b'<bpmndi:BPMNEdge id="back_edge" bpmnElement="back"><di:waypoint x="575" y="135" />'
        b'<di:waypoint x="575" y="100" /><di:waypoint x="370" y="100" />'
        b'<di:waypoint x="370" y="120" /></bpmndi:BPMNEdge>'
    )
    last = b'<bpmn:sequenceFlow id="to_escalated"'
    lane = b"<bpmn:flowNodeRef>prepare</bpmn:flowNodeRef>"
    for old, new in (
        (b'sourceRef="prepare" targetRef="planned"', b'sourceRef="prepare" targetRef="which"'),
        (b"<bpmn:incoming>to_planned</bpmn:incoming>", b"<bpmn:incoming>on</bpmn:incoming>"),
        (lane, lane + b"<bpmn:flowNodeRef>which</bpmn:flowNodeRef>"),
        (last, flows + last),
        (b'<di:waypoint x="742" y="160" />', b'<di:waypoint x="550" y="160" />'),
        (b"</bpmndi:BPMNPlane>", drawn + b"</bpmndi:BPMNPlane>"),
    ):
        assert old in diagram
        diagram = diagram.replace(old, new, 1)
    return diagram


@dataclass(slots=True)
class Studio:
    """What the server was sent, and what it is to answer next."""

    address: str = ""
    source: bytes = SAMPLE
    editing: str = "true"
    language: str = "sv"
    more: str = ""
    status: int = 200
    saved: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=lambda: [ADVICE])

    def page(self) -> bytes:
        assets = Assets()
        names = {
            name.replace(".", "_"): assets.url(name)
            for name in ("site.css", "editor.css", "page.js", "modeler.js")
        }
        text = Template((HERE / "editor_page.html").read_text())
        return text.substitute(
            names, language=self.language, editing=self.editing, more=self.more
        ).encode()

    def save(self, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if self.status != 200:
            return self.status, {"message": "someone else was first"}
        self.saved.append((headers, body))
        return 200, {"rev": len(self.saved) + 1, "findings": [ERROR]}


class Answer(BaseHTTPRequestHandler):
    """Serves the studio's page, its files and its two addresses for diagrams."""

    studio: Studio

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            file = STATIC / self.path.removeprefix("/static/")
            self.send(200, TYPES.get(file.suffix, "font/woff2"), file.read_bytes())
        elif self.path == "/file":
            self.send(200, "application/xml", self.studio.source)
        elif self.path == "/choices":
            roles = [{"value": "case_lead", "label": "Samordnare"}]
            forms = [{"value": "way_on", "label": "Väg framåt?"}]
            routines = [{"value": "ask_party", "label": "Fråga en organisation"}]
            heard = [{"value": "person_moved", "label": "Personen har flyttat"}]
            leaflets = [
                {"value": "leaflet", "label": "Till dig"},
                {"value": "map", "label": "Karta"},
            ]
            offered = {
                "roles": roles,
                "forms": forms,
                "routines": routines,
                "messages": heard,
                "documents": leaflets,
            }
            self.send(200, "application/json", json.dumps(offered).encode())
        elif self.path == "/known":
            self.send(200, "application/json", json.dumps(KNOWN).encode())
        elif self.path == "/templates":
            self.send(200, "application/json", json.dumps(self.studio.templates).encode())
        else:
            self.send(200, "text/html", self.studio.page())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/check":
            status, answer = 200, {"findings": self.studio.found}
        else:
            status, answer = self.studio.save(dict(self.headers), body)
        self.send(status, "application/json", json.dumps(answer).encode())

    def send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output to their own words."""


@pytest.fixture
def studio(built: None) -> Iterator[Studio]:
    studio = Studio()
    handler = type("Here", (Answer,), {"studio": studio})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        studio.address = f"http://127.0.0.1:{server.server_port}/"
        yield studio
        server.shutdown()
        thread.join()


def take_picture(page: Page, name: str) -> None:
    """Keep what is on screen where the documentation's pictures are wanted."""
    folder = os.environ.get("SAMPLAN_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / "pictures" / f"editor-{name}.png")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about: errors, and what the policy refused."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def open_studio(page: Page, studio: Studio) -> None:
    page.goto(studio.address)
    page.locator("#editor[data-ready]").wait_for()
    page.locator("#findings h2").wait_for()


def shape(page: Page, element: str) -> Any:
    return page.locator(f"[data-element-id='{element}'] .djs-hit").first


def append(page: Page, kind: str) -> None:
    """Choose from the menu of what can follow, by keyboard alone."""
    page.locator(".djs-context-pad.open").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".djs-popup input")).to_be_focused()
    take_picture(page, "menu-1280-light")
    page.keyboard.type(kind)
    expect(page.locator(".djs-popup .entry.selected")).to_contain_text(kind)
    page.keyboard.press("Enter")


def wait_for_saves(page: Page, studio: Studio, count: int) -> bytes:
    for _ in range(100):
        if len(studio.saved) >= count:
            break
        page.wait_for_timeout(100)
    assert len(studio.saved) == count
    return studio.saved[-1][1]


def parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False))


def canonical(tree: etree._Element) -> bytes:
    """The file free of its formatting; shapes and edges by id, as their order means nothing."""
    for plane in tree.iter("{*}BPMNPlane"):
        plane[:] = sorted(plane, key=lambda drawn: str(drawn.get("id")))
    return etree.tostring(tree, method="c14n")


def without(tree: etree._Element, ids: set[str]) -> bytes:
    """The file as it would be without these elements, their drawing and every mention of them."""
    for element in list(tree.iter()):
        mentions = {element.get("id"), element.get("bpmnElement"), element.text}
        parent = element.getparent()
        if mentions & ids and parent is not None:
            parent.remove(element)
    return canonical(tree)


def new_ids(tree: etree._Element) -> set[str]:
    before = {element.get("id") for element in parsed(SAMPLE).iter()}
    return {str(element.get("id")) for element in tree.iter()} - before - {"None"}


def test_a_user_task_is_drawn_named_and_saved_and_nothing_else_changes(
    page: Page, studio: Studio, complaints: list[str]
):
    open_studio(page, studio)

    shape(page, "prepare").click()
    take_picture(page, "1280-light")
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.keyboard.type("Boka tolk")
    shape(page, "begun").click()
    xml = wait_for_saves(page, studio, 1)

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
    tree = parsed(wait_for_saves(page, studio, 1))

    names = [task.get("name") for task in tree.iter(f"{BPMN}userTask")]
    assert names == ["Förbered med personen", "Boka tolk"]
    assert without(tree, new_ids(tree)) == canonical(parsed(SAMPLE))


@pytest.mark.wide
def test_each_save_names_the_revision_it_stands_on(page: Page, studio: Studio):
    open_studio(page, studio)

    for count, name in enumerate(("Förbered mötet", "Förbered"), start=1):
        shape(page, "prepare").dblclick()
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        shape(page, "begun").click()
        page.locator("#save-draft").click()
        wait_for_saves(page, studio, count)
        page.locator("#editor-status[data-is=saved]").wait_for()

    sent = [
        (headers["If-Match"], headers["X-Samplan-Request"], headers["Content-Type"])
        for headers, _ in studio.saved
    ]
    assert sent == [("1", "editor", "application/xml"), ("2", "editor", "application/xml")]


def test_findings_are_pinned_to_their_elements_and_lead_there(page: Page, studio: Studio):
    open_studio(page, studio)
    expect(page.locator("#findings h2")).to_have_text("1 råd")

    page.locator("#findings button[data-element=prepare]").click()

    expect(page.locator(".djs-element.selected")).to_have_attribute("data-element-id", "prepare")
    expect(page.locator(".djs-overlay-samplan-finding .sp-pin")).to_have_text("1")
    expect(page.locator("#panel")).to_contain_text("Det senare steg får veta")


def test_nothing_on_the_page_shuts_anyone_out(page: Page, studio: Studio):
    open_studio(page, studio)
    shape(page, "prepare").click()
    page.locator(".djs-context-pad.open").wait_for()
    expect(page.get_by_role("button", name="Visa eller dölj avsnittet").first).to_be_visible()

    page.get_by_text("Alla inställningar").click()
    expect(page.locator("#panel")).to_contain_text("Formulärets id")

    assert violations(page) == []


@pytest.mark.wide
def test_a_save_brings_new_findings_in_place_of_the_old(page: Page, studio: Studio):
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    shape(page, "begun").click()
    wait_for_saves(page, studio, 1)

    expect(page.locator("#findings h2")).to_have_text("1 att rätta")
    expect(page.locator(".sp-marked-error")).to_have_attribute("data-element-id", "escalated")
    take_picture(page, "findings-1280-light")
    page.emulate_media(color_scheme="dark")
    take_picture(page, "1280-dark")


def test_what_another_person_saved_meanwhile_is_never_overwritten(page: Page, studio: Studio):
    open_studio(page, studio)
    studio.status = 409

    shape(page, "prepare").dblclick()
    page.keyboard.type(" mitt")
    shape(page, "begun").click()
    status = page.locator("#editor-status[data-is=conflict]")
    status.wait_for()
    studio.status = 200
    page.locator("#save-draft").click()
    page.wait_for_timeout(500)

    with page.expect_download() as download:
        status.get_by_role("link", name="Spara en kopia").click()
    assert download.value.suggested_filename == "joint_planning.bpmn"
    assert " mitt" in Path(download.value.path()).read_text()
    assert studio.saved == []


@pytest.mark.wide
def test_leaving_with_unsaved_changes_asks_first(page: Page, studio: Studio):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_studio(page, studio)
    studio.status = 503

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    shape(page, "begun").click()
    page.locator("#editor-status[data-is=offline]").wait_for()
    page.goto("about:blank")

    assert asked == ["beforeunload"]


@pytest.mark.wide
def test_settings_of_our_own_are_written_as_properties(page: Page, studio: Studio):
    open_studio(page, studio)

    page.locator("[data-element-id=lane_party] .djs-hit").last.click(position={"x": 8, "y": 60})
    role = page.locator("#panel select[name='samplan-role']")
    expect(role.locator("option:checked")).to_have_text("party (okänd)")
    role.select_option("case_lead")
    tree = parsed(wait_for_saves(page, studio, 1))

    values = [it.get("value") for it in tree.iter("{*}property") if it.get("name") == "role"]
    assert values == ["case_lead", "case_lead"]

    shape(page, "prepare").click()
    page.get_by_text("Blad att lämna ut").click()
    for name in ("leaflet", "map", "leaflet"):
        page.locator(f"#panel input[name='samplan-documents-{name}']").click()
    tree = parsed(wait_for_saves(page, studio, 2))

    named = {it.get("name"): it.get("value") for it in tree.iter("{*}property")}
    assert named["documents"] == "map"


def test_a_reader_sees_the_diagram_and_can_change_nothing(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.editing = "false"
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    page.wait_for_timeout(2500)

    expect(page.locator(".djs-palette")).to_have_count(0)
    expect(page.locator("#editor-status")).to_have_attribute("data-is", "reading")
    assert (studio.saved, complaints) == ([], [])


@pytest.mark.wide
def test_a_file_that_is_not_wholly_understood_is_shown_but_never_saved(page: Page, studio: Studio):
    studio.source = SAMPLE.replace(b'id="escalated"', b'id="joint_planning"')
    open_studio(page, studio)

    shape(page, "prepare").dblclick()
    page.keyboard.type("!")
    page.wait_for_timeout(2500)

    status = page.locator("#editor-status[data-is=damaged]")
    expect(status).to_contain_text("duplicate ID <joint_planning>")
    expect(page.locator(".djs-container")).to_have_count(1)
    assert studio.saved == []


@pytest.mark.parametrize(
    ("language", "create"),
    [("sv", "Rita uppgift"), ("de", "Aufgabe zeichnen"), ("en", "Create user task")],
)
def test_the_editor_speaks_the_readers_language(
    page: Page, studio: Studio, language: str, create: str
):
    studio.language = language
    open_studio(page, studio)

    tool = page.locator(".djs-palette [data-action='create.task']")

    expect(tool).to_have_attribute("aria-label", create)


@pytest.mark.wide
def test_a_packs_templates_are_offered_and_the_watermark_stays(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.more = 'data-templates-url="/templates"'
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
    tree = parsed(wait_for_saves(page, studio, 1))

    called = [it.get("processId") for it in tree.iter("{*}calledElement")]
    assert called == ["ask_party"]
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert complaints == []


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
    tree = parsed(wait_for_saves(page, studio, 1))

    assert [it.get("formId") for it in tree.iter("{*}formDefinition")] == ["way_on"]
    assert list(tree.iter("{*}assignmentDefinition")) == []
    form.select_option(label="Inte valt")
    role.select_option(label="Samordnare")
    tree = parsed(wait_for_saves(page, studio, 2))
    assert list(tree.iter("{*}formDefinition")) == []
    assigned = [it.get("candidateGroups") for it in tree.iter("{*}assignmentDefinition")]
    assert assigned == ["case_lead"]


def condition_of(xml: bytes, flow: str) -> str:
    (found,) = (it for it in parsed(xml).iter(f"{BPMN}sequenceFlow") if it.get("id") == flow)
    return "".join(str(text) for text in found.itertext())


@pytest.mark.wide
def test_when_a_way_is_taken_is_picked_from_the_answers_known_there(
    page: Page, studio: Studio, complaints: list[str]
):
    studio.source, studio.more = with_gateway(SAMPLE), 'data-known-url="/known"'
    open_studio(page, studio)

    shape(page, "on").click(force=True)
    answer = page.get_by_label("Svar", exact=True)
    answer.select_option(label="Vilken plan?")
    page.get_by_label("Värde", exact=True).select_option(label="En kort")
    page.get_by_label("Hur det ska vara").select_option(label="är inte")
    xml = wait_for_saves(page, studio, 1)
    assert condition_of(xml, "on") == '=plan_form != "short"'
    written = page.get_by_label("Villkor (FEEL)")
    expect(written).to_have_text('plan_form != "short"')

    answer.select_option(label="Hur många kommer?")
    page.get_by_label("Hur det ska vara").select_option(label="är minst")
    page.get_by_label("Värde", exact=True).fill("2")
    page.keyboard.press("Tab")
    xml = wait_for_saves(page, studio, 2)
    assert condition_of(xml, "on") == "=parties_there >= 2"

    written.fill("")
    written.press_sequentially("parties_t")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("parties_there")
    written.fill("count(parties) > 2 and parties_there > 1")
    expect(answer.locator("option:checked")).to_have_text("Som det står nedanför")
    xml = wait_for_saves(page, studio, 3)
    assert condition_of(xml, "on") == "=count(parties) > 2 and parties_there > 1"

    answer.select_option(label="Annars: där ingen annan väg gäller")
    xml = wait_for_saves(page, studio, 4)
    assert condition_of(xml, "on") == ""
    (gateway,) = parsed(xml).iter(f"{BPMN}exclusiveGateway")
    assert gateway.get("default") == "on"
    assert complaints == []


@pytest.mark.wide
def test_an_answer_that_no_mapping_lets_in_is_let_in_by_a_button(page: Page, studio: Studio):
    missing = {"step": "prepare", "variable": "comes", "closed": False}
    closed = {"step": "prepare", "variable": "note", "closed": True}
    studio.found = [{**ERROR, "let_in": missing}, {**ERROR, "let_in": closed}]
    open_studio(page, studio)

    expect(page.locator("#findings .sp-finding").last).to_contain_text("”note” är en text")
    page.get_by_role("button", name="Släpp in svaret från ”Förbered med personen”").click()
    tree = parsed(wait_for_saves(page, studio, 1))

    outputs = [(it.get("source"), it.get("target")) for it in tree.iter("{*}output")]
    assert ("=comes", "comes") in outputs
    assert len(outputs) == len(list(parsed(SAMPLE).iter("{*}output"))) + 1


@pytest.mark.wide
def test_a_pattern_is_drawn_whole_and_undone_in_one_step(
    page: Page, studio: Studio, complaints: list[str]
):
    open_studio(page, studio)

    shape(page, "prepare").click()
    append(page, "Påminn, eskalera sedan")
    tree = parsed(wait_for_saves(page, studio, 1))

    timers = [it.get("cancelActivity") for it in tree.iter(f"{BPMN}boundaryEvent")]
    assert timers.count("false") == len(list(parsed(SAMPLE).iter(f"{BPMN}boundaryEvent"))) + 2
    assert {it.text for it in tree.iter(f"{BPMN}timeDuration")} >= {"P7D", "P14D"}
    asked = [it.get("type") for it in tree.iter("{*}taskDefinition")]
    assert asked == ["party.remind"]
    page.keyboard.press("Control+z")
    assert canonical(parsed(wait_for_saves(page, studio, 2))) == canonical(parsed(SAMPLE))

    for pattern in ("Fråga varje organisation", "Personen har flyttat"):
        shape(page, "begun").click()
        shape(page, "prepare").click()
        append(page, pattern)
    tree = parsed(wait_for_saves(page, studio, 3))

    (items,) = tree.iter("{*}loopCharacteristics")
    assert (items.get("inputCollection"), items.get("inputElement")) == ("=parties", "party")
    passed = [it.get("target") for it in tree.iter("{*}input")]
    assert passed[-2:] == ["organisation", "unit"]
    (message,) = tree.iter(f"{BPMN}message")
    heard = [it.get("messageRef") for it in tree.iter(f"{BPMN}messageEventDefinition")]
    assert (message.get("name"), heard) == ("person_moved", [message.get("id")])
    assert complaints == []
