"""What a plan must hold before it may be adopted, and what may be said of its measures. Pure.

Source: domain.md §1.1 (the four contents that the law on individual plans asks for), K-11, AG-04
(the person's own voice), GG-10 (each goal is about one area of outcome).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from base.errors import Invalid, SamplanError

#: What a measure's organisation may say of it from the case page.
TRACKED = ("under_way", "done", "not_possible")
#: GG-10: round trips avoided, work, health, participation, the right income.
OUTCOME_AREAS = ("no_round_trips", "work", "health", "participation", "right_income")


class PlanIncomplete(SamplanError):
    """The plan lacks something that it must hold; the page of the case says what."""

    def __init__(self, lacking: tuple[str, ...]) -> None:
        super().__init__()
        self.lacking = lacking


class ReasonMissing(Invalid):
    """Write why the measure is not possible."""


class NoSuchState(Invalid):
    """A measure is under way, done or not possible."""


def _(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


#: Contents by code, in the order they are shown; the first four are those of the law.
CONTENTS: Mapping[str, str] = {
    "measures": _("which measures are needed"),
    "responsible": _("which organisation answers for each measure"),
    "others": _("who does what none of the organisations does"),
    "overall_responsible": _("who has the overall responsibility"),
    "goals": _("at least one goal, and which area each goal is about"),
    "own_voice": _("what matters to the person, in their own words"),
    "coordinator": _("who coordinates"),
    "follow_up_on": _("the day of the follow-up"),
}
STATUTORY = ("measures", "responsible", "others", "overall_responsible")


def missing_contents(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of `CONTENTS` that the plan lacks, in that order."""
    return tuple(code for code in CONTENTS if not _HOLDS[code](plan))


def require_complete(plan: Mapping[str, Any]) -> None:
    """Raises PlanIncomplete with the codes of what is missing."""
    lacking = missing_contents(plan)
    if lacking:
        raise PlanIncomplete(lacking)


def require_tracked(state: str, reason: str) -> None:
    """Raises NoSuchState, ReasonMissing."""
    if state not in TRACKED:
        raise NoSuchState
    if state == "not_possible" and not reason.strip():
        raise ReasonMissing


def _has_measures(plan: Mapping[str, Any]) -> bool:
    measures = _rows(plan, "measures")
    return bool(measures) and all(_said(measure, "text") for measure in measures)


def _has_responsible(plan: Mapping[str, Any]) -> bool:
    """An organisation answers for something, and for all that nobody else is named for."""
    measures = _rows(plan, "measures")
    return any(_said(measure, "organisation") for measure in measures) and all(
        _said(measure, "organisation") or _by_others(measure) for measure in measures
    )


def _names_others(plan: Mapping[str, Any]) -> bool:
    """Nothing is left to somebody who is not named; a plan without others holds it as well."""
    measures = [m for m in _rows(plan, "measures") if not _said(m, "organisation")]
    return bool(_rows(plan, "measures")) and all(_by_others(measure) for measure in measures)


def _has_goals(plan: Mapping[str, Any]) -> bool:
    goals = _rows(plan, "goals")
    return bool(goals) and all(
        _said(goal, "text") and goal.get("outcome_area") in OUTCOME_AREAS for goal in goals
    )


def _by_others(measure: Mapping[str, Any]) -> bool:
    return bool(measure.get("by_person_self")) or _said(measure, "by_other")


def _said(values: Mapping[str, Any], key: str) -> bool:
    return bool(str(values.get(key) or "").strip())


def _rows(plan: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    return plan.get(key) or ()


def _plain(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda plan: _said(plan, key)


_HOLDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "measures": _has_measures,
    "responsible": _has_responsible,
    "others": _names_others,
    "overall_responsible": _plain("overall_responsible"),
    "goals": _has_goals,
    "own_voice": _plain("own_voice"),
    "coordinator": _plain("coordinator"),
    "follow_up_on": _plain("follow_up_on"),
}
