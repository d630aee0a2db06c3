"""A step's price beside the least that durable storage costs, and beside naive SpiffWorkflow.

Everything is measured in one run, in random turns, and read as ratios: the machine may be busy,
but it is busy for all.
"""

import time
from statistics import median

from engine.check import check_file
from tests.bench import site, steps, waits
from tests.bench.report import Report
from tests.bench.worlds import World, places

_MOST_CHECK_MS = 50.0


def main() -> int:
    """Print the figures; 1 if a target is missed."""
    report = Report()
    for kind in ("sqlite", "postgresql"):
        with places(kind) as place:
            steps.measure(report, World(place))
            waits.measure(report, World(place))
        with places(kind) as place:
            site.measure(report, place)
    _measure_check(report)
    return report.end()


def _measure_check(report: Report) -> None:
    """What an owner waits for after each change: one file, all its walks."""
    report.section("checking a diagram, medians")
    found = []
    for path in sorted(site.ARENA.glob("*.bpmn")):
        data, times = path.read_bytes(), []
        for _ in range(5):
            begun = time.perf_counter()
            check_file(data, path.name)
            times.append((time.perf_counter() - begun) * 1000)
        found.append(median(times))
    report.figure("the slowest of the arena's diagrams", f"{max(found):9.2f} ms")
    report.at_most("a typical diagram", median(found), _MOST_CHECK_MS, "ms")
