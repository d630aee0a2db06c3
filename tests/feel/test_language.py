"""Every construct of the language, by what it evaluates to."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

import feel
from feel import Range, YearsMonthsDuration

D = Decimal
CONTEXT = {
    "age": 20,
    "rate": 0.5,
    "name": "Eva",
    "full name": "Eva Lind",
    "yes": True,
    "no": False,
    "nothing": None,
    "list": [1, 2, 3],
    "person": {"name": "Eva", "home": {"town": "Gnosjö"}},
    "people": [{"name": "Eva", "age": 20}, {"name": "Bo", "age": 70}],
    "day": date(2027, 2, 1),
    "moment": datetime(2027, 2, 1, 11, 30, tzinfo=UTC),
}

CASES = {
    # numbers
    "1 + 2 * 3": D(7),
    "(1 + 2) * 3": D(9),
    "7 / 2": D("3.5"),
    "1 / 3": D("0.3333333333333333333333333333333333"),
    "2 ** 10": D(1024),
    "2 ** 3 ** 2": D(64),
    "-3 ** 2": D(9),
    "--3": D(3),
    ".5 + 1.5e1": D("15.5"),
    "0.1 + 0.2": D("0.3"),
    "10 - 2 - 3": D(5),
    "age + rate": D("20.5"),
    # logic with three values
    "true and true": True,
    "true and nothing": None,
    "false and nothing": False,
    "true or nothing": True,
    "false or nothing": None,
    "nothing and 5": None,
    "not(yes)": False,
    "not(nothing)": None,
    "yes and not(no) and age > 18": True,
    # comparison
    "age = 20": True,
    "age != 20": False,
    'name = "Eva"': True,
    'age = "20"': None,
    "age = null": False,
    "nothing = null": True,
    "age > 20": False,
    "age >= 20": True,
    '"a" < "b"': True,
    'age < "b"': None,
    "nothing < 1": None,
    "age between 18 and 65": True,
    "nothing between 1 and 2": None,
    "[1, 2] = [1, 2]": True,
    "[1, 2] = [2, 1]": False,
    "{a: 1} = {a: 1}": True,
    "{a: 1} = {a: 2}": False,
    "[1..3] = [1..3]": True,
    "[1..3] = (1..3]": False,
    # in
    "age in [18..65]": True,
    "age in (20..65]": False,
    "age in (1, 20, 30)": True,
    "age in [1, 2, 3]": False,
    "age in (< 18, > 19)": True,
    "age in >= 18": True,
    'name in ("Bo", "Eva")': True,
    "5 in ]1..5[": False,
    "nothing in [1..2]": None,
    # texts
    '"a" + "b"': "ab",
    '"a" + 1': None,
    '"\\u00e5\\n\\"x\\""': 'å\n"x"',
    # if, for, some, every
    'if age >= 18 then "adult" else "child"': "adult",
    'if nothing then "a" else "b"': "b",
    "for x in list return x * 2": [D(2), D(4), D(6)],
    "for x in 1..3 return x": [D(1), D(2), D(3)],
    "for x in 3..1 return x": [D(3), D(2), D(1)],
    "for x in [1..3] return x": [D(1), D(2), D(3)],
    "for x in (1..3) return x": [D(2)],
    "for x in 1..2, y in 1..2 return x * 10 + y": [D(11), D(12), D(21), D(22)],
    "for x in 1..4 return if x = 1 then 1 else partial[-1] * x": [D(1), D(2), D(6), D(24)],
    'for d in @"2027-02-01"..@"2027-02-03" return d.day': [D(1), D(2), D(3)],
    "some x in list satisfies x > 2": True,
    "some x in list satisfies x > 5": False,
    "some x in list, y in list satisfies x + y = 6": True,
    "every x in list satisfies x > 0": True,
    "every x in list satisfies x > 1": False,
    "every x in [] satisfies false": True,
    "some x in [1, nothing] satisfies x > 3": None,
    # filters and positions
    "list[1]": D(1),
    "list[-1]": D(3),
    "list[4]": None,
    "list[item >= 2]": [D(2), D(3)],
    "people[age > 65].name": ["Bo"],
    "people[2].name": "Bo",
    "list[age - 18]": D(2),
    "age[1]": D(20),
    "[][item > 1]": [],
    # paths and contexts
    "person.home.town": "Gnosjö",
    "people.name": ["Eva", "Bo"],
    "person.street": None,
    "full name": "Eva Lind",
    "{a: 1, b: a + 1}.b": D(2),
    '{"the key": 1}': {"the key": D(1)},
    "{first name: 1}.first name": D(1),
    "{a: 1, a: 2}": None,
    "day.year": D(2027),
    "day.weekday": D(1),
    "moment.hour": D(11),
    'duration("P1DT2H").hours': D(2),
    "[1..5].end": D(5),
    "(< 5).start included": False,
    # time
    '@"2027-02-01"': date(2027, 2, 1),
    '@"11:30:00"': time(11, 30),
    '@"P14D"': timedelta(days=14),
    '@"P1Y2M"': YearsMonthsDuration(14),
    '@"2027-02-01T11:30:00Z"': datetime(2027, 2, 1, 11, 30, tzinfo=UTC),
    '@"nonsense"': None,
    'day + @"P1M"': date(2027, 3, 1),
    'date("2027-01-31") + @"P1M"': date(2027, 2, 28),
    'day - @"P1D"': date(2027, 1, 31),
    'day - date("2027-01-01")': timedelta(days=31),
    'moment + @"PT2H"': datetime(2027, 2, 1, 13, 30, tzinfo=UTC),
    '@"23:30:00" + @"PT1H"': time(0, 30),
    '@"P1D" * 2': timedelta(days=2),
    '@"P1D" / @"PT6H"': D(4),
    '@"P1Y" / 4': YearsMonthsDuration(3),
    '@"P1D" + @"P1Y"': None,
    'day > date("2027-01-01")': True,
    "day < moment": None,
    # instance of
    "age instance of number": True,
    "age instance of string": False,
    "list instance of list<number>": True,
    "list instance of list<string>": False,
    "person instance of context<name: string>": True,
    "[1..2] instance of range<number>": True,
    "nothing instance of Any": False,
    "(function(x: number) x) instance of function<number>->Any": True,
    "day instance of date": True,
    'duration("P1D") instance of days and time duration': True,
    # functions
    "{f: function(x, y) x + y, r: f(1, 2)}.r": D(3),
    "{f: function(x, y) x - y, r: f(y: 1, x: 3)}.r": D(2),
    "{f: function(x) x, r: f(1, 2)}.r": None,
    "{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: 1}.r": D(1),
    "(function(x) x * 2)(4)": D(8),
    "age(1)": None,
    "(function(x: string) string length(x))(1)": None,
    '(function(x: string) string length(x))("ab")': D(2),
    # comments and spaces
    "1 + /* two */ 2 // three": D(3),
    "\u00a01\u2003+\u30002": D(3),
}


@pytest.mark.parametrize(("source", "expected"), CASES.items(), ids=CASES)
def test_a_construct_evaluates_as_the_standard_says(source: str, expected: object):
    value = feel.compile(source, names=CONTEXT).evaluate(CONTEXT)

    assert value == expected
    assert type(value) is type(expected)


def test_a_range_is_a_value_of_its_own():
    assert feel.compile("[1..5)").evaluate({}) == Range(D(1), D(5), True, False)


WRONG = {
    "1 +": (3, "The expression ends where a value is expected."),
    "a == b": (3, "Write one “=” to compare."),
    "a && b": (2, "Write “and” instead of “&”."),
    "!a": (0, "Write “not(…)” instead of “!”."),
    "${a}": (0, "Write the expression without ${ and }."),
    '"open': (0, "This text has no closing quotation mark."),
    "“open”": (0, 'Write text between straight quotation marks: "text".'),
    "if a then b": (11, "The expression ends where “else” of “if … then … else …” is expected."),
    "f(a: 1, 2)": (8, "Either all arguments are named or none."),
    "/* open": (0, "This comment is not closed."),
    "(1": (2, "The expression ends where “)” is expected."),
    "a b]": (3, "“]” stands where the end is expected."),
    "": (0, "The expression ends where a value is expected."),
}


@pytest.mark.parametrize(("source", "expected"), WRONG.items(), ids=WRONG)
def test_a_mistake_is_told_with_its_place(source: str, expected: tuple[int, str]):
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(source)

    assert (caught.value.position, caught.value.message) == expected


REASONS = {
    "missing + 1": ["There is no value “missing”.", "Null cannot be added to a number."],
    "person.street": ["There is no entry “street”."],
    'age < "x"': ["A number and a string cannot be compared."],
    "1 / 0": ["Nothing can be divided by zero."],
    "list[9]": ["The list has no position 9."],
    'date("x")': ["date: “x” is no date"],
    "now()": ["now: no clock was given"],
    "age()": ["A number cannot be called like a function."],
}


@pytest.mark.parametrize(("source", "expected"), REASONS.items(), ids=REASONS)
def test_a_null_tells_why(source: str, expected: list[str]):
    result = feel.compile(source).evaluate_with_reasons(CONTEXT)

    assert result.value is None
    assert [reason.message for reason in result.reasons] == expected


def test_a_reason_names_its_place_in_the_source():
    result = feel.compile("1 + missing").evaluate_with_reasons({})

    reason = result.reasons[0]
    assert (reason.position, reason.length) == (4, 7)


def test_an_expression_lists_what_it_reads():
    expression = feel.compile(
        "for x in people return x.age + offset + people[role = kind].name"
        " + deadlines.first.length + count(list)"
    )

    assert expression.names == {"people", "offset", "role", "kind", "deadlines", "list"}
    assert expression.certain_names == {"people", "offset", "deadlines", "list"}
    assert "deadlines.first.length" in expression.paths


def test_names_with_signs_are_read_where_they_are_known():
    value = feel.compile("Date-Time - 1", names=["Date-Time"]).evaluate(
        {"Date-Time": 5, "Date": 1}
    )

    assert value == D(4)


def test_a_lazy_context_is_asked_only_for_what_is_read():
    asked: list[str] = []

    class Lazy(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            asked.append(key)
            if key == "b":
                raise KeyError(key)
            return timedelta(days=3)

    value = feel.compile('date("2027-02-01") + deadlines.a').evaluate({"deadlines": Lazy()})

    assert value == date(2027, 2, 4)
    assert asked == ["a"]


def test_numbers_of_python_become_decimals():
    value = feel.compile("[a, b, c, d]").evaluate(
        {"a": 1, "b": 0.1, "c": float("nan"), "d": (1, 2)}
    )

    assert value == [D(1), D("0.1"), None, [D(1), D(2)]]


def test_what_feel_does_not_know_is_null():
    assert feel.compile("x").evaluate({"x": object()}) is None


def test_the_clock_is_the_one_that_is_passed():
    now = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)
    calendar = feel.Calendar("Europe/Stockholm")

    assert feel.compile("today()").evaluate({}, now=now) == date(2027, 1, 31)
    assert feel.compile("today()").evaluate({}, now=now, calendar=calendar) == date(2027, 2, 1)


def test_several_evaluations_can_share_a_budget():
    budget = feel.Budget(steps=1000)
    expression = feel.compile("for x in 1..100 return x")

    expression.evaluate({}, budget=budget)

    assert budget.steps < 700
    budget.steps = 100
    with pytest.raises(feel.FeelLimit):
        expression.evaluate({}, budget=budget)


UNARY = {
    ("-", 5): True,
    ("5", 5): True,
    ("5", 6): False,
    ("1, 5, 9", 5): True,
    ("> 4", 5): True,
    ("< 4", 5): False,
    ("[1..5]", 5): True,
    ("not(5)", 5): False,
    ("not(1, 2)", 5): True,
    ("? > 2 and ? < 9", 5): True,
    ("? > 2 and ? < 9", 10): False,
    ('"a", "b"', "b"): True,
    ("= 5", 5): True,
    ("!= 5", 5): False,
    ("null", None): True,
    ("null", 1): False,
    ("> 4", None): None,
    ("true", True): True,
    ("true", False): False,
    ("true", None): False,
    ("limit", 7): True,
    ("> limit", 8): True,
    ("[1, 2, 3]", 2): True,
    ('contains(?, "x")', "axe"): True,
    ('starts with(?, "b")', "axe"): False,
    ('date("2027-02-01")', date(2027, 2, 1)): True,
    ('5, > "x"', 5): True,
}


@pytest.mark.parametrize(("case", "expected"), UNARY.items(), ids=map(str, UNARY))
def test_a_cell_lets_its_input_pass(case: tuple[str, object], expected: bool | None):
    source, value = case

    assert feel.unary(source).matches(value, {"limit": 7}) is expected


def test_a_cell_that_cannot_say_tells_why():
    result = feel.unary('> "x"').matches_with_reasons(5, {})

    assert result.value is None
    assert [reason.message for reason in result.reasons] == [
        "A number and a string cannot be compared."
    ]


CHECKS = {
    "pirority = 3": [("unknown name", 0, 8, "Unknown name “pirority”: did you mean “priority”?")],
    "priority > 1 and zz": [("unknown name", 17, 2, "Unknown name “zz”.")],
    "priority +": [("syntax", 10, 1, "The expression ends where a value is expected.")],
    "cuont(priority)": [
        ("unknown function", 0, 5, "Unknown function “cuont”: did you mean “count”?")
    ],
    "round up()": [
        (
            "arguments",
            0,
            10,
            "round up cannot be called with 0 arguments: round up(n, scale?).",
        )
    ],
    '@"2027-13-01" > today()': [("value", 0, 13, "“2027-13-01” is no date, time or duration.")],
    "for p in parties return p.x": [],
    "parties[role = 3]": [],
    "{a: 1, b: a}": [],
    "function(x) x + priority": [],
}


@pytest.mark.parametrize(("source", "expected"), CHECKS.items(), ids=CHECKS)
def test_a_check_finds_what_is_wrong(source: str, expected: list[tuple[str, int, int, str]]):
    found = feel.check(source, ["priority", "parties"])

    assert [(f.kind, f.position, f.length, f.message) for f in found] == expected


def test_a_check_of_a_cell_knows_its_input():
    assert feel.check_unary("? > limit", ["limit"]) == []
    assert [f.kind for f in feel.check_unary("> limt", ["limit"])] == ["unknown name"]


PLAIN = {
    "1": 1,
    "1.50": 1.5,
    "1/3": "0.3333333333333333333333333333333333",
    "10 ** 20": 10**20,
    '@"2027-02-01"': "2027-02-01",
    '@"2027-02-01T11:30:00@Europe/Stockholm"': "2027-02-01T11:30:00@Europe/Stockholm",
    '@"11:30:00+01:00"': "11:30:00+01:00",
    '@"PT36H"': "P1DT12H",
    '@"P14M"': "P1Y2M",
    "[1, {a: null}]": [1, {"a": None}],
    "[1..2)": {"start": 1, "end": 2, "start included": True, "end included": False},
    "count": None,
}


@pytest.mark.parametrize(("source", "expected"), PLAIN.items(), ids=PLAIN)
def test_a_value_leaves_as_json(source: str, expected: object):
    assert feel.plain(feel.compile(source).evaluate({})) == expected


def test_json_comes_in_as_values():
    assert feel.value({"a": [1, 0.5, "x", None, True]}) == {"a": [D(1), D("0.5"), "x", None, True]}


def test_durations_and_moments_are_read_from_texts():
    assert feel.duration("P14D") == timedelta(days=14)
    assert feel.duration("P6M") == YearsMonthsDuration(6)
    assert feel.moment("2027-02-01") == date(2027, 2, 1)
    with pytest.raises(ValueError, match="is no duration"):
        feel.duration("14 days")
