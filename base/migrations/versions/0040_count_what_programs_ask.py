"""Count what programs ask."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "window_since",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when the minute began in which it asked last",
            )
        )
        batch_op.add_column(
            sa.Column(
                "window_asked",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="how often it asked in that minute",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.drop_column("window_asked")
        batch_op.drop_column("window_since")
