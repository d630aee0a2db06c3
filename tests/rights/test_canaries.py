"""What was planted in every personal field stands nowhere in the open: tables, logs, paper."""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from pypdf import PdfReader
from sqlalchemy import inspect
from structlog.testing import capture_logs

from base.db import Database
from casework import worker
from casework.host import CaseHost
from engine.runtime.stepping import place_of
from engine.tables import Instance, InstanceState
from tests.rights import seeing
from tests.rights.asking import World
from tests.rights.conftest import Past

#: Forms whose texts must be among what was planted, lest the search be of nothing.
_EXPECTED = {"describe_need", "record_person", "record_plan", "prepare_consent", "give_input"}


@pytest.fixture
def world(past: Past, tmp_path: Path) -> Iterator[World]:
    with past.world("agreed", tmp_path) as world:
        yield world


def in_tables(database: Database) -> dict[str, set[str]]:
    """Markers in any column of any row, by table."""
    found = {}
    with database.engine.connect() as connection:
        for name in inspect(database.engine).get_table_names():
            rows = connection.exec_driver_sql(f'select * from "{name}"')  # noqa: S608
            marks = {mark for row in rows for value in row for mark in marks_of(value)}
            if marks:
                found[name] = marks
    return found


def marks_of(value: Any) -> set[str]:
    """In text, in bytes, and in whatever else prints as text."""
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
    return seeing.marks_in(text)


def in_state(world: World) -> set[str]:
    """Markers in what the diagrams know, unsealed."""
    app = world.base.app
    with app.database.reading() as tx:
        host, found = CaseHost(app), set()
        states = tx.query(Instance.id, Instance.case_id, InstanceState.blob).join(
            InstanceState, InstanceState.instance_id == Instance.id
        )
        for instance_id, case_id, blob in states:
            plain = host.unseal(tx, case_id, blob, place_of(instance_id))
            found |= marks_of(zstandard.ZstdDecompressor().decompress(plain[1:]))
        return found


def test_every_form_that_was_filled_in_was_planted(past: Past) -> None:
    assert {one.form for one in past.planted.values()} >= _EXPECTED
    assert len(past.planted) > 60


def test_no_table_and_no_file_holds_a_word_in_the_open(world: World) -> None:
    app = world.base.app
    worker.run_round(app)

    assert world.watch.rows("select count(*) from mail") != [(0,)]
    assert in_tables(app.database) == {}
    assert in_tables(app.keys_database) == {}
    folder = Path(str(app.database.engine.url.database)).parent
    found = {file.name: marks_of(file.read_bytes()) for file in folder.iterdir()}
    assert {name for name, marks in found.items() if marks} == set()


def test_diagrams_know_nothing_of_the_person(world: World) -> None:
    assert in_state(world) == set()


def test_a_leak_into_a_table_is_found(world: World, past: Past) -> None:
    mark = next(mark for mark, one in past.planted.items() if one.form == "record_person")
    with world.base.app.database.engine.begin() as connection:
        connection.exec_driver_sql("update mail set subject = ?", (f"Om {mark}",))
        connection.exec_driver_sql(
            "update instance set marking = ?", (b"\x00" + mark.encode() + b"\xff",)
        )

    assert in_tables(world.base.app.database) == {"instance": {mark}, "mail": {mark}}


def test_the_log_names_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ids, lead = world.ids.own, "lead"
    wrong = {"data": {"answer": "", "_do": "complete", "_key": "k"}}
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        for path in ("/cases", "/tasks", "/cases/{case_id}", "/cases/{case_id}/plan"):
            assert seeing.marks_in(world.ask(lead, "GET", path, ids=ids).text)
        world.ask("representative", "POST", "/tasks/{task_id}", ids=ids, **wrong)
        world.ask("manager", "POST", "/tasks/{task_id}", ids=ids, **wrong)
        worker.run_round(world.base.app)

    assert seeing.marks_in(f"{lines} {caplog.text}") == set()


@pytest.mark.parametrize("role", ["lead", "representative"])
def test_paper_says_what_its_reader_may_see_and_is_named_for_nobody(
    world: World, past: Past, role: str
) -> None:
    answer = world.ask(role, "GET", "/cases/{case_id}/plan.pdf", ids=world.ids.own)
    paper = PdfReader(BytesIO(answer.content))

    said = "".join("".join(page.extract_text().split()) for page in paper.pages)
    shown = seeing.marks_in(said)
    assert shown
    assert [m for m in shown if not seeing.may_see(role, "agreed", past.planted[m])] == []
    assert (
        marks_of(paper.metadata) | marks_of(paper.xmp_metadata and paper.xmp_metadata.stream)
        == set()
    )
    assert marks_of(answer.headers) == set()
