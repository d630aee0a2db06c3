"""Valid answers made from the form itself, for what a scenario does not say."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from forms import pattern
from forms.answers import posted, read
from forms.choices import Choices, offered
from forms.model import CHOOSING, MOMENTS, MOST_ROWS, SOME_OF, Field, Form, Kind
from forms.survey import Place, survey
from forms.values import Answer, as_sent, is_unanswered, number_to_keep, to_number
from forms.words import Wording, as_written

_MOST_ROUNDS = 12
_WORDS = "Example"


def sample(
    form: Form,
    choices: Choices,
    now: datetime,
    context: Mapping[str, object],
    *,
    named: Mapping[str, Answer] | None = None,
) -> dict[str, Answer]:
    """Answers that ``check`` accepts: those named, and a made value for each other required field.

    The same each time. A field whose owner's rule no made value meets stays wrong: name it.
    Raises UnknownField for a name that the form does not have.
    """
    answers = read(form, posted(form, named or {}))
    for field in form.fields:
        _forget_unnamed(field, named or {}, answers)
    for _ in range(_MOST_ROUNDS):
        making = _Making(choices, Wording("en", str, as_written, now))
        places = survey(form, answers, context, now, fresh=True)
        filled = making.level(places, answers)
        if filled == answers:
            break
        answers = filled
    return answers


def _forget_unnamed(field: Field, named: Mapping[str, Answer], answers: dict[str, Answer]) -> None:
    """Take out what reading adds for boxes that no one named, so that defaults can fill them."""
    if field.kind is Kind.GROUP and field.key is None:
        for each in field.fields:
            _forget_unnamed(each, named, answers)
    elif field.key and field.key not in named:
        answers.pop(field.key, None)


class _Making:
    """One round of filling in."""

    def __init__(self, choices: Choices, wording: Wording) -> None:
        self.choices = choices
        self.wording = wording

    def level(self, places: tuple[Place, ...], answers: Mapping[str, Answer]) -> dict[str, Answer]:
        made = dict(answers)
        for place in places:
            if not place.hidden:
                self.fill(place, made)
        return made

    def fill(self, place: Place, made: dict[str, Answer]) -> None:
        field = place.field
        key = str(field.key)
        if field.kind is Kind.GROUP and field.key is None:
            made |= self.level(place.places, made)
        elif field.kind is Kind.GROUP:
            inner = made.get(key)
            made[key] = self.level(place.places, inner if isinstance(inner, Mapping) else {})
        elif field.kind is Kind.LIST:
            made[key] = self.rows(place, asked=key in made)
        elif field.holds_answer and field.kind is not Kind.EXPRESSION and not place.readonly:
            answer = self.answer(place)
            if answer is not None:
                made[key] = answer

    def rows(self, place: Place, *, asked: bool) -> list[Answer]:
        """The rows that are named, filled, and as many more as there must be."""
        least = int(self.number(place, place.field.limits.least) or place.required)
        if not asked and not least:
            return []
        rows: list[Answer] = [self.level(row, _values(row)) for row in place.rows]
        lacking = min(least, MOST_ROWS) - len(rows)
        return rows + [{} for _ in range(lacking)]

    def number(self, place: Place, setting: object) -> Decimal | None:
        return to_number(place.setting(setting, self.wording.now))

    def answer(self, place: Place) -> Answer:
        if not is_unanswered(place.field, place.value) or not place.required:
            return place.value
        kind = place.field.kind
        if kind is Kind.CHECKBOX:
            return True
        if kind in CHOOSING:
            return self.chosen(place)
        if kind is Kind.NUMBER:
            return self.counted(place)
        return self.moment(place) if kind in MOMENTS else self.text(place)

    def chosen(self, place: Place) -> Answer:
        values = [option.value for option in offered(place, self.choices, self.wording)]
        kept = [as_sent(each) if isinstance(each, Decimal) else each for each in values]
        if place.field.kind in SOME_OF:
            count = int(self.number(place, place.field.limits.least) or 1)
            return list(kept[: max(count, 1)])
        return kept[0] if kept else None

    def counted(self, place: Place) -> Answer:
        limits = place.field.limits
        least, most = self.number(place, limits.least), self.number(place, limits.most)
        start = min(Decimal(1) if most is None else most, Decimal(1)) if least is None else least
        digits = limits.digits if limits.digits is not None else 15
        rounded = start.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING)
        if limits.step and least is None:
            rounded = Decimal(0)
        return number_to_keep(rounded)

    def text(self, place: Place) -> Answer:
        limits = place.field.limits
        if limits.format == "email":
            return "name@example.org"
        if limits.format == "phone":
            return "0370-37 70 00"
        if limits.pattern:
            return _pattern_example(limits.pattern)
        least = int(self.number(place, limits.least) or 0)
        most = self.number(place, limits.most)
        text = (_WORDS * (least // len(_WORDS) + 1))[: max(least, len(_WORDS))]
        return text if most is None else text[: int(most)]

    def moment(self, place: Place) -> Answer:
        """Today or soon, moved to the bounds that the field has."""
        now, limits = self.wording.now, place.field.limits
        minutes = limits.minutes or 1
        soon = now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        soon -= timedelta(minutes=soon.minute % minutes)
        usual: Any = {Kind.DATE: now.date(), Kind.TIME: soon.time()}.get(place.field.kind, soon)
        least, most = place.bound(limits.least, now), place.bound(limits.most, now)
        if least is not None:
            usual = max(usual, least)
        return as_sent(usual if most is None else min(usual, most))


def _pattern_example(source: str) -> str:
    try:
        return pattern.read(source).example()
    except pattern.BadPattern:
        return _WORDS


def _values(row: tuple[Place, ...]) -> dict[str, Answer]:
    """The answers of a row as they stand."""
    found: dict[str, Answer] = {}
    for place in row:
        if place.field.kind is Kind.GROUP and place.field.key is None:
            found |= _values(place.places)
        elif place.field.kind is Kind.GROUP:
            found[str(place.field.key)] = _values(place.places)
        elif place.field.kind is Kind.LIST:
            found[str(place.field.key)] = [_values(each) for each in place.rows]
        elif place.field.holds_answer and place.value is not None:
            found[str(place.field.key)] = place.value
    return found
