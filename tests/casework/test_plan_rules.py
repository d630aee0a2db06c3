"""What a plan must hold, and what changed between two of them (K-11, GG-10)."""

from typing import Any

import pytest

from casework.plans import rules
from casework.plans.comparing import Change, changes
from casework.plans.rules import NoSuchState, PlanIncomplete, ReasonMissing

MEASURE = {"text": "Sömnbehandling", "goal": 1, "organisation": "region"}
GOAL = {"text": "Sova hela natten", "outcome_area": "health"}


def a_plan(**other: Any) -> dict[str, Any]:
    return {
        "own_voice": "Jag vill kunna sova",
        "goals": [GOAL],
        "measures": [MEASURE],
        "overall_responsible": "region",
        "coordinator": "Per Holm",
        "follow_up_on": "2027-06-10",
    } | other


@pytest.mark.parametrize(
    ("other", "lacking"),
    [
        ({}, ()),
        ({"measures": []}, ("measures", "responsible", "others")),
        ({"measures": [MEASURE | {"text": " "}]}, ("measures",)),
        ({"measures": [MEASURE, {"text": "Promenader"}]}, ("responsible", "others")),
        ({"measures": [MEASURE, {"text": "Promenader", "by_person_self": True}]}, ()),
        ({"measures": [MEASURE, {"text": "Sällskap", "by_other": "Röda Korset"}]}, ()),
        ({"measures": [{"text": "Sällskap", "by_other": "Röda Korset"}]}, ("responsible",)),
        ({"overall_responsible": ""}, ("overall_responsible",)),
        ({"goals": []}, ("goals",)),
        ({"goals": [GOAL | {"outcome_area": "wealth"}]}, ("goals",)),
        ({"own_voice": None}, ("own_voice",)),
        ({"coordinator": "  "}, ("coordinator",)),
        ({"follow_up_on": None}, ("follow_up_on",)),
    ],
)
def test_what_a_plan_lacks_is_named(other: dict[str, Any], lacking: tuple[str, ...]) -> None:
    assert rules.missing_contents(a_plan(**other)) == lacking


def test_the_four_contents_of_the_law_come_first() -> None:
    assert tuple(rules.CONTENTS)[:4] == rules.STATUTORY


def test_an_incomplete_plan_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(PlanIncomplete) as refused:
        rules.require_complete(a_plan(overall_responsible="", coordinator=""))

    assert refused.value.lacking == ("overall_responsible", "coordinator")


@pytest.mark.parametrize(
    ("state", "reason", "refusal"),
    [
        ("refused", "", NoSuchState),
        ("not_possible", " ", ReasonMissing),
    ],
)
def test_what_may_be_said_of_a_measure(state: str, reason: str, refusal: type[Exception]) -> None:
    rules.require_tracked("done", "")
    with pytest.raises(refusal):
        rules.require_tracked(state, reason)


def test_equal_plans_have_no_changes() -> None:
    assert changes(a_plan(crisis_plan=None), a_plan(crisis_plan="")) == ()


def test_changes_stand_in_the_order_of_the_form() -> None:
    before = a_plan()
    after = a_plan(
        coordinator="Ida Rask",
        goals=[GOAL, {"text": "Praktik", "outcome_area": "work"}],
        measures=[MEASURE | {"organisation": "fk", "by_person_self": False}],
    )

    assert changes(before, after) == (
        Change("coordinator", "", "Per Holm", "Ida Rask"),
        Change("goals", "", None, "Praktik"),
        Change("measures.organisation", "Sömnbehandling", "region", "fk"),
    )
    assert changes(after, a_plan(measures=[])) == (
        Change("coordinator", "", "Ida Rask", "Per Holm"),
        Change("goals", "", "Praktik", None),
        Change("measures", "", "Sömnbehandling", None),
    )
