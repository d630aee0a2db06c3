# ruff: noqa: T201 - it prints what it measured
"""Samples taken in turn, and lines that say whether a target was met."""

import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

#: What is timed; what it returns is done afterwards, outside the time.
Act = Callable[[], "Callable[[], object] | None"]


@dataclass
class Report:
    """What was measured, printed as it comes."""

    missed: list[str] = field(default_factory=list)

    def section(self, title: str) -> None:
        print(f"\n{title}", flush=True)

    def figure(self, name: str, value: str) -> None:
        print(f"  {name:58} {value}", flush=True)

    def at_most(self, name: str, found: float, limit: float, unit: str = "×") -> None:
        self._judge(name, found, limit, unit, found <= limit, "at most")

    def at_least(self, name: str, found: float, limit: float, unit: str = "×") -> None:
        self._judge(name, found, limit, unit, found >= limit, "at least")

    def _judge(
        self, name: str, found: float, limit: float, unit: str, met: bool, word: str
    ) -> None:
        said = "met" if met else "MISSED"
        print(f"  {name:58} {found:9.2f} {unit:5} {word} {limit:g}: {said}", flush=True)
        if not met:
            self.missed.append(name)

    def end(self) -> int:
        """The exit code."""
        if self.missed:
            print(f"\n{len(self.missed)} missed: " + "; ".join(self.missed))
        else:
            print("\nAll targets are met.")
        return 1 if self.missed else 0


def progress(text: str) -> None:
    """What is being prepared; on the error channel, so that figures can be kept apart."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def in_turn(kinds: Mapping[str, list[Act]], *, seed: int = 1) -> dict[str, list[float]]:
    """Milliseconds of every act. Each round does one of each kind, in random order."""
    order = random.Random(seed)  # noqa: S311
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(min(len(acts) for acts in kinds.values())):
        names = list(kinds)
        order.shuffle(names)
        for name in names:
            act = kinds[name][number]
            begun = time.perf_counter()
            afterwards = act()
            times[name].append((time.perf_counter() - begun) * 1000)
            if afterwards is not None:
                afterwards()
    return times


def middle(times: Mapping[str, list[float]]) -> dict[str, float]:
    """Medians, the first tenth of each left out as warming up."""
    return {name: median(found[len(found) // 10 :]) for name, found in times.items()}


def p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]
