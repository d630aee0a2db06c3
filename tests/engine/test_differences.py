"""What differs between two versions of a pack, thing by thing."""

import re
from collections.abc import Callable

import pytest

from engine.differences import ASPECTS, differences
from engine.packs import open_pack, read_folder
from tests.arena import ARENA
from tests.builders_dmn import a_decision, a_table
from tests.builders_dmn import a_file as a_dmn_file
from tests.engine.drawing import a_file, a_process, end, path, start, user
from tests.engine.hosting import a_pack

Said = tuple[str, str, str, tuple[tuple[str, str, str, str], ...]]


def diagram(*steps: str, **settings: object) -> bytes:
    drawn = [user(id, **settings) if id == "ask" else user(id) for id in steps]
    return a_file(
        a_process(
            "p",
            start(),
            *drawn,
            end(),
            path("start", *steps, "end"),
            lanes={"case_lead": list(steps)},
        )
    )


def dmn(*rows: tuple[str, str], policy: str = "FIRST") -> bytes:
    return a_dmn_file(a_decision("d", a_table(policy, [("key", "string")], ["value"], *rows)))


FORM = b'{"id": "f", "components": [%s]}'
NAME = b'{"type": "textfield", "key": "name", "label": "Name"}'
AGE = b'{"type": "number", "key": "age", "label": "Age"}'
MUST = NAME.replace(b"}", b', "validate": {"required": true}}')
PO = b'msgctxt "p#ask/name"\nmsgid "Ask"\nmsgstr "%s"\n'
NAMED = diagram("ask").replace(b'id="ask"', b'id="ask" name="%s"')
TWO = (('"a"', "1"), ('"b"', "2"))


def said(before: dict[str, bytes], after: dict[str, bytes]) -> list[Said]:
    found = differences(open_pack(a_pack() | before), open_pack(a_pack() | after))
    return [
        (
            each.kind,
            each.aspect,
            each.id,
            tuple((d.aspect, d.name, d.before, d.after) for d in each.details),
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        ("p.bpmn", diagram("ask"), diagram("ask"), []),
        (
            "p.bpmn",
            diagram("ask", due="=now()"),
            diagram("ask", due="=today()"),
            [("changed", "step", "ask", (("due", "", "=now()", "=today()"),))],
        ),
        (
            "p.bpmn",
            diagram("ask", outputs={"a": "=x"}),
            diagram("ask", outputs={"a": "=y", "b": "=x"}),
            [
                (
                    "changed",
                    "step",
                    "ask",
                    (("output", "a", "=x", "=y"), ("output", "b", "", "=x")),
                )
            ],
        ),
        (
            "d.dmn",
            dmn(*TWO),
            dmn(TWO[0], ('"b"', "3")),
            [("changed", "rule", "rule_2", (("then", "value", "2", "3"),))],
        ),
        (
            "forms/f.form",
            FORM % NAME,
            FORM % (MUST + b"," + AGE),
            [
                ("changed", "field", "name", (("required", "", "", "yes"),)),
                (
                    "added",
                    "field",
                    "age",
                    (("kind", "", "", "number"), ("label", "", "", "Age")),
                ),
            ],
        ),
        (
            "forms/f.form",
            FORM % (NAME + b"," + AGE),
            FORM % (AGE + b"," + NAME),
            [("moved", "field", "age", ())],
        ),
        (
            "lang/de.po",
            PO % b"Fragen",
            PO % b"Frage",
            [("changed", "word", "p#ask/name", (("text", "", "Fragen", "Frage"),))],
        ),
        (
            "texts/letter.md",
            b"Dear you\n\nCome at noon.\n\nBye.",
            b"Dear you\n\nCome at one.\n\nBring it.\n\nBye.",
            [
                ("changed", "text", "", (("text", "", "Come at noon.", "Come at one."),)),
                ("added", "text", "", ()),
            ],
        ),
    ],
)
def test_what_is_otherwise_is_told_with_old_and_new(
    file: str, before: bytes, after: bytes, expected: list[Said]
):
    assert said({file: before}, {file: after}) == expected


def test_an_inserted_step_is_new_and_its_neighbours_stay():
    found = said({"p.bpmn": diagram("ask")}, {"p.bpmn": diagram("ask", "book")})

    assert [(kind, aspect, id) for kind, aspect, id, _ in found if aspect != "flow"] == [
        ("added", "step", "book")
    ]
    assert {(kind, id) for kind, aspect, id, _ in found if aspect == "flow"} == {
        ("added", "ask_book"),
        ("added", "book_end"),
        ("removed", "ask_end"),
    }


def test_a_new_name_changes_the_step_alone():
    found = said({"p.bpmn": NAMED % b"Ask"}, {"p.bpmn": NAMED % b"Tell"})

    assert found == [("changed", "step", "ask", (("name", "", "Ask", "Tell"),))]


def test_what_is_drawn_elsewhere_is_moved():
    before = read_folder(ARENA)["follow_up.bpmn"]
    after = re.sub(rb'<dc:Bounds x="\d+"', b'<dc:Bounds x="7"', before, count=3)

    found = said({"p.bpmn": before}, {"p.bpmn": after})

    assert {kind for kind, *_ in found} == {"moved"}


@pytest.mark.parametrize(("policy", "kinds"), [("FIRST", ["moved"]), ("UNIQUE", [])])
def test_the_order_of_rules_counts_where_it_decides(policy: str, kinds: list[str]):
    before = dmn(*TWO, policy=policy)
    after = swapped(before)

    assert [kind for kind, *_ in said({"d.dmn": before}, {"d.dmn": after})] == kinds


@pytest.mark.parametrize(
    "spoil",
    [lambda good: good[:40], lambda _: b"Dear all", lambda _: b""],
    ids=["cut off", "a letter", "empty"],
)
def test_what_cannot_be_read_is_told_as_a_file(spoil: Callable[[bytes], bytes]):
    found = said({"p.bpmn": diagram("ask")}, {"p.bpmn": spoil(diagram("ask"))})

    assert ("added", "file", "p.bpmn") in [each[:3] for each in found]


def test_every_aspect_has_words():
    found = said(
        {}, {"p.bpmn": diagram("ask", form="f"), "d.dmn": dmn(*TWO), "forms/f.form": FORM}
    )

    assert {aspect for _, aspect, _, _ in found} <= ASPECTS.keys()
    assert {d[0] for _, _, _, details in found for d in details} <= ASPECTS.keys()


def swapped(table: bytes) -> bytes:
    """The two rules in the other order."""
    head, first, second = table.split(b"<rule", 2)
    rule, end, tail = second.partition(b"</rule>")
    return head + b"<rule" + rule + end + b"<rule" + first + tail
