"""Random sound diagrams, and a token game of its own that says what should be open.

The game knows nothing of SpiffWorkflow, graphs or joins: it rewrites terms. A sequence is left at
its end, branches in parallel are left once all have been, a loop begins again; a message puts
another term in the place of one, or beside it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.engine.drawing import (
    a_file,
    a_process,
    aside,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    event,
    flow,
    link,
    message,
    path,
    some,
    start,
    sub_process,
    throw,
    user,
    xor,
)

Place = tuple[str, tuple[int, ...]]
"""A step and the items of the multi-instances around it."""


@dataclass(frozen=True)
class Step:
    """One user task; ``decides`` names the variable that its answer sets."""

    id: str
    decides: str = ""


@dataclass(frozen=True)
class Then:
    parts: tuple["Term", ...]


@dataclass(frozen=True)
class Fork:
    """Parallel or inclusive: ``question`` None takes every branch, else those it names."""

    id: str
    branches: tuple["Term", ...]
    question: Step | None = None


@dataclass(frozen=True)
class Pick:
    id: str
    branches: tuple["Term", ...]
    question: Step


@dataclass(frozen=True)
class Loop:
    id: str
    body: "Term"
    question: Step


@dataclass(frozen=True)
class Leap:
    """A link event that is thrown, and the one that catches it."""

    id: str


@dataclass(frozen=True)
class Guard:
    """An event sub-process that a message starts."""

    message: str
    other: "Term"
    interrupting: bool


@dataclass(frozen=True)
class Inside:
    """A sub-process (``kind`` sub) or a called process (call), perhaps once per item."""

    id: str
    kind: str
    body: "Term"
    items: int | None = None
    one_by_one: bool = False
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Interruptible:
    """A step, a sub-process, a call or many of those with a message on the border."""

    host: "Term"
    message: str
    other: "Term"
    interrupting: bool


Term = Step | Then | Fork | Pick | Loop | Leap | Inside | Interruptible


@dataclass
class Maker:
    """Makes terms, and draws them."""

    dice: random.Random
    budget: int = 20
    count: int = 0
    processes: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def step(self) -> Step:
        return Step(self.name("t"))

    def question(self) -> Step:
        id = self.name("q")
        return Step(id, f"v_{id}")

    def term(self, depth: int = 0, *, listening: bool = True) -> Term:
        self.budget -= 1
        if self.budget <= 0 or depth > 4:
            return self.step()
        kinds = [
            "step",
            "then",
            "then",
            "fork",
            "or",
            "pick",
            "loop",
            "sub",
            "call",
            "many",
            "leap",
        ]
        if listening:
            kinds += ["beside", "beside", "beside", "guarded", "guarded"]
        if depth == 0:
            kinds.remove("step")
        return self._make(self.dice.choice(kinds), depth + 1, listening)

    def _make(self, kind: str, depth: int, listening: bool) -> Term:
        def inner() -> Term:
            return self.term(depth, listening=listening)

        match kind:
            case "then" | "fork" | "or" | "pick":
                parts = tuple(inner() for _ in range(self.dice.randint(2, 3)))
                return self._several(kind, parts)
            case "loop":
                return Loop(self.name("l"), inner(), self.question())
            case "leap":
                return Then((self.step(), Leap(self.name("k")), inner()))
            case "step":
                return self.step()
            case _:
                return self._around(kind, depth, inner)

    def _around(self, kind: str, depth: int, inner: Callable[[], Term]) -> Term:
        match kind:
            case "many":
                return self._many(depth)
            case "guarded":
                return self._guarded(inner)
            case "beside":
                return self._beside_something(depth, inner)
            case _:
                return Inside(self.name("s"), kind, inner())

    def _many(self, depth: int) -> Inside:
        body = self.term(depth, listening=False)
        what = self.dice.choice(["sub", "call", "call"])
        items = self.dice.choice([0, 1, 2, 3])
        return Inside(self.name("m"), what, body, items, self.dice.random() < 0.3)

    def _guarded(self, inner: Callable[[], Term]) -> Inside:
        guards = self.guards(inner, self.dice.choice([1, 1, 2]))
        return Inside(self.name("s"), self.dice.choice(["sub", "call"]), inner(), guards=guards)

    def guards(self, inner: Callable[[], Term], count: int) -> tuple[Guard, ...]:
        return tuple(self._guard(inner) for _ in range(count))

    def _guard(self, inner: Callable[[], Term]) -> Guard:
        interrupting = self.dice.random() < 0.5
        return Guard(self._message(), inner() if interrupting else self.step(), interrupting)

    def _message(self) -> str:
        name = self.name("msg")
        self.messages.append(name)
        return name

    def whole(self) -> Inside:
        """A process, perhaps with event sub-processes of its own."""
        term = self.term()
        guards = self.guards(self.step, self.dice.choice([0, 0, 1, 2]))
        return Inside("top", "sub", term, guards=guards)

    def _several(self, kind: str, parts: tuple[Term, ...]) -> Term:
        if kind == "then":
            return Then(parts)
        if kind == "fork":
            return Fork(self.name("g"), parts)
        make = Fork if kind == "or" else Pick
        return make(self.name("g"), parts, self.question())

    def _beside_something(self, depth: int, inner: Callable[[], Term]) -> Term:
        kind = self.dice.choice(["sub", "sub", "call", "many", "many", "step", "step"])
        host: Term = self.step()
        if kind == "many":
            host = self._many(depth)
        elif kind != "step":
            host = Inside(self.name("s"), kind, inner())
        name = self._message()
        interrupting = self.dice.random() < 0.7
        # Heard again while the first answer to it is still going on: several tokens there.
        return Interruptible(host, name, inner() if interrupting else self.step(), interrupting)

    # Drawing: each term has one way in and one way out.

    def file(self, whole: Inside) -> bytes:
        top = a_process("top", *self.body(whole))
        return a_file(top, *self.processes, declared="".join(map(message, self.messages)))

    def body(self, whole: Inside) -> list[str]:
        """All that lies in a process or sub-process."""
        id = self.name("x")
        parts, first, last = self.draw(whole.body)
        return [
            start(f"s{id}"),
            end(f"e{id}"),
            *parts,
            path(f"s{id}", first),
            path(last, f"e{id}"),
            *map(self._beside_everything, whole.guards),
        ]

    def _beside_everything(self, guard: Guard) -> str:
        id = f"g_{guard.message}"
        parts, first, last = self.draw(guard.other)
        return aside(
            id,
            event("message", guard.message),
            *parts,
            end(f"{id}e"),
            path(f"{id}_on", first),
            path(last, f"{id}e"),
            interrupting=guard.interrupting,
        )

    def draw(self, term: Term) -> tuple[list[str], str, str]:
        """The parts, the first and the last element."""
        match term:
            case Step(id, decides):
                outputs = {decides: f"={decides}"} if decides else None
                return [user(id, outputs=outputs)], id, id
            case Then(parts):
                return self._sequence([self.draw(part) for part in parts])
            case Fork(id, branches, question):
                return self._fork(id, branches, question)
            case Pick(id, branches, question):
                return self._pick(id, branches, question)
            case Loop() | Leap():
                return self._back_or_away(term)
            case Inside():
                return self._inside(term)
            case Interruptible():
                return self._beside(term)

    def _back_or_away(self, term: Loop | Leap) -> tuple[list[str], str, str]:
        if isinstance(term, Loop):
            return self._loop(term.id, term.body, term.question)
        caught = f"{term.id}_in"
        return [throw(term.id, link(term.id)), catch(caught, link(term.id))], term.id, caught

    def _sequence(self, drawn: list[tuple[list[str], str, str]]) -> tuple[list[str], str, str]:
        parts = [part for each_drawn in drawn for part in each_drawn[0]]
        for before, after in pairwise(drawn):
            parts.append(path(before[2], after[1]))
        return parts, drawn[0][1], drawn[-1][2]

    def _fork(
        self, id: str, branches: tuple[Term, ...], question: Step | None
    ) -> tuple[list[str], str, str]:
        if question is None:
            parts = [both(id), both(f"{id}j")]
            first = id
        else:
            asked, first, _ = self.draw(question)
            default = f"{id}_default"
            parts = [*asked, some(id, default), some(f"{id}j"), path(first, id)]
            parts.append(flow(id, f"{id}j", id=default))
        for number, branch in enumerate(branches):
            drawn, entry, leaving = self.draw(branch)
            test = f"=list contains({question.decides}, {number})" if question else ""
            parts += [*drawn, flow(id, entry, test), path(leaving, f"{id}j")]
        return parts, first, f"{id}j"

    def _pick(
        self, id: str, branches: tuple[Term, ...], question: Step
    ) -> tuple[list[str], str, str]:
        asked, first, _ = self.draw(question)
        default = f"{id}_default"
        parts = [*asked, xor(id, default), xor(f"{id}j"), path(first, id)]
        parts.append(flow(id, f"{id}j", id=default))
        for number, branch in enumerate(branches):
            drawn, entry, leaving = self.draw(branch)
            parts += [*drawn, flow(id, entry, f"={question.decides} = {number}")]
            parts.append(path(leaving, f"{id}j"))
        return parts, first, f"{id}j"

    def _loop(self, id: str, body: Term, question: Step) -> tuple[list[str], str, str]:
        drawn, entry, leaving = self.draw(body)
        asked, first, _ = self.draw(question)
        out = f"{id}o"
        parts = [*drawn, *asked, xor(id), xor(f"{id}x", f"{id}x_{out}"), xor(out)]
        parts += [path(id, entry), path(leaving, first, f"{id}x", out)]
        parts.append(flow(f"{id}x", id, f"={question.decides} = 1"))
        return parts, id, out

    def _inside(self, term: Inside) -> tuple[list[str], str, str]:
        many, inputs = "", None
        if term.items is not None:
            numbers = ", ".join(str(n) for n in range(term.items))
            many = each(f"=[{numbers}]", "item", one_by_one=term.one_by_one)
            inputs = {"place": "=concatenate(place, [item])"}
        elif term.kind == "call":
            inputs = {"place": "=place"}
        inside = self.body(term)
        if term.kind == "call":
            self.processes.append(a_process(f"p_{term.id}", *inside))
            return [call(term.id, f"p_{term.id}", inside=many, inputs=inputs)], term.id, term.id
        return [sub_process(term.id, many, *inside, inputs=inputs)], term.id, term.id

    def _beside(self, term: Interruptible) -> tuple[list[str], str, str]:
        drawn, host, _ = self.draw(term.host)
        other, entry, leaving = self.draw(term.other)
        id = f"b_{term.message}"
        beside = boundary(id, host, event("message", term.message), interrupting=term.interrupting)
        parts = [*drawn, *other, beside, path(id, entry)]
        if term.interrupting:
            join = f"{id}j"
            return [*parts, xor(join), path(host, join), path(leaving, join)], host, join
        return [*parts, end(f"{id}e"), path(leaving, f"{id}e")], host, host


# The game


@dataclass
class Run:
    """A term that is being played. ``here`` are the items around it."""

    term: Term
    here: tuple[int, ...]
    game: "Game"
    kept: bool
    scope: "Run | None" = None
    parts: list["Run"] = field(default_factory=list)
    at: int = 0
    asked: bool = False
    over: bool = False
    stray: list["Run"] = field(default_factory=list)

    def begin(self) -> "Run":
        match self.term:
            case Then(parts):
                self._enter(parts[0])
            case Fork(_, branches, None):
                self._all(branches)
            case Fork(_, _, question) | Pick(_, _, question):
                self._enter(question)
            case Loop(_, body, _):
                self._enter(body)
            case Inside():
                self._items()
            case Interruptible(host, _, _, _):
                self._enter(host)
            case _:
                pass
        self.settle()
        return self

    def _new(self, term: Term, here: tuple[int, ...] | None = None, kept: bool = True) -> "Run":
        place = self.here if here is None else here
        scope = self if isinstance(self.term, Inside) else self.scope
        return Run(term, place, self.game, self.kept and kept, scope).begin()

    def _enter(self, term: Term | None) -> None:
        assert term is not None
        self.parts = [self._new(term)]

    def _all(self, branches: tuple[Term, ...]) -> None:
        self.parts = [self._new(branch) for branch in branches]

    def _items(self) -> None:
        assert isinstance(self.term, Inside)
        body, items, called = self.term.body, self.term.items, self.term.kind == "call"
        if items is None:
            self.parts = [self._new(body, kept=not called)]
        elif not self.term.one_by_one:
            self.parts = [self._new(body, (*self.here, n), False) for n in range(items)]
        elif items:
            self.parts = [self._new(body, (*self.here, 0), False)]

    def settle(self) -> None:
        """Go on as far as nobody is needed."""
        if self.over or isinstance(self.term, Step):
            return
        if isinstance(self.term, Leap):
            self.over = True
            return
        while all(part.over for part in self.parts) and not self.over:
            self._next()

    def _next(self) -> None:
        match self.term:
            case Then(parts) if self.at + 1 < len(parts):
                self.at += 1
                self._enter(parts[self.at])
            case Fork(_, branches, question) if question and not self.asked:
                self.asked = True
                chosen = self.game.answers[question.id, self.here]
                self.parts = [self._new(b) for n, b in enumerate(branches) if n in chosen]
            case Pick(_, branches, question) if not self.asked:
                self.asked = True
                chosen = self.game.answers[question.id, self.here]
                self.parts = [self._new(b) for n, b in enumerate(branches) if n == chosen]
            case Loop(_, _, question) if not self.asked:
                self.asked = True
                self._enter(question)
            case Loop(_, body, question) if self.game.answers[question.id, self.here] == 1:
                self.asked = False
                self._enter(body)
            case Inside(_, _, body, items, True) if items and self.at + 1 < items:
                self.at += 1
                self.parts = [self._new(body, (*self.here, self.at), False)]
            case _:
                self.over = True

    def all_parts(self) -> Iterator["Run"]:
        """This, and all that is being played inside; what a message set going goes on after."""
        if not self.over:
            yield self
            for part in self.parts:
                yield from part.all_parts()
        for stray in self.stray:
            yield from stray.all_parts()

    def wake(self) -> None:
        """Settle from the inside out."""
        for part in [*self.parts, *self.stray]:
            part.wake()
        if isinstance(self.term, Inside) and self._inside_busy():
            return
        self.settle()

    def _inside_busy(self) -> bool:
        """A sub-process is left when no token is in it, strays included."""
        inside = [*self.parts, *self.stray]
        return any(run.is_open_step for part in inside for run in part.all_parts())

    @property
    def keeps(self) -> bool:
        """Whether what is set inside is known around it."""
        return not isinstance(self.term, Inside) or self.term.kind == "sub"

    @property
    def is_open_step(self) -> bool:
        return isinstance(self.term, Step) and not self.over


class Game:
    """What is open, and what may be done."""

    def __init__(self, whole: Inside) -> None:
        self.answers: dict[Place, object] = {}
        self.variables: dict[str, object] = {}
        self.top = Run(whole, (), self, True).begin()

    def _runs(self) -> list[Run]:
        return list(self.top.all_parts())

    def steps(self) -> list[Run]:
        return [run for run in self._runs() if run.is_open_step]

    @property
    def open(self) -> Counter[Place]:
        return Counter((run.term.id, run.here) for run in self.steps())  # type: ignore[union-attr]

    def _listening(self) -> Iterator[tuple[Run, Interruptible | Guard]]:
        for run in self._runs():
            if isinstance(run.term, Interruptible) and not run.asked and not run.parts[0].over:
                yield run, run.term
            if isinstance(run.term, Inside) and not run.asked and not run.over:
                yield from ((run, guard) for guard in run.term.guards)

    @property
    def heard(self) -> set[str]:
        return {listener.message for _, listener in self._listening()}

    @property
    def over(self) -> bool:
        return not self.steps()

    def do(self, place: Place, answer: object) -> None:
        run = next(r for r in self.steps() if (r.term.id, r.here) == place)  # type: ignore[union-attr]
        assert isinstance(run.term, Step)
        if run.term.decides:
            self.answers[place] = answer
            if run.kept:
                self.variables[run.term.decides] = answer
        run.over = True
        self.top.wake()

    def hear(self, name: str) -> None:
        run, listener = next(each for each in self._listening() if each[1].message == name)
        if listener.interrupting:
            run.asked = True
            run.parts, run.stray = [run._new(listener.other, kept=run.keeps)], []
        else:
            scope = run if isinstance(listener, Guard) else run.scope
            assert scope is not None
            scope.stray.append(run._new(listener.other))
        self.top.wake()
