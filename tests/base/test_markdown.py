"""What owners mark reaches pages as safe HTML and paper as parts, and nothing else of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base import markdown
from base.markdown import Listed, Paragraph, Run, Title


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("# En\n## Två", (Title((Run("En"),), 1), Title((Run("Två"),), 2))),
        (
            "Du **bestämmer *själv***.",
            (
                Paragraph(
                    (
                        Run("Du "),
                        Run("bestämmer ", strong=True),
                        Run("själv", strong=True, emphasis=True),
                        Run("."),
                    )
                ),
            ),
        ),
        (
            "- a\n  1. b",
            (
                Listed(
                    (
                        (
                            Paragraph((Run("a"),)),
                            Listed(((Paragraph((Run("b"),)),),), numbered=True),
                        ),
                    ),
                    numbered=False,
                ),
            ),
        ),
        ("a\nb  \nc", (Paragraph((Run("a"), Run(" "), Run("b"), Run("\n"), Run("c"))),)),
        ("[hit](https://x.y)", (Paragraph((Run("hit"), Run(" (https://x.y)"))),)),
        ("<https://x.y>", (Paragraph((Run("https://x.y"),)),)),
        ("> a\n\n---\n\n    b", (Paragraph((Run("a"),)), Paragraph((Run("b"),)))),
        ("<b>fett</b>", (Paragraph((Run("<b>fett</b>"),)),)),
    ],
)
def test_a_text_is_read_as_its_parts(text: str, parts: tuple[markdown.Part, ...]):
    assert markdown.parts(text) == parts


def test_pages_get_no_markup_but_the_usual():
    made = markdown.html("# A\n\n<script>x</script> [b](javascript:c) ![d](https://e/f.png) **g**")

    assert made.startswith("<h2>A</h2>")
    assert "<strong>g</strong>" in made
    assert not any(each in made for each in ("<script", 'javascript:c"', "<img"))


@settings(max_examples=60)
@given(st.text("aå1 .\n*_`[]()<>#&|~!\\-+:/", min_size=1, max_size=30))
def test_what_a_person_typed_is_never_read_as_marks(typed: str):
    parts = markdown.parts(f"Sagt: {markdown.in_line(typed)}.")

    said = " ".join(f"Sagt: {' '.join(typed.split())}.".split())
    assert [" ".join(part.text.split()) for part in parts] == [said]
    assert all(not run.strong and not run.emphasis for run in parts[0].runs)
