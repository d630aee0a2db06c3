"""Play scenarios in rounds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "scenario_round",
        sa.Column("pack_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="of the draft that is played"),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=False, comment="when it last got further"
        ),
        sa.PrimaryKeyConstraint("pack_id", name=op.f("pk_scenario_round")),
    )


def downgrade() -> None:
    op.drop_table("scenario_round")
