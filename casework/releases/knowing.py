"""What the editor offers where an owner writes FEEL: variables of a place, and their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import forms
from base.db import Session
from base.errors import SamplanError
from casework import formbook
from casework.access import Actor
from casework.application import Application
from casework.releases.actions import READERS, require_role
from casework.releases.drawn import opened_draft, routine
from casework.releases.facts import SERVICES, PackForms
from casework.releases.model import Choice
from casework.words import Words
from engine import releases
from engine.answers import says_whether
from engine.diagram import Element, Process, feel_source
from engine.expressions import facts_of
from engine.known import known_in
from engine.model import ALWAYS_PASSED
from engine.packs import Pack
from engine.references import Surroundings
from engine.single import small_enough
from forms import BadForm, Field
from forms.model import ONE_OF, Kind

#: A longer list is no choice any more.
_MOST_CHOICES = 100

Value = Literal["choice", "yes_no", "number", "date", "text"]
_VALUES: Mapping[Kind, Value] = {
    Kind.CHECKBOX: "yes_no",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as an owner knows it: the question it comes from, and the answers it can have."""

    name: str
    label: str
    value: Value
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """All variables of a diagram by name, and the names that surely exist at each element."""

    variables: Mapping[str, Variable]
    at: Mapping[str, tuple[str, ...]]


def known(tx: Session, app: Application, actor: Actor, process_id: str) -> Known:
    """Of the draft, else of what is in use; nothing where the check stops too, or it is taken out.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, READERS)
    used = routine(tx, app, process_id)
    pack = opened_draft(releases.draft_files(tx, app.pack_id)) or used
    around = _surroundings(pack)
    if around is None or process_id not in around.processes:
        return Known({}, {})
    found = known_in(process_id, around)
    words = Words(pack, actor.language)
    names = sorted(frozenset().union(*found.values()))
    return Known(
        variables={name: _variable(words, around.processes, process_id, name) for name in names},
        at={id: tuple(sorted(there)) for id, there in found.items()},
    )


def _surroundings(pack: Pack) -> Surroundings | None:
    try:
        return Surroundings(
            config=pack.config,
            processes=small_enough(pack.diagrams.values()),
            decisions=pack.decisions,
            deadlines=None,
            forms=PackForms(pack),
            services=SERVICES,
            documents=pack.documents,
        )
    except SamplanError:
        return None


def _variable(words: Words, processes: Mapping[str, Process], first: str, name: str) -> Variable:
    """By the first answer that becomes it, in this diagram before others.

    What every call passes on has many meanings, and none of them is told.
    """
    ordered = sorted(processes.values(), key=lambda process: process.id != first)
    if name in ALWAYS_PASSED:
        return Variable(name, name, "text")
    for process in ordered:
        for element in process.nodes:
            for source in _sources(element, name):
                found = _asked(words, element.form or "", name, source)
                if found is not None:
                    return found
    return Variable(name, name, "text")


def _sources(element: Element, name: str) -> Iterator[str]:
    """The expressions whose results an element lets out under this name."""
    written = [mapping.source for mapping in element.outputs if mapping.target == name]
    if element.script and element.script.result == name:
        written.append(element.script.expression)
    yield from (source for each in written if (source := feel_source(each)))


def _asked(words: Words, form_id: str, name: str, source: str) -> Variable | None:
    """An answer as it is, or what is said of one; None for what comes from elsewhere."""
    facts = facts_of(source)
    key = next(iter(facts.names)) if len(facts.names) == 1 else ""
    field = _field(words, form_id, key)
    if field and source.strip() == key:
        label = formbook.label(words, form_id, key)
        return Variable(name, label, _value(field), _choices(words, form_id, field))
    if facts.node is None or not says_whether(facts.node):
        return None
    return Variable(name, formbook.label(words, form_id, key) if field else name, "yes_no")


def _field(words: Words, form_id: str, key: str) -> Field | None:
    try:
        return forms.find(formbook.form(words.pack, form_id), key)
    except (BadForm, KeyError):
        return None


def _value(field: Field) -> Value:
    if field.kind in ONE_OF and 0 < len(field.options) <= _MOST_CHOICES:
        return "choice"
    return _VALUES.get(field.kind, "text")


def _choices(words: Words, form_id: str, field: Field) -> tuple[Choice, ...]:
    if _value(field) != "choice":
        return ()
    return tuple(
        Choice(text, words.option(form_id, field.path, text, option.label))
        for option in field.options
        if (text := str(option.value))
    )
