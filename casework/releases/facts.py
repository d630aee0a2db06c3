"""What the check of a pack must know of forms and services, and what it finds in forms."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import forms
from base.errors import SamplanError
from casework import formbook
from casework.guests import rules as guests
from casework.records import RECORDS, names_nobody
from casework.services import CATALOGUE
from engine.check import Finding, ServiceFacts
from engine.diagram import Process
from engine.findings import finding
from engine.packs import BadPack, Pack, Text
from feel.sentence import sentence
from forms import BadForm, Form, FormFinding, RecordField

#: The services that diagrams may ask for.
SERVICES: Mapping[str, ServiceFacts] = CATALOGUE
#: Names beside its own fields that a form's expressions may always use.
_CASE_NAMES = ("case", "entry", "case_ref", "organisation", "unit", "report")


@dataclass(frozen=True, slots=True)
class PackForms:
    """The forms of a pack as the check of its diagrams sees them; unreadable ones are empty."""

    pack: Pack

    def exists(self, form_id: str) -> bool:
        return form_id in self.pack.forms

    def stands_alone(self, form_id: str) -> bool:
        form = self._read(form_id)
        return form is not None and form.record == guests.RECORD

    def keys(self, form_id: str) -> AbstractSet[str]:
        form = self._read(form_id)
        return forms.keys(form) if form else frozenset()

    def unmappable(self, form_id: str) -> AbstractSet[str]:
        form = self._read(form_id)
        return forms.personal_or_text(form) if form else frozenset()

    def _read(self, form_id: str) -> Form | None:
        try:
            return formbook.form(self.pack, form_id)
        except BadForm:
            return None


def form_findings(pack: Pack) -> Iterator[Finding]:
    """What is wrong, or could be better, in each form of the pack."""
    try:
        paths = pack.forms
    except BadPack as error:
        yield finding("unreadable", error.file, why=error.why)
        return
    names = (*_CASE_NAMES, *_variables(pack))
    asked_by_reports = {report.form for report in pack.config.reports.values()}
    for form_id, path in paths.items():
        try:
            form = formbook.form(pack, form_id)
        except BadForm as error:
            yield finding("unreadable", path, why=str(error))
            continue
        yield from (_as_finding(path, found) for found in _lint(pack, path, form, names))
        if form_id in asked_by_reports or names_nobody(form.record):
            yield from (_as_finding(path, found) for found in _files_in_report(form))


def form_file_findings(data: bytes, name: str) -> Iterator[Finding]:
    """What is wrong with a form by itself: names that its pack may know are let pass."""
    try:
        form = forms.read_form(data)
    except BadForm as error:
        yield finding("unreadable", name, why=str(error))
        return
    for found in forms.lint(form, record_schema=_schema(form.record), known_names=_CASE_NAMES):
        if found.rule != "unknown-name":
            yield _as_finding(name, found)


def _lint(pack: Pack, path: str, form: Form, names: Collection[str]) -> list[FormFinding]:
    return forms.lint(
        form,
        record_schema=_schema(form.record),
        known_names=names,
        languages={language: _translated(pack, language, path, form) for language in pack.words},
    )


def _files_in_report(form: Form) -> Iterator[FormFinding]:
    for field in forms.walk(form.fields):
        if field.kind is forms.Kind.FILE:
            yield FormFinding(
                field.path,
                "file-in-report",
                "error",
                sentence(
                    "A report points at no person, and what a file holds cannot be looked through."
                ),
                sentence("Remove the file picker; ask in words for what the file would show."),
            )


def _schema(record: str | None) -> tuple[RecordField, ...] | None:
    known = RECORDS.get(record or "")
    return known.fields if known else None


def _translated(pack: Pack, language: str, path: str, form: Form) -> set[str]:
    """The ``path/attribute`` of the form's texts that have words in this language."""
    words = pack.words[language]
    found = set()
    for field in forms.walk(form.fields):
        for place, source in forms.sources(field):
            element, _, attribute = place.rpartition("/")
            if words.find(Text(path, element, attribute, source)):
                found.add(place)
    return found


def _variables(pack: Pack) -> set[str]:
    """The names that the pack's diagrams give to values; forms read them while a step waits."""
    named = {variable for start in pack.config.start.values() for variable in start.variables}
    for process in _diagrams(pack).values():
        for element in process.elements.values():
            named |= {mapping.target for mapping in (*element.inputs, *element.outputs)}
            if element.decision and element.decision.result:
                named.add(element.decision.result)
            if element.script and element.script.result:
                named.add(element.script.result)
    return named


def _diagrams(pack: Pack) -> Mapping[str, Process]:
    """Empty where one cannot be read: the check of the diagrams says so."""
    try:
        return pack.diagrams
    except SamplanError:
        return {}


def _as_finding(path: str, found: FormFinding) -> Finding:
    return Finding(
        file=path,
        element=found.path,
        rule=f"form.{found.rule}",
        severity=found.severity,
        message=found.message,
        remedy=found.remedy,
        facts={},
    )
