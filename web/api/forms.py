"""Forms as JSON: the fields that may be answered, and answers as a browser would send them."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forms import Row
from web.deps import NoNul

_SILENT = frozenset({"static", "separator", "spacer"})
Text = Annotated[str, NoNul, Field(max_length=100_000)]
Name = Annotated[str, NoNul, Field(max_length=500)]


class ChoiceOut(BaseModel):
    value: str
    label: str


class FieldOut(BaseModel):
    """A field; ``name`` is what an answer is sent under."""

    name: str
    label: str
    kind: str
    required: bool
    value: str
    choices: list[ChoiceOut]


class AnswersIn(BaseModel):
    """Answers by the names of the form's fields: text, or several texts where many fit."""

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[dict[Name, Text | list[Text]], Field(max_length=2_000)] = {}

    def sent(self) -> list[tuple[str, str]]:
        """Pairs as a browser sends them."""
        return [
            (name, one)
            for name, value in self.answers.items()
            for one in (value if isinstance(value, list) else [value])
        ]


def fields_of(rows: Sequence[Row]) -> list[FieldOut]:
    """Every field of a drawn form, those of groups, lists and choices among them."""
    return list(_fields(rows))


def _fields(rows: Sequence[Row]) -> Iterator[FieldOut]:
    for row in rows:
        if row.kind not in _SILENT and row.kind not in {"group", "list"}:
            yield FieldOut(
                name=row.name,
                label=row.label,
                kind=row.kind,
                required=row.required,
                value=row.value,
                choices=[ChoiceOut(value=each.value, label=each.label) for each in row.choices],
            )
        yield from _fields(row.rows)
        for item in row.items:
            yield from _fields(item.rows)
        for choice in row.choices:
            yield from _fields(choice.rows)
