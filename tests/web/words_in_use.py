"""Every sentence of Samplan's own that somebody may read, as it stands in English."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir

import base
import casework
import engine
import forms
import web
from base.errors import SamplanError
from casework import personal
from casework.access import WHY
from engine import reasons
from engine.differences import ASPECTS
from engine.findings import RULES
from engine.moving import REASONS

ROOT = Path(__file__).parents[2]
_METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("web/**.py", "python"),
    ("forms/**.py", "python"),
    ("casework/**.py", "python"),
]
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "say": None,
    "sentence": None,
    "ngettext": (1, 2),
    "several": (1, 2),
}
#: Only a log, a terminal or the reason within a finding shows these, in English.
_TECHNICAL = (
    "base.backup",
    "cli",
    "base.crypto",
    "base.migrations",
    "base.passkeys",
    "base.settings",
    "engine",
    "feel",
    "forms",
    "web.assets",
    "web.deps",
    "casework.backups",
    "casework.installing",
    "casework.rekeying",
    "casework.scenarios",
)


@cache
def words_in_use() -> frozenset[str | tuple[str, str]]:
    """Sentences, and pairs of singular and plural."""
    said = {
        *_written(),
        *WHY.values(),
        *personal.WHY.values(),
        *_refusals(),
        *_spoken(),
        *templates(),
    }
    return frozenset(said - {""})


def templates() -> Iterator[str]:
    """What a check, a plan of a move and differences say, with the facts left open."""
    for rule in RULES.values():
        yield from (rule.message, rule.remedy)
    yield from REASONS.values()
    yield from reasons.REASONS.values()
    yield from ASPECTS.values()


def _written() -> Iterator[str | tuple[str, str]]:
    for folder in ("web", "forms", "casework"):
        found = extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in _METHODS],
            {"**.html": {"newstyle_gettext": "true", "trimmed": "false"}},
            keywords=_KEYWORDS,
            directory_filter=lambda path: "node_modules" not in str(path),
        )
        for _file, _line, message, _comments, _context in found:
            yield message if isinstance(message, str) else (message[0], message[1])
    for folder in ("engine", "feel"):
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords={"sentence": None})
        yield from (str(message) for _file, _line, message, _comments, _context in found)


def _refusals() -> Iterator[str]:
    """What a refusal says when it was raised without words of its own."""
    for package in (base, casework, engine, forms, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    for kind in _kinds(SamplanError):
        if not kind.__module__.startswith(_TECHNICAL) or kind.__name__ in _SHOWN:
            yield str((kind.__doc__ or "").strip().splitlines()[0])


def _spoken() -> Iterator[str]:
    """Refusals with words of their own: ``raise Refusal("…")``."""
    for folder in ("casework", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            if "node_modules" not in path.parts:
                yield from _raised(ast.parse(path.read_text()))


def _raised(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise(
                exc=ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text))])
            ):
                if name not in {"ValueError", "KeyError", "TypeError", "RuntimeError"}:
                    yield text
            case ast.Raise(
                exc=ast.Call(func=ast.Attribute(), args=[ast.Constant(value=str(text))])
            ):
                yield text


#: Refusals of the engine and of forms that reach the page of somebody who works on a case.
_SHOWN = frozenset(
    {"NoSuchTask", "TaskTaken", "NotWaiting", "InstanceEnded", "Suspended", "Unaddressed"}
    | {"MoveBlocked", "NotMoved", "OtherPack", "NotAVariable"}
    | {
        "CannotTakeBack",
        "TooMuchSent",
        "UnknownField",
        "NoRelease",
        "DraftChanged",
        "AnotherCommand",
    }
)


def _kinds(kind: type[SamplanError]) -> Iterator[type[SamplanError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)
