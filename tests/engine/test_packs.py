"""A pack is read whole, or refused with the file and the place that is wrong."""

import contextlib
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs import (
    Action,
    BadPack,
    Ending,
    Milestone,
    Procedure,
    Review,
    Role,
    Start,
    Text,
    digest,
    is_pack_file,
    open_pack,
    read_config,
    read_folder,
    texts_of,
)
from engine.packs.words import read_words
from feel.calendar import Calendar
from tests.builders_bpmn import a_file, a_process, end, lanes, start, user

CONFIG = """
id = "arena"
title = "Arena"
language = "sv"
languages = ["sv", "de"]

[procedures.arena]
title = "Arena"
consent_forms = ["paper", "e_sign"]

[roles.case_lead]
title = "Samordnare"
scope = "case"
members = ["caseworker"]

[actions.person_refused]
title = "Personen tackar nej"
roles = ["case_lead"]
when = '=procedure = "arena"'
variables = ["scope"]

[actions.placed_on_agenda]
button = false

[start.referral]
roles = ["caseworker"]

[calendar]
time_zone = "Europe/Stockholm"
working_days = ["mon", 2]
holidays = [2027-01-06]

[review]
second_person = true

[services]
allowed = ["plan.adopt"]

[milestones]
referral = { title = "Aktualisering" }
consent = { title = "Samtycke" }

[endings]
no_consent = { title = "Inget samtycke" }

[programme]
code = "finnveden"
"""


def test_the_whole_configuration_is_read():
    config = read_config(CONFIG.encode())

    assert (config.id, config.language, config.languages) == ("arena", "sv", ("sv", "de"))
    assert dict(config.procedures) == {"arena": Procedure("arena", "Arena", ("paper", "e_sign"))}
    assert dict(config.roles) == {
        "case_lead": Role("case_lead", "Samordnare", "case", ("caseworker",))
    }
    refused = config.actions["person_refused"]
    assert refused == Action(
        message="person_refused",
        title="Personen tackar nej",
        form=None,
        roles=("case_lead",),
        correlation="=case_ref",
        button=True,
        when='=procedure = "arena"',
        variables=("scope",),
        outputs=refused.outputs,
    )
    assert not config.actions["placed_on_agenda"].button
    assert config.start["referral"] == Start("referral", "referral", ("caseworker",), "new", ())
    assert config.calendar == Calendar(
        "Europe/Stockholm", frozenset({1, 2}), frozenset({date(2027, 1, 6)})
    )
    assert config.review == Review(second_person=True, decision_reference=False)
    assert config.services == frozenset({"plan.adopt"})
    assert config.milestones == (
        Milestone("referral", "Aktualisering", 1),
        Milestone("consent", "Samtycke", 2),
    )
    assert dict(config.endings) == {"no_consent": Ending("no_consent", "Inget samtycke")}
    assert dict(config.programme) == {"code": "finnveden"}
    assert config.unknown == ()


def test_keys_that_mean_nothing_are_named():
    text = (
        'id = "a"\ntitel = "A"\ntitle = "A"\n[roles.x]\nscoop = "case"\n[review]\nthird = true\n'
    )

    unknown = read_config(f"{text}[retentions.x]\nafter = 'P5Y'".encode()).unknown

    assert unknown == ("retentions", "review.third", "roles.x.scoop", "titel")


@pytest.mark.parametrize(
    ("wrong", "place", "why"),
    [
        ('title = "A"', "id", "A text is needed here."),
        ('id = "A b"\ntitle = "A"', "id", "An id has small letters, digits, - and _ only."),
        (
            'id = "a"\ntitle = "A"\n[roles.x]\nscope = "all"',
            "roles.x.scope",
            "A scope is one of case, party, manager, group, programme.",
        ),
        (
            'id = "a"\ntitle = "A"\n[calendar]\ntime_zone = "Europe/Atlantis"',
            "calendar.time_zone",
            "There is no time zone “Europe/Atlantis”.",
        ),
        (
            'id = "a"\ntitle = "A"\n[calendar]\nworking_days = [0]',
            "calendar.working_days",
            "A list of days is needed: 1 (Monday) to 7, or mon …",
        ),
        ('id = "a"\ntitle = "A"\nroles = 3', "roles", "A table is needed here."),
    ],
)
def test_a_wrong_key_is_refused_with_its_place(wrong: str, place: str, why: str):
    with pytest.raises(BadPack) as refusal:
        open_pack({"pack.toml": wrong.encode()})

    assert (refusal.value.file, refusal.value.place, refusal.value.why) == (
        "pack.toml",
        place,
        why,
    )


