"""Where every component stands once it is known what was answered: shown, hidden, or undecided."""

import dataclasses
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from forms.expressions import Expression
from forms.model import ANSWERED, Field, Form, Kind, Setting
from forms.values import Answer, as_sent, group_in, is_blank, plain, rows_in, to_feel, to_keep

_MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A component where it stands; inside a dynamic list there is one for each row.

    ``names`` is what its expressions may look up. ``undecided``: hidden, but only because the
    question that decides has no answer yet. ``prefix`` is what stands before its key in ``name``.
    """

    field: Field
    name: str
    prefix: str
    value: Answer
    names: Mapping[str, object]
    hidden: bool = False
    undecided: bool = False
    required: bool = False
    readonly: bool = False
    places: tuple["Place", ...] = ()
    rows: tuple[tuple["Place", ...], ...] = ()

    def setting(self, setting: object, now: datetime) -> object:
        """An owner's value, worked out where it is FEEL."""
        if isinstance(setting, Expression):
            return setting.value(self.names, now)
        return setting

    def bound(self, setting: object, now: datetime) -> object:
        """A bound of a date or time in the field's own type; None if it is of another."""
        found = self.setting(setting, now)
        if isinstance(found, datetime):
            local = found.astimezone(now.tzinfo) if found.tzinfo else found
            local = local.replace(tzinfo=now.tzinfo)
            return {Kind.DATE: local.date(), Kind.TIME: local.time()}.get(self.field.kind, local)
        if isinstance(found, date) and self.field.kind is Kind.DATETIME:
            return datetime.combine(found, time(), tzinfo=now.tzinfo)
        return to_feel(self.field, as_sent(found), now.tzinfo)


def survey(
    form: Form,
    values: Mapping[str, Answer],
    context: Mapping[str, object],
    now: datetime,
    *,
    fresh: bool,
) -> tuple[Place, ...]:
    """Every component with its answer. ``fresh``: what was never answered has its default.

    Whether a component is hidden can hang on one that is itself hidden, so it is asked again
    until the answer stays the same.
    """
    hidden: frozenset[str] = frozenset()
    for _ in range(_MOST_ROUNDS):
        walk = _Walk(context, now, fresh, hidden)
        places = walk.level(form.fields, values, walk.top)
        if walk.hidden == hidden:
            break
        hidden = frozenset(walk.hidden)
    return places


