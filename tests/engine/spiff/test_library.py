"""Specifications are shared, stay as they are, and nothing of SpiffWorkflow's Python is asked."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from SpiffWorkflow.specs.base import TaskSpec

from engine import diagram
from engine.errors import DiagramError, StepFailed
from engine.spiff import Library, library_of
from engine.spiff.build import name_of
from engine.spiff.workflow import NoScripts, Top
from tests.engine.drawing import a_file, a_process, call, end, path, start, user
from tests.engine.playing import Play, World
from tests.engine.spiff.test_calls import BODY, PARTIES
from tests.engine.spiff.test_flow import LOOP


def picture(library: Library) -> dict[str, Any]:
    """Everything that a specification consists of, as text."""
    for process in library:
        _ = library[process]
    return {
        f"{name}/{task}": {
            key: repr(value) for key, value in vars(spec).items() if key != "_wf_spec"
        }
        for name, process in library._specs.items()
        for task, spec in process.task_specs.items()
    }


def test_no_run_changes_the_shared_specification():
    play = Play(BODY, {"parties": PARTIES})
    before = picture(play.library)

    play.do("answer", decision="yes").hear("consent_withdrawn").do("wind_up")

    assert play.ended
    assert picture(play.library) == before


def test_every_element_is_a_class_of_ours():
    library = Play(BODY, {"parties": PARTIES}).library

    modules = {
        type(spec).__module__
        for process in library._specs.values()
        for spec in process.task_specs.values()
    }

    assert all(module.startswith("engine.spiff.") for module in modules)
    assert all(
        isinstance(spec, TaskSpec)
        for process in library._specs.values()
        for spec in process.task_specs.values()
    )


def test_python_is_never_evaluated():
    play = Play(BODY, {"parties": PARTIES})
    top = Top(play.library["p"], play.library, play.world, deserializing=True)

    assert isinstance(top.script_engine, NoScripts)
    with pytest.raises(DiagramError):
        top.script_engine.evaluate(None, "__import__('os').getpid()")
    with pytest.raises(DiagramError):
        top.script_engine.execute(None, "x = 1")


def test_threads_share_one_specification():
    library = Library({p.id: p for p in diagram.read(LOOP, "p.bpmn")})
    play = Play(LOOP)

    def run(_number: int) -> bytes:
        mine = Play(LOOP)
        mine.library = library
        for _ in range(20):
            mine.do("a").do("b").do("z", more=True)
        return b"".join(step.element.id.encode() for step in mine.machine().open)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(run, range(8)))

    assert found == [b"ab"] * 8
    assert play.open == ["a", "b"]


def test_a_release_has_one_library_in_a_process():
    diagrams = {p.id: p for p in diagram.read(LOOP, "p.bpmn")}

    assert library_of("digest", diagrams) is library_of("digest", diagrams)
    assert library_of("digest", diagrams)["p"] is library_of("digest", diagrams)["p"]
    assert library_of("other", diagrams) is not library_of("digest", diagrams)


def test_a_process_of_five_hundred_steps_runs():
    ids = [f"u{number}" for number in range(500)]
    data = a_file(a_process("p", start(), *map(user, ids), end(), path("start", *ids, "end")))
    play = Play(data)

    for id in ids:
        play.do(id)

    assert play.ended


def test_sub_processes_have_names_of_their_own():
    library = Play(BODY, {"parties": PARTIES}).library

    assert {"p", name_of("p", "body"), "ask"} <= set(library._specs)


def test_a_call_ten_deep_is_too_deep_and_eight_are_not():
    def chain(length: int) -> bytes:
        calls = [
            a_process(f"p{n}", start(), call("c", f"p{n + 1}"), end(), path("start", "c", "end"))
            for n in range(length)
        ]
        last = a_process(f"p{length}", start(), user("a"), end(), path("start", "a", "end"))
        return a_file(*calls, last)

    assert Play(chain(8), world=World()).open == ["a"]
    with pytest.raises(StepFailed):
        Play(chain(9))
