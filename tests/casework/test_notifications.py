"""What mails say: a count, a date, the programme, a link and whom to ask; nothing else (GG-21)."""

from datetime import date
from itertools import chain

import pytest

from base.lang import LANGUAGES, SOURCE
from casework import personal
from casework.notifications.rules import (
    CODE,
    Places,
    write_anew_mail,
    write_code_mail,
    write_general_mail,
    write_mail,
)
from casework.voice import Voice
from engine.packs import Text, open_pack, with_translations


def some_places(count: int = 3) -> Places:
    return Places(
        count=count,
        day=date(2027, 3, 10),
        programme="Arena",
        link=f"https://samplan.example/code/{CODE}",
        contact="kansli@example.org",
    )


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("sv", "1 uppgift väntar på dig", "3 uppgifter väntar på dig"),
        ("de", "1 Aufgabe wartet auf Sie", "3 Aufgaben warten auf Sie"),
        ("es", "le espera 1 tarea", "le esperan 3 tareas"),
        ("it", "La attende 1 compito", "La attendono 3 compiti"),
        ("en", "1 task waits for you", "3 tasks wait for you"),
    ],
)
def test_a_mail_counts_what_waits_as_people_say_it(language: str, one: str, many: str):
    def mail(count: int) -> tuple[str, str]:
        return write_mail(Voice(language, None), some_places(count))

    assert mail(1)[0] == f"Arena: {one}"
    assert one in mail(1)[1]
    assert many in mail(3)[1]
    assert "2027-03-10" not in mail(3)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_written_in_every_language(language: str):
    places = some_places()

    def mails(language: str) -> list[tuple[str, str]]:
        say = Voice(language, None)
        return [
            write_mail(say, places),
            write_mail(say, places, steps_alone=False),
            write_general_mail(say, places),
            write_code_mail(say, places),
            write_anew_mail(say, places),
        ]

    here, english = mails(language), mails(SOURCE)
    official = (places.link, places.contact)

    assert all(subject.startswith("Arena: ") for subject, _body in here)
    assert all("Arena" in body and body.endswith("\n") for _subject, body in here)
    assert [body.count(places.link) for _subject, body in here] == [1, 1, 1, 1, 0]
    assert [body.count(places.contact) for _subject, body in here] == [1] * 5
    assert [personal.found(body, besides=official) for _subject, body in here] == [()] * 5
    assert language == SOURCE or not {*chain(*here)} & {*chain(*english)}


def test_an_organisation_is_written_to_in_english_where_there_are_no_words():
    mails = [write_general_mail(Voice(code, None), some_places()) for code in ("fi", "en")]

    assert mails[0] == mails[1]


def test_a_mail_says_what_waits_as_the_pack_calls_it():
    said = [
        (Text("samplan", "task.wait_you_one", "phrase", "1 task waits"), "1 insats väntar"),
        (
            Text("samplan", "task.wait_you", "phrase", "%(num)s tasks wait"),
            "%(num)s insatser väntar",
        ),
    ]
    config = b'id = "small"\ntitle = "Small"\nlanguage = "sv"\n'
    pack = open_pack({"pack.toml": config, "lang/sv.po": with_translations(b"", "sv", said)})

    def told(count: int, language: str = "sv") -> str:
        subject, _body = write_mail(Voice(language, pack), some_places(count))
        return subject.removeprefix("Arena: ").removesuffix(" på dig")

    assert (told(1), told(3)) == ("1 insats väntar", "3 insatser väntar")
    assert told(3, "en") == "3 tasks wait for you"
