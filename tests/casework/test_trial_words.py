"""Why a course does not go is said in the draft's words, in the language of whoever reads it."""

import pytest

from base import lang
from base.errors import Conflict
from casework import otherwise
from casework.cast import NobodyWorks
from casework.otherwise import GoesOtherwise, Otherwise
from casework.trials.saying import Speaker
from casework.words import Words
from engine.errors import StepFailed
from engine.packs import open_pack, read_folder
from engine.reasons import reason
from tests.arena import ARENA

PLACES = {"varnamo": "Värnamo kommun", "varnamo/eko": "Värnamo kommun, Ekonomiskt bistånd"}
TALK = "talk_with_person@varnamo"


@pytest.fixture(scope="module")
def swedish() -> Speaker:
    say = lang.catalogue(lang.WORDS, "sv").gettext
    return Speaker(Words(open_pack(read_folder(ARENA)), "sv"), PLACES, say)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            Otherwise("not_open", "describe_need", (TALK,)),
            "”Beskriv behovet” väntar inte. Det här väntar: Prata med personen (Värnamo kommun).",
        ),
        (
            Otherwise("open", "", (), ("talk_with_person@varnamo/eko",)),
            "Det här väntar: ingenting. Det borde vara:"
            " Prata med personen (Värnamo kommun, Ekonomiskt bistånd).",
        ),
        (
            Otherwise("nobody", "talk_with_person", ("case_lead",)),
            "Ingen kan göra ”Prata med personen” som ”Den som samordnar”.",
        ),
        (
            Otherwise("no_worker", "varnamo"),
            "Ingen arbetar för Värnamo kommun i den här gruppen.",
        ),
        (
            Otherwise("answers", "consent_withdrawn", ("scope", "scope")),
            "”Personen tar tillbaka sitt samtycke” godtar inte svaret på:"
            " Vad tar personen tillbaka.",
        ),
        (
            Otherwise("milestone", "", ("referral",), ("closure",)),
            "Skedet är ”Ärendet lyfts”, och borde vara ”Avslut”.",
        ),
        (
            Otherwise("ended", "", ("told",), ("no_consent",)),
            "Det slutade: ”Den som rapporterade vet”. Det borde vara: ”Inget samtycke”.",
        ),
        (
            Otherwise("not_ended", "", (), ("moved",)),
            "Det har inte slutat. Det borde ha slutat: ”Personen har flyttat”.",
        ),
        (
            Otherwise("refused", "", (), ("no_consent",)),
            "Det är tillåtet. Det borde vara: Det finns inget samtycke som gäller.",
        ),
        (
            Otherwise("refusal", "", ("The case is on no agenda.",)),
            "Ärendet står inte på någon dagordning.",
        ),
        (
            Otherwise("failed", "talk_with_person", (reason("no_way", text="=ja"),)),
            "”Prata med personen” gick inte att genomföra: inget av villkoren gäller och inget"
            " flöde är standard: =ja",
        ),
        (
            Otherwise("refusal", "", (reason("no_start", place="closure"),)),
            "Avsluta ärendet: det finns ingen starthändelse.",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Otherwise) else "",
)
def test_each_reason_has_its_sentence(swedish: Speaker, why: Otherwise, said: str) -> None:
    assert swedish.why(otherwise.read(otherwise.write(why))) == said


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (GoesOtherwise("agenda"), Otherwise("agenda")),
        (StepFailed("x", "1 / 0"), Otherwise("failed", "x", ("1 / 0",))),
        (NobodyWorks("varnamo"), Otherwise("no_worker", "varnamo")),
        (Conflict("Too late."), Otherwise("refusal", found=("Too late.",))),
        (KeyError("on"), Otherwise("missing", "on")),
        (ValueError("no date"), Otherwise("unreadable", found=("no date",))),
    ],
    ids=["otherwise", "failed", "nobody", "refusal", "missing", "unreadable"],
)
def test_each_error_has_its_reason(error: Exception, why: Otherwise) -> None:
    assert otherwise.why(error) == why


def test_what_was_kept_before_reasons_had_kinds_is_a_sentence() -> None:
    assert otherwise.read("It stopped.") == Otherwise("refusal", found=("It stopped.",))


def test_long_reasons_are_kept_as_far_as_anybody_reads_them() -> None:
    kept = otherwise.read(otherwise.write(Otherwise("open", found=("x" * 9999,) * 99)))

    assert (len(kept.found), {len(each) for each in kept.found}) == (20, {400})
