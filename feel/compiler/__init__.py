"""Turns a tree into nested closures: ``run`` carries the evaluation, ``frame`` the local names."""

# Each module declares the compilers of its nodes when it is imported.
from feel.compiler import calls, comparisons, functions, loops, operators, paths, unary, values
from feel.compiler.closures import Code, Frame, compile_node
from feel.compiler.functions import apply, enter, user_function
from feel.compiler.unary import compile_unary

__all__ = [
    "Code",
    "Frame",
    "apply",
    "calls",
    "comparisons",
    "compile_node",
    "compile_unary",
    "enter",
    "functions",
    "loops",
    "operators",
    "paths",
    "unary",
    "user_function",
    "values",
]