@given(st.binary(max_size=60))
def test_no_bytes_make_the_configuration_fail_otherwise(data: bytes):
    try:
        tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        with pytest.raises(BadPack):
            read_config(data)


@pytest.mark.parametrize(
    "path",
    [
        "pack.toml",
        "a_b.bpmn",
        "d.dmn",
        "forms/a.form",
        "templates/x.json",
        "lang/de.po",
        "lang/pt-BR.po",
        "texts/consent.md",
        "texts/de/consent.md",
        "scenarios/a.toml",
        "sentences.toml",
    ],
)
def test_a_pack_holds_these_files(path: str):
    assert is_pack_file(path)


@pytest.mark.parametrize(
    "path",
    [
        "../pack.toml",
        "forms/../../x.form",
        "/etc/x.bpmn",
        "a.py",
        "forms/.form",
        "texts/../a.md",
        "texts/./a.md",
        "a.bpmn\n",
        "lang/de/x.po",
        "",
    ],
)
def test_a_pack_holds_no_other_files(path: str):
    assert not is_pack_file(path)


def test_a_folder_is_read_and_foreign_files_stay_out(tmp_path: Path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "pack.toml").write_text("x")
    (tmp_path / "forms" / "a.form").write_text("{}")
    (tmp_path / "README.md").write_text("no part")

    assert dict(read_folder(tmp_path)) == {"pack.toml": b"x", "forms/a.form": b"{}"}


def test_links_out_of_the_folder_are_refused(tmp_path: Path):
    (tmp_path / "secret").write_text("key")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "a.bpmn").symlink_to(tmp_path / "secret")

    with pytest.raises(BadPack, match="no links"):
        read_folder(pack)


def test_links_to_folders_are_not_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.form").write_text("key")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "forms").symlink_to(outside)

    assert dict(read_folder(pack)) == {}


def test_too_large_a_file_is_refused(tmp_path: Path):
    (tmp_path / "a.bpmn").write_bytes(b" " * 2_000_001)

    with pytest.raises(BadPack, match="at most 2 MB"):
        read_folder(tmp_path)


def test_the_digest_depends_on_names_and_contents_only():
    one = digest({"a.bpmn": b"x", "b.bpmn": b"y"})

    assert one == digest({"b.bpmn": b"y", "a.bpmn": b"x"})
    assert one != digest({"a.bpmn": b"xb.bpmn", "": b"y"})
    assert one != digest({"a.bpmn": b"y", "b.bpmn": b"x"})


def a_pack(**files: bytes):
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in files.items()}
    return open_pack({"pack.toml": CONFIG.encode()} | named)


def test_diagrams_forms_and_texts_are_found_by_their_ids():
    pack = a_pack(
        p_dot_bpmn=a_file(a_process(start(), end(), path="s e", id="referral")),
        forms__ask_dot_form=b'{"id": "ask", "components": []}',
        texts__consent_dot_md="Säg ja.".encode(),
    )

    assert {id: process.file for id, process in pack.diagrams.items()} == {"referral": "p.bpmn"}
    assert (pack.form_ids, dict(pack.forms)) == (frozenset({"ask"}), {"ask": "forms/ask.form"})
    assert dict(pack.texts) == {"consent": "Säg ja."}


def test_decisions_are_found_by_their_ids():
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        b' namespace="n"><decision id="who" name="Who"><variable name="who"/>'
        b"<literalExpression><text>1</text></literalExpression></decision></definitions>"
    )

    assert [
        (id, decisions.name) for id, decisions in a_pack(a_dot_dmn=table).decisions.items()
    ] == [("who", "a.dmn")]
    with pytest.raises(BadPack, match=r"The decision “who” is already in a\.dmn\."):
        _ = a_pack(a_dot_dmn=table, b_dot_dmn=table).decisions


