"""Any draft can be tried: with its own people, those of what it was copied from, or strangers."""

from datetime import date
from pathlib import Path

from casework.releases.toolbox import renamed
from casework.stage import Stage
from casework.trials.handing import Handed, alone, value_of
from casework.trials.people import people_of, strangers
from casework.trials.playing import Player
from casework.words import Words
from engine.packs import Pack, open_pack, read_folder
from tests.arena import ARENA, PROCESSES
from tests.builders_bpmn import a_file, a_process, call, end, mapping, start, user

_TOML = """
id = "interpreting"
title = "Interpreting"
language = "en"

[roles.referrer]
title = "Whoever asks"
scope = "case"
members = ["nurse"]

[start.book]
title = "Book"
roles = ["nurse"]
case = "new"
"""
_ON = date(2027, 2, 1)


def a_new_pack() -> Pack:
    """As an owner would begin: one diagram, and one that it calls."""
    handing = mapping(inputs={"day": "=today()"})
    outer = a_process(
        start(), call("asks", "inner", handing), end(), id="book", path="s asks e", name="Book"
    )
    inner = a_process(start(), user("a"), end("done", name=""), id="inner", path="s a done")
    nowhere = a_process(user("a"), end(), id="nowhere", path="a e")
    files = {"a.bpmn": a_file(outer), "b.bpmn": a_file(inner), "c.bpmn": a_file(nowhere)}
    return open_pack({"pack.toml": _TOML.encode(), **files})


def test_a_pack_begun_from_nothing_is_played_with_strangers(tmp_path: Path):
    pack = a_new_pack()
    home, room = tmp_path / "packs" / pack.id, tmp_path / "room"
    home.mkdir(parents=True)
    room.mkdir()
    for name in ("pack.toml", "a.bpmn", "b.bpmn"):
        (home / name).write_bytes(pack.files[name])
    people = people_of(PROCESSES, pack)
    player = Player(Stage(home, room, people))
    given = {"referrer": "almby", "group": "dalen", "on": _ON}
    itself = {**given, "process": "inner", "start": "s", "consented": True, "alone": {"day": _ON}}
    does = {"do": {"task": "a"}}

    new = player.reach({"given": {**given, "process": "book"}, "step": []}).rest
    inner = player.reach({"given": itself, "step": [does]})
    wrong = player.reach({"given": {**itself, "alone": {"day": "=1 +"}}, "step": []})

    assert people == strangers(pack.config)
    assert new is not None
    assert new.log[0].open == ("a@almby",)
    assert inner.rest is not None
    assert [(each.open, each.ended) for each in inner.rest.log] == [
        (("a@almby",), None),
        ((), "done"),
    ]
    assert wrong.failure is not None
    assert (wrong.failure.step, wrong.failure.why.kind) == (0, "value")


def test_a_copy_has_the_people_whom_its_scenarios_know():
    arena = open_pack(read_folder(ARENA))
    toml = renamed(arena.files["pack.toml"].decode(), "familj", "Familj").encode()
    copy = open_pack({**arena.files, "pack.toml": toml})
    bare = open_pack({"pack.toml": toml})

    assert people_of(PROCESSES, copy) == people_of(PROCESSES, arena)
    assert people_of(PROCESSES, bare) == strangers(bare.config)


def test_a_diagram_says_what_it_is_handed_and_by_whom():
    pack = a_new_pack()
    words = Words(pack, "en")

    inner = alone(pack, words, "inner", {"day": "2027-02-01", "other": "x"})

    assert inner.starts == (("s", "s"),)
    assert inner.handed == (Handed("day", ("asks (Book)",), "2027-02-01"),)
    assert alone(pack, words, "book", {}).handed == ()
    assert alone(pack, words, "nowhere", {}).starts == ()


def test_what_is_typed_is_what_it_reads_as():
    typed = ["3", "-1.5", "true", "2027-02-01", "2027-02-31", "0980-319", "=[1]", " fk "]

    read = [3, -1.5, True, _ON, "2027-02-31", "0980-319", "=[1]", "fk"]

    assert [value_of(text) for text in typed] == read
