"""Say why a version came."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason", sa.String(), server_default="", nullable=False, comment="for the minutes"
            )
        )

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason", sa.String(), server_default="", nullable=False, comment="for the minutes"
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_column("reason")

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("reason")
