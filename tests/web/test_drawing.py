"""A diagram as it is drawn on a page."""

from engine.diagram import read
from tests.builders_bpmn import a_file, a_process, aside, drawn, end, on, start, timer, user
from web.drawing import Node, draw


def nodes() -> dict[str, Node]:
    process = a_process(
        start(),
        user("a"),
        end(),
        aside("h", timer(), end("h_e"), path="h_on h_e", interrupting=False),
        aside("k", on("error"), end("k_e"), path="k_on k_e"),
        path="s a e",
    )
    layout = drawn("p", "s", "h_on", "a", "h", "e", "k", "k_on")
    (found,) = read(a_file(process, layout), "p.bpmn")
    return {node.id: node for node in draw(found, name_of=lambda _id, text: text).nodes}


def test_an_event_sub_process_is_a_dotted_frame_beneath_what_it_holds():
    found = nodes()

    assert (found["h"].form, found["h"].dashed) == ("sub", True)
    assert list(found)[:2] == ["h", "k"]


def test_its_start_is_dashed_where_it_does_not_interrupt():
    found = nodes()

    assert (found["h_on"].mark, found["h_on"].dashed) == ("timer", True)
    assert (found["k_on"].mark, found["k_on"].dashed) == ("error", False)
    assert [id for id in ("s", "a", "e") if found[id].dashed] == []
