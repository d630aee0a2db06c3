"""What a plan must hold before it may be adopted.

Source: the four contents that the law on individual plans asks for, and the agreement GGVV.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from base.errors import SamplanError

#: Statutory contents, by the key of the field that holds them.
STATUTORY = ("measures", "own_voice", "overall_responsible", "coordinator")


class PlanIncomplete(SamplanError):
    """The plan lacks something that it must hold by law."""


def missing_contents(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """The statutory contents that are absent: measures needed, by whom, overall responsibility."""
    lacking = [key for key in STATUTORY if not plan.get(key)]
    if any(not _has_owner(measure) for measure in _measures(plan)):
        lacking.append("measures.organisation")
    return tuple(lacking)


def require_complete(plan: Mapping[str, Any]) -> None:
    """Raises PlanIncomplete naming what is missing."""
    lacking = missing_contents(plan)
    if lacking:
        raise PlanIncomplete(f"The plan lacks: {', '.join(lacking)}.")


def _measures(plan: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return plan.get("measures") or ()


def _has_owner(measure: Mapping[str, Any]) -> bool:
    return bool(measure.get("organisation") or measure.get("by_person_self"))
