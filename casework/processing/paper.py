"""The register of processing and the annex to an impact assessment, on paper."""

from collections.abc import Callable

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.printing import Block, Document, Facts, Heading, Items, Label, Text, printed
from casework.processing.register import Register, assessment, register
from casework.voice import voice


def printed_register(tx: Session, app: Application, actor: Actor) -> bytes:
    found, say = register(tx, app, actor), voice(tx, app, actor.language)
    kind = Label(say("Register of processing"))
    blocks = _blocks(found, say)
    return printed(Document(kind, blocks, language=actor.language, logo=say.logo))


def printed_assessment(tx: Session, app: Application, actor: Actor) -> bytes:
    found, say = assessment(tx, app, actor), voice(tx, app, actor.language)
    blocks = _blocks(found.register, say)
    blocks.append(Heading(Label(say("Risks, and what holds them"))))
    for risk in found.risks:
        blocks.append(Heading(Label(risk.what), level=2))
        rows = (
            (say("Arises from"), ", ".join(risk.arises_from)),
            (say("Held by"), risk.control),
            (say("Shown by the tests"), "\n".join(risk.tests)),
        )
        blocks.append(Facts(tuple((Label(label), value) for label, value in rows)))
    kind = Label(say("Annex to an impact assessment"))
    return printed(Document(kind, blocks, language=actor.language, logo=say.logo))


def _blocks(found: Register, say: Callable[[str], str]) -> list[Block]:
    blocks: list[Block] = [
        Facts(
            (
                (Label(say("Programme")), found.programme),
                (Label(say("Carrier")), found.carrier),
                (Label(say("Contact")), found.contact),
            )
        ),
        Text(say("Each party is controller of what it writes.")),
        Items(found.parties),
    ]
    for entry in found.entries:
        blocks.append(Heading(Label(entry.purpose)))
        rows = (
            (say("Legal basis"), entry.legal_basis),
            (say("What lifts secrecy"), entry.secrecy),
            (say("Kinds of information"), ", ".join(entry.kinds)),
            (
                say("Recipients, among the parties that the consent names"),
                ", ".join(entry.recipients),
            ),
            (say("Steps"), ", ".join(entry.steps)),
        )
        blocks.append(Facts(tuple((Label(label), value) for label, value in rows if value)))
    blocks.append(Heading(Label(say("How long things are kept"))))
    blocks.append(
        Items(tuple(f"{title}: {after} ({basis})" for title, after, basis in found.kept))
    )
    return blocks
