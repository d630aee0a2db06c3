"""Cases whose every free text is a marker that stands nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_lowercase
from typing import Any

from base.db import Session
from casework.access import Actor
from casework.roles import local_now
from casework.scenarios import Play
from casework.tasks import opening
from engine.tables import Task
from forms import posted, sample
from forms.model import TEXTS, Field, Kind

#: What every marker begins with; part of no word, and without digits.
STEM = "Kanarqz"


def _letters() -> Iterator[str]:
    return map("".join, product(ascii_lowercase, repeat=3))


@dataclass(frozen=True, slots=True)
class Marks:
    """Hands out texts that stand nowhere else, none of them part of another."""

    letters: Iterator[str] = field(default_factory=_letters)
    numbers: Iterator[int] = field(default_factory=count)

    def text(self, asked: Field) -> str:
        if asked.limits.format == "phone":
            return f"0370-91 {next(self.numbers):04}"
        return STEM + next(self.letters)

    def fill(self, fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        """What is given, a marker for each text that is not, and a row for each empty list."""
        filled = dict(given)
        for each in fields:
            if each.kind is Kind.GROUP and each.key is None:
                filled = self.fill(each.fields, filled)
            elif each.kind is Kind.LIST and each.key:
                rows = filled.get(each.key) or [{}]
                filled[each.key] = [self.fill(each.fields, row) for row in rows]
            elif each.kind in TEXTS and each.key:
                filled[each.key] = filled.get(each.key) or self.text(each)
        return filled


class Planting(Play):
    """A scenario in which every text that no step names is a marker."""

    marks: Marks

    def answers(
        self, tx: Session, actor: Actor, task: Task, named: Mapping[str, Any]
    ) -> list[tuple[str, str]]:
        step = opening.step_for(tx, self.app, actor, task.id)
        if step.form is None:
            return []
        given = self.marks.fill(step.form.fields, named)
        made = sample(
            step.form, step.choices, local_now(tx, self.app.zone), step.context, named=given
        )
        return [(name, v) for name, values in posted(step.form, made).items() for v in values]
