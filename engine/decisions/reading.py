"""Reads a DMN file (1.1 to 1.5) into a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

import feel
from engine import xml
from engine.decisions import itemtypes
from engine.decisions.columns import columns_of
from engine.decisions.errors import BadDecisions
from engine.decisions.model import (
    Box,
    Cell,
    Conditional,
    Contexts,
    Decision,
    Element,
    Empty,
    Entry,
    FilterBox,
    FunctionBox,
    Input,
    InputData,
    Invocation,
    ItemType,
    Iterator,
    Knowledge,
    Lists,
    Literals,
    Loop,
    Model,
    Output,
    Relation,
    Rule,
    Service,
    Table,
    TestCell,
)
from feel import types
from feel.sentence import sentence

_NAMESPACE = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(MODEL/|dmn\.xsd)")
_POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
_AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
_LOOPS: Mapping[str, Loop] = {"for": "for", "some": "some", "every": "every"}
_LARGEST_TYPE = 5_000


def read_model(data: bytes, name: str, imports: Mapping[str, Model]) -> Model:
    """The model of a file; ``imports`` are those of the namespaces that it imports.

    Raises UnreadableXml, BadDecisions.
    """
    root = xml.parse(data, name=name)
    tag = etree.QName(root)
    if tag.localname != "definitions" or not _NAMESPACE.fullmatch(tag.namespace or ""):
        raise BadDecisions(f"{name}: this is not a DMN file.")
    return _Reader(root, tag.namespace or "", name, imports).model()


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


@dataclass
class _Reader:
    root: etree._Element
    xmlns: str
    file: str
    imports: Mapping[str, Model]
    problems: list[tuple[str, str]] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    imported: dict[tuple[str, str], str] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    items: dict[str, etree._Element] = field(default_factory=dict)
    made: dict[str, ItemType | None] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)

    @property
    def namespace(self) -> str:
        return self.root.get("namespace") or ""

    def model(self) -> Model:
        self.read_imports()
        self.names |= self.odd_names()
        self.items.update(
            (item.get("name") or "", item) for item in self.children(self.root, "itemDefinition")
        )
        for kind, read in self.readers().items():
            for element in self.children(self.root, kind):
                self.elements[self.key(element)] = read(element)
        declared = {name: self.item_type(name) for name in self.items}
        names = frozenset(element.name for element in self.elements.values())
        return Model(
            self.file,
            self.namespace,
            self.elements,
            self.imported,
            {name: item for name, item in declared.items() if item is not None},
            tuple(self.problems),
            names,
            names | self.reads,
        )

    def readers(self) -> Mapping[str, Callable[[etree._Element], Element]]:
        return {
            "inputData": self.input_data,
            "decision": self.decision,
            "businessKnowledgeModel": self.knowledge,
            "decisionService": self.service,
        }

    # ---- finding things

    def children(self, element: etree._Element, *names: str) -> Iterable[etree._Element]:
        for child in element:
            tag = etree.QName(child)
            if tag.namespace == self.xmlns and (not names or tag.localname in names):
                yield child

    def child(self, element: etree._Element, *names: str) -> etree._Element | None:
        return next(iter(self.children(element, *names)), None)

    def text(self, element: etree._Element | None, name: str = "text") -> str:
        found = None if element is None else self.child(element, name)
        return "" if found is None else (found.text or "").strip()

    def name(self, element: etree._Element) -> str:
        variable = self.child(element, "variable")
        named = None if variable is None else variable.get("name")
        return " ".join((named or element.get("name") or element.get("id") or "").split())

    def key(self, element: etree._Element) -> str:
        return f"{self.namespace}#{element.get('id') or element.get('name') or ''}"

    def required(self, element: etree._Element, kind: str, *names: str) -> tuple[str, ...]:
        found = []
        for requirement in self.children(element, kind):
            for required in self.children(requirement, *names):
                found.append(self.reference(required))
        return tuple(found)

    def reference(self, element: etree._Element) -> str:
        namespace, _, identity = (element.get("href") or "").rpartition("#")
        return f"{namespace or self.namespace}#{identity}"

    def odd_names(self) -> frozenset[str]:
        """Names that the reader of expressions must know because they are more than a word."""
        found = set()
        for element in self.root.iter():
            for attribute in ("name", "iteratorVariable"):
                name = " ".join(str(element.get(attribute) or "").split())
                if name and not name.isidentifier() and len(name) < 200:
                    found.add(name)
        return frozenset(found)

    def read_imports(self) -> None:
        for element in self.children(self.root, "import"):
            model = self.imports.get(element.get("namespace") or "")
            if model is None:
                continue
            self.elements.update(model.elements)
            self.reads |= model.reads
            self.imported.update(model.imports)
            prefix = element.get("name") or ""
            self.imported[self.namespace, model.namespace] = prefix
            self.reads.add(prefix)
            odd = {each.name for each in model.elements.values()}
            self.names |= {each for each in odd if not each.isidentifier()}

    # ---- FEEL

    def cell(self, text: str, owner: str) -> Cell:
        if not text:
            return Cell("")
        try:
            code = feel.compile(text, names=self.names)
        except feel.FeelError as error:
            return Cell(text, None, self.problem(owner, text, error))
        self.reads |= code.names
        return Cell(text, code)

    def test(self, text: str, owner: str) -> TestCell:
        if text in ("", "-"):
            return TestCell(text)
        try:
            code = feel.unary(text, names=self.names)
        except feel.FeelError as error:
            return TestCell(text, None, self.problem(owner, text, error))
        self.reads |= code.names
        return TestCell(text, code)

    def problem(self, owner: str, text: str, error: feel.FeelError) -> str:
        message = sentence("“{text}”: {why}", text=text[:60], why=error.message)
        self.problems.append((owner, message))
        return message

    # ---- types

    def item_type(self, name: str | None) -> ItemType | None:
        """The type that a ``typeRef`` names; None where anything goes."""
        if not name:
            return None
        element = self.items.get(name)
        if element is None:
            _, _, last = name.rpartition(".")
            for model in self.imports.values():
                if last in model.types:
                    return model.types[last]
            return itemtypes.builtin(name.partition(":")[2] or name)
        if name not in self.made:
            # A type that holds itself is anything where it does.
            self.made[name] = None
            self.made[name] = self.item(element, name)
        return self.made[name]

    def item(self, element: etree._Element, name: str) -> ItemType | None:
        owner = element.get("id") or name
        components = tuple(
            (part.get("name") or "", self.item(part, part.get("name") or "") or _anything(part))
            for part in self.children(element, "itemComponent")
        )
        function = self.child(element, "functionItem")
        base = self.item_type(self.text(element, "typeRef"))
        collection = element.get("isCollection") == "true"
        allowed = self.allowed(element, "allowedValues", owner)
        constraint = self.allowed(element, "typeConstraint", owner)
        if not components and base is None and function is None and allowed is None:
            return _anything(element) if collection else None
        of: types.Type = base.type if base else types.ANY
        if function is not None:
            of = self.function_type(function)
        made = ItemType(name, of, collection, allowed, constraint, components, base)
        return self.bounded(made, owner)

    def bounded(self, item: ItemType, owner: str) -> ItemType | None:
        """The type, unless it is too large when all that it shares is written out."""
        parts = [part for _, part in item.components] + ([item.base] if item.base else [])
        size = 1 + sum(self.sizes.get(id(part), 1) for part in parts)
        if size > _LARGEST_TYPE:
            self.problems.append(
                (owner, sentence("The type “{name}” is too large.", name=item.name))
            )
            return None
        self.sizes[id(item)] = size
        return item

    def function_type(self, element: etree._Element) -> types.Type:
        parameters = tuple(
            self.feel_type(part.get("typeRef")) for part in self.children(element, "parameters")
        )
        return types.FunctionType(parameters, self.feel_type(element.get("outputTypeRef")))

    def feel_type(self, name: str | None) -> types.Type:
        item = self.item_type(name)
        return types.ANY if item is None else itemtypes.shape(item)

    def allowed(self, element: etree._Element, kind: str, owner: str) -> TestCell | None:
        text = self.text(self.child(element, kind))
        return self.test(text, owner) if text else None

    def type_of(self, element: etree._Element) -> ItemType | None:
        variable = self.child(element, "variable")
        named = None if variable is None else variable.get("typeRef")
        return self.item_type(named or self.text(variable, "typeRef"))

    # ---- elements

    def input_data(self, element: etree._Element) -> Element:
        return InputData(self.id(element), self.name(element), self.type_of(element))

    def decision(self, element: etree._Element) -> Element:
        requires = (
            *self.required(element, "informationRequirement", "requiredInput", "requiredDecision"),
            *self.required(element, "knowledgeRequirement", "requiredKnowledge"),
        )
        name = self.name(element)
        label = element.get("name") or name
        box = self.box_of(element)
        return Decision(self.id(element), name, label, self.type_of(element), requires, box)

    def knowledge(self, element: etree._Element) -> Element:
        logic = self.child(element, "encapsulatedLogic")
        function = FunctionBox((), Empty()) if logic is None else self.function(logic)
        requires = self.required(element, "knowledgeRequirement", "requiredKnowledge")
        # The type of the variable may be that of the function or of its result.
        declared = self.type_of(element)
        result = None if declared and isinstance(declared.type, types.FunctionType) else declared
        return Knowledge(self.id(element), self.name(element), result, requires, function)

    def service(self, element: etree._Element) -> Element:
        def keys(kind: str) -> tuple[str, ...]:
            return tuple(self.reference(each) for each in self.children(element, kind))

        declared = self.type_of(element)
        result = None if declared and isinstance(declared.type, types.FunctionType) else declared
        return Service(
            self.id(element),
            self.name(element),
            result,
            keys("outputDecision"),
            keys("encapsulatedDecision"),
            keys("inputDecision"),
            keys("inputData"),
        )

    def id(self, element: etree._Element) -> str:
        return element.get("id") or element.get("name") or ""

    # ---- boxes

    def boxes(self) -> Mapping[str, Callable[[etree._Element], Box]]:
        return {
            "literalExpression": self.literal,
            "decisionTable": self.table,
            "context": self.context,
            "invocation": self.invocation,
            "functionDefinition": self.function,
            "list": self.list,
            "relation": self.relation,
            "conditional": self.conditional,
            "filter": self.filter,
            "for": self.loop,
            "some": self.loop,
            "every": self.loop,
        }

    def box_of(self, element: etree._Element | None) -> Box:
        """The first box right below an element."""
        if element is None:
            return Empty()
        boxes = self.boxes()
        found = self.child(element, *boxes)
        return Empty() if found is None else boxes[_local(found)](found)

    def all_boxes(self, element: etree._Element) -> tuple[Box, ...]:
        boxes = self.boxes()
        return tuple(boxes[_local(each)](each) for each in self.children(element, *boxes))

    def literal(self, element: etree._Element) -> Box:
        language = element.get("expressionLanguage") or ""
        owner = self.owner(element)
        if language and "feel" not in language.lower():
            message = sentence(
                "Expressions are written in FEEL, not in {language}.", language=language[:60]
            )
            self.problems.append((owner, message))
            return Literals(Cell(self.text(element), None, message))
        of = self.item_type(element.get("typeRef"))
        return Literals(self.cell(self.text(element), owner), of)

    def owner(self, element: etree._Element | None) -> str:
        """The id of the element of the diagram in which something stands."""
        while element is not None:
            if element.getparent() is self.root:
                return self.id(element)
            element = element.getparent()
        return ""

    def context(self, element: etree._Element) -> Box:
        entries = []
        for entry in self.children(element, "contextEntry"):
            variable = self.child(entry, "variable")
            name = "" if variable is None else " ".join((variable.get("name") or "").split())
            of = None if variable is None else self.item_type(variable.get("typeRef"))
            entries.append(Entry(name, self.box_of(entry), of))
        return Contexts(tuple(entries))

    def invocation(self, element: etree._Element) -> Box:
        called = self.text(self.child(element, "literalExpression"))
        bindings = []
        for binding in self.children(element, "binding"):
            parameter = self.child(binding, "parameter")
            name = "" if parameter is None else " ".join((parameter.get("name") or "").split())
            bindings.append(Entry(name, self.box_of(binding)))
        return Invocation(self.cell(called, self.owner(element)), tuple(bindings))

    def function(self, element: etree._Element) -> FunctionBox:
        parameters = tuple(
            (" ".join((each.get("name") or "").split()), self.item_type(each.get("typeRef")))
            for each in self.children(element, "formalParameter")
        )
        self.reads.update(name for name, _ in parameters)
        return FunctionBox(parameters, self.box_of(element), element.get("kind") or "FEEL")

    def list(self, element: etree._Element) -> Box:
        return Lists(self.all_boxes(element))

    def relation(self, element: etree._Element) -> Box:
        columns = tuple(each.get("name") or "" for each in self.children(element, "column"))
        rows = tuple(self.all_boxes(row) for row in self.children(element, "row"))
        return Relation(columns, rows)

    def conditional(self, element: etree._Element) -> Box:
        condition, then, otherwise = (
            self.box_of(self.child(element, part)) for part in ("if", "then", "else")
        )
        return Conditional(condition, then, otherwise)

    def filter(self, element: etree._Element) -> Box:
        source, match = (self.box_of(self.child(element, part)) for part in ("in", "match"))
        return FilterBox(source, match)

    def loop(self, element: etree._Element) -> Box:
        source = self.box_of(self.child(element, "in"))
        body = self.box_of(self.child(element, "return", "satisfies"))
        variable = " ".join((element.get("iteratorVariable") or "").split())
        return Iterator(_LOOPS[_local(element)], variable, source, body)

    # ---- tables

    def table(self, element: etree._Element) -> Box:
        policy = _POLICIES.get(element.get("hitPolicy") or "UNIQUE", "")
        owner = self.owner(element)
        if not policy:
            self.problems.append((owner, sentence("The hit policy is unknown.")))
        inputs = tuple(self.input(each, owner) for each in self.children(element, "input"))
        outputs = tuple(self.output(each, owner) for each in self.children(element, "output"))
        rows = enumerate(self.children(element, "rule"), 1)
        rules = tuple(self.rule(each, number, owner) for number, each in rows)
        return Table(
            policy or "U",
            _AGGREGATIONS.get(element.get("aggregation") or "", ""),
            inputs,
            outputs,
            rules,
            columns_of(rules, len(inputs)),
        )

    def input(self, element: etree._Element, owner: str) -> Input:
        expression = self.child(element, "inputExpression")
        named = None if expression is None else expression.get("typeRef")
        text = self.text(expression)
        return Input(
            element.get("id") or "",
            element.get("label") or text,
            self.cell(text, owner),
            self.item_type(named or self.text(expression, "typeRef")),
            self.allowed(element, "inputValues", owner),
        )

    def output(self, element: etree._Element, owner: str) -> Output:
        default = self.text(self.child(element, "defaultOutputEntry"))
        return Output(
            element.get("id") or "",
            " ".join((element.get("name") or "").split()),
            self.item_type(element.get("typeRef")),
            self.allowed(element, "outputValues", owner),
            self.cell(default, owner) if default else None,
        )

    def rule(self, element: etree._Element, number: int, owner: str) -> Rule:
        tests = [self.text(each) for each in self.children(element, "inputEntry")]
        results = [self.text(each) for each in self.children(element, "outputEntry")]
        notes = [self.text(each) for each in self.children(element, "annotationEntry")]
        note = self.child(element, "description")
        written = ([(note.text or "").strip()] if note is not None else []) + notes
        return Rule(
            element.get("id") or "",
            number,
            tuple(self.test(text, owner) for text in tests),
            tuple(self.cell(text, owner) for text in results),
            " · ".join(part for part in written if part),
        )


def _anything(element: etree._Element) -> ItemType:
    name = element.get("name") or ""
    return ItemType(name, types.ANY, element.get("isCollection") == "true")
