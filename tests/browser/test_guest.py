"""A guest's link in a browser."""

import pytest

from tests.browser.test_pages import STICKING_OUT
from tests.browser.town import Town
from tests.web.test_guests import CONVENER, on_the_day

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def test_an_invitation_fits_on_a_telephone(town: Town) -> None:
    _, place = on_the_day(town.site)
    convener = town.person(CONVENER)
    convener.page.set_viewport_size({"width": 360, "height": 800})

    convener.open(f"{place}/guests")
    convener.press("Make link and code")

    assert convener.page.locator("#fresh").is_visible()
    assert convener.page.evaluate(STICKING_OUT) <= 0
