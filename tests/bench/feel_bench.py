# ruff: noqa: T201 - it prints what it measured
"""FEEL beside Python, in one run: medians for ten conditions and a decision table.

Read the ratios: the machine may be busy, but it is busy for all of them.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
NAMES: dict[str, Any] = {"date": date, "len": len, "__builtins__": {}}
ROUNDS = 25
MOST_TIMES_CLOSURE = 20
MOST_TIMES_EVAL = 8
MOST_TIMES_CONDITION = 100
TOWNS = ["Gislaved", "Gnosjö", "Vaggeryd"]
BANDS = [(16, 24), (25, 29), (30, 44), (45, 59), (60, 66)]
PRIORITIES = ["low", "high"]


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in nanoseconds; ``compile`` is None where nothing is compiled."""

    name: str
    compile: float | None
    evaluate: float
    closure: float
    eval: float

    def __str__(self) -> str:
        compiled = " " * 11 if self.compile is None else f"{self.compile:9.0f}ns"
        return (
            f"{self.name:42} {compiled} {self.evaluate:8.0f}ns {self.closure:7.0f}ns"
            f" {self.evaluate / self.closure:5.1f} {self.eval:7.0f}ns"
            f" {self.evaluate / self.eval:5.1f}"
        )

    @property
    def is_slow(self) -> bool:
        """Whether a condition costs more than is promised."""
        return (
            self.evaluate > self.closure * MOST_TIMES_CLOSURE
            or self.evaluate > self.eval * MOST_TIMES_EVAL
        )


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


def condition(source: str, closure: Callable[[Any], Any], python: str) -> Times:
    """One condition in FEEL, as a closure and through Python's eval."""
    evaluate = feel.compile(source).evaluate
    code = compile(python, "bench", "eval")
    ours, plain, evaluated = nanoseconds(
        [
            lambda: evaluate(CONTEXT),
            lambda: closure(CONTEXT),
            lambda: eval(code, NAMES, CONTEXT),  # noqa: S307
        ],
        400,
    )
    # A new text each time, so that no cache answers.
    fresh = iter(range(10**9))
    compiled = nanoseconds([lambda: feel.compile(f"{source} /* {next(fresh)} */")], 4)[0]
    return Times(source, compiled, ours, plain, evaluated)


def rules() -> Iterator[tuple[str, int, int, str, int]]:
    """Thirty rules over town, age and priority; for each case just one applies."""
    fee = 0
    for town in TOWNS:
        for youngest, oldest in BANDS:
            for priority in PRIORITIES:
                fee += 1
                yield town, youngest, oldest, priority, fee


def a_large_table() -> bytes:
    """The thirty rules as a decision table."""
    rows = [
        [f'"{town}"', f"[{youngest}..{oldest}]", f'"{priority}"', str(fee)]
        for town, youngest, oldest, priority, fee in rules()
    ]
    inputs = [("town", "string"), ("age", "number"), ("priority", "string")]
    return a_file(a_decision("fee", a_table("UNIQUE", inputs, ["fee"], *rows)))


def a_closure() -> Callable[[Any], int | None]:
    """The thirty rules as a programmer would write them down: a table and a loop."""
    table = list(rules())

    def fee(c: Any) -> int | None:
        found = [
            fee
            for town, youngest, oldest, priority, fee in table
            if c["town"] == town and youngest <= c["age"] <= oldest and c["priority"] == priority
        ]
        return found[0] if len(found) == 1 else None

    return fee


def a_python_expression() -> str:
    """The thirty rules as one expression for Python's eval."""
    tests = [
        f"{fee} if town == {town!r} and {youngest} <= age <= {oldest} and priority == {priority!r}"
        for town, youngest, oldest, priority, fee in rules()
    ]
    return " else ".join([*tests, "None"])


def table() -> Times:
    """The decision table, as a closure and through Python's eval."""
    decisions = read(a_large_table(), "bench.dmn")
    closure, code = a_closure(), compile(a_python_expression(), "bench", "eval")
    ours, plain, evaluated = nanoseconds(
        [
            lambda: decisions.evaluate("fee", CONTEXT),
            lambda: closure(CONTEXT),
            lambda: eval(code, NAMES, CONTEXT),  # noqa: S307
        ],
        40,
    )
    data = a_large_table()
    compiled = nanoseconds([lambda: read(data, "bench.dmn")], 1)[0]
    return Times("table of 30 rules and 3 inputs", compiled, ours, plain, evaluated)


def main() -> int:
    """Print the medians; 1 if a ratio is above what is promised."""
    print(
        f"{'FEEL beside Python':42} {'compile':>11} {'evaluate':>10} {'closure':>9} {'×':>5}"
        f" {'eval':>9} {'×':>5}"
    )
    conditions = []
    for source, closure, python in CONDITIONS:
        conditions.append(condition(source, closure, python))
        print(conditions[-1])
    large = table()
    print(large)
    typical = median(each.evaluate for each in conditions)
    ratio = large.evaluate / typical
    print(f"median condition {typical:.0f}ns; the table costs {ratio:.0f} ×")
    print(beside_bkflow())
    broken = [each.name for each in conditions if each.is_slow]
    if ratio > MOST_TIMES_CONDITION:
        broken.append(large.name)
    if broken:
        print("Slower than promised: " + "; ".join(broken))
    return 1 if broken else 0


def beside_bkflow() -> str:
    """What bkflow-feel takes for the conditions it can read, where it is installed."""
    try:
        from bkflow_feel.api import parse_expression  # noqa: PLC0415 - measured if present
    except ImportError:
        return "bkflow-feel is not installed here; not compared."
    ratios = []
    for source, closure, _ in CONDITIONS:
        try:
            known = parse_expression(source, CONTEXT) == closure(CONTEXT)
        except Exception:  # It raises whatever happens inside.
            known = False
        if not known:
            continue
        theirs, ours = nanoseconds(
            [
                lambda source=source: parse_expression(source, CONTEXT),
                lambda source=source: feel.compile(source).evaluate(CONTEXT),
            ],
            1,
        )
        ratios.append(theirs / ours)
        print(f"bkflow-feel: {source:42} {theirs:9.0f}ns, {theirs / ours:.0f} × ours")
    return f"bkflow-feel answers {len(ratios)} of {len(CONDITIONS)} as it should."
