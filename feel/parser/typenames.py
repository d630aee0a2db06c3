"""Reads the names of types."""

from __future__ import annotations

from feel import types
from feel.budget import SOURCE_DEPTH
from feel.errors import FeelLimit
from feel.parser.cursor import ENDS_A_NAME, Cursor, shape_of
from feel.sentence import sentence

_TYPE_WORDS = (
    "days and time duration",
    "years and months duration",
    "date and time",
)


class TypeReader(Cursor):
    """A cursor that reads types: ``list<number>``."""

    def type(self) -> types.Type:
        self.depth += 1
        if self.depth > SOURCE_DEPTH:
            raise FeelLimit(
                "depth", sentence("More than {most} levels of brackets.", most=SOURCE_DEPTH)
            )
        found = self.generic_type()
        self.depth -= 1
        return found

    def generic_type(self) -> types.Type:
        if self.token.kind != "name":
            raise self.unexpected(sentence("a type"))
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
            if self.fits(shape_of(known)):
                return self.words(len(known.split()))
        length = 1
        while (self.peek(length).kind == "name" and self.peek(length).text not in ENDS_A_NAME) or (
            self.peek(length).text == "." and self.peek(length + 1).kind == "name"
        ):
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
