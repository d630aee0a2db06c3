"""The studio over HTTP: who may, what is refused, and nothing before the second yes."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete

from casework.accounts.tables import MembershipRow
from casework.releases import actions
from engine import releases
from tests.casework.arena import actor
from tests.casework.releases.changes import (
    SIP,
    with_dangling_flow,
    with_doctype,
    with_interpreter,
    with_other_id,
    with_unknown_form,
    with_unsupported_element,
)
from web.security import EDITOR_POLICY

PACK = Path(__file__).parents[2] / "processes" / "arena"
UNHELD = "role_unheld"
OWNER, SECOND = "jonas.wik", "asa.kvist"
EDITOR = {"X-Samplan-Request": "editor", "Content-Type": "application/xml"}


def page(site, user_name: str = OWNER):
    with site.database.reading() as tx:
        app = site.application
        return actions.routine_page(tx, app, actor(tx, user_name), SIP)


def source(client) -> bytes:
    return client.get(f"/routines/{SIP}/file").content


def send(client, content: bytes):
    file = {"file": ("plan.bpmn", content, "application/xml")}
    return client.post(f"/routines/{SIP}/upload", files=file)


def test_every_diagram_in_use_is_listed_with_its_version(site):
    answer = site.client(OWNER).get("/routines")

    assert answer.status_code == 200
    listed = re.findall('data-process="([^"]*)"', answer.text)
    assert sorted(listed) == sorted(path.stem for path in PACK.glob("*.bpmn"))
    assert answer.text.count('class="sp-tag">in use') == len(listed)


def test_the_editor_is_served_under_its_own_policy(site):
    answer = site.client(OWNER).get(f"/routines/{SIP}")

    assert answer.headers["content-security-policy"] == EDITOR_POLICY
    assert f'data-save-url="/routines/{SIP}/draft"' in answer.text


def test_the_editor_is_there_before_the_check_has_ended(site):
    with site.database.transaction() as tx:
        drawn = with_unknown_form(releases.draft_files(tx, "arena")[f"{SIP}.bpmn"])
        releases.save_draft(tx, "arena", f"{SIP}.bpmn", drawn, by="account:1", expected_rev=0)

    shown = [site.client(OWNER).get(f"/routines/{SIP}{more}").text for more in ("", "/review")]

    assert ["no_such_form" in text for text in shown] == [False, True]


def test_who_may_only_approve_reads_the_diagram(site):
    answer = site.client("karin.holt").get(f"/routines/{SIP}")

    assert answer.headers["content-security-policy"] != EDITOR_POLICY
    assert "<svg" in answer.text
    assert 'id="editor"' not in answer.text


@pytest.mark.parametrize("address", ["", f"/{SIP}", f"/{SIP}/file", "/choices.json"])
def test_caseworkers_have_no_studio(site, address: str):
    assert site.client("sara.lindqvist").get(f"/routines{address}").status_code == 403


def test_an_unknown_diagram_does_not_exist(site):
    assert site.client(OWNER).get("/routines/no_such_thing").status_code == 404


def test_the_editor_saves_and_hears_what_is_found(site):
    client = site.client(OWNER)
    drawn = with_interpreter(source(client))

    answer = client.post(
        f"/routines/{SIP}/draft", content=drawn, headers={**EDITOR, "If-Match": page(site).mark}
    )

    assert answer.status_code == 200
    assert answer.json()["rev"] == page(site).mark
    assert {found["severity"] for found in answer.json()["findings"]} <= {"warning", "advice"}
    assert source(client) == drawn


def test_a_save_on_top_of_another_change_is_a_conflict(site):
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))

    answer = client.post(
        f"/routines/{SIP}/draft", content=source(client), headers={**EDITOR, "If-Match": "old"}
    )

    assert answer.status_code == 409
    assert list(answer.json()) == ["message"]


def test_a_check_keeps_nothing(site):
    client = site.client(OWNER)

    answer = client.post(
        f"/routines/{SIP}/check", content=with_unknown_form(source(client)), headers=EDITOR
    )

    found = [each for each in answer.json()["findings"] if each["severity"] == "error"]
    assert {each["element"] for each in found} == {"set_meeting"}
    assert not page(site).has_draft


def test_a_role_that_nobody_holds_any_more_is_found_at_its_lane(site):
    address, client = "/routines/arena_meeting_cycle", site.client(OWNER)
    drawn = client.get(f"{address}/file").content

    def unheld() -> list[tuple[str, str]]:
        found = client.post(f"{address}/check", content=drawn, headers=EDITOR).json()["findings"]
        here = [each for each in found if each["rule"] == UNHELD and each["element"]]
        return [(each["element"], each["severity"]) for each in here]

    assert unheld() == []
    with site.database.transaction() as tx:
        of_group = MembershipRow.role == "preparation_group"
        tx.execute(delete(MembershipRow).where(of_group))

    assert unheld() == [("lane_preparation_group", "warning")]


def test_only_the_editor_saves(site):
    client = site.client(OWNER)

    answer = client.post(f"/routines/{SIP}/draft", content=source(client))

    assert answer.status_code == 403
    assert not page(site).has_draft


@pytest.mark.parametrize(
    "content", [b"Dear all", b"", b"<a/>", b"<!DOCTYPE a><a/>", b"x" * 2_500_000]
)
def test_what_cannot_be_read_is_answered_in_json_and_changes_nothing(site, content: bytes):
    client = site.client(OWNER)

    answer = client.post(
        f"/routines/{SIP}/draft", content=content, headers={**EDITOR, "If-Match": page(site).mark}
    )

    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not page(site).has_draft


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (with_doctype, "DOCTYPE"),
        (lambda _: b"Dear all", "not XML"),
        (with_other_id, "another process"),
        (with_dangling_flow, "set_meeting_to_invite_parties"),
        (with_unknown_form, "no_such_form"),
        (with_unsupported_element, "Kanske?"),
        (lambda good: good + b" " * 2_200_000, "larger than"),
    ],
)
def test_a_bad_upload_gets_a_clear_page_and_changes_nothing(site, spoil, named: str):
    client = site.client(OWNER)

    answer = send(client, spoil(source(client)))

    assert answer.status_code == 422
    assert named in answer.text
    assert "Nothing has been changed." in answer.text
    assert not page(site).has_draft


def test_three_megabytes_are_too_much(site):
    client = site.client(OWNER)

    assert send(client, b" " * 3_200_000).status_code in {413, 422}
    assert not page(site).has_draft


def test_an_upload_without_a_file_says_so(site):
    answer = site.client(OWNER).post(f"/routines/{SIP}/upload", data={"other": "x"})

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_a_draft_is_proposed_approved_and_in_use(site):
    owner, second = site.client(OWNER), site.client(SECOND)
    drawn = with_interpreter(source(owner))
    assert send(owner, drawn).headers["location"] == f"/routines/{SIP}?said=uploaded"

    digest = {"digest": page(site).digest}
    asked = owner.post(f"/routines/{SIP}/propose", data={**digest, "reference": "SF 2027/14"})
    own = owner.post(f"/routines/{SIP}/approve", data=digest)
    approved = second.post(f"/routines/{SIP}/approve", data=digest)

    assert (asked.status_code, own.status_code, approved.status_code) == (303, 403, 303)
    assert source(owner) == drawn
    assert (page(site).version, page(site).has_draft) == (2, False)


def test_without_a_reference_nothing_is_put_forward(site):
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))

    answer = client.post(f"/routines/{SIP}/propose", data={"digest": page(site).digest})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert page(site).proposal is None


def test_a_day_that_is_no_day_is_refused_on_its_field(site):
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))

    told = {"digest": page(site).digest, "reference": "SF 2027/14", "begins": "2026-13-01"}
    answer = client.post(f"/routines/{SIP}/propose", data=told)

    assert answer.status_code == 422
    assert '<a href="#begins">' in answer.text
    assert 'name="reference" value="SF 2027/14"' in answer.text


def test_a_draft_that_is_agreed_to_says_from_when(site):
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))
    digest = {"digest": page(site).digest}
    told = {**digest, "reference": "SF 2027/14", "begins": "2027-03-01"}
    client.post(f"/routines/{SIP}/propose", data=told)

    answer = site.client(SECOND).post(f"/routines/{SIP}/approve", data=digest)

    assert answer.headers["location"] == f"/routines/{SIP}/review?said=agreed-to"
    assert "It is agreed, and comes into use on" in client.get(f"/routines/{SIP}/review").text
    assert page(site).version == 1


def test_the_review_says_what_changes(site):
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))

    text = client.get(f"/routines/{SIP}/review").text

    assert "<ins>Boka tolk</ins>" in text


def test_a_draft_can_be_thrown_away(site):
    client = site.client(OWNER)
    before = source(client)
    send(client, with_interpreter(before))

    answer = client.post(f"/routines/{SIP}/discard")

    assert answer.status_code == 303
    assert source(client) == before


def test_the_panel_is_offered_names(site):
    offered = site.client(OWNER).get("/routines/choices.json").json()

    of_pack = ["roles", "milestones", "purposes", "categories", "messages"]
    of_draft = ["forms", "routines", "decisions", "documents", "records"]
    assert list(offered) == of_pack + of_draft
    assert offered["documents"] == [
        {"value": "leaflet", "label": "When several organisations help you together"}
    ]
    assert {"value": SIP, "label": "Plan together with the person"} in offered["routines"]
    assert "lead_organisation" in {choice["value"] for choice in offered["decisions"]}
    assert {"value": "case_lead", "label": "Case lead"} in offered["roles"]
    assert [choice["value"] for choice in offered["purposes"]] == ["consultation", "planning"]
    assert all(choice["label"] for choices in offered.values() for choice in choices)


def test_without_a_draft_the_pages_about_one_say_so(site):
    client = site.client(OWNER)

    pages = [client.get(f"/routines/{SIP}/{page}").text for page in ("impact", "differences")]

    for page in pages:
        assert "There is no draft: nothing differs from what is in use." in page
        assert "Draft: nobody is affected." not in page
        assert "Not written yet" not in page


def test_scenarios_that_were_not_played_are_not_said_to_meet_nothing(site):
    page = site.client(OWNER).get("/routines/scenarios/referral").text

    assert "No scenario has been played with this draft yet" in page
    assert "What no scenario meets" not in page
    assert "this way is never taken" not in page


def test_where_a_condition_is_written_the_answers_known_there_are_offered(site):
    client = site.client(OWNER)
    known = client.get(f"/routines/{SIP}/known.json").json()

    assert "person_agrees" in known["at"]["person_agrees"]
    assert "person_agrees" not in known["at"]["enough_attend"]
    asked = {"label": "Does the person say yes to the plan?", "value": "yes_no", "choices": []}
    assert known["variables"]["person_agrees"] == {"name": "person_agrees", **asked}
    assert known["variables"]["meeting_on"]["value"] == "date"
    assert [choice["value"] for choice in known["variables"]["procedure"]["choices"]] == [
        "arena",
        "sip",
    ]
    assert known["variables"]["organisation"]["label"] == "organisation"
    assert client.get("/routines/nothing/known.json").status_code == 404


def test_what_a_draft_lets_in_is_known_after_its_step(site):
    client = site.client(OWNER)
    mapped = b'<zeebe:output source="=meeting_date" target="meeting_on" />'
    more = mapped + b'<zeebe:output source="=person_attends = "yes"" target="comes" />'.replace(
        b'"yes"', b"&#34;yes&#34;"
    )
    client.post(
        f"/routines/{SIP}/draft",
        content=source(client).replace(mapped, more),
        headers={**EDITOR, "If-Match": page(site).mark},
    )

    known = client.get(f"/routines/{SIP}/known.json").json()

    assert "comes" in known["at"]["invite_parties"]
    assert "comes" not in known["at"]["prepare_with_person"]
    assert known["variables"]["comes"]["value"] == "yes_no"


@pytest.mark.parametrize(
    ("answer", "step"), [("agrees", "person_approval"), ("own_voice", "record_plan")]
)
def test_an_answer_that_no_mapping_lets_in_is_named(site, answer: str, step: str):
    client = site.client(OWNER)
    read = source(client).replace(b">=person_agrees<", b">=%s = &#34;yes&#34;<" % answer.encode())
    sent = {"content": read, "headers": {**EDITOR, "If-Match": page(site).mark}}

    findings = client.post(f"/routines/{SIP}/draft", **sent).json()["findings"]

    [found] = [each for each in findings if each["severity"] == "error"]
    closed = answer == "own_voice"
    asked = {"file": f"{SIP}.bpmn", "step": step, "variable": answer}
    assert found["let_in"] == {**asked, "closed": closed}
