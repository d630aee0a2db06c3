"""Let guests write."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.alter_column("author_account_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("guest_access", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "written",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="contributions",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("guest_access", schema=None) as batch_op:
        batch_op.drop_column("written")

    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.alter_column("author_account_id", existing_type=sa.INTEGER(), nullable=False)
