"""What a DMN file says, as values that never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import feel
from feel.types import Type
from feel.values import Value

DEADLINES = "deadline_policy"
"""The id of the decision behind the context ``deadlines``."""
PythonType: TypeAlias = type
Loop: TypeAlias = Literal["for", "some", "every"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in FEEL; ``problem`` says why it cannot be read, if it cannot."""

    text: str
    code: feel.Expression | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TestCell:
    """The unary tests of a table's cell; a cell without code lets everything pass."""

    text: str
    code: feel.UnaryTests | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ItemType:
    """A declared type: its FEEL type, allowed values, and the types of its parts."""

    name: str
    type: Type
    collection: bool = False
    allowed: TestCell | None = None
    constraint: TestCell | None = None
    components: tuple[tuple[str, ItemType], ...] = ()
    base: ItemType | None = None
    direct: PythonType | None = None
    """The class of Python whose every value fits, if there is one."""


@dataclass(frozen=True, slots=True)
class Literals:
    """A literal expression; the one kind of box that is plain FEEL."""

    cell: Cell
    type: ItemType | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions."""

    id: str
    label: str
    expression: Cell
    type: ItemType | None
    values: TestCell | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; ``values`` lists them in the order of their priority."""

    id: str
    name: str
    type: ItemType | None
    values: TestCell | None
    default: Cell | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table; ``number`` counts from 1."""

    id: str
    number: int
    tests: tuple[TestCell, ...]
    results: tuple[Cell, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of a column of conditions, each with its rules: a set of bits, one for each rule.

    Rules whose cell lets everything pass are ``free``. What a cell of nothing but texts and
    numbers lists is found in ``listed`` by its value; ``cells`` are all others, each text once.
    """

    free: int
    listed: Mapping[Value, int]
    cells: tuple[tuple[TestCell, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. Policies are U A P F R O C; aggregation is ``+ < > #`` or empty."""

    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context, a binding or a parameter's value; named or the result."""

    name: str
    box: Box
    type: ItemType | None = None


@dataclass(frozen=True, slots=True)
class Contexts:
    """A boxed context; an entry without a name is its result."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function with named arguments."""

    function: Cell
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FunctionBox:
    """A function; ``kind`` other than FEEL is never run."""

    parameters: tuple[tuple[str, ItemType | None], ...]
    body: Box
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True)
class Lists:
    """A boxed list."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of contexts: one for each row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """if, then, else."""

    condition: Box
    then: Box
    otherwise: Box


@dataclass(frozen=True, slots=True)
class FilterBox:
    """The items of a list that match."""

    source: Box
    match: Box


@dataclass(frozen=True, slots=True)
class Iterator:
    """for, some or every."""

    loop: Loop
    variable: str
    source: Box
    body: Box


@dataclass(frozen=True, slots=True)
class Empty:
    """No logic was drawn."""


Box: TypeAlias = (
    Literals
    | Table
    | Contexts
    | Invocation
    | FunctionBox
    | Lists
    | Relation
    | Conditional
    | FilterBox
    | Iterator
    | Empty
)


@dataclass(frozen=True, slots=True)
class InputData:
    """Something that a decision is told."""

    id: str
    name: str
    type: ItemType | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision; ``requires`` holds the keys of what it needs, in the order of the file."""

    id: str
    name: str
    label: str
    type: ItemType | None
    requires: tuple[str, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions may call."""

    id: str
    name: str
    type: ItemType | None
    requires: tuple[str, ...]
    function: FunctionBox


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: some decisions, called together like a function."""

    id: str
    name: str
    type: ItemType | None
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element: TypeAlias = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True)
class Model:
    """All that one file says. Keys are ``namespace#id``; imported elements are included."""

    name: str
    namespace: str
    elements: Mapping[str, Element]
    imports: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The name that one namespace gives to another that it imports."""
    types: Mapping[str, ItemType] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    """What could not be read: the element's id, and why."""

    declared: frozenset[str] = frozenset()
    """The names of all elements: inputs of these names are for those who require them."""
    reads: frozenset[str] = frozenset()
    """The names of the inputs that anything in the file may read."""

    def is_own(self, key: str) -> bool:
        """Whether an element stands in this file itself."""
        return key.rpartition("#")[0] == self.namespace
