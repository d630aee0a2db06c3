"""How long a step may take in another version of a pack, told without a case's values."""

from dataclasses import dataclass
from datetime import datetime

from engine.decisions.model import DEADLINES
from engine.diagram import Element
from engine.errors import DiagramError, StepFailed
from engine.packs import Pack
from engine.spiff import evaluate, moment_of
from engine.trial import World


def changed_decisions(before: Pack, after: Pack) -> frozenset[str]:
    """The ids of decisions whose files are otherwise."""
    return frozenset(id for id in after.decisions if _source(before, id) != _source(after, id))


@dataclass(frozen=True, slots=True)
class Lengths:
    """The deadlines of a pack, as far as they are others than those of the pack ``before``."""

    before: Pack
    after: Pack

    def due(self, process: str, element_id: str, begun: datetime) -> datetime | None:
        """When a step that was opened then would be due.

        None where that is as it was, and where only the case's own values could tell.
        """
        old = _element(self.before, process, element_id)
        new = _element(self.after, process, element_id)
        if new is None or new.due is None or not self._differs(old, new):
            return None
        calendar = self.after.config.calendar
        world = World(begun, calendar, self.after.decisions)
        try:
            value = evaluate(new.due, element_id, {}, world)
            return None if value is None else moment_of(value, begun, calendar, element_id)
        except (DiagramError, StepFailed):
            return None

    def _differs(self, old: Element | None, new: Element) -> bool:
        if old is None or old.due != new.due:
            return True
        by_table = "deadlines" in (new.due or "")
        return by_table and DEADLINES in changed_decisions(self.before, self.after)


def _element(pack: Pack, process: str, id: str) -> Element | None:
    drawn = pack.diagrams.get(process)
    return drawn.elements.get(id) if drawn else None


def _source(pack: Pack, decision: str) -> bytes | None:
    found = pack.decisions.get(decision)
    return pack.files.get(found.name) if found else None