def test_a_process_given_twice_is_refused():
    data = a_file(a_process(start(), end(), path="s e", id="referral"))

    with pytest.raises(BadPack, match=r"The process “referral” is already in a\.bpmn\."):
        _ = a_pack(a_dot_bpmn=data, b_dot_bpmn=data).diagrams


def test_a_form_without_an_id_is_refused():
    with pytest.raises(BadPack, match=r"forms/x\.form, id: The form has no id\."):
        _ = a_pack(forms__x_dot_form=b"[]").forms


PO = """
msgctxt "referral.bpmn#a/name"
msgid "Fråga"
msgstr "Fragen"

#, fuzzy
msgctxt "referral.bpmn#b/name"
msgid "Svara"
msgstr "Antworten"

msgctxt "ask#name/label"
msgid "Namn"
msgstr "Name"
"""


@pytest.mark.parametrize(
    ("language", "file", "element", "attribute", "source", "shown"),
    [
        ("de", "referral.bpmn", "a", "name", "Fråga", "Fragen"),
        ("de", "referral.bpmn", "a", "name", "Fråga igen", "Fråga igen"),
        ("de", "referral.bpmn", "b", "name", "Svara", "Svara"),
        ("de", "forms/ask.form", "name", "label", "Namn", "Name"),
        ("sv", "referral.bpmn", "a", "name", "Fråga", "Fråga"),
        ("fr", "referral.bpmn", "a", "name", "Fråga", "Fråga"),
    ],
)
def test_only_sure_translations_are_shown(
    language: str, file: str, element: str, attribute: str, source: str, shown: str
):
    pack = a_pack(lang__de_dot_po=PO.encode())

    assert pack.word(language, file, element, attribute, source) == shown


ENGLISH = """
msgctxt "referral.bpmn#a/name"
msgid "Fråga"
msgstr "Ask"
"""


@pytest.mark.parametrize(
    ("catalogues", "language", "spoken", "shown"),
    [
        ({"lang__de_dot_po": PO, "lang__en_dot_po": ENGLISH}, "it", "en", "Ask"),
        ({"lang__de_dot_po": PO, "lang__en_dot_po": ENGLISH}, "de", "de", "Fragen"),
        ({"lang__de_dot_po": "", "lang__en_dot_po": ENGLISH}, "de", "de", "Fråga"),
        ({"lang__en_dot_po": ENGLISH}, "sv", "sv", "Fråga"),
        ({"lang__de_dot_po": PO}, "it", "sv", "Fråga"),
    ],
)
def test_a_language_that_a_pack_does_not_speak_is_english_or_its_own(
    catalogues: dict[str, str], language: str, spoken: str, shown: str
):
    pack = a_pack(**{name: text.encode() for name, text in catalogues.items()})

    assert pack.spoken(language) == spoken
    assert pack.word(language, "referral.bpmn", "a", "name", "Fråga") == shown


def test_a_catalogue_that_names_a_file_does_not_open_it(tmp_path: Path):
    secret = tmp_path / "x.po"
    secret.write_text('msgctxt "a#b/c"\nmsgid "x"\nmsgstr "key"\n')

    with pytest.raises(BadPack):
        read_words(str(secret).encode(), "lang/de.po")


@given(st.text(alphabet='msgidctr "#~|\\n\n\\,fuzzyplual[0]', max_size=60))
def test_no_text_makes_a_catalogue_fail_otherwise(text: str):
    with contextlib.suppress(BadPack):
        read_words(text.encode(), "lang/de.po")


def test_the_texts_of_a_process_are_listed_with_their_place():
    pack = a_pack(
        p_dot_bpmn=a_file(
            a_process(lanes(case_lead="a"), user("a", name="Ask"), id="p", name="All")
        )
    )

    assert list(texts_of(pack.diagrams["p"])) == [
        Text("p.bpmn", "p", "name", "All"),
        Text("p.bpmn", "a", "name", "Ask"),
        Text("p.bpmn", "a", "documentation", "What to do."),
        Text("p.bpmn", "lane_case_lead", "name", "case_lead"),
    ]
