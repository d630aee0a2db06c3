"""Reads a source text into a tree.

Names may hold spaces and signs. Where a known name begins at a word, the longest one that fits
is taken; words that follow each other and are no keywords are taken as one name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import TypeVar

from feel import tree, types
from feel.budget import SOURCE_DEPTH, TREE_HEIGHT
from feel.builtins import BUILTINS
from feel.errors import FeelLimit, FeelSyntaxError
from feel.lexer import Token, quote, tokens, unquote
from feel.tree import Node
from feel.values import number

N = TypeVar("N", bound=Node)

_ENDS_A_NAME = frozenset(
    {"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"}
)
RESERVED = _ENDS_A_NAME | frozenset(
    {"if", "for", "some", "every", "function", "true", "false", "null", "external"}
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_LEVELS: dict[str, int] = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(_COMPARISONS, 3),
    "between": 3,
    "in": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
}
_RETRIES = 100
_LITERALS = {"true": True, "false": False, "null": None}
_TYPE_WORDS = (
    "days and time duration",
    "years and months duration",
    "date and time",
)

_BUILTIN_NAMES = frozenset(BUILTINS)

Known = dict[str, list[tuple[tuple[str, bool], ...]]]


def _shape(name: str) -> tuple[tuple[str, bool], ...]:
    """A name as its tokens, each with whether it follows the one before without a space."""
    found = tokens(name)[:-1]
    return tuple(
        (token.text, bool(index) and found[index - 1].end == token.at)
        for index, token in enumerate(found)
    )


def _known(names: Iterable[str]) -> Known:
    known: Known = {}
    for name in names:
        try:
            shape = _shape(name)
        except (FeelSyntaxError, FeelLimit):
            continue
        if len(shape) > 1:
            known.setdefault(shape[0][0], []).append(shape)
    for shapes in known.values():
        shapes.sort(key=len, reverse=True)
    return known


@lru_cache(maxsize=512)
def _known_cached(names: frozenset[str]) -> Known:
    return _known(names)


def parse(source: str, names: Collection[str] = ()) -> Node:
    """The tree of an expression. Raises FeelSyntaxError or FeelLimit."""
    return _checked(_Parser(source, names), lambda parser: parser.expression())


def parse_unary(source: str, names: Collection[str] = ()) -> tree.UnaryTree:
    """The tree of a cell's unary tests. Raises FeelSyntaxError or FeelLimit."""
    return _checked(_Parser(source, names), lambda parser: parser.unary_tests())


def parse_type(source: str) -> types.Type:
    """The type that a text such as ``list<number>`` names."""
    parser = _Parser(source, ())
    return parser.type()


def _checked(parser: _Parser, read: Callable[[_Parser], N]) -> N:
    try:
        node = read(parser)
    except RecursionError:
        raise FeelLimit("depth", "The expression is nested too deeply.") from None
    parser.expect_end()
    if tree.measure(node)[1] > TREE_HEIGHT:
        raise FeelLimit("depth", f"The expression has more than {TREE_HEIGHT} levels.")
    return node


