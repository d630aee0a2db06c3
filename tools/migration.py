"""Write the next database migration: python -m tools.migration "Add …"."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

import base.jobs.tables
import casework.tables
import engine.tables
from base import migrations
from base.clock import SystemClock
from base.db import Database, Table
from base.migrations.running import config_for

#: Importing a module of tables registers them.
KNOWN = (base.jobs.tables, casework.tables, engine.tables)
VERSIONS = Path(migrations.__file__).parent / "versions"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/now.db", SystemClock())
        config = config_for(database.engine)
        command.upgrade(config, "head")
        config.attributes["metadata"] = Table.metadata
        number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
        command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=number)
        database.close()
    for written in VERSIONS.glob(f"{number}_*.py"):
        tidy(written)
    return 0


def tidy(path: Path) -> None:
    """Say types as the database knows them, so that a version needs nothing of ours."""
    text = path.read_text(encoding="utf-8")
    text = text.replace("base.db.UtcDateTime(", "sa.DateTime(")
    text = text.replace("astext_type=Text()", "astext_type=sa.Text()")
    lines = [line for line in text.splitlines() if not line.strip().startswith("# ###")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)


if __name__ == "__main__":
    raise SystemExit(main())
