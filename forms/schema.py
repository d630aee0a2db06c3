"""Read a form-js file (schemaVersion 19) into a ``Form``.

Beside form-js's own settings a component can have these ``properties``, which its editor lets
owners write; values that begin with ``=`` are FEEL:

- ``category``: the information category that a consent must cover for readers elsewhere;
- ``personal``: never becomes a variable; ``statutory``: the law wants the field;
- ``picker``: casework offers the options (organisation, unit, representative, person, meeting,
  party); a file picker offers what was attached to the step;
- ``min``, ``max``: how many options are chosen, or how many rows a dynamic list has;
- ``earliest``, ``latest``: bounds of a date or time; ``check``: FEEL that must not be false;
- ``error``: what to say when the answer is wrong; ``hint``: what stands beside an optional label;
- ``add``, ``item``: the words on a list's button, and what one of its rows is called;
- ``autocomplete``: the HTML token for a browser that knows the answer.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from forms.errors import BadForm
from forms.expressions import Expression, is_expression, read_expression
from forms.model import (
    CHOOSING,
    FILE_ENDINGS,
    MOMENTS,
    MOST_FILES,
    MOST_ROWS,
    Field,
    Form,
    Kind,
    Limits,
    Option,
    Picker,
    Scalar,
    Setting,
)

SCHEMA_VERSION = 19
_MOST_BYTES = 512 * 1024
_MOST_COMPONENTS = 500
_MOST_OPTIONS = 300
_DEEPEST = 6
_KEY = re.compile(r"[^\W\d_]\w{0,63}")
_ID = re.compile(r"[A-Za-z_][\w.-]{0,127}")
_IGNORED = frozenset({"button"})
_REFUSED = {
    "html": "write its words in a text component",
    "iframe": "a form shows nothing from elsewhere; link to it in a text component",
    "image": "a form shows no pictures; describe it in a text component",
    "table": "use a dynamic list or a text component",
    "documentPreview": "documents are read on the case page",
}
_FORMATS = frozenset({"email", "phone"})
_PROPERTIES = frozenset(
    {
        "add",
        "autocomplete",
        "category",
        "check",
        "earliest",
        "error",
        "hint",
        "item",
        "latest",
        "max",
        "min",
        "personal",
        "picker",
        "statutory",
    }
)

#: What owners can name; a file picker is a kind of its own.
_PICKERS = tuple(each for each in Picker if each is not Picker.FILE)
_SAME_ENDING = {".jpeg": ".jpg"}
_FAMILIES = {"image/*": (".png", ".jpg"), "image/png": (".png",), "image/jpeg": (".jpg",)}

Component = Mapping[str, Any]


def read_form(data: bytes) -> Form:
    """Read a form file. Raises BadForm, which names the component that is wrong."""
    schema = _load(data)
    version = schema.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        raise BadForm(f"The form has schemaVersion {version!r}; {SCHEMA_VERSION} is understood.")
    form_id = schema.get("id")
    if not isinstance(form_id, str) or not _ID.fullmatch(form_id):
        raise BadForm("The form needs an id of letters, digits, “_”, “-” and “.”.")
    properties = _properties(schema, form_id)
    record = properties.get("record") or schema.get("record") or None
    if record is not None and not isinstance(record, str):
        raise BadForm(f"Form “{form_id}”: its record must be a name.")
    title = properties.get("title") or schema.get("title") or schema.get("name") or ""
    fields = _Reader().fields(schema.get("components", []), prefix="", depth=0)
    return Form(form_id, str(title), fields, record, properties)


def _load(data: bytes) -> Component:
    if len(data) > _MOST_BYTES:
        raise BadForm(f"The form is larger than {_MOST_BYTES // 1024} KB.")
    try:
        schema = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise BadForm(f"The form is not JSON: {error}.") from error
    if not isinstance(schema, dict):
        raise BadForm("The form is not a JSON object.")
    return schema


def _properties(component: Component, name: str) -> dict[str, str]:
    found = component.get("properties") or {}
    if not isinstance(found, dict):
        raise BadForm(f"Component “{name}”: its properties must be names with values.")
    return {str(key): _as_word(value) for key, value in found.items() if value is not None}


def _as_word(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value).strip()


class _Reader:
    """Reads components one by one and counts them."""

    def __init__(self) -> None:
        self.count = 0
        self.rows_around = 0

    def fields(self, components: object, *, prefix: str, depth: int) -> tuple[Field, ...]:
        if not isinstance(components, list):
            raise BadForm("The form's components must be a list.")
        if depth > _DEEPEST:
            raise BadForm(f"The form nests more than {_DEEPEST} groups.")
        read = (self.field(component, prefix=prefix, depth=depth) for component in components)
        return tuple(field for field in read if field is not None)

    def field(self, component: object, *, prefix: str, depth: int) -> Field | None:
        self.count += 1
        if self.count > _MOST_COMPONENTS:
            raise BadForm(f"The form has more than {_MOST_COMPONENTS} components.")
        if not isinstance(component, dict):
            raise BadForm(f"Component {self.count} is not a JSON object.")
        if component.get("type") in _IGNORED:
            return None
        one = _One(component, self.count)
        key = one.key()
        path = f"{prefix}{key}" if key else one.id
        inside = f"{path}." if key else prefix
        nested = one.kind in {Kind.GROUP, Kind.LIST}
        if one.kind is Kind.FILE and self.rows_around:
            raise one.wrong("a file picker does not lie in a list; ask for several files instead")
        self.rows_around += one.kind is Kind.LIST
        fields = (
            self.fields(component.get("components", []), prefix=inside, depth=depth + 1)
            if nested
            else ()
        )
        self.rows_around -= one.kind is Kind.LIST
        return one.field(key, path, fields)


class _One:
    """One component while it is read."""

    def __init__(self, component: Component, number: int) -> None:
        self.component = component
        given = component.get("id") or component.get("key") or component.get("path")
        self.id = (
            given if isinstance(given, str) and _ID.fullmatch(given) else f"component{number}"
        )
        self.name = str(component.get("key") or component.get("path") or self.id)
        self.kind = self._kind()
        self.properties = _properties(component, self.name)
        self.validate = self.part("validate")

    def wrong(self, reason: str) -> BadForm:
        """What to raise when this component cannot be read."""
        return BadForm(f"Component “{self.name}”: {reason}.")

    def _kind(self) -> Kind:
        kind = self.component.get("type")
        if kind in _REFUSED:
            raise self.wrong(f"“{kind}” is not used here; {_REFUSED[kind]}")
        if kind == "datetime":
            kind = self.component.get("subtype", "date")
        elif kind in MOMENTS:
            kind = None
        try:
            return Kind(str(kind))
        except ValueError as error:
            raise self.wrong(f"its type “{self.component.get('type')}” is not known") from error

    def part(self, name: str) -> Component:
        found = self.component.get(name) or {}
        if not isinstance(found, dict):
            raise self.wrong(f"its “{name}” must be a JSON object")
        return found

    def word(self, name: str, source: Component | None = None) -> str:
        found = (self.component if source is None else source).get(name)
        if found is None:
            return ""
        if isinstance(found, dict | list):
            raise self.wrong(f"its “{name}” must be words")
        return str(found)

    def key(self) -> str | None:
        if self.kind in {Kind.STATIC, Kind.SEPARATOR, Kind.SPACER}:
            return None
        attribute = "path" if self.kind in {Kind.GROUP, Kind.LIST} else "key"
        key = self.component.get(attribute)
        if self.kind is Kind.GROUP and not key:
            return None
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise self.wrong(f"its {attribute} must be a letter, then letters, digits and “_”")
        return key

    def setting(self, value: object) -> Setting:
        """A value as it is given, or the FEEL that stands for it."""
        if is_expression(value):
            return read_expression(str(value))
        if value is None or isinstance(value, str | int | Decimal):
            return value
        raise self.wrong("a value is a list or object where one word or number is meant")

    def expression(self, source: str) -> Expression | None:
        return read_expression(source) if source else None

    def count_of(self, value: object, *, otherwise: int) -> int:
        try:
            return otherwise if value in (None, "") else int(str(value))
        except ValueError as error:
            raise self.wrong(f"“{value}” is not a whole number") from error

    def limits(self) -> Limits:
        least, most = self.bounds()
        digits = self.component.get("decimalDigits")
        form = self.validate.get("validationType")
        return Limits(
            least=self.setting(least),
            most=self.setting(most),
            pattern=self.word("pattern", self.validate) or None,
            format=form if form in _FORMATS else None,
            digits=None if digits in (None, "") else self.digits(digits),
            step=self.step(),
            minutes=self.count_of(self.component.get("timeInterval"), otherwise=0) or None,
            not_past=self.component.get("disallowPassedDates") is True,
            rule=self.expression(self.properties.get("check", "")),
        )

    def bounds(self) -> tuple[object, object]:
        """The names under which the kinds give their lower and upper bound."""
        if self.kind is Kind.NUMBER:
            return self.exact(self.validate.get("min")), self.exact(self.validate.get("max"))
        if self.kind in {Kind.TEXT, Kind.TEXTAREA}:
            least, most = self.validate.get("minLength"), self.validate.get("maxLength")
            return self.exact(least), self.exact(most)
        if self.kind in MOMENTS:
            return self.properties.get("earliest"), self.properties.get("latest")
        least, most = self.properties.get("min"), self.properties.get("max")
        if self.kind is Kind.FILE:
            many = MOST_FILES if self.component.get("multiple") is True else 1
            most = most or many
        return self.exact(least), self.exact(most)

    def digits(self, value: object) -> int:
        return min(max(self.count_of(value, otherwise=0), 0), 15)

    def step(self) -> Decimal | None:
        step = self.number(self.component.get("increment"))
        if step is not None and step < Decimal("1e-9"):
            raise self.wrong("its increment must be larger than zero")
        return step

    def exact(self, value: object) -> object:
        """A bound as FEEL or as an exact number."""
        return value if is_expression(value) else self.number(value)

    def number(self, value: object) -> Decimal | None:
        if value in (None, "") or isinstance(value, bool):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise self.wrong(f"“{value}” is not a number") from error
        if not number.is_finite() or abs(number) > 10**15:
            raise self.wrong(f"“{value}” is out of range")
        return number

    def options(self) -> tuple[Option, ...]:
        values = self.component.get("values") or []
        if not isinstance(values, list) or len(values) > _MOST_OPTIONS:
            raise self.wrong(f"its values must be a list of at most {_MOST_OPTIONS}")
        return tuple(self.option(value) for value in values)

    def option(self, value: object) -> Option:
        if isinstance(value, str | int | Decimal):
            return Option(value, str(value))
        if not isinstance(value, dict) or not isinstance(value.get("value"), str | int | Decimal):
            raise self.wrong("each of its values needs a value and a label")
        return Option(value["value"], str(value.get("label") or value["value"]))

    def options_from(self) -> Expression | None:
        source = self.word("valuesExpression") or self.word("valuesKey")
        return self.expression(source)

    def accept(self) -> tuple[str, ...]:
        """The endings that a file picker names, as those that can be kept are called."""
        if self.kind is not Kind.FILE:
            return ()
        asked = self.word("accept").lower().replace(" ", "").split(",")
        return tuple(dict.fromkeys(end for each in asked for end in _endings(each)))

    def picker(self) -> Picker | None:
        if self.kind is Kind.FILE:
            return Picker.FILE
        named = self.properties.get("picker")
        if not named:
            return None
        if named not in _PICKERS:
            raise self.wrong(f"its picker “{named}” is not one of {', '.join(_PICKERS)}")
        if self.kind not in CHOOSING:
            raise self.wrong("a picker needs a select, radio, checklist or tag list")
        return Picker(named)

    def default(self) -> Setting | tuple[Scalar, ...]:
        value = self.component.get("defaultValue")
        if isinstance(value, list):
            return tuple(each for each in value if isinstance(each, str | int | Decimal))
        return self.setting(value)

    def flag(self, name: str) -> bool:
        return self.properties.get(name, "") not in {"", "false"}

    def label(self) -> str:
        names = {Kind.DATE: "dateLabel", Kind.TIME: "timeLabel", Kind.DATETIME: "dateLabel"}
        own = self.word(names[self.kind]) if self.kind in names else ""
        return own or self.word("label")

    def field(self, key: str | None, path: str, fields: tuple[Field, ...]) -> Field:
        appearance = self.part("appearance")
        readonly = True if self.component.get("disabled") is True else None
        return Field(
            kind=self.kind,
            id=self.id,
            path=path,
            key=key,
            label=self.label(),
            description=self.word("description"),
            text=self.word("text"),
            error=self.properties.get("error", ""),
            hint=self.properties.get("hint", ""),
            hide=self.expression(self.word("hide", self.part("conditional"))),
            required=self.setting(self.validate.get("required")),
            readonly=readonly or self.setting(self.component.get("readonly")),
            default=self.default(),
            limits=self.limits(),
            options=self.options() if self.kind in CHOOSING else (),
            options_from=self.options_from() if self.kind in CHOOSING else None,
            picker=self.picker(),
            fields=fields,
            outlined=self.component.get("showOutline") is True,
            rows=self.rows(),
            grows=self.component.get("allowAddRemove") is not False,
            prefix=self.word("prefixAdorner", appearance),
            suffix=self.word("suffixAdorner", appearance),
            autocomplete=self.properties.get("autocomplete", ""),
            as_text=self.component.get("serializeToString") is True,
            computed=self.expression(self.word("expression")),
            category=self.properties.get("category"),
            personal=self.flag("personal"),
            statutory=self.flag("statutory"),
            accept=self.accept(),
            add_label=self.properties.get("add", ""),
            row_label=self.properties.get("item", ""),
            unknown=tuple(sorted(self.properties.keys() - _PROPERTIES)),
        )

    def rows(self) -> int:
        rows = self.count_of(self.component.get("defaultRepetitions"), otherwise=1)
        return min(max(rows, 0), MOST_ROWS)


def _endings(asked: str) -> tuple[str, ...]:
    """What can be kept of an ending or a family of kinds; nothing for any other."""
    if asked in _FAMILIES:
        return _FAMILIES[asked]
    ending = _SAME_ENDING.get(asked, asked)
    return (ending,) if ending in FILE_ENDINGS else ()
