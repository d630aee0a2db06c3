"""Nothing an owner can write executes anything, runs away or eats the memory."""

import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

import feel
from cli.guarded import Guarded

DUNDERS = [
    "__class__",
    "__bases__",
    "__subclasses__",
    "__globals__",
    "__builtins__",
    "__import__",
    "__init__",
    "__dict__",
    "__mro__",
    "__getattribute__",
    "f_back",
    "gi_frame",
    "tb_frame",
    "func_globals",
]
VALUES = ['""', "1", "[]", "{}", "x", "count", 'date("2027-01-01")', "[1..2]"]
WALKS = [f"{value}.{name}" for value in VALUES for name in DUNDERS]
CODE = [
    "__import__('os').system('touch /tmp/feel-was-here')",
    '__import__("os")',
    'open("/etc/passwd")',
    'eval("1")',
    'exec("1")',
    'getattr(x, "y")',
    "lambda: 1",
    "().__class__.__base__.__subclasses__()",
    "x.__class__.__init__.__globals__",
    "[x for x in [1]]",
    '"{0.__class__}".format(1)',
    '"%s" % 1',
    'f"{1}"',
    'function(x) external {java: {class: "java.lang.Runtime", method signature: "exec()"}}',
    '{f: function(x) external {java: {class: "java.lang.Math"}}, r: f(1)}.r',
    "globals()",
    "self",
    "import os",
    "1; 2",
    "x = 1 = 2",
    "`id`",
    "${7*7}",
    "{{7*7}}",
    "#{7*7}",
    "\x00",
    "\ud800",
    "\u202e1",
    "\u2066a\u2069",
    "\uff43\uff4f\uff55\uff4e\uff54([1])",
    "\u0441\u043eunt([1])",
    "x\u200b",
    "1\u00a0+\u00a01",
    "\u0663 + \u0664",
    "²",
    "Ⅷ",
    '"' + "\ud83d" + '"',
    '"\\ud83d"',
    '"\\U110000"',
    '"\\uZZZZ"',
    '@""',
    '@"P"',
    '@"9999999999-01-01"',
    '@"P99999999999999999999Y"',
    '@"P999999999999999999D"',
    '@"T"',
]
NESTS = [
    "(" * 3000 + "1" + ")" * 3000,
    "[" * 3000 + "]" * 3000,
    "{a:" * 2000 + "1" + "}" * 2000,
    "-" * 5000 + "1",
    "not(" * 2000 + "true" + ")" * 2000,
    "if true then " * 1000 + "1",
    "1" + "+1" * 5000,
    "x" + ".x" * 5000,
    "x" + "[1]" * 3000,
    "f" + "()" * 3000,
    " and ".join(["true"] * 2000),
    "true = " * 2000 + "true",
    "function(x) " * 1000 + "1",
    "for x in 1..2 return " * 500 + "1",
    "some x in [1] satisfies " * 500 + "true",
    "x instance of " + "list<" * 1000 + "number" + ">" * 1000,
    "1 in (" * 1000 + "1" + ")" * 1000,
    "[1.." * 1000 + "2" + "]" * 1000,
    "]1..10[" * 500,
    "x between 1 and " * 500 + "1",
    "a " * 5000,
    "1" * 19_000,
    '"' + "a" * 50_000 + '"',
    "/*" * 5000,
    '"' * 4999,
]
BOMBS = [
    "9 ** 9 ** 9 ** 9",
    "10 ** 6145",
    "10 ** 999999999999",
    "2 ** 0.5 ** 1000",
    "exp(99999999)",
    "exp(exp(10))",
    "1e6144 * 1e6144",
    "decimal(1e6000, 6000)",
    "round up(1e-6000, 6175)",
    "floor(1e6144)",
    "1e6144 modulo 3",
    "modulo(1e6144, 3)",
    "for x in 1..999999999999 return x",
    "for x in 1..100000, y in 1..100000 return x",
    "for x in 1..1e6144 return x",
    "for x in [1..9999999999] return x",
    'for d in date("0001-01-01")..date("9999-12-31") return d',
    "some x in 1..9999999 satisfies x < 0",
    "every x in 1..9999, y in 1..9999 satisfies true",
    "for x in 1..40000 return partial",
    "for x in 1..3000 return for y in 1..3000 return [x, y]",
    '{a: "aaaaaaaaaa", b: a+a+a+a+a+a+a+a+a+a, c: b+b+b+b+b+b+b+b+b+b,'
    " d: c+c+c+c+c+c+c+c+c+c, e: d+d+d+d+d+d+d+d+d+d, f: e+e+e+e+e+e+e+e+e+e}.f",
    'for x in 1..40000 return string join(for y in 1..1000 return "aaaaaaaaaa")',
    'string join(for x in 1..40000 return "aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb")',
    'replace(string join(for x in 1..9000 return "a"), "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
    'replace(string join(for x in 1..9000 return "a"), "(.+)", "$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1")',
    "{f: function(x) f(x), r: f(1)}.r",
    "{f: function(g) g(g), r: f(f)}.r",
    "(function(f) f(f))(function(f) f(f))",
    "(function(f, n) f(f, n + 1))(function(f, n) f(f, n + 1), 1)",
    "(function(f) [f(f), f(f)])(function(f) [f(f), f(f)])",
    "sort(for x in 1..40000 return x, function(a, b) a > b)",
    "sort(for x in 1..2000 return -x, function(a, b) count(for y in 1..1000 return y) > 0)",
    "distinct values(for x in 1..20000 return {a: x})",
    "duplicate values(for x in 1..20000 return x)",
    "union(for x in 1..20000 return [x], for x in 1..20000 return [x])",
    "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b],"
    " d: [c,c,c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e],"
    " g: flatten(f)}.g",
    "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b],"
    " d: [c,c,c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e],"
    " g: string(f)}.g",
    "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b],"
    " d: [c,c,c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e],"
    " g: f = [e,e,e,e,e,e,e,e,e,e]}.g",
    "{a: {x: 1, y: 1}, b: {x: a, y: a}, c: {x: b, y: b}, d: {x: c, y: c}, e: {x: d, y: d},"
    " f: {x: e, y: e}, g: {x: f, y: f}, h: {x: g, y: g}, i: {x: h, y: h}, j: {x: i, y: i},"
    " k: {x: j, y: j}, l: {x: k, y: k}, m: {x: l, y: l}, n: {x: m, y: m}, o: {x: n, y: n},"
    " p: {x: o, y: o}, q: {x: p, y: p}, r: {x: q, y: q}, s: {x: r, y: r}, t: {x: s, y: s},"
    " u: {x: t, y: t}, v: {x: u, y: u}, w: {x: v, y: v}, z: w = {x: v, y: v}}.z",
    "concatenate(for x in 1..40000 return x, for x in 1..40000 return x)",
    "context merge(for x in 1..40000 return {a: x})",
    'add working days(@"2027-01-01", 99999999)',
    'working days between(date("0001-01-01"), date("9999-12-31"))',
    '@"2027-01-01" + @"P999999999D"',
    '@"P999999999D" * 1e300',
    '@"P1Y" * 1e6000',
    '@"P999999999D" + @"P999999999D"',
    '-@"-P999999999D"',
    'number("' + "9" * 10_000 + '")',
    "stddev(for x in 1..40000 return x)",
    "index of(for x in 1..40000 return 1, 1)",
    "partition(for x in 1..40000 return x, 1)",
    "for x in 1..10000 return exp(x)",
    "for x in 1..10000 return 2 ** (1 / x)",
]
TEXT = "a" * 5000
PATTERNS = [
    "(a+)+$",
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+$",
    "(.*a){20}",
    "(a?){500}a{500}",
    "((a+)+)+b",
    "(a+)*\\1b",
    "(a*)*\\1\\1b",
    "^(a|b|ab)*c$",
    ".*.*.*.*.*=.*",
    "(x+x+)+y",
    "([a-z]+)*1",
    "(a{1,100}){1,100}",
    "a{99999}",
    "a{1,99999}",
    "((a{100}){100}){100}",
    "(" * 200 + "a" + ")" * 200,
    "[" * 100,
    "(?:a|(?:a|(?:a|b)))*c",
    "(\\w+\\s*)+:",
    "(a|b|c|d|e|f|g|h|i|j)*z",
    "\\p{L}*\\p{Lu}",
    "(((((a*)*)*)*)*)*b",
    "(.)*(.)*(.)*(.)*(.)*b",
    "()*",
    "(a|)*b",
    "[^b]*b",
    "\\p{Nonsense}",
    "(?=a)",
    "(?<name>a)",
    "(?i)a",
    "a**",
    "a{2,1}",
    "\\",
    "[z-a]",
]
MATCHES = [
    source
    for pattern in PATTERNS
    for source in (
        f"matches(text, pattern_{PATTERNS.index(pattern)})",
        f'replace(text, pattern_{PATTERNS.index(pattern)}, "x")',
        f"split(text, pattern_{PATTERNS.index(pattern)})",
    )
]
CORPUS = [*WALKS, *CODE, *NESTS, *BOMBS, *MATCHES]
CONTEXT = {
    "x": {"a": 1},
    "text": TEXT,
    **{f"pattern_{number}": pattern for number, pattern in enumerate(PATTERNS)},
}
MOST_SECONDS = 5.0
#: Of a process that has seen the attacks before; one by itself takes half of it.
MOST_MEGABYTES = 100
FORBIDDEN = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "ctypes.")
#: Python would tell of each.
TOLD = {
    "compile": lambda: compile("1", "text", "eval"),
    "open": lambda: open("/dev/null").close(),
    "import": lambda: __import__("this_is_no_module"),
}
_heard: list[str] | None = None


