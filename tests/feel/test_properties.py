"""What holds for every text, tree and context."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from feel import tree, types
from feel.lexer import tokens
from feel.parser import RESERVED, parse, parse_unary
from feel.printer import write

NAMES = st.sampled_from(["a", "b", "age", "full name", "x1", "åäö", "is_open", "date and time"])
KEYS = st.one_of(NAMES, st.text(max_size=5))
TYPES = st.recursive(
    st.sampled_from([types.Simple("number"), types.Simple("date and time"), types.ANY]),
    lambda inner: st.one_of(
        st.builds(types.ListType, inner),
        st.builds(types.RangeType, inner),
        st.builds(types.ContextType, st.tuples(st.tuples(st.just("a b"), inner))),
        st.builds(types.FunctionType, st.lists(inner, max_size=2).map(tuple), inner),
    ),
    max_leaves=4,
)
LEAVES = st.one_of(
    st.decimals(min_value=0, max_value=10**30, places=3).map(tree.Literal),
    st.text(st.characters(codec="utf-8"), max_size=8).map(tree.Literal),
    st.sampled_from([True, False, None]).map(tree.Literal),
    st.sampled_from(["2027-02-01", "P14D", "x"]).map(tree.Temporal),
    NAMES.map(tree.Name),
)
FLAGS = st.booleans()


def _list(inner: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[Any]:
    return st.lists(inner, min_size=least, max_size=most).map(tuple)


def _branches(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    tests = st.one_of(
        inner, st.builds(tree.Test, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner)
    )
    iterations = _list(st.builds(tree.Iteration, NAMES, inner, st.none() | inner), 1, 2)
    calls = st.tuples(inner, _list(inner, 0, 3)).map(lambda pair: tree.Call(*pair))
    named = st.tuples(inner, inner).map(
        lambda pair: tree.Call(tree.Name("f"), (pair[0], pair[1]), ("a", "full name"))
    )
    logic = st.builds(tree.Logic, st.sampled_from(["and", "or"]), _list(inner, 2, 3))
    return st.one_of(
        st.builds(tree.ListOf, _list(tests, 0, 3)),
        st.builds(tree.ContextOf, _list(st.tuples(KEYS, inner), 0, 3)),
        st.builds(tree.RangeOf, inner, inner, FLAGS, FLAGS),
        st.builds(tree.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(tree.Negation, inner),
        st.builds(tree.Comparison, st.sampled_from(["=", "!=", "<", ">="]), inner, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(tree.In, inner, _list(tests, 1, 3)),
        logic,
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.For, iterations, inner),
        st.builds(tree.Quantified, st.sampled_from(["some", "every"]), iterations, inner),
        st.builds(tree.FunctionOf, _list(st.tuples(NAMES, st.none() | TYPES), 0, 2), inner, FLAGS),
        st.builds(tree.InstanceOf, inner, TYPES),
        st.builds(tree.Path, inner, NAMES),
        st.builds(tree.Filter, inner, inner),
        calls,
        named,
    )


TREES = st.recursive(LEAVES, _branches, max_leaves=12)
KNOWN = ["full name", "date and time", "a b"]


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_a_tree_is_the_same_after_it_was_written_and_read(node: tree.Node):
    assert parse(write(node), KNOWN) == node


@settings(max_examples=100, deadline=None)
@given(st.lists(TREES, max_size=3).map(tuple), FLAGS)
def test_tests_are_the_same_after_they_were_written_and_read(
    tests: tuple[tree.Node, ...], negated: bool
):
    node = tree.UnaryTree(tests, negated and bool(tests))

    assert parse_unary(write(node), KNOWN) == node


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
CONTEXTS = st.dictionaries(
    st.sampled_from(["x", "y", "a", "b", "full name"]) | st.text(max_size=8), JSON, max_size=4
)
WORDS = st.sampled_from(
    [
        *sorted(RESERVED),
        *"()[]{}<>=+-*/.,:?@'\"",
        "..",
        "**",
        "<=",
        "!=",
        "->",
        "not",
        "count",
        "date",
        "sort",
        "matches",
        "duration",
        "list",
        "item",
        "partial",
        "x",
        "y",
        "1",
        "2.5",
        '"a"',
        '"P1D"',
        '@"2027-02-01"',
        "instance of",
        "sum",
        "for x in",
        "1..5",
        "range",
    ]
)
SOURCES = st.one_of(
    st.text(max_size=2000), st.lists(WORDS, max_size=60).map(" ".join), TREES.map(write)
)


@settings(max_examples=600, deadline=None)
@given(SOURCES, CONTEXTS)
def test_no_text_and_no_context_raises_anything_but_our_own(source: str, context: dict[str, Any]):
    budget = feel.Budget(steps=20_000)
    with suppress(feel.FeelError):
        result = feel.compile(source, names=context).evaluate_with_reasons(context, budget=budget)
        json.dumps(feel.plain(result.value))
        assert all(0 <= reason.position <= len(source) for reason in result.reasons)
    with suppress(feel.FeelError):
        tests = feel.unary(source, names=context)
        found = tests.matches(context.get("x"), context, budget=feel.Budget(steps=20_000))
        assert found in (True, False, None)
    for finding in (*feel.check(source, context), *feel.check_unary(source, context)):
        assert 0 <= finding.position <= len(source)
        assert finding.length >= 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_tokens_stand_where_they_say(source: str):
    try:
        found = tokens(source)
    except feel.FeelError:
        return

    assert all(source[token.at : token.end] == token.text for token in found)


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_survives_its_text(number: Decimal):
    value = feel.compile("number(string(x))").evaluate({"x": number})

    assert value == number


@settings(max_examples=200, deadline=None)
@given(st.datetimes(), st.timedeltas())
def test_what_is_added_can_be_taken_away(moment: Any, length: Any):
    value = feel.compile("m + d - d").evaluate({"m": moment, "d": length})

    assert value in (moment, None)


@pytest.mark.parametrize("text", ["PT36H", "-P1DT2H", "P14M", "PT0S", "P1Y", "-P13M", "PT0.5S"])
def test_a_duration_survives_its_text(text: str):
    length = feel.duration(text)

    assert feel.duration(feel.plain(length)) == length
