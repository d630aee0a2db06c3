"""Long lists are shown in parts, and a search never pretends to have seen what it has not."""

from html import unescape

import pytest

from casework import parts
from tests.web.reading import addresses, said
from tests.web.world import Site
from web.pages import some

TASK, CASE = r"/tasks/[0-9a-f-]{36}", r"/cases/[0-9a-f-]{36}"


@pytest.fixture
def three_cases(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Three cases of Sara's, on lists that show two rows at a time."""
    monkeypatch.setattr(parts, "SHOWN", 2)
    for _ in range(3):
        site.case_as_in("ac_01_arena_straight")
    return site


@pytest.mark.parametrize(("path", "row"), [("/tasks", TASK), ("/cases", CASE)])
def test_a_long_list_goes_on_in_another_part(three_cases: Site, path: str, row: str) -> None:
    client = three_cases.client("sara.lindqvist")

    first = client.get(path)
    second = client.get(path + unescape(addresses(first, r"\?[^\"]*part=2")[0]))

    assert len(addresses(first, row)) == 2
    assert len(addresses(second, row)) == 1
    assert not set(addresses(first, row)) & set(addresses(second, row))
    assert "Previous Part 2" in said(second)
    assert "Part" not in said(client.get(f"{path}?q=VMO-2027-003"))


@pytest.mark.parametrize("path", ["/tasks", "/cases"])
def test_a_search_says_when_it_could_not_open_every_name(
    three_cases: Site, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(parts, "SEARCHED", 1)
    client = three_cases.client("sara.lindqvist")

    by_word = said(client.get(f"{path}?q=nobody"))
    by_number = said(client.get(f"{path}?q=vmo-2027-001"))

    assert "Only the first 1 were searched." in by_word
    assert "VMO-2027-001" in by_number
    assert "were searched" not in by_number


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0"), (99, "99"), (100, "99+"), (4000, "99+")]
)
def test_a_number_says_where_counting_ended(number: int, written: str) -> None:
    assert some(number) == written
