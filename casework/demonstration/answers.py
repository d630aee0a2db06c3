"""Answers of one tale to a form: what the files say, worked out with FEEL.

A text that begins with ``=`` is FEEL over ``case``, ``story``, ``places``, ``me`` and the names
that the files let stand; ``{ any = [...] }`` is one of several, the same each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import feel
from base.db import Session
from casework.accounts import store as account_store
from casework.cast import Cast
from casework.demonstration.stories import BadStory, History, Row, Tale
from casework.organisations import store as organisations
from feel import FeelError


@dataclass(frozen=True, slots=True)
class Teller:
    """One tale, told at one moment."""

    tx: Session
    cast: Cast
    history: History
    tale: Tale
    now: datetime

    def answers(self, form: str, place: str, context: Row, times: int) -> dict[str, Any]:
        """For the form's ``times``-th sending by somebody there; what a tale says goes first."""
        dice = self.dice(f"{form}/{place}/{times}")
        told = self.history.answers.get(form, [{}])
        given: dict[str, Any] = dict(told[dice.randrange(len(told))])
        given |= self.tale.answers.get(form, {})
        given |= self.tale.answers.get(f"{form}@{place}", {})
        return {name: self._value(value, context, dice) for name, value in given.items()}

    def plain(self, told: Row, context: Row) -> dict[str, Any]:
        """Answers that the files say outright, worked out."""
        dice = self.dice("plain")
        return {name: self._value(value, context, dice) for name, value in told.items()}

    def context(self, places: Sequence[Row], place: str) -> dict[str, Any]:
        """What the files may speak of, for somebody who answers there."""
        mine = [one for one in places if place in (one["code"], one["organisation"])]
        context: dict[str, Any] = {
            "case": dict(self.tale.row),
            "story": dict(self.history.stories[self.tale.story]),
            "places": list(places),
            "me": mine[0] if mine else places[0],
        }
        for name, value in self.history.lets.items():
            context[name] = self._value(value, context, self.dice(name))
        return context

    def places(self, group_id: int) -> list[Row]:
        """The parties of the tale, each with who speaks for it."""
        return [self._place(code, group_id) for code in self.tale.parties]

    def dice(self, what: str) -> Random:
        return self.history.dice(self.tale, what)

    def _place(self, code: str, group_id: int) -> dict[str, Any]:
        """A party: what it is, who speaks for it, and what they could say."""
        organisation = organisations.organisation(self.tx, code.partition("/")[0])
        actor = self.cast.worker_of(code, group_id)
        account = account_store.by_id(self.tx, actor.account_id)
        voices = [row for row in self.history.voices if row["kind"] == organisation.kind]
        if not voices:
            raise BadStory(f"Nobody speaks for {organisation.kind}.")
        voice = self.dice(f"voice/{code}").choice(voices)
        return {
            **voice,
            "code": code,
            "organisation": organisation.code,
            "title": organisation.title,
            "name": account.name,
            "phone": account.phone,
        }

    def _value(self, told: Any, context: Row, dice: Random) -> Any:
        match told:
            case str() if told.startswith("="):
                return feel.plain(self._evaluated(told[1:], context))
            case {"any": list(choices)} if len(told) == 1:
                return self._value(dice.choice(choices), context, dice)
            case dict():
                return {key: self._value(value, context, dice) for key, value in told.items()}
            case list():
                return [self._value(each, context, dice) for each in told]
        return feel.plain(told)

    def _evaluated(self, source: str, context: Row) -> Any:
        try:
            return feel.compile(source).evaluate(context, now=self.now)
        except FeelError as error:
            raise BadStory(f"{source}: {error}") from error
