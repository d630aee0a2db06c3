"""Repetitions on the days on which calendars and clocks are odd: each comes, and comes once."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.spiff.timers import Rhythm, after, rhythm_of
from feel import Calendar, YearsMonthsDuration
from tests.engine.drawing import (
    a_file,
    a_process,
    boundary,
    catch,
    end,
    path,
    service,
    start,
    timer,
    user,
)
from tests.engine.playing import Play, World

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HERE = Calendar("Europe/Stockholm")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on the wall in Stockholm."""
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def wall(moments: list[datetime]) -> list[str]:
    return [moment.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M %Z") for moment in moments]


def moments(text: str, begin: datetime, count: int) -> list[datetime]:
    """The first moments of a cycle that a diagram begins to wait for at ``begin``."""
    rhythm: Rhythm | None = rhythm_of(text, begin, HERE, "t")
    found = []
    while rhythm is not None and len(found) < count:
        found.append(rhythm.due)
        rhythm = after(rhythm, rhythm.due, HERE)
    return found


def reminding(cycle: str, now: datetime) -> Play:
    """A step with a reminder beside it."""
    parts = (
        start(),
        user("a"),
        boundary("r", "a", timer("Cycle", cycle), interrupting=False),
        service("s", "remind"),
        end(),
    )
    ways = (path("start", "a"), path("r", "s", "end"))
    return Play(a_file(a_process("p", *parts, *ways)), world=World(now=now, calendar=HERE))


def test_a_daily_repetition_keeps_its_hour_over_both_changes_of_the_clock():
    spring = moments("R/2027-03-27T09:00:00/P1D", at(2027, 3, 1), 3)
    autumn = moments("R/2027-10-30T09:00:00/P1D", at(2027, 10, 1), 3)

    assert wall(spring) == [
        "2027-03-27 09:00 CET",
        "2027-03-28 09:00 CEST",
        "2027-03-29 09:00 CEST",
    ]
    assert wall(autumn) == [
        "2027-10-30 09:00 CEST",
        "2027-10-31 09:00 CET",
        "2027-11-01 09:00 CET",
    ]


def test_an_hour_that_a_night_leaves_out_moves_that_night_alone():
    found = moments("R/2027-03-27T02:30:00/P1D", at(2027, 3, 1), 3)

    assert wall(found) == [
        "2027-03-27 02:30 CET",
        "2027-03-28 03:30 CEST",
        "2027-03-29 02:30 CEST",
    ]


def test_an_hour_that_a_night_has_twice_counts_once():
    found = moments("R/2027-10-30T02:30:00/P1D", at(2027, 10, 1), 3)

    assert wall(found) == [
        "2027-10-30 02:30 CEST",
        "2027-10-31 02:30 CEST",
        "2027-11-01 02:30 CET",
    ]


def test_hours_are_exact_over_a_change_of_the_clock():
    found = moments("R/2027-03-27T12:00:00/PT12H", at(2027, 3, 1), 4)

    assert [later - earlier for earlier, later in itertools.pairwise(found)] == [12 * HOUR] * 3
    assert wall(found)[-1] == "2027-03-29 01:00 CEST"


def test_the_29th_of_february_comes_back_every_fourth_year():
    found = moments("R/2028-02-29T09:00:00/P1Y", at(2028, 1, 1), 5)

    assert [moment.date() for moment in found] == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


def test_the_last_of_a_short_month_does_not_move_the_months_after_it():
    found = moments("R/2027-01-31T09:00:00/P1M", at(2027, 1, 1), 5)

    assert [moment.astimezone(STOCKHOLM).day for moment in found] == [31, 28, 31, 30, 31]


def test_missed_repetitions_count_as_one_and_the_rhythm_stays():
    play = reminding("R/2027-01-31T09:00:00/P1M", at(2027, 1, 30))

    play.advance(at(2027, 5, 2) - play.world.now)
    assert len(play.world.asked) == 1
    play.advance(at(2027, 5, 31, 8, 59) - play.world.now)
    assert len(play.world.asked) == 1
    play.advance(timedelta(minutes=1))
    assert len(play.world.asked) == 2


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_an_hour_fires_each_repetition_once(jump: timedelta):
    play = reminding("R3/P1D", at(2027, 2, 1))

    play.advance(DAY)
    assert len(play.world.asked) == 1
    play.advance(jump)
    assert len(play.world.asked) == 1
    play.advance(DAY - jump - timedelta(minutes=1))
    assert len(play.world.asked) == 1
    play.advance(timedelta(minutes=1))
    assert len(play.world.asked) == 2
    play.advance(-HOUR)
    play.advance(HOUR)
    assert len(play.world.asked) == 2


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_an_hour_fires_a_single_timer_once(jump: timedelta):
    parts = (start(), catch("w", timer("Duration", "PT2H")), service("s", "remind"), user("z"))
    play = Play(
        a_file(a_process("p", *parts, path("start", "w", "s", "z"))),
        world=World(now=at(2027, 2, 1), calendar=HERE),
    )

    play.advance(2 * HOUR - timedelta(minutes=1))
    play.advance(jump)
    play.advance(max(-jump, timedelta()) + timedelta(minutes=1))
    play.advance(-HOUR)
    play.advance(DAY)

    assert (len(play.world.asked), play.open) == (1, ["z"])


def test_a_timer_counts_working_days_by_the_pack_s_calendar():
    easter = frozenset({date(2027, 3, 26), date(2027, 3, 29)})
    calendar = Calendar("Europe/Stockholm", holidays=easter)
    play = Play(
        a_file(
            a_process(
                "p",
                start(),
                catch("w", timer("Date", "=add working days(today(), 3)")),
                user("z"),
                path("start", "w", "z"),
            )
        ),
        world=World(now=at(2027, 3, 24), calendar=calendar),
    )

    # Thursday 25 March, then the Tuesday and the Wednesday after Easter.
    play.advance(at(2027, 3, 30, 23, 59) - play.world.now)
    assert play.open == []
    play.advance(timedelta(minutes=1))
    assert play.open == ["z"]


def test_what_began_to_wait_before_rhythms_knew_their_beginning_goes_on():
    old = Rhythm(at(2027, 2, 2), DAY, 3, at(2027, 2, 2))

    following = after(old, at(2027, 2, 2), HERE)

    assert following is not None
    assert (following.due, following.left) == (at(2027, 2, 3), 2)


EVERY = st.one_of(
    st.integers(1, 3000).map(lambda n: timedelta(minutes=n)),
    st.integers(1, 40).map(lambda n: timedelta(days=n)),
    st.integers(1, 30).map(YearsMonthsDuration),
)


@settings(deadline=None, max_examples=200)
@example(every=timedelta(minutes=1), left=None, first=at(2026, 1, 1), outage=1700)
@given(
    every=EVERY,
    left=st.none() | st.integers(0, 20),
    first=st.integers(0, 4 * 365 * 24 * 60).map(lambda n: at(2026, 1, 1) + timedelta(minutes=n)),
    outage=st.integers(0, 4000),
)
def test_repetitions_go_forward_and_never_lie_in_the_past(
    every: timedelta | YearsMonthsDuration, left: int | None, first: datetime, outage: int
):
    begin = first
    now = begin + timedelta(hours=outage)

    following = after(Rhythm(begin, every, left, begin), now, HERE)

    if following is None:
        assert left is not None
        return
    assert following.due > now
    assert left is None or 0 <= (following.left or 0) < left
    before = after(Rhythm(begin, every, None, begin, 0), begin, HERE)
    assert before is not None
    assert begin < before.due <= following.due
    assert following == _one_by_one(Rhythm(begin, every, left, begin), now)


def _one_by_one(rhythm: Rhythm, now: datetime) -> Rhythm | None:
    """The same, a repetition at a time."""
    step: Rhythm | None = rhythm
    while step is not None and step.due <= now:
        step = after(step, step.due, HERE)
    return step
