"""No table is forgotten when a case is erased."""

import base.jobs.tables
import casework.tables
import engine.tables
from base.db import Table
from casework.erasure import store
from casework.erasure.rules import KEPT

#: Importing a module of tables registers them.
KNOWN = (base.jobs.tables, casework.tables, engine.tables)


def test_every_table_is_emptied_of_an_erased_case_or_kept_for_a_reason():
    """Give a new table a ``case_id``, or a reference to a table that has one.

    One that says nothing of the people served goes into KEPT in casework/erasure/rules.py, with
    the reason.
    """
    classed = {*store.emptied(), *KEPT}

    assert sorted(set(Table.metadata.tables) - classed) == []