def all_places(places: tuple[Place, ...]) -> Iterator[Place]:
    """Every place, in the order in which it is drawn."""
    for place in places:
        yield place
        yield from all_places(place.places)
        for row in place.rows:
            yield from all_places(row)


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of the answers while it is walked: a row, a group with a key, or the top.

    ``gone`` are its keys that an answer has hidden.
    """

    prefix: str
    data: dict[str, Any]
    names: ChainMap[str, object]
    outer: "_Level | None" = None
    gone: set[str] = dataclasses.field(default_factory=set)

    def holding(self, name: str) -> "_Level | None":
        """The nearest level on which the form has ``name``."""
        if name in self.data or name in self.gone:
            return self
        return self.outer.holding(name) if self.outer else None

    def within(self, prefix: str, data: dict[str, Any], row: int | None = None) -> "_Level":
        """The level inside a group, or inside the row with this number."""
        known: dict[str, Any] = {"this": data, "parent": self.data}
        if row is not None:
            known["i"] = Decimal(row + 1)
        return _Level(prefix, data, ChainMap(known, data, *self.names.maps), self)


class _Walk:
    """One round over the form; ``before`` is what the last round found hidden."""

    def __init__(
        self, context: Mapping[str, object], now: datetime, fresh: bool, before: frozenset[str]
    ) -> None:
        self.now = now
        self.fresh = fresh
        self.before = before
        self.hidden: set[str] = set()
        data: dict[str, Any] = {}
        self.top = _Level("", data, ChainMap({"this": data}, data, dict(context)))

    def level(
        self, fields: tuple[Field, ...], values: Mapping[str, Answer], level: _Level
    ) -> tuple[Place, ...]:
        self.lay_out(fields, values, level)
        return tuple(self.place(field, values, level) for field in fields)

    def lay_out(
        self, fields: tuple[Field, ...], values: Mapping[str, Answer], level: _Level
    ) -> None:
        """Put this level's answers where expressions find them, before any is asked."""
        for field in fields:
            if field.kind is Kind.GROUP and field.key is None:
                if level.prefix + field.id not in self.before:
                    self.lay_out(field.fields, values, level)
            elif field.key:
                hidden = level.prefix + field.key in self.before
                level.data[field.key] = None if hidden else self.laid(field, values, level)

    def laid(self, field: Field, values: Mapping[str, Answer], level: _Level) -> object:
        if field.kind is Kind.LIST:
            rows = self.row_values(field, values.get(str(field.key)))
            return [self.laid_row(field, row, level, at) for at, row in enumerate(rows)]
        if field.kind is Kind.GROUP:
            inner = level.within(f"{level.prefix}{field.key}.", {})
            self.lay_out(field.fields, group_in(values.get(str(field.key))), inner)
            return inner.data
        return to_feel(field, self.answer(field, values, level), self.now.tzinfo)

    def laid_row(
        self, field: Field, row: Mapping[str, Answer], level: _Level, at: int
    ) -> dict[str, Any]:
        inner = level.within(f"{level.prefix}{field.key}.{at}.", {}, at)
        self.lay_out(field.fields, row, inner)
        return inner.data

    def answer(self, field: Field, values: Mapping[str, Answer], level: _Level) -> Answer:
        """What was answered, or the default where nothing could have been."""
        key = str(field.key)
        if field.kind not in ANSWERED:
            return values.get(key)
        if self.is_true(field.readonly, level):
            fixed = self.default(field, level)
            return plain(level.names.maps[-1].get(key)) if is_blank(fixed) else fixed
        if self.fresh and key not in values:
            return self.default(field, level)
        return values.get(key)

    def default(self, field: Field, level: _Level) -> Answer:
        if isinstance(field.default, tuple):
            return [plain(each) for each in field.default]
        default: object = field.default
        if isinstance(default, Expression):
            default = default.value(level.names, self.now)
        return None if default is None else to_keep(field, default, self.now.tzinfo)

    def row_values(self, field: Field, value: Answer) -> list[Mapping[str, Answer]]:
        if self.fresh and value is None:
            return [{}] * field.rows
        return rows_in(value)

    def is_true(self, setting: Setting, level: _Level) -> bool:
        if isinstance(setting, Expression):
            return setting.value(level.names, self.now) is True
        return setting is True

    def place(self, field: Field, values: Mapping[str, Answer], level: _Level) -> Place:
        name = level.prefix + (field.key or field.id)
        place = Place(field, name, level.prefix, None, level.names)
        if field.hide is not None and self.is_true(field.hide, level):
            return self.hide(place, field, values, level)
        return self.show(place, values, level)

    def hide(
        self, place: Place, field: Field, values: Mapping[str, Answer], level: _Level
    ) -> Place:
        """Take the component's answers out of sight; a page may still bring it up again."""
        undecided = self.is_undecided(field, level)
        inner = self.show(place, values, level) if self.fresh else place
        self.hidden.add(place.name)
        self.take_out(field, level, gone=not undecided)
        return replace(inner, hidden=True, undecided=undecided)

    def take_out(self, field: Field, level: _Level, *, gone: bool) -> None:
        if field.kind is Kind.GROUP and field.key is None:
            for each in field.fields:
                self.take_out(each, level, gone=gone)
        elif field.key:
            level.data[field.key] = None
            if gone:
                level.gone.add(field.key)

    def is_undecided(self, field: Field, level: _Level) -> bool:
        """Whether the questions that hide it are still open: on the page, and not answered."""
        asked = [
            (found, name)
            for name in (field.hide.names if field.hide else ())
            if (found := level.holding(name))
        ]
        blank = all(is_blank(plain(found.data.get(name))) for found, name in asked)
        return blank and any(name not in found.gone for found, name in asked)

    def show(self, place: Place, values: Mapping[str, Answer], level: _Level) -> Place:
        field = place.field
        match field.kind:
            case Kind.GROUP:
                return self.show_group(place, values, level)
            case Kind.LIST:
                return self.show_list(place, values, level)
            case Kind.EXPRESSION:
                return self.show_computed(place, level)
        if field.key is None:
            return place
        value = self.answer(field, values, level)
        level.data[field.key] = to_feel(field, value, self.now.tzinfo)
        return replace(
            place,
            value=value,
            required=self.is_true(field.required, level),
            readonly=self.is_true(field.readonly, level),
        )

    def show_group(self, place: Place, values: Mapping[str, Answer], level: _Level) -> Place:
        field = place.field
        if field.key is None:
            places = tuple(self.place(each, values, level) for each in field.fields)
            return replace(place, places=places)
        data: dict[str, Any] = {}
        level.data[field.key] = data
        inner = level.within(f"{place.name}.", data)
        places = self.level(field.fields, group_in(values.get(field.key)), inner)
        return replace(place, places=places)

    def show_list(self, place: Place, values: Mapping[str, Answer], level: _Level) -> Place:
        field = place.field
        key = str(field.key)
        rows = self.row_values(field, values.get(key))
        data = [self.laid_row(field, row, level, at) for at, row in enumerate(rows)]
        level.data[key] = data
        places = (
            self.level(field.fields, row, level.within(f"{place.name}.{at}.", data[at], at))
            for at, row in enumerate(rows)
        )
        return replace(place, rows=tuple(places))

    def show_computed(self, place: Place, level: _Level) -> Place:
        computed = place.field.computed
        value = computed.value(level.names, self.now) if computed else None
        level.data[str(place.field.key)] = value
        return replace(place, value=to_keep(place.field, value, self.now.tzinfo))
