"""A course is written so that it is read again as it was."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.trials import courses

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_PLAIN = st.one_of(
    st.booleans(), st.integers(-9999, 9999), _WORDS, st.dates(min_value=date(1900, 1, 1))
)
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)
_MOVES = st.one_of(
    st.fixed_dictionaries(
        {
            "do": st.fixed_dictionaries(
                {"task": _WORDS, "answers": st.dictionaries(_WORDS, _VALUES, max_size=4)}
            )
        },
        optional={"then": st.fixed_dictionaries({"open": st.lists(_WORDS, max_size=4)})},
    ),
    st.fixed_dictionaries({"advance": st.just("P7D")}),
)


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(
        {
            "name": _WORDS,
            "given": st.dictionaries(_WORDS, _VALUES, max_size=4),
            "step": st.lists(_MOVES, min_size=1, max_size=4),
        }
    )
)
def test_what_is_written_is_read_again(course: dict[str, object]):
    assert courses.read(courses.write(course)) == course


def test_a_course_is_cut_and_told_without_what_must_be_true():
    move = {"do": {"task": "a"}, "then": {"open": ["b"]}}
    course = {"given": {}, "step": [move, {"then": {"open": []}}, {"advance": "P1D"}]}

    bare = courses.without_expectations(course)

    assert bare["step"] == [{"do": {"task": "a"}}, {"advance": "P1D"}]
    assert courses.cut(bare, 1)["step"] == [{"do": {"task": "a"}}]
    assert courses.with_move(bare, {"advance": "P2D"})["step"][-1] == {"advance": "P2D"}
