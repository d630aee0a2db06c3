"""Functions on texts."""

from __future__ import annotations

from decimal import Decimal

from feel import patterns
from feel.builtins.registry import builtin
from feel.run import Nothing, Run
from feel.values import Value


@builtin("substring(string: string, start position: number, length?: number)")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> Value:
    first = _limited(start)
    if first == 0:
        raise Nothing("positions are counted from 1")
    begin = first - 1 if first > 0 else max(len(text) + first, 0)
    if length is None:
        return text[begin:]
    count = _limited(length)
    if count < 1:
        raise Nothing("the length must be at least 1")
    return text[begin : begin + count]


def _limited(value: Decimal) -> int:
    return int(max(min(value, Decimal(10**9)), Decimal(-(10**9))))


@builtin("string length(string: string)")
def string_length(run: Run, text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(run: Run, text: str) -> Value:
    return run.text(text.upper())


@builtin("lower case(string: string)")
def lower_case(run: Run, text: str) -> Value:
    return run.text(text.lower())


@builtin("trim(string: string)")
def trim(run: Run, text: str) -> Value:
    return text.strip()


@builtin("is blank(string: string)")
def is_blank(run: Run, text: str) -> Value:
    return not text.strip()


@builtin("substring before(string: string, match: string)")
def substring_before(run: Run, text: str, match: str) -> Value:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(run: Run, text: str, match: str) -> Value:
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(run: Run, text: str, match: str) -> Value:
    run.spend(len(text) >> 6)
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(run: Run, text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(run: Run, text: str, match: str) -> Value:
    return text.endswith(match)


@builtin("string join(list: list, delimiter?: string?)")
def string_join(run: Run, texts: list[Value], delimiter: str | None = None) -> Value:
    return _join(run, texts, delimiter or "", "", "")


@builtin(
    "string join(list: list, delimiter: string?, prefix: string?, suffix: string?)",
)
def string_join_around(
    run: Run, texts: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None
) -> Value:
    return _join(run, texts, delimiter or "", prefix or "", suffix or "")


def _join(run: Run, texts: list[Value], delimiter: str, prefix: str, suffix: str) -> str:
    run.room(len(texts))
    if not all(text is None or isinstance(text, str) for text in texts):
        raise Nothing("the list holds something that is not a text")
    found = [text for text in texts if text is not None]
    length = sum(map(len, found)) + len(delimiter) * len(found)
    run.text(" " * min(length, run.budget.text + 1))
    return run.text(prefix + delimiter.join(found) + suffix)


@builtin("matches(input: string, pattern: string, flags?: string?)")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Value:
    return patterns.search(patterns.compile(pattern, flags or ""), text, run.spend) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string?)")
def replace(
    run: Run, text: str, pattern: str, replacement: str, flags: str | None = None
) -> Value:
    compiled = patterns.compile(pattern, flags or "")
    pieces = patterns.replacement(replacement, compiled)
    made: list[str] = []
    size = last = 0
    for match in patterns.find_all(compiled, text, run.spend):
        part = patterns.filled(pieces, text, match, run.budget.text - size)
        size += len(part) + match[0] - last
        made.append(text[last : match[0]] + part)
        last = match[1]
    return run.text("".join(made) + text[last:])


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> Value:
    compiled = patterns.compile(delimiter, "")
    made: list[Value] = []
    last = 0
    for match in patterns.find_all(compiled, text, run.spend):
        made.append(text[last : match[0]])
        last = match[1]
    return run.items([*made, text[last:]])


@builtin("extract(string: string, pattern: string)")
def extract(run: Run, text: str, pattern: str) -> Value:
    compiled = patterns.compile(pattern, "")
    found = patterns.find_all(compiled, text, run.spend)
    return run.items([text[match[0] : match[1]] for match in found])
