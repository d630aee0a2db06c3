"""``samplan rotate-keys``: the present master key takes the other one's place."""

import sys

from base.errors import SamplanError
from base.settings import Settings
from casework.application import Application
from casework.rekeying import actions as rekeying
from cli.lines import write


def rotate(settings: Settings) -> int:
    """Exit 1 if it was refused; how far it is goes to the other output."""
    app = Application.open(settings)
    done = {"keys": 0, "chains": 0}
    try:
        for progress in rekeying.rotate(app):
            done[progress.what] = progress.done
            sys.stderr.write(f"{progress.what}: {progress.done}\n")
    except SamplanError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        app.close()
    write(f"{done['keys']} keys and {done['chains']} chains follow the present master key.")
    write("Take SAMPLAN_OTHER_MASTER_KEY out of the settings; keep that key in the safe.")
    return 0
