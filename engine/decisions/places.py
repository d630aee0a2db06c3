"""Goes through all cells of a box, with the names that each of them sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from engine.decisions.model import (
    Box,
    Cell,
    Conditional,
    Contexts,
    FilterBox,
    FunctionBox,
    Invocation,
    Lists,
    Literals,
    Relation,
    Table,
    TestCell,
)
from engine.decisions.model import (
    Iterator as Loop,
)
from feel.names import Read, reads

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, where it stands, and the names that the boxes around it declare.

    ``rule`` counts from 1; 0 is the head of a table, or no table at all.
    """

    cell: Cell | TestCell
    bound: Names
    in_filter: bool = False
    rule: int = 0
    column: str = ""

    def reads(self) -> list[Read]:
        """The names that the cell reads from outside its decision."""
        if self.cell.code is None:
            return []
        found = reads(self.cell.code.tree)
        return [read for read in found if read.name not in self.bound and read.name != "?"]


@singledispatch
def places(box: Box, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    """All cells of a box, in the order of the file."""
    yield from ()


@places.register
def _(box: Literals, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    yield Place(box.cell, bound, in_filter)


@places.register
def _(box: Table, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    for rule, column, cell in (*_heads(box), *_rows(box)):
        if cell is not None:
            yield Place(cell, bound, in_filter, rule, column)


def _heads(box: Table) -> Iterator[tuple[int, str, Cell | TestCell | None]]:
    for column in box.inputs:
        yield 0, column.label, column.expression
        yield 0, column.label, column.values
    for output in box.outputs:
        yield 0, output.name, output.values
        yield 0, output.name, output.default


def _rows(box: Table) -> Iterator[tuple[int, str, Cell | TestCell]]:
    for rule in box.rules:
        for column, test in zip(box.inputs, rule.tests, strict=False):
            yield rule.number, column.label, test
        for output, result in zip(box.outputs, rule.results, strict=False):
            yield rule.number, output.name, result


@places.register
def _(box: Contexts, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    for entry in box.entries:
        yield from places(entry.box, bound, in_filter=in_filter)
        bound |= {entry.name}


@places.register
def _(box: Invocation, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    yield Place(box.function, bound, in_filter)
    for binding in box.bindings:
        yield from places(binding.box, bound, in_filter=in_filter)


@places.register
def _(box: FunctionBox, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    if box.kind == "FEEL":
        inner = bound | {name for name, _ in box.parameters}
        yield from places(box.body, inner, in_filter=in_filter)


@places.register
def _(box: Lists, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    for item in box.items:
        yield from places(item, bound, in_filter=in_filter)


@places.register
def _(box: Relation, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    for row in box.rows:
        for item in row:
            yield from places(item, bound, in_filter=in_filter)


@places.register
def _(box: Conditional, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    for part in (box.condition, box.then, box.otherwise):
        yield from places(part, bound, in_filter=in_filter)


@places.register
def _(box: FilterBox, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    yield from places(box.source, bound, in_filter=in_filter)
    yield from places(box.match, bound | {"item"}, in_filter=True)


@places.register
def _(box: Loop, bound: Names = frozenset(), *, in_filter: bool = False) -> Iterator[Place]:
    yield from places(box.source, bound, in_filter=in_filter)
    yield from places(box.body, bound | {box.variable, "partial"}, in_filter=in_filter)
