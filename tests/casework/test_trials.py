"""A trial is kept for its owner, and forgotten after its last day."""

from datetime import timedelta

import pytest

from base.clock import Fixed
from casework import worker
from casework.application import Application
from casework.releases.tables import TrialRow
from casework.trials import store
from tests.casework.arena import actor


@pytest.mark.both
def test_a_trial_is_forgotten_after_its_last_day(app: Application, clock: Fixed):
    with app.database.transaction() as tx:
        owner, other = actor(tx, "jonas.wik"), actor(tx, "asa.kvist")
        today = clock.now().date()
        row = TrialRow(
            account_id=owner.account_id,
            pack_id="arena",
            title="Ett prov",
            course="given = {}",
            rev=1,
            changed=clock.now(),
            ends=today + timedelta(days=2),
        )
        trial_id = store.add(tx, row)
    with app.database.reading() as tx:
        assert store.trial(tx, other.account_id, trial_id) is None
        assert store.trials(tx, other.account_id, "arena") == []
        assert store.count(tx, owner.account_id) == 1

    clock.move(timedelta(days=2))
    worker.tidy(app)
    with app.database.reading() as tx:
        assert store.trial(tx, owner.account_id, trial_id) is not None
    clock.move(timedelta(days=1))
    worker.tidy(app)

    with app.database.reading() as tx:
        assert store.trial(tx, owner.account_id, trial_id) is None
