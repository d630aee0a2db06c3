"""What mails say: a count, a date, the programme, a link and whom to ask; nothing else (GG-21)."""

from datetime import date

import pytest

from casework.notifications.rules import Places, write_mail


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("sv", "1 uppgift väntar på dig", "3 uppgifter väntar på dig"),
        ("de", "1 Aufgabe wartet auf Sie", "3 Aufgaben warten auf Sie"),
        ("en", "1 task waits for you", "3 tasks wait for you"),
    ],
)
def test_a_mail_counts_what_waits_as_people_say_it(language: str, one: str, many: str):
    def mail(count: int) -> tuple[str, str]:
        places = Places(
            count=count,
            day=date(2027, 3, 10),
            programme="Arena",
            link="https://samplan.example/tasks",
            contact="kansli@example.org",
        )
        return write_mail(language, places)

    assert mail(1)[0] == f"Arena: {one}"
    assert one in mail(1)[1]
    assert many in mail(3)[1]
    assert "2027-03-10" not in mail(3)[1]
