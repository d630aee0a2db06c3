"""What forms may look up of a case, through the reader's consent; and answers by category.

Conditions of diagrams never see any of this: they read variables alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import feel
from base.db import Session
from casework.access import Actor, CaseFacts
from casework.cases import actions as cases
from casework.cases.tables import Case
from casework.choices import codes_of
from casework.organisations import store as organisations
from casework.reports import store as reports
from casework.subjects import REPORT
from forms import Field, Form, Kind, walk


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, at which case, on which day."""

    tx: Session
    actor: Actor
    case: Case
    facts: CaseFacts
    today: date


def form_context(reader: Reader, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Names for a form's expressions: the step's variables, `case`, and `entry(form)`."""
    return {**variables, **case_context(reader), **_report_context(reader)}


def case_context(reader: Reader) -> Mapping[str, Any]:
    """`case` and `entry(form)` alone, for what a case hears."""
    return {"case": _CaseView(reader), "entry": _entry_function(reader)}


def _report_context(reader: Reader) -> Mapping[str, Any]:
    """`report`, for the steps that see to one: it names nobody, so that no consent is asked."""
    if reader.case.subject != REPORT:
        return {}
    report = reports.of_subject(reader.tx, reader.case.id)
    names = ("number", "happened", "consequence", "proposal", "agreed", "pattern")
    answers = [answer.text for answer in reports.answers(reader.tx, [report.id])]
    return {"report": {name: getattr(report, name) for name in names} | {"answers": answers}}


class _CaseView(Mapping[str, Any]):
    """Facts of the case by name, looked up when asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._facts = {
            "number": lambda: reader.case.number,
            "procedure": lambda: reader.case.procedure,
            "milestone": lambda: reader.case.milestone,
            "lead": self._lead,
            "parties": self._parties,
        }

    def __getitem__(self, name: str) -> Any:
        return self._facts[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def _lead(self) -> str | None:
        lead = self._reader.facts.acting_lead
        found = organisations.organisations_by_id(self._reader.tx, [lead.organisation_id])
        return found[lead.organisation_id].code

    def _parties(self) -> list[str]:
        named = {
            party
            for consent in self._reader.facts.consents
            if consent.in_force(self._reader.today)
            for party in consent.parties
        }
        return codes_of(self._reader.tx, sorted(named))


def _entry_function(reader: Reader) -> feel.Function:
    """The newest answers to a form, as far as the reader may read them; null if none."""

    def newest(_run: feel.Run, arguments: list[feel.Value]) -> feel.Value:
        entries = cases.read_entries(
            reader.tx, reader.actor, reader.facts, on=reader.today, form=str(arguments[0])
        )
        return feel.value(dict(entries[-1].answers)) if entries else None

    return feel.Function("entry", ("form",), newest)


def by_category(form: Form, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Top-level answers by the kind of information they belong to; '' for none.

    A list or group belongs to every kind that something inside it has, so that nothing inside is
    readable under a lesser one.
    """
    kinds = {
        field.key: _category(field, values)
        for field in walk(form.fields)
        if field.key and "." not in field.path
    }
    found: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        found.setdefault(kinds.get(key, ""), {})[key] = value
    return found


def _category(field: Field, values: Mapping[str, Any]) -> str:
    """Every kind that a field or something inside it belongs to, joined by a comma.

    A kind that is FEEL (``=category``) is the answer of that name: beside the field, or in the
    same row of a list. Whoever reads must be allowed all of them.
    """
    found: set[str] = set()
    for inner in walk((field,)):
        if inner.category is None:
            continue
        if not inner.category.startswith("="):
            found.add(inner.category)
            continue
        name = inner.category.removeprefix("=").strip()
        rows = values.get(field.key or "") if field.kind is Kind.LIST else [values]
        for row in rows if isinstance(rows, list) else ():
            answer = row.get(name)
            found |= (
                set(map(str, answer)) if isinstance(answer, list) else {str(answer or "other")}
            )
    return ",".join(sorted(found))
