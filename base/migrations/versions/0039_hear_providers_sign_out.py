"""Hear providers sign out."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "provider_log_out",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("token_id", sa.String(), nullable=False),
        sa.Column(
            "ends", sa.DateTime(timezone=True), nullable=False, comment="when it may be forgotten"
        ),
        sa.PrimaryKeyConstraint("issuer", "token_id", name=op.f("pk_provider_log_out")),
    )
    with op.batch_alter_table("provider_log_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_log_out_ends"), ["ends"], unique=False)

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "provider_session",
                sa.String(),
                server_default="",
                nullable=False,
                comment="as the provider names it; or empty",
            )
        )

    with op.batch_alter_table("half_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "provider_session",
                sa.String(),
                server_default="",
                nullable=False,
                comment="as in the session",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("half_session", schema=None) as batch_op:
        batch_op.drop_column("provider_session")

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_column("provider_session")

    with op.batch_alter_table("provider_log_out", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_log_out_ends"))

    op.drop_table("provider_log_out")
