"""``samplan audit``: whether the trace is whole."""

import sys

from base.settings import Settings
from casework.application import Application
from casework.audit.rules import MEANING
from casework.audit.verifying import Broken, Count, verify_all
from cli.lines import say, write


def verify(settings: Settings, *, as_json: bool) -> int:
    """Exit 0 if every chain is whole, 1 if not; how far it is goes to the other output."""
    application = Application.open(settings)
    count, broken = Count(), 0
    with application.database.reading() as tx:
        for found in verify_all(tx, count, _progress):
            broken += 1
            _show(found, as_json=as_json)
    application.close()
    if as_json:
        say({"chains": count.chains, "rows": count.rows, "broken": broken})
    else:
        write(f"{count.rows} rows in {count.chains} chains, {broken} of them broken.")
    return int(broken > 0)


def _progress(rows: int) -> None:
    sys.stderr.write(f"{rows} rows\n")


def _show(found: Broken, *, as_json: bool) -> None:
    if as_json:
        findings = [{"row": each.seq, "code": each.code} for each in found.findings]
        say({"chain": found.chain, "findings": findings})
        return
    for each in found.findings:
        place = f"row {each.seq}" if each.seq else "as a whole"
        write(f"{found.chain}, {place}: {MEANING[each.code]}.")
