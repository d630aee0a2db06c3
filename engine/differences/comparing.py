"""Two versions of a pack as things, compared."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from base.errors import SamplanError
from engine.differences import decision_tables, diagrams, documents, fields, texts
from engine.differences.model import Detail, Difference, Kind, Setting, Thing
from engine.packs import Pack

_READERS = {
    ".bpmn": diagrams.things,
    ".dmn": decision_tables.things,
    ".form": fields.things,
    ".po": texts.words,
    ".toml": texts.settings,
}

_Key = tuple[str, str, str, str]


def differences(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """What is otherwise in ``after``, file by file, in the order of the newer file."""
    found: list[Difference] = []
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path), after.files.get(path)
        if old != new and path.endswith(".md"):
            found += _documents(path, old, new)
        elif old != new:
            found += compare(_things(path, old), _things(path, new))
    return tuple(found)


def _documents(path: str, old: bytes | None, new: bytes | None) -> list[Difference]:
    """Paragraph by paragraph; the file as one thing where it cannot be read."""
    try:
        return list(documents.compared(path, old, new))
    except ValueError:
        return compare(_things(path, old), _things(path, new))


def compare(before: Iterable[Thing], after: Iterable[Thing]) -> list[Difference]:
    """Things that came or are otherwise first, in the newer order; then those that are gone."""
    earlier = {thing.key: thing for thing in before}
    later = {thing.key: thing for thing in after}
    strayed = _strayed(earlier, later)
    found = []
    for key, thing in later.items():
        was = earlier.get(key)
        details = _details(was.settings if was else {}, thing.settings)
        if was is None:
            found.append(_difference("added", thing, details))
        elif details:
            found.append(_difference("changed", thing, details))
        elif was.shape != thing.shape or key in strayed:
            found.append(_difference("moved", thing, ()))
    gone = [thing for key, thing in earlier.items() if key not in later]
    return found + [_difference("removed", thing, _details(thing.settings, {})) for thing in gone]


def _strayed(earlier: Mapping[_Key, Thing], later: Mapping[_Key, Thing]) -> set[_Key]:
    """What stands elsewhere in its list, beside what came and went."""
    found: set[_Key] = set()
    for row in {(t.file, t.owner, t.row) for t in later.values() if t.row is not None}:
        old = [key for key, t in earlier.items() if key in later and _row(t) == row]
        new = [key for key, t in later.items() if key in earlier and _row(t) == row]
        kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        stayed = {key for block in kept for key in new[block.b : block.b + block.size]}
        found |= set(new) - stayed
    return found


def _row(thing: Thing) -> tuple[str, str, str | None]:
    return thing.file, thing.owner, thing.row


def _things(path: str, data: bytes | None) -> list[Thing]:
    """Nothing of a file that is not there; the file as one thing where it cannot be read."""
    if data is None:
        return []
    reader = _READERS.get(path[path.rfind(".") :], texts.whole)
    try:
        return list(reader(data, path))
    except (SamplanError, ValueError):
        return list(texts.whole(data, path))


def _details(before: Mapping[Setting, str], after: Mapping[Setting, str]) -> tuple[Detail, ...]:
    return tuple(
        Detail(*setting, before.get(setting, ""), after.get(setting, ""))
        for setting in dict.fromkeys((*after, *before))
        if before.get(setting, "") != after.get(setting, "")
    )


def _difference(kind: Kind, thing: Thing, details: tuple[Detail, ...]) -> Difference:
    return Difference(kind, thing.aspect, thing.file, thing.owner, thing.id, thing.name, details)
