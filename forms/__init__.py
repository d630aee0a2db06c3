"""Forms: what an owner drew in form-js, checked against what a person sent, as rows to draw."""

from forms.answers import Sent, asks_change, change, posted, read
from forms.check import Checked, check
from forms.choices import Choices, NoChoices
from forms.errors import BadForm, TooMuchSent, UnknownField
from forms.lint import FormFinding, RecordField, lint
from forms.mapping import keys, kind_of, personal_or_text
from forms.model import Field, Form, Kind, Option, Picker, find, walk
from forms.narrowing import kinds, left_out, narrowed, still_asked
from forms.rows import Choice, Item, Problem, Row, draw, problems
from forms.samples import sample
from forms.schema import read_form
from forms.values import Answer, typed
from forms.words import as_written, sources
from forms.writing import form_id, new_form, write_form

__all__ = [
    "Answer",
    "BadForm",
    "Checked",
    "Choice",
    "Choices",
    "Field",
    "Form",
    "FormFinding",
    "Item",
    "Kind",
    "NoChoices",
    "Option",
    "Picker",
    "Problem",
    "RecordField",
    "Row",
    "Sent",
    "TooMuchSent",
    "UnknownField",
    "as_written",
    "asks_change",
    "change",
    "check",
    "draw",
    "find",
    "form_id",
    "keys",
    "kind_of",
    "kinds",
    "left_out",
    "lint",
    "narrowed",
    "new_form",
    "personal_or_text",
    "posted",
    "problems",
    "read",
    "read_form",
    "sample",
    "sources",
    "still_asked",
    "typed",
    "walk",
    "write_form",
]
