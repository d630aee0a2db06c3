"""State of an instance as bytes: rows of tokens without the specification.

One format byte, then zstd over msgpack. The specification comes from the release, so that the
state of an instance with few variables stays below a kilobyte.
"""

from collections.abc import Mapping
from threading import local
from typing import Any
from uuid import UUID

import zstandard
from SpiffWorkflow.task import Task

from base.errors import Invalid
from engine.errors import DiagramError
from engine.reasons import reason
from engine.spiff.values import MOST_BYTES, pack, unpack
from engine.spiff.views import Outside
from engine.spiff.workflow import Inner, ProcessSpec, Top

FORMAT = 1
_MOST_STATE = 16 * 1024 * 1024
_GONE = object()


class _Squeeze(local):
    """A pair per thread: zstd's contexts must not be shared."""

    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=1).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_squeeze = _Squeeze()


class TooMuch(Invalid):
    """The variables of a case hold codes and numbers only: together they may have 16 KB."""


def encode(top: Top) -> bytes:
    """The state at rest; nothing may be ready that no person does. Raises TooMuch."""
    inner = [[sub.outer.id.bytes, *_rows(sub)] for sub in _outermost_first(top)]
    packed = pack([top.serial, top.end_event, bool(top.completed), _rows(top), inner])
    if len(packed) > MOST_BYTES:
        _measure(top)
    return bytes([FORMAT]) + _squeeze.pack(packed)


def decode(state: bytes, start: str, specs: Mapping[str, ProcessSpec], outside: Outside) -> Top:
    """The instance of process ``start`` as it was encoded. Raises DiagramError."""
    return built(rows_in(state), start, specs, outside)


def rows_in(state: bytes) -> list[Any]:
    """Serial, end event, whether it is completed, the rows of the process and of its insides.

    Raises DiagramError.
    """
    if not state or state[0] != FORMAT:
        raise DiagramError(reason("other_format"))
    found: list[Any] = unpack(_squeeze.unpack(state[1:], max_output_size=_MOST_STATE))
    return found


def built(found: list[Any], start: str, specs: Mapping[str, ProcessSpec], outside: Outside) -> Top:
    """The instance that these rows say."""
    serial, end_event, completed, rows, inner = found
    top = Top(specs[start], specs, outside, deserializing=True)
    top.serial, top.end_event, top.completed = serial, end_event, completed
    _fill(top, *rows)
    tokens = dict(top.tasks)
    for outer_id, name, *rest in inner:
        outer = tokens[UUID(bytes=outer_id)]
        sub = Inner(specs[name], outer, deserializing=True)
        _fill(sub, name, *rest)
        top.subprocesses[outer.id] = sub
        tokens.update(sub.tasks)
    return top


def _outermost_first(top: Top) -> list[Inner]:
    return sorted(top.subprocesses.values(), key=lambda sub: sub.depth)


def _rows(workflow: Any) -> list[Any]:
    """Specification, index of the ended token, and a row per task, parents first."""
    tasks = workflow.tasks
    order: list[tuple[Task, int]] = [(workflow.task_tree, -1)]
    rows = []
    ended = None
    for index, (task, parent) in enumerate(order):
        before = tasks[task._parent].data if parent >= 0 else {}
        live = task.id in workflow.live
        rows.append(
            [
                task.id.bytes,
                parent,
                task._state,
                task.task_spec.name,
                live,
                task.internal_data or None,
                *_changes(before, task.data),
            ]
        )
        if task is workflow.result:
            ended = index
        order.extend((tasks[child], index) for child in task._children)
    return [workflow.spec.name, ended, rows]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Any]:
    """What a task's variables changed against its parent's."""
    changed = {
        name: value
        for name, value in after.items()
        if before.get(name, _GONE) is not value and not _equal(before.get(name, _GONE), value)
    }
    gone = [name for name in before if name not in after]
    return [changed or None, gone or None]


def _equal(before: Any, after: Any) -> bool:
    # True equals 1 and 1 equals Decimal(1) for Python; the bytes say what they are.
    return before is not _GONE and pack(before) == pack(after)


def _fill(workflow: Any, _name: str, ended: int | None, rows: list[list[Any]]) -> None:
    specs = workflow.spec.task_specs
    placed: list[Task] = []
    workflow.tasks = {}
    for id_bytes, parent_index, state, name, live, internal, changed, gone in rows:
        spec = specs.get(name)
        if spec is None:
            raise DiagramError(reason("no_element", name=name))
        task = Task.__new__(Task)
        parent = placed[parent_index] if parent_index >= 0 else None
        task.id = UUID(bytes=id_bytes)
        task.workflow = workflow
        task._parent = parent.id if parent is not None else None
        task._children = []
        task._state = state
        task.task_spec = spec
        task.triggered = False
        task.thread_id = 0
        task.internal_data = internal or {}
        task.last_state_change = 0.0
        task.data = _applied(parent.data if parent is not None else {}, changed, gone)
        if parent is not None:
            parent._children.append(task.id)
        workflow.tasks[task.id] = task
        if live:
            workflow.live[task.id] = task
        placed.append(task)
    workflow.task_tree = placed[0]
    workflow.result = placed[ended] if ended is not None else None


def _applied(
    before: Mapping[str, Any], changed: Mapping[str, Any] | None, gone: list[str] | None
) -> dict[str, Any]:
    data = {**before, **(changed or {})}
    for name in gone or ():
        del data[name]
    return data


def _measure(top: Top) -> None:
    for workflow in top.all_workflows():
        for task in workflow.live.values():
            if len(pack(task.data)) > MOST_BYTES:
                raise TooMuch
