"""A form as rows that a template draws without deciding anything."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from forms.choices import Choices, offered
from forms.conditions import ShownWhen, shown_when
from forms.model import (
    ANSWERED,
    CHOOSING,
    FILE_ENDINGS,
    MOMENTS,
    MOST_ROWS,
    SOME_OF,
    Form,
    Kind,
    Option,
)
from forms.survey import Place, all_places, survey
from forms.values import Answer, as_sent, to_feel, to_number
from forms.words import Translate, Word, Wording, as_written

_SHORT_TEXT = 30
_INPUTS = {Kind.DATE: "date", Kind.TIME: "time", Kind.DATETIME: "datetime-local"}
_FORMATS = {"email": "email", "phone": "tel"}
_AUTOCOMPLETE = {"email": "email", "phone": "tel"}
_NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is drawn; ``rows`` are the questions that it brings up."""

    value: str
    label: str
    id: str
    selected: bool
    rows: tuple["Row", ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a dynamic list; ``remove`` is what its button sends, empty if it must stay."""

    name: str
    label: str
    rows: tuple["Row", ...]
    remove: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One component as it is drawn.

    ``kind`` picks the markup: static, separator, spacer, input, textarea, select, options,
    files, checkbox, fixed, group, list. ``anchor`` is the id that a link from the error summary
    goes to.
    ``shown_when`` is JSON for the page's script and ``when`` the same in words; ``hidden`` says
    that an answer already rules the component out. ``hint`` says that a field is optional.
    ``rows`` are what a group holds, or the questions that a box or select brings up.
    """

    kind: str
    name: str
    id: str
    label: str = ""
    anchor: str = ""
    description: Markup = _NOTHING
    html: Markup = _NOTHING
    hint: str = ""
    error: str = ""
    required: bool = False
    value: str = ""
    type: str = "text"
    inputmode: str = ""
    autocomplete: str = ""
    min: str = ""
    max: str = ""
    step: str = ""
    short: bool = False
    focus: bool = False
    prefix: str = ""
    suffix: str = ""
    lines: int = 4
    multiple: bool = False
    choices: tuple[Choice, ...] = ()
    blank: str = ""
    rows: tuple["Row", ...] = ()
    outlined: bool = False
    items: tuple[Item, ...] = ()
    add: str = ""
    add_label: str = ""
    remove_label: str = ""
    shown_when: str = ""
    when: str = ""
    hidden: bool = False
    nested: bool = False
    statutory: bool = False
    category: str = ""
    accept: str = ""

    @property
    def described_by(self) -> str:
        """The ids of what explains the field: its description, condition and error."""
        parts = (("-w", self.when), ("-h", self.description), ("-e", self.error))
        return " ".join(self.id + mark for mark, there in parts if there)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary; ``anchor`` is the id of what it leads to."""

    anchor: str
    sentence: str


def draw(
    form: Form,
    *,
    values: Mapping[str, Answer],
    errors: Mapping[str, str],
    context: Mapping[str, object],
    choices: Choices,
    now: datetime,
    language: str,
    translate: Translate = str,
    words: Word = as_written,
    focus: str = "",
) -> list[Row]:
    """The rows of a form, top to bottom, filled with what was answered.

    A question that hangs on another which is still open is drawn, nested under it, so that the
    page works without a script; one that an answer has ruled out is left out, or hidden where the
    page's script can bring it back. ``focus`` names the field or list row to start in.
    """
    places = survey(form, values, context, now, fresh=True)
    drawing = _Drawing(places, errors, choices, Wording(language, translate, words, now), focus)
    return list(drawing.level(places))


def problems(rows: list[Row] | tuple[Row, ...]) -> list[Problem]:
    """The lines of the error summary, in the order of the page."""
    return [Problem(row.anchor, row.error) for row in everywhere(rows) if row.error]


def everywhere(rows: list[Row] | tuple[Row, ...]) -> Iterator[Row]:
    """Every row, those within others too, in the order of the page."""
    for row in rows:
        yield row
        for choice in row.choices:
            yield from everywhere(choice.rows)
        yield from everywhere(row.rows)
        for item in row.items:
            yield from everywhere(item.rows)


class _Drawing:
    """One drawing of a form."""

    def __init__(
        self,
        places: tuple[Place, ...],
        errors: Mapping[str, str],
        choices: Choices,
        wording: Wording,
        focus: str,
    ) -> None:
        self.by_name = {place.name: place for place in all_places(places)}
        self.errors = errors
        self.choices = choices
        self.wording = wording
        self.focus = focus

    def level(self, places: tuple[Place, ...]) -> tuple[Row, ...]:
        """The rows of one level, those that hang on an answer beside that answer."""
        rows: list[Row] = []
        for place in places:
            row = self.row(place)
            if row is None:
                continue
            link = self.link(place)
            if link is None or not link.condition.holds:
                rows.append(row)
            elif rows and rows[-1].name == link.driver.name:
                rows[-1] = _beneath(rows[-1], row, link)
            else:
                rows.append(replace(row, nested=True, when=self.when(link)))
        return tuple(rows)

    def link(self, place: Place) -> "_Link | None":
        """The question that decides over a component, where the page itself can follow it."""
        condition = shown_when(place.field.hide)
        if condition is None:
            return None
        for name in _outwards(place.prefix, condition.key):
            driver = self.by_name.get(name)
            if driver:
                usable = driver.field.kind in ANSWERED and not driver.readonly
                return _Link(driver, condition) if usable else None
        return None

    def when(self, link: "_Link") -> str:
        """In words, when a question counts that does not stand beside what brings it up."""
        question = self.wording.label(link.driver).rstrip(" :")
        _ = self.wording.translate
        if link.driver.field.kind is Kind.CHECKBOX:
            return _("If “{question}” is ticked").format(question=question)
        if link.condition.values == ("",):
            return _("If “{question}” is not answered").format(question=question)
        labels = {as_sent(o.value): o.label for o in self.options(link.driver)}
        answers = [labels.get(value, value) for value in link.condition.values]
        sentence = _("If the answer to “{question}” is “{answer}”")
        return sentence.format(question=question, answer=", ".join(answers))

    def row(self, place: Place) -> Row | None:
        """The component as it is drawn; None if nothing is."""
        link = self.link(place)
        ruled_out = place.hidden and not place.undecided
        if (ruled_out and link is None) or place.field.kind is Kind.EXPRESSION:
            return None
        when = "" if link is None else link.as_json()
        return replace(self.drawn(place), hidden=ruled_out, shown_when=when)

    def drawn(self, place: Place) -> Row:
        kind = place.field.kind
        if kind in ANSWERED:
            return self.answered(place)
        if kind is Kind.GROUP:
            return self.group(place)
        if kind is Kind.LIST:
            return self.repeated(place)
        html = self.wording.html(place, "text", place.field.text)
        names = {Kind.STATIC: "static", Kind.SPACER: "spacer"}
        return self.plain(place, names.get(kind, "separator"), html=html)

    def plain(self, place: Place, kind: str, *, html: Markup = _NOTHING) -> Row:
        """What all rows have in common."""
        field = place.field
        name = place.name
        made = _as_id(name)
        return Row(
            kind=kind,
            name=name,
            id=made,
            anchor=made,
            label=self.wording.of(place, "label", field.label),
            description=self.wording.html(place, "description", field.description, inline=True),
            html=html,
            error=self.errors.get(name, ""),
            statutory=field.statutory,
            category=field.category or "",
            focus=bool(self.focus) and name == self.focus,
        )

    def group(self, place: Place) -> Row:
        row = self.plain(place, "group")
        return replace(row, rows=self.level(place.places), outlined=place.field.outlined)

    def repeated(self, place: Place) -> Row:
        field = place.field
        row = self.plain(place, "list")
        items = tuple(self.item(place, at) for at in range(len(place.rows)))
        may_add = field.grows and len(items) < self.most_rows(place)
        add_label, _ = self.wording.of(place, "add", field.add_label), self.wording.translate
        first = next((each for item in items for each in everywhere(item.rows)), None)
        return replace(
            row,
            anchor=first.anchor if row.error and first else row.anchor,
            items=items,
            outlined=field.outlined,
            add=place.name if may_add else "",
            add_label=add_label or _("Add another"),
            remove_label=_("Remove"),
        )

    def most_rows(self, place: Place) -> int:
        most = to_number(place.setting(place.field.limits.most, self.wording.now))
        return MOST_ROWS if most is None else min(int(most), MOST_ROWS)

    def item(self, place: Place, at: int) -> Item:
        field = place.field
        name = f"{place.name}.{at}"
        least = to_number(place.setting(field.limits.least, self.wording.now)) or 0
        label = self.wording.of(place, "item", field.row_label) or self.wording.label(place)
        rows = self.level(place.rows[at])
        return Item(
            name=name,
            label=f"{label} {at + 1}",
            rows=_focused(rows) if name == self.focus else rows,
            remove=f"{place.name}:{at}" if field.grows and len(place.rows) > least else "",
        )

    def answered(self, place: Place) -> Row:
        field = place.field
        row = self.plain(place, _markup(place))
        optional = not place.required and field.kind is not Kind.CHECKBOX
        row = replace(
            row,
            required=place.required,
            hint="" if not optional or place.readonly else self.optional(place),
            value=as_sent(place.value) if not isinstance(place.value, list) else "",
            autocomplete=field.autocomplete or _AUTOCOMPLETE.get(field.limits.format or "", ""),
            prefix=self.wording.of(place, "prefix", field.prefix),
            suffix=self.wording.of(place, "suffix", field.suffix),
        )
        if place.readonly:
            return replace(row, value=self.fixed(place))
        if field.kind in CHOOSING:
            return self.choosing(row, place)
        return self.written(row, place)

    def optional(self, place: Place) -> str:
        _ = self.wording.translate
        return self.wording.of(place, "hint", place.field.hint) or _("need not be filled in")

    def fixed(self, place: Place) -> str:
        """An answer that cannot be changed, in words."""
        field, value = place.field, place.value
        if field.kind in CHOOSING:
            labels = {as_sent(o.value): o.label for o in self.options(place)}
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(labels.get(as_sent(each), as_sent(each)) for each in chosen)
        zone = self.wording.now.tzinfo
        return self.wording.shown(to_feel(field, value, zone))

    def options(self, place: Place) -> tuple[Option, ...]:
        return offered(place, self.choices, self.wording)

    def choosing(self, row: Row, place: Place) -> Row:
        value = place.value
        chosen = {as_sent(each) for each in (value if isinstance(value, list) else [value])}
        choices = tuple(
            Choice(
                value=as_sent(option.value),
                label=option.label,
                id=f"{row.id}-{number}",
                selected=value is not None and as_sent(option.value) in chosen,
            )
            for number, option in enumerate(self.options(place), start=1)
        )
        several = place.field.kind in SOME_OF
        anchor = choices[0].id if choices and row.kind == "options" else row.anchor
        _ = self.wording.translate
        accept = ",".join(place.field.accept or FILE_ENDINGS) if row.kind == "files" else ""
        return replace(
            row,
            choices=choices,
            multiple=several,
            anchor=anchor,
            blank=_("Choose"),
            accept=accept,
        )

    def written(self, row: Row, place: Place) -> Row:
        field, limits = place.field, place.field.limits
        if field.kind in MOMENTS:
            return self.moment(row, place)
        if field.kind is Kind.NUMBER:
            mode = "numeric" if limits.digits == 0 else "decimal"
            return replace(row, inputmode=mode, short=True)
        most = to_number(place.setting(limits.most, self.wording.now))
        short = limits.format == "phone" or (most is not None and most <= _SHORT_TEXT)
        return replace(row, type=_FORMATS.get(limits.format or "", "text"), short=short)

    def moment(self, row: Row, place: Place) -> Row:
        limits, now = place.field.limits, self.wording.now
        earliest = limits.least
        if earliest is None and limits.not_past and place.field.kind is Kind.DATE:
            earliest = now.date().isoformat()
        return replace(
            row,
            type=_INPUTS[place.field.kind],
            short=place.field.kind is not Kind.DATETIME,
            min=as_sent(place.bound(earliest, now)),
            max=as_sent(place.bound(limits.most, now)),
            step=str(limits.minutes * 60) if limits.minutes else "",
        )


def _markup(place: Place) -> str:
    """Which markup a field that a person fills in has."""
    if place.readonly:
        return "fixed"
    match place.field.kind:
        case Kind.TEXTAREA:
            return "textarea"
        case Kind.CHECKBOX:
            return "checkbox"
        case Kind.SELECT:
            return "select"
        case Kind.RADIO | Kind.CHECKLIST | Kind.TAGLIST:
            return "options"
        case Kind.FILE:
            return "files"
    return "input"


@dataclass(frozen=True, slots=True)
class _Link:
    """A question and the answer to it that brings a component up."""

    driver: Place
    condition: ShownWhen

    def as_json(self) -> str:
        """The condition for the page's script."""
        values = self.condition.values
        key = "is" if self.condition.holds else "is_not"
        told = {"field": self.driver.name, key: values[0] if len(values) == 1 else values}
        return json.dumps(told, ensure_ascii=False)


def _outwards(prefix: str, key: str) -> Iterator[str]:
    """The names that ``key`` can have, from the row or group it is used in outwards."""
    parts = prefix.split(".")[:-1]
    for count in range(len(parts), -1, -1):
        yield ".".join([*parts[:count], key])


def _beneath(driver: Row, row: Row, link: _Link) -> Row:
    """The deciding question with a row under it, right below the answer where it is one."""
    for at, choice in enumerate(driver.choices if driver.kind == "options" else ()):
        if link.condition.values == (choice.value,):
            grown = replace(choice, rows=(*choice.rows, row))
            choices = (*driver.choices[:at], grown, *driver.choices[at + 1 :])
            return replace(driver, choices=choices)
    return replace(driver, rows=(*driver.rows, row))


def _focused(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return (replace(rows[0], focus=True), *rows[1:]) if rows else rows


def _as_id(name: str) -> str:
    """A name as an id of the page; apart from those that the page itself uses."""
    return "f-" + re.sub(r"[^\w-]", "-", name)
