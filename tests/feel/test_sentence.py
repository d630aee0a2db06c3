"""A sentence is English at once and said in another language later, with the same facts."""

from copy import deepcopy

from feel.sentence import sentence, spoken

WORDS = {
    "“{text}” stands where {wanted} is expected.": "Wo {wanted} erwartet wird, steht „{text}“.",
    "a value": "ein Wert",
}


def translate(text: str) -> str:
    return WORDS.get(text, text)


def test_it_is_said_with_its_facts_and_the_sentences_among_them():
    made = sentence(
        "“{text}” stands where {wanted} is expected.", text="{x}", wanted=sentence("a value")
    )

    assert made == "“{x}” stands where a value is expected."
    assert spoken(made, translate) == "Wo ein Wert erwartet wird, steht „{x}“."


def test_other_text_stays_as_it_is():
    assert spoken("a value", translate) == "a value"


def test_a_number_is_a_fact_too():
    assert sentence("{count} fields", count=2).facts == {"count": "2"}


def test_a_copy_can_be_said_too():
    made = deepcopy(sentence("a value"))

    assert (made, spoken(made, translate)) == ("a value", "ein Wert")
