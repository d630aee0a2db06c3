"""What a pack's texts are called in other languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

import polib

from engine.decisions import Decisions
from engine.decisions.model import Table
from engine.diagram import Process
from engine.packs.config import PackConfig
from engine.packs.errors import BadPack

#: Elements whose name or guidance a person reads on screen.
_SEEN = frozenset(
    {
        "user_task",
        "manual_task",
        "call_activity",
        "sub_process",
        "event_sub_process",
        "start_event",
        "end_event",
        "intermediate_catch_event",
        "intermediate_throw_event",
        "boundary_event",
        "exclusive_gateway",
        "inclusive_gateway",
        "event_based_gateway",
        "service_task",
        "script_task",
        "business_rule_task",
        "send_task",
        "receive_task",
    }
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be translated: where it stands, and what it says there."""

    file: str
    element: str
    attribute: str
    source: str

    @property
    def context(self) -> str:
        """The msgctxt of its translations."""
        return f"{self.file}#{self.element}/{self.attribute}"


@dataclass(frozen=True, slots=True)
class Words:
    """The translations into one language, by context: source text and its translation.

    Contexts are kept with and without the file's folder and ending, so that
    ``forms/ask.form#name/label`` and ``ask#name/label`` mean the same.
    """

    entries: Mapping[str, tuple[str, str]]

    def find(self, text: Text) -> str | None:
        """The translation; None where missing, fuzzy or of another source text."""
        entry = self.entries.get(text.context) or self.entries.get(short_context(text.context))
        return entry[1] if entry and entry[0] == text.source else None


def read_words(data: bytes, file: str) -> Words:
    """The usable entries of a .po file. Raises BadPack if it is none."""
    try:
        # polib opens what is the name of a file: text that ends in a line break never is one.
        catalogue = polib.pofile(data.decode() + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BadPack(file, f"This is not a .po file: {error}") from error
    found: dict[str, tuple[str, str]] = {}
    for entry in catalogue:
        if entry.msgctxt and entry.msgstr and not entry.fuzzy and not entry.obsolete:
            found[entry.msgctxt] = (entry.msgid, entry.msgstr)
    for context in list(found):
        found.setdefault(short_context(context), found[context])
    return Words(MappingProxyType(found))


def texts_of(process: Process) -> Iterator[Text]:
    """What people read of a process: its name, its steps' names and guidance, lanes, flows."""
    named: list[tuple[str, str, str]] = [
        (process.id, "name", process.name),
        (process.id, "documentation", process.documentation),
    ]
    for element in process.elements.values():
        if element.kind in _SEEN:
            named.append((element.id, "name", element.name))
            named.append((element.id, "documentation", element.documentation))
    named += [(lane.id, "name", lane.name) for lane in process.lanes.values()]
    named += [(flow.id, "name", flow.name) for flow in process.flows.values()]
    for id, attribute, source in named:
        if source:
            yield Text(process.file, id, attribute, source)


def texts_of_decisions(file: Decisions) -> Iterator[Text]:
    """What people read of decision tables: names, what columns look at, remarks on rules."""
    for id in file.ids:
        decision = file.decision(id)
        if decision.label:
            yield Text(file.name, id, "name", decision.label)
        if isinstance(decision.box, Table):
            for column in decision.box.inputs:
                if column.label != column.expression.text:
                    yield Text(file.name, column.id, "label", column.label)
            for rule in decision.box.rules:
                if rule.id and rule.annotation:
                    yield Text(file.name, rule.id, "remark", rule.annotation)


def texts_of_config(config: PackConfig) -> Iterator[Text]:
    """What people read of ``pack.toml``: the titles and the help of actions."""
    titled = {"": config.title}
    titled |= {f"procedures.{code}": each.title for code, each in config.procedures.items()}
    titled |= {f"roles.{code}": each.title for code, each in config.roles.items()}
    titled |= {f"actions.{code}": each.title for code, each in config.actions.items()}
    titled |= {f"start.{code}": each.title for code, each in config.start.items()}
    titled |= {f"reports.{code}": each.title for code, each in config.reports.items()}
    titled |= {f"terms.{code}": each.title for code, each in config.terms.items()}
    titled |= {f"milestones.{each.code}": each.title for each in config.milestones}
    titled |= {f"endings.{code}": each.title for code, each in config.endings.items()}
    titled |= {f"retention.{code}": each.title for code, each in config.retention.items()}
    for element, title in titled.items():
        yield Text("pack", element, "title", title)
    if config.description:
        yield Text("pack", "", "description", config.description)
    for action in config.actions.values():
        if action.help:
            yield Text("pack", f"actions.{action.message}", "help", action.help)
    for kind in config.reports.values():
        if kind.help:
            yield Text("pack", f"reports.{kind.code}", "help", kind.help)


def short_context(context: str) -> str:
    """A context without the folder and the ending of its file."""
    file, mark, rest = context.partition("#")
    return f"{PurePosixPath(file).stem}{mark}{rest}"
