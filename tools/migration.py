"""Write the next database migration from what the tables say: tools/migration.py "Add …"."""

import sys
import tempfile
from pathlib import Path

from alembic import command

import casework.tables
import engine.tables  # noqa: F401 - registers its tables
from base import migrations
from base.clock import SystemClock
from base.db import Database, Table

VERSIONS = Path(migrations.__file__).parent / "versions"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/now.db", SystemClock())
        config = migrations.config_for(database.engine)
        command.upgrade(config, "head")
        config.attributes["metadata"] = Table.metadata
        number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
        command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=number)
        database.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
