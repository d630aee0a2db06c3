"""An owner plays a draft on pages: as each role, with a clock, back and forth."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from base.settings import Settings
from casework.notifications import actions as notifications
from casework.trials.ground import drafted, ground_of
from engine import releases
from tests.builders_bpmn import a_file, a_process, end, user
from tests.web.reading import fields, said
from tests.web.test_routines import OWNER
from tests.web.world import Site, open_site

PAGE = "/routines/trials"
NEW = {"organisation": "varnamo", "group": "varnamo", "on": "2027-02-01"}
#: Two organisations are still to answer an invitation.
INVITED = {"scenario": "scenarios/ac_05_sip_full.toml", "moves": "13"}


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    """One draft that everything here is played on, in the order of this page."""
    site = open_site(shared_settings)
    yield site
    site.close()


@pytest.fixture(scope="module")
def owner(site: Site) -> TestClient:
    return site.client(OWNER)


def begun(owner: TestClient, **what: str) -> str:
    """The address of a new trial."""
    answer = owner.post(PAGE, data=what)
    assert answer.status_code == 303, said(answer)
    return str(answer.headers["location"])


def answered(owner: TestClient, address: str) -> dict[str, str]:
    """What stands in a form, selects too; who reports is chosen in a form of its own."""
    page = owner.get(address)
    chosen = re.findall(
        r'<select[^>]* name="([^"]+)"(?:(?!</select>).)*?<option value="([^"]*)" selected',
        page.text,
        re.S,
    )
    return {key: value for key, value in (fields(page) | dict(chosen)).items() if key != "by"}


def rev(owner: TestClient, trial: str) -> str:
    return fields(owner.get(trial))["rev"]


def waiting(owner: TestClient, trial: str) -> list[str]:
    """The names of the steps that somebody could do."""
    found = re.findall(r'<a href="[^"]*/step\?at=([^"]+)"', owner.get(trial).text)
    return [name.replace("%40", "@") for name in found]


def test_a_step_is_done_as_the_one_for_whom_it_waits(site: Site, owner: TestClient):
    trial = begun(owner, **NEW)
    step = f"{trial}/step?at=describe_need@varnamo"
    empty = owner.post(step, data={"_rev": rev(owner, trial), "_do": "complete"})
    filled = answered(owner, f"{step}&filled=true")

    done = owner.post(step, data={**filled, "procedure": "arena", "_do": "complete"})

    assert empty.status_code == 422
    assert "You see what Sara Lindqvist would see" in said(empty)
    assert (done.status_code, done.headers["location"]) == (303, trial), said(done)
    assert waiting(owner, trial) == ["inform_and_redirect@varnamo/eko"]
    told = said(owner.get(trial))
    assert "“Describe the need” is done Sara Lindqvist, Värnamo kommun" in told
    assert "“Inform and point onwards” waits for Värnamo kommun" in told
    with site.database.reading() as tx:
        assert site.application.pack(tx).files == releases.draft_files(tx, "arena")
        assert notifications.sent_mails(tx) == []
    assert "1 case" not in said(owner.get("/overview"))


def test_time_passes_until_something_falls_due_and_is_taken_back(owner: TestClient):
    trial = begun(owner, **INVITED)
    before = waiting(owner, trial)

    owner.post(f"{trial}/clock", data={"rev": rev(owner, trial), "by": "next"})
    page = said(owner.get(trial))
    owner.post(f"{trial}/clock", data={"rev": rev(owner, trial), "by": "next"})
    later = said(owner.get(trial))
    owner.post(f"{trial}/back", data={"to": 13})

    assert before == ["answer_invitation@varnamo", "answer_invitation@vc_vaster"]
    assert "in the trial it is Monday 8 March 00:00" in page
    assert "Time has passed" in page
    assert "No answer in time" in later.partition("What has happened")[2]
    assert waiting(owner, trial) == before
    assert "in the trial it is Monday 1 March 09:00" in said(owner.get(trial))


def test_what_is_reported_ends_what_waits(owner: TestClient):
    trial = begun(owner, **INVITED)
    hearing = f"{trial}/hear/consent_withdrawn"
    asked = answered(owner, f"{hearing}?filled=true")

    answer = owner.post(hearing, data={**asked, "scope": "all", "received_how": "phone"})

    assert answer.status_code == 303, said(answer)
    told = said(owner.get(trial))
    assert "“The person takes back their consent” is reported" in told
    assert "“Answer the invitation” does not wait for Värnamo kommun any more" in told
    assert "answer_invitation@varnamo" not in waiting(owner, trial)


def test_whoever_may_report_can_be_chosen_and_is_kept(owner: TestClient):
    trial = begun(owner, **INVITED)
    hearing = f"{trial}/hear/consent_withdrawn"
    first, other = owner.get(hearing), owner.get(f"{hearing}?by=party@vc_vaster&filled=true")
    offered = re.findall(
        r'<option value="([^"]+)"( selected)?>[^<]+: ([^<]+)</option>', first.text
    )

    sent = {**answered(owner, f"{hearing}?by=party@vc_vaster&filled=true"), "scope": "all"}
    answer = owner.post(hearing, data=sent | {"received_how": "phone"})

    by = [code for code, _, _ in offered]
    assert [code for code, chosen, _ in offered if chosen] == ["case_lead"]
    assert by[0] == "case_lead"
    assert "party@vc_vaster" in by
    assert "party@fk" not in by
    assert answer.status_code == 303, said(answer)
    who = next(name for code, _, name in offered if code == "party@vc_vaster")
    assert f"You see what {who.partition(', ')[0]} would see" in said(other)
    told = said(owner.get(trial))
    assert f"“The person takes back their consent” is reported {who}" in told


def test_what_was_played_is_kept_as_a_scenario_that_goes_as_it_says(site: Site, owner: TestClient):
    trial = begun(owner, **(INVITED | {"moves": "3"}))
    with site.database.reading() as tx:
        ground = ground_of(site.application, drafted(tx, site.application))
    nameless = owner.post(f"{trial}/keep", data={"name": " "})

    kept = owner.post(f"{trial}/keep", data={"name": "Förbered samtycket"})

    assert nameless.status_code == 422
    assert kept.status_code == 303, said(kept)
    with site.database.reading() as tx:
        text = releases.draft_files(tx, "arena")["scenarios/forbered_samtycket.toml"].decode()
    assert 'open = ["talk_with_person@psykiatri"]' in text
    assert 'milestone = "consent"' in text
    played = ground.stage.play(text)
    assert (played.name, played.steps, played.failure) == ("Förbered samtycket", 3, None)
    wrong = ground.stage.play(text.replace("talk_with_person@", "talk_with_nobody@"))
    assert wrong.failure is not None


def test_it_says_in_words_how_a_case_has_ended(owner: TestClient):
    trial = begun(owner, scenario="scenarios/declined_by_person.toml")

    told = said(owner.get(trial))

    assert told.count("ended: The person said no") == 2
    assert "declined_by_person" not in told


def test_a_diagram_that_others_call_begins_by_itself_with_what_it_is_handed(owner: TestClient):
    chosen = owner.get(f"{PAGE}?alone=ask_give_input")
    without = owner.post(PAGE, data=NEW | {"process": "ask_give_input"})
    trial = begun(
        owner,
        **NEW,
        **{"process": "ask_give_input", "given.meeting_on": "2027-03-01", "consented": "yes"},
    )
    step = f"{trial}/step?at=give_input@varnamo"

    done = owner.post(step, data=answered(owner, f"{step}&filled=true") | {"_do": "complete"})

    assert "meeting_on handed by " in said(chosen)
    assert without.status_code == 422
    assert 'name="given.meeting_on"' in without.text
    assert "Fill in what it is handed" in said(without)
    assert (done.status_code, done.headers["location"]) == (303, trial), said(done)
    assert said(owner.get(trial)).count("ended: The input is there") == 2
    assert owner.get(f"{PAGE}?alone=nothing").status_code == 404


@pytest.mark.soak
def test_what_began_by_itself_is_kept_as_a_scenario_with_its_own_end(
    site: Site, owner: TestClient
):
    trial = begun(owner, **NEW, process="ask_stop_use", consented="yes")
    step = f"{trial}/step?at=stop_use@varnamo"
    owner.post(step, data={"_rev": rev(owner, trial), "_do": "example"})

    kept = owner.post(f"{trial}/keep", data={"name": "Slutar använda"})

    assert kept.status_code == 303, said(kept)
    with site.database.reading() as tx:
        ground = ground_of(site.application, drafted(tx, site.application))
        text = releases.draft_files(tx, "arena")["scenarios/slutar_anvanda.toml"].decode()
    end = re.findall(r'ended = "(\w+)"', text)
    played = ground.stage.play(text)
    wrong = ground.stage.play(text.replace(f'ended = "{end[0]}"', 'ended = "elsewhere"'))
    assert (played.steps, played.failure) == (1, None)
    assert wrong.failure is not None


def test_a_diagram_without_a_beginning_says_why_and_what_to_do(site: Site, owner: TestClient):
    nowhere = a_file(a_process(user("a"), end(), id="nowhere", path="a e"))
    with site.database.transaction() as tx:
        releases.save_draft(tx, "arena", "new.bpmn", nowhere, by="account:1", expected_rev=0)

    page = owner.get(f"{PAGE}?alone=nowhere")
    sent = owner.post(PAGE, data=NEW | {"process": "nowhere"})

    assert "It cannot begin by itself" in said(page)
    assert "Draw a start event" in said(page)
    assert 'href="/routines/nowhere"' in page.text
    assert owner.get("/routines/nowhere").status_code == 200
    assert sent.status_code == 422
    with site.database.transaction() as tx:
        releases.discard_draft(tx, "arena", "new.bpmn")


def test_a_changed_draft_says_where_the_course_goes_no_further(site: Site, owner: TestClient):
    trial = begun(owner, **(INVITED | {"moves": "4"}))
    with site.database.transaction() as tx:
        path = "referral.bpmn"
        content = releases.draft_files(tx, "arena")[path]
        other = content.replace(b"talk_with_person", b"talk_with_somebody")
        releases.save_draft(tx, "arena", path, other, by="account:1", expected_rev=0)

    broken = said(owner.get(trial))
    again = owner.post(f"{trial}/keep", data={"name": "Förbered  samtycket!"})
    owner.post(f"{trial}/back", data={"to": 1})

    assert "With the draft as it is now, move 2 of 4 does not go any more" in broken
    assert re.search(r"“talk_with_person( \([^@”]+\))?” does not wait. This waits: ", broken)
    assert "There is a scenario with this name already." in said(again)
    assert waiting(owner, trial) == ["talk_with_somebody@psykiatri"]


def test_a_trial_is_its_owners_alone_and_goes_one_move_at_a_time(site: Site, owner: TestClient):
    trial = begun(owner, **NEW)
    seen = rev(owner, trial)
    owner.post(f"{trial}/clock", data={"rev": seen, "by": "P1D"})

    again = owner.post(f"{trial}/clock", data={"rev": seen, "by": "P1D"})
    nowhere = owner.post(f"{trial}/clock", data={"rev": rev(owner, trial), "by": "P1Y"})

    assert (again.status_code, nowhere.status_code) == (409, 422)
    assert site.client("asa.kvist").get(trial).status_code == 404
    assert site.client("sara.lindqvist").get(PAGE).status_code == 403
    assert owner.post(PAGE, data=NEW | {"organisation": "gislaved"}).status_code == 422
    owner.post(f"{trial}/end")
    assert owner.get(trial).status_code == 404