class _Parser:
    def __init__(self, source: str, names: Collection[str]) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.position = 0
        self.depth = 0
        self.retries = 0
        self.known = _known_cached(frozenset(names) | _BUILTIN_NAMES)
        self.declared: Known = {}

    # ---- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        token = self.token
        return token.text == text and token.kind in ("mark", "name")

    def take(self, text: str) -> bool:
        if self.at(text):
            self.position += 1
            return True
        return False

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def expect(self, text: str, why: str = "") -> Token:
        if not self.at(text):
            raise self.unexpected(f"“{text}”" + (f" {why}" if why else ""))
        return self.advance()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("the end")

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        token = self.token
        if token.kind == "end":
            message = f"The expression ends where {wanted} is expected."
        elif token.text == "=" and self.peek(-1).text == "=":
            message = "Write one “=” to compare."
        else:
            message = f"“{token.text[:40]}” stands where {wanted} is expected."
        return FeelSyntaxError(message, token.at, max(len(token.text), 1))

    def place(self, start: int) -> dict[str, int]:
        end = self.tokens[self.position - 1].end if self.position else 0
        return {"at": start, "end": end}

    # ---- names

    def declare(self, name: str) -> None:
        for first, shapes in _known((name,)).items():
            mine = self.declared.setdefault(first, [])
            mine.extend(shapes)
            mine.sort(key=len, reverse=True)

    def known_length(self) -> int:
        """How many tokens the longest known name that begins here has; 0 if none does."""
        first = self.token.text
        best = 0
        for known in (self.declared, self.known):
            for shape in known.get(first, ()):
                if len(shape) > best and self.fits(shape):
                    best = len(shape)
        return best

    def fits(self, shape: tuple[tuple[str, bool], ...]) -> bool:
        start = self.position
        if start + len(shape) >= len(self.tokens):
            return False
        for index, (text, glued) in enumerate(shape):
            token = self.tokens[start + index]
            if token.text != text or token.kind in ("string", "moment", "end"):
                return False
            if glued and self.tokens[start + index - 1].end != token.at:
                return False
        return True

    def name(self) -> str:
        """A name in the place of a value: a known one, else all words up to a keyword."""
        length = self.known_length()
        if not length:
            length = 1
            while self.peek(length).kind == "name" and (
                self.peek(length).text not in _ENDS_A_NAME
            ):
                length += 1
        return self.words(length)

    def words(self, count: int) -> str:
        """The next tokens as one name, with one space where the source has any."""
        text, end = "", self.token.at
        for token in self.tokens[self.position : self.position + count]:
            text += token.text if token.at == end else f" {token.text}"
            end = token.end
        self.position += count
        return text

    def name_until(self, *ends: str) -> str:
        """A name that is being declared: everything up to one of these marks."""
        length = 0
        while self.peek(length).kind in ("name", "number", "mark") and (
            self.peek(length).text not in ends
        ):
            length += 1
        if not length or self.token.kind == "number":
            raise self.unexpected("a name")
        name = self.words(length)
        self.declare(name)
        return name

    # ---- expressions

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > SOURCE_DEPTH:
            raise FeelLimit("depth", f"More than {SOURCE_DEPTH} levels of brackets.")
        node = self.operation(1)
        self.depth -= 1
        return node

    def operation(self, level: int) -> Node:
        start = self.token.at
        left = self.prefix()
        while True:
            word = self.token.text if self.token.kind in ("mark", "name") else ""
            strength = _LEVELS.get(word, 0)
            if strength < level or not strength:
                return left
            self.position += 1
            left = self.continued(left, word, strength, start)

    def continued(self, left: Node, word: str, strength: int, start: int) -> Node:
        if word in ("and", "or"):
            parts = [left, self.operation(strength + 1)]
            while self.take(word):
                parts.append(self.operation(strength + 1))
            return tree.Logic(word, tuple(parts), **self.place(start))
        if word == "between":
            low = self.operation(4)
            self.expect("and", "of “between … and …”")
            return tree.Between(left, low, self.operation(4), **self.place(start))
        if word == "in":
            return tree.In(left, self.in_tests(), **self.place(start))
        right = self.operation(strength + 1)
        kind = tree.Comparison if word in _COMPARISONS else tree.Arithmetic
        return kind(word, left, right, **self.place(start))

    def prefix(self) -> Node:
        start = self.token.at
        signs = 0
        while self.take("-"):
            signs += 1
        node = self.instance()
        for _ in range(signs):
            node = tree.Negation(node, **self.place(start))
        return node

    def instance(self) -> Node:
        start = self.token.at
        node = self.postfix()
        while self.at("instance"):
            self.advance()
            self.expect("of")
            node = tree.InstanceOf(node, self.type(), **self.place(start))
        return node

    def postfix(self) -> Node:
        start = self.token.at
        node = self.primary()
        while True:
            if self.take("."):
                if self.token.kind != "name":
                    raise self.unexpected("the name of an entry")
                node = tree.Path(node, self.name(), **self.place(start))
            elif self.at("["):
                self.advance()
                condition = self.expression()
                self.expect("]")
                node = tree.Filter(node, condition, **self.place(start))
            elif self.at("("):
                node = self.call(node, start)
            else:
                return node

    def call(self, function: Node, start: int) -> Node:
        self.expect("(")
        names: list[str] = []
        arguments: list[Node] = []
        while not self.at(")"):
            named = self.argument_name()
            if arguments and bool(names) != (named is not None):
                raise FeelSyntaxError("Either all arguments are named or none.", self.token.at)
            if named is not None:
                names.append(named)
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")", "or “,”")
        return tree.Call(
            function, tuple(arguments), tuple(names) if names else None, **self.place(start)
        )

    def argument_name(self) -> str | None:
        length = 0
        while self.peek(length).kind == "name":
            length += 1
        if not length or self.peek(length).text != ":":
            return None
        name = self.words(length)
        self.expect(":")
        return name

    def primary(self) -> Node:
        token = self.token
        reader = {
            "number": self.number,
            "string": self.string,
            "moment": self.moment,
            "name": self.named,
            "mark": self.bracketed,
        }.get(token.kind)
        if reader is None:
            raise self.unexpected("a value")
        return reader()

    def number(self) -> Node:
        token = self.advance()
        value = number(token.text)
        if value is None:
            raise FeelLimit("number", f"The number {token.text[:40]} is too large.")
        return tree.Literal(value, **self.place(token.at))

    def string(self) -> Node:
        token = self.advance()
        return tree.Literal(unquote(token.text), **self.place(token.at))

    def moment(self) -> Node:
        token = self.advance()
        text = unquote(token.text[1:].lstrip())
        return tree.Temporal(text, **self.place(token.at))

    def named(self) -> Node:
        token = self.token
        if not self.known_length():
            if token.text in _LITERALS:
                self.advance()
                return tree.Literal(_LITERALS[token.text], **self.place(token.at))
            reader = {
                "if": self.conditional,
                "for": self.loop,
                "some": self.quantified,
                "every": self.quantified,
            }.get(token.text)
            if reader is not None:
                return reader()
            if token.text == "function" and self.peek().text == "(":
                return self.function()
            if token.text in _ENDS_A_NAME:
                raise self.unexpected("a value")
        return tree.Name(self.name(), **self.place(token.at))

    def conditional(self) -> Node:
        start = self.advance().at
        condition = self.expression()
        self.expect("then", "of “if … then … else …”")
        then = self.expression()
        self.expect("else", "of “if … then … else …”")
        return tree.If(condition, then, self.expression(), **self.place(start))

    def loop(self) -> Node:
        start = self.advance().at
        iterations = self.iterations()
        self.expect("return")
        return tree.For(iterations, self.expression(), **self.place(start))

    def quantified(self) -> Node:
        token = self.advance()
        iterations = self.iterations()
        self.expect("satisfies")
        return tree.Quantified(token.text, iterations, self.expression(), **self.place(token.at))

    def iterations(self) -> tuple[tree.Iteration, ...]:
        found = [self.iteration()]
        while self.take(","):
            found.append(self.iteration())
        return tuple(found)

    def iteration(self) -> tree.Iteration:
        start = self.token.at
        name = self.name_until("in")
        self.expect("in")
        source = self.expression()
        last = self.expression() if self.take("..") else None
        return tree.Iteration(name, source, last, **self.place(start))

    def function(self) -> Node:
        start = self.advance().at
        self.expect("(")
        parameters: list[tuple[str, types.Type | None]] = []
        while not self.at(")"):
            name = self.name_until(",", ":", ")")
            parameters.append((name, self.type() if self.take(":") else None))
            if not self.take(","):
                break
        self.expect(")")
        external = self.take("external")
        return tree.FunctionOf(tuple(parameters), self.expression(), external, **self.place(start))

    def bracketed(self) -> Node:
        token = self.token
        if token.text == "(":
            return self.parenthesised()
        if token.text == "[":
            return self.list_or_range()
        if token.text == "]":
            return self.range_after(self.advance().at, None, included=False)
        if token.text == "{":
            return self.context()
        raise self.unexpected("a value")

    def parenthesised(self) -> Node:
        start = self.expect("(").at
        if self.token.text in _COMPARISONS:
            operator = self.advance().text
            test = tree.Test(operator, self.operation(4), **self.place(start))
            self.expect(")")
            return test
        first = self.expression()
        if self.at(".."):
            return self.range_after(start, first, included=False)
        self.expect(")")
        return first

    def range_after(self, start: int, first: Node | None, *, included: bool) -> Node:
        if first is None:
            first = self.expression()
        self.expect("..")
        last = self.last_of_range()
        closing = self.advance()
        return tree.RangeOf(first, last, included, closing.text == "]", **self.place(start))

    def last_of_range(self) -> Node:
        """The end of a range, which may be followed by a ``[`` that closes it."""
        position, depth = self.position, self.depth
        try:
            last = self.expression()
            if self.token.text in ("]", ")", "["):
                return last
            error = self.unexpected("“]” or “)” after a range")
        except FeelSyntaxError as wrong:
            error = wrong
        self.retries += 1
        self.position, self.depth = position, depth
        if self.retries > _RETRIES or self.tokens[position].kind not in ("number", "string"):
            raise error
        last = self.number() if self.token.kind == "number" else self.string()
        if not self.at("["):
            raise error
        return last

    def list_or_range(self) -> Node:
        start = self.expect("[").at
        items: list[Node] = []
        while not self.at("]"):
            items.append(self.test() if self.token.text in _COMPARISONS else self.expression())
            if len(items) == 1 and self.at(".."):
                return self.range_after(start, items[0], included=True)
            if not self.take(","):
                break
        self.expect("]", "or “,”")
        return tree.ListOf(tuple(items), **self.place(start))

    def context(self) -> Node:
        start = self.expect("{").at
        entries: list[tuple[str, Node]] = []
        while not self.at("}"):
            key = self.key()
            self.expect(":", "after the name of an entry")
            entries.append((key, self.expression()))
            if not self.take(","):
                break
        self.expect("}", "or “,”")
        return tree.ContextOf(tuple(entries), **self.place(start))

    def key(self) -> str:
        if self.token.kind == "string":
            key = unquote(self.advance().text)
            self.declare(key)
            return key
        return self.name_until(":", ",", "}")

    # ---- tests

    def in_tests(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self.test(4),)
        start = self.expect("(").at
        tests = [self.test()]
        if self.at(".."):
            return (self.range_after(start, tests[0], included=False),)
        while self.take(","):
            tests.append(self.test())
        self.expect(")", "or “,”")
        return tuple(tests)

    def test(self, level: int = 1) -> Node:
        start = self.token.at
        if self.token.text in _COMPARISONS and self.token.kind == "mark":
            operator = self.advance().text
            return tree.Test(operator, self.operation(4), **self.place(start))
        return self.expression() if level == 1 else self.operation(level)

    def unary_tests(self) -> tree.UnaryTree:
        start = self.token.at
        if self.at("-") and self.peek().kind == "end":
            self.advance()
            return tree.UnaryTree((), negated=False, **self.place(start))
        if self.at("not") and self.peek().text == "(":
            position = self.position
            self.position += 2
            tests = self.some_tests()
            if self.take(")") and self.token.kind == "end":
                return tree.UnaryTree(tests, negated=True, **self.place(start))
            self.position = position
        return tree.UnaryTree(self.some_tests(), negated=False, **self.place(start))

    def some_tests(self) -> tuple[Node, ...]:
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        return tuple(tests)

    # ---- types

    def type(self) -> types.Type:
        self.depth += 1
        if self.depth > SOURCE_DEPTH:
            raise FeelLimit("depth", f"More than {SOURCE_DEPTH} levels of brackets.")
        found = self.generic_type()
        self.depth -= 1
        return found

    def generic_type(self) -> types.Type:
        if self.token.kind != "name":
            raise self.unexpected("a type")
        word = self.token.text
        reader = {
            "list": self.list_type,
            "range": self.range_type,
            "context": self.context_type,
            "function": self.function_type,
        }.get(word)
        if reader is not None and self.peek().text == "<":
            self.position += 2
            return reader()
        return types.simple(self.type_name())

    def type_name(self) -> str:
        for known in _TYPE_WORDS:
            if self.fits(_shape(known)):
                return self.words(len(known.split()))
        length = 1
        while (
            self.peek(length).kind == "name" and self.peek(length).text not in _ENDS_A_NAME
        ) or (self.peek(length).text == "." and self.peek(length + 1).kind == "name"):
            length += 1
        return self.words(length)

    def list_type(self) -> types.Type:
        element = self.type()
        self.expect(">")
        return types.ListType(element)

    def range_type(self) -> types.Type:
        element = self.type()
        self.expect(">")
        return types.RangeType(element)

    def context_type(self) -> types.Type:
        entries: list[tuple[str, types.Type]] = []
        while not self.at(">"):
            name = self.name_until(":")
            self.expect(":")
            entries.append((name, self.type()))
            if not self.take(","):
                break
        self.expect(">")
        return types.ContextType(tuple(entries))

    def function_type(self) -> types.Type:
        parameters: list[types.Type] = []
        while not self.at(">"):
            parameters.append(self.type())
            if not self.take(","):
                break
        self.expect(">")
        self.expect("->")
        return types.FunctionType(tuple(parameters), self.type())


def needs_quotes(key: str) -> bool:
    """Whether a context's key must be written as a string."""
    try:
        found = tokens(key)[:-1]
    except (FeelSyntaxError, FeelLimit):
        return True
    plain = all(token.kind == "name" for token in found) and bool(found)
    return not plain or " ".join(token.text for token in found) != key


def written_key(key: str) -> str:
    """The key as it is written in a context."""
    return quote(key) if needs_quotes(key) else key
