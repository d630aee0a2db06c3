"""End protection by two."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "protection_lift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason", sa.LargeBinary(), nullable=False, comment="sealed: why it need not be"
        ),
        sa.Column("asked_by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True, comment="account"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "agreed", sa.Boolean(), nullable=True, comment="None: not answered, or asked anew"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_protection_lift_case_id_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_lift")),
    )
    with op.batch_alter_table("protection_lift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_protection_lift_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("protection_lift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_protection_lift_case_id"))

    op.drop_table("protection_lift")
