"""FEEL, the expression language of DMN 1.5: safe, bounded, and plain about what is wrong.

>>> compile("age >= 18 and not(closed)").evaluate({"age": 20, "closed": False})
True
"""

from feel.budget import Budget
from feel.calendar import Calendar
from feel.check import Finding, check, check_unary
from feel.errors import FeelError, FeelLimit, FeelSyntaxError
from feel.exchange import duration, moment, plain, value
from feel.expression import Expression, Result, UnaryTests, compile, unary
from feel.printer import write
from feel.run import Reason, Run
from feel.values import Function, Range, Value, YearsMonthsDuration

__all__ = [
    "Budget",
    "Calendar",
    "Expression",
    "FeelError",
    "FeelLimit",
    "FeelSyntaxError",
    "Finding",
    "Function",
    "Range",
    "Reason",
    "Result",
    "Run",
    "UnaryTests",
    "Value",
    "YearsMonthsDuration",
    "check",
    "check_unary",
    "compile",
    "duration",
    "moment",
    "plain",
    "unary",
    "value",
    "write",
]
