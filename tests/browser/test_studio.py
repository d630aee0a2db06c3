"""The studio for who only reads, and for whom a file is not taken over."""

from pathlib import Path

import pytest

from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

SIP = "joint_planning_sip"
TITLE = "Planera tillsammans med personen"


def test_who_approves_reads_without_a_script(town: Town):
    karin = town.person("karin.holt", script=False)

    karin.open("/routines")
    karin.follow(TITLE)

    karin.reads("Det finns inget utkast att lägga fram.")
    assert karin.page.locator("svg.sp-flow").count() == 1


def test_a_file_that_cannot_be_used_gets_a_page_that_says_why(town: Town, tmp_path: Path):
    jonas = town.person("jonas.wik")
    file = tmp_path / "bad.bpmn"
    file.write_text("<!DOCTYPE x><x/>")

    jonas.open(f"/routines/{SIP}")
    jonas.page.locator("#upload").set_input_files(file)
    jonas.page.get_by_role("button", name="Läs in", exact=True).click()

    jonas.reads("Filen togs inte över", "DOCTYPE", "Inget har ändrats.")
