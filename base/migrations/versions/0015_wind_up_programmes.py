"""Wind up programmes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: Since today, by the state that there was: nothing told the day.
_SINCE = (
    "UPDATE programme SET closing_from = CURRENT_DATE WHERE state <> 'open'",
    "UPDATE programme SET archived_from = CURRENT_DATE WHERE state = 'archived'",
)


def upgrade() -> None:
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carries", sa.Boolean(), server_default="0", nullable=False))

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "works",
                sa.Boolean(),
                server_default="1",
                nullable=False,
                comment="whether it works on cases",
            )
        )

    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "closing_from", sa.Date(), nullable=True, comment="first day without new cases"
            )
        )
        batch_op.add_column(
            sa.Column(
                "read_only_from",
                sa.Date(),
                nullable=True,
                comment="first day on which nothing changes",
            )
        )
        batch_op.add_column(
            sa.Column(
                "archived_from",
                sa.Date(),
                nullable=True,
                comment="first day on which auditors alone read",
            )
        )
        batch_op.add_column(
            sa.Column(
                "decision",
                sa.String(),
                server_default="",
                nullable=False,
                comment="reference of what ends it",
            )
        )
        batch_op.add_column(
            sa.Column(
                "purposes",
                sa.String(),
                server_default="",
                nullable=False,
                comment="what it is for, in words",
            )
        )
    for statement in _SINCE:
        op.execute(statement)
    # Not by rebuilding the table, as SQLite otherwise would: cases refer to it.
    op.execute("ALTER TABLE programme DROP COLUMN state")


def downgrade() -> None:
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "state",
                sa.VARCHAR(),
                server_default="open",
                nullable=False,
            )
        )
        batch_op.drop_column("purposes")
        batch_op.drop_column("decision")
        batch_op.drop_column("archived_from")
        batch_op.drop_column("read_only_from")
        batch_op.drop_column("closing_from")

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_column("works")
        batch_op.drop_column("carries")
