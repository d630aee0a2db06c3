"""Thirty mistakes that owners make: each is named with its remedy, and none comes into use."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete

from base import lang
from casework.releases import actions
from casework.releases.checks import findings_of, say
from engine import releases
from engine.packs import digest
from engine.tables import DraftRow
from tests.builders_dmn import a_decision, a_table
from tests.builders_dmn import a_file as a_dmn
from tests.casework.arena import actor
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    event,
    flow,
    message,
    node,
    path,
    script,
    service,
    some,
    start,
    timer,
    user,
    xor,
)
from tests.web.reading import fields, said
from tests.web.test_routines import OWNER
from tests.web.world import open_site

#: However broken a file is, its check takes no longer than this; the machine may be busy.
SECONDS = 10
TOML = """
id = "arena"
title = "Small"
language = "en"
[calendar]
time_zone = "Europe/Stockholm"
[review]
second_person = true
[roles.case_lead]
title = "Lead"
scope = "case"
members = ["caseworker"]
[start.routine]
title = "Begin"
roles = ["caseworker"]
case = "new"
"""
ON = path("start", "need", "end")
STUCK = path("start", "g") + path("need", "end")


def a_form(*fields: Mapping[str, object], id: str = "need") -> bytes:
    form = {"type": "default", "id": id, "schemaVersion": 19, "components": list(fields)}
    return json.dumps(form).encode()


def a_field(key: str, kind: str = "number", **more: object) -> dict[str, object]:
    return {"type": kind, "id": f"f_{key}", "key": key, "label": key.title(), **more}


def drawn(*parts: str, lane: tuple[str, ...] = ("need",), declared: str = "") -> bytes:
    """A routine of these parts, all steps of the case lead."""
    return a_file(a_process("routine", *parts, lanes={"case_lead": list(lane)}), declared=declared)


def need(**more: object) -> str:
    return user("need", form="need", outputs={"amount": "=amount"}, **more)  # type: ignore[arg-type]


def asked(*rows: tuple[str, str], policy: str = "UNIQUE", kind: str = "number") -> bytes:
    table = a_table(policy, [("amount", kind)], ["size"], *rows)
    return a_dmn(a_decision("size", table))


SOUND: Mapping[str, bytes] = {
    "pack.toml": TOML.encode(),
    "routine.bpmn": drawn(start(), need(), end(), ON),
    "forms/need.form": a_form(a_field("amount"), a_field("story", "textarea")),
}
ASKS = drawn(
    start(),
    need(),
    node(
        "businessRuleTask",
        "ask",
        extensions='<zeebe:calledDecision decisionId="size" resultVariable="size"/>',
    ),
    user("more"),
    xor("g", default="g_end"),
    end(),
    path("start", "need", "ask", "g", "end"),
    flow("g", "more", '=size = "big"'),
    path("more", "end"),
    lane=("need", "more"),
)


@dataclass(frozen=True)
class Mistake:
    """``rule`` is found at ``element`` when these files take the place of the sound ones."""

    rule: str
    element: str
    files: Mapping[str, bytes] = field(default_factory=dict)


def in_diagram(rule: str, element: str, *parts: str, **more: object) -> Mistake:
    return Mistake(rule, element, {"routine.bpmn": drawn(start(), *parts, **more)})  # type: ignore[arg-type]


def forked(condition: str, default: str = "g_end", **more: str) -> tuple[str, ...]:
    """A choice whose one way has this condition."""
    ways = (xor("g", default=default), user("more"), flow("g", "more", condition, **more))
    return (need(), *ways, end(), path("start", "need", "g", "end"), path("more", "end"))


BOTH = ("need", "more")
DEEP = b"<a>" * 300 + b"</a>" * 300
MISTAKES: Mapping[str, Mistake] = {
    "a condition is misspelt": in_diagram("feel", "g_more", *forked("=amount >"), lane=BOTH),
    "a condition has no equals sign": in_diagram(
        "literal_condition", "g_more", *forked("amount > 5"), lane=BOTH
    ),
    "a condition speaks of what nobody answers": in_diagram(
        "never_written", "g", *forked("=ammount > 5"), lane=BOTH
    ),
    "a choice has no default": in_diagram(
        "no_default",
        "g",
        need(),
        xor("g"),
        user("more"),
        end(),
        flow("g", "more", "=amount > 5"),
        flow("g", "end", "=amount < 5"),
        path("start", "need", "g"),
        path("more", "end"),
        lane=BOTH,
    ),
    "a form is missing": in_diagram("form_missing", "need", user("need", form="neeed"), end(), ON),
    "a flow leads nowhere": in_diagram(
        "dangling_flow", "need_gone", need(), end(), ON, flow("need", "gone")
    ),
    "a role that nobody knows": in_diagram(
        "role_unknown", "need", need(groups="case_leed"), end(), ON, lane=()
    ),
    "a lane is gone": in_diagram("no_role", "need", need(), end(), ON, lane=()),
    "a timer means nothing": in_diagram(
        "timer_wrong",
        "wait",
        catch("wait", timer("Duration", "two days")),
        need(),
        end(),
        path("start", "wait", "need", "end"),
    ),
    "a timer says nothing": in_diagram(
        "timer_missing",
        "late",
        need(),
        boundary("late", "need", timer("Duration", "")),
        end(),
        end("over"),
        ON,
        path("late", "over"),
    ),
    "a due date is no date": in_diagram("due_wrong", "need", need(due="soon"), end(), ON),
    "a personal text becomes a variable": in_diagram(
        "answer_personal",
        "need",
        user("need", form="need", outputs={"amount": "=amount", "told": "=story"}),
        end(),
        ON,
    ),
    "an id is given twice": in_diagram("duplicate_id", "need", need(), need(), end(), ON),
    "a field that is used has been deleted": Mistake(
        "maybe_unwritten", "need", {"forms/need.form": a_form(a_field("other"))}
    ),
    "a form cannot be read": Mistake("unreadable", "", {"forms/need.form": b'{"type": '}),
    "two fields have one key": Mistake(
        "form.duplicate-key",
        "amount",
        {"forms/need.form": a_form(a_field("amount"), {**a_field("amount"), "id": "again"})},
    ),
    "a call of a diagram that is not there": in_diagram(
        "called_unknown",
        "ask",
        need(),
        call("ask", "gone"),
        end(),
        path("start", "need", "ask", "end"),
    ),
    "a diagram that calls itself": in_diagram(
        "call_endless",
        "ask",
        need(),
        call("ask", "routine"),
        end(),
        path("start", "need", "ask", "end"),
    ),
    "two starts": in_diagram(
        "several_starts", "routine", start("other"), need(), end(), ON, path("other", "need")
    ),
    "no end": in_diagram("no_end", "routine", need(), path("start", "need")),
    "a loop without a way out": in_diagram(
        "cannot_finish",
        "more",
        need(),
        xor("m"),
        user("more"),
        end(),
        path("start", "need", "m", "more", "m"),
        lane=BOTH,
    ),
    "a loop that nobody is asked in": in_diagram(
        "loop_endless",
        "g",
        need(),
        xor("m"),
        script("count", "n", "=1"),
        xor("g", default="g_end"),
        end(),
        flow("g", "m", "=amount > 1"),
        path("start", "need", "m", "count", "g", "end"),
    ),
    "joins that wait for one another": in_diagram(
        "deadlock_inclusive",
        "j",
        need(),
        both("g"),
        some("j"),
        some("k"),
        both("v"),
        both("w"),
        end(),
        end("e2"),
        path("start", "need", "g", "j", "v", "end"),
        path("g", "k", "w", "e2"),
        path("v", "k"),
        path("w", "j"),
    ),
    "a choice that is joined as if all came": in_diagram(
        "deadlock_parallel",
        "j",
        *forked("=amount > 5", default="g_j")[:4],
        both("j"),
        end(),
        flow("g", "j"),
        path("start", "need", "g"),
        path("more", "j", "end"),
        lane=BOTH,
    ),
    "a message that pack.toml does not know": in_diagram(
        "message_undeclared",
        "hear",
        need(),
        catch("hear", event("message", "told")),
        end(),
        path("start", "need", "hear", "end"),
        declared=message("told"),
    ),
    "a service that there is not": in_diagram(
        "service_unknown",
        "post",
        need(),
        service("post", "mail.sned"),
        end(),
        path("start", "need", "post", "end"),
    ),
    "once for each of nothing": in_diagram(
        "never_written",
        "ask",
        need(),
        user("ask", inside=each("=partys", "party")),
        end(),
        path("start", "need", "ask", "end"),
        lane=("need", "ask"),
    ),
    "a script in a programming language": in_diagram(
        "plain_script",
        "run",
        need(),
        node(
            "scriptTask",
            "run",
            scriptFormat="python",
            inside="<bpmn:script>import os</bpmn:script>",
        ),
        end(),
        path("start", "need", "run", "end"),
    ),
    "an event on the border of nothing": in_diagram(
        "boundary_detached",
        "late",
        need(),
        boundary("late", "gone", timer("Duration", "P1D")),
        end(),
        end("over"),
        ON,
        path("late", "over"),
    ),
    "a decision that there is not": Mistake("decision_unknown", "ask", {"routine.bpmn": ASKS}),
    "rules of a table overlap": Mistake(
        "decision",
        "size",
        {"routine.bpmn": ASKS, "size.dmn": asked(("< 10", '"small"'), ("> 5", '"big"'))},
    ),
    "a rule of a table is no FEEL": Mistake(
        "decision",
        "size",
        {"routine.bpmn": ASKS, "size.dmn": asked(("< 10", '"small"'), (">= 10 or", '"big"'))},
    ),
    "elements nested three hundred deep": Mistake("unreadable", "", {"routine.bpmn": DEEP}),
    "a file of three megabytes": Mistake(
        "unreadable", "", {"routine.bpmn": SOUND["routine.bpmn"] + b" " * 3_200_000}
    ),
}


@pytest.fixture(scope="module")
def site(shared_settings):
    """Where the small pack is in use."""
    site = open_site(shared_settings)
    with site.database.transaction() as tx:
        releases.publish(tx, SOUND, by="owner")
    yield site
    site.close()


def errors(files: Mapping[str, bytes]):
    return [found for found in findings_of(files) if found.severity == "error"]


def test_without_a_mistake_nothing_is_found_and_there_are_thirty():
    assert errors(SOUND) == []
    assert (
        errors(
            {
                **SOUND,
                "routine.bpmn": ASKS,
                "size.dmn": asked(("< 10", '"small"'), (">= 10", '"big"')),
            }
        )
        == []
    )
    assert len(MISTAKES) >= 30


@pytest.mark.parametrize("language", [code for code in lang.LANGUAGES if code != lang.SOURCE])
def test_a_mistake_is_said_in_every_language(language: str):
    translate = lang.catalogue(lang.WORDS, language).gettext
    found = {
        (mistake.rule, each.message): each
        for mistake in MISTAKES.values()
        for each in findings_of({**SOUND, **mistake.files})
    }

    english = [
        each.message
        for each in found.values()
        if each.message == say(each, translate)[0] or each.remedy == say(each, translate)[1]
    ]

    assert english == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_remedy_and_never_published(site, name: str):
    mistake = MISTAKES[name]
    files = {**SOUND, **mistake.files}
    begin = time.monotonic()
    found = errors(files)
    took = time.monotonic() - begin

    assert (mistake.rule, mistake.element) in {(each.rule, each.element) for each in found}
    assert all(each.remedy for each in found if each.rule == mistake.rule)
    assert took < SECONDS
    with site.database.transaction() as tx:
        tx.execute(delete(DraftRow))
        by = actor(tx, OWNER).pseudonym
        for path_, content in mistake.files.items():
            releases.save_draft(tx, "arena", path_, content, by=by, expected_rev=0)
    answer = site.client(OWNER).post("/routines/routine/propose", data={"digest": digest(files)})
    review = site.client(OWNER).get("/routines/routine/review")

    assert answer.status_code == 409
    assert review.status_code == 200
    assert f'data-rule="{mistake.rule}"' in review.text
    with site.database.reading() as tx:
        assert releases.active(tx, "arena").digest == digest(SOUND)
        assert actions.routine_page(tx, site.application, actor(tx, OWNER), "routine").errors


def test_what_stops_a_case_at_its_beginning_is_said_in_the_readers_language(site):
    stuck = drawn(start(), xor("g"), need(), end(), flow("g", "need", "=1 = 2"), STUCK)
    with site.database.transaction() as tx:
        releases.publish(tx, {**SOUND, "routine.bpmn": stuck}, by="owner")
    sara = site.client("sara.lindqvist", "sv")

    answer = sara.post("/cases/new", data=fields(sara.get("/cases/new")))

    with site.database.transaction() as tx:
        releases.publish(tx, SOUND, by="owner")
    assert answer.status_code == 422
    assert (
        "Steget ”g” gick inte att genomföra: inget av villkoren gäller och inget flöde är standard"
        in said(answer)
    )
