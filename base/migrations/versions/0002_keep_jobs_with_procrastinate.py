"""Keep jobs with Procrastinate.

On PostgreSQL its tables and functions are made as its release has them, and take over what waits.
"""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SCHEMA = Path(__file__).parents[1] / "procrastinate-3.10.0.sql"
_TAKE_OVER = """
insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at, attempts)
select 'default', kind, jsonb_build_object('payload', payload, 'attempts', most), due, attempts
from job where attempts < most order by id
"""
_DROP = """
drop table procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs,
    procrastinate_workers cascade;
do $$ declare made record; begin
    for made in select oid::regprocedure as name from pg_proc where proname ~ '^procrastinate_'
    loop execute 'drop function ' || made.name || ' cascade'; end loop;
end $$;
drop type procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status
"""


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "most",
                sa.Integer(),
                server_default="8",
                nullable=False,
                comment="attempts after which it is given up",
            )
        )
    if op.get_bind().dialect.name == "postgresql":
        _run(_SCHEMA.read_text(encoding="utf-8"))
        _run(_TAKE_OVER)
        _run("delete from job where attempts < most")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(_DROP)
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("most")

    op.drop_table("chore")


def _run(statements: str) -> None:
    """As they stand: a percent sign is no place for a value here."""
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql(statements)
