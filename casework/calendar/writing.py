"""Feeds as iCalendar (RFC 5545). Nothing else knows the icalendar library."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from casework.calendar.rules import MEETING_LASTS, DueDay, GroupMeeting

_REFRESH = timedelta(hours=1)


def written(
    due: Sequence[DueDay],
    meetings: Sequence[GroupMeeting],
    *,
    name: str,
    host: str,
    stamp: datetime,
    say: Callable[[str], str],
) -> bytes:
    """The feed; ``stamp`` is when it was so. The same days and meetings keep their UIDs."""
    calendar = Calendar()
    calendar.add("prodid", "-//Samplan//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for each in due:
        calendar.add_component(_due(each, host, stamp, say))
    for meeting in meetings:
        calendar.add_component(_meeting(meeting, host, stamp, say))
    calendar.add_missing_timezones()
    feed: bytes = calendar.to_ical()
    return feed


def _due(due: DueDay, host: str, stamp: datetime, say: Callable[[str], str]) -> Event:
    words = say("One step is due in Samplan")
    if due.steps > 1:
        words = say("%(count)s steps are due in Samplan") % {"count": due.steps}
    event = _event(f"due-{due.on.isoformat()}@{host}", words, due.on, stamp)
    event.add("dtend", due.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _meeting(
    meeting: GroupMeeting, host: str, stamp: datetime, say: Callable[[str], str]
) -> Event:
    words = say("Meeting of %(group)s") % {"group": meeting.group}
    event = _event(f"meeting-{meeting.id}@{host}", words, meeting.begins, stamp)
    event.add("dtend", meeting.begins + MEETING_LASTS)
    event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("sequence", int(meeting.cancelled))
    return event


def _event(uid: str, words: str, begins: date, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", words)
    event.add("dtstart", begins)
    event.add("dtstamp", stamp)
    return event
