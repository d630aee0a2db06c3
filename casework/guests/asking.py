"""The form with which a guest writes: that of the pack, as far as consent lets it be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from base import clock
from base.db import Session
from casework import formbook
from casework.access import CaseFacts
from casework.application import Application
from casework.guests import rules
from casework.guests.model import Asked
from casework.guests.rules import Invitation
from casework.roles import local_now
from casework.sending import grouped, type_sent
from casework.voice import Voice
from casework.words import Words
from forms import Checked, Form, NoChoices, check, draw, left_out, narrowed
from forms import read as read_answers


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)


def form_for(
    tx: Session, app: Application, invitation: Invitation, facts: CaseFacts
) -> Form | None:
    """None where the pack has no such form, or consent nothing that could be written in it."""
    whole = formbook.with_record(app.pack(tx), rules.RECORD)
    if whole is None:
        return None
    today = clock.today(tx, app.zone)

    def allowed(category: str) -> bool:
        return rules.may_write(invitation, facts, today, category)

    form = narrowed(whole, allowed)
    missing = left_out(whole, form).keys() & set(rules.FIELDS)
    return None if missing or not rules.may_write(invitation, facts, today) else form


def asked(
    tx: Session,
    app: Application,
    invitation: Invitation,
    facts: CaseFacts,
    language: str,
    filled: Filled,
) -> Asked | None:
    """The rows to draw; None where the guest only reads."""
    form = form_for(tx, app, invitation, facts)
    if form is None:
        return None
    words = Words(app.pack(tx), language)
    rows = draw(
        form,
        values=filled.values,
        errors=filled.errors,
        context={},
        choices=NoChoices(),
        now=local_now(tx, app.zone),
        language=language,
        translate=Voice(language, words.pack),
        words=words.form(form.id),
    )
    return Asked(formbook.step_title(words, form.id), tuple(rows), words.spoken)


def checked(tx: Session, app: Application, form: Form, sent: type_sent, language: str) -> Checked:
    """Raises UnknownField, TooMuchSent."""
    words = Words(app.pack(tx), language)
    return check(
        form,
        grouped(sent),
        {},
        choices=NoChoices(),
        now=local_now(tx, app.zone),
        language=language,
        translate=Voice(language, words.pack),
        words=words.form(form.id),
    )


def filled(form: Form, sent: type_sent, errors: Mapping[str, str]) -> Filled:
    """What was typed, to be put right."""
    return Filled(read_answers(form, grouped(sent)), errors)
