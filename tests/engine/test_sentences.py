"""Sentences hold on every course, across calls, or the course that breaks them is shown."""

from pathlib import Path

import pytest

from engine.check import check_files
from engine.diagram import Process, read
from engine.packs import BadPack, open_pack, read_folder
from engine.sentences import Sentence, Verdict, judge_all, read_sentences, write_sentences
from tests.builders_bpmn import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    end,
    extension,
    flow,
    many,
    mapping,
    message,
    on,
    start,
    timer,
    user,
    xor,
)
from tests.processes.test_scenarios import turn_round

ARENA = Path(__file__).parents[2] / "processes" / "arena"
GOES_ON = message("stop")


def processes(*parts: str) -> dict[str, Process]:
    return {each.id: each for each in read(a_file(GOES_ON, *parts), "p.bpmn")}


def the(*parts: str, path: str) -> dict[str, Process]:
    return processes(a_process(start(), *parts, path=path))


def said(form: str, **parts: str) -> Sentence:
    """Its places stand in the process ``p`` unless a ``/`` says where."""
    places = {
        name: tuple(place if "/" in place else f"p/{place}" for place in text.split())
        for name, text in parts.items()
    }
    return Sentence("s", form, places, {"en": "So it is"})


def judged(sentence: Sentence, diagrams: dict[str, Process], **limits: float) -> Verdict:
    (verdict,) = judge_all([sentence], diagrams, **limits)
    return verdict


def way(verdict: Verdict) -> str:
    return " ".join(each.element for each in verdict.path)


LINE = ((user("a"), user("b"), user("c"), end()), "s a b c e")
CHOICE = ((xor("g"), user("a"), user("b"), xor("j"), user("c"), end()), "s g a j c e, g b j")
BESIDE = ((both("g"), user("a"), user("b"), both("j"), end()), "s g a j e, g b j")
LOOP = (
    (user("a"), xor("g"), user("b"), end()),
    "s a g b e, g a",
)
LEFT = (
    (user("a"), boundary("x", "a", timer()), user("b"), end(), end("f")),
    "s a e, x b f",
)

JUDGED = [
    (said("without", never="b", without="a"), LINE, "holds", ""),
    (said("without", never="a", without="b"), LINE, "broken", "s a"),
    (said("without", never="c", without="a"), CHOICE, "broken", "s g b j c"),
    (said("without", never="c", without="a b"), CHOICE, "holds", ""),
    (said("without", never="b", without="a"), BESIDE, "broken", "s g b"),
    (said("without", never="e", without="a"), BESIDE, "holds", ""),
    (said("without", never="b", without="a"), LEFT, "broken", "s x b"),
    (said("ends", of="p/", ends_in="c"), LINE, "holds", ""),
    (said("ends", of="p/", ends_in="e f"), LEFT, "holds", ""),
    (said("ends", of="p/", ends_in="e"), LEFT, "broken", "s x b f"),
    (said("after", after="a", always="b c"), LINE, "holds", ""),
    (said("after", after="b", always="a"), LINE, "broken", "s a b c e"),
    (said("after", after="a", always="b"), LOOP, "holds", ""),
    (said("between", after="a", before="c", always="b"), LINE, "holds", ""),
    (said("between", after="g", before="c", always="a"), CHOICE, "broken", "s g b j c"),
    (said("between", after="a", before="a", always="b"), LOOP, "broken", "s a g a"),
    (said("without", never="b", without="nowhere"), LINE, "lost", ""),
]


@pytest.mark.parametrize(
    ("sentence", "drawn", "status", "path"),
    JUDGED,
    ids=[f"{each[0].form}-{number}" for number, each in enumerate(JUDGED)],
)
def test_a_sentence_is_judged_on_every_course(
    sentence: Sentence, drawn: tuple[tuple[str, ...], str], status: str, path: str
):
    parts = {
        name: tuple(place.removesuffix("/") for place in places)
        for name, places in sentence.parts.items()
    }
    verdict = judged(Sentence("s", sentence.form, parts, {}), the(*drawn[0], path=drawn[1]))

    assert (verdict.status, way(verdict)) == (status, path)


def asking(outcome: str) -> str:
    """A process that asks and tells how it went."""
    told = extension(mapping(outputs={"outcome": f'="{outcome}"'}))
    no = extension(mapping(outputs={"outcome": '="no"'}))
    return a_process(
        start(),
        xor("g"),
        user("yes", told),
        user("no", no),
        xor("j"),
        end(),
        id="q",
        path="s g yes j e, g no j",
    )


def caller(*, passes: bool = True, loop: str = "") -> str:
    """Goes on to ``act`` if the called process says yes."""
    outputs = (mapping(outputs={"outcome": "=outcome"}),) if passes else ()
    return a_process(
        start(),
        call("ask", "q", *outputs, loop=loop),
        xor("g", default="g_e"),
        user("act"),
        end(),
        flow("g", "act", '=outcome = "yes"'),
        path="s ask g e, act e",
    )


ACT = said("without", never="act", without="q/yes")


def test_what_a_called_process_writes_decides_in_the_caller():
    assert judged(ACT, processes(caller(), asking("yes"))).status == "holds"


