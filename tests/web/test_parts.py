"""Forms and decision tables over HTTP: drafts as diagrams are, and nobody else's lost."""

import json
import re
from datetime import timedelta

from engine import releases
from tests.web.test_routines import EDITOR, OWNER, SECOND
from web.security import EDITOR_POLICY

FORM, TABLE = "report.form", "lead_organisation.dmn"
PATHS = {FORM: "forms/report.form", TABLE: TABLE}


def draft(site, name: str) -> bytes:
    with site.database.reading() as tx:
        return releases.draft_files(tx, "arena")[PATHS[name]]


def in_use(site, name: str) -> bytes:
    with site.database.reading() as tx:
        return site.application.pack(tx).files[PATHS[name]]


def mark(client, name: str) -> str:
    return re.findall('data-rev="([^"]*)"', client.get(f"/routines/files/{name}").text)[0]


def save(client, name: str, content: bytes, rev: str | None = None):
    headers = {**EDITOR, "If-Match": mark(client, name) if rev is None else rev}
    return client.post(f"/routines/files/{name}/draft", content=content, headers=headers)


def with_other_label(form: bytes) -> bytes:
    return form.replace("Var gäller det?".encode(), "Var händer det?".encode())


def test_what_an_editor_sends_is_kept_and_checked(site):
    client = site.client(OWNER)
    sent = json.loads(in_use(site, FORM))
    sent["components"][1]["conditional"] = {"hide": "=1 +"}

    answer = save(client, FORM, json.dumps(sent, sort_keys=True).encode())

    [error] = [each for each in answer.json()["findings"] if each["severity"] == "error"]
    assert (error["rule"], error["element"]) == ("form.bad-feel", "happened")
    assert json.loads(draft(site, FORM)) == sent
    assert list(json.loads(draft(site, FORM))) == list(json.loads(in_use(site, FORM)))
    page = client.get(f"/routines/files/{FORM}")
    assert page.headers["content-security-policy"] == EDITOR_POLICY


def test_the_same_again_begins_no_draft(site):
    client = site.client(OWNER)

    answer = save(client, FORM, json.dumps(json.loads(in_use(site, FORM))).encode())

    assert answer.json()["rev"] == mark(client, FORM)
    assert 'data-is="soon"' not in client.get("/routines/files").text


def test_a_table_finding_names_its_rule(site):
    client = site.client(OWNER)
    broken = in_use(site, TABLE).replace(b"<text>accepting[1]</text>", b"<text>accepting[</text>")

    answer = client.post(f"/routines/files/{TABLE}/check", content=broken, headers=EDITOR)

    found = [each for each in answer.json()["findings"] if each["severity"] == "error"]
    assert [(each["element"], each["row"]) for each in found] == [("lead_organisation", 1)]
    assert draft(site, TABLE) == in_use(site, TABLE)


UNREADABLE = [
    (FORM, b"{"),
    (FORM, b'{"id": "other", "components": []}'),
    (FORM, b" " * 600_000),
    (TABLE, b"<a/>"),
    (TABLE, b"<!DOCTYPE a><a/>"),
]


def test_what_cannot_be_read_changes_nothing(site):
    client = site.client(OWNER)

    answers = [save(client, name, content) for name, content in UNREADABLE]

    assert [answer.status_code for answer in answers] == [422] * len(UNREADABLE)
    assert all(answer.json()["message"] for answer in answers)
    assert (draft(site, FORM), draft(site, TABLE)) == (in_use(site, FORM), in_use(site, TABLE))


def test_a_save_on_top_of_another_is_a_conflict_and_who_comes_later_sees_who_is_at_it(site):
    jonas, asa = site.client(OWNER), site.client(SECOND)
    before = mark(asa, FORM)
    save(jonas, FORM, with_other_label(in_use(site, FORM)))

    overtaken = save(asa, FORM, in_use(site, FORM), before)

    assert overtaken.status_code == 409
    sentence = "Jonas Wik is changing this right now."
    assert sentence in asa.get(f"/routines/files/{FORM}").text
    assert sentence not in jonas.get(f"/routines/files/{FORM}").text
    site.pass_time(timedelta(minutes=20))
    assert sentence not in site.client(SECOND).get(f"/routines/files/{FORM}").text


def test_a_new_form_is_offered_to_steps_and_can_be_thrown_away(site):
    client = site.client(OWNER)

    made = client.post("/routines/files", data={"title": "Väg framåt?"})

    assert made.headers["location"] == "/routines/files/vag_framat.form"
    choice = {"value": "vag_framat", "label": "Väg framåt?"}
    assert choice in client.get("/routines/choices.json").json()["forms"]
    again = client.post("/routines/files", data={"title": "vag framat"})
    assert again.status_code == 422
    assert client.post("/routines/files", data={"title": "?"}).status_code == 422
    client.post("/routines/files/vag_framat.form/discard")
    assert client.get("/routines/files/vag_framat.form").status_code == 404


def test_who_approves_reads_and_nobody_else(site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")

    page = karin.get(f"/routines/files/{FORM}")

    assert page.status_code == 200
    assert 'id="editor"' not in page.text
    assert save(karin, FORM, in_use(site, FORM), "").status_code == 403
    assert sara.get("/routines/files").status_code == 403
    assert karin.get("/routines/files/pack.toml").status_code == 404
    assert site.client(OWNER).post(f"/routines/files/{FORM}/draft").status_code == 403


def test_what_no_step_uses_says_what_it_is_for(site):
    client = site.client(OWNER)

    guest = client.get("/routines/files/guest_contribution.form").text
    deadlines = client.get("/routines/files/deadline_policy.dmn").text

    assert "<h1>What a guest of a meeting writes</h1>" in guest
    assert "<li>Every deadline that steps name</li>" in deadlines
    assert "No step uses it." not in guest + deadlines


def places(page: str) -> dict[str, str]:
    """What refers to what was to go out, by where it is changed; its words without markup."""
    found = re.findall(r'<li data-place="(\w+)">(.*?)</li>', page, re.DOTALL)
    return {kind: " ".join(re.sub("<[^>]*>", " ", text).split()) for kind, text in found}


def test_what_is_still_used_says_by_whom_in_the_words_of_the_screen(site):
    client = site.client(OWNER)

    report = client.post("/routines/files/report.form/remove")
    table = client.post(f"/routines/files/{TABLE}/remove")
    consent = client.post("/routines/consent/remove")

    assert [each.status_code for each in (report, table, consent)] == [409] * 3
    assert list(places(report.text)) == ["settings"]
    assert "“Deviation”" in places(report.text)["settings"]
    assert places(table.text) == {"diagram": "Raise a case “Propose who leads”"}
    assert list(places(consent.text)) == ["diagram", "sentences", "settings"]
    assert "“No consultation without consent in force”" in places(consent.text)["sentences"]
    for page in (report.text, table.text, consent.text):
        assert not re.search(r"\.bpmn|\.toml|Choose one of", page)


def test_the_draft_of_a_diagram_names_forms_and_tables_as_they_are_called(site):
    client = site.client(OWNER)
    assert client.post("/routines/files/guest_contribution.form/remove").status_code == 303
    save(client, TABLE, in_use(site, TABLE).replace(b">accepting[1]<", b">accepting[-1]<"))

    page = client.get("/routines/referral").text

    named = re.findall(r'<li><a href="/routines/files/([^"]*)">([^<]*)</a></li>', page)
    assert dict(named).keys() == {"guest_contribution.form", TABLE}
    assert all("." not in title for _, title in named)
