"""Print the results of the DMN conformance suites."""

from pathlib import Path

from rich.console import Console

from engine.decisions import tck


def run(folder: Path) -> int:
    """Exit 2 if there is no such folder."""
    console = Console(highlight=False)
    if not folder.is_dir():
        console.print(f"{folder} is not a folder.")
        return 2
    passed = total = 0
    for suite in tck.run(folder):
        console.print(f"{suite.name}: passed {suite.passed} of {suite.total}")
        passed, total = passed + suite.passed, total + suite.total
    console.print(f"passed {passed} of {total}")
    return 0