def test_a_way_that_another_outcome_opens_is_found():
    found = judged(ACT, processes(caller(), asking("other")))

    assert found.status == "holds"  # nobody says yes: the way is never taken

    found = judged(ACT, processes(caller(passes=False), asking("yes")))

    assert [f"{each.process}/{each.element}" for each in found.path] == [
        "p/s",
        "p/ask",
        "q/s",
        "q/g",
        "q/no",
        "q/j",
        "q/e",
        "p/ask",
        "p/g",
        "p/act",
    ]


def test_a_step_for_each_may_be_done_for_nobody():
    everyone = a_process(start(), user("yes"), end(), id="q", path="s yes e")
    once = a_process(start(), call("ask", "q"), user("act"), end(), path="s ask act e")
    each = a_process(
        start(), call("ask", "q", loop=many()), user("act"), end(), path="s ask act e"
    )

    assert judged(ACT, processes(once, everyone)).status == "holds"
    assert judged(ACT, processes(each, everyone)).status == "broken"


def test_what_is_called_lies_inside_its_caller():
    inner = a_process(start(), user("plan"), end(), id="q", path="s plan e")
    first = a_process(start(), call("meet", "q"), user("plan"), end(), path="s meet plan e")
    inside = Sentence("s", "inside", {"never": ("q/plan",), "inside": ("p/meet",)}, {})
    after = Sentence("s", "inside", {"never": ("p/plan",), "inside": ("q",)}, {})

    assert judged(inside, processes(first, inner)).status == "broken"
    assert judged(after, processes(first, inner)).status == "holds"


def test_an_interrupted_call_is_not_finished():
    inner = a_process(start(), user("yes"), end(), id="q", path="s yes e")
    drawn = a_process(
        start(),
        call("ask", "q"),
        boundary("x", "ask", on("message", "stop")),
        user("act"),
        end(),
        path="s ask e, x act e",
    )

    assert way(judged(ACT, processes(drawn, inner))) == "s ask s x act"


def test_where_not_all_is_walked_nothing_holds_but_what_breaks_does():
    sound = said("without", never="b", without="a")
    broken = said("without", never="a", without="b")

    assert judged(sound, the(*LINE[0], path=LINE[1]), states=1).status == "unknown"
    assert judged(broken, the(*LINE[0], path=LINE[1]), states=1).status == "broken"


def test_a_process_that_calls_itself_is_not_known():
    again = a_process(start(), user("a"), call("more", "p"), user("b"), end(), path="s a more b e")

    assert judged(said("without", never="b", without="a"), processes(again)).status == "unknown"


def test_the_arena_keeps_its_sentences():
    pack = open_pack(read_folder(ARENA))

    verdicts = judge_all(read_sentences(pack.files["sentences.toml"]), pack.diagrams)

    assert {each.sentence.code: each.status for each in verdicts} == {
        "consultation_needs_consent": "holds",
        "case_is_closed_or_handed_over": "holds",
        "no_planning_in_a_consultation": "holds",
        "no_plan_without_the_person": "holds",
    }


def test_a_condition_turned_round_breaks_the_sentence_in_its_own_words(tmp_path: Path):
    files = dict(read_folder(ARENA))
    (tmp_path / "c.bpmn").write_bytes(files["referral.bpmn"])
    turn_round(tmp_path / "c.bpmn", "has_consent_to_which_procedure")
    files["referral.bpmn"] = (tmp_path / "c.bpmn").read_bytes()
    turned = files["case_lifecycle.bpmn"].decode()
    files["case_lifecycle.bpmn"] = turned.replace(
        'referral_outcome = "granted"', 'referral_outcome != "granted"'
    ).encode()

    found = check_files(files, forms=None, services=None)

    (broken,) = (each for each in found if each.rule == "sentence_broken")
    assert broken.severity == "error"
    assert broken.message.startswith(
        "“Inget samråd utan ett samtycke som gäller” does not hold: …"
    )
    assert (broken.file, broken.element) == ("case_lifecycle.bpmn", "consult")


WRONG = {
    "an unknown form": '[a]\nen = "x"\nnever = ["p"]\nbefore = ["q"]',
    "nothing named": '[a]\nen = "x"\nnever = []\nwithout = ["q"]',
    "two processes that end": '[a]\nen = "x"\nof = ["p", "q"]\nends_in = ["q"]',
    "no words": '[a]\nnever = ["p"]\nwithout = ["q"]',
    "another key": '[a]\nen = "x"\nnever = ["p"]\nwithout = ["q"]\nwhatever_it_is = "y"',
    "a bad name": '["A b"]\nen = "x"\nnever = ["p"]\nwithout = ["q"]',
    "no table": 'a = "x"',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_sentence_is_refused_with_its_place(text: str):
    with pytest.raises(BadPack, match=r"sentences\.toml"):
        read_sentences(text.encode())


TEXT = {"sv": 'é "\\\n'}


def test_what_is_written_reads_the_same():
    sentence = Sentence(
        "a", "after", {"after": ("p/a",), "always": ("q", "p/b")}, {"sv": 'é "\\\n'}
    )

    assert read_sentences(write_sentences([sentence])) == (sentence,)
