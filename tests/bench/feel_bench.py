# ruff: noqa: T201 - it prints what it measured
"""FEEL beside Python, in one run: medians for ten conditions and a decision table.

Read the ratios: the machine may be busy, but it is busy for all of them.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

import feel
from engine.decisions import read
from tests.builders_dmn import a_decision, a_file, a_table

CONTEXT: dict[str, Any] = {
    "age": 34,
    "parties": ["varnamo", "fk", "vc"],
    "priority": "high",
    "status": "open",
    "zero_placed": True,
    "consent": {"valid": True, "until": date(2027, 12, 31)},
    "due": date(2027, 2, 15),
    "amount": 1250,
    "town": "Gnosjö",
    "answers": [3, 5, 4, 2],
}
# Each condition, the closure a programmer would write, and the same text for Python's eval.
CONDITIONS: list[tuple[str, Callable[[Any], Any], str]] = [
    ('priority = "high"', lambda c: c["priority"] == "high", 'priority == "high"'),
    ("age >= 18", lambda c: c["age"] >= 18, "age >= 18"),
    (
        'age >= 18 and status = "open"',
        lambda c: c["age"] >= 18 and c["status"] == "open",
        'age >= 18 and status == "open"',
    ),
    ("age between 16 and 66", lambda c: 16 <= c["age"] <= 66, "16 <= age <= 66"),
    (
        'status in ("open", "waiting", "resting")',
        lambda c: c["status"] in ("open", "waiting", "resting"),
        'status in ("open", "waiting", "resting")',
    ),
    ("count(parties) >= 2", lambda c: len(c["parties"]) >= 2, "len(parties) >= 2"),
    (
        "zero_placed and count(parties) >= 2",
        lambda c: c["zero_placed"] and len(c["parties"]) >= 2,
        "zero_placed and len(parties) >= 2",
    ),
    ("consent.valid = true", lambda c: c["consent"]["valid"] is True, 'consent["valid"] is True'),
    (
        'due < date("2027-03-01")',
        lambda c: c["due"] < date(2027, 3, 1),
        "due < date(2027, 3, 1)",
    ),
    (
        'if zero_placed then "high" else "normal"',
        lambda c: "high" if c["zero_placed"] else "normal",
        '"high" if zero_placed else "normal"',
    ),
]
ROUNDS = 25
MOST_TIMES_CLOSURE = 20
MOST_TIMES_EVAL = 8
MOST_TIMES_CONDITION = 100


def nanoseconds(calls: list[Callable[[], Any]], repeat: int) -> list[float]:
    """The median time of each call; they take turns, so that noise meets all of them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, mine in zip(calls, times, strict=True):
            begun = time.perf_counter_ns()
            for _ in range(repeat):
                call()
            mine.append((time.perf_counter_ns() - begun) / repeat)
    return [median(mine) for mine in times]


def a_large_table() -> bytes:
    """Thirty rules over three inputs; the last one matches."""
    towns = ['"Gislaved"', '"Vaggeryd"', '"Värnamo"']
    rows = [
        [towns[index % 3], f"[{index}..{index + 10}]", '"low"', str(index)] for index in range(29)
    ]
    inputs = [("town", "string"), ("age", "number"), ("priority", "string")]
    table = a_table("UNIQUE", inputs, ["fee"], *rows, ['"Gnosjö"', ">= 30", '"high"', "30"])
    return a_file(a_decision("fee", table))


def main() -> int:
    """Print the table; 1 if a ratio is above what is promised."""
    print(
        f"{'condition':44} {'compile':>9} {'evaluate':>9} {'closure':>9} {'×':>6}"
        f" {'eval':>9} {'×':>6}"
    )
    typical, broken = [], []
    for source, closure, python in CONDITIONS:
        expression = feel.compile(source)
        code = compile(python, "bench", "eval")
        names = {"date": date, "len": len, "__builtins__": {}}
        calls: list[Callable[[], Any]] = [
            lambda run=expression.evaluate: run(CONTEXT),
            lambda run=closure: run(CONTEXT),
            lambda code=code, names=names: eval(code, names, CONTEXT),  # noqa: S307
        ]
        ours, plain, evaluated = nanoseconds(calls, 400)
        # A new name each time, so that no cache answers.
        fresh = iter(range(10**9))
        compiled = nanoseconds(
            [lambda source=source, n=fresh: feel.compile(f"{source} /* {next(n)} */")], 4
        )[0]
        typical.append(ours)
        if ours > plain * MOST_TIMES_CLOSURE or ours > evaluated * MOST_TIMES_EVAL:
            broken.append(source)
        print(
            f"{source:44} {compiled:7.0f}ns {ours:7.0f}ns {plain:7.0f}ns {ours / plain:6.1f}"
            f" {evaluated:7.0f}ns {ours / evaluated:6.1f}"
        )
    decisions = read(a_large_table(), "bench.dmn")
    table = nanoseconds([lambda: decisions.evaluate("fee", CONTEXT)], 20)[0]
    ratio = table / median(typical)
    print(f"{'median condition':44} {'':9} {median(typical):7.0f}ns")
    print(f"{'table of 30 rules and 3 inputs':44} {'':9} {table:7.0f}ns {'':9} {ratio:6.1f}")
    print(beside_bkflow())
    if ratio > MOST_TIMES_CONDITION:
        broken.append("the table")
    if broken:
        print("Slower than promised: " + "; ".join(broken))
    return 1 if broken else 0


def beside_bkflow() -> str:
    """The time of bkflow-feel for the first condition, where it is installed."""
    try:
        from bkflow_feel.api import parse_expression  # noqa: PLC0415 - measured if present
    except ImportError:
        return "bkflow-feel is not installed; not compared."
    theirs, ours = nanoseconds(
        [
            lambda: parse_expression('priority = "high"', CONTEXT),
            lambda: feel.compile('priority = "high"').evaluate(CONTEXT),
        ],
        5,
    )
    return f"bkflow-feel, first condition: {theirs:.0f}ns, {theirs / ours:.0f} × ours"


if __name__ == "__main__":
    sys.exit(main())
