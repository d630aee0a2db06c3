"""Note breaches."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "known",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it became known: the clock begins",
        ),
        sa.Column(
            "what", sa.String(), nullable=False, comment="what happened; nobody is pointed at"
        ),
        sa.Column("people", sa.Integer(), nullable=False, comment="how many are concerned, about"),
        sa.Column("by", sa.Integer(), nullable=False, comment="account"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "reported", sa.DateTime(timezone=True), nullable=True, comment="to the authority"
        ),
        sa.Column("reference", sa.String(), nullable=False, comment="of the report, or why none"),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
    )


def downgrade() -> None:
    op.drop_table("breach")
