"""The scenarios of a draft are played from the studio, and what they meet is drawn."""

from datetime import timedelta

import pytest

from base import jobs
from casework import worker
from casework.trials import scenarios
from engine import releases
from tests.casework.arena import actor
from tests.web.test_routines import OWNER

PAGE = "/routines/scenarios"
SHORT = "scenarios/declined_by_person.toml"


@pytest.fixture
def two(site):
    """Only a scenario that goes as it says, and one that does not, are in the draft."""
    with site.database.transaction() as tx:
        files = releases.draft_files(tx, "arena")
        for path in files:
            if path.startswith("scenarios/") and path != SHORT:
                releases.save_draft(tx, "arena", path, None, by="account:1", expected_rev=0)
        wrong = files[SHORT].replace(b'"talk_with_person@', b'"talk_with_nobody@')
        assert wrong != files[SHORT]
        path = "scenarios/wrong.toml"
        releases.save_draft(tx, "arena", path, wrong, by="account:1", expected_rev=0)
    return site


def page(site) -> scenarios.ScenariosPage:
    with site.database.reading() as tx:
        return scenarios.scenarios_page(tx, site.application, actor(tx, OWNER))


def work(site) -> None:
    """The worker plays until nothing is left."""
    while page(site).playing:
        worker.run_round(site.application, scenarios.staff(site.application))
        site.pass_time(timedelta(seconds=2))


def test_each_scenario_says_how_it_went_and_what_it_met(two):
    client = two.client(OWNER)
    before = page(two)

    answer = client.post(f"{PAGE}/play", data={"mark": page(two).mark})

    again = client.post(f"{PAGE}/play", data={"mark": page(two).mark})
    meanwhile = client.get(PAGE).text
    with two.database.reading() as tx:
        asked = jobs.pile(tx).waiting
    work(two)
    assert answer.headers["location"] == f"{PAGE}?said=played"
    assert (again.status_code, asked) == (303, 1)
    assert "They are being played." in meanwhile
    assert (before.waiting, before.playing, page(two).playing) == (2, False, False)
    good, wrong = page(two).rows
    assert (good.path, good.played, good.failed) == (SHORT, True, None)
    assert wrong.failed == 1
    place = "(Värnamo kommun)"
    waits, wanted = f"Talk with the person {place}", f"talk_with_nobody {place}"
    assert wrong.why == f"This waits: {waits}. It should be: {wanted}."
    text = client.get(PAGE).text
    assert text.count("goes as it says") == 1
    assert "Step 1 of" in text
    drawn = client.get(f"{PAGE}/referral").text
    never = drawn.partition('id="never"')[2]
    assert "Ask for consent" in never
    assert "Talk with the person" not in never.partition("→")[0]
    with two.database.reading() as tx:
        assert two.application.pack(tx).files != releases.draft_files(tx, "arena")


def test_a_changed_draft_asks_again(two):
    two.client(OWNER).post(f"{PAGE}/play", data={"mark": page(two).mark})
    work(two)
    played = page(two).waiting
    with two.database.transaction() as tx:
        content = releases.draft_files(tx, "arena")[SHORT] + b"\n"
        releases.save_draft(tx, "arena", SHORT, content, by="account:1", expected_rev=0)

    assert (played, page(two).waiting, page(two).playing) == (0, 2, False)


def test_only_owners_play(two):
    assert two.client("karin.holt").get(PAGE).status_code == 200
    sent = {"mark": page(two).mark}
    assert two.client("karin.holt").post(f"{PAGE}/play", data=sent).status_code == 403
    assert two.client(OWNER).post(f"{PAGE}/play").status_code == 409
    assert two.client("sara.lindqvist").get(PAGE).status_code == 403
