"""Keep the trace."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: What is refused, by table; of a head only steps back.
_REFUSED = {
    "audit": {"update": "", "delete": ""},
    "audit_head": {"update": "new.chain <> old.chain or new.seq <> old.seq + 1", "delete": ""},
    "access_log": {"update": "", "delete": ""},
}
_WHY = "the trace is added to, never changed"


def upgrade() -> None:
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day", sa.Date(), comment="in the programme's time zone"))
        batch_op.drop_index(batch_op.f("ix_access_log_case"))
        batch_op.create_index("ix_access_log_case", ["case_id", "day"], unique=False)
    op.execute('update access_log set "day" = date("at")')
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.alter_column("day", existing_type=sa.Date(), nullable=False)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for table, refused in _REFUSED.items():
        for what, unless in refused.items():
            when = f"when {unless} " if unless else ""
            op.execute(
                f"create trigger {table}_{what} before {what} on {table} {when}"
                f"begin select raise(abort, '{_WHY}'); end"
            )


def _guard_postgresql() -> None:
    op.execute(
        "create function refuse_change() returns trigger language plpgsql as "
        f"$$ begin raise exception '{_WHY}'; end $$"
    )
    for table, refused in _REFUSED.items():
        for what, unless in refused.items():
            when = f"when ({unless}) " if unless else ""
            op.execute(
                f"create trigger {table}_{what} before {what} on {table} "
                f"for each row {when}execute function refuse_change()"
            )
        op.execute(
            f"create trigger {table}_truncate before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, refused in _REFUSED.items():
        for what in (*refused, "truncate") if postgresql else refused:
            op.execute(f"drop trigger {table}_{what}" + (f" on {table}" if postgresql else ""))
    if postgresql:
        op.execute("drop function refuse_change()")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_case")
        batch_op.create_index(batch_op.f("ix_access_log_case"), ["case_id", "at"], unique=False)
        batch_op.drop_column("day")
