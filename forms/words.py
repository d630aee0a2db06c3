"""Words on a form: the owner's in the reader's language, and the sentences Samplan says itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from markupsafe import Markup

from base import lang, markdown
from forms.expressions import fill, read_expression
from forms.model import Field
from forms.survey import Place
from forms.values import plain

Translate = Callable[[str], str]
"""Samplan's own words: from English to the reader's language."""
Word = Callable[[str, str], str]
"""The owner's words: from ``path/attribute`` and the source text to the reader's language."""


def as_written(_path: str, source: str) -> str:
    """The owner's words untranslated."""
    return source


@dataclass(frozen=True, slots=True)
class Wording:
    """How words come out for one reader at one moment."""

    language: str
    translate: Translate
    word: Word
    now: datetime

    def of(self, place: Place, attribute: str, source: str) -> str:
        """The owner's words as plain text, with their expressions written out."""
        if not source:
            return ""
        translated = self.word(f"{place.field.path}/{attribute}", source)
        return fill(translated, lambda code: self.written(place, code))

    def html(self, place: Place, attribute: str, source: str, *, inline: bool = False) -> Markup:
        """The owner's words as markdown; what an expression gives is never read as markup."""
        if not source:
            return Markup("")
        translated = self.word(f"{place.field.path}/{attribute}", source)
        text = fill(translated, lambda code: markdown.escaped(self.written(place, code)))
        return markdown.html(text, inline=inline)

    def written(self, place: Place, source: str) -> str:
        """What an expression comes to, in words."""
        return self.shown(read_expression(source).value(place.names, self.now))

    def shown(self, value: object) -> str:
        """A value as a person reads it."""
        match value:
            case None:
                return ""
            case bool():
                return self.agreement(agrees=value)
            case date() | time():
                return self.moment(value)
            case Decimal() | int():
                return self.number(Decimal(value))
            case list() | tuple():
                return ", ".join(filter(None, map(self.shown, value)))
            case Mapping():
                return self.shown(value.get("label", value.get("title")))
        return str(value)

    def number(self, number: Decimal) -> str:
        """With a comma, but for English."""
        written = str(plain(number))
        return written if self.language == "en" else written.replace(".", ",")

    def agreement(self, *, agrees: bool) -> str:
        _ = self.translate
        return _("yes") if agrees else _("no")

    def moment(self, value: date | time) -> str:
        """A date, time of day, or both, as the reader says it."""
        if isinstance(value, time):
            return value.isoformat(timespec="minutes")
        if not isinstance(value, datetime):
            return self.day(value)
        local = value.astimezone(self.now.tzinfo) if value.tzinfo else value
        return f"{self.day(local.date())} {local:%H:%M}"

    def day(self, day: date) -> str:
        """“tisdag 9 mars”, as the reader says it."""
        language = self.language if self.language in lang.LANGUAGES else lang.SOURCE
        return lang.say_day(day, language, self.now.date())

    def label(self, place: Place) -> str:
        """The field's label, or its key where the owner gave none."""
        return self.of(place, "label", place.field.label) or str(place.field.key or "")


def sources(field: Field) -> list[tuple[str, str]]:
    """The words of one component that are to be translated: ``path/attribute`` and the text."""
    named = {
        "label": field.label,
        "description": field.description,
        "text": field.text,
        "error": field.error,
        "hint": field.hint,
        "prefix": field.prefix,
        "suffix": field.suffix,
        "add": field.add_label,
        "item": field.row_label,
    }
    found = [(f"{field.path}/{name}", text) for name, text in named.items() if text]
    return found + [
        (f"{field.path}/values.{option.value}", option.label) for option in field.options
    ]
