"""What is wrong, or could be better, in a form that can be read."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import feel
from feel.sentence import sentence
from forms import pattern
from forms.expressions import Expression, read_expression, slots
from forms.model import (
    ANSWERED,
    CHOOSING,
    MOST_FILES,
    MOST_ROWS,
    ONE_OF,
    SILENT,
    TEXTS,
    Field,
    Form,
    Kind,
    Setting,
    walk,
)
from forms.values import as_sent
from forms.words import sources

Severity = Literal["error", "warning", "advice"]
_ALWAYS_KNOWN = frozenset({"this", "parent", "i"})
_FEEL_REMEDIES = {
    "unknown-name": sentence("Correct the name, or add a field with this key."),
    "bad-feel": sentence("Correct the FEEL expression."),
}
_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class FormFinding:
    """Something about a form; ``path`` is the component's, empty for the form itself."""

    path: str
    rule: str
    severity: Severity
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a domain record that a form can be bound to by name.

    ``kinds`` are the components that can hold it; empty allows any. ``statutory`` ones the law
    wants in the form.
    """

    name: str
    required: bool = False
    kinds: frozenset[Kind] = frozenset()


def lint(
    form: Form,
    *,
    record_schema: Collection[RecordField] | None = None,
    known_names: Collection[str] = (),
    languages: Mapping[str, Collection[str]] | None = None,
) -> list[FormFinding]:
    """All findings, in the order of the form.

    ``known_names`` are the names beside the form's own that its expressions may use; ``languages``
    says for each language besides the source which ``path/attribute`` has words.
    """
    return [
        *_form_findings(form, record_schema),
        *_twice(form),
        *_field_findings(form.fields, frozenset(known_names)),
        *_record_findings(form, record_schema or ()),
        *_untranslated(form, languages or {}),
    ]


def _error(path: str, rule: str, message: str, remedy: str) -> FormFinding:
    return FormFinding(path, rule, "error", message, remedy)


def _warning(path: str, rule: str, message: str, remedy: str) -> FormFinding:
    return FormFinding(path, rule, "warning", message, remedy)


def _form_findings(form: Form, schema: Collection[RecordField] | None) -> Iterator[FormFinding]:
    if not any(field.kind in ANSWERED for field in walk(form.fields)):
        yield _warning(
            "", "no-questions", sentence("The form asks nothing."), sentence("Add a field.")
        )
    if form.record and schema is None:
        yield _error(
            "",
            "unknown-record",
            sentence("There is no record “{record}”.", record=form.record),
            sentence("Correct the form's property “record”, or remove it."),
        )


def _twice(form: Form) -> Iterator[FormFinding]:
    paths = Counter(field.path for field in walk(form.fields) if field.key)
    for path, count in paths.items():
        if count > 1:
            yield _error(
                path,
                "duplicate-key",
                sentence("{count} fields have the key “{path}”.", count=count, path=path),
                sentence("Give each field its own key."),
            )


def _field_findings(fields: tuple[Field, ...], known: frozenset[str]) -> Iterator[FormFinding]:
    """Findings of one level; each level knows the names of those around it."""
    inside = known | _keys(fields)
    for field in fields:
        yield from _expression_findings(field, inside)
        yield from _property_findings(field)
        yield from _label_findings(field)
        yield from _option_findings(field)
        yield from _file_findings(field)
        yield from _limit_findings(field)
        yield from _field_findings(field.fields, inside)


def _keys(fields: tuple[Field, ...]) -> frozenset[str]:
    """The keys that lie together on one level."""
    found = {field.key for field in fields if field.key and field.kind not in SILENT}
    for field in fields:
        if field.kind is Kind.GROUP and field.key is None:
            found |= _keys(field.fields)
    return frozenset(found)


def _expressions(field: Field) -> Iterator[tuple[str, Expression]]:
    limits = field.limits
    given = {
        sentence("condition"): field.hide,
        sentence("required"): field.required,
        sentence("readonly"): field.readonly,
        sentence("default"): field.default,
        sentence("least"): limits.least,
        sentence("most"): limits.most,
        sentence("check"): limits.rule,
        sentence("options"): field.options_from,
        sentence("expression"): field.computed,
    }
    for name, setting in given.items():
        if isinstance(setting, Expression):
            yield name, setting
    for path, text in sources(field):
        for source in slots(text):
            yield path.rpartition("/")[2], read_expression(source)


def _expression_findings(field: Field, known: frozenset[str]) -> Iterator[FormFinding]:
    for name, expression in _expressions(field):
        for finding in feel.check(expression.source, known | _ALWAYS_KNOWN):
            rule = "unknown-name" if finding.kind.startswith("unknown") else "bad-feel"
            yield _error(
                field.path,
                rule,
                sentence(
                    "The {name} “{source}”: {why}",
                    name=name,
                    source=expression.source,
                    why=finding.message,
                ),
                _FEEL_REMEDIES[rule],
            )


def _property_findings(field: Field) -> Iterator[FormFinding]:
    for name in field.unknown:
        yield _warning(
            field.path,
            "unknown-property",
            sentence("The property “{name}” means nothing.", name=name),
            sentence("Correct its name, or remove it."),
        )


def _label_findings(field: Field) -> Iterator[FormFinding]:
    if field.kind in ANSWERED | {Kind.LIST} and not field.label.strip():
        yield _error(
            field.path,
            "no-label",
            sentence("The field “{path}” has no label.", path=field.path),
            sentence("Write a label: it is the question that people read and hear."),
        )
    if len(field.label) > _LONGEST_LABEL:
        yield _warning(
            field.path,
            "long-label",
            sentence("The label has {count} characters.", count=len(field.label)),
            sentence("Shorten it; put what explains it in the description."),
        )


def _file_findings(field: Field) -> Iterator[FormFinding]:
    if field.kind is not Kind.FILE:
        return
    if _is_above(field.limits.most, MOST_FILES):
        yield _warning(
            field.path,
            "too-many-files",
            sentence("A file picker holds {most} files at most.", most=MOST_FILES),
            sentence("Set its property “max” to {most} or less.", most=MOST_FILES),
        )
    if field.category is None:
        yield FormFinding(
            field.path,
            "file-stays",
            "advice",
            sentence("The files stay with the organisation that attaches them."),
            sentence(
                "Give the field a category if others are to read them; “own” says that it is"
                " meant."
            ),
        )


def _option_findings(field: Field) -> Iterator[FormFinding]:
    if field.kind not in CHOOSING or field.kind is Kind.FILE:
        return
    if not (field.options or field.options_from or field.picker):
        yield _error(
            field.path,
            "no-options",
            sentence("“{name}” offers nothing to choose.", name=field.label or field.path),
            sentence("Give it values, a values expression or a picker."),
        )
    twice = [v for v, n in Counter(as_sent(o.value) for o in field.options).items() if n > 1]
    for value in twice:
        yield _error(
            field.path,
            "duplicate-option",
            sentence("The value “{value}” is offered twice.", value=value),
            sentence("Give each option its own value."),
        )
    if field.default is not None and field.kind in ONE_OF and not _offers_default(field):
        yield _error(
            field.path,
            "default-not-offered",
            sentence("The default is not one of the options."),
            sentence("Choose a default among the values."),
        )


def _offers_default(field: Field) -> bool:
    if isinstance(field.default, Expression) or not field.options:
        return True
    return as_sent(field.default) in {as_sent(option.value) for option in field.options}


def _limit_findings(field: Field) -> Iterator[FormFinding]:
    limits = field.limits
    if limits.pattern:
        yield from _pattern_findings(field, limits.pattern)
    least, most = limits.least, limits.most
    if _is_above(least, most):
        yield _error(
            field.path,
            "no-room",
            sentence("Nothing lies between {least} and {most}.", least=least, most=most),
            sentence("Let the lower bound be the smaller one."),
        )
    if field.kind is Kind.LIST and _is_above(most, MOST_ROWS):
        yield _warning(
            field.path,
            "too-many-rows",
            sentence("A list holds {most} rows at most.", most=MOST_ROWS),
            sentence("Set its property “max” to {most} or less.", most=MOST_ROWS),
        )
    if field.hide is None and field.required is True and field.readonly is True:
        yield from _fixed_findings(field)


def _is_above(low: Setting, high: Setting) -> bool:
    """Whether a bound is above another; one that is worked out later is not."""
    if isinstance(low, str) and isinstance(high, str):
        return low > high
    numbers = int | Decimal
    return isinstance(low, numbers) and isinstance(high, numbers) and low > high


def _pattern_findings(field: Field, source: str) -> Iterator[FormFinding]:
    try:
        pattern.read(source)
    except pattern.BadPattern as problem:
        yield _error(
            field.path,
            "bad-pattern",
            sentence(
                "The pattern “{source}” cannot be used: {problem}.", source=source, problem=problem
            ),
            sentence("Use literals, sets, groups, counts and alternatives only."),
        )
    if not field.error:
        yield FormFinding(
            field.path,
            "pattern-unexplained",
            "advice",
            sentence("Nobody is told what the pattern asks for."),
            sentence("Say it in the property “error”, with an example."),
        )


def _fixed_findings(field: Field) -> Iterator[FormFinding]:
    if field.default is None and field.kind in TEXTS:
        yield _warning(
            field.path,
            "fixed-blank",
            sentence("The field is required and cannot be filled in."),
            sentence("Give it a default, or let it be changed."),
        )


def _record_findings(form: Form, schema: Collection[RecordField]) -> Iterator[FormFinding]:
    if form.record is None:
        return
    fields = {field.path: field for field in walk(form.fields) if field.key}
    for bound in schema:
        field = fields.get(bound.name)
        if field is None and bound.required:
            yield _error(
                "",
                "record-field-missing",
                sentence(
                    "The record “{record}” needs “{name}”, which the form lacks.",
                    record=form.record,
                    name=bound.name,
                ),
                sentence("Add a field with the key “{name}”.", name=bound.name),
            )
        if field is not None and bound.kinds and field.kind not in bound.kinds:
            allowed = ", ".join(sorted(bound.kinds))
            yield _error(
                field.path,
                "record-field-kind",
                sentence(
                    "“{name}” is a {kind}; the record “{record}” takes {allowed}.",
                    name=bound.name,
                    kind=field.kind,
                    record=form.record,
                    allowed=allowed,
                ),
                sentence("Use a component of such a kind."),
            )


def _untranslated(form: Form, languages: Mapping[str, Collection[str]]) -> Iterator[FormFinding]:
    for language, known in languages.items():
        for field in walk(form.fields):
            for context, text in sources(field):
                if context not in known:
                    yield _warning(
                        field.path,
                        "untranslated",
                        sentence(
                            "“{text}” has no words in {language}.",
                            text=text[:60],
                            language=language,
                        ),
                        sentence(
                            "Translate {context}; until then it is shown as it is.",
                            context=context,
                        ),
                    )
