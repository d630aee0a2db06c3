"""Say what of the answers may be kept, and what has to be corrected first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from forms import pattern, sentences
from forms.answers import Sent, read
from forms.choices import Choices, offered
from forms.model import CHOOSING, MOST_ROWS, SOME_OF, TEXTS, Form, Kind, Scalar
from forms.survey import Place, survey
from forms.values import Answer, as_sent, is_unanswered, to_feel, to_number
from forms.words import Translate, Word, Wording, as_written

MOST_IN_TEXT = 2_000
MOST_IN_TEXTAREA = 10_000
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9\s()/.-]{1,30}")
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking.

    ``values`` are the answers to keep, as JSON, without what is hidden, blank rows and what is
    wrong. ``errors`` maps a field's name (``goals.0.text``) to a sentence, in the order of the
    form; empty if all is well. ``shown`` holds the names of all fields that counted.
    """

    values: Mapping[str, Answer]
    errors: Mapping[str, str]
    shown: frozenset[str]


def check(
    form: Form,
    sent: Sent,
    context: Mapping[str, object],
    *,
    choices: Choices,
    now: datetime,
    language: str,
    translate: Translate = str,
    words: Word = as_written,
) -> Checked:
    """Check what a browser sent.

    ``now`` is aware, in the zone in which dates and times are meant. Raises UnknownField and
    TooMuchSent.
    """
    places = survey(form, read(form, sent), context, now, fresh=False)
    checking = _Checking(choices, Wording(language, translate, words, now))
    return Checked(checking.level(places), checking.errors, frozenset(checking.shown))


