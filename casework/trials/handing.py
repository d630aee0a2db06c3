"""What a diagram would be handed by whoever calls it, for beginning it by itself. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.words import Words
from engine.model import ALWAYS_PASSED
from engine.packs import Pack

#: What every diagram of a case is told anyhow.
_TOLD = frozenset({*ALWAYS_PASSED, "local_group"})
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_PART = re.compile(r"-?\d{1,15}\.\d{1,15}", re.ASCII)
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Handed:
    """A variable, who hands it (titles; none: what starts it), and what was typed for it."""

    name: str
    by: tuple[str, ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """A diagram to begin by itself; no ``starts`` (id and title): it cannot be."""

    process: str
    title: str
    starts: tuple[tuple[str, str], ...]
    handed: tuple[Handed, ...]


def alone(pack: Pack, words: Words, process_id: str, typed: Mapping[str, str]) -> Alone:
    """``process_id`` is a diagram of the pack."""
    starts = pack.diagrams[process_id].starts()
    callers = _callers(pack, words, process_id)
    return Alone(
        process=process_id,
        title=words.process(process_id),
        starts=tuple(
            (each.id, " ".join(words.element(process_id, each.id).split())) for each in starts
        ),
        handed=tuple(
            Handed(name, tuple(dict.fromkeys(callers.get(name, ()))), typed.get(name, ""))
            for name in dict.fromkeys((*_started_with(pack, process_id), *callers))
            if name not in _TOLD
        ),
    )


def value_of(text: str) -> Any:
    """What was typed: a number, a truth or a day where it reads as one, else a text."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if _PART.fullmatch(text):
        return float(text)
    try:
        return date.fromisoformat(text) if len(text) == 10 else _TRUTHS.get(text, text)
    except ValueError:
        return text


def _started_with(pack: Pack, process_id: str) -> Iterator[str]:
    """What it is started with, and what the messages bring that set it off."""
    start = pack.config.start.get(process_id)
    yield from start.variables if start is not None else ()
    for each in pack.diagrams[process_id].starts():
        action = pack.config.actions.get(each.event.name or "") if each.event else None
        yield from action.variables if action is not None else ()


def _callers(pack: Pack, words: Words, process_id: str) -> dict[str, list[str]]:
    """By variable, the steps that hand it, each with its diagram."""
    found: dict[str, list[str]] = {}
    for caller, call, name in _mappings(pack, process_id):
        title = " ".join(words.element(caller, call).split())
        found.setdefault(name, []).append(f"{title} ({words.process(caller)})")
    return found


def _mappings(pack: Pack, process_id: str) -> Iterator[tuple[str, str, str]]:
    """Caller, call and variable."""
    for caller in pack.diagrams.values():
        for call in caller.nodes:
            if call.called == process_id:
                for name in dict.fromkeys(m.target.partition(".")[0] for m in call.inputs):
                    yield caller.id, call.id, name
