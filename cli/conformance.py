"""Print the results of the DMN conformance suites."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from engine.decisions import tck


def run(folder: Path, *, failures: bool = False) -> int:
    """Print each suite as it is done, then all together.

    Exit 2 if there is no such folder, or no suite in it.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not folder.is_dir():
        console.print(f"{folder} is not a folder.")
        return 2
    cases: list[tck.CaseResult] = []
    for suite in tck.run(folder):
        console.print(f"{suite.name}: {_counted(suite.cases)}")
        for case in suite.cases:
            if failures and not case.passed:
                console.print(f"  {case.case} {case.decision}: {case.message}")
        cases += suite.cases
    if not cases:
        console.print(f"{folder} holds no suites.")
        return 2
    console.print(f"literal expressions: {_counted(case for case in cases if case.literal)}")
    console.print(_counted(cases))
    return 0


def _counted(cases: Iterable[tck.CaseResult]) -> str:
    passed = [case.passed for case in cases]
    return f"passed {sum(passed)} of {len(passed)}"