class _Checking:
    """One check; collects errors and the names that counted."""

    def __init__(self, choices: Choices, wording: Wording) -> None:
        self.choices = choices
        self.wording = wording
        self.errors: dict[str, str] = {}
        self.shown: set[str] = set()

    def level(self, places: tuple[Place, ...]) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for place in places:
            if not place.hidden:
                self.place(place, found)
        return found

    def place(self, place: Place, found: dict[str, Answer]) -> None:
        field = place.field
        if field.kind is Kind.GROUP and field.key is None:
            found |= self.level(place.places)
            return
        if not field.holds_answer:
            return
        key = str(field.key)
        self.shown.add(place.name)
        if field.kind is Kind.GROUP:
            found[key] = self.level(place.places)
        elif field.kind is Kind.LIST:
            found[key] = self.rows(place)
        else:
            found[key] = self.answer(place)

    def rows(self, place: Place) -> list[Answer]:
        least = self.count(place, place.field.limits.least) or int(place.required)
        most = min(self.count(place, place.field.limits.most) or MOST_ROWS, MOST_ROWS)
        blank = [row for row in place.rows if _is_unanswered_row(row)]
        filled = [row for row in place.rows if not _is_unanswered_row(row)]
        if len(filled) > most:
            self.say(place, sentences.too_many_rows(self.translate, self.label(place), most))
            return []
        found: list[Answer] = [self.level(row) for row in filled]
        if len(filled) < least:
            self.lacking(place, blank[: least - len(filled)], least)
        return found

    def lacking(self, place: Place, blank: list[tuple[Place, ...]], least: int) -> None:
        """Say what the rows that must not stay blank lack, else that there are too few."""
        before = len(self.errors)
        for row in blank:
            self.level(row)
        if len(self.errors) == before:
            self.say(place, sentences.too_few_rows(self.translate, self.label(place), least))

    def count(self, place: Place, setting: object) -> int | None:
        number = to_number(place.setting(setting, self.wording.now))
        return None if number is None else max(int(number), 0)

    def answer(self, place: Place) -> Answer:
        """The answer to keep; None where it is missing or wrong."""
        if place.field.kind is Kind.EXPRESSION:
            return place.value
        kept, wrong = self.judged(place)
        if wrong is None and not self.rule_holds(place):
            wrong = sentences.off_rule(self.translate, self.label(place))
        if wrong is None:
            return kept
        self.say(place, wrong)
        return None

    def say(self, place: Place, sentence: str) -> None:
        own = self.wording.of(place, "error", place.field.error)
        self.errors[place.name] = own or sentence

    def label(self, place: Place) -> str:
        return self.wording.label(place).rstrip(" :")

    @property
    def translate(self) -> Translate:
        return self.wording.translate

    def rule_holds(self, place: Place) -> bool:
        rule = place.field.limits.rule
        if rule is None or (is_unanswered(place.field, place.value) and not place.required):
            return True
        return rule.value(place.names, self.wording.now) is not False

    def judged(self, place: Place) -> tuple[Answer, str | None]:
        """The answer as it is kept, and what is wrong with it."""
        kind, value = place.field.kind, place.value
        if is_unanswered(place.field, value):
            blank: Answer = False if kind is Kind.CHECKBOX else [] if kind in SOME_OF else None
            if not place.required:
                return blank, None
            return blank, sentences.missing(self.translate, kind, self.label(place))
        if kind in CHOOSING:
            return self.chosen(place)
        if kind is Kind.CHECKBOX:
            return True, None
        problems = {
            Kind.NUMBER: self.number_problems,
            Kind.TEXT: self.text_problems,
            Kind.TEXTAREA: self.text_problems,
        }.get(kind, self.moment_problems)
        kept = as_sent(value) if place.field.as_text or kind in TEXTS else value
        return kept, next(problems(place), None)

    def chosen(self, place: Place) -> tuple[Answer, str | None]:
        options = {
            as_sent(option.value): option.value
            for option in offered(place, self.choices, self.wording)
        }
        several = place.field.kind in SOME_OF
        sent = place.value if isinstance(place.value, list) else [place.value]
        kept = [options[as_sent(each)] for each in sent if as_sent(each) in options]
        if len(kept) < len(sent):
            return None, sentences.not_offered(self.translate, self.label(place))
        if several:
            return _in_json(kept), next(self.count_problems(place, len(kept)), None)
        return _in_json(kept)[0], None

    def count_problems(self, place: Place, count: int) -> Iterator[str]:
        least = self.count(place, place.field.limits.least)
        most = self.count(place, place.field.limits.most)
        if least is not None and count < least:
            yield sentences.too_few_chosen(self.translate, self.label(place), least)
        if most is not None and count > most:
            yield sentences.too_many_chosen(self.translate, self.label(place), most)

    def text_problems(self, place: Place) -> Iterator[str]:
        text, limits = str(place.value), place.field.limits
        label, _ = self.label(place), self.translate
        least = self.count(place, limits.least)
        if least is not None and len(text) < least:
            yield sentences.too_short(_, label, least)
        usual = MOST_IN_TEXT if place.field.kind is Kind.TEXT else MOST_IN_TEXTAREA
        most = min(self.count(place, limits.most) or usual, MOST_IN_TEXTAREA)
        if len(text) > most:
            yield sentences.too_long(_, label, most, len(text) - most)
        if limits.format == "email" and not (len(text) <= 254 and _ADDRESS.fullmatch(text)):
            yield sentences.not_an_address(_, label)
        if limits.format == "phone":
            yield from self.phone_problems(text, label)
        if limits.pattern and not _matches(limits.pattern, text):
            yield sentences.off_pattern(_, label)

    def phone_problems(self, text: str, label: str) -> Iterator[str]:
        if not _PHONE.fullmatch(text):
            yield sentences.not_a_phone(self.translate, label)
        elif sum(each.isdigit() for each in text) < _FEWEST_DIGITS:
            yield sentences.too_few_digits(self.translate, label)

    def number_problems(self, place: Place) -> Iterator[str]:
        label, limits, _ = self.label(place), place.field.limits, self.translate
        number = to_number(place.value)
        if number is None:
            yield sentences.not_a_number(_, label)
            return
        if limits.digits is not None and number != round(number, limits.digits):
            yield sentences.too_many_decimals(_, label, limits.digits)
        least = to_number(place.setting(limits.least, self.wording.now))
        most = to_number(place.setting(limits.most, self.wording.now))
        if least is not None and number < least:
            yield sentences.too_small(_, label, self.wording.number(least))
        if most is not None and number > most:
            yield sentences.too_large(_, label, self.wording.number(most))
        if limits.step and (number - (least or Decimal(0))) % limits.step != 0:
            yield sentences.off_step(_, label, self.wording.number(limits.step))

    def moment_problems(self, place: Place) -> Iterator[str]:
        label, field, _ = self.label(place), place.field, self.translate
        now = self.wording.now
        moment = to_feel(field, place.value, now.tzinfo)
        if not isinstance(moment, date | time):
            yield sentences.not_a_moment(_, field.kind, label)
            return
        if field.limits.not_past and _is_past(moment, now):
            yield sentences.past(_, label)
        least = place.bound(field.limits.least, now)
        most = place.bound(field.limits.most, now)
        if least is not None and moment < least:  # type: ignore[operator]
            yield sentences.too_early(_, label, self.wording.shown(least))
        if most is not None and moment > most:  # type: ignore[operator]
            yield sentences.too_late(_, label, self.wording.shown(most))
        minutes = field.limits.minutes
        if minutes and isinstance(moment, datetime | time) and moment.minute % minutes:
            yield sentences.off_interval(_, label, minutes)


def _is_unanswered_row(row: tuple[Place, ...]) -> bool:
    """Whether a person left the whole row empty; what is computed or fixed does not count."""
    return all(
        _is_unanswered_row(place.places) and all(_is_unanswered_row(each) for each in place.rows)
        if place.field.fields
        else place.readonly
        or place.field.kind is Kind.EXPRESSION
        or is_unanswered(place.field, place.value)
        for place in row
    )


def _is_past(moment: date | time, now: datetime) -> bool:
    if isinstance(moment, datetime):
        return moment < now
    return isinstance(moment, date) and moment < now.date()


def _matches(source: str, text: str) -> bool:
    """Whether the owner's pattern occurs; one that cannot be read (lint finds it) asks nothing."""
    try:
        return pattern.read(source).occurs_in(text)
    except pattern.BadPattern:
        return True


def _in_json(values: list[Scalar]) -> list[Answer]:
    return [as_sent(each) if isinstance(each, Decimal) else each for each in values]
