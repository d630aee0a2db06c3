"""The built-in functions are those of DMN 1.5, chapter 10.3.4, by name and parameters."""

import pytest

from feel.builtins import BUILTINS

STANDARD = """
10.3.4.1 conversion
    date(from)
    date(year, month, day)
    date and time(date, time)
    date and time(from)
    time(from)
    time(hour, minute, second, offset)
    number(from, grouping separator, decimal separator)
    string(from)
    duration(from)
    years and months duration(from, to)
    range(from)
10.3.4.2 boolean
    not(negand)
10.3.4.3 string
    substring(string, start position)
    substring(string, start position, length)
    string length(string)
    upper case(string)
    lower case(string)
    substring before(string, match)
    substring after(string, match)
    replace(input, pattern, replacement)
    replace(input, pattern, replacement, flags)
    contains(string, match)
    starts with(string, match)
    ends with(string, match)
    matches(input, pattern)
    matches(input, pattern, flags)
    split(string, delimiter)
    string join(list, delimiter)
    string join(list)
10.3.4.4 list
    list contains(list, element)
    list replace(list, position, newItem)
    list replace(list, match, newItem)
    count(list)
    min(list)
    max(list)
    sum(list)
    mean(list)
    all(list)
    any(list)
    sublist(list, start position)
    sublist(list, start position, length)
    append(list, item)
    concatenate(list)
    insert before(list, position, newItem)
    remove(list, position)
    reverse(list)
    index of(list, match)
    union(list)
    distinct values(list)
    flatten(list)
    product(list)
    median(list)
    stddev(list)
    mode(list)
10.3.4.5 numeric
    decimal(n, scale)
    floor(n)
    floor(n, scale)
    ceiling(n)
    ceiling(n, scale)
    round up(n, scale)
    round down(n, scale)
    round half up(n, scale)
    round half down(n, scale)
    abs(n)
    modulo(dividend, divisor)
    sqrt(number)
    log(number)
    exp(number)
    odd(number)
    even(number)
10.3.4.6 date and time
    is(value1, value2)
10.3.4.7 range
    before(point1, point2)
    before(point, range)
    before(range, point)
    before(range1, range2)
    after(point1, point2)
    after(point, range)
    after(range, point)
    after(range1, range2)
    meets(range1, range2)
    met by(range1, range2)
    overlaps(range1, range2)
    overlaps before(range1, range2)
    overlaps after(range1, range2)
    finishes(point, range)
    finishes(range1, range2)
    finished by(range, point)
    finished by(range1, range2)
    includes(range, point)
    includes(range1, range2)
    during(point, range)
    during(range1, range2)
    starts(point, range)
    starts(range1, range2)
    started by(range, point)
    started by(range1, range2)
    coincides(point1, point2)
    coincides(range1, range2)
10.3.4.8 temporal
    day of year(date)
    day of week(date)
    month of year(date)
    week of year(date)
10.3.4.9 sort
    sort(list, precedes)
10.3.4.10 context
    get value(m, key)
    get entries(m)
    context(entries)
    context put(context, key, value)
    context put(context, keys, value)
    context merge(contexts)
10.3.4.11 clock
    now()
    today()
"""
LINES = [line.strip() for line in STANDARD.splitlines() if line.startswith(" ")]
BEYOND = {
    # What the editors of Camunda suggest.
    "assert",
    "duplicate values",
    "extract",
    "get or else",
    "is blank",
    "is defined",
    "is empty",
    "last day of month",
    "partition",
    "trim",
    # What packs need of their calendar.
    "add working days",
    "is working day",
    "working days between",
}


def read(line: str) -> tuple[str, list[str]]:
    name, _, inner = line.removesuffix(")").partition("(")
    return name, inner.split(", ") if inner else []


@pytest.mark.parametrize("line", LINES)
def test_a_function_of_the_standard_takes_the_parameters_of_the_standard(line: str):
    name, parameters = read(line)

    taken = [each.ordered(dict.fromkeys(parameters)) for each in BUILTINS[name].signatures]

    assert any(values is not None for values in taken)


def test_there_are_the_functions_of_the_standard_and_those_that_are_named_here():
    assert set(BUILTINS) == {read(line)[0] for line in LINES} | BEYOND
