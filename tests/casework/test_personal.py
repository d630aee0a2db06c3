"""What in a text points at a person is found however it is written; ordinary text is let pass."""

import pytest

from casework import personal
from casework.personal import PointsAtSomebody

NAMES = ("Anna Berg", "Clara Nyström", "Li Åkesson")

#: The same digits and dash as East Asian keyboards write them.
FULL_WIDTH = "19870412-1234".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-"})
POINTING = [
    ("identity_number", "It concerns 19870412-1234, who …"),
    ("identity_number", "870412-1234"),
    ("identity_number", "8704121238"),
    ("identity_number", "870412 1238"),
    ("identity_number", "1987-04-12-1234"),
    ("identity_number", "samordningsnummer 870472-1239"),
    ("identity_number", "born in 1901: 010412+1234"),
    ("identity_number", FULL_WIDTH),
    ("identity_number", "870412\N{NON-BREAKING HYPHEN}1234"),
    ("identity_number", "8704\N{ZERO WIDTH SPACE}12-1234"),
    ("identity_number", "AHV 756.9217.0769.85"),
    ("identity_number", "7569217076985"),
    ("identity_number", "DNI 12345678Z"),
    ("identity_number", "NIE X-1234567-L"),
    ("case_number", "as in VMO-2027-001"),
    ("case_number", "as in vmo-2027-001"),
    ("phone", "ring 070-123 45 67"),
    ("phone", "ring +46 70 123 45 67"),
    ("phone", "ring 0370-37 70 00"),
    ("phone", "ring (044) 123 45 67"),
    ("mail", "write to anna@example.org"),
    ("mail", "write to anna (at) example.org"),
    ("name", "I rang Anna"),
    ("name", "Annas läkare"),
    ("name", "NYSTRÖM"),
    ("name", "jag talade med clara nyström"),
    ("name", "Åkesson, Li"),
]
ORDINARY = [
    "The office asks for a certificate that the clinic cannot issue before the decision.",
    "Between 2027-01-15 and 2027-03-10 nobody answered; 14 days, 3 500 kr, 2 of 5.",
    "1 january 2027, at 08:00-16:30, in room 0412",
    "From 01-02-2027 - 03-04-2027 nobody was there.",
    "Chapter 16 § 4 of 2017:30 and SoL 2025:400",
    "Diarienummer 2027/12345 and 4 000 000 crowns",
    "Number 8704121231 is no identity number: its check digit is wrong.",
    "AHV 756.9217.0769.84 and DNI 12345678A have the wrong check.",
    "There is a mountain (berg) on the way; arena@ is not an address.",
    "",
]


@pytest.mark.parametrize(("kind", "text"), POINTING)
def test_what_points_at_a_person_is_found(kind: str, text: str) -> None:
    assert personal.found(text, names=NAMES) == (kind,)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_let_pass(text: str) -> None:
    assert personal.found(text, names=NAMES) == ()


def test_what_may_stand_there_does_not_hide_what_may_not() -> None:
    office = "Samordningsförbundets kansli, 0980-319 200, arena@finnveden.example"

    assert personal.found(f"Frågor: {office}", besides=[office]) == ()
    assert personal.found(f"Frågor: {office}, 0980-319 201", besides=[office]) == ("phone",)


def test_everything_found_is_named_and_nothing_is_repeated() -> None:
    with pytest.raises(PointsAtSomebody) as refused:
        personal.require_nobody("Anna, 19870412-1234, anna@example.org", names=NAMES)

    assert refused.value.kinds == ("identity_number", "mail", "name")
    assert "1987" not in str(refused.value)
    assert "Anna" not in repr(refused.value)
