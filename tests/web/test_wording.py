"""Words are changed in a plain table, and nothing else of a language's file with them."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from engine import releases
from engine.packs import Text, with_translations
from tests.web.reading import fields
from tests.web.test_routines import OWNER

FILE = "referral.bpmn"
PO = "lang/de.po"
STEP = "w:de:referral.bpmn#talk_with_person/name"


def draft(site) -> bytes:
    with site.database.reading() as tx:
        return releases.draft_files(tx, "arena")[PO]


def mark(client) -> str:
    return re.findall('name="mark" value="([^"]*)"', client.get("/routines/words").text)[0]


def send(client, sent: dict[str, str], **more: str):
    return client.post("/routines/words", data={"file": FILE, "mark": mark(client)} | sent | more)


def test_a_translation_is_changed_taken_out_and_found_missing(site):
    client = site.client(OWNER)
    before = draft(site)
    text = client.get(f"/routines/words?file={FILE}").text
    [old] = re.findall(f'name="{STEP}"[^>]*>([^<]*)<', text)
    entry = f'msgstr "{unescape(old)}"'.encode()

    answer = send(client, {STEP: "Anders\r\nsagen"})

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {"file": [FILE], "said": ["words"]}
    at = before.index(b'msgctxt "referral.bpmn#talk_with_person/name"')
    kept = draft(site)
    assert kept[:at] == before[:at]
    assert kept.count(b"\n\nmsgctxt") == before.count(b"\n\nmsgctxt")
    assert entry in before[at:]
    assert "Anders\nsagen" in client.get(f"/routines/words?file={FILE}").text
    send(client, {STEP: ""})
    assert STEP in client.get(f"/routines/words?file={FILE}&missing=1").text
    send(client, {STEP: unescape(old)})
    assert STEP not in client.get(f"/routines/words?file={FILE}&missing=1").text
    client.post("/routines/words/discard")
    assert draft(site) == before


def test_a_diagram_begun_as_another_says_the_same_in_other_languages(site):
    client = site.client(OWNER)
    before = draft(site)
    [old] = re.findall(
        f'name="{STEP}"[^>]*>([^<]*)<', client.get(f"/routines/words?file={FILE}").text
    )

    begun = client.post("/routines", data={"title": "Ny remiss", "like": "referral"})

    assert begun.status_code == 303
    told = "/routines/words?file=ny_remiss.bpmn"
    assert f'name="{STEP.replace("referral", "ny_remiss")}"' in client.get(told).text
    assert fields(client.get(told))[STEP.replace("referral", "ny_remiss")] == unescape(old)
    lacking = re.findall('name="w:de:([^"]*)"', client.get(f"{told}&missing=1").text)
    assert lacking == ["ny_remiss.bpmn#ny_remiss/name"]
    assert draft(site).startswith(before.rstrip())
    client.post("/routines/ny_remiss/remove")
    assert draft(site) == before
    with site.database.reading() as tx:
        assert releases.draft(tx, "arena") == [], "nothing is left of it"


def test_decision_tables_are_in_the_table_by_their_names_and_columns(site):
    client = site.client(OWNER, "de")
    page = client.get("/routines/words?file=eligibility.dmn")

    assert '<option value="eligibility.dmn" selected>Ist Koordination das Richtige?' in page.text
    told = fields(page)
    assert told["w:de:eligibility.dmn#eligibility/name"] == "Ist Koordination das Richtige?"
    assert "Erwerbsfähiges Alter" in told.values()


def test_what_is_overtaken_too_long_or_nowhere_changes_nothing(site):
    client = site.client(OWNER)
    before = draft(site)

    assert send(client, {STEP: "x"}, mark="another").status_code == 409
    assert send(client, {STEP: "x" * 10_001}).status_code == 422
    assert send(client, {STEP: "x"}, file="no_such.bpmn").status_code == 404
    assert "nothing-changed" in send(client, {"w:de:other#x/name": "x"}).headers["location"]
    assert draft(site) == before


def test_who_approves_reads_and_nobody_else(site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")

    assert "<textarea" not in karin.get("/routines/words").text
    assert karin.post("/routines/words", data={"file": FILE, "mark": ""}).status_code == 403
    assert sara.get("/routines/words").status_code == 403


def test_an_entry_keeps_its_short_context_and_a_new_file_begins():
    text = Text("forms/ask.form", "name", "label", 'Vad "heter" du?')
    short = b'msgid ""\nmsgstr ""\n\nmsgctxt "ask#name/label"\nmsgid "Gammal"\nmsgstr "Alt"\n'

    changed = with_translations(short, "de", [(text, "Wie?")])
    begun = with_translations(b"", "de", [(text, "Wie?")])

    entry = b'msgid "Vad \\"heter\\" du?"\nmsgstr "Wie?"\n'
    assert changed == b'msgid ""\nmsgstr ""\n\nmsgctxt "ask#name/label"\n' + entry
    assert begun.endswith(b'\n\nmsgctxt "forms/ask.form#name/label"\n' + entry)
    assert with_translations(changed, "de", [(text, "")]) == b'msgid ""\nmsgstr ""\n'