def outcome(source: str) -> object:
    """The value, or the package's own error; anything else is for the test to fail on."""
    try:
        return feel.compile(source).evaluate(CONTEXT)
    except feel.FeelError as error:
        return error


def heard_while(do: Callable[[], object]) -> list[str]:
    """What Python runs, imports or opens meanwhile.

    Nobody can stop listening, and it makes everything slow: for processes that end soon.
    """
    global _heard
    if _heard is None:
        sys.addaudithook(_hear)
    _heard = []
    do()
    found, _heard = _heard, []
    return found


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _heard is not None and event.startswith(FORBIDDEN):
        _heard.append(f"{event}{arguments}")


def attacked(source: str) -> list[str]:
    """What Python was made to do by it, and what came of it that may not."""
    values: list[object] = []
    wrong = heard_while(lambda: values.append(outcome(source)))
    return wrong + [
        f"gave {value!r}"
        for value in values
        if callable(value) and not isinstance(value, feel.Function)
    ]


def told(name: str) -> list[str]:
    with suppress(ImportError):
        return heard_while(TOLD[name])
    return _heard or []


def test_the_corpus_is_large():
    assert len(set(CORPUS)) >= 200


def test_an_attack_ends_soon_and_small_and_does_nothing():
    """Each in a process that may take so much and no more; None: it took more, or failed."""
    with Guarded(attacked, MOST_SECONDS, MOST_MEGABYTES) as attack:
        came = {source[:200]: attack(source) for source in CORPUS}

    assert {source: wrong for source, wrong in came.items() if wrong != []} == {}


