"""Sentences that a pack's diagrams must keep on every course, checked across calls.

Courses are walked as the check of soundness walks them, each with what is known of variables for
sure (`knowing`) and what the sentence remembers (`watching`). A step for each of a list counts as
done once or for nobody. Where not every course could be seen a sentence is unknown, unless one
that was seen breaks it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from time import thread_time

from engine.diagram import Process
from engine.findings import Finding, finding
from engine.packs import BadPack, Pack
from engine.profile import label
from engine.sentences.flattening import flatten
from engine.sentences.model import FILE, FORMS, Passed, Sentence, Status, Verdict
from engine.sentences.reading import read_sentences, write_sentences
from engine.sentences.walking import MOST_STATES, CourseWalk, Walkable
from engine.sentences.watching import Watch

__all__ = [
    "FILE",
    "FORMS",
    "Passed",
    "Sentence",
    "Status",
    "Verdict",
    "check_sentences",
    "judge_all",
    "read_sentences",
    "sentences_of",
    "write_sentences",
]

MOST_SECONDS = 5.0
_SHOWN_STEPS = 8


def sentences_of(pack: Pack) -> tuple[Sentence, ...]:
    """The pack's sentences. Raises BadPack."""
    return read_sentences(pack.files[FILE]) if FILE in pack.files else ()


def check_sentences(pack: Pack, diagrams: Mapping[str, Process]) -> Iterator[Finding]:
    """A finding for each sentence that is broken, not known, or names what is not there."""
    try:
        sentences = sentences_of(pack)
    except BadPack as error:
        place = f"{error.place}: " if error.place else ""
        yield finding("unreadable", error.file, why=f"{place}{error.why}")
        return
    for verdict in judge_all(sentences, diagrams, begun=pack.config.start):
        text = verdict.sentence.text(pack.config.language)
        yield from _told(verdict, text, diagrams)


def judge_all(
    sentences: Collection[Sentence],
    diagrams: Mapping[str, Process],
    *,
    begun: Collection[str] = (),
    seconds: float = MOST_SECONDS,
    states: int = MOST_STATES,
) -> list[Verdict]:
    """What becomes of each: all of them within so many seconds, each within so many states.

    ``begun`` are processes that begin by themselves although others may call them.
    """
    until = thread_time() + seconds
    grounds = _Grounds(diagrams, sentences, begun)
    found = []
    for sentence in sentences:
        share = max(until - thread_time(), 0.02) / 2  # one that takes long leaves time for others
        found.append(_judge(sentence, grounds, share, states))
    return found


class _Grounds:
    """The processes with what they call, each drawn once for all sentences."""

    def __init__(
        self,
        diagrams: Mapping[str, Process],
        sentences: Iterable[Sentence],
        begun: Collection[str],
    ) -> None:
        self.diagrams = diagrams
        self.begun = begun
        self._places = frozenset(place for each in sentences for place in each.places())
        self._drawn: dict[str, Walkable] = {}

    def of(self, root: str) -> Walkable:
        if root not in self._drawn:
            course = flatten(self.diagrams, root)
            self._drawn[root] = Walkable(course, course.ids(self._places), self.diagrams)
        return self._drawn[root]

    def roots(self) -> list[str]:
        """The processes that begin by themselves: no other one calls them, or an event does."""
        called = {
            element.called
            for process in self.diagrams.values()
            for element in process.nodes
            if element.called != process.id
        }
        return [
            id
            for id, process in self.diagrams.items()
            if id not in called or id in self.begun or any(e.event for e in process.starts())
        ]

    def lost(self, sentence: Sentence) -> tuple[str, ...]:
        """The places that it names and that are not there."""
        return tuple(place for place in sentence.places() if not self._is_there(place))

    def _is_there(self, place: str) -> bool:
        process, slash, element = place.partition("/")
        drawn = self.diagrams.get(process)
        return drawn is not None and (not slash or element in drawn.elements)


def _judge(sentence: Sentence, grounds: _Grounds, seconds: float, states: int) -> Verdict:
    lost = grounds.lost(sentence)
    if lost:
        return Verdict(sentence, "lost", lost=lost)
    until = thread_time() + seconds
    known = True
    for root in sentence.parts["of"] if sentence.form == "ends" else grounds.roots():
        ground = grounds.of(root)
        watch = Watch(sentence, ground.course, ground.net)
        if not watch.concerned:
            known = known and ground.course.whole
            continue
        walk = CourseWalk(ground, watch)
        found = walk.run(seconds=until - thread_time(), states=states)
        if found.path is not None:
            return Verdict(sentence, "broken", found.path)
        known = known and not found.cut_short
    return Verdict(sentence, "holds" if known else "unknown")


def _told(verdict: Verdict, text: str, diagrams: Mapping[str, Process]) -> Iterator[Finding]:
    match verdict.status:
        case "broken":
            last = verdict.path[-1]
            path = _in_steps(verdict, diagrams)
            file = diagrams[last.process].file
            yield finding("sentence_broken", file, last.element, sentence=text, path=path)
        case "unknown":
            yield finding("sentence_unknown", FILE, verdict.sentence.code, sentence=text)
        case "lost":
            names = ", ".join(verdict.lost)
            code = verdict.sentence.code
            yield finding("sentence_lost", FILE, code, sentence=text, places=names)


def _in_steps(verdict: Verdict, diagrams: Mapping[str, Process]) -> str:
    """The last steps of the way that have a name."""
    elements = (diagrams[each.process].elements[each.element] for each in verdict.path)
    names = list(dict.fromkeys(label(element) for element in elements if element.name))
    shown = names[-_SHOWN_STEPS:]
    return " → ".join(["…", *shown] if len(shown) < len(names) else shown)
