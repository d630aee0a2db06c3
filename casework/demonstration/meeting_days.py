"""The local groups' meetings of a history: planned, filled, held."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from base.errors import NotAllowed
from casework.agenda import actions as meetings
from casework.application import Application
from casework.cases import store as case_store
from casework.cast import Cast
from casework.demonstration.moments import Moments, working_day_from
from casework.demonstration.stories import History, Round
from casework.meetings import store as meeting_store
from casework.meetings.tables import AgendaItem, Meeting
from casework.organisations import store as organisations
from engine.errors import NotWaiting

#: Does what waits in a case today; for the answers that a meeting gives.
Work = Callable[[UUID], None]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the groups meet."""

    app: Application
    history: History
    moments: Moments
    present: date

    def days_of(self, told: Round) -> list[date]:
        """Every meeting of a group that the history tells of, those ahead too."""
        count = 400 // told.every
        first = self.present + timedelta(days=told.next_in - told.every * count)
        days = (first + timedelta(days=told.every * n) for n in range(2 * count))
        return [working_day_from(day) for day in days]

    def plan(self, today: date, last: date) -> int:
        """Plan what is close enough, once; how many. ``last``: when that was done before."""
        planned = 0
        for told in self.history.rounds:
            for day in self.days_of(told):
                ahead = timedelta(days=self.history.ahead)
                if max(last + ahead, today) < day <= today + ahead:
                    self._plan(told, day)
                    planned += 1
        return planned

    def place(self, case_id: UUID) -> bool:
        """Put a case on the next agenda with room; False if there is none."""
        with self.app.database.transaction() as tx:
            cast = Cast(tx, self.app)
            lead = cast.lead(case_id)
            meeting = self._next_with_room(cast, case_id)
            if meeting is None:
                return False
            meetings.place_case(tx, self.app, lead, meeting.id, case_id)
        return True

    def hold(self, today: date, work: Work) -> int:
        """Hold today's meetings; how many commands that took besides the work."""
        with self.app.database.reading() as tx:
            groups = [group.id for group in organisations.groups(tx)]
            found = [
                meeting.id
                for meeting in meeting_store.of_groups(tx, groups, today)
                if meeting.on == today and meeting.state == "planned"
            ]
        return sum(self._hold(meeting_id, work) for meeting_id in found)

    def _plan(self, told: Round, day: date) -> None:
        with self.app.database.transaction() as tx:
            group = organisations.group(tx, told.group)
            convener = Cast(tx, self.app).convener(group.id)
            meeting_id = meetings.plan_meeting(
                tx,
                self.app,
                convener,
                group_id=group.id,
                on=day,
                time=told.time,
                place=told.place,
            )
            for offset in range(2 if told.general else 0):
                title = told.general[(day.toordinal() + offset) % len(told.general)]
                meetings.add_general(tx, self.app, convener, meeting_id, title)

    def _next_with_room(self, cast: Cast, case_id: UUID) -> Meeting | None:
        tx = cast.tx
        case = case_store.by_id(tx, case_id)
        soonest = cast.today + timedelta(days=self.history.notice)
        coming = meeting_store.coming(tx, case.group_id or 0, soonest)
        counts = meeting_store.counts(tx, [meeting.id for meeting in coming])
        for meeting in coming:
            if counts.get(meeting.id, (0, 0))[0] < self.history.most_on_agenda:
                return meeting
        return None

    def _hold(self, meeting_id: int, work: Work) -> int:
        with self.app.database.reading() as tx:
            meeting = meeting_store.meeting(tx, meeting_id)
            begins = time.fromisoformat(meeting.time)
            items = list(meeting_store.items(tx, meeting_id))
        self.moments.go_to(meeting.on, begins)
        held = [self._take_up(meeting, item, work) for item in items if item.case_id is not None]
        with self.app.database.transaction() as tx:
            convener = Cast(tx, self.app).convener(meeting.group_id)
            meetings.conclude_meeting(tx, self.app, convener, meeting_id)
        return 2 * sum(held) + 1

    def _take_up(self, meeting: Meeting, item: AgendaItem, work: Work) -> bool:
        """False for an item that could not be taken up."""
        assert item.case_id is not None  # noqa: S101
        try:
            with self.app.database.transaction() as tx:
                convener = Cast(tx, self.app).convener(meeting.group_id)
                meetings.begin_item(tx, self.app, convener, meeting.id, item.id)
        except (NotAllowed, NotWaiting):
            return False
        work(item.case_id)
        with self.app.database.transaction() as tx:
            convener = Cast(tx, self.app).convener(meeting.group_id)
            meetings.conclude_item(tx, self.app, convener, meeting.id, item.id)
        return True
