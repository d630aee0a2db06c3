"""A form as data: what an owner drew, read once, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from forms.expressions import Expression

Scalar = str | int | Decimal | bool

MOST_ROWS = 50
"""No dynamic list may hold more rows."""
MOST_FILES = 10
"""No file picker may hold more files."""
FILE_ENDINGS = (".pdf", ".png", ".jpg", ".txt", ".docx", ".odt")
"""The kinds of files that can be kept."""


class Kind(StrEnum):
    """What a component is; the values are form-js names, save that a datetime says which kind."""

    STATIC = "text"
    TEXT = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    TAGLIST = "taglist"
    RADIO = "radio"
    SELECT = "select"
    FILE = "filepicker"
    GROUP = "group"
    LIST = "dynamiclist"
    EXPRESSION = "expression"
    SEPARATOR = "separator"
    SPACER = "spacer"


TEXTS = frozenset({Kind.TEXT, Kind.TEXTAREA})
ONE_OF = frozenset({Kind.RADIO, Kind.SELECT})
SOME_OF = frozenset({Kind.CHECKLIST, Kind.TAGLIST, Kind.FILE})
CHOOSING = ONE_OF | SOME_OF
MOMENTS = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME})
ANSWERED = TEXTS | CHOOSING | MOMENTS | {Kind.NUMBER, Kind.CHECKBOX}
"""The kinds that a person fills in."""
SILENT = frozenset({Kind.STATIC, Kind.SEPARATOR, Kind.SPACER})
"""The kinds that hold no answer."""


class Picker(StrEnum):
    """Where a field's options come from when casework offers them."""

    ORGANISATION = "organisation"
    UNIT = "unit"
    REPRESENTATIVE = "representative"
    PERSON = "person"
    MEETING = "meeting"
    PARTY = "party"
    #: Files that were attached to the step; a file picker has it of itself.
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; ``value`` is what the answer holds."""

    value: Scalar
    label: str


Setting = Expression | Scalar | None
"""A value an owner gives as it is, or as FEEL."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep to; None asks nothing.

    ``least`` and ``most`` count characters of a text, chosen options or rows, or bound a number,
    date or time. ``rule`` is FEEL that must not be false.
    """

    least: Setting = None
    most: Setting = None
    pattern: str | None = None
    format: str | None = None
    digits: int | None = None
    step: Decimal | None = None
    minutes: int | None = None
    not_past: bool = False
    rule: Expression | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One component. ``path`` joins the keys from the root with dots, without row numbers.

    A component without a key has its id as path and holds no answer of its own. ``fields`` are
    what a group or list holds; ``error`` is the owner's sentence for whatever is wrong;
    ``unknown`` are properties that mean nothing here.
    """

    kind: Kind
    id: str
    path: str
    key: str | None = None
    label: str = ""
    description: str = ""
    text: str = ""
    error: str = ""
    hint: str = ""
    hide: Expression | None = None
    required: Setting = False
    readonly: Setting = False
    default: Setting | tuple[Scalar, ...] = None
    limits: Limits = field(default_factory=Limits)
    options: tuple[Option, ...] = ()
    options_from: Expression | None = None
    picker: Picker | None = None
    fields: tuple["Field", ...] = ()
    outlined: bool = False
    rows: int = 1
    grows: bool = True
    prefix: str = ""
    suffix: str = ""
    autocomplete: str = ""
    as_text: bool = False
    computed: Expression | None = None
    category: str | None = None
    personal: bool = False
    statutory: bool = False
    #: Of a file picker: the endings that are taken; empty takes every kind.
    accept: tuple[str, ...] = ()
    add_label: str = ""
    row_label: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def holds_answer(self) -> bool:
        """Whether this component itself has a place in the answers."""
        return self.key is not None and self.kind not in SILENT


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form; ``record`` names the domain record that its fields are bound to."""

    id: str
    title: str
    fields: tuple[Field, ...]
    record: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Every component, in the order in which it is drawn."""
    for each in fields:
        yield each
        yield from walk(each.fields)


def find(form: Form, path: str) -> Field | None:
    """The component that holds the answer at ``path``; None if there is none."""
    return next((each for each in walk(form.fields) if each.key and each.path == path), None)
