"""When a session ends and how long somebody waits after wrong passwords. Pure.

Waiting slows guessing down without locking anybody out: it is short, and an attempt made while
waiting does not lengthen it.
"""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
#: How exactly ``last_seen`` is kept, so that reading does not write each time.
SEEN_EVERY = timedelta(minutes=1)
#: How long it is known whose an ended session was.
REMEMBER_ENDED = timedelta(hours=12)
#: After this much quiet, failures are forgotten.
FORGET_AFTER = timedelta(days=1)
#: Over this span failures everywhere are counted.
FLOOD_SPAN = timedelta(minutes=5)
FLOOD = 200
#: How long the second factor is waited for, and how many wrong codes are heard meanwhile.
HALF = timedelta(minutes=10)
MOST_CODES = 5
_FREE = 5
_FREE_IN_FLOOD = 2
_LONGEST_WAIT = timedelta(seconds=30)


def alive(last_seen: datetime, ends: datetime, now: datetime) -> bool:
    return now < ends and now - last_seen < IDLE


def wait_until(failures: int, last: datetime, *, everywhere: int) -> datetime:
    """When the next attempt is heard; doubles from one second up to half a minute."""
    free = _FREE_IN_FLOOD if everywhere >= FLOOD else _FREE
    if failures < free:
        return last
    seconds = 2 ** min(failures - free, 10)
    return last + min(timedelta(seconds=seconds), _LONGEST_WAIT)
