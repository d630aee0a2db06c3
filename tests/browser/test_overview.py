"""A manager's day: what waits, for whom, and handing it on; nobody's name in a case."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework.tasks import store as tasks
from tests.browser.town import Town
from tests.casework.arena import a_colleague, a_started_case

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]


def cases_with_one_late(town: Town) -> None:
    """Two of Värnamo, the first late since the day before yesterday, and six of Gislaved."""
    late = a_started_case(town.site.application)
    a_started_case(town.site.application)
    for _ in range(6):
        a_started_case(town.site.application, "nils.ek")
    with town.site.database.transaction() as tx:
        for task in tasks.open_of_case(tx, late):
            task.due = town.site.database.now() + timedelta(days=1)
    town.pass_time(timedelta(days=3))


@pytest.mark.parametrize("script", [True, False])
def test_a_manager_hands_a_late_step_to_a_colleague(town: Town, script: bool):
    cases_with_one_late(town)
    a_colleague(town.site.application, "sara.lindqvist", "Kim Ros")
    eva = town.person("eva.lund", script=script)

    eva.open("/overview")
    late = eva.page.locator("#late .sp-row")
    expect(late).to_have_count(1)
    expect(late).to_contain_text("VMO-2027-001")
    expect(late).to_contain_text("2 dagar försenad")
    late.get_by_role("link", name="Ge till").click()
    eva.eyes.look(eva.page)
    eva.page.get_by_label("Kim Ros").check()
    eva.press("Ge")

    expect(eva.page.locator("#late .sp-row")).to_contain_text("Kim Ros")


def test_others_are_counts_and_their_diagram_too(town: Town):
    cases_with_one_late(town)
    eva = town.person("eva.lund")

    eva.open("/overview?process=referral&of=others")

    expect(eva.page.locator("#diagram svg .n")).to_have_text("6")
    row = eva.page.get_by_role("row", name="Gislaveds kommun")
    expect(row).to_contain_text("6")
    assert "GIS-" not in eva.everything()


def test_the_federation_sees_no_case(town: Town):
    cases_with_one_late(town)
    asa = town.person("asa.kvist")

    asa.open("/overview?process=referral")

    asa.reads("Alla organisationer", "< 5")
    assert "VMO-" not in asa.everything()
