"""Every built-in function, by what it answers and when it answers null."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import feel
from feel import Calendar, Range, YearsMonthsDuration
from feel.builtins import BUILTINS

D = Decimal
LOCAL = datetime.fromisoformat("2027-02-01T11:30:00")
NOW = datetime(2027, 2, 1, 11, 30, tzinfo=UTC)
HOLIDAYS = frozenset({date(2027, 1, 6), date(2027, 3, 26), date(2027, 3, 29)})
CALENDAR = Calendar("Europe/Stockholm", holidays=HOLIDAYS)

CASES = {
    # conversion
    'number("1.5")': D("1.5"),
    'number("1 000,5", " ", ",")': D("1000.5"),
    'number("x")': None,
    'number("1", ".", ".")': None,
    "string(1.50)": "1.5",
    "string(10 ** 3)": "1000",
    "string(null)": None,
    'string([1, "a", {b: true}])': '[1, "a", {b: true}]',
    "string([1..5))": "[1..5)",
    "string((< 5))": "(< 5)",
    'date("2027-02-01")': date(2027, 2, 1),
    "date(2027, 2, 1)": date(2027, 2, 1),
    "date(2027, 2, 30)": None,
    'date("2027-02-30")': None,
    'date(date and time("2027-02-01T11:30:00"))': date(2027, 2, 1),
    'time("11:30:00")': time(11, 30),
    "time(11, 30, 0)": time(11, 30),
    'time("25:00:00")': None,
    'date and time("2027-02-01T11:30:00")': LOCAL,
    'date and time(date("2027-02-01"), time("11:30:00"))': LOCAL,
    "date and time(2027, 2, 1, 11, 30, 0)": LOCAL,
    'date and time("2027-02-01T11:30:00@Nowhere/Else")': None,
    'duration("P14D")': timedelta(days=14),
    'duration("-P1Y")': YearsMonthsDuration(-12),
    'duration("14 days")': None,
    'years and months duration(date("2026-12-31"), date("2027-02-01"))': YearsMonthsDuration(1),
    'years and months duration(date("2027-02-01"), date("2026-12-31"))': YearsMonthsDuration(-1),
    # logic
    "not(true)": False,
    "not(1)": None,
    "is defined(null)": False,
    "is defined(1)": True,
    "get or else(null, 5)": D(5),
    "get or else(3, 5)": D(3),
    "assert(3, 3 > 2)": D(3),
    'assert(3, 3 < 2, "too small")': None,
    # texts
    'substring("foobar", 3)': "obar",
    'substring("foobar", -3, 2)': "ba",
    'substring("foobar", 0)': None,
    'string length("åäö")': D(3),
    'upper case("aBc")': "ABC",
    'lower case("aBc")': "abc",
    'substring before("foobar", "bar")': "foo",
    'substring before("foobar", "x")': "",
    'substring after("foobar", "foo")': "bar",
    'substring after("foobar", "x")': "",
    'replace("abc", "b", "-")': "a-c",
    'replace("ab", "(a)(b)", "$2$1")': "ba",
    'replace("abc", "x*", "-")': None,
    'contains("foobar", "oba")': True,
    'starts with("foobar", "foo")': True,
    'ends with("foobar", "bar")': True,
    'matches("foobar", "^fo+b")': True,
    'matches("foobar", "(")': None,
    'split("a;b;;c", ";")': ["a", "b", "", "c"],
    'extract("a1b22", "\\d+")': ["1", "22"],
    'string join(["a", "b", null], "-")': "a-b",
    'string join(["a", "b"], ", ", "[", "]")': "[a, b]",
    'string join(["a", 1])': None,
    'trim("  a ")': "a",
    'is blank("  ")': True,
    # lists
    "list contains([1, 2], 2)": True,
    "list contains([1, null], null)": True,
    "count([1, 2])": D(2),
    "count(1)": D(1),
    "is empty([])": True,
    "min([3, 1, 2])": D(1),
    "min(3, 1, 2)": D(1),
    'max("a", "c", "b")': "c",
    "max([])": None,
    'max([1, "a"])': None,
    "sum([1, 2, 3])": D(6),
    "sum([])": None,
    'sum([duration("P1D"), duration("P2D")])': timedelta(days=3),
    "product([2, 3])": D(6),
    "mean([1, 2])": D("1.5"),
    "median([3, 1, 2])": D(2),
    "median([4, 1, 2, 3])": D("2.5"),
    "stddev([2, 4, 7, 5])": D("2.081665999466132735282297706979931"),
    "stddev([1])": None,
    "mode([6, 3, 9, 6, 6])": [D(6)],
    "mode([6, 1, 9, 6, 1])": [D(1), D(6)],
    "mode([])": [],
    "all([true, true])": True,
    "all([true, null])": None,
    "all([])": True,
    "any([false, true])": True,
    "any([false, null])": None,
    "any([])": False,
    "sublist([4, 5, 6], 2)": [D(5), D(6)],
    "sublist([4, 5, 6], 1, 2)": [D(4), D(5)],
    "sublist([4], 3)": None,
    "append([1], 2, 3)": [D(1), D(2), D(3)],
    "concatenate([1], [2, 3])": [D(1), D(2), D(3)],
    "insert before([1, 3], 2, 2)": [D(1), D(2), D(3)],
    "remove([1, 2, 3], 2)": [D(1), D(3)],
    "list replace([1, 2, 3], 2, 9)": [D(1), D(9), D(3)],
    "list replace([1, 2, 3], function(item, new) item > 1, 9)": [D(1), D(9), D(9)],
    "reverse([1, 2])": [D(2), D(1)],
    "index of([1, 2, 1], 1)": [D(1), D(3)],
    "union([1, 2], [2, 3])": [D(1), D(2), D(3)],
    "distinct values([1, 2, 1, {a: 1}, {a: 1}])": [D(1), D(2), {"a": D(1)}],
    "duplicate values([1, 2, 1])": [D(1)],
    "flatten([[1, [2]], 3])": [D(1), D(2), D(3)],
    "partition([1, 2, 3], 2)": [[D(1), D(2)], [D(3)]],
    "sort([3, 1, 2])": [D(1), D(2), D(3)],
    "sort([3, 1, 2], function(x, y) x > y)": [D(3), D(2), D(1)],
    'sort([1, "a"])': None,
    # numbers
    "decimal(1 / 3, 2)": D("0.33"),
    "decimal(2.5, 0)": D(2),
    "floor(-1.5)": D(-2),
    "floor(1.56, 1)": D("1.5"),
    "ceiling(1.2)": D(2),
    "round up(5.5)": D(6),
    "round up(-5.5, 0)": D(-6),
    "round down(5.5)": D(5),
    "round half up(2.5)": D(3),
    "round half down(2.5)": D(2),
    "round up(1, 9999)": None,
    "abs(-3)": D(3),
    'abs(duration("-P1D"))': timedelta(days=1),
    "modulo(-12, 5)": D(3),
    "modulo(1, 0)": None,
    "sqrt(16)": D(4),
    "sqrt(-1)": None,
    "decimal(log(10), 3)": D("2.303"),
    "log(0)": None,
    "decimal(exp(1), 3)": D("2.718"),
    "odd(3)": True,
    "even(3)": False,
    # time
    "now()": NOW.astimezone(ZoneInfo("Europe/Stockholm")),
    "today()": date(2027, 2, 1),
    'day of year(date("2027-02-01"))': D(32),
    'day of week(date("2027-02-01"))': "Monday",
    'month of year(date("2027-02-01"))': "February",
    'week of year(date("2027-01-01"))': D(53),
    'last day of month(date("2028-02-05"))': date(2028, 2, 29),
    'is(date("2027-02-01"), date("2027-02-01"))': True,
    'is(time("11:00:00Z"), time("11:00:00"))': False,
    'is working day(date("2027-01-06"))': False,
    'add working days(date("2027-03-25"), 1)': date(2027, 3, 30),
    'add working days(date("2027-02-01"), -1)': date(2027, 1, 29),
    'add working days(date("2027-01-06"), 0)': date(2027, 1, 7),
    'add working days(date("2027-01-06"), 1.5)': None,
    'add working days(date("9999-12-30"), 5)': None,
    'working days between(date("2027-02-01"), date("2027-02-08"))': D(5),
    'working days between(date("2027-02-08"), date("2027-02-01"))': D(-5),
    # contexts
    'get value({a: 1}, "a")': D(1),
    'get value({a: {b: 2}}, ["a", "b"])': D(2),
    'get value({a: 1}, "b")': None,
    "get entries({a: 1})": [{"key": "a", "value": D(1)}],
    'context([{key: "a", value: 1}])': {"a": D(1)},
    'context put({a: 1}, "b", 2)': {"a": D(1), "b": D(2)},
    'context put({a: {b: 1}}, ["a", "b"], 2)': {"a": {"b": D(2)}},
    "context merge([{a: 1}, {a: 2, b: 3}])": {"a": D(2), "b": D(3)},
    # ranges
    "before(1, 2)": True,
    "before([1..5], [5..9])": False,
    "before([1..5), [5..9])": True,
    "after([5..9], 4)": True,
    "meets([1..5], [5..9])": True,
    "met by([5..9], [1..5])": True,
    "overlaps([1..5], [4..9])": True,
    "overlaps([1..5], [6..9])": False,
    "overlaps before([1..5], [4..9])": True,
    "overlaps after([4..9], [1..5])": True,
    "finishes(5, [1..5])": True,
    "finished by([1..5], 5)": True,
    "includes([1..5], 3)": True,
    "includes([1..5], [2..3])": True,
    "during(3, [1..5])": True,
    "starts(1, [1..5])": True,
    "started by([1..5], 1)": True,
    "coincides([1..5], [1..5])": True,
    "coincides(1, 2)": False,
    'before(1, "a")': None,
    'range("[1..5)")': Range(D(1), D(5), True, False),
    'range("[5..1]")': None,
    '5 in range("(..3]")': False,
    '5 in range("[3..)")': True,
    'range("nonsense")': None,
}


@pytest.mark.parametrize(("source", "expected"), CASES.items(), ids=CASES)
def test_a_function_answers(source: str, expected: object):
    result = feel.compile(source).evaluate_with_reasons({}, now=NOW, calendar=CALENDAR)

    assert result.value == expected
    assert type(result.value) is type(expected)


@pytest.mark.parametrize(
    "source", [source for source, expected in CASES.items() if expected is None]
)
def test_a_function_without_an_answer_tells_why(source: str):
    if source in ("string(null)", "all([true, null])", "any([false, null])"):
        return  # Null is what they answer.

    assert feel.compile(source).evaluate_with_reasons({}).reasons


def test_every_function_has_a_case():
    called = {name for name in BUILTINS if any(f"{name}(" in source for source in CASES)}

    assert set(BUILTINS) - called == set()


NAMED = {
    'substring(string: "foobar", start position: 3)': "obar",
    'replace(input: "abc", pattern: "b", replacement: "-")': "a-c",
    "modulo(divisor: 4, dividend: 10)": D(2),
    "modulo(dividend: 10, foo: 4)": None,
    "add working days(days: 1, date: date(2027, 2, 1))": date(2027, 2, 2),
    "sum(list: [1, 2])": D(3),
    "before(point: 1, range: [2..3])": True,
    "before(range: [2..3], point: 1)": False,
    "after(range1: [4..5], range2: [2..3])": True,
    "working days between(to: date(2027, 2, 8), from: date(2027, 2, 1))": D(5),
    "is working day(date: date(2027, 2, 6))": False,
    "day of week(date: date(2027, 2, 1))": "Monday",
    'context put(context: {a: 1}, keys: ["a"], value: 2)': {"a": D(2)},
    "count(liste: [1])": None,
    "abs(n: 1, n: 2)": None,
}


@pytest.mark.parametrize(("source", "expected"), NAMED.items(), ids=NAMED)
def test_arguments_can_be_named(source: str, expected: object):
    assert feel.compile(source).evaluate({}) == expected


def test_a_variable_does_not_hide_a_function_that_is_called():
    assert feel.compile("count(count)").evaluate({"count": [1, 2, 3]}) == D(3)


def test_a_function_can_be_handed_on():
    assert feel.compile("sort([2, 1], before)").evaluate({}) == [D(1), D(2)]


def test_a_moment_keeps_its_time_when_working_days_are_added():
    moment = datetime(2027, 3, 25, 9, 0, tzinfo=UTC)

    value = feel.compile("add working days(m, 1)").evaluate({"m": moment}, calendar=CALENDAR)

    assert value.date() == date(2027, 3, 30)
    assert value.hour == 10


def test_a_calendar_without_working_days_gives_no_answer():
    lazy = Calendar(working_days=frozenset())

    result = feel.compile("add working days(date(2027, 2, 1), 1)").evaluate_with_reasons(
        {}, calendar=lazy
    )

    assert result.value is None
    assert len(result.reasons) == 1
