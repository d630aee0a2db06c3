"""Reads expressions and tests into trees."""

from __future__ import annotations

from feel import tree, types
from feel.budget import SOURCE_DEPTH
from feel.errors import FeelLimit, FeelSyntaxError
from feel.lexer import unquote
from feel.parser.cursor import ENDS_A_NAME
from feel.parser.typenames import TypeReader
from feel.sentence import sentence
from feel.tree import Node
from feel.values import number

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


class Reader(TypeReader):
    """Reads one expression, or the tests of one cell."""

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > SOURCE_DEPTH:
            raise FeelLimit(
                "depth", sentence("More than {most} levels of brackets.", most=SOURCE_DEPTH)
            )
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
            self.expect("and", sentence("“and” of “between … and …”"))
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
                    raise self.unexpected(sentence("the name of an entry"))
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
                raise FeelSyntaxError(
                    sentence("Either all arguments are named or none."), self.token.at
                )
            if named is not None:
                names.append(named)
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")", sentence("“{mark}” or “,”", mark=")"))
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
            raise self.unexpected(sentence("a value"))
        return reader()

    def number(self) -> Node:
        token = self.advance()
        value = number(token.text)
        if value is None:
            raise FeelLimit(
                "number", sentence("The number {text} is too large.", text=token.text[:40])
            )
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
            if token.text in ENDS_A_NAME:
                raise self.unexpected(sentence("a value"))
        return tree.Name(self.name(), **self.place(token.at))

    def conditional(self) -> Node:
        start = self.advance().at
        condition = self.expression()
        self.expect("then", sentence("“then” of “if … then … else …”"))
        then = self.expression()
        self.expect("else", sentence("“else” of “if … then … else …”"))
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
        raise self.unexpected(sentence("a value"))

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
            error = self.unexpected(sentence("“]” or “)” after a range"))
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
        self.expect("]", sentence("“{mark}” or “,”", mark="]"))
        return tree.ListOf(tuple(items), **self.place(start))

    def context(self) -> Node:
        start = self.expect("{").at
        entries: list[tuple[str, Node]] = []
        while not self.at("}"):
            key = self.key()
            self.expect(":", sentence("“:” after the name of an entry"))
            entries.append((key, self.expression()))
            if not self.take(","):
                break
        self.expect("}", sentence("“{mark}” or “,”", mark="}"))
        return tree.ContextOf(tuple(entries), **self.place(start))

    def key(self) -> str:
        if self.token.kind == "string":
            key = unquote(self.advance().text)
            self.declare(key)
            return key
        return self.name_until(":", ",", "}")

    def in_tests(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self.test(4),)
        start = self.expect("(").at
        tests = [self.test()]
        if self.at(".."):
            return (self.range_after(start, tests[0], included=False),)
        while self.take(","):
            tests.append(self.test())
        self.expect(")", sentence("“{mark}” or “,”", mark=")"))
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
