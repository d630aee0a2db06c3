"""``samplan audit verify`` on an installation of its own."""

import json

import pytest
from sqlalchemy import text

from base.clock import Fixed
from base.settings import Settings
from cli import auditing
from tests.arena import opened
from tests.casework.builders import unguard
from tests.stories import case_as_in


def test_it_says_where_the_trace_was_changed(
    arena_settings: Settings, clock: Fixed, capfd: pytest.CaptureFixture[str]
):
    app = opened(arena_settings, clock)
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=2)
    assert auditing.verify(arena_settings, as_json=False) == 0
    assert capfd.readouterr().out.endswith(" chains, 0 of them broken.\n")
    unguard(app.database)
    with app.database.transaction() as tx:
        changed = "update audit set actor = 'account:99' where seq = 2 and chain = :chain"
        tx.execute(text(changed), {"chain": str(case_id)})
    app.close()

    assert auditing.verify(arena_settings, as_json=True) == 1
    said = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert said[0] == {"chain": str(case_id), "findings": [{"row": 2, "code": "changed"}]}
    assert said[1]["broken"] == 1
    assert auditing.verify(arena_settings, as_json=False) == 1
    told = f"{case_id}, row 2: it does not say what it said when it was written.\n"
    assert capfd.readouterr().out.startswith(told)
