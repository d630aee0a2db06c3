"""Keep how scenarios went."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "scenario_run",
        sa.Column("pack_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="of the draft that was played"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column(
            "failed", sa.Integer(), nullable=True, comment="the step that went otherwise, from 1"
        ),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column(
            "met",
            sa.String(),
            nullable=False,
            comment="JSON: how often each element was passed, by its id",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "path", name=op.f("pk_scenario_run")),
    )


def downgrade() -> None:
    op.drop_table("scenario_run")
