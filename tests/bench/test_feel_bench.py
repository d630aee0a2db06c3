"""What is measured beside each other answers the same."""

from collections.abc import Callable
from typing import Any

import pytest

import feel
from engine.decisions import read
from tests.bench import feel_bench as bench


@pytest.mark.parametrize(
    ("source", "closure", "python"), bench.CONDITIONS, ids=[each[0] for each in bench.CONDITIONS]
)
def test_a_condition_is_the_same_in_all_ways(
    source: str, closure: Callable[[Any], Any], python: str
):
    value = feel.compile(source).evaluate(bench.CONTEXT)

    assert value == closure(bench.CONTEXT)
    assert value == eval(python, bench.NAMES, bench.CONTEXT)  # noqa: S307


def test_the_table_is_the_same_in_all_ways():
    decisions = read(bench.a_large_table(), "bench.dmn")
    closure, python = bench.a_closure(), bench.a_python_expression()

    for town in (*bench.TOWNS, "Värnamo"):
        for age in range(14, 70):
            for priority in (*bench.PRIORITIES, "normal"):
                case = {"town": town, "age": age, "priority": priority}
                fee = decisions.evaluate("fee", case).value
                assert fee == closure(case)
                assert fee == eval(python, bench.NAMES, case)  # noqa: S307
