"""Random sound diagrams, changed somewhere while they run: what is foretold is what happens."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import diagram
from engine.moving import Renames, crossing_of
from engine.moving.planning import moved
from tests.engine.moving.crossings import foretold, move
from tests.engine.playing import Play
from tests.engine.spiff.games import (
    Fork,
    Inside,
    Interruptible,
    Loop,
    Maker,
    Pick,
    Step,
    Term,
    Then,
)

_ANSWERS: list[object] = [0, 1, 2, [0], [1, 2]]
#: Leaves every loop and takes no branch that a condition asks for.
_ON = 9
_MOST_STEPS = 400
_Change = Callable[[Term], Term]


class Editor:
    """Changes one place of a term, wherever a sequence may stand; remembers all places."""

    def __init__(self, at: int = -1, change: _Change = lambda term: term) -> None:
        self.at = at
        self.change = change
        self.seen: list[Term] = []
        #: By fork, the places of its branches.
        self.branches: dict[str, list[int]] = {}

    def slot(self, term: Term) -> Term:
        place = len(self.seen)
        self.seen.append(term)
        inner = self.inside(term)
        return self.change(inner) if place == self.at else inner

    def inside(self, term: Term) -> Term:
        match term:
            case Then(parts):
                return Then(tuple(map(self.slot, parts)))
            case Fork() | Pick():
                return replace(term, branches=tuple(self._branches(term)))
            case Loop():
                return replace(term, body=self.slot(term.body))
            case Inside():
                guards = (replace(each, other=self.slot(each.other)) for each in term.guards)
                return replace(term, body=self.slot(term.body), guards=tuple(guards))
            case Interruptible():
                host = self.inside(term.host)
                return replace(term, host=host, other=self.slot(term.other))
        return term

    def _branches(self, term: Fork | Pick) -> Iterator[Term]:
        for branch in term.branches:
            self.branches.setdefault(term.id, []).append(len(self.seen))
            yield self.slot(branch)


def at_joins(play: Play) -> set[str]:
    """The joins at which tokens wait."""
    return {
        token.element
        for frame in play.machine().standing.frames()
        for token in frame.tokens
        if token.via
    }


def edited(
    whole: Inside, play: Play, seen: set[str], dice: random.Random
) -> tuple[Inside, Renames]:
    """Insert a step, rename one, or remove one that nobody has come to."""
    looker = Editor()
    looker.inside(whole)
    joins = at_joins(play)
    open_forks = [at for id, found in looker.branches.items() if f"{id}j" in joins for at in found]
    at = dice.choice(open_forks or range(len(looker.seen)))
    term = looker.seen[at]
    renames: dict[tuple[str, str], str] = {}
    new = Step("new")
    change: _Change = lambda t: Then((t, new) if dice.random() < 0.5 else (new, t))  # noqa: E731
    if isinstance(term, Step) and dice.random() < 0.5:
        other = f"{term.id}_other"
        owner = next(id for id, p in play.library.diagrams.items() if term.id in p.elements)
        renames[owner, term.id] = other
        change = lambda t: replace(t, id=other)  # type: ignore[type-var]  # noqa: E731
    elif isinstance(term, Then) and (gone := _untouched(term, seen)):
        change = lambda t: _without(t, gone)  # noqa: E731
    found = Editor(at, change).inside(whole)
    assert isinstance(found, Inside)
    return found, renames


def _untouched(term: Then, seen: set[str]) -> str:
    """A step of a sequence that no token has entered; empty if there is none."""
    steps = (part.id for part in term.parts if isinstance(part, Step) and not part.decides)
    return next((id for id in steps if id not in seen), "")


def _without(term: Term, gone: str) -> Term:
    assert isinstance(term, Then)
    return Then(tuple(p for p in term.parts if not (isinstance(p, Step) and p.id == gone)))


def step_on(play: Play, dice: random.Random, seen: set[str]) -> None:
    """Do an open step, or hear a message."""
    machine = play.machine()
    waiting = [w for w in machine.waiting if w.kind == "message"]
    if waiting and dice.random() < 0.2:
        machine.catch(dice.choice(waiting).id, {})
    else:
        step = dice.choice(machine.open)
        machine.complete(step.id, {f"v_{step.element.id}": dice.choice(_ANSWERS)})
    play.keep(machine)
    seen.update(entry.element.id for entry in machine.log)


def finish(play: Play) -> None:
    """Do whatever is open until nothing is."""
    for _ in range(_MOST_STEPS):
        machine = play.machine()
        if machine.ended:
            return
        step = machine.open[0]
        machine.complete(step.id, {f"v_{step.element.id}": _ON})
        play.keep(machine)


def a_model(dice: random.Random) -> tuple[Maker, Inside]:
    """One that is no single step."""
    while True:
        maker = Maker(dice)
        whole = maker.whole()
        if not isinstance(whole.body, Step):
            return maker, whole


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_foretold_happens_and_the_case_comes_to_its_end(seed: int):
    dice = random.Random(seed)  # noqa: S311 - repeatable
    maker, whole = a_model(dice)

    def file(term: Inside) -> bytes:
        return Maker(dice, count=maker.count, messages=list(maker.messages)).file(term)

    play = Play(file(whole), {"place": []})
    seen = {entry.element.id for entry in play.last.log}
    for _ in range(dice.randint(0, 10)):
        if not play.ended and not at_joins(play):
            step_on(play, dice, seen)
    assume(not play.ended)
    other, renames = edited(whole, play, seen, dice)
    after = file(other)
    before, told = play.machine(), foretold(play, after, renames)
    crossing = crossing_of(
        ("1", play.library.diagrams),
        ("2", {p.id: p for p in diagram.read(after, "test.bpmn")}),
        renames,
    )

    assert told.blocked == ()
    assert move(play, after, renames) == told

    now = play.machine()
    if not told.fires:
        assert now.standing == moved(crossing, before.standing)
        assert {step.id for step in now.open} == {step.id for step in before.open}
        assert {w.id for w in now.waiting} == {w.id for w in before.waiting}
        assert now.variables == before.variables
    finish(play)
    assert play.ended
