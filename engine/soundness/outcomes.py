"""How called processes can go, so that who calls them is walked across the call."""

from __future__ import annotations

from collections.abc import Mapping
from time import thread_time

from engine.diagram import Process
from engine.profile import label
from engine.soundness.graph import Outcome
from engine.soundness.net import Net
from engine.soundness.walk import MOST_MARKINGS, MOST_SECONDS, Walk, walk_all

_SHOWN_STEPS = 8


class Outcomes:
    """The outcomes of the processes that are known, each walked once, within so many seconds."""

    def __init__(self, processes: Mapping[str, Process], *, seconds: float = MOST_SECONDS) -> None:
        self._processes = processes
        self._until = thread_time() + seconds
        #: None for a process that cannot be told, or that is being walked: it calls itself.
        self._found: dict[str, Outcome | None] = {}

    def called_by(self, process: Process) -> dict[str, Outcome]:
        """How the processes that this one calls can go, as far as that is known."""
        called = {element.called for element in process.nodes if element.called}
        found = {id: self._of(id) for id in sorted(called & self._processes.keys())}
        return {id: outcome for id, outcome in found.items() if outcome is not None}

    def _of(self, id: str) -> Outcome | None:
        if id not in self._found:
            self._found[id] = None
            self._found[id] = self._walked(self._processes[id])
        return self._found[id]

    def _walked(self, process: Process) -> Outcome | None:
        net = Net(process, self.called_by(process))
        seconds = self._until - thread_time()
        if seconds <= 0:
            return None
        walk = walk_all(net, net.initial()[:1], markings=MOST_MARKINGS, seconds=seconds)
        if walk.cut_short or walk.doubled:
            return None
        return Outcome(
            ends=0 in walk.came,
            raised=frozenset(walk.raised) | frozenset(net.raises()),
            blocked=_blocked(process, net, walk),
            endless=_endless(process, net, walk),
        )


def _blocked(process: Process, net: Net, walk: Walk) -> str:
    if not walk.stuck:
        return ""
    path = in_steps(process, walk.path(walk.stuck[0]))
    inside = [net.outcome(element) for element in net.waits_at(walk.stuck[0])]
    further = [outcome.blocked or outcome.endless for outcome in inside if outcome is not None]
    return " → ".join([path, *filter(None, further[:1])])


def _endless(process: Process, net: Net, walk: Walk) -> str:
    marking = walk.endless(net)
    return "" if marking is None else in_steps(process, walk.path(marking))


def in_steps(process: Process, way: list[str]) -> str:
    """The last steps of a way by their names, as people read them."""
    names = [label(process.elements[id]) for id in dict.fromkeys(way)]
    shown = names[-_SHOWN_STEPS:]
    return " → ".join(["…", *shown] if len(shown) < len(names) else shown)
