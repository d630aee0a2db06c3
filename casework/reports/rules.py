"""Who sees a report, and what its numbers say. Pure.

Source: domain.md §3.6 S6, K-18 and K-25: reporters may be unknown to everybody but the federation;
how many, answered, solved by a manager, and the median number of days.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from base.errors import NotAllowed
from casework.access import Actor

#: Roles that see the whole register.
KEEPERS = frozenset({"federation", "preparation_group", "auditor"})
#: Roles that know who reported without a name.
TOLD = frozenset({"federation"})
#: How a report can end, and whether that answers the one who reported.
ENDS = ("solved", "answered", "lifted", "noted")


class CannotReport(NotAllowed):
    """Your account belongs to no organisation, so it reports nothing."""

    code = "role"


@dataclass(frozen=True, slots=True)
class Seen:
    """What decides who sees a report."""

    reporter_account_id: int | None
    group_id: int | None
    kind: str
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Lived:
    """A report as its indicators count it."""

    kind: str
    status: str
    filed: datetime
    closed: datetime | None
    solved_locally: bool


@dataclass(frozen=True, slots=True)
class KindCount:
    """Reports of one kind; ``days`` is the median from filing to closing, None for too few."""

    kind: str
    all: int
    open: int
    ended: dict[str, int]
    solved_locally: int
    days: int | None


def keeps(actor: Actor) -> bool:
    return not actor.roles.isdisjoint(KEEPERS)


def may_see(actor: Actor, report: Seen) -> bool:
    """The register's keepers, whoever reported, and a dilemma's own group (GG-36)."""
    if keeps(actor) or report.reporter_account_id == actor.account_id:
        return True
    groups = {membership.group_id for membership in actor.memberships} - {None}
    return report.kind == "dilemma" and report.group_id in groups


def may_know_reporter(actor: Actor, report: Seen) -> bool:
    if not report.anonymous or report.reporter_account_id == actor.account_id:
        return True
    return not actor.roles.isdisjoint(TOLD)


def count(reports: Collection[Lived], kinds: Sequence[str], *, fewest: int) -> list[KindCount]:
    """One row per kind, in the given order; no median of less than ``fewest``."""
    found = []
    for kind in kinds:
        these = [report for report in reports if report.kind == kind]
        done = [report for report in these if report.status in ENDS]
        days = [(report.closed - report.filed).days for report in done if report.closed]
        found.append(
            KindCount(
                kind=kind,
                all=len(these),
                open=len(these) - len(done),
                ended={end: sum(report.status == end for report in done) for end in ENDS},
                solved_locally=sum(report.solved_locally for report in these),
                days=round(median(days)) if len(days) >= fewest else None,
            )
        )
    return found