def test_who_takes_too_much_or_does_something_is_noticed():
    with Guarded(bytearray, MOST_SECONDS, MOST_MEGABYTES) as hungry:
        assert hungry(1_000) == bytearray(1_000)
        assert hungry((MOST_MEGABYTES + 10) * 1024 * 1024) is None
    with Guarded(told, MOST_SECONDS, MOST_MEGABYTES) as loud:
        assert all(loud(name) for name in TOLD)


@pytest.mark.parametrize("source", WALKS)
def test_no_path_leads_into_python(source: str):
    assert outcome(source) in (None, [])


LIMITS = {
    "for x in 1..999999999999 return x": "items",
    "{f: function(x) f(x), r: (function(g) g(g))(function(g) g(g))}.r": "depth",
    "some x in 1..9000, y in 1..9000 satisfies false": "steps",
    "(" * 60 + "1" + ")" * 60: "depth",
    "1" + "+1" * 200: "depth",
    "1" * 401: "number",
    " " * 20_001: "source",
    'matches(text, "a{6000}")': "pattern",
    "for x in 1..2 return text + text + text + text + text + text + text + text + text + text"
    " + text + text + text + text + text + text + text + text + text + text + text": "text",
}


@pytest.mark.parametrize(("source", "limit"), LIMITS.items(), ids=LIMITS.values())
def test_a_limit_is_an_error_that_names_it(source: str, limit: str):
    with pytest.raises(feel.FeelLimit) as caught:
        feel.compile(source).evaluate(CONTEXT)

    assert caught.value.limit == limit
    assert caught.value.message.endswith(".")


def test_a_deep_context_is_a_limit_and_no_crash():
    deep: object = 1
    for _ in range(5000):
        deep = [deep]

    with pytest.raises(feel.FeelLimit):
        feel.compile("x = [x]").evaluate({"x": deep})


FAST = ["(a+)+$", "(a*)*b", "(a|a)*b", "(a|aa)+$", "^(a|b|ab)*c$", "(((((a*)*)*)*)*)*b"]


@pytest.mark.parametrize("pattern", FAST)
def test_a_catastrophic_pattern_takes_time_in_proportion_to_the_text(pattern: str):
    spent = []
    for length in (200, 400):
        budget = feel.Budget(steps=10_000_000)
        expression = feel.compile("matches(text, pattern)")
        expression.evaluate({"text": "a" * length + "!", "pattern": pattern}, budget=budget)
        spent.append(10_000_000 - budget.steps)

    assert spent[1] < spent[0] * 2.5
