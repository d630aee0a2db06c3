"""The register of processing and the annex to an impact assessment, made from what the pack says.

Source: GDPR articles 30, 35; domain.md §5.1 (legal basis apart from the waiver of secrecy).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from base.db import Session
from casework import formbook
from casework.access import Actor
from casework.application import Application
from casework.organisations import store as organisations
from casework.processing.rules import RISKS, Ground
from casework.programmes import store as programmes
from casework.retention import actions as retention
from casework.voice import voice
from casework.words import Words
from engine.diagram import Element, Process
from engine.packs import Pack
from forms import kinds


@dataclass(frozen=True, slots=True)
class Entry:
    """One purpose: its ground in law, what lifts secrecy, which kinds of information, for whom."""

    purpose: str
    legal_basis: str
    secrecy: str
    kinds: tuple[str, ...]
    recipients: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Each party is controller of what it writes; the carrier of the common platform.

    ``kept`` is title, period and basis of each class.
    """

    programme: str
    carrier: str
    contact: str
    parties: tuple[str, ...]
    entries: tuple[Entry, ...]
    kept: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk, what in the pack gives rise to it, what holds it, and the tests that show so."""

    what: str
    arises_from: tuple[str, ...]
    control: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Annex to an impact assessment: what is processed, and its risks."""

    register: Register
    risks: tuple[RiskRow, ...]


def register(tx: Session, app: Application, actor: Actor) -> Register:
    """For everybody who is signed in; says nothing of any case."""
    [programme, *_] = programmes.programmes(tx)
    ids = programmes.participants(tx, programme.id)
    carrier = programme.carrier_organisation_id
    known = organisations.organisations_by_id(tx, {*ids, *([carrier] if carrier else [])})
    return Register(
        programme=programme.title,
        carrier=known[carrier].title if carrier else "",
        contact=app.support_contact,
        parties=tuple(sorted(known[id_].title for id_ in ids)),
        entries=entries(Words(app.pack(tx), actor.language)),
        kept=tuple(
            (
                kept.title,
                kept.rule.text,
                kept.rule.reference or kept.rule.retention.basis,
            )
            for kept in retention.classes(tx, app, actor)
        ),
    )


def assessment(tx: Session, app: Application, actor: Actor) -> Assessment:
    """For everybody who is signed in; what nothing in the pack gives rise to is left out."""
    found = register(tx, app, actor)
    words, say = Words(app.pack(tx), actor.language), voice(tx, app, actor.language)
    grounds = {
        Ground.PURPOSES: tuple(entry.purpose for entry in found.entries),
        Ground.KINDS: _once(kind for entry in found.entries for kind in entry.kinds),
        Ground.STEPS: _once(step for entry in found.entries for step in entry.steps),
        Ground.KEPT: tuple(title for title, _, _ in found.kept),
        Ground.ROUTINES: tuple(map(words.process, words.pack.diagrams)),
    }
    return Assessment(
        found,
        tuple(
            RiskRow(say(risk.what), grounds[risk.ground], say(risk.control), risk.tests)
            for risk in RISKS
            if grounds[risk.ground]
        ),
    )


def entries(words: Words) -> tuple[Entry, ...]:
    """An entry for each purpose of the pack."""
    titles = formbook.options(words, "consent", "purpose")
    labels = formbook.options(words, "consent", "categories")
    found = []
    for purpose in words.pack.config.purposes.values():
        steps = list(_steps(words.pack, purpose.code))
        asked = {
            kind for _, step in steps for kind in kinds(formbook.form(words.pack, step.form or ""))
        }
        found.append(
            Entry(
                purpose=titles.get(purpose.code, purpose.code),
                legal_basis=purpose.legal_basis,
                secrecy=purpose.secrecy,
                kinds=tuple(title for code, title in labels.items() if code in asked),
                recipients=_once(
                    words.role(role) for process, step in steps for role in _roles(process, step)
                ),
                steps=_once(words.element(process.id, step.id) for process, step in steps),
            )
        )
    return tuple(found)


def _steps(pack: Pack, purpose: str) -> Iterator[tuple[Process, Element]]:
    """Each step with a form that works for this purpose."""
    for process in pack.diagrams.values():
        for element in process.nodes:
            if element.form and element.properties.get("consent.purpose") == purpose:
                yield process, element


def _roles(process: Process, step: Element) -> Iterator[str]:
    """Who does the step: the roles of its panel; its lane's where those are none or computed."""
    named = step.candidate_groups or ""
    if named and not named.startswith("="):
        yield from (role.partition("@")[0].strip() for role in named.split(","))
    elif lane := process.role_of(step):
        yield lane


def _once(titles: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titles))
